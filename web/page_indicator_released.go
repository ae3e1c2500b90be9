package web

import (
	"cmp"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/publication"
)

// ReleasedView is what the latest release gives of an indicator, by region and kind.
type ReleasedView struct {
	Heading, Lead, Over string
	Years, Kinds        []Option
	Map                 *AreasFigure // nil: nothing is by region
	Table               ChartTable
	Zones               *ChartTable // nil: nothing is by zone
	Why                 *WhyView    // nil: nothing is hidden
	Sources             []SourceLine
	Basis               string // counted, or estimated and how
	Breaks              []string
}

// WhyView says why figures are hidden, and what may be read instead of one of them.
type WhyView struct {
	Asked, Nearest string
	Zones          []Link // zones over the place, where the figure may be read
	Thresholds     string
	Certificate    string
}

// everything is the code of what is not cut.
const everything = "all"

// release shows what was released of the indicator under the version asked, the
// catalogue's choice without one: it reads the ledger, never a count that was not released.
func (p *IndicatorPage) release(c *call, i *catalogue.Indicator) error {
	if asked, ok := i.Version(int(c.number("version"))); ok {
		p.asked, p.Taken = asked.Number, map[catalogue.ID]int{i.ID: asked.Number}
	}
	if c.s.cfg.Releases == nil {
		return nil
	}
	all, err := c.s.cfg.Releases.Tables(c.r.Context(), i.ID)
	if err != nil {
		return err
	}
	p.Compared = c.compared(i, all)
	p.others(c, i, all)
	t := publication.Choose(all, p.asked)
	if t == nil {
		return nil
	}
	if p.Released, err = c.releasedView(i, t); err != nil {
		return err
	}
	year := slices.Max(t.Years())
	of := nationwide(t)
	if asked := int(c.number("annee")); slices.Contains(t.Years(), asked) {
		year, p.dated = asked, true
		of = slices.DeleteFunc(of, func(r publication.Reading) bool { return r.Year != asked })
	}
	p.Taken = t.Taken(year)
	p.told = &SeriesView{chosen: p.Taken}
	if len(of) > 0 {
		p.told.Coverage, p.told.Cited = c.coverageIn(latestTold(of)), releaseLink(latestTold(of).Version)
	}
	if p.Series == nil {
		if series, several := c.releasedSeries(i, t); several {
			p.Series = &series
		}
	}
	return nil
}

// releasedView lays the readings of one year out.
func (c *call) releasedView(i *catalogue.Indicator, t *publication.Table) (*ReleasedView, error) {
	shown := c.shownOf(t)
	v := &ReleasedView{Heading: c.placeHeading(t, shown), Lead: shown.follows, Over: c.words(i.Label) + ", " + c.words(i.Unit.Label())}
	v.Basis = c.T("releases.basis_" + string(t.Basis))
	for _, y := range t.Years() {
		v.Years = append(v.Years, Option{Value: c.with("annee", strconv.Itoa(y), "case", ""), Text: strconv.Itoa(y), Selected: y == shown.year})
	}
	for _, k := range shown.kinds {
		v.Kinds = append(v.Kinds, Option{Value: c.with("type", k, "case", "") + "#carte", Text: c.kindWord(k), Selected: k == shown.kind})
	}
	v.Table = c.coveredTable(c.releasedTable(i, t, shown, shown.kinds), shown)
	v.Table.Caption = v.Over + ", " + strconv.Itoa(shown.year)
	v.Zones, v.Sources, v.Breaks = c.zoneTable(i, t, shown), c.placeSources(t, shown), c.breaksOfYear(t, shown.year)
	if slices.Contains(v.Table.Key, Masked) {
		v.Why = c.why(i, t, shown.at, shown.year)
	}
	var err error
	v.Map, err = c.areasOf(i, t, shown)
	return v, err
}

// placeHeading says how far down a year's table goes, and what its columns are.
func (c *call) placeHeading(t *publication.Table, shown released) string {
	key := "releases.by_place"
	if t.Indicator == publication.ByCriterion {
		key = "releases.by_criterion"
	}
	if len(shown.places) < 2 {
		key = "releases.whole_country"
	}
	return c.T(key, "Year", strconv.Itoa(shown.year))
}

// released is the readings of one year by place and kind, over everybody.
type released struct {
	year          int
	follows       string // the definitions of its figures, as they are cited
	kind          string // that the map shows
	at            map[[2]string]publication.Reading
	places, kinds []string
}

// opening is the year that figures open on: the latest with a value by region, else the
// latest with a value, so that a narrow or an empty release hides no map.
func opening(t *publication.Table) int {
	of := func(told func(publication.Reading) bool) (year int) {
		for _, r := range t.Readings {
			if r.Mark == publication.Given && wide(r.Territory) && told(r) {
				year = max(year, r.Year)
			}
		}
		return year
	}
	return cmp.Or(of(func(r publication.Reading) bool { return strings.HasPrefix(r.Territory, "R") }),
		of(func(publication.Reading) bool { return true }), slices.Max(t.Years()))
}

