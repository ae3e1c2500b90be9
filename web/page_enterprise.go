package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

// EnterprisePage is where a member puts its own facts right.
type EnterprisePage struct {
	Page
	Heading, Lead string
	Activities    []ActivityView
	NoActivity    Empty
	Facts         []Fact
	Findings      []string
	PublicPage    string
	Map           Map
	Effect        string
}

// ActivityPage is the form of one activity.
type ActivityPage struct {
	Page
	Heading, Lead string
	Action        string
	Trade         []Field
	Chosen        []Option
	Modes         Field
	Zone          Field
	Capacity      []Field
	CanRemove     bool
	Preview       Preview
}

// Preview draws what a form says of a place.
type Preview struct {
	Heading, Error, Said string
	Map                  Map
}

// own reads the organisation of the person.
func (c *call) own() (*network.Organisation, error) {
	if c.who.OrganisationID == 0 {
		return nil, c.notMember()
	}
	return c.s.cfg.Network.Get(c.r.Context(), network.ID(c.who.OrganisationID))
}

func (s *Server) enterprise(c *call) error {
	o, err := c.own()
	if err != nil {
		return err
	}
	page := &EnterprisePage{
		Page: c.page(c.T("enterprise.title")), Lead: c.T("enterprise.lead"), Heading: c.T("enterprise.heading_ok", "Name", o.Called()),
		NoActivity: Empty{Title: c.T("enterprise.no_activity"), Text: c.T("enterprise.no_activity_text"), Actions: []Link{{c.T("enterprise.add"), "/entreprise/activites/nouvelle"}}},
		Facts:      c.memberFacts(o, true), Findings: c.findings(o), PublicPage: memberPath(o.ID), Map: c.memberMap(o),
	}
	for i, a := range o.Activities {
		v := c.activity(a, true)
		v.Edit = activityPath(i, o.Revision)
		page.Activities = append(page.Activities, v)
		if v.Assumed != "" {
			page.Heading = c.T("enterprise.heading", "Name", o.Called())
		}
	}
	open, err := c.openLotsFor(o)
	if err != nil {
		return err
	}
	page.Effect = c.N("enterprise.effect_said", len(open))
	return c.show("enterprise", page)
}

// activityPath names an activity by its place in the list at a revision: another change meanwhile
// is a conflict, not a mistake.
func activityPath(index int, revision int64) string {
	return "/entreprise/activites/" + strconv.Itoa(index+1) + "?revision=" + strconv.FormatInt(revision, 10)
}

// editing is an activity being edited: whose, which, at what revision.
type editing struct {
	of       *network.Organisation
	index    int // -1: a new one
	revision int64
}

func (c *call) editing() (editing, error) {
	o, err := c.own()
	if err != nil {
		return editing{}, err
	}
	e := editing{of: o, index: -1, revision: o.Revision}
	if n := c.r.PathValue("n"); n != "nouvelle" {
		at, err := strconv.Atoi(n)
		if err != nil || at < 1 || at > len(o.Activities) {
			return editing{}, fault.NotFound("activity", n)
		}
		e.index = at - 1
	}
	if revision, err := strconv.ParseInt(c.r.URL.Query().Get("revision"), 10, 64); err == nil {
		e.revision = revision
	}
	return e, nil
}

func (e editing) path() string {
	if e.index < 0 {
		return "/entreprise/activites/nouvelle?revision=" + strconv.FormatInt(e.revision, 10)
	}
	return activityPath(e.index, e.revision)
}

// activityForm shows one activity to correct, or an empty one.
func (s *Server) activityForm(c *call) error {
	e, err := c.editing()
	if err != nil {
		return err
	}
	a := network.Activity{}
	if e.index >= 0 {
		a = e.of.Activities[e.index]
	}
	words := ""
	if p := s.compile(a.Zone); p != nil {
		words = s.cfg.Atlas.Describe(p.Expr, "fr")
	}
	return c.show("activity", c.activityPage(e, a, words, nil))
}

// saveActivity confirms, replaces or removes one activity; matches are brought up to date in the
// same transaction.
func (s *Server) saveActivity(c *call) error {
	e, err := c.editing()
	if err != nil {
		return err
	}
	if err := accounts.Allow(c.who.Identity, accounts.OrganisationConfirm, e.of.Scope(c.s.cfg.Atlas)); err != nil {
		return err
	}
	all := append([]network.Activity(nil), e.of.Activities...)
	switch c.form("geste") {
	case "confirmer":
		if e.index < 0 {
			return fault.NotFound("activity", "nouvelle")
		}
		return c.keep(e, confirmed(all, e.index), "activity_saved")
	case "retirer":
		if e.index < 0 {
			return fault.NotFound("activity", "nouvelle")
		}
		return c.keep(e, append(all[:e.index], all[e.index+1:]...), "activity_removed")
	}
	a, words, errs := c.readActivity(e)
	if len(errs) > 0 || c.form("geste") == "voir" {
		return c.showForm(c.activityPage(e, a, words, errs), "activity", errs)
	}
	if e.index < 0 {
		all = append(all, a)
	} else {
		all[e.index] = a
	}
	if err := c.confirm(e, all); err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		return c.showForm(c.activityPage(e, a, words, formErrors(fields, general)), "activity", formErrors(fields, general))
	}
	return c.to("/entreprise", "activity_saved")
}

