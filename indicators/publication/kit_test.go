package publication_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

// house is an observatory with its releases, on one engine.
type house struct {
	*publication.Service
	t     testing.TB
	st    *store.Store
	data  *microdata.Service
	count *figures.Service
	clock *testkit.Clock
	post  *mail.Fake
	asker accounts.Identity
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := territories.Load()
	must(t, err)
	clock := testkit.NewClock("2026-12-01T08:00:00Z")
	h := &house{t: t, st: st, clock: clock, post: &mail.Fake{}}
	h.data = microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now, Random: rand.NewChaCha8([32]byte{7})})
	h.count = figures.NewService(figures.Config{Store: st, Atlas: atlas, Now: clock.Now})
	h.Service = publication.NewService(publication.Config{Store: st, Atlas: atlas, Counts: h.count, Mail: h.post, Site: "https://example.invalid", Publisher: "Fédération inventée", Now: clock.Now, Protect: once.protect})
	users, err := accounts.New(accounts.Config{Store: st, Now: clock.Now})
	must(t, err)
	u, err := users.AddUser(system(), accounts.Invite{Email: "ada@example.invalid", Role: accounts.Researcher, Lang: "fr"}, "Ada", "une phrase de passe assez longue")
	must(t, err)
	h.asker = accounts.Identity{UserID: u.ID, Role: accounts.Researcher, Lang: "fr"}
	return h
}

// onItsOwn protects again what another test has protected.
func (h *house) onItsOwn() {
	h.t.Helper()
	atlas, err := territories.Load()
	must(h.t, err)
	h.Service = publication.NewService(publication.Config{Store: h.st, Atlas: atlas, Counts: h.count, Mail: h.post, Site: "https://example.invalid", Publisher: "Fédération inventée", Now: h.clock.Now})
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

// sqlite is for what the engine cannot change.
func sqlite(t *testing.T, body func(h *house)) {
	t.Helper()
	body(newHouse(t, testkit.SQLite(t)))
}

// inOrders asks for some indicators in several orders, each in a house of its own.
func inOrders(t *testing.T, orders [][][]publication.Chosen, body func(h *house, order [][]publication.Chosen)) {
	t.Helper()
	for _, order := range orders {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			t.Parallel()
			sqlite(t, func(h *house) { body(h, order) })
		})
	}
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

func (h *house) as(who accounts.Identity) context.Context {
	return accounts.With(context.Background(), who)
}

func (h *house) admin() context.Context {
	return h.as(accounts.Identity{UserID: h.asker.UserID, Role: accounts.Admin, Lang: "fr"})
}

func (h *house) researcher() context.Context { return h.as(h.asker) }

func public() context.Context { return accounts.With(context.Background(), accounts.Nobody()) }

// load imports lines after a header, in the order of a seed, which changes nothing.
func (h *house) load(sheet microdata.Sheet, lines []string, seed uint64) {
	h.t.Helper()
	body := lines[1:]
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
	r, err := h.data.Import(system(), microdata.File{Sheet: sheet, Name: "x.csv", Content: strings.NewReader(strings.Join(lines, "\n"))})
	must(h.t, err)
	if r.Rejected > 0 {
		h.t.Fatalf("%s: %+v", sheet, r.Refused[0])
	}
}

// towns are one in each of five regions and a second in three of them.
var towns = []string{"26362", "26198", "69123", "31555", "31395", "59350", "59606", "35238", "13055"}

var motives = []string{"cdi", "cdd", "cdd", "formation", "siae", "recherche emploi", "autre", "recherche emploi"}

// federation invents n enterprises and their exits of two years.
func federation(n int, seed uint64) (enterprises, exits []string) {
	chance := rand.New(rand.NewPCG(seed, 5))
	enterprises, exits = []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;date;motif;jours;constatee"}
	for i := range n {
		kind, town, group := []string{"ACI", "AI", "EI", "ETTI"}[chance.IntN(4)], towns[chance.IntN(len(towns))], ""
		if i%9 == 8 {
			group = fmt.Sprintf("G%d", i/18)
		}
		for year := 2024; year <= 2025; year++ {
			enterprises = append(enterprises, fmt.Sprintf("INV-%03d;%d;%s;%s;%s", i, year, kind, town, group))
			for j := range 4 + chance.IntN(24) {
				motive, days := motives[chance.IntN(len(motives))], ""
				if motive == "cdd" {
					days = fmt.Sprint(60 + chance.IntN(300))
				}
				exits = append(exits, fmt.Sprintf("INV-%03d;S%d-%d;%d-%02d-%02d;%s;%s;oui", i, year, j, year, 1+j%12, 1+j, motive, days))
			}
		}
	}
	return enterprises, exits
}

// fill loads an invented federation and counts it.
func (h *house) fill(n int, order uint64) { h.t.Helper(); h.fillWith(n, order, nil) }

// fillWith loads one whose exits were changed.
func (h *house) fillWith(n int, order uint64, change func([]string) []string) {
	h.t.Helper()
	enterprises, exits := federation(n, 2012)
	if change != nil {
		exits = change(exits)
	}
	h.load(microdata.Enterprises, enterprises, order)
	h.load(microdata.Exits, exits, order)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

func durable() publication.Plan {
	return publication.Plan{Indicators: []publication.Chosen{{ID: "C04", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}
}

func asked(p publication.Plan) publication.Asked {
	return publication.Asked{Plan: p, Institution: "Université inventée", Purpose: "Comparer les sorties par région."}
}

// start asks and approves.
func (h *house) start(p publication.Plan) *publication.Request {
	h.t.Helper()
	r, err := h.Ask(h.researcher(), asked(p))
	must(h.t, err)
	r, err = h.Decide(h.admin(), r.ID, publication.Decision{Approve: true})
	must(h.t, err)
	return r
}

// publish asks, approves and builds.
func (h *house) publish(p publication.Plan) *publication.Request {
	h.t.Helper()
	r := h.start(p)
	must(h.t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
	r, err := h.Request(h.admin(), r.ID)
	must(h.t, err)
	return r
}

// latest is the file of the latest version.
func (h *house) latest() (publication.Version, []byte) {
	h.t.Helper()
	all, err := h.Versions(public(), "", 0, 1)
	must(h.t, err)
	f, err := h.File(public(), &all[0])
	must(h.t, err)
	content, err := io.ReadAll(f)
	must(h.t, err)
	return all[0], content
}

func must(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var f *fault.Error
	if errors.As(err, &f) {
		t.Fatal(err, f.Fields)
	}
	t.Fatal(err)
}
