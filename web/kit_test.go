package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/demo"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/agenda"
	"maillage/followup/bounces"
	"maillage/followup/bulletin"
	"maillage/followup/calls"
	"maillage/followup/contacts"
	"maillage/followup/conventions"
	"maillage/followup/dossier"
	"maillage/followup/escalation"
	week "maillage/followup/monday"
	"maillage/followup/prospects"
	"maillage/followup/quality"
	"maillage/followup/questions"
	"maillage/followup/tenure"
	"maillage/followup/webhooks"
	"maillage/indicators/access"
	"maillage/indicators/activity"
	"maillage/indicators/campaign"
	"maillage/indicators/delays"
	"maillage/indicators/figures"
	"maillage/indicators/funder"
	"maillage/indicators/markets"
	"maillage/indicators/microdata"
	"maillage/indicators/mirror"
	"maillage/indicators/publication"
	"maillage/internal/outbound"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/matching/fairness"
	"maillage/matching/outlook"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
	"maillage/tenders"
	"maillage/territories"
	"maillage/territories/contours"
	"maillage/territories/mesh"
	"maillage/territories/tiles"
)

// site is the pages over a demonstration federation, on a Monday morning of November.
type site struct {
	*httptest.Server
	web      *Server
	cfg      Config
	accounts *accounts.Service
	st       *store.Store
}

const monday = "2026-11-23T08:00:00Z"

var facts = sync.OnceValues(mesh.Load)

// demonstrated is the demonstration with its matches, made once: a test's own is a copy.
var demonstrated = sync.OnceValues(func() ([]byte, error) {
	return testkit.Template(func(ctx context.Context, st *store.Store) error {
		ctx = accounts.With(ctx, accounts.TheSystem())
		clock := testkit.NewClock(monday)
		all, err := servicesOn(st, clock)
		if err != nil {
			return err
		}
		if _, err := demo.Load(ctx, demo.Config{Store: st, Atlas: all.Atlas, Accounts: all.Accounts, Network: all.Network, Now: clock.Now}); err != nil {
			return err
		}
		return all.Matching.Rebuild(ctx, nil)
	})
})

// newSite serves the pages on a database of its own that holds the demonstration.
func newSite(t testing.TB) *site {
	t.Helper()
	database, err := demonstrated()
	if err != nil {
		t.Fatalf("load the demonstration: %v", err)
	}
	return bareSite(t, testkit.Copy(t, database), true)
}

