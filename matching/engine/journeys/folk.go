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
	occs  []uint32       // of those who name more than few
	more  []*dossier     // of those who have one
	owner *edit
}

// few is how many occupations a card holds.
const few = 3

// card is a person in 64 bytes, a line of the processor's cache: it is what most
// queries read of most people, and it is rarely where they looked last. It holds
// no pointer, so that the collector has nothing to read there.
type card struct {
	id       PersonID
	revision int64
	point    orb.Point
	km       float64
	from     uint32 // in occs of the page, beyond few
	n        uint16 // occupations
	more     uint16 // in more of the page, plus one; 0: none
	first    [few]uint32
	traits   traits
}

// isFree is available, among the traits: only the cards need it.
const isFree traits = 1 << 4

func (f *folk) card(slot uint32) (*page, *card) {
	p := f.pages[slot/pageSize]
	return p, &p.cards[slot%pageSize]
}

// part is the occupations of one of a page.
func (p *page) part(c *card) []uint32 {
	if c.n <= few {
		return c.first[:c.n:c.n]
	}
	return p.occs[c.from : c.from+uint32(c.n) : c.from+uint32(c.n)]
}

// dossier is that of one of a page, or nil.
func (p *page) dossier(c *card) *dossier {
	if c.more == 0 {
		return nil
	}
	return p.more[c.more-1]
}

// at reads a person back; the occupations are those of the page.
func (f *folk) at(slot uint32) (w who) {
	f.read(slot, &w)
	return w
}

// read is at, in the room given.
func (f *folk) read(slot uint32, w *who) {
	p, c := f.card(slot)
	w.id, w.revision, w.point, w.km = c.id, c.revision, c.point, c.km
	w.more, w.occs = p.dossier(c), p.part(c)
	w.traits, w.available, w.at = c.traits&^isFree, c.traits&isFree != 0, vec{}
	if w.traits&placed != 0 {
		w.at = vecOf(w.point)
	}
}

// fetch touches people before they are read one by one, so that the processor
// waits for their memory once and not for each.
func (f *folk) fetch(ranks []rank) (sum PersonID) {
	for i := range ranks {
		p, c := f.card(ranks[i].at)
		if sum += c.id; c.n > few {
			sum += PersonID(p.occs[c.from])
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
	out := &page{owner: ed, cards: p.cards, occs: make([]uint32, 0, len(p.occs)), more: make([]*dossier, 0, len(p.more)+1)}
	for i := range out.cards {
		out.keep(&out.cards[i], p.part(&p.cards[i]), p.dossier(&p.cards[i]))
	}
	return out
}

// keep writes what a card cannot hold beside it.
func (p *page) keep(c *card, occs []uint32, d *dossier) {
	c.n, c.from, c.more = uint16(len(occs)), 0, 0
	if len(occs) > few {
		c.from = uint32(len(p.occs))
		p.occs = append(p.occs, occs...)
	} else {
		copy(c.first[:], occs)
	}
	if d != nil {
		p.more = append(p.more, d)
		c.more = uint16(len(p.more))
	}
}

// put writes a person in a place of the page.
func (p *page) put(i int, w *who) {
	c := card{id: w.id, revision: w.revision, point: w.point, km: w.km, traits: w.traits}
	if w.available {
		c.traits |= isFree
	}
	p.keep(&c, w.occs, w.more)
	p.cards[i] = c
}

// clear empties a place.
func (p *page) clear(i int) { p.cards[i] = card{} }

// grow makes room for n people where there was nobody.
func (f *folk) grow(ed *edit, n int) {
	f.n, f.pages = n, make([]*page, (n+pageSize-1)/pageSize)
	for i := range f.pages {
		f.pages[i] = &page{owner: ed}
	}
}

// trim gives back the room that the growth of a page left over.
func (p *page) trim() {
	p.occs, p.more = slices.Clip(slices.Clone(p.occs)), slices.Clip(slices.Clone(p.more))
}
