package followup

import (
	"slices"

	"maillage/accounts"
	"maillage/matching"
)

// next is the table of transitions. The second half reopens what was closed. An
// award may name a winner that told nothing here: Won follows any state, and
// Service.Confirm alone takes it there from one that is not Submitted.
func next(s State) []State {
	switch s {
	case Proposed:
		return []State{Notified, Seen, Interested, Declined, Go, NoGo, Won}
	case Notified:
		return []State{Seen, Interested, Declined, Go, NoGo, Won}
	case Seen:
		return []State{Interested, Declined, Go, NoGo, Won}
	case Interested:
		return []State{Declined, Go, NoGo, Won}
	case Go:
		return []State{Answering, NoGo, Withdrawn, Won}
	case Answering:
		return []State{Submitted, Withdrawn, Won}
	case Submitted:
		return []State{Won, Lost, NoAward, Withdrawn}
	}
	return reopened(s)
}

func reopened(s State) []State {
	switch s {
	case Declined:
		return []State{Interested, Go, Won}
	case NoGo:
		return []State{Interested, Go, Won}
	case Withdrawn:
		return []State{Interested, Go, Submitted, Won}
	case Won:
		return []State{Submitted}
	case Lost, NoAward:
		return []State{Submitted, Won}
	}
	return nil
}

// Allows tells whether a pursuit may go from a state to another. A state that
// has something to correct (a reason, the partners, a date) follows itself.
func (s State) Allows(to State) bool {
	return slices.Contains(next(s), to) || s == to && s.correctable()
}

// Next lists the states that may follow, in the order of a life.
func (s State) Next() []State { return next(s) }

func (s State) correctable() bool {
	return s == Interested || s == Answering || s == Submitted || s == Go || len(Reasons(s)) > 0
}

// Closed tells an end: it can be reopened.
func (s State) Closed() bool {
	return slices.Contains([]State{Declined, NoGo, Won, Lost, NoAward, Withdrawn}, s)
}

// Unanswered tells that the enterprise has said nothing yet.
func (s State) Unanswered() bool { return s == Proposed || s == Notified || s == Seen }

// Answered tells that an answer is being written, or was.
func (s State) Answered() bool {
	return slices.Contains([]State{Answering, Submitted, Won, Lost, NoAward}, s)
}

// Decision tells what the enterprise alone may say.
func (s State) Decision() bool {
	return slices.Contains([]State{Interested, Declined, Go, NoGo}, s)
}

// action is the right that a step to this state asks for: to decide is the
// enterprise's; what happened since may be noted by who follows it up.
func (s State) action() accounts.Action {
	if s.Decision() {
		return accounts.MatchAnswer
	}
	return accounts.PursuitFollow
}

// reply is what matching reads of a state.
func (s State) reply() matching.Reply {
	switch {
	case s.Unanswered():
		return matching.NoReply
	case s == Declined || s == NoGo || s == Withdrawn:
		return matching.NotForUs
	}
	return matching.Interested
}
