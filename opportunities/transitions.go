package opportunities

import (
	"slices"

	"maillage/internal/fault"
)

// Kinds lists every kind of opportunity, in the order in which they are offered.
func Kinds() []Kind { return append(append(offered(), positionKinds()...), Expected) }

// offered are the kinds of what enterprises can answer; a list that asks for no kind holds these.
func offered() []Kind {
	return []Kind{Tender, PrivatePurchase, JobNeed, InsertionHours, PartnerCall, Takeover}
}

// next is the transition table. Closed leads back to Published because a
// correction may move a deadline that has passed, and Cancelled because a
// procurement is sometimes cancelled and published again under the same number.
// Awarded is the end.
func (s State) next() []State {
	switch s {
	case Draft:
		return []State{Published, Cancelled}
	case Published:
		return []State{Closed, Awarded, Cancelled}
	case Closed:
		return []State{Published, Awarded, Cancelled}
	case Cancelled:
		return []State{Published}
	case Awarded:
		return nil
	}
	return nil
}

// Allows reports whether the table leads from s to another state.
func (s State) Allows(to State) bool { return slices.Contains(s.next(), to) }

// The kinds of event.
const (
	EventCreated   = "created"
	EventPublished = "published"
	EventReopened  = "reopened" // a correction moved a passed deadline, or a cancelled procurement came back
	EventChanged   = "changed"
	EventCorrected = "corrected" // by a later notice
	EventNoticed   = "noticed"   // another notice about it, that changed nothing
	EventClosed    = "closed"
	EventAwarded   = "awarded"
	EventCancelled = "cancelled"

	// Of an expected call.
	EventCameOut     = "came_out" // the call was published
	EventLapsed      = "lapsed"
	EventGroundless  = "groundless" // no award supports it any more
	EventNotExpected = "not_expected"
	EventConfirmed   = "confirmed" // by the buyer
)

// eventOf names the event of a transition.
func eventOf(from, to State) string {
	switch to {
	case Published:
		if from == Draft {
			return EventPublished
		}
		return EventReopened
	case Closed:
		return EventClosed
	case Awarded:
		return EventAwarded
	case Cancelled:
		return EventCancelled
	case Draft:
	}
	return EventChanged
}

func notAllowed(from, to State) error {
	return fault.Conflict("transition",
		"Cette opportunité est "+from.words("fr")+" : elle ne peut pas devenir "+to.words("fr")+".",
		"This opportunity is "+from.words("en")+": it cannot become "+to.words("en")+".")
}

func (s State) words(lang string) string {
	fr := map[State]string{Draft: "un brouillon", Published: "publiée", Closed: "close", Awarded: "attribuée", Cancelled: "annulée"}
	en := map[State]string{Draft: "a draft", Published: "published", Closed: "closed", Awarded: "awarded", Cancelled: "cancelled"}
	if lang == "en" {
		return en[s]
	}
	return fr[s]
}
