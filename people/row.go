package people

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/nomenclatures"
	"maillage/territories"
)

// erasedCell is what a cell holds to empty a field: an empty cell leaves it as it is.
const erasedCell = "-"

// entry is what one row says of a journey: only what it says.
type entry struct {
	row        sheet.Row
	key        string
	edits      []func(*Person)
	counsellor *string // e-mail; empty: nobody; nil: not said
	identity   Identity
	without    Identity // what a dash empties of it
	emptied    []string // columns of traits and of the pass that a dash empties
	traits     Traits
	pass       *Right
	unread     []string // columns of which this row's cell was not understood, nor had to be
	faults     []Located
}

// Located is one fault of a row: the column and what to correct. It never
// repeats what the cell holds.
type Located struct {
	Column string
	Text   fault.Text
}

// rowReader reads the cells of one row by the names of their columns.
type rowReader struct {
	atlas *territories.Atlas
	l     layout
	e     *entry
}

func readRow(atlas *territories.Atlas, l layout, row sheet.Row, today string) *entry {
	r := &rowReader{atlas: atlas, l: l, e: &entry{row: row, key: ""}}
	if len(row.Cells) > l.width {
		r.refuse("", "plus de cellules que l’en-tête : entourez de guillemets une cellule qui contient le séparateur, ou séparez par « | »",
			"more cells than the header: quote a cell that holds the separator, or separate with “|”")
		return r.e
	}
	r.e.key = r.cell("numero")
	if r.e.key == "" || r.e.key == erasedCell {
		r.refuse("numero", "il manque : c’est le numéro de la structure, qui distingue un parcours d’un autre", "it is missing: the structure’s own number, which tells a journey from another")
	}
	r.place()
	r.profile()
	r.dates()
	r.rights()
	r.who(today)
	return r.e
}

func (r *rowReader) cell(column string) string {
	i, ok := r.l.at[column]
	if !ok || i >= len(r.e.row.Cells) {
		return ""
	}
	return sheet.Clean(r.e.row.Cells[i])
}

func (r *rowReader) refuse(column, fr, en string) {
	r.e.faults = append(r.e.faults, Located{column, fault.Text{FR: fr, EN: en}})
}

func (r *rowReader) wrong(column string, err error) {
	var f cellFault
	if errors.As(err, &f) {
		r.refuse(column, f.FR, f.EN)
	}
}

// unread says that cells were not understood: a rejected row does not keep them.
func (r *rowReader) unread(columns ...string) { r.e.unread = append(r.e.unread, columns...) }

func (r *rowReader) edit(f func(*Person)) { r.e.edits = append(r.e.edits, f) }

var (
	postcodeForm = regexp.MustCompile(`^[0-9]{4,5}$`)
	codeForm     = regexp.MustCompile(`^(?:[0-9]{4,5}|2[ABab][0-9]{3})$`) // of a commune
)

// place reads the home: the INSEE code, or the name with the postal code.
func (r *rowReader) place() {
	insee, name, postcode := r.cell("code_insee"), r.cell("commune"), r.cell("code_postal")
	if insee != "" {
		r.unread("commune", "code_postal")
	} else if name == "" || name == erasedCell || !postcodeForm.MatchString(postcode) {
		r.unread("code_postal")
	}
	switch {
	case insee == erasedCell || insee == "" && name == erasedCell:
		r.edit(func(p *Person) { p.Commune = "" })
	case insee != "":
		code, why := communeToday(r.atlas, fiveDigits(insee))
		if why.FR != "" {
			r.refuse("code_insee", why.FR, why.EN)
			return
		}
		r.edit(func(p *Person) { p.Commune = code })
	case codeForm.MatchString(name):
		r.coded(strings.ToUpper(name), postcode)
	case name != "":
		r.named(name, postcode)
	}
}

// coded reads a code where a name is expected: that of the commune, unless it may as well
// be the postal code of another one.
func (r *rowReader) coded(code, postcode string) {
	code, postcode = fiveDigits(code), fiveDigits(postcode)
	commune, why := communeToday(r.atlas, code)
	asPostal, postal := r.postal(code)
	if why.FR != "" {
		if postal {
			why = fault.Text{FR: "c’est un code postal : donnez le nom de la commune, ou son code INSEE", EN: "this is a postal code: give the name of the commune, or its INSEE code"}
		}
		r.refuse("commune", why.FR, why.EN)
		return
	}
	ord, _ := r.atlas.Ordinal(commune)
	if within, given := r.postal(postcode); given {
		if !within.Contains(ord) {
			r.refuse("commune", "ce code INSEE n’est pas d’une commune de ce code postal", "this INSEE code is of no commune of this postal code")
			return
		}
	} else if postal && (asPostal.Len() != 1 || !asPostal.Contains(ord)) {
		r.refuse("commune", "ce code est le code INSEE d’une commune et le code postal d’une autre : écrivez-le dans code_insee ou dans code_postal",
			"this code is the INSEE code of a commune and the postal code of another: write it under code_insee or code_postal")
		return
	}
	r.edit(func(p *Person) { p.Commune = commune })
}

