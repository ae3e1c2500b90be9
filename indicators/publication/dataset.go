package publication

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/release"
	"maillage/internal/fault"
	"maillage/territories"
)

func say(fr, en string) fault.Text { return fault.Text{FR: fr, EN: en} }

// dataset lays out what may be published as one release, of version 1.0.0 until
// release.Next numbers it. On is its date of issue.
func (s *Service) dataset(p Plan, v *verdict, on time.Time) (release.Dataset, error) {
	all, err := catalogue.Load()
	if err != nil {
		return release.Dataset{}, err
	}
	d := release.Dataset{ID: p.Dataset(), Version: "1.0.0", Title: s.title(p, all), IssuedOn: on, Publisher: s.publisher, Creators: []string{s.publisher},
		Licence:   release.Licence{Name: "etalab-2.0", Title: "Licence Ouverte 2.0", URL: "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
		Abstract:  say("Chiffres de l’observatoire, protégés : ce qui pourrait désigner une personne ou une entreprise est masqué, et une attaque l’a vérifié avant publication.", "Figures of the observatory, protected: what could point at a person or an enterprise is suppressed, and an attack checked it before release."),
		Reproduce: say("Plan publié : "+p.text(), "Released plan: "+p.text()),
		Sources:   []release.Source{{Title: say("Événements de la plateforme, imports et enquêtes des entreprises", "Events of the platform, imports and surveys of the enterprises")}},
		Changelog: []release.Entry{{Version: "1.0.0", On: on.UTC().Format(time.DateOnly), Changes: []fault.Text{say("Première version.", "First version.")}}}}
	if s.site != "" {
		d.URL = s.site + "/observatoire/donnees/" + d.ID
	}
	fr, en := s.chosenWords(p)
	d.Abstract = say(d.Abstract.FR+fr, d.Abstract.EN+en)
	d.Coverage = s.coverage(v, p)
	if d.Certificate, err = v.certificate(); err != nil {
		return d, fmt.Errorf("write the certificate: %w", err)
	}
	d.Tables = append(s.reportTables(p, v), breakTable(p.broken(v.breaks))...)
	if v.own != nil {
		d.Tables = append(d.Tables, zoneTable(v.own.zones, s))
	}
	for _, c := range p.canonical().Indicators {
		i, _ := all.Get(c.ID)
		d.Tables = append(d.Tables, s.tables(p, v, c, i)...)
	}
	return d, nil
}

// title tells a dataset from every other: two plans that differ have two titles.
func (s *Service) title(p Plan, all *catalogue.Catalogue) fault.Text {
	var fr, en []string
	if p.Reference > 0 {
		fr, en = []string{fmt.Sprintf("Chiffres de référence de la fédération, liste %d", p.Reference)}, []string{fmt.Sprintf("Reference figures of the federation, list %d", p.Reference)}
	}
	if p.Report {
		fr, en = []string{"Rapport d’activité"}, []string{"Activity report"}
	}
	for _, c := range p.canonical().Indicators {
		if i, ok := all.Get(c.ID); ok && p.Reference == 0 {
			fr, en = append(fr, fmt.Sprintf("%s (définition %d)", i.Label.FR, c.Version)), append(en, fmt.Sprintf("%s (definition %d)", i.Label.EN, c.Version))
		}
	}
	years := fmt.Sprint(slices.Min(p.Years))
	if last := slices.Max(p.Years); fmt.Sprint(last) != years {
		years += "-" + fmt.Sprint(last)
	}
	of := levelWords[p.Level]
	cut := p.cutWords()
	if names := strings.Join(s.ChosenNames(p), ", "); names != "" {
		of = say(of.FR+" ("+names+")", of.EN+" ("+names+")")
	}
	return say(strings.Join(fr, " ; ")+", "+of.FR+cut.FR+", "+years, strings.Join(en, "; ")+", "+of.EN+cut.EN+", "+years)
}

var levelWords = map[Level]fault.Text{Federation: say("France entière", "all of France"), Region: say("par région", "by region"), Departement: say("par département", "by department"), Zones: say("par zone", "by zone")}

// cutWords are the breakdowns of a plan as its title says them, each after a comma.
func (p Plan) cutWords() (t fault.Text) {
	for _, b := range []struct {
		is     bool
		fr, en string
	}{{p.Kinds, ", par type", ", by kind"}, {p.Sex, ", par sexe", ", by sex"}, {p.Age, ", par âge", ", by age"}, {p.Public, ", par public", ", by public"}} {
		if b.is {
			t.FR, t.EN = t.FR+b.fr, t.EN+b.en
		}
	}
	return t
}

// coverage is of the whole, or of the chosen territories: the enterprises of the latest
// year, and those that replied.
func (s *Service) coverage(v *verdict, p Plan) release.Coverage {
	c := release.Coverage{Frame: say("Entreprises de la fédération déclarées dans l’année", "Enterprises of the federation declared in the year"), Territory: s.extent(p),
		From: slices.Min(p.Years), To: slices.Max(p.Years), Vintage: say("liste des communes "+v.vintages[slices.Max(p.Years)], "list of communes "+v.vintages[slices.Max(p.Years)])}
	for _, l := range v.systems {
		asked, answered := 0, 0
		for _, place := range s.heads(p) {
			n := l.frame[scope{place, total}]
			asked, answered = asked+n[0], answered+n[1]
		}
		if l.year == c.To && asked > c.Asked {
			c.Asked, c.Answered = asked, answered
		}
	}
	return c
}

// tables are those of one indicator: one for all the years of a definition.
func (s *Service) tables(p Plan, v *verdict, c Chosen, i *catalogue.Indicator) (list []release.Table) {
	by := map[string][]int{}
	formulas := map[string]compute.Formula{}
	for _, year := range p.canonical().Years {
		f, _ := formula(c, []int{year}, p.Indicators)
		name := fmt.Sprint(f.Measures())
		by[name], formulas[name] = append(by[name], year), f
	}
	var names []string
	for name := range by {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(by[a][0], by[b][0]) })
	for n, name := range names {
		t := release.Table{Name: strings.ToLower(strings.ReplaceAll(fmt.Sprintf("%s-v%d", c.ID, c.Version), ".", "-")), Title: i.Label}
		if n > 0 {
			t.Name += "-" + fmt.Sprint(by[name][0])
		}
		list = append(list, s.lay(t, p, v, c, i, formulas[name], by[name]))
		list = append(list, s.bandTable(t, p, v, c, i, by[name])...)
	}
	return list
}

