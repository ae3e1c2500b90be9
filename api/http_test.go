package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/api"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories/contours"
	"maillage/territories/mesh"
)

func TestReadsAnswerTheirVersionAndWritesAskForIt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		path := "/v1/organisations/" + id(w.near.ID)
		first := w.ask("member", "GET", path, nil).want(200)
		etag := first.header.Get("ETag")
		if !regexp.MustCompile(`^"\d+\.[\w-]{16}"$`).MatchString(etag) {
			t.Fatalf("ETag %s", etag)
		}
		same := w.ask("member", "GET", path, nil, "If-None-Match", `"other", W/`+etag).want(304)
		if len(same.body) != 0 || same.header.Get("ETag") != etag {
			t.Fatalf("304 with %q, ETag %s", same.body, same.header.Get("ETag"))
		}
		if other := w.ask("", "GET", path, nil).want(200).header.Get("ETag"); other == etag {
			t.Fatal("a visitor and the member read the same version of two texts")
		}
		body := `{"description":"Espaces verts et petite maçonnerie."}`
		w.ask("member", "PATCH", path, body, "If-Match", `"999.AAAA"`).problem(412, "stale")
		w.ask("member", "PATCH", path, body, "If-Match", `W/`+etag).problem(412, "stale")
		w.ask("member", "PATCH", path, body, "If-Match", `nonsense`).problem(412, "stale")
		written := w.ask("member", "PATCH", path, body, "If-Match", etag).want(200)
		w.ask("member", "PATCH", path, body, "If-Match", etag).problem(412, "stale")
		w.ask("member", "PATCH", path, `{"description":"Autre."}`, "If-Match", written.header.Get("ETag")).want(200)
		w.ask("member", "PATCH", path, `{"description":"Encore."}`, "If-Match", "*").want(200)
		w.ask("member", "GET", path, nil, "If-None-Match", etag).want(200)
		head := w.ask("member", "HEAD", path, nil).want(200)
		if len(head.body) != 0 || head.header.Get("ETag") == "" {
			t.Fatalf("HEAD: %q %v", head.body, head.header)
		}
	})
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

func TestAListIsWalkedByItsLinks(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		for range 11 {
			w.organisation(member("Structure", "26281", "Romans", "departement:26"))
		}
		walk := func(who, path string) []int64 {
			var seen []int64
			for path != "" {
				a := w.ask(who, "GET", path, nil).want(200)
				var page struct {
					Items []struct{ ID int64 } `json:"items"`
					Next  string               `json:"next"`
				}
				a.into(&page)
				for _, item := range page.Items {
					seen = append(seen, item.ID)
				}
				found := nextLink.FindStringSubmatch(a.header.Get("Link"))
				if (found == nil) != (page.Next == "") || !strings.Contains(a.header.Get("Link"), `rel="first"`) {
					t.Fatalf("Link %q and next %q", a.header.Get("Link"), page.Next)
				}
				if path = ""; found != nil {
					path = found[1]
				}
			}
			return seen
		}
		all := walk("", "/v1/organisations?limit=200")
		few := walk("", "/v1/organisations?limit=4")
		if len(all) != 15 || !equal(all, few) {
			t.Fatalf("%v by 4: %v", all, few)
		}
		if got := walk("", "/v1/organisations?limit=3&kind=ACI&territory=departement:26"); len(got) != 12 {
			t.Fatalf("filtered: %v", got)
		}
		for _, path := range []string{"/v1/accounts", "/v1/audit", "/v1/jobs", "/v1/opportunities"} {
			if whole, cut := walk("admin", path+"?limit=200"), walk("admin", path+"?limit=2"); len(whole) < 3 || !equal(whole, cut) {
				t.Errorf("%s: %v by 2: %v", path, whole, cut)
			}
		}
		for _, path := range []string{"/v1/organisations", "/v1/accounts", "/v1/audit", "/v1/jobs", "/v1/opportunities", "/v1/quarantine"} {
			w.ask("admin", "GET", path+"?after=nonsense", nil).problem(422, "invalid")
		}
	})
}

