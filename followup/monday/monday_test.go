package monday_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/followup/monday"
	"maillage/followup/quality"
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

// room is a member of Crest and the week of those who follow it.
type room struct {
	t       *testing.T
	ctx     context.Context // the system's
	st      *store.Store
	members *network.Service
	atlas   *territories.Atlas
	clock   *testkit.Clock
	offers  *opportunities.Service
	matches *matching.Service
	follow  *followup.Service
	log     *contacts.Service
	quality *quality.Service
	week    *monday.Service
	crest   *network.Organisation
	buyer   *network.Organisation // of the expected call: it sits in Lyon
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	r := &room{t: t, st: st, ctx: accounts.With(context.Background(), accounts.TheSystem()), clock: testkit.NewClock("2026-11-16T08:00:00Z")}
	var err error
	r.atlas, err = atlas()
	r.must(err)
	members := network.NewService(network.Config{Store: st, Atlas: r.atlas, Now: r.clock.Now})
	r.offers = opportunities.NewService(opportunities.Config{Store: st, Atlas: r.atlas, Now: r.clock.Now})
	r.matches = matching.NewService(matching.Config{Store: st, Atlas: r.atlas, Now: r.clock.Now, Network: members, Opportunities: r.offers})
	r.follow = followup.NewService(followup.Config{Store: st, Atlas: r.atlas, Now: r.clock.Now, Network: members, Opportunities: r.offers, Matching: r.matches})
	r.log = contacts.NewService(contacts.Config{Store: st, Atlas: r.atlas, Now: r.clock.Now, Network: members, Opportunities: r.offers, Matching: r.matches})
	r.quality, err = quality.NewService(quality.Config{Store: st, Atlas: r.atlas, Network: members, Now: r.clock.Now})
	r.must(err)
	r.week = monday.NewService(monday.Config{Store: st, Now: r.clock.Now, Opportunities: r.offers, Matching: r.matches, Followup: r.follow, Contacts: r.log, Quality: r.quality})
	r.members = members
	r.crest = r.another("Brindesaule")
	r.buyer, err = members.Save(r.ctx, &network.Organisation{Role: network.Buyer, Name: "Syndicat des rivières", Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "69123"}}}, 0)
	r.must(err)
	return r
}

// another is one more gardener of Crest.
func (r *room) another(name string) *network.Organisation {
	r.t.Helper()
	o, err := r.members.Save(r.ctx, &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo",
		Sites:      []network.Site{{Main: true, Commune: "26108", Postcode: "26400", City: "Crest"}},
		Activities: []network.Activity{{Codes: cpv(), Modes: []network.Mode{network.Provision}, Zone: `{"radius":{"commune":"26108","km":40}}`, Origin: network.Declared, ZoneOrigin: network.Declared}}}, 0)
	r.must(err)
	r.must(r.matches.RefreshOrganisations(r.ctx, []network.ID{o.ID}))
	return o
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func cpv() []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}
}

