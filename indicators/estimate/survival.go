package estimate

import (
	"cmp"
	"math"
	"slices"
)

// Spell is one wait: how long it lasted, in whatever unit, and whether it ended by
// the event. A spell that did not is censored: at that time, the event had not
// happened yet, and nobody knows more; unless it ended otherwise, so that the event
// can no longer come (a competing event, of AalenJohansen alone).
type Spell struct {
	Time  float64
	Event bool
	Other bool // ended otherwise; never with Event
}

// Step is the curve from one time of events to the next.
type Step struct {
	Time      float64
	AtRisk    int // still waiting just before
	Events    int
	Survival  float64 // share without the event just after: still waiting, or ended otherwise
	Otherwise float64 // share that ended otherwise until then
	Variance  float64 // of Survival, by Greenwood where nothing ends otherwise
	Low       float64 // band at the curve's level, point by point
	High      float64
}

// Curve is the share without the event over time. It begins at 1; between two steps it is flat.
type Curve struct {
	Level    float64
	Size     int     // spells
	Events   int     // that ended by the event
	Last     float64 // the longest spell: nothing is known beyond
	Steps    []Step
	Censored []float64 // times of those that did not, in order
	Others   []float64 // times of those that ended otherwise, in order
}

// KaplanMeier estimates the share still waiting (E. L. Kaplan and P. Meier,
// Nonparametric estimation from incomplete observations, JASA 53, 1958), with
// Greenwood's variance (1926) and a band by the log(-log) transform, which stays
// within 0 and 1 (J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of
// Failure Time Data, 1980). Of what happens at one time, events come before
// censoring; a spell that ended otherwise is taken as censored, which is right only
// where those left would still have waited: else, AalenJohansen. Times that are
// negative or not numbers are refused.
func KaplanMeier(spells []Spell, level float64) (Curve, error) {
	z, err := quantile(level)
	if err != nil {
		return Curve{}, err
	}
	if len(spells) == 0 || slices.ContainsFunc(spells, Spell.unknown) {
		return Curve{}, ErrEmpty
	}
	sorted := slices.SortedFunc(slices.Values(spells), func(a, b Spell) int { return cmp.Compare(a.Time, b.Time) })
	c := Curve{Level: level, Size: len(spells), Last: sorted[len(sorted)-1].Time}
	survival, greenwood, high := 1.0, 0.0, 1.0
	for i := 0; i < len(sorted); {
		atRisk, events, next := len(sorted)-i, 0, i
		for ; next < len(sorted) && sorted[next].Time == sorted[i].Time; next++ {
			if sorted[next].Event {
				events++
				continue
			}
			c.Censored = append(c.Censored, sorted[next].Time)
		}
		if events > 0 {
			survival *= 1 - float64(events)/float64(atRisk)
			greenwood += float64(events) / (float64(atRisk) * float64(atRisk-events))
			step := Step{Time: sorted[i].Time, AtRisk: atRisk, Events: events, Survival: survival}
			step.bound(greenwood, z, high)
			high = step.High
			c.Steps, c.Events = append(c.Steps, step), c.Events+events
		}
		i = next
	}
	return c, nil
}

// bound gives the variance and the band. When nobody is left waiting the transform
// has no value: the share is 0 and the band goes up to that of the step before,
// which it cannot exceed.
func (s *Step) bound(greenwood, z, before float64) {
	if s.AtRisk == s.Events {
		s.Survival, s.Variance, s.Low, s.High = 0, 0, 0, before
		return
	}
	s.Variance = s.Survival * s.Survival * greenwood
	width := z * math.Sqrt(greenwood) / -math.Log(s.Survival)
	s.Low, s.High = math.Pow(s.Survival, math.Exp(width)), math.Pow(s.Survival, math.Exp(-width))
}

// At gives the step that holds at a time; before the first, everybody waits. It is
// false past the longest spell.
func (c Curve) At(time float64) (Step, bool) {
	at := Step{AtRisk: c.Size, Survival: 1, Low: 1, High: 1}
	for _, s := range c.Steps {
		if s.Time > time {
			break
		}
		at = s
	}
	return at, time <= c.Last
}

// Waiting counts those still waiting and followed at a time, just before it.
func (c Curve) Waiting(time float64) int {
	gone := 0
	for _, s := range c.Steps {
		if s.Time < time {
			gone += s.Events
		}
	}
	for _, times := range [][]float64{c.Censored, c.Others} {
		for _, t := range times {
			if t < time {
				gone++
			}
		}
	}
	return c.Size - gone
}

// Median is the time by which half had the event: the first where the share without
// it is a half at most, with its interval, read across the band (R. Brookmeyer
// and J. Crowley, A confidence interval for the median survival time, Biometrics 38,
// 1982). An end that the data do not reach is +Inf; ok is false when half is never reached.
func (c Curve) Median() (median float64, in Interval, ok bool) {
	median = c.first(func(s Step) float64 { return s.Survival })
	in = Interval{c.first(func(s Step) float64 { return s.Low }), c.first(func(s Step) float64 { return s.High }), c.Level}
	return median, in, !math.IsInf(median, 1)
}

// half allows for what multiplying shares leaves: twelve in twenty-four is a half.
const half = .5 + 1e-12

func (c Curve) first(height func(Step) float64) float64 {
	for _, s := range c.Steps {
		if height(s) <= half {
			return s.Time
		}
	}
	return math.Inf(1)
}

// While cuts the curve where fewer than so many are still followed: past that, a
// step tells of somebody. What is left is the same curve, shorter; what came later
// is neither in its times nor in its count of events.
func (c Curve) While(least int) Curve {
	last := 0.0
	for _, t := range c.times() {
		if c.Waiting(t) >= least {
			last = max(last, t)
		}
	}
	c.Last = last
	c.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(s Step) bool { return s.Time > last || s.AtRisk < least })
	c.Censored = slices.DeleteFunc(slices.Clone(c.Censored), func(t float64) bool { return t > last })
	c.Others = slices.DeleteFunc(slices.Clone(c.Others), func(t float64) bool { return t > last })
	c.Events = 0
	for _, s := range c.Steps {
		c.Events += s.Events
	}
	return c
}

func (c Curve) times() []float64 {
	list := slices.Concat(c.Censored, c.Others)
	for _, s := range c.Steps {
		list = append(list, s.Time)
	}
	return list
}
