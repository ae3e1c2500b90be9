package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// A member reads its own figures with what they are out of, what was not sent and
// how to send it; of its région, in words, that nothing is published.
func TestAMemberLooksInItsMirror(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get("/mon-miroir").ok().says("27 de vos 33 sorties constatées", "27 sur 33", "pas encore publié", "ne sont pas encore publiés", "Les formations de l’année ne sont pas envoyées", "ne classent personne")
	if link := v.get("/mon-miroir").link(`/observatoire/import\?tableau=formations`); link == "" {
		t.Error("no gesture to send the trainings")
	}
	v.get("/mon-miroir?annee=2022").ok().says("16 de vos 21")
	if link := v.get("/mon-miroir?annee=2022").ok().link(`/observatoire/import\?tableau=reponses`); link == "" {
		t.Error("no gesture to send the answers of a year without a campaign")
	}
	if page := v.get("/mon-miroir?annee=2011").ok().says("entreprises", "versions publiées"); strings.Contains(page.body, "ne sont pas encore publiés") {
		t.Error("2011 is released")
	}
	v.get("/mon-miroir?annee=1999").is(http.StatusNotFound)
	v.lang = "en"
	v.get("/mon-miroir").ok().says("27 of your 33 observed exits", "not published yet")
	for _, role := range []accounts.Role{accounts.Officer, accounts.Researcher, accounts.Employer, accounts.Counsellor} {
		s.visit(t, role).get("/mon-miroir").is(http.StatusForbidden)
	}
}

// The report that goes out hides small numbers on the page and in the files; whole,
// it is on the page alone, and a file asked whole is protected all the same.
func TestTheReportToTheFunderGoesOutProtected(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	page := v.get("/mon-miroir/rapport").ok()
	page.says("Bilan d’insertion 2023", "moins de 5, ou masqué", "81,8", "C04 et C05, version 1")
	if whole := v.get("/mon-miroir/rapport?vue=entiere").ok(); strings.Contains(whole.body, "moins de 5, ou masqué") {
		t.Error("the enterprise does not read its own numbers")
	}
	v.get("/mon-miroir/rapport?definition=dares").ok().says("C04 et C05, version 2")
	if pdf := v.get("/mon-miroir/rapport.pdf?vue=entiere").ok().body; !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("%.20q is no PDF", pdf)
	}
	book, err := excelize.OpenReader(strings.NewReader(v.get("/mon-miroir/rapport.xlsx?vue=entiere").ok().body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Bilan")
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for _, row := range rows {
		if len(row) > 2 && row[2] == "moins de 5, ou masqué" {
			hidden++
		}
		if len(row) > 3 && (row[3] == "personnes" || row[3] == "sorties") && len(row[2]) == 1 && row[2] < "5" {
			t.Errorf("%v goes out", row)
		}
	}
	if hidden < 5 {
		t.Errorf("%d numbers hidden", hidden)
	}
	s.visit(t, accounts.Officer).get("/mon-miroir/rapport.pdf").is(http.StatusForbidden)
}

func TestTimesAreTold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.visit(t, accounts.Public).get("/observatoire/delais").ok().says("Combien de temps avant une première réponse", "Kaplan-Meier")
	s.visit(t, accounts.Member).get("/observatoire/delais?par=region").is(http.StatusForbidden)
	s.visit(t, accounts.Officer).get("/observatoire/delais?par=departement&perimetre=oui").ok().says("Mon périmètre")
	bare := bareSite(t, testkit.SQLite(t), false)
	bare.visit(t, accounts.Public).get("/observatoire/delais?sujet=parcours").ok().says("Aucune courbe ne peut être montrée", "Aalen-Johansen")
}
