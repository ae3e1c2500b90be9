package web

import (
	"errors"
	"io"
	"net/http"

	"maillage/internal/fault"
	"maillage/people"
)

// JourneyImportPage takes a file of journeys and tells what became of each line.
type JourneyImportPage struct {
	Page
	Heading, Lead string
	File          Field
	Columns       []ImportColumn
	Report        *ImportReport
}

// ImportColumn explains a column of the model.
type ImportColumn struct{ Name, Says, Example string }

// ImportReport is what an import did, or would do.
type ImportReport struct {
	Preview  bool
	Said     string
	Figures  []Figure
	NoKey    string
	Unread   []ImportColumn
	Refused  []ImportFault
	More     string // how many refused lines are not shown
	Rejected bool
}

// ImportFault is one fault of the file, where it is.
type ImportFault struct{ Line, Column, Text string }

// faultsShown bounds the faults listed on the page.
const faultsShown = 200

func (s *Server) journeyImportForm(c *call) error {
	if err := c.theirs(); err != nil {
		return err
	}
	return c.show("journey_import", c.journeyImportPage(""))
}

func (c *call) journeyImportPage(wrong string) *JourneyImportPage {
	title := c.T("journey.import")
	page := &JourneyImportPage{Page: c.page(title, c.journeysCrumb(), Crumb{Text: title}), Heading: c.T("journey.import_heading"), Lead: c.T("journey.import_lead"),
		File: Field{ID: "fichier", Name: "fichier", Kind: "file", Label: c.T("journey.import_file"), Hint: c.T("journey.import_hint"), Required: true, Error: wrong}}
	for _, col := range people.ModelColumns() {
		page.Columns = append(page.Columns, ImportColumn{col.Name, col.Says.In(string(c.Lang)), col.Example})
	}
	if wrong != "" {
		page.Errors = summary(map[string]string{"fichier": wrong}, "fichier")
	}
	return page
}

// importJourneys reads the file that was sent; asked to check, it writes nothing.
func (s *Server) importJourneys(c *call) error {
	if err := c.theirs(); err != nil {
		return err
	}
	name, content, wrong := c.sentFile("fichier")
	if wrong != "" {
		return c.showStatus(422, "journey_import", c.journeyImportPage(wrong))
	}
	defer content.Close()
	preview := c.r.FormValue("geste") != "enregistrer"
	report, err := s.cfg.People.Import(c.r.Context(), people.File{Organisation: c.who.OrganisationID, Name: name, Content: content, Preview: preview})
	if err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		for _, text := range fields {
			general = text
		}
		return c.showStatus(422, "journey_import", c.journeyImportPage(general))
	}
	page := c.journeyImportPage("")
	page.Report = c.importReport(report, preview)
	return c.show("journey_import", page)
}

// sentFile opens the file of a form, or says why there is none.
func (c *call) sentFile(field string) (name string, content io.ReadCloser, wrong string) {
	err := c.r.ParseMultipartForm(maxBody)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return "", nil, fault.TooLarge("1" + nbsp + "Mo").Message.In(string(c.Lang))
	}
	if err != nil {
		return "", nil, c.T("journey.import_none")
	}
	file, head, err := c.r.FormFile(field)
	if err != nil {
		return "", nil, c.T("journey.import_none")
	}
	return head.Filename, file, ""
}

func (c *call) importReport(r *people.Report, preview bool) *ImportReport {
	out := &ImportReport{Preview: preview, Rejected: r.Rejected > 0, Said: c.N("journey.import_read", r.Read)}
	tense := "done_"
	if preview {
		tense = "would_"
	}
	for _, f := range []struct {
		key string
		n   int
	}{{"made", r.Made}, {"updated", r.Updated}, {"unchanged", r.Unchanged}, {"rejected", r.Rejected}, {"sealed", r.Sealed}} {
		out.Figures = append(out.Figures, Figure{Label: c.T("journey.import_" + tense + f.key), Value: c.Num(f.n)})
	}
	if r.NoKey {
		out.NoKey = people.KeyMissing().In(string(c.Lang))
	}
	for _, u := range r.Unread {
		out.Unread = append(out.Unread, ImportColumn{Name: u.Column, Says: upperFirst(u.Why.In(string(c.Lang)))})
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

// faultShown adds a fault of an import to those that its page shows, up to the bound.
func (c *call) faultShown(shown []ImportFault, line int, column string, text fault.Text) []ImportFault {
	if len(shown) == faultsShown {
		return shown
	}
	return append(shown, ImportFault{c.Num(line), column, upperFirst(text.In(string(c.Lang)))})
}

// journeyModelCSV is the file to fill.
func (s *Server) journeyModelCSV(c *call) error {
	return c.attach("parcours.csv", "text/csv; charset=utf-8; header=present", people.WriteModelCSV)
}

// journeyModelXLSX is the workbook to fill, with a sheet that explains it.
func (s *Server) journeyModelXLSX(c *call) error {
	return c.attach("parcours.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error { return people.WriteModelXLSX(w, string(c.Lang)) })
}

func (c *call) attach(name, kind string, write func(io.Writer) error) error {
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.send(kind, write)
}
