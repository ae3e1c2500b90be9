package web

import (
	"context"
	"io"
	"math/big"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
)

const reportPath = observatoryPath + "/rapport"

// ReportPage is the two tables of the federation's report, over every year that was counted.
type ReportPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Bars          *BarsFigure
	Exits         ReportTable
	Workforce     ReportTable
	Empty         *Empty
	Notes         []string
	Alerts        []ReportAlert
	Files         []Link
	Send          string // where to send records; empty to who may not
}

// ReportTable is a table of the report: groups of columns, lines that are parts of others.
type ReportTable struct {
	Caption, Section, Corner, Note string
	Groups                         []ReportGroup
	Head                           []string
	Rows                           []ReportRow
	Key                            []ValueStatus
}

// ReportGroup names some columns together; a table whose groups are empty has none.
type ReportGroup struct {
	Name string
	Span int
}

// ReportRow is a line and how deep it is.
type ReportRow struct {
	Name  string
	Depth int
	Cells []Value
}

// ReportAlert is something to look at, shown to who may correct it.
type ReportAlert struct{ Text string }

func (s *Server) report(c *call) error {
	d := c.definition()
	r, err := s.cfg.Figures.Report(c.r.Context(), d)
	if err != nil {
		return err
	}
	title := c.T("report.title")
	page := &ReportPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.reportHeading(r), Lead: c.T("report.lead"), Tabs: c.definitions(d)}
	if c.canObserve(accounts.ObservatoryImport) {
		page.Send = recordsPath
	}
	if len(r.Exits.Columns)+len(r.Workforce.Columns) == 0 {
		page.Empty = &Empty{Title: c.T("report.none"), Text: c.T("report.none_text"), Actions: []Link{{c.T("observatory.title"), observatoryPath}}}
		return c.show("report", page)
	}
	if bars := c.exitBars(r); bars != nil {
		fig := c.drawBars(*bars)
		page.Bars = &fig
	}
	page.Exits, page.Workforce = c.exitTable(r), c.workforceTable(r)
	page.Notes, page.Alerts = c.reportNotes(r, d), c.reportAlerts(r)
	for _, f := range []string{"sorties.csv", "sorties.xlsx", "effectifs.csv", "effectifs.xlsx"} {
		page.Files = append(page.Files, Link{c.T("report.file_" + strings.ReplaceAll(f, ".", "_")), reportPath + "/" + f + c.ofDefinition(d)})
	}
	return c.show("report", page)
}

// definition reads which body's reading of six months is asked for.
func (c *call) definition() compute.Definition {
	if compute.Definition(c.query("definition")) == compute.Dares {
		return compute.Dares
	}
	return compute.COORACE
}

func (c *call) ofDefinition(d compute.Definition) string {
	if d == compute.Dares {
		return "?definition=dares"
	}
	return ""
}

func (c *call) definitions(chosen compute.Definition) []Option {
	var out []Option
	for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
		out = append(out, Option{Value: reportPath + c.ofDefinition(d), Text: c.T("report.by_" + string(d)), Selected: d == chosen})
	}
	return out
}

// reportHeading says the last share in words: six in ten.
func (c *Locale) reportHeading(r *figures.Report) string {
	if n := lastShown(r, "dynamic"); n != nil {
		tens := compute.Rounded(new(big.Rat).Quo(n, big.NewRat(10, 1)), 0)
		if tens < 2 {
			return c.T("report.title")
		}
		return c.T("report.heading", "N", c.T("report.tens_"+strconv.FormatInt(tens, 10)))
	}
	return c.T("report.title")
}

// lastShown is the latest number of a line of the exits; nil where none is shown.
func lastShown(r *figures.Report, id string) *big.Rat {
	for _, l := range r.Exits.Lines {
		for i := len(l.Numbers) - 1; l.ID == id && i >= 0; i-- {
			if l.Numbers[i].Known {
				return l.Numbers[i].Exact
			}
		}
	}
	return nil
}

// label says a line of the report; the length of a contract follows the definition.
func (c *call) label(l compute.ReportRow) string {
	if c.Lang == English {
		return l.Label.EN
	}
	return typo(l.Label.FR)
}

