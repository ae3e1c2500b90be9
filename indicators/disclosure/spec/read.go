package spec

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"maillage/indicators/disclosure"
	"maillage/internal/fault"
)

// Open opens a file that the specification names.
type Open func(name string) (io.ReadCloser, error)

// Task reads every table. main is the name of the table of the command line.
func (s *Spec) Task(main string, open Open) (disclosure.Task, error) {
	task := disclosure.Task{Limits: s.Limits, Integer: s.Integer}
	first := s.Table
	first.File = main
	for _, t := range slices.Concat([]Table{first}, s.Linked) {
		read, err := t.read(open)
		if err != nil {
			return task, err
		}
		task.Tables = append(task.Tables, read)
	}
	for _, t := range s.Released {
		t.Rules = nil // what was published is not judged again
		read, err := t.read(open)
		if err != nil {
			return task, err
		}
		task.Released = append(task.Released, read)
	}
	return task, s.placed(task)
}

// placed refuses limits about codes that no table has, and a linked table called as the first.
func (s *Spec) placed(task disclosure.Task) error {
	c := &checker{}
	codes := map[string]bool{}
	for _, t := range slices.Concat(task.Tables, task.Released) {
		for d, dimension := range t.Dimensions {
			for _, cell := range t.Cells {
				codes[dimension.Name+"="+cell.Codes[d]] = true
			}
			for _, parents := range dimension.Groupings {
				for _, parent := range parents {
					codes[dimension.Name+"="+parent] = true
				}
			}
		}
	}
	for i, l := range s.Limits {
		for _, dimension := range slices.Sorted(maps.Keys(l.Where)) {
			if code := l.Where[dimension]; !codes[dimension+"="+code] {
				c.refuse(fmt.Sprintf("limits[%d].where.%s", i, dimension), "unknown", "aucune table n’a le code %q", "no table has code %q", code)
			}
		}
	}
	for i := range s.Linked {
		if name := task.Tables[i+1].Name; name == task.Tables[0].Name {
			c.refuse(fmt.Sprintf("linked[%d].name", i), "twice", "la première table s’appelle aussi %s : donnez un nom à chacune", "the first table is called %s too: give each a name", name)
		}
	}
	return c.located(s.where)
}

func (t Table) read(open Open) (disclosure.Table, error) {
	out := t.outline()
	sheet, err := opened(t.File, t.Delimiter, open)
	if err != nil {
		return out, err
	}
	if out.Cells, err = t.cells(sheet); err != nil {
		return out, err
	}
	for _, d := range t.Dimensions {
		read, err := d.read(t, sheet, open)
		if err != nil {
			return out, err
		}
		out.Dimensions = append(out.Dimensions, read)
	}
	return out, nil
}

// label is how the table is called: its file when it has no name.
func (t Table) label() string { return orElse(t.Name, path.Base(t.File)) }

