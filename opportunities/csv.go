package opportunities

import (
	"io"
	"strconv"
	"strings"
	"time"

	"maillage/internal/sheet"
)

// csvHead names the columns. Those that end in _code or _utc are for who reads the file
// by a program; the others are in words and on the clock of Paris.
func csvHead() []sheet.Column {
	return []sheet.Column{
		{"id", "id"}, {"nature", "kind"}, {"etat", "state"}, {"objet", "title"}, {"acheteur", "buyer"}, {"siret_acheteur", "buyer_siret"},
		{"lieu", "place"}, {"clause", "clause"}, {"reserve_a", "reserved_to"}, {"date_limite", "deadline"}, {"montant_ht", "amount"}, {"monnaie", "currency"},
		{"lots", "lots"}, {"publie_le", "published_at"}, {"modifie_le", "updated_at"}, {"source", "source"}, {"adresse", "address"}, {"titulaires", "holders"},
		{"heures_insertion", "insertion_hours"}, {"fin", "end"}, {"nature_code", "kind_code"}, {"etat_code", "state_code"}, {"clause_code", "clause_code"}, {"reserve_a_code", "reserved_to_code"},
		{"date_limite_utc", "deadline_utc"}, {"publie_le_utc", "published_at_utc"}, {"modifie_le_utc", "updated_at_utc"},
	}
}

// WriteCSV writes a row an opportunity, as sheet.Write does. Instants are on the clock of
// Paris ("2026-12-07 12:00"), and in the last columns RFC 3339 in UTC.
func WriteCSV(w io.Writer, f Outlet, items []*Opportunity) error {
	var rows [][]string
	for _, o := range items {
		rows = append(rows, f.row(o))
	}
	return sheet.Write(w, f.Lang, csvHead(), rows)
}

func (f Outlet) row(o *Opportunity) []string {
	live := 0
	for _, l := range o.Lots {
		if !l.Withdrawn {
			live++
		}
	}
	amount := ""
	if o.Amount != 0 {
		amount = sheet.Number(f.Lang, o.Amount, -1)
	}
	return []string{strconv.FormatInt(int64(o.ID), 10), f.words("kind", string(o.Kind)), f.words("state", string(o.State)), o.Title, o.BuyerName, o.BuyerSIRET, f.place(o.Place),
		f.words("clause", string(o.Clause.Verdict)), f.words("reserved_to", string(o.Clause.ReservedTo)), inParis(o.Deadline), amount, o.Currency, strconv.Itoa(live),
		inParis(o.PublishedAt), inParis(&o.UpdatedAt), f.words("source", o.Source), f.page(o.ID),
		strings.Join(o.Insertion.Names(), ", "), f.plainHours(o), o.endOfHours(),
		string(o.Kind), string(o.State), string(o.Clause.Verdict), string(o.Clause.ReservedTo), rfc3339(o.Deadline), rfc3339(o.PublishedAt), rfc3339(&o.UpdatedAt)}
}

// plainHours is the number of hours of insertion to fill; empty where it is not said.
func (f Outlet) plainHours(o *Opportunity) string {
	if o.Kind != InsertionHours || o.Clause.Hours == 0 {
		return ""
	}
	return sheet.Number(f.Lang, o.Clause.Hours, -1)
}

// inParis is an instant that a spreadsheet reads as one, on the clock of Paris.
func inParis(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(paris()).Format("2006-01-02 15:04")
}

func rfc3339(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
