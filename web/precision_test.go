package web

import (
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
)

// The mirror rounds what was released as the page of its indicator does: to one decimal.
func TestTheMirrorIsAsPreciseAsTheTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	table := text(s.visit(t, accounts.Public).get("/observatoire/indicateurs/C07?annee=2008").ok().body)
	mirror := text(s.visit(t, accounts.Member).get("/mon-miroir?annee=2008").ok().body)
	beside := regexp.MustCompile(`La fédération ([\d,]+\s%) ACI`).FindStringSubmatch(mirror)
	if beside == nil || !strings.Contains(beside[1], ",") || !strings.Contains(table, beside[1]+" sur ") {
		t.Errorf("the federation in the mirror: %q, in the table: %s", beside, table)
	}
	if own := regexp.MustCompile(`Vous \d\d,\d\s%`).FindString(mirror); own == "" {
		t.Error("one's own figure has no decimal")
	}
}

// The median of the time to a dynamic exit is on the page of its indicator, with its
// interval; where a figure is not computed the page says which input is lacking.
func TestAnIndicatorIsShownOrSaysWhatIsLacking(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	v.get("/observatoire/indicateurs/R6.5").ok().says("La moitié est atteinte en", "parcours suivis, ceux en cours compris", "ce n’est pas une publication")
	for id, lacking := range map[string]string{"R4.6": "pas de colonne pour leur commune", "R6.3": "ni pour leur commune ni pour leur activité", "R6.2": "jeu d’hypothèses daté",
		"R1.1": "la moyenne, avec la médiane", "R1.6": "décrites par tranches d’heures", "R6.1": "est une différence", "R2.5": "quelques entreprises"} {
		v.get("/observatoire/indicateurs/" + id).ok().says(lacking)
	}
}

// The year that is asked for is the one of the table, and of the card beside it.
func TestTheYearOfAnIndicatorIsTheOneOfItsCard(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	for _, year := range []string{"2009", "2011"} {
		page := text(v.get("/observatoire/indicateurs/C07?annee=" + year).ok().body)
		_, card, _ := strings.Cut(page, "Comment c’est compté")
		card, _, _ = strings.Cut(card, "Usage")
		if !strings.Contains(card, "en "+year) {
			t.Errorf("the card of %s: %s", year, card)
		}
	}
	if page := text(v.get("/observatoire/indicateurs/C07?annee=1999").ok().body); !strings.Contains(page, "en 2011") {
		t.Error("a year without a figure is the latest")
	}
}
