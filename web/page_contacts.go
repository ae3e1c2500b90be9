package web

import (
	"crypto/rand"
	"strconv"

	"maillage/accounts"
	"maillage/followup/contacts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// contactsPath is where who was called is noted and read.
const contactsPath = "/contacts"

// ContactsPage is what is promised and what was said, with the form to note more.
type ContactsPage struct {
	Page
	Heading, Lead string
	Promises      []ContactRow
	Log           []ContactRow
	Form          *ContactForm
	Empty         Empty
}

// ContactRow is one exchange.
type ContactRow struct {
	When, Name, Href string
	Text, Said       string
	Promise          string
	Due              *Tag
	Keep             string // where keeping the promise is said; empty: nothing to keep
}

// ContactForm notes an exchange with an enterprise.
type ContactForm struct {
	Heading, Key, Back        string
	Organisation, Match, Call string
	Prospect                  string
	Way, With, Outcome, Said  Field
	Promise, PromisedFor      Field
}

// ContactLog is what a page of something else shows of its exchanges.
type ContactLog struct {
	Rows []ContactRow
	Note string // where to note one; empty: not from here
}

func (s *Server) contacts(c *call) error {
	page, err := c.contactsPage(nil)
	if err != nil {
		return err
	}
	return c.show("contacts", page)
}

func (c *call) contactsPage(errs map[string]string) (*ContactsPage, error) {
	f := c.contactFilter()
	log, err := c.s.cfg.Contacts.List(c.r.Context(), f)
	if err != nil {
		return nil, err
	}
	f.Promised = true
	promises, err := c.s.cfg.Contacts.List(c.r.Context(), f)
	if err != nil {
		return nil, err
	}
	page := &ContactsPage{Page: c.page(c.T("contact.title"), Crumb{c.T("nav.home"), "/"}, Crumb{Text: c.T("contact.title")}), Heading: c.T("contact.title"), Lead: c.T("contact.lead"),
		Promises: c.contactRows(promises), Log: c.contactRows(log),
		Empty: Empty{Title: c.T("contact.empty"), Text: c.T("contact.empty_text"), Actions: []Link{{c.T("nav.members"), "/membres"}}}}
	page.Form, err = c.contactForm(f, errs)
	page.Errors = summary(errs, "comment", "avec", "issue", "dit", "promesse", "pour-le")
	return page, err
}

// contactFilter reads what the address, or the form, is about.
func (c *call) contactFilter() contacts.Filter {
	n := func(name string) int64 {
		v, _ := strconv.ParseInt(c.r.FormValue(name), 10, 64)
		return max(0, v)
	}
	return contacts.Filter{Organisation: network.ID(n("entreprise")), Match: matching.ID(n("reponse")), Opportunity: opportunities.ID(n("appel")), Prospect: n("prospect")}
}

// contactForm asks what was said with an enterprise that is known; none is asked otherwise.
func (c *call) contactForm(f contacts.Filter, errs map[string]string) (*ContactForm, error) {
	if f.Organisation == 0 {
		return nil, nil //nolint:nilnil // no enterprise is chosen: there is no form
	}
	o, err := c.s.cfg.Network.Get(c.r.Context(), f.Organisation)
	if err != nil {
		return nil, err
	}
	form := &ContactForm{Heading: c.T("contact.with", "Name", o.Called()), Key: c.formOr("cle", rand.Text()), Organisation: memberID(o.ID), Back: c.r.FormValue("retour"),
		With:        Field{ID: "avec", Name: "avec", Label: c.T("contact.whom"), Hint: c.T("contact.whom_hint"), Value: c.formOr("avec", ""), Error: errs["avec"]},
		Said:        Field{ID: "dit", Name: "dit", Kind: "area", Rows: 4, Label: c.T("contact.said"), Hint: c.T("contact.said_hint"), Value: c.formOr("dit", ""), Error: errs["dit"]},
		Promise:     Field{ID: "promesse", Name: "promesse", Label: c.T("contact.promise"), Hint: c.T("contact.promise_hint"), Value: c.formOr("promesse", ""), Error: errs["promesse"]},
		PromisedFor: Field{ID: "pour-le", Name: "pour-le", Kind: "date", Label: c.T("contact.promised_for"), Value: c.formOr("pour-le", ""), Error: errs["pour-le"], Short: true},
		Way:         Field{ID: "comment", Name: "comment", Kind: "radio", Label: c.T("contact.way"), Error: errs["comment"]},
		Outcome:     Field{ID: "issue", Name: "issue", Kind: "select", Label: c.T("contact.outcome"), Required: true, Error: errs["issue"]},
	}
	if f.Match != 0 {
		form.Match = revisionOf(int64(f.Match))
	}
	if f.Opportunity != 0 {
		form.Call = revisionOf(int64(f.Opportunity))
	}
	if f.Prospect != 0 {
		form.Prospect = revisionOf(f.Prospect)
	}
	way, outcome := c.formOr("comment", string(contacts.Call)), c.formOr("issue", string(contacts.Reached))
	for _, w := range contacts.Ways() {
		form.Way.Options = append(form.Way.Options, Option{Value: string(w), Text: upperFirst(contacts.WayWords(w).In(string(c.Lang))), Selected: string(w) == way})
	}
	for _, one := range contacts.Outcomes() {
		form.Outcome.Options = append(form.Outcome.Options, Option{Value: string(one), Text: upperFirst(contacts.OutcomeWords(one).In(string(c.Lang))), Selected: string(one) == outcome})
	}
	return form, nil
}

func (c *call) contactRows(lines []contacts.Line) []ContactRow {
	var rows []ContactRow
	today := c.s.cfg.Contacts.Today()
	for _, l := range lines {
		row := ContactRow{When: c.When(l.At, c.now), Name: l.Name, Href: memberPath(l.OrganisationID), Said: l.Said,
			Text: joined(" · ", upperFirst(contacts.WayWords(l.Way).In(string(c.Lang))), l.With, contacts.OutcomeWords(l.Outcome).In(string(c.Lang)), c.notedBy(l.By))}
		if l.PromisedFor != "" {
			row.Promise = c.T("contact.promised", "What", l.Promise, "When", c.civilDay(l.PromisedFor))
			row.Due = c.promiseTag(&l.Contact, today)
			if l.KeptAt == nil {
				row.Keep = contactsPath + "/" + revisionOf(int64(l.ID))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) notedBy(name string) string {
	if name == "" {
		return ""
	}
	return c.T("contact.by", "Name", name)
}

func (c *call) promiseTag(l *contacts.Contact, today string) *Tag {
	switch {
	case l.KeptAt != nil:
		return &Tag{Text: c.T("contact.kept"), State: Met}
	case l.PromisedFor < today:
		return &Tag{Text: c.T("contact.late"), State: Missed}
	case l.PromisedFor == today:
		return &Tag{Text: c.T("contact.due_today"), State: Partial}
	}
	return &Tag{Text: c.T("contact.to_keep"), State: Unknown}
}

// contactLog is what the page of something else shows of its exchanges; nil for who may not read any.
func (c *call) contactLog(f contacts.Filter, note string) (*ContactLog, error) {
	if c.s.cfg.Contacts == nil || !c.may(accounts.ContactRead) {
		return nil, nil //nolint:nilnil // nothing to show to this reader
	}
	lines, err := c.s.cfg.Contacts.List(c.r.Context(), f)
	if err != nil {
		return nil, err
	}
	if note == "" && len(lines) == 0 {
		return nil, nil //nolint:nilnil // nothing was said
	}
	return &ContactLog{Rows: c.contactRows(first(lines, contactsShown)), Note: note}, nil
}

// contactsShown is how many exchanges the page of something else shows.
const contactsShown = 5

// noteContact keeps an exchange.
func (s *Server) noteContact(c *call) error {
	f := c.contactFilter()
	in := contacts.Contact{Key: c.form("cle"), OrganisationID: f.Organisation, Way: contacts.Way(c.form("comment")), With: c.form("avec"), Outcome: contacts.Outcome(c.form("issue")),
		Said: c.form("dit"), Promise: c.form("promesse"), PromisedFor: c.form("pour-le")}
	if f.Match != 0 {
		in.MatchID = &f.Match
	}
	if f.Opportunity != 0 {
		in.OpportunityID = &f.Opportunity
	}
	if f.Prospect != 0 {
		in.ProspectID = &f.Prospect
	}
	if _, err := s.cfg.Contacts.Note(c.r.Context(), in); err != nil {
		return c.noteAgain(err)
	}
	back := c.form("retour")
	if back == "" {
		back = contactsPath
	}
	return c.to(localPath(back), "contact_noted")
}

// noteAgain shows the form again with what is to be corrected; nothing that was typed is lost.
func (c *call) noteAgain(err error) error {
	f := fault.Of(err)
	if f.Kind != fault.KindInvalid {
		return err
	}
	names := map[string]string{"way": "comment", "with": "avec", "outcome": "issue", "said": "dit", "promise": "promesse", "promised_for": "pour-le"}
	errs := map[string]string{}
	for _, field := range f.Fields {
		if names[field.Path] == "" {
			return err
		}
		errs[names[field.Path]] = field.Message.In(string(c.Lang))
	}
	page, err := c.contactsPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "contacts", errs)
}

// keepPromise says that what was promised is done.
func (s *Server) keepPromise(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if _, err := s.cfg.Contacts.Keep(c.r.Context(), contacts.ID(id)); err != nil {
		return err
	}
	back := c.form("retour")
	if back == "" {
		back = contactsPath
	}
	return c.to(localPath(back), "contact_kept")
}

// noteWith is where an exchange with an enterprise is noted, about a match where there is one.
func (c *call) noteWith(o network.ID, m matching.ID) string {
	to := contactsPath + "?" + query("entreprise", memberID(o))
	if m != 0 {
		to += "&" + query("reponse", revisionOf(int64(m)))
	}
	return to + "&" + query("retour", c.r.URL.RequestURI()) + "#noter"
}

// noteBuyer is where an exchange about a call is noted with its buyer, by who follows
// the place of the call; empty: the buyer is not known here, or is not theirs to call.
func (c *call) noteBuyer(o *opportunities.Opportunity) string {
	place := c.s.cfg.Opportunities.ScopeOf(o).Place
	if o.BuyerID == nil || place == nil || !accounts.Can(c.who.Identity, accounts.ContactNote, accounts.Scope{}.In(place)) {
		return ""
	}
	return contactsPath + "?" + query("entreprise", memberID(network.ID(*o.BuyerID))) + "&" + query("appel", revisionOf(int64(o.ID))) + "&" + query("retour", c.r.URL.RequestURI()) + "#noter"
}
