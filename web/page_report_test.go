package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// The page holds the two tables of the report, its chart, ND as a word and the
// sentence that says why 28, 20 and 13 stand under 60.
func TestTheReportIsAPageAndFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Public)
	a := v.get("/observatoire/rapport").ok()
	a.says("Six sorties sur dix", "28 &#43; 20 &#43; 13 ferait 61", "il vaut 60", "82 936", "16 801", "non collecté", "Sorties constatées, en nombre", "plus de 6 mois", "Sorties : 16 entreprises sur 16 en 2011", "Effectifs : 21 entreprises sur 21 en 2011")
	if !strings.Contains(a.body, `role="img"`) || strings.Contains(a.body, "À vérifier") {
		t.Error("the chart is missing, or everybody reads what is to check")
	}
	if n := strings.Count(a.body, "non collecté"); n < 6 {
		t.Errorf("%d times not collected, the report has 6", n)
	}
	v.get("/observatoire").ok().says("Six sorties sur dix", "Les tableaux du rapport")
	v.get("/observatoire/indicateurs/C07").ok().says("28 &#43; 20 &#43; 13", "ancienne règle, 3 mois")
	v.lang = "en"
	v.get("/observatoire/rapport?definition=dares").ok().says("temporary work, at least 6 months", "Six exits in ten", "82,936")
	csv := v.get("/observatoire/rapport/sorties.csv").ok().body
	for _, want := range []string{"line,part_of,label,unit,year,value,status,count", "durable,dynamic,Exits to durable employment,%,2011,28,published,276,C04,\"C04 v1, C08 v1\",16,16,,obs-", "dynamic,all_exits,Total dynamic exits,%,2011,60,published,598"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the file lacks %q", want)
		}
	}
	if csv := v.get("/observatoire/rapport/effectifs.csv").ok().body; !strings.Contains(csv, "ensemble,,All,people,2011,,not collected,") || !strings.Contains(csv, "iae_total,ensemble,Total insertion by economic activity,FTE,2011,13293,published,,,report v1,") {
		t.Errorf("%s", csv)
	}
	for _, name := range []string{"sorties", "effectifs"} {
		book, err := excelize.OpenReader(strings.NewReader(v.get("/observatoire/rapport/" + name + ".xlsx").ok().body))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(name)
		if err != nil || len(rows) < 40 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
	v.get("/observatoire/rapport?vue=compte").ok().says("Version 1.0.0, released on")
	s.visit(t, accounts.Admin).get("/observatoire/rapport?vue=compte").ok().says("ils ne sont pas publics", "À vérifier avant de publier", "Intervenants à domicile, 2011 : &#43;20,6 % de personnes et −5,5 % d’ETP")
}

func TestAReportOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	s.visit(t, accounts.Public).get("/observatoire/rapport").ok().says("Aucune année n’est encore publiée")
}

func TestRecordsAreSentByAForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Admin)
	for _, c := range []struct {
		gesture, content string
		status           int
		says             []string
	}{
		{"verifier", "entreprise;annee;type\nE-1;2011;ACI\n", http.StatusOK, []string{"rien n’est enregistré", "1 ligne lue"}},
		{"enregistrer", "entreprise;annee;type\nE-1;2011;ACI\nE-2;2011;chantier\n", http.StatusOK, []string{"Import terminé", "Ligne 3", "Un de", "ACI, EI, ETTI", "Les derniers imports"}},
		{"enregistrer", "entreprise;annee\nE-1;2011\nE-3;2011\n", http.StatusOK, []string{"Inchangées", "Ligne 3"}}, // what is known stays; a new one says its kind
		{"enregistrer", "annee;type\n2011;ACI\n", http.StatusUnprocessableEntity, []string{"Colonne manquante : entreprise"}},
	} {
		v.send("/observatoire/import", "f.csv", c.content, url.Values{"tableau": {"entreprises"}, "geste": {c.gesture}}).is(c.status).says(c.says...)
	}
	v.get("/observatoire/import/modele/sorties").ok().says("entreprise;salarie;date;motif")
	v.get("/observatoire/import/modele/licornes").is(http.StatusNotFound)
	s.visit(t, accounts.Counsellor).get("/observatoire/import").is(http.StatusForbidden)
}
