package web

import (
	"slices"
	"strconv"

	"maillage/nomenclatures"
	"maillage/people"
)

// JourneyForm is the form of a journey: one question a line, nothing to write
// freely about the person.
type JourneyForm struct {
	Page
	Heading, Lead, Action, Submit, Back string
	Revision, Read                      string // that the form was read at; empty: a new one
	Stale                               *StaleNote
	Commune                             Field
	Mobility, Wished, Held              RowGroup
	Titles, Skills, Languages           RowGroup
	Hours                               []Field
	Rhythm                              Field
	Week                                *WeekGrid
	Split                               Field
	Dates, Follow                       []Field
}

// StaleNote says what somebody else wrote since the form was read.
type StaleNote struct{ Changes []string }

// The lists of the form, by the beginning of their fields' names, as the
// service names what they hold.
var journeyRows = map[string]string{"mobility": "bouger", "wished": "souhait", "held": "exerce", "languages": "parle"}

// choices are, for a field whose words may mean several things, what they may mean.
type choices map[string][]string

// journeyFormPage shows the form as it was filled.
func (c *call) journeyFormPage(p *people.Person, errs map[string]string, several choices) (*JourneyForm, error) {
	title, f := c.T("journey.new"), &JourneyForm{}
	crumbs := []Crumb{c.journeysCrumb(), {Text: title}}
	f.Heading, f.Lead, f.Action, f.Submit, f.Back = title, c.T("journey.form_lead"), "/parcours/nouveau", c.T("journey.create"), "/parcours"
	if p != nil {
		title = c.T("journey.edit_title", "Code", p.Code)
		crumbs = []Crumb{c.journeysCrumb(), c.journeyCrumb(p), {Text: c.T("journey.edit")}}
		f.Heading, f.Action, f.Submit, f.Back = title, journeyPath(p.ID)+"/modifier", c.T("journey.save"), journeyPath(p.ID)
	}
	f.Page = c.page(title, crumbs...)
	f.Revision, f.Read = c.form("revision"), c.form("lu")
	f.Commune = c.several(Field{ID: "commune", Name: "commune", Bare: true, Label: c.T("journey.q_commune"), Hint: c.T("journey.q_commune_hint"), Value: c.form("commune"), Combo: "/suggestions/territoires?genre=commune", Error: errs["commune"]}, several)
	f.Mobility = c.mobilityRows(errs)
	f.Wished = c.occupationRows("souhait", errs, several, nil)
	f.Held = c.occupationRows("exerce", errs, several, func(id string) Field {
		return Field{ID: id + "_mois", Name: id + "_mois", Bare: true, Label: c.T("journey.q_months"), Value: c.form(id + "_mois"), InputMode: "numeric", Error: errs[id+"_mois"]}
	})
	f.Titles, f.Skills = c.holdingRows("titre", errs), c.holdingRows("savoir", errs)
	f.Languages = c.spokenRows(errs)
	c.timeFields(f, errs)
	if err := c.followFields(f, errs); err != nil {
		return nil, err
	}
	f.Errors = summary(errs, c.journeyOrder()...)
	return f, nil
}

// several turns a field whose words may mean several things into a choice.
func (c *call) several(f Field, all choices) Field {
	found := all[f.Name]
	if len(found) == 0 {
		return f
	}
	f.Kind, f.Combo, f.Options = "select", "", []Option{{Value: f.Value, Text: c.T("form.choose")}} // nothing is guessed: sent as it is, it asks again
	for _, words := range found {
		f.Options = append(f.Options, Option{Value: words, Text: words})
	}
	f.Options = append(f.Options, Option{Text: c.T("journey.none_of_these")})
	return f
}

// lines is a list that grows: what is filled, one line to fill, and one more
// where it is asked for.
func (c *call) lines(name string, line func(id string) []Field) RowGroup {
	g := RowGroup{ID: name, Legend: c.T("journey.rows_" + name), Hint: c.T("journey.rows_hint_" + name), Add: c.T("journey.rows_add_" + name)}
	for i := 1; i <= c.rows(name); i++ {
		g.Rows = append(g.Rows, line(name+strconv.Itoa(i)))
	}
	g.CanAdd = len(g.Rows) < mostRows
	return g
}

// usualTimes are when a way of moving usually works; 0 is always.
func usualTimes() []nomenclatures.Slots {
	span := func(last int, parts ...int) (s nomenclatures.Slots) {
		for _, part := range parts {
			s |= nomenclatures.Every(0, last, part)
		}
		return s
	}
	const fri, sat, sun = 4, 5, 6
	return []nomenclatures.Slots{
		span(fri, nomenclatures.Morning, nomenclatures.Afternoon), span(sat, nomenclatures.Morning, nomenclatures.Afternoon),
		span(sun, nomenclatures.Morning, nomenclatures.Afternoon), span(sat, nomenclatures.Morning, nomenclatures.Afternoon, nomenclatures.Evening),
		span(sun, nomenclatures.Morning, nomenclatures.Afternoon, nomenclatures.Evening), span(fri, nomenclatures.Morning),
	}
}

