package consortium

// stand is where a group stands: what it covers, and what it doesn't.
type stand struct {
	value int64  // of the work and of the requirements
	free  bitset // cells served whole by members that nothing bounds
	tight *tight // how the others serve the rest; nil: there are none
	rest  []int64
}

// tight is a flow from the members that something bounds to the cells that the
// free ones leave. The cells of a part are covered by the same acts of theirs.
type tight struct {
	n       *network
	members []int // in the model
	acts    []tightAct
	parts   []bitset
	unmet   []int64
	demand  []int64
	first   struct{ act, part, sink int } // numbers of nodes
}

type tightAct struct {
	member, act int   // in the model
	parts       []int // it covers
	arcs        []int // to them
}

// stand works out where a group of candidates stands.
func (m *model) stand(group []int) stand {
	s := stand{free: make(bitset, m.words), rest: make([]int64, len(m.factors))}
	for r := range s.rest {
		s.rest[r] = m.needs.Requires[r].Need
	}
	var bound []int
	for _, i := range group {
		o := &m.offers[i]
		for r, n := range o.shows {
			s.rest[r] -= min(n, s.rest[r])
		}
		if o.free {
			s.free.or(o.cells)
			continue
		}
		bound = append(bound, i)
	}
	s.value = m.weights.less(s.free, nil)
	for r, f := range m.factors {
		s.value += f * (m.needs.Requires[r].Need - s.rest[r])
	}
	if len(bound) > 0 {
		s.tight = m.fill(bound, s.free)
		for p := range s.tight.parts {
			s.value += s.tight.demand[p] - s.tight.unmet[p]
		}
	}
	return s
}

// fill lets the bounded members serve what the free ones leave.
func (m *model) fill(bound []int, free bitset) *tight {
	t := &tight{members: bound}
	t.parts = m.split(bound, free)
	for _, i := range bound {
		for a := range m.offers[i].acts {
			act := tightAct{member: i, act: a}
			for p, cells := range t.parts {
				if m.offers[i].acts[a].cells.meets(cells) {
					act.parts = append(act.parts, p)
				}
			}
			t.acts = append(t.acts, act)
		}
	}
	t.first.act = 1 + len(bound)
	t.first.part = t.first.act + len(t.acts)
	t.first.sink = t.first.part + len(t.parts)
	t.n = newNetwork(t.first.sink + 1)
	m.lay(t)
	t.n.run(0, t.first.sink)
	t.settle()
	return t
}

func (m *model) lay(t *tight) {
	at := map[int]int{}
	for k, i := range t.members {
		at[i] = 1 + k
		t.n.arc(0, 1+k, m.offers[i].limit)
	}
	for k := range t.acts {
		a := &t.acts[k]
		t.n.arc(at[a.member], t.first.act+k, m.offers[a.member].acts[a.act].limit)
		for _, p := range a.parts {
			a.arcs = append(a.arcs, t.n.arc(t.first.act+k, t.first.part+p, unbounded))
		}
	}
	for p, cells := range t.parts {
		w := m.weights.less(cells, nil)
		t.demand = append(t.demand, w)
		t.unmet = append(t.unmet, w)
		t.n.arc(t.first.part+p, t.first.sink, w)
	}
}

func (t *tight) settle() {
	for k := range t.acts {
		for i, p := range t.acts[k].parts {
			t.unmet[p] -= t.n.carried(t.acts[k].arcs[i])
		}
	}
}

// split cuts the cells that bounded members cover and free ones don't into parts
// that the same acts cover.
func (m *model) split(bound []int, free bitset) []bitset {
	all := make(bitset, m.words)
	for _, i := range bound {
		all.or(m.offers[i].cells)
	}
	for k := range all {
		all[k] &^= free[k]
	}
	if all.empty() {
		return nil
	}
	parts := []bitset{all}
	for _, i := range bound {
		for _, a := range m.offers[i].acts {
			for p, n := 0, len(parts); p < n; p++ {
				if in, out, cut := parts[p].cut(a.cells); cut {
					parts[p] = in
					parts = append(parts, out)
				}
			}
		}
	}
	return parts
}

// cut parts a set in what is in another and what isn't; false when one is empty.
func (b bitset) cut(o bitset) (in, out bitset, ok bool) {
	both, rest := false, false
	for k, w := range b {
		both = both || w&o[k] != 0
		rest = rest || w&^o[k] != 0
	}
	if !both || !rest {
		return nil, nil, false
	}
	in, out = make(bitset, len(b)), make(bitset, len(b))
	for k, w := range b {
		in[k], out[k] = w&o[k], w&^o[k]
	}
	return in, out, true
}

// unmet are the cells that a group doesn't serve whole.
func (m *model) unmet(s *stand) bitset {
	out := make(bitset, m.words)
	for i := range m.cells {
		out.set(i)
	}
	for k := range out {
		out[k] &^= s.free[k]
	}
	if s.tight == nil {
		return out
	}
	for p, cells := range s.tight.parts {
		if s.tight.unmet[p] > 0 {
			continue
		}
		for k := range out {
			out[k] &^= cells[k]
		}
	}
	return out
}

// starved gives the cells among which a newcomer must serve some for the cell to
// be served whole: those whose acts cannot give more without taking from one
// another (a minimum cut). It is the cell alone where no bounded member covers it.
func (m *model) starved(s *stand, cell int) bitset {
	only := make(bitset, m.words)
	only.set(cell)
	if s.tight == nil {
		return only
	}
	t := s.tight
	for p, cells := range t.parts {
		if cells.has(cell) {
			return t.closure(p, m.words)
		}
	}
	return only
}

// closure walks back from a part, against what can still be carried.
func (t *tight) closure(part, words int) bitset {
	seen := make([]bool, t.first.sink+1)
	out := make(bitset, words)
	seen[t.first.part+part] = true
	for queue := []int{t.first.part + part}; len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		if v >= t.first.part {
			out.or(t.parts[v-t.first.part])
		}
		for _, a := range t.n.head[v] {
			from, back := int(t.n.to[a]), a^1
			if from != 0 && from != t.first.sink && !seen[from] && t.n.left[back] > 0 {
				seen[from] = true
				queue = append(queue, from)
			}
		}
	}
	return out
}
