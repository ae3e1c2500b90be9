package web

import (
	"io"
	"math"
	"strings"

	"maillage/accounts"
	engine "maillage/matching/engine/fairness"
	"maillage/matching/fairness"
)

const fairnessPath = "/equite"

// FairnessPage is the audit of what happens to groups of people.
type FairnessPage struct {
	Page
	Heading, Lead, Said string
	Tabs                []Option
	Sections            []FairSection
	How                 []string
	Source              Link
}

// FairSection is one way to cut people into groups.
type FairSection struct {
	ID, Name string
	Tables   []FairTable
	Hours    *FairHours
	Few      string
}

// FairTable is one measure.
type FairTable struct {
	Name, Said string
	Label      string // with what it is cut by: several tables have one name
	Reading    string // what the differences say, or that there is none to speak of
	Untold     string // the groups of which nothing may be said
	Rows       []FairRow
}

// FairRow is one group; the bar is its rate between the bounds of chance.
type FairRow struct {
	Group, Count, Rate, Within string
	Rest, Ratio, Standard      string
	Aid                        *Tag
	Bar                        *FairBar // nil: no rate is told
}

// FairBar is drawn in hundredths.
type FairBar struct{ Low, Width, At int }

// FairHours is the time to an answer.
type FairHours struct{ Rows [][3]string }

func (s *Server) fairness(c *call) error {
	a, err := s.cfg.Fairness.Audit(c.r.Context())
	if err != nil {
		return err
	}
	title := c.T("fairness.title")
	page := &FairnessPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("fairness.heading"), Lead: c.T("fairness.lead"),
		Said: c.T("fairness.said", "Scope", c.fairScope(a), "Since", c.ShortDate(a.Since), "Positions", c.N("fairness.positions", a.Positions), "On", c.ShortDate(a.AsOf), "Until", c.ShortDate(a.Until)), How: c.fairHow()}
	asked := c.query("critere")
	for _, d := range engine.Dimensions() {
		page.Tabs = append(page.Tabs, Option{Value: c.with("critere", string(d)), Text: c.T("fairness.by_" + string(d)), Selected: string(d) == asked || asked == "" && d == engine.BySex})
	}
	page.Tabs = append(page.Tabs, Option{Value: c.with("critere", "tout"), Text: c.T("fairness.all"), Selected: asked == "tout"})
	for i, d := range engine.Dimensions() {
		if page.Tabs[i].Selected || asked == "tout" {
			page.Sections = append(page.Sections, c.fairSection(a, d))
		}
	}
	if len(page.Sections) == 0 { // nothing of that name
		return c.to(fairnessPath, "")
	}
	return c.show("fairness", page)
}

// canAudit says whether to link to the audit.
func (c *call) canAudit() bool {
	return c.s.cfg.Fairness != nil && c.may(accounts.PeopleAudit)
}

func (c *call) fairScope(a *fairness.Audit) string {
	switch a.Scope {
	case accounts.Anywhere:
		return c.T("fairness.network")
	case accounts.OwnPerimeter:
		return c.T("fairness.perimeter", "Place", c.perimeterWords(c.who.PerimeterExpr))
	}
	return c.T("fairness.structure")
}

func (c *call) fairSection(a *fairness.Audit, d engine.Dimension) FairSection {
	out := FairSection{ID: "par-" + string(d), Name: c.T("fairness.by_" + string(d))}
	var few []string
	for _, t := range a.Tables {
		switch {
		case t.Dimension != d:
		case t.Few:
			few = append(few, lowerFirst(c.T("fairness.m_"+string(t.Metric))))
		default:
			out.Tables = append(out.Tables, c.fairTable(t))
		}
	}
	for _, t := range a.Hours {
		switch {
		case t.Dimension != d:
		case t.Few:
			few = append(few, lowerFirst(c.T("fairness.hours")))
		default:
			out.Hours = c.fairHours(t)
		}
	}
	if len(few) > 0 {
		out.Few = c.T("fairness.few", "What", strings.Join(few, ", "))
	}
	return out
}

