package web

import (
	"strings"
	"testing"

	"maillage/accounts"
)

// What reasons teach leads to where it is put right, already narrowed to the activity;
// the page of the rules leads to what they teach.
func TestWhatReasonsTeachLeadsToItsCorrection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.visit(t, accounts.Officer)
	page := officer.get(officer.get("/correspondances").ok().link(lessonsPath)).ok().says("À vérifier")
	for _, href := range []string{`/membres\?fiche=(?:supposee|preciser)[^"]*secteur=[a-z-]+`} {
		to := strings.ReplaceAll(page.link(href), "&amp;", "&")
		officer.get(to).ok().says("Entreprises")
		if !strings.Contains(officer.get(to).body, "selected") {
			t.Errorf("%s is not narrowed", to)
		}
	}
}
