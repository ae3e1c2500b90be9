package prospects_test

import (
	"context"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/followup/prospects"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is an association, two enterprises of the Drôme and one of the Nord.
type room struct {
	t                                  *testing.T
	st                                 *store.Store
	clock                              *testkit.Clock
	deals                              *prospects.Service
	log                                *contacts.Service
	association, crest, valence, lille *network.Organisation
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	r := &room{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	r.must(err)
	now := r.clock.Now
	members := network.NewService(network.Config{Store: st, Atlas: a, Now: now})
	save := func(role network.Role, kind network.Kind, name, commune string) *network.Organisation {
		o, err := members.Save(context.Background(), &network.Organisation{Role: role, Kind: kind, Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: territories.CommuneCode(commune)}}}, 0)
		r.must(err)
		return o
	}
	r.association = save(network.Regional, "", "Maillage régional", "26362")
	r.crest, r.valence, r.lille = save(network.Member, network.KindACI, "Brindesaule", "26108"), save(network.Member, network.KindEI, "Ronce", "26362"), save(network.Member, network.KindACI, "Les Beffrois", "59350")
	offers := opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: now})
	matches := matching.NewService(matching.Config{Store: st, Atlas: a, Now: now})
	r.log = contacts.NewService(contacts.Config{Store: st, Atlas: a, Now: now, Network: members, Opportunities: offers, Matching: matches})
	r.deals = prospects.NewService(prospects.Config{Store: st, Atlas: a, Now: now, Network: members, Matching: matches,
		Followup: followup.NewService(followup.Config{Store: st, Atlas: a, Now: now, Network: members, Opportunities: offers, Matching: matches})})
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) officer(code string) context.Context {
	a, _ := atlas()
	e, err := territories.ParseExpr([]byte(`{"territory":"departement:` + code + `"}`))
	r.must(err)
	p, err := a.Compile(e)
	r.must(err)
	org := int64(r.association.ID)
	if code != "26" {
		org = 9999
	}
	return accounts.With(context.Background(), accounts.Identity{UserID: 5, Role: accounts.Officer, OrganisationID: org, Perimeter: p.Set})
}

func (r *room) member(o *network.Organisation) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 6, Role: accounts.Member, OrganisationID: int64(o.ID)})
}

func need(key string) prospects.Prospect {
	return prospects.Prospect{Key: key, Market: prospects.Small, Buyer: "Ville de Die", Need: "Tontes de printemps", Territory: `{"territory":"commune:26113"}`, Amount: 18000, ExpectedOn: "2027-02-01", Source: prospects.SaidByBuyer}
}

// one is what somebody reads of a prospect; nil: nothing.
func (r *room) one(ctx context.Context, id prospects.ID) *prospects.Line {
	r.t.Helper()
	l, err := r.deals.Get(ctx, id)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	r.must(err)
	all, err := r.deals.List(ctx)
	r.must(err)
	for i := range all {
		if all[i].ID == id && all[i].State == l.State {
			return l
		}
	}
	r.t.Fatalf("read alone and not in the list: %+v", l)
	return nil
}

func TestAQuoteIsAskedSentAndWonOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("26")
		p, err := r.deals.Note(officer, need("a"))
		r.must(err)
		again, err := r.deals.Note(officer, need("a"))
		r.must(err)
		if p.ID != again.ID || p.OrganisationID != r.association.ID || r.one(officer, p.ID).State != prospects.Open {
			t.Fatalf("noted %+v then %+v", p, again)
		}
		if r.one(r.member(r.crest), p.ID) != nil {
			t.Error("an enterprise that is not asked reads it")
		}
		q, err := r.deals.Ask(officer, p.ID, r.crest.ID, "")
		r.must(err)
		other, err := r.deals.Ask(officer, p.ID, r.valence.ID, "")
		r.must(err)
		same, err := r.deals.Ask(officer, p.ID, r.crest.ID, "")
		r.must(err)
		if same.ID != q.ID {
			t.Error("asked twice")
		}
		for range 2 {
			_, err = r.deals.Move(r.member(r.crest), q.ID, 0, prospects.Step{To: prospects.QuoteSent, Amount: 17500})
			r.must(err)
		}
		if l := r.one(r.member(r.valence), p.ID); len(l.Quotes) != 1 || l.Quotes[0].ID != other.ID || l.State != prospects.Asked {
			t.Errorf("an enterprise reads another’s quote: %+v", l)
		}
		if _, err := r.deals.Move(r.member(r.valence), q.ID, 0, prospects.Step{To: prospects.Accepted}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another enterprise settles it: %v", err)
		}
		if _, err := r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.Refused}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("refused without a reason: %v", err)
		}
		if _, err := r.deals.Move(officer, q.ID, 1, prospects.Step{To: prospects.Accepted}); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("settled over what was not read: %v", err)
		}
		_, err = r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.Accepted})
		r.must(err)
		_, err = r.deals.Move(r.member(r.valence), other.ID, 0, prospects.Step{To: prospects.QuoteSent, Amount: 19000})
		r.must(err)
		if _, err := r.deals.Move(officer, other.ID, 0, prospects.Step{To: prospects.Accepted}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a purchase is won twice: %v", err)
		}
		for who, want := range map[string]struct {
			ctx context.Context
			n   int
		}{"the officer": {officer, 1}, "the winner": {r.member(r.crest), 1}, "the other": {r.member(r.valence), 0}, "an officer of elsewhere": {r.officer("59"), 0}} {
			w, err := r.deals.Wins(want.ctx, 2026)
			r.must(err)
			if w.Total() != want.n || want.n == 1 && w.Amount != 17500 {
				t.Errorf("%s counts %+v", who, w)
			}
		}
		events, err := r.deals.Events(officer, r.one(officer, p.ID))
		r.must(err)
		if len(events) != 5 {
			t.Errorf("%d events", len(events))
		}
	})
}

// A quote that answers a call which is followed here, and told won, counts once.
func TestAWinIsCountedOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("26")
		p, err := r.deals.Note(officer, need("a"))
		r.must(err)
		q, err := r.deals.Ask(officer, p.ID, r.crest.ID, "")
		r.must(err)
		match := r.wonPursuit()
		stranger := match + 1000
		if _, err := r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.QuoteSent, Match: &stranger}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a match of nobody: %v", err)
		}
		none := matching.ID(0)
		for _, c := range []struct{ say, want *matching.ID }{{&match, &match}, {nil, &match}, {&none, nil}, {&none, nil}} {
			moved, err := r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.QuoteSent, Amount: 17500, Match: c.say})
			r.must(err)
			if (moved.MatchID == nil) != (c.want == nil) {
				t.Errorf("tied to %v, want %v", moved.MatchID, c.want)
			}
		}
		_, err = r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.QuoteSent, Amount: 17500, Match: &match})
		r.must(err)
		_, err = r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.Accepted})
		r.must(err)
		w, err := r.deals.Wins(officer, 2026)
		r.must(err)
		if w.Contracts != 1 || w.Quotes != 0 || w.Total() != 1 {
			t.Errorf("counted %+v", w)
		}
	})
}

