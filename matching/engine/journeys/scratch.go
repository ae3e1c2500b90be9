package journeys

import "math"

// scratch is what one query writes on; it is used again by the next ones.
type scratch struct {
	values  []float64 // by occupation; zero between queries
	seen    []uint32  // by slot: see meet; zero between queries
	touched []uint32
	runs    []run
	hits    []hit
	found   []find
	ranks   []rank
	who     who
}

// find is somebody who matches.
type find struct {
	slot  uint32
	score int32
}

func (x *Index) scratch(v *View) *scratch {
	s, ok := x.tools.Get().(*scratch)
	if !ok {
		s = &scratch{}
	}
	if n := v.people.n; len(s.seen) < n {
		s.seen = make([]uint32, n+n/8)
	}
	s.found = s.found[:0]
	return s
}

func (s *scratch) met(slot uint32) bool { return s.seen[slot] != 0 }

// meet notes that somebody was looked at, and their place among those found, one
// more than it is.
func (s *scratch) meet(slot, found uint32) {
	s.seen[slot] = found
	s.touched = append(s.touched, slot)
}

// only is the place of somebody who is met and not among those found by a spot.
const only = math.MaxUint32

// forget wipes who was met.
func (s *scratch) forget() {
	for _, slot := range s.touched {
		s.seen[slot] = 0
	}
	s.touched = s.touched[:0]
}
