package contacts_test

import (
	"context"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/followup/contacts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

type room struct {
	t     *testing.T
	log   *contacts.Service
	crest *network.Organisation
	lille *network.Organisation
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	r := &room{t: t}
	r.must(err)
	now := testkit.NewClock("2026-11-23T08:00:00Z").Now
	members := network.NewService(network.Config{Store: st, Atlas: a, Now: now})
	save := func(name, commune string) *network.Organisation {
		o, err := members.Save(context.Background(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: territories.CommuneCode(commune)}}}, 0)
		r.must(err)
		return o
	}
	r.crest, r.lille = save("Brindesaule", "26108"), save("Les Beffrois", "59350")
	r.log = contacts.NewService(contacts.Config{Store: st, Atlas: a, Now: now, Network: members,
		Opportunities: opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: now}), Matching: matching.NewService(matching.Config{Store: st, Atlas: a, Now: now})})
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) officer(perimeter string) context.Context {
	a, _ := atlas()
	e, err := territories.ParseExpr([]byte(`{"territory":"` + perimeter + `"}`))
	r.must(err)
	p, err := a.Compile(e)
	r.must(err)
	return accounts.With(context.Background(), accounts.Identity{UserID: 5, Role: accounts.Officer, OrganisationID: 999, Perimeter: p.Set})
}

func (r *room) member(o *network.Organisation) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 6, Role: accounts.Member, OrganisationID: int64(o.ID)})
}

func (r *room) call(key string) contacts.Contact {
	return contacts.Contact{Key: key, OrganisationID: r.crest.ID, Way: contacts.Call, With: "la direction", Outcome: contacts.NeedsHelp,
		Said: "Cherchent un partenaire pour l’élagage.", Promise: "Envoyer deux noms", PromisedFor: "2026-11-20"}
}

func TestAPromiseIsNotedOnceAndKept(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("departement:26")
		first, err := r.log.Note(officer, r.call("a"))
		r.must(err)
		again, err := r.log.Note(officer, r.call("a"))
		r.must(err)
		if first.ID != again.ID || !first.Due(r.log.Today()) {
			t.Fatalf("noted %+v then %+v", first, again)
		}
		other := r.call("a")
		other.Said = "Autre chose."
		if _, err := r.log.Note(officer, other); fault.Of(err).Code != "key-taken" {
			t.Errorf("the key of another contact: %v", err)
		}
		if _, err := r.log.Note(r.member(r.crest), r.call("a")); fault.Of(err).Code != "key-taken" {
			t.Errorf("another’s key gives another’s contact: %v", err)
		}
		due, err := r.log.List(officer, contacts.Filter{Promised: true})
		r.must(err)
		if len(due) != 1 || due[0].Name != "Brindesaule" {
			t.Fatalf("promises %+v", due)
		}
		for range 2 {
			kept, err := r.log.Keep(officer, first.ID)
			r.must(err)
			if kept.KeptAt == nil || kept.Due(r.log.Today()) {
				t.Fatalf("kept %+v", kept)
			}
		}
		due, err = r.log.List(officer, contacts.Filter{Promised: true})
		r.must(err)
		if len(due) != 0 {
			t.Fatalf("promises after %+v", due)
		}
	})
}

// A log is of its perimeter; an enterprise reads what itself noted.
func TestWhoReadsALog(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer, elsewhere := r.officer("departement:26"), r.officer("departement:59")
		noted, err := r.log.Note(officer, r.call("a"))
		r.must(err)
		_, err = r.log.Note(r.member(r.crest), r.call("b"))
		r.must(err)
		if _, err := r.log.Note(elsewhere, r.call("c")); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer of elsewhere notes: %v", err)
		}
		if _, err := r.log.Note(r.member(r.lille), r.call("d")); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("another enterprise notes: %v", err)
		}
		for _, ctx := range []context.Context{elsewhere, r.member(r.crest), r.member(r.lille)} {
			if _, err := r.log.Keep(ctx, noted.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("keeps somebody else’s promise: %v", err)
			}
		}
		for i, c := range []struct {
			ctx  context.Context
			want int
		}{{officer, 2}, {elsewhere, 0}, {r.member(r.crest), 1}, {r.member(r.lille), 0}} {
			got, err := r.log.List(c.ctx, contacts.Filter{Organisation: r.crest.ID})
			r.must(err)
			if len(got) != c.want {
				t.Errorf("reader %d: %d contacts, want %d", i, len(got), c.want)
			}
		}
		if _, err := r.log.List(context.Background(), contacts.Filter{}); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor reads: %v", err)
		}
	})
}

func TestWhatIsNoContact(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	bad := r.call("")
	bad.Way, bad.Outcome, bad.PromisedFor = "pigeon", "", ""
	_, err := r.log.Note(r.officer("departement:26"), bad)
	if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 4 {
		t.Fatalf("faults %+v", err)
	}
	stranger := r.call("e")
	id := matching.ID(99)
	stranger.MatchID = &id
	if _, err := r.log.Note(r.officer("departement:26"), stranger); !fault.Is(err, fault.KindInvalid) {
		t.Fatalf("a match of nobody: %v", err)
	}
}
