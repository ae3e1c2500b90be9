package nomenclatures

// mask is a set of sectors by ordinal; the crosswalk may hold up to 192. Three
// fields rather than an array: they stay in registers.
type mask struct{ a, b, c uint64 }

func (m *mask) add(i int) {
	switch bit := uint64(1) << (i & 63); i >> 6 {
	case 0:
		m.a |= bit
	case 1:
		m.b |= bit
	case 2:
		m.c |= bit
	}
}

func (m mask) has(i int) bool {
	var one mask
	one.add(i)
	return m.meets(one)
}

func (m mask) empty() bool       { return m.a|m.b|m.c == 0 }
func (m mask) or(n mask) mask    { return mask{m.a | n.a, m.b | n.b, m.c | n.c} }
func (m mask) minus(n mask) mask { return mask{m.a &^ n.a, m.b &^ n.b, m.c &^ n.c} }
func (m mask) meets(n mask) bool { return m.a&n.a|m.b&n.b|m.c&n.c != 0 }

// node is where a code stands: what closeness needs of it, and nothing to look
// up again.
type node struct {
	scheme      Scheme
	value       string
	significant int // digits of a CPV before its trailing zeros
	silent      bool

	self   mask   // the sector itself, for a code of the scheme "sector"
	strong mask   // sectors of which it is a code
	loose  mask   // sectors it may mean
	under  mask   // sectors mapped strictly below a CPV
	above  mask   // sectors mapped above a CPV, where others are mapped nearer
	groups uint64 // groups of self and strong
}

// index makes the nodes of every code of the tables.
func (x *crosswalk) index(t *tableSet) {
	x.bySector = make([]node, len(x.sectors))
	groupOf := make([]uint64, len(x.sectors))
	for i, s := range x.sectors {
		x.bySector[i] = node{scheme: SchemeSector, value: string(s.Code)}
		x.bySector[i].self.add(i)
		for g := range x.groups {
			if x.groups[g].slug == s.Group {
				groupOf[i] = 1 << g
			}
		}
	}
	x.byNAF = flatNodes(SchemeNAF, t.nafCodes, x.sectors, func(s *SectorInfo) ([]NAF, []NAF) { return s.NAF, s.LooseNAF })
	x.byROME = flatNodes(SchemeROME, t.romeCodes, x.sectors, func(s *SectorInfo) ([]ROME, []ROME) { return s.ROME, s.LooseROME })
	x.byDescriptor = flatNodes(SchemeDescriptor, keys(t.descriptors), x.sectors, func(s *SectorInfo) ([]Descriptor, []Descriptor) { return s.Descriptors, s.LooseDescriptors })
	for c, n := range x.byNAF {
		n.silent = t.naf[c].silent != ""
	}
	x.indexCPV(t)
	x.markGroups(groupOf)
}

// flatNodes makes the nodes of a scheme whose codes have no tree of prefixes.
func flatNodes[T ~string](scheme Scheme, codes []T, sectors []SectorInfo, of func(*SectorInfo) (strong, loose []T)) map[T]*node {
	nodes := make([]node, len(codes))
	out := make(map[T]*node, len(codes))
	for i, c := range codes {
		nodes[i] = node{scheme: scheme, value: string(c)}
		out[c] = &nodes[i]
	}
	for i := range sectors {
		strong, loose := of(&sectors[i])
		for _, c := range strong {
			if n := out[c]; n != nil {
				n.strong.add(i)
			}
		}
		for _, c := range loose {
			if n := out[c]; n != nil {
				n.loose.add(i)
			}
		}
	}
	return out
}

