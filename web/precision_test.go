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
