package activity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"maillage/indicators/disclosure"
)

// Measure is what is counted.
type Measure string

// The measures, in the order of a table. Each is in the month in which it happened.
const (
	Proposed  Measure = "proposed"  // markets, the day when a first member was proposed them
	Heard     Measure = "heard"     // markets, the day of the first word of a member
	Submitted Measure = "submitted" // markets, the day when a first answer was handed in
	Won       Measure = "won"       // markets, the day when they were won
	Hours     Measure = "hours"     // of insertion, of the markets won
	FTE       Measure = "fte"       // of the markets won
)

// Measures lists them in the order of a table.
func Measures() []Measure { return []Measure{Proposed, Heard, Submitted, Won, Hours, FTE} }

// Whole is the code of everything, and of the months together.
const Whole = "all"

// Level is how wide a place is.
type Level string

// The levels, from the widest.
const (
	Federation  Level = "federation"
	Region      Level = "region"
	Departement Level = "departement"
	EPCI        Level = "epci"
)

// node is a place in the tree of places: each market is in one leaf. What lies in
// several places of a level, or nowhere that is known, is beside them.
type node struct {
	level  Level
	code   string // INSEE or SIREN code; empty: in several, or unknown
	parent string // name of the node that holds it; empty: everything
}

// path names the nodes that hold a market under everything, the widest first.
func (m *market) path() []string {
	region := "region:" + m.region
	if m.region == "" {
		return []string{region}
	}
	departement := "departement:" + m.departement
	if m.departement == "" {
		return []string{region, departement + "@" + m.region}
	}
	return []string{region, departement, "epci:" + m.epci + "@" + m.departement}
}

// tally is the counts of the nodes, month by month and together.
type tally struct {
	months []string
	nodes  map[string]node
	cells  map[place]map[Measure]*cell
}

// place is a node in a month, either of them Whole.
type place struct{ node, month string }

// cell is a count with who is behind it.
type cell struct {
	value  float64
	behind map[string]float64 // by economic group; of what is won, its part of the value
}

// tallied counts the markets in the months told.
func tallied(all []market, groups map[int64]string, months []string) *tally {
	t := &tally{months: months, nodes: map[string]node{}, cells: map[place]map[Measure]*cell{}}
	group := func(id int64) string {
		if g := groups[id]; g != "" {
			return "g" + g
		}
		return fmt.Sprintf("o%d", id)
	}
	for i := range all {
		m := &all[i]
		t.add(m, Proposed, m.proposed, 1, group)
		t.add(m, Heard, m.heard, 1, group)
		t.add(m, Submitted, m.submitted, 1, group)
		t.add(m, Won, m.won, 1, group)
		t.add(m, Hours, m.won, m.hours, group)
		t.add(m, FTE, m.won, m.fte, group)
	}
	return t
}

func (t *tally) add(m *market, measure Measure, of step, value float64, group func(int64) string) {
	day := of.day
	if len(day) < len(monthForm) || !slices.Contains(t.months, day[:len(monthForm)]) {
		return
	}
	t.open(m)
	for _, name := range append([]string{Whole}, m.path()...) {
		for _, month := range []string{Whole, day[:len(monthForm)]} {
			at := place{name, month}
			if t.cells[at] == nil {
				t.cells[at] = map[Measure]*cell{}
			}
			c := t.cells[at][measure]
			if c == nil {
				c = &cell{behind: map[string]float64{}}
				t.cells[at][measure] = c
			}
			c.value += value
			for _, id := range of.by {
				c.behind[group(id)] += value / float64(len(of.by))
			}
		}
	}
}

// open makes the nodes of a market known.
func (t *tally) open(m *market) {
	parent := ""
	for _, name := range m.path() {
		level, code, _ := strings.Cut(name, ":")
		code, _, _ = strings.Cut(code, "@")
		t.nodes[name] = node{Level(level), code, parent}
		parent = name
	}
}

// Row is the figures of a place in a month; a figure that is withheld is nil.
type Row struct {
	Level   Level                `json:"level"`
	Code    string               `json:"code"`         // empty: in several places of the level, or unknown; of everything too
	In      string               `json:"in,omitempty"` // code of the place that holds it, of a département or an EPCI
	Month   string               `json:"month"`        // or Whole
	Figures map[Measure]*float64 `json:"figures"`
}

// Edition is the figures of a quarter or, before protection, of twelve months.
type Edition struct {
	Until  string
	Months []string
	At     time.Time
	Raw    bool // as they are counted, before protection
	Rows   []Row
}

// Find is the row of a place in a month; nil: nothing happened there.
func (e *Edition) Find(level Level, code, month string) *Row {
	for i := range e.Rows {
		if r := &e.Rows[i]; r.Level == level && r.Code == code && r.Month == month {
			return r
		}
	}
	return nil
}

// told tells whether a place is told in a month: those under a région are told for
// the months together.
func (t *tally) told(at place) bool {
	return at.month == Whole || at.node == Whole || t.nodes[at.node].level == Region
}

