package quality

import (
	"cmp"
	"slices"
	"time"

	"maillage/internal/fault"
)

// Standing is what the events of a path make, in their order.
type Standing struct {
	State    State
	From     string // of the last certificate; empty: none was ever granted
	Until    string // its last day
	Ended    string // the day since which it no longer holds although it runs: suspended or withdrawn
	Renewing bool
	LastOn   string

	awaiting bool  // an audit that no committee has seen
	unfit    bool  // that audit does not conform
	before   State // what a suspension interrupted
}

// Stand folds events; those that others void are left out. It fails on the first
// that cannot follow those before it, which tells who wrote it why.
func Stand(l Label, events []Event) (Standing, error) {
	var s Standing
	for _, e := range living(events) {
		if err := s.follow(l, &e); err != nil {
			return s, err
		}
	}
	return s, nil
}

// living are the events that hold, by day then as they were written.
func living(events []Event) []Event {
	void := map[EventID]bool{}
	for _, e := range events {
		if e.Kind == Voided {
			void[e.Voids] = true
		}
	}
	out := slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Kind == Voided || void[e.ID] })
	slices.SortStableFunc(out, func(a, b Event) int {
		if c := cmp.Compare(a.On, b.On); c != 0 {
			return c
		}
		return cmp.Compare(written(a), written(b))
	})
	return out
}

// written orders events of one day: one that is not kept yet comes last.
func written(e Event) EventID {
	if e.ID == 0 {
		return 1 << 62
	}
	return e.ID
}

func (s *Standing) follow(l Label, e *Event) error {
	if (s.State.Holds() || s.State == Suspended) && s.Until < e.On {
		s.State = Expired
	}
	if !slices.Contains(s.Next(), e.Kind) {
		return fault.Conflict("order", "Cette étape ne peut pas suivre les précédentes à cette date.", "This step cannot follow those before it on that day.")
	}
	s.LastOn = e.On
	switch e.Kind {
	case Entered:
		s.enter()
	case Audited:
		s.audit(e)
	case Decided:
		return s.decide(l, e)
	case Interrupted:
		s.before, s.State, s.Ended = s.State, Suspended, e.On
	case Restored:
		s.State, s.Ended = s.before, ""
	case TakenAway:
		s.State, s.Ended, s.Renewing, s.awaiting = Withdrawn, cmp.Or(s.Ended, e.On), false, false
	case GaveUp:
		s.giveUp()
	}
	return nil
}

// Next lists what may happen now, in the order of a life.
func (s *Standing) Next() []EventKind {
	switch s.State {
	case "", Refused, Withdrawn, Left:
		return []EventKind{Entered}
	case Engaged:
		return []EventKind{Audited, GaveUp}
	case InReview, Postponed:
		return []EventKind{Audited, Decided, GaveUp}
	case Suspended:
		return []EventKind{Audited, Restored, TakenAway}
	case Expired:
		if s.awaiting {
			return []EventKind{Entered, Audited, Decided, GaveUp}
		}
		return []EventKind{Entered, Audited, GaveUp}
	case Granted, Reserved:
		if s.awaiting || s.State == Reserved { // a reserve is lifted without another audit
			return []EventKind{Entered, Audited, Decided, Interrupted, TakenAway}
		}
	}
	return []EventKind{Entered, Audited, Interrupted, TakenAway}
}

// enter begins: anew, or the renewal of what still holds.
func (s *Standing) enter() {
	if s.State.Holds() {
		s.Renewing = true
		return
	}
	s.State, s.Renewing, s.awaiting = Engaged, s.State == Expired, false
}

func (s *Standing) audit(e *Event) {
	s.awaiting, s.unfit = true, e.Outcome == NotConform
	if e.Audit == Renewal {
		s.Renewing = true
	}
	if s.State == Engaged || s.State == Postponed || s.State == Expired {
		s.State = InReview
	}
}

func (s *Standing) giveUp() {
	s.Renewing, s.awaiting = false, false
	if s.State != Expired {
		s.State = Left
	}
}

// decide reads a committee's decision. What is put off or turned down while a
// certificate holds leaves it hold: taking it away is another gesture. What does not
// conform is granted with a reserve, which says what is to be corrected, or not at all.
func (s *Standing) decide(l Label, e *Event) error {
	if e.ID == 0 && e.Outcome == GrantedPlain && s.awaiting && s.unfit { // what was decided before this rule stands
		return fault.Conflict("not-conform", "Le dernier audit n’est pas conforme : accordez avec réserve, ajournez, ou notez d’abord l’audit qui lève les écarts.", "The last audit does not conform: grant with a reserve, put off, or first note the audit that clears the findings.")
	}
	s.awaiting = e.Outcome == PutOff
	switch {
	case e.Outcome == GrantedPlain, e.Outcome == GrantedBut:
		return s.grant(l, e)
	case s.State.Holds():
		s.Renewing = e.Outcome == PutOff
	case e.Outcome == PutOff:
		s.State = Postponed
	default:
		s.State, s.Renewing = Refused, false
	}
	return nil
}

// grant opens a validity: what is said, else what is usual. The renewal of what
// still holds begins the day after it; lifting a reserve, or confirming after a
// surveillance audit, changes no day.
func (s *Standing) grant(l Label, e *Event) error {
	from, until := e.From, e.Until
	confirms := s.State.Holds() && !s.Renewing
	switch {
	case from == "" && confirms:
		from, until = s.From, cmp.Or(until, s.Until)
	case from == "" && s.Renewing && s.Until >= e.On:
		from = addDays(s.Until, 1)
	case from == "":
		from = e.On
	}
	if until == "" {
		until = addDays(addMonths(from, l.Months), -1)
	}
	if until < from || until > addMonths(from, longest) {
		return fault.Invalid(fault.At("until", "range", "Le dernier jour vient après le premier, dans les dix ans.", "The last day comes after the first, within ten years."))
	}
	if s.Renewing && s.State.Holds() {
		if from > addDays(s.Until, 1) {
			return fault.Invalid(fault.At("from", "gap", "Le renouvellement commence au plus tard le lendemain du dernier jour.", "The renewal begins at the latest the day after the last day."))
		}
		from = s.From // one certificate without a break, from the first day to the last
	}
	s.From, s.Until, s.Ended, s.Renewing, s.State = from, until, "", false, Granted
	if e.Outcome == GrantedBut {
		s.State = Reserved
	}
	return nil
}

// longest bounds a certificate, in months.
const longest = 120

// Certified is the days on which the last certificate holds: it ends the day
// before it was suspended or withdrawn. ok is false where there is none.
func (s *Standing) Certified() (from, until string, ok bool) {
	until = s.Until
	if s.Ended != "" {
		until = min(until, addDays(s.Ended, -1))
	}
	return s.From, until, s.From != "" && s.From <= until
}

func addDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // checked when it was written
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// addMonths is the same day of a later month, or its last day where it is shorter.
func addMonths(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly)
}
