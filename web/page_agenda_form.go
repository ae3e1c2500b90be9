package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"maillage/followup/agenda"
	"maillage/network"
	"maillage/territories"
)

// AgendaFormPage makes or changes an event.
type AgendaFormPage struct {
	Page
	Heading, Lead, Action, Note string
	Groups                      []FieldGroup
	Revision                    int64
}

// FieldGroup is questions under one heading.
type FieldGroup struct {
	Title  string
	Fields []Field
}

func communeCode(text string) territories.CommuneCode { return territories.CommuneCode(text) }

func (s *Server) newEvent(c *call) error { return c.eventForm(200, nil, nil) }

func (s *Server) makeEvent(c *call) error { return c.saveEvent(nil) }

func (s *Server) editEvent(c *call) error {
	r, err := c.managedEvent()
	if err != nil {
		return err
	}
	return c.eventForm(200, r, nil)
}

func (s *Server) changeEvent(c *call) error {
	r, err := c.managedEvent()
	if err != nil {
		return err
	}
	return c.saveEvent(r)
}

// eventAnswers are what the form holds: as sent, else as the event is.
func (c *call) eventAnswers(r *agenda.Row) func(string) string {
	if c.r.Method == http.MethodPost {
		return c.form
	}
	if r == nil {
		return func(name string) string {
			return map[string]string{"nature": string(agenda.Meeting), "pour": string(agenda.Members), "places": "0", "organise": c.defaultOrganiser()}[name]
		}
	}
	wall := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(r.Location()).Format(agenda.Wall)
	}
	var documents []string
	for _, d := range r.Documents {
		documents = append(documents, d.Title+" "+d.URL)
	}
	fee := ""
	if r.Fee > 0 {
		fee = c.Decimal(r.Fee, 2)
	}
	said := map[string]string{"nature": string(r.Kind), "titre": r.Title, "contenu": r.About, "lieu": r.Place, "lien": r.Link, "pour": string(r.Audience), "debut": wall(r.StartsAt), "fin": wall(r.EndsAt), "inscriptions": wall(r.RegisterUntil),
		"heure": r.Zone, "places": strconv.Itoa(r.Capacity), "participation": fee, "organise": strconv.FormatInt(r.OrganiserID, 10), "documents": strings.Join(documents, "\n"), "territoire": c.perimeterWords(r.Territory)}
	if r.Commune != "" {
		said["commune"] = c.communeWords(communeCode(r.Commune))
	}
	return func(name string) string { return said[name] }
}

func (c *call) defaultOrganiser() string {
	if c.who.OrganisationID == 0 {
		return ""
	}
	return strconv.FormatInt(c.who.OrganisationID, 10)
}

func (c *call) eventForm(status int, r *agenda.Row, errs map[string]string) error {
	said := c.eventAnswers(r)
	title, action, revision := c.T("agenda.new"), agendaPath+"/nouveau", int64(0)
	crumbs := []Crumb{{c.T("agenda.title"), agendaPath}, {Text: title}}
	if r != nil {
		title, action, revision = c.T("agenda.edit"), eventPath(r.ID)+"/modifier", r.Revision
		crumbs = []Crumb{{c.T("agenda.title"), agendaPath}, {r.Title, eventPath(r.ID)}, {Text: title}}
	}
	organisers, err := c.organisers(said("organise"))
	if err != nil {
		return err
	}
	field := func(name, kind string, required bool) Field {
		f := Field{ID: name, Name: name, Kind: kind, Label: c.T("agenda.f_" + name), Required: required, Value: said(name), Error: errs[name], Short: kind == "number" || kind == "datetime-local"}
		if key := "agenda.h_" + name; c.Has(key) {
			f.Hint = c.T(key)
		}
		return f
	}
	choice := func(name, prefix string, values []string) Field {
		f := field(name, "select", true)
		f.Options = c.options(prefix, said(name), "", values...)
		return f
	}
	commune, territory, zone, organiser := field("commune", "", false), field("territoire", "", false), field("heure", "select", false), field("organise", "select", true)
	commune.Combo, territory.Combo = "/suggestions/territoires?genre=commune", "/suggestions/territoires"
	zone.Options, organiser.Options = c.options("agenda.zone_", said("heure"), c.T("agenda.zone_of_place"), agenda.Zones()...), organisers
	places, about, documents := field("places", "number", true), field("contenu", "area", false), field("documents", "area", false)
	places.Min, about.Rows = "0", 6
	page := &AgendaFormPage{Page: c.page(title, crumbs...), Heading: title, Lead: c.T("agenda.form_lead"), Action: action, Revision: revision, Groups: []FieldGroup{
		{c.T("agenda.g_what"), []Field{choice("nature", "agenda.kind_", texts(agenda.Kinds())), field("titre", "text", true), about, documents}},
		{c.T("agenda.g_when"), []Field{field("debut", "datetime-local", true), field("fin", "datetime-local", true), zone, field("lieu", "text", false), commune, field("lien", "url", false)}},
		{c.T("agenda.g_who"), []Field{choice("pour", "agenda.audience_", texts(agenda.Audiences())), territory, places, field("inscriptions", "datetime-local", false), field("participation", "text", false), organiser}}}}
	if r != nil && r.State == agenda.Published {
		page.Note = c.T("agenda.move_note")
	}
	page.Errors = summary(errs, "nature", "titre", "contenu", "documents", "debut", "fin", "heure", "lieu", "commune", "lien", "pour", "territoire", "places", "inscriptions", "participation", "organise")
	return c.showStatus(status, "agenda_form", page)
}

