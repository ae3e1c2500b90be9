package web

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/markets"
	"maillage/internal/fault"
)

// activityReportPath is what an association tells who funds it.
const activityReportPath = mondayPath + "/rapport"

// ActivityReportPage is the report of an association.
type ActivityReportPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Figures       []Figure
	Columns       []string // of the tables that have none of their own
	Tables        []ActivityTable
	Definitions   []Fact
	Notes         []string
	Files         []Link
	Shared        string // what its markets are
}

// ActivityTable is one table of it.
type ActivityTable struct {
	ID, Title, Head string
	Columns         []string
	Rows            []ActivityRow
}

// ActivityRow is one line.
type ActivityRow struct {
	Name  string
	Cells []string
}

// activityWanted reads what an address asks for: a place is told in words or as a code.
func (c *call) activityWanted() markets.Wanted {
	association, _ := strconv.ParseInt(c.query("association"), 10, 64) // what is no number asks for none
	return markets.Wanted{From: c.query("du"), Until: c.query("au"), Where: strings.TrimSpace(c.query("ou")), By: markets.By(c.query("par")), Association: association}
}

func (s *Server) activityReport(c *call) error {
	title := c.T("markets.report")
	page := &ActivityReportPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("monday.title"), mondayPath}, Crumb{Text: title}), Heading: title, Lead: c.T("markets.report_lead")}
	w := c.activityWanted()
	all, err := s.cfg.Markets.Associations(c.r.Context())
	if err != nil {
		return err
	}
	r, err := s.cfg.Markets.Report(c.r.Context(), w)
	if fault.Is(err, fault.KindInvalid) {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs := map[string]string{"du": fields["from"], "au": fields["until"], "ou": fields["territory"], "par": fields["by"], "association": fields["association"]}
		for name, text := range errs {
			if text == "" {
				delete(errs, name)
			}
		}
		if len(errs) == 0 {
			errs[""] = general
		}
		page.Errors = summary(errs)
		page.Filters = c.activityFilters(w, all, errs)
		return c.showStatus(refusedStatus(err), "activity_report", page)
	}
	if err != nil {
		return err
	}
	lang := string(c.Lang)
	page.Heading, page.Lead = r.Title().In(lang), upperFirst(r.Called().In(lang))
	page.Filters = c.activityFilters(markets.Wanted{From: r.Figures.From, Until: r.Figures.Until, Where: w.Where, By: r.Figures.By, Association: w.Association}, all, nil)
	page.Shared = markets.Shared().In(lang)
	for i, col := range r.Columns {
		page.Columns = append(page.Columns, col.Label.In(lang))
		page.Definitions = append(page.Definitions, Fact{Label: col.Label.In(lang), Big: col.Definition.In(lang)})
		page.Figures = append(page.Figures, Figure{Label: col.Label.In(lang), Value: r.Tables[0].Rows[0].Cells[i].Text(lang)})
	}
	for _, t := range r.Tables[1:] {
		table := activityTable(t, lang)
		if table.Columns == nil {
			table.Columns = page.Columns
		}
		page.Tables = append(page.Tables, table)
	}
	for _, n := range r.Notes {
		page.Notes = append(page.Notes, n.In(lang))
	}
	q := url.Values{"du": {r.Figures.From}, "au": {r.Figures.Until}, "par": {string(r.Figures.By)}}
	if w.Where != "" {
		q.Set("ou", w.Where)
	}
	if w.Association != 0 {
		q.Set("association", strconv.FormatInt(w.Association, 10))
	}
	for _, kind := range []string{"pdf", "xlsx"} {
		page.Files = append(page.Files, Link{c.T("funder.file_" + kind), activityReportPath + "." + kind + "?" + q.Encode()})
	}
	return c.show("activity_report", page)
}

func activityTable(t markets.Table, lang string) ActivityTable {
	out := ActivityTable{ID: t.ID, Title: t.Title.In(lang), Head: t.Head.In(lang)}
	for _, col := range t.Columns {
		out.Columns = append(out.Columns, col.Label.In(lang))
	}
	for _, r := range t.Rows {
		row := ActivityRow{Name: r.Name.In(lang)}
		for _, cell := range r.Cells {
			row.Cells = append(row.Cells, cell.Text(lang))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (c *call) activityFilters(w markets.Wanted, all []markets.Association, errs map[string]string) []Field {
	by := Field{ID: "par", Name: "par", Kind: "select", Label: c.T("markets.by"), Bare: true}
	for _, l := range markets.Levels() {
		by.Options = append(by.Options, Option{Value: string(l), Text: c.T("markets.by_" + string(l)), Selected: l == w.By})
	}
	out := []Field{
		{ID: "du", Name: "du", Kind: "month", Label: c.T("markets.from"), Value: w.From, Short: true, Bare: true, Error: errs["du"]},
		{ID: "au", Name: "au", Kind: "month", Label: c.T("markets.until"), Value: w.Until, Short: true, Bare: true, Error: errs["au"]},
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("markets.where"), Value: w.Where, Error: errs["ou"]},
		by,
	}
	if accounts.ReachOf(c.who.Identity, accounts.PursuitCount) != accounts.Anywhere {
		return out
	}
	of := Field{ID: "association", Name: "association", Kind: "select", Label: c.T("markets.association"), Bare: true, Error: errs["association"], Options: []Option{{Text: c.T("markets.federation")}}}
	for _, a := range all {
		of.Options = append(of.Options, Option{Value: strconv.FormatInt(a.ID, 10), Text: a.Name, Selected: a.ID == w.Association})
	}
	return append([]Field{of}, out...)
}

func (s *Server) activityReportPDF(c *call) error {
	return c.activityFile("application/pdf", "pdf", (*markets.Report).WritePDF)
}

func (s *Server) activityReportXLSX(c *call) error {
	return c.activityFile("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", (*markets.Report).WriteXLSX)
}

func (c *call) activityFile(kind, ending string, write func(*markets.Report, io.Writer, string) error) error {
	r, err := c.s.cfg.Markets.Report(c.r.Context(), c.activityWanted())
	if err != nil {
		return err
	}
	return c.attach("rapport-"+r.Figures.From+"-"+r.Figures.Until+"."+ending, kind, func(w io.Writer) error { return write(r, w, string(c.Lang)) })
}
