package web

import (
	"strconv"

	"maillage/followup/dossier"
	"maillage/matching"
)

const referencesPath = dossierPath + "/references"

// ReferencesPage is the contracts that an enterprise shows to buyers.
type ReferencesPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Rows          []ReferenceRow
	Wins          []WinRow
	Form          ReferenceForm
	Empty         Empty
}

// ReferenceRow is one of them.
type ReferenceRow struct {
	Title, Text, Contact string
	Won                  bool // on the platform
	Edit, Remove         string
}

// WinRow is a contract won here that could be shown.
type WinRow struct {
	Text   string
	Match  string
	Object string
	Buyer  string
	Year   string
}

// ReferenceForm asks for one.
type ReferenceForm struct {
	Heading, ID, Revision, Match                   string
	Object, Buyer, Amount, Year, Contact, AgreedOn Field
}

func (s *Server) references(c *call) error {
	page, err := c.referencesPage(nil)
	if err != nil {
		return err
	}
	return c.show("references", page)
}

func (c *call) referencesPage(errs map[string]string) (*ReferencesPage, error) {
	if c.who.OrganisationID == 0 {
		return nil, c.notMember()
	}
	d, ctx := c.s.cfg.Dossier, c.r.Context()
	all, err := d.References(ctx, c.ownID())
	if err != nil {
		return nil, err
	}
	wins, err := d.Wins(ctx, c.ownID())
	if err != nil {
		return nil, err
	}
	title := c.T("dossier.tab_references")
	page := &ReferencesPage{Page: c.page(title, c.dossierCrumbs(title)...), Heading: title, Lead: c.T("reference.lead"), Tabs: c.dossierTabs("references"),
		Empty: Empty{Title: c.T("reference.empty"), Text: c.T("reference.empty_text"), Actions: []Link{{c.T("reference.add"), "#reference"}}}}
	edited := dossier.Reference{}
	for i := range all {
		r := &all[i]
		page.Rows = append(page.Rows, c.referenceRow(r))
		if strconv.FormatInt(int64(r.ID), 10) == c.query("modifier") {
			edited = *r
		}
	}
	for _, w := range wins {
		page.Wins = append(page.Wins, WinRow{Text: joined(", ", w.Object, w.Buyer, revisionOf(int64(w.Year))), Match: revisionOf(int64(w.Match)), Object: w.Object, Buyer: w.Buyer, Year: revisionOf(int64(w.Year))})
	}
	page.Form = c.referenceForm(&edited, errs)
	page.Errors = summary(errs, "objet", "client", "annee", "montant", "contact", "accord")
	return page, nil
}

func (c *call) referenceRow(r *dossier.Reference) ReferenceRow {
	id := revisionOf(int64(r.ID))
	row := ReferenceRow{Title: r.Object, Won: r.MatchID != nil, Edit: referencesPath + "?" + query("modifier", id) + "#reference", Remove: referencesPath + "/" + id + "/retirer"}
	amount := c.T("reference.no_amount")
	if r.Amount > 0 {
		amount = c.Money(r.Amount, "EUR")
	}
	row.Text = joined(" · ", r.Buyer, revisionOf(int64(r.Year)), amount)
	if r.Contact != "" {
		row.Contact = c.T("reference.agreed", "Name", r.Contact, "Date", c.civilDay(r.AgreedOn))
	}
	return row
}

func (c *call) referenceForm(r *dossier.Reference, errs map[string]string) ReferenceForm {
	number := func(n float64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	f := ReferenceForm{Heading: c.T("reference.add"), ID: c.formOr("reference", ""), Revision: c.formOr("revision", ""), Match: c.formOr("reponse", "")}
	if r.ID != 0 {
		f.Heading, f.ID, f.Revision = c.T("reference.edit"), revisionOf(int64(r.ID)), revisionOf(r.Revision)
	}
	f.Object = Field{ID: "objet", Name: "objet", Label: c.T("reference.object"), Required: true, Value: c.formOr("objet", r.Object), Error: errs["objet"]}
	f.Buyer = Field{ID: "client", Name: "client", Label: c.T("reference.buyer"), Required: true, Value: c.formOr("client", r.Buyer), Error: errs["client"]}
	f.Year = Field{ID: "annee", Name: "annee", Kind: "number", Label: c.T("reference.year"), Hint: c.T("reference.year_hint"), Required: true, Short: true, Value: c.formOr("annee", number(float64(r.Year))), Error: errs["annee"]}
	f.Amount = Field{ID: "montant", Name: "montant", Label: c.T("reference.amount"), Short: true, InputMode: "decimal", Value: c.formOr("montant", number(r.Amount)), Error: errs["montant"]}
	f.Contact = Field{ID: "contact", Name: "contact", Label: c.T("reference.contact"), Hint: c.T("reference.contact_hint"), Value: c.formOr("contact", r.Contact), Error: errs["contact"]}
	f.AgreedOn = Field{ID: "accord", Name: "accord", Kind: "date", Label: c.T("reference.agreed_on"), Short: true, Value: c.formOr("accord", r.AgreedOn), Error: errs["accord"]}
	return f
}

func (s *Server) saveReference(c *call) error {
	r := dossier.Reference{OrganisationID: c.ownID(), Object: c.form("objet"), Buyer: c.form("client"), Contact: c.form("contact"), AgreedOn: c.form("accord")}
	id, _ := strconv.ParseInt(c.form("reference"), 10, 64)
	r.Revision, _ = strconv.ParseInt(c.form("revision"), 10, 64)
	r.ID = dossier.ReferenceID(id)
	r.Year, _ = strconv.Atoi(c.form("annee"))
	if n, err := strconv.ParseInt(c.form("reponse"), 10, 64); err == nil && n > 0 {
		m := matching.ID(n)
		r.MatchID = &m
	}
	errs := map[string]string{}
	var read bool
	if r.Amount, read = c.sum("montant"); !read {
		errs["montant"] = c.T("reference.amount_wrong")
	}
	if len(errs) == 0 {
		_, err := s.cfg.Dossier.SaveReference(c.r.Context(), r)
		if errs, err = c.fieldsOf(err, map[string]string{"object": "objet", "buyer": "client", "amount": "montant", "year": "annee", "contact": "contact", "agreed_on": "accord"}); err != nil {
			return err
		}
	}
	if len(errs) == 0 {
		return c.to(referencesPath, "reference_saved")
	}
	page, err := c.referencesPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "references", errs)
}

// sum reads a sum as people write it; nothing typed is 0.
func (c *call) sum(name string) (float64, bool) {
	if c.form(name) == "" {
		return 0, true
	}
	return c.Locale.number(c.form(name))
}

func (s *Server) removeReference(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Dossier.RemoveReference(c.r.Context(), c.ownID(), dossier.ReferenceID(id)); err != nil {
		return err
	}
	return c.to(referencesPath, "reference_removed")
}
