package journeys

import (
	"runtime"
	"slices"
	"sync"
)

// build gives the slots and makes the pages and the lists, in as many parts as
// there are processors: each writes its own pages, and its own run of each list.
func (f *first) build(b *Batch) {
	order := f.order()
	var wg sync.WaitGroup
	wg.Go(func() { f.settle(b, order) })
	parts := f.parts(order, runtime.GOMAXPROCS(0))
	each(parts, func(p *part) { p.counts = f.count(p, b.x.rules.book.trades.len()) })
	lists := makers(parts)
	b.view.people.grow(b.ed, len(order))
	each(parts, func(p *part) { f.fill(p, &b.view.people, lists) })
	for code := range lists {
		if len(lists[code].places) > 0 {
			*own(&b.view.offers, b.ed, uint32(code)) = lists[code].posting(b.ed)
		}
	}
	wg.Wait()
	b.view.count[0] = len(order)
}

// settle remembers the slots.
func (f *first) settle(b *Batch, order []uint64) {
	at := f.at
	if at == nil {
		at = make(map[PersonID]uint32, len(order))
	}
	for slot, o := range order {
		at[f.arrival(uint32(o)).id] = uint32(slot)
	}
	b.x.spots.people = at
}

// order sorts those that stay by place, then as they came.
func (f *first) order() []uint64 {
	out := make([]uint64, 0, f.n)
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
	return byPlace(out)
}

// byPlace sorts by the 32 high bits, sixteen at a time from the lowest, and leaves
// equal ones as they are.
func byPlace(items []uint64) []uint64 {
	other := make([]uint64, len(items))
	for shift := 32; shift < 64; shift += 16 {
		var starts [1<<16 + 1]int
		for _, x := range items {
			starts[x>>shift&0xffff+1]++
		}
		for i := range 1 << 16 {
			starts[i+1] += starts[i]
		}
		for _, x := range items {
			digit := x >> shift & 0xffff
			other[starts[digit]] = x
			starts[digit]++
		}
		items, other = other, items
	}
	return items
}

// part is a run of slots that fills whole pages, save the last.
type part struct {
	order  []uint64
	slot   uint32 // of the first
	counts []int  // by occupation: how many name it; then where the part writes next
}

func (f *first) parts(order []uint64, n int) []part {
	pages := (len(order) + pageSize - 1) / pageSize
	size := max(1, (pages+n-1)/n) * pageSize
	var out []part
	for from := 0; from < len(order); from += size {
		out = append(out, part{order: order[from:min(from+size, len(order))], slot: uint32(from)})
	}
	return out
}

// each does something of every part at once.
func each(parts []part, do func(*part)) {
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { do(&parts[i]) })
	}
	wg.Wait()
}

func (f *first) count(p *part, trades int) []int {
	counts := make([]int, trades)
	for _, o := range p.order {
		f.arrival(uint32(o)).names(func(code uint32, _ tag) { counts[code]++ })
	}
	return counts
}

// fill writes the people of a part, each in its page and in its lists.
func (f *first) fill(p *part, people *folk, lists []maker) {
	for i, o := range p.order {
		w, slot := &f.arrival(uint32(o)).who, p.slot+uint32(i)
		people.pages[slot/pageSize].put(int(slot%pageSize), w)
		place, s := w.spot(slot)
		w.names(func(code uint32, how tag) {
			s.tag = s.tag&^(1<<tagBits-1) | how
			lists[code].places[p.counts[code]], lists[code].spots[p.counts[code]] = place, s
			p.counts[code]++
		})
	}
	for at := p.slot / pageSize; at <= (p.slot+uint32(len(p.order))-1)/pageSize; at++ {
		people.pages[at].trim()
	}
}

// maker gathers a list in order.
type maker struct {
	places []uint32
	spots  []spot
}

// makers makes room for each list, and turns what the parts counted into where
// they begin to write.
func makers(parts []part) []maker {
	if len(parts) == 0 {
		return nil
	}
	lists := make([]maker, len(parts[0].counts))
	for code := range lists {
		n := 0
		for i := range parts {
			parts[i].counts[code], n = n, n+parts[i].counts[code]
		}
		lists[code] = maker{places: make([]uint32, n), spots: make([]spot, n)}
	}
	return lists
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
