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

// meet gives the run of summary words that two sets share, and where the
// packed words of the first of them start in each.
func meet(x, y *Set) (k, end, xi, yi int) {
	if x == nil || y == nil {
		return 0, 0, 0, 0
	}
	k = int(max(x.first, y.first))
	end = min(int(x.first)+int(x.span), int(y.first)+int(y.span))
	if k >= end {
		return 0, 0, 0, 0
	}
	return k, end, x.start(k), y.start(k)
}

// The three loops below are the same one, written out because they are under
// every comparison of the platform: for each summary word of both, the words
// that both hold are found by counting the bits before them.

// Intersects reports whether the sets share a commune.
func (s *Set) Intersects(t *Set) bool {
	k, end, si, ti := meet(s, t)
	for ; k < end; k++ {
		ss, ts := s.data[k-int(s.first)], t.data[k-int(t.first)]
		for both := ss & ts; both != 0; both &= both - 1 {
			below := both&-both - 1
			if s.data[si+bits.OnesCount64(ss&below)]&t.data[ti+bits.OnesCount64(ts&below)] != 0 {
				return true
			}
		}
		si, ti = si+bits.OnesCount64(ss), ti+bits.OnesCount64(ts)
	}
	return false
}

// AndLen is the number of communes in common.
func (s *Set) AndLen(t *Set) int {
	n := 0
	k, end, si, ti := meet(s, t)
	for ; k < end; k++ {
		ss, ts := s.data[k-int(s.first)], t.data[k-int(t.first)]
		if ss == ts { // packed alike: no need to look for each word
			run := bits.OnesCount64(ss)
			sw, tw := s.data[si:si+run], t.data[ti:ti+run]
			for i, w := range sw {
				n += bits.OnesCount64(w & tw[i])
			}
			si, ti = si+run, ti+run
			continue
		}
		for both := ss & ts; both != 0; both &= both - 1 {
			below := both&-both - 1
			n += bits.OnesCount64(s.data[si+bits.OnesCount64(ss&below)] & t.data[ti+bits.OnesCount64(ts&below)])
		}
		si, ti = si+bits.OnesCount64(ss), ti+bits.OnesCount64(ts)
	}
	return n
}

// eachCommon calls f with each word that holds communes of both sets.
func eachCommon(s, t *Set, f func(word int, bits uint64)) {
	k, end, si, ti := meet(s, t)
	for ; k < end; k++ {
		ss, ts := s.data[k-int(s.first)], t.data[k-int(t.first)]
		for both := ss & ts; both != 0; both &= both - 1 {
			below := both&-both - 1
			if w := s.data[si+bits.OnesCount64(ss&below)] & t.data[ti+bits.OnesCount64(ts&below)]; w != 0 {
				f(k<<6|bits.TrailingZeros64(both), w)
			}
		}
		si, ti = si+bits.OnesCount64(ss), ti+bits.OnesCount64(ts)
	}
}

// And is the set of communes in both.
func (s *Set) And(t *Set) *Set {
	var b builder
	eachCommon(s, t, func(w int, bits uint64) { b.words[w] = bits })
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
