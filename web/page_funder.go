package web

import (
	"fmt"
	"io"
	"net/url"
	"strconv"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/funder"
	"maillage/internal/fault"
)

const funderPath = mirrorPath + "/rapport"

// FunderPage is the report that an enterprise gives to who funds it.
type FunderPage struct {
	Page
	Heading, Lead, Said string
	Years, Definitions  []Option
	Views               []Option
	Blocks              []FunderBlock
	Key                 []ValueStatus
	Notes               []string
	Files               []Link
	Empty               *Empty
}

// FunderBlock is one table of it.
type FunderBlock struct {
	ID, Title, Note string
	Shares          bool
	Rows            []FunderRow
}

// FunderRow is one line.
type FunderRow struct {
	Name, Unit, Share string
	Depth             int
	Value             Value
}

func (c *call) funderReport() (*funder.Report, error) {
	return c.s.cfg.Funder.Report(c.r.Context(), funder.Wanted{Organisation: c.enterprise(), Enterprise: c.number("entreprise"), Year: int(c.number("annee")),
		Definition: c.definition(), Whole: c.query("vue") == "entiere"})
}

func (s *Server) funder(c *call) error {
	title := c.T("funder.title")
	page := &FunderPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("mirror.title"), mirrorPath}, Crumb{Text: title}), Heading: title, Lead: c.T("funder.lead")}
	r, err := c.funderReport()
	if fault.Is(err, fault.KindNotFound) && c.query("annee") == "" && c.query("entreprise") == "" {
		page.Empty = &Empty{Title: c.T("mirror.none"), Text: c.T("mirror.none_text"), Actions: []Link{{c.T("records.title"), recordsPath}}}
		return c.show("funder", page)
	}
	if err != nil {
		return err
	}
	page.Heading, page.Said = r.Title().In(string(c.Lang)), r.Called()+", "+c.kindName(r.Own.Kind)
	c.funderChoices(page, r)
	c.funderBlocks(page, r)
	for _, n := range r.Notes {
		page.Notes = append(page.Notes, n.In(string(c.Lang)))
	}
	return c.show("funder", page)
}

func (c *call) funderChoices(page *FunderPage, r *funder.Report) {
	view := c.query("vue")
	for _, x := range r.Choices {
		text := strconv.Itoa(x.Year)
		if x.Enterprise != r.Own.Enterprise {
			text += ", " + c.kindName(x.Kind)
		}
		page.Years = append(page.Years, Option{Value: c.funderAddress("", x.Enterprise, x.Year, r.Definition, view), Text: text, Selected: x.Enterprise == r.Own.Enterprise && x.Year == r.Own.Year})
	}
	for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
		page.Definitions = append(page.Definitions, Option{Value: c.funderAddress("", r.Own.Enterprise, r.Own.Year, d, view), Text: c.T("report.by_" + string(d)), Selected: d == r.Definition})
	}
	for _, v := range []string{"", "entiere"} {
		page.Views = append(page.Views, Option{Value: c.funderAddress("", r.Own.Enterprise, r.Own.Year, r.Definition, v), Text: c.T("funder.view_" + or(v, "protegee")), Selected: v == view})
	}
	for _, kind := range []string{"pdf", "xlsx"} {
		page.Files = append(page.Files, Link{c.T("funder.file_" + kind), c.funderAddress("."+kind, r.Own.Enterprise, r.Own.Year, r.Definition, "")})
	}
}

func (c *call) funderAddress(file string, enterprise int64, year int, d compute.Definition, view string) string {
	q := url.Values{"entreprise": {strconv.FormatInt(enterprise, 10)}, "annee": {strconv.Itoa(year)}}
	if d == compute.Dares {
		q.Set("definition", string(d))
	}
	if view != "" {
		q.Set("vue", view)
	}
	if c.who.Role == accounts.Admin {
		q.Set("organisation", strconv.FormatInt(c.enterprise(), 10))
	}
	return funderPath + file + "?" + q.Encode()
}

func (c *call) funderBlocks(page *FunderPage, r *funder.Report) {
	lang, seen := string(c.Lang), map[ValueStatus]bool{}
	for _, b := range r.Blocks {
		block := FunderBlock{ID: b.ID, Title: b.Title.In(lang), Note: b.Note.In(lang), Shares: b.Shares}
		for _, l := range b.Lines {
			row := FunderRow{Name: l.Label.In(lang), Unit: l.Unit.In(lang), Share: l.Percent(lang), Depth: l.Depth, Value: Value{Text: l.Number(lang)}}
			switch l.Status {
			case funder.ND:
				row.Value = Value{Status: NotCollected}
			case funder.Awaits:
				row.Value = Value{Status: Awaited}
			case funder.Hidden:
				row.Value = Value{Status: Masked, Text: l.Number(lang)}
			}
			seen[row.Value.Status] = true
			block.Rows = append(block.Rows, row)
		}
		page.Blocks = append(page.Blocks, block)
	}
	for _, s := range []ValueStatus{NotCollected, Awaited} {
		if seen[s] {
			page.Key = append(page.Key, s)
		}
	}
}

func (s *Server) funderPDF(c *call) error {
	r, err := c.outgoing()
	if err != nil {
		return err
	}
	return c.attach(reportName(r)+".pdf", "application/pdf", func(w io.Writer) error { return r.WritePDF(w, string(c.Lang)) })
}

func (s *Server) funderXLSX(c *call) error {
	r, err := c.outgoing()
	if err != nil {
		return err
	}
	return c.attach(reportName(r)+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error { return r.WriteXLSX(w, string(c.Lang)) })
}

// outgoing is the report of a file: protected, whatever is asked.
func (c *call) outgoing() (*funder.Report, error) {
	return c.s.cfg.Funder.Report(c.r.Context(), funder.Wanted{Organisation: c.enterprise(), Enterprise: c.number("entreprise"), Year: int(c.number("annee")), Definition: c.definition()})
}

func reportName(r *funder.Report) string { return fmt.Sprintf("bilan-insertion-%d", r.Own.Year) }
