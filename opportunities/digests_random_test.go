package opportunities_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// TestWhateverHappensEachEventIsToldOnce lets a fortnight go by at random:
// calls, corrections, cancellations, searches that change rhythm, mornings that
// are missed. For each person and opportunity what letters told are spans of
// events that follow each other without meeting, and at the end, after one more
// morning, who never silenced a search knows each call that can be answered as it is.
func TestWhateverHappensEachEventIsToldOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		const seed = 26
		r := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a test's own chance
		o := open(t, st)
		steady, fickle := person(t, st, "steady@exemple.fr"), person(t, st, "fickle@exemple.fr")
		o.follow(steady, "Chaque jour", opportunities.Daily)
		o.follow(steady, "Chaque semaine", opportunities.Weekly)
		moody := o.follow(fickle, "Parfois", opportunities.Daily)
		var calls []opportunities.ID
		for step := range 120 {
			o.clock.Advance(time.Duration(r.IntN(5*60)) * time.Minute)
			switch k := r.IntN(10); {
			case k < 2 || len(calls) == 0:
				calls = append(calls, o.offer(len(calls)+1))
			case k < 5:
				o.correct(r.IntN(len(calls))+1, step, fmt.Sprintf("2027-0%d-15T11:00:00Z", 3+r.IntN(4)))
			case k == 5:
				_, _ = o.Cancel(context.Background(), opportunities.By{}, calls[r.IntN(len(calls))], 0)
			case k == 6:
				_, _ = o.Publish(context.Background(), opportunities.By{}, calls[r.IntN(len(calls))], 0)
			case k == 7:
				if err := o.SetSearch(fickle, moody.ID, "Parfois", opportunities.Frequencies()[r.IntN(3)]); err != nil {
					t.Fatal(err)
				}
			default:
				must[int](t)(o.WriteLetters(context.Background()))
			}
		}
		o.clock.Advance(time.Date(2027, 1, 4, 6, 30, 0, 0, time.UTC).Sub(o.clock.Now())) // a Monday
		must[int](t)(o.WriteLetters(context.Background()))
		o.spansFollow()
		o.knowsAll(accounts.From(steady).UserID, calls)
	})
}

// spansFollow expects that nothing was told twice.
func (o *office) spansFollow() {
	o.t.Helper()
	var spans []struct {
		User  int64 `bun:"user_id"`
		ID    int64 `bun:"opportunity_id"`
		After int64 `bun:"after_event"`
		Until int64 `bun:"event_id"`
	}
	err := o.st.Read().NewRaw("SELECT user_id, opportunity_id, after_event, event_id FROM search_news ORDER BY user_id, opportunity_id, event_id").Scan(context.Background(), &spans)
	if err != nil {
		o.t.Fatal(err)
	}
	if len(spans) < 20 {
		o.t.Errorf("only %d things told", len(spans))
	}
	for i, s := range spans {
		if s.After >= s.Until {
			o.t.Errorf("an empty span %+v", s)
		}
		if i > 0 && spans[i-1].User == s.User && spans[i-1].ID == s.ID && spans[i-1].Until > s.After {
			o.t.Errorf("told twice: %+v then %+v", spans[i-1], s)
		}
	}
}

// knowsAll expects that somebody was told of each open call until its last event.
func (o *office) knowsAll(user accounts.UserID, calls []opportunities.ID) {
	o.t.Helper()
	for id, one := range must[map[opportunities.ID]*opportunities.Opportunity](o.t)(o.Some(context.Background(), calls...)) {
		if !one.Open(o.clock.Now()) {
			continue
		}
		told := o.count(fmt.Sprintf("SELECT coalesce(max(event_id), 0) FROM search_news WHERE user_id = %d AND opportunity_id = %d", user, id))
		first, last := map[string]any{}, map[string]any{}
		events := must[[]opportunities.Event](o.t)(o.Events(context.Background(), id, 500))
		for _, e := range slices.Backward(events) { // the oldest first
			for _, c := range e.Diff {
				if _, known := first[c.Field]; !known && e.ID > int64(told) {
					first[c.Field] = c.Before
				}
				last[c.Field] = c.After
			}
		}
		for _, field := range []string{"deadline", "state"} {
			if before, moved := first[field]; told == 0 || moved && before != last[field] {
				o.t.Errorf("opportunity %d: told until event %d, and %s went from %v to %v", id, told, field, before, last[field])
			}
		}
	}
}