func (c *call) mobilityRows(errs map[string]string) RowGroup {
	return c.lines("bouger", func(id string) []Field {
		mode := Field{ID: id, Name: id, Kind: "select", Label: c.T("journey.q_mode"), Bare: true, Error: errs[id], Value: c.form(id), Options: []Option{{Text: c.T("form.choose")}}}
		for _, m := range people.Modes() {
			mode.Options = append(mode.Options, Option{Value: string(m), Text: c.T("journey.mode." + string(m)), Selected: c.form(id) == string(m)})
		}
		return []Field{mode,
			{ID: id + "_km", Name: id + "_km", Label: c.T("journey.q_km"), Bare: true, Value: c.form(id + "_km"), InputMode: "decimal", Error: errs[id+"_km"]},
			{ID: id + "_min", Name: id + "_min", Label: c.T("journey.q_minutes"), Bare: true, Value: c.form(id + "_min"), InputMode: "numeric", Error: errs[id+"_min"]},
			{ID: id + "_quand", Name: id + "_quand", Kind: "select", Label: c.T("journey.q_works"), Bare: true, Options: c.timesOptions(c.form(id + "_quand")), Error: errs[id+"_quand"]}}
	})
}

// timesOptions offers the usual times; those that were kept and are not usual stay as they are.
func (c *call) timesOptions(chosen string) []Option {
	out := []Option{{Text: c.T("journey.always")}}
	known := chosen == "" || chosen == "0"
	for _, s := range usualTimes() {
		value := strconv.FormatUint(uint64(s), 10)
		known = known || value == chosen
		out = append(out, Option{Value: value, Text: upperFirst(c.slotsWords(s)), Selected: value == chosen})
	}
	if n, err := strconv.ParseUint(chosen, 10, 28); !known && err == nil {
		out = append(out, Option{Value: chosen, Text: upperFirst(c.slotsWords(nomenclatures.Slots(n))), Selected: true})
	}
	return out
}

func (c *call) occupationRows(name string, errs map[string]string, several choices, more func(id string) Field) RowGroup {
	return c.lines(name, func(id string) []Field {
		row := []Field{c.several(Field{ID: id, Name: id, Label: c.T("journey.q_occupation"), Bare: true, Value: c.form(id), Combo: "/suggestions/metiers?genre=souhait", Error: errs[id]}, several)}
		if more != nil {
			row = append(row, more(id))
		}
		return row
	})
}

// holdingRows are the licences and certificates, or the skills.
func (c *call) holdingRows(name string, errs map[string]string) RowGroup {
	skills := name == "savoir"
	return c.lines(name, func(id string) []Field {
		what := Field{ID: id, Name: id, Kind: "select", Label: c.T("journey.q_" + name), Bare: true, Value: c.form(id), Error: errs[id], Options: []Option{{Text: c.T("form.choose")}}}
		for _, a := range nomenclatures.Aptitudes() {
			if (a.Kind == nomenclatures.Skill) == skills {
				what.Options = append(what.Options, Option{Value: string(a.Code), Text: a.Label(string(c.Lang)), Selected: c.form(id) == string(a.Code), Group: c.T("journey.kind_" + string(a.Kind))})
			}
		}
		date := func(part, label string) Field {
			return Field{ID: id + part, Name: id + part, Kind: "date", Label: c.T(label), Bare: true, Value: c.form(id + part), Error: errs[id+part]}
		}
		if !skills {
			return []Field{what, date("_vu", "journey.q_obtained"), date("_fin", "journey.q_until")}
		}
		return []Field{what,
			{ID: id + "_niveau", Name: id + "_niveau", Kind: "select", Label: c.T("journey.q_level"), Bare: true, Options: c.options("journey.level.", c.form(id+"_niveau"), c.T("journey.unsaid"), "1", "2", "3", "4"), Error: errs[id+"_niveau"]},
			{ID: id + "_source", Name: id + "_source", Kind: "select", Label: c.T("journey.q_source"), Bare: true, Options: c.options("journey.source.", c.form(id+"_source"), c.T("journey.unsaid"), string(people.SelfSaid), string(people.Observed), string(people.Certified)), Error: errs[id+"_source"]},
			date("_vu", "journey.q_seen")}
	})
}

// languagesSpoken are those most met, in the order in which they are offered.
var languagesSpoken = []string{"fr", "ar", "en", "es", "pt", "it", "de", "tr", "ru", "uk", "ro", "sq", "ka", "hy", "fa", "ps", "ti", "so", "ln", "bm", "wo", "ff", "bn", "ta", "zh", "vi", "ku", "pl", "bg", "sr"}

