package web

import (
	"strconv"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// PositionPage is the form of a place for people: a job need, a mission, an
// immersion, a session of training. Its first part is enough; the others are folded.
type PositionPage struct {
	Page
	Heading, Lead, Action string
	Note                  string // what the law says of it
	First                 []Field
	Sites                 []SiteForm
	CanAdd                bool
	Then                  []Field // dates that hold for every place
	Parts                 []FormPart
	CanDraft              bool
	Submit                string
	Revision              string // that the form was read at; empty: a new one
	Preview               Preview
}

// SiteForm is one place with its posts.
type SiteForm struct {
	Legend    string // where there are several
	Index     int
	Number    Field // of a lot that is known already
	Fields    []Field
	CanRemove bool
}

// FormPart is a folded part of a form.
type FormPart struct {
	ID, Legend, Said string
	Open             bool
	Choices, Ticks   []Field // several answers, or yes
	Fields, Pairs    []Field
	Week             *WeekGrid
	Rows             []RowGroup
}

// WeekGrid is a week to tick, day by day.
type WeekGrid struct {
	Parts []string
	Days  []WeekDay
	Open  bool
}

// WeekDay is one line of the grid.
type WeekDay struct {
	Name  string
	Cells []Option // Text is the whole name of the box, for who hears the page
}

// RowGroup is a list that grows: a licence, a skill, a language a line.
type RowGroup struct {
	ID, Legend, Hint string
	Rows             [][]Field
	Add              string // the gesture's words
	CanAdd           bool
}

// mostRows bounds a list of the form.
const mostRows = 40

// positionForm is what the form says so far.
type positionForm struct {
	kind  opportunities.Kind
	sites []int
	old   *opportunities.Opportunity // nil: a new one
}

// positionAddress is where a kind is offered.
func positionAddress(kind opportunities.Kind) string {
	switch kind {
	case opportunities.Mission:
		return "/missions/nouveau"
	case opportunities.Immersion:
		return "/immersions/nouveau"
	case opportunities.TrainingSession:
		return "/formations/nouveau"
	}
	return "/besoins/nouveau"
}

func (f positionForm) session() bool { return f.kind == opportunities.TrainingSession }

// positionPage shows the form as it was filled.
func (c *call) positionPage(f positionForm, errs map[string]string) *PositionPage {
	kind := string(f.kind)
	title := c.T("position.title." + kind)
	p := &PositionPage{Page: c.page(title, c.positionsCrumb(f.kind), Crumb{Text: title}), Heading: c.T("position.heading." + kind), Lead: c.T("position.lead_form." + kind),
		Note: c.positionNote(f.kind), Action: positionAddress(f.kind), CanDraft: true, Submit: c.T("position.submit." + kind), CanAdd: len(f.sites) < mostLots,
		Preview: c.zonePreview(c.form("lieu"), c.T("zone.place"))}
	p.First = c.firstFields(f, errs)
	for i, n := range f.sites {
		p.Sites = append(p.Sites, c.siteForm(f, i, n, errs))
	}
	if !f.session() {
		p.Then = []Field{c.dateField("lot1_debut", c.T("publish.starts"), errs)}
	}
	if f.kind == opportunities.Mission || f.kind == opportunities.Immersion {
		p.Then = append(p.Then, c.dateField("lot1_fin", c.T("position.until"), errs))
	}
	if len(p.Sites) == 1 { // one place: how many and from when, on one line
		p.Sites[0].Fields, p.Then = append(p.Sites[0].Fields, p.Then...), nil
	}
	p.Parts = c.parts(f, errs)
	p.Errors = summary(errs, positionOrder(f)...)
	return p
}

func (c *call) positionsCrumb(kind opportunities.Kind) Crumb {
	switch kind {
	case opportunities.JobNeed:
		return Crumb{c.T("home.my_needs"), "/"}
	case opportunities.TrainingSession:
		return Crumb{c.T("trainings.title"), "/formations"}
	}
	return c.listOf(kind)
}

// positionOrder is the order in which a refused form tells its faults.
func positionOrder(f positionForm) []string {
	order := []string{"titre", "acheteur", "lot1_precision", "public"}
	for _, n := range f.sites {
		order = append(order, placeName(n), lotPrefix(n)+"postes")
		if f.session() {
			order = append(order, lotPrefix(n)+"debut", lotPrefix(n)+"fin")
		}
	}
	order = append(order, "lot1_debut", "lot1_fin", "heures", "duree", "contrat", "rayon")
	for _, group := range rowNames {
		for n := 1; n <= mostRows; n++ {
			order = append(order, group+strconv.Itoa(n))
		}
	}
	return append(order, "contact_nom", "contact_courriel", "contact_telephone", "echeance", "description")
}

// rowNames are the lists of the form: required, appreciated, languages, gained, prepared for.
var rowNames = []string{"requis", "aide", "langue", "acquis", "prepare"}

// placeName is the field of a place: the first keeps the name it has everywhere.
func placeName(n int) string {
	if n == 1 {
		return "lieu"
	}
	return lotPrefix(n) + "lieu"
}

func (c *call) firstFields(f positionForm, errs map[string]string) []Field {
	occupation := Field{ID: "lot1_precision", Name: "lot1_precision", Label: c.T("publish.occupation"), Hint: c.T("publish.occupation_hint"), Value: c.form("lot1_precision"), Required: true,
		Combo: "/suggestions/metiers?genre=metier", HiddenName: "lot1_precision_code", HiddenValue: c.form("lot1_precision_code"), Error: errs["lot1_precision"]}
	switch {
	case f.session():
		fields := []Field{{ID: "titre", Name: "titre", Label: c.T("position.name"), Hint: c.T("position.name_hint"), Value: c.form("titre"), Required: true, Error: errs["titre"]}}
		if speaksForAll(c) {
			fields = append(fields, c.textField("acheteur", c.T("position.buyer."+string(f.kind)), errs))
		}
		return fields
	case f.kind == opportunities.Mission:
		user := c.textField("acheteur", c.T("position.buyer.mission"), errs)
		user.Required, user.Hint = true, c.T("position.user_hint")
		return []Field{user, occupation}
	}
	if speaksForAll(c) {
		return []Field{c.textField("acheteur", c.T("position.buyer."+string(f.kind)), errs), occupation}
	}
	return []Field{occupation}
}

func speaksForAll(c *call) bool {
	for _, kind := range opportunities.KindsOf(c.who.Role) {
		if kind == opportunities.Tender {
			return true
		}
	}
	return false
}

// siteForm asks where, and how many; of a session, when too.
func (c *call) siteForm(f positionForm, i, n int, errs map[string]string) SiteForm {
	id := lotPrefix(n)
	place := Field{ID: placeName(n), Name: placeName(n), Label: c.T("publish.place"), Value: c.form(placeName(n)), Required: true, Combo: "/suggestions/territoires", Error: errs[placeName(n)]}
	if i == 0 {
		place.Hint = c.T("position.place_hint")
	}
	posts := Field{ID: id + "postes", Name: id + "postes", Label: c.T("position.posts." + string(f.kind)), Value: c.form(id + "postes"), InputMode: "numeric", Short: true, Error: errs[id+"postes"]}
	site := SiteForm{Index: n, Number: Field{Name: id + "numero", Value: c.form(id + "numero")}, Fields: []Field{place, posts}, CanRemove: len(f.sites) > 1}
	if len(f.sites) > 1 {
		site.Legend = c.T("position.site", "N", i+1)
	}
	if f.session() {
		starts := c.dateField(id+"debut", c.T("position.first_day"), errs)
		starts.Required = true
		site.Fields = append(site.Fields, starts, c.dateField(id+"fin", c.T("position.last_day"), errs))
	}
	return site
}

func (c *call) textField(name, label string, errs map[string]string) Field {
	return Field{ID: name, Name: name, Label: label, Value: c.form(name), Error: errs[name]}
}

func (c *call) dateField(name, label string, errs map[string]string) Field {
	f := c.textField(name, label, errs)
	f.Kind, f.Short = "date", true
	return f
}

func (c *call) quantityField(name, label, hint string, errs map[string]string) Field {
	f := c.textField(name, label, errs)
	f.InputMode, f.Short, f.Hint = "decimal", true, hint
	return f
}

// parts are the folded parts of the form, each open where it says something.
func (c *call) parts(f positionForm, errs map[string]string) []FormPart {
	var parts []FormPart
	if f.session() {
		parts = append(parts, c.givesPart(errs))
	}
	if f.kind == opportunities.Immersion {
		aims := Field{ID: "objet", Name: "objet", Kind: "radio", Label: c.T("position.aim"), Error: errs["objet"]}
		for _, aim := range opportunities.Aims() {
			aims.Options = append(aims.Options, Option{Value: string(aim), Text: c.T("position.aim." + string(aim)), Selected: c.form("objet") == string(aim)})
		}
		parts = append(parts, FormPart{ID: "pour-quoi", Legend: c.T("position.part_aim"), Choices: []Field{aims}, Open: true})
	}
	parts = append(parts, c.whenPart(f, errs), c.wantedPart(f, errs))
	if f.kind != opportunities.Immersion {
		parts = append(parts, c.contractPart(f, errs))
	}
	contact := FormPart{ID: "contact", Legend: c.T("position.part_contact"), Said: c.T("position.contact_said"),
		Fields: []Field{c.textField("contact_nom", c.T("position.contact_name"), errs)},
		Pairs:  []Field{c.textField("contact_courriel", c.T("position.contact_email"), errs), c.textField("contact_telephone", c.T("position.contact_phone"), errs)}}
	contact.Pairs[0].Kind, contact.Pairs[1].Kind = "email", "tel"
	more := FormPart{ID: "plus", Legend: c.T("position.part_more"), Fields: c.moreFields(f, errs)}
	parts = append(parts, contact, more)
	for i := range parts {
		parts[i].Open = parts[i].Open || parts[i].filled()
	}
	return parts
}

func (c *call) moreFields(f positionForm, errs map[string]string) []Field {
	fields := []Field{
		{ID: "echeance", Name: "echeance", Kind: "datetime-local", Label: c.T("position.answer_by"), Hint: c.T("publish.deadline_hint"), Value: c.form("echeance"), Short: true, Error: errs["echeance"]},
		{ID: "description", Name: "description", Kind: "area", Rows: 4, Label: c.T("publish.description"), Value: c.form("description"), Error: errs["description"]},
	}
	if !f.session() {
		fields = append([]Field{c.quantityField("rayon", c.T("position.reach"), c.T("position.reach_hint"), errs)}, fields...)
	}
	if f.old != nil && !f.session() {
		fields = append([]Field{{ID: "titre", Name: "titre", Label: c.T("publish.name"), Value: c.form("titre"), Required: true, Error: errs["titre"]}}, fields...)
	}
	return fields
}

// filled tells that a part says something, or is at fault.
func (p FormPart) filled() bool {
	fields := append(append([]Field(nil), p.Fields...), p.Pairs...)
	for _, group := range p.Rows {
		for _, row := range group.Rows {
			fields = append(fields, row[0])
		}
	}
	for _, f := range fields {
		if f.Error != "" || f.Value != "" && f.Name != "titre" {
			return true
		}
	}
	return false
}

// givesPart says what a session gives and for whom: it is what makes it found.
func (c *call) givesPart(errs map[string]string) FormPart {
	whom := Field{ID: "public", Name: "public", Kind: "radio", Label: c.T("position.audience"), Error: errs["public"]}
	for i, a := range opportunities.Audiences() {
		whom.Options = append(whom.Options, Option{Value: string(a), Text: c.T("position.audience." + string(a)), Selected: c.form("public") == string(a) || c.form("public") == "" && i == 0})
	}
	return FormPart{ID: "apport", Legend: c.T("position.part_gives"), Open: true, Choices: []Field{whom},
		Rows: []RowGroup{c.aptitudeRows("acquis", errs), c.leadRows(errs)}}
}

func (c *call) whenPart(f positionForm, errs map[string]string) FormPart {
	part := FormPart{ID: "quand", Legend: c.T("position.part_when"), Said: c.T("position.when_said")}
	part.Pairs = []Field{c.quantityField("heures", c.T("position.hours"), "", errs)}
	if f.session() {
		part.Pairs = append(part.Pairs, c.quantityField("duree", c.T("position.length"), "", errs))
	}
	slots, chosen := c.postedSlots()
	presets := Field{ID: "rythme", Name: "rythme", Kind: "checkbox", Label: c.T("position.rhythm"), Error: errs["rythme"]}
	for _, p := range weekPatterns() {
		presets.Options = append(presets.Options, Option{Value: p.name, Text: c.T("position.rhythm." + p.name), Selected: chosen[p.name]})
	}
	part.Choices, part.Ticks = []Field{presets}, []Field{c.tick("coupe", "position.split")}
	part.Week = c.weekGrid(slots)
	part.Open = slots != 0 || len(chosen) > 0 || c.form("coupe") != ""
	return part
}

// tick is a question that is answered by yes.
func (c *call) tick(name, label string) Field {
	f := Field{ID: name, Name: name, Label: c.T(label)}
	if c.form(name) != "" {
		f.Value = "oui"
	}
	return f
}

func (c *call) weekGrid(slots nomenclatures.Slots) *WeekGrid {
	g := &WeekGrid{Open: slots != 0}
	for _, part := range partNames {
		g.Parts = append(g.Parts, c.T("position.grid."+part))
	}
	for d, day := range dayNames {
		line := WeekDay{Name: upperFirst(c.T("position.day." + day))}
		for p, part := range partNames {
			line.Cells = append(line.Cells, Option{Value: day + "-" + part, Text: line.Name + ", " + c.T("position.part."+part), Selected: slots.Has(d, p)})
		}
		g.Days = append(g.Days, line)
	}
	return g
}

func (c *call) wantedPart(f positionForm, errs map[string]string) FormPart {
	part := FormPart{ID: "savoir", Legend: c.T("position.part_wanted"), Said: c.T("position.wanted_said"), Rows: []RowGroup{c.aptitudeRows("requis", errs)}}
	if f.session() {
		part.Legend, part.Said = c.T("position.part_before"), c.T("position.before_said")
		part.Rows[0].Legend = c.T("position.before")
		part.Rows = append(part.Rows, c.languageRows(errs))
		return part
	}
	part.Rows = append(part.Rows, c.aptitudeRows("aide", errs), c.languageRows(errs))
	part.Ticks = []Field{c.tick("debutant", "position.beginner_yes")}
	part.Open = c.form("debutant") != ""
	return part
}

func (c *call) contractPart(f positionForm, errs map[string]string) FormPart {
	var values []string
	for _, e := range opportunities.ContractsOf(f.kind) {
		values = append(values, string(e))
	}
	contract := Field{ID: "contrat", Name: "contrat", Kind: "select", Label: c.T("position.contract"), Options: c.options("position.contract.", c.form("contrat"), c.T("position.contract_any"), values...), Error: errs["contrat"]}
	part := FormPart{ID: "le-contrat", Legend: c.T("position.part_contract"), Fields: []Field{contract}, Open: c.form("contrat") != ""}
	if f.kind == opportunities.JobNeed {
		part.Fields = append(part.Fields, c.dateField("lot1_fin", c.T("position.until"), errs))
	}
	return part
}

// rows are how many lines a list of the form shows: those filled, one to fill,
// and two more where they are asked for.
func (c *call) rows(name string) int {
	n := 1
	for i := 1; i <= mostRows; i++ {
		if c.form(name+strconv.Itoa(i)) != "" {
			n = i + 1
		}
	}
	if c.form("plus") == name {
		n++
	}
	return min(n, mostRows)
}

func (c *call) rowGroup(name string, line func(id string) []Field) RowGroup {
	g := RowGroup{ID: name, Legend: c.T("position.rows." + name), Add: c.T("position.rows_add." + name)}
	for i := 1; i <= c.rows(name); i++ {
		g.Rows = append(g.Rows, line(name+strconv.Itoa(i)))
	}
	g.CanAdd = len(g.Rows) < mostRows
	return g
}

func (c *call) aptitudeRows(name string, errs map[string]string) RowGroup {
	g := c.rowGroup(name, func(id string) []Field {
		return []Field{
			{ID: id, Name: id, Kind: "search", Label: c.T("position.aptitude"), Value: c.form(id), Combo: "/suggestions/competences", HiddenName: id + "_code", HiddenValue: c.form(id + "_code"), Error: errs[id]},
			{ID: id + "_niveau", Name: id + "_niveau", Kind: "select", Label: c.T("position.level"), Required: true, Short: true, Options: c.options("position.level.", c.form(id+"_niveau"), c.T("position.level_any"), "1", "2", "3", "4")},
		}
	})
	g.Hint = c.T("position.rows_hint." + name)
	return g
}

func (c *call) leadRows(errs map[string]string) RowGroup {
	return c.rowGroup("prepare", func(id string) []Field {
		return []Field{{ID: id, Name: id, Kind: "search", Label: c.T("publish.occupation"), Value: c.form(id), Combo: "/suggestions/metiers?genre=metier", HiddenName: id + "_code", HiddenValue: c.form(id + "_code"), Error: errs[id]}}
	})
}

// languagesAsked are those that positions ask for, in the order in which they are offered.
var languagesAsked = []string{"fr", "en", "de", "es", "it", "pt", "ar", "nl"}

func (c *call) languageRows(errs map[string]string) RowGroup {
	return c.rowGroup("langue", func(id string) []Field {
		chosen, offered := c.form(id), languagesAsked
		which := Field{ID: id, Name: id, Kind: "select", Label: c.T("position.language"), Value: chosen, Required: true, Options: []Option{{Text: c.T("position.language_none")}}, Error: errs[id]}
		for _, code := range offered {
			which.Options = append(which.Options, Option{Value: code, Text: c.languageName(code), Selected: code == chosen})
		}
		if chosen != "" && !contains(offered, chosen) {
			which.Options = append(which.Options, Option{Value: chosen, Text: c.languageName(chosen), Selected: true})
		}
		need := Field{ID: id + "_aide", Name: id + "_aide", Kind: "select", Label: c.T("position.need"), Required: true, Options: []Option{
			{Text: c.T("position.need_required")}, {Value: "oui", Text: c.T("position.need_appreciated"), Selected: c.form(id+"_aide") != ""}}}
		return []Field{which,
			{ID: id + "_niveau", Name: id + "_niveau", Kind: "select", Label: c.T("position.level"), Required: true, Options: c.options("position.fluency.", c.form(id+"_niveau"), c.T("position.level_any"), "A1", "A2", "B1", "B2", "C1", "C2")}, need}
	})
}

func contains(all []string, one string) bool {
	for _, x := range all {
		if x == one {
			return true
		}
	}
	return false
}