// formErrors keeps a general refusal under no field.
func formErrors(fields map[string]string, general string) map[string]string {
	if len(fields) == 0 {
		return map[string]string{"": general}
	}
	return fields
}

// showForm shows a form again, refused or previewed.
func (c *call) showForm(page framed, name string, errs map[string]string) error {
	if len(errs) > 0 {
		return c.showStatus(422, name, page)
	}
	return c.show(name, page)
}

func confirmed(all []network.Activity, index int) []network.Activity {
	all[index].Origin, all[index].ZoneOrigin = network.Confirmed, network.Confirmed
	return all
}

func (c *call) keep(e editing, all []network.Activity, said string) error {
	if err := c.confirm(e, all); err != nil {
		return err
	}
	return c.to("/entreprise", said)
}

func (c *call) confirm(e editing, all []network.Activity) error {
	_, err := c.s.cfg.Network.ConfirmActivities(c.r.Context(), e.of.ID, e.revision, all)
	return err
}

// readActivity reads the form. The zone is kept in the words of its author until it is understood.
func (c *call) readActivity(e editing) (network.Activity, string, map[string]string) {
	errs := map[string]string{}
	a := network.Activity{Label: c.form("libelle"), Origin: network.Confirmed, ZoneOrigin: network.Confirmed}
	if e.index >= 0 {
		a.ID, a.OrganisationID = e.of.Activities[e.index].ID, e.of.ID
	}
	a.Codes = c.readCodes()
	if len(a.Codes) == 0 {
		errs["secteur"] = c.T("activity.error_trade")
	}
	for _, mode := range c.r.PostForm["mode"] {
		a.Modes = append(a.Modes, network.Mode(mode))
	}
	words := c.form("zone")
	if words == "" {
		errs["zone"] = c.T("activity.error_zone")
	} else if expr, err := c.placeAsked(words); err != nil {
		errs["zone"] = c.T("zone.unknown", "Words", words)
	} else {
		a.Zone = expr.String()
	}
	for name, into := range map[string]*float64{"etp": &a.FTE, "heures": &a.Hours, "montant": &a.Amount} {
		if !c.readNumber(name, into) {
			errs[name] = c.T("activity.error_number")
		}
	}
	return a, words, errs
}