// Stem is the part of a table's name that is in that of its published file.
func Stem(name string) string {
	name = filepath.Base(name)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// outline is the table without its cells.
func (t Table) outline() disclosure.Table {
	out := disclosure.Table{Name: t.label(), Measure: t.Measure, Tolerance: t.Tolerance, Negative: t.Negative,
		OmitTotals: t.Totals == "omit", Form: t.form()}
	if t.Absent == "unknown" {
		out.Absent = disclosure.AbsentUnknown
	}
	if t.Rules != nil {
		out.Rules = *t.Rules
	}
	if t.Protection != nil {
		out.Protection = *t.Protection
	}
	return out
}

// form writes the published table as this one is read.
func (t Table) form() disclosure.Form {
	f := disclosure.Form{Value: t.Value, Decimal: t.Decimal}
	for _, d := range t.Dimensions {
		f.Columns = append(f.Columns, d.Column)
	}
	if t.Delimiter != "" {
		f.Delimiter = rune(t.Delimiter[0])
	}
	if len(t.Suppressed) > 0 {
		f.Suppressed = t.Suppressed[0]
	}
	if len(t.NotCollected) > 0 {
		f.Missing = t.NotCollected[0]
	}
	return f
}

func opened(name, delimiter string, open Open) (*sheet, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	s, err := readSheet(name, f, delimiter)
	return s, errors.Join(err, f.Close())
}

// columns are where the things of a cell are in the sheet.
type columns struct {
	codes, top                                              []int
	value, count, contributors, status, cost, ceiling, keep int
}

func (t Table) columns(s *sheet) columns {
	c := columns{value: s.column(t.Value), count: s.column(t.Count), contributors: s.column(t.Contributors),
		status: s.column(t.Status), cost: s.column(t.Cost), ceiling: s.column(t.Ceiling), keep: s.column(t.Keep)}
	for _, d := range t.Dimensions {
		c.codes = append(c.codes, s.column(d.Column))
	}
	for _, name := range t.Top {
		c.top = append(c.top, s.column(name))
	}
	return c
}

func (t Table) cells(s *sheet) ([]disclosure.Cell, error) {
	at := t.columns(s)
	if err := s.err(); err != nil {
		return nil, err
	}
	if len(s.rows) == 0 {
		s.refuse(1, t.Value, "empty", "l’en-tête n’a pas de lignes : il n’y a rien à publier", "the header has no rows: there is nothing to publish")
	}
	cells := make([]disclosure.Cell, 0, len(s.rows))
	for row := range s.rows {
		cells = append(cells, t.cell(s, row, at))
	}
	return cells, s.err()
}

func (t Table) cell(s *sheet, row int, at columns) disclosure.Cell {
	c := disclosure.Cell{Line: s.lines[row], Value: disclosure.Unknown()}
	for _, column := range at.codes {
		code := strings.TrimSpace(s.rows[row][column])
		if code == "" {
			s.refuse(s.lines[row], s.header[column], "empty", "un code vide n’est sous aucun total : nommez-le", "an empty code is under no total: name it")
		}
		c.Codes = append(c.Codes, code)
	}
	t.status(s, row, at, &c)
	switch label := strings.TrimSpace(s.rows[row][at.value]); {
	case slices.Contains(t.NotCollected, label):
		c.Given = disclosure.NotCollected
	case slices.Contains(t.Suppressed, label):
		c.Given = disclosure.Primary
	default:
		c.Value = s.number(row, at.value, t.Decimal)
	}
	t.supports(s, row, at, &c)
	t.needed(s, row, c)
	t.contained(s, row, c)
	switch {
	case math.IsNaN(c.Value) && c.Given == disclosure.Published && len(s.faults) == 0:
		s.refuse(s.lines[row], t.Value, "required", "une valeur, ou un des libellés de not_collected", "a value, or one of the labels of not_collected")
	case c.Value < 0 && !t.Negative:
		s.refuse(s.lines[row], t.Value, "negative", "%v est négatif : dites \"negative\": true si c’est voulu", "%v is negative: say \"negative\": true if it is meant", c.Value)
	}
	return c
}

// needed refuses a figure of which the table does not say what a rule asks: it could
// not be judged. Of a figure of zero nobody has contributed anything.
func (t Table) needed(s *sheet, row int, c disclosure.Cell) {
	negative := func(n float64, column string) {
		if n < 0 {
			s.refuse(s.lines[row], column, "negative", "%v est négatif", "%v is negative", n)
		}
	}
	if t.Count != t.Value { // else it is said of the figure
		negative(c.Count, t.Count)
	}
	negative(c.Contributors, t.Contributors)
	if t.Rules == nil || math.IsNaN(c.Value) || c.Given == disclosure.NotCollected {
		return
	}
	r := t.Rules
	empty := func(asked bool, column, rule string) {
		if asked && column != "" {
			s.refuse(s.lines[row], column, "required", "vide : la règle %s ne peut pas juger cette valeur", "empty: rule %s cannot judge this figure", rule)
		}
	}
	empty(r.MinimumCount > 0 && math.IsNaN(c.Count), t.Count, "minimum_count")
	empty(r.MinimumContributors > 0 && math.IsNaN(c.Contributors), t.Contributors, "minimum_contributors")
	if someone := c.Value != 0 || t.Negative && (c.Count > 0 || c.Contributors > 0); someone && len(t.Top) > 0 && len(c.Top) == 0 {
		empty(len(r.Dominance) > 0, t.Top[0], "dominance")
		empty(r.PPercent > 0, t.Top[0], "p_percent")
	}
}

// contained refuses largest contributions that are more than their figure, where nothing
// is negative: one of the two columns is another than the one meant, and the rule of
// dominance would judge anything.
func (t Table) contained(s *sheet, row int, c disclosure.Cell) {
	var sum float64
	for _, x := range c.Top {
		sum += x
	}
	if !t.Negative && len(t.Top) > 0 && c.Value >= 0 && sum > c.Value+tolerated(c.Value) {
		s.refuse(s.lines[row], t.Top[0], "more", "les plus grosses contributions font %v, plus que la valeur %v", "the largest contributions make %v, more than the figure %v", sum, c.Value)
	}
}

// tolerated is by how much rounded contributions may pass their figure.
func tolerated(value float64) float64 { return max(1, value/1000) }

// supports reads what the rules need beside the value.
func (t Table) supports(s *sheet, row int, at columns, c *disclosure.Cell) {
	if c.Count = c.Value; at.count != at.value { // a label of the figure is one of the count that it is
		c.Count = s.number(row, at.count, t.Decimal)
	}
	c.Contributors = s.number(row, at.contributors, t.Decimal)
	for _, column := range at.top {
		x := s.number(row, column, t.Decimal)
		if x < 0 && !t.Negative {
			s.refuse(s.lines[row], s.header[column], "negative", "%v est négatif : dites \"negative\": true si c’est voulu", "%v is negative: say \"negative\": true if it is meant", x)
		}
		if !math.IsNaN(x) {
			c.Top = append(c.Top, x)
		}
	}
	slices.SortStableFunc(c.Top, func(a, b float64) int { return cmp.Compare(math.Abs(b), math.Abs(a)) })
	above := func(column int, least float64, fr, en string) float64 {
		x := s.number(row, column, t.Decimal)
		switch {
		case math.IsNaN(x):
			return 0
		case x <= 0 || x < least:
			s.refuse(s.lines[row], s.header[column], "range", fr, en, x)
		}
		return x
	}
	c.Cost = above(at.cost, 0, "%v : un nombre au-dessus de zéro", "%v: a number above zero")
	c.Ceiling = above(at.ceiling, c.Value-tolerance(t)*max(1, math.Abs(c.Value)), "%v : un nombre au-dessus de zéro, que la valeur ne passe pas", "%v: a number above zero, that the figure does not pass")
	c.Keep = at.keep >= 0 && s.truth(row, at.keep)
}

func tolerance(t Table) float64 { return cmp.Or(t.Tolerance, 1e-6) }

// truth reads yes or no; an empty field is no.
func (s *sheet) truth(row, column int) bool {
	switch text := strings.ToLower(strings.TrimSpace(s.rows[row][column])); text {
	case "true", "1", "yes", "oui", "vrai":
		return true
	case "", "false", "0", "no", "non", "faux":
	default:
		s.refuse(s.lines[row], s.header[column], "boolean", "%q : oui ou non", "%q: yes or no", text)
	}
	return false
}

// status reads what the table says of its own cell.
func (t Table) status(s *sheet, row int, at columns, c *disclosure.Cell) {
	if at.status < 0 {
		return
	}
	text := strings.TrimSpace(s.rows[row][at.status])
	if named, ok := t.Statuses[text]; ok {
		text = named
	}
	status, err := disclosure.ParseStatus(text)
	if err != nil {
		s.refuse(s.lines[row], t.Status, "status", "%q : published, primary, secondary ou not_collected (ou un libellé de statuses)", "%q: published, primary, secondary or not_collected (or a label of statuses)", text)
		return
	}
	c.Given = status
}

func (d Dimension) read(t Table, s *sheet, open Open) (disclosure.Dimension, error) {
	out := disclosure.Dimension{Name: d.label(), Total: d.Total}
	for _, h := range d.Hierarchies {
		g, err := h.read(d, t, s, open)
		if err != nil {
			return out, err
		}
		out.Groupings = append(out.Groupings, g)
	}
	return out, nil
}

func (h Hierarchy) read(d Dimension, t Table, s *sheet, open Open) (map[string]string, error) {
	switch {
	case len(h.Parents) > 0:
		return h.Parents, nil
	case len(h.Columns) > 0:
		return chain(s, append(slices.Clone(h.Columns), d.Column), d)
	}
	file, err := opened(h.File, t.Delimiter, open)
	if err != nil {
		return nil, err
	}
	if len(h.Levels) > 0 {
		return chain(file, h.Levels, d)
	}
	return chain(file, []string{orElse(h.Parent, "parent"), orElse(h.Child, "child")}, d)
}

func orElse(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// chain reads child → parent from columns that go from the widest to the finest.
// A code that repeats that of the level above is the same code; an empty one is
// no level.
func chain(s *sheet, levels []string, d Dimension) (map[string]string, error) {
	at := make([]int, len(levels))
	for i, name := range levels {
		at[i] = s.column(name)
	}
	if err := s.err(); err != nil {
		return nil, err
	}
	parents := map[string]string{}
	for row := range s.rows {
		up := ""
		for _, column := range at {
			code := strings.TrimSpace(s.rows[row][column])
			if code == "" || code == up {
				continue
			}
			s.under(row, column, parents, code, up, d)
			up = code
		}
	}
	return parents, s.err()
}

// under notes that a code is under another; being under two, or under itself, is a fault.
func (s *sheet) under(row, column int, parents map[string]string, code, up string, d Dimension) {
	if up == "" || up == d.Total {
		return
	}
	if other, there := parents[code]; there && other != up {
		s.refuse(s.lines[row], s.header[column], "parent", "%s est sous %s et sous %s", "%s is under %s and under %s", code, other, up)
		return
	}
	if above(parents, up, d.Total, code) {
		s.refuse(s.lines[row], s.header[column], "loop", "dimension %s : %s est au-dessus de lui-même", "dimension %s: %s is above itself", d.label(), code)
		return
	}
	parents[code] = up
}

// above tells whether a code is another one, or above it. What is over the total means
// nothing, and a loop that the code is not in ends.
func above(parents map[string]string, from, total, code string) bool {
	for range len(parents) + 1 {
		if from == code && code != total {
			return true
		}
		if from == "" || from == total {
			return false
		}
		from = parents[from]
	}
	return false
}

// Refused turns an issue of the tables into a fault, located.
func Refused(err error) error {
	var i disclosure.Issue
	if !errors.As(err, &i) {
		return err
	}
	return fault.Invalid(fault.Field{Path: i.Where(), Code: "table", Message: i.Text})
}

// Inconsistent refuses totals that are not the sum of their parts where the
// specification says so.
func (s *Spec) Inconsistent(warnings []disclosure.Issue) error {
	if s.Table.Inconsistent != "refuse" || len(warnings) == 0 {
		return nil
	}
	var fields []fault.Field
	for _, i := range warnings[:min(len(warnings), maxFaults)] {
		fields = append(fields, fault.Field{Path: i.Where(), Code: "sum", Message: i.Text})
	}
	if more := len(warnings) - len(fields); more > 0 {
		fields = append(fields, fault.At("…", "sum", fmt.Sprintf("et %d autres", more), fmt.Sprintf("and %d more", more)))
	}
	return fault.Invalid(fields...)
}
