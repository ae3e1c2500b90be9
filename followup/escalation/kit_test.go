package escalation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/contacts"
	"maillage/followup/conventions"
	"maillage/followup/dossier"
	"maillage/followup/escalation"
	"maillage/followup/tenure"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

// house is an enterprise of Crest and its account, officers of the Drôme, of the
// region and of the country, on a Monday morning.
type house struct {
	*escalation.Service
	t        testing.TB
	st       *store.Store
	atlas    *territories.Atlas
	clock    *testkit.Clock
	network  *network.Service
	lots     *opportunities.Service
	matches  *matching.Service
	follow   *followup.Service
	contacts *contacts.Service
	absences *absences.Service
	dossier  *dossier.Service
	sent     *mail.Fake

	crest                        *network.Organisation
	alix, drome, region, country accounts.Identity
}

type plain struct{}

// Reminders writes a line a thing.
func (plain) Reminders(_ accounts.User, d escalation.Digest, stop string) mail.Letter {
	l := mail.Letter{Lang: "fr", Subject: "Relances", Stop: mail.Link{Label: "Ne plus recevoir", URL: "https://maillage.example.org/desabonnement/" + stop}}
	say := func(format string, args ...any) { l.Paragraphs = append(l.Paragraphs, fmt.Sprintf(format, args...)) }
	for _, c := range d.Changes {
		for _, f := range c.Changes {
			say("change %s %s: %v > %v;", c.Lot.Title, f.Field, f.Before, f.After)
		}
	}
	for _, r := range d.Wider {
		say("wider %s;", r.Lot.Title)
	}
	for _, r := range d.Reminders {
		say("match %s %d last=%v;", r.Lot.Title, r.Step, r.Last)
	}
	for _, w := range d.Passed {
		say("%s: %s waits for %d;", w.Rung, w.Organisation.Name, len(w.Matches))
	}
	for _, o := range d.Offers {
		say("offer %s %s;", o.Lot.Title, o.To)
	}
	for _, p := range d.Promises {
		say("promise %s;", p.Promise)
	}
	for _, step := range []escalation.Step{"in_post_3", "in_post_6"} {
		if d.Tenures[step] > 0 {
			say("tenure %s %d;", step, d.Tenures[step])
		}
	}
	for _, r := range d.Routed {
		say("routed %s by %s;", r.Lot.Title, r.Convention)
	}
	for _, a := range d.Awards {
		say("award %s;", a.Lot.Title)
	}
	for _, a := range d.Asked {
		say("partner of %s as %s for %s (%d);", a.By.Name, a.Role, a.Lot.Title, a.Match)
	}
	for _, i := range d.Interests {
		say("%s answers %s: %s;", i.Name, i.Title, i.Word)
	}
	for _, e := range d.Settled {
		say("settled %s %s;", e.Title, e.State)
	}
	for _, p := range d.Pieces {
		say("piece %s %s gone=%v;", p.Kind.Code, p.Piece.ValidUntil, p.Gone)
	}
	for _, e := range d.Ended {
		say("closed %s %s cancelled=%v;", e.Title, e.State, e.Cancelled)
	}
	for subject, n := range d.Others {
		say("others %s %d;", subject, n)
	}
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, atlas: atlas, clock: testkit.NewClock("2026-11-30T09:00:00Z"), sent: &mail.Fake{}}
	now := h.clock.Now
	h.network = network.NewService(network.Config{Store: st, Atlas: atlas, Now: now})
	h.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now})
	h.matches = matching.NewService(matching.Config{Store: st, Atlas: atlas, Now: now})
	h.follow = followup.NewService(followup.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches})
	h.contacts = contacts.NewService(contacts.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches})
	h.absences = absences.NewService(absences.Config{Store: st, Now: now})
	h.dossier, err = dossier.NewService(dossier.Config{Store: st, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches, Followup: h.follow})
	must(t, err)
	h.Service = escalation.NewService(escalation.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches, Followup: h.follow,
		Contacts: h.contacts, Tenures: tenure.NewService(tenure.Config{Store: st, Now: now}), Absences: h.absences, Dossier: h.dossier, Mail: h.sent, Words: plain{}})
	h.crest = h.member("Brindesaule", "26108", 20)
	h.alix = h.person("alix", accounts.Member, int64(h.crest.ID), "")
	h.drome = h.person("drome", accounts.Officer, 9001, `{"territory":"departement:26"}`)
	h.region = h.person("region", accounts.Officer, 9001, `{"territory":"region:84"}`)
	h.country = h.person("country", accounts.Officer, 9002, `{"everywhere":true}`)
	return h
}

// routes lets conventions route places.
func (h *house) routes() {
	h.Conventions = conventions.NewService(conventions.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now, Opportunities: h.lots})
}

