package web

import (
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/internal/fault"
)

// IndicatorPage is the card of an indicator: its series where there is one, how it is
// counted, its definitions side by side, and when its values are published.
type IndicatorPage struct {
	Page
	Heading, Lead       string
	Series              *SeriesView
	Released            *ReleasedView
	Taken               map[catalogue.ID]int // definitions that the released figures follow
	Choices             []Option             // the figures of each definition; empty where there is one
	Compared            *ChartTable          // the figures of all definitions; nil where there is one
	told                *SeriesView          // what the card says of figures that make no series, or of the year asked for
	dated               bool                 // a year was asked for, of which something is released
	asked               int                  // the definition asked for; 0: the usual one
	NoSeries            Empty
	Card                []CardLine
	Versions            []VersionView
	Publication         []string
	Breakdowns, Publics []string
	About               []Fact
	Links               []LinkView
	Previous, Next      *Link
}

// CardLine is a line of the definition card.
type CardLine struct {
	Name, Text string
	More       *Link
}

// VersionView is a definition, as a column of the comparison.
type VersionView struct {
	Name, Tag, Definition, Numerator, Denominator, From, UsedBy, Changes string
}

// LinkView is a line of the table of links.
type LinkView struct {
	Scheme, Code, Title, Fit, Note, At string
	State                              Tag
}

func (s *Server) indicator(c *call) error {
	all, err := catalogue.Load()
	if err != nil {
		return err
	}
	i, ok := all.Get(catalogue.ID(strings.ToUpper(c.r.PathValue("id"))))
	if !ok {
		return fault.NotFound("indicator", c.r.PathValue("id"))
	}
	label := c.words(i.Label)
	register := Crumb{c.words(i.Register.Label()), observatoryPath + "?" + query("registre", string(i.Register))}
	page := &IndicatorPage{Page: c.page(label, Crumb{c.T("observatory.title"), observatoryPath}, register, Crumb{Text: string(i.ID)}), Heading: label,
		Publication: c.publicationWords(i), About: c.indicatorFacts(i, all), Links: c.indicatorLinks(i)}
	series, published, err := c.seriesOf(i.ID)
	if err != nil {
		return err
	}
	if published && series.follows(i, int(c.number("version"))) {
		page.Series = &series
	}
	if err := page.release(c, i); err != nil {
		return err
	}
	page.tell(c, all, i)
	return c.show("indicator", page)
}

// tell fills what the catalogue says, in the version that the figures shown follow.
func (p *IndicatorPage) tell(c *call, all *catalogue.Catalogue, i *catalogue.Indicator) {
	follow := p.Series
	if follow == nil && p.Taken != nil { // figures without a series follow definitions too
		if follow = p.told; follow == nil {
			follow = &SeriesView{chosen: p.Taken}
		}
	}
	if p.dated {
		follow = p.told
	}
	p.Lead = c.words(follow.version(c, i).Definition)
	p.NoSeries = p.nothing(c)
	if i.Pending != nil {
		p.NoSeries.Title, p.NoSeries.Text = c.T("indicator.lacking"), c.words(*i.Pending)
	}
	if p.Released != nil {
		p.NoSeries = Empty{Title: c.T("releases.no_series"), Text: c.T("releases.no_series_text"), Actions: []Link{{p.Released.Heading, "#regions"}}}
	}
	p.Card = c.card(i, all, follow)
	p.compare(c, i)
	p.cuts(c, i)
	p.around(c, all, i)
}

// nothing says that no figure is published, or none under the version asked: the others
// that are published are a link away.
func (p *IndicatorPage) nothing(c *call) Empty {
	e := Empty{Title: c.T("observatory.no_values"), Text: c.T("observatory.no_values_text")}
	if p.Compared == nil {
		return e
	}
	e.Title, e.Text = c.T("indicator.none_so"), c.T("indicator.none_so_text")
	for _, o := range p.Choices {
		if !o.Selected {
			e.Actions = append(e.Actions, Link{o.Text, o.Value})
		}
	}
	return e
}

