package fairness

import (
	"math"
	"slices"
)

// Report is what is said of everybody.
type Report struct {
	Tables []Table
	Hours  []HoursTable
}

// Table is one metric in one dimension.
type Table struct {
	Metric    Metric
	Dimension Dimension
	Unit      Unit
	Total     int // in the denominator
	Yes       int
	Few       bool // too few to say anything: fewer than K, or no group that may be shown
	Rows      []Row
}

// Row is one group.
type Row struct {
	Group  string
	Merged []string // groups told together, since one is too small to be told alone; Group is then empty
	N, Yes int
	Rate   float64
	Within Interval // Wilson
	// Rest compares with everybody else of the table; RestN 0: there is nobody else.
	RestN       int
	RestRate    float64
	Difference  Interval // Newcombe
	Ratio       float64
	RatioWithin Interval // MOVER-R
	RatioKnown  bool
	// OfHighest is the rate over that of the group with the highest one, which
	// the four-fifths rule compares with 0.8; 0 where there is none.
	OfHighest float64
	// Standard is the rate if the group had the occupations and distances of
	// everybody; Covered is the part of everybody on which it could be computed.
	Standard      float64
	Covered       float64
	StandardKnown bool
}

// fewest is how many a stratum must hold of a group to speak of its rate, and
// covered how much of everybody the strata must hold.
const (
	fewest  = 5
	covered = 0.5
)

// Audit makes the report of people and proposals.
func Audit(subjects []Subject) Report {
	var out Report
	for _, m := range Metrics() {
		for _, d := range Dimensions() {
			out.Tables = append(out.Tables, table(subjects, m, d))
		}
	}
	for _, d := range Dimensions() {
		out.Hours = append(out.Hours, hours(subjects, d))
	}
	return out
}

// cell counts a group, whole and by stratum.
type cell struct {
	n, yes int
	by     map[string]*cell
}

func (c *cell) add(s *Subject, yes bool) {
	c.n++
	if yes {
		c.yes++
	}
	if c.by == nil {
		return
	}
	if c.by[s.Stratum] == nil {
		c.by[s.Stratum] = &cell{}
	}
	c.by[s.Stratum].add(s, yes)
}

func table(subjects []Subject, m Metric, d Dimension) Table {
	groups := d.Groups()
	cells := make([]*cell, len(groups))
	for i := range cells {
		cells[i] = &cell{by: map[string]*cell{}}
	}
	all := &cell{by: map[string]*cell{}}
	for i := range subjects {
		s := &subjects[i]
		if !s.Counted[m] {
			continue
		}
		all.add(s, s.Yes[m])
		cells[place(groups, s.Groups[d])].add(s, s.Yes[m])
	}
	out := Table{Metric: m, Dimension: d, Unit: m.Unit(), Few: all.n < K}
	if out.Few {
		return out
	}
	if out.Rows = rows(groups, cells, all); len(out.Rows) == 0 {
		out.Few = true
		return out
	}
	out.Total, out.Yes = all.n, all.yes
	return out
}

// place is where a group stands; what the dimension does not list is unknown.
func place(groups []string, name string) int {
	if i := slices.Index(groups, name); i >= 0 {
		return i
	}
	return len(groups) - 1
}

// rows tells the groups that may be told alone, then the others together.
func rows(groups []string, cells []*cell, all *cell) []Row {
	sizes := make([]int, len(cells))
	for i, c := range cells {
		sizes[i] = c.n
	}
	var out []Row
	var merged []string
	others := &cell{by: map[string]*cell{}}
	for i, shown := range Protect(sizes) {
		switch {
		case cells[i].n == 0:
		case shown:
			out = append(out, row(groups[i], cells[i], all))
		default:
			merged = append(merged, groups[i])
			others.join(cells[i])
		}
	}
	if len(out) == 0 {
		return nil
	}
	if len(merged) > 0 {
		r := row("", others, all)
		r.Merged = merged
		out = append(out, r)
	}
	against(out)
	return out
}

