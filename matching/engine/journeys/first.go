package journeys

// first are the people of an index that held nobody: they are put in the order
// of their places before they get a slot, so that those who live together are
// read together, and the lists are made in one go.
type first struct {
	chunks [][]arrival
	n      int
	occs   []uint32 // what the latest arrivals name
	last   PersonID
	at     map[PersonID]uint32 // nil while identifiers only grow: nobody comes twice
}

// arrival is a person who waits for a slot.
type arrival struct {
	who
	gone bool // replaced or removed
}

// chunk is how many arrivals are kept together: nothing is moved as they grow.
const chunk = 4096

func (f *first) arrival(i uint32) *arrival { return &f.chunks[i/chunk][i%chunk] }

func (f *first) put(w *who) {
	if f.at != nil || f.n > 0 && w.id <= f.last {
		i, held := f.index()[w.id]
		if held {
			if f.arrival(i).revision > w.revision {
				return
			}
			f.arrival(i).gone = true
		}
		f.at[w.id] = uint32(f.n)
	}
	f.last = w.id
	if f.n%chunk == 0 {
		f.chunks = append(f.chunks, make([]arrival, chunk))
	}
	kept := f.arrival(uint32(f.n))
	kept.who = *w
	kept.occs = f.store(w.occs)
	f.n++
}

// index finds the arrivals by identifier, from now on.
func (f *first) index() map[PersonID]uint32 {
	if f.at == nil {
		f.at = make(map[PersonID]uint32, f.n)
		for i := range uint32(f.n) {
			f.at[f.arrival(i).id] = i
		}
	}
	return f.at
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
	if i, held := f.index()[id]; held {
		f.arrival(i).gone = true
		delete(f.at, id)
	}
}
