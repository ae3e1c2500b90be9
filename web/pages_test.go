package web

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// everyPage lists, for each role, the pages of its table in the design, with links found on the way.
func everyPage(v *visitor, role accounts.Role) []string {
	list := v.get("/marches?remise=toutes").ok()
	members := v.get("/membres").ok()
	paths := []string{"/", "/marches", "/marches?ou=departement:26&secteur=espaces_verts&remise=toutes", "/marches?quoi=zzzz", "/membres", "/membres?ou=Crest", "/territoires", "/territoires?q=saint+denis",
		"/territoires/departement/26", "/territoires/commune/26108", "/territoires/commune/97701", "/api", "/correspondances", "/accessibilite", "/aide", "/mes-donnees",
		list.link(`/marches/\d+`), members.link(`/membres/\d+`)}
	switch role {
	case accounts.Public:
		paths = append(paths, "/connexion", "/reset", "/reset/abcdef", "/invitation/abcdef")
	case accounts.Member:
		paths = append(paths, "/entreprise", "/entreprise/activites/1", "/entreprise/activites/nouvelle", "/reponses", "/reponses?etat=past", "/mot-de-passe", "/marches/nouveau")
		if decision := find(v.get("/reponses").body, `href="(/reponses/\d+)"`); decision != "" {
			paths = append(paths, decision)
		}
	case accounts.Officer:
		paths = append(paths, "/marches/nouveau")
		if lot := find(v.get("/").body, `href="(/marches/\d+\?lot=\d+)"`); lot != "" {
			paths = append(paths, lot)
			if candidate := find(v.get(lot).body, `href="(/marches/\d+\?candidat=\d+[^"#]*)`); candidate != "" {
				paths = append(paths, strings.ReplaceAll(candidate, "&amp;", "&"))
			}
		}
	case accounts.Employer:
		paths = append(paths, "/besoins/nouveau")
	case accounts.Admin:
		paths = append(paths, "/admin/taches", "/admin/quarantaine", "/admin/journal", "/admin/comptes")
	}
	return paths
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
	if path == "/invitation/abcdef" {
		return http.StatusGone
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
	unsaid  = regexp.MustCompile(`\b(layout|nav|state|confidence|days|time|form|map|error|match|reason|flash|home|opps|opp|kind|ostate|clause|reserved|place|criterion|mode|members|member|finding|okind|okind_long|orole|status|stage|tie|activity|zone|enterprise|answers|decision|publish|territories|tkind|territory|signin|invite|reset|first|admin|jobs|jstate|quarantine|audit|people|api|data|scheme)\.[a-z_]+[a-z_.]*\b`)
	inlined = regexp.MustCompile(`(?i)\sstyle="|<style|\son[a-z]+="|<script(?:>|\s+(?:[^s>][^>]*)?>)`)
	spaced  = regexp.MustCompile(`[\p{L}\d»)] [;!?:%€»]|« `)
)

// checkPage holds each page to what all must be.
func checkPage(t *testing.T, a *answer, lang Lang) {
	t.Helper()
	if !strings.Contains(a.body, `<html lang="`+string(lang)+`">`) {
		t.Errorf("%s is not in %s", a.path, lang)
	}
	if key := unsaid.FindString(visible(a.body)); key != "" && !strings.Contains(a.path, "/admin/") {
		t.Errorf("%s shows the key %s (%s)", a.path, key, lang)
	}
	if found := inlined.FindString(strings.ReplaceAll(a.body, `<script type="module" src=`, "")); found != "" {
		t.Errorf("%s holds %q, which its policy refuses", a.path, found)
	}
	if strings.Count(a.body, "<h1") != 1 {
		t.Errorf("%s has %d h1", a.path, strings.Count(a.body, "<h1"))
	}
	if len(a.body) > 260_000 {
		t.Errorf("%s weighs %d bytes before compression", a.path, len(a.body))
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
