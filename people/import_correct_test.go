package people_test

import (
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
)

// A lone dash empties what is kept apart too.
func TestADashEmptiesWhatIsKeptApart(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.imported("a.csv", example(t))
		r := h.imported("a.csv", []byte("numero;nom;telephone;date_naissance;sexe;annee_naissance;qpv;pass_iae_du\nP001;-;-;-;-;-;-;-\n"))
		if r.Updated != 1 || r.Sealed != 1 {
			t.Fatalf("%+v", r)
		}
		d, err := h.Dossier(h.as(), h.numbered("P001").ID)
		must(t, err)
		if *d.Identity != (people.Identity{Given: "Éloïse", Email: "eloise@example.org", Pass: "999990000001"}) {
			t.Error("the identity is not what is left")
		}
		if d.Traits.Sex != "" || d.Traits.BirthYear != 0 || d.Traits.QPV != "" || len(d.Rights) != 0 {
			t.Errorf("%+v, %+v", d.Traits, d.Rights)
		}
	})
}

// A corrected start is the same pass; one that begins after is another.
func TestACorrectedPassIsOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	rights := func(row string) []people.Right {
		t.Helper()
		h.imported("a.csv", []byte("numero;pass_iae_du;pass_iae_au\n"+row+"\n"))
		out, _, err := h.Rights(h.as(), h.numbered("P9").ID)
		must(t, err)
		return out
	}
	rights("P9;05/01/2024;")
	if got := rights("P9;15/01/2024;"); len(got) != 1 || got[0].From != "2024-01-15" {
		t.Errorf("%+v", got)
	}
	if got := rights("P9;02/11/2026;"); len(got) != 2 {
		t.Errorf("another pass: %+v", got)
	}
	if got := rights("P9;15/01/2024;14/03/2026"); len(got) != 2 || got[0].Until != "2026-03-14" {
		t.Errorf("the earlier one: %+v", got)
	}
	for _, row := range []string{"P9;05/01/1955;", "P9;05/01/2199;", "P9;05/01/2024;05/01/2036"} {
		if r := h.imported("a.csv", []byte("numero;pass_iae_du;pass_iae_au\n"+row+"\n")); r.Rejected != 1 {
			t.Errorf("%s: %+v", row, r)
		}
	}
}

// A number in clear is never one that says who somebody is.
func TestANumberDoesNotIdentify(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for _, key := range []string{"1850326281123", "185032628112345", "2-85-03-2A-281-123", "0611223344", "06.11.22.33.44", "0033611223344", "611223344", "999990000001", "DUPONT1", "Dupont-1985", "1dupont"} {
		p := h.gardener()
		p.Key = key
		_, err := h.Create(h.as(), p)
		wantKind(t, err, fault.KindInvalid)
	}
	for _, key := range []string{"2026-012", "ACI-2026-0012", "2026-00012", "P/12", "20260105-01", "7"} {
		p := h.gardener()
		p.Key = key
		h.made(p)
	}
}
