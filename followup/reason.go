package followup

import (
	"slices"

	"maillage/matching"
)

// Reason is why a pursuit stopped: the first ones are those of a refusal, which
// matching keeps as the last word of the enterprise.
type Reason = matching.Motive

// The reasons that come after a first look.
const (
	NoReason     Reason = ""
	Requirements Reason = "requirements" // turnover, insurance, references, certifications asked
	NoPartner    Reason = "no_partner"
	CallChanged  Reason = "call_changed"

	// Of a bid that was not retained: the buyer says why to who asks (public
	// procurement code, R2181-3).
	Outbid       Reason = "outbid"
	Technical    Reason = "technical"
	Capacity     Reason = "capacity"
	Irregular    Reason = "irregular" // incomplete, or not as the documents ask (L2152-2)
	HandedInLate Reason = "handed_in_late"
	NotTold      Reason = "not_told"
)

// Reasons lists the reasons that close a pursuit in a state, in the order of a
// form; none where the state needs none.
func Reasons(s State) []Reason {
	switch s {
	case Declined:
		return []Reason{matching.TooFar, matching.NotTrade, matching.TooLarge, matching.TooShort, matching.TeamTaken, matching.Price, matching.OtherWhy}
	case NoGo:
		return []Reason{matching.TeamTaken, matching.TooLarge, NoPartner, Requirements, matching.Price, matching.TooShort, matching.TooFar, matching.NotTrade, matching.OtherWhy}
	case Withdrawn:
		return []Reason{matching.TeamTaken, NoPartner, Requirements, matching.TooShort, matching.Price, CallChanged, matching.OtherWhy}
	case Lost:
		return []Reason{Outbid, Technical, Capacity, Irregular, HandedInLate, NotTold, matching.OtherWhy}
	}
	return nil
}

// known tells whether a reason closes a state; none goes with a state that needs none.
func known(s State, r Reason) bool {
	all := Reasons(s)
	return slices.Contains(all, r) || len(all) == 0 && r == NoReason
}
