package web

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maillage/nomenclatures"
	"maillage/people"
	"maillage/territories"
)

// reading is what is read of the form of a journey: the journey, the faults and
// the choices to make, and which line of the form each entry of a list is.
type reading struct {
	c       *call
	p       *people.Person
	errs    map[string]string
	several choices
	rows    map[string][]string // by the list's name in the service
}

// readJourney reads the whole form over what is kept of the journey (an empty
// one where it is new): what the form does not ask stays as it is.
func (c *call) readJourney(old *people.Person) *reading {
	p := *old
	r := &reading{c: c, p: &p, errs: map[string]string{}, several: choices{}, rows: map[string][]string{}}
	r.commune()
	f := people.Profile{}
	r.mobility(&f)
	r.occupations(&f)
	r.holdings(&f, old.Profile.Aptitudes)
	r.languages(&f)
	r.time(&f)
	p.Profile = f
	p.Key, p.EnteredOn, p.AvailableOn, p.ContractEnds = c.form("cle"), c.form("entree"), c.form("disponible"), c.form("contrat")
	p.CounsellorID = nil
	if id, err := strconv.ParseInt(c.form("conseil"), 10, 64); err == nil {
		p.CounsellorID = &id
	}
	return r
}

// commune reads the home: the words that a suggestion writes, a name that one
// commune has, or a choice between homonyms.
func (r *reading) commune() {
	words := r.c.form("commune")
	r.p.Commune = ""
	if words == "" {
		return
	}
	codes, labels := r.c.communesFor(words)
	switch {
	case len(codes) == 1:
		r.p.Commune = codes[0]
	case len(codes) > 1:
		r.errs["commune"], r.several["commune"] = r.c.T("journey.error_which_commune"), labels
	default:
		r.errs["commune"] = r.c.T("journey.error_commune")
	}
}

// communesFor are the communes that words may mean; one where they leave no doubt.
func (c *call) communesFor(words string) (codes []territories.CommuneCode, labels []string) {
	if code, err := territories.ParseCommuneCode(words); err == nil {
		if _, ok := c.s.cfg.Atlas.Ordinal(code); ok {
			return []territories.CommuneCode{code}, []string{c.communeWords(code)}
		}
	}
	name, _, _ := strings.Cut(words, " (")
	for _, hit := range c.s.cfg.Atlas.Search(name, territories.SearchOptions{Kinds: []territories.Kind{territories.KindCommune}, Limit: 20}) {
		code := territories.CommuneCode(hit.Ref.Code)
		label := c.communeWords(code)
		switch {
		case label == words || hit.Name+" ("+hit.Departement+")" == words:
			return []territories.CommuneCode{code}, []string{label}
		case territories.Fold(hit.Name) == territories.Fold(name):
			codes, labels = append(codes, code), append(labels, label)
		}
	}
	return codes, labels
}

// each reads the lines of a list that are filled.
func (r *reading) each(name, list string, read func(id, value string)) {
	for i := 1; i <= mostRows; i++ {
		id := name + strconv.Itoa(i)
		if value := r.c.form(id); value != "" {
			r.rows[list] = append(r.rows[list], id)
			read(id, value)
		}
	}
}

func (r *reading) number(id string) float64 {
	var n float64
	if !r.c.readNumber(id, &n) {
		r.errs[id] = r.c.T("publish.error_number")
	}
	return n
}

func (r *reading) mobility(f *people.Profile) {
	r.each("bouger", "mobility", func(id, value string) {
		for _, part := range []string{"_km", "_min"} {
			if r.c.form(id+part) != "" && r.number(id+part) == 0 && r.errs[id+part] == "" {
				r.errs[id+part] = r.c.T("journey.error_nowhere")
			}
		}
		m := people.Mobility{Mode: people.Mode(value), Km: r.number(id + "_km"), Minutes: int(r.number(id + "_min"))}
		if n, err := strconv.ParseUint(r.c.form(id+"_quand"), 10, 28); err == nil {
			m.Slots = nomenclatures.Slots(n)
		}
		f.Mobility = append(f.Mobility, m)
	})
	for i := 1; i <= mostRows; i++ { // a distance without a way of moving is a line begun, not one to drop in silence
		id := "bouger" + strconv.Itoa(i)
		if r.c.form(id) == "" && r.c.form(id+"_km")+r.c.form(id+"_min") != "" {
			r.errs[id] = r.c.T("journey.error_mode")
		}
	}
}

