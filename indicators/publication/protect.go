package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
	"maillage/internal/fault"
)

// verdict is what becomes of the figures of a plan.
type verdict struct {
	shield   Protect
	systems  []*linked
	shown    map[key]bool // of the plan wherever it is, and safe to publish
	told     map[key]bool // of shown, those of the chosen territories
	asked    map[key]bool
	chooses  func(territory string) bool
	sheets   []certifiedSystem
	vintages map[int]string
	shots    []snapshot      // the counts that it was made from
	own      *zoning         // of a plan by zone
	bands    *Plan           // what the bands of hours are told of; nil: everything that is asked
	spans    map[key]span    // intervals over enterprises, by the key of the numerator
	breaks   []compute.Break // of every indicator, as they stand
}

// certifiedSystem is one certificate, and how the tables that it is about hold together.
type certifiedSystem struct {
	Certificate disclosure.Certificate `json:"certificate"`
	Structure   []structure            `json:"structure"`
	Everywhere  *everywhere            `json:"everywhere,omitempty"` // of a release of chosen territories
}

// protect decides what of a plan may be published, beside everything of the ledger.
// Frozen, it takes the counts that the latest release of each year was made from. Zones
// whose number stays hidden are gathered with their neighbours, and everything is
// protected again. Bands of hours are told where that hides nothing else: everywhere, else
// of France alone, else nowhere.
func (s *Service) protect(ctx context.Context, p Plan, before ledger, frozen bool) (*verdict, error) {
	v, err := s.protectWhole(ctx, p, before, frozen)
	if !slices.ContainsFunc(p.Indicators, func(c Chosen) bool { return c.ID == byBand }) || err != nil && !fault.Is(err, fault.KindConflict) {
		return v, err
	}
	wider := p.widerBands()
	nowhere := wider[len(wider)-1]
	without, otherwise := s.protectWhole(ctx, nowhere, before, frozen)
	for _, p := range wider[:len(wider)-1] {
		if otherwise != nil || err == nil && v.tellsAll(without) && v.tellsBands() {
			break
		}
		if v, err = s.protectWhole(ctx, p, before, frozen); err != nil && !fault.Is(err, fault.KindConflict) {
			return nil, err
		}
	}
	if otherwise == nil && err == nil && v.tellsAll(without) {
		return v, nil
	}
	return without, otherwise
}

// protectWhole is protect, with everything that the plan tells of its indicators.
func (s *Service) protectWhole(ctx context.Context, p Plan, before ledger, frozen bool) (*verdict, error) {
	own, err := s.cutOut(ctx, p, before, frozen)
	if err != nil {
		return nil, err
	}
	for turn := 0; ; turn++ {
		v, err := s.protectOver(ctx, p, before, own, frozen)
		if err != nil || own == nil || turn == mostGatherings {
			return v, err
		}
		wider, err := s.widen(own, v.untold())
		if err != nil || wider == nil {
			return v, err
		}
		own = wider
	}
}

// protectOver protects a plan over one way of cutting the country, nil of most plans.
func (s *Service) protectOver(ctx context.Context, p Plan, before ledger, own *zoning, frozen bool) (*verdict, error) {
	v := &verdict{shield: s.shield, own: own, bands: p.bands, shown: map[key]bool{}, told: map[key]bool{}, asked: map[key]bool{}, vintages: map[int]string{}, spans: map[key]span{}}
	v.chooses = func(territory string) bool { return s.chooses(p, territory) }
	for _, year := range p.Years {
		systems, err := s.systems(ctx, p, year, before, v, frozen)
		if err != nil {
			return nil, err
		}
		v.systems = append(v.systems, systems...)
	}
	slices.SortFunc(v.systems, func(a, b *linked) int { return strings.Compare(a.measureName(), b.measureName()) })
	for _, l := range v.systems {
		if err := l.revise(p.everywhere()); err != nil {
			return nil, err
		}
	}
	known := func(l *linked, k key) bool { return same(before.figures, l, k) && !l.keptApart(k) }
	for _, group := range grouped(v.systems) {
		if err := v.settle(ctx, p, group, known); err != nil {
			return nil, err
		}
	}
	if err := v.lessThanBefore(p.everywhere()); err != nil {
		return nil, err
	}
	return v, v.nothing(p)
}

// cutOut grows the zones of a plan by zone.
func (s *Service) cutOut(ctx context.Context, p Plan, before ledger, frozen bool) (*zoning, error) {
	if p.Level != Zones {
		return nil, nil //nolint:nilnil // the country is not cut
	}
	all, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	parts, vintage := map[int][]figures.Contribution{}, ""
	for _, year := range p.canonical().Years {
		if parts[year], err = s.contributions(ctx, before, year, frozen); err != nil {
			return nil, err
		}
		if vintage, err = s.counts.Vintage(ctx, year); err != nil {
			return nil, err
		}
	}
	zones, err := s.grow(p, parts, all, vintage)
	if err != nil {
		return nil, err
	}
	return zoningOf(zones), nil
}

