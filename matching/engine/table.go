package engine

import "math/bits"

// table finds enterprises by slot. It is open-addressed, and as long as what one
// query can find asks, so that it stays in the processor's cache.
type table []place

// place is where an enterprise is in what was found.
type place struct {
	slot uint32 // plus one; 0: free
	at   int32
}

// sized gives an empty table with room for n.
func (t table) sized(n int) table {
	size := 1 << bits.Len(uint(2*n))
	if cap(t) < size {
		return make(table, size)
	}
	t = t[:size]
	clear(t)
	return t
}

// place is that of an enterprise; a free one when it wasn't found yet.
func (t table) place(slot uint32) *place {
	mask := uint32(len(t) - 1)
	for i := slot * 0x9e3779b1 >> 7 & mask; ; i = (i + 1) & mask {
		if t[i].slot == slot+1 || t[i].slot == 0 {
			return &t[i]
		}
	}
}
