package disclosure

import (
	"context"
	"math"
	"slices"
)

// confirm looks, where figures are whole numbers, for tables of whole numbers
// that reach what each interval must contain. The extremes of linear programs are
// nearly always whole; where no such table is found the cell is not safe.
func (s *System) confirm(ctx context.Context, intervals []Interval) error {
	at := map[int]int{}
	for n, i := range intervals {
		if i.Safe {
			at[i.Variable] = n
		}
	}
	for _, part := range s.hiddenParts() {
		var mine []int
		for _, v := range part {
			if _, asked := at[v]; asked {
				mine = append(mine, v)
			}
		}
		if len(mine) == 0 {
			continue
		}
		m, err := newMover(s, part)
		if err != nil {
			return err
		}
		groups := slices.Collect(slices.Chunk(mine, chunk))
		err = each(len(groups), func(n int) error {
			for _, v := range groups[n] {
				reached, err := m.reaches(ctx, v)
				if err != nil {
					return err
				}
				intervals[at[v]].Safe = reached
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reaches tries the two ways of sharing out the width that a variable needs.
func (m *mover) reaches(ctx context.Context, v int) (bool, error) {
	x := m.system.Variables[v]
	up, down := x.reachUp()
	if ok, err := m.both(ctx, v, up, down); ok || err != nil {
		return ok, err
	}
	down, up = x.reachDown()
	return m.both(ctx, v, up, down)
}

func (m *mover) both(ctx context.Context, v int, up, down float64) (bool, error) {
	for _, by := range []float64{math.Ceil(up - 1e-9), -math.Ceil(down - 1e-9)} {
		if by == 0 {
			continue
		}
		_, found, err := m.cheapest(ctx, v, by, plain)
		if err != nil || !found {
			return false, err
		}
	}
	return true, nil
}
