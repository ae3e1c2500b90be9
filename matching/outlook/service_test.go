package outlook_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	engine "maillage/matching/engine/outlook"
	"maillage/matching/outlook"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// room is a database with a structure of Valence, its people and what is asked there.
type room struct {
	t         *testing.T
	st        *store.Store
	clock     *testkit.Clock
	atlas     *territories.Atlas
	people    *people.Service
	lots      *opportunities.Service
	structure int64
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z"), atlas: atlas}
	r.people = people.NewService(people.Config{Store: st, Atlas: atlas, Now: r.clock.Now})
	r.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: r.clock.Now})
	o, err := network.NewService(network.Config{Store: st, Atlas: atlas, Now: r.clock.Now}).Save(system(), &network.Organisation{Role: network.Member, Kind: network.KindACI,
		Name: "Chantier du Rhône", Active: true, Source: "demo", Sites: []network.Site{{Main: true, City: "Valence", Commune: "26362"}}}, 0)
	r.must(err)
	r.structure = int64(o.ID)
	return r
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

func as(role accounts.Role) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 3, Role: role, OrganisationID: 99})
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// cleaners are people of Valence who wish to clean, of whom some drive.
func (r *room) cleaners(n, drive int) {
	r.t.Helper()
	for i := range n {
		p := &people.Person{OrganisationID: r.structure, Commune: "26362", EnteredOn: "2026-03-02",
			Profile: people.Profile{Wished: []people.Wish{{ROME: "K2204"}}, Mobility: []people.Mobility{{Mode: people.Transit, Km: 12}}}}
		if i < drive {
			p.Profile.Aptitudes = []people.Holding{{Code: "permis-b"}}
		}
		_, err := r.people.Create(accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Counsellor, OrganisationID: r.structure}), p)
		r.must(err)
	}
}

