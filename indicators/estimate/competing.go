package estimate

import (
	"cmp"
	"math"
	"slices"
)

// AalenJohansen estimates the share that has had the event, where a spell may also
// end otherwise (Spell.Other), so that the event can no longer come: to leave for
// another reason is not to wait still, and one minus Kaplan–Meier would count those
// who left as if they were to have the event one day. The cumulative incidence is of
// O. O. Aalen and S. Johansen (An empirical transition matrix for non-homogeneous
// Markov chains based on censored observations, Scand. J. Stat. 5, 1978), its variance
// by the delta method (E. Marubini and M. G. Valsecchi, Analysing Survival Data from
// Clinical Trials and Observational Studies, 1995), and its band by log(-log) of the
// share without the event (J. Beyersmann, A. Allignol and M. Schumacher, Competing
// Risks and Multistate Models with R, 2012). Survival is one minus the incidence.
// Without other ends it is the estimator of E. L. Kaplan and P. Meier (Nonparametric
// estimation from incomplete observations, JASA 53, 1958), with Greenwood's variance
// (1926) and the band of J. D. Kalbfleisch and R. L. Prentice (The Statistical Analysis
// of Failure Time Data, 1980). Ends of a time come before censoring; times that are
// negative or not numbers are refused.
func AalenJohansen(spells []Spell, level float64) (Curve, error) {
	z, err := quantile(level)
	if err != nil {
		return Curve{}, err
	}
	if len(spells) == 0 || slices.ContainsFunc(spells, Spell.unknown) {
		return Curve{}, ErrEmpty
	}
	sorted := slices.SortedFunc(slices.Values(spells), func(a, b Spell) int { return cmp.Compare(a.Time, b.Time) })
	c := Curve{Level: level, Size: len(spells), Last: sorted[len(sorted)-1].Time}
	m := mass{waiting: 1}
	for i := 0; i < len(sorted); {
		n, events, others, next := len(sorted)-i, 0, 0, i
		for ; next < len(sorted) && sorted[next].Time == sorted[i].Time; next++ {
			switch {
			case sorted[next].Event:
				events++
			case sorted[next].Other:
				others++
				c.Others = append(c.Others, sorted[next].Time)
			default:
				c.Censored = append(c.Censored, sorted[next].Time)
			}
		}
		m.end(n, events, others)
		if events > 0 {
			c.Steps, c.Events = append(c.Steps, m.step(sorted[i].Time, n, events, z, c.high())), c.Events+events
		}
		i = next
	}
	return c, nil
}

func (s Spell) unknown() bool { return !(s.Time >= 0) || math.IsInf(s.Time, 1) }

func (c Curve) high() float64 {
	if len(c.Steps) == 0 {
		return 1
	}
	return c.Steps[len(c.Steps)-1].High
}

// mass is where everybody is at a time, and the sums of the variance: of the hazard
// of any end (g), of the events (own) and of both together (both), each times powers of
// the incidence at its time.
type mass struct {
	waiting, had, otherwise float64
	g, gHad, gHad2          float64
	own, both, bothHad      float64
}

// end moves those whose wait ends, among n who were followed.
func (m *mass) end(n, events, others int) {
	at, d, all := float64(n), float64(events), float64(events+others)
	before := m.waiting
	m.had += before * d / at
	m.otherwise += before * float64(others) / at
	m.waiting *= 1 - all/at
	m.own += before * before * d * (at - d) / (at * at * at)
	m.both += before * d / (at * at)
	m.bothHad += m.had * before * d / (at * at)
	if all < at { // after the last end nothing more happens, and it adds nothing
		g := all / (at * (at - all))
		m.g, m.gHad, m.gHad2 = m.g+g, m.gHad+g*m.had, m.gHad2+g*m.had*m.had
	}
}

// variance is the sum over times i of (F-Fi)²·d/(n(n-d)) + S²·d₁(n-d₁)/n³ - 2(F-Fi)·S·d₁/n².
func (m *mass) variance() float64 {
	f := m.had
	return max(0, f*f*m.g-2*f*m.gHad+m.gHad2+m.own-2*(f*m.both-m.bothHad))
}

// step is the curve after events; before is the upper end of its band until then.
func (m *mass) step(time float64, n, events int, z, before float64) Step {
	s := Step{Time: time, AtRisk: n, Events: events, Survival: 1 - m.had, Otherwise: m.otherwise, Variance: m.variance()}
	if s.Survival < 1e-12 { // everybody had it: the transform has no value
		s.Survival, s.Variance, s.High = 0, 0, before
		return s
	}
	width := z * math.Sqrt(s.Variance) / (s.Survival * -math.Log(s.Survival))
	s.Low, s.High = math.Pow(s.Survival, math.Exp(width)), math.Pow(s.Survival, math.Exp(-width))
	return s
}

// Told is the curve as it may be told: a step is told when so many events have come
// since the one before, at its own time and share; those who left otherwise, and those
// who were followed no longer, are put at a told step when they are so many. Until then
// they count as followed. The curve ends at its last told step, unless no event
// came after it.
func (c Curve) Told(least int) Curve {
	out, waiting := c, 0
	out.Steps, out.Censored, out.Others, out.Events = nil, nil, nil, 0
	otherwise := 0.0
	for _, s := range c.Steps {
		if waiting += s.Events; waiting < least {
			continue
		}
		if others := until(c.Others, s.Time, len(out.Others)); others >= least {
			otherwise = s.Otherwise
		}
		told := s
		told.AtRisk, told.Events, told.Otherwise = out.Waiting(s.Time), waiting, otherwise
		out.Steps, out.Events, waiting = append(out.Steps, told), out.Events+waiting, 0
		out.Others = together(out.Others, c.Others, s.Time, least)
		out.Censored = together(out.Censored, c.Censored, s.Time, least)
	}
	if waiting > 0 || len(out.Steps) == 0 {
		out.Last = 0
		if n := len(out.Steps); n > 0 {
			out.Last = out.Steps[n-1].Time
		}
	}
	return out
}

// until counts the times up to one, beyond those that are told.
func until(times []float64, at float64, told int) int {
	n := 0
	for _, t := range times {
		if t <= at {
			n++
		}
	}
	return n - told
}

// together puts at a time those that are not told yet, if they are so many.
func together(told, times []float64, at float64, least int) []float64 {
	n := until(times, at, len(told))
	if n < least {
		return told
	}
	return append(told, slices.Repeat([]float64{at}, n)...)
}