// servicesOn are what the pages read and write, on one database.
func servicesOn(st *store.Store, clock *testkit.Clock) (Services, error) {
	drawn, err := facts()
	if err != nil {
		return Services{}, err
	}
	atlas := drawn.Atlas()
	users, err := accounts.New(accounts.Config{Store: st, Now: clock.Now, Perimeter: accounts.PerimetersOf(atlas), Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}, Site: "http://example.test"})
	if err != nil {
		return Services{}, err
	}
	keys, err := people.ParseKeys(demo.IdentityKey)
	if err != nil {
		return Services{}, err
	}
	offers := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: clock.Now})
	members := network.NewService(network.Config{Store: st, Atlas: atlas, Now: clock.Now})
	records := microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now})
	campaigns, err := campaign.NewService(campaign.Config{Store: st, Atlas: atlas, Observ: records, Now: clock.Now})
	if err != nil {
		return Services{}, err
	}
	counts := figures.NewService(figures.Config{Store: st, Atlas: atlas, Now: clock.Now})
	releases := publication.NewService(publication.Config{Store: st, Atlas: atlas, Counts: counts, Site: "http://example.test", Now: clock.Now})
	certifications, err := quality.NewService(quality.Config{Store: st, Atlas: atlas, Network: members, Now: clock.Now})
	if err != nil {
		return Services{}, err
	}
	desk, err := questions.NewService(questions.Config{Store: st, Atlas: atlas, Now: clock.Now})
	if err != nil {
		return Services{}, err
	}
	matches := matching.NewService(matching.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Seed: 1})
	log := contacts.NewService(contacts.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Matching: matches})
	shelf := dossier.Config{Store: st, Now: clock.Now, Network: members, Opportunities: offers, Matching: matches}
	keeper, err := dossier.NewKeeper(shelf)
	if err != nil {
		return Services{}, err
	}
	pursuits := followup.NewService(followup.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Matching: matches, Handed: keeper})
	shelf.Followup = pursuits
	files, err := dossier.NewService(shelf)
	if err != nil {
		return Services{}, err
	}
	counted, err := markets.NewService(markets.Config{Store: st, Atlas: atlas, Now: clock.Now})
	if err != nil {
		return Services{}, err
	}
	away, tenures := absences.NewService(absences.Config{Store: st, Now: clock.Now}), tenure.NewService(tenure.Config{Store: st, Now: clock.Now})
	published, err := activity.NewService(activity.Config{Store: st, Markets: counted, Now: clock.Now})
	if err != nil {
		return Services{}, err
	}
	routes := conventions.NewService(conventions.Config{Store: st, Atlas: atlas, Now: clock.Now, Opportunities: offers})
	diary := agenda.NewService(agenda.Config{Store: st, Atlas: atlas, Now: clock.Now})
	return Services{Questions: desk, Quality: certifications, Agenda: diary, Atlas: atlas, Map: func() *contours.Map { return &contours.Map{Mesh: drawn} }, Accounts: users, Opportunities: offers, Network: members,
		Matching:    matches,
		Tenures:     tenures,
		Absences:    away,
		Reminders:   escalation.NewService(escalation.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Matching: matches, Followup: pursuits, Contacts: log, Tenures: tenures, Absences: away, Conventions: routes}),
		Conventions: routes,
		Activity:    published,
		Contacts:    log,
		Dossier:     files,
		Prospects:   prospects.NewService(prospects.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Matching: matches, Followup: pursuits}),
		Followup:    pursuits,
		Calls:       calls.NewService(calls.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Followup: pursuits}),
		Monday:      week.NewService(week.Config{Store: st, Now: clock.Now, Opportunities: offers, Matching: matches, Followup: pursuits, Contacts: log, Quality: certifications}),
		Placement:   placement.NewService(placement.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Seed: 1}),
		Tenders:     tenders.NewService(tenders.Config{Store: st, Atlas: atlas, Opportunities: offers, Now: clock.Now}), Jobs: st, People: people.NewService(people.Config{Store: st, Atlas: atlas, Now: clock.Now, Keys: keys}),
		Webhooks:  webhooks.NewService(webhooks.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Poster: outbound.NewPoster(outbound.Config{}), Site: "https://maillage.example.org"}),
		Bounces:   bounces.NewService(bounces.Config{Store: st, Atlas: atlas, Network: members, Now: clock.Now}),
		Bulletin:  bulletin.NewService(bulletin.Config{Store: st, Atlas: atlas, Now: clock.Now, Network: members, Opportunities: offers, Matching: matches, Followup: pursuits, Agenda: diary, Questions: desk}),
		Outlook:   outlook.NewService(outlook.Config{Store: st, Atlas: atlas, Opportunities: offers, Now: clock.Now}),
		Campaigns: campaigns, Access: access.NewService(access.Config{Store: st, Atlas: atlas, Now: clock.Now}), Figures: counts, Records: records,
		Markets: counted, Delays: delays.NewService(delays.Config{Store: st, Atlas: atlas, Now: clock.Now}), Mirror: mirror.NewService(mirror.Config{Figures: counts, Released: mirror.FromReleases(releases)}), Funder: funder.NewService(funder.Config{Figures: counts, Now: clock.Now}),
		Fairness: fairness.NewService(fairness.Config{Store: st, Atlas: atlas, Now: clock.Now}),
		Releases: releases}, nil
}

// bareSite serves the pages on a database as it is.
func bareSite(t testing.TB, st *store.Store, demonstration bool) *site {
	t.Helper()
	clock := testkit.NewClock(monday)
	all, err := servicesOn(st, clock)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Demo: demonstration, DemoLogins: logins(), Clock: clock.Now, Log: slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Client:   func(r *http.Request) string { return r.Header.Get("X-Visitor") }, // each test visitor comes from elsewhere
		Tiles:    tileServer(tiles.New(drawn, tiles.Config{})),
		OpenAPI:  func() ([]byte, error) { return []byte(sampleOpenAPI), nil },
		Services: all,
	}
	cfg.Sources = tenders.NewSources(cfg.Tenders, nil)
	web, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web)
	t.Cleanup(server.Close)
	return &site{Server: server, web: web, cfg: cfg, accounts: all.Accounts, st: st}
}