// sheet is one table being laid out.
type sheet struct {
	release.Table
	plan    Plan
	verdict *verdict
	formula compute.Formula
	years   []int
	basis   Basis
	parts   []compute.Measure // the other numbers of an indicator that is told in several

	criterion bool     // it is a share of everybody, criterion by criterion
	of        []string // indicators whose breaks are those of the table

	coverage release.Coverage
}

// broken are the breaks of the years of the table.
func (sh *sheet) broken() []compute.Break {
	p := sh.plan
	p.Years = sh.years
	return p.broken(sh.verdict.breaks)
}

func (s *Service) lay(t release.Table, p Plan, v *verdict, c Chosen, i *catalogue.Indicator, f compute.Formula, years []int) release.Table {
	sh := &sheet{Table: t, plan: p, verdict: v, formula: f, years: years, basis: BasisOf(i), parts: v.partsOf(c.ID), criterion: c.ID == ByCriterion, of: compute.BrokenBy(string(c.ID))}
	keys := sh.keys()
	sh.coverage = s.coverage(v, Plan{Years: years, Territories: p.Territories})
	sh.Fields = append(s.dimensions(sh, keys), sh.measures(c, i)...)
	for _, k := range keys {
		sh.Rows = append(sh.Rows, sh.row(k))
	}
	return sh.Table
}

// keys are those of the last measure of the formula, which is the base of a rate.
func (sh *sheet) keys() (list []key) {
	m := sh.formula.Measures()
	for _, l := range sh.verdict.systems {
		for k := range l.at {
			if k.Measure == m[len(m)-1] && sh.verdict.asked[k] && sh.verdict.chooses(k.Territory) && slices.Contains(sh.years, k.Year) {
				list = append(list, k)
			}
		}
	}
	slices.SortFunc(list, compareKeys)
	return slices.Compact(list) // the workers are the total of several families
}

