package lp

import (
	"fmt"
	"math"
)

// propagation stops a bound that creeps: a move must be worth this share of the
// column's range, and no row is looked at more often than maxVisits.
const (
	worthwhile = 1e-3
	maxVisits  = 100
	rounding   = 4e-16 // of one addition, relative
)

// Propagate tightens the bounds of a problem by what each row implies from the
// bounds of its other columns, again and again until nothing moves by more than a
// thousandth of a range. The intervals it returns hold every feasible point (outer
// bounds, up to a relative 1e-9); they are often those a linear program would
// find, for a fraction of the work. ErrInfeasible: one of them became empty.
func Propagate(p Problem) (lower, upper []float64, err error) {
	if err := p.validate(); err != nil {
		return nil, nil, err
	}
	t := newTightening(p)
	for len(t.queue) > 0 {
		row := t.queue[0]
		t.queue = t.queue[1:]
		t.queued[row] = false
		if t.visits[row]++; t.visits[row] > maxVisits {
			continue
		}
		if err := t.visit(row); err != nil {
			return nil, nil, err
		}
	}
	return t.lower, t.upper, nil
}

type tightening struct {
	lower, upper []float64
	rows         []Row
	holders      [][]int // the rows of each column
	queue        []int
	queued       []bool
	visits       []int
}

func newTightening(p Problem) *tightening {
	t := &tightening{
		lower: make([]float64, len(p.Lower)), upper: make([]float64, len(p.Upper)),
		rows: make([]Row, len(p.Rows)), holders: make([][]int, len(p.Lower)),
		queued: make([]bool, len(p.Rows)), visits: make([]int, len(p.Rows)),
	}
	for j := range p.Lower {
		t.lower[j], t.upper[j] = open(p.Lower[j]), open(p.Upper[j])
	}
	for i, row := range p.Rows {
		t.rows[i] = Row{Entries: merged(row.Entries), RHS: row.RHS}
		for _, e := range t.rows[i].Entries {
			t.holders[e.Column] = append(t.holders[e.Column], i)
		}
		t.push(i)
	}
	return t
}

// open reads a bound: beyond huge there is none.
func open(bound float64) float64 {
	if math.Abs(bound) >= huge {
		return math.Inf(int(math.Copysign(1, bound)))
	}
	return bound
}

func (t *tightening) push(row int) {
	if !t.queued[row] {
		t.queued[row] = true
		t.queue = append(t.queue, row)
	}
}

// activity is the least or the most a row can sum to: the finite part, and how
// many columns have no bound on that side.
type activity struct {
	sum       float64
	unbounded int
}

func (a *activity) add(coefficient, bound float64) {
	if math.IsInf(bound, 0) {
		a.unbounded++
		return
	}
	a.sum += coefficient * bound
}

// without is what the row's other columns sum to.
func (a activity) without(coefficient, bound float64) (float64, bool) {
	if math.IsInf(bound, 0) {
		return a.sum, a.unbounded == 1
	}
	return a.sum - coefficient*bound, a.unbounded == 0
}

// visit tightens every column of a row by the range of the others.
func (t *tightening) visit(i int) error {
	row := t.rows[i]
	least, most, scale := t.extent(row)
	for _, e := range row.Entries {
		near, far := t.sides(e)
		slack := rounding * float64(len(row.Entries)+2) * scale / math.Abs(e.Value)
		lower, upper := math.Inf(-1), math.Inf(1)
		if rest, ok := least.without(e.Value, near); ok {
			lower, upper = side(lower, upper, e.Value, row.RHS-rest, slack)
		}
		if rest, ok := most.without(e.Value, far); ok {
			lower, upper = side(lower, upper, -e.Value, rest-row.RHS, slack)
		}
		if err := t.tighten(e.Column, lower, upper); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	if len(row.Entries) == 0 && math.Abs(row.RHS) > 1e-9*(1+scale) {
		return fmt.Errorf("row %d: nothing sums to %v: %w", i, row.RHS, ErrInfeasible)
	}
	return nil
}

// side reads coefficient × x ≤ limit as a bound on x, with its slack outwards.
func side(lower, upper, coefficient, limit, slack float64) (float64, float64) {
	bound := limit / coefficient
	if coefficient > 0 {
		return lower, min(upper, bound+slack)
	}
	return max(lower, bound-slack), upper
}

// sides are the bounds at which a column adds least and most to its row.
func (t *tightening) sides(e Entry) (near, far float64) {
	if e.Value > 0 {
		return t.lower[e.Column], t.upper[e.Column]
	}
	return t.upper[e.Column], t.lower[e.Column]
}

func (t *tightening) extent(row Row) (least, most activity, scale float64) {
	scale = math.Abs(row.RHS)
	for _, e := range row.Entries {
		near, far := t.sides(e)
		least.add(e.Value, near)
		most.add(e.Value, far)
		if !math.IsInf(near, 0) {
			scale += math.Abs(e.Value * near)
		}
		if !math.IsInf(far, 0) {
			scale += math.Abs(e.Value * far)
		}
	}
	return least, most, scale
}

// tighten takes a bound that is worth it and calls the rows it may move.
// The activities of the row under visit stay those before: still outer bounds.
func (t *tightening) tighten(column int, lower, upper float64) error {
	l, u := t.lower[column], t.upper[column]
	tiny := 1e-9 * max(1, small(l), small(u))
	if lower > u+tiny || upper < l-tiny {
		return fmt.Errorf("column %d in [%v, %v] and in [%v, %v]: %w", column, l, u, lower, upper, ErrInfeasible)
	}
	step := max(tiny, worthwhile*(u-l))
	if math.IsInf(step, 1) {
		step = 0
	}
	moved := false
	if lower > l+step || math.IsInf(l, -1) && !math.IsInf(lower, -1) {
		t.lower[column], moved = min(lower, u), true
	}
	if upper < u-step || math.IsInf(u, 1) && !math.IsInf(upper, 1) {
		t.upper[column], moved = max(upper, t.lower[column]), true
	}
	if !moved {
		return nil
	}
	for _, row := range t.holders[column] {
		t.push(row)
	}
	return nil
}

// small is the magnitude of a bound, nothing for an infinite one.
func small(bound float64) float64 {
	if math.IsInf(bound, 0) {
		return 0
	}
	return math.Abs(bound)
}
