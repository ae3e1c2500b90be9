package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
)

// TestAHoleBecomesAProjectInOneGesture follows an officer from the list to the pole.
func TestAHoleBecomesAProjectInOneGesture(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.visit(t, accounts.Officer)
	list := officer.get("/besoins-non-couverts").ok().says("Les besoins que personne ne couvre", "Votre périmètre", "sans réponse possible", "Au plus près")
	all := officer.get("/besoins-non-couverts?ou=partout").ok()
	if strings.Count(all.body, `<li data-row="t`) < strings.Count(list.body, `<li data-row="t`) {
		t.Error("the whole country has fewer needs than a part of it")
	}
	path := ""
	for _, m := range regexp.MustCompile(`href="(/besoins-non-couverts/[^"]+)"`).FindAllStringSubmatch(list.body, -1) {
		if page := officer.get(m[1]).ok(); strings.Contains(page.body, `name="pole"`) {
			path = m[1]
			break
		}
	}
	if path == "" {
		t.Fatal("no need of the perimeter has a pole of the officer near it")
	}
	need := officer.get(path).ok().says("Ce qui est demandé", "Qui pourrait venir", "En faire un projet du pôle", "Comment c’est compté")
	pole := url.Values{"pole": {find(need.body, `name="pole" value="(\d+)"`)}}
	first := officer.post(path, pole).ok().says("Ce besoin est un projet du pôle", "Né d’un besoin non couvert", "idée")
	again := officer.post(path, pole).ok()
	if strings.Count(first.body, "Né d’un besoin") != 1 || strings.Count(again.body, "Né d’un besoin") != 1 {
		t.Error("the gesture made again makes another project")
	}
	officer.get(path).ok().says("Projet du pôle")
	move := find(again.body, `(?s)Né d’un besoin.*?action="(/poles/\d+/projets/\d+)"`)
	officer.post(move, url.Values{"etat": {"running"}}).ok().says("C’est noté", "en cours", "Le projet est fait", "Idée le 23 novembre 2026, en cours le 23 novembre 2026.")
	officer.post(move, url.Values{"etat": {"idea"}}).is(http.StatusConflict)
	visitor := s.visit(t, accounts.Public).get(again.url.Path).ok().says("Né d’un besoin non couvert")
	if strings.Contains(visitor.body, "/projets/") || strings.Contains(visitor.body, "/besoins-non-couverts/") {
		t.Error("a visitor is shown the gestures of officers")
	}
	s.visit(t, accounts.Member).post(path, pole).is(http.StatusForbidden)
	officer.post(path, url.Values{"pole": {"999999"}}).is(http.StatusNotFound)
	officer.get("/besoins-non-couverts/rien@epci:1").is(http.StatusNotFound)
}

// TestHolesLeaveInTwoForms reads the same list as a spreadsheet and as a map.
func TestHolesLeaveInTwoForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.visit(t, accounts.Officer)
	list := officer.get("/besoins-non-couverts?ou=departement:26").ok()
	table := officer.get(list.link(`/besoins-non-couverts\.csv[^"]*`)).ok()
	rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.body, "\uFEFF")))
	rows.Comma = ';'
	read, err := rows.ReadAll()
	if err != nil || len(read) < 2 || read[0][0] != "cle" || !strings.HasPrefix(table.body, "\uFEFF") {
		t.Fatalf("%v: %d rows", err, len(read))
	}
	lack, code, supposed := slices.Index(read[0], "manque"), slices.Index(read[0], "manque_code"), 0
	words := map[string]string{"none": "Personne", "assumed": "Seulement des faits supposés", "part": "Une partie seulement est couverte", "closed": "Le métier y est, des lots restent sans réponse"}
	for _, row := range read[1:] {
		if row[lack] == "" || row[lack] != words[row[code]] {
			t.Errorf("%q for %q", row[lack], row[code])
		}
		if row[code] != "closed" {
			continue
		}
		if page := officer.get(holePath(row[0])).ok(); strings.Contains(text(page.body), "0 entreprise sûre") {
			page.says("Des entreprises de ce métier sont sans doute là, d’après des faits supposés")
			supposed++
		}
	}
	if supposed == 0 {
		t.Error("no trade is supposed to be done: the test proves nothing of it")
	}
	areas := officer.get(list.link(`/besoins-non-couverts\.geojson[^"]*`)).ok()
	var shapes struct {
		Type     string
		Features []struct {
			Geometry   struct{ Type string }
			Properties struct {
				Ref   string
				Needs []struct{ Key string }
			}
		}
	}
	if err := json.Unmarshal([]byte(areas.body), &shapes); err != nil {
		t.Fatal(err)
	}
	needs := 0
	for _, f := range shapes.Features {
		needs += len(f.Properties.Needs)
		if f.Properties.Ref == "" || !strings.HasSuffix(f.Geometry.Type, "Polygon") {
			t.Errorf("%+v", f)
		}
	}
	if needs != len(read)-1 {
		t.Errorf("%d needs on the map, %d in the table", needs, len(read)-1)
	}
	officer.get("/besoins-non-couverts.csv?ou=zzzz").is(http.StatusNotFound)
	for _, path := range []string{"/besoins-non-couverts", "/besoins-non-couverts.csv", "/besoins-non-couverts.geojson"} {
		s.visit(t, accounts.Member).get(path).is(http.StatusForbidden)
	}
}

// TestAMemberReadsWhatItNearlyHad: the counts of the first page are those of the page it leads to.
func TestAMemberReadsWhatItNearlyHad(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member := s.visit(t, accounts.Member)
	home := member.get("/").ok().says("Et sans changer de zone", "Voir chaque changement et ses lots")
	more := find(home.body, `<th scope="row">5(?:\x{a0}| )km de plus</th><td class="n">\+(\d+)`)
	page := member.get("/entreprise/et-si").ok().says("Chaque changement, seul", "Une zone 5 km plus large", more+" lots de plus", "Manqués de peu", "leurs nombres ne s’ajoutent pas", "Changer ma zone")
	member.get(page.link(`/marches/\d+\?lot=\d+`)).ok()
	own := find(member.get("/entreprise").body, `href="(/membres/\d+)"`)
	s.visit(t, accounts.Officer).get(own+"/et-si").ok().says("Ce qu’un changement aurait apporté à", "lui correspondai")
	s.visit(t, accounts.Employer).get(own + "/et-si").is(http.StatusForbidden)
}
