package journeys

import (
	"slices"

	"github.com/paulmach/orb"
)

// pageSize is how many people are copied when one of them changes: with what
// goes beside them, their cards fill 8 KiB.
const pageSize = 127

// folk are the people by slot: pages that an edit doesn't touch are shared with
// the views before.
type folk struct {
	pages []*page
	n     int
}

// page holds people who live together, when they came together.
type page struct {
	cards [pageSize]card // first, so that none straddles two lines
	occs  []uint32       // of all of them
	owner *edit
}

// card is a person in 64 bytes, a line of the processor's cache: it is what most
// queries read of most people, and it is rarely where they looked last.
type card struct {
	id       PersonID
	revision int64
	point    orb.Point
	km       float64
	more     *dossier
	from, to uint32 // in occs
	traits   traits
}

// isFree is available, among the traits: only the cards need it.
const isFree traits = 1 << 4

func (f *folk) card(slot uint32) *card { return &f.pages[slot/pageSize].cards[slot%pageSize] }

// at reads a person back; the occupations are those of the page.
func (f *folk) at(slot uint32) who {
	p := f.pages[slot/pageSize]
	c := &p.cards[slot%pageSize]
	w := who{id: c.id, revision: c.revision, point: c.point, km: c.km, more: c.more, occs: p.occs[c.from:c.to:c.to],
		traits: c.traits &^ isFree, available: c.traits&isFree != 0}
	if w.traits&placed != 0 {
		w.at = vecOf(w.point)
	}
	return w
}

// fetch touches people before they are read one by one, so that the processor
// waits for their memory once and not for each.
func (f *folk) fetch(ranks []rank) (sum uint32) {
	for i := range ranks {
		p := f.pages[ranks[i].at/pageSize]
		if c := &p.cards[ranks[i].at%pageSize]; c.from < c.to {
			sum += p.occs[c.from]
		}
	}
	return sum
}

// own gives a page that the edit may change, growing the pages when the slot is
// the one after the last. What those who left it named is left out of the copy.
func (f *folk) own(ed *edit, slot uint32) *page {
	at := int(slot / pageSize)
	if int(slot) >= f.n {
		f.n = int(slot) + 1
	}
	if at == len(f.pages) {
		f.pages = append(f.pages, &page{owner: ed})
	}
	if f.pages[at].owner != ed {
		f.pages[at] = f.pages[at].copy(ed)
	}
	return f.pages[at]
}

func (p *page) copy(ed *edit) *page {
	out := &page{owner: ed, cards: p.cards, occs: make([]uint32, 0, len(p.occs)+4)}
	for i := range out.cards {
		c := &out.cards[i]
		from := uint32(len(out.occs))
		out.occs = append(out.occs, p.occs[c.from:c.to]...)
		c.from, c.to = from, uint32(len(out.occs))
	}
	return out
}

// put writes a person in a place of the page.
func (p *page) put(i int, w *who) {
	c := card{id: w.id, revision: w.revision, point: w.point, km: w.km, more: w.more, traits: w.traits, from: uint32(len(p.occs))}
	if w.available {
		c.traits |= isFree
	}
	p.occs = append(p.occs, w.occs...)
	c.to = uint32(len(p.occs))
	p.cards[i] = c
}

// clear empties a place.
func (p *page) clear(i int) { p.cards[i] = card{} }

// trim gives back the room that the growth of the pages left over.
func (f *folk) trim() {
	for _, p := range f.pages {
		p.occs = slices.Clip(slices.Clone(p.occs))
	}
}
