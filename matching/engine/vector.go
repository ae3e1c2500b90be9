package engine

// pageSize is how many items are copied when one of them changes.
const pageSize = 256

// vector is an immutable array that can be edited into another one: pages that
// the edit doesn't touch are shared, so that a reader of the old one and a
// reader of the new one never meet.
type vector[T any] struct {
	pages []*page[T]
	n     int
}

type page[T any] struct {
	owner *edit
	items [pageSize]T
}

// edit names one batch of changes; it must not be an empty struct, whose
// addresses may be equal.
type edit struct{ _ byte }

// at gives a place to read; it must not be written to.
func (v *vector[T]) at(i int) *T { return &v.pages[i/pageSize].items[i%pageSize] }

// editable begins an edit: the table of pages is copied, the pages are not.
func (v vector[T]) editable() vector[T] {
	return vector[T]{pages: append(make([]*page[T], 0, len(v.pages)+1), v.pages...), n: v.n}
}

// own gives a place to write, growing the vector when i is its length. The page
// is copied the first time the edit touches it.
func (v *vector[T]) own(ed *edit, i int) *T {
	if i == v.n {
		v.n++
	}
	if i/pageSize == len(v.pages) {
		v.pages = append(v.pages, &page[T]{owner: ed})
	}
	p := v.pages[i/pageSize]
	if p.owner != ed {
		c := *p
		c.owner = ed
		p, v.pages[i/pageSize] = &c, &c
	}
	return &p.items[i%pageSize]
}
