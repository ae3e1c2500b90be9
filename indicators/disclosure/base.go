package disclosure

import (
	"maps"
	"slices"
)

// Model says how much of what everybody knows to exist the attack reasons on.
type Model string

// The models, from the most that a reader can know to the least.
const (
	// OwnCells: the tables hold their finest cells; every figure is a sum of them.
	OwnCells Model = "own_cells"
	// BaseCells: finer cells that no table holds exist all the same and are never
	// negative: every figure is a sum of them.
	BaseCells Model = "base_cells"
	// ImpliedTotals: these cells would be too many. The tables are tied by every
	// total that they share, published or not.
	ImpliedTotals Model = "implied_totals"
)

// worst is the model that knows less.
func worst(a, b Model) Model {
	order := []Model{OwnCells, BaseCells, ImpliedTotals}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// The bounds of what is added to the tables of one measure: cells that nobody
// publishes, and codes that are looked at to find them.
const (
	maxBaseCells = 30_000
	maxLooked    = 400_000
)

// enlarge adds the cells that nobody publishes and everybody knows to exist: the
// finest of each clique of crosses, then the totals by which the cliques hold together.
func (j *joint) enlarge() {
	denials := j.denials()
	j.lacks = func(codes []string) bool { return !j.denied(denials, codes) }
	leaves := j.leaves()
	own := j.crosses
	wanted := cliques(own)
	slices.SortStableFunc(wanted, func(a, b cross) int { return a.size() - b.size() })
	room, model, kept := maxBaseCells, OwnCells, slices.Clone(own)
	for _, c := range wanted {
		lacking, ok := j.lacking(c, leaves, room)
		if !ok {
			model = worst(model, ImpliedTotals)
			continue
		}
		if len(lacking) > 0 {
			model = worst(model, BaseCells)
		}
		room -= len(lacking)
		kept = append(kept, c)
		j.latent(lacking)
	}
	j.crosses = widest(kept)
	j.system.Model = worst(j.system.Model, model)
	for _, shared := range meets(j.crosses) {
		if lacking, ok := j.lacking(shared, leaves, maxLooked); ok {
			j.latent(lacking)
		}
	}
	clear(j.spreads) // what was found without these cells
}

// meets gives what the crosses share, two by two.
func meets(crosses []cross) []cross {
	all := map[cross]bool{}
	for i, a := range crosses {
		for _, b := range crosses[:i] {
			all[a&b] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// leaves gives, by dimension, the codes that nothing divides further.
func (g *grid) leaves() [][]string {
	all := make([][]string, len(g.Dimensions))
	for d := range g.Dimensions {
		for _, code := range g.codes(d) {
			if code != g.Dimensions[d].Total && len(g.under[d][code]) == 0 {
				all[d] = append(all[d], code)
			}
		}
	}
	return all
}

// lacking gives the finest cells of a cross that are not there though they exist;
// false when they are more than there is room for.
func (j *joint) lacking(c cross, leaves [][]string, room int) ([][]string, bool) {
	dims, count := c.dimensions(), 1
	for _, d := range dims {
		if count *= len(leaves[d]); count > maxLooked {
			return nil, false
		}
	}
	var lacking [][]string
	codes := make([]string, len(j.Dimensions))
	for d := range codes {
		codes[d] = j.Dimensions[d].Total
	}
	for n := range count {
		for _, d := range dims {
			codes[d] = leaves[d][n%len(leaves[d])]
			n /= len(leaves[d])
		}
		if _, there := j.index[joined(codes)]; there || !j.lacks(codes) {
			continue
		}
		if lacking = append(lacking, slices.Clone(codes)); len(lacking) > room {
			return nil, false
		}
	}
	return lacking, true
}

// latent adds cells of which nobody knows more than that they exist.
func (j *joint) latent(cells [][]string) {
	for _, codes := range cells {
		at := j.add(nobodyHas(codes))
		v := j.variable(at, NoRule, history)
		v.placed, v.table = false, ""
		j.variables = append(j.variables, j.system.hold(v))
	}
}

// hold gives the place of a variable, adding it when nothing has its name.
func (s *System) hold(v Variable) int {
	at, there := s.names[v.Name]
	if !there {
		at = len(s.Variables)
		s.names[v.Name] = at
		s.Variables = append(s.Variables, v)
	}
	return at
}

// denial is the cells that a table would have if they were not zero.
type denial struct {
	cross cross
	codes []map[string]bool // by dimension
}

// denials are those of the tables where what is absent is zero: one for each of the
// widest crosses of each table.
func (j *joint) denials() []denial {
	var all []denial
	for _, t := range j.tables {
		if t.Absent != AbsentZero {
			continue
		}
		of := map[cross]*denial{}
		for _, c := range t.Cells {
			codes := t.spelled(c, j.Dimensions)
			x := j.crossOf(codes)
			if of[x] == nil {
				of[x] = &denial{x, make([]map[string]bool, len(codes))}
			}
			of[x].note(codes)
		}
		for _, x := range widest(slices.Collect(maps.Keys(of))) {
			all = append(all, *of[x])
		}
	}
	return all
}

func (d *denial) note(codes []string) {
	for _, i := range d.cross.dimensions() {
		if d.codes[i] == nil {
			d.codes[i] = map[string]bool{}
		}
		d.codes[i][codes[i]] = true
	}
}

// denied reports whether a table says that a cell is zero by leaving it out, itself
// or the cell that it would be part of there.
func (j *joint) denied(denials []denial, codes []string) bool {
	x := j.crossOf(codes)
	for _, d := range denials {
		if !x.holds(d.cross) {
			continue
		}
		in, told := j.within(d, codes)
		if !told {
			continue
		}
		if _, there := j.index[joined(in)]; !there {
			return true
		}
	}
	return false
}

// within is the cell of a denial that another is part of.
func (j *joint) within(d denial, codes []string) ([]string, bool) {
	in := make([]string, len(codes))
	for i := range codes {
		in[i] = j.Dimensions[i].Total
		if !d.cross.has(i) {
			continue
		}
		code, told := j.Dimensions[i].climb(codes[i], d.codes[i])
		if !told {
			return nil, false
		}
		in[i] = code
	}
	return in, true
}

// climb gives the code, or the nearest above it, that is among some.
func (d Dimension) climb(code string, among map[string]bool) (string, bool) {
	for level := []string{code}; len(level) > 0; {
		var next []string
		for _, c := range level {
			if among[c] {
				return c, true
			}
			for _, up := range d.above(c) {
				if up != d.Total {
					next = append(next, up)
				}
			}
		}
		level = next
	}
	return "", false
}