// systems links the families that the plan reads of a year, with what the ledger has of them.
func (s *Service) systems(ctx context.Context, p Plan, year int, before ledger, v *verdict, frozen bool) ([]*linked, error) {
	all, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	parts, err := s.contributions(ctx, before, year, frozen)
	if err != nil {
		return nil, err
	}
	if v.vintages[year], err = s.counts.Vintage(ctx, year); err != nil {
		return nil, err
	}
	unit, err := s.counts.Unit(ctx, year)
	if err != nil {
		return nil, err
	}
	v.spread(year, p, all, parts, unit)
	shot, err := photograph(year, parts)
	if err != nil {
		return nil, err
	}
	v.shots = append(v.shots, shot)
	editions, told, err := s.editions(ctx, before, year, shot.Hash)
	if err != nil {
		return nil, err
	}
	var list []*linked
	for name, w := range p.wantsBeside(before, year, all) {
		zonings := v.cuts(before, w.zonings)
		l := link(newBook(year, w.level, parts, zonings...), familyOf(name), w, unit)
		l.told = told
		for _, e := range editions {
			if was := (earlier{link(newBook(year, w.level, e.parts, zonings...), familyOf(name), w, unit), e}); was.reads() {
				l.before = append(l.before, was)
			}
		}
		list = append(list, l)
	}
	return list, nil
}

// wantsBeside is what the plan asks of a year with what was released of the same
// families, and of those that tell of them.
func (p Plan) wantsBeside(before ledger, year int, all *catalogue.Catalogue) map[compute.Measure]want {
	asked := p.wants(year, all)
	out := map[compute.Measure]want{}
	for name, w := range asked {
		out[name] = w.and(before.wants(name, year))
	}
	for _, circle := range circles() {
		for _, name := range circle {
			if _, there := out[name]; there || !slices.ContainsFunc(circle, func(o compute.Measure) bool { _, is := asked[o]; return is }) {
				continue
			}
			if w := before.wants(name, year); len(w.measures) > 0 {
				out[name] = w
			}
		}
	}
	return out
}

// settle protects some systems, then attacks what is really to be published: what no
// reader gets is hidden there, whatever the rules would have let out.
func (v *verdict) settle(ctx context.Context, p Plan, systems []*linked, known func(*linked, key) bool) error {
	if len(systems) == 0 {
		return nil
	}
	integer := !slices.ContainsFunc(systems, func(l *linked) bool { return !l.whole.Whole() })
	task := disclosure.Task{Integer: integer, Limits: limits(systems)}
	for _, l := range systems {
		if integer {
			task.Tables = append(task.Tables, l.tables...)
		} else {
			task.Tables = append(task.Tables, l.weighed()...)
		}
		task.Released = append(task.Released, l.released(func(k key) bool { return known(l, k) })...)
		for _, e := range l.before {
			then, err := l.earlierTables(e)
			if err != nil {
				return err
			}
			task.Released = append(task.Released, then...)
		}
		if l.revised != nil {
			task.Differences = append(task.Differences, l.revised.differences...)
		}
	}
	first, err := v.shield(ctx, task)
	if err != nil {
		return fmt.Errorf("protect: %w", err)
	}
	if first.System.Model == disclosure.ImpliedTotals {
		return unsafe(first)
	}
	v.choose(p, systems, first)
	for _, l := range systems {
		l.publish(v.shown)
	}
	task.Tables = nil
	for _, l := range systems {
		task.Tables = append(task.Tables, l.tables...)
	}
	final, err := disclosure.Check(ctx, task)
	if err != nil {
		return fmt.Errorf("attack: %w", err)
	}
	if !final.Safe() {
		return unsafe(final)
	}
	if len(p.Territories) > 0 {
		return v.chosen(ctx, systems, task, final)
	}
	return v.certify(systems, final, nil)
}

// choose keeps what the plan asks for and protection lets out, wherever it appears.
func (v *verdict) choose(p Plan, systems []*linked, o *disclosure.Outcome) {
	status := map[place]disclosure.Status{}
	t, name, n := -1, "", 0
	for _, r := range o.Results() {
		if r.Table != name {
			t, name, n = t+1, r.Table, 0
		}
		status[place{t, n}] = r.Status
		n++
	}
	first := 0
	for _, l := range systems {
		for k, at := range l.at {
			if p.covers(k) && v.mine(k.Territory) {
				v.asked[k] = true
				if st := status[place{first + at.table, at.cell}]; st == disclosure.Published && l.exact[k] != nil {
					v.shown[k], v.told[k] = true, v.chooses(k.Territory)
				}
			}
		}
		first += len(l.tables)
	}
}

