package journeys

import "slices"

// Batch is a set of changes that readers see together.
type Batch struct {
	x     *Index
	view  View
	ed    *edit
	first *first // of an index that holds nobody yet
	room  []uint32
}

// Apply makes the changes that fill asks for, then shows them all at once. A
// version older than the one held (a lower Revision) is ignored, so that changes
// may arrive in any order; of two with the same Revision the last one stands.
func (x *Index) Apply(fill func(*Batch)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v := *x.now.Load()
	v.people.pages = append(make([]*page, 0, len(v.people.pages)+1), v.people.pages...)
	v.positions = append(make([]*Position, 0, len(v.positions)+1), v.positions...)
	v.offers, v.asks = slices.Clone(v.offers), slices.Clone(v.asks)
	b := &Batch{x: x, view: v, ed: &edit{}}
	if v.people.n == 0 {
		b.first = &first{}
	}
	fill(b)
	b.settle()
	x.now.Store(&b.view)
}

// settle lists the first people all at once.
func (b *Batch) settle() {
	if b.first == nil {
		return
	}
	b.first.build(b)
	b.first = nil
}

// PutPerson adds a person or replaces the version held. The engine keeps nothing
// of what p points to.
func (b *Batch) PutPerson(p *Person) {
	w := b.x.rules.read(p, b.room[:0])
	b.room = w.occs
	if b.first != nil {
		b.first.put(&w)
		return
	}
	slot, held := b.x.spots.people[p.ID]
	if held {
		old := b.view.people.at(slot)
		if old.revision > p.Revision {
			return
		}
		b.unlist(slot, &old)
	} else {
		slot = take(&b.x.spots.freePeople, b.view.people.n)
		b.x.spots.people[p.ID] = slot
		b.view.count[0]++
	}
	b.view.people.own(b.ed, slot).put(int(slot%pageSize), &w)
	b.list(slot, &w)
}

// RemovePerson forgets a person.
func (b *Batch) RemovePerson(id PersonID) {
	if b.first != nil {
		b.first.remove(id)
		return
	}
	slot, held := b.x.spots.people[id]
	if !held {
		return
	}
	old := b.view.people.at(slot)
	b.unlist(slot, &old)
	b.view.people.own(b.ed, slot).clear(int(slot % pageSize))
	delete(b.x.spots.people, id)
	b.x.spots.freePeople = append(b.x.spots.freePeople, slot)
	b.view.count[0]--
}

// PutPosition adds a position or replaces the version held. The index keeps p,
// which must not change afterwards.
func (b *Batch) PutPosition(p *Position) {
	slot, held := b.x.spots.positions[p.ID]
	if held {
		old := b.view.positions[slot]
		if old.Revision > p.Revision {
			return
		}
		b.unlistPosition(slot, old)
	} else {
		slot = take(&b.x.spots.freePositions, len(b.view.positions))
		b.x.spots.positions[p.ID] = slot
		b.view.count[1]++
	}
	if int(slot) == len(b.view.positions) {
		b.view.positions = append(b.view.positions, nil)
	}
	b.view.positions[slot] = p
	b.listPosition(slot, p)
}

// RemovePosition forgets a position.
func (b *Batch) RemovePosition(id PositionID) {
	slot, held := b.x.spots.positions[id]
	if !held {
		return
	}
	b.unlistPosition(slot, b.view.positions[slot])
	b.view.positions[slot] = nil
	delete(b.x.spots.positions, id)
	b.x.spots.freePositions = append(b.x.spots.freePositions, slot)
	b.view.count[1]--
}

// take gives a free slot, or the one after the last.
func take(free *[]uint32, n int) uint32 {
	if len(*free) == 0 {
		return uint32(n)
	}
	last := len(*free) - 1
	slot := (*free)[last]
	*free = (*free)[:last]
	return slot
}

// list puts a person in the lists of their occupations. One who is not available
// matches nothing, nearly or not: no list has them.
func (b *Batch) list(slot uint32, w *who) {
	place, s := w.spot(slot)
	w.names(func(code uint32, how tag) {
		s.tag = s.tag&^(1<<tagBits-1) | how
		own(&b.view.offers, b.ed, code).add(place, s)
	})
}

func (b *Batch) unlist(slot uint32, w *who) {
	place, _ := w.spot(slot)
	w.names(func(code uint32, _ tag) { own(&b.view.offers, b.ed, code).drop(place, slot) })
}

func (b *Batch) listPosition(slot uint32, p *Position) {
	place, s, codes := b.x.rules.spotOf(slot, p)
	for _, code := range codes {
		own(&b.view.asks, b.ed, code).add(place, s)
	}
	if p.Kind == Training {
		b.view.school = b.view.school.with(b.x.rules.session(p))
	}
}

func (b *Batch) unlistPosition(slot uint32, p *Position) {
	place, _, codes := b.x.rules.spotOf(slot, p)
	for _, code := range codes {
		own(&b.view.asks, b.ed, code).drop(place, slot)
	}
	if p.Kind == Training {
		b.view.school = b.view.school.without(p)
	}
}

// own gives the list of an occupation, ready to change.
func own(lists *[]*posting, ed *edit, code uint32) *posting {
	for len(*lists) <= int(code) {
		*lists = append(*lists, nil)
	}
	p := (*lists)[code].own(ed)
	(*lists)[code] = p
	return p
}

// spot is where a person is listed.
func (w *who) spot(slot uint32) (place uint32, s spot) {
	s = spot{at: w.at, km: float32(w.km), tag: tag(slot << tagBits)}
	if w.traits&placed == 0 {
		return nowhere, s
	}
	if w.full() {
		s.km = float32(w.farthest())
	}
	return placeOf(w.point), s
}

// full says that a person must be looked at whole.
func (w *who) full() bool {
	return w.more != nil || w.traits&(placed|ranged) != placed|ranged
}

// names gives each occupation of a person once, with how they name it.
func (w *who) names(visit func(code uint32, how tag)) {
	if !w.available {
		return
	}
	var full tag
	if w.full() {
		full = tagFull
	}
	if w.learns() {
		visit(everyTrade, tagFull)
	}
	for i, o := range w.occs {
		code := o &^ heldBit
		switch {
		case o&heldBit == 0:
			visit(code, full|tag(min(i, len(rankWorth)-1))*tagRank)
		case slices.Contains(w.occs[:i], code) || slices.Contains(w.occs[:i], o):
			// listed as a wish, or already
		case w.traits&wishing != 0:
			visit(code, full|tagUnwished)
		default:
			visit(code, full)
		}
	}
}

// spotOf is where a position is listed.
func (r *Rules) spotOf(slot uint32, p *Position) (place uint32, s spot, codes []uint32) {
	for _, n := range r.targets(p) {
		if !slices.Contains(codes, n) {
			codes = append(codes, n)
		}
	}
	place, s = nowhere, spot{km: float32(p.reach()), tag: tag(slot << tagBits)}
	if point, ok := r.pointOf(p.Point, p.HasPoint, p.Place); ok {
		place, s.at = placeOf(point), vecOf(point)
	}
	return place, s, codes
}
