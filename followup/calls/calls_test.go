package calls_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/calls"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is an association of the Drôme, a pole of two gardeners, and a third who is
// not of it.
type room struct {
	t                   *testing.T
	ctx                 context.Context // the system's
	st                  *store.Store
	clock               *testkit.Clock
	network             *network.Service
	offers              *opportunities.Service
	matches             *matching.Service
	follow              *followup.Service
	calls               *calls.Service
	association         *network.Organisation
	crest, valence, die *network.Organisation
	pole                *network.Pole
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	r := &room{t: t, st: st, ctx: accounts.With(context.Background(), accounts.TheSystem()), clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	r.must(err)
	now := r.clock.Now
	r.network = network.NewService(network.Config{Store: st, Atlas: a, Now: now})
	r.offers = opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: now})
	r.matches = matching.NewService(matching.Config{Store: st, Atlas: a, Now: now, Network: r.network, Opportunities: r.offers})
	r.follow = followup.NewService(followup.Config{Store: st, Atlas: a, Now: now, Network: r.network, Opportunities: r.offers, Matching: r.matches})
	r.calls = calls.NewService(calls.Config{Store: st, Atlas: a, Now: now, Network: r.network, Opportunities: r.offers, Followup: r.follow})
	r.association = r.save(&network.Organisation{Role: network.Regional, Name: "Maillage régional", Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "26362"}}})
	r.crest, r.valence, r.die = r.gardener("Brindesaule", "26108"), r.gardener("Ronce", "26362"), r.gardener("Les Lampions", "26113")
	r.pole, err = r.network.SavePole(r.ctx, &network.Pole{Name: "Pôle du Diois", Seat: "26113", Territory: `{"territory":"departement:26"}`, Members: []network.ID{r.crest.ID, r.valence.ID}})
	r.must(err)
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) save(o *network.Organisation) *network.Organisation {
	r.t.Helper()
	out, err := r.network.Save(r.ctx, o, 0)
	r.must(err)
	return out
}

func sector() []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: "espaces-verts"}}
}

func (r *room) gardener(name, commune string) *network.Organisation {
	return r.save(&network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: territories.CommuneCode(commune)}},
		Activities: []network.Activity{{Codes: sector(), Modes: []network.Mode{network.Provision}, Zone: `{"territory":"departement:26"}`, Origin: network.Declared, ZoneOrigin: network.Declared}}})
}

func member(o *network.Organisation) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: accounts.UserID(100 + o.ID), Role: accounts.Member, OrganisationID: int64(o.ID)})
}

func (r *room) officer(code string, own int64) context.Context {
	a, _ := atlas()
	p, err := a.CompileText(`{"territory":"departement:` + code + `"}`)
	r.must(err)
	return accounts.With(context.Background(), accounts.Identity{UserID: 5, Role: accounts.Officer, OrganisationID: own, Perimeter: p.Set})
}