func (sh *sheet) row(k key) []release.Cell {
	row := []release.Cell{release.Word(k.Territory), release.Number(int64(k.Year))}
	for _, d := range []struct {
		is   bool
		code string
	}{{sh.plan.Kinds, k.Kind}, {sh.plan.Sex, k.Sex}, {sh.plan.Age, k.Age}, {sh.plan.Public, publicCode(k.Public)}} {
		if d.is {
			row = append(row, release.Word(d.code))
		}
	}
	var cells []release.Cell
	for _, m := range sh.formula.Measures() {
		k.Measure = m
		cells = append(cells, sh.verdict.cell(k))
	}
	row = append(row, cells...)
	if sh.criterion {
		return append(row, sh.criterionCells(k, cells[0])...)
	}
	if len(cells) == 2 {
		rate := sh.rate(cells[0], cells[1])
		row = append(row, rate)
		if sh.basis.estimated() {
			k.Measure = sh.formula.Numerator[0].Measure
			row = append(row, sh.ends(k, cells, rate)...)
		}
	}
	for _, k.Measure = range sh.parts {
		row = append(row, sh.verdict.cell(k))
	}
	return row
}

// cell is a figure as it is published.
func (v *verdict) cell(k key) release.Cell {
	for _, l := range v.systems {
		if _, here := l.at[k]; !here {
			continue
		}
		switch v.status(l, k) {
		case shownFigure:
			return release.Number(rounded(k.Measure, l.exact[k]))
		case hiddenFigure:
			return release.Cell{Status: release.Suppressed}
		}
	}
	return release.Cell{Status: v.absence(k)}
}

// absence is why a figure has no value: nobody asked, or nobody has answered yet.
func (v *verdict) absence(k key) release.Status {
	k = k.ofEverybody()
	for _, l := range v.systems {
		if n, there := l.covered[k]; there && l.exact[k] == nil && n[1] == 0 && n[2] > 0 {
			return release.Awaited
		}
	}
	return release.NotCollected
}

// ofEverybody is the same figure, of every sex, age and public.
func (k key) ofEverybody() key {
	k.Sex, k.Age, k.Public = total, total, total
	return k
}

// lacking is the status of what is made of several figures of which some have no value.
func lacking(cells ...release.Cell) (release.Status, bool) {
	for _, s := range []release.Status{release.NotCollected, release.Awaited, release.Suppressed} {
		if slices.ContainsFunc(cells, func(c release.Cell) bool { return c.Status == s }) {
			return s, true
		}
	}
	return release.Value, false
}

// rate is published with both its counts, and not otherwise. It is of the counts as
// they are published, so that a reader finds it again.
func (sh *sheet) rate(n, base release.Cell) release.Cell {
	if s, lacks := lacking(n, base); lacks {
		return release.Cell{Status: s}
	}
	if base.Number == 0 {
		return release.Cell{Status: release.NoBase}
	}
	m := sh.formula.Measures()
	exact := new(big.Rat).Quo(inUnits(n.Number, m[0]), inUnits(base.Number, m[1]))
	return release.Number(compute.Rounded(exact.Mul(exact, big.NewRat(sh.formula.Times, 1)), rateDecimals))
}

func inUnits(n int64, m compute.Measure) *big.Rat {
	power := int64(1)
	for range decimals(m) {
		power *= 10
	}
	return big.NewRat(n, power)
}

// rateDecimals is one: a rate of a few hundred persons tells no more.
const rateDecimals = 1

// Decimals is how many decimals a figure is published with: what is read beside a release
// is rounded as it is.
func Decimals(f compute.Formula) int {
	if len(f.Base) > 0 {
		return rateDecimals
	}
	return decimals(f.Numerator[0].Measure)
}

