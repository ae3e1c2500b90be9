// Package delays estimates times: until an opportunity has its first answer, until
// an employer answers the proposal of a person, until a journey ends with a dynamic
// exit. Waits that are still open are kept for as long as they were followed: leaving
// them out would say that everything is answered fast. Waits that ended otherwise,
// so that the event can no longer come, are not kept as if it would: they compete
// (Aalen–Johansen; without them, Kaplan–Meier).
//
// It refuses to tell of few: times are counted in whole weeks or months before
// anything is estimated; a group of fewer than ten waits, of fewer than three
// economic groups, or where fewer than five, or everybody, had the event, has no curve;
// a curve is told by steps of five, and stops where fewer than ten are still
// followed; and a group is withheld where what a whole that is told has beside it
// would itself be so few.
package delays

import (
	"cmp"
	"math"
	"slices"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/estimate"
)

// Topic is which time is asked.
type Topic string

// The topics.
const (
	FirstAnswer    Topic = "first_answer"    // from the day when an opportunity is first proposed to a member, in weeks
	EmployerAnswer Topic = "employer_answer" // from the day when a person is proposed, in weeks
	DynamicExit    Topic = "dynamic_exit"    // from the first day of the journey, in months: indicator R6.5
)

// Topics lists them.
func Topics() []Topic { return []Topic{FirstAnswer, EmployerAnswer, DynamicExit} }

// By is how waits are grouped.
type By string

// The groupings. Places are those of the organisation's seat.
const (
	Together      By = ""
	ByKind        By = "kind"
	ByRegion      By = "region"
	ByDepartement By = "departement"
)

// The least that a group is told of, and the level of the intervals.
const (
	Few       = 10 // waits
	FewGroups = 3  // economic groups
	Step      = 5  // events of a step, and others that leave at once: the persons of the rule
	level     = .95
)

// wait is one wait of one organisation.
type wait struct {
	id          int64  // of the opportunity, the proposal or the worker
	contributor string // the economic group
	kind        compute.Kind
	commune     string // of the seat; empty: unknown
	since       time.Time
	until       time.Time // of the event or the other end, or of the last day followed
	event       bool
	other       bool // it ended otherwise: the event can no longer come
}

// Group is one curve, or that there is none.
type Group struct {
	Code     string // of the kind or of the place; empty: all
	Followed int    // waits; 0 where withheld
	Answered int    // of which ended by the event, over the part of the curve that is shown
	Withheld bool   // too few, beside it or in it, or all alike
	Curve    estimate.Curve
}

// Delay is a topic, group by group: those with a curve first, in the order of their codes.
type Delay struct {
	Topic     Topic
	By        By
	Perimeter bool // of the officer's perimeter; else of the federation
	Groups    []Group
	At        time.Time
}

// monthDays is a mean month, as the catalogue's (365.2425 / 12).
const monthDays = 365.2425 / 12

// unit is the length of one unit of a topic.
func (t Topic) unit() time.Duration {
	day := 24 * time.Hour
	if t == DynamicExit {
		return time.Duration(monthDays * float64(day))
	}
	return 7 * day
}

// units is a time in whole units, those begun counted: within so many weeks or months.
// A day would say when, of who is known to have begun.
func (t Topic) units(d time.Duration) float64 { return math.Ceil(float64(d) / float64(t.unit())) }

// coder gives the group, or the whole, of a wait.
type coder func(wait) string

// grouped makes the curves of waits. Wholes are those that are told too, on this
// page or another: every group is inside one of each.
func grouped(topic Topic, waits []wait, code coder, wholes ...coder) ([]Group, error) {
	by := map[string][]wait{}
	for _, w := range waits {
		c := code(w)
		by[c] = append(by[c], w)
	}
	codes := make([]string, 0, len(by))
	for c := range by {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	hidden := withheld(topic, waits, code, wholes)
	var out []Group
	for _, c := range codes {
		if hidden[c] {
			out = append(out, Group{Code: c, Withheld: true})
			continue
		}
		g, err := drawn(c, topic.spells(by[c]))
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b Group) int { return cmp.Compare(rank(a), rank(b)) })
	return out, nil
}

func rank(g Group) int {
	if g.Withheld {
		return 1
	}
	return 0
}

func drawn(code string, spells []estimate.Spell) (Group, error) {
	full, err := estimate.AalenJohansen(spells, level)
	if err != nil {
		return Group{}, err
	}
	curve := full.While(Few).Told(Step)
	return Group{Code: code, Followed: len(spells), Answered: curve.Events, Curve: curve}, nil
}

// spells are the waits of a group, each thing once: an opportunity proposed to
// several members waits from the first proposal to the first answer.
func (t Topic) spells(waits []wait) []estimate.Spell {
	by := map[int64]wait{}
	var ids []int64
	for _, w := range waits {
		first, there := by[w.id]
		if !there {
			ids = append(ids, w.id)
			first = w
		}
		by[w.id] = first.with(w)
	}
	out := make([]estimate.Spell, 0, len(ids))
	for _, id := range ids {
		w := by[id]
		if w.until.Before(w.since) { // recorded out of order: nothing is known of its length
			continue
		}
		out = append(out, estimate.Spell{Time: t.units(w.until.Sub(w.since)), Event: w.event, Other: w.other})
	}
	return out
}

// with is the wait of one thing seen from two organisations.
func (w wait) with(o wait) wait {
	if o.since.Before(w.since) {
		w.since = o.since
	}
	switch {
	case w.event && o.event && o.until.Before(w.until), o.event && !w.event, !w.event && !o.event && o.until.After(w.until):
		w.until, w.event, w.other = o.until, o.event, o.other
	}
	return w
}
