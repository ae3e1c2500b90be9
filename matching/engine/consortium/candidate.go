package consortium

import (
	"math"
	"time"

	"maillage/matching/engine"
	"maillage/territories"
)

// Candidate is an enterprise that could be in a group.
type Candidate struct {
	ID     engine.EnterpriseID
	SIREN  string  // empty: unknown
	Groups []int64 // economic groups it belongs to
	Poles  []int64
	Fit    int     // 0 to 100
	Km     float64 // to the centre of the place
	HasKm  bool
	Acts   []Act
	Whole  float64 // share of the lot that all its acts carry together; 0: nobody says
	// Shows are what it brings to each requirement, in their order and in their
	// parts; Unknown where nobody says.
	Shows    []int64
	Reserved engine.Finding // how it stands to the reservation of the lot
}

// Unknown is what a candidate shows of a requirement when nobody says.
const Unknown = -1

// Act is an activity of a candidate.
type Act struct {
	ID     int64
	Trades []float64        // how close it is to each trade, 0: it doesn't do it
	Zone   *territories.Set // nil: not known
	Share  float64          // of the whole lot that it can carry; 0: nobody says
	// Assumed: its trade or its zone was deduced, nobody said it.
	Assumed bool
}

// Read tells what an enterprise could bring to a lot; ok is false when it can be
// in no group for it: closed to it, excluded by the buyer, or, of a reserved lot,
// without the status. L2113-12 to L2113-15 of the Code de la commande publique
// reserve "the right to take part" to the enterprises they list and say nothing
// of groups: we ask the status of each member, which is the cautious reading, and
// tell the officer to check it with the buyer.
func Read(rules *engine.Rules, lot *engine.Lot, needs Needs, e *engine.Enterprise, asOf time.Time) (c Candidate, ok bool) {
	o := rules.Offer(lot, e, asOf)
	if o.Missed != "" {
		return Candidate{}, false
	}
	c = Candidate{ID: e.ID, Fit: o.Score, Km: o.Km, HasKm: o.HasKm, Whole: o.Whole, Reserved: o.Reserved, SIREN: sirenOf(e.SIRET)}
	for _, t := range e.Ties {
		switch t.Kind {
		case engine.Group:
			c.Groups = append(c.Groups, t.ID)
		case engine.Pole:
			c.Poles = append(c.Poles, t.ID)
		case engine.Convention, engine.Network:
		}
	}
	for _, a := range o.Acts {
		if act, does := readAct(lot, needs, a); does {
			c.Acts = append(c.Acts, act)
		}
	}
	c.Shows = shows(lot, needs, o)
	return c, true
}

func sirenOf(siret string) string {
	const siren = 9
	if len(siret) < siren {
		return ""
	}
	return siret[:siren]
}

func readAct(lot *engine.Lot, needs Needs, a engine.Act) (out Act, does bool) {
	out = Act{ID: a.ID, Trades: make([]float64, len(needs.Trades)), Share: a.Share, Assumed: a.AssumedTrade || a.AssumedZone}
	if a.Zone != nil {
		out.Zone = a.Zone.Set
	}
	for i, t := range needs.Trades {
		for j, code := range lot.Codes {
			for _, wanted := range t.Codes {
				if code == wanted {
					out.Trades[i] = max(out.Trades[i], a.Near[j])
				}
			}
		}
		if out.Trades[i] == 0 && a.Lent {
			out.Trades[i] = sameTrade
		}
		does = does || out.Trades[i] > 0
	}
	return out, does
}

func shows(lot *engine.Lot, needs Needs, o engine.Offer) []int64 {
	out := make([]int64, len(needs.Requires))
	for i, r := range needs.Requires {
		switch r.Kind {
		case Certified:
			out[i] = holds(lot, o, r.Code)
		case References:
			out[i] = Unknown
			if o.SimilarTo != engine.Unsaid {
				out[i] = int64(math.Round(quarter * o.Similar))
			}
		case Turnover:
			out[i] = Unknown
			if o.Turnover > 0 {
				out[i] = int64(min(hundred, hundred*o.Turnover/lot.TurnoverFloor))
			}
		}
	}
	return out
}

func holds(lot *engine.Lot, o engine.Offer, code string) int64 {
	for i, w := range lot.Certifications {
		if w.Code != code {
			continue
		}
		switch o.Certified[i] {
		case engine.Yes:
			return 1
		case engine.No:
			return 0
		case engine.Unsaid:
		}
	}
	return Unknown
}