// call is a call of Livron that closes on an instant.
func call(kind opportunities.Kind, title, deadline string) *opportunities.Opportunity {
	at, _ := time.Parse(time.RFC3339, deadline)
	o := &opportunities.Opportunity{Kind: kind, Title: title, BuyerName: "Ville de Livron", Source: "officer",
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`},
		Lots:  []opportunities.Lot{{Number: "1", Title: title, Codes: cpv()}}}
	if deadline != "" {
		o.Deadline = &at
	}
	return o
}

func (r *room) publish(o *opportunities.Opportunity) *opportunities.Opportunity {
	r.t.Helper()
	made, err := r.offers.Create(r.ctx, opportunities.By{}, o)
	r.must(err)
	made, err = r.offers.Publish(r.ctx, opportunities.By{}, made.ID, 0)
	r.must(err)
	r.must(r.matches.RefreshLots(r.ctx, []opportunities.LotID{made.Lots[0].ID}))
	return made
}

// match is that of the member with a call.
func (r *room) match(o *opportunities.Opportunity) (id matching.ID) {
	r.t.Helper()
	return r.matchOf(o, r.crest)
}

func (r *room) matchOf(o *opportunities.Opportunity, of *network.Organisation) (id matching.ID) {
	r.t.Helper()
	r.must(r.st.Read().NewRaw("SELECT id FROM matches WHERE lot_id = ? AND organisation_id = ?", o.Lots[0].ID, of.ID).Scan(r.ctx, &id))
	return id
}

func (r *room) foresee(on string) {
	r.t.Helper()
	o := call(opportunities.Expected, "Renouvellement", "")
	id := int64(r.buyer.ID)
	o.Key, o.BuyerID = "expected:212601652:7731:26:"+on, &id
	o.Forecast = &opportunities.Forecast{On: on, From: "2026-12-15", Until: "2027-12-01", Ends: "2027-12-01", Confidence: 0.5}
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := r.offers.Foresee(ctx, tx, opportunities.Foresight{Opportunity: *o})
		return err
	}))
}

func (r *room) certificate(until string) {
	r.t.Helper()
	p, err := r.quality.Engage(r.ctx, int64(r.crest.ID), "cedre", "2024-01-10")
	r.must(err)
	for _, e := range []quality.Event{{Kind: quality.Audited, On: "2024-02-10", Audit: quality.Initial, Outcome: quality.Conform, Body: "Certifor"},
		{Kind: quality.Decided, On: "2024-03-10", Outcome: quality.GrantedPlain, Until: until}} {
		_, err = r.quality.Record(r.ctx, p.ID, 0, e)
		r.must(err)
	}
}

func (r *room) officer(departement string) context.Context {
	r.t.Helper()
	id := accounts.Identity{UserID: 200, Role: accounts.Officer, OrganisationID: 9999}
	if departement != "" {
		p, err := r.atlas.Compile(territories.In(territories.Ref{Kind: territories.KindDepartement, Code: departement}))
		r.must(err)
		id.Perimeter, id.PerimeterExpr = p.Set, p.Text
	}
	return accounts.With(r.ctx, id)
}

func (r *room) member() context.Context {
	return r.of(r.crest)
}

func (r *room) of(o *network.Organisation) context.Context {
	return accounts.With(r.ctx, accounts.Identity{UserID: 100, Role: accounts.Member, OrganisationID: int64(o.ID)})
}

// told makes a fortnight ago what is read on Monday the 30th of November 2026.
func told(r *room) {
	r.t.Helper()
	silent, going := r.publish(call(opportunities.Tender, "Haies", "2027-01-15T11:00:00Z")), r.publish(call(opportunities.Tender, "Berges", "2026-12-04T11:00:00Z"))
	r.publish(call(opportunities.Tender, "Tonte", "2026-12-07T22:30:00Z")) // still the 7th in Paris
	r.publish(call(opportunities.Tender, "Massifs", "2026-12-08T09:00:00Z"))
	hours := call(opportunities.InsertionHours, "Heures", "2026-12-03T11:00:00Z")
	hours.Insertion = &opportunities.Insertion{Holders: []opportunities.Holder{{Name: "Paysages SARL"}}, Facilitator: "PLIE de la Plaine"}
	r.publish(hours)
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error { return r.follow.Tell(ctx, tx, r.match(silent)) }))
	_, err := r.follow.Move(r.member(), r.match(going), 0, followup.Step{To: followup.Go})
	r.must(err)
	r.foresee("2027-03-01")
	r.foresee("2027-08-01")
	r.certificate("2026-12-05")
	for day, key := range map[string]string{"2026-12-07": "a", "2026-12-08": "b"} {
		_, err = r.log.Note(r.officer("26"), contacts.Contact{Key: key, OrganisationID: r.crest.ID, Way: contacts.Call, Outcome: contacts.Reached, Promise: "Rappeler", PromisedFor: day})
		r.must(err)
	}
	r.clock.Advance(14 * 24 * time.Hour)
}

func counts(w *monday.Week) [7]int {
	return [7]int{len(w.Renewals), len(w.Silent), len(w.Promises), len(w.Hours), len(w.Lapsing.Answers), len(w.Lapsing.Certificates), len(w.Lapsing.Unanswered)}
}

func TestAWeekIsOfItsPerimeter(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		told(r)
		for name, c := range map[string]struct {
			ctx  context.Context
			want [7]int
		}{
			"of the Drôme":        {r.officer("26"), [7]int{1, 1, 1, 1, 1, 1, 1}},
			"of the Nord":         {r.officer("59"), [7]int{}},
			"without a perimeter": {r.officer(""), [7]int{}},
			"of an administrator": {accounts.With(r.ctx, accounts.Identity{UserID: 1, Role: accounts.Admin}), [7]int{1, 1, 1, 1, 1, 1, 1}},
		} {
			w, err := r.week.Read(c.ctx)
			r.must(err)
			if got := counts(w); got != c.want {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		w, err := r.week.Read(r.officer("26"))
		r.must(err)
		if w.On != "2026-11-30" || w.Until != "2026-12-07" || w.Silent[0].Days != 10 || w.Hours[0].Insertion.Facilitator == "" || w.Renewals[0].Last != nil ||
			w.Lapsing.Unanswered[0].Title != "Tonte" || w.Lapsing.Answers[0].Lot.Opportunity != "Berges" {
			t.Errorf("a week %+v", w)
		}
	})
}

// A contact about an expected call with its buyer, wherever that sits, shows under it; one with a member does
// not. Who answers is no longer to be called.
func TestAWeekFollowsWhatIsDone(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		told(r)
		w, err := r.week.Read(r.officer("26"))
		r.must(err)
		about := &w.Renewals[0].Call.ID
		_, err = r.log.Note(r.officer("26"), contacts.Contact{Key: "m", OrganisationID: r.crest.ID, OpportunityID: about, Way: contacts.Call, Outcome: contacts.Reached})
		r.must(err)
		if w, err = r.week.Read(r.officer("26")); err != nil || w.Renewals[0].Last != nil {
			t.Errorf("a call to a member is one to the buyer: %+v, %v", w.Renewals[0].Last, err)
		}
		_, err = r.log.Note(r.officer("26"), contacts.Contact{Key: "c", OrganisationID: r.buyer.ID, OpportunityID: about, Way: contacts.Call, Outcome: contacts.Interested, Promise: "Rappeler", PromisedFor: "2027-01-10"})
		r.must(err)
		other, err := r.members.Save(r.ctx, &network.Organisation{Role: network.Buyer, Name: "Autre syndicat", Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "69123"}}}, 0)
		r.must(err)
		for name, c := range map[string]struct {
			from  string
			with  network.ID
			about *opportunities.ID
		}{"of another département": {"59", r.buyer.ID, about}, "about nothing": {"26", r.buyer.ID, nil}, "who does not buy this": {"26", other.ID, about}} {
			if _, err = r.log.Note(r.officer(c.from), contacts.Contact{Key: name, OrganisationID: c.with, OpportunityID: c.about, Way: contacts.Call, Outcome: contacts.Reached}); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("a contact with a buyer, %s: %v", name, err)
			}
		}
		if lines, err := r.log.List(r.officer("59"), contacts.Filter{Organisation: r.buyer.ID}); err != nil || len(lines) != 0 {
			t.Errorf("an officer of elsewhere reads %d contacts, %v", len(lines), err)
		}
		_, err = r.follow.Move(r.member(), w.Silent[0].MatchID, 0, followup.Step{To: followup.Declined, Reason: matching.TooFar})
		r.must(err)
		_, err = r.log.Keep(r.officer("26"), w.Promises[0].ID)
		r.must(err)
		w, err = r.week.Read(r.officer("26"))
		r.must(err)
		if len(w.Silent) != 0 || len(w.Promises) != 0 || w.Renewals[0].Last == nil || w.Renewals[0].Last.Outcome != contacts.Interested {
			t.Errorf("after %+v", w)
		}
	})
}

func TestAWeekIsNobodyElses(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	if _, err := r.week.Read(context.Background()); !fault.Is(err, fault.KindUnauthenticated) {
		t.Errorf("a visitor: %v", err)
	}
	if _, err := r.week.Read(r.member()); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("a member: %v", err)
	}
}