func (r *room) draft(key string, pole int64) calls.Draft {
	last := r.clock.Now().AddDate(0, 0, 14)
	return calls.Draft{Key: key, Kind: opportunities.PartnerCall, Title: "Un binôme pour les berges", Description: "Une équipe de quatre, de mars à juin.", Codes: sector(), Deadline: &last, Pole: pole,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"departement:26"}`}}
}

func (r *room) takeover(key string) calls.Draft {
	d := r.draft(key, 0)
	d.Kind, d.Title = opportunities.Takeover, "Un chantier d’espaces verts à reprendre"
	d.Handover = &calls.Handover{Form: calls.Transfer, Assets: []calls.Asset{"team", "equipment"}, Turnover: "100k_250k", Jobs: 4.5, Motive: "retirement"}
	return d
}

func (r *room) publish(ctx context.Context, d calls.Draft) opportunities.ID {
	r.t.Helper()
	id, err := r.calls.Publish(ctx, d)
	r.must(err)
	return id
}

func TestACallOfAPoleIsAnsweredAndSettled(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id := r.publish(member(r.crest), r.draft("a", r.pole.ID))
		if again := r.publish(member(r.crest), r.draft("a", r.pole.ID)); again != id {
			t.Fatal("the same gesture made two calls")
		}
		r.publish(accounts.With(r.ctx, accounts.Identity{UserID: 9, Role: accounts.Admin}), r.draft("of nobody", 0))
		if _, err := r.calls.Publish(member(r.crest), r.draft("of nobody", 0)); fault.Of(err).Code != "key-taken" {
			t.Errorf("a key of an administrator made somebody else's call: %v", err)
		}
		o, err := r.offers.Get(r.ctx, id)
		r.must(err)
		if o.BuyerName != "Pôle du Diois" || o.BuyerID != nil || o.State != opportunities.Published {
			t.Errorf("published %+v", o)
		}
		if _, err := r.calls.Publish(member(r.die), r.draft("b", r.pole.ID)); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("who is not of the pole published for it: %v", err)
		}
		r.must(r.matches.RefreshLots(r.ctx, []opportunities.LotID{o.Lots[0].ID}))
		for range 2 {
			_, err = r.calls.Express(member(r.die), id, " Nous avons une équipe libre. ")
			r.must(err)
		}
		if _, err := r.calls.Express(member(r.crest), id, "Moi"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("one answered one's own call: %v", err)
		}
		if sheet, err := r.calls.Sheet(member(r.valence), id); err != nil || len(sheet.Interests) != 0 || sheet.Speaks {
			t.Errorf("another member reads who is interested: %+v %v", sheet, err)
		}
		if sheet, err := r.calls.Sheet(r.officer("26", int64(r.association.ID)), id); err != nil || len(sheet.Interests) != 1 || sheet.Speaks {
			t.Errorf("the officer follows it up: %+v %v", sheet, err)
		}
		waiting, err := r.calls.Awaiting(member(r.crest))
		r.must(err)
		if len(waiting) != 1 || waiting[0].Word != "Nous avons une équipe libre." {
			t.Fatalf("waiting %+v", waiting)
		}
		if _, err := r.calls.Settle(member(r.die), waiting[0].ID, 0, calls.Decision{To: calls.Accepted}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("settled by who is interested: %v", err)
		}
		if _, err := r.calls.Settle(member(r.crest), waiting[0].ID, 0, calls.Decision{To: calls.Declined}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("declined without a reason: %v", err)
		}
		for range 2 {
			_, err = r.calls.Settle(member(r.crest), waiting[0].ID, waiting[0].Revision, calls.Decision{To: calls.Declined, Reason: "timing", Note: "Rappelez en mars."})
			r.must(err)
		}
		_, err = r.calls.Settle(member(r.crest), waiting[0].ID, 0, calls.Decision{To: calls.Accepted})
		r.must(err)
		steps, err := r.calls.Steps(member(r.die), waiting[0].ID)
		r.must(err)
		var states []string
		for _, e := range steps {
			states = append(states, string(e.From)+">"+string(e.To))
		}
		if want := []string{">expressed", "expressed>declined", "declined>accepted"}; !slices.Equal(states, want) {
			t.Errorf("steps %v", states)
		}
		all, err := r.follow.List(r.officer("26", int64(r.association.ID)), followup.Filter{Lot: o.Lots[0].ID})
		r.must(err)
		for _, l := range all {
			if interested := l.State == followup.Interested; interested != (l.Organisation.ID == r.die.ID) {
				t.Errorf("%s is %s", l.Organisation.Name, l.State)
			}
		}
	})
}

func TestACallClosesByItself(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id := r.publish(r.officer("26", int64(r.association.ID)), r.draft("a", r.pole.ID))
		late := r.draft("b", 0)
		past := r.clock.Now().Add(-time.Hour)
		late.Deadline = &past
		if _, err := r.calls.Publish(member(r.crest), late); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a last day that has passed: %v", err)
		}
		_, err := r.calls.Express(member(r.die), id, "Nous aussi.")
		r.must(err)
		r.clock.Advance(15 * 24 * time.Hour)
		if _, err := r.calls.Express(member(r.valence), id, "Trop tard"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("answered after the last day: %v", err)
		}
		if n, err := r.offers.CloseLate(r.ctx); err != nil || n != 1 {
			t.Fatalf("closed %d: %v", n, err)
		}
		waiting, err := r.calls.Awaiting(r.officer("26", int64(r.association.ID)))
		r.must(err)
		_, err = r.calls.Settle(r.officer("26", int64(r.association.ID)), waiting[0].ID, 0, calls.Decision{To: calls.Accepted})
		r.must(err) // what was said in time is settled afterwards
		if _, err := r.calls.Withdraw(member(r.die), id); err != nil {
			t.Error(err)
		}
	})
}

// veiled expects that the trail tells an administrator neither who published a takeover nor
// who was interested or settled it, and themself what they did.
func (r *room) veiled(id opportunities.ID) {
	r.t.Helper()
	a, err := atlas()
	r.must(err)
	trail, err := accounts.New(accounts.Config{Store: r.st, Now: r.clock.Now, Perimeter: accounts.PerimetersOf(a), Site: "https://maillage.example.org"})
	r.must(err)
	admin := accounts.Identity{UserID: 9999, Role: accounts.Admin}
	read := func(who accounts.Identity, f accounts.AuditFilter) (rows []accounts.AuditRow) {
		all, err := trail.AuditTrail(accounts.With(context.Background(), who), f)
		r.must(err)
		for _, row := range all {
			if row.Entity == "opportunity" && row.EntityID == int64(id) || row.Entity == "interest" {
				rows = append(rows, row)
			}
		}
		return rows
	}
	rows := read(admin, accounts.AuditFilter{})
	if len(rows) < 4 {
		r.t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		if row.UserID != 0 || row.RequestID != "" || !row.Veiled {
			r.t.Errorf("the trail tells who: %+v", row)
		}
	}
	author := accounts.From(member(r.crest)).UserID
	if rows := read(admin, accounts.AuditFilter{UserID: author}); len(rows) != 0 {
		r.t.Errorf("found by looking for the account: %+v", rows)
	}
	admin.UserID = author
	if rows := read(admin, accounts.AuditFilter{UserID: author}); len(rows) == 0 {
		r.t.Error("what somebody did is veiled from themself")
	}
}

// Who hands over is named to those alone whom they accept.
func TestWhoHandsOverIsNamedToTheAcceptedAlone(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id := r.publish(member(r.crest), r.takeover("a"))
		o, err := r.offers.Get(r.ctx, id)
		r.must(err)
		if o.PublisherID != nil || o.BuyerID != nil || o.BuyerName != "" || o.TransferorID == nil || strings.Contains(o.Folded, "brindesaule") {
			t.Errorf("the call names who hands over: %+v", o)
		}
		answer, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{Near: 50, Apart: 50})
		r.must(err)
		if answer.Total != 2 || slices.ContainsFunc(answer.Near, func(n matching.NearItem) bool { return n.Organisation.ID == r.crest.ID }) {
			t.Errorf("%d could take over, near %+v", answer.Total, answer.Near)
		}
		named := func(ctx context.Context) network.ID {
			sheet, err := r.calls.Sheet(ctx, id)
			r.must(err)
			return sheet.Transferor
		}
		i, err := r.calls.Express(member(r.die), id, "Nous reprendrions l’équipe.")
		r.must(err)
		_, err = r.calls.Express(member(r.valence), id, "Nous aussi.")
		r.must(err)
		officer := r.officer("26", int64(r.association.ID))
		admin := accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Admin})
		for who, ctx := range map[string]context.Context{"interested": member(r.die), "other": member(r.valence), "officer": officer, "admin": admin, "visitor": context.Background()} {
			if named(ctx) != 0 {
				t.Errorf("%s reads who hands over", who)
			}
		}
		if sheet, err := r.calls.Sheet(officer, id); err != nil || len(sheet.Interests) != 0 {
			t.Errorf("an officer reads who would take over: %+v %v", sheet, err)
		}
		_, err = r.calls.Settle(member(r.crest), i.ID, 0, calls.Decision{To: calls.Accepted})
		r.must(err)
		r.veiled(id)
		if named(member(r.die)) != r.crest.ID || named(member(r.valence)) != 0 || named(member(r.crest)) != r.crest.ID {
			t.Error("the name is not where it should be")
		}
		_, err = r.calls.Withdraw(member(r.die), id)
		r.must(err)
		if named(member(r.die)) != 0 {
			t.Error("who withdrew still reads the name")
		}
	})
}

func TestAHandoverSaysAll(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		d := r.takeover("a")
		d.Handover, d.Pole, d.Codes, d.Deadline = nil, r.pole.ID, nil, nil
		_, err := r.calls.Publish(member(r.crest), d)
		var paths []string
		for _, f := range fault.Of(err).Fields {
			paths = append(paths, f.Path)
		}
		if want := []string{"codes", "deadline", "pole", "handover.form", "handover.assets", "handover.turnover", "handover.motive"}; !slices.Equal(paths, want) {
			t.Errorf("faults %v, want %v", paths, want)
		}
		if _, err := r.calls.Publish(r.officer("59", 9999), r.takeover("b")); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an officer names who hands over: %v", err)
		}
		far := r.takeover("c")
		far.Transferor = r.crest.ID
		if _, err := r.calls.Publish(r.officer("59", 9999), far); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer of elsewhere: %v", err)
		}
		r.publish(r.officer("26", int64(r.association.ID)), far)
	})
}

// What everybody reads of a takeover does not tell who hands over, whoever writes it;
// the commune is nobody's name.
func TestATakeoverNamesNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crest.SIRET, r.crest.Website, r.crest.Phone = "12345678200119", "https://www.brindesaule.example.org", "04 75 01 02 03"
		r.save(r.crest)
		officer := r.officer("26", int64(r.association.ID))
		for name, c := range map[string]struct {
			field string
			write func(*calls.Draft)
		}{
			"name":  {"title", func(d *calls.Draft) { d.Title = "L’atelier Brindesaule est à reprendre" }},
			"siren": {"description", func(d *calls.Draft) { d.Description = "Un chantier, SIREN 123 456 782." }},
			"phone": {"description", func(d *calls.Draft) { d.Description = "Appelez le 04.75.01.02.03" }},
			"site":  {"description", func(d *calls.Draft) { d.Description = "Voir brindesaule.example.org/equipe" }},
			"place": {"place.words", func(d *calls.Draft) { d.Place.Words = "Chez Brindesaule" }},
		} {
			for by, ctx := range map[string]context.Context{"its own": member(r.crest), "an officer": officer} {
				d := r.takeover(name + by)
				d.Transferor = r.crest.ID
				c.write(&d)
				if _, err := r.calls.Publish(ctx, d); !fault.Is(err, fault.KindInvalid) || len(fault.Of(err).Fields) != 1 || fault.Of(err).Fields[0].Path != c.field {
					t.Errorf("%s, by %s: %v", name, by, err)
				}
			}
		}
		d := r.takeover("commune")
		d.Title = "Un chantier à reprendre près de Crest"
		id := r.publish(member(r.crest), d)
		o, err := r.offers.Get(r.ctx, id)
		r.must(err)
		o.Description = "Brindesaule cède son chantier."
		if _, err := r.offers.Update(officer, opportunities.By{}, 0, o); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a change names who hands over: %v", err)
		}
		partners := r.draft("partners", 0)
		partners.Title = "Brindesaule cherche un binôme" // who looks for partners says who they are
		r.publish(member(r.crest), partners)
	})
}
