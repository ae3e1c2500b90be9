package web

import (
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
	"maillage/internal/fault"
)

const yearlyPath = observatoryPath + "/publication-annuelle"

// YearlyPage is the federation's release of a year: what it holds, where it is, and the
// gestures that prepare it and publish it.
type YearlyPage struct {
	Page
	Heading, Lead string
	Years         []Option
	State         *Tag
	Percent       int // -1: nothing is being made
	Reason        string
	Said          string
	Request       *Link
	Release       *Link
	Year          string
	CanPrepare    bool
	CanPublish    bool
	Tables        AdminTable
	Breaks        []string
	Earlier       AdminTable
}

// ReferenceFigures is the figures of a year as everybody is given them.
type ReferenceFigures struct {
	Heading, Lead        string
	Cite, Verify, SHA256 string
	File, FileSaid       string
	See                  Link
	Facts                []Fact
	Earlier              AdminTable
}

// yearlyYear is the year that the page is of: the one that is asked, else the latest.
func (c *call) yearlyYear() (year int, years []int, err error) {
	if c.s.cfg.Releases == nil {
		return 0, nil, fault.NotFound("release_request", 0)
	}
	if years, err = c.s.cfg.Releases.Years(c.r.Context()); err != nil {
		return 0, nil, err
	}
	year, _ = strconv.Atoi(or(c.form("annee"), c.query("annee")))
	if len(years) > 0 && !slices.Contains(years, year) {
		year = years[0]
	}
	return year, years, nil
}

func (s *Server) yearly(c *call) error {
	year, years, err := c.yearlyYear()
	if err != nil {
		return err
	}
	title := c.T("yearly.title")
	page := &YearlyPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: title, Lead: c.T("yearly.lead"), Percent: -1, Year: strconv.Itoa(year),
		Tables: AdminTable{Empty: Empty{Title: c.T("yearly.no_year"), Text: c.T("yearly.no_year_text")}}}
	for _, y := range years {
		page.Years = append(page.Years, Option{Value: yearlyPath + "?annee=" + strconv.Itoa(y), Text: strconv.Itoa(y), Selected: y == year})
	}
	if len(years) == 0 {
		return c.show("yearly", page)
	}
	y, err := s.cfg.Releases.Yearly(c.r.Context(), year)
	if err != nil {
		return err
	}
	page.fill(c, y)
	if page.Earlier, err = c.referenceTable(0); err != nil {
		return err
	}
	return c.show("yearly", page)
}

func (p *YearlyPage) fill(c *call, y *publication.Yearly) {
	p.CanPrepare, p.CanPublish = !y.Waiting() && !y.Empty(), y.CanPublish()
	if r := y.Request; r != nil {
		p.State, p.Reason = c.requestState(r), c.words(r.Why())
		p.Request = &Link{c.T("releases.request_n", "N", r.ID), requestPath(r.ID)}
		if r.State == publication.Building {
			p.Percent = r.Percent
		}
	}
	switch {
	case y.Reference != nil && !y.CanPublish():
		p.Said = c.T("yearly.is_reference", "Date", c.ShortDate(y.Reference.PublishedAt))
	case y.CanPublish():
		p.Said = c.T("yearly.to_publish")
	case y.Empty():
		p.Said = c.T("yearly.empty")
	case y.Waiting():
		p.Said = c.T("yearly.waiting")
	default:
		p.Said = c.T("yearly.to_prepare")
	}
	if v := y.Version; v != nil {
		p.Release = &Link{c.words(v.Title()) + ", " + v.Version, datasetPath(v.Dataset, v.Version)}
	}
	p.Tables = c.yearlyTables(y)
	for _, b := range y.Breaks {
		p.Breaks = append(p.Breaks, c.T("report.break", "Year", strconv.Itoa(b.Year), "Indicator", b.Indicator, "Kind", or(string(b.Kind), c.T("report.every_kind")), "Why", c.words(catalogue.Text(b.Why))))
	}
}