// shown are the rows of the places that are told, in a fixed order; hidden figures
// are nil.
func shown(t *tally, hidden map[place]map[Measure]bool) []Row {
	names := append([]string{Whole}, slices.Sorted(maps.Keys(t.nodes))...)
	out := []Row{}
	for _, name := range names {
		for _, month := range append([]string{Whole}, t.months...) {
			at := place{name, month}
			if !t.told(at) || month != Whole && t.cells[at] == nil && name != Whole {
				continue
			}
			r := Row{Level: Federation, Month: month, Figures: map[Measure]*float64{}}
			if n, ok := t.nodes[name]; ok {
				_, in, _ := strings.Cut(n.parent, ":")
				r.Level, r.Code, r.In = n.level, n.code, in
			}
			for _, m := range Measures() {
				if hidden[at][m] {
					r.Figures[m] = nil
					continue
				}
				v := 0.0
				if c := t.cells[at][m]; c != nil {
					v = c.value
				}
				r.Figures[m] = &v
			}
			out = append(out, r)
		}
	}
	return out
}

// fewGroups is the least number of economic groups that a figure tells of, and the
// most, in hundredths, that one of them may be of what is won: the rule of the
// observatory's releases.
const (
	FewGroups = 3
	mostOfOne = 85
)

// dear is the cost of hiding what is told of everything, beside that of a place.
const dear = 1e6

// errUnsafe says that no way was found to publish the figures.
var errUnsafe = errors.New("the figures cannot be protected")

// protected decides which figures are withheld: those of fewer than three economic
// groups, those of which one is most, and those that would give one back.
func protected(ctx context.Context, t *tally) ([]Row, error) {
	hidden := map[place]map[Measure]bool{}
	given := func(place, Measure) disclosure.Status { return disclosure.Published }
	if err := t.protect(ctx, hidden, given, true, Proposed, Heard, Submitted, Won); err != nil {
		return nil, err
	}
	if err := t.protect(ctx, hidden, given, false, Hours); err != nil {
		return nil, err
	}
	// Where a market tells no posts its FTE are its hours: one of them hidden hides the other.
	after := func(at place, _ Measure) disclosure.Status {
		if hidden[at][Hours] {
			return disclosure.Primary
		}
		return disclosure.Published
	}
	if err := t.protect(ctx, hidden, after, false, FTE); err != nil {
		return nil, err
	}
	for at, of := range hidden {
		if of[FTE] {
			hidden[at][Hours] = true
		}
	}
	return shown(t, hidden), nil
}

// protect hides what cannot be told of some measures, together.
func (t *tally) protect(ctx context.Context, hidden map[place]map[Measure]bool, given func(place, Measure) disclosure.Status, whole bool, measures ...Measure) error {
	parents := map[string]string{}
	for name, n := range t.nodes {
		if n.parent != "" {
			parents[name] = n.parent
		}
	}
	places := disclosure.Dimension{Name: "territory", Total: Whole, Groupings: []map[string]string{parents}}
	top := disclosure.Dimension{Name: "territory", Total: Whole}
	month := disclosure.Dimension{Name: "month", Total: Whole}
	var tables []disclosure.Table
	for _, m := range measures {
		rules := disclosure.Rules{MinimumContributors: FewGroups}
		if m == Hours || m == FTE {
			rules.Dominance = []disclosure.Dominance{{N: 1, Percent: mostOfOne}}
		}
		year := disclosure.Table{Name: string(m), Measure: string(m), Dimensions: []disclosure.Dimension{places}, Rules: rules}
		monthly := disclosure.Table{Name: string(m) + " by month", Measure: string(m), Dimensions: []disclosure.Dimension{top, month}, Rules: rules}
		for at, of := range t.cells {
			c := of[m]
			if c == nil || !t.told(at) {
				continue
			}
			out := disclosure.Cell{Value: c.value, Count: c.value, Contributors: float64(len(c.behind)), Given: given(at, m)}
			if m == Hours || m == FTE {
				out.Top = largest(c.behind)
			}
			if at.node == Whole { // what everybody looks at first is hidden last
				out.Cost = dear
			}
			if at.month == Whole {
				one := out
				one.Codes = []string{at.node}
				year.Cells = append(year.Cells, one)
			}
			if at.node == Whole || t.nodes[at.node].level == Region {
				out.Codes = []string{at.node, at.month}
				monthly.Cells = append(monthly.Cells, out)
			}
		}
		for _, table := range []*disclosure.Table{&year, &monthly} {
			if len(table.Cells) > 0 {
				slices.SortFunc(table.Cells, func(a, b disclosure.Cell) int { return slices.Compare(a.Codes, b.Codes) })
				tables = append(tables, *table)
			}
		}
	}
	if len(tables) == 0 {
		return nil
	}
	got, err := disclosure.Protect(ctx, disclosure.Task{Tables: tables, Integer: whole})
	if err != nil {
		return err
	}
	if !got.Safe() {
		return errUnsafe
	}
	for _, r := range got.Results() {
		if !r.Status.Hidden() {
			continue
		}
		name, _, _ := strings.Cut(r.Table, " ")
		at := place{r.Codes[0], Whole}
		if len(r.Codes) > 1 {
			at.month = r.Codes[1]
		}
		if hidden[at] == nil {
			hidden[at] = map[Measure]bool{}
		}
		hidden[at][Measure(name)] = true
	}
	return nil
}

func largest(behind map[string]float64) []float64 {
	all := slices.Sorted(maps.Values(behind))
	slices.Reverse(all)
	return all[:min(len(all), 2)]
}
