package web

import (
	"strconv"

	"maillage/internal/fault"
	"maillage/people"
)

// IdentityPage is who a person is: closed until a gesture, which is written in the audit trail.
type IdentityPage struct {
	Page
	Heading, Lead, Action, Back, Revision string
	Sealed                                bool // this server has a key
	Open                                  bool // shown, this once
	Fields                                []Field
}

// identityGate asks for the gesture; nothing of the person is on this page.
func (s *Server) identityGate(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	return c.show("identity", c.identityPage(p))
}

func (c *call) identityPage(p *people.Person) *IdentityPage {
	title := c.T("journey.identity_title", "Code", p.Code)
	return &IdentityPage{Page: c.page(title, c.journeysCrumb(), c.journeyCrumb(p), Crumb{Text: c.T("journey.identity")}), Heading: title, Lead: c.T("journey.identity_lead"),
		Action: journeyPath(p.ID) + "/identite", Back: journeyPath(p.ID), Revision: strconv.FormatInt(p.Revision, 10), Sealed: c.s.cfg.People.SealsIdentities()}
}

// identity opens the identity, or keeps what was corrected.
func (s *Server) identity(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	if c.form("geste") != "enregistrer" {
		return c.openIdentity(p)
	}
	who := people.Identity{Given: c.form("prenom"), Family: c.form("nom"), Born: c.form("naissance"), Phone: c.form("telephone"), Email: c.form("courriel"), Pass: c.form("pass")}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	err = s.cfg.People.SetIdentity(c.r.Context(), p.ID, revision, who)
	if err == nil {
		return c.to(journeyPath(p.ID), "identity_saved")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	if fault.Is(err, fault.KindPrecondition) {
		general = c.T("journey.form_stale")
	}
	page := c.identityPage(p)
	page.Open, page.Fields = true, c.identityFields(who, fields)
	page.Errors = summary(formErrors(identityFaults(fields), general), "prenom", "nom", "naissance", "telephone", "courriel", "pass")
	return c.showStatus(422, "identity", page)
}

// openIdentity shows who the person is, once: the service writes that it was read.
func (c *call) openIdentity(p *people.Person) error {
	page := c.identityPage(p)
	who, err := c.s.cfg.People.Identity(c.r.Context(), p.ID)
	if err != nil {
		if fault.Is(err, fault.KindUnavailable) && !page.Sealed {
			return c.show("identity", page)
		}
		return err
	}
	page.Open, page.Fields = true, c.identityFields(who, nil)
	return c.show("identity", page)
}

// identityNames are the fields of the form, by the service's names.
var identityNames = map[string]string{"given": "prenom", "family": "nom", "born": "naissance", "phone": "telephone", "email": "courriel", "pass": "pass"}

func identityFaults(fields map[string]string) map[string]string {
	out := map[string]string{}
	for path, text := range fields {
		out[identityNames[path]] = text
	}
	return out
}

func (c *call) identityFields(who people.Identity, fields map[string]string) []Field {
	errs := identityFaults(fields)
	field := func(name, kind, value string) Field {
		return Field{ID: name, Name: name, Kind: kind, Bare: true, Label: c.T("journey.id_" + name), Value: value, Autocomplete: "off", Error: errs[name]}
	}
	all := []Field{field("prenom", "", who.Given), field("nom", "", who.Family), field("naissance", "date", who.Born), field("telephone", "tel", who.Phone), field("courriel", "email", who.Email), field("pass", "", who.Pass)}
	all[5].Hint = c.T("journey.id_pass_hint")
	return all
}

// TraitsPage is the form of what serves the audit of outcomes, and nothing else.
type TraitsPage struct {
	Page
	Heading, Lead, Action, Back string
	Choices                     []Field
	Year                        Field
}

func (s *Server) traitsForm(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	t, err := s.cfg.People.Traits(c.r.Context(), p.ID)
	if err != nil {
		return err
	}
	return c.show("traits", c.traitsPage(p, t, yearText(t.BirthYear), nil))
}

func (c *call) traitsPage(p *people.Person, t people.Traits, year string, errs map[string]string) *TraitsPage {
	title := c.T("journey.traits_title", "Code", p.Code)
	page := &TraitsPage{Page: c.page(title, c.journeysCrumb(), c.journeyCrumb(p), Crumb{Text: c.T("journey.traits")}), Heading: title, Lead: c.T("journey.traits_lead"),
		Action: journeyPath(p.ID) + "/mesure", Back: journeyPath(p.ID)}
	choice := func(name, chosen string, values ...string) Field {
		f := Field{ID: name, Name: name, Kind: "radio", Label: c.T("journey.trait_" + name), Error: errs[name]}
		for _, v := range values {
			f.Options = append(f.Options, Option{Value: v, Text: c.T("journey.trait_" + name + "_" + v), Selected: v == chosen})
		}
		f.Options = append(f.Options, Option{Text: c.T("journey.trait_unsaid"), Selected: chosen == ""})
		return f
	}
	page.Choices = []Field{choice("sexe", string(t.Sex), string(people.Woman), string(people.Man)), choice("qpv", string(t.QPV), string(people.QPVYes), string(people.QPVNo))}
	page.Year = Field{ID: "annee", Name: "annee", Bare: true, Label: c.T("journey.trait_year"), Value: year, InputMode: "numeric", Short: true, Error: errs["annee"]}
	page.Errors = summary(errs, "sexe", "qpv", "annee")
	return page
}

func (s *Server) saveTraits(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	t := people.Traits{Sex: people.Sex(c.form("sexe")), QPV: people.InQPV(c.form("qpv"))}
	errs := map[string]string{}
	if year := c.form("annee"); year != "" {
		n, ok := c.Locale.number(year)
		if t.BirthYear = int(n); !ok || float64(t.BirthYear) != n || t.BirthYear == 0 {
			errs["annee"] = c.T("journey.error_year")
		}
	}
	if len(errs) == 0 {
		err := s.cfg.People.SetTraits(c.r.Context(), p.ID, t)
		if err == nil {
			return c.to(journeyPath(p.ID), "traits_saved")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		for path, text := range formErrors(fields, general) {
			errs[map[string]string{"sex": "sexe", "birth_year": "annee", "qpv": "qpv"}[path]] = text
		}
	}
	return c.showStatus(422, "traits", c.traitsPage(p, t, c.form("annee"), errs))
}

// yearText is a year as it is typed; empty where it is not said.
func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}
