package disclosure

import (
	"context"
	"math"
	"slices"
)

// Interval is what a reader can deduce of a hidden variable from everything that
// is published, and what he must not be able to exclude.
type Interval struct {
	Variable  int
	Low, High float64 // deduced
	Least     float64 // must be possible: at most this low…
	Most      float64 // …and at least this high
	Safe      bool
	Unproved  bool       // not safe, for all that is known: a program did not end
	whole     [2]float64 // reached by tables of whole numbers that were met on the way
}

// Width is how much remains uncertain.
func (i Interval) Width() float64 { return i.High - i.Low }

// Attack is what the reader finds who solves for every primary cell.
type Attack struct {
	Intervals    []Interval // of the primary variables, in their order
	Recovered    int        // known exactly
	Narrow       int        // known better than allowed, those known exactly included
	Unproved     int        // of these, those of which only that was not found: a program did not end
	MinimalWidth float64    // of an interval, as a part of the value, which it tells: never published; +Inf when nothing was attacked
}

// Safe reports whether the attack failed on every cell.
func (a *Attack) Safe() bool { return a.Narrow == 0 }

// Attack computes, for every primary variable that was never published, the
// least and the greatest value that all published figures, relations, limits and
// earlier releases allow. A variable published before is recovered by reading it.
func (s *System) Attack(ctx context.Context) (*Attack, error) {
	var targets []int
	for i, v := range s.Variables {
		if v.Status == Primary {
			targets = append(targets, i)
		}
	}
	intervals := make([]Interval, len(targets))
	for n, v := range targets {
		intervals[n].Variable = v
	}
	for most := max(s.most, nearby); ; most *= 4 {
		held := s.focus(most)
		left, err := s.again(ctx, intervals)
		if err != nil {
			return nil, err
		}
		if left == 0 || !held {
			return s.weigh(intervals), nil
		}
	}
}

// extremes gives the intervals of the targets, with tables of whole numbers at their
// ends where figures are whole numbers.
func (s *System) extremes(ctx context.Context, targets []int) ([]Interval, error) {
	intervals, err := s.Intervals(ctx, targets)
	if err == nil {
		err = s.confirm(ctx, intervals)
	}
	return intervals, err
}

// again asks of what is not proved safe so far, and counts what still is not.
func (s *System) again(ctx context.Context, intervals []Interval) (left int, err error) {
	var at, targets []int
	for n, i := range intervals {
		if !i.Safe {
			at, targets = append(at, n), append(targets, i.Variable)
		}
	}
	found, err := s.extremes(ctx, targets)
	for n, i := range found {
		intervals[at[n]] = i
		if !i.Safe {
			left++
		}
	}
	return left, err
}

// weigh counts what the intervals give away.
func (s *System) weigh(intervals []Interval) *Attack {
	a := &Attack{Intervals: intervals, MinimalWidth: math.Inf(1)}
	for i := range intervals {
		at := &intervals[i]
		v := s.Variables[at.Variable]
		scale := max(1, math.Abs(v.Value))
		if !at.Safe {
			a.Narrow++
		}
		if at.Unproved {
			a.Unproved++
			continue
		}
		if at.Width() <= 1e-9*scale {
			a.Recovered++
		}
		a.MinimalWidth = min(a.MinimalWidth, at.Width()/scale)
	}
	return a
}

// judge says whether an interval leaves enough uncertain.
func (s *System) judge(v int, low, high float64, whole [2]float64) Interval {
	x := s.Variables[v]
	slack := 1e-7 * max(1, math.Abs(x.Value))
	if s.entire(v) {
		low, high = math.Ceil(low-1e-6)+0, math.Floor(high+1e-6)+0 // no negative zero
	}
	i := Interval{Variable: v, Low: low, High: high, Least: x.Value - x.Down, Most: x.Value + x.Up, whole: whole}
	i.Safe = low <= i.Least+slack && high >= i.Most-slack && high-low >= x.Width-slack && high-low > slack
	if x.asked != nil {
		i.Safe = high-low > slack && x.leaves(low, high, slack)
	}
	return i
}

// leaves reports whether an interval leaves about a value that we do not have what is
// asked: whether some value in it would have its protection. Of the others nobody
// can say more without the value.
func (v Variable) leaves(low, high, slack float64) bool {
	least := low
	if share := 1 - v.asked.Lower.Percent/100; low > v.Floor+slack && low >= 0 { // the least that has its lower protection
		least = math.Inf(1)
		if share > 0 {
			least = max(low+v.asked.Lower.AtLeast, low/share)
		}
	}
	for _, x := range []float64{least, (low + high) / 2, min(max(0, low), high)} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		down, up := min(v.asked.Lower.of(x), x-v.Floor), min(v.asked.Upper.of(x), v.Ceiling-x)
		if x-down >= low-slack && x+up <= high+slack && high-low >= v.asked.Sliding.of(x)-slack {
			return true
		}
	}
	return math.IsInf(low, -1) && math.IsInf(high, 1)
}

// Intervals gives what a reader can deduce of the given variables, in their order.
func (s *System) Intervals(ctx context.Context, targets []int) ([]Interval, error) {
	found, at := make([]Interval, len(targets)), map[int]int{}
	for i, v := range targets {
		at[v] = i
		if x := s.Variables[v]; x.Known() {
			found[i] = s.judge(v, x.Value, x.Value, [2]float64{x.Value, x.Value})
		}
	}
	tasks, err := s.sieges(at)
	if err != nil {
		return nil, err
	}
	err = each(len(tasks), func(n int) error {
		return tasks[n].run(ctx, func(v int, low, high float64, whole [2]float64, ended bool) {
			i := s.judge(v, low, high, whole)
			i.Unproved = !ended && !i.Safe
			found[at[v]] = i
		})
	})
	return found, err
}

// sieges cuts the attack of the wanted variables in tasks that share nothing.
func (s *System) sieges(wanted map[int]int) ([]siege, error) {
	var tasks []siege
	for _, part := range s.hiddenParts() {
		mine := among(part, wanted)
		if len(mine) == 0 {
			continue
		}
		base, err := s.besiege(part)
		if err != nil {
			return nil, err
		}
		for group := range slices.Chunk(mine, chunk) {
			tasks = append(tasks, siege{base, group})
		}
	}
	return tasks, nil
}
