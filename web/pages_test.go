package web

import (
	"encoding/xml"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// everyPage lists the pages of a role's table in the design, with links found on the way. What
// everyone reads is listed once, for the visitor.
func everyPage(v *visitor, role accounts.Role) []string {
	switch role {
	case accounts.Public:
		list, members := v.get("/marches?remise=toutes").ok(), v.get("/membres").ok()
		return []string{"/", "/marches?remise=toutes", "/marches?ou=departement:26&secteur=espaces_verts", "/marches?quoi=zzzz&ou=nulle+part", "/membres", "/membres?ou=Crest", "/territoires", "/territoires?q=saint+denis",
			"/territoires/departement/26", "/observatoire", "/observatoire?q=benevolat", "/observatoire?registre=core&source=survey", "/observatoire?q=zzzz", marketFiguresPath, "/observatoire/indicateurs/C04", "/observatoire/indicateurs/C07", "/observatoire/indicateurs/R4.6", "/observatoire/indicateurs/R6.2", "/observatoire/rapport", datasetsPath, v.get(datasetsPath).link(`/observatoire/donnees/obs-[0-9a-f]+/[0-9.]+`), "/observatoire/indicateurs/C04?case=R84-ETTI&annee=2010", "/observatoire/rapport?definition=dares", "/observatoire/delais", "/observatoire/delais?sujet=parcours", "/observatoire/delais?sujet=employeur&par=type", "/territoires/commune/97701", "/a-venir", "/formations", "/formations?ou=Valence&acquis=chariot&metier=cariste&public=journeys", v.get("/formations").link(`/marches/\d+`), v.get("/marches?nature=immersion").link(`/marches/\d+`), "/a-venir?mois=2027-05&ou=Nantes", v.get("/a-venir").link(`/marches/\d+`), "/api", "/correspondances", "/accessibilite", "/aide", "/mes-donnees", "/qualite", "/agenda", "/agenda?quand=passes", v.get("/agenda").link(`/agenda/\d+`), "/questions", "/questions?quoi=zzzz", v.get("/questions").link(`/reponses-publiees/\d+`),
			list.link(`/marches/\d+`), members.link(`/membres/\d+`), "/poles/1", "/groupes/1", "/conventions/1", "/embed/marches", "/embed/membres", "/connexion", "/reset", "/reset/abcdef", "/invitation/abcdef", "/desabonnement/abcdef", subscribePath, "/nulle-part"}
	case accounts.Member:
		paths := []string{callPath, callPath + "?nature=takeover", callOf(v, "takeover"), callOf(v, "partner_call"), v.get(callOf(v, "partner_call")).link(`/poles/\d+`), "/", "/entreprise", "/entreprise/activites/1", "/entreprise/activites/nouvelle", "/entreprise/et-si", "/reponses", "/reponses?etat=past", "/mot-de-passe", "/mes-donnees", "/marches/nouveau", "/immersions/nouveau", "/formations/nouveau", "/recherches", "/recherches/lettre", "/mon-miroir", "/mon-miroir?definition=dares", "/mon-miroir/rapport", "/agenda?quand=miens", v.get("/agenda?quand=miens").link(`/agenda/\d+`), "/questions/nouvelle", "/questions/suivi", v.get("/questions/suivi").link(`/questions/\d+`), "/entreprise/qualite", v.get("/entreprise/qualite").link(`/qualite/certifications/\d+`), "/reponses?etat=done", "/contacts", remindersPath, absencesPath, dossierPath, referencesPath, paragraphsPath, v.get(paragraphsPath).link(`/dossier/paragraphes/\d+`), candidatePath, candidatePath + "/imprimer", webhooksPath, v.get(webhooksPath).link(webhooksPath + `/\d+`)}
		lot := v.get("/reponses").link(`/reponses/\d+`)
		return append(paths, lot, lot+"/pieces", prospectingPath, v.get(prospectingPath).link(`/prospects/\d+`), v.get("/reponses?etat=done").link(`/reponses/\d+`)+"/pieces")
	case accounts.Officer:
		lot := "/marches/" + find(v.get("/").body, `href="/marches/(\d+\?lot=\d+)">Voir qui peut`)
		candidate := v.get(lot).link(`/marches/\d+\?candidat=[^"]*`)
		event := v.get("/agenda").link(`/agenda/\d+`)
		return []string{callPath + "?nature=takeover", callPath + "?pole=1", v.get(callOf(v, "partner_call")).link(`/poles/\d+`), "/", "/agenda/nouveau", event, event + "/modifier", event + "/presence", "/questions/suivi", "/questions/chiffres", v.get("/questions/suivi?etat=answered").link(`/questions/\d+`), "/qualite/suivi", "/qualite/suivi?label=cedre&etat=granted&mois=12", v.get("/qualite/suivi").link(`/qualite/certifications/\d+`), "/besoins-non-couverts", "/besoins-non-couverts?ou=partout&par=departement&periode=24", "/besoins-non-couverts?ou=zzzz", v.get("/besoins-non-couverts?ou=partout").link(`/besoins-non-couverts/[^"?]+`), "/competences", "/competences?ou=Valence&domaine=K", "/competences?ou=zzzz", "/competences/K2204", "/equite", "/equite?critere=tout", "/observatoire/delais?perimetre=oui", "/observatoire/delais?par=departement&perimetre=oui", v.get("/a-venir").link(`/marches/\d+`), "/marches/nouveau", "/formations/nouveau", "/besoins/nouveau", "/doublons", "/doublons?avis=same", lot, candidate, strings.Split(lot, "?")[0] + "/annuler", v.get("/membres?ou=Crest").link(`/membres/\d+`), v.get("/membres?ou=Crest").link(`/membres/\d+`) + "/et-si", "/portee-des-postes", "/portee-des-postes?convention=2", mondayPath, lessonsPath, activityReportPath, activityReportPath + "?du=2026-01&au=2026-12&ou=Drôme&par=epci", bulletinPath, boardPath, contactsPath, remindersPath, absencesPath, v.get(boardPath).link(`/reponses/\d+`), v.get(boardPath).link(`/reponses/\d+`) + "/pieces", prospectingPath, v.get(prospectingPath).link(`/prospects/\d+`)}
	case accounts.Employer:
		return []string{"/", v.get("/").link(`/marches/\d+\?lot=\d+`), "/besoins/nouveau", "/immersions/nouveau", v.get("/marches?nature=immersion&quoi=hotel").link(`/marches/\d+`) + "/modifier"}
	case accounts.Counsellor:
		batch, one := prepared(v), v.get("/parcours").link(`/parcours/\d+`)
		people := v.get("/").link(`/postes/\d+/personnes`)
		return []string{"/", "/?qui=tous", "/parcours", "/parcours?etat=ended", "/parcours/nouveau", "/parcours/import", one, one + "/modifier", one + "/droits", one + "/identite", one + "/mesure", one + "/imprimer", one + "/postes", people, people + "?apres=10", v.get(people).link(`/postes/\d+/personnes/\d+`), batch, v.get(batch).link(`/preparations/\d+/personnes/\d+`), "/preparations", "/preparations/nouvelle", "/preparations/nouvelle?postes=reach&priorite=waiting-first&par_place=1&par_personne=2&voir=oui"}
	case accounts.Admin:
		return []string{marketFiguresPath, "/", "/observatoire/import", "/observatoire/import?tableau=sorties", "/observatoire/rapport", "/admin/taches?etat=available", "/equite?critere=age", "/admin/sources", "/admin/quarantaine", "/admin/lues-en-partie", "/admin/journal", "/admin/comptes", associationsPath, "/admin/invitations", "/mes-donnees/jetons", "/recherche", "/recherche/1", datasetsPath, yearlyPath, yearlyPath + "?annee=2010", grantsPath, microdataPath + "/1", pacePath, absencesPath, countersignPath}
	case accounts.Researcher:
		return []string{"/", "/recherche", microdataPath, microdataPath + "/1"}
	}
	return []string{"/"}
}

// prepared is a batch that the visitor keeps, and opens.
func prepared(v *visitor) string {
	return v.post("/preparations", url.Values{"cle": {"essai"}, "postes": {"reach"}, "par_place": {"1"}, "par_personne": {"1"}, "tirage": {"7"}}).ok().url.Path
}

func find(body, pattern string) string {
	found := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if found == nil {
		return ""
	}
	return found[1]
}

// allowedStatus are the answers of a page that works: it may say that a link is dead.
func allowedStatus(path string) int {
	switch path {
	case "/invitation/abcdef", "/desabonnement/abcdef":
		return http.StatusGone
	case "/nulle-part":
		return http.StatusNotFound
	}
	return http.StatusOK
}

func TestEveryPageAnswersInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, role := range append(accounts.Roles(), accounts.Public) {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			v := s.visit(t, role)
			for _, path := range everyPage(v, role) {
				for _, lang := range Langs() {
					v.lang = string(lang)
					a := v.get(path).is(allowedStatus(path))
					checkPage(t, a, lang)
				}
			}
		})
	}
}