// counted is a number of the report as a value: a share in whole percents, or a count.
func (c *Locale) counted(n figures.Number) Value {
	switch {
	case n.Withheld:
		return Value{Status: Masked}
	case !n.Known:
		return Value{Status: NotCollected}
	}
	exact, _ := n.Exact.Float64()
	return Value{Number: exact, Text: c.Num(int(compute.Rounded(n.Exact, 0)))}
}

func (c *Locale) exitBars(r *figures.Report) *StackedBars {
	if len(r.Exits.Columns) == 0 {
		return nil
	}
	bars := &StackedBars{ChartFrame: ChartFrame{ID: "sorties", Title: c.T("report.chart_title"), Desc: c.T("report.chart_desc"), Caption: c.T("report.chart_caption")},
		Unit: "%", Total: c.T("report.dynamic"), Corner: c.T("report.exits_corner"), Table: c.T("report.exits_caption")}
	by := map[string]figures.Line{}
	for _, l := range r.Exits.Lines {
		by[l.ID] = l
	}
	for _, id := range []string{"durable", "transition", "positive"} {
		bars.Parts = append(bars.Parts, c.T("report.part_"+id))
	}
	for i, col := range r.Exits.Columns {
		one := BarColumn{Name: strconv.Itoa(col.Year), Whole: c.counted(by["dynamic"].Numbers[i])}
		for _, id := range []string{"durable", "transition", "positive"} {
			one.Parts = append(one.Parts, c.counted(by[id].Numbers[i]))
		}
		bars.Columns = append(bars.Columns, one)
	}
	return bars
}

func (c *call) exitTable(r *figures.Report) ReportTable {
	t := ReportTable{Section: c.T("report.exits"), Caption: c.T("report.exits_caption"), Corner: c.T("report.exits_corner")}
	t.fill(c, r.Exits)
	observed := ReportRow{Name: c.T("report.observed")}
	for _, n := range r.Observed {
		observed.Cells = append(observed.Cells, c.counted(n))
	}
	if len(r.Observed) > 0 {
		t.Rows = append(t.Rows, observed)
	}
	t.Note = c.roundingNote(r)
	return t
}

// roundingNote explains a column whose rounded parts do not sum to its rounded total.
func (c *Locale) roundingNote(r *figures.Report) string {
	by := map[string]figures.Line{}
	for _, l := range r.Exits.Lines {
		by[l.ID] = l
	}
	for i := len(r.Exits.Columns) - 1; i >= 0; i-- {
		total, sum := by["dynamic"].Numbers[i], int64(0)
		var parts []string
		for _, id := range []string{"durable", "transition", "positive"} {
			n := by[id].Numbers[i]
			if !n.Known || !total.Known {
				return ""
			}
			sum += compute.Rounded(n.Exact, 0)
			parts = append(parts, c.counted(n).Text)
		}
		if whole := compute.Rounded(total.Exact, 0); sum != whole {
			return c.T("report.rounding", "Year", strconv.Itoa(r.Exits.Columns[i].Year), "Parts", strings.Join(parts, " + "), "Sum", c.Num(int(sum)), "Total", c.Num(int(whole)))
		}
	}
	return ""
}

func (c *call) workforceTable(r *figures.Report) ReportTable {
	t := ReportTable{Section: c.T("report.workforce"), Caption: c.T("report.workforce_caption"), Corner: c.T("report.workforce_corner"), Note: c.T("report.nd_note")}
	t.fill(c, r.Workforce)
	for _, u := range compute.Units() {
		n := 0
		for _, col := range r.Workforce.Columns {
			if col.Unit == u {
				n++
			}
		}
		if n > 0 {
			t.Groups = append(t.Groups, ReportGroup{c.T("report.unit_" + string(u)), n})
		}
	}
	return t
}

func (t *ReportTable) fill(c *call, of figures.Table) {
	var rows []ChartRow
	for _, col := range of.Columns {
		t.Head = append(t.Head, strconv.Itoa(col.Year))
	}
	for _, l := range of.Lines {
		row := ReportRow{Name: c.label(l.ReportRow), Depth: l.Depth}
		for _, n := range l.Numbers {
			row.Cells = append(row.Cells, c.counted(n))
		}
		t.Rows = append(t.Rows, row)
		rows = append(rows, ChartRow{Cells: row.Cells})
	}
	t.Key = keyOf(rows)
}

