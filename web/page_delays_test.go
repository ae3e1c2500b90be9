package web

import (
	"strings"
	"testing"

	"maillage/indicators/delays"
	"maillage/indicators/estimate"
)

// A share that never reaches half is not said to: of a hundred journeys forty lead to
// a job and sixty end otherwise.
func TestATimeIsSaidInShares(t *testing.T) {
	t.Parallel()
	var list []estimate.Spell
	for i := range 100 {
		list = append(list, estimate.Spell{Time: float64(3 + i%10), Event: i%5 < 2, Other: i%5 >= 2})
	}
	said := func(list []estimate.Spell, lang Lang) string {
		curve, err := estimate.AalenJohansen(list, .95)
		if err != nil {
			t.Fatal(err)
		}
		c := &call{Locale: localeOf(t, lang)}
		return strings.ReplaceAll(c.delaySentence(delayChoice{topic: "parcours"}, delays.Group{Followed: 100, Curve: curve.Told(delays.Step)}), nbsp, " ")
	}
	for lang, words := range map[Lang][]string{
		French:  {"40 % sont sortis vers un emploi ou une formation au bout de 9 mois (entre ", "30 % sont sortis autrement.", "La moitié n’est pas atteinte."},
		English: {"40% left to a job or a training within 9 months (", "30% left otherwise.", "Half is not reached."},
	} {
		for _, want := range words {
			if got := strings.ReplaceAll(said(list, lang), "\u202f", " "); !strings.Contains(got, want) {
				t.Errorf("%q is not in %q", want, got)
			}
		}
	}
	for i := range list {
		list[i].Event, list[i].Other = true, false
	}
	if got := said(list, French); !strings.Contains(got, "La moitié est atteinte en 7 mois") || strings.Contains(got, "autrement") {
		t.Error(got)
	}
}
