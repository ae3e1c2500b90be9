package microdata_test

import (
	"context"
	"testing"

	"maillage/indicators/microdata"
)

// sections says how the sections of a year of E-1 stand: contracts, hours, exits.
func (h *house) sections(year int) string {
	h.t.Helper()
	var rows []string
	must(h.t, h.st.Read().NewRaw("SELECT contracts || '/' || hours || '/' || exits FROM observed_years WHERE year = ? AND enterprise_id = (SELECT id FROM observed_enterprises WHERE key = 'E-1') ORDER BY year", year).Scan(context.Background(), &rows))
	if len(rows) == 0 {
		return "none"
	}
	return rows[0]
}

// A year is not taken away from under its records, which would be of no year and
// come back with the next one; once they are gone it is, and nothing is left.
func TestAYearIsTakenAwayAfterItsRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2018;ACI", "E-1;2019;ACI")
		h.kept(microdata.Contracts, "entreprise;salarie;debut;fin", "E-1;S-1;2018-03-01;2019-06-30", "E-1;S-2;2019-01-01;2019-12-31")
		h.kept(microdata.Exits, "entreprise;salarie;date;motif;jours", "E-1;S-1;2019-06-30;cdd;181")
		h.kept(microdata.Answers, "entreprise;annee;question;valeur", "E-1;2019;sales;10")
		away := []string{"entreprise;annee;type;supprimer", "E-1;2019;ACI;oui"}
		r := h.in(system(), microdata.Enterprises, away...)
		if told(r) != "2:supprimer" || r.Removed != 0 || r.Refused[0].Faults[0].Text.EN != "this year still has records (contracts, exits, answers of enterprises): take them away first, by their files (supprimer: oui)" {
			t.Fatalf("%+v", r)
		}
		h.kept(microdata.Contracts, "entreprise;salarie;debut;supprimer", "E-1;S-2;2019-01-01;oui")
		h.kept(microdata.Enterprises, "entreprise;annee;type;sorties", "E-1;2019;ACI;ND")
		h.kept(microdata.Exits, "entreprise;salarie;date;motif;supprimer", "E-1;S-1;2019-06-30;cdd;oui")
		h.kept(microdata.Answers, "entreprise;annee;question;valeur;supprimer", "E-1;2019;sales;10;oui")
		if r := h.kept(microdata.Enterprises, away...); r.Removed != 1 || h.sections(2019) != "none" || h.count("observed_contracts") != 1 {
			t.Errorf("the contract of 2018 is of 2018 as well: %+v", r)
		}
		if r := h.in(system(), microdata.Enterprises, away[0], "E-1;2018;ACI;oui"); told(r) != "2:supprimer" {
			t.Errorf("its last year: %s", told(r))
		}
	})
}

// Rows that are known are received: a year that is declared after them, or again, is
// counted with them once they are sent, as it is in an empty database.
func TestKnownRowsAreReceivedByANewYear(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		contracts := []string{"entreprise;salarie;debut;fin", "E-1;S-1;2018-03-01;2019-06-30"}
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2018;ACI")
		h.kept(microdata.Contracts, contracts...)
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2019;ACI")
		if got := h.sections(2019); got != "//" {
			t.Errorf("nothing was sent since: %s", got)
		}
		before := revisions(t, h)
		if r := h.kept(microdata.Contracts, contracts...); r.Unchanged != 1 || h.sections(2019) != "collected//" {
			t.Errorf("%+v, %s", r, h.sections(2019))
		}
		after := revisions(t, h)
		if len(after) != 2 || after[0] != before[0] || after[1] != before[1]+1 {
			t.Errorf("2019 alone is counted again: %v, then %v", before, after)
		}
		h.kept(microdata.Contracts, contracts...)
		if again := revisions(t, h); again[1] != after[1] {
			t.Error("a third time changes nothing")
		}
	})
}
