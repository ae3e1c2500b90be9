package agenda_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

// house is an association, a member and people who come, on a Monday morning.
type house struct {
	*agenda.Service
	t     testing.TB
	st    *store.Store
	atlas *territories.Atlas
	clock *testkit.Clock
	sent  *mail.Fake

	association, near               int64
	alix, kim, lou, officer, abroad accounts.Identity
}

type plain struct{}

// Agenda says what the letter is about.
func (plain) Agenda(_ accounts.User, what string, e *agenda.Event, _ *agenda.Booking) mail.Letter {
	return mail.Letter{Lang: "fr", Subject: what, Paragraphs: []string{what + " " + e.Title}}
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
	h.Service = agenda.NewService(agenda.Config{Store: st, Atlas: atlas, Now: h.clock.Now, Mail: h.sent, Words: plain{}})
	h.association, h.near = h.organisation(network.Regional, "", "Association"), h.organisation(network.Member, network.KindACI, "Romans Espaces verts")
	h.alix, h.kim, h.lou = h.person("alix@example.org", accounts.Member, h.near, ""), h.person("kim@example.org", accounts.Member, h.near, ""), h.person("lou@example.org", accounts.Counsellor, h.near, "")
	h.officer, h.abroad = h.person("drome@example.org", accounts.Officer, h.association, "26"), h.person("nord@example.org", accounts.Officer, 0, "59")
	return h
}

func (h *house) organisation(role network.Role, kind network.Kind, name string) int64 {
	h.t.Helper()
	n := network.NewService(network.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
	o, err := n.Save(context.Background(), &network.Organisation{Role: role, Kind: kind, Name: name, Active: true, Source: "demo"}, 0)
	must(h.t, err)
	return int64(o.ID)
}

func (h *house) person(email string, role accounts.Role, organisation int64, departement string) accounts.Identity {
	h.t.Helper()
	id := accounts.Identity{Role: role, OrganisationID: organisation, Lang: "fr"}
	u := accounts.User{Email: accounts.Email(email), EmailFolded: email, Name: strings.Split(email, "@")[0], Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	if departement != "" {
		p, err := h.atlas.Compile(territories.In(territories.Ref{Kind: territories.KindDepartement, Code: departement}))
		must(h.t, err)
		id.Perimeter, u.Perimeter = p.Set, p.Text
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	id.UserID = u.ID
	return id
}

func as(id accounts.Identity) context.Context { return accounts.With(context.Background(), id) }

func system() context.Context { return as(accounts.TheSystem()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("%v, want kind %d", err, kind)
	}
}

// plan is a training in Valence in ten days.
func (h *house) plan(capacity int) agenda.Plan {
	return agenda.Plan{Kind: agenda.Training, Title: "Répondre à un marché réservé", Place: "Maison des associations", Commune: "26362", Audience: agenda.Members,
		Territory: `{"territory":"departement:26"}`, Starts: "2026-12-10T14:00", Ends: "2026-12-10T17:00", Capacity: capacity, OrganiserID: h.association}
}

func (h *house) published(p agenda.Plan) *agenda.Event {
	h.t.Helper()
	e, err := h.Save(as(h.officer), 0, 0, p)
	must(h.t, err)
	e, err = h.Publish(as(h.officer), e.ID, e.Revision)
	must(h.t, err)
	return e
}

func (h *house) on(at string) {
	h.t.Helper()
	to, err := time.Parse(time.RFC3339, at)
	must(h.t, err)
	h.clock.Advance(to.Sub(h.clock.Now()))
}

// letters delivers what was asked for, and says what was sent since.
func (h *house) letters() []string {
	h.t.Helper()
	before := len(h.sent.Sent())
	found, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(agenda.SendLetter{}.Kind()).First(1000))
	must(h.t, err)
	for _, row := range found.Jobs {
		var job agenda.SendLetter
		must(h.t, json.Unmarshal(row.EncodedArgs, &job))
		must(h.t, h.DeliverLetter(system(), job))
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("DELETE FROM river_job WHERE kind = ?", agenda.SendLetter{}.Kind()).Exec(ctx)
		return err
	}))
	var out []string
	for _, m := range h.sent.Sent()[before:] {
		out = append(out, strings.Split(m.To, "@")[0]+" "+m.Subject)
	}
	slices.Sort(out)
	return out
}