// indexCPV marks each mapped prefix, then hands the marks down to the codes
// that have none of their own and up to the codes that hold them.
func (x *crosswalk) indexCPV(t *tableSet) {
	nodes := make([]node, len(t.cpvCodes))
	x.byCPV = make(map[CPV]*node, len(t.cpvCodes))
	for i, c := range t.cpvCodes {
		nodes[i] = node{scheme: SchemeCPV, value: string(c), significant: c.significant()}
		x.byCPV[c] = &nodes[i]
	}
	for i := range x.sectors {
		for _, c := range x.sectors[i].CPV {
			if n := x.byCPV[c]; n != nil {
				n.strong.add(i)
			}
		}
		for _, c := range x.sectors[i].LooseCPV {
			if n := x.byCPV[c]; n != nil {
				n.loose.add(i)
			}
		}
	}
	for i := len(nodes) - 1; i >= 0; i-- { // children come after their parent in order of code
		if p := x.parentNode(CPV(nodes[i].value)); p != nil {
			p.under = p.under.or(nodes[i].under).or(nodes[i].strong)
		}
	}
	for i := range nodes { // parents come first
		if p := x.parentNode(CPV(nodes[i].value)); p != nil {
			inherit(&nodes[i], p)
		}
	}
	for i := range nodes {
		nodes[i].under = nodes[i].under.minus(nodes[i].strong)
		if nodes[i].significant == 2 {
			nodes[i].under = x.atHome(nodes[i].under, nodes[i].value[:2])
		}
	}
}

// atHome keeps the sectors whose first prefix lies in a division. A division
// alone says little: "construction work" may well be a mason's, and is not the
// gardener's for the sake of the landscaping that the division also holds.
func (x *crosswalk) atHome(m mask, division string) (home mask) {
	for i := range x.sectors {
		if cpv := x.sectors[i].CPV; m.has(i) && len(cpv) > 0 && string(cpv[0])[:2] == division {
			home.add(i)
		}
	}
	return home
}

// inherit gives a code what its parent says where the table says nothing nearer.
// What is said of a class or below remains known as said above: a caterer is not
// far from the delivery of meals.
// A code that only has loose marks of its own keeps the sure ones of its parent.
func inherit(n, parent *node) {
	if parent.significant >= 4 {
		n.above = parent.above.or(parent.strong)
	}
	if !n.strong.empty() {
		n.above = n.above.minus(n.strong)
		return
	}
	n.strong = parent.strong.minus(n.loose)
	n.above = n.above.minus(n.strong)
	if n.loose.empty() {
		n.loose = parent.loose
	}
}

func (x *crosswalk) parentNode(c CPV) *node {
	for n := c.significant() - 1; n >= 2; n-- {
		if p := x.byCPV[c.cut(n)]; p != nil && p.value != string(c) {
			return p
		}
	}
	return nil
}

func (x *crosswalk) markGroups(groupOf []uint64) {
	mark := func(n *node) {
		known := n.self.or(n.strong)
		for i, g := range groupOf {
			if known.has(i) {
				n.groups |= g
			}
		}
	}
	for i := range x.bySector {
		mark(&x.bySector[i])
	}
	for _, n := range x.byCPV {
		mark(n)
	}
	for _, n := range x.byNAF {
		mark(n)
	}
	for _, n := range x.byROME {
		mark(n)
	}
	for _, n := range x.byDescriptor {
		mark(n)
	}
}

// find is the node of a code; false for one that its scheme cannot read. A CPV
// that the vocabulary lacks stands where its nearest known prefix stands, with
// its own digits; another unknown code stands nowhere.
func (x *crosswalk) find(c Code) (*node, bool) {
	switch c.Scheme {
	case SchemeCPV:
		return x.findCPV(CPV(c.Value))
	case SchemeROME:
		return orAlone(x.byROME[ROME(c.Value)], c)
	case SchemeNAF:
		return orAlone(x.byNAF[NAF(c.Value)], c)
	case SchemeDescriptor:
		return orAlone(x.byDescriptor[Descriptor(c.Value)], c)
	case SchemeSector:
		if i, ok := x.ordinal[Sector(c.Value)]; ok {
			return &x.bySector[i], true
		}
	}
	return nil, false
}

func orAlone(n *node, c Code) (*node, bool) {
	if n != nil {
		return n, true
	}
	if _, err := NewCode(c.Scheme, c.Value); err != nil {
		return nil, false
	}
	return &node{scheme: c.Scheme, value: c.Value, silent: c.Scheme == SchemeNAF}, true
}

func (x *crosswalk) findCPV(c CPV) (*node, bool) {
	if n := x.byCPV[c]; n != nil {
		return n, true
	}
	if _, err := ParseCPV(string(c)); err != nil || len(c) != 8 {
		return nil, false
	}
	n := node{scheme: SchemeCPV, value: string(c), significant: c.significant()}
	if p := x.parentNode(c); p != nil {
		n.strong, n.loose, n.groups = p.strong, p.loose, p.groups
	}
	return &n, true
}

func keys[K ~string, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}
