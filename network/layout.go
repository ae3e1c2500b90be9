package network

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/territories"
)

// layout is one way to lay out a file of members, recognised by its header.
type layout struct {
	name     string
	required []string
	knows    func(column string) bool
	read     func(*rowReader)
}

// layouts are the two that are read: the public register of the enterprises
// under convention, and ours, described in docs/import-membres.md.
func layouts() []layout { return []layout{registerLayout(), membersLayout()} }

// known counts the columns of a header that a layout knows, all layouts
// considered: it tells a separator from another.
func known(header []string) int {
	best := 0
	for _, l := range layouts() {
		n := 0
		for _, h := range header {
			if l.knows(columnName(h)) {
				n++
			}
		}
		best = max(best, n)
	}
	return best
}

// recognise finds the layout of a header; without one it says what is missing
// from the nearest.
func recognise(header []string) (layout, map[string]int, error) {
	columns := map[string]int{}
	for i, h := range header {
		name := columnName(h)
		if _, twice := columns[name]; twice && name != "" {
			return layout{}, nil, fault.Invalid(fault.At("header", "repeated",
				"La colonne « "+name+" » figure deux fois.", "The column “"+name+"” is there twice."))
		}
		columns[name] = i
	}
	var nearest []string
	for _, l := range layouts() {
		missing := slices.DeleteFunc(slices.Clone(l.required), func(c string) bool { _, ok := columns[c]; return ok })
		if len(missing) == 0 {
			return l, columns, nil
		}
		if nearest == nil || len(missing) < len(nearest) {
			nearest = missing
		}
	}
	list := strings.Join(nearest, ", ")
	return layout{}, nil, fault.Invalid(fault.At("header", "unknown-layout",
		"L’en-tête n’est pas reconnu. Colonnes manquantes : "+list+". Voir docs/import-membres.md.",
		"The header is not recognised. Missing columns: "+list+". See docs/import-membres.md."))
}

// entry is what one row says of an organisation: only what it says.
type entry struct {
	row            sheet.Row
	siret          SIRET
	kind           Kind
	said           map[string]string // by field; an empty value erases
	active         *bool
	site           *Site
	insee          territories.CommuneCode // where the file gives it
	statuses       []Status
	activities     []Activity
	certifications []Certification
	networks       []SIRET
	findings       []Finding
	reasons        []fault.Text // why the row is refused; empty when it is not
	digest         string
}

func (e *entry) find(code, detail string) {
	e.findings = append(e.findings, Finding{Code: code, Detail: detail})
}

// rowReader reads the cells of one row by the names of their columns.
type rowReader struct {
	atlas   *territories.Atlas
	columns map[string]int
	e       *entry
}

// erased is what a cell holds to empty a field: an empty cell leaves it as it is.
const erased = "-"

func (r *rowReader) cell(column string) string {
	i, ok := r.columns[column]
	if !ok || i >= len(r.e.row.Cells) {
		return ""
	}
	return sheet.Clean(r.e.row.Cells[i])
}

func (r *rowReader) refuse(column, fr, en string) {
	r.e.reasons = append(r.e.reasons, fault.Text{FR: column + " : " + fr, EN: column + ": " + en})
}

// say keeps a text field; "-" erases it.
func (r *rowReader) say(field, column string) {
	switch v := r.cell(column); v {
	case "":
	case erased:
		r.e.said[field] = ""
	default:
		r.e.said[field] = v
	}
}

// identity reads what tells a row from another.
func (r *rowReader) identity(siretColumn, kindColumn string) {
	raw := r.cell(siretColumn)
	siret, err := ParseSIRET(raw)
	switch {
	case raw == "":
		r.refuse(siretColumn, "il manque", "it is missing")
	case strings.ContainsAny(raw, "eE") && strings.ContainsAny(raw, "+"):
		r.refuse(siretColumn, "« "+raw+" » a été arrondi par un tableur : les chiffres sont perdus", "“"+raw+"” was rounded by a spreadsheet: its digits are lost")
	case err != nil:
		if siret = unpadded(raw); siret == "" {
			r.refuse(siretColumn, "« "+raw+" » n’a pas 14 chiffres", "“"+raw+"” has not 14 digits")
			break
		}
		r.e.find("padded_siret", string(siret))
	}
	r.e.siret = siret
	if siret != "" && !siret.Valid() {
		r.e.find("luhn", string(siret))
	}
	kind, ok := parseKind(r.cell(kindColumn))
	if !ok {
		r.refuse(kindColumn, "« "+r.cell(kindColumn)+" » n’est pas un type de structure", "“"+r.cell(kindColumn)+"” is no kind of enterprise")
	}
	r.e.kind = kind
}

// unpadded gives back the leading zero that a spreadsheet took, when the check
// digit says that it did.
func unpadded(raw string) SIRET {
	s, err := ParseSIRET("0" + raw)
	if err != nil || !s.Complete() || !s.Valid() {
		return ""
	}
	return s
}