// postal is the communes of a postal code of the official list.
func (r *rowReader) postal(code string) (*territories.Set, bool) {
	set, err := r.atlas.Of(territories.Ref{Kind: territories.KindPostal, Code: code})
	return set, err == nil
}

// fiveDigits gives back the zero that a spreadsheet took from a code.
func fiveDigits(code string) string {
	if len(code) == 4 {
		return "0" + code
	}
	return code
}

func (r *rowReader) named(name, postcode string) {
	ord, _, ok := r.atlas.Locate(name, fiveDigits(postcode))
	if ok {
		code := r.atlas.Commune(ord).Code
		r.e.row.Cells[r.l.at["commune"]] = r.atlas.Commune(ord).Name // what follows « cedex » was not read: a rejected row keeps the name alone
		r.edit(func(p *Person) { p.Commune = code })
		return
	}
	_, named, alone := r.atlas.Locate(name, "")
	switch {
	case !alone && len(named) == 0:
		r.refuse("commune", "cette commune n’est pas reconnue : donnez le code INSEE", "this commune is not recognised: give the INSEE code")
	case postcode != "":
		r.refuse("code_postal", "ce code postal n’est pas celui d’une commune de ce nom : corrigez-le, ou donnez le code INSEE", "this postal code is not that of a commune of this name: correct it, or give the INSEE code")
	default:
		r.refuse("commune", "plusieurs communes portent ce nom : donnez le code postal ou le code INSEE", "several communes have this name: give the postal code or the INSEE code")
	}
}

// column reads a cell into a list of the profile; "-" empties it.
func column[T any](r *rowReader, name string, read func(string) (T, error), put func(*Person, []T)) {
	cell := r.cell(name)
	if cell == "" {
		return
	}
	var values []T
	if cell != erasedCell {
		var err error
		if values, err = each(cell, read); err != nil {
			r.wrong(name, err)
			return
		}
	}
	r.edit(func(p *Person) { put(p, values) })
}

func (r *rowReader) profile() {
	column(r, "mobilite", parseMobility, func(p *Person, v []Mobility) { p.Profile.Mobility = keepSlots(p.Profile.Mobility, v) })
	column(r, "metiers_souhaites", parseWish, func(p *Person, v []Wish) { p.Profile.Wished = v })
	column(r, "metiers_exerces", parseHeld, func(p *Person, v []Held) { p.Profile.Held = v })
	column(r, "permis_titres", parseHolding, func(p *Person, v []Holding) { p.Profile.Aptitudes = replaced(p.Profile.Aptitudes, v, false) })
	column(r, "savoirs", parseSkill, func(p *Person, v []Holding) { p.Profile.Aptitudes = replaced(p.Profile.Aptitudes, v, true) })
	column(r, "langues", parseLanguage, func(p *Person, v []Speaks) { p.Profile.Languages = v })
	column(r, "horaires", parseSlots, func(p *Person, v []Slots) {
		p.Profile.Slots = 0
		for _, s := range v {
			p.Profile.Slots |= s
		}
	})
	r.hours("heures_min", func(p *Person, v float64) { p.Profile.Hours.Min = v })
	r.hours("heures_max", func(p *Person, v float64) { p.Profile.Hours.Max = v })
	switch cell := r.cell("coupures"); cell {
	case "":
	case erasedCell:
		r.edit(func(p *Person) { p.Profile.Split = nil })
	default:
		yes, err := parseYesNo(cell)
		r.wrong("coupures", err)
		r.edit(func(p *Person) { p.Profile.Split = &yes })
	}
}

func (r *rowReader) hours(name string, put func(*Person, float64)) {
	cell := r.cell(name)
	if cell == "" {
		return
	}
	v := 0.0
	if cell != erasedCell {
		var err error
		if v, err = parseNumber(cell); err != nil {
			r.wrong(name, err)
			return
		}
	}
	r.edit(func(p *Person) { put(p, v) })
}

// keepSlots keeps when a mode works, which no column says.
func keepSlots(had, said []Mobility) []Mobility {
	for i, m := range said {
		if j := slices.IndexFunc(had, func(h Mobility) bool { return h.Mode == m.Mode }); j >= 0 {
			said[i].Slots = had[j].Slots
		}
	}
	return said
}

