package web

import (
	"context"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/delays"
	"maillage/indicators/figures"
	"maillage/indicators/publication"
)

// reportHeading says the last share in words: six in ten.
func (c *Locale) reportHeading(r *figures.Report) string {
	if n := lastShown(r, "dynamic"); n != nil {
		tens := compute.Rounded(new(big.Rat).Quo(n, big.NewRat(10, 1)), 0)
		if tens < 2 {
			return c.T("report.title")
		}
		return c.T("report.heading", "N", c.T("report.tens_"+strconv.FormatInt(tens, 10)))
	}
	return c.T("report.title")
}

// lastShown is the latest number of a line of the exits; nil where none is shown.
func lastShown(r *figures.Report, id string) *big.Rat {
	for _, l := range r.Exits.Lines {
		for i := len(l.Numbers) - 1; l.ID == id && i >= 0; i-- {
			if l.Numbers[i].Known {
				return l.Numbers[i].Exact
			}
		}
	}
	return nil
}

// roundingNote explains a column whose rounded parts do not sum to its rounded total.
func (c *Locale) roundingNote(r *figures.Report) string {
	by := map[string]figures.Line{}
	for _, l := range r.Exits.Lines {
		by[l.ID] = l
	}
	for i := len(r.Exits.Columns) - 1; i >= 0; i-- {
		total, sum := by["dynamic"].Numbers[i], int64(0)
		var parts []string
		for _, id := range []string{"durable", "transition", "positive"} {
			n := by[id].Numbers[i]
			if !n.Known || !total.Known {
				return ""
			}
			sum += compute.Rounded(n.Exact, 0)
			parts = append(parts, c.counted(n).Text)
		}
		if whole := compute.Rounded(total.Exact, 0); sum != whole {
			return c.T("report.rounding", "Year", strconv.Itoa(r.Exits.Columns[i].Year), "Parts", strings.Join(parts, " + "), "Sum", c.Num(int(sum)), "Total", c.Num(int(whole)))
		}
	}
	return ""
}

// reportNotes say the rule, the coverage and the breaks.
func (c *call) reportNotes(r *figures.Report, d compute.Definition) []string {
	out := []string{c.T("report.rule_" + string(d)), c.T("report.rule_presence")}
	for _, t := range []struct {
		key   string
		table figures.Table
	}{{"report.covered_exits", r.Exits}, {"report.covered_workforce", r.Workforce}} {
		if n := len(t.table.Columns); n > 0 {
			last := t.table.Columns[n-1]
			out = append(out, c.T(t.key, "Responded", c.Num(last.Responded), "Frame", c.Num(last.Frame), "Year", strconv.Itoa(last.Year)))
		}
	}
	for _, b := range r.Breaks {
		why := typo(b.Why.FR)
		if c.Lang == English {
			why = b.Why.EN
		}
		out = append(out, c.T("report.break", "Year", strconv.Itoa(b.Year), "Indicator", b.Indicator, "Kind", or(string(b.Kind), c.T("report.every_kind")), "Why", why))
	}
	return append(out, c.T("report.withheld"))
}

func (c *call) reportAlerts(r *figures.Report) []ReportAlert {
	var out []ReportAlert
	for _, a := range r.Alerts {
		out = append(out, ReportAlert{c.T("report.alert_"+string(a.Code), "Year", strconv.Itoa(a.Year), "What", c.T("report.measure_"+strings.ReplaceAll(string(a.Measure), ".", "_")),
			"Persons", c.amount(a.Code, a.Persons), "FTE", c.amount(a.Code, a.FTE))})
	}
	return out
}

// amount says a move in percents with its sign, or a number.
func (c *call) amount(code compute.AlertCode, x *big.Rat) string {
	if x == nil {
		return ""
	}
	v, _ := x.Float64()
	if code != compute.OutOfLine {
		return c.Decimal(v, 1)
	}
	text := c.withUnit(c.Decimal(100*v, 1), "%")
	if v > 0 {
		return "+" + text
	}
	return text
}

// published gives the pages of indicators the series of the report, as it was released,
// and the times, which are estimated of today and are no release.
type published struct {
	releases *publication.Service
	delays   *delays.Service
}

// Series gives the dynamic exits, and the time to them.
func (s published) Series(ctx context.Context, id catalogue.ID, l *Locale) (IndicatorSeries, bool, error) {
	if id == timeToDynamic && s.delays != nil {
		return s.times(ctx, l)
	}
	if id != keyIndicator {
		return IndicatorSeries{}, false, nil
	}
	released, err := s.releases.Report(ctx, compute.COORACE)
	if err != nil || lastShown(&released.Report, "dynamic") == nil {
		return IndicatorSeries{}, false, err
	}
	r := &released.Report
	return IndicatorSeries{Heading: l.reportHeading(r), Section: l.T("report.exits"), Bars: l.exitBars(r), Note: l.roundingNote(r), Coverage: l.covered(r),
		Sources: []SourceLine{{strings.TrimSuffix(l.follows(r)+". "+l.T("report.rule_"+string(r.Definition))+" "+l.covered(r), "."), releaseLink(released.Version)}}, Cited: releaseLink(released.Version), Files: []Link{{l.T("report.see"), reportPath}}, Chosen: map[catalogue.ID]int{"C08": presenceOf(r)}}, true, nil
}

// timeToDynamic is the indicator that is a median of times.
const timeToDynamic catalogue.ID = "R6.5"

// times are those to a dynamic exit, over the whole federation: the curve, and its median
// where half is reached.
func (s published) times(ctx context.Context, l *Locale) (IndicatorSeries, bool, error) {
	d, err := s.delays.Look(ctx, delays.Wanted{Topic: delays.DynamicExit})
	if err != nil || len(d.Groups) == 0 || d.Groups[0].Withheld || len(d.Groups[0].Curve.Steps) == 0 {
		return IndicatorSeries{}, false, err
	}
	a, g := delayChoice{topic: "parcours"}, d.Groups[0]
	chart := l.delayChart(a, d.Groups[:1])
	chart.Groups = []StepGroup{{l.T("delays.everybody"), g.Curve}}
	return IndicatorSeries{Section: l.T("delays.heading_parcours"), Steps: &chart, Coverage: l.T("delays.coverage", "N", l.Num(g.Followed)), Note: l.delaySentence(a, g) + " " + l.T("delays.note_parcours") + " " + l.T("delays.no_release"),
		Files: []Link{{l.T("delays.by_type"), delayChoice{"parcours", "type", false}.address()}}}, true, nil
}

// follows lists the definitions of the dynamic exits of the last year and of their parts.
func (c *Locale) follows(r *figures.Report) string {
	last, list := r.Exits.Columns[len(r.Exits.Columns)-1], []string{}
	for _, id := range []string{"dynamic", "durable", "transition", "positive"} {
		_, definition := r.Cites(compute.ReportRow{ID: id}, last)
		for _, d := range strings.Split(definition, ", ") {
			if !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// covered says how many enterprises the last year is of.
func (c *Locale) covered(r *figures.Report) string {
	last := r.Exits.Columns[len(r.Exits.Columns)-1]
	return c.T("report.covered_exits", "Responded", c.Num(last.Responded), "Frame", c.Num(last.Frame), "Year", strconv.Itoa(last.Year))
}

// presenceOf is the version of C08 that the last year follows.
func presenceOf(r *figures.Report) int {
	if compute.COORACE.In(r.Exits.Columns[len(r.Exits.Columns)-1].Year) == compute.COORACE {
		return 2
	}
	return 1
}
