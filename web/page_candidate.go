package web

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"maillage/followup/dossier"
	"maillage/network"
)

const candidatePath = dossierPath + "/candidat"

// CandidatePage is the data that the forms of an application ask for, to complete.
type CandidatePage struct {
	Page
	Heading, Lead, Revision string
	Tabs                    []Option
	Identity                []Fact
	Form, Signatory         Field
	Quality, Capacity       Field
	Years                   []YearFields
	Files                   []Link
}

// YearFields asks for one closed year.
type YearFields struct {
	Legend                       string
	Year, Turnover, Share, Staff Field
}

// CandidateSheet is the same data to print, or to copy box by box.
type CandidateSheet struct {
	Page
	Heading, Lead, Back, Table string
	Parts                      []SheetPart
}

// SheetPart is one part of the forms.
type SheetPart struct {
	ID, Title string
	Facts     []Fact
}

func (s *Server) candidate(c *call) error {
	page, err := c.candidatePage(nil)
	if err != nil {
		return err
	}
	return c.show("candidate", page)
}

func (c *call) candidatePage(errs map[string]string) (*CandidatePage, error) {
	if c.who.OrganisationID == 0 {
		return nil, c.notMember()
	}
	d, err := c.s.cfg.Dossier.Candidate(c.r.Context(), c.ownID())
	if err != nil {
		return nil, err
	}
	title := c.T("dossier.tab_candidate")
	page := &CandidatePage{Page: c.page(title, c.dossierCrumbs(title)...), Heading: title, Lead: c.T("candidate.lead"), Revision: c.formOr("revision", revisionOf(d.Revision)), Tabs: c.dossierTabs("candidate"),
		Identity: c.identityFacts(d.Organisation), Files: []Link{{c.T("candidate.print"), candidatePath + "/imprimer"}, {c.T("candidate.xlsx"), candidatePath + ".xlsx"}},
		Form:      Field{ID: "forme", Name: "forme", Kind: "select", Label: c.T("candidate.form"), Options: []Option{{Text: c.T("dossier.choose")}}, Error: errs["forme"]},
		Signatory: Field{ID: "signataire", Name: "signataire", Label: c.T("candidate.signatory"), Value: c.formOr("signataire", d.Signatory), Error: errs["signataire"]},
		Quality:   Field{ID: "qualite", Name: "qualite", Label: c.T("candidate.quality"), Value: c.formOr("qualite", d.Quality), Error: errs["qualite"]},
		Capacity:  Field{ID: "capacite", Name: "capacite", Kind: "area", Rows: 5, Label: c.T("candidate.capacity"), Hint: c.T("candidate.capacity_hint"), Value: c.formOr("capacite", d.Capacity), Error: errs["capacite"]}}
	for _, form := range dossier.LegalForms() {
		page.Form.Options = append(page.Form.Options, Option{Value: form, Text: c.T("candidate.form_" + form), Selected: c.formOr("forme", d.LegalForm) == form})
	}
	for i := range 3 {
		page.Years = append(page.Years, c.yearFields(d, i, errs))
	}
	page.Errors = summary(errs, "forme", "signataire", "qualite", "capacite")
	return page, nil
}

func (c *call) yearFields(d *dossier.Candidate, i int, errs map[string]string) YearFields {
	year := dossier.Year{Year: c.now.In(c.zone).Year() - 1 - i}
	if i < len(d.Years) {
		year = d.Years[i]
	}
	n := strconv.Itoa(i + 1)
	field := func(name, label string, value float64) Field {
		text := ""
		if value != 0 {
			text = strconv.FormatFloat(value, 'f', -1, 64)
		}
		return Field{ID: name + n, Name: name + n, Label: c.T("candidate." + label), InputMode: "decimal", Short: true, Bare: true, Value: c.formOr(name+n, text), Error: errs[name+n]}
	}
	return YearFields{Legend: c.T("candidate.year_n", "N", i+1), Year: field("exercice", "year", float64(year.Year)), Turnover: field("ca", "turnover", year.Turnover), Share: field("part", "share", year.Share), Staff: field("effectif", "staff", year.Staff)}
}

// identityFacts are what the network knows of an enterprise already.
func (c *call) identityFacts(o *network.Organisation) []Fact {
	site := network.Site{}
	for _, s := range o.Sites {
		if s.Main || site.Commune == "" {
			site = s
		}
	}
	facts := []Fact{{Label: c.T("candidate.name"), Big: o.Name}, {Label: "SIRET", Big: string(o.SIRET)}, {Label: c.T("candidate.address"), Big: joined(", ", site.Address, joined(" ", site.Postcode, site.City))},
		{Label: c.T("candidate.email"), Big: o.Email}, {Label: c.T("candidate.phone"), Big: o.Phone}, {Label: "NAF", Big: string(o.NAF)}, {Label: c.T("candidate.kind"), Big: c.kindOfOrg(o)}}
	for i := range facts {
		if facts[i].Big == "" {
			facts[i].Big = c.T("candidate.unsaid")
		}
	}
	return facts
}

