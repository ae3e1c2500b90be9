package disclosure

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// Task is what is to be released, and everything that was released before.
type Task struct {
	Tables      []Table
	Released    []Table // as they were published: the status of each cell is its Given
	Limits      []Limit
	Differences []Difference // of versions, that must stay uncertain too
	Integer     bool         // every value is a whole number, and the reader knows it
	AsGiven     bool         // the statuses of the cells are what is published, not advice
}

// Limit is an inequality that everybody knows, cell by cell: the sum of the
// measures, each times its factor, is never negative (persons − FTE ≥ 0).
type Limit struct {
	Factors map[string]float64 `json:"factors"`         // by measure
	Where   map[string]string  `json:"where,omitempty"` // only at these codes, by dimension
	Equal   bool               `json:"equal,omitempty"` // the sum is zero, not only zero at least
}

// Variable is one figure of the linked tables, once, wherever it appears.
type Variable struct {
	Name           string  // the measure, then the codes that are not totals
	Value          float64 // NaN when nobody knows it, until completed
	Floor, Ceiling float64 // what anybody knows before reading anything
	Down, Up       float64 // the reader must think it possible to be so much lower, so much higher
	Width          float64 // and what he thinks possible must be at least so wide
	Status         Status
	Rule           Rule
	Public         bool        // its value was released before
	Whole          bool        // it is a whole number, as the reader knows
	Keep           bool        // never a secondary
	Cost           float64     // of hiding it
	placed         bool        // belongs to a table of the task, not only to a release
	asked          *Protection // of a value that we do not have
	table, label   string      // where it was first read; none when it is in no table
	line           int
}

// Known reports whether a reader has the value.
func (v Variable) Known() bool { return v.Status == Published || v.Public }

// entire tells a variable of which only whole numbers are possible.
func (s *System) entire(v int) bool { return s.Integer || s.Variables[v].Whole }

// Term is a variable of a relation and its factor.
type Term struct {
	Variable int
	Factor   float64
}

// Relation says that the terms sum to zero, give or take the slack, or to zero at least.
type Relation struct {
	Terms   []Term
	Slack   float64 // of rounded figures
	AtLeast bool
}

// loose reports whether the sum may move.
func (r Relation) loose() bool { return r.AtLeast || r.Slack > 0 }

// play gives how far down and up the sum of a loose relation can go from what it is.
func (s *System) play(r Relation) (down, up float64) {
	sum := 0.0
	for _, t := range r.Terms {
		sum += t.Factor * s.Variables[t.Variable].Value
	}
	if r.AtLeast {
		return max(0, sum), math.Inf(1)
	}
	return max(0, r.Slack+sum), max(0, r.Slack-sum)
}

// System is linked tables as one set of variables and relations.
type System struct {
	Variables []Variable
	Relations []Relation
	Integer   bool
	Model     Model   // what the attack reasons on
	Warnings  []Issue // totals that are not the sum of their parts
	grids     []*grid
	places    [][]int // by table of the task, the variable of each cell
	names     map[string]int
	linked    []located
	touching  map[int][]int // the loose relations of each variable
	held      []bool        // base cells that stand still, while others make the proof; nil: none
	most      int           // how many were to be let go when that was last decided
	tolerance float64       // of a sum, as a part of its total: the largest of the tables
}

// NewSystem links the tables: the same measure at the same codes is the same
// variable. It judges every cell by its table's rules. The error is an Issue, or
// ErrUnproved where no possible values were found for what nobody gives.
func NewSystem(ctx context.Context, task Task) (*System, error) {
	s := &System{Integer: task.Integer, Model: OwnCells, names: map[string]int{}}
	for _, t := range task.Tables {
		if err := s.link(t, given(task.AsGiven)); err != nil {
			return nil, err
		}
	}
	for _, t := range task.Released {
		if err := s.link(t, history); err != nil {
			return nil, err
		}
	}
	if err := s.join(ctx, s.linked); err != nil {
		return nil, err
	}
	s.limit(task.Limits)
	s.differ(task.Differences)
	s.canonical()
	s.touched()
	if err := s.complete(ctx); err != nil {
		return nil, err
	}
	s.price()
	return s, nil
}

// role is what the statuses of a table mean.
type role uint8

const (
	advised role = iota // only "primary" and "not collected" are heard
	stated              // what will be published, to be checked
	history             // what was published
)

func given(asGiven bool) role {
	if asGiven {
		return stated
	}
	return advised
}

func (s *System) link(t Table, r role) error {
	if r == history {
		t.Rules = Rules{} // what was published is not judged again
	}
	g, err := newGrid(t)
	if err != nil {
		return err
	}
	if s.Integer {
		if err := g.whole(); err != nil {
			return err
		}
	}
	s.tolerance = max(s.tolerance, cmp.Or(g.Tolerance, defaultTolerance))
	sums := g.sums()
	s.Warnings = append(s.Warnings, g.check(sums)...)
	place := make([]int, len(g.Cells))
	rules := g.judge()
	for i := range g.Cells {
		if place[i], err = s.place(g, i, rules[i], r); err != nil {
			return err
		}
	}
	for _, sum := range sums {
		s.Relations = append(s.Relations, Relation{Terms: sum.terms(place)})
	}
	s.linked = append(s.linked, located{g, place})
	if r != history {
		s.grids, s.places = append(s.grids, g), append(s.places, place)
	}
	return nil
}

