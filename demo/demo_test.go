package demo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/demo"
	"maillage/followup"
	"maillage/indicators/activity"
	"maillage/indicators/markets"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

func config(t *testing.T, st *store.Store) demo.Config {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	users, err := accounts.New(accounts.Config{Store: st, Now: clock.Now, Perimeter: accounts.PerimetersOf(atlas),
		Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	return demo.Config{Store: st, Atlas: atlas, Accounts: users, Now: clock.Now,
		Network: network.NewService(network.Config{Store: st, Atlas: atlas, Now: clock.Now})}
}

func TestTheDemonstrationIsWhole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := accounts.With(context.Background(), accounts.TheSystem())
		cfg := config(t, st)
		for _, want := range []bool{true, false} { // a second start keeps the data
			loaded, err := demo.Load(ctx, cfg)
			if err != nil || loaded != want {
				t.Fatalf("loaded %v, %v; want %v", loaded, err, want)
			}
		}
		counts(t, st, map[string]int{"groups": 15, "poles": 10, "partnerships": 6, "opportunities": 191, "users": 6, "people": 132, "person_identities": 132, "person_traits": 132, "notice_quarantine": 1, "procurement_pairs": 1})
		members, err := st.Read().NewSelect().Table("organisations").Where("role = 'member'").Count(ctx)
		if err != nil || members != 150 {
			t.Errorf("%d members, %v", members, err)
		}
		states(t, st)
		pursuits(t, st)
		hoursInDrome(t, st)
		spokenFor(t, st)
		presented(t, cfg)
		months(t, st)
		quarters(t, cfg)
	})
}

// What the officer noted is of an association, whose report counts it.
func spokenFor(t *testing.T, st *store.Store) {
	t.Helper()
	var noted, ofAnAssociation int
	if err := st.Read().NewRaw(`SELECT count(*), count(o.id) FROM contacts c LEFT JOIN organisations o ON o.id = c.noted_for AND o.role = ?`, network.Regional).Scan(context.Background(), &noted, &ofAnAssociation); err != nil {
		t.Fatal(err)
	}
	if noted == 0 || noted != ofAnAssociation {
		t.Errorf("%d contacts, %d of an association", noted, ofAnAssociation)
	}
}

// The officer of Drôme and Ardèche has hours to fill whose clause says how many
// and who accompanies it, as the README tells the tour.
func hoursInDrome(t *testing.T, st *store.Store) {
	t.Helper()
	var all []opportunities.Opportunity
	if err := st.Read().NewSelect().Model(&all).Where("kind = ?", opportunities.InsertionHours).Scan(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		if strings.Contains(o.Place.Perimeter, "26108") && o.State == opportunities.Published && o.Clause.Hours == 1200 && o.Insertion.Facilitator == "PLIE de la Drôme" {
			return
		}
	}
	t.Error("no hours to fill in Crest, with their number and their facilitator")
}

// The quarters that are over have something to publish, of the whole and of a région.
func quarters(t *testing.T, cfg demo.Config) {
	t.Helper()
	ctx := context.Background()
	counted, err := markets.NewService(markets.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	if err != nil {
		t.Fatal(err)
	}
	s, err := activity.NewService(activity.Config{Store: cfg.Store, Markets: counted, Now: cfg.Now})
	if err != nil {
		t.Fatal(err)
	}
	if last, err := s.Publish(ctx); err != nil || last != "2026-09" {
		t.Fatalf("published until %s, %v", last, err)
	}
	all, err := s.Editions(ctx)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d quarters, %v", len(all), err)
	}
	hours := 0
	for _, e := range all {
		if v := e.Find(activity.Federation, "", activity.Whole).Figures[activity.Hours]; v != nil && *v > 0 {
			hours++
		}
		for _, at := range []struct {
			level activity.Level
			code  string
		}{{activity.Federation, ""}, {activity.Region, "84"}} {
			row := e.Find(at.level, at.code, activity.Whole)
			for _, m := range []activity.Measure{activity.Proposed, activity.Heard, activity.Won} {
				if row == nil || row.Figures[m] == nil || *row.Figures[m] == 0 {
					t.Errorf("until %s, %s %s: no %s", e.Until, at.level, at.code, m)
				}
			}
		}
	}
	if hours < 2 { // one may be withheld
		t.Errorf("hours are told of %d quarters", hours)
	}
}