// reportNotes say the rule, the coverage and the breaks.
func (c *call) reportNotes(r *figures.Report, d compute.Definition) []string {
	out := []string{c.T("report.rule_" + string(d)), c.T("report.rule_presence")}
	for _, t := range []struct {
		key   string
		table figures.Table
	}{{"report.covered_exits", r.Exits}, {"report.covered_workforce", r.Workforce}} {
		if n := len(t.table.Columns); n > 0 {
			last := t.table.Columns[n-1]
			out = append(out, c.T(t.key, "Responded", c.Num(last.Responded), "Frame", c.Num(last.Frame), "Year", strconv.Itoa(last.Year)))
		}
	}
	for _, b := range r.Breaks {
		why := typo(b.Why.FR)
		if c.Lang == English {
			why = b.Why.EN
		}
		out = append(out, c.T("report.break", "Year", strconv.Itoa(b.Year), "Indicator", b.Indicator, "Kind", or(string(b.Kind), c.T("report.every_kind")), "Why", why))
	}
	return append(out, c.T("report.withheld"))
}

func (c *call) reportAlerts(r *figures.Report) []ReportAlert {
	var out []ReportAlert
	for _, a := range r.Alerts {
		out = append(out, ReportAlert{c.T("report.alert_"+string(a.Code), "Year", strconv.Itoa(a.Year), "What", c.T("report.measure_"+strings.ReplaceAll(string(a.Measure), ".", "_")),
			"Persons", c.amount(a.Code, a.Persons), "FTE", c.amount(a.Code, a.FTE))})
	}
	return out
}

// amount says a move in percents with its sign, or a number.
func (c *call) amount(code compute.AlertCode, x *big.Rat) string {
	if x == nil {
		return ""
	}
	v, _ := x.Float64()
	if code != compute.OutOfLine {
		return c.Decimal(v, 1)
	}
	text := c.withUnit(c.Decimal(100*v, 1), "%")
	if v > 0 {
		return "+" + text
	}
	return text
}

// reportFile sends one table of the report as a file.
func (s *Server) reportFile(name, kind string) func(*call) error {
	return func(c *call) error {
		r, err := s.cfg.Figures.Report(c.r.Context(), c.definition())
		if err != nil {
			return err
		}
		table := r.Exits
		if name == "effectifs" {
			table = r.Workforce
		}
		if kind == "xlsx" {
			return c.attach(name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error { return figures.WriteXLSX(w, name, table, string(c.Lang)) })
		}
		return c.attach(name+".csv", "text/csv; charset=utf-8; header=present", func(w io.Writer) error { return figures.WriteCSV(w, table, string(c.Lang)) })
	}
}

// canObserve says whether to link to what only some may see of the observatory.
func (c *call) canObserve(a accounts.Action) bool {
	return c.s.cfg.Figures != nil && accounts.Permits(c.who.Identity, a) == nil
}

// reportSeries gives the pages of indicators the one series that is counted and
// shown to everybody before a release is made: that of the report.
type reportSeries struct{ figures *figures.Service }

// Series gives the dynamic exits.
func (s reportSeries) Series(ctx context.Context, id catalogue.ID, l *Locale) (IndicatorSeries, bool, error) {
	if id != keyIndicator {
		return IndicatorSeries{}, false, nil
	}
	r, err := s.figures.Report(ctx, compute.COORACE)
	if err != nil || lastShown(r, "dynamic") == nil {
		return IndicatorSeries{}, false, err
	}
	return IndicatorSeries{Heading: l.reportHeading(r), Section: l.T("report.exits"), Bars: l.exitBars(r), Note: l.roundingNote(r), Coverage: l.covered(r),
		Files: []Link{{l.T("report.see"), reportPath}}, Chosen: map[catalogue.ID]int{"C08": presenceOf(r)}}, true, nil
}

// covered says how many enterprises the last year is of.
func (c *Locale) covered(r *figures.Report) string {
	last := r.Exits.Columns[len(r.Exits.Columns)-1]
	return c.T("report.covered_exits", "Responded", c.Num(last.Responded), "Frame", c.Num(last.Frame), "Year", strconv.Itoa(last.Year))
}

// presenceOf is the version of C08 that the last year follows.
func presenceOf(r *figures.Report) int {
	if compute.COORACE.In(r.Exits.Columns[len(r.Exits.Columns)-1].Year) == compute.COORACE {
		return 2
	}
	return 1
}
