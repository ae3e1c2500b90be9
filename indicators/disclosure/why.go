package disclosure

import (
	"cmp"
	"context"
	"slices"
)

// Alternative is a breakdown near a hidden cell that can be told: a wider cell
// that is published, or several cells together whose sum may be.
type Alternative struct {
	Codes  []string   // of the wider cell; nil for a merger
	Merged [][]string // the cells to be told as one
	Value  float64
	Steps  int // levels climbed, or cells added
}

// Explanation answers "why is it hidden?" without saying whether the cell was
// unsafe itself or protects another one: the answer is the same for both.
type Explanation struct {
	Hidden       bool
	Alternatives []Alternative // the nearest first
}

// maxMergers bounds how many mergers are attacked for one question.
const maxMergers = 8

// Why explains a cell of a table by its codes, and proposes the nearest safe
// breakdowns: the closest published cells above it, then its smallest mergers
// with hidden neighbours that break no rule and that the attack cannot undo.
func (o *Outcome) Why(ctx context.Context, table int, codes []string) (Explanation, error) {
	g := o.System.grids[table]
	i, there := g.index[joined(codes)]
	if !there {
		return Explanation{}, issue(g.Name, 0, "%s n’est pas dans la table", "%s is not in the table", Label(codes))
	}
	if !o.System.Variables[o.System.places[table][i]].Status.Hidden() {
		return Explanation{}, nil
	}
	e := Explanation{Hidden: true, Alternatives: o.wider(table, codes)}
	mergers, err := o.mergers(ctx, table, i)
	e.Alternatives = append(e.Alternatives, mergers...)
	return e, err
}

// wider climbs one level at a time, along every dimension, to the first
// published cells.
func (o *Outcome) wider(table int, codes []string) []Alternative {
	level, seen := [][]string{codes}, map[string]bool{joined(codes): true}
	for steps := 1; len(level) > 0; steps++ {
		level = o.System.grids[table].above(level, seen)
		if found := o.published(table, level, steps); len(found) > 0 {
			return found
		}
	}
	return nil
}

// above climbs one level from each cell, to cells not seen before.
func (g *grid) above(level [][]string, seen map[string]bool) [][]string {
	var next [][]string
	for _, from := range level {
		for _, to := range g.climb(from) {
			if key := joined(to); !seen[key] {
				seen[key] = true
				next = append(next, to)
			}
		}
	}
	return next
}

// published gives those of the cells that readers have, the smallest first.
func (o *Outcome) published(table int, cells [][]string, steps int) []Alternative {
	g := o.System.grids[table]
	var found []Alternative
	for _, codes := range cells {
		if i, there := g.index[joined(codes)]; there && o.System.Variables[o.System.places[table][i]].Status == Published {
			found = append(found, Alternative{Codes: codes, Value: g.Cells[i].Value, Steps: steps})
		}
	}
	slices.SortStableFunc(found, func(a, b Alternative) int { return cmp.Compare(a.Value, b.Value) })
	return found
}

// climb replaces one code by each of its parents.
func (g *grid) climb(codes []string) [][]string {
	var all [][]string
	for d := range codes {
		for _, up := range g.Dimensions[d].above(codes[d]) {
			to := slices.Clone(codes)
			to[d] = up
			all = append(all, to)
		}
	}
	return all
}

// mergers tries the hidden cells that share a parent with this one, the smallest
// first, one at a time.
func (o *Outcome) mergers(ctx context.Context, table, i int) ([]Alternative, error) {
	candidates := o.siblings(table, i)
	for _, other := range candidates[:min(len(candidates), maxMergers)] {
		safe, err := o.together(ctx, table, []int{i, other})
		if err != nil {
			return nil, err
		}
		if safe {
			g := o.System.grids[table]
			return []Alternative{{Merged: [][]string{g.Cells[i].Codes, g.Cells[other].Codes}, Value: g.Cells[i].Value + g.Cells[other].Value, Steps: 1}}, nil
		}
	}
	return nil, nil
}

func (o *Outcome) siblings(table, i int) []int {
	g := o.System.grids[table]
	var all []int
	for j, c := range g.Cells {
		if j != i && o.System.Variables[o.System.places[table][j]].Status.Hidden() && g.siblings(g.Cells[i].Codes, c.Codes) {
			all = append(all, j)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(g.Cells[a].Value, g.Cells[b].Value) })
	return all
}

// siblings reports whether two cells differ by one code, and these have a parent in common.
func (g *grid) siblings(a, b []string) bool {
	differ := -1
	for d := range a {
		if a[d] == b[d] {
			continue
		}
		if differ >= 0 {
			return false
		}
		differ = d
	}
	if differ < 0 {
		return false
	}
	above := g.Dimensions[differ].above(a[differ])
	return slices.ContainsFunc(g.Dimensions[differ].above(b[differ]), func(up string) bool { return slices.Contains(above, up) })
}

// together says whether the sum of some hidden cells could be published beside
// everything else: it breaks no rule, and the attack still fails.
func (o *Outcome) together(ctx context.Context, table int, cells []int) (bool, error) {
	g := o.System.grids[table]
	sum := g.total(cells)
	if g.Rules.Judge(sum) != NoRule {
		return false, nil
	}
	with := *o.System
	with.Variables = append(slices.Clone(o.System.Variables), Variable{Name: "together", Value: sum.Value, Status: Published})
	terms := []Term{{len(with.Variables) - 1, 1}}
	for _, i := range cells {
		terms = append(terms, Term{o.System.places[table][i], -1})
	}
	with.Relations = append(slices.Clone(o.System.Relations), Relation{Terms: terms})
	a, err := with.Attack(ctx)
	return err == nil && a.Safe(), err
}