// card is the panel of the drawn page: what is over what, which version, what it covers, what for.
func (c *call) card(i *catalogue.Indicator, all *catalogue.Catalogue, series *SeriesView) []CardLine {
	v := series.version(c, i)
	lines := []CardLine{{Name: c.T("indicator.counted"), Text: c.words(v.Numerator)}}
	if v.Denominator != nil {
		lines[0].Name = c.T("indicator.numerator")
		lines = append(lines, CardLine{Name: c.T("indicator.denominator"), Text: c.words(*v.Denominator)})
	}
	own := CardLine{Name: c.T("indicator.version")}
	if len(i.Versions) > 1 {
		own.More = c.versionLine(i, v, "#versions").More
	}
	own.Text = c.T("indicator.cited", "Name", upperFirst(c.words(v.Name)), "Id", i.ID, "N", v.Number)
	lines = append(lines, own)
	for _, id := range i.Depends {
		if dep, ok := all.Get(id); ok && len(dep.Versions) > 1 {
			lines = append(lines, c.versionLine(dep, series.version(c, dep), indicatorPath(id)+"#versions"))
		}
	}
	coverage := c.words(i.Population.Label())
	if series != nil && series.Coverage != "" {
		coverage = series.Coverage
	}
	lines = append(lines, CardLine{Name: c.T("indicator.coverage"), Text: coverage})
	if series != nil && series.Cited.Href != "" {
		lines = append(lines, CardLine{Name: c.T("releases.what"), More: &series.Cited})
	}
	lines = append(lines, CardLine{Name: c.T("indicator.use"), Text: c.T("indicator.use_said")})
	if i.Caution != nil {
		lines[len(lines)-1].Text += ". " + c.words(*i.Caution)
	}
	return lines
}

// versionLine says which version is taken, and leads to the others.
func (c *call) versionLine(i *catalogue.Indicator, v catalogue.Version, href string) CardLine {
	var others []string
	for _, o := range i.Versions {
		if o.Number != v.Number {
			others = append(others, c.words(o.Name))
		}
	}
	return CardLine{Name: c.T("indicator.version_of", "Name", c.words(i.Label), "Version", c.words(v.Name)), Text: c.words(v.Numerator),
		More: &Link{c.T("indicator.other_version", "Version", strings.Join(others, ", ")), href}}
}

// compare lays the definitions side by side, where there are several.
func (p *IndicatorPage) compare(c *call, i *catalogue.Indicator) {
	if len(i.Versions) < 2 {
		return
	}
	usual := i.Default(c.now).Number
	for _, v := range i.Versions {
		view := VersionView{Name: upperFirst(c.words(v.Name)), Definition: c.words(v.Definition), Numerator: c.words(v.Numerator), From: c.ShortDate(v.From.Time()), UsedBy: c.bodies(v.UsedBy), Changes: c.T("indicator.v_first")}
		if v.Denominator != nil {
			view.Denominator = c.words(*v.Denominator)
		}
		if v.Changes != nil {
			view.Changes = c.words(*v.Changes)
		}
		if v.Number == usual {
			view.Tag = c.T("indicator.v_default")
		}
		p.Versions = append(p.Versions, view)
	}
}

func (c *call) bodies(list []catalogue.Body) string {
	names := make([]string, 0, len(list))
	for _, b := range list {
		names = append(names, c.words(b.Label()))
	}
	return strings.Join(names, ", ")
}

