package web

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
)

// The page says the numbers of the report, and links the same report as files.
func TestActivityReport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, err := s.cfg.Markets.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := s.visit(t, accounts.Officer)
	v.get(mondayPath).ok().says("Rapport d’activité")
	page := v.get(activityReportPath+"?du=2026-01&au=2026-12&par=epci").ok().says("Heures d’insertion", "heures par an", "L3121-41")
	book, err := excelize.OpenReader(bytes.NewReader([]byte(v.get(page.link(`/lundi/rapport\.xlsx[^"]+`)).ok().body)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Par mois")
	if err != nil || len(rows) != 13 {
		t.Fatalf("%d months, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		cells := "<th scope=\"row\">" + row[0] + "</th>"
		for _, text := range row[1:6] {
			cells += `<td class="n">` + text + `</td>`
		}
		if !strings.Contains(page.body, cells) {
			t.Errorf("the page does not say %v", row)
		}
	}
	if !strings.HasPrefix(v.get(page.link(`/lundi/rapport\.pdf[^"]+`)).ok().body, "%PDF-") {
		t.Error("the paper is no PDF")
	}
	v.get(activityReportPath + "?ou=zzzz").is(http.StatusUnprocessableEntity).says("Ce territoire n’est pas reconnu")
	// It is of the officer's association; an administrator chooses one.
	page.says("ils ne sont pas le seul fait de l’association")
	if strings.Contains(page.body, `name="association"`) {
		t.Error("an officer chooses an association")
	}
	admin := s.visit(t, accounts.Admin)
	whole := admin.get(activityReportPath).ok().says("Toute la fédération", "toute la fédération")
	chosen := admin.get(activityReportPath + "?association=" + regexp.MustCompile(`<option value="(\d+)"`).FindStringSubmatch(whole.body)[1]).ok()
	admin.get(chosen.link(`/lundi/rapport\.pdf[^"]+association=[^"]+`)).ok()
	admin.get(activityReportPath + "?association=999999").is(http.StatusUnprocessableEntity).says("Cette association n’existe pas")
	v.get(activityReportPath + "?association=999999").is(http.StatusForbidden)
	for _, role := range []accounts.Role{accounts.Member, accounts.Researcher} {
		if code := s.visit(t, role).get(activityReportPath + ".xlsx").status; code == http.StatusOK {
			t.Errorf("%s reads the report", role)
		}
	}
}

// The reasons of a year are on a page linked from Monday; a member who says too far is
// offered to put its own zone right, and is told what becomes of the reason.
func TestWhatReasonsTeach(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	v.get(v.get(mondayPath).ok().link(lessonsPath)).ok().says("Ce que les motifs apprennent", "Ces nombres ne changent rien d’eux-mêmes")
	s.visit(t, accounts.Member).get(lessonsPath).is(http.StatusForbidden)
}
