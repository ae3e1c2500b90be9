package conventions_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/conventions"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is an employer of Valence, a structure of the Drôme and one of the Nord.
type room struct {
	t                          *testing.T
	ctx                        context.Context
	st                         *store.Store
	clock                      *testkit.Clock
	network                    *network.Service
	offers                     *opportunities.Service
	routes                     *conventions.Service
	hotel, chain, crest, lille *network.Organisation
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	r := &room{t: t, st: st, ctx: accounts.With(context.Background(), accounts.TheSystem()), clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	r.must(err)
	now := r.clock.Now
	r.network = network.NewService(network.Config{Store: st, Atlas: a, Now: now})
	r.offers = opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: now})
	r.routes = conventions.NewService(conventions.Config{Store: st, Atlas: a, Now: now, Opportunities: r.offers})
	save := func(role network.Role, name, commune string) *network.Organisation {
		o, err := r.network.Save(r.ctx, &network.Organisation{Role: role, Kind: map[bool]network.Kind{true: network.KindACI}[role == network.Member], Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: territories.CommuneCode(commune)}}}, 0)
		r.must(err)
		return o
	}
	r.hotel, r.chain = save(network.Employer, "Hôtel du Pont", "26362"), save(network.Employer, "Chaîne", "75056")
	r.crest, r.lille = save(network.Member, "Brindesaule", "26108"), save(network.Member, "Les Beffrois", "59350")
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) partnership(p network.Partnership, signed ...*network.Organisation) *network.Partnership {
	r.t.Helper()
	for _, o := range signed {
		p.Signatories = append(p.Signatories, o.ID)
	}
	out, err := r.network.SavePartnership(r.ctx, &p)
	r.must(err)
	return out
}

// post publishes a need of an employer, somewhere (""; nowhere said).
func (r *room) post(by *network.Organisation, where string) *opportunities.Opportunity {
	r.t.Helper()
	id := int64(by.ID)
	last := r.clock.Now().AddDate(0, 0, 20)
	o := &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Une personne en cuisine", Source: "employer", PublisherID: &id, BuyerID: &id, BuyerName: by.Name, Deadline: &last, Lots: []opportunities.Lot{{Number: "1", Title: "Cuisine", Posts: 1}}}
	if where != "" {
		o.Place = opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"` + where + `"}`}
	}
	made, err := r.offers.CreateAndPublish(r.ctx, opportunities.By{}, o)
	r.must(err)
	return made
}

func as(role accounts.Role, o *network.Organisation) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: accounts.UserID(o.ID), Role: role, OrganisationID: int64(o.ID)})
}

// names tells what somebody is brought: post → convention.
func (r *room) names(ctx context.Context) map[opportunities.ID]string {
	r.t.Helper()
	all, err := r.routes.For(ctx)
	r.must(err)
	out := map[opportunities.ID]string{}
	for _, route := range all {
		if out[route.Opportunity] != "" {
			r.t.Errorf("post %d is routed twice", route.Opportunity)
		}
		out[route.Opportunity] = route.Name
	}
	return out
}

func (r *room) want(when string, ctx context.Context, all map[opportunities.ID]string) {
	r.t.Helper()
	if got := r.names(ctx); fmt.Sprint(got) != fmt.Sprint(all) {
		r.t.Errorf("%s: %v, want %v", when, got, all)
	}
}

func TestAConventionRoutesTheNeedsOfItsEmployers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		frame := r.partnership(network.Partnership{Name: "Cadre"}, r.chain)
		drome := r.partnership(network.Partnership{Name: "Drôme", ParentID: &frame.ID, Territory: `{"territory":"departement:26"}`, From: "2026-01-01", Until: "2026-12-10"}, r.hotel, r.crest)
		valence := r.post(r.hotel, "commune:26362")
		silent := r.post(r.hotel, "")
		elsewhere := r.post(r.hotel, "commune:59350")
		far := r.post(r.chain, "commune:59350")
		near := r.post(r.chain, "commune:26281")
		alone := r.post(r.crest, "commune:26108") // a member's is not routed
		here := map[opportunities.ID]string{valence.ID: "Drôme", silent.ID: "Drôme", near.ID: "Drôme", far.ID: "Cadre"}
		r.want("member", as(accounts.Member, r.crest), here)
		r.want("counsellor", as(accounts.Counsellor, r.crest), here)
		r.want("elsewhere", as(accounts.Counsellor, r.lille), map[opportunities.ID]string{far.ID: "Cadre"})
		if _, err := r.routes.For(as(accounts.Employer, r.hotel)); err == nil {
			t.Error("an employer is routed needs")
		}
		for _, id := range []opportunities.ID{elsewhere.ID, alone.ID} {
			if _, there := r.names(accounts.With(r.ctx, accounts.Identity{UserID: 1, Role: accounts.Admin}))[id]; there {
				t.Errorf("post %d is routed", id)
			}
		}
		of, err := r.routes.Of(r.ctx, drome.ID)
		r.must(err)
		if len(of) != 3 {
			t.Errorf("the convention routes %d", len(of))
		}
		_, err = r.offers.Close(r.ctx, opportunities.By{}, valence.ID, 0)
		r.must(err)
		r.clock.Advance(18 * 24 * time.Hour) // the convention is over, the frame is not
		r.want("after its last day", as(accounts.Member, r.crest), map[opportunities.ID]string{near.ID: "Cadre", far.ID: "Cadre"})
		r.clock.Advance(5 * 24 * time.Hour)
		r.want("after the deadlines", as(accounts.Member, r.crest), map[opportunities.ID]string{})
	})
}
