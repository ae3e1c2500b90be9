package markets

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"maillage/indicators/delays"
	"maillage/indicators/estimate"
)

// Wait is how long the markets shown in the period waited for a first answer, with
// those that still wait. Times are in weeks begun, +Inf where they are not reached.
type Wait struct {
	Code               string // of the territory; empty: all, or a territory that is not told
	Followed, Answered int
	LeftOut            int  // of the total: over or answered before they were shown
	Withheld           bool // too few, as delays has it: no time is told
	First, Median      float64
	Low, High          float64 // of the median
	Third              float64
}

// spell is one market that waits, and whom a time would tell of.
type spell struct {
	estimate.Spell
	code string
	of   []string // economic groups of those who were shown it or answered
}

// waits estimates the time to a first answer of what was shown in the period: of all,
// and of each territory. What nobody can answer any more ended otherwise.
func (s *Service) waits(rows []*Market, c *counter, groups map[int64]string) error {
	now, all, by, out := s.now(), []spell{}, map[string][]spell{}, 0
	for _, m := range rows {
		if m.ShownAt == nil || m.ShownAt.Before(c.first) || !m.ShownAt.Before(c.end) {
			continue
		}
		one, ok := m.waited(now, groups)
		if !ok { // recorded out of order: nothing is known of its length
			out++
			continue
		}
		one.code = m.code(c.f.By)
		all, by[one.code] = append(all, one), append(by[one.code], one)
	}
	if len(all) == 0 {
		return nil
	}
	hidden, total := hiddenOf(all, by), waitOf("", all, few(all))
	total.LeftOut = out
	c.f.Wait = &total
	for _, l := range c.f.Places {
		if of := by[l.Code]; len(of) > 0 {
			c.f.Waits = append(c.f.Waits, waitOf(l.Code, of, hidden[l.Code]))
		}
	}
	return nil
}

func (m *Market) waited(now time.Time, groups map[int64]string) (spell, bool) {
	until, out := now, spell{}
	switch {
	case m.AnsweredAt != nil:
		until, out.Event = *m.AnsweredAt, true
	case m.OverAt != nil && m.OverAt.Before(now):
		until, out.Other = *m.OverAt, true
	}
	out.Time = math.Ceil(float64(until.Sub(*m.ShownAt)) / float64(7*24*time.Hour))
	for _, role := range []Role{Shown, Answered} {
		for _, id := range m.Behind(role) {
			out.of = append(out.of, cmp.Or(groups[id], fmt.Sprint(id)))
		}
	}
	return out, !until.Before(*m.ShownAt)
}

// few is the rule of delays: too few markets or economic groups, too few answered, or
// all of them.
func few(of []spell) bool {
	events, groups := 0, map[string]bool{}
	for _, s := range of {
		if s.Event {
			events++
		}
		for _, g := range s.of {
			groups[g] = true
		}
	}
	return len(of) < delays.Few || len(groups) < delays.FewGroups || events < delays.Step || events == len(of)
}

// hiddenOf are the territories of few and, as long as what they leave beside those
// that are told is of few, the smallest of these.
func hiddenOf(all []spell, by map[string][]spell) map[string]bool {
	out := map[string]bool{}
	codes := make([]string, 0, len(by))
	for code, of := range by {
		out[code] = few(of)
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int { return cmp.Or(len(by[a])-len(by[b]), cmp.Compare(a, b)) })
	for _, code := range codes {
		rest := slices.DeleteFunc(slices.Clone(all), func(s spell) bool { return !out[s.code] })
		if len(rest) == 0 || !few(rest) {
			break
		}
		out[code] = true
	}
	return out
}

// waitOf estimates a time from the steps that may be told.
func waitOf(code string, of []spell, hidden bool) Wait {
	w := Wait{Code: code, Followed: len(of), Withheld: hidden, First: math.Inf(1), Median: math.Inf(1), Low: math.Inf(1), High: math.Inf(1), Third: math.Inf(1)}
	list := make([]estimate.Spell, 0, len(of))
	for _, s := range of {
		list = append(list, s.Spell)
		if s.Event {
			w.Answered++
		}
	}
	if hidden {
		return w
	}
	curve, err := estimate.AalenJohansen(list, .95)
	if err != nil { // a time that is none: none is told
		w.Withheld = true
		return w
	}
	told := curve.While(delays.Few).Told(delays.Step)
	median, in, _ := told.Median()
	w.First, _, _ = told.Quantile(.25)
	w.Third, _, _ = told.Quantile(.75)
	w.Median, w.Low, w.High = median, in.Low, in.High
	return w
}
