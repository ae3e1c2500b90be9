package territories

import (
	"math/bits"
	"slices"
)

// maxWords bounds the universe: 40,960 communes, above the 38,800 or so that
// France ever had. It lets a set be built in an array on the stack.
const maxWords = 640

// Set is an immutable set of commune ordinals of one atlas. A nil Set is
// empty. Sets of two atlases must not be mixed: ordinals are positions in the
// list of one vintage.
//
// It is a bitmap of two levels: data[:span] says which 64-commune words hold
// anything (from the summary word first on), and the words that do follow,
// packed. Codes being sorted, a département is six words and an EPCI four,
// and two sets far apart are known disjoint without reading a word.
type Set struct {
	data        []uint64
	first, span uint8
	n           uint32
}

// SetOf makes a set of ordinals, in any order, repeated or not.
func SetOf(ords ...uint32) *Set {
	var b builder
	for _, o := range ords {
		b.add(int(o))
	}
	return b.set()
}

// builder is a dense set under construction.
type builder struct{ words [maxWords]uint64 }

func (b *builder) add(ord int) { b.words[ord>>6] |= 1 << (ord & 63) }

// or adds every member of a set.
func (b *builder) or(s *Set) {
	s.eachWord(func(w int, bits uint64) { b.words[w] |= bits })
}

// set packs the words that hold something.
func (b *builder) set() *Set {
	var summary [maxWords / 64]uint64
	used, n := 0, 0
	for i, w := range b.words {
		if w != 0 {
			summary[i>>6] |= 1 << (i & 63)
			used++
			n += bits.OnesCount64(w)
		}
	}
	if n == 0 {
		return &Set{}
	}
	first, last := 0, len(summary)-1
	for summary[first] == 0 {
		first++
	}
	for summary[last] == 0 {
		last--
	}
	span := last - first + 1
	s := &Set{data: make([]uint64, span, span+used), first: uint8(first), span: uint8(span), n: uint32(n)}
	copy(s.data, summary[first:last+1])
	for k := first; k <= last; k++ {
		for m := summary[k]; m != 0; m &= m - 1 {
			s.data = append(s.data, b.words[k<<6|bits.TrailingZeros64(m)])
		}
	}
	return s
}

// Len is the number of communes.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return int(s.n)
}

// Contains reports whether a commune is in the set.
func (s *Set) Contains(ord int) bool {
	if s == nil || ord < 0 {
		return false
	}
	k := ord>>12 - int(s.first)
	if k < 0 || k >= int(s.span) {
		return false
	}
	bit := uint64(1) << (ord >> 6 & 63)
	if s.data[k]&bit == 0 {
		return false
	}
	at := s.start(int(s.first)+k) + bits.OnesCount64(s.data[k]&(bit-1))
	return s.data[at]>>(ord&63)&1 == 1
}

// start is the place in data of the first packed word of a summary word.
func (s *Set) start(summary int) int {
	at := int(s.span)
	for _, w := range s.data[:summary-int(s.first)] {
		at += bits.OnesCount64(w)
	}
	return at
}

// eachWord calls f with each word that holds something, in order.
func (s *Set) eachWord(f func(word int, bits uint64)) {
	if s == nil {
		return
	}
	at := int(s.span)
	for k, m := range s.data[:s.span] {
		for ; m != 0; m &= m - 1 {
			f((int(s.first)+k)<<6|bits.TrailingZeros64(m), s.data[at])
			at++
		}
	}
}

// common walks the words that both sets hold; it is the one loop under every
// relation, and allocates nothing.
type common struct {
	x, y         *Set
	k, hi        int    // the summary word being read, and the last one plus one
	xi, yi       int    // where its packed words start
	sx, sy       uint64 // the summary words
	both         uint64 // words in common still to visit
	word         int
	wordX, wordY uint64
}

func meet(x, y *Set) common {
	c := common{x: x, y: y}
	if x == nil || y == nil {
		return c
	}
	c.k = int(max(x.first, y.first))
	c.hi = min(int(x.first)+int(x.span), int(y.first)+int(y.span))
	if c.k < c.hi {
		c.xi, c.yi = x.start(c.k), y.start(c.k)
		c.sx, c.sy = x.data[c.k-int(x.first)], y.data[c.k-int(y.first)]
		c.both = c.sx & c.sy
	}
	return c
}

