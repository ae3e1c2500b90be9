package tenders

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/opportunities"
)

// Fact is one thing that a notice says of its procurement, as it is written
// there; the codes of the fields are those of the histories.
type Fact struct{ Field, Value string }

// factsOf lists what a notice says, always the same fields in the same order; ""
// is what it does not say.
func factsOf(n *Notice) []Fact {
	deadline, value, lots, clause := "", "", "", ""
	if n.Deadline != nil {
		deadline = strings.Replace(n.Deadline.Wall, "T", " ", 1)
	}
	if n.Value != nil {
		value = fmt.Sprintf("%.0f %s", n.Value.Amount, n.Value.Currency)
	}
	if ownLots(n) {
		lots = fmt.Sprint(len(n.Lots))
	}
	if c := clauseOf(n.Social); n.Social.Verdict != "" {
		clause = string(c.Verdict)
		if c.ReservedTo != opportunities.NotReserved {
			clause += ":" + string(c.ReservedTo)
		}
	}
	codes := make([]string, len(n.CPV))
	for i, c := range n.CPV {
		codes[i] = string(c)
	}
	return []Fact{
		{"title", n.Title}, {"buyer_name", n.Buyer.Name}, {"buyer_siret", cmp.Or(n.Buyer.SIRET, n.Buyer.SIREN)},
		{"deadline", deadline}, {"published", n.Published}, {"place", placeFact(n)}, {"codes", strings.Join(codes, " ")},
		{"amount", value}, {"lots", lots}, {"clause", clause}, {"description", n.Description},
	}
}

// placeFact is the canonical perimeter of a place that was understood, "country"
// for the whole country, else its words.
func placeFact(n *Notice) string {
	switch p := placeOf(n.Place); p.Scope {
	case opportunities.InCommunes:
		return p.Perimeter
	case opportunities.WholeCountry:
		return string(p.Scope)
	}
	return n.Place.Text
}

// Telling is a field of a procurement with the notice that it was taken from.
type Telling struct {
	Fact
	Notice Stored
	Path   string // in the record of the source; "" where it was made of several
	Agree  int    // how many other notices say the same
}

// pathOf is the place of a field in the normalised notice (Notice.Provenance).
func pathOf(n *Notice, field string) string {
	place := map[string]string{"buyer_name": "buyer.name", "buyer_siret": "buyer.siret", "codes": "cpv", "amount": "value"}
	return cmp.Or(n.Provenance[cmp.Or(place[field], field)], n.Provenance["lots[0]."+field])
}

// Told says of each field of a procurement which notice it was taken from, by
// the rules of replay; a procurement without notice has none.
func (s *Service) Told(ctx context.Context, key string) ([]Telling, error) {
	if key == "" {
		return nil, nil
	}
	rows, err := noticesOfKey(ctx, s.store.Read(), key)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return tellings(rows), nil
}

// tellings finds, for each fact that stands in the end, the notice from which
// it has stood: the first that says it after the last that says otherwise. It
// is found from the outcome, so it can't differ from what replay does.
func tellings(rows []noticeRow) (out []Telling) {
	final := factsOf(replay(rows).notice)
	asked := telling(inOrder(rows))
	said := make([][]string, len(asked))
	for i, n := range asked {
		said[i] = valuesOf(n)
	}
	for f, fact := range final {
		if fact.Value == "" || fact.Field == "published" {
			continue
		}
		holder, agree := -1, map[noticeKey]bool{} // a notice that was read again says it once
		for i, n := range asked {
			switch said[i][f] {
			case "":
			case fact.Value:
				agree[n.bare()] = true
				if holder < 0 {
					holder = i
				}
			default:
				holder, agree = -1, map[noticeKey]bool{}
			}
		}
		if holder < 0 { // what a rule kept against a later notice
			holder, agree = slices.IndexFunc(asked, func(n *Notice) bool { return valuesOf(n)[f] == fact.Value }), nil
		}
		if holder >= 0 {
			n := asked[holder]
			out = append(out, Telling{Fact: fact, Notice: storedOf(rows, n), Path: pathOf(n, fact.Field), Agree: max(0, len(agree)-1)})
		}
	}
	return out
}

// bare names a notice whatever its version.
func (n *Notice) bare() noticeKey { return noticeKey{source: n.Source, id: n.ID} }

func valuesOf(n *Notice) []string {
	facts := factsOf(n)
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f.Value
	}
	return out
}

// storedOf is the row of a notice among those that it was read from.
func storedOf(rows []noticeRow, n *Notice) Stored {
	for _, r := range rows {
		if r.Document == n {
			return Stored{ID: r.ID, Path: r.Path, ImportedAt: r.ImportedAt, Notice: n}
		}
	}
	return Stored{Notice: n}
}
