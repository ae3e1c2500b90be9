package mirror

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/internal/fault"
)

// Config is what the service needs. Where Released is nil nothing was ever published.
type Config struct {
	Figures  *figures.Service
	Released Released
}

// Service holds the one use case.
type Service struct {
	figures  *figures.Service
	released Released
}

// NewService makes a service.
func NewService(cfg Config) *Service { return &Service{cfg.Figures, cfg.Released} }

// Wanted is whose mirror, of which enterprise (0: the first one) and year (0: the
// latest whose exits were sent, else the latest).
type Wanted struct {
	Organisation int64
	Enterprise   int64
	Year         int
	Definition   compute.Definition
}

// Look makes the mirror of an enterprise. Where nothing of it was counted it is
// fault.NotFound. Policy: accounts.ObservatoryOwn on its organisation.
func (s *Service) Look(ctx context.Context, w Wanted) (*Mirror, error) {
	years, err := s.figures.Own(ctx, w.Organisation)
	if err != nil {
		return nil, err
	}
	own := figures.Choose(years, w.Enterprise, w.Year)
	if own == nil {
		return nil, fault.NotFound("counted year", fmt.Sprint(w.Year))
	}
	all, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	m := &Mirror{Own: own, Definition: w.Definition, Choices: choices(years)}
	beside, err := s.beside(ctx, years, own)
	if err != nil {
		return nil, err
	}
	m.Released = beside.holds(own.Year)
	m.fill(all, beside)
	m.follow(all, years, beside)
	return m, s.mark(ctx, m)
}

// mark says of each line, and of each year of the chart, why it is not read beside the
// year before: its own figures are counted today, hence by the breaks of today.
func (s *Service) mark(ctx context.Context, m *Mirror) error {
	first := m.Own.Year
	if len(m.History) > 0 {
		first = min(first, m.History[0].Year)
	}
	all, err := s.figures.Breaks(ctx, first-1, max(m.Own.Year, m.lastYear()))
	if err != nil {
		return fmt.Errorf("read the breaks of the series: %w", err)
	}
	for i := range m.Lines {
		l := &m.Lines[i]
		l.Breaks = compute.Between(all, m.Own.Year-1, m.Own.Year, m.Own.Kind, compute.BrokenBy(string(l.Indicator.ID))...)
	}
	for i := 1; i < len(m.History); i++ {
		m.History[i].Line.Breaks = compute.Between(all, m.History[i-1].Year, m.History[i].Year, m.Own.Kind, compute.BrokenBy(followed)...)
	}
	return nil
}

func (m *Mirror) lastYear() int {
	if len(m.History) == 0 {
		return 0
	}
	return m.History[len(m.History)-1].Year
}

func choices(years []*figures.Own) []Choice {
	var out []Choice
	for _, o := range years {
		out = append(out, Choice{o.Enterprise, o.Key, o.Kind, o.Year})
	}
	return out
}

// beside reads what was released of the years of the enterprise that is looked at.
func (s *Service) beside(ctx context.Context, years []*figures.Own, own *figures.Own) (shelf, error) {
	if s.released == nil {
		return shelf{}, nil
	}
	a := Asked{Region: own.Region}
	for _, o := range years {
		if o.Enterprise == own.Enterprise {
			a.Years = append(a.Years, o.Year)
		}
	}
	for _, f := range compute.Formulas() {
		a.Measures = append(a.Measures, f.Measures()...)
	}
	slices.Sort(a.Measures)
	a.Measures = slices.Compact(a.Measures)
	cells, err := s.released.Cells(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("read what was released: %w", err)
	}
	return shelved(cells), nil
}

// fill makes a line of each indicator that concerns the kind and whose figure is
// known, and gathers what the others wait for.
func (m *Mirror) fill(all *catalogue.Catalogue, beside shelf) {
	for _, f := range concerning(m.Own, m.Definition) {
		line, ok := lineOf(all, m.Own, f, beside)
		switch {
		case !ok:
		case line.Mine.Outcome == compute.Missing, line.Mine.Outcome == compute.Awaited:
			m.miss(line.Indicator, f)
		default:
			m.Lines = append(m.Lines, line)
		}
	}
}

