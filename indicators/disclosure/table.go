package disclosure

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// Absent says what a cell that is not in a table means.
type Absent uint8

// What is absent is a structural zero, that everybody knows, or was not collected.
const (
	AbsentZero Absent = iota
	AbsentUnknown
)

// Table is one table of figures: a measure by some dimensions.
type Table struct {
	Name       string
	Measure    string // tables of the same measure share their cells, named by their codes
	Dimensions []Dimension
	Cells      []Cell
	Absent     Absent
	OmitTotals bool    // totals that are not in the table are not published either; else they are computed
	Tolerance  float64 // of a sum, as a part of its total; 0 means 1e-6
	Rules      Rules
	Protection Protection
	Negative   bool // values may be under zero; else everybody knows that they are not
	Whole      bool // figures are whole numbers, as readers know, whatever those of the other tables are
	Form       Form // of the published table
}

// Issue is something wrong in a table, located.
type Issue struct {
	Table string
	Line  int // 0 when nothing was read
	Text  fault.Text
}

func (i Issue) Error() string { return i.Where() + ": " + i.Text.EN }

// Where says where to look: the table, and the line when there is one.
func (i Issue) Where() string {
	if i.Line > 0 {
		return fmt.Sprintf("%s:%d", i.Table, i.Line)
	}
	return i.Table
}

// issue makes an Issue; the arguments serve both languages.
func issue(table string, line int, fr, en string, args ...any) Issue {
	return Issue{table, line, fault.Text{FR: fmt.Sprintf(fr, args...), EN: fmt.Sprintf(en, args...)}}
}

const separator = "\x1f"

func joined(codes []string) string { return strings.Join(codes, separator) }

// Label names a cell for people.
func Label(codes []string) string { return strings.Join(codes, " | ") }

// grid is a table ready to be read along its dimensions.
type grid struct {
	Table
	index    map[string]int            // joined codes → cell
	families [][]family                // by dimension
	under    []map[string][]family     // by dimension and parent
	crosses  []cross                   // the widest that have cells: those of one are all there, or nothing
	spreads  map[string]spread         // found so far, by cross and codes
	lacks    func(codes []string) bool // a leaf that is not there exists all the same; nil: none does
}

// newGrid indexes the cells, adds the totals that are computed and, where absent
// means unknown, the cells nobody has.
func newGrid(t Table) (*grid, error) {
	g := &grid{Table: t, index: map[string]int{}, spreads: map[string]spread{}}
	g.Cells = slices.Clone(t.Cells)
	if err := t.distinctDimensions(); err != nil {
		return nil, err
	}
	for i, c := range g.Cells {
		if len(c.Codes) != len(t.Dimensions) {
			return nil, issue(t.Name, c.Line, "%d codes pour %d dimensions", "%d codes for %d dimensions", len(c.Codes), len(t.Dimensions))
		}
		key := joined(c.Codes)
		if other, twice := g.index[key]; twice {
			return nil, issue(t.Name, c.Line, "%s est déjà à la ligne %d", "%s is already on line %d", Label(c.Codes), g.Cells[other].Line)
		}
		g.index[key] = i
	}
	return g, g.complete()
}

func (g *grid) complete() error {
	for d := range g.Dimensions {
		families, err := g.Dimensions[d].families(g.codes(d))
		if err != nil {
			return issue(g.Name, 0, "dimension %s : %s est au-dessus de lui-même", "dimension %s: %s is above itself", g.Dimensions[d].Name, err)
		}
		g.families, g.under = append(g.families, families), append(g.under, byParent(families))
	}
	for d := range g.Dimensions {
		if !g.OmitTotals {
			g.addTotals(d)
		}
	}
	g.addNobody()
	g.cross()
	return g.bounded()
}

// largestFigure is how large a figure may be: beyond, a few units of it are lost among
// the sums, and what hides them is not found.
const largestFigure = 1e13

func (g *grid) bounded() error {
	for _, c := range g.Cells {
		if math.Abs(c.Value) > largestFigure {
			return issue(g.Name, c.Line, "%s vaut %v : les valeurs ne peuvent pas dépasser %g, changez d’unité", "%s is %v: figures cannot pass %g, choose another unit", Label(c.Codes), c.Value, largestFigure)
		}
	}
	return nil
}

// whole refuses a figure that is not a whole number where all are said to be.
func (g *grid) whole() error {
	for _, c := range g.Cells {
		if known(c.Value) && c.Value != math.Trunc(c.Value) {
			return issue(g.Name, c.Line, "%s vaut %v : « integer » dit que tout est en nombres entiers", "%s is %v: \"integer\" says that all figures are whole numbers", Label(c.Codes), c.Value)
		}
	}
	return nil
}

// distinctDimensions refuses a dimension that comes twice, or more than a cross can hold.
func (t Table) distinctDimensions() error {
	if len(t.Dimensions) > maxDimensions {
		return issue(t.Name, 0, "%d dimensions : %d au plus", "%d dimensions: %d at most", len(t.Dimensions), maxDimensions)
	}
	for i, d := range t.Dimensions {
		if slices.ContainsFunc(t.Dimensions[:i], func(o Dimension) bool { return o.Name == d.Name }) {
			return issue(t.Name, 0, "la dimension %s est là deux fois", "dimension %s is there twice", d.Name)
		}
	}
	return nil
}

func byParent(families []family) map[string][]family {
	all := map[string][]family{}
	for _, f := range families {
		all[f.parent] = append(all[f.parent], f)
	}
	return all
}

// cross finds the widest crosses that have cells.
func (g *grid) cross() {
	seen := map[cross]bool{}
	for _, c := range g.Cells {
		seen[g.crossOf(c.Codes)] = true
	}
	g.crosses = widest(slices.Collect(maps.Keys(seen)))
}

// codes gives those of a dimension that the table holds, or should, sorted.
func (g *grid) codes(d int) []string {
	seen := map[string]bool{}
	for _, c := range g.Cells {
		seen[c.Codes[d]] = true
	}
	if g.Absent == AbsentUnknown { // what nobody has is under its total all the same
		for _, parents := range g.Dimensions[d].Groupings {
			for code := range parents {
				seen[code] = true
			}
		}
	}
	all := make([]string, 0, len(seen))
	for code := range seen {
		all = append(all, code)
	}
	slices.Sort(all)
	return all
}

// line is all the cells that differ by one dimension only.
type line struct {
	codes []string       // of the other dimensions; that of this one means nothing
	cells map[string]int // code of this dimension → cell
}

// lines gives the lines along a dimension, sorted by their codes.
func (g *grid) lines(d int) []line {
	all := map[string]*line{}
	var order []string
	for i, c := range g.Cells {
		rest := slices.Clone(c.Codes)
		rest[d] = ""
		key := joined(rest)
		if all[key] == nil {
			all[key] = &line{rest, map[string]int{}}
			order = append(order, key)
		}
		all[key].cells[c.Codes[d]] = i
	}
	slices.Sort(order)
	sorted := make([]line, 0, len(order))
	for _, key := range order {
		sorted = append(sorted, *all[key])
	}
	return sorted
}

func (g *grid) add(c Cell) int {
	g.index[joined(c.Codes)] = len(g.Cells)
	g.Cells = append(g.Cells, c)
	return len(g.Cells) - 1
}