func (c *common) next() bool {
	for c.both == 0 {
		if c.k++; c.k >= c.hi {
			return false
		}
		c.xi += bits.OnesCount64(c.sx)
		c.yi += bits.OnesCount64(c.sy)
		c.sx, c.sy = c.x.data[c.k-int(c.x.first)], c.y.data[c.k-int(c.y.first)]
		c.both = c.sx & c.sy
	}
	below := c.both&-c.both - 1
	c.word = c.k<<6 | bits.TrailingZeros64(c.both)
	c.wordX = c.x.data[c.xi+bits.OnesCount64(c.sx&below)]
	c.wordY = c.y.data[c.yi+bits.OnesCount64(c.sy&below)]
	c.both &= c.both - 1
	return true
}

// Intersects reports whether the sets share a commune.
func (s *Set) Intersects(t *Set) bool {
	for c := meet(s, t); c.next(); {
		if c.wordX&c.wordY != 0 {
			return true
		}
	}
	return false
}

// AndLen is the number of communes in common.
func (s *Set) AndLen(t *Set) int {
	n := 0
	for c := meet(s, t); c.next(); {
		n += bits.OnesCount64(c.wordX & c.wordY)
	}
	return n
}

// And is the set of communes in both.
func (s *Set) And(t *Set) *Set {
	var b builder
	for c := meet(s, t); c.next(); {
		b.words[c.word] = c.wordX & c.wordY
	}
	return b.set()
}

// Or is the set of communes in either.
func (s *Set) Or(t *Set) *Set {
	var b builder
	b.or(s)
	b.or(t)
	return b.set()
}

// AndNot is the set of communes in s and not in t.
func (s *Set) AndNot(t *Set) *Set {
	var b builder
	b.or(s)
	t.eachWord(func(w int, bits uint64) { b.words[w] &^= bits })
	return b.set()
}

// Covers reports that every commune of t is in s.
func (s *Set) Covers(t *Set) bool { return s.AndLen(t) == t.Len() }

// Equal reports that the sets hold the same communes.
func (s *Set) Equal(t *Set) bool {
	if s.Len() == 0 || t.Len() == 0 {
		return s.Len() == t.Len()
	}
	return s.n == t.n && s.first == t.first && slices.Equal(s.data, t.data)
}

// Each calls f with each ordinal in increasing order until f returns false.
func (s *Set) Each(f func(ord int) bool) {
	if s == nil {
		return
	}
	at := int(s.span)
	for k, m := range s.data[:s.span] {
		for ; m != 0; m &= m - 1 {
			base := ((int(s.first)+k)<<6 | bits.TrailingZeros64(m)) << 6
			for w := s.data[at]; w != 0; w &= w - 1 {
				if !f(base | bits.TrailingZeros64(w)) {
					return
				}
			}
			at++
		}
	}
}

// Ordinals lists the communes in increasing order, that is, by code.
func (s *Set) Ordinals() []uint32 {
	out := make([]uint32, 0, s.Len())
	s.Each(func(ord int) bool {
		out = append(out, uint32(ord))
		return true
	})
	return out
}

// fromSorted packs ordinals that increase, without a dense set: thousands of
// small territories are built so when the facts are loaded.
func fromSorted(ords []uint32) *Set {
	if len(ords) == 0 {
		return &Set{}
	}
	first, last := ords[0]>>12, ords[len(ords)-1]>>12
	span := int(last-first) + 1
	words := 1
	for i := 1; i < len(ords); i++ {
		if ords[i]>>6 != ords[i-1]>>6 {
			words++
		}
	}
	s := &Set{data: make([]uint64, span+words), first: uint8(first), span: uint8(span)}
	at := span - 1
	for i, o := range ords {
		if i == 0 || o>>6 != ords[i-1]>>6 {
			at++
			s.data[o>>12-first] |= 1 << (o >> 6 & 63)
		}
		if bit := uint64(1) << (o & 63); s.data[at]&bit == 0 {
			s.data[at] |= bit
			s.n++
		}
	}
	return s
}
