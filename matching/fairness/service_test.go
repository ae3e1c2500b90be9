package fairness_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	engine "maillage/matching/engine/fairness"
	"maillage/matching/fairness"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// room is a database with a structure of Valence and one of Lille, and a hotel.
type room struct {
	t           *testing.T
	clock       *testkit.Clock
	st          *store.Store
	atlas       *territories.Atlas
	people      *people.Service
	lots        *opportunities.Service
	placement   *placement.Service
	fairness    *fairness.Service
	here, there int64
	hotel       int64
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z"), atlas: atlas}
	now := r.clock.Now
	houses := network.NewService(network.Config{Store: st, Atlas: atlas, Now: now})
	save := func(role network.Role, kind network.Kind, name, commune string) int64 {
		o, err := houses.Save(system(), &network.Organisation{Role: role, Kind: kind, Name: name, Active: true, Source: "demo", Email: "accueil@example.org", Phone: "04 75 00 00 00",
			Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}}}, 0)
		r.must(err)
		return int64(o.ID)
	}
	r.here, r.there, r.hotel = save(network.Member, network.KindACI, "Chantier", "26362"), save(network.Member, network.KindEI, "Ateliers", "59350"), save(network.Employer, "", "Hôtel", "26362")
	r.people = people.NewService(people.Config{Store: st, Atlas: atlas, Now: now})
	r.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now})
	r.placement = placement.NewService(placement.Config{Store: st, Atlas: atlas, People: r.people, Opportunities: r.lots, Network: houses, Now: now, Crowd: -1, PerPost: 80})
	r.fairness = fairness.NewService(fairness.Config{Store: st, Atlas: atlas, People: r.people, Placement: r.placement, Now: now, Seed: func() [32]byte { return [32]byte{1} }})
	return r
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

func as(role accounts.Role, organisation int64) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 7, Role: role, OrganisationID: organisation})
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// cooks are people of a structure who cook; of those with a sex, one in two is a woman.
func (r *room) cooks(structure int64, commune territories.CommuneCode, n int, traits bool) []people.ID {
	r.t.Helper()
	ctx, out := as(accounts.Counsellor, structure), []people.ID{}
	for i := range n {
		p, err := r.people.Create(ctx, &people.Person{OrganisationID: structure, Commune: commune, EnteredOn: "2026-03-02",
			Profile: people.Profile{Wished: []people.Wish{{ROME: "G1602"}}, Mobility: []people.Mobility{{Mode: people.Bicycle, Km: 12}}}})
		r.must(err)
		if traits {
			r.must(r.people.SetTraits(ctx, p.ID, people.Traits{Sex: []people.Sex{people.Woman, people.Man}[i%2], BirthYear: 1990, QPV: people.QPVNo}))
		}
		out = append(out, p.ID)
	}
	return out
}