// publicationWords says the rule of publication, bound by bound.
func (c *call) publicationWords(i *catalogue.Indicator) (list []string) {
	p := i.Publication
	if p.Free {
		return []string{c.T("indicator.p_free")}
	}
	say := func(is bool, text string) {
		if is {
			list = append(list, text)
		}
	}
	say(p.Persons > 0, c.N("indicator.p_persons", p.Persons))
	say(p.Sensitive > p.Persons, c.T("indicator.p_sensitive", "N", p.Sensitive))
	say(p.Contributors > 0, c.T("indicator.p_contributors", "N", p.Contributors))
	say(p.Dominance > 0, c.T("indicator.p_dominance", "N", p.Dominance))
	say(p.Respondents > 0, c.T("indicator.p_respondents", "N", p.Respondents))
	say(p.Register, c.T("indicator.p_register"))
	say(rated(i), c.T("indicator.p_rate"))
	say(computed(i), c.T("indicator.p_decimals"))
	say(true, c.T("indicator.p_secondary"))
	return list
}

// computed tells an indicator that has a formula.
func computed(i *catalogue.Indicator) bool {
	_, ok := compute.FormulaOf(string(i.ID), compute.COORACE)
	return ok
}

// rated tells an indicator that divides a count by a count. FTE are hours over reference
// hours, which are a table: they are a total.
func rated(i *catalogue.Indicator) bool {
	if f, computed := compute.FormulaOf(string(i.ID), compute.COORACE); computed {
		return len(f.Base) > 0
	}
	return i.Rate()
}

func (p *IndicatorPage) cuts(c *call, i *catalogue.Indicator) {
	for _, b := range i.Breakdowns {
		p.Breakdowns = append(p.Breakdowns, c.words(b.Label()))
		if b != catalogue.ByPublic {
			continue
		}
		for _, one := range catalogue.Publics() {
			p.Publics = append(p.Publics, c.words(one.Label()))
		}
	}
}

func (c *call) indicatorFacts(i *catalogue.Indicator, all *catalogue.Catalogue) []Fact {
	from := Fact{Label: c.T("indicator.sources")}
	for _, s := range i.Sources {
		from.Lines = append(from.Lines, c.words(s.Kind.Label())+c.T("chart.colon")+" "+c.words(s.From.Label()))
	}
	facts := []Fact{from, {Label: c.T("indicator.unit"), Lines: []string{c.words(i.Unit.Label())}}, {Label: c.T("indicator.level"), Lines: []string{c.words(i.Level.Label())}},
		{Label: c.T("indicator.direction"), Lines: []string{c.words(i.Direction.Label())}}}
	if v := i.Versions[0]; len(i.Versions) == 1 {
		facts = append(facts, Fact{Label: c.T("indicator.v_used"), Lines: []string{c.bodies(v.UsedBy)}}, Fact{Label: c.T("indicator.v_from"), Lines: []string{c.ShortDate(v.From.Time())}})
	}
	if len(i.Depends) == 0 {
		return facts
	}
	on := Fact{Label: c.T("indicator.depends")}
	for _, id := range i.Depends {
		if dep, ok := all.Get(id); ok {
			on.Links = append(on.Links, Link{string(id) + ", " + c.words(dep.Label), indicatorPath(id)})
		}
	}
	return append(facts, on)
}

func (c *call) indicatorLinks(i *catalogue.Indicator) (list []LinkView) {
	for _, l := range i.Links {
		v := LinkView{Scheme: c.words(l.Scheme.Label()), Code: l.Code, Title: l.Title, Fit: c.words(l.Fit.Label()), At: l.At, State: Tag{Text: c.T("indicator.to_verify"), State: Assumed}}
		if l.Verified {
			v.State = Tag{Text: c.T("indicator.verified"), State: Met}
		}
		if l.Note != nil {
			v.Note = c.words(*l.Note)
		}
		list = append(list, v)
	}
	return list
}

// around leads to the neighbours in the register.
func (p *IndicatorPage) around(c *call, all *catalogue.Catalogue, i *catalogue.Indicator) {
	list := all.Of(i.Register)
	for n, o := range list {
		if o.ID != i.ID {
			continue
		}
		if n > 0 {
			p.Previous = &Link{c.words(list[n-1].Label), indicatorPath(list[n-1].ID)}
		}
		if n+1 < len(list) {
			p.Next = &Link{c.words(list[n+1].Label), indicatorPath(list[n+1].ID)}
		}
	}
}
