package journeys

import "slices"

// spot is one person, or one position, in the list of an occupation: enough to
// set most of them aside without looking at the thing itself.
type spot struct {
	at  vec
	km  float32 // the farthest the thing goes
	tag tag
}

// tag is where the thing is, and how it names the occupation.
type tag uint32

// The low bits of a tag; the others are the slot.
const (
	tagFull     tag = 1 << iota // must be looked at whole: it has a dossier, no point or no range
	tagUnwished                 // practised by somebody who wished something else
	tagRank                     // of the wish, two bits
	tagBits     = 4
)

func (t tag) slot() uint32 { return uint32(t >> tagBits) }

// blockSize is how many spots a block has when a list is made at once; it is cut
// in two beyond twice that, and joined to the next one below half.
const blockSize = 256

// block is a run of a list, in the order of places, then of slots. It is never
// changed: an edit makes another.
type block struct {
	places []uint32
	spots  []spot
}

// posting is the list of an occupation: the spots that name it, in the order of
// their places. It is shared with readers: an edit clones it before the first change.
type posting struct {
	owner  *edit
	blocks []*block
	lasts  []uint32 // the last place of each block
}

// edit names one batch of changes; it must not be an empty struct, whose
// addresses may be equal.
type edit struct{ _ byte }

// own gives a posting that the edit may change.
func (p *posting) own(ed *edit) *posting {
	switch {
	case p == nil:
		return &posting{owner: ed}
	case p.owner == ed:
		return p
	}
	return &posting{owner: ed, blocks: slices.Clone(p.blocks), lasts: slices.Clone(p.lasts)}
}

// from is the first block that can hold a place.
func (p *posting) from(place uint32) int { return seek(p.lasts, place) }

// seek is the first index whose place is at least the one given.
func seek(places []uint32, place uint32) int {
	i, j := 0, len(places)
	for i < j {
		if h := int(uint(i+j) >> 1); places[h] < place {
			i = h + 1
		} else {
			j = h
		}
	}
	return i
}

// after is the first index that comes after a place and a slot, or holds them.
func (b *block) after(place, slot uint32) int {
	i := seek(b.places, place)
	for i < len(b.places) && b.places[i] == place && b.spots[i].tag.slot() < slot {
		i++
	}
	return i
}

// find is where a slot is listed at a place, or would be: past the last block
// when it comes after all.
func (p *posting) find(place, slot uint32) (at, i int, ok bool) {
	for at = p.from(place); at < len(p.blocks); at++ {
		b := p.blocks[at]
		i = b.after(place, slot)
		if i < len(b.places) {
			return at, i, b.places[i] == place && b.spots[i].tag.slot() == slot
		}
	}
	return at, 0, false
}

// add lists a spot.
func (p *posting) add(place uint32, s spot) {
	if len(p.blocks) == 0 {
		p.blocks, p.lasts = []*block{{places: []uint32{place}, spots: []spot{s}}}, []uint32{place}
		return
	}
	at, i, _ := p.find(place, s.tag.slot())
	if at == len(p.blocks) {
		at--
		i = len(p.blocks[at].places)
	}
	b := p.blocks[at]
	p.put(at, &block{places: inserted(b.places, i, place), spots: inserted(b.spots, i, s)})
}

// put replaces a block, cut in two when it is too long.
func (p *posting) put(at int, b *block) {
	n := len(b.places)
	if n <= 2*blockSize {
		p.blocks[at], p.lasts[at] = b, b.places[n-1]
		return
	}
	low := &block{places: slices.Clone(b.places[:n/2]), spots: slices.Clone(b.spots[:n/2])}
	high := &block{places: slices.Clone(b.places[n/2:]), spots: slices.Clone(b.spots[n/2:])}
	p.blocks[at], p.lasts[at] = high, high.places[len(high.places)-1]
	p.blocks = slices.Insert(p.blocks, at, low)
	p.lasts = slices.Insert(p.lasts, at, low.places[len(low.places)-1])
}

// drop forgets a slot listed at a place.
func (p *posting) drop(place, slot uint32) {
	at, i, ok := p.find(place, slot)
	if !ok {
		return
	}
	b := p.blocks[at]
	if len(b.places) == 1 {
		p.blocks, p.lasts = slices.Delete(p.blocks, at, at+1), slices.Delete(p.lasts, at, at+1)
		return
	}
	b = &block{places: removed(b.places, i), spots: removed(b.spots, i)}
	if next := at + 1; len(b.places) < blockSize/2 && next < len(p.blocks) && len(b.places)+len(p.blocks[next].places) <= blockSize {
		b = &block{places: slices.Concat(b.places, p.blocks[next].places), spots: slices.Concat(b.spots, p.blocks[next].spots)}
		p.blocks, p.lasts = slices.Delete(p.blocks, next, next+1), slices.Delete(p.lasts, next, next+1)
	}
	p.put(at, b)
}

func inserted[T any](list []T, i int, x T) []T {
	out := make([]T, len(list)+1)
	copy(out, list[:i])
	out[i] = x
	copy(out[i+1:], list[i:])
	return out
}

func removed[T any](list []T, i int) []T {
	out := make([]T, len(list)-1)
	copy(out, list[:i])
	copy(out[i:], list[i+1:])
	return out
}

// within gives each part of a list that can be in a run.
func (p *posting) within(r run, visit func([]spot)) {
	for at := p.from(r.from); at < len(p.blocks); at++ {
		b := p.blocks[at]
		i, j := 0, len(b.places)
		if b.places[0] < r.from {
			i = seek(b.places, r.from)
		}
		last := b.places[j-1] > r.to
		if last {
			j = i + seek(b.places[i:], r.to+1)
		}
		visit(b.spots[i:j])
		if last {
			return
		}
	}
}
