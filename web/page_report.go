package web

import (
	"io"
	"strings"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/publication"
	"maillage/internal/fault"
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
	Release       *Link  // the version that gives the figures
	Live          string // that nothing of what is shown was released
	Today         string // the counts of today, to who may read them
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
	r, v, err := c.readReport(d)
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
	page.tellRelease(c, v)
	for _, f := range []string{"sorties.csv", "sorties.xlsx", "effectifs.csv", "effectifs.xlsx"} {
		if v != nil {
			page.Files = append(page.Files, Link{c.T("report.file_" + strings.ReplaceAll(f, ".", "_")), reportPath + "/" + f + c.ofDefinition(d)})
		}
	}
	return c.show("report", page)
}

// readReport reads what was released, with the version that gives it; who may read counts
// before they are protected may ask for those of today, which no version gives.
func (c *call) readReport(d compute.Definition) (*figures.Report, *publication.Version, error) {
	if c.query("vue") == "compte" && c.canObserve(accounts.ObservatoryRead) {
		r, err := c.s.cfg.Figures.Report(c.r.Context(), d)
		return r, nil, err
	}
	if c.s.cfg.Releases == nil {
		return &figures.Report{}, nil, nil
	}
	r, err := c.s.cfg.Releases.Report(c.r.Context(), d)
	if err != nil {
		return nil, nil, err
	}
	return &r.Report, r.Version, nil
}

// tellRelease says which version the figures come from, or that none gives them.
func (p *ReportPage) tellRelease(c *call, v *publication.Version) {
	if v == nil {
		p.Live = c.T("report.live")
		return
	}
	p.Release = &Link{c.T("report.version", "Version", v.Version, "Date", c.ShortDate(v.PublishedAt)), datasetPath(v.Dataset, v.Version)}
	if c.canObserve(accounts.ObservatoryRead) {
		p.Today = reportPath + "?vue=compte"
	}
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

// label says a line of the report.
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
	case n.Awaited:
		return Value{Status: Awaited}
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
		one := BarColumn{Name: c.headOf(col), Whole: c.counted(by["dynamic"].Numbers[i])}
		for _, id := range []string{"durable", "transition", "positive"} {
			one.Parts = append(one.Parts, c.counted(by[id].Numbers[i]))
		}
		if len(col.Breaks) > 0 {
			bars.Breaks = append(bars.Breaks, SeriesBreak{Before: i, Why: c.breakText(col.Breaks)})
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
	if len(r.Withdrawn) > 0 {
		apart := ReportRow{Name: c.T("report.withdrawn")}
		for _, n := range r.Withdrawn {
			apart.Cells = append(apart.Cells, c.counted(n))
		}
		t.Rows = append(t.Rows, apart)
	}
	t.Note = c.roundingNote(r)
	return t
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
		t.Head = append(t.Head, c.headOf(col))
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

// headOf names the year of a column, with the sign of a break before it.
func (c *Locale) headOf(col figures.TableColumn) string {
	return c.yearHead(col.Year, len(col.Breaks) > 0)
}

// reportFile sends one table of the report as a file.
func (s *Server) reportFile(name, kind string) func(*call) error {
	return func(c *call) error {
		if s.cfg.Releases == nil {
			return fault.NotFound("report", name)
		}
		released, err := s.cfg.Releases.Report(c.r.Context(), c.definition())
		if err != nil {
			return err
		}
		r := &released.Report
		table := &r.Exits
		if name == "effectifs" {
			table = &r.Workforce
		}
		if kind == "xlsx" {
			return c.attach(name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error { return figures.WriteXLSX(w, name, r, table, string(c.Lang)) })
		}
		return c.attach(name+".csv", "text/csv; charset=utf-8; header=present", func(w io.Writer) error { return figures.WriteCSV(w, r, table, string(c.Lang)) })
	}
}

// canObserve says whether to link to what only some may see of the observatory.
func (c *call) canObserve(a accounts.Action) bool {
	return c.s.cfg.Figures != nil && c.may(a)
}
