package web

import (
	"strconv"
	"strings"

	"maillage/followup/dossier"
)

const paragraphsPath = dossierPath + "/paragraphes"

// ParagraphsPage is the texts of technical memos that serve again, by theme.
type ParagraphsPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Themes        []ParagraphGroup
	Form          ParagraphForm
	Empty         Empty
}

// ParagraphGroup is those of one theme.
type ParagraphGroup struct {
	ID, Title string
	Rows      []ParagraphRow
}

// ParagraphRow is one text.
type ParagraphRow struct {
	Title, Href, Text, Words string
	Lines                    []string // of a version, whole
}

// ParagraphForm asks for a text, or for a version of one.
type ParagraphForm struct {
	Action, Base         string
	Theme, Title, Writes Field
	Retire               string // where it is no longer offered; empty: it is new
}

// ParagraphPage is a text with its versions.
type ParagraphPage struct {
	Page
	Heading, Lead string
	Form          ParagraphForm
	Versions      []ParagraphRow
}

func (s *Server) paragraphs(c *call) error {
	page, err := c.paragraphsPage(nil)
	if err != nil {
		return err
	}
	return c.show("paragraphs", page)
}

func (c *call) paragraphsPage(errs map[string]string) (*ParagraphsPage, error) {
	if c.who.OrganisationID == 0 {
		return nil, c.notMember()
	}
	all, err := c.s.cfg.Dossier.Paragraphs(c.r.Context(), c.ownID())
	if err != nil {
		return nil, err
	}
	title := c.T("dossier.tab_paragraphs")
	page := &ParagraphsPage{Page: c.page(title, c.dossierCrumbs(title)...), Heading: title, Lead: c.T("paragraph.lead"), Tabs: c.dossierTabs("paragraphs"),
		Empty: Empty{Title: c.T("paragraph.empty"), Text: c.T("paragraph.empty_text"), Actions: []Link{{c.T("paragraph.add"), "#paragraphe"}}}}
	for _, p := range all {
		theme := string(p.Theme)
		if n := len(page.Themes); n == 0 || page.Themes[n-1].ID != theme {
			page.Themes = append(page.Themes, ParagraphGroup{ID: theme, Title: c.T("dossier.theme_" + theme)})
		}
		last := &page.Themes[len(page.Themes)-1]
		last.Rows = append(last.Rows, ParagraphRow{Title: p.Title, Href: paragraphPath(p.ID), Text: c.T("paragraph.version", "N", p.Version, "When", c.When(p.WrittenAt, c.now)), Words: clip(p.Words, 240)})
	}
	page.Form = c.paragraphForm(&dossier.Paragraph{}, paragraphsPath, errs)
	page.Errors = summary(errs, "theme", "titre", "texte")
	return page, nil
}

func paragraphPath(id dossier.ParagraphID) string {
	return paragraphsPath + "/" + revisionOf(int64(id))
}

func (c *call) paragraphForm(p *dossier.Paragraph, action string, errs map[string]string) ParagraphForm {
	f := ParagraphForm{Action: action, Base: c.formOr("base", strconv.Itoa(p.Version)),
		Theme:  Field{ID: "theme", Name: "theme", Kind: "select", Label: c.T("paragraph.theme"), Required: true, Error: errs["theme"]},
		Title:  Field{ID: "titre", Name: "titre", Label: c.T("paragraph.title"), Required: true, Value: c.formOr("titre", p.Title), Error: errs["titre"]},
		Writes: Field{ID: "texte", Name: "texte", Kind: "area", Rows: 10, Label: c.T("paragraph.words"), Hint: c.T("paragraph.words_hint"), Required: true, Value: c.formOr("texte", p.Words), Error: errs["texte"]}}
	for _, t := range dossier.Themes() {
		f.Theme.Options = append(f.Theme.Options, Option{Value: string(t), Text: c.T("dossier.theme_" + string(t)), Selected: c.formOr("theme", string(p.Theme)) == string(t)})
	}
	return f
}

func (s *Server) writeParagraph(c *call) error {
	errs, _, err := c.keepParagraph(0)
	if err != nil {
		return err
	}
	if len(errs) == 0 {
		return c.to(paragraphsPath, "paragraph_kept")
	}
	page, err := c.paragraphsPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "paragraphs", errs)
}

func (c *call) keepParagraph(id dossier.ParagraphID) (map[string]string, *dossier.Paragraph, error) {
	base, _ := strconv.Atoi(c.form("base"))
	p := dossier.Paragraph{ID: id, OrganisationID: c.ownID(), Theme: dossier.Theme(c.form("theme")), Title: c.form("titre"), Words: c.form("texte")}
	kept, err := c.s.cfg.Dossier.WriteParagraph(c.r.Context(), p, base)
	errs, err := c.fieldsOf(err, map[string]string{"theme": "theme", "title": "titre", "words": "texte"})
	return errs, kept, err
}

func (s *Server) paragraph(c *call) error {
	page, err := c.paragraphPage(nil)
	if err != nil {
		return err
	}
	return c.show("paragraph", page)
}

func (c *call) paragraphPage(errs map[string]string) (*ParagraphPage, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	p, versions, err := c.s.cfg.Dossier.Versions(c.r.Context(), dossier.ParagraphID(id))
	if err != nil {
		return nil, err
	}
	tab := c.T("dossier.tab_paragraphs")
	crumbs := append(c.dossierCrumbs(tab)[:3], Crumb{tab, paragraphsPath}, Crumb{Text: clip(p.Title, 60)})
	page := &ParagraphPage{Page: c.page(p.Title, crumbs...), Heading: p.Title, Lead: joined(" · ", c.T("dossier.theme_"+string(p.Theme)), c.T("paragraph.version", "N", p.Version, "When", c.When(p.WrittenAt, c.now))),
		Form: c.paragraphForm(p, paragraphPath(p.ID), errs)}
	page.Form.Retire = paragraphPath(p.ID) + "/retirer"
	for _, v := range versions {
		page.Versions = append(page.Versions, ParagraphRow{Title: c.T("paragraph.version", "N", v.Version, "When", c.When(v.WrittenAt, c.now)), Text: v.Title, Lines: strings.Split(v.Words, "\n")})
	}
	page.Errors = summary(errs, "theme", "titre", "texte")
	return page, nil
}

func (s *Server) changeParagraph(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	errs, _, err := c.keepParagraph(dossier.ParagraphID(id))
	if err != nil {
		return err
	}
	if len(errs) == 0 {
		return c.to(paragraphPath(dossier.ParagraphID(id)), "paragraph_kept")
	}
	page, err := c.paragraphPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "paragraph", errs)
}

func (s *Server) retireParagraph(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Dossier.RetireParagraph(c.r.Context(), dossier.ParagraphID(id)); err != nil {
		return err
	}
	return c.to(paragraphsPath, "paragraph_retired")
}
