package web

import (
	"io"
	"net/url"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/activity"
	"maillage/indicators/delays"
	"maillage/territories"
)

const marketFiguresPath = observatoryPath + "/activite"

// MarketFiguresPage is what the platform is for, in figures.
type MarketFiguresPage struct {
	Page
	Heading, Lead, Said string
	Quarters, Levels    []Option
	Facts               []Fact
	Lines               *LinesFigure
	Heads               []string
	Places, Months      []MarketRow
	PlacesHead          string
	MonthsHead          string
	Notes               []Fact // definitions
	Rules               []string
	CSV                 string
	Empty               *Empty
	Raw                 string // said of what is not protected
}

// MarketRow is the figures of a place, or of a month.
type MarketRow struct {
	Name, Over string
	Cells      []MarketCell
}

// MarketCell is a figure, or that it is withheld.
type MarketCell struct{ Text, Few string }

// running is what an administrator reads in the place of a quarter.
const running = "en-cours"

func (s *Server) marketFigures(c *call) error {
	title := c.T("marketfig.title")
	page := &MarketFiguresPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.T("marketfig.heading"), Lead: c.T("marketfig.lead"), CSV: marketFiguresPath + ".csv"}
	for _, m := range activity.Measures() {
		page.Heads = append(page.Heads, c.T("marketfig.m_"+string(m)))
		page.Notes = append(page.Notes, Fact{Label: c.T("marketfig.m_" + string(m)), Lines: []string{c.T("marketfig.d_" + string(m))}})
	}
	for _, key := range []string{"once", "place", "quarter", "few"} {
		page.Rules = append(page.Rules, c.T("marketfig.rule_"+key, "Groups", c.Num(activity.FewGroups)))
	}
	all, err := s.cfg.Activity.Editions(c.r.Context())
	if err != nil {
		return err
	}
	shown, err := c.marketShown(page, all)
	if err != nil {
		return err
	}
	if shown == nil {
		page.Empty = &Empty{Title: c.T("marketfig.none"), Text: c.T("marketfig.none_text"), Actions: []Link{{c.T("observatory.title"), observatoryPath}, {c.T("delays.title"), delaysPath}}}
		return c.show("market_figures", page)
	}
	c.marketPlaces(page, shown)
	c.marketMonths(page, shown, all)
	if page.Facts, err = c.marketFacts(page, shown); err != nil {
		return err
	}
	return c.show("market_figures", page)
}

// activityShown is the quarter that the address asks for, the latest without one; an
// administrator may ask for what is running.
func (c *call) marketShown(page *MarketFiguresPage, all []activity.Edition) (*activity.Edition, error) {
	asked := c.query("trimestre")
	admin := c.may(accounts.ObservatoryRead)
	var shown *activity.Edition
	for i := range all {
		if all[i].Until == asked || shown == nil && i == 0 {
			shown = &all[i]
		}
	}
	if admin && (asked == running || shown == nil) {
		now, err := c.s.cfg.Activity.Now(c.r.Context())
		if err != nil {
			return nil, err
		}
		if len(now.Rows) > 0 {
			shown, asked, page.Raw = now, running, c.T("marketfig.raw")
		}
	}
	for i := range first(all, 8) {
		page.Quarters = append(page.Quarters, Option{Value: c.marketAddress(all[i].Until, c.query("par")), Text: c.quarterName(all[i].Until), Selected: shown != nil && !shown.Raw && all[i].Until == shown.Until})
	}
	if admin {
		page.Quarters = append(page.Quarters, Option{Value: c.marketAddress(running, c.query("par")), Text: c.T("marketfig.running"), Selected: asked == running})
	}
	return shown, nil
}

func (c *call) marketAddress(quarter, by string) string {
	q := url.Values{}
	if quarter != "" {
		q.Set("trimestre", quarter)
	}
	if by != "" {
		q.Set("par", by)
	}
	if len(q) == 0 {
		return marketFiguresPath
	}
	return marketFiguresPath + "?" + q.Encode()
}

// quarterName names a quarter by its last month.
func (c *call) quarterName(until string) string {
	at, err := time.Parse("2006-01", until)
	if err != nil {
		return until
	}
	return c.T("marketfig.quarter", "N", c.Num((int(at.Month())+2)/3), "Year", at.Format("2006"))
}

func (c *call) monthName(month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return upperFirst(months[c.Lang][at.Month()]) + " " + at.Format("2006")
}

// shortMonth is a month under a plot: 09/26.
func shortMonth(month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return at.Format("01/06")
}

// The levels in addresses.
var marketLevels = []struct {
	by    string
	level activity.Level
}{{"region", activity.Region}, {"departement", activity.Departement}, {"epci", activity.EPCI}}

// activityPlaces puts the places of a level in a table, everything first.
func (c *call) marketPlaces(page *MarketFiguresPage, e *activity.Edition) {
	by, level := marketLevels[0].by, marketLevels[0].level
	for _, l := range marketLevels {
		if l.by == c.query("par") {
			by, level = l.by, l.level
		}
	}
	for _, l := range marketLevels {
		page.Levels = append(page.Levels, Option{Value: c.marketAddress(c.query("trimestre"), l.by), Text: c.T("marketfig.by_" + l.by), Selected: l.by == by})
	}
	page.PlacesHead = c.T("marketfig.places_" + by)
	for _, r := range e.Rows {
		if r.Month == activity.Whole && (r.Level == level || r.Level == activity.Federation) {
			page.Places = append(page.Places, c.marketRow(c.marketName(r), c.marketOver(r), &r))
		}
	}
}

