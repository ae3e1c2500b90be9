package consortium

import (
	"cmp"
	"slices"
)

// reduce drops the candidates that no answer needs, so that all can be looked at
// however many they are. A candidate is worse than another that does all it does,
// with as much capacity, shows as much, and has more merit in both orders. In any
// group the better one takes its place, unless it is already there. So it may go
// when one that is better adds so much that beside it the worse one adds nothing,
// or when as many are better as a group has members: one of them is not in it.
// The best group and the alternatives are those of all the candidates; only what
// they cover all together may be less.
func (m *model) reduce(most int) []Candidate {
	order := m.everybody()
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(m.offers[b].merit.against(m.offers[a].merit), cmp.Compare(a, b))
	})
	var kept []int // the better ones come first, and who is worse than one dropped is worse than those who dropped it
	for _, i := range order {
		if m.offers[i].must || !m.spare(i, kept, most) {
			kept = append(kept, i)
		}
	}
	slices.Sort(kept)
	out := make([]Candidate, len(kept))
	for k, i := range kept {
		out[k] = m.candidates[i]
	}
	return out
}

// spare says that a candidate can be done without, beside those who are kept.
func (m *model) spare(i int, kept []int, most int) bool {
	better := 0
	for _, k := range kept {
		if !m.betters(k, i) {
			continue
		}
		if better++; better >= most || m.exhausts(k, i) {
			return true
		}
	}
	return false
}

// betters says that in any group one candidate takes the place of another.
func (m *model) betters(k, i int) bool {
	a, b := &m.offers[k], &m.offers[i]
	if !a.cells.holds(b.cells) || a.merit.against(b.merit) <= 0 || byDistance(a).against(byDistance(b)) <= 0 {
		return false
	}
	for r, n := range b.shows {
		if a.shows[r] < n {
			return false
		}
	}
	return a.free || a.limit >= b.limit && carries(a.acts, b.acts)
}

// carries says that each activity has one of its own that does as much. They are
// given in order to the first that can: to miss a pairing only keeps a candidate.
func carries(a, b []job) bool {
	taken := make([]bool, len(a))
	for _, want := range b {
		k := -1
		for i, have := range a {
			if !taken[i] && have.limit >= want.limit && have.cells.holds(want.cells) {
				k = i
				break
			}
		}
		if k < 0 {
			return false
		}
		taken[k] = true
	}
	return true
}

// exhausts says that beside a better candidate the other adds nothing: nothing
// bounds what it does, and what both show is already all that is asked.
func (m *model) exhausts(k, i int) bool {
	if !m.offers[k].free {
		return false
	}
	for r, n := range m.offers[i].shows {
		if n > 0 && m.offers[k].shows[r] < m.needs.Requires[r].Need {
			return false
		}
	}
	return true
}
