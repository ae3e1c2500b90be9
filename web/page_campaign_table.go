package web

import (
	"io"
	"strconv"
	"strings"

	"maillage/indicators/campaign"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
)

// wording puts the codes of a table in words.
func (c *call) wording() campaign.Wording {
	return campaign.Wording{Lang: string(c.Lang), Unit: func(u questionnaire.Unit) string { return c.T("camp.unit_" + string(u)) }, Origin: func(o campaign.Origin) string { return c.T("camp.origin_" + string(o)) }}
}

func (s *Server) answersTable(kind string) func(*call) error {
	return func(c *call) error {
		year, err := c.yearOf()
		if err != nil {
			return err
		}
		table, err := s.cfg.Campaigns.Export(c.r.Context(), year, c.wording())
		if err != nil {
			return err
		}
		name := "campagne-" + strconv.Itoa(year) + "." + kind
		if kind == "csv" {
			return c.attach(name, "text/csv; charset=utf-8; header=present", table.WriteCSV)
		}
		return c.attach(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error { return table.WriteXLSX(w, string(c.Lang)) })
	}
}

// CampaignImportPage takes a table of answers and tells what became of each line.
type CampaignImportPage struct {
	Page
	Heading, Lead, Action string
	File                  Field
	Tables                []Link
	Columns               []ImportColumn
	Report                *ImportReport
	Refused               string // where to take the refused lines
	Back                  string
}

func (s *Server) answersImportForm(c *call) error {
	page, err := c.answersImportPage("")
	if err != nil {
		return err
	}
	return c.show("campaign_import", page)
}

func (c *call) answersImportPage(wrong string) (*CampaignImportPage, error) {
	year, err := c.yearOf()
	if err != nil {
		return nil, err
	}
	if _, err := c.s.cfg.Campaigns.Campaign(c.r.Context(), year); err != nil {
		return nil, err
	}
	title, back := c.T("camp.import"), campaignPath(year)
	page := &CampaignImportPage{Heading: c.T("camp.import_heading"), Lead: c.T("camp.import_lead"), Action: back + "/import", Tables: c.tableLinks(year),
		File: Field{ID: "fichier", Name: "fichier", Kind: "file", Label: c.T("camp.import_file"), Hint: c.T("camp.import_hint"), Required: true, Error: wrong}}
	page.Page = c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("camp.of", "Year", year), back}, Crumb{Text: title})
	page.Back = back
	for _, col := range campaign.Columns() {
		if col.Read {
			page.Columns = append(page.Columns, ImportColumn{Name: col.Name, Says: col.Says.In(string(c.Lang))})
		}
	}
	if wrong != "" {
		page.Errors = summary(map[string]string{"fichier": wrong}, "fichier")
	}
	return page, nil
}

func (s *Server) importAnswers(c *call) error {
	year, err := c.yearOf()
	if err != nil {
		return err
	}
	name, content, wrong := c.sentFile("fichier")
	if wrong != "" {
		return c.refusedImport(wrong)
	}
	defer func() { _ = content.Close() }()
	preview := c.r.FormValue("geste") != "enregistrer"
	r, err := s.cfg.Campaigns.Import(c.r.Context(), campaign.File{Year: year, Name: name, Content: content, Preview: preview})
	if err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		for _, text := range fields {
			general = text
		}
		return c.refusedImport(general)
	}
	page, err := c.answersImportPage("")
	if err != nil {
		return err
	}
	page.Report = c.answersReport(r, preview)
	if r.Rejected > 0 && !preview {
		page.Refused = campaignPath(year) + "/import/" + strconv.FormatInt(r.ID, 10) + ".csv"
	}
	return c.show("campaign_import", page)
}

func (c *call) refusedImport(wrong string) error {
	page, err := c.answersImportPage(wrong)
	if err != nil {
		return err
	}
	return c.showStatus(422, "campaign_import", page)
}

func (c *call) answersReport(r *campaign.Report, preview bool) *ImportReport {
	out := &ImportReport{Preview: preview, Rejected: r.Rejected > 0, Said: c.N("camp.import_read", r.Read)}
	tense := map[bool]string{true: "would_", false: "done_"}[preview]
	for _, f := range []struct {
		key string
		n   int
	}{{"updated", r.Updated}, {"unchanged", r.Unchanged}, {"rejected", r.Rejected}} {
		out.Figures = append(out.Figures, Figure{Label: c.T("camp.import_" + tense + f.key), Value: c.Num(f.n)})
	}
	shown := 0
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			shown++
			out.Refused = c.faultShown(out.Refused, row.Line, f.Column, f.Text)
		}
	}
	if shown > faultsShown {
		out.More = c.N("journey.import_more", shown-faultsShown)
	}
	return out
}

// refusedAnswers is the lines of an import that were not kept, to put right.
func (s *Server) refusedAnswers(c *call) error {
	id, err := strconv.ParseInt(strings.TrimSuffix(c.r.PathValue("fichier"), ".csv"), 10, 64)
	if err != nil {
		return fault.NotFound("import", c.r.PathValue("fichier"))
	}
	rows, err := s.cfg.Campaigns.Refused(c.r.Context(), id)
	if err != nil {
		return err
	}
	return c.attach("lignes-a-corriger.csv", "text/csv; charset=utf-8; header=present", func(w io.Writer) error { return campaign.WriteRefused(w, rows, string(c.Lang)) })
}
