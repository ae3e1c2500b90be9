package figures

import (
	"context"
	"math/big"
	"slices"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

// Table is one of the tables of the federation's report: lines by columns.
type Table struct {
	Columns []TableColumn
	Lines   []Line
}

// TableColumn is a year, and for the workforce what it is counted in.
type TableColumn struct {
	Year      int
	Unit      compute.Unit    // empty for the exits
	Withheld  bool            // the whole column, since a count in it could tell of few people or contributors
	Frame     int             // enterprises of whom it is asked
	Responded int             // the fewest that answered a line
	Breaks    []compute.Break // why it is not read beside the year before
	Dataset   string          // the release that gives it, and its version; empty: none does
	Version   string
}

// Line is a line with a number for each column.
type Line struct {
	compute.ReportRow
	Numbers []Number
}

// Number is one number of a table. Exact is not rounded; nil unless it is known.
// What is neither known, nor withheld, nor awaited is not collected.
type Number struct {
	Known     bool
	Withheld  bool
	Awaited   bool // asked, and nobody answered
	Exact     *big.Rat
	Count     *big.Rat // of a share: how many; nil elsewhere
	Frame     int      // enterprises of whom it is asked
	Responded int
}

// Report is the two tables of the federation's report, for everybody.
type Report struct {
	Definition compute.Definition
	Exits      Table
	Observed   []Number // exits observed, by column of Exits
	Withdrawn  []Number // exits that left them, whose number is published apart
	Workforce  Table
	Breaks     []compute.Break
	Alerts     []compute.Alert // of what is shown; empty to who may not look at them
}

// Report makes the two tables from the counts of every year that has some, under
// a definition of the exits, for who may read counts before they are protected: what
// everybody reads was released. A column is shown whole or not at all: it is
// withheld when one of its counts is of fewer than five persons or three economic
// groups, or when one group makes more than 85 % of it, so that no line can be
// found from the others.
func (s *Service) Report(ctx context.Context, d compute.Definition) (*Report, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, err
	}
	years, err := s.years(ctx)
	if err != nil {
		return nil, err
	}
	r := &Report{Definition: d}
	r.exits(years, d)
	r.workforce(years)
	r.Alerts = alertsOf(years)
	if len(years) > 0 {
		r.Breaks, err = s.Breaks(ctx, years[0].Year, years[len(years)-1].Year)
		r.Breaks = Reported(r.Breaks)
	}
	r.Mark()
	return r, err
}

// Mark tells each column its breaks: those of its indicators and unit.
func (r *Report) Mark() {
	for i := range r.Exits.Columns {
		c := &r.Exits.Columns[i]
		c.Breaks = breaksIn(r.Breaks, r.Exits.before(i), c.Year, "C04", "C05", "C06", "C07", "C08")
	}
	for i := range r.Workforce.Columns {
		c := &r.Workforce.Columns[i]
		of := []string{"C01", "C03"}
		if c.Unit == compute.InFTE {
			of = []string{"C02", "C03"}
		}
		c.Breaks = breaksIn(r.Breaks, r.Workforce.before(i), c.Year, of...)
	}
}

// before is the year of the column that one is read beside; its own where it is the first.
func (t *Table) before(i int) int {
	if i > 0 && t.Columns[i-1].Unit == t.Columns[i].Unit {
		return t.Columns[i-1].Year
	}
	return t.Columns[i].Year
}

// BreaksOf are the breaks of a line in a column: those of its indicator and of what that
// one counts; of a total that is no indicator, those of the column.
func (c *TableColumn) BreaksOf(l compute.ReportRow) []compute.Break {
	indicator := l.Indicator()
	if indicator == "C01" && c.Unit == compute.InFTE {
		indicator = "C02"
	}
	of := reported
	if indicator != "" {
		of = compute.BrokenBy(indicator)
	}
	return compute.Between(c.Breaks, 0, c.Year, compute.AllKinds, of...)
}

// breaksIn are those of some indicators after a year and up to another one.
func breaksIn(all []compute.Break, after, until int, indicators ...string) (list []compute.Break) {
	for _, b := range all {
		if b.Year > after && b.Year <= until && slices.Contains(indicators, b.Indicator) {
			list = append(list, b)
		}
	}
	return list
}