func (sh *sheet) measures(c Chosen, i *catalogue.Indicator) (list []release.Field) {
	version, _ := i.Version(c.Version)
	base := release.Field{Indicator: string(c.ID), Edition: fmt.Sprintf("v%d", c.Version), Coverage: sh.coverage, Rule: ruleWords(i.Publication)}
	for n, m := range sh.formula.Measures() {
		f := base
		f.Name, f.Label, f.Definition, f.Unit, f.Adds = columnOf(m), i.Label, version.Numerator, unitOf(m), release.Exact
		if !m.Whole() {
			f.Adds = release.Rounded
		}
		if n == 1 && version.Denominator != nil {
			f.Label, f.Definition = say(i.Label.FR+" : base", i.Label.EN+": base"), *version.Denominator
		}
		if decimals(m) > 0 {
			f.Kind, f.Decimals = release.Decimal, decimals(m)
		} else {
			f.Kind = release.Integer
		}
		list = append(list, f)
	}
	if len(list) == 2 {
		f := base
		f.Name, f.Kind, f.Decimals, f.Label, f.Definition, f.Unit = "rate", release.Decimal, rateDecimals, i.Label, version.Definition, i.Unit.Label()
		f.Ratio = &release.Ratio{Numerator: list[0].Name, Denominator: list[1].Name, Per: sh.formula.Times}
		fr, en := sh.basis.words()
		f.Definition = say(sentence(f.Definition.FR)+fr, sentence(f.Definition.EN)+en)
		list = append(list, f)
		if sh.basis.estimated() {
			list = append(list, sh.endFields(f)...)
		}
	} else {
		fr, en := sh.basis.words()
		list[0].Definition = say(sentence(list[0].Definition.FR)+fr, sentence(list[0].Definition.EN)+en)
	}
	if sh.criterion {
		list = append(list, sh.criterionFields(list[0], i, version)...)
	}
	like := list[0]
	for _, m := range sh.parts {
		list = append(list, partField(m, like))
	}
	return list
}

// sentence ends a text, so that another may follow it.
func sentence(text string) string { return strings.TrimSuffix(text, ".") + "." }

func columnOf(m compute.Measure) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, string(m)), "_")
}

func unitOf(m compute.Measure) fault.Text {
	switch {
	case m.Whole():
		return say("nombre", "number")
	case strings.Contains(string(m), "fte"):
		return say("ETP", "FTE")
	case strings.Contains(string(m), "hours"):
		return say("heures", "hours")
	}
	return say("unité de la mesure", "unit of the measure")
}

func ruleWords(p catalogue.Publication) fault.Text {
	return say(fmt.Sprintf("au moins %d personnes (%d pour la santé), %d groupes économiques, aucun au-dessus de %d %% ; 0 : non demandé", p.Persons, p.Sensitive, p.Contributors, p.Dominance),
		fmt.Sprintf("at least %d persons (%d for health), %d economic groups, none above %d %%; 0: not asked", p.Persons, p.Sensitive, p.Contributors, p.Dominance))
}

// text is the plan in one line, as the release tells how to ask for it again.
func (p Plan) text() string {
	var ids, years []string
	for _, c := range p.canonical().Indicators {
		ids = append(ids, fmt.Sprintf("%s v%d", c.ID, c.Version))
	}
	for _, y := range p.canonical().Years {
		years = append(years, fmt.Sprint(y))
	}
	if p.Report {
		ids = []string{"report"}
	}
	parts := []string{strings.Join(ids, ", "), string(p.Level)}
	if len(p.Territories) > 0 {
		parts = append(parts, strings.Join(p.canonical().Territories, ", "))
	}
	for _, b := range []struct {
		is   bool
		name string
	}{{p.Kinds, "kind"}, {p.Sex, "sex"}, {p.Age, "age"}, {p.Public, "public"}} {
		if b.is {
			parts = append(parts, b.name)
		}
	}
	return strings.Join(append(parts, strings.Join(years, ", ")), " × ") + "."
}

// PlaceName is the name of a territory of the ledger.
func (s *Service) PlaceName(code string) fault.Text {
	if code == whole {
		return say("France", "France")
	}
	ref := territories.Ref{Kind: territories.KindDepartement, Code: code}
	if rest, is := strings.CutPrefix(code, "R"); is {
		ref = territories.Ref{Kind: territories.KindRegion, Code: rest}
	}
	if name, ok := s.atlas.Name(ref); ok {
		return say(name, name)
	}
	return say(code, code)
}
