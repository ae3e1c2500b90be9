package estimate

import (
	"cmp"
	"math"
	"slices"
)

// kaplanMeier is the estimator written apart, by its own formulas: the product of
// the shares that still wait (E. L. Kaplan and P. Meier, 1958), Greenwood's variance
// (1926) and the log(-log) band. What the program uses is held against it.
func kaplanMeier(spells []Spell, level float64) (Curve, error) {
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
