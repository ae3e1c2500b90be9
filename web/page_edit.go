package web

import (
	"net/url"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// editForm shows an opportunity in the form it could have been published with. What came from a
// notice is corrected by its source, not here.
func (s *Server) editForm(c *call) error {
	o, err := c.editable()
	if err != nil {
		return err
	}
	if o.Kind.HasPositions() {
		return c.editPositionForm(o)
	}
	c.r.PostForm = c.asForm(o)
	var d draftForm
	for i := range liveLots(o) {
		d.lots = append(d.lots, i+1)
	}
	return c.show("publish", c.editPage(o, d, nil))
}

// editable reads an opportunity that the person may change in this form.
func (c *call) editable() (*opportunities.Opportunity, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return nil, err
	}
	if err := accounts.Allow(c.who.Identity, accounts.OpportunityEdit, c.scopeOfOpportunity(o)); err != nil {
		return nil, err
	}
	if !editableSource(o) {
		return nil, fault.Conflict("from-notice", "Cette opportunité vient d’un avis officiel : c’est l’avis qui la corrige.", "This opportunity comes from an official notice: the notice corrects it.")
	}
	return o, nil
}

// editableSource says whether the form is where an opportunity is corrected: one that a person wrote.
func editableSource(o *opportunities.Opportunity) bool {
	return o.Handwritten() && o.Kind != opportunities.Takeover && (o.State == opportunities.Draft || o.State == opportunities.Published)
}

func (c *call) editPage(o *opportunities.Opportunity, d draftForm, errs map[string]string) *PublishPage {
	page := c.publishPage(d, errs)
	title := c.T("publish.edit_title")
	page.Title, page.Heading, page.Lead = title, title, c.T("publish.edit_lead")
	page.Crumbs = []Crumb{{c.T("opps.title"), "/marches"}, {clip(o.Title, 60), opportunityPath(o.ID)}, {Text: title}}
	page.Action, page.Submit, page.CanDraft = opportunityPath(o.ID)+"/modifier", c.T("publish.save"), false
	page.Revision = strconv.FormatInt(o.Revision, 10)
	return page
}

// asForm writes an opportunity as the fields of the form.
func (c *call) asForm(o *opportunities.Opportunity) url.Values {
	f := url.Values{"nature": {string(o.Kind)}, "titre": {o.Title}, "acheteur": {o.BuyerName}, "description": {o.Description}}
	f.Set("lieu", o.Place.Words)
	if o.Place.Words == "" && o.Place.Scope == opportunities.InCommunes {
		f.Set("lieu", c.perimeterWords(o.Place.Perimeter))
	}
	if o.Deadline != nil {
		f.Set("echeance", o.Deadline.In(c.zone).Format("2006-01-02T15:04"))
	}
	for i, lot := range liveLots(o) {
		prefix := lotPrefix(i + 1)
		f.Set(prefix+"numero", lot.Number)
		f.Set(prefix+"titre", lot.Title)
		for _, code := range lot.Codes {
			if code.Scheme == nomenclatures.SchemeSector {
				f.Set(prefix+"secteur", code.Value)
				continue
			}
			f.Set(prefix+"precision", c.codeWords(code))
			f.Set(prefix+"precision_code", string(code.Scheme)+":"+code.Value)
		}
		if len(lot.Modes) > 0 {
			f.Set(prefix+"mode", lot.Modes[0])
		}
		f.Set(prefix+"reserve", string(lot.Clause.ReservedTo))
		for name, n := range map[string]float64{"heures": lot.Clause.Hours, "etp": lot.FTE, "montant": lot.Amount, "postes": float64(lot.Posts)} {
			if n > 0 {
				f.Set(prefix+name, c.Decimal(n, 2))
			}
		}
		f.Set(prefix+"debut", lot.StartsOn)
	}
	return f
}

// edit keeps the corrected opportunity; its matches are brought up to date in the same transaction.
func (s *Server) edit(c *call) error {
	old, err := c.editable()
	if err != nil {
		return err
	}
	if old.Kind.HasPositions() {
		return c.editPosition(old)
	}
	d := c.readEdit(old)
	if c.form("ajouter") != "" || c.form("retirer") != "" {
		return c.show("publish", c.editPage(old, d, nil))
	}
	o, errs := c.corrected(old, d)
	revision, err := c.revision()
	if err != nil {
		return err
	}
	if len(errs) == 0 {
		err := s.cfg.Opportunities.Amend(c.r.Context(), c.who.Identity, old, o)
		if err == nil {
			_, err = s.cfg.Opportunities.Update(c.r.Context(), c.by(), revision, o)
		}
		if err == nil {
			return c.to(opportunityPath(o.ID), "opportunity_saved")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = formErrors(fields, general)
	}
	return c.showForm(c.editPage(old, d, errs), "publish", errs)
}

// EndPage asks why an opportunity is dropped, or who won it.
type EndPage struct {
	Page
	Heading, Lead, Action, Submit string
	Word                          Field
}

// endForm asks for a word before an opportunity is cancelled or awarded, which cannot be undone.
func (s *Server) endForm(c *call) error {
	o, how, err := c.ending()
	if err != nil {
		return err
	}
	return c.show("end", c.endPage(o, how, ""))
}

func (c *call) endPage(o *opportunities.Opportunity, how, wrong string) *EndPage {
	title := c.T("end." + how + "_title")
	page := &EndPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{clip(o.Title, 60), opportunityPath(o.ID)}, Crumb{Text: title}),
		Heading: title, Lead: c.T("end." + how + "_lead"), Action: opportunityPath(o.ID) + "/" + how, Submit: c.T("end." + how + "_submit"),
		Word: Field{ID: "mot", Name: "mot", Kind: "area", Label: c.T("end." + how + "_word"), Required: how == "annuler", Value: c.form("mot"), Error: wrong}}
	page.Errors = summary(map[string]string{"mot": wrong}, "mot")
	return page
}

// ending reads which opportunity is ended, how, and whether the person may.
func (c *call) ending() (*opportunities.Opportunity, string, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, "", err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return nil, "", err
	}
	how, action := "annuler", accounts.OpportunityCancel
	if strings.HasSuffix(c.r.URL.Path, "/attribuer") {
		how, action = "attribuer", accounts.OpportunityAward
	}
	return o, how, accounts.Allow(c.who.Identity, action, c.scopeOfOpportunity(o))
}

func (s *Server) end(c *call) error {
	o, how, err := c.ending()
	if err != nil {
		return err
	}
	by := c.by()
	by.Note = c.form("mot")
	do, said := s.cfg.Opportunities.Award, "awarded"
	if how == "annuler" {
		do, said = s.cfg.Opportunities.Cancel, "cancelled"
		if by.Note == "" {
			return c.showStatus(422, "end", c.endPage(o, how, c.T("end.need_word")))
		}
	}
	if _, err := do(c.r.Context(), by, o.ID, o.Revision); err != nil {
		return err
	}
	return c.to(opportunityPath(o.ID), said)
}