// yearlyTables are what the release will hold, and whom each is of today.
func (c *call) yearlyTables(y *publication.Yearly) AdminTable {
	t := AdminTable{Heading: c.T("yearly.tables"), Lead: c.T("yearly.tables_said", "N", y.Plan.Reference, "Cut", joined(", ", c.cutWords(y.Plan)...)),
		Head: []Column{{Text: c.T("observatory.c_indicator")}, {Text: c.T("yearly.definition")}, {Text: c.T("yearly.answered"), Number: true}, {Text: c.T("yearly.asked"), Number: true}, {Text: c.T("yearly.note")}}}
	all, err := catalogue.Load()
	if err != nil {
		return t
	}
	for _, one := range y.Tables {
		i, ok := all.Get(one.Chosen.ID)
		if !ok {
			continue
		}
		v, _ := i.Version(one.Chosen.Version)
		t.Rows = append(t.Rows, AdminRow{Cells: []Cell{{Text: c.words(i.Label), Href: indicatorPath(i.ID), Note: string(i.ID)}, {Text: c.words(v.Name)},
			{Text: c.Num(one.Replied), Number: true}, {Text: c.Num(one.Frame), Number: true}, {Text: c.yearlyNote(one)}}})
	}
	return t
}

// yearlyNote says what keeps a table from being whole; empty: nothing does.
func (c *call) yearlyNote(t publication.YearlyTable) string {
	switch {
	case t.Replied == 0:
		return c.T("yearly.nobody")
	case t.Missing:
		return c.T("yearly.missing")
	case t.Awaited > 0:
		return c.N("yearly.awaited", t.Awaited)
	}
	return ""
}

func (s *Server) prepareYear(c *call) error {
	year, _, err := c.yearlyYear()
	if err != nil {
		return err
	}
	if _, err := s.cfg.Releases.PrepareYear(c.r.Context(), year); err != nil {
		return err
	}
	return c.to(yearlyPath+"?annee="+strconv.Itoa(year), "year_prepared")
}

func (s *Server) publishYear(c *call) error {
	year, _, err := c.yearlyYear()
	if err != nil {
		return err
	}
	if _, err := s.cfg.Releases.PublishReference(c.r.Context(), year); err != nil {
		return err
	}
	return c.to(yearlyPath+"?annee="+strconv.Itoa(year), "year_published")
}

// reference is the latest year's figures as the observatory shows them first; nil where
// the federation published none.
func (c *call) reference() (*ReferenceFigures, error) {
	if c.s.cfg.Releases == nil {
		return nil, nil //nolint:nilnil // nothing is released
	}
	all, err := c.s.cfg.Releases.References(c.r.Context())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	v := all[0].Version
	view := &ReferenceFigures{Heading: c.T("yearly.of", "Year", all[0].Year), Lead: c.T("releases.lead", "Version", v.Version, "Date", c.ShortDate(v.PublishedAt)), Cite: c.words(v.Cite()), SHA256: v.SHA256, Verify: "maillage release verify " + v.FileName,
		File: datasetPath(v.Dataset, v.Version) + "/fichier", FileSaid: c.T("releases.file_said", "Size", c.Num(int(v.Size+1023)/1024)), See: Link{c.T("yearly.see"), datasetPath(v.Dataset, v.Version)}}
	view.Facts = []Fact{{Label: c.T("releases.holds"), Big: c.N("releases.shown_n", v.Shown), Lines: []string{c.N("releases.hidden_n", v.Hidden), c.N("releases.nd_n", v.Absent)}},
		{Label: c.T("indicator.coverage"), Lines: []string{c.coverage(v.Replied, v.Frame)}}}
	view.Earlier, err = c.referenceTable(all[0].Year)
	return view, err
}

// referenceTable lists the references of years before one; 0: of every year.
func (c *call) referenceTable(before int) (AdminTable, error) {
	t := AdminTable{Heading: c.T("yearly.earlier"), Head: []Column{{Text: c.T("yearly.year")}, {Text: c.T("releases.version")}, {Text: c.T("releases.on")}}}
	all, err := c.s.cfg.Releases.References(c.r.Context())
	for _, r := range all {
		if before == 0 || r.Year < before {
			t.Rows = append(t.Rows, AdminRow{Cells: []Cell{{Text: strconv.Itoa(r.Year), Href: datasetPath(r.Version.Dataset, r.Version.Version)}, {Text: r.Version.Version}, {Text: c.ShortDate(r.PublishedAt)}}})
		}
	}
	return t, err
}

// yearlyLink leads who decides to the yearly release; nil to everybody else.
func (c *call) yearlyLink() *Link {
	if c.s.cfg.Releases == nil || !accounts.Can(c.who.Identity, accounts.ReleaseDecide, accounts.Scope{}) {
		return nil
	}
	return &Link{c.T("yearly.title"), yearlyPath}
}
