package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/tenders"
)

// TestAListLeavesInThreeForms follows the links of the list, and asks again with the version.
func TestAListLeavesInThreeForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Public)
	v.get("/marches?clause=reserved&tri=recent").ok().says("Calendrier", "Fil Atom", "Tableur")
	for path, want := range map[string][2]string{
		"/marches.ics?clause=reserved":  {"text/calendar", "BEGIN:VEVENT"},
		"/marches.atom?clause=reserved": {"application/atom+xml", "<entry>"},
		"/marches.csv?clause=reserved":  {"text/csv", "\uFEFFid;nature;"},
		"/marches/1/echeances.ics":      {"text/calendar", "UID:opportunity-1@"},
	} {
		a := v.get(path).ok()
		if !strings.HasPrefix(a.header.Get("Content-Type"), want[0]) || !strings.Contains(a.body, want[1]) {
			t.Errorf("%s: %s without %q", path, a.header.Get("Content-Type"), want[1])
		}
		first := record(s, http.MethodGet, path, "")
		if again := record(s, http.MethodGet, path, "", "If-None-Match", first.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s asked again answers %d", path, again.Code)
		}
	}
	v.get("/marches.ics?ou=zzzzzz").is(http.StatusNotFound)
}

// TestASearchIsKeptAndFollowed keeps a list in one gesture, draws its address, reads it as a
// program that cannot sign in, and ends it.
func TestASearchIsKeptAndFollowed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get("/recherches").ok().says("Aucune recherche gardée")
	v.get("/marches?clause=reserved").ok().says("Garder cette recherche")
	kept := v.post("/recherches?clause=reserved&ou=departement:26", url.Values{}).ok().says("La recherche est gardée", "Drôme")
	path := find(kept.body, `action="(/recherches/\d+)"`)
	feeds := v.post(path, url.Values{"faire": {"lien"}}).ok().says("elles ne seront plus montrées")
	secret := find(feeds.body, `/flux/([\w-]{43})/echeances.ics`)
	visitor := s.visit(t, accounts.Public)
	for _, file := range []string{"echeances.ics", "marches.atom", "marches.csv"} {
		a := visitor.get("/flux/" + secret + "/" + file).ok()
		if !strings.Contains(a.body, "/marches/") {
			t.Errorf("%s holds nothing", file)
		}
	}
	v.post(path, url.Values{"nom": {"Réservés en Drôme"}}).ok().says("Réservés en Drôme")
	v.post(path, url.Values{"faire": {"fermer"}}).ok()
	visitor.get("/flux/" + secret + "/marches.atom").is(http.StatusNotFound)
	v.post(path, url.Values{"faire": {"supprimer"}}).ok().says("Aucune recherche gardée")
}

// TestAListLeavesAsReleases: what came of a notice leaves, with the address of the platform and not
// that of the request; a list without any has no link, and says so where it is asked.
func TestAListLeavesAsReleases(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Public)
	if a := v.get("/marches?nature=private_purchase").ok(); strings.Contains(a.body, "/marches.ocds.json") {
		t.Error("a list without a notice leads to releases")
	}
	if a := v.get("/marches.ocds.json?nature=private_purchase").is(http.StatusNotFound); !strings.Contains(a.body, "Aucun avis publié") {
		t.Error("nothing to release, and it is not said")
	}
	if _, err := s.cfg.Tenders.Import(t.Context(), []string{"../tenders/testdata/eforms-call.xml", "../tenders/testdata/ocds-package.json"}, tenders.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if a := v.get("/marches?remise=toutes").ok().says("Données ouvertes (OCDS)"); !strings.Contains(a.body, `href="/marches.ocds.json?remise=toutes"`) {
		t.Error("the list does not lead to its releases")
	}
	a := v.get("/marches.ocds.json?remise=toutes&autre=1").ok()
	var p tenders.ReleasePackage
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.URI != "http://localhost:8080/marches.ocds.json?remise=toutes" || len(p.Releases) < 3 {
		t.Errorf("%v %s with %d releases", err, p.URI, len(p.Releases))
	}
	if got := a.header.Get("Content-Type"); got != "application/json" || !strings.Contains(a.header.Get("Content-Disposition"), ".ocds.json") {
		t.Errorf("%s, %s", got, a.header.Get("Content-Disposition"))
	}
	v.get("/marches.ocds.json?ou=zzzzzz").is(http.StatusNotFound)
}

