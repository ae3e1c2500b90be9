package web

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// weekPattern is a usual way of working, said in a word.
type weekPattern struct {
	name  string
	slots nomenclatures.Slots
}

// weekPatterns are those of the form, in their order.
func weekPatterns() []weekPattern {
	const fri, sat, sun = 4, 5, 6
	return []weekPattern{
		{"morning", nomenclatures.Every(0, fri, nomenclatures.Morning)},
		{"day", nomenclatures.Every(0, fri, nomenclatures.Morning) | nomenclatures.Every(0, fri, nomenclatures.Afternoon)},
		{"evening", nomenclatures.Every(0, fri, nomenclatures.Evening)},
		{"night", nomenclatures.Every(0, fri, nomenclatures.Night)},
		{"weekend", nomenclatures.Every(sat, sun, nomenclatures.Morning) | nomenclatures.Every(sat, sun, nomenclatures.Afternoon)},
	}
}

// postedSlots are the boxes of the grid that are ticked, and the rhythms that are.
func (c *call) postedSlots() (nomenclatures.Slots, map[string]bool) {
	var slots nomenclatures.Slots
	for _, name := range c.r.PostForm["jour"] {
		if one, err := nomenclatures.ParseSlots(name); err == nil {
			slots |= one
		}
	}
	chosen := map[string]bool{}
	for _, name := range c.r.PostForm["rythme"] {
		chosen[name] = true
	}
	return slots, chosen
}

// readSlots is when in the week: the rhythms and the grid together.
func (c *call) readSlots() nomenclatures.Slots {
	slots, chosen := c.postedSlots()
	for _, r := range weekPatterns() {
		if chosen[r.name] {
			slots |= r.slots
		}
	}
	return slots
}

// rhythmsOf parts what is kept into the rhythms that it holds and the rest: what
// both give together is what was kept. The whole day is told before its morning.
func rhythmsOf(slots nomenclatures.Slots) (names []string, rest nomenclatures.Slots) {
	rest = slots
	all := weekPatterns()
	slices.SortStableFunc(all, func(a, b weekPattern) int { return b.slots.Count() - a.slots.Count() })
	for _, r := range all {
		if rest&r.slots == r.slots {
			names, rest = append(names, r.name), rest&^r.slots
		}
	}
	return names, rest
}

// readTerms reads the terms of the form, every fault located.
func (c *call) readTerms(f positionForm, errs map[string]string) opportunities.Terms {
	t := opportunities.Terms{Contract: opportunities.Employment(c.form("contrat")), Slots: c.readSlots(), Split: c.form("coupe") != "", Beginner: c.form("debutant") != "", Aim: opportunities.Aim(c.form("objet")),
		Contact: opportunities.Contact{Name: c.form("contact_nom"), Email: c.form("contact_courriel"), Phone: c.form("contact_telephone")}}
	for name, into := range map[string]*float64{"heures": &t.Hours, "rayon": &t.Reach} {
		if !c.readNumber(name, into) {
			errs[name] = c.T("publish.error_number")
		}
	}
	for _, g := range c.readAptitudes("requis", errs) {
		t.Aptitudes = append(t.Aptitudes, opportunities.Wanted{Code: g.Code, Level: g.Level, Required: true})
	}
	for _, g := range c.readAptitudes("aide", errs) {
		t.Aptitudes = append(t.Aptitudes, opportunities.Wanted{Code: g.Code, Level: g.Level})
	}
	t.Languages = c.readLanguages()
	if f.session() {
		t.Audience = opportunities.Audience(c.form("public"))
		t.Outcomes, t.Leads = c.readAptitudes("acquis", errs), c.readLeads(errs)
	}
	return t
}

// readAptitudes reads the lines of a list; the words of one that is not known are told.
func (c *call) readAptitudes(name string, errs map[string]string) (out []opportunities.Gain) {
	for i := 1; i <= mostRows; i++ {
		id := name + strconv.Itoa(i)
		words := c.form(id)
		if words == "" {
			continue
		}
		code, ok := c.aptitudeAsked(words, c.form(id+"_code"))
		if !ok {
			errs[id] = c.T("position.aptitude_unknown", "Words", words)
			continue
		}
		g := opportunities.Gain{Code: code}
		if info, _ := nomenclatures.LookupAptitude(code); info.Kind == nomenclatures.Skill { // a licence has no level
			if n, err := strconv.ParseUint(c.form(id+"_niveau"), 10, 8); err == nil {
				g.Level = nomenclatures.Mastery(n)
			}
		}
		out = append(out, g)
	}
	return out
}

