package disclosure

import (
	"cmp"
	"slices"
)

// Dimension is one breakdown of a table. Its codes may be grouped several ways
// at once (regions by county and by size): the readers of one grouping read the
// other one too, so they are protected together.
type Dimension struct {
	Name      string
	Total     string              // the code of the whole; "" when there is no whole
	Groupings []map[string]string // each child → parent; a code without parent stands under the total
}

// family is one sum: the parent is the sum of its children.
type family struct {
	parent   string
	children []string
}

// grouping is one way of grouping the codes, and what heads a family in it.
type grouping struct {
	parents map[string]string
	heads   map[string]bool
}

func (d Dimension) groupings() []grouping {
	if len(d.Groupings) == 0 {
		return []grouping{{}}
	}
	var all []grouping
	for _, parents := range d.Groupings {
		g := grouping{parents, map[string]bool{}}
		for _, parent := range parents {
			g.heads[parent] = true
		}
		all = append(all, g)
	}
	return all
}

// families gives the sums among the given codes, children sorted, the deepest
// parents first so that each is known before it is summed itself.
func (d Dimension) families(codes []string) ([]family, error) {
	var all []family
	groupings := d.groupings()
	for _, g := range groupings {
		got, err := d.grouped(g, d.of(g, groupings, codes))
		if err != nil {
			return nil, err
		}
		all = append(all, got...)
	}
	return all, nil
}

// of leaves out the codes that head a family in another grouping and are not in
// this one: a county is not under the total of the groups by size.
func (d Dimension) of(g grouping, groupings []grouping, codes []string) []string {
	var mine []string
	for _, code := range codes {
		_, child := g.parents[code]
		if child || g.heads[code] || !slices.ContainsFunc(groupings, func(o grouping) bool { return o.heads[code] }) {
			mine = append(mine, code)
		}
	}
	return mine
}

func (d Dimension) grouped(g grouping, codes []string) ([]family, error) {
	depth, err := d.depths(g, codes)
	if err != nil {
		return nil, err
	}
	children := map[string][]string{}
	for code := range depth {
		if up := d.parent(g, code); up != "" {
			children[up] = append(children[up], code)
		}
	}
	var all []family
	for parent, below := range children {
		slices.Sort(below)
		all = append(all, family{parent, below})
	}
	slices.SortFunc(all, func(a, b family) int {
		return cmp.Or(cmp.Compare(depth[b.parent], depth[a.parent]), cmp.Compare(a.parent, b.parent))
	})
	return all, nil
}

// loop is a code that is above itself.
type loop string

func (l loop) Error() string { return string(l) }

// depths gives how far each code, and each code above one, is under its root.
func (d Dimension) depths(g grouping, codes []string) (map[string]int, error) {
	depth := map[string]int{}
	for _, code := range codes {
		var way []string
		for up := code; up != ""; up = d.parent(g, up) {
			if way = append(way, up); len(way) > len(g.parents)+2 {
				return nil, loop(code)
			}
		}
		for i, up := range way {
			depth[up] = len(way) - i
		}
	}
	return depth, nil
}

// parent gives the code above; the total is above every root, and nothing above it.
func (d Dimension) parent(g grouping, code string) string {
	if code == d.Total {
		return ""
	}
	if up, ok := g.parents[code]; ok {
		return up
	}
	return d.Total
}

// above gives the parents of a code in all groupings, sorted, the total included.
func (d Dimension) above(code string) []string {
	var all []string
	for _, g := range d.groupings() {
		if up := d.parent(g, code); up != "" {
			all = append(all, up)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