// wonPursuit writes a match of the first enterprise that is told won.
func (r *room) wonPursuit() matching.ID {
	r.t.Helper()
	a, _ := atlas()
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	offers := opportunities.NewService(opportunities.Config{Store: r.st, Atlas: a, Now: r.clock.Now})
	o, err := offers.Create(ctx, opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Tontes", BuyerName: "Ville de Die", Source: "officer", Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26113"}`}, Lots: []opportunities.Lot{{Number: "1", Title: "Tontes"}}})
	r.must(err)
	now, id := r.clock.Now().UTC(), matching.ID(0)
	r.must(r.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		m := &matching.Match{LotID: o.Lots[0].ID, OrganisationID: r.crest.ID, State: matching.Proposed, FirstProposedAt: now, UpdatedAt: now}
		if _, err := tx.NewInsert().Model(m).Returning("id").Exec(ctx); err != nil {
			return err
		}
		id = m.ID
		p := &followup.Pursuit{MatchID: id, State: followup.Won, Since: now, Partners: []network.ID{}, Revision: 2, CreatedAt: now, UpdatedAt: now}
		_, err := tx.NewInsert().Model(p).Exec(ctx)
		return err
	}))
	return id
}

// The days of a quote follow one another, and going back keeps those that are known.
func TestTheDaysOfAQuote(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("26")
		p, err := r.deals.Note(officer, need("a"))
		r.must(err)
		q, err := r.deals.Ask(officer, p.ID, r.crest.ID, "2026-11-10")
		r.must(err)
		for _, c := range []struct {
			step             prospects.Step
			asked, sent, end string
			refused          string // code of the fault of the day
		}{
			{step: prospects.Step{To: prospects.QuoteSent, On: "2026-11-09"}, refused: "before_asked"},
			{step: prospects.Step{To: prospects.QuoteAsked, On: "2026-11-24"}, refused: "future"},
			{step: prospects.Step{To: prospects.QuoteAsked, On: "0001-01-01"}, refused: "too_early"},
			{step: prospects.Step{To: prospects.QuoteAsked, On: "2026-11-08"}, asked: "2026-11-08"},
			{step: prospects.Step{To: prospects.QuoteSent, On: "2026-11-12"}, asked: "2026-11-08", sent: "2026-11-12"},
			{step: prospects.Step{To: prospects.Accepted, On: "1999-05-05"}, refused: "too_early"},
			{step: prospects.Step{To: prospects.Accepted, On: "2026-11-11"}, refused: "before_sent"},
			{step: prospects.Step{To: prospects.Accepted, On: "2026-11-20"}, asked: "2026-11-08", sent: "2026-11-12", end: "2026-11-20"},
			{step: prospects.Step{To: prospects.Accepted}, asked: "2026-11-08", sent: "2026-11-12", end: "2026-11-20"},
			{step: prospects.Step{To: prospects.QuoteSent}, asked: "2026-11-08", sent: "2026-11-12"},
			{step: prospects.Step{To: prospects.Refused, Reason: followup.Outbid}, asked: "2026-11-08", sent: "2026-11-12", end: "2026-11-23"},
			{step: prospects.Step{To: prospects.QuoteSent}, asked: "2026-11-08", sent: "2026-11-12"},
			{step: prospects.Step{To: prospects.QuoteSent, On: "2026-11-13"}, asked: "2026-11-08", sent: "2026-11-13"},
			{step: prospects.Step{To: prospects.QuoteAsked}, asked: "2026-11-08"},
			{step: prospects.Step{To: prospects.NotSent, Reason: matching.Price, On: "2026-11-07"}, refused: "before_asked"},
		} {
			q, err = r.deals.Move(officer, q.ID, 0, c.step)
			if c.refused != "" {
				if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 1 || f.Fields[0].Path != "on" || f.Fields[0].Code != c.refused {
					t.Fatalf("%+v: %v", c.step, err)
				}
				q, err = r.deals.Move(officer, r.one(officer, p.ID).Quotes[0].ID, 0, prospects.Step{To: r.one(officer, p.ID).Quotes[0].State})
			}
			r.must(err)
			if c.refused == "" && (q.AskedOn != c.asked || q.SentOn != c.sent || q.SettledOn != c.end) {
				t.Fatalf("after %+v: asked %s, sent %s, settled %s", c.step, q.AskedOn, q.SentOn, q.SettledOn)
			}
		}
		early := need("b")
		early.ExpectedOn = "1990-01-01"
		if _, err := r.deals.Note(officer, early); fault.Of(err).Kind != fault.KindInvalid {
			t.Errorf("expected in another century: %v", err)
		}
	})
}

// A word alone is an event; the same word again is none. What is won is not set aside.
func TestAWordIsKeptAndAWinStays(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("26")
		p, err := r.deals.Note(officer, need("a"))
		r.must(err)
		q, err := r.deals.Ask(officer, p.ID, r.crest.ID, "")
		r.must(err)
		_, err = r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.QuoteSent, Amount: 17500})
		r.must(err)
		for range 2 {
			for _, word := range []string{"", "Ils rappellent jeudi."} {
				_, err = r.deals.Move(officer, q.ID, 0, prospects.Step{To: prospects.Accepted, Note: word})
				r.must(err)
			}
		}
		events, err := r.deals.Events(officer, r.one(officer, p.ID))
		r.must(err)
		if len(events) != 4 || events[0].Note != "Ils rappellent jeudi." {
			t.Errorf("events %+v", events)
		}
		if _, err := r.deals.Aside(officer, p.ID, prospects.NoNeed); fault.Of(err).Code != "already-won" {
			t.Errorf("what is won is set aside: %v", err)
		}
		r.must(st.InTx(officer, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE prospects SET aside = 'no_need' WHERE id = ?", p.ID).Exec(ctx)
			return err
		}))
		if got := r.one(officer, p.ID).State; got != prospects.Won {
			t.Errorf("won, then set aside: %s", got)
		}
		_, err = r.deals.Aside(officer, p.ID, "")
		r.must(err)
	})
}

func TestWhoHoldsAProspect(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		p, err := r.deals.Note(r.member(r.crest), need("b"))
		r.must(err)
		if p.OrganisationID != r.crest.ID {
			t.Fatalf("held by %d", p.OrganisationID)
		}
		for who, ctx := range map[string]context.Context{"another member": r.member(r.valence), "an officer of elsewhere": r.officer("59")} {
			if r.one(ctx, p.ID) != nil {
				t.Errorf("%s reads it", who)
			}
			if _, err := r.deals.Aside(ctx, p.ID, prospects.NoNeed); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s sets it aside: %v", who, err)
			}
		}
		if _, err := r.deals.Ask(r.member(r.crest), p.ID, r.valence.ID, ""); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member asks another for a quote: %v", err)
		}
		stolen := need("c")
		stolen.OrganisationID = r.valence.ID
		if _, err := r.deals.Note(r.member(r.crest), stolen); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member notes in another’s name: %v", err)
		}
		if _, err := r.deals.Note(r.member(r.valence), need("b")); !fault.Is(err, fault.KindConflict) {
			t.Errorf("another’s key gives another’s prospect: %v", err)
		}
		other := need("b")
		other.Need = "Autre chose"
		if _, err := r.deals.Note(r.member(r.crest), other); fault.Of(err).Code != "key-taken" {
			t.Errorf("the key of another content: %v", err)
		}
		bad := prospects.Prospect{Key: "d", SIREN: "123", ExpectedOn: "demain"}
		_, err = r.deals.Note(r.member(r.crest), bad)
		if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 6 {
			t.Errorf("faults %+v", err)
		}
		q, err := r.deals.Ask(r.member(r.crest), p.ID, r.crest.ID, "2026-11-20")
		r.must(err)
		_, err = r.deals.Move(r.member(r.crest), q.ID, 0, prospects.Step{To: prospects.NotSent, Reason: matching.TeamTaken})
		r.must(err)
		if l := r.one(r.officer("26"), p.ID); l.State != prospects.Lost || !l.Mine {
			t.Errorf("the officer of the place reads %+v", l)
		}
		_, err = r.deals.Aside(r.member(r.crest), p.ID, prospects.NoNeed)
		r.must(err)
		if l := r.one(r.member(r.crest), p.ID); l.State != prospects.SetAside {
			t.Errorf("set aside: %s", l.State)
		}
		changed := need("")
		changed.ID, changed.Need = p.ID, "Tontes et tailles"
		if _, err := r.deals.Change(r.member(r.crest), changed, 1); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("changed over what was not read: %v", err)
		}
		kept, err := r.deals.Change(r.member(r.crest), changed, 2)
		r.must(err)
		if kept.Need != "Tontes et tailles" || kept.Key != "b" {
			t.Errorf("changed %+v", kept)
		}
	})
}

func TestAContactIsAboutAProspectOfItsHolder(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("26")
		p, err := r.deals.Note(officer, need("a"))
		r.must(err)
		id := int64(p.ID)
		said := contacts.Contact{Key: "x", OrganisationID: r.association.ID, ProspectID: &id, Way: contacts.Call, Outcome: contacts.Reached, Said: "Le service attend trois devis."}
		_, err = r.log.Note(officer, said)
		r.must(err)
		about, err := r.log.List(officer, contacts.Filter{Prospect: id})
		r.must(err)
		if len(about) != 1 {
			t.Errorf("contacts %+v", about)
		}
		said.Key, said.OrganisationID = "y", r.crest.ID
		if _, err := r.log.Note(officer, said); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("about a prospect of another: %v", err)
		}
	})
}
