package journeys

import (
	"slices"
	"sync"
)

// first are the people of an index that held nobody: they are put in the order
// of their places before they get a slot, so that those who live together are
// read together, and the lists are made in one go.
type first struct {
	chunks [][]arrival
	n      int
	occs   []uint32 // what the latest arrivals name
	at     map[PersonID]uint32
}

// arrival is a person who waits for a slot.
type arrival struct {
	who
	gone bool // replaced or removed
}

// chunk is how many arrivals are kept together: nothing is moved as they grow.
const chunk = 4096

func newFirst() *first { return &first{at: map[PersonID]uint32{}} }

func (f *first) arrival(i uint32) *arrival { return &f.chunks[i/chunk][i%chunk] }

func (f *first) put(w *who) {
	i, held := f.at[w.id]
	if held {
		if f.arrival(i).revision > w.revision {
			return
		}
		f.arrival(i).gone = true
	}
	f.at[w.id] = uint32(f.n)
	if f.n%chunk == 0 {
		f.chunks = append(f.chunks, make([]arrival, chunk))
	}
	kept := f.arrival(uint32(f.n))
	kept.who = *w
	kept.occs = f.store(w.occs)
	f.n++
}

// store copies occupations where many share one array.
func (f *first) store(occs []uint32) []uint32 {
	if len(f.occs)+len(occs) > cap(f.occs) {
		f.occs = make([]uint32, 0, max(1<<16, len(occs)))
	}
	from := len(f.occs)
	f.occs = append(f.occs, occs...)
	return f.occs[from:len(f.occs):len(f.occs)]
}

func (f *first) remove(id PersonID) {
	if i, held := f.at[id]; held {
		f.arrival(i).gone = true
		delete(f.at, id)
	}
}

// build gives the slots and makes the pages and the lists.
func (f *first) build(b *Batch) {
	order := f.order()
	var wg sync.WaitGroup
	wg.Go(func() { f.settle(order) })
	lists := f.makers(b)
	for slot, o := range order {
		w := &f.arrival(uint32(o)).who
		b.view.people.own(b.ed, uint32(slot)).put(slot%pageSize, w)
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
	wg.Wait()
	b.x.spots.people, b.view.count[0] = f.at, len(order)
}

// settle remembers the slots.
func (f *first) settle(order []uint64) {
	for slot, o := range order {
		f.at[f.arrival(uint32(o)).id] = uint32(slot)
	}
}

// order sorts those that stay by place.
func (f *first) order() []uint64 {
	out := make([]uint64, 0, len(f.at))
	for i := range uint32(f.n) {
		a := f.arrival(i)
		if a.gone {
			continue
		}
		place := uint64(nowhere)
		if a.traits&placed != 0 {
			place = uint64(placeOf(a.point))
		}
		out = append(out, place<<32|uint64(i))
	}
	slices.Sort(out)
	return out
}

// makers makes room for each list.
func (f *first) makers(b *Batch) []maker {
	counts := make([]int, b.x.rules.book.trades.len())
	for i := range uint32(f.n) {
		if a := f.arrival(i); !a.gone {
			a.names(func(code uint32, _ tag) { counts[code]++ })
		}
	}
	lists := make([]maker, len(counts))
	for code, n := range counts {
		lists[code] = maker{places: make([]uint32, 0, n), spots: make([]spot, 0, n)}
	}
	return lists
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
