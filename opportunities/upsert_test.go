package opportunities_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

func call(version string, deadline *time.Time) opportunities.Imported {
	o := *cleaning()
	o.Key, o.Source, o.Deadline = "boamp:26-1", "boamp", deadline
	return opportunities.Imported{Opportunity: o, Origin: "boamp:26-1:" + version}
}

func upsert(t testing.TB, st *store.Store, s *opportunities.Service, in opportunities.Imported) (opportunities.Outcome, *opportunities.Opportunity) {
	t.Helper()
	var outcome opportunities.Outcome
	var o *opportunities.Opportunity
	err := st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) (err error) {
		outcome, o, err = s.Upsert(ctx, tx, in)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return outcome, o
}

func kinds(t testing.TB, s *opportunities.Service, id opportunities.ID) []string {
	t.Helper()
	var out []string
	for _, e := range must[[]opportunities.Event](t)(s.Events(context.Background(), id, 0)) {
		out = append([]string{e.Kind}, out...)
	}
	return out
}

func TestOneProcurementIsOneOpportunity(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, clock := service(t, st)
		did, o := upsert(t, st, s, call("1", at("2026-12-01T11:00:00Z")))
		if did != opportunities.Made || o.State != opportunities.Published {
			t.Fatalf("%s %+v", did, o)
		}
		if did, _ := upsert(t, st, s, call("1", at("2026-12-24T11:00:00Z"))); did != opportunities.Unchanged {
			t.Fatalf("the same notice again: %s", did)
		}
		correction := opportunities.Imported{Origin: "boamp:26-2:1", Correction: true, Opportunity: opportunities.Opportunity{
			Key: "boamp:26-1", Deadline: at("2026-12-20T11:00:00Z"), Title: "Nettoyage des écoles",
		}}
		did, o = upsert(t, st, s, correction)
		if did != opportunities.Updated || !o.Deadline.Equal(*at("2026-12-20T11:00:00Z")) || len(o.Lots) != 2 || o.Lots[0].Codes == nil || o.Description != "" || o.Amount != 90_000 {
			t.Fatalf("after a correction that says little: %s %+v", did, o)
		}
		older := call("0", at("2026-11-30T11:00:00Z"))
		older.NoticedAt = *at("2026-10-01T00:00:00Z")
		latest := call("3", at("2026-12-22T11:00:00Z"))
		latest.NoticedAt = *at("2026-11-20T00:00:00Z")
		upsert(t, st, s, latest)
		if did, o = upsert(t, st, s, older); did != opportunities.Unchanged || !o.Deadline.Equal(*latest.Opportunity.Deadline) {
			t.Fatalf("an older notice moved the deadline: %s %v", did, o.Deadline)
		}
		clock.Advance(60 * 24 * time.Hour)
		if n, err := s.CloseLate(context.Background()); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		reopened := call("4", at("2027-02-20T11:00:00Z"))
		reopened.Correction = true
		if _, o = upsert(t, st, s, reopened); o.State != opportunities.Published {
			t.Fatalf("a deadline moved after it passed: %s", o.State)
		}
		cancelled := opportunities.Imported{Origin: "boamp:26-9:1", Note: "sans suite", Opportunity: opportunities.Opportunity{Key: "boamp:26-1", State: opportunities.Cancelled}}
		if did, o = upsert(t, st, s, cancelled); did != opportunities.Updated || o.State != opportunities.Cancelled || o.Title == "" {
			t.Fatalf("%s %+v", did, o)
		}
		again := call("5", at("2027-03-20T11:00:00Z"))
		again.Opportunity.State = opportunities.Published
		if _, o = upsert(t, st, s, again); o.State != opportunities.Published {
			t.Fatalf("cancelled and published again: %s", o.State)
		}
		want := []string{"created", "corrected", "changed", "noticed", "closed", "corrected", "reopened", "cancelled", "changed", "reopened"}
		if got := kinds(t, s, o.ID); !slices.Equal(got, want) {
			t.Errorf("history %v, want %v", got, want)
		}
		read := must[*opportunities.Opportunity](t)(s.ByKey(context.Background(), "boamp:26-1"))
		if read.ID != o.ID || read.Revision != o.Revision || len(read.Lots) != 2 {
			t.Errorf("read %+v", read)
		}
	})
}