func (c *call) fairTable(t engine.Table) FairTable {
	out := FairTable{Name: c.T("fairness.m_" + string(t.Metric)), Said: c.T("fairness.d_"+string(t.Metric)) + " " + c.T("fairness.of", "Total", c.N("fairness."+string(t.Unit), t.Total))}
	out.Label = out.Name + ", " + lowerFirst(c.T("fairness.by_"+string(t.Dimension)))
	if len(t.Untold) > 0 {
		out.Untold = c.T("fairness.untold", "Groups", lowerFirst(c.fairWords(t.Untold)))
	}
	var apart []string
	told := 0
	for _, r := range t.Rows {
		row := c.fairRow(r)
		out.Rows = append(out.Rows, row)
		if r.RestN > 0 {
			told++
		}
		if r.RestN > 0 && (r.Difference.Low > 0 || r.Difference.High < 0) {
			apart = append(apart, row.Group)
		}
	}
	switch {
	case len(apart) > 0:
		out.Reading = c.T("fairness.apart", "Groups", strings.Join(apart, ", "))
	case told > 0:
		out.Reading = c.T("fairness.chance")
	default:
		out.Reading = c.T("fairness.alone")
	}
	return out
}

// fourFifths is the ratio of the rule of thumb that is shown as a reading aid.
const fourFifths = 0.8

func (c *call) fairRow(r engine.Row) FairRow {
	if r.Bound != "" {
		return FairRow{Group: c.fairGroup(r.Group, r.Merged), Count: c.N("fairness.size", r.N), Rate: c.T("fairness." + string(r.Bound) + "_10")}
	}
	at := func(v float64) int { return int(math.Round(100 * v)) }
	row := FairRow{Group: c.fairGroup(r.Group, r.Merged), Count: c.T("fairness.count", "Yes", c.Num(r.Yes), "N", c.Num(r.N)), Rate: c.Percent(r.Rate), Within: c.between(r.Within),
		Bar: &FairBar{Low: at(r.Within.Low), Width: max(1, at(r.Within.High)-at(r.Within.Low)), At: at(r.Rate)}}
	if r.RestN > 0 {
		row.Rest = c.T("fairness.rest", "Rate", c.Percent(r.RestRate), "Low", c.points(r.Difference.Low), "High", c.points(r.Difference.High))
	}
	if r.RatioKnown {
		row.Ratio = c.T("fairness.ratio", "Ratio", c.Decimal(r.Ratio, 2), "Low", c.Decimal(r.RatioWithin.Low, 2), "High", c.unbounded(r.RatioWithin.High))
	}
	if r.StandardKnown {
		row.Standard = c.T("fairness.standard", "Rate", c.Percent(r.Standard), "Covered", c.Percent(r.Covered))
	}
	if r.OfHighest > 0 && r.OfHighest < fourFifths {
		row.Aid = &Tag{Text: c.T("fairness.under"), State: Partial}
	}
	return row
}

func (c *call) fairGroup(name string, merged []string) string {
	if len(merged) == 0 {
		return c.T("fairness.g_" + name)
	}
	return c.T("fairness.together", "Groups", c.fairWords(merged))
}

// fairWords names groups one after the other.
func (c *call) fairWords(groups []string) string {
	var words []string
	for i, g := range groups {
		word := c.T("fairness.g_" + g)
		if i > 0 {
			word = lowerFirst(word)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (c *call) between(i engine.Interval) string {
	return c.T("fairness.between", "Low", c.Percent(i.Low), "High", c.Percent(i.High))
}

// points writes a difference of rates in points, with its sign.
func (c *call) points(v float64) string {
	text := c.Decimal(math.Round(100*v), 0)
	if math.Round(100*v) > 0 {
		return "+" + text
	}
	return text
}

func (c *call) unbounded(v float64) string {
	if math.IsInf(v, 1) {
		return "∞"
	}
	return c.Decimal(v, 2)
}

func (c *call) fairHours(t engine.HoursTable) *FairHours {
	out := &FairHours{}
	for _, r := range t.Rows {
		out.Rows = append(out.Rows, [3]string{c.fairGroup(r.Group, r.Merged), c.N("fairness.answers", r.N), c.T("fairness.half", "Half", c.Num(r.Half), "Most", c.Num(r.Most))})
	}
	return out
}

func (c *call) fairHow() []string {
	var out []string
	for _, key := range []string{"what", "groups", "chance", "many", "standard", "fifths", "cause", "score"} {
		out = append(out, c.T("fairness.how_"+key))
	}
	return out
}

func (s *Server) fairnessTable(c *call) error {
	a, err := s.cfg.Fairness.Audit(c.r.Context())
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="equite-`+c.now.In(c.zone).Format("2006-01-02")+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return fairness.WriteCSV(w, string(c.Lang), a, func(kind, code string) string { return c.T("fairness." + kind + "_" + code) })
	})
}