func (c *call) kindOfOrg(o *network.Organisation) string {
	if o.Kind == "" {
		return ""
	}
	return upperFirst(c.T("okind_long." + string(o.Kind)))
}

func (s *Server) saveCandidate(c *call) error {
	d, errs := c.candidateSent()
	expected, _ := strconv.ParseInt(c.form("revision"), 10, 64)
	if len(errs) == 0 {
		_, err := s.cfg.Dossier.SaveCandidate(c.r.Context(), d, max(0, expected))
		names := map[string]string{"legal_form": "forme", "signatory": "signataire", "quality": "qualite", "capacity": "capacite", "years": "exercice1"}
		for i := range 3 {
			n := strconv.Itoa(i + 1)
			for path, name := range map[string]string{"year": "exercice", "turnover": "ca", "share": "part", "staff": "effectif"} {
				names[fmt.Sprintf("years[%d].%s", i, path)] = name + n
			}
		}
		if errs, err = c.fieldsOf(err, names); err != nil {
			return err
		}
	}
	if len(errs) == 0 {
		return c.to(candidatePath, "candidate_saved")
	}
	page, err := c.candidatePage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "candidate", errs)
}

// candidateSent reads the form; a year without a figure is not told.
func (c *call) candidateSent() (dossier.Candidate, map[string]string) {
	d := dossier.Candidate{OrganisationID: c.ownID(), LegalForm: c.form("forme"), Signatory: c.form("signataire"), Quality: c.form("qualite"), Capacity: c.form("capacite"), Years: []dossier.Year{}}
	errs := map[string]string{}
	for i := range 3 {
		n := strconv.Itoa(i + 1)
		read := map[string]float64{}
		for _, name := range []string{"exercice", "ca", "part", "effectif"} {
			value, ok := c.sum(name + n)
			if !ok {
				errs[name+n] = c.T("candidate.not_a_number")
			}
			read[name] = value
		}
		if read["ca"] != 0 || read["effectif"] != 0 {
			d.Years = append(d.Years, dossier.Year{Year: int(read["exercice"]), Turnover: read["ca"], Share: read["part"], Staff: read["effectif"]})
		}
	}
	return d, errs
}

func (s *Server) candidateSheet(c *call) error {
	d, err := s.cfg.Dossier.Candidate(c.r.Context(), c.ownID())
	if err != nil {
		return err
	}
	title := c.T("candidate.sheet")
	page := &CandidateSheet{Page: c.page(title, append(c.dossierCrumbs(c.T("dossier.tab_candidate"))[:3], Crumb{c.T("dossier.tab_candidate"), candidatePath}, Crumb{Text: title})...), Heading: c.T("candidate.sheet_of", "Name", d.Organisation.Name),
		Lead: c.T("candidate.sheet_lead", "Date", c.Date(c.now)), Back: candidatePath, Table: candidatePath + ".xlsx", Parts: c.sheetParts(d)}
	return c.show("candidate_sheet", page)
}

// sheetParts are the data in the order of the forms.
func (c *call) sheetParts(d *dossier.Candidate) []SheetPart {
	said := func(s string) string {
		if s == "" {
			return c.T("candidate.unsaid")
		}
		return s
	}
	form := ""
	if d.LegalForm != "" {
		form = c.T("candidate.form_" + d.LegalForm)
	}
	parts := []SheetPart{
		{"identite", c.T("candidate.part_identity"), append(c.identityFacts(d.Organisation), Fact{Label: c.T("candidate.form"), Big: said(form)})},
		{"signature", c.T("candidate.part_signature"), []Fact{{Label: c.T("candidate.signatory"), Big: said(d.Signatory)}, {Label: c.T("candidate.quality"), Big: said(d.Quality)}}},
		{"capacite", c.T("candidate.part_capacity"), []Fact{{Label: c.T("candidate.capacity"), Lines: []string{said(d.Capacity)}}}},
	}
	years := SheetPart{ID: "exercices", Title: c.T("candidate.part_years")}
	for _, y := range d.Years {
		f := Fact{Label: revisionOf(int64(y.Year)), Big: c.Money(y.Turnover, "EUR")}
		if y.Share > 0 {
			f.Lines = append(f.Lines, c.T("candidate.share_is", "Share", c.Percent(y.Share/100)))
		}
		if y.Staff > 0 {
			f.Lines = append(f.Lines, c.T("candidate.staff_is", "N", c.Decimal(y.Staff, 1)))
		}
		years.Facts = append(years.Facts, f)
	}
	if len(d.Years) == 0 {
		years.Facts = []Fact{{Label: c.T("candidate.turnover"), Big: c.T("candidate.unsaid")}}
	}
	return append(parts, years)
}

func (s *Server) candidateTable(c *call) error {
	d, err := s.cfg.Dossier.Candidate(c.r.Context(), c.ownID())
	if err != nil {
		return err
	}
	return c.attach("candidat-"+c.now.In(c.zone).Format(time.DateOnly)+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(w io.Writer) error { return dossier.WriteCandidateXLSX(w, d, string(c.Lang)) })
}
