// Package monday gathers what an officer has to do at the beginning of a week:
// the new notices to sort (keep, discard with a reason, assign), the renewals to call about before they are published, the members who were told
// of a call and say nothing, what was promised, the hours to fill, and what
// lapses within seven days.
//
// It keeps what an association does with a notice, gesture by gesture, and nothing
// else: the rest is read where it stands, in the perimeter of who asks. It refuses to tell an officer of what lies elsewhere.
package monday

import (
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/followup/quality"
	"maillage/opportunities"
)

// Week is what there is to do, each part the most urgent first.
type Week struct {
	On         string                       // civil day of Paris on which it is read
	Until      string                       // last civil day of what is said to lapse, included
	Notices    []*opportunities.Opportunity // to sort, the latest first, Morning at most
	More       bool                         // there are more of them
	Mine       []Sorted                     // assigned to who asks, and still open
	Sorted     []Sorted                     // what the association sorted last, but Mine
	Colleagues []Colleague                  // to whom a notice may be assigned
	Renewals   []Renewal
	Silent     []Silent
	Promises   []contacts.Line // to keep by Until, those that are late too
	Hours      []*opportunities.Opportunity
	Lapsing    Lapsing
}

// Renewal is a call expected within RenewalMonths, whose buyer is to be called
// before it is published.
type Renewal struct {
	Call *opportunities.Opportunity
	Last *contacts.Line // the latest contact about it with its buyer that who asks may read; nil: nobody called
}

// Silent is a member who was told of a call that can still be answered, or said
// to be interested, and has said nothing more.
type Silent struct {
	followup.Line
	Days int // working days since then
}

// Lapsing is what ends within Span days.
type Lapsing struct {
	Answers      []followup.Line              // gone for or being written, not handed in
	Certificates []quality.Row                // whose last day comes
	Unanswered   []*opportunities.Opportunity // no enterprise is interested
}

// Empty tells that nothing lapses.
func (l *Lapsing) Empty() bool {
	return len(l.Answers) == 0 && len(l.Certificates) == 0 && len(l.Unanswered) == 0
}

// The spans of a Monday.
const (
	Span          = 7 // days, of what lapses and of what was promised
	RenewalMonths = 6
	// Patience is how many working days a member may say nothing before being
	// called: the second of the steps of the reminders (2, 5 and 10).
	Patience = 5
	// most bounds each part: more is a list of its own, not a morning.
	most = 100
)
