package placement_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// room is a database with the services that write to it, an employer in Valence,
// a structure there with its counsellor, and another structure with its own.
type room struct {
	t         *testing.T
	st        *store.Store
	clock     *testkit.Clock
	atlas     *territories.Atlas
	accounts  *accounts.Service
	network   *network.Service
	people    *people.Service
	lots      *opportunities.Service
	placement *placement.Service

	here, there, far, hotel, regional *network.Organisation
	cip, other, third                 context.Context // counsellors of the first three
	employer, rival                   context.Context
	officer                           context.Context
}

func open(t *testing.T, st *store.Store, change ...func(*placement.Config)) *room {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z"), atlas: atlas}
	now := r.clock.Now
	r.accounts, err = accounts.New(accounts.Config{Store: st, Now: now, Perimeter: accounts.PerimetersOf(atlas), Site: "https://maillage.example.org",
		Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}})
	r.must(err)
	r.network = network.NewService(network.Config{Store: st, Atlas: atlas, Now: now})
	r.people = people.NewService(people.Config{Store: st, Atlas: atlas, Now: now})
	r.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now})
	r.placement = r.process(change...)
	r.settle()
	return r
}

// process is a service of its own on the same database.
func (r *room) process(change ...func(*placement.Config)) *placement.Service {
	cfg := placement.Config{Store: r.st, Atlas: r.atlas, Now: r.clock.Now, Random: &oneByOne{from: dice(7)}}
	for _, f := range change {
		f(&cfg)
	}
	return placement.NewService(cfg)
}

// oneByOne lets several draw from the same bytes.
type oneByOne struct {
	mu   sync.Mutex
	from io.Reader
}

func (o *oneByOne) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.from.Read(p)
}

// dice are random bytes that a test can draw again.
func dice(seed uint64) io.Reader {
	var key [32]byte
	key[0] = byte(seed)
	return rand.NewChaCha8(key)
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// settle makes the organisations and who speaks for them.
func (r *room) settle() {
	r.t.Helper()
	r.here = r.save(network.Member, network.KindACI, "Chantier du Rhône", "26362", "Valence")
	r.there = r.save(network.Member, network.KindEI, "Entreprise de la Drôme", "26281", "Romans-sur-Isère")
	r.hotel = r.save(network.Employer, "", "Hôtel du Champ de Mars", "26362", "Valence")
	rival := r.save(network.Employer, "", "Restaurant de la Gare", "26362", "Valence")
	r.regional = r.save(network.Regional, "", "Association régionale", "26362", "Valence")
	r.cip = r.as(accounts.Counsellor, r.here, "Camille Roux")
	r.other = r.as(accounts.Counsellor, r.there, "Sacha Morel")
	r.employer = r.as(accounts.Employer, r.hotel, "Alex Petit")
	r.rival = r.as(accounts.Employer, rival, "Dominique Blanc")
	r.officer = r.as(accounts.Officer, r.regional, "Morgan Faure")
	r.far = r.save(network.Member, network.KindAI, "Association de Montélimar", "26198", "Montélimar")
	r.third = r.as(accounts.Counsellor, r.far, "Claude Garnier")
}

// structures are those that have people.
func (r *room) structures() []*network.Organisation {
	return []*network.Organisation{r.here, r.there, r.far}
}

// cipOf is the counsellor of a structure.
func (r *room) cipOf(structure int64) context.Context {
	switch structure {
	case int64(r.there.ID):
		return r.other
	case int64(r.far.ID):
		return r.third
	}
	return r.cip
}

func (r *room) save(role network.Role, kind network.Kind, name, commune, city string) *network.Organisation {
	r.t.Helper()
	out, err := r.network.Save(system(), &network.Organisation{Role: role, Kind: kind, Name: name, Active: true, Source: "demo", Email: "accueil@example.org", Phone: "04 75 00 00 00",
		Sites: []network.Site{{Main: true, City: city, Commune: territories.CommuneCode(commune)}}}, 0)
	r.must(err)
	return out
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

// as is the context of a new account of an organisation.
func (r *room) as(role accounts.Role, o *network.Organisation, name string) context.Context {
	r.t.Helper()
	in := accounts.Invite{Email: fmt.Sprintf("compte%d@example.org", o.ID), Role: role, OrganisationID: int64(o.ID)}
	if role == accounts.Officer {
		in.Perimeter = territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "26"}).String()
	}
	u, err := r.accounts.AddUser(system(), in, name, "un train passe à l'aube")
	r.must(err)
	id := accounts.Identity{UserID: u.ID, Role: role, OrganisationID: int64(o.ID), Lang: "fr"}
	if role == accounts.Officer {
		all, err := r.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
		r.must(err)
		id.Perimeter = all
	}
	return accounts.With(context.Background(), id)
}

