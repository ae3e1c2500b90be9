package engine

import (
	"slices"

	"maillage/territories"
)

// entry is one activity, or one lot, in the list of a code: enough to set most
// of them aside without looking at the thing itself.
type entry struct {
	blocks blocks                 // of its zone or place
	area   *territories.Perimeter // nil: not known; see the trait everywhere
	fte    float64                // see steadyFTE
	id     EnterpriseID           // 0 for a lot
	slot   uint32                 // of the enterprise or of the lot
	zone   uint32                 // identifier of area, to be found without reading it
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

// drop removes every entry of a slot. The others keep their order, so that those
// of an enterprise, listed together, stay so: see hunter.keep.
func (p *posting) drop(slot uint32) {
	p.entries = slices.DeleteFunc(p.entries, func(e entry) bool { return e.slot == slot })
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
