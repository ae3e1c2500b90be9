package disclosure

import (
	"cmp"
	"slices"
)

// Everything may move within what a reader can think of, but a proof needs no more
// than some of it: a cell that can move while most base cells stand still can move.
// Where there are many, those around the cells under attack are let go and the others
// are held at a possible value. Nothing is found safe that is not; what is not proved
// this way is asked again with more, in the end with everything.
const (
	nearby = 1_500 // base cells that are let go at first
	around = 6_000 // and then: below as many, all are
	fan    = 40    // of one sum, from one step to the next
)

// focus lets so many base cells go, and holds the others; it says whether any is held.
func (s *System) focus(most int) bool {
	s.held, s.most = nil, most
	var latent []int
	for i, v := range s.Variables {
		if v.latent() {
			latent = append(latent, i)
		}
	}
	if len(latent) <= around || most >= len(latent) {
		return false
	}
	free := s.reached(most)
	s.held = make([]bool, len(s.Variables))
	for _, i := range latent {
		s.held[i] = !free[i]
	}
	return true
}

// latent tells a base cell, that no table holds.
func (v Variable) latent() bool { return !v.placed && v.table == "" }

func (s *System) standsStill(v int) bool { return s.held != nil && s.held[v] }

// reached walks from the cells under attack, sum by sum, to the base cells that can
// make up for their moves: the nearest first, and in a long sum those beside a hidden
// cell, then the largest, which have the most room.
func (s *System) reached(most int) map[int]bool {
	of := s.relationsOf()
	var queue []int
	for i, v := range s.Variables {
		if v.Status == Primary && !v.Public {
			queue = append(queue, i)
		}
	}
	free, seen := map[int]bool{}, make([]bool, len(s.Relations))
	for ; len(queue) > 0 && len(free) < most; queue = queue[1:] {
		for _, r := range of[queue[0]] {
			if seen[r] {
				continue
			}
			seen[r] = true
			for _, v := range s.candidates(s.Relations[r], free, of) {
				free[v] = true
				queue = append(queue, v)
			}
		}
	}
	return free
}

// candidates are the base cells of a sum that go on from it.
func (s *System) candidates(r Relation, free map[int]bool, of [][]int) []int {
	var list []int
	for _, t := range r.Terms {
		if s.Variables[t.Variable].latent() && !free[t.Variable] {
			list = append(list, t.Variable)
		}
	}
	if len(list) <= fan {
		return list
	}
	beside := map[int]int{}
	for _, v := range list {
		beside[v] = s.hiddenBeside(v, of)
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(beside[b], beside[a]), cmp.Compare(s.Variables[b].Value, s.Variables[a].Value), cmp.Compare(a, b))
	})
	return list[:fan]
}

// hiddenBeside counts the sums of a base cell that a hidden cell is in.
func (s *System) hiddenBeside(v int, of [][]int) int {
	return len(slices.DeleteFunc(slices.Clone(of[v]), func(r int) bool {
		return !slices.ContainsFunc(s.Relations[r].Terms, func(t Term) bool {
			x := s.Variables[t.Variable]
			return !x.latent() && !x.Known()
		})
	}))
}

func (s *System) relationsOf() [][]int {
	of := make([][]int, len(s.Variables))
	for r, relation := range s.Relations {
		for _, t := range relation.Terms {
			of[t.Variable] = append(of[t.Variable], r)
		}
	}
	return of
}