func (c *call) spokenRows(errs map[string]string) RowGroup {
	return c.lines("parle", func(id string) []Field {
		chosen, offered := c.form(id), languagesSpoken
		if chosen != "" && !slices.Contains(offered, chosen) {
			offered = append(slices.Clone(offered), chosen)
		}
		which := Field{ID: id, Name: id, Kind: "select", Label: c.T("journey.q_language"), Bare: true, Value: chosen, Error: errs[id], Options: []Option{{Text: c.T("form.choose")}}}
		for _, code := range offered {
			which.Options = append(which.Options, Option{Value: code, Text: upperFirst(c.languageName(code)), Selected: code == chosen})
		}
		return []Field{which, {ID: id + "_niveau", Name: id + "_niveau", Kind: "select", Label: c.T("journey.q_fluency"), Bare: true, Error: errs[id+"_niveau"],
			Options: c.options("journey.fluency.", c.form(id+"_niveau"), c.T("journey.unsaid"), "A1", "A2", "B1", "B2", "C1", "C2")}}
	})
}

// timeFields ask how many hours, when, and from which day.
func (c *call) timeFields(f *JourneyForm, errs map[string]string) {
	number := func(name, label string) Field {
		return Field{ID: name, Name: name, Bare: true, Label: c.T(label), Value: c.form(name), InputMode: "decimal", Short: true, Error: errs[name]}
	}
	f.Hours = []Field{number("heures_min", "journey.q_hours_min"), number("heures_max", "journey.q_hours_max")}
	slots, chosen := c.postedSlots()
	f.Rhythm = Field{ID: "rythme", Name: "rythme", Kind: "checkbox", Label: c.T("journey.q_when"), Hint: c.T("journey.q_when_hint"), Error: errs["rythme"]}
	for _, p := range weekPatterns() {
		f.Rhythm.Options = append(f.Rhythm.Options, Option{Value: p.name, Text: c.T("position.rhythm." + p.name), Selected: chosen[p.name]})
	}
	f.Week = c.weekGrid(slots)
	f.Split = Field{ID: "coupure", Name: "coupure", Kind: "radio", Label: c.T("journey.q_split"), Hint: c.T("journey.q_split_hint"), Options: []Option{
		{Value: "oui", Text: c.T("journey.yes"), Selected: c.form("coupure") == "oui"}, {Value: "non", Text: c.T("journey.no"), Selected: c.form("coupure") == "non"},
		{Text: c.T("journey.unsaid"), Selected: c.form("coupure") == ""}}}
}

// followFields ask who accompanies, and the dates of the journey.
func (c *call) followFields(f *JourneyForm, errs map[string]string) error {
	all, err := c.s.cfg.People.Counsellors(c.r.Context(), c.who.OrganisationID)
	if err != nil {
		return err
	}
	date := func(name, label, hint string) Field {
		return Field{ID: name, Name: name, Bare: true, Kind: "date", Label: c.T(label), Hint: hint, Value: c.form(name), Short: true, Error: errs[name]}
	}
	f.Dates = []Field{date("disponible", "journey.q_available", c.T("journey.q_available_hint"))}
	who := Field{ID: "conseil", Name: "conseil", Kind: "select", Label: c.T("journey.q_counsellor"), Bare: true, Options: []Option{{Text: c.T("journey.nobody_yet")}}, Error: errs["conseil"]}
	for _, one := range all {
		id := strconv.FormatInt(one.ID, 10)
		who.Options = append(who.Options, Option{Value: id, Text: one.Name, Selected: c.form("conseil") == id})
	}
	f.Follow = []Field{who, date("entree", "journey.q_entered", ""), date("contrat", "journey.q_contract", ""),
		{ID: "cle", Name: "cle", Bare: true, Label: c.T("journey.q_key"), Hint: c.T("journey.q_key_hint"), Value: c.form("cle"), Short: true, Error: errs["cle"]}}
	return nil
}

// journeyOrder is the order in which a refused form tells its faults.
func (c *call) journeyOrder() []string {
	order := []string{"commune"}
	for _, group := range []struct {
		name  string
		parts []string
	}{{"bouger", []string{"", "_km", "_min", "_quand"}}, {"souhait", []string{""}}, {"exerce", []string{"", "_mois"}}, {"titre", []string{"", "_vu", "_fin"}},
		{"savoir", []string{"", "_niveau", "_source", "_vu"}}, {"parle", []string{"", "_niveau"}}} {
		for n := 1; n <= mostRows; n++ {
			for _, part := range group.parts {
				order = append(order, group.name+strconv.Itoa(n)+part)
			}
		}
	}
	return append(order, "heures_min", "heures_max", "rythme", "disponible", "conseil", "entree", "contrat", "cle")
}
