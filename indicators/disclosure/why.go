package disclosure

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Alternative is a breakdown near a hidden cell that can be told: a wider cell
// that is published, or several cells together whose sum may be.
type Alternative struct {
	Codes  []string   `json:"codes,omitempty"`  // of the wider cell; nil for a merger
	Merged [][]string `json:"merged,omitempty"` // the cells to be told as one
	Value  float64    `json:"value"`
	Steps  int        `json:"steps"` // levels climbed, or cells added
}

// Explanation answers "why is it hidden?" without saying whether the cell was
// unsafe itself or protects another one: the answer is the same for both.
type Explanation struct {
	Hidden       bool          `json:"hidden"`
	Alternatives []Alternative `json:"alternatives"` // the nearest first
}

// Why explains a cell of a table by its codes, and proposes the nearest safe
// breakdowns: the closest published cells above it, then a merger with a hidden
// neighbour. The mergers are those of the whole release, found once: whoever asks
// about every cell gets nothing that the attack could use. One goroutine at a time.
func (o *Outcome) Why(ctx context.Context, table int, codes []string) (Explanation, error) {
	g := o.System.grids[table]
	i, there := g.index[joined(codes)]
	if !there {
		return Explanation{}, issue(g.Name, 0, "%s n’est pas dans la table", "%s is not in the table", Label(codes))
	}
	if !o.System.Variables[o.System.places[table][i]].Status.Hidden() {
		return Explanation{Alternatives: []Alternative{}}, nil
	}
	e := Explanation{Hidden: true, Alternatives: append([]Alternative{}, o.wider(table, codes)...)}
	mergers, err := o.ofCell(ctx, table, i)
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

// merger is two hidden cells of a table that may be told as one.
type merger struct {
	table int
	cells [2]int
	sum   float64
}

// ofCell gives the merger that a cell is in.
func (o *Outcome) ofCell(ctx context.Context, table, i int) ([]Alternative, error) {
	if o.mergers == nil {
		found, err := o.everyMerger(ctx)
		if err != nil {
			return nil, err
		}
		o.mergers = found
	}
	cells := o.System.grids[table].Cells
	for _, m := range o.mergers {
		if m.table == table && slices.Contains(m.cells[:], i) {
			return []Alternative{{Merged: [][]string{cells[m.cells[0]].Codes, cells[m.cells[1]].Codes}, Value: m.sum, Steps: 1}}, nil
		}
	}
	return nil, nil
}

// The bounds of the search for mergers: by counts, so that the answers are always
// the same, whichever cell is asked about.
const (
	maxMergers = 3   // other cells that each is tried with
	maxAttacks = 120 // of sets of mergers
)

// everyMerger finds mergers of the whole release that can all be told together:
// no cell is in two of them, and the attack fails on everything published and on all
// of their sums at once.
func (o *Outcome) everyMerger(ctx context.Context) ([]merger, error) {
	f := merging{outcome: o, told: []merger{}, left: maxAttacks}
	for nth := range maxMergers {
		if err := f.accept(ctx, f.pairs(nth)); err != nil {
			return nil, err
		}
	}
	return f.told, nil
}

type merging struct {
	outcome *Outcome
	told    []merger
	left    int // attacks
}

// pairs takes each hidden cell that no merger tells with the nth of its hidden
// siblings that none tells either, the smallest first, where the sum breaks no rule.
func (f *merging) pairs(nth int) []merger {
	var all []merger
	for t, g := range f.outcome.System.grids {
		taken := map[int]bool{}
		for _, m := range f.told {
			if m.table == t {
				taken[m.cells[0]], taken[m.cells[1]] = true, true
			}
		}
		for _, i := range f.outcome.hiddenOf(t) {
			others := slices.DeleteFunc(f.outcome.siblings(t, i), func(j int) bool { return taken[j] })
			if taken[i] || nth >= len(others) {
				continue
			}
			if sum := g.total([]int{i, others[nth]}); g.Rules.Judge(sum) == NoRule {
				taken[i], taken[others[nth]] = true, true
				all = append(all, merger{t, [2]int{i, others[nth]}, sum.Value})
			}
		}
	}
	return all
}

// hiddenOf lists the hidden cells of a table by their codes.
func (o *Outcome) hiddenOf(table int) []int {
	g := o.System.grids[table]
	var all []int
	for i := range g.Cells {
		if o.System.Variables[o.System.places[table][i]].Status.Hidden() && known(g.Cells[i].Value) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return slices.Compare(g.Cells[a].Codes, g.Cells[b].Codes) })
	return all
}

// accept takes a set of mergers if the attack fails on them and those taken before;
// else each half of it.
func (f *merging) accept(ctx context.Context, list []merger) error {
	if len(list) == 0 || f.left == 0 {
		return nil
	}
	f.left--
	with := f.outcome.telling(slices.Concat(f.told, list))
	a, err := with.Attack(ctx)
	if err != nil {
		return err
	}
	if a.Safe() {
		f.told = append(f.told, list...)
		return nil
	}
	if len(list) == 1 {
		return nil
	}
	if err := f.accept(ctx, list[:len(list)/2]); err != nil {
		return err
	}
	return f.accept(ctx, list[len(list)/2:])
}

// telling is the system of a reader who also has the sums of some mergers.
func (o *Outcome) telling(list []merger) *System {
	with := *o.System
	with.Variables, with.Relations = slices.Clone(with.Variables), slices.Clone(with.Relations)
	for n, m := range list {
		terms := []Term{{len(with.Variables), 1}}
		for _, i := range m.cells {
			terms = append(terms, Term{o.System.places[m.table][i], -1})
		}
		with.Variables = append(with.Variables, Variable{Name: fmt.Sprint("merger ", n), Value: m.sum, Status: Published})
		with.Relations = append(with.Relations, Relation{Terms: terms})
	}
	return &with
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