func (r *reading) occupations(f *people.Profile) {
	r.each("souhait", "wished", func(id, value string) {
		w, _ := r.wish(id, value)
		f.Wished = append(f.Wished, w)
	})
	r.each("exerce", "held", func(id, value string) {
		w, _ := r.wish(id, value)
		f.Held = append(f.Held, people.Held{ROME: w.ROME, Months: int(r.number(id + "_mois"))})
	})
}

// wish reads an occupation; words that may mean several are to be chosen from,
// never guessed for somebody.
func (r *reading) wish(id, words string) (people.Wish, bool) {
	if w, ok := parseWish(words); ok {
		return w, true
	}
	if found := wishesFor(words, 8); len(found) > 0 {
		r.errs[id], r.several[id] = r.c.T("journey.error_which_occupation", "Words", words), found
		return people.Wish{}, false
	}
	r.errs[id] = r.c.T("journey.error_occupation", "Words", words)
	return people.Wish{}, false
}

// holdings reads licences, certificates and skills. What the form does not ask
// of each (who saw a licence, the end of a skill) is kept.
func (r *reading) holdings(f *people.Profile, old []people.Holding) {
	kept := map[nomenclatures.Aptitude]people.Holding{}
	for _, h := range old {
		kept[h.Code] = h
	}
	r.each("titre", "aptitudes", func(id, value string) {
		h := kept[nomenclatures.Aptitude(value)]
		h.Code, h.On, h.Until = nomenclatures.Aptitude(value), r.c.form(id+"_vu"), r.c.form(id+"_fin")
		f.Aptitudes = append(f.Aptitudes, h)
	})
	r.each("savoir", "aptitudes", func(id, value string) {
		h := kept[nomenclatures.Aptitude(value)]
		h.Code, h.On, h.Source = nomenclatures.Aptitude(value), r.c.form(id+"_vu"), people.Source(r.c.form(id+"_source"))
		h.Level = 0
		if n, err := strconv.ParseUint(r.c.form(id+"_niveau"), 10, 8); err == nil {
			h.Level = nomenclatures.Mastery(n)
		}
		f.Aptitudes = append(f.Aptitudes, h)
	})
	r.inOrder(f, old)
}

// inOrder puts what was held already where it was, so that a form sent as it
// was read changes nothing; each entry keeps its line of the form.
func (r *reading) inOrder(f *people.Profile, old []people.Holding) {
	place := func(code nomenclatures.Aptitude) int {
		if i := slices.IndexFunc(old, func(h people.Holding) bool { return h.Code == code }); i >= 0 {
			return i
		}
		return len(old)
	}
	order := make([]int, len(f.Aptitudes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return place(f.Aptitudes[a].Code) - place(f.Aptitudes[b].Code) })
	sorted, ids := make([]people.Holding, len(order)), make([]string, len(order))
	for to, from := range order {
		sorted[to], ids[to] = f.Aptitudes[from], r.rows["aptitudes"][from]
	}
	if len(sorted) > 0 {
		f.Aptitudes, r.rows["aptitudes"] = sorted, ids
	}
}

func (r *reading) languages(f *people.Profile) {
	r.each("parle", "languages", func(id, value string) {
		level, err := nomenclatures.ParseFluency(r.c.form(id + "_niveau"))
		if err != nil {
			r.errs[id+"_niveau"] = r.c.T("journey.error_level")
		}
		f.Languages = append(f.Languages, people.Speaks{Language: value, Level: level})
	})
}

func (r *reading) time(f *people.Profile) {
	f.Hours = people.WeeklyHours{Min: r.number("heures_min"), Max: r.number("heures_max")}
	f.Slots = r.c.readSlots()
	if answer := r.c.form("coupure"); answer != "" {
		yes := answer == "oui"
		f.Split = &yes
	}
}

// journeyFields are the fields of the form, by what the service finds at fault.
var journeyFields = map[string]string{"commune": "commune", "key": "cle", "counsellor_id": "conseil", "entered_on": "entree", "available_on": "disponible", "contract_ends": "contrat", "hours": "heures_min", "slots": "rythme"}

// journeyParts are the fields of a line, by what is at fault in an entry.
var journeyParts = map[string]string{"km": "_km", "minutes": "_min", "slots": "_quand", "months": "_mois", "on": "_vu", "until": "_fin", "source": "_source", "level": "_niveau"}

var journeyFault = regexp.MustCompile(`^(\w+)(?:\[(\d+)\](?:\.(\w+))?)?$`)

