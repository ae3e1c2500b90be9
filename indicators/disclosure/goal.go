package disclosure

import (
	"cmp"
	"math"
	"slices"
)

// goal is one thing a reader must think possible: that a primary variable is so
// much higher (by > 0) or lower (by < 0) than it is.
type goal struct {
	variable int
	by       float64
}

// goals gives what each primary variable of a part needs, the largest moves
// first: the others often come with them.
func (s *System) goals(part []int) []goal {
	var all []goal
	for _, i := range part {
		v := s.Variables[i]
		if v.Status != Primary || v.Public {
			continue
		}
		up, down := v.reachUp()
		up, down = s.rounded(i, up), s.rounded(i, down)
		if up > 0 {
			all = append(all, goal{i, up})
		}
		if down > 0 {
			all = append(all, goal{i, -down})
		}
	}
	slices.SortStableFunc(all, func(a, b goal) int {
		return cmp.Or(cmp.Compare(math.Abs(b.by), math.Abs(a.by)), cmp.Compare(a.variable, b.variable))
	})
	return all
}

// reachUp shares out the width a variable needs: what the two sides do not give
// is asked above first, then below. Every protected variable moves somewhere, were
// it by a hair, so that none is recovered exactly.
func (v Variable) reachUp() (up, down float64) {
	roomDown, roomUp := max(0, v.Value-v.Floor), max(0, v.Ceiling-v.Value)
	up = min(max(v.Up, v.Width-v.Down), roomUp)
	down = min(max(v.Down, v.Width-up), roomDown)
	return v.somewhere(up, down, roomUp, roomDown)
}

func (v Variable) somewhere(up, down, roomUp, roomDown float64) (float64, float64) {
	if up > 0 || down > 0 {
		return up, down
	}
	hair := 1e-3 * max(1, math.Abs(v.Value))
	if roomUp > 0 {
		return min(hair, roomUp), 0
	}
	return 0, min(hair, roomDown)
}

// serves reports whether a shift, stretched or turned around, reaches the goal
// without leaving anybody's room; by how much to multiply it.
func (s *System) serves(way shift, g goal) (float64, bool) {
	at := slices.IndexFunc(way, func(m moved) bool { return m.variable == g.variable })
	if at < 0 {
		return 0, false
	}
	times := g.by / way[at].by
	if s.Integer && math.Abs(times-math.Round(times)) > 1e-9 {
		return 0, false
	}
	for _, m := range way {
		up, down := s.room(m.variable)
		by := m.by * times
		if by > up*(1+1e-9) || -by > down*(1+1e-9) {
			return 0, false
		}
		if s.entire(g.variable) && s.entire(m.variable) && math.Abs(by-math.Round(by)) > 1e-6 {
			return 0, false
		}
	}
	return times, s.holds(way, times)
}

// holds reports whether a shift, so many times, leaves every loose relation its play.
func (s *System) holds(way shift, times float64) bool {
	moves := map[int]float64{}
	for _, m := range way {
		for _, r := range s.touching[m.variable] {
			moves[r] = 0
		}
	}
	for _, m := range way {
		for _, r := range s.touching[m.variable] {
			at := slices.IndexFunc(s.Relations[r].Terms, func(t Term) bool { return t.Variable == m.variable })
			moves[r] += s.Relations[r].Terms[at].Factor * m.by * times
		}
	}
	for r, by := range moves {
		down, up := s.play(s.Relations[r])
		if hair := 1e-9 * max(1, math.Abs(by)); by > up+hair || by < -down-hair {
			return false
		}
	}
	return true
}

// touched notes the loose relations of each variable.
func (s *System) touched() {
	s.touching = map[int][]int{}
	for i, r := range s.Relations {
		if r.loose() {
			for _, t := range r.Terms {
				s.touching[t.Variable] = append(s.touching[t.Variable], i)
			}
		}
	}
}