// join adds another cell, stratum by stratum.
func (c *cell) join(o *cell) {
	c.n, c.yes = c.n+o.n, c.yes+o.yes
	for name, part := range o.by {
		if c.by[name] == nil {
			c.by[name] = &cell{}
		}
		c.by[name].n += part.n
		c.by[name].yes += part.yes
	}
}

func row(name string, c, all *cell) Row {
	r := Row{Group: name, N: c.n, Yes: c.yes, Rate: rate(c.yes, c.n), Within: Wilson(c.yes, c.n)}
	if rest := all.n - c.n; rest > 0 {
		r.RestN, r.RestRate = rest, rate(all.yes-c.yes, rest)
		r.Difference = Difference(c.yes, c.n, all.yes-c.yes, rest)
		r.Ratio, r.RatioWithin, r.RatioKnown = Ratio(c.yes, c.n, all.yes-c.yes, rest)
	}
	r.Standard, r.Covered = standard(c, all)
	r.StandardKnown = r.Covered >= covered
	if !r.StandardKnown {
		r.Standard = 0
	}
	return r
}

// standard is the direct standardisation of a rate: what it would be if the group
// were spread over the strata as everybody is, over those where it is known.
func standard(c, all *cell) (rateOf, share float64) {
	weight := 0.0
	for _, name := range keys(all.by) {
		part := c.by[name]
		if part == nil || part.n < fewest {
			continue
		}
		w := float64(all.by[name].n)
		weight += w
		rateOf += w * rate(part.yes, part.n)
	}
	if weight == 0 {
		return 0, 0
	}
	return rateOf / weight, weight / float64(all.n)
}

func keys(m map[string]*cell) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// against fills the comparison with the highest rate shown.
func against(all []Row) {
	highest := 0.0
	for _, r := range all {
		highest = max(highest, r.Rate)
	}
	for i := range all {
		if highest > 0 {
			all[i].OfHighest = all[i].Rate / highest
		}
	}
}

// HoursTable is the time to a first answer, in one dimension.
type HoursTable struct {
	Dimension Dimension
	Few       bool
	Rows      []HoursRow
}

// HoursRow is one group: whole hours, of the half and of three quarters of them.
type HoursRow struct {
	Group  string
	Merged []string
	N      int
	Half   int
	Most   int
}

func hours(subjects []Subject, d Dimension) HoursTable {
	groups := d.Groups()
	values, sizes, total := make([][]float64, len(groups)), make([]int, len(groups)), 0
	for i := range subjects {
		s := &subjects[i]
		if s.Counted[Answered] && s.Yes[Answered] {
			at := place(groups, s.Groups[d])
			values[at] = append(values[at], s.Hours)
			sizes[at]++
			total++
		}
	}
	out := HoursTable{Dimension: d, Few: total < K}
	if out.Few {
		return out
	}
	var merged []string
	var others []float64
	for i, shown := range Protect(sizes) {
		switch {
		case sizes[i] == 0:
		case shown:
			out.Rows = append(out.Rows, hoursRow(groups[i], values[i]))
		default:
			merged, others = append(merged, groups[i]), append(others, values[i]...)
		}
	}
	if out.Few = len(out.Rows) == 0; !out.Few && len(merged) > 0 {
		r := hoursRow("", others)
		r.Merged = merged
		out.Rows = append(out.Rows, r)
	}
	return out
}

func hoursRow(group string, values []float64) HoursRow {
	slices.Sort(values)
	return HoursRow{Group: group, N: len(values), Half: quantile(values, 0.5), Most: quantile(values, 0.75)}
}

// quantile is the value below which a part of sorted ones are, to the hour.
func quantile(sorted []float64, part float64) int {
	at := int(math.Ceil(part*float64(len(sorted)))) - 1
	return int(math.Round(sorted[max(0, at)]))
}
