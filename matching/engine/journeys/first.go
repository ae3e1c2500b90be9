package journeys

import "slices"

// first are the people of an index that held nobody: they are put in the order
// of their places before they get a slot, so that those who live together are
// read together, and the lists are made in one go.
type first struct {
	whos []who
	ends []int // of each one's part of occs
	occs []uint32
	at   map[PersonID]uint32
	gone []bool
}

func newFirst() *first { return &first{at: map[PersonID]uint32{}} }

func (f *first) put(w *who) {
	i, held := f.at[w.id]
	if held && f.whos[i].revision > w.revision {
		return
	}
	if held {
		f.gone[i] = true
	}
	f.at[w.id] = uint32(len(f.whos))
	kept := *w
	kept.occs = nil
	f.whos, f.gone = append(f.whos, kept), append(f.gone, false)
	f.occs = append(f.occs, w.occs...)
	f.ends = append(f.ends, len(f.occs))
}

func (f *first) remove(id PersonID) {
	if i, held := f.at[id]; held {
		f.gone[i] = true
		delete(f.at, id)
	}
}

// build gives the slots and makes the columns and the lists.
func (f *first) build(b *Batch) {
	order := f.order()
	counts := f.count(b)
	lists := make([]maker, len(counts))
	for code, n := range counts {
		lists[code] = maker{places: make([]uint32, 0, n), spots: make([]spot, 0, n)}
	}
	for slot, o := range order {
		w := f.whos[uint32(o)]
		w.occs = f.part(int(uint32(o)))
		p := b.view.people.own(b.ed, uint32(slot))
		p.put(slot%pageSize, &w)
		f.at[w.id] = uint32(slot)
		place, s := w.spot(uint32(slot))
		w.names(func(code uint32, how tag) {
			s.tag = s.tag&^(1<<tagBits-1) | how
			lists[code].add(place, s)
		})
	}
	b.view.people.trim()
	for code := range lists {
		if len(lists[code].places) > 0 {
			*own(&b.view.offers, b.ed, uint32(code)) = lists[code].posting(b.ed)
		}
	}
	b.x.spots.people, b.view.count[0] = f.at, len(order)
}

// order sorts those that stay by place.
func (f *first) order() []uint64 {
	out := make([]uint64, 0, len(f.at))
	for i := range f.whos {
		if !f.gone[i] {
			place := uint64(nowhere)
			if f.whos[i].traits&placed != 0 {
				place = uint64(placeOf(f.whos[i].point))
			}
			out = append(out, place<<32|uint64(i))
		}
	}
	slices.Sort(out)
	return out
}

// count is how many people name each occupation.
func (f *first) count(b *Batch) []int {
	counts := make([]int, b.x.rules.book.trades.len())
	for i := range f.whos {
		if f.gone[i] {
			continue
		}
		w := f.whos[i]
		w.occs = f.part(i)
		w.names(func(code uint32, _ tag) { counts[code]++ })
	}
	return counts
}

func (f *first) part(i int) []uint32 {
	from := 0
	if i > 0 {
		from = f.ends[i-1]
	}
	return f.occs[from:f.ends[i]]
}

// maker gathers a list in order.
type maker struct {
	places []uint32
	spots  []spot
}

func (m *maker) add(place uint32, s spot) {
	m.places, m.spots = append(m.places, place), append(m.spots, s)
}

// posting cuts the list in blocks. They share its two arrays: an edit replaces a
// block, and what it leaves is freed when the last of them is.
func (m *maker) posting(ed *edit) posting {
	p := posting{owner: ed}
	for from := 0; from < len(m.places); from += blockSize {
		to := min(from+blockSize, len(m.places))
		b := &block{places: m.places[from:to:to], spots: m.spots[from:to:to]}
		p.blocks, p.lasts = append(p.blocks, b), append(p.lasts, b.places[len(b.places)-1])
	}
	p.blocks, p.lasts = slices.Clip(p.blocks), slices.Clip(p.lasts)
	return p
}
