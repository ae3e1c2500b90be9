package journeys

// scratch is what one query writes on; it is used again by the next ones.
type scratch struct {
	values  []float64 // by occupation; zero between queries
	seen    []uint64  // a bit a slot; zero between queries
	touched []uint32
	runs    []run
	hits    []hit
	found   []find
	again   []find // those met by another occupation
	table   table
	ranks   []rank
	nears   []rank
	who     who
	fetched PersonID // see folk.fetch
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
	if n := v.people.n/64 + 1; len(s.seen) < n {
		s.seen = make([]uint64, n+n/8)
	}
	s.found, s.again, s.nears = s.found[:0], s.again[:0], s.nears[:0]
	return s
}

// meet notes that somebody is looked at; false when they were before.
func (s *scratch) meet(slot uint32) bool {
	word, bit := &s.seen[slot/64], uint64(1)<<(slot%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	s.touched = append(s.touched, slot)
	return true
}

// forget wipes who was met.
func (s *scratch) forget() {
	for _, slot := range s.touched {
		s.seen[slot/64] = 0
	}
	s.touched = s.touched[:0]
}