func (r *room) publish(kind opportunities.Kind, l opportunities.Lot) *opportunities.Opportunity {
	r.t.Helper()
	l.Number = "1"
	o := &opportunities.Opportunity{Kind: kind, Title: "Ce qui est demandé", Source: "officer", BuyerName: "Ville de Valence", Lots: []opportunities.Lot{l},
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`}}
	made, err := r.lots.Create(system(), opportunities.By{}, o)
	r.must(err)
	made, err = r.lots.Publish(system(), opportunities.By{}, made.ID, 0)
	r.must(err)
	return made
}

func codes(scheme nomenclatures.Scheme, value string) []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: scheme, Value: value}}
}

func (r *room) service() *outlook.Service {
	return outlook.NewService(outlook.Config{Store: r.st, Atlas: r.atlas, People: r.people, Opportunities: r.lots, Now: r.clock.Now})
}

func (r *room) drome() *territories.Set {
	set, err := r.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	r.must(err)
	return set
}

func TestAskedHeldAndLearnt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.cleaners(12, 3)
		r.publish(opportunities.JobNeed, opportunities.Lot{Title: "Agent de nettoyage", Codes: codes(nomenclatures.SchemeROME, "K2204"), Posts: 4, StartsOn: "2026-12-07",
			Terms: &opportunities.Terms{Contract: opportunities.FixedTerm, Hours: 30, Aptitudes: []opportunities.Wanted{{Code: "permis-b", Required: true}}}})
		r.publish(opportunities.Tender, opportunities.Lot{Title: "Nettoyage des écoles", Codes: codes(nomenclatures.SchemeCPV, "90911200"), FTE: 2})
		r.publish(opportunities.TrainingSession, opportunities.Lot{Title: "Titre agent de propreté", Codes: codes(nomenclatures.SchemeROME, "K2204"), Posts: 10, StartsOn: "2027-01-11", EndsOn: "2027-03-12", Hours: 300,
			Terms: &opportunities.Terms{Audience: opportunities.ForJourneys, Leads: []nomenclatures.ROME{"K2204"}, Outcomes: []opportunities.Gain{{Code: "monobrosse"}}}})
		s := r.service()
		o, err := s.Of(as(accounts.Officer), engine.Query{In: r.drome()})
		r.must(err)
		row, _ := o.Find("K2204")
		if row.Demand.Open != 4 || row.Demand.Lots != 1 || row.Demand.FTE == 0 || row.Places != 10 || row.Wish.Shown != 10 || row.Wish.Low != 8 {
			t.Errorf("cleaning: %+v", row)
		}
		for _, skill := range o.Skills {
			if skill.Code == "permis-b" && (skill.Required != 4 || !skill.Hold.None() || skill.Hold.High != 4) {
				t.Errorf("three people who drive are told: %+v", skill)
			}
		}
		var b bytes.Buffer
		r.must(outlook.WriteCSV(&b, "fr", o, func(t engine.Tension) string { return "mot " + string(t) }))
		if text := b.String(); !strings.HasPrefix(text, "\uFEFF") || !strings.Contains(text, "métier;K2204;") || !strings.Contains(text, "aptitude;permis-b;") || !strings.Contains(text, ";mot ") {
			t.Errorf("table: %s", text)
		}
		r.inStep(s)
	})
}

// inStep closes the need and adds people: what is asked follows at once, figures
// of people the next day.
func (r *room) inStep(s *outlook.Service) {
	r.t.Helper()
	list, err := r.lots.List(system(), opportunities.Filter{Kinds: []opportunities.Kind{opportunities.JobNeed}}, opportunities.Request{})
	r.must(err)
	_, err = r.lots.Close(system(), opportunities.By{}, list.Items[0].ID, 0)
	r.must(err)
	r.cleaners(8, 0)
	read := func() engine.Row {
		o, err := s.Of(as(accounts.Admin), engine.Query{In: r.drome()})
		r.must(err)
		row, _ := o.Find("K2204")
		return row
	}
	r.clock.Advance(1)
	if row := read(); row.Demand.Open != 0 || row.Demand.Passed != 4 || row.Wish.Shown != 10 {
		r.t.Errorf("after the need was closed: %+v", row)
	}
	r.clock.Advance(24 * 3600e9)
	if row := read(); row.Wish.Shown != 20 {
		r.t.Errorf("the next day: %+v", row)
	}
}

func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	s := r.service()
	for role, may := range map[accounts.Role]bool{accounts.Admin: true, accounts.Officer: true, accounts.Counsellor: true, accounts.Researcher: true, accounts.Member: false, accounts.Employer: false, accounts.Public: false} {
		if _, err := s.Of(as(role), engine.Query{In: r.drome()}); (err == nil) != may || err != nil && !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// What was closed without a deadline stays closed on that day, whatever is changed
// in it afterwards, and after a restart.
func TestALaterChangeDoesNotBringBackAnOldNeed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o := r.publish(opportunities.JobNeed, opportunities.Lot{Title: "Ménage", Codes: codes(nomenclatures.SchemeROME, "K2204"), Posts: 4})
		_, err := r.lots.Close(system(), opportunities.By{}, o.ID, 0)
		r.must(err)
		r.clock.Advance(15 * 30 * 24 * time.Hour)
		r.must(st.InTx(system(), func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.NewRaw("UPDATE opportunities SET title = 'Corrigé', updated_at = ? WHERE id = ?", r.clock.Now(), o.ID).Exec(ctx); err != nil {
				return err
			}
			return tx.Changed(ctx, store.Change{Entity: "lot", ID: int64(o.Lots[0].ID)})
		}))
		found, err := r.service().Of(as(accounts.Admin), engine.Query{In: r.drome()})
		r.must(err)
		if row, _ := found.Find("K2204"); row.Demand.Passed != 0 {
			t.Errorf("a need closed fifteen months ago is of the period: %+v", row.Demand)
		}
	})
}

// Of three places, those that somebody was hired for are open no more, at once and
// after a restart; the day the last is taken, the need is of the past.
func TestFilledPlacesAreOpenNoMore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o := r.publish(opportunities.JobNeed, opportunities.Lot{Title: "Ménage", Codes: codes(nomenclatures.SchemeROME, "K2204"), Posts: 3,
			Terms: &opportunities.Terms{Contract: opportunities.FixedTerm, Aptitudes: []opportunities.Wanted{{Code: "permis-b", Required: true}}}})
		kept := r.service()
		for taken := range 4 {
			if taken > 0 {
				r.must(st.InTx(system(), func(ctx context.Context, tx store.Tx) error { return r.lots.Take(ctx, tx, o.Lots[0].ID, r.clock.Now()) }))
			}
			r.clock.Advance(time.Hour)
			for name, s := range map[string]*outlook.Service{"in step": kept, "anew": r.service()} {
				found, err := s.Of(as(accounts.Admin), engine.Query{In: r.drome()})
				r.must(err)
				row, _ := found.Find("K2204")
				skill, total := found.Skills[0], found.Totals[0]
				if row.Demand.Open != 3-taken || row.Demand.Passed != taken || skill.Open != 3-taken || skill.Required != 3 || total.Open != 3-taken || total.Passed != taken {
					t.Errorf("%s, %d of 3 places taken: %+v, %+v, %+v", name, taken, row.Demand, skill, total)
				}
			}
		}
		err := st.InTx(system(), func(ctx context.Context, tx store.Tx) error { return r.lots.Take(ctx, tx, o.Lots[0].ID, r.clock.Now()) })
		if !fault.Is(err, fault.KindConflict) {
			t.Errorf("a fourth place of three is taken: %v", err)
		}
	})
}
