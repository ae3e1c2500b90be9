package web

import (
	"strconv"
	"strings"

	"maillage/indicators/catalogue"
)

const observatoryPath = "/observatoire"

// keyIndicator is the one that the federation's reports follow first.
const keyIndicator catalogue.ID = "C07"

// ObservatoryPage is the entry of public statistics: what is measured, and where to find it.
type ObservatoryPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Asked         bool
	Found, All    string
	Rows          []IndicatorRow
	Empty         Empty
	Key           IndicatorRow
	Series        *SeriesView
	NoSeries      Empty
	Released      *KeyByPlace
	Reference     *ReferenceFigures
	Yearly        *Link // to who prepares the reference
	Registers     []RegisterView
	Rules         []string
}

// IndicatorRow is an indicator in a list.
type IndicatorRow struct {
	ID, Label, Href, Unit, Source, Versions, Definition string
}

// KeyByPlace is the latest release of the first indicator, region by region.
type KeyByPlace struct {
	Heading string
	More    Link
	Sources []SourceLine
	Breaks  []string
	Map     *AreasFigure
	Table   ChartTable
}

// RegisterView is a register and its indicators.
type RegisterView struct {
	Code, Name, About, Count, Href string
	Rows                           []IndicatorRow
}

func (s *Server) observatory(c *call) error {
	all, err := catalogue.Load()
	if err != nil {
		return err
	}
	title := c.T("observatory.title")
	f := catalogue.Filter{Register: catalogue.Register(c.query("registre")), Source: catalogue.SourceKind(c.query("source")), Words: c.query("q")}
	page := &ObservatoryPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("observatory.heading"), Lead: c.T("observatory.lead", "N", c.Num(len(all.All()))),
		Filters: c.observatoryFields(f), All: observatoryPath, Asked: f != catalogue.Filter{}}
	if page.Asked {
		page.results(c, all.Find(f))
		return c.show("observatory", page)
	}
	if err := page.welcome(c, all); err != nil {
		return err
	}
	return c.show("observatory", page)
}

func (p *ObservatoryPage) results(c *call, found []*catalogue.Indicator) {
	p.Found = c.N("observatory.found", len(found))
	for _, i := range found {
		p.Rows = append(p.Rows, c.indicatorRow(i))
	}
	p.Empty = Empty{Title: c.T("observatory.none"), Text: c.T("observatory.none_text"), Actions: []Link{{c.T("observatory.all"), observatoryPath}}}
}

func (p *ObservatoryPage) welcome(c *call, all *catalogue.Catalogue) error {
	if key, ok := all.Get(keyIndicator); ok {
		p.Key = c.indicatorRow(key)
		series, published, err := c.seriesOf(key.ID)
		if err != nil {
			return err
		}
		if published {
			p.Series = &series
		}
		if p.Released, err = c.keyByPlace(key); err != nil {
			return err
		}
	}
	p.Yearly = c.yearlyLink()
	var err error
	if p.Reference, err = c.reference(); err != nil {
		return err
	}
	p.NoSeries = Empty{Title: c.T("observatory.no_values"), Text: c.T("observatory.no_values_text"), Actions: []Link{{c.T("observatory.key_see"), p.Key.Href}}}
	for _, r := range catalogue.Registers() {
		v := RegisterView{Code: string(r), Name: c.words(r.Label()), About: c.words(r.About()), Href: observatoryPath + "?" + query("registre", string(r))}
		for _, i := range all.Of(r) {
			v.Rows = append(v.Rows, c.indicatorRow(i))
		}
		v.Count = c.N("observatory.found", len(v.Rows))
		p.Registers = append(p.Registers, v)
	}
	for _, rule := range []string{"describe", "three", "round", "versions"} {
		p.Rules = append(p.Rules, c.T("observatory.rule_"+rule))
	}
	return nil
}

// keyByPlace reads the ledger: nil where nothing of the indicator is released by region.
func (c *call) keyByPlace(i *catalogue.Indicator) (*KeyByPlace, error) {
	if c.s.cfg.Releases == nil {
		return nil, nil //nolint:nilnil // nothing is released
	}
	t, found, err := c.s.cfg.Releases.Table(c.r.Context(), i.ID, 0)
	if err != nil || !found {
		return nil, err
	}
	shown := c.shownOf(t)
	if len(shown.places) < 2 {
		return nil, nil //nolint:nilnil // France alone
	}
	v := &KeyByPlace{Heading: c.T("releases.key_by_place", "Year", strconv.Itoa(shown.year)), More: Link{c.T("releases.key_more"), indicatorPath(i.ID) + "#regions"},
		Sources: c.placeSources(t, shown), Breaks: c.breaksOfYear(t, shown.year), Table: c.coveredTable(c.releasedTable(i, t, shown, []string{everything}), shown)}
	v.Table.Caption = c.words(i.Label) + ", " + strconv.Itoa(shown.year)
	v.Map, err = c.areasOf(i, t, shown)
	return v, err
}

func (c *call) observatoryFields(f catalogue.Filter) []Field {
	registers := []Option{{Text: c.T("observatory.any_register")}}
	for _, r := range catalogue.Registers() {
		registers = append(registers, Option{Value: string(r), Text: c.words(r.Label()), Selected: r == f.Register})
	}
	sources := []Option{{Text: c.T("observatory.any_source")}}
	for _, k := range []catalogue.SourceKind{catalogue.Event, catalogue.Survey, catalogue.External} {
		sources = append(sources, Option{Value: string(k), Text: c.words(k.Label()), Selected: k == f.Source})
	}
	return []Field{
		{ID: "q", Name: "q", Kind: "search", Bare: true, Label: c.T("observatory.search"), Hint: c.T("observatory.search_hint"), Value: f.Words},
		{ID: "registre", Name: "registre", Kind: "select", Bare: true, Label: c.T("observatory.register"), Options: registers},
		{ID: "source", Name: "source", Kind: "select", Bare: true, Label: c.T("observatory.source"), Options: sources},
	}
}

func (c *call) indicatorRow(i *catalogue.Indicator) IndicatorRow {
	var from []string
	for _, s := range i.Sources {
		from = append(from, c.words(s.From.Label()))
	}
	return IndicatorRow{ID: string(i.ID), Label: c.words(i.Label), Href: indicatorPath(i.ID), Unit: c.words(i.Unit.Label()), Source: strings.Join(from, ", "),
		Versions: c.N("observatory.versions_n", len(i.Versions)), Definition: c.words(i.Default(c.now).Definition)}
}

func indicatorPath(id catalogue.ID) string { return observatoryPath + "/indicateurs/" + string(id) }

// words says a text of the catalogue in the visitor's language, with its typography.
func (c *call) words(t catalogue.Text) string {
	if c.Lang == English {
		return t.EN
	}
	return typo(t.FR)
}
