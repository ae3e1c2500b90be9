package engine

import "maillage/territories"

// entry is one activity, or one lot, in the list of a code: enough to set most
// of them aside without looking at the thing itself.
type entry struct {
	blocks uint64                 // of its zone or place; see blocksOf
	area   *territories.Perimeter // nil: not known; see the trait everywhere
	fte    float64                // see steadyFTE
	slot   uint32                 // of the enterprise or of the lot
	part   uint16                 // index of the activity; 0 for a lot
	modes  Modes
	traits traits
}

// posting is the list of a code. It is shared with readers: an edit clones it
// before the first change.
type posting struct {
	owner   *edit
	entries []entry
}

// blocksOf tells in which of 64 blocks of consecutive communes a perimeter has
// something; two perimeters that share no block share no commune. Communes are
// in the order of their codes: a block is a département or two. What isn't known
// or is empty has every block: the criterion decides.
func (g ground) blocksOf(p *territories.Perimeter) uint64 {
	if p == nil || p.Set.Len() == 0 || p.Set.Len() == g.atlas.Len() {
		return ^uint64(0)
	}
	per := (g.atlas.Len() + 63) / 64
	var m uint64
	p.Set.Each(func(ord int) bool {
		m |= 1 << (ord / per)
		return true
	})
	return m
}

// placeOf gives the blocks of a lot's place.
func (g ground) placeOf(l *Lot) (blocks uint64, area *territories.Perimeter) {
	if l.Scope != PlaceCommunes || l.Place == nil {
		return ^uint64(0), nil
	}
	return g.blocksOf(l.Place), l.Place
}

// side holds one side of the market by the codes it names.
type side struct {
	codes    vector[*posting] // by code identifier
	special  *posting         // lenders among enterprises, lots that borrow among lots
	nameless *posting         // enterprises without a trade
}

func (s side) editable() side {
	s.codes = s.codes.editable()
	return s
}

func (s *side) list(code uint32) []entry {
	if int(code) >= s.codes.n {
		return nil
	}
	if p := *s.codes.at(int(code)); p != nil {
		return p.entries
	}
	return nil
}

func (p *posting) list() []entry {
	if p == nil {
		return nil
	}
	return p.entries
}

// own gives a posting that the edit may change.
func (p *posting) own(ed *edit) *posting {
	if p == nil {
		return &posting{owner: ed}
	}
	if p.owner == ed {
		return p
	}
	return &posting{owner: ed, entries: append(make([]entry, 0, len(p.entries)+1), p.entries...)}
}

func (p *posting) add(e entry) { p.entries = append(p.entries, e) }

// drop removes every entry of a slot; the order of entries means nothing.
func (p *posting) drop(slot uint32) {
	for i := 0; i < len(p.entries); {
		if p.entries[i].slot != slot {
			i++
			continue
		}
		last := len(p.entries) - 1
		p.entries[i] = p.entries[last]
		p.entries[last] = entry{}
		p.entries = p.entries[:last]
	}
}

// of gives the posting of a code, ready to change.
func (s *side) of(ed *edit, code uint32) *posting {
	for s.codes.n <= int(code) {
		*s.codes.own(ed, s.codes.n) = nil
	}
	at := s.codes.own(ed, int(code))
	*at = (*at).own(ed)
	return *at
}