// TestFilesSpeakTheirLanguage: what leaves for a spreadsheet, a calendar or a feed
// is in words and on the clock of Paris, with the codes beside for programs.
func TestFilesSpeakTheirLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.imports(t, schoolCall(t), schoolAward(t))
	v := s.visit(t, accounts.Public)
	iso := regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	feed := v.get("/marches.atom?quoi=platanes").ok().body
	for _, one := range regexp.MustCompile(`(?s)<summary>(.*?)</summary>`).FindAllStringSubmatch(feed, -1) {
		if iso.MatchString(one[1]) {
			t.Errorf("a feed says %q", one[1])
		}
	}
	if !strings.Contains(feed, "jusqu’au 10\u00a0novembre 2027") {
		t.Error("the feed does not say until when")
	}
	calendar := strings.ReplaceAll(v.get("/marches.ics").ok().body, "\r\n ", "")
	if found := regexp.MustCompile(`DESCRIPTION:[^\r]*\d{4}-\d\d-\d\d`).FindString(calendar); found != "" {
		t.Errorf("a calendar says %q", found)
	}
	table := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.get("/marches.csv?remise=toutes").ok().body, "\uFEFF")))
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	wall := regexp.MustCompile(`^(\d{4}-\d\d-\d\d \d\d:\d\d)?$`)
	for _, row := range rows[1:] {
		if row[at["nature"]] == row[at["nature_code"]] || row[at["etat"]] == row[at["etat_code"]] || !wall.MatchString(row[at["date_limite"]]) || row[at["lieu"]] == "" {
			t.Errorf("%q", row)
		}
		if row[at["clause_code"]] == "none" && row[at["clause"]] != "Sans clause sociale" {
			t.Errorf("clause %q", row[at["clause"]])
		}
	}
}

// TestATableIsInTheLanguageOfWhoReads: what leaves for a spreadsheet has the names, the
// separators and the decimal mark of its reader; what comes back by an import (a model, the
// answers of a campaign) keeps the names that an import reads.
func TestATableIsInTheLanguageOfWhoReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]struct {
		who    accounts.Role
		fr, en string
	}{
		"/marches.csv":                        {accounts.Public, "id;nature;etat;", "id,kind,state,"},
		"/a-venir.csv?ou=departement:26":      {accounts.Officer, "id;objet;acheteur;", "id,title,buyer,"},
		"/besoins-non-couverts.csv":           {accounts.Officer, "cle;secteur;territoire;", "key,sector,territory,"},
		"/competences.csv":                    {accounts.Officer, "nature;code;intitule;", "nature,code,label,"},
		"/equite.csv":                         {accounts.Officer, "mesure;unite;critere;", "measure,unit,criterion,"},
		"/qualite.csv":                        {accounts.Admin, "coupe;code;nom;", "cut,code,name,"},
		"/qualite/suivi.csv":                  {accounts.Admin, "parcours;structure;type;", "path,structure,kind,"},
		"/agenda/1/presence.csv":              {accounts.Admin, "structure;inscrit_par;nom;", "structure,booked_by,name,"},
		"/observatoire/activite.csv":          {accounts.Public, "dernier_mois;niveau;nom;", "last_month,level,name,"},
		"/observatoire/rapport/effectifs.csv": {accounts.Public, "ligne,partie_de,libelle,", "line,part_of,label,"},
	} {
		for lang, head := range map[string]string{"fr": want.fr, "en": want.en} {
			v := s.visit(t, want.who)
			v.lang = lang
			body := strings.TrimPrefix(v.get(path).ok().body, "\uFEFF")
			if !strings.HasPrefix(body, head) {
				t.Errorf("%s in %q begins with %.60q", path, lang, body)
			}
			if mark := map[string]string{"fr": `;\d+\.\d+;`, "en": `"\d+,\d+"`}[lang]; regexp.MustCompile(mark).MatchString(body) {
				t.Errorf("%s in %q has the decimal mark of another language", path, lang)
			}
		}
	}
}