func TestLotsAreAddedWithdrawnAndBack(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	s, _ := service(t, st)
	_, o := upsert(t, st, s, call("1", nil))
	one, two := o.Lots[0].ID, o.Lots[1].ID
	second := call("2", nil)
	second.Opportunity.Lots = []opportunities.Lot{second.Opportunity.Lots[1], {Number: "3", Title: "Vitrerie", Deadline: at("2026-12-10T10:00:00Z")}}
	_, o = upsert(t, st, s, second)
	o = must[*opportunities.Opportunity](t)(s.Get(context.Background(), o.ID))
	state := map[string]bool{}
	for _, l := range o.Lots {
		state[l.Number] = l.Withdrawn
	}
	if fmt.Sprint(state) != "map[1:true 2:false 3:false]" || !o.Deadline.Equal(*at("2026-12-10T10:00:00Z")) {
		t.Fatalf("%v, deadline %v", state, o.Deadline)
	}
	_, o = upsert(t, st, s, call("3", nil))
	o = must[*opportunities.Opportunity](t)(s.Get(context.Background(), o.ID))
	lots := must[[]*opportunities.Lot](t)(s.Lots(context.Background(), two, one, 999))
	if len(lots) != 2 || lots[0].ID != two || lots[1].Withdrawn || lots[1].Place.Words != "Valence" || lots[1].Opportunity.ID != o.ID || !o.Lots[2].Withdrawn {
		t.Fatalf("%+v", lots)
	}
}

// One procurement published by two sources numbers its lots in two ways: they are the same lots.
func TestLotsOfTwoSourcesAreTheSame(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	s, _ := service(t, st)
	_, o := upsert(t, st, s, call("1", nil))
	ids := []opportunities.LotID{o.Lots[0].ID, o.Lots[1].ID}
	other := call("ted", nil)
	other.Opportunity.Lots[0].Number, other.Opportunity.Lots[1].Number = "LOT-0001", "LOT-0002"
	other.Opportunity.Lots = append(other.Opportunity.Lots, opportunities.Lot{Number: "LOT-0010", Title: "Vitrerie"})
	if _, o = upsert(t, st, s, other); len(o.Lots) != 3 || o.Lots[0].ID != ids[0] || o.Lots[1].ID != ids[1] || o.Lots[0].Withdrawn || o.Lots[0].Revision != 1 {
		t.Fatalf("%+v", o.Lots)
	}
	single := opportunities.Imported{Origin: "a", Opportunity: opportunities.Opportunity{Kind: opportunities.Tender, Key: "single", Title: "Sans lots"}}
	_, o = upsert(t, st, s, single)
	single.Origin, single.Opportunity.Lots = "b", []opportunities.Lot{{Number: "LOT-0000", Title: "Tout"}}
	only := o.Lots[0].ID
	if _, o = upsert(t, st, s, single); len(o.Lots) != 1 || o.Lots[0].ID != only || o.Lots[0].Title != "Tout" {
		t.Fatalf("%+v", o.Lots)
	}
}