var (
	inlined = regexp.MustCompile(`(?i)\sstyle="|<style|\son[a-z]+="|<script(?:>|\s+(?:[^s>][^>]*)?>)`)
	drawn   = regexp.MustCompile(`(?s)<svg viewBox.*?</svg>`)
	spaced  = regexp.MustCompile(`[\p{L}\d»)] [;!?:%€»]|« `)
)

// unsaid finds a key of the messages where its words should be, of whatever subject
// the locales have.
var unsaid = sync.OnceValue(func() *regexp.Regexp {
	locales, err := loadLocales()
	if err != nil {
		panic(err)
	}
	subjects := map[string]bool{}
	for key := range locales[French].messages {
		subject, _, _ := strings.Cut(key, ".")
		subjects[regexp.QuoteMeta(subject)] = true
	}
	return regexp.MustCompile(`\b(` + strings.Join(slices.Sorted(maps.Keys(subjects)), "|") + `)\.[a-z_]+[a-z_.]*\b`)
})

// checkPage holds each page to what all must be.
func checkPage(t *testing.T, a *answer, lang Lang) {
	t.Helper()
	if !strings.Contains(a.body, `<html lang="`+string(lang)+`">`) {
		t.Errorf("%s is not in %s", a.path, lang)
	}
	if key := unsaid().FindString(visible(a.body)); key != "" && !strings.Contains(a.path, "/admin/") {
		t.Errorf("%s shows the key %s (%s)", a.path, key, lang)
	}
	if found := inlined.FindString(strings.ReplaceAll(a.body, `<script type="module" src=`, "")); found != "" {
		t.Errorf("%s holds %q, which its policy refuses", a.path, found)
	}
	if strings.Count(a.body, "<h1") != 1 {
		t.Errorf("%s has %d h1", a.path, strings.Count(a.body, "<h1"))
	}
	if weight := len(squeeze([]byte(drawn.ReplaceAllString(a.body, "")))); weight > 50_000 { // style, script and typeface take 46 KB
		t.Errorf("%s weighs %d bytes without its map", a.path, weight)
	}
	if strings.Contains(a.body, "ZgotmplZ") || strings.Contains(a.body, "%!") {
		t.Errorf("%s holds a value that its template refused", a.path)
	}
}

