package estimate

import (
	"math"
	"slices"
)

// Spell is one wait: how long it lasted, in whatever unit, and whether it ended by
// the event. A spell that did not is censored: at that time, the event had not
// happened yet, and nobody knows more; unless it ended otherwise, so that the event
// can no longer come (a competing event).
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

// Median is the time by which half had the event: see Quantile.
func (c Curve) Median() (median float64, in Interval, ok bool) { return c.Quantile(.5) }

// Quantile is the time by which a share had the event: the first where the share
// without it is what is left at most, with its interval, read across the band (R.
// Brookmeyer and J. Crowley, A confidence interval for the median survival time,
// Biometrics 38, 1982). An end that the data do not reach is +Inf; ok is false when
// the share is never reached.
func (c Curve) Quantile(share float64) (at float64, in Interval, ok bool) {
	left := 1 - share + slack
	at = c.first(left, func(s Step) float64 { return s.Survival })
	in = Interval{c.first(left, func(s Step) float64 { return s.Low }), c.first(left, func(s Step) float64 { return s.High }), c.Level}
	return at, in, !math.IsInf(at, 1)
}

// slack allows for what multiplying shares leaves: twelve in twenty-four is a half.
const slack = 1e-12

func (c Curve) first(left float64, height func(Step) float64) float64 {
	for _, s := range c.Steps {
		if height(s) <= left {
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