// place reads the address of the site.
func (r *rowReader) place(address, postcode, city, lon, lat string) {
	s := Site{Main: true, Address: r.cell(address), Postcode: postcodeOf(r.cell(postcode)), City: r.cell(city)}
	s.Lon, s.Lat = r.coordinate(lon, 180), r.coordinate(lat, 90)
	if s.Lon == nil || s.Lat == nil {
		s.Lon, s.Lat = nil, nil
	}
	if s.Postcode != "" || s.City != "" || s.Address != "" || s.Lon != nil {
		r.e.site = &s
	}
}

// postcodeOf gives back the leading zero that a spreadsheet took.
func postcodeOf(s string) string {
	s = strings.ReplaceAll(s, " ", "")
	if len(s) == 4 && strings.Trim(s, "0123456789") == "" {
		return "0" + s
	}
	return s
}

func (r *rowReader) coordinate(column string, bound float64) *float64 {
	raw := r.cell(column)
	if raw == "" || raw == erased {
		return nil
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(raw, ",", "."), 64)
	if err != nil || !(math.Abs(v) <= bound) {
		r.e.find("bad_point", column+" "+raw)
		return nil
	}
	return &v
}

// number reads "1 234,5"; 0 when the cell is empty.
func (r *rowReader) number(column string) float64 {
	raw := r.cell(column)
	if raw == "" || raw == erased {
		return 0
	}
	text := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "", ",", ".").Replace(raw)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v < 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		r.refuse(column, "« "+raw+" » n’est pas un nombre positif", "“"+raw+"” is not a positive number")
		return 0
	}
	return v
}

// date reads 2026-12-31, 31/12/2026 or the number of a day in a workbook.
func (r *rowReader) date(column string) string {
	raw := r.cell(column)
	if raw == "" || raw == erased {
		return ""
	}
	text, ok := sheet.Date(raw)
	if !ok {
		r.refuse(column, "« "+raw+" » n’est pas une date (31/12/2026 ou 2026-12-31)", "“"+raw+"” is not a date (31/12/2026 or 2026-12-31)")
	}
	return text
}

// list cuts a cell at "|", ";" or a new line.
func (r *rowReader) list(column string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(r.cell(column), func(c rune) bool { return c == '|' || c == ';' || c == '\n' }) {
		if part = strings.TrimSpace(part); part != "" && part != erased {
			out = append(out, part)
		}
	}
	return out
}

// tidyTexts drops the addresses that no one could follow, and says so.
func (r *rowReader) tidyTexts() {
	if at, ok := r.e.said["website"]; ok {
		parsed, err := parseWebsite(at)
		if err != nil {
			r.e.find("website", at)
			delete(r.e.said, "website")
		} else {
			r.e.said["website"] = parsed
		}
	}
	if at, ok := r.e.said["email"]; ok && at != "" {
		c := checker{}
		if c.email("email", at); len(c.faults) > 0 {
			r.e.find("email", at)
			delete(r.e.said, "email")
		}
	}
	if at, ok := r.e.said["phone"]; ok {
		r.e.said["phone"] = sheet.Phone(at)
	}
	for field, longest := range map[string]int{"name": maxName, "brand": maxName, "phone": 50, "description": maxText} {
		if v, runes := r.e.said[field], []rune(r.e.said[field]); len(runes) > longest {
			r.e.find("cut", fmt.Sprintf("%s: %d", field, len(v)))
			r.e.said[field] = string(runes[:longest])
		}
	}
}

// parseKind reads the short name of a kind or its French words.
func parseKind(s string) (Kind, bool) {
	folded := territories.Fold(s)
	for _, k := range Kinds() {
		if territories.Fold(string(k)) == folded {
			return k, true
		}
	}
	words := map[string]Kind{
		"association intermediaire": KindAI, "atelier et chantier d insertion": KindACI, "ateliers et chantiers d insertion": KindACI,
		"chantier d insertion": KindACI, "entreprise d insertion": KindEI, "entreprise de travail temporaire d insertion": KindETTI,
		"entreprise d insertion par le travail independant": KindEITI, "groupement d employeurs pour l insertion et la qualification": KindGEIQ,
		"entreprise adaptee": KindEA, "eatt": KindEA, "etablissement et service d aide par le travail": KindESAT,
		"etablissement et service d accompagnement par le travail": KindESAT, "services a la personne": KindSAP,
		"regie de quartier": KindRegie, "regie": KindRegie, "organisme de formation": KindTraining, "autre": KindOther,
	}
	k, ok := words[folded]
	return k, ok
}

// columnName is the form in which a header is recognised: "Code postal" is code_postal.
func columnName(s string) string {
	return strings.ReplaceAll(territories.Fold(s), " ", "_")
}
