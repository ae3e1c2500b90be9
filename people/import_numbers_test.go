package people_test

import (
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// A number is what it says or is refused; a file of an old Macintosh has rows.
func TestNumbersOfAFileAreReadWholeOrRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for _, cells := range []string{"voiture -5 km;", "voiture 30 km 20 km;", ";0x1p4", ";1e1", ";-3", "bus 1h30;"} {
		if r := h.imported("a.csv", []byte("numero;mobilite;heures_min\nP9;"+cells+"\n")); r.Rejected != 1 {
			t.Errorf("%s: %+v", cells, r)
		}
	}
	if r := h.imported("a.csv", []byte("numero;date_naissance\nP9;1990\n")); r.Rejected != 1 {
		t.Errorf("a year is taken for the number of a day: %+v", r)
	}
	r := h.imported("a.csv", []byte("numero;mobilite;heures_min;date_naissance\rP9;voiture 30,5 km 40 min;24,5 h;10000\r"))
	if r.Made != 1 || r.Sealed != 1 {
		t.Fatalf("%+v", r)
	}
	p := h.numbered("P9")
	if m := p.Profile.Mobility[0]; m.Km != 30.5 || m.Minutes != 40 || p.Profile.Hours.Min != 24.5 {
		t.Errorf("%+v", p.Profile)
	}
	if who, err := h.Identity(h.as(), p.ID); err != nil || who.Born != "1927-05-18" {
		t.Error("a birth date of a workbook before 1954 is not read")
	}
}

// The audit trail, which an administrator reads, tells no answer of anybody.
func TestTheTrailOfAgreementsTellsNoAnswer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		id := h.made(h.gardener()).ID
		_, err := h.Ask(h.as(), id, h.job)
		must(t, err)
		_, err = h.Refuse(h.as(), id, h.job)
		must(t, err)
		var rows []string
		must(t, st.Read().NewRaw("SELECT entity || ' ' || entity_id || fields FROM audit_entries WHERE action = 'agreement.record'").Scan(h.as(), &rows))
		if len(rows) != 2 || rows[0] != rows[1] || !strings.HasPrefix(rows[0], "organisation ") {
			t.Errorf("%q", rows)
		}
	})
}
