package web

import (
	"io"
	"strconv"
	"strings"

	"maillage/indicators/markets"
)

// outcomesPath is what becomes of the markets that the federation is shown.
const outcomesPath = observatoryPath + "/reponses"

// OutcomesPage is a year of it.
type OutcomesPage struct {
	Page
	Heading, Lead string
	Years         []Option
	Figures       []OutcomeFigure
	Lines         *LinesFigure
	Columns       []string
	Regions       []OutcomeRow
	Definitions   []Fact
	Notes         []string
	CSV, Version  string
	Empty         *Empty
}

// OutcomeFigure is a number of the whole.
type OutcomeFigure struct {
	Label string
	Value Value
}

// OutcomeRow is a region.
type OutcomeRow struct {
	Name  string
	Cells []Value
}

func (s *Server) outcomes(c *call) error {
	p, err := s.cfg.Markets.Publish(c.r.Context(), int(c.number("annee")))
	if err != nil {
		return err
	}
	title := c.T("markets.title")
	page := &OutcomesPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.T("markets.heading", "Year", strconv.Itoa(p.Year)), Lead: c.T("markets.lead"),
		Version: c.T("markets.version", "N", c.Num(markets.Version), "Date", c.Date(p.At)), CSV: outcomesPath + ".csv?annee=" + strconv.Itoa(p.Year)}
	for _, y := range p.Years {
		page.Years = append(page.Years, Option{Value: outcomesPath + "?annee=" + strconv.Itoa(y), Text: strconv.Itoa(y), Selected: y == p.Year})
	}
	if len(p.Regions) == 0 {
		page.Empty = &Empty{Title: c.T("markets.none"), Text: c.T("markets.none_text"), Actions: []Link{{c.T("observatory.title"), observatoryPath}}}
		return c.show("outcomes", page)
	}
	c.outcomeTables(page, p)
	page.Lines = c.outcomeLines(p)
	for _, key := range append([]string{"shown"}, markets.Measures()...) {
		page.Definitions = append(page.Definitions, Fact{Label: c.T("markets.m_" + key), Big: c.T("markets.d_" + key)})
	}
	page.Notes = []string{c.T("markets.coverage", "N", c.Num(p.Members)), c.T("markets.protected", "Groups", c.Num(markets.FewestGroups), "Weight", c.Num(markets.MostWeight)),
		c.T("markets.full_time", "Hours", c.Num(int(p.FTE)), "Source", p.Source), c.T("markets.placed")}
	return c.show("outcomes", page)
}

func (c *call) outcomeTables(page *OutcomesPage, p *markets.Published) {
	for i, v := range c.outcomeCells(p.Total) {
		name := c.T("markets.m_" + append([]string{"shown"}, markets.Measures()...)[i])
		page.Columns = append(page.Columns, name)
		page.Figures = append(page.Figures, OutcomeFigure{name, v})
	}
	for _, l := range p.Regions {
		page.Regions = append(page.Regions, OutcomeRow{c.s.cfg.Markets.RegionName(l.Code, string(c.Lang)), c.outcomeCells(l)})
	}
}

func (c *call) outcomeCells(l markets.PublicLine) []Value {
	out := []Value{{Number: float64(l.Shown), Text: c.Num(l.Shown)}}
	for _, cell := range l.Cells {
		v := Value{Number: cell.Value, Text: c.Num(int(cell.Value + .5))}
		if cell.Hidden {
			v = Value{Status: Masked}
		}
		out = append(out, v)
	}
	return out
}

// outcomeLines draws the year month by month; the table under it holds the same values.
func (c *call) outcomeLines(p *markets.Published) *LinesFigure {
	chart := LineChart{ChartFrame: ChartFrame{ID: "mois", Title: c.T("markets.chart"), Desc: c.T("markets.chart_desc"), Caption: c.T("markets.chart_caption")},
		Table: c.T("markets.by_month"), Corner: c.T("markets.month"), Periods: strings.Fields(c.T("markets.months"))[:len(p.Months)]}
	for i, key := range []string{"shown", "answered", "submitted", "won"} {
		series := LineSeries{Name: c.T("markets.m_" + key)}
		for _, m := range p.Months {
			series.Values = append(series.Values, c.outcomeCells(m)[i])
		}
		chart.Series = append(chart.Series, series)
	}
	fig := c.drawLines(chart)
	return &fig
}

func (s *Server) outcomesCSV(c *call) error {
	p, err := s.cfg.Markets.Publish(c.r.Context(), int(c.number("annee")))
	if err != nil {
		return err
	}
	return c.attach("reponses-"+strconv.Itoa(p.Year)+".csv", "text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return s.cfg.Markets.WriteCSV(w, p, string(c.Lang))
	})
}
