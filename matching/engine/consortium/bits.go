package consortium

import "math/bits"

// bitset is a set of cells.
type bitset []uint64

func (b bitset) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) has(i int) bool { return b[i>>6]>>(i&63)&1 == 1 }

func (b bitset) or(o bitset) {
	for i, w := range o {
		b[i] |= w
	}
}

func (b bitset) meets(o bitset) bool {
	for i, w := range o {
		if b[i]&w != 0 {
			return true
		}
	}
	return false
}

// holds says that all of another set is in it.
func (b bitset) holds(o bitset) bool {
	for i, w := range o {
		if w&^b[i] != 0 {
			return false
		}
	}
	return true
}

func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

func (b bitset) each(f func(i int)) {
	for k, w := range b {
		for ; w != 0; w &= w - 1 {
			f(k<<6 + bits.TrailingZeros64(w))
		}
	}
}

// scales weigh a set eight cells at a time.
type scales [][256]int64

func newScales(weights []int64) scales {
	s := make(scales, (len(weights)+63)/64*8)
	for i, w := range weights {
		t := &s[i>>3]
		bit := 1 << (i & 7)
		for v := range t {
			if v&bit != 0 {
				t[v] += w
			}
		}
	}
	return s
}

// less is the weight of what is in b and not in o; o may be nil.
func (s scales) less(b, o bitset) (sum int64) {
	for k, w := range b {
		if o != nil {
			w &^= o[k]
		}
		for at := k << 3; w != 0; at, w = at+1, w>>8 {
			sum += s[at][w&255]
		}
	}
	return sum
}
