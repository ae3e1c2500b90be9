package journeys

import (
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"
)

// Index holds the people and the positions so that either side finds the other
// without comparing every pair. Changes are applied one batch at a time; readers
// take a [View] and never wait.
type Index struct {
	rules *Rules
	mu    sync.Mutex // of writers, with what follows
	spots slots
	now   atomic.Pointer[View]
	tools sync.Pool // *scratch
}

// View is the index at one moment. It doesn't change.
type View struct {
	x         *Index
	people    folk
	offers    []*posting // of people, by occupation
	positions []*Position
	asks      []*posting // of positions, by occupation
	school    *school
	count     [2]int
}

// slots remember where each thing is and which places are free.
type slots struct {
	people        map[PersonID]uint32
	positions     map[PositionID]uint32
	freePeople    []uint32
	freePositions []uint32
}

// New makes an empty index.
func New(cfg Config) *Index {
	x := &Index{rules: NewRules(cfg)}
	x.spots = slots{people: map[PersonID]uint32{}, positions: map[PositionID]uint32{}}
	x.now.Store(&View{x: x, school: &school{}})
	return x
}

// Rules gives what the index judges with, to scan.
func (x *Index) Rules() *Rules { return x.rules }

// View gives the present state.
func (x *Index) View() *View { return x.now.Load() }

// People counts the people held, available or not.
func (v *View) People() int { return v.count[0] }

// Positions counts the positions held.
func (v *View) Positions() int { return v.count[1] }

// pageSize is how many people are copied when one of them changes.
const pageSize = 128

// folk are the people in columns, by slot: pages that an edit doesn't touch are
// shared with the views before.
type folk struct {
	pages []*page
	n     int
}

type page struct {
	owner     *edit
	ids       [pageSize]PersonID
	revisions [pageSize]int64
	points    [pageSize]orb.Point
	kms       [pageSize]float64
	more      [pageSize]*dossier
	ends      [pageSize]uint32 // of each one's part of occs
	traits    [pageSize]traits
	occs      []uint32
}

// isFree is available, among the traits: only the columns need it.
const isFree traits = 1 << 4

// at reads a person back; the occupations are those of the page.
func (f *folk) at(slot uint32) who {
	p, i := f.pages[slot/pageSize], slot%pageSize
	w := who{id: p.ids[i], revision: p.revisions[i], point: p.points[i], km: p.kms[i], more: p.more[i],
		occs: p.part(int(i)), traits: p.traits[i] & (placed | ranged | wishing), available: p.traits[i]&isFree != 0}
	if w.traits&placed != 0 {
		w.at = vecOf(w.point)
	}
	return w
}

// part is the occupations of one of a page.
func (p *page) part(i int) []uint32 {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.occs[from:p.ends[i]:p.ends[i]]
}

// own gives a page that the edit may change, growing the columns when the slot
// is the one after the last.
func (f *folk) own(ed *edit, slot uint32) *page {
	at := int(slot / pageSize)
	if int(slot) >= f.n {
		f.n = int(slot) + 1
	}
	if at == len(f.pages) {
		f.pages = append(f.pages, &page{owner: ed})
	}
	p := f.pages[at]
	if p.owner != ed {
		c := *p
		c.owner = ed
		c.occs = append(make([]uint32, 0, len(p.occs)+4), p.occs...)
		p, f.pages[at] = &c, &c
	}
	return p
}

// columns are the traits with what only the columns need.
func (w *who) columns() traits {
	if w.available {
		return w.traits | isFree
	}
	return w.traits
}

// put writes a person in a slot.
func (p *page) put(i int, w *who) {
	p.ids[i], p.revisions[i], p.points[i], p.kms[i], p.more[i], p.traits[i] = w.id, w.revision, w.point, w.km, w.more, w.columns()
	p.splice(i, w.occs)
}

// clear empties a slot.
func (p *page) clear(i int) { p.put(i, &who{}) }

// splice replaces the occupations of one of a page.
func (p *page) splice(i int, occs []uint32) {
	old := p.part(i)
	from, shift := int(p.ends[i])-len(old), len(occs)-len(old)
	rest := append([]uint32(nil), p.occs[p.ends[i]:]...)
	p.occs = append(append(p.occs[:from], occs...), rest...)
	for k := i; k < pageSize; k++ {
		p.ends[k] = uint32(int(p.ends[k]) + shift)
	}
}