// Lots with different deadlines close one after the other: the whole is open as long as one is.
func TestTheWholeClosesWithItsLastLot(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ctx := context.Background()
	s, clock := service(t, st)
	in := call("1", nil)
	in.Opportunity.Lots[0].Deadline, in.Opportunity.Lots[1].Deadline = at("2026-12-01T10:00:00Z"), at("2026-12-05T10:00:00Z")
	_, o := upsert(t, st, s, in)
	for _, step := range []struct {
		now, deadline string
		closed        int
		state         opportunities.State
	}{
		{"2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z", 0, opportunities.Published},
		{"2026-12-02T10:00:00Z", "2026-12-05T10:00:00Z", 0, opportunities.Published},
		{"2026-12-06T10:00:00Z", "2026-12-05T10:00:00Z", 1, opportunities.Closed},
	} {
		clock.Advance(at(step.now).Sub(clock.Now()))
		n, err := s.CloseLate(ctx)
		got := must[*opportunities.Opportunity](t)(s.Get(ctx, o.ID))
		if err != nil || n != step.closed || got.State != step.state || !got.Deadline.Equal(*at(step.deadline)) {
			t.Fatalf("on %s: closed %d, %s, %v, %v", step.now, n, got.State, got.Deadline, err)
		}
	}
}

// What came of a notice without a deadline is closed when nothing more was heard
// of it for MaxSilence: at once where it is older than that; what a member wrote stays.
func TestSilenceCloses(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, clock := service(t, st)
		old, fresh := call("1", nil), call("1", nil)
		old.Opportunity.Key, old.Origin, old.NoticedAt = "boamp:24-1", "boamp:24-1:", clock.Now().Add(-opportunities.MaxSilence)
		fresh.NoticedAt = clock.Now().Add(-opportunities.MaxSilence + time.Hour)
		for _, in := range []*opportunities.Imported{&old, &fresh} {
			for i := range in.Opportunity.Lots {
				in.Opportunity.Lots[i].Deadline = nil
			}
		}
		_, gone := upsert(t, st, s, old)
		_, open := upsert(t, st, s, fresh)
		if gone.State != opportunities.Closed || open.State != opportunities.Published {
			t.Fatalf("at import: %s, %s", gone.State, open.State)
		}
		own := *cleaning()
		own.Deadline = nil
		mine := must[*opportunities.Opportunity](t)(s.Create(ctx, opportunities.By{}, &own))
		mine = must[*opportunities.Opportunity](t)(s.Publish(ctx, opportunities.By{}, mine.ID, 0))
		if n, err := s.CloseLate(ctx); n != 0 || err != nil {
			t.Fatalf("too early: %d %v", n, err)
		}
		clock.Advance(2 * time.Hour)
		for want := 1; want >= 0; want-- {
			if n, err := s.CloseLate(ctx); n != want || err != nil {
				t.Fatalf("closed %d, want %d: %v", n, want, err)
			}
		}
		if got := must[*opportunities.Opportunity](t)(s.Get(ctx, mine.ID)); got.State != opportunities.Published {
			t.Errorf("the member's: %s", got.State)
		}
		for _, id := range []opportunities.ID{gone.ID, open.ID} {
			last := must[[]opportunities.Event](t)(s.Events(ctx, id, 1))[0]
			if last.Kind != opportunities.EventClosed || len(last.Diff) == 0 || last.Diff[len(last.Diff)-1].After != "sans date limite depuis 90 jours" {
				t.Errorf("the event: %+v", last)
			}
		}
	})
}

// Several importers that meet on one procurement make one opportunity, and none is lost.
func TestImportersThatMeet(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, _ := service(t, st)
		const importers = 6
		done := make(chan opportunities.Outcome, importers)
		failed := make(chan error, importers)
		for i := range importers {
			go func() {
				var did opportunities.Outcome
				in := call(fmt.Sprint(i), at("2026-12-01T11:00:00Z"))
				in.Opportunity.Amount = float64(1000 + i)
				failed <- st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) (err error) {
					did, _, err = s.Upsert(ctx, tx, in)
					return err
				})
				done <- did
			}()
		}
		got := map[opportunities.Outcome]int{}
		for range importers {
			if err := <-failed; err != nil {
				t.Fatal(err)
			}
			got[<-done]++
		}
		o := must[*opportunities.Opportunity](t)(s.ByKey(context.Background(), "boamp:26-1"))
		if got[opportunities.Made] != 1 || got[opportunities.Updated] != importers-1 || o.Revision != importers || len(kinds(t, s, o.ID)) != importers || len(o.Lots) != 2 {
			t.Fatalf("%v, revision %d, history %v", got, o.Revision, kinds(t, s, o.ID))
		}
	})
}

