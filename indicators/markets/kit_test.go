package markets_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/prospects"
	"maillage/indicators/markets"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is an association and three gardeners of the Drôme, with what they are told.
type room struct {
	*markets.Service
	t       testing.TB
	ctx     context.Context // the system's
	st      *store.Store
	clock   *testkit.Clock
	network *network.Service
	offers  *opportunities.Service
	matches *matching.Service
	follow  *followup.Service
	deals   *prospects.Service

	association *network.Organisation
	members     []*network.Organisation
	lots        []opportunities.LotID // shown by told
}

func open(t testing.TB, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	clock := testkit.NewClock("2026-11-02T08:00:00Z")
	r := &room{t: t, ctx: accounts.With(context.Background(), accounts.TheSystem()), st: st, clock: clock,
		network: network.NewService(network.Config{Store: st, Atlas: a, Now: clock.Now}),
		offers:  opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: clock.Now}),
		matches: matching.NewService(matching.Config{Store: st, Atlas: a, Now: clock.Now})}
	r.must(err)
	r.follow = followup.NewService(followup.Config{Store: st, Atlas: a, Now: clock.Now, Network: r.network, Opportunities: r.offers, Matching: r.matches})
	r.deals = prospects.NewService(prospects.Config{Store: st, Atlas: a, Now: clock.Now, Network: r.network, Matching: r.matches, Followup: r.follow})
	r.Service, err = markets.NewService(markets.Config{Store: st, Atlas: a, Now: clock.Now})
	r.must(err)
	r.association = r.save(&network.Organisation{Role: network.Regional, Name: "Maillage régional", Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "26362"}}})
	for i, name := range []string{"Brindesaule", "Ronce et Compas", "Les Lampions"} {
		r.members = append(r.members, r.save(&network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, SIRET: sirets[i], Active: true, Source: "demo",
			Sites: []network.Site{{Main: true, Commune: "26108", City: "Crest"}}}))
	}
	return r
}

var sirets = []network.SIRET{"12345678200119", "12345678200218", "12345678200317"}

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

func (r *room) tx(fn func(ctx context.Context, tx store.Tx) error) {
	r.t.Helper()
	r.must(r.st.InTx(r.ctx, fn))
}

// call publishes a call of so many lots; one lot has the clause of the whole.
func (r *room) call(key, commune string, lots int) *opportunities.Opportunity {
	r.t.Helper()
	deadline := r.clock.Now().AddDate(0, 1, 0)
	o := &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Espaces verts", BuyerName: "Ville de Livron", Source: "officer", Key: key, Deadline: &deadline,
		Place:  opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:` + commune + `"}`},
		Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: 1607}}
	for i := range lots {
		o.Lots = append(o.Lots, opportunities.Lot{Number: fmt.Sprint(i + 1), Title: fmt.Sprintf("Secteur %d", i+1), Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}})
	}
	made, err := r.offers.CreateAndPublish(r.ctx, opportunities.By{}, o)
	r.must(err)
	return made
}

// hours publishes what an award of a lot of a call left to fill.
func (r *room) hours(call *opportunities.Opportunity, number string, hours float64) *opportunities.Opportunity {
	r.t.Helper()
	id := call.ID
	var made *opportunities.Opportunity
	r.tx(func(ctx context.Context, tx store.Tx) (err error) {
		_, made, err = r.offers.Upsert(ctx, tx, opportunities.Imported{Origin: fmt.Sprintf("boamp:%d:%s:%d", id, number, r.clock.Now().UnixNano()), NoticedAt: r.clock.Now(), FirstAt: r.clock.Now(), Whole: true, Opportunity: opportunities.Opportunity{
			Kind: opportunities.InsertionHours, State: opportunities.Published, Key: call.Key + "#heures:" + number, ProcurementID: &id, Title: "Heures à réaliser", BuyerName: call.BuyerName, Source: "boamp", Place: call.Place,
			Insertion: &opportunities.Insertion{Holders: []opportunities.Holder{{Name: "Autrui"}}, Lot: number, Awarded: r.day(), Months: 12},
			Lots:      []opportunities.Lot{{Number: "1", Title: "Heures", Hours: hours, EndsOn: "2028-01-01"}}}})
		return err
	})
	return made
}

func (r *room) day() string { return r.clock.Now().Format(time.DateOnly) }

// match proposes a lot to a member, as matching would.
func (r *room) match(lot opportunities.LotID, member int) matching.ID {
	r.t.Helper()
	now, m := r.clock.Now().UTC(), &matching.Match{}
	var known []matching.ID
	r.must(r.st.Read().NewRaw("SELECT id FROM matches WHERE lot_id = ? AND organisation_id = ?", lot, r.members[member].ID).Scan(r.ctx, &known))
	if len(known) == 1 {
		return known[0]
	}
	r.tx(func(ctx context.Context, tx store.Tx) error {
		*m = matching.Match{LotID: lot, OrganisationID: r.members[member].ID, State: matching.Proposed, FirstProposedAt: now, UpdatedAt: now}
		_, err := tx.NewInsert().Model(m).Returning("id").Exec(ctx)
		return err
	})
	return m.ID
}