// byPublic is the indicator that no one number says: it is read public by public,
// which overlap, on the report to who funds the enterprise.
const byPublic = "C11"

// concerning are the formulas that mean something for the kind of an enterprise,
// one for each indicator, under a definition and the rule of presence of the year.
func concerning(o *figures.Own, d compute.Definition) []compute.Formula {
	var out []compute.Formula
	seen := map[string]bool{}
	for _, known := range compute.Formulas() {
		f, ok := compute.FormulaOf(known.Indicator, d.In(o.Year))
		if !ok || seen[known.Indicator] || known.Indicator == byPublic || slices.ContainsFunc(f.Measures(), func(m compute.Measure) bool { return !m.Applies(o.Kind) }) {
			continue
		}
		seen[known.Indicator] = true
		out = append(out, f)
	}
	return out
}

func lineOf(all *catalogue.Catalogue, o *figures.Own, f compute.Formula, beside shelf) (Line, bool) {
	i, part, ok := partOf(all, f.Indicator)
	if !ok {
		return Line{}, false
	}
	line := Line{Indicator: i, Part: part, Version: versionOf(i, f.Definition), Mine: o.Figure(f, compute.Total), Region: Beside{Status: NotReleased}, Federation: beside.of(f, o, "")}
	line.Awaited = line.Mine.Outcome == compute.Awaited || line.Mine.Outcome == compute.Missing && o.Awaits(f.Measures()...)
	if o.Region != "" {
		line.Region = beside.of(f, o, o.Region)
	}
	return line, true
}

// firsts are the first numbers of the indicators that have several.
var firsts = map[catalogue.ID]string{"C03": "persons", "R3.5": "events", "R1.1": "mean"}

// partOf is the indicator of a formula, and which of its two numbers where it has two.
func partOf(all *catalogue.Catalogue, formula string) (i *catalogue.Indicator, part string, ok bool) {
	if i, ok = all.Get(catalogue.ID(formula)); ok {
		return i, firsts[i.ID], true
	}
	at := strings.LastIndexByte(formula, '.')
	if at < 0 {
		return nil, "", false
	}
	i, ok = all.Get(catalogue.ID(formula[:at]))
	return i, formula[at+1:], ok
}

// versionOf is the number of the definition in the catalogue: the second of the
// durable and transition exits is Dares's, the second of the observed exits the
// present rule of presence.
func versionOf(i *catalogue.Indicator, d compute.Definition) int {
	two := map[catalogue.ID]bool{"C04": d == compute.Dares || d == compute.Dares3, "C05": d == compute.Dares || d == compute.Dares3,
		"C08": d == compute.COORACE || d == compute.Dares}[i.ID]
	if _, there := i.Version(2); two && there {
		return 2
	}
	return 1
}

// miss notes what a figure waits for: the sections, or the questions, of its measures.
func (m *Mirror) miss(i *catalogue.Indicator, f compute.Formula) {
	for _, measure := range f.Measures() {
		measure = measure.Root()
		status := m.Own.Sent(measure)
		if status == compute.Collected {
			continue
		}
		want := Missing{Section: measure.Section(), Asked: status == compute.Waiting}
		at := slices.IndexFunc(m.Missing, func(x Missing) bool { return x.Section == want.Section && x.Asked == want.Asked })
		if at < 0 {
			m.Missing = append(m.Missing, want)
			at = len(m.Missing) - 1
		}
		if !slices.Contains(m.Missing[at].Indicators, i) {
			m.Missing[at].Indicators = append(m.Missing[at].Indicators, i)
		}
	}
}

// follow makes the series of the chart, over the years of the same enterprise.
func (m *Mirror) follow(all *catalogue.Catalogue, years []*figures.Own, beside shelf) {
	for _, o := range slices.Backward(years) {
		f, ok := compute.FormulaOf(followed, m.Definition.In(o.Year))
		if !ok || o.Enterprise != m.Own.Enterprise || !compute.ExitsDynamic.Applies(o.Kind) {
			continue
		}
		if line, ok := lineOf(all, o, f, beside); ok {
			m.History = append(m.History, Point{o.Year, line})
		}
	}
}
