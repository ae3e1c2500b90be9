package followup

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching"
)

// Every state is reached from the first, every closed one can be left, and what
// an enterprise was told is never told later than what it said.
func TestTheTableOfTransitions(t *testing.T) {
	t.Parallel()
	reached := []State{Proposed}
	for i := 0; i < len(reached); i++ {
		for _, to := range next(reached[i]) {
			if !slices.Contains(reached, to) {
				reached = append(reached, to)
			}
		}
	}
	for _, s := range States() {
		if !slices.Contains(reached, s) {
			t.Errorf("%s is never reached", s)
		}
		if len(next(s)) == 0 {
			t.Errorf("%s cannot be left", s)
		}
		if s.Words().FR == "" || s.Words().EN == "" {
			t.Errorf("%s has no name", s)
		}
		for _, to := range next(s) {
			if to.Unanswered() && !s.Unanswered() {
				t.Errorf("%s goes back to %s", s, to)
			}
			if !slices.Contains(States(), to) {
				t.Errorf("%s goes to %s, which is no state", s, to)
			}
		}
		for _, r := range Reasons(s) {
			if ReasonWords(r).FR == "" || ReasonWords(r).EN == "" {
				t.Errorf("reason %s has no words", r)
			}
		}
	}
	if next(State("no such")) != nil {
		t.Error("an unknown state goes somewhere")
	}
}

// Whatever is done in whatever order, the state is the last event's, each event
// begins where the one before ended, and the same step again changes nothing.
func TestAStateIsTheProjectionOfItsEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		p := begin(&matching.Match{ID: 1, FirstProposedAt: at})
		events := []State{Proposed}
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			to := rapid.SampledFrom(States()).Draw(t, "to")
			step := Step{To: to, Reason: NoReason}
			if all := Reasons(to); len(all) > 0 {
				step.Reason = rapid.SampledFrom(all).Draw(t, "reason")
			}
			if to == Answering {
				step.Role = Alone
			}
			if p.says(step) || !p.State.Allows(to) {
				continue
			}
			before := p.Revision
			if at = at.Add(time.Hour); !slices.Contains(next(p.State), to) && p.State != to {
				t.Fatalf("%s became %s", p.State, to)
			}
			p.take(step, at)
			events = append(events, to)
			if p.Revision != before+1 || !p.says(step) {
				t.Fatalf("after %+v: %+v", step, p)
			}
		}
		if last := events[len(events)-1]; p.State != last {
			t.Fatalf("state %s after %v", p.State, events)
		}
		if p.Role != NoRole && !p.State.Answered() && p.State != Withdrawn {
			t.Fatalf("%s keeps the role of an answer", p.State)
		}
		if (p.Reason != NoReason) != (len(Reasons(p.State)) > 0) {
			t.Fatalf("%s with reason %q", p.State, p.Reason)
		}
		if p.Since.After(p.UpdatedAt) {
			t.Fatalf("since %v, updated %v", p.Since, p.UpdatedAt)
		}
	})
}
