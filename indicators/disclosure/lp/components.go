package lp

import (
	"cmp"
	"slices"
)

// Component is a part of a problem that no row ties to the rest: its own problem,
// and the column of the whole that each of its columns is, ascending.
type Component struct {
	Columns []int
	Problem Problem
}

// Components splits a problem over its free columns (lower < upper): the fixed
// ones tie nothing, and go to the right-hand sides. The components come in the
// order of their first column; a free column without rows is one by itself.
// A row without a free column belongs to none: New and Propagate say whether it holds.
func Components(p Problem) []Component {
	group := newGroups(len(p.Lower))
	for _, row := range p.Rows {
		first := -1
		for _, e := range row.Entries {
			if p.fixed(e.Column) || e.Value == 0 {
				continue
			}
			if first < 0 {
				first = e.Column
			}
			group.join(first, e.Column)
		}
	}
	parts, local := gather(p, group)
	for _, row := range p.Rows {
		kept, first := p.withoutFixed(row)
		if first >= 0 {
			part := &parts[local[group.find(first)].part]
			for k := range kept.Entries {
				kept.Entries[k].Column = local[kept.Entries[k].Column].column
			}
			part.Problem.Rows = append(part.Problem.Rows, kept)
		}
	}
	return parts
}

func (p Problem) fixed(column int) bool { return p.Lower[column] == p.Upper[column] }

// withoutFixed is a row on its free columns, and the first of them or -1.
func (p Problem) withoutFixed(row Row) (Row, int) {
	kept := Row{RHS: row.RHS}
	for _, e := range merged(row.Entries) {
		if p.fixed(e.Column) {
			kept.RHS -= e.Value * p.Lower[e.Column]
			continue
		}
		kept.Entries = append(kept.Entries, e)
	}
	if len(kept.Entries) == 0 {
		return kept, -1
	}
	return kept, kept.Entries[0].Column
}

// place is where a column of the whole went.
type place struct{ part, column int }

func gather(p Problem, group groups) ([]Component, []place) {
	var parts []Component
	local := make([]place, len(p.Lower))
	for j := range p.Lower {
		if p.fixed(j) {
			continue
		}
		root := group.find(j)
		if root == j {
			local[j].part = len(parts)
			parts = append(parts, Component{})
		}
		part := &parts[local[root].part]
		local[j] = place{local[root].part, len(part.Columns)}
		part.Columns = append(part.Columns, j)
		part.Problem.Lower = append(part.Problem.Lower, p.Lower[j])
		part.Problem.Upper = append(part.Problem.Upper, p.Upper[j])
	}
	return parts, local
}

// groups is a union-find whose roots are the least members.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) find(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(a, b int) {
	a, b = g.find(a), g.find(b)
	g[max(a, b)] = min(a, b)
}

// merged sorts entries by column, adds those of one column and drops the zeros.
func merged(entries []Entry) []Entry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b Entry) int { return cmp.Compare(a.Column, b.Column) })
	out := sorted[:0]
	for _, e := range sorted {
		if last := len(out) - 1; last >= 0 && out[last].Column == e.Column {
			out[last].Value += e.Value
			continue
		}
		out = append(out, e)
	}
	return slices.DeleteFunc(out, func(e Entry) bool { return e.Value == 0 })
}
