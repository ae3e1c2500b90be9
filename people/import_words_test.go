package people_test

import (
	"strings"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// Nought is no distance: who can go nowhere by a way of moving does not have it.
// It is refused, and never read as « not said ».
func TestNoughtIsNoDistance(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for _, cell := range []string{"voiture 0 km", "à pied 0 min", "voiture 0,0 km", "bus 0 h", "vélo 5 km 0 min", "vélo 0,2 min"} {
		r := h.imported("a.csv", []byte("numero;mobilite\nZ-1;"+cell+"\n"))
		if r.Rejected != 1 || r.Made != 0 || !strings.Contains(text(t, r.Refused), "plus de 0 km") {
			t.Errorf("%s: %+v", cell, r)
		}
	}
	if r := h.imported("a.csv", []byte("numero;mobilite\nZ-1;voiture 1 km | vélo\n")); r.Made != 1 {
		t.Errorf("%+v", r)
	}
}

// A licence is read by its code or its name, with or without what the name explains.
func TestALicenceIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for i, cell := range []string{"Permis B", "permis b", "PERMIS-B", "Permis B (voiture)", "Permis B jusqu’au 31/12/2027"} {
		h.imported("a.csv", []byte("numero;permis_titres\nL-"+string(rune('1'+i))+";"+cell+" | CACES R489 3\n"))
		p := h.numbered("L-" + string(rune('1'+i)))
		if all := p.Profile.Aptitudes; len(all) != 2 || !strings.Contains(text(t, all), "permis-b") || !strings.Contains(text(t, all), "caces-r489-3") {
			t.Errorf("%s: %+v", cell, all)
		}
	}
}

// A postal code of another place is said to be wrong, not asked for.
func TestAPostalCodeOfAnotherPlaceIsToldWrong(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for cells, says := range map[string]string{
		"Crest;63350":            "ce code postal n’est pas celui d’une commune de ce nom",
		"Romans-sur-Isère;63350": "ce code postal n’est pas celui d’une commune de ce nom",
		"Saint-Martin;29840":     "ce code postal n’est pas celui d’une commune de ce nom",
		"Saint-Martin;":          "donnez le code postal",
		"Zorglubville;26400":     "n’est pas reconnue",
		"Zorglubville;":          "n’est pas reconnue",
	} {
		r := h.imported("a.csv", []byte("numero;commune;code_postal\nZ-1;"+cells+"\n"))
		if r.Rejected != 1 || !strings.Contains(text(t, r.Refused), says) {
			t.Errorf("%s: %s", cells, text(t, r.Refused))
		}
	}
}

// A number is one whatever its capitals: in a file, from a file to another, and from
// a form.
func TestANumberIsOneWhateverItsCapitals(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		r := h.imported("a.csv", []byte("numero;heures_min\nT-1;20\nt-1;24\n"))
		if r.Made != 1 || r.Rejected != 1 {
			t.Errorf("%+v", r)
		}
		if r := h.imported("b.csv", []byte("numero;heures_min\nt-1;24\n")); r.Updated != 1 || r.Made != 0 {
			t.Errorf("%+v", r)
		}
		if r := h.imported("b.csv", []byte("numero;heures_min\nt-1;24\n")); r.Unchanged != 1 {
			t.Errorf("again: %+v", r)
		}
		if p := h.numbered("T-1"); p.Key != "T-1" || p.Profile.Hours.Min != 24 {
			t.Errorf("%+v", p)
		}
		g := h.gardener()
		g.Key = "t-1"
		if _, err := h.Create(h.as(), g); !fault.Is(err, fault.KindInvalid) && !fault.Is(err, fault.KindConflict) {
			t.Errorf("from a form: %v", err)
		}
	})
}
