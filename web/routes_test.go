package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// filled gives an address of a route whose parts are filled with what the demonstration holds.
func filled(path string) string {
	return strings.NewReplacer("{id}", "1", "{code}", "26", "{kind}", "departement", "{n}", "1", "{secret}", "abcdef", "{key}", "espaces-verts@epci:242600534", "{project}", "1", "{person}", "1", "{ref}", "ABCDEF", "{annee}", "2025", "{fichier}", "1.csv").Replace(path)
}

// TestEveryRouteFollowsThePolicy asks every address as every role: who may not is sent to sign in
// or told so, who may is answered.
func TestEveryRouteFollowsThePolicy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var known []accounts.Action
	for _, rule := range accounts.Policy() {
		known = append(known, rule.Action)
	}
	for _, role := range append(accounts.Roles(), accounts.Public) {
		v := s.visit(t, role)
		v.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for _, route := range s.web.Routes() {
			if !slices.Contains(known, route.Action) {
				t.Fatalf("%s %s asks for %q, which the policy does not name", route.Method, route.Path, route.Action)
			}
			if route.Path == "/deconnexion" || route.Path == "/langue/{code}" || strings.Contains(route.Path, "/sessions/") {
				continue // they change what the others see
			}
			allowed := may(role, route.Action)
			ask := func() *answer {
				if route.Method == http.MethodGet {
					return v.get(filled(route.Path))
				}
				return v.post(strings.Replace(filled(route.Path), "/1", "/999999", 1), url.Values{}) // nothing is there to change
			}
			a := ask()
			for a.status == http.StatusTooManyRequests { // there are more routes than anybody reads at once
				time.Sleep(time.Second)
				a = ask()
			}
			refused := a.status == http.StatusForbidden || a.status == http.StatusUnauthorized ||
				a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/connexion?")
			if a.status >= http.StatusInternalServerError {
				t.Errorf("%s %s as %s answers %d", route.Method, route.Path, role, a.status)
			}
			if !allowed && !refused {
				t.Errorf("%s %s is open to %s (%d)", route.Method, route.Path, role, a.status)
			}
			if allowed && route.Method == http.MethodGet && a.status == http.StatusSeeOther && refused {
				t.Errorf("%s %s sends %s to sign in", route.Method, route.Path, role)
			}
		}
	}
}

// may says whether a role reaches an action at all.
func may(role accounts.Role, action accounts.Action) bool {
	id := accounts.Identity{Role: role, UserID: 1}
	if role == accounts.Public {
		id = accounts.Nobody()
	}
	return accounts.Permits(id, action) == nil
}

// record asks the pages directly, with the headers of a browser.
func record(s *site, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.web.ServeHTTP(w, r)
	return w
}

func TestThePolicyOfAPageLetsNothingElseIn(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	h := record(s, "GET", "/aide", "").Header()
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy %q has no %s", csp, want)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
		t.Errorf("the policy is open: %q", csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
		if h.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, h.Get(name), want)
		}
	}
	embedded, err := New(Config{FrameAncestors: "https://federation.example", Services: s.cfg.Services})
	if err != nil {
		t.Fatal(err)
	}
	s.web = embedded
	if csp := record(s, "GET", "/aide", "").Header().Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("a page that is not made for it may be framed: %q", csp)
	}
	if csp := record(s, "GET", "/embed/marches", "").Header().Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://federation.example") {
		t.Errorf("the operator's frame is refused: %q", csp)
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	for name, headers := range map[string][]string{
		"by fetch metadata": {"Sec-Fetch-Site", "cross-site"},
		"by origin":         {"Origin", "https://ailleurs.example"},
	} {
		if w := record(s, "POST", "/deconnexion", "a=b", headers...); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "autre site") {
			t.Errorf("%s: %d %s", name, w.Code, text(w.Body.String()))
		}
	}
	for name, headers := range map[string][]string{
		"a webmail": {"Origin", "https://courrier.example", "Sec-Fetch-Site", "cross-site", "Content-Type", "application/x-www-form-urlencoded"},
		"no origin": {"Content-Type", "application/x-www-form-urlencoded"},
	} { // the end of letters is nobody's form: its secret alone counts, and this one is none
		if w := record(s, "POST", "/desabonnement/abcdef", "List-Unsubscribe=One-Click", headers...); w.Code != http.StatusGone {
			t.Errorf("one click of %s: %d %s", name, w.Code, text(w.Body.String()))
		}
	}
	if w := record(s, "POST", "/reset", "email="+strings.Repeat("x", maxBody+1), "Sec-Fetch-Site", "same-origin"); w.Code == http.StatusSeeOther || w.Code == http.StatusOK {
		t.Errorf("a form of %d bytes is taken: %d", maxBody+1, w.Code)
	}
}

// A text of a form is one that both databases keep.
func TestATextOfAFormIsStorable(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("mot=a%00b%FFc"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := readForm(r); err != nil {
		t.Fatal(err)
	}
	if got := r.PostForm.Get("mot"); got != "ab\uFFFDc" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsNotThereSaysSo(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	for path, want := range map[string]int{"/rien": 404, "/marches/x": 404, "/marches/999999": 404, "/membres/999999": 404, "/territoires/commune/00000": 404, "/territoires/planete/3": 404, "/assets/x/rien.js": 404, "/langue/de": 404} {
		if w := record(s, "GET", path, ""); w.Code != want {
			t.Errorf("%s answers %d, want %d", path, w.Code, want)
		}
	}
	w := record(s, "POST", "/aide", "")
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" || !strings.Contains(w.Body.String(), "<h1>") {
		t.Errorf("a wrong method answers %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if w := record(s, "GET", "/entreprise", ""); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/connexion?retour=%2Fentreprise" {
		t.Errorf("a visitor is sent to %q (%d)", w.Header().Get("Location"), w.Code)
	}
}

func TestAPanicIsAPage(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	h := s.web.chain(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret détail") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/aide", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "<h1>") || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("a panic answers %d: %s", w.Code, text(w.Body.String()))
	}
}

func TestAnAssetKeepsItsAddress(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	address := s.web.assets.url("styles.css")
	w := record(s, "GET", address, "", "Accept-Encoding", "gzip")
	h := w.Header()
	if w.Code != http.StatusOK || h.Get("Content-Encoding") != "gzip" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s: %d %v", address, w.Code, h)
	}
	if _, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes())); err != nil {
		t.Error(err)
	}
	if w := record(s, "GET", address, "", "If-None-Match", h.Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("a known asset answers %d", w.Code)
	}
	if w := record(s, "GET", "/assets/ancienne/styles.css", ""); w.Code != http.StatusOK || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("an older version's address answers %d, %q", w.Code, w.Header().Get("Cache-Control"))
	}
}

func TestARedirectionStaysHere(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/a?b=c": "/a?b=c", "": "/", "https://x.example/": "/", "//x.example": "/", "/\\x.example": "/", "javascript:alert(1)": "/", "/a\r\nb": "/", "a": "/"} {
		if got := localPath(path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
}

// Files read no session, so the policy must let everybody have them.
func TestFilesAreEverybodys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, f := range s.web.Files() {
		if !may(accounts.Public, f.Action) {
			t.Errorf("%s asks for %q, which a visitor may not", f.Path, f.Action)
		}
	}
	s.visit(t, accounts.Public).get("/assets/README").is(404)
}
