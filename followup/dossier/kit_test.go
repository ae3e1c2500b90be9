package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/dossier"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is a call of Livron and two gardeners around it.
type room struct {
	t      *testing.T
	ctx    context.Context // the system's
	st     *store.Store
	clock  *testkit.Clock
	lots   *opportunities.Service
	match  *matching.Service
	follow *followup.Service
	files  *dossier.Service

	members []*network.Organisation
	call    *opportunities.Opportunity
	ids     []matching.ID // of the call with each member
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	r := &room{t: t, ctx: accounts.With(context.Background(), accounts.TheSystem()), st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	r.must(err)
	now := r.clock.Now
	members := network.NewService(network.Config{Store: st, Atlas: a, Now: now})
	r.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: now})
	r.match = matching.NewService(matching.Config{Store: st, Atlas: a, Now: now})
	keeper, err := dossier.NewKeeper(dossier.Config{Store: st, Now: now, Network: members, Opportunities: r.lots, Matching: r.match})
	r.must(err)
	r.follow = followup.NewService(followup.Config{Store: st, Atlas: a, Now: now, Network: members, Opportunities: r.lots, Matching: r.match, Handed: keeper})
	r.files, err = dossier.NewService(dossier.Config{Store: st, Now: now, Network: members, Opportunities: r.lots, Matching: r.match, Followup: r.follow})
	r.must(err)
	for _, m := range [][2]string{{"Brindesaule", "12345678200119"}, {"Ronce et Compas", "12345678200218"}} {
		o, err := members.Save(r.ctx, gardener(m[0], m[1]), 0)
		r.must(err)
		r.members = append(r.members, o)
	}
	made, err := r.lots.Create(r.ctx, opportunities.By{}, tender())
	r.must(err)
	r.call, err = r.lots.Publish(r.ctx, opportunities.By{}, made.ID, 0)
	r.must(err)
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
	return &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, SIRET: network.SIRET(siret), Active: true, Source: "demo",
		Sites:      []network.Site{{Main: true, Address: "3 rue des Saules", Commune: "26108", Postcode: "26400", City: "Crest"}},
		Activities: []network.Activity{{Codes: cpv("77310000"), Modes: []network.Mode{network.Provision}, Zone: `{"radius":{"commune":"26108","km":40}}`, Origin: network.Declared, ZoneOrigin: network.Declared}}}
}

func tender() *opportunities.Opportunity {
	deadline := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	return &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Espaces verts", BuyerName: "Ville de Livron", Source: "officer", Key: "procedure:livron", Deadline: &deadline,
		Description: "Entretien des berges. Le candidat remet le DUME et une attestation d’assurance en cours de validité. Une visite obligatoire a lieu sur place.",
		Place:       opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`},
		Clause:      opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE},
		Lots:        []opportunities.Lot{{Number: "1", Title: "Espaces verts et berges", Codes: cpv("77310000"), FTE: 5}}}
}

// work does what the jobs waiting in the queue ask of matching.
func (r *room) work() {
	r.t.Helper()
	var rows []struct {
		Kind string `bun:"kind"`
		Args string `bun:"args"`
	}
	args := "json(args)"
	if r.st.Engine() == store.PostgreSQL {
		args = "CAST(args AS text)"
	}
	r.must(r.st.Read().NewRaw("SELECT kind, "+args+" AS args FROM river_job WHERE state = 'available' ORDER BY id").Scan(r.ctx, &rows))
	for _, j := range rows {
		switch j.Kind {
		case opportunities.Changed{}.Kind():
			var a opportunities.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.match.RefreshLots(r.ctx, a.Lots))
		case network.Changed{}.Kind():
			var a network.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.match.RefreshOrganisations(r.ctx, a.IDs))
		}
	}
}

// as is the context of somebody of a member.
func (r *room) as(member int) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: accounts.UserID(100 + member), Role: accounts.Member, OrganisationID: int64(r.members[member].ID)})
}

// officer is the context of an officer of a département.
func (r *room) officer(code string) context.Context {
	r.t.Helper()
	a, _ := atlas()
	e, err := territories.ParseExpr([]byte(`{"territory":"departement:` + code + `"}`))
	r.must(err)
	p, err := a.Compile(e)
	r.must(err)
	return accounts.With(context.Background(), accounts.Identity{UserID: 200, Role: accounts.Officer, OrganisationID: 9999, Perimeter: p.Set})
}

func (r *room) admin() context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Admin, OrganisationID: 9998})
}

func pdf(words string) *dossier.Upload {
	return &dossier.Upload{Name: "papier.pdf", Content: []byte("%PDF-1.7\n" + words)}
}

func (r *room) keep(d dossier.Draft) *dossier.Piece {
	r.t.Helper()
	d.Organisation = r.members[0].ID
	p, err := r.files.Keep(r.as(0), d)
	r.must(err)
	return p
}

// zipped makes a small archive with these members.
func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