// kitchen is a need of the hotel for many cooks.
func (r *room) kitchen() opportunities.LotID {
	r.t.Helper()
	o, err := r.lots.Create(system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Cuisine", Source: "employer", BuyerID: &r.hotel, PublisherID: &r.hotel, BuyerName: "Hôtel",
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`},
		Lots:  []opportunities.Lot{{Number: "1", Title: "Commis", Codes: []nomenclatures.Code{nomenclatures.ROME("G1602").Code()}, Posts: 1, StartsOn: "2026-12-07", Terms: &opportunities.Terms{Contract: opportunities.FixedTerm}}}})
	r.must(err)
	o, err = r.lots.Publish(system(), opportunities.By{}, o.ID, 0)
	r.must(err)
	return o.Lots[0].ID
}

// present proposes people, who agreed, and answers those that are told to be: met
// and hired, or not retained.
func (r *room) present(lot opportunities.LotID, folk []people.ID, answer func(i int) []placement.State) {
	r.t.Helper()
	cip, boss := as(accounts.Counsellor, r.here), as(accounts.Employer, r.hotel)
	for i, id := range folk {
		_, err := r.people.Ask(cip, id, int64(lot))
		r.must(err)
		_, err = r.people.Give(cip, id, int64(lot), "")
		r.must(err)
		made, err := r.placement.Propose(cip, placement.Offer{Person: id, Lot: lot})
		r.must(err)
		r.clock.Advance(time.Hour)
		for _, state := range answer(i) {
			reply := placement.Reply{State: state}
			if state == placement.NotRetained {
				reply.Reason = placement.PlaceTaken
			}
			_, err := r.placement.Answer(boss, lot, made.Ref, 0, reply)
			r.must(err)
		}
	}
}

func table(a *fairness.Audit, m engine.Metric, d engine.Dimension) engine.Table {
	for _, t := range a.Tables {
		if t.Metric == m && t.Dimension == d {
			return t
		}
	}
	return engine.Table{}
}

// Ninety people of Valence, three of Lille of whom nothing is said; the first fifty
// are presented, every man is met, no woman is.
func TestTheAuditCountsGroups(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.cooks(r.here, "26362", 90, true)
		r.cooks(r.there, "59350", 3, false)
		r.present(r.kitchen(), folk[:50], func(i int) []placement.State {
			if i%2 == 0 {
				return []placement.State{placement.NotRetained}
			}
			return []placement.State{placement.Met}
		})
		a, err := r.fairness.Audit(as(accounts.Admin, 0))
		r.must(err)
		sex := table(a, engine.Proposed, engine.BySex)
		if len(sex.Rows) != 2 || len(sex.Untold) != 1 || !near(sex.Rows[0].N, 45) || !near(sex.Rows[1].Yes, 25) {
			t.Errorf("the three of whom nothing is said are told: %+v", sex)
		}
		if distance := table(a, engine.Proposed, engine.ByDistance); len(distance.Rows) != 1 || distance.Rows[0].Group != "under5" {
			t.Errorf("distance: %+v", distance)
		}
		met := table(a, engine.Met, engine.BySex)
		if len(met.Rows) != 2 || met.Rows[0].Bound != engine.Under || met.Rows[1].Bound != engine.Over || !near(met.Rows[0].N, 25) {
			t.Errorf("met: %+v", met)
		}
		for _, h := range a.Hours {
			if h.Dimension == engine.BySex && (len(h.Rows) != 2 || h.Rows[0].Half != 6) {
				t.Errorf("hours: %+v", h)
			}
		}
		r.scopes()
		r.names(a, folk)
	})
}

// near is what a draw and a rounding leave of a number.
func near(got, want int) bool { return got >= want-12 && got <= want+12 }

// scopes asks as each role: an officer counts homes, a counsellor its own.
func (r *room) scopes() {
	r.t.Helper()
	for name, who := range map[string]context.Context{"officer": r.officer(), "counsellor": as(accounts.Counsellor, r.here)} {
		a, err := r.fairness.Audit(who)
		r.must(err)
		if got := table(a, engine.Proposed, engine.BySex); !near(got.Total, 90) || len(got.Rows) != 2 || got.Rows[1].Group != "m" {
			r.t.Errorf("%s: %+v", name, got)
		}
	}
	if a, err := r.fairness.Audit(as(accounts.Counsellor, r.there)); err != nil || !table(a, engine.Proposed, engine.BySex).Few {
		r.t.Errorf("a structure of three people is told: %v", err)
	}
	for _, role := range []accounts.Role{accounts.Employer, accounts.Member, accounts.Researcher, accounts.Public} {
		if _, err := r.fairness.Audit(as(role, r.here)); !fault.Is(err, fault.KindForbidden) {
			r.t.Errorf("%s may audit: %v", role, err)
		}
	}
	n, err := r.st.Read().NewSelect().Table("audit_entries").Where("action = ?", accounts.PeopleAudit).Count(context.Background())
	if err != nil || n != 4 {
		r.t.Errorf("%d readings in the trail, want 4 (%v)", n, err)
	}
}

// officer is one of the Drôme.
func (r *room) officer() context.Context {
	drome, err := r.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	r.must(err)
	return accounts.With(context.Background(), accounts.Identity{UserID: 8, Role: accounts.Officer, OrganisationID: 99, Perimeter: drome})
}

// names looks for anything that tells a person in the table.
func (r *room) names(a *fairness.Audit, folk []people.ID) {
	r.t.Helper()
	var b bytes.Buffer
	r.must(fairness.WriteCSV(&b, "fr", a, func(kind, code string) string { return kind + ":" + code }))
	text := b.String()
	if !strings.HasPrefix(text, "\uFEFF") || !strings.Contains(text, "m:proposed;u:person;by:sex;g:") || !strings.Contains(text, ";proposed;person;sex;") {
		r.t.Errorf("table: %s", text)
	}
	all, err := r.people.LoadForMatching(context.Background(), folk...)
	r.must(err)
	for _, p := range all {
		if strings.Contains(text+fmt.Sprintf("%+v", a), p.Code) {
			r.t.Errorf("the code of a person is in the report")
		}
	}
}