// activityName names the place of a row.
func (c *call) marketName(r activity.Row) string {
	kinds := map[activity.Level]territories.Kind{activity.Region: territories.KindRegion, activity.Departement: territories.KindDepartement, activity.EPCI: territories.KindEPCI}
	switch {
	case r.Level == activity.Federation:
		return c.T("marketfig.everywhere")
	case r.Code == "":
		return c.T("marketfig.several_" + string(r.Level))
	}
	if name, ok := c.s.cfg.Atlas.Name(territories.Ref{Kind: kinds[r.Level], Code: r.Code}); ok {
		return name
	}
	return r.Code
}

// activityOver names what holds the place of a row.
func (c *call) marketOver(r activity.Row) string {
	kind := map[activity.Level]territories.Kind{activity.Departement: territories.KindRegion, activity.EPCI: territories.KindDepartement}[r.Level]
	if r.In == "" || kind == "" {
		return ""
	}
	name, _ := c.s.cfg.Atlas.Name(territories.Ref{Kind: kind, Code: r.In})
	return name
}

func (c *call) marketRow(name, over string, r *activity.Row) MarketRow {
	row := MarketRow{Name: name, Over: over}
	for _, m := range activity.Measures() {
		cell := MarketCell{Few: c.T("marketfig.few")}
		if r == nil {
			cell = MarketCell{Text: c.Num(0)}
		} else if v := r.Figures[m]; v != nil {
			cell = MarketCell{Text: c.marketNumber(m, *v)}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

func (c *call) marketNumber(m activity.Measure, v float64) string {
	if m == activity.FTE {
		return c.Decimal(v, 1)
	}
	return c.Decimal(v, 0)
}

// activityMonths draws the months of all that was published, or of what is running,
// and puts those of the quarter in a table.
func (c *call) marketMonths(page *MarketFiguresPage, e *activity.Edition, all []activity.Edition) {
	page.MonthsHead = c.T("marketfig.months")
	for _, month := range e.Months {
		page.Months = append(page.Months, c.marketRow(c.monthName(month), "", e.Find(activity.Federation, "", month)))
	}
	drawn := all
	if e.Raw {
		drawn = []activity.Edition{*e}
	}
	chart := LineChart{ChartFrame: ChartFrame{ID: "activite", Title: c.T("marketfig.chart"), Desc: c.T("marketfig.chart_desc"), Caption: c.T("marketfig.chart_note")}, Table: c.T("marketfig.chart"), Corner: c.T("marketfig.month")}
	series := map[activity.Measure][]Value{}
	counts := []activity.Measure{activity.Proposed, activity.Heard, activity.Won}
	for i := range slices.Backward(first(drawn, 4)) {
		for _, month := range drawn[i].Months {
			chart.Periods = append(chart.Periods, shortMonth(month))
			r := drawn[i].Find(activity.Federation, "", month)
			for _, m := range counts {
				v := Value{Status: Masked, Text: c.T("marketfig.few")}
				if r != nil && r.Figures[m] != nil {
					v = Value{Status: Shown, Number: *r.Figures[m], Text: c.marketNumber(m, *r.Figures[m])}
				}
				series[m] = append(series[m], v)
			}
		}
	}
	for _, m := range counts {
		chart.Series = append(chart.Series, LineSeries{c.T("marketfig.s_" + string(m)), series[m]})
	}
	if len(chart.Periods) > 1 {
		fig := c.drawLines(chart)
		page.Lines = &fig
	}
}

// activityFacts are the figures of everything, and the time to a first answer, with
// what still waits.
func (c *call) marketFacts(page *MarketFiguresPage, e *activity.Edition) ([]Fact, error) {
	var facts []Fact
	r := e.Find(activity.Federation, "", activity.Whole)
	for _, m := range activity.Measures() {
		f := Fact{Label: c.T("marketfig.m_" + string(m)), Big: c.T("marketfig.few_short")}
		if r == nil {
			f.Big = c.Num(0)
		} else if v := r.Figures[m]; v != nil {
			f.Big = c.marketNumber(m, *v)
		}
		facts = append(facts, f)
	}
	if c.s.cfg.Delays == nil {
		return facts, nil
	}
	d, err := c.s.cfg.Delays.Look(c.r.Context(), delays.Wanted{Topic: delays.FirstAnswer})
	if err != nil {
		return nil, err
	}
	half := c.T("marketfig.few_short")
	if len(d.Groups) > 0 && !d.Groups[0].Withheld {
		half = c.halfCell(d.Groups[0].Curve, "weeks").Text
	}
	page.Said = c.T("marketfig.first_answer", "Half", half)
	return facts, nil
}

// activityTable is all that was published, for a spreadsheet.
func (s *Server) marketTable(c *call) error {
	all, err := s.cfg.Activity.Editions(c.r.Context())
	if err != nil {
		return err
	}
	return c.attach("activite.csv", "text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return activity.WriteCSV(w, all, activity.Names{Lang: string(c.Lang), Place: c.marketName, In: c.marketOver, Level: func(l activity.Level) string { return c.T("marketfig.level_" + string(l)) }})
	})
}