// Every month that is over has calls, the fewest in August, more as time goes.
func months(t *testing.T, st *store.Store) {
	t.Helper()
	var at []time.Time
	if err := st.Read().NewRaw("SELECT published_at FROM opportunities WHERE kind = 'tender' AND published_at < ? ORDER BY published_at", time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)).Scan(context.Background(), &at); err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, d := range at {
		by[d.Format("2006-01")]++
	}
	for m := time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC); m.Before(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)); m = m.AddDate(0, 1, 0) {
		if n := by[m.Format("2006-01")]; n == 0 || n < by["2026-08"] {
			t.Errorf("%d calls in %s, %d in August", n, m.Format("2006-01"), by["2026-08"])
		}
	}
	if by["2026-09"] <= by["2025-11"] {
		t.Errorf("no growth: %v", by)
	}
}

func counts(t *testing.T, st *store.Store, want map[string]int) {
	t.Helper()
	for table, n := range want {
		got, err := st.Read().NewSelect().Table(table).Count(context.Background())
		if err != nil || int(got) != n {
			t.Errorf("%d %s, want %d (%v)", got, table, n, err)
		}
	}
}

// Every state is shown, and the open ones have their deadline before them.
func states(t *testing.T, st *store.Store) {
	t.Helper()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var all []opportunities.Opportunity
	if err := st.Read().NewSelect().Model(&all).Scan(context.Background()); err != nil {
		t.Fatal(err)
	}
	seen := map[opportunities.State]int{}
	for i := range all {
		seen[all[i].State]++
		if all[i].Kind != opportunities.Expected && all[i].State == opportunities.Published && !all[i].Open(now) {
			t.Errorf("%s is published and late", all[i].Title)
		}
	}
	for s, least := range map[opportunities.State]int{opportunities.Draft: 3, opportunities.Published: 35, opportunities.Closed: 8, opportunities.Awarded: 8, opportunities.Cancelled: 5} {
		if seen[s] < least {
			t.Errorf("%d %s, want at least %d", seen[s], s, least)
		}
	}
}

// A match is shown in each state of its life.
func pursuits(t *testing.T, st *store.Store) {
	t.Helper()
	var seen []followup.State
	if err := st.Read().NewRaw("SELECT DISTINCT state FROM pursuits ORDER BY state").Scan(context.Background(), &seen); err != nil {
		t.Fatal(err)
	}
	for _, s := range followup.States() {
		if s != followup.Proposed && !slices.Contains(seen, s) {
			t.Errorf("no match is %s: %v", s, seen)
		}
	}
}

func TestTheDemonstrationRefusesAnotherDatabase(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	cfg := config(t, st)
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	if _, err := cfg.Network.Save(ctx, &network.Organisation{Role: network.Buyer, Name: "Une vraie mairie", Active: true}, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Load(ctx, cfg); err == nil {
		t.Fatal("the demonstration was loaded over other data")
	}
	if is, err := demo.Is(ctx, st); is || err != nil {
		t.Fatalf("the database is marked: %v, %v", is, err)
	}
}

func TestTheDemonstrationRefusesWhatWasAddedToIt(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	cfg := config(t, st)
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	if _, err := demo.Load(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	const members = "siret;type;nom;code_postal;commune\n00000000100017;ACI;Une vraie structure;26400;Crest\n"
	if _, err := cfg.Network.Import(ctx, network.Source{Name: "membres.csv", Content: strings.NewReader(members)}); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Load(ctx, cfg); err == nil {
		t.Fatal("the demonstration is served over real members")
	}
}
