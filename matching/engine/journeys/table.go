package journeys

import "math/bits"

// table is an open-addressed table of finds, by slot plus one; 0 is free. Its
// length is a power of two.
type table []find

// at is where a slot is, or would be.
func (t table) at(slot uint32) uint32 {
	mask := uint32(len(t) - 1)
	for i := slot * 0x9e3779b1 >> 7 & mask; ; i = (i + 1) & mask {
		if t[i].slot == slot+1 || t[i].slot == 0 {
			return i
		}
	}
}

// tableOf gives an empty table, four times as long as what it will hold.
func (s *scratch) tableOf(n int) table {
	size := 1 << bits.Len(uint(4*n))
	if cap(s.table) < size {
		s.table = make(table, size)
	}
	t := s.table[:size]
	clear(t)
	return t
}
