package web

import (
	"maillage/accounts"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

const recordsPath = observatoryPath + "/import"

// RecordsPage takes a file of the observatory and tells what became of each line.
type RecordsPage struct {
	Page
	Heading, Lead string
	Fields        []Field
	Columns       []RecordColumn
	ColumnsOf     string
	Models        []Link
	Grants        string // where access to the records is granted; empty: not theirs to grant
	Report        *RecordsReport
	Batches       []ImportRow
}

// RecordColumn explains a column of a sheet.
type RecordColumn struct {
	Name, Says, Example string
	Required            bool
}

// RecordsReport is what an import did, or would do.
type RecordsReport struct {
	Preview  bool
	Said     string
	Figures  []Figure
	Unread   []string
	Refused  []ImportFault
	More     string
	Rejected bool
}

// ImportRow is an import of the past.
type ImportRow struct{ Name, Said, When string }

func (s *Server) recordsForm(c *call) error {
	page, err := c.recordsPage("")
	if err != nil {
		return err
	}
	return c.show("records", page)
}

func (c *call) recordsPage(wrong string) (*RecordsPage, error) {
	title := c.T("records.title")
	page := &RecordsPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.T("records.heading"), Lead: c.T("records.lead")}
	chosen := c.sheet()
	var sheets []Option
	for _, s := range microdata.Sheets() {
		if !c.may(s.Action()) {
			continue
		}
		sheets = append(sheets, Option{Value: string(s), Text: s.Title().In(string(c.Lang)), Selected: s == chosen})
		page.Models = append(page.Models, Link{s.Title().In(string(c.Lang)), recordsPath + "/modele/" + string(s)})
	}
	page.Fields = []Field{
		{ID: "tableau", Name: "tableau", Kind: "select", Label: c.T("records.sheet"), Hint: c.T("records.sheet_hint"), Required: true, Options: sheets},
		{ID: "fichier", Name: "fichier", Kind: "file", Label: c.T("records.file"), Hint: c.T("records.file_hint"), Required: true, Error: wrong}}
	if wrong != "" {
		page.Errors = summary(map[string]string{"fichier": wrong}, "fichier")
	}
	page.ColumnsOf = c.T("records.columns", "Sheet", chosen.Title().In(string(c.Lang)))
	for _, col := range chosen.Columns() {
		page.Columns = append(page.Columns, RecordColumn{col.Name, col.Says.In(string(c.Lang)), col.Example, col.Required})
	}
	if c.s.cfg.Access != nil && c.may(accounts.MicrodataGrant) {
		page.Grants = grantsPath
	}
	var err error
	page.Batches, err = c.batchRows()
	return page, err
}

// sheet is the one asked for; the first where it is none.
func (c *call) sheet() microdata.Sheet {
	text := c.query("tableau")
	if text == "" {
		text = c.r.FormValue("tableau")
	}
	s, err := microdata.ParseSheet(text)
	if err != nil {
		return microdata.Enterprises
	}
	return s
}

// batchRows are the latest imports, for who may read them.
func (c *call) batchRows() ([]ImportRow, error) {
	if !c.canObserve(accounts.ObservatoryRead) {
		return nil, nil
	}
	list, err := c.s.cfg.Records.Batches(c.r.Context(), 0, 10)
	var out []ImportRow
	for _, b := range list {
		row := ImportRow{Name: c.T("records.batch", "Sheet", b.Sheet.Title().In(string(c.Lang)), "File", b.File), When: c.When(b.At, c.now),
			Said: c.T("records.batch_said", "Read", c.Num(b.Read), "Made", c.Num(b.Made), "Updated", c.Num(b.Updated), "Rejected", c.Num(b.Rejected))}
		if b.EndedAt == nil {
			row.Said = c.T("records.cut")
		}
		out = append(out, row)
	}
	return out, err
}

// importRecords reads the file that was sent; asked to check, it writes nothing.
func (s *Server) importRecords(c *call) error {
	name, content, wrong := c.sentFile("fichier")
	if wrong != "" {
		return c.refuseRecords(wrong)
	}
	defer content.Close()
	preview := c.r.FormValue("geste") != "enregistrer"
	r, err := s.cfg.Records.Import(c.r.Context(), microdata.File{Sheet: c.sheet(), Name: name, Content: content, Preview: preview})
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindTooLarge) {
		fields, general, _ := c.faults(err)
		for _, text := range fields {
			general = text
		}
		return c.refuseRecords(general)
	}
	if err != nil {
		return err
	}
	page, err := c.recordsPage("")
	if err != nil {
		return err
	}
	page.Report = c.recordsReport(r, preview)
	return c.show("records", page)
}

func (c *call) refuseRecords(wrong string) error {
	page, err := c.recordsPage(wrong)
	if err != nil {
		return err
	}
	return c.showStatus(422, "records", page)
}

func (c *call) recordsReport(r *microdata.Report, preview bool) *RecordsReport {
	out := &RecordsReport{Preview: preview, Rejected: r.Rejected > 0, Said: c.N("records.read", r.Read), Unread: r.Unread}
	for _, f := range []struct {
		key string
		n   int
	}{{"made", r.Made}, {"updated", r.Updated}, {"unchanged", r.Unchanged}, {"removed", r.Removed}, {"rejected", r.Rejected}} {
		out.Figures = append(out.Figures, Figure{Label: c.T("records." + f.key), Value: c.Num(f.n)})
	}
	shown := 0
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			shown++
			out.Refused = c.faultShown(out.Refused, row.Line, f.Column, f.Text)
		}
	}
	if shown > faultsShown {
		out.More = c.N("records.more", shown-faultsShown)
	}
	return out
}

// recordsModel is the file of a sheet to fill.
func (s *Server) recordsModel(c *call) error {
	sheet, err := microdata.ParseSheet(c.r.PathValue("sheet"))
	if err != nil {
		return fault.NotFound("sheet", c.r.PathValue("sheet"))
	}
	return c.attach(string(sheet)+".csv", "text/csv; charset=utf-8; header=present", sheet.WriteModel)
}
