package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"maillage/territories"
)

// Index holds the enterprises and the lots so that either side finds the other
// without comparing every pair. Changes are applied one batch at a time; readers
// take a [View] and never wait.
type Index struct {
	rules *Rules
	book  *codebook
	slots slots // of writers, and of lookups by identifier
	mu    sync.Mutex
	now   atomic.Pointer[View]
	tools sync.Pool // *scratch
}

// View is the index at one moment. It doesn't change.
type View struct {
	x           *Index
	enterprises vector[*Enterprise]
	proposed    vector[int64]  // beside enterprises: see proposedAt
	ever        vector[uint64] // a bit for each enterprise that was ever proposed a lot
	lots        vector[*placedLot]
	offers      side // activities
	asks        side // lots
	count       [2]int
}

// placedLot is a lot with what doesn't depend on the date.
type placedLot struct {
	lot    *Lot
	blocks blocks
	only   int // the only commune of its place; -1: there isn't one only
	centre int // see ground.centre; -1: there is none
}

// slots remember where each thing is and which places are free.
type slots struct {
	enterprises, lots         sync.Map // identifier → uint32
	freeEnterprises, freeLots []uint32
}

// New makes an empty index.
func New(cfg Config) *Index {
	x := &Index{rules: NewRules(cfg), book: &codebook{}}
	x.now.Store(&View{x: x})
	return x
}

// Rules gives what the index judges with, to judge one pair or to scan.
func (x *Index) Rules() *Rules { return x.rules }

// View gives the present state.
func (x *Index) View() *View { return x.now.Load() }

// Batch is a set of changes that readers see together.
type Batch struct {
	x      *Index
	view   View
	ed     *edit
	blocks map[*territories.Perimeter]blocks // of the zones met in this batch
}

// Apply makes the changes that fill asks for, then shows them all at once. A
// version older than the one held (a lower Revision) is ignored, so that
// changes may arrive in any order.
func (x *Index) Apply(fill func(*Batch)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v := *x.now.Load()
	v.enterprises, v.lots = v.enterprises.editable(), v.lots.editable()
	v.proposed, v.ever = v.proposed.editable(), v.ever.editable()
	v.offers, v.asks = v.offers.editable(), v.asks.editable()
	b := &Batch{x: x, view: v, ed: &edit{}, blocks: map[*territories.Perimeter]blocks{}}
	fill(b)
	x.now.Store(&b.view)
}

// PutEnterprise adds an enterprise or replaces the version held.
func (b *Batch) PutEnterprise(e *Enterprise) {
	slot, held := b.x.slot(&b.x.slots.enterprises, int64(e.ID))
	if held {
		old := *b.view.enterprises.at(int(slot))
		if old.Revision > e.Revision {
			return
		}
		b.unlistEnterprise(slot, old)
	} else {
		slot = take(&b.x.slots.freeEnterprises, b.view.enterprises.n)
		b.view.count[0]++
	}
	*b.view.enterprises.own(b.ed, int(slot)) = e
	b.rank(slot, e.LastProposed)
	b.listEnterprise(slot, e)
	b.x.slots.enterprises.Store(int64(e.ID), slot)
}

// Proposed notes when a lot was last proposed to an enterprise: only the order
// of equal scores depends on it.
func (b *Batch) Proposed(id EnterpriseID, at time.Time) {
	slot, held := b.x.slot(&b.x.slots.enterprises, int64(id))
	if !held {
		return
	}
	place := b.view.enterprises.own(b.ed, int(slot))
	if at.After((*place).LastProposed) {
		e := **place
		e.LastProposed = at
		*place = &e
		b.rank(slot, at)
	}
}

// rank notes what ranks an enterprise among equal scores, where it can be read
// without reading the whole of it. Most were never proposed anything: a bit says
// it, so that nothing else need be read of them.
func (b *Batch) rank(slot uint32, proposed time.Time) {
	last := proposedAt(proposed)
	*b.view.proposed.own(b.ed, int(slot)) = last
	word, bit := b.view.ever.own(b.ed, int(slot/64)), uint64(1)<<(slot%64)
	if *word &^= bit; last != 0 {
		*word |= bit
	}
}

// last is when an enterprise was last proposed a lot; see proposedAt.
func (v *View) last(slot uint32) int64 {
	if *v.ever.at(int(slot / 64))>>(slot%64)&1 == 0 {
		return 0
	}
	return *v.proposed.at(int(slot))
}

// RemoveEnterprise forgets an enterprise.
func (b *Batch) RemoveEnterprise(id EnterpriseID) {
	slot, held := b.x.slot(&b.x.slots.enterprises, int64(id))
	if !held {
		return
	}
	b.unlistEnterprise(slot, *b.view.enterprises.at(int(slot)))
	*b.view.enterprises.own(b.ed, int(slot)) = nil
	b.x.slots.enterprises.Delete(int64(id))
	b.x.slots.freeEnterprises = append(b.x.slots.freeEnterprises, slot)
	b.view.count[0]--
}

// PutLot adds a lot or replaces the version held.
func (b *Batch) PutLot(l *Lot) {
	slot, held := b.x.slot(&b.x.slots.lots, int64(l.ID))
	if held {
		old := *b.view.lots.at(int(slot))
		if old.lot.Revision > l.Revision {
			return
		}
		b.unlistLot(slot, old.lot)
	} else {
		slot = take(&b.x.slots.freeLots, b.view.lots.n)
		b.view.count[1]++
	}
	p := b.x.rules.place(l)
	*b.view.lots.own(b.ed, int(slot)) = &p
	b.listLot(slot, l, p.blocks)
	b.x.slots.lots.Store(int64(l.ID), slot)
}