// Whatever people and notices do, a state is left only by the table, every
// change raises the revision and leaves an event, and the history tells the state.
func TestNoPathLeavesTheTable(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ctx := context.Background()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		s, clock := service(t, st)
		run++
		key := fmt.Sprintf("run:%d", run)
		made := *cleaning()
		made.Key = key
		o, err := s.Create(ctx, opportunities.By{}, &made)
		if err != nil {
			rt.Fatal(err)
		}
		for step := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			before, err := s.Get(ctx, o.ID)
			if err != nil {
				rt.Fatal(err)
			}
			act(ctx, rt, st, s, clock, before, fmt.Sprintf("%s:%d", key, step))
			after, err := s.Get(ctx, o.ID)
			if err != nil {
				rt.Fatal(err)
			}
			checkStep(ctx, rt, s, before, after)
		}
	})
}

func act(ctx context.Context, rt *rapid.T, st *store.Store, s *opportunities.Service, clock *testkit.Clock, o *opportunities.Opportunity, origin string) {
	by := opportunities.By{}
	soon := clock.Now().Add(time.Duration(rapid.IntRange(-48, 96).Draw(rt, "hours")) * time.Hour)
	switch rapid.SampledFrom([]string{"publish", "close", "award", "cancel", "update", "notice", "time"}).Draw(rt, "act") {
	case "publish":
		_, _ = s.Publish(ctx, by, o.ID, 0)
	case "close":
		_, _ = s.Close(ctx, by, o.ID, 0)
	case "award":
		_, _ = s.Award(ctx, by, o.ID, 0)
	case "cancel":
		_, _ = s.Cancel(ctx, by, o.ID, 0)
	case "update":
		o.Deadline = &soon
		_, _ = s.Update(ctx, by, 0, o)
	case "notice":
		in := opportunities.Imported{Origin: origin, Opportunity: opportunities.Opportunity{Key: o.Key, Deadline: &soon,
			State: rapid.SampledFrom([]opportunities.State{"", opportunities.Published, opportunities.Closed, opportunities.Awarded, opportunities.Cancelled}).Draw(rt, "state")}}
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { _, _, err := s.Upsert(ctx, tx, in); return err })
		if err != nil {
			rt.Fatal(err)
		}
	case "time":
		clock.Advance(36 * time.Hour)
		if _, err := s.CloseLate(ctx); err != nil {
			rt.Fatal(err)
		}
	}
}

func checkStep(ctx context.Context, rt *rapid.T, s *opportunities.Service, before, after *opportunities.Opportunity) {
	if before.State != after.State && !before.State.Allows(after.State) && !before.State.Allows(opportunities.Published) {
		rt.Fatalf("from %s to %s", before.State, after.State)
	}
	events, err := s.Events(ctx, after.ID, 0)
	if err != nil {
		rt.Fatal(err)
	}
	if before.Revision == after.Revision && before.State != after.State {
		rt.Fatalf("the state changed without a revision")
	}
	state := opportunities.Draft
	for _, e := range slices.Backward(events) {
		for _, d := range e.Diff {
			if d.Field != "state" {
				continue
			}
			if d.Before != string(state) {
				rt.Fatalf("the history says %v, the state was %s", d.Before, state)
			}
			to := opportunities.State(d.After.(string))
			if !state.Allows(to) {
				rt.Fatalf("the history goes from %s to %s", state, to)
			}
			state = to
		}
	}
	if state != after.State {
		rt.Fatalf("the history ends in %s, the state is %s", state, after.State)
	}
}
