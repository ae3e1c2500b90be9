package placement

import (
	"strings"
	"testing"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
)

// What helps may be of any gender and number: the sentence has no verb, so that every
// licence and certificate reads well.
func TestWhatHelpsReadsWellWhateverItIs(t *testing.T) {
	t.Parallel()
	all := []lack{{criterion: journeys.Trade}, {criterion: journeys.Languages, code: "fr"}, {criterion: journeys.Languages, code: "ar"}, {}}
	for _, info := range nomenclatures.Aptitudes() {
		all = append(all, lack{criterion: journeys.Licences, code: string(info.Code)})
	}
	for _, x := range all {
		for _, b := range []Band{Some, Many} {
			w := helpWords(x, b)
			what, then, cut := strings.Cut(w.FR, " personnes de plus au moins")
			if !cut || what == "" || !strings.HasSuffix(then, ".") || strings.Contains(w.FR, "l’ouvrirait") || !strings.Contains(w.EN, " people more at least") {
				t.Errorf("%q, %q", w.FR, w.EN)
			}
		}
	}
}