// RemoveLot forgets a lot.
func (b *Batch) RemoveLot(id LotID) {
	slot, held := b.x.slot(&b.x.slots.lots, int64(id))
	if !held {
		return
	}
	b.unlistLot(slot, (*b.view.lots.at(int(slot))).lot)
	*b.view.lots.own(b.ed, int(slot)) = nil
	b.x.slots.lots.Delete(int64(id))
	b.x.slots.freeLots = append(b.x.slots.freeLots, slot)
	b.view.count[1]--
}

func (x *Index) slot(m *sync.Map, id int64) (uint32, bool) {
	v, ok := m.Load(id)
	if !ok {
		return 0, false
	}
	return v.(uint32), true
}

// take gives a free place, or the one after the last.
func take(free *[]uint32, n int) uint32 {
	if len(*free) == 0 {
		return uint32(n)
	}
	last := len(*free) - 1
	slot := (*free)[last]
	*free = (*free)[:last]
	return slot
}

func (b *Batch) listEnterprise(slot uint32, e *Enterprise) {
	nameless := unspecified(e)
	for i := range e.Activities {
		a := &e.Activities[i]
		fte, _ := steadyFTE(e, a)
		at := entry{blocks: b.blocksOf(a.Zone), area: a.Zone, id: e.ID, slot: slot, part: uint16(i), modes: a.Modes,
			fte: fte, traits: traitsOf(e, a)}
		if a.Zone != nil {
			at.zone = a.Zone.ID
		}
		if b.x.rules.whole(a.Zone) {
			at.traits |= everywhere
		}
		for _, c := range a.Codes {
			b.view.offers.of(b.ed, b.x.book.number(c)).add(at)
		}
		if lends(e, a) && len(a.Codes) > 0 {
			b.view.offers.special = b.view.offers.special.own(b.ed)
			b.view.offers.special.add(at)
		}
		if nameless && a.Zone != nil {
			b.view.offers.nameless = b.view.offers.nameless.own(b.ed)
			b.view.offers.nameless.add(at)
		}
	}
}

func (b *Batch) blocksOf(p *territories.Perimeter) blocks {
	m, ok := b.blocks[p]
	if !ok {
		m = b.x.rules.blocksOf(p)
		b.blocks[p] = m
	}
	return m
}

func (b *Batch) unlistEnterprise(slot uint32, e *Enterprise) {
	for i := range e.Activities {
		for _, c := range e.Activities[i].Codes {
			b.view.offers.of(b.ed, b.x.book.number(c)).drop(slot)
		}
	}
	if e.Kind.Lends() {
		b.view.offers.special = b.view.offers.special.own(b.ed)
		b.view.offers.special.drop(slot)
	}
	if unspecified(e) {
		b.view.offers.nameless = b.view.offers.nameless.own(b.ed)
		b.view.offers.nameless.drop(slot)
	}
}

func (b *Batch) listLot(slot uint32, l *Lot, in blocks) {
	at := entry{blocks: in, slot: slot, modes: l.Modes}
	for _, c := range l.Codes {
		b.view.asks.of(b.ed, b.x.book.number(c)).add(at)
	}
	if l.borrows() {
		b.view.asks.special = b.view.asks.special.own(b.ed)
		b.view.asks.special.add(at)
	}
}

func (b *Batch) unlistLot(slot uint32, l *Lot) {
	for _, c := range l.Codes {
		b.view.asks.of(b.ed, b.x.book.number(c)).drop(slot)
	}
	if l.borrows() {
		b.view.asks.special = b.view.asks.special.own(b.ed)
		b.view.asks.special.drop(slot)
	}
}

// Rules gives what the view judges with.
func (v *View) Rules() *Rules { return v.x.rules }

// Enterprises is how many enterprises the view holds.
func (v *View) Enterprises() int { return v.count[0] }

// Lots is how many lots the view holds.
func (v *View) Lots() int { return v.count[1] }

// Enterprise finds an enterprise.
func (v *View) Enterprise(id EnterpriseID) (*Enterprise, bool) {
	slot, ok := v.x.slot(&v.x.slots.enterprises, int64(id))
	if !ok || int(slot) >= v.enterprises.n {
		return nil, false
	}
	e := *v.enterprises.at(int(slot))
	return e, e != nil && e.ID == id
}

// Lot finds a lot.
func (v *View) Lot(id LotID) (*Lot, bool) {
	slot, ok := v.x.slot(&v.x.slots.lots, int64(id))
	if !ok || int(slot) >= v.lots.n {
		return nil, false
	}
	p := *v.lots.at(int(slot))
	if p == nil || p.lot.ID != id {
		return nil, false
	}
	return p.lot, true
}

// placed gives a lot with its place: read before when the index holds it.
func (v *View) placed(l *Lot) placedLot {
	if slot, ok := v.x.slot(&v.x.slots.lots, int64(l.ID)); ok && int(slot) < v.lots.n {
		if p := *v.lots.at(int(slot)); p != nil && p.lot == l {
			return *p
		}
	}
	return v.x.rules.place(l)
}