// shownOf picks the year and the kind that are asked for: the opening one, and every kind, by default.
func (c *call) shownOf(t *publication.Table) released {
	years := t.Years()
	out := released{year: opening(t), kind: everything, at: map[[2]string]publication.Reading{}}
	if asked := int(c.number("annee")); slices.Contains(years, asked) {
		out.year = asked
	}
	for _, r := range t.Readings {
		if r.Year != out.year || r.Sex != everything || r.Age != everything || !wide(r.Territory) || !columned(t, r) {
			continue
		}
		out.at[[2]string{r.Territory, columnCode(r)}], out.follows = r, r.Cites()
		out.places, out.kinds = append(out.places, r.Territory), append(out.kinds, columnCode(r))
	}
	out.places, out.kinds = c.placeOrder(out.places), kindOrder(out.kinds)
	if len(out.kinds) > 0 && !slices.Contains(out.kinds, everything) {
		out.kind = out.kinds[0]
	}
	if asked := c.query("type"); slices.Contains(out.kinds, asked) {
		out.kind = asked
	}
	return out
}

// columned tells the readings that have a column: those of a kind or, of the indicator
// that is read criterion by criterion, those of a criterion.
func columned(t *publication.Table, r publication.Reading) bool {
	if t.Indicator == publication.ByCriterion {
		return r.Kind == everything && r.Public != everything
	}
	return r.Public == everything
}

// columnCode is the column of a reading: its criterion, else its kind.
func columnCode(r publication.Reading) string {
	if public, is := strings.CutPrefix(r.Public, "in:"); is {
		return public
	}
	if public, is := strings.CutPrefix(r.Public, "unsaid:"); is {
		return unsaidColumn + public
	}
	return r.Kind
}