// Breaks are those of every indicator, after a first year and up to a last one: facts of
// the method, that everybody reads.
func (s *Service) Breaks(ctx context.Context, first, last int) ([]compute.Break, error) {
	refs, err := microdata.ReferencesIn(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	recorded, err := microdata.BreaksIn(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	out := append(refs.BreaksOf(first, last), compute.RuleBreaks(first, last)...)
	for _, b := range recorded {
		if b.Year > first && b.Year <= last {
			out = append(out, b)
		}
	}
	return out, nil
}

// Reported keeps the breaks of the indicators of the two tables.
func Reported(all []compute.Break) []compute.Break {
	return slices.DeleteFunc(slices.Clone(all), func(b compute.Break) bool { return !slices.Contains(reported, b.Indicator) })
}

// reported are the indicators of the two tables: a break of another one is not theirs.
var reported = []string{"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08"}

// ReportedIndicators lists the indicators of the two tables.
func ReportedIndicators() []string { return slices.Clone(reported) }

func (r *Report) exits(years []compute.Year, d compute.Definition) {
	var with []compute.Year
	for _, y := range years {
		if n := compute.ExitsObservedIn(y); n.Known && n.Exact.Sign() > 0 && ofSeveral(n) {
			with = append(with, y)
		}
	}
	rows := compute.ExitRows(d, with...)
	var numbers [][]compute.Number
	for _, y := range with {
		var column []compute.Number
		for _, row := range rows {
			column = append(column, compute.ExitShare(y, row.ID, d))
		}
		numbers = append(numbers, column)
		c := columnOf(y.Year, "", column)
		for l, n := range column {
			c.Withheld = c.Withheld || ofEverybody(n) && !rows[l].Rare()
		}
		r.Exits.Columns = append(r.Exits.Columns, c)
	}
	r.Exits.Lines = linesOf(rows, numbers, r.Exits.Columns)
	for i, y := range with {
		r.Observed = append(r.Observed, shown(compute.ExitsObservedIn(y), r.Exits.Columns[i]))
		r.Withdrawn = append(r.Withdrawn, apart(compute.ExitsWithdrawnIn(y)))
		for l := range r.Exits.Lines {
			r.Exits.Lines[l].Numbers[i].Count = shown(compute.ExitCount(y, r.Exits.Lines[l].ID, d), r.Exits.Columns[i]).Exact
		}
	}
}

// workforce has its headcounts first, then its FTE, as the report has.
func (r *Report) workforce(years []compute.Year) {
	rows := compute.WorkforceRows()
	var numbers [][]compute.Number
	for _, u := range compute.Units() {
		for _, y := range years {
			var column []compute.Number
			known := false
			for _, row := range rows {
				n := compute.Workforce(y, row.ID, u)
				known = known || n.Known && ofSeveral(n)
				column = append(column, n)
			}
			if known {
				numbers = append(numbers, column)
				r.Workforce.Columns = append(r.Workforce.Columns, columnOf(y.Year, u, column))
			}
		}
	}
	r.Workforce.Lines = linesOf(rows, numbers, r.Workforce.Columns)
}

// ofSeveral tells a number that enough economic groups make for the year to be one
// of the federation: a year of which one or two sent records has no column yet.
func ofSeveral(n compute.Number) bool {
	for _, c := range n.Cells {
		if c.Contributors >= Shown().Groups {
			return true
		}
	}
	return false
}

// ofEverybody tells a share of nobody or of everybody: it says of each person what
// became of them, or did not. The lines that are left out where nobody is in them
// say no more where they are there.
func ofEverybody(share compute.Number) bool {
	return share.Known && (share.Exact.Sign() == 0 || share.Exact.Cmp(big.NewRat(100, 1)) == 0)
}

// columnOf decides whether a column may be shown, and says what it covers.
func columnOf(year int, u compute.Unit, column []compute.Number) TableColumn {
	out := TableColumn{Year: year, Unit: u}
	for _, n := range column {
		for _, c := range n.Cells {
			out.Withheld = out.Withheld || !Shown().safe(c)
		}
		if n.Known && n.Frame > out.Frame {
			out.Frame, out.Responded = n.Frame, n.Asked
		}
	}
	return out
}

func linesOf(rows []compute.ReportRow, numbers [][]compute.Number, columns []TableColumn) []Line {
	var out []Line
	for i, row := range rows {
		line := Line{ReportRow: row}
		for j := range columns {
			line.Numbers = append(line.Numbers, shown(numbers[j][i], columns[j]))
		}
		out = append(out, line)
	}
	return out
}

// shown is a number as everybody may read it: what nobody gave is not withheld, in
// whatever column it is.
func shown(n compute.Number, in TableColumn) Number {
	if in.Withheld && n.Known {
		return Number{Withheld: true}
	}
	return Number{Known: n.Known, Awaited: n.Awaited, Exact: n.Exact, Frame: n.Frame, Responded: n.Asked}
}

// apart is a number that is in no sum of a table: it is withheld alone.
func apart(n compute.Number) Number {
	return shown(n, TableColumn{Withheld: slices.ContainsFunc(n.Cells, func(c compute.Cell) bool { return !Shown().safe(c) })})
}