// cook is somebody of Valence who cooks, drives and is free.
func (r *room) cook() *people.Person {
	return &people.Person{OrganisationID: int64(r.here.ID), Commune: "26362", EnteredOn: "2026-03-02", Profile: people.Profile{
		Wished:    []people.Wish{{ROME: "G1602"}},
		Held:      []people.Held{{ROME: "G1602", Months: 14}},
		Aptitudes: []people.Holding{{Code: "permis-b"}, {Code: "sst"}},
		Languages: []people.Speaks{{Language: "fr", Level: 4}, {Language: "pt", Level: 6}}, // the second is asked by nobody
		Hours:     people.WeeklyHours{Min: 20, Max: 35},
		Slots:     nomenclatures.Every(0, 4, nomenclatures.Morning) | nomenclatures.Every(0, 4, nomenclatures.Afternoon),
		Mobility:  []people.Mobility{{Mode: people.Bicycle, Km: 12}},
	}}
}

func (r *room) person(p *people.Person) *people.Person {
	r.t.Helper()
	out, err := r.people.Create(r.cipOf(p.OrganisationID), p)
	r.must(err)
	return out
}

// crowd makes n people alike of the first structure.
func (r *room) crowd(n int) []*people.Person {
	r.t.Helper()
	var out []*people.Person
	for range n {
		out = append(out, r.person(r.cook()))
	}
	return out
}

// kitchen is a need of the hotel.
func (r *room) kitchen() *opportunities.Opportunity {
	id := int64(r.hotel.ID)
	return &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Commis de cuisine", Source: "employer", BuyerID: &id, PublisherID: &id, BuyerName: r.hotel.Name,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`},
		Lots: []opportunities.Lot{{Number: "1", Title: "Commis de cuisine", Codes: rome("G1602"), Posts: 1, StartsOn: "2026-12-07", Terms: &opportunities.Terms{
			Contract: opportunities.FixedTerm, Hours: 30, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning),
			Aptitudes: []opportunities.Wanted{{Code: "permis-b", Required: true}, {Code: "sst"}},
			Languages: []opportunities.Speaking{{Language: "fr", Level: 2, Required: true}}}}}}
}

func rome(codes ...string) (out []nomenclatures.Code) {
	for _, c := range codes {
		out = append(out, nomenclatures.Code{Scheme: nomenclatures.SchemeROME, Value: c})
	}
	return out
}

func (r *room) publish(o *opportunities.Opportunity) *opportunities.Opportunity {
	r.t.Helper()
	made, err := r.lots.Create(system(), opportunities.By{}, o)
	r.must(err)
	made, err = r.lots.Publish(system(), opportunities.By{}, made.ID, 0)
	r.must(err)
	return made
}

// agree records that people agree to a position.
func (r *room) agree(lot opportunities.LotID, all ...*people.Person) {
	r.t.Helper()
	for _, p := range all {
		ctx := r.cipOf(p.OrganisationID)
		_, err := r.people.Ask(ctx, p.ID, int64(lot))
		r.must(err)
		_, err = r.people.Give(ctx, p.ID, int64(lot), "")
		r.must(err)
	}
}

func (r *room) propose(lot opportunities.LotID, p *people.Person) *placement.Proposal {
	r.t.Helper()
	out, err := r.placement.Propose(r.cipOf(p.OrganisationID), placement.Offer{Person: p.ID, Lot: lot})
	r.must(err)
	return out
}

// work does what the jobs waiting in the queue ask, as the jobs door does.
func (r *room) work() {
	r.t.Helper()
	var rows []struct {
		ID   int64  `bun:"id"`
		Kind string `bun:"kind"`
		Args string `bun:"args"`
	}
	args := "json(args)" // river keeps it in SQLite's own form
	if r.st.Engine() == store.PostgreSQL {
		args = "CAST(args AS text)"
	}
	ctx := context.Background()
	r.must(r.st.Read().NewRaw("SELECT id, kind, "+args+" AS args FROM river_job WHERE state = 'available' ORDER BY id").Scan(ctx, &rows))
	for _, j := range rows {
		switch j.Kind {
		case opportunities.Changed{}.Kind():
			var a opportunities.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.placement.RefreshPositions(ctx, a.Lots))
		case people.Changed{}.Kind():
			var a people.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.placement.RefreshPeople(ctx, a.IDs))
		}
		r.must(r.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("DELETE FROM river_job WHERE id = ?", j.ID).Exec(ctx)
			return err
		}))
	}
}

func (r *room) refused(err error, code string) {
	r.t.Helper()
	if err == nil || fault.Of(err).Code != code {
		r.t.Errorf("got %v, want %s", err, code)
	}
}

func (r *room) count(table string) int {
	r.t.Helper()
	n, err := r.st.Read().NewSelect().Table(table).Count(context.Background())
	r.must(err)
	return int(n)
}