// releasedTable is a line for each place, a column for each of some kinds.
func (c *call) releasedTable(i *catalogue.Indicator, t *publication.Table, shown released, kinds []string) ChartTable {
	table := ChartTable{Corner: c.T("releases.place")}
	for _, k := range kinds {
		table.Head = append(table.Head, c.kindWord(k))
	}
	for _, p := range shown.places {
		row := ChartRow{ID: rowID(p), Name: c.words(c.s.cfg.Releases.PlaceName(p)), Total: p == "FR"}
		for _, k := range kinds {
			r, there := shown.at[[2]string{p, k}]
			cell := Value{Text: c.T("releases.no_enterprise")}
			if there {
				cell = c.readingValue(t, i, r)
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	table.Key = keyOf(table.Rows)
	return table
}

// zoneTable is the zones that any figure of the year is of, named by their communes.
func (c *call) zoneTable(i *catalogue.Indicator, t *publication.Table, shown released) *ChartTable {
	table := ChartTable{Corner: c.T("releases.zone"), Caption: c.T("releases.zones_caption", "Name", c.words(i.Label), "Year", strconv.Itoa(shown.year)), Head: []string{c.kindWord(shown.kind)}}
	for _, r := range t.Readings {
		z, is := t.Zones[r.Territory]
		if !is || r.Year != shown.year || columnCode(r) != shown.kind || r.Sex != everything || r.Age != everything || !columned(t, r) {
			continue
		}
		v := c.readingValue(t, i, r)
		v.Href = "#masque"
		table.Rows = append(table.Rows, ChartRow{ID: rowID(r.Territory), Name: c.words(z.Name), Cells: []Value{v}})
	}
	if len(table.Rows) == 0 {
		return nil
	}
	slices.SortStableFunc(table.Rows, func(a, b ChartRow) int { return strings.Compare(a.Name, b.Name) })
	table.Key = keyOf(table.Rows)
	return &table
}

// wide tells France and regions: departments are in the file.
func wide(place string) bool { return place == "FR" || strings.HasPrefix(place, "R") }

// placeOrder puts France first, then regions by their names.
func (c *call) placeOrder(places []string) []string {
	name := func(p string) string {
		if p == "FR" {
			return ""
		}
		return c.s.cfg.Releases.PlaceName(p).FR
	}
	slices.SortFunc(places, func(a, b string) int { return strings.Compare(name(a), name(b)) })
	return slices.Compact(places)
}

func kindOrder(kinds []string) []string {
	slices.SortFunc(kinds, func(a, b string) int {
		if (a == everything) != (b == everything) {
			if a == everything {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(kinds)
}

// unsaidColumn begins the column of who nobody said whether they meet a criterion.
const unsaidColumn = "unsaid-"

func (c *call) kindWord(k string) string {
	if public, is := strings.CutPrefix(k, unsaidColumn); is {
		return c.T("releases.unsaid", "Public", public)
	}
	if k == everything {
		return c.T("releases.every_kind")
	}
	return c.kindName(compute.Kind(k))
}

// readingValue writes a figure once rounded, a rate with its base under it.
func (c *call) readingValue(t *publication.Table, i *catalogue.Indicator, r publication.Reading) Value {
	switch r.Mark {
	case publication.Hidden:
		return Value{Status: Masked, Href: c.casePath(i.ID, r)}
	case publication.ND:
		return Value{Status: NotCollected}
	case publication.Awaited:
		return Value{Status: Awaited}
	case publication.NoBase:
		return Value{Status: Nobody, Text: c.T("releases.zero_base")}
	}
	exact, _ := r.Value.Float64()
	v := Value{Number: exact, Text: c.ratio(r.Value, t.Decimals())}
	if t.Rate {
		if i.Unit.Label().EN == "%" || strings.Contains(string(i.Unit), "percent") {
			v.Text = c.withUnit(v.Text, "%")
		}
		v.Note = c.T("releases.base", "N", c.ratio(r.Base, 0))
		if r.Low != nil {
			v.Note += ", " + c.T("releases.interval", "Low", c.tenths(r.Low), "High", c.tenths(r.High))
		}
	}
	return v
}

// tenths writes an end of an interval as it was released.
func (c *call) tenths(x *big.Rat) string {
	n, _ := x.Float64()
	return c.Decimal(n, 1)
}

// casePath leads to why a figure is hidden, on the page of its indicator.
func (c *call) casePath(id catalogue.ID, r publication.Reading) string {
	q := url.Values{"annee": {strconv.Itoa(r.Year)}, "case": {r.Territory + "-" + columnCode(r)}}
	for _, kept := range []string{"version", "type"} {
		if v := c.query(kept); v != "" {
			q.Set(kept, v)
		}
	}
	return indicatorPath(id) + "?" + q.Encode() + "#masque"
}

// why answers the same whichever of the two reasons hid a figure.
func (c *call) why(i *catalogue.Indicator, t *publication.Table, at map[[2]string]publication.Reading, year int) *WhyView {
	w := &WhyView{Thresholds: c.thresholds(i.Publication), Certificate: c.certificateOf(t, at, year)}
	place, kind, _ := strings.Cut(c.query("case"), "-")
	r, there := at[[2]string{place, kind}]
	if !there || r.Mark != publication.Hidden {
		return w
	}
	name := func(place, kind string) string {
		return c.words(c.s.cfg.Releases.PlaceName(place)) + ", " + c.kindWord(kind) + ", " + strconv.Itoa(year)
	}
	w.Asked = name(place, kind)
	for _, z := range c.s.cfg.Releases.Over(t, r) {
		w.Zones = append(w.Zones, Link{c.words(t.Zones[z.Territory].Name) + c.T("chart.colon") + " " + c.readingValue(t, i, z).Text, "#" + rowID(z.Territory)})
	}
	if near, ok := t.Nearest(r, c.s.cfg.Releases.Above); ok {
		w.Nearest = name(near.Territory, columnCode(near)) + c.T("chart.colon") + " " + c.readingValue(t, i, near).Text
	}
	return w
}

// releasedSeries is France year by year; false where the release has one year.
func (c *call) releasedSeries(i *catalogue.Indicator, t *publication.Table) (SeriesView, bool) {
	chart := LineChart{ChartFrame: ChartFrame{ID: "publiee", Title: c.words(i.Label)}, Table: c.words(i.Label), Corner: c.T("releases.place")}
	if t.Rate && strings.Contains(string(i.Unit), "percent") {
		chart.Unit = "%"
	}
	line := LineSeries{Name: "France"}
	of := nationwide(t)
	var said []string
	for _, r := range of {
		value := c.readingValue(t, i, r)
		if value.Status == Masked {
			value.Href = "#masque"
		}
		if len(r.Breaks) > 0 {
			chart.Breaks = append(chart.Breaks, SeriesBreak{Before: len(chart.Periods), Why: c.breakText(r.Breaks)})
		}
		chart.Periods, line.Values = append(chart.Periods, c.yearHead(r.Year, len(r.Breaks) > 0)), append(line.Values, value)
		said = append(said, strconv.Itoa(r.Year)+c.T("chart.colon")+" "+or(value.Text, c.T("value."+value.Status.Key())))
	}
	if len(chart.Periods) < 2 {
		return SeriesView{}, false
	}
	chart.Series, chart.Desc = []LineSeries{line}, strings.Join(said, " ; ")+"."
	fig := c.drawLines(chart)
	last, told := of[len(of)-1], latestTold(of)
	return SeriesView{Section: c.T("releases.series"), Lines: &fig, Coverage: c.coverageIn(told), Cited: releaseLink(told.Version), Note: c.T("observatory.rule_round"), Sources: c.sourcesOf(of),
		Files: c.filesOf(of), chosen: t.Taken(last.Year)}, true
}

// latestTold is the latest figure that has a value, else the latest.
func latestTold(of []publication.Reading) publication.Reading {
	for _, r := range slices.Backward(of) {
		if r.Mark == publication.Given {
			return r
		}
	}
	return of[len(of)-1]
}

// nationwide are the figures of the whole country, over everything, by year.
func nationwide(t *publication.Table) (list []publication.Reading) {
	for _, r := range t.Readings {
		if t.Indicator != publication.ByCriterion && r.Territory == "FR" && r.Kind == everything && r.Sex == everything && r.Age == everything && r.Public == everything {
			list = append(list, r)
		}
	}
	return list
}