// aptitudeAsked is the one that was chosen or, without scripts, that the words name or find.
func (c *call) aptitudeAsked(words, chosen string) (nomenclatures.Aptitude, bool) {
	if info, ok := nomenclatures.LookupAptitude(nomenclatures.Aptitude(chosen)); ok && (info.FR == words || info.EN == words) {
		return info.Code, true
	}
	if code, err := nomenclatures.ParseAptitude(words); err == nil {
		return code, true
	}
	if found := nomenclatures.SearchAptitudes(words, 1); len(found) > 0 {
		return found[0].Code, true
	}
	return "", false
}

func (c *call) readLanguages() (out []opportunities.Speaking) {
	for i := 1; i <= mostRows; i++ {
		id := "langue" + strconv.Itoa(i)
		if code := c.form(id); code != "" {
			level, err := nomenclatures.ParseFluency(c.form(id + "_niveau"))
			if err != nil {
				level = 0
			}
			out = append(out, opportunities.Speaking{Language: code, Level: level, Required: c.form(id+"_aide") == ""})
		}
	}
	return out
}

func (c *call) readLeads(errs map[string]string) (out []nomenclatures.ROME) {
	for i := 1; i <= mostRows; i++ {
		id := "prepare" + strconv.Itoa(i)
		if c.form(id) == "" {
			continue
		}
		code, ok := c.occupationAsked(c.form(id), c.form(id+"_code"))
		if !ok {
			errs[id] = c.T("position.error_occupation")
			continue
		}
		out = append(out, nomenclatures.ROME(code.Value))
	}
	return out
}

// occupationAsked is the one that was chosen or, without scripts, that the words find.
func (c *call) occupationAsked(words, chosen string) (nomenclatures.Code, bool) {
	code, err := nomenclatures.ParseCode(chosen)
	if err == nil && code.Scheme == nomenclatures.SchemeROME && (words == "" || words == c.codeWords(code)) {
		return code, true
	}
	if found := nomenclatures.Search(nomenclatures.SchemeROME, words, 1); words != "" && len(found) > 0 {
		return found[0].Code, true
	}
	return nomenclatures.Code{}, false
}

// readSites reads which places the form shows.
func (c *call) readSites(f positionForm) positionForm {
	f.sites = nil
	for _, text := range c.r.PostForm["lot"] {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && len(f.sites) < mostLots && c.form("retirer") != text && !slices.Contains(f.sites, n) {
			f.sites = append(f.sites, n)
		}
	}
	if len(f.sites) == 0 {
		f.sites = []int{1}
	}
	if c.form("ajouter") != "" && len(f.sites) < mostLots {
		f.sites = append(f.sites, slices.Max(f.sites)+1)
	}
	return f
}

// readPosition reads the whole form, every fault located.
func (c *call) readPosition(f positionForm) (*opportunities.Opportunity, map[string]string) {
	errs := map[string]string{}
	o := &opportunities.Opportunity{Kind: f.kind, Title: c.form("titre"), BuyerName: c.form("acheteur"), Description: c.form("description"), Currency: "EUR"}
	o.Deadline, o.DeadlineRaw = c.readDeadline("echeance", errs)
	codes := c.readOccupation(f, errs)
	terms := c.readTerms(f, errs)
	var length float64
	if !c.readNumber("duree", &length) {
		errs["duree"] = c.T("publish.error_number")
	}
	for i, n := range f.sites {
		lot := c.readSite(f, n, errs)
		own := terms
		lot.Number, lot.Position, lot.Codes, lot.Terms, lot.Hours, lot.Deadline, lot.DeadlineRaw = strconv.Itoa(i+1), i+1, codes, &own, length, o.Deadline, o.DeadlineRaw
		o.Lots = append(o.Lots, lot)
	}
	c.nameOf(f, o, errs)
	return o, errs
}

func (c *call) readOccupation(f positionForm, errs map[string]string) []nomenclatures.Code {
	if f.session() {
		return nil
	}
	code, ok := c.occupationAsked(c.form("lot1_precision"), c.form("lot1_precision_code"))
	if !ok {
		errs["lot1_precision"] = c.T("position.error_occupation")
		return nil
	}
	return []nomenclatures.Code{code}
}

// readSite reads one place with its posts; of a session, its days.
func (c *call) readSite(f positionForm, n int, errs map[string]string) opportunities.Lot {
	prefix, name := lotPrefix(n), placeName(n)
	var lot opportunities.Lot
	if c.form(name) == "" {
		errs[name] = c.T("position.error_place")
	} else {
		lot.Place = c.readPlace(name, errs)
	}
	lot.Posts = c.readPosts(prefix+"postes", errs)
	days := "lot1_"
	if f.session() {
		days = prefix
	}
	lot.StartsOn, lot.EndsOn = c.form(days+"debut"), c.form(days+"fin")
	return lot
}