// replaced replaces the skills, or what is not a skill. What is said again as it
// was keeps who saw it and when, which no column says.
func replaced(had, said []Holding, skills bool) []Holding {
	out := slices.DeleteFunc(slices.Clone(had), func(h Holding) bool {
		info, _ := nomenclatures.LookupAptitude(h.Code)
		return (info.Kind == nomenclatures.Skill) == skills
	})
	for _, h := range said {
		if i := slices.IndexFunc(had, func(o Holding) bool {
			return o.Code == h.Code && o.Level == h.Level && (h.Until == "" || o.Until == h.Until)
		}); i >= 0 {
			h = had[i]
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Holding) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return out
}

func (r *rowReader) dates() {
	for _, f := range []struct {
		column string
		put    func(*Person, string)
	}{
		{"disponible_le", func(p *Person, v string) { p.AvailableOn = v }},
		{"entree_le", func(p *Person, v string) { p.EnteredOn = v }},
		{"contrat_jusqu_au", func(p *Person, v string) { p.ContractEnds = v }},
	} {
		if day, said := r.date(f.column); said {
			r.edit(func(p *Person) { f.put(p, day) })
		}
	}
	if cell := r.cell("conseiller"); cell != "" {
		if cell == erasedCell {
			cell = ""
		}
		r.e.counsellor = &cell
	}
}

// date reads a day; "-" is the empty one.
func (r *rowReader) date(name string) (day string, said bool) {
	cell := r.cell(name)
	if cell == "" || cell == erasedCell {
		return "", cell != ""
	}
	day, ok := sheet.Date(cell)
	if !ok {
		r.wrong(name, errDate)
	}
	return day, ok
}

func (r *rowReader) rights() {
	from, said := r.date("pass_iae_du")
	until, saidUntil := r.date("pass_iae_au")
	if said && from == "" && until == "" {
		r.e.emptied = append(r.e.emptied, "pass_iae_du")
		return
	}
	if !said || from == "" {
		if until != "" {
			r.refuse("pass_iae_du", "donnez le début du PASS IAE avec sa fin", "give the start of the PASS IAE with its end")
		}
		return
	}
	if until != "" && until < from {
		r.refuse("pass_iae_au", "la fin précède le début", "the end comes before the start")
		return
	}
	r.e.pass = &Right{Kind: PassIAE, From: from, Until: until}
	if saidUntil && until == "" {
		r.e.emptied = append(r.e.emptied, "pass_iae_au")
	}
}

// who reads what identifies and what audits, which go elsewhere.
func (r *rowReader) who(today string) {
	i := &r.e.identity
	i.Given, i.Family, i.Phone, i.Email, i.Pass = r.text("prenom"), r.text("nom"), sheet.Phone(r.text("telephone")), r.text("courriel"), r.text("pass_iae_numero")
	i.Born, _ = r.date("date_naissance")
	for column, emptied := range map[string]*string{"prenom": &r.e.without.Given, "nom": &r.e.without.Family, "telephone": &r.e.without.Phone,
		"courriel": &r.e.without.Email, "pass_iae_numero": &r.e.without.Pass, "date_naissance": &r.e.without.Born} {
		if r.cell(column) == erasedCell {
			*emptied = erasedCell
		}
	}
	columns := map[string]string{"given": "prenom", "family": "nom", "born": "date_naissance", "phone": "telephone", "email": "courriel", "pass": "pass_iae_numero"}
	for _, f := range checkIdentity(i, today) {
		r.refuse(columns[f.Path], f.Message.FR, f.Message.EN)
	}
	r.traits()
}

func (r *rowReader) text(name string) string {
	if cell := r.cell(name); cell != erasedCell {
		return cell
	}
	return ""
}

func (r *rowReader) traits() {
	for _, column := range []string{"sexe", "annee_naissance", "qpv"} {
		if r.cell(column) == erasedCell {
			r.e.emptied = append(r.e.emptied, column)
		}
	}
	switch territories.Fold(r.text("sexe")) {
	case "":
	case "f", "femme":
		r.e.traits.Sex = Woman
	case "m", "h", "homme":
		r.e.traits.Sex = Man
	default:
		r.refuse("sexe", "f, m ou rien", "f, m or nothing")
	}
	if cell := r.text("annee_naissance"); cell != "" {
		year, err := strconv.Atoi(cell)
		if err != nil {
			r.wrong("annee_naissance", errNumber)
		}
		r.e.traits.BirthYear = year
	}
	if cell := r.text("qpv"); cell != "" {
		yes, err := parseYesNo(cell)
		r.wrong("qpv", err)
		r.e.traits.QPV = QPVNo
		if yes {
			r.e.traits.QPV = QPVYes
		}
	}
}
