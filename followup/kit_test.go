package followup_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is a database with a call of Livron and three gardeners around it.
type room struct {
	t       *testing.T
	ctx     context.Context // the system's
	st      *store.Store
	clock   *testkit.Clock
	network *network.Service
	lots    *opportunities.Service
	matches *matching.Service
	follow  *followup.Service

	members []*network.Organisation
	call    *opportunities.Opportunity
	ids     []matching.ID // of the call with each member
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	if err != nil {
		t.Fatal(err)
	}
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	r := &room{t: t, ctx: accounts.With(context.Background(), accounts.TheSystem()), st: st, clock: clock,
		network: network.NewService(network.Config{Store: st, Atlas: a, Now: clock.Now}),
		lots:    opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: clock.Now}),
		matches: matching.NewService(matching.Config{Store: st, Atlas: a, Now: clock.Now})}
	r.follow = followup.NewService(followup.Config{Store: st, Atlas: a, Now: clock.Now, Network: r.network, Opportunities: r.lots, Matching: r.matches})
	for _, m := range [][2]string{{"Brindesaule", "12345678200119"}, {"Ronce et Compas", "12345678200218"}, {"Les Lampions", "12345678200317"}} {
		r.members = append(r.members, r.save(gardener(m[0], m[1])))
	}
	r.call = r.publish(tender())
	r.work()
	r.must(st.Read().NewRaw("SELECT id FROM matches ORDER BY organisation_id").Scan(r.ctx, &r.ids))
	if len(r.ids) != len(r.members) {
		t.Fatalf("matches %v", r.ids)
	}
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func cpv(c string) []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: c}}
}

func gardener(name, siret string) *network.Organisation {
	return &network.Organisation{
		Role: network.Member, Kind: network.KindACI, Name: name, SIRET: network.SIRET(siret), Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, Commune: "26108", Postcode: "26400", City: "Crest"}},
		Activities: []network.Activity{{
			Codes: cpv("77310000"), Modes: []network.Mode{network.Provision}, Zone: `{"radius":{"commune":"26108","km":40}}`,
			Origin: network.Declared, ZoneOrigin: network.Declared,
		}},
	}
}

func tender() *opportunities.Opportunity {
	deadline := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	return &opportunities.Opportunity{
		Kind: opportunities.Tender, Title: "Espaces verts", BuyerName: "Ville de Livron", Source: "officer", Key: "procedure:livron", Deadline: &deadline,
		Place:  opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`},
		Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: 420},
		Lots:   []opportunities.Lot{{Number: "1", Title: "Espaces verts et berges", Codes: cpv("77310000"), FTE: 5}},
	}
}

func (r *room) save(o *network.Organisation) *network.Organisation {
	r.t.Helper()
	out, err := r.network.Save(r.ctx, o, 0)
	r.must(err)
	return out
}

func (r *room) publish(o *opportunities.Opportunity) *opportunities.Opportunity {
	r.t.Helper()
	made, err := r.lots.Create(r.ctx, opportunities.By{}, o)
	r.must(err)
	made, err = r.lots.Publish(r.ctx, opportunities.By{}, made.ID, 0)
	r.must(err)
	return made
}

// work does what the jobs waiting in the queue ask of matching.
func (r *room) work() {
	r.t.Helper()
	var rows []struct {
		ID   int64  `bun:"id"`
		Kind string `bun:"kind"`
		Args string `bun:"args"`
	}
	args := "json(args)"
	if r.st.Engine() == store.PostgreSQL {
		args = "CAST(args AS text)"
	}
	r.must(r.st.Read().NewRaw("SELECT id, kind, "+args+" AS args FROM river_job WHERE state = 'available' ORDER BY id").Scan(r.ctx, &rows))
	for _, j := range rows {
		switch j.Kind {
		case opportunities.Changed{}.Kind():
			var a opportunities.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.matches.RefreshLots(r.ctx, a.Lots))
		case network.Changed{}.Kind():
			var a network.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.matches.RefreshOrganisations(r.ctx, a.IDs))
		}
		r.write("DELETE FROM river_job WHERE id = ?", j.ID)
	}
}

// write runs a statement in a transaction.
func (r *room) write(query string, args ...any) {
	r.t.Helper()
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	}))
}

// as is the context of somebody of a member.
func (r *room) as(member int) context.Context {
	return accounts.With(r.ctx, accounts.Identity{UserID: accounts.UserID(100 + member), Role: accounts.Member, OrganisationID: int64(r.members[member].ID)})
}

// officer is the context of an officer of some territory.
func (r *room) officer(perimeter string) context.Context {
	r.t.Helper()
	a, _ := atlas()
	e, err := territories.ParseExpr([]byte(`{"territory":"` + perimeter + `"}`))
	r.must(err)
	p, err := a.Compile(e)
	r.must(err)
	return accounts.With(r.ctx, accounts.Identity{UserID: 200, Role: accounts.Officer, OrganisationID: 9999, Perimeter: p.Set})
}

// history is the states that events went through, the first first.
func (r *room) history(id matching.ID) string {
	r.t.Helper()
	events, err := r.follow.Events(r.ctx, id)
	r.must(err)
	out := ""
	for i := len(events) - 1; i >= 0; i-- {
		out += string(events[i].From) + ">" + string(events[i].To) + " "
	}
	return out
}