// as is the context of somebody of a member.
func (r *room) as(member int) context.Context {
	return accounts.With(r.ctx, accounts.Identity{UserID: accounts.UserID(100 + member), Role: accounts.Member, OrganisationID: int64(r.members[member].ID)})
}

// officer is an officer of the association, over some territory.
func (r *room) officer(where string) context.Context {
	r.t.Helper()
	return r.officerOf(r.association, where)
}

// officerOf is an officer of an association: one a territory.
func (r *room) officerOf(association *network.Organisation, where string) context.Context {
	r.t.Helper()
	a, _ := atlas()
	e, err := a.ParsePerimeter(where)
	r.must(err)
	p, err := a.Compile(e)
	r.must(err)
	mail, now := fmt.Sprintf("%d-%s@example.org", association.ID, where), r.clock.Now()
	var id accounts.UserID
	r.tx(func(ctx context.Context, tx store.Tx) error {
		return tx.NewRaw("INSERT INTO users (email, email_folded, name, role, lang, organisation_id, perimeter, password, revision, created_at, updated_at) VALUES (?, ?, 'Un chargé', 'officer', 'fr', ?, ?, '', 1, ?, ?) ON CONFLICT (email_folded) DO UPDATE SET name = excluded.name RETURNING id",
			mail, mail, association.ID, p.Text, now, now).Scan(ctx, &id)
	})
	return accounts.With(r.ctx, accounts.Identity{UserID: id, Role: accounts.Officer, OrganisationID: int64(association.ID), Perimeter: p.Set, PerimeterExpr: p.Text, Lang: "fr"})
}

func (r *room) move(member int, id matching.ID, steps ...followup.Step) {
	r.t.Helper()
	_, err := r.follow.Move(r.as(member), id, 0, steps...)
	r.must(err)
}

// win takes a match all the way, on the day when its call can no longer be answered.
func (r *room) win(member int, id matching.ID) {
	r.t.Helper()
	r.move(member, id, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone})
	r.move(member, id, followup.Step{To: followup.Submitted, SubmittedOn: r.day()})
	r.tx(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(`UPDATE opportunities SET deadline = ? WHERE id IN (SELECT l.opportunity_id FROM lots l JOIN matches m ON m.lot_id = l.id WHERE m.id = ?)`, r.clock.Now(), id).Exec(ctx)
		return err
	})
	r.move(member, id, followup.Step{To: followup.Won})
}

// credit is what an award notice of a call says: that members won it, or a lot of it.
func (r *room) credit(call *opportunities.Opportunity, title string, members ...int) {
	r.t.Helper()
	var all []network.Award
	for _, m := range members {
		all = append(all, network.Award{SIRET: sirets[m], Reference: network.Reference{Title: title, Buyer: call.BuyerName, Year: 2026}})
	}
	r.tx(func(ctx context.Context, tx store.Tx) error {
		_, err := r.network.Credit(ctx, tx, call.Key, all)
		return err
	})
}

// prospect notes a purchase that no notice tells, and asks a member for a quote.
func (r *room) prospect(key string, member int) *prospects.Quote {
	r.t.Helper()
	ctx := r.officer("departement:26")
	p, err := r.deals.Note(ctx, prospects.Prospect{Key: key, Market: prospects.Private, Buyer: "Une coopérative", Need: "Tontes", Territory: `{"territory":"commune:26113"}`, Source: prospects.SaidByBuyer})
	r.must(err)
	q, err := r.deals.Ask(ctx, p.ID, r.members[member].ID, "")
	r.must(err)
	return q
}

func (r *room) quote(id prospects.QuoteID, step prospects.Step) {
	r.t.Helper()
	_, err := r.deals.Move(r.officer("departement:26"), id, 0, step)
	r.must(err)
}

func (r *room) refresh() {
	r.t.Helper()
	_, err := r.Refresh(r.ctx)
	r.must(err)
}

// dump is every market that is kept.
func (r *room) dump() string {
	r.t.Helper()
	var rows []markets.Market
	var parts, out []string
	r.must(r.st.Read().NewSelect().Model(&rows).OrderExpr("mf.key").Scan(r.ctx))
	r.must(r.st.Read().NewRaw("SELECT market_key || ' ' || role || ' ' || ref FROM market_parts ORDER BY market_key, role, ref").Scan(r.ctx, &parts))
	for _, m := range rows {
		out = append(out, fmt.Sprintf("%s of %d: shown %s, answered %s, over %s, submitted %q, won %q %v, %v h, %s %s %s %s %s", m.Key, m.Root, at(m.ShownAt), at(m.AnsweredAt), at(m.OverAt), m.SubmittedOn, m.WonOn, m.Noticed, m.Hours, m.Scope, m.Perimeter, m.Region, m.Departement, m.EPCI))
	}
	return strings.Join(append(out, parts...), "\n")
}

func at(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// quoteOf is a quote that is sent, and answers the call of a match.
func quoteOf(m matching.ID) prospects.Step {
	return prospects.Step{To: prospects.QuoteSent, Amount: 900, Match: &m}
}