func (h *house) member(name, commune string, km int) *network.Organisation {
	h.t.Helper()
	o, err := h.network.Save(h.system(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}},
		Activities: []network.Activity{{Codes: cpv(), Modes: []network.Mode{network.Provision}, Zone: fmt.Sprintf(`{"radius":{"commune":%q,"km":%d}}`, commune, km),
			Origin: network.Declared, ZoneOrigin: network.Declared}}}, 0)
	must(h.t, err)
	return o
}

func cpv() []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}
}

func (h *house) person(name string, role accounts.Role, organisation int64, perimeter string) accounts.Identity {
	h.t.Helper()
	id := accounts.Identity{Name: name, Role: role, OrganisationID: organisation, Lang: "fr"}
	u := accounts.User{Email: accounts.Email(name + "@example.org"), EmailFolded: name + "@example.org", Name: name, Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	if perimeter != "" {
		e, err := territories.ParseExpr([]byte(perimeter))
		must(h.t, err)
		p, err := h.atlas.Compile(e)
		must(h.t, err)
		id.Perimeter, id.PerimeterExpr, u.Perimeter = p.Set, p.Text, p.Text
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	id.UserID = u.ID
	return id
}

// tender publishes a lot of a commune that closes on an instant, and matches it.
func (h *house) tender(title, commune, deadline string) *opportunities.Opportunity {
	h.t.Helper()
	at, err := time.Parse(time.RFC3339, deadline)
	must(h.t, err)
	o, err := h.lots.CreateAndPublish(h.system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.Tender, Title: title, BuyerName: "Ville", Source: "officer", Deadline: &at,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:` + commune + `"}`},
		Lots:  []opportunities.Lot{{Number: "1", Title: title, Codes: cpv()}}})
	must(h.t, err)
	must(h.t, h.matches.RefreshLots(h.system(), []opportunities.LotID{o.Lots[0].ID}))
	return o
}

// match is that of an enterprise with a call; 0 where there is none.
func (h *house) match(o *opportunities.Opportunity, of *network.Organisation) (id matching.ID) {
	h.t.Helper()
	must(h.t, h.st.Read().NewRaw("SELECT COALESCE(max(id), 0) FROM matches WHERE lot_id = ? AND organisation_id = ?", o.Lots[0].ID, of.ID).Scan(h.system(), &id))
	return id
}

func (h *house) system() context.Context {
	return accounts.With(context.Background(), accounts.TheSystem())
}

func (h *house) as(id accounts.Identity) context.Context {
	return accounts.With(context.Background(), id)
}

// on goes to ten in the morning of a day, in Paris.
func (h *house) on(day string) {
	h.t.Helper()
	at, err := time.Parse(time.RFC3339, day+"T09:00:00Z")
	must(h.t, err)
	h.clock.Advance(at.Sub(h.clock.Now()))
}

// letters makes and delivers what is due, and says what was sent, by recipient.
func (h *house) letters() []string {
	h.t.Helper()
	_, err := h.Remind(h.system())
	must(h.t, err)
	return h.delivered()
}

func (h *house) delivered() []string {
	h.t.Helper()
	before := len(h.sent.Sent())
	found, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(escalation.SendLetter{}.Kind()).First(1000))
	must(h.t, err)
	for _, row := range found.Jobs {
		var job escalation.SendLetter
		must(h.t, json.Unmarshal(row.EncodedArgs, &job))
		must(h.t, h.DeliverLetter(h.system(), job))
	}
	h.write("DELETE FROM river_job WHERE kind = ?", escalation.SendLetter{}.Kind())
	var out []string
	for _, m := range h.sent.Sent()[before:] {
		text, _, _ := strings.Cut(m.Text, "-- \n")
		text, _, _ = strings.Cut(text, "Ne plus recevoir")
		out = append(out, strings.TrimSuffix(m.To, "@example.org")+": "+strings.Join(strings.Fields(text), " "))
	}
	slices.Sort(out)
	return out
}

func (h *house) write(query string, args ...any) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	}))
}

// want compares what was sent.
func want(t testing.TB, when string, got []string, all ...string) {
	t.Helper()
	slices.Sort(all)
	if !slices.Equal(got, all) {
		t.Fatalf("%s: %q, want %q", when, got, all)
	}
}

// history is the states that a match went through, the first first.
func (h *house) history(id matching.ID) string {
	h.t.Helper()
	events, err := h.follow.Events(h.system(), id)
	must(h.t, err)
	var out []string
	for _, e := range events {
		out = append(out, string(e.From)+">"+string(e.To))
	}
	slices.Reverse(out)
	return strings.Join(out, " ")
}