// tileServer answers the addresses that the live map asks for, as the program does.
func tileServer(all *tiles.Tiles) http.Handler {
	kinds := map[string]territories.Kind{"all": tiles.All, "communes": territories.KindCommune}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		layer, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/tiles/"), "/")
		key := tiles.Key{Kind: kinds[layer]}
		if _, err := fmt.Sscanf(rest, "%d/%d/%d.mvt", &key.Z, &key.X, &key.Y); err != nil {
			http.NotFound(w, r)
			return
		}
		tile, err := all.Tile(r.Context(), key)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
		if len(tile.Data) == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(tile.Data)
	})
}

func logins() []DemoLogin {
	var all []DemoLogin
	for _, p := range demo.Personas() {
		all = append(all, DemoLogin{Email: p.Email, Password: demo.Password, Role: p.Role, Title: p.Title})
	}
	return all
}

// testWriter sends the log of the pages to the test that made them fail.
type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// visitor is a browser without scripts: it keeps cookies and follows redirections.
type visitor struct {
	t    testing.TB
	site *site
	http *http.Client
	lang string
	more http.Header // sent with each request
}

// visit opens the site as a role; accounts.Public does not sign in.
func (s *site) visit(t testing.TB, role accounts.Role) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, site: s, http: &http.Client{Jar: jar}, lang: "fr"}
	for _, login := range logins() {
		if login.Role == role {
			v.post("/connexion/demonstration", url.Values{"compte": {login.Email}}).ok()
		}
	}
	return v
}

// with is the same visitor, whose browser sends one header more.
func (v *visitor) with(name, value string) *visitor {
	other := *v
	other.more = http.Header{name: {value}}
	return &other
}

// answer is a page that was read.
type answer struct {
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
	url    *url.URL
}

func (v *visitor) get(path string) *answer { return v.do(http.MethodGet, path, nil) }

func (v *visitor) post(path string, form url.Values) *answer {
	return v.do(http.MethodPost, path, form)
}

func (v *visitor) do(method, path string, form url.Values) *answer {
	v.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, v.site.URL+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", v.lang)
	for name := range v.more {
		r.Header.Set(name, v.more.Get(name))
	}
	r.Header.Set("X-Visitor", fmt.Sprintf("%p", v))
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if strings.Contains(string(text), "&lt;no value&gt;") {
		v.t.Errorf("%s has a sentence that lacks one of its words", path)
	}
	return &answer{t: v.t, path: path, status: res.StatusCode, header: res.Header, body: string(text), url: res.Request.URL}
}

// ok expects a page that answered.
func (a *answer) ok() *answer { a.t.Helper(); return a.is(http.StatusOK) }

func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s answered %d, want %d:\n%s", a.path, a.status, status, text(a.body))
	}
	return a
}

// says expects words on the page, spaces of any kind being equal.
func (a *answer) says(words ...string) *answer {
	a.t.Helper()
	seen := text(a.body)
	for _, w := range words {
		if !strings.Contains(seen, w) {
			a.t.Errorf("%s does not say %q:\n%s", a.path, w, seen)
		}
	}
	return a
}

// link finds the first address on the page that matches.
func (a *answer) link(pattern string) string {
	a.t.Helper()
	found := regexp.MustCompile(`(?:href|action)="(` + pattern + `)"`).FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s has no link like %s:\n%s", a.path, pattern, text(a.body))
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}

var (
	tags   = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`)
	spaces = regexp.MustCompile(`[\s\x{00a0}\x{202f}]+`)
)

// text is what a page says, without its tags.
func text(body string) string {
	plain := tags.ReplaceAllString(body, " ")
	for code, char := range map[string]string{"&#39;": "'", "&amp;": "&", "&nbsp;": " ", "&#34;": `"`, "&quot;": `"`} {
		plain = strings.ReplaceAll(plain, code, char)
	}
	return strings.TrimSpace(spaces.ReplaceAllString(plain, " "))
}

const sampleOpenAPI = `{"openapi":"3.1.0","tags":[{"name":"lots","description":"Lots"}],"paths":{"/v1/lots/{id}/matches":{"get":{"operationId":"matches","summary":"Who can answer","tags":["lots"],
"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer"}}],"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Answer"}}}}}}}},
"components":{"schemas":{"Answer":{"type":"object","required":["total"],"properties":{"total":{"type":"integer","description":"matches"},"matches":{"type":"array","items":{"$ref":"#/components/schemas/Item"}}}}}}}`