// publish gives each cell the status that its readers will have.
func (l *linked) publish(shown map[key]bool) {
	for t := range l.tables {
		l.tables[t].Cells = slices.Clone(l.tables[t].Cells)
		for i := range l.tables[t].Cells {
			if c := &l.tables[t].Cells[i]; c.Given == disclosure.Published {
				c.Given = disclosure.Secondary
			}
		}
	}
	for k, at := range l.at {
		if !shown[k] {
			continue
		}
		for _, same := range l.places(k, at) {
			l.tables[same.table].Cells[same.cell].Given = disclosure.Published
		}
	}
}

// released is the tables as their readers have them: what is not known of them is hidden.
func (l *linked) released(known func(key) bool) []disclosure.Table {
	list := make([]disclosure.Table, len(l.tables))
	some := false
	for i, t := range l.tables {
		list[i] = t
		list[i].Name = "before:" + t.Name
		list[i].Cells = make([]disclosure.Cell, len(t.Cells))
		for j, c := range t.Cells {
			list[i].Cells[j] = disclosure.Cell{Codes: c.Codes, Measure: c.Measure, Value: disclosure.Unknown(), Count: disclosure.Unknown(), Contributors: disclosure.Unknown(), Given: disclosure.Secondary}
			if c.Given == disclosure.NotCollected {
				list[i].Cells[j].Given = disclosure.NotCollected
			}
		}
	}
	for k, at := range l.at {
		if l.exact[k] == nil || !known(k) {
			continue
		}
		some = true
		cell := &list[at.table].Cells[at.cell]
		cell.Value, _ = l.exact[k].Float64()
		cell.Given = disclosure.Published
	}
	if !some {
		return nil
	}
	return list
}

// places are every cell where a key is: tables of one family share their margins.
func (l *linked) places(k key, first place) []place {
	list := []place{first}
	for t := first.table + 1; t < len(l.tables); t++ {
		if at, there := l.also[k][t]; there {
			list = append(list, place{t, at})
		}
	}
	return list
}

// same tells a figure that was published before and is still what it was.
func same(known map[key]figure, l *linked, k key) bool {
	f, there := known[k]
	if there && f.Status == absentFigure {
		return l.unsaid[k]
	}
	return there && f.Status == shownFigure && l.exact[k] != nil && rounded(k.Measure, l.exact[k]) == f.Value
}

// rounded is a figure in the unit of its last decimal: none of a count, an hour or a
// euro, two of anything else.
func rounded(m compute.Measure, exact *big.Rat) int64 { return compute.Rounded(exact, decimals(m)) }

func decimals(m compute.Measure) int {
	if m.Whole() {
		return 0
	}
	return 2
}

func (v *verdict) certify(systems []*linked, o *disclosure.Outcome, all *everywhere) error {
	c, err := o.Certificate()
	if err != nil {
		return fmt.Errorf("certify: %w", err)
	}
	sheet := certifiedSystem{Certificate: c, Everywhere: all}
	for _, l := range systems {
		sheet.Structure = append(sheet.Structure, l.structures()...)
	}
	v.sheets = append(v.sheets, sheet)
	return nil
}

// certificate is every certificate of the release, as it ships.
func (v *verdict) certificate() (json.RawMessage, error) {
	return json.Marshal(map[string]any{"format": certificateFormat, "systems": v.sheets})
}

// covers tells whether a plan asks for a figure.
func (p Plan) covers(k key) bool {
	if p.bands != nil && banded(k.Measure) {
		return p.bands.covers(k)
	}
	region := strings.HasPrefix(k.Territory, "R")
	switch {
	case strings.HasPrefix(k.Territory, atomPrefix), k.Territory != whole && (p.Level == Zones) != strings.HasPrefix(k.Territory, zonePrefix):
		return false
	case strings.HasPrefix(k.Territory, unplaced), strings.HasPrefix(k.Public, outPublic):
		return false
	case k.Territory != whole && p.Level == Federation, k.Territory != whole && !region && p.Level != Departement && p.Level != Zones:
		return false
	case k.Kind != total && !p.Kinds, !slices.ContainsFunc(p.layers(), func(l layer) bool { return l.holds(layerOf(person{k.Sex, k.Age, k.Public})) }):
		return false
	case !slices.Contains(p.Years, k.Year):
		return false
	case p.Report:
		return slices.Contains(reportMeasures(k.Year), k.Measure)
	}
	return slices.ContainsFunc(p.Indicators, func(c Chosen) bool {
		f, ok := formula(c, []int{k.Year}, p.Indicators)
		return ok && slices.Contains(measuresOf(c, f), k.Measure)
	})
}

// mine tells the zones of the plan from those of other releases.
func (v *verdict) mine(territory string) bool {
	return !strings.HasPrefix(territory, zonePrefix) || v.own != nil && slices.ContainsFunc(v.own.zones, func(z Zone) bool { return z.Code == territory })
}