// readCodes gathers the sector, the codes kept and the one just chosen, without repeating any.
func (c *call) readCodes() []nomenclatures.Code {
	var codes []nomenclatures.Code
	seen := map[nomenclatures.Code]bool{}
	add := func(code nomenclatures.Code) {
		if !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	if sector, err := nomenclatures.ParseSector(c.form("secteur")); err == nil {
		add(nomenclatures.Code{Scheme: nomenclatures.SchemeSector, Value: string(sector)})
	}
	for _, text := range append(c.r.PostForm["code"], c.form("precision_code")) {
		if code, err := nomenclatures.ParseCode(text); err == nil {
			add(code)
		}
	}
	if c.form("precision_code") == "" {
		if code, ok := bestCode(c.form("precision")); ok {
			add(code)
		}
	}
	return codes
}

// bestCode reads a code that was typed, or the best one that words find.
func bestCode(words string) (nomenclatures.Code, bool) {
	if words == "" {
		return nomenclatures.Code{}, false
	}
	for _, scheme := range []nomenclatures.Scheme{nomenclatures.SchemeROME, nomenclatures.SchemeCPV} {
		if found := nomenclatures.Search(scheme, words, 1); len(found) > 0 {
			return found[0].Code, true
		}
	}
	return nomenclatures.Code{}, false
}

// readNumber reads a positive number as people write it; an empty field is zero.
func (c *call) readNumber(name string, into *float64) bool {
	text := c.form(name)
	if text == "" {
		return true
	}
	n, ok := c.Locale.number(text)
	if !ok || n < 0 || n > 1e12 {
		return false
	}
	*into = n
	return true
}

func (c *call) activityPage(e editing, a network.Activity, words string, errs map[string]string) *ActivityPage {
	title := c.T("activity.edit_title")
	if e.index < 0 {
		title = c.T("activity.new_title")
	}
	p := &ActivityPage{
		Page: c.page(title, Crumb{c.T("enterprise.title"), "/entreprise"}, Crumb{Text: title}), Heading: title, Lead: c.T("activity.lead"),
		Action: e.path(), CanRemove: e.index >= 0, Preview: c.zonePreview(words, c.T("zone.preview")),
	}
	sector := ""
	for _, code := range a.Codes {
		if code.Scheme == nomenclatures.SchemeSector && sector == "" {
			sector = code.Value
			continue
		}
		p.Chosen = append(p.Chosen, Option{Value: string(code.Scheme) + ":" + code.Value, Text: c.codeWords(code), Selected: true})
	}
	p.Trade = []Field{
		{ID: "secteur", Name: "secteur", Kind: "select", Label: c.T("activity.sector"), Hint: c.T("activity.sector_hint"), Required: true, Options: c.sectorOptions(sector, c.T("publish.sector_choose")), Error: errs["secteur"]},
		{ID: "precision", Name: "precision", Label: c.T("activity.code"), Hint: c.T("activity.code_hint"), Combo: "/suggestions/metiers", HiddenName: "precision_code"},
		{ID: "libelle", Name: "libelle", Label: c.T("activity.label"), Hint: c.T("activity.label_hint"), Value: a.Label},
	}
	p.Modes = c.modeChoices(a.Modes)
	p.Zone = Field{ID: "zone", Name: "zone", Kind: "area", Rows: 3, Label: c.T("activity.zone_words"), Hint: c.T("activity.zone_hint"), Required: true, Value: words, Error: errs["zone"]}
	p.Capacity = []Field{
		c.numberField("etp", c.T("activity.fte_field"), a.FTE, errs), c.numberField("heures", c.T("activity.hours_field"), a.Hours, errs), c.numberField("montant", c.T("activity.amount_field"), a.Amount, errs),
	}
	p.Errors = summary(errs, "secteur", "precision", "zone", "etp", "heures", "montant")
	return p
}

func (c *call) modeChoices(chosen []network.Mode) Field {
	f := Field{ID: "modes", Name: "mode", Kind: "checkbox", Label: c.T("activity.how")}
	for _, mode := range []network.Mode{network.Provision, network.Staffing, network.Supply, network.Agency} {
		selected := false
		for _, one := range chosen {
			selected = selected || one == mode
		}
		f.Options = append(f.Options, Option{Value: string(mode), Text: c.T("mode." + string(mode)), Selected: selected})
	}
	return f
}

func (c *call) numberField(name, label string, value float64, errs map[string]string) Field {
	f := Field{ID: name, Name: name, Label: label, InputMode: "decimal", Short: true, Error: errs[name]}
	if value > 0 {
		f.Value = c.Decimal(value, 2)
	}
	if f.Error != "" {
		f.Value = c.form(name)
	}
	return f
}

// summary lists the errors of a form in the order of its fields; what belongs to none comes first.
func summary(errs map[string]string, order ...string) []FieldError {
	var all []FieldError
	if general := errs[""]; general != "" {
		all = append(all, FieldError{Text: general})
	}
	known := map[string]bool{"": true}
	for _, id := range order {
		known[id] = true
		if text := errs[id]; text != "" {
			all = append(all, FieldError{ID: id, Text: text})
		}
	}
	for id, text := range errs {
		if !known[id] {
			all = append(all, FieldError{Text: text})
		}
	}
	return all
}

// zonePreview draws a zone said in words.
func (c *call) zonePreview(words, heading string) Preview {
	p := Preview{Heading: heading}
	if words == "" {
		return p
	}
	expr, err := c.placeAsked(words)
	if err != nil {
		p.Error = c.T("zone.unknown", "Words", words)
		return p
	}
	perimeter, err := c.s.cfg.Atlas.Compile(expr)
	if err != nil {
		p.Error = c.T("zone.unknown", "Words", words)
		return p
	}
	if perimeter.Set.Len() == 0 {
		p.Error = c.T("zone.empty")
		return p
	}
	p.Said = c.zoneSaid(perimeter)
	p.Map = c.zoneMap("apercu", perimeter, c.s.cfg.Atlas.Describe(expr, string(c.Lang)), nil)
	p.Map.Live = "" // the drawing follows each word; the live map would lag behind
	return p
}

func (c *call) zoneSaid(p *territories.Perimeter) string {
	return c.T("zone.said", "Words", upperFirst(c.s.cfg.Atlas.Describe(p.Expr, string(c.Lang))), "N", c.N("communes", p.Set.Len()), "People", c.Num(int(p.Population)))
}

// previewZone answers the piece of page that a script puts beside the form.
func (s *Server) previewZone(c *call) error {
	return c.piece("activity", "place-preview", c.zonePreview(c.query("zone"), c.T("zone.preview")))
}

// previewPlace is the same for the place of an opportunity.
func (s *Server) previewPlace(c *call) error {
	return c.piece("publish", "place-preview", c.zonePreview(c.query("lieu"), c.T("zone.place")))
}