// visible is what the page shows, without addresses and code.
func visible(body string) string {
	return text(regexp.MustCompile(`(?s)<(span|td|pre) class="code".*?</(span|td|pre)>`).ReplaceAllString(body, ""))
}

func TestFrenchHasItsSpaces(t *testing.T) {
	t.Parallel()
	locales, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	s := bareSite(t, testkit.SQLite(t), false)
	for _, path := range []string{"/correspondances", "/accessibilite", "/aide", "/connexion"} {
		body := s.visit(t, accounts.Public).get(path).ok().body
		plain := tags.ReplaceAllString(body, "\n")
		if found := spaced.FindString(plain); found != "" {
			t.Errorf("%s says %q with a plain space", path, found)
		}
	}
	_ = locales
}

// The page for everybody counts the gates of an enterprise as the page of docs does,
// certification among them, and says how people and positions meet.
func TestThePageOfTheScoreSaysWhatTheDocsSay(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", "matching.md"))
	if err != nil || !strings.Contains(string(docs), "**Six portes.**") {
		t.Fatal("docs/matching.md counts its gates otherwise", err)
	}
	v := bareSite(t, testkit.SQLite(t), false).visit(t, accounts.Public)
	v.get("/correspondances").ok().says("Six questions ouvrent ou ferment la porte", "exige une certification", "Les personnes et les postes")
}

func TestEveryMessageIsInBothLanguages(t *testing.T) {
	t.Parallel()
	locales, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	fr, en := locales[French].messages, locales[English].messages
	for _, key := range slices.Sorted(maps.Keys(fr)) {
		if !en[key] {
			t.Errorf("%s is not said in English", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if !fr[key] {
			t.Errorf("%s is not said in French", key)
		}
	}
	for _, name := range []string{"about", "accessibility", "help"} {
		for _, lang := range Langs() {
			if _, err := templateFiles.ReadFile("templates/prose/" + name + "." + string(lang) + ".html"); err != nil {
				t.Errorf("%s is not written in %s", name, lang)
			}
		}
	}
}

// TestEveryIconIsDrawn holds the sprite to what the pages ask of it: an address without its
// symbol shows nothing, and says nothing.
func TestEveryIconIsDrawn(t *testing.T) {
	t.Parallel()
	raw, err := assetFiles.ReadFile("assets/sprite.svg")
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(raw, new(struct{})); err != nil {
		t.Fatalf("the sprite is not XML, so that no browser draws it: %v", err)
	}
	names := map[string]bool{}
	for _, file := range []string{"templates/layout.html", "templates/parts/*.html", "templates/pages/*.html"} {
		found, err := fs.Glob(templateFiles, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			text, err := templateFiles.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, icon := range regexp.MustCompile(`icon "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
				names[icon[1]] = true
			}
		}
	}
	for _, state := range []State{Met, Partial, Missed, Assumed, Unknown} {
		names[state.Icon()] = true
	}
	for _, name := range append(slices.Sorted(maps.Keys(names)), "lock", "handshake", "clock", "info") {
		if !strings.Contains(string(raw), `<symbol id="`+name+`"`) {
			t.Errorf("the icon %q is not in the sprite", name)
		}
	}
}