// name is the same for the same figure in every table: the codes that are not
// totals, sorted by their dimensions.
func (g *grid) name(c Cell) string {
	parts := make([]string, 0, len(c.Codes))
	for d, code := range c.Codes {
		if code != g.Dimensions[d].Total {
			parts = append(parts, g.Dimensions[d].Name+"="+code)
		}
	}
	slices.Sort(parts)
	return cmp.Or(c.Measure, g.Measure) + separator + joined(parts)
}

// place finds or makes the variable of a cell.
func (s *System) place(g *grid, i int, rule Rule, r role) (int, error) {
	v := g.variable(i, rule, r)
	at, there := s.names[v.Name]
	if !there {
		s.names[v.Name] = len(s.Variables)
		s.Variables = append(s.Variables, v)
		return len(s.Variables) - 1, nil
	}
	old := &s.Variables[at]
	if known(old.Value) && known(v.Value) && math.Abs(old.Value-v.Value) > cmp.Or(g.Tolerance, defaultTolerance)*max(1, math.Abs(v.Value)) {
		return 0, issue(g.Name, g.Cells[i].Line,
			"%s vaut %v ici et %v ailleurs : une autre mesure, ou une mesure révisée, demande un autre nom",
			"%s is %v here and %v elsewhere: another measure, or a revised one, needs another name", Label(g.Cells[i].Codes), v.Value, old.Value)
	}
	old.merge(v, r)
	return at, nil
}

func (v *Variable) merge(o Variable, r role) {
	if !known(v.Value) {
		v.Value, v.asked = o.Value, cmp.Or(v.asked, o.asked)
	}
	v.Ceiling = min(v.Ceiling, o.Ceiling)
	v.Public, v.Whole = v.Public || o.Public, v.Whole || o.Whole
	if r == history {
		return
	}
	v.placed, v.Keep = true, v.Keep || o.Keep
	v.Down, v.Up, v.Width = max(v.Down, o.Down), max(v.Up, o.Up), max(v.Width, o.Width)
	switch {
	case o.Status == Primary || v.Status == NotCollected:
		v.Status, v.Rule = o.Status, o.Rule
	case o.Status == Secondary && v.Status == Published:
		v.Status = Secondary
	}
}

// variable reads a cell. What is published though a rule refuses it is a primary
// that is public.
func (g *grid) variable(i int, rule Rule, r role) Variable {
	c := g.Cells[i]
	v := Variable{Name: g.name(c), Value: c.Value, Whole: g.Whole, Ceiling: math.Inf(1), Keep: c.Keep, Cost: c.Cost, Rule: rule, placed: r != history,
		table: g.Name, label: Label(c.Codes), line: c.Line}
	if g.Negative {
		v.Floor = math.Inf(-1)
	}
	if c.Ceiling > 0 {
		v.Ceiling = c.Ceiling
	}
	v.Status = g.status(c, r)
	v.Public = v.Status == Published && (r == history || r == stated && rule != NoRule)
	if rule != NoRule {
		v.Status = Primary
	}
	if v.Status == Primary {
		v.protect(g.Protection)
	}
	return v
}

func (g *grid) status(c Cell, r role) Status {
	switch {
	case c.Given == NotCollected || !known(c.Value) && c.Given == Published:
		return NotCollected
	case r == advised:
		return Published
	}
	return c.Given
}

// protect sets what must remain uncertain. Nothing can be asked beyond what
// everybody knows beforehand. Of a value that we do not have ourselves (a table
// read as its readers have it) it is asked of what is deduced: see leaves.
func (v *Variable) protect(p Protection) {
	if !known(v.Value) {
		v.asked = &p
		return
	}
	v.Down = min(p.Lower.of(v.Value), v.Value-v.Floor)
	v.Up = min(p.Upper.of(v.Value), v.Ceiling-v.Value)
	v.Width = p.Sliding.of(v.Value)
}

// limit adds the inequalities wherever all their measures have a cell.
func (s *System) limit(limits []Limit) {
	for _, l := range limits {
		measures := make([]string, 0, len(l.Factors))
		for m := range l.Factors {
			measures = append(measures, m)
		}
		slices.Sort(measures)
		for i := range len(s.Variables) {
			if of, codes, _ := strings.Cut(s.Variables[i].Name, separator); len(measures) > 0 && of == measures[0] && l.holds(codes) {
				s.limitAt(l, measures, codes)
			}
		}
	}
}

// holds tells whether the limit is about the codes of a figure, as name writes them.
func (l Limit) holds(codes string) bool {
	all := strings.Split(codes, separator)
	for dimension, code := range l.Where {
		if !slices.Contains(all, dimension+"="+code) {
			return false
		}
	}
	return true
}

func (s *System) limitAt(l Limit, measures []string, codes string) {
	var terms []Term
	for _, m := range measures {
		at, there := s.names[m+separator+codes]
		if !there {
			return
		}
		terms = append(terms, Term{at, l.Factors[m]})
	}
	s.Relations = append(s.Relations, Relation{Terms: terms, AtLeast: !l.Equal})
}

// price gives a cost to the variables that have none: one each, so that few are
// hidden, and up to a tenth more for the largest, which readers miss most.
func (s *System) price() {
	order := make([]int, len(s.Variables))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		va, vb := s.Variables[a], s.Variables[b]
		return cmp.Or(cmp.Compare(math.Abs(va.Value), math.Abs(vb.Value)), cmp.Compare(va.Name, vb.Name))
	})
	for rank, i := range order {
		if s.Variables[i].Cost == 0 {
			s.Variables[i].Cost = 1 + 0.1*float64(rank)/float64(len(order))
		}
	}
}