func (c *call) readPosts(name string, errs map[string]string) int {
	var posts float64
	if !c.readNumber(name, &posts) || posts != float64(int(posts)) {
		errs[name] = c.T("publish.error_number")
	}
	return int(posts)
}

// nameOf gives an opportunity its title and the place of the whole.
func (c *call) nameOf(f positionForm, o *opportunities.Opportunity, errs map[string]string) {
	o.Place = wholePlace(o.Lots)
	if !f.session() && len(o.Lots[0].Codes) > 0 {
		o.Title = c.T("position.named."+string(f.kind), "What", shortLabel(o.Lots[0].Codes[0]), "Where", o.Place.Words)
	}
	if f.session() && o.Title == "" {
		errs["titre"] = c.T("publish.error_title")
	}
	if f.kind == opportunities.Mission && o.BuyerName == "" {
		errs["acheteur"] = c.T("position.error_user")
	}
	for i := range o.Lots {
		o.Lots[i].Title = o.Title
		if len(o.Lots) > 1 {
			o.Lots[i].Title = o.Lots[i].Place.Words
		}
	}
}

// wholePlace is where several lots are: that of one, or all together.
func wholePlace(lots []opportunities.Lot) opportunities.Place {
	var exprs []territories.Expr
	var words []string
	for _, l := range lots {
		if l.Place.Scope != opportunities.InCommunes {
			return lots[0].Place
		}
		e, err := territories.ParseExpr([]byte(l.Place.Perimeter))
		if err != nil {
			return lots[0].Place
		}
		exprs = append(exprs, e)
		if !slices.Contains(words, l.Place.Words) {
			words = append(words, l.Place.Words)
		}
	}
	return opportunities.Place{Scope: opportunities.InCommunes, Perimeter: territories.AnyOf(exprs...).String(), Words: strings.Join(words, ", ")}
}

// lotFault is the path of a fault in a lot.
var lotFault = regexp.MustCompile(`^lots\[(\d+)\]\.(.+?)(?:\[(\d+)\].*)?$`)

// positionFields are the fields of the form, by the path of what is at fault in a lot.
var positionFields = map[string]string{
	"terms.contract": "contrat", "terms.hours": "heures", "terms.reach": "rayon", "terms.slots": "rythme", "terms.languages": "langue", "terms.aptitudes": "requis", "terms.outcomes": "acquis", "terms.leads": "prepare",
	"terms.contact.name": "contact_nom", "terms.contact.email": "contact_courriel", "terms.contact.phone": "contact_telephone", "terms.aim": "objet", "terms.audience": "public", "hours": "duree", "codes": "lot1_precision",
}

// positionErrors names the fields of the form that the service found at fault.
func (f positionForm) positionErrors(fields map[string]string, general string) map[string]string {
	errs := map[string]string{}
	for path, text := range fields {
		errs[f.fieldOf(path)] = text
	}
	if len(errs) == 0 {
		errs[""] = general
	}
	return errs
}

func (f positionForm) fieldOf(path string) string {
	switch path {
	case "title":
		return "titre"
	case "buyer_name", "buyer_id":
		return "acheteur"
	}
	m := lotFault.FindStringSubmatch(path)
	if m == nil {
		return ""
	}
	i, err := strconv.Atoi(m[1])
	if err != nil || i >= len(f.sites) {
		return ""
	}
	prefix := lotPrefix(f.sites[i])
	days := "lot1_"
	if f.session() {
		days = prefix
	}
	switch m[2] {
	case "place", "place.perimeter":
		return placeName(f.sites[i])
	case "posts":
		return prefix + "postes"
	case "starts_on":
		return days + "debut"
	case "ends_on":
		return days + "fin"
	}
	name := positionFields[m[2]]
	if row, err := strconv.Atoi(or(m[3], "0")); err == nil && slices.Contains(rowNames, name) {
		return name + strconv.Itoa(row+1)
	}
	return name
}

// overlay writes into terms what differs between two readings of the form: what
// a form does not show stays as it is.
func overlay(into *opportunities.Terms, was, now opportunities.Terms) {
	to, a, b := reflect.ValueOf(into).Elem(), reflect.ValueOf(was), reflect.ValueOf(now)
	for i := range to.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			to.Field(i).Set(b.Field(i))
		}
	}
}
