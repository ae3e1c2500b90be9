package assignment

import "cmp"

// draft is a plan in the making.
type draft struct {
	*graph
	slot   []int32   // of an edge: its place in held, or -1 when not proposed
	held   [][]int32 // of a position: the edges proposed to it
	served []int32   // of a person: new proposals
}

func newDraft(g *graph) *draft {
	d := &draft{graph: g, slot: make([]int32, len(g.to)),
		held: make([][]int32, len(g.positions)), served: make([]int32, len(g.people))}
	for e := range d.slot {
		d.slot[e] = -1
	}
	return d
}

func (d *draft) add(e int32) {
	j := d.to[e]
	d.slot[e] = int32(len(d.held[j]))
	d.held[j] = append(d.held[j], e)
	d.served[d.owner[e]]++
}

func (d *draft) drop(e int32) {
	held, at := d.held[d.to[e]], d.slot[e]
	last := held[len(held)-1]
	held[at], d.slot[last] = last, at
	d.held[d.to[e]] = held[:len(held)-1]
	d.slot[e] = -1
	d.served[d.owner[e]]--
}

// free says whether a position has a place left.
func (d *draft) free(j int32) bool { return len(d.held[j]) < d.positions[j].AtMost }

// wanting says whether a position is under its minimum.
func (d *draft) wanting(j int32) bool { return len(d.held[j]) < d.positions[j].AtLeast }

func (d *draft) score() score {
	var s score
	for j, held := range d.held {
		s.minimum += int64(min(len(held), d.positions[j].AtLeast))
		for _, e := range held {
			s.fit += int64(d.fit[e])
		}
	}
	for i, n := range d.served {
		for _, r := range d.ranks(int32(i))[:n] {
			s.rank += r
		}
	}
	return s
}

// compare two drafts of one batch: more than 0 when d is the better.
func (d *draft) compare(other *draft, o Objective) int {
	a, b := d.score(), other.score()
	minimum, fit := cmp.Compare(a.minimum, b.minimum), cmp.Compare(a.fit, b.fit)
	if o == WaitingFirst {
		return cmp.Or(minimum, d.precedes(other), fit)
	}
	return cmp.Or(minimum, fit, d.precedes(other))
}

// precedes compares who is served, place by place in the order of precedence.
// The sum of the ranks doesn't: it tells the best of all plans, and may rank
// wrongly two that are not.
func (d *draft) precedes(other *draft) int {
	turn := make([]int32, len(d.people))
	for _, i := range d.units {
		turn[i]++
		mine, theirs := turn[i] <= d.served[i], turn[i] <= other.served[i]
		if mine && !theirs {
			return 1
		}
		if theirs && !mine {
			return -1
		}
	}
	return 0
}
