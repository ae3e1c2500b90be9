package people_test

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

// house is two structures, each with its counsellor, two positions and a tender.
type house struct {
	*people.Service
	t           testing.TB
	st          *store.Store
	clock       *testkit.Clock
	atlas       *territories.Atlas
	near, far   int64
	alix, other accounts.Identity // counsellors of near and of far
	counsellor  int64             // alix's number
	job, second int64             // lots
	tender      int64             // a lot that is no position
}

func key(letter string) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, 32)))
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	a, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, atlas: a, clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	h.Service = h.service("k1:" + key("a"))
	h.near, h.far = h.structure("Romans Espaces verts", "26281"), h.structure("Lille Espaces verts", "59350")
	h.alix, h.other = h.person("alix@example.org", h.near), h.person("other@example.org", h.far)
	h.counsellor = int64(h.alix.UserID)
	h.job, h.second, h.tender = h.lot(opportunities.JobNeed), h.lot(opportunities.JobNeed), h.lot(opportunities.Tender)
	return h
}

// service is the same house with other keys.
func (h *house) service(keys string) *people.Service {
	h.t.Helper()
	k, err := people.ParseKeys(keys)
	must(h.t, err)
	return people.NewService(people.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now, Keys: k})
}

func (h *house) structure(name, commune string) int64 {
	h.t.Helper()
	n := network.NewService(network.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
	o, err := n.Save(context.Background(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}}}, 0)
	must(h.t, err)
	return int64(o.ID)
}

func (h *house) person(email string, organisation int64) accounts.Identity {
	h.t.Helper()
	s, err := accounts.New(accounts.Config{Store: h.st, Now: h.clock.Now, Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}})
	must(h.t, err)
	u, err := s.AddUser(system(), accounts.Invite{Email: email, Role: accounts.Counsellor, OrganisationID: organisation}, "Alix", "un train passe à l'aube")
	must(h.t, err)
	return accounts.Identity{UserID: u.ID, Role: accounts.Counsellor, OrganisationID: organisation, Lang: "fr"}
}

func (h *house) lot(kind opportunities.Kind) int64 {
	h.t.Helper()
	s := opportunities.NewService(opportunities.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
	o, err := s.Create(context.Background(), opportunities.By{}, &opportunities.Opportunity{Kind: kind, Title: "Deux places", Source: "employer",
		Place: opportunities.Place{Perimeter: `{"territory":"commune:26281"}`}})
	must(h.t, err)
	if kind == opportunities.JobNeed {
		o, err = s.Publish(context.Background(), opportunities.By{}, o.ID, 0)
		must(h.t, err)
	}
	return int64(o.Lots[0].ID)
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

// as is a context of Alix, counsellor of near.
func (h *house) as() context.Context { return accounts.With(context.Background(), h.alix) }

// gardener is a journey of near.
func (h *house) gardener() *people.Person {
	yes := true
	return &people.Person{OrganisationID: h.near, CounsellorID: &h.counsellor, Key: "P12", Commune: "26281", EnteredOn: "2026-01-05", ContractEnds: "2027-01-04",
		Profile: people.Profile{
			Mobility:  []people.Mobility{{Mode: people.Bicycle, Minutes: 30}, {Mode: people.Transit, Minutes: 45, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning)}},
			Wished:    []people.Wish{{ROME: "A1203"}, {ROME: "K2204"}},
			Held:      []people.Held{{ROME: "K2204", Months: 24}},
			Aptitudes: []people.Holding{{Code: "permis-am"}, {Code: "tonte", Level: nomenclatures.Alone, On: "2026-06-01", Source: people.Observed}},
			Languages: []people.Speaks{{Language: "fr", Level: 3}},
			Hours:     people.WeeklyHours{Min: 20, Max: 26}, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning), Split: &yes}}
}

func (h *house) made(p *people.Person) *people.Person {
	h.t.Helper()
	out, err := h.Create(h.as(), p)
	must(h.t, err)
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("%v, want kind %d", err, kind)
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if err == nil || fault.Of(err).Code != code {
		t.Fatalf("%v, want %s", err, code)
	}
}

// located gathers the paths at fault.
func located(err error) string {
	var out []string
	for _, f := range fault.Of(err).Fields {
		out = append(out, f.Path+"="+f.Code)
	}
	return strings.Join(out, " ")
}
