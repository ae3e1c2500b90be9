package disclosure

import (
	"context"
	"fmt"
	"math"

	"maillage/indicators/disclosure/lp"
)

// maxBranches bounds the search of a shift in whole numbers. Not finding one is
// prudent: the cell counts as not hidden, and more is hidden.
const maxBranches = 200

// inWhole finds a shift in whole numbers by branch and bound, depth first. The
// programs of tables nearly always have whole vertices: few branches are made.
func (q *question) inWhole(ctx context.Context) (shift, bool, error) {
	branches := 0
	x, err := q.branch(ctx, &branches)
	if err != nil || x == nil {
		return nil, false, err
	}
	for i, v := range q.mover.variables {
		if q.mover.system.entire(v) {
			x[2*i], x[2*i+1] = math.Round(x[2*i]), math.Round(x[2*i+1])
		}
	}
	return q.shift(x), true, nil
}

func (q *question) branch(ctx context.Context, branches *int) ([]float64, error) {
	if *branches++; *branches > maxBranches {
		return nil, ctx.Err()
	}
	answer, err := q.solver.Minimize(ctx, q.cost)
	if err != nil {
		return nil, fmt.Errorf("move a cell by whole numbers: %w", err)
	}
	if answer.Status != lp.Optimal {
		return nil, ctx.Err()
	}
	column := q.fractional(answer.X)
	if column < 0 {
		return answer.X, nil
	}
	for _, side := range q.sides(column, answer.X[column]) {
		sub := &question{mover: q.mover, solver: q.solver.Clone(), unit: q.unit, whole: q.whole, cost: q.cost}
		if side[0] > side[1] {
			continue // nothing is there
		}
		sub.set(column, side[0], side[1])
		if sub.err != nil {
			return nil, sub.err
		}
		if x, err := sub.branch(ctx, branches); x != nil || err != nil {
			return x, err
		}
	}
	return nil, nil
}

// sides cuts the range of a column around a value that is not whole, the nearest first;
// one of them may be empty.
func (q *question) sides(column int, x float64) [2][2]float64 {
	up, down := q.mover.system.room(q.mover.variables[column/2])
	most := up
	if column%2 == 1 {
		most = down
	}
	below, above := [2]float64{0, math.Floor(x)}, [2]float64{math.Ceil(x), math.Floor(most + 1e-9)}
	if x-math.Floor(x) > 0.5 {
		return [2][2]float64{above, below}
	}
	return [2][2]float64{below, above}
}

// fractional gives the first column that is not whole and should be, or -1.
func (q *question) fractional(x []float64) int {
	for i, v := range q.mover.variables {
		if !q.mover.system.entire(v) {
			continue
		}
		for column := 2 * i; column < 2*i+2; column++ {
			if !isWhole(x[column]) {
				return column
			}
		}
	}
	return -1
}

func isWhole(x float64) bool { return math.Abs(x-math.Round(x)) <= 1e-6 }