// organisers are the federation and its associations.
func (c *call) organisers(chosen string) ([]Option, error) {
	page, err := c.s.cfg.Network.List(c.r.Context(), network.Filter{Roles: []network.Role{network.Federation, network.Regional}}, network.Request{Limit: 200})
	if err != nil {
		return nil, err
	}
	out := []Option{{Text: c.T("quality.choose")}}
	for _, o := range page.Items {
		id := strconv.FormatInt(int64(o.ID), 10)
		out = append(out, Option{Value: id, Text: o.Called(), Selected: id == chosen})
	}
	return out, nil
}

// saveEvent keeps what the form says; what is refused is shown again with nothing lost.
func (c *call) saveEvent(r *agenda.Row) error {
	errs := map[string]string{}
	plan := c.eventPlan(errs)
	id, revision := agenda.ID(0), int64(0)
	if r != nil {
		var err error
		if revision, err = c.revision(); err != nil {
			return err
		}
		id = r.ID
	}
	if len(errs) > 0 {
		return c.eventForm(422, r, errs)
	}
	e, err := c.s.cfg.Agenda.Save(c.r.Context(), id, revision, plan)
	if err == nil {
		return c.to(eventPath(e.ID), "agenda_saved")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	for path, name := range map[string]string{"kind": "nature", "title": "titre", "about": "contenu", "place": "lieu", "commune": "commune", "link": "lien", "territory": "territoire", "audience": "pour", "starts": "debut", "ends": "fin",
		"register": "inscriptions", "zone": "heure", "capacity": "places", "organiser": "organise", "fee": "participation", "documents": "documents"} {
		if fields[path] != "" {
			errs[name] = fields[path]
		}
	}
	if len(errs) == 0 {
		errs[""] = general
	}
	return c.eventForm(refusedStatus(err), r, errs)
}

func (c *call) eventPlan(errs map[string]string) agenda.Plan {
	p := agenda.Plan{Kind: agenda.Kind(c.form("nature")), Title: c.form("titre"), About: c.form("contenu"), Place: c.form("lieu"), Link: c.form("lien"), Audience: agenda.Audience(c.form("pour")),
		Starts: c.form("debut"), Ends: c.form("fin"), Register: c.form("inscriptions"), Zone: c.form("heure"), Capacity: c.count("places")}
	p.OrganiserID, _ = strconv.ParseInt(c.form("organise"), 10, 64) //nolint:errcheck // 0 is refused by the noun
	if code, ok := c.oneCommune(c.form("commune")); ok {
		p.Commune = string(code)
	} else {
		errs["commune"] = c.T("agenda.one_commune")
	}
	if words := c.form("territoire"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			errs["territoire"] = c.T("zone.unknown", "Words", words)
		} else {
			p.Territory = expr.String()
		}
	}
	if !c.readNumber("participation", &p.Fee) {
		p.Fee = -1 // refused by the noun
	}
	for line := range strings.SplitSeq(c.form("documents"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			i := max(strings.LastIndexByte(line, ' '), 0)
			p.Documents = append(p.Documents, agenda.Document{Title: line[:i], URL: line[i:]})
		}
	}
	return p
}
