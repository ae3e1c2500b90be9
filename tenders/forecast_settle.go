package tenders

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Published is a call that came out, as a forecast looks at it.
type Published struct {
	OpportunityID opportunities.ID
	On            string               // civil day of its first notice
	Codes         []nomenclatures.Code // CPV or, without any, descriptors
	Place         Place
}

// settled is what becomes of one forecast of a buyer.
type settled struct {
	known *opportunities.Opportunity // nil: a new one
	of    *Expectation               // nil: nothing expects it any more
	now   opportunities.Forecast
}

// settle brings the outlook of a buyer, what is known of it and the calls that
// came out together. It depends on these sets and the day, not on their order.
func settle(outlook Outlook, known []*opportunities.Opportunity, calls []Published, today string) []settled {
	pairs := pairForecasts(outlook.Expected, known)
	var all []settled
	for i := range outlook.Expected {
		e := &outlook.Expected[i]
		one := settled{known: pairs[i], of: e, now: e.At(today)}
		if one.known != nil {
			one.tell(today)
		}
		all = append(all, one)
	}
	assign(all, calls)
	all = slices.DeleteFunc(all, func(s settled) bool { return s.lapse(today) && s.known == nil })
	for i := range all {
		if all[i].lapse(today) {
			all[i].now.End = opportunities.Lapsed
		}
	}
	return append(all, forsaken(outlook, known, pairs)...)
}

// tell applies the word of an officer. A month that has passed without a call
// no longer holds against a window to come.
func (s *settled) tell(today string) {
	word := s.known.Forecast.Word
	told := s.now.Told(word)
	if told.Until < today && s.now.Until >= today {
		s.now.Word = word
		return
	}
	s.now = told
}

// lapse tells a forecast whose last window, and what is allowed after it, have
// passed without a call.
func (s *settled) lapse(today string) bool {
	last := s.of.Windows[len(s.of.Windows)-1].Until
	return s.now.End == "" && addDays(max(last, s.now.Until), grace) < today
}

// pairForecasts finds, for each expectation, the known opportunity that shares
// most of its contracts; each is taken once.
func pairForecasts(expected []Expectation, known []*opportunities.Opportunity) []*opportunities.Opportunity {
	type pair struct{ of, with, shared int }
	var all []pair
	for i := range expected {
		for k, o := range known {
			if n := sharing(expected[i].Ending, o.Forecast.Current()); n > 0 {
				all = append(all, pair{i, k, n})
			}
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), cmp.Compare(rank(known[a.with]), rank(known[b.with])), cmp.Compare(a.of, b.of), cmp.Compare(a.with, b.with))
	})
	out, taken := make([]*opportunities.Opportunity, len(expected)), map[int]bool{}
	for _, p := range all {
		if out[p.of] == nil && !taken[p.with] {
			out[p.of], taken[p.with] = known[p.with], true
		}
	}
	return out
}

// rank prefers what an officer spoke of, then what is still expected.
func rank(o *opportunities.Opportunity) int {
	switch {
	case o.Forecast.Word != nil:
		return 0
	case o.State == opportunities.Published:
		return 1
	}
	return 2
}

func sharing(ending []Running, contracts []opportunities.Contract) (n int) {
	for _, c := range contracts {
		if slices.ContainsFunc(ending, func(r Running) bool { return r.Key == c.Key }) {
			n++
		}
	}
	return n
}

// assign gives each call to the forecast whose day is nearest; a forecast
// takes one.
func assign(all []settled, calls []Published) {
	calls = slices.Clone(calls)
	slices.SortFunc(calls, func(a, b Published) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.OpportunityID, b.OpportunityID))
	})
	for i := range calls {
		best, distance := -1, 0
		for k := range all {
			if all[k].now.End != "" || !all[k].of.about(&calls[i]) {
				continue
			}
			if d, in := all[k].distance(calls[i].On); in && (best < 0 || d < distance) {
				best, distance = k, d
			}
		}
		if best >= 0 {
			id := calls[i].OpportunityID
			all[best].now.End, all[best].now.CallID = opportunities.CameOut, &id
		}
	}
}

// distance is how many days a call came from the day it was expected; in tells
// whether it is in or near a window. The month that a buyer confirmed is the
// only window.
func (s *settled) distance(on string) (days int, in bool) {
	list := s.of.Windows
	if w := s.now.Word; w != nil && w.Month != "" {
		list = []Window{{From: s.now.From, On: s.now.On, Until: s.now.Until}}
	}
	last := s.of.Ending[len(s.of.Ending)-1].Notified
	for _, w := range list {
		if on <= last || on < addDays(w.From, -grace) || on > addDays(w.Until, grace) {
			continue
		}
		d := daysFrom(w.On, on)
		if d = max(d, -d); !in || d < days {
			days, in = d, true
		}
	}
	return days, in
}

// about tells a call for what the contracts are about, where they are performed.
func (e *Expectation) about(call *Published) bool {
	last := e.Ending[len(e.Ending)-1]
	trade := slices.ContainsFunc(call.Codes, func(c nomenclatures.Code) bool { return near(c, last.CPV) })
	return trade && meets(last.Place, call.Place)
}

// near tells codes of one class, or close enough to be taken one for the other.
func near(a nomenclatures.Code, b nomenclatures.CPV) bool {
	if a.Scheme == nomenclatures.SchemeCPV && len(a.Value) == 8 && a.Value[:4] == string(b[:4]) {
		return true
	}
	_, v := nomenclatures.Closeness(a, b.Code())
	return v > opportunities.CloseEnough
}

// meets tells places that may be one: a whole country or an unknown place meets
// any.
func meets(a, b Place) bool {
	if a.Scope != InCommunes || b.Scope != InCommunes || len(a.Departements) == 0 || len(b.Departements) == 0 {
		return true
	}
	return slices.ContainsFunc(a.Departements, func(d string) bool { return slices.Contains(b.Departements, d) })
}

// forsaken ends what is known and expected no more: its contracts were followed
// by others, so the call came out unseen, or nothing supports it.
func forsaken(outlook Outlook, known, kept []*opportunities.Opportunity) (out []settled) {
	for _, o := range known {
		if slices.Contains(kept, o) || o.Forecast.Word.Refuses() || o.Forecast.End == opportunities.CameOut {
			continue
		}
		one := settled{known: o, now: *o.Forecast}
		one.now.End, one.now.CallID = opportunities.Groundless, nil
		for _, c := range o.Forecast.Current() {
			if by, followed := outlook.Followed[c.Key]; followed {
				one.now.End, one.now.CallID = opportunities.CameOut, by
				break
			}
		}
		out = append(out, one)
	}
	return out
}

// freeKey makes the key of a new forecast: its series, and its number in it.
func freeKey(series string, taken map[string]bool) string {
	for n := 1; ; n++ {
		key := strings.Join([]string{opportunities.ForecastKey + series, strconv.Itoa(n)}, ":")
		if !taken[key] {
			taken[key] = true
			return key
		}
	}
}