func equal(a, b []int64) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestEveryRefusalIsAProblemInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	huge := `{"kind":"partner_call","title":"` + strings.Repeat("a", 2<<20) + `"}`
	for _, c := range []struct {
		who, method, path, body, kind string
		status                        int
		code                          string
	}{
		{"", "GET", "/v1/nothing", "", "", 404, "not-found"},
		{"", "GET", "/v1/", "", "", 404, "not-found"},
		{"", "GET", "/problems/nothing", "", "", 404, "not-found"},
		{"", "DELETE", "/v1/sectors", "", "", 405, "method-not-allowed"},
		{"", "GET", "/v1/organisations/99999", "", "", 404, "not-found"},
		{"", "GET", "/v1/organisations/abc", "", "", 422, "invalid"},
		{"", "GET", "/v1/organisations/0", "", "", 422, "invalid"},
		{"", "GET", "/v1/territories/commune:99999", "", "", 404, "unknown-territory"},
		{"", "GET", "/v1/territories/romans", "", "", 422, "invalid"},
		{"", "GET", "/v1/sectors?zut=1", "", "", 422, "invalid"},
		{"", "GET", "/v1/territories", "", "", 422, "invalid"},
		{"", "GET", "/v1/codes?q=a&scheme=isbn", "", "", 422, "invalid"},
		{"", "GET", "/v1/opportunities?deadline_from=demain", "", "", 422, "invalid"},
		{"", "GET", "/v1/opportunities?territory=departement:999", "", "", 422, "invalid"},
		{"", "GET", "/v1/opportunities?code=cpv:abc", "", "", 422, "invalid"},
		{"", "GET", "/v1/organisations?limit=1000", "", "", 422, "invalid"},
		{"", "POST", "/v1/perimeters", `{"words":"Syldavie"}`, "", 422, "invalid"},
		{"", "GET", "/v1/territories/commune:26281/shape", "", "", 503, "no-shapes"},
		{"", "POST", "/v1/perimeters", `{"expression":{"radius":{"km":3}}}`, "", 422, "invalid"},
		{"", "POST", "/v1/perimeters", `{}`, "", 422, "invalid"},
		{"employer", "POST", "/v1/opportunities", `{"kind":`, "", 400, "unreadable"},
		{"employer", "POST", "/v1/opportunities", ``, "", 400, "unreadable"},
		{"employer", "POST", "/v1/opportunities", `a=b`, "application/x-www-form-urlencoded", 415, "unsupported-media-type"},
		{"employer", "POST", "/v1/opportunities", huge, "", 413, "too-large"},
		{"employer", "POST", "/v1/opportunities", `{"kind":"job_need","title":"x","codes":["cpv:1"],"place":{"words":"Syldavie"},"lots":[{"title":"y","codes":["zut"]}]}`, "", 422, "invalid"},
		{"admin", "POST", "/v1/imports/members", `x`, "image/png", 415, "unsupported-media-type"},
		{"admin", "POST", "/v1/imports/members", `x;y`, "text/csv", 422, "invalid"},
	} {
		body := any(nil)
		if c.body != "" || c.method == "POST" {
			body = c.body
		}
		kind := c.kind
		if kind == "" {
			kind = "application/json"
		}
		fr := w.ask(c.who, c.method, c.path, body, "Content-Type", kind)
		var f, e api.Problem
		fr.into(&f)
		en := w.ask(c.who, c.method, c.path, body, "Content-Type", kind, "Accept-Language", "en-GB,en;q=0.9").into(&e)
		if fr.status != c.status || f.Code != c.code || f.Status != c.status || e.Code != c.code || fr.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s %.60s: %d %s", c.method, c.path, c.body, fr.status, fr.body)
			continue
		}
		if f.Title == e.Title || f.Detail == e.Detail || fr.header.Get("Content-Language") != "fr" || en.header.Get("Content-Language") != "en" {
			t.Errorf("%s %s: %s in French, %s in English (%s, %s)", c.method, c.path, fr.body, en.body, fr.header.Get("Content-Language"), en.header.Get("Content-Language"))
		}
		if c.code == "invalid" && len(f.Errors) == 0 {
			t.Errorf("%s %s: nothing located in %s", c.method, c.path, fr.body)
		}
		for i := range f.Errors {
			if f.Errors[i].Location != e.Errors[i].Location || f.Errors[i].Detail == e.Errors[i].Detail {
				t.Errorf("%s %s: %+v in French, %+v in English", c.method, c.path, f.Errors[i], e.Errors[i])
			}
		}
	}
	if a := w.ask("", "DELETE", "/v1/sectors", nil); a.header.Get("Allow") != "GET" {
		t.Errorf("Allow: %s", a.header.Get("Allow"))
	}
}

func TestEveryFaultOfAnInputIsLocatedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	p := w.ask("employer", "POST", "/v1/opportunities",
		`{"kind":"job_need","title":"x","codes":["cpv:1","sector:zut"],"place":{"words":"Syldavie"},"lots":[{"title":"y","codes":["zut"]},{"title":"z","place":{"country":true,"words":"Drôme"}}]}`).problem(422, "invalid")
	var at []string
	for _, e := range p.Errors {
		at = append(at, e.Location)
	}
	if got := strings.Join(at, " "); got != "body.codes[0] body.codes[1] body.place.words body.lots[0].codes[0] body.lots[1].place.country" {
		t.Fatalf("located at %s", got)
	}
}

// A failure of ours says nothing of its cause, and leaves it in the log.
func TestOurFailuresSayNothingOfTheirCause(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var log strings.Builder
	cfg := w.config()
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	cfg.Jobs = brokenJobs{}
	door, err := api.New(cfg)
	must(t, err)
	for path, cause := range map[string]string{"/v1/jobs/counts": "table river_job is on fire", "/v1/jobs": "panicked in the middle"} {
		a := call(t, door, w.tokens["admin"], "GET", path, nil)
		p := a.problem(500, "internal")
		if strings.Contains(string(a.body), cause) || !strings.Contains(log.String(), cause) {
			t.Errorf("%s: told %s, logged %s", path, a.body, log.String())
		}
		if !strings.Contains(log.String(), strings.TrimPrefix(p.Instance, "urn:maillage:request:")) || !strings.HasSuffix(p.Instance, a.header.Get("X-Request-Id")) {
			t.Errorf("%s: the request %s is not in the log", path, p.Instance)
		}
	}
	if strings.Contains(log.String(), "@example.org") {
		t.Errorf("personal data in the log: %s", log.String())
	}
}

type brokenJobs struct{}

func (brokenJobs) Jobs() store.Jobs { panic("panicked in the middle") }
func (brokenJobs) JobCounts(context.Context) ([]store.JobCount, error) {
	return nil, errors.New("table river_job is on fire")
}

func TestAWriteFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	try := func(headers map[string]string, cookie bool) int {
		r := httptest.NewRequest(http.MethodPatch, "https://maillage.example.org/v1/me", strings.NewReader(`{"lang":"en"}`))
		r.Header.Set("Content-Type", "application/json")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		if cookie {
			r.AddCookie(&http.Cookie{Name: accounts.SessionCookie, Value: w.sessions["member"]})
		}
		rec := httptest.NewRecorder()
		w.door.ServeHTTP(rec, r)
		return rec.Code
	}
	if got := try(map[string]string{"Sec-Fetch-Site": "cross-site"}, true); got != 403 {
		t.Errorf("cross-site with a cookie: %d", got)
	}
	if got := try(map[string]string{"Origin": "https://evil.example"}, true); got != 403 {
		t.Errorf("another origin with a cookie: %d", got)
	}
	if got := try(map[string]string{"Sec-Fetch-Site": "same-origin"}, true); got != 200 {
		t.Errorf("same origin with a cookie: %d", got)
	}
	if got := try(map[string]string{"Authorization": "Bearer " + w.tokens["member"]}, false); got != 200 {
		t.Errorf("a program with a token: %d", got)
	}
}

func TestABadTokenIsRefusedEvenWhereNoneIsNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for _, token := range []string{"nonsense", "mlg_" + strings.Repeat("A", 43)} {
		a := call(t, w.door, token, "GET", "/v1/sectors", nil)
		a.problem(401, "bad-token")
		if a.header.Get("WWW-Authenticate") == "" {
			t.Error("no WWW-Authenticate")
		}
	}
	w.ask("", "GET", "/v1/sectors", nil, "Authorization", "Basic dTpw").problem(401, "bad-token")
	w.ask("", "GET", "/v1/me", nil).problem(401, "unauthenticated")
	w.ask("", "GET", "/v1/sectors", nil, "Cookie", accounts.SessionCookie+"=over").want(200)
}

func TestThePaceIsOfEachCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	cfg := w.config()
	cfg.Pace = accounts.Pace{Every: time.Second, Burst: 3}
	door, err := api.New(cfg)
	must(t, err)
	for range 3 {
		call(t, door, "", "GET", "/v1/groups", nil).want(200)
	}
	a := call(t, door, "", "GET", "/v1/groups", nil)
	a.problem(429, "too-many")
	if a.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After: %s", a.header.Get("Retry-After"))
	}
	call(t, door, "nonsense", "GET", "/v1/groups", nil).problem(429, "too-many")
	call(t, door, w.tokens["member"], "GET", "/v1/groups", nil).want(200)
	w.clock.Advance(time.Second)
	call(t, door, "", "GET", "/v1/groups", nil).want(200)
}

func TestTheSameCreationTwiceIsOne(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		body := `{"kind":"private_purchase","title":"Un cuisinier"}`
		one, two := api.Opportunity{}, api.Opportunity{}
		w.ask("employer", "POST", "/v1/opportunities", body, "Idempotency-Key", "k1").want(201).into(&one)
		w.ask("employer", "POST", "/v1/opportunities", body, "Idempotency-Key", "k1").want(201).into(&two)
		if one.ID != two.ID {
			t.Fatalf("made %d then %d", one.ID, two.ID)
		}
		w.ask("member", "POST", "/v1/opportunities", body, "Idempotency-Key", "k1").want(201).into(&two)
		if one.ID == two.ID {
			t.Fatal("somebody else's key")
		}
		w.ask("employer", "POST", "/v1/opportunities", `{"kind":"private_purchase","title":"Deux cuisiniers"}`, "Idempotency-Key", "k1").problem(409, "repeated-key")
	})
}

func TestAMemberPutsItsEnterpriseRight(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		path := "/v1/organisations/" + id(w.near.ID) + "/activities"
		var o api.Organisation
		w.ask("member", "PUT", path, `{"activities":[{"label":"Tonte","codes":["cpv:77310000"],"modes":["prestation"],"zone":{"words":"20 km autour de Valence"},"fte":4}]}`).want(200).into(&o)
		a := o.Activities[0]
		if a.Origin != "confirmed" || a.ZoneWords == nil || a.ZoneWords.FR != "20 km autour de Valence" || o.Private == nil || o.Private.Capacities[0].FTE != 4 {
			t.Fatalf("now %+v", o)
		}
		w.ask("far", "PUT", path, `{"activities":[]}`).problem(403, "forbidden")
		p := w.ask("member", "PUT", path, `{"activities":[{"codes":["cpv:77310000"],"modes":["magie"]}]}`).problem(422, "invalid")
		if p.Errors[0].Location != "body.activities[0].modes[0]" {
			t.Errorf("located at %s", p.Errors[0].Location)
		}
		if got, err := w.network.Get(context.Background(), w.near.ID); err != nil || !got.HasConfirmed("activities") || len(got.Activities) != 1 {
			t.Fatalf("kept %+v %v", got, err)
		}
	})
}

func TestImportingMembersThroughTheDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	file := "siret;type;nom;code_postal;commune\n41816609600069;ACI;Jardins de Valence;26000;Valence\nzut;ACI;Sans siret;26000;Valence\n"
	var r api.MembersReport
	w.ask("admin", "POST", "/v1/imports/members?name=membres.csv", file, "Content-Type", "text/csv; charset=utf-8").want(200).into(&r)
	if r.Read != 2 || r.Made != 1 || r.Rejected != 1 || len(r.Refused) != 1 || len(r.Refused[0].Reasons) == 0 {
		t.Fatalf("report %+v", r)
	}
	w.ask("admin", "POST", "/v1/imports/members", file, "Content-Type", "text/csv").want(200).into(&r)
	if r.Unchanged != 1 || r.Made != 0 {
		t.Fatalf("again %+v", r)
	}
	page, err := w.network.List(context.Background(), network.Filter{Text: "jardins"}, network.Request{})
	must(t, err)
	if len(page.Items) != 1 {
		t.Fatalf("kept %+v", page.Items)
	}
}

func TestSigningInWithACookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.ask("", "POST", "/v1/session", `{"email":"member@example.org","password":"wrong"}`).problem(401, "bad-credentials")
	a := w.ask("", "POST", "/v1/session", `{"email":"member@example.org","password":"`+password+`"}`).want(200)
	cookie := a.header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || !strings.Contains(cookie, "Max-Age=1209600") {
		t.Fatalf("cookie %s", cookie)
	}
	pair, _, _ := strings.Cut(cookie, ";")
	var me api.Me
	w.ask("", "GET", "/v1/me", nil, "Cookie", pair).want(200).into(&me)
	if me.Email != "member@example.org" || me.Role != "member" || me.Organisation != int64(w.near.ID) {
		t.Fatalf("I am %+v", me)
	}
	out := w.ask("", "DELETE", "/v1/session", nil, "Cookie", pair).want(204)
	if !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign out: %s", out.header.Get("Set-Cookie"))
	}
	w.ask("", "GET", "/v1/me", nil, "Cookie", pair).problem(401, "unauthenticated")
}

func TestShapes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	cfg := w.config()
	drawn, err := mesh.Load()
	must(t, err)
	cfg.Map = func() *contours.Map { return &contours.Map{Mesh: drawn} }
	door, err := api.New(cfg)
	must(t, err)
	for path, wanted := range map[string]string{
		"/v1/territories/epci:200040459/shape": `"type":"Feature"`,
		"/v1/layers/region":                    `"type":"FeatureCollection"`,
		"/v1/layers/commune?in=departement:26": `"type":"FeatureCollection"`,
		"/v1/layers/epci?in=commune:26281":     `"type":"FeatureCollection"`,
	} {
		a := call(t, door, "", "GET", path, nil).want(200)
		var v any
		a.into(&v)
		if a.header.Get("Content-Type") != "application/geo+json" || !strings.Contains(string(a.body), wanted) || a.header.Get("ETag") == "" {
			t.Errorf("%s: %s %.100s", path, a.header.Get("Content-Type"), a.body)
		}
	}
	a := call(t, door, "", "POST", "/v1/perimeters/shape", `{"words":"Drôme"}`).want(200)
	if !strings.Contains(string(a.body), `"words":"Drôme"`) {
		t.Errorf("%.100s", a.body)
	}
	if p := call(t, door, "", "GET", "/v1/layers/commune", nil).problem(422, "invalid"); p.Errors[0].Location != "query.in" {
		t.Errorf("located at %s", p.Errors[0].Location)
	}
	if p := call(t, door, "", "GET", "/v1/layers/commune?in=departement:999", nil); p.status != 404 && p.status != 422 {
		t.Errorf("%d %s", p.status, p.body)
	}
}

func TestTheReferenceNeedsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	page := w.ask("", "GET", "/v1/docs", nil).want(200)
	text := string(page.body)
	if strings.Contains(text, "<script") || strings.Contains(text, "style=") || regexp.MustCompile(`(src|href)="https?:`).MatchString(text) {
		t.Error("the page needs a script, an inline style or another machine")
	}
	if !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") {
		t.Errorf("CSP %s", page.header.Get("Content-Security-Policy"))
	}
	for _, op := range w.door.Operations() {
		if op.Tag != "" && !strings.Contains(text, `id="`+op.ID+`"`) {
			t.Errorf("%s is not on the page", op.ID)
		}
	}
	for link := range strings.SplitSeq(text, `href="#`) {
		target, _, ok := strings.Cut(link, `"`)
		if ok && !strings.HasPrefix(link, "<!doctype") && !strings.Contains(text, `id="`+target+`"`) {
			t.Errorf("#%s leads nowhere", target)
		}
	}
	for _, line := range []string{"curl &#34;$MAILLAGE/v1/territories?q=romans&#34;", "curl -X PUT -H &#34;Authorization: Bearer $TOKEN&#34;"} {
		if !strings.Contains(text, line) {
			t.Errorf("no example %s", line)
		}
	}
	w.ask("", "GET", "/v1/docs.css", nil).want(200)
	if y := w.ask("", "GET", "/v1/openapi.yaml", nil).want(200); !strings.Contains(string(y.body), "openapi: 3.1") {
		t.Errorf("%.200s", y.body)
	}
	if p := w.ask("", "GET", "/problems/stale", nil, "Accept-Language", "en").want(200); !strings.Contains(string(p.body), "Changed meanwhile") {
		t.Errorf("%s", p.body)
	}
}