// located puts the faults that the service found beside the fields of the form;
// a field that was already at fault keeps its own words.
func (r *reading) located(fields map[string]string, general string) {
	if len(fields) == 0 {
		r.errs[""] = general
	}
	for path, text := range fields {
		if id := r.fieldOf(path); r.errs[id] == "" {
			r.errs[id] = text
		}
	}
}

func (r *reading) fieldOf(path string) string {
	m := journeyFault.FindStringSubmatch(path)
	if m == nil {
		return ""
	}
	if m[2] == "" {
		if name := journeyRows[m[1]]; name != "" {
			return name + "1"
		}
		return journeyFields[m[1]]
	}
	at, err := strconv.Atoi(m[2])
	if err != nil || at >= len(r.rows[m[1]]) {
		return ""
	}
	part := journeyParts[m[3]]
	id := r.rows[m[1]][at]
	if strings.HasPrefix(id, "savoir") && part == "_fin" || strings.HasPrefix(id, "titre") && slices.Contains([]string{"_source", "_niveau"}, part) {
		return id // not asked of this list
	}
	return id + part
}

// says tells whether anything was filled: an empty form makes no journey.
func (r *reading) says() bool {
	for name, values := range r.c.r.PostForm {
		if !slices.Contains([]string{"geste", "plus", "revision", "lu", "coupure", "conseil"}, name) && strings.TrimSpace(strings.Join(values, "")) != "" {
			return true
		}
	}
	return false
}

// journeyAsForm writes a journey as the form that would make it.
func (c *call) journeyAsForm(p *people.Person) url.Values {
	v := url.Values{"cle": {p.Key}, "entree": {p.EnteredOn}, "disponible": {p.AvailableOn}, "contrat": {p.ContractEnds}}
	if p.Commune != "" {
		v.Set("commune", c.communeWords(p.Commune))
		if codes, _ := c.communesFor(c.communeWords(p.Commune)); len(codes) != 1 || codes[0] != p.Commune {
			v.Set("commune", string(p.Commune))
		}
	}
	if p.CounsellorID != nil {
		v.Set("conseil", strconv.FormatInt(*p.CounsellorID, 10))
	}
	c.profileAsForm(p.Profile, v)
	names, rest := rhythmsOf(p.Profile.Slots)
	v["rythme"], v["jour"] = names, rest.Names()
	for name, n := range map[string]float64{"heures_min": p.Profile.Hours.Min, "heures_max": p.Profile.Hours.Max} {
		v.Set(name, c.written(n))
	}
	if p.Profile.Split != nil {
		v.Set("coupure", map[bool]string{true: "oui", false: "non"}[*p.Profile.Split])
	}
	return v
}

func (c *call) profileAsForm(f people.Profile, v url.Values) {
	for i, m := range f.Mobility {
		id := "bouger" + strconv.Itoa(i+1)
		v.Set(id, string(m.Mode))
		v.Set(id+"_km", c.written(m.Km))
		v.Set(id+"_min", c.written(float64(m.Minutes)))
		if m.Slots != 0 {
			v.Set(id+"_quand", strconv.FormatUint(uint64(m.Slots), 10))
		}
	}
	for i, w := range f.Wished {
		v.Set("souhait"+strconv.Itoa(i+1), c.wishWords(w))
	}
	for i, h := range f.Held {
		id := "exerce" + strconv.Itoa(i+1)
		v.Set(id, occupationWords(h.ROME, ""))
		v.Set(id+"_mois", c.written(float64(h.Months)))
	}
	for i, l := range f.Languages {
		id := "parle" + strconv.Itoa(i+1)
		v.Set(id, l.Language)
		v.Set(id+"_niveau", l.Level.String())
	}
	holdingsAsForm(f.Aptitudes, v)
}

func holdingsAsForm(all []people.Holding, v url.Values) {
	titles, skills := 0, 0
	for _, h := range all {
		var id string
		if info, _ := nomenclatures.LookupAptitude(h.Code); info.Kind == nomenclatures.Skill {
			skills++
			id = "savoir" + strconv.Itoa(skills)
			v.Set(id+"_source", string(h.Source))
			if h.Level > 0 {
				v.Set(id+"_niveau", strconv.Itoa(int(h.Level)))
			}
		} else {
			titles++
			id = "titre" + strconv.Itoa(titles)
			v.Set(id+"_fin", h.Until)
		}
		v.Set(id, string(h.Code))
		v.Set(id+"_vu", h.On)
	}
}

// written is a number as a form shows it; zero is an empty field.
func (c *call) written(n float64) string {
	if n == 0 {
		return ""
	}
	return c.Decimal(n, 2)
}
