package web

import (
	"net/url"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/delays"
	"maillage/territories"
)

const delaysPath = observatoryPath + "/delais"

// DelaysPage is how long one waits, with those who still wait.
type DelaysPage struct {
	Page
	Heading, Lead, Said string
	Topics, Groupings   []Option
	Places              []Option // the federation, or the perimeter; empty to who has no choice
	Steps               *StepsFigure
	Rows                []DelayRow
	Notes               []string
	Empty               *Empty
}

// DelayRow is one group in figures; Few is said in the place of figures.
type DelayRow struct {
	Name, Followed, Answered, Quarter, Half, Within, Third, Few string
}

// The names of the topics and groupings in addresses.
var (
	delayTopics    = map[string]delays.Topic{"reponse": delays.FirstAnswer, "employeur": delays.EmployerAnswer, "parcours": delays.DynamicExit}
	delayGroupings = map[string]delays.By{"": delays.Together, "type": delays.ByKind, "region": delays.ByRegion, "departement": delays.ByDepartement}
	topicOrder     = []string{"reponse", "employeur", "parcours"}
	groupingOrder  = []string{"", "type", "region", "departement"}
)

// delayChoice is what an address asks for; what it does not know is the first one.
type delayChoice struct {
	topic, by string
	perimeter bool
}

func (c *call) delayChoice() delayChoice {
	a := delayChoice{c.query("sujet"), c.query("par"), c.query("perimetre") == "oui"}
	if _, known := delayTopics[a.topic]; !known {
		a.topic = topicOrder[0]
	}
	if _, known := delayGroupings[a.by]; !known {
		a.by = ""
	}
	return a
}

func (a delayChoice) address() string {
	q := url.Values{"sujet": {a.topic}}
	if a.by != "" {
		q.Set("par", a.by)
	}
	if a.perimeter {
		q.Set("perimetre", "oui")
	}
	return delaysPath + "?" + q.Encode()
}

func (s *Server) delays(c *call) error {
	a := c.delayChoice()
	d, err := s.cfg.Delays.Look(c.r.Context(), delays.Wanted{Topic: delayTopics[a.topic], By: delayGroupings[a.by], Perimeter: a.perimeter})
	if err != nil {
		return err
	}
	title := c.T("delays.title")
	page := &DelaysPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.T("delays.heading_" + a.topic), Lead: c.T("delays.lead_" + a.topic)}
	c.delayChoices(page, a)
	c.delayGroups(page, a, d)
	for _, key := range []string{"delays.note_kept", "delays.note_few", "delays.note_place", "delays.note_" + a.topic} {
		page.Notes = append(page.Notes, c.T(key, "Few", c.Num(delays.Few), "Groups", c.Num(delays.FewGroups), "Step", c.Num(delays.Step)))
	}
	return c.show("delays", page)
}

func (c *call) delayChoices(page *DelaysPage, a delayChoice) {
	for _, t := range topicOrder {
		page.Topics = append(page.Topics, Option{Value: delayChoice{t, a.by, a.perimeter}.address(), Text: c.T("delays.topic_" + t), Selected: t == a.topic})
	}
	places := c.may(accounts.ObservatoryTimes)
	for _, by := range groupingOrder {
		if b := delayGroupings[by]; places || b == delays.Together || b == delays.ByKind {
			page.Groupings = append(page.Groupings, Option{Value: delayChoice{a.topic, by, a.perimeter}.address(), Text: c.T("delays.by_" + or(by, "ensemble")), Selected: by == a.by})
		}
	}
	if c.who.Role != accounts.Officer {
		return
	}
	for _, own := range []bool{false, true} {
		key := "delays.federation"
		if own {
			key = "delays.perimeter"
		}
		page.Places = append(page.Places, Option{Value: delayChoice{a.topic, a.by, own}.address(), Text: c.T(key), Selected: own == a.perimeter})
	}
}

// delayGroups draws the largest curves, and puts every group in the table.
func (c *call) delayGroups(page *DelaysPage, a delayChoice, d *delays.Delay) {
	var shown []delays.Group
	for _, g := range d.Groups {
		if !g.Withheld {
			shown = append(shown, g)
		}
		page.Rows = append(page.Rows, c.delayRow(a, g))
	}
	if len(shown) == 0 {
		page.Empty = &Empty{Title: c.T("delays.none"), Text: c.T("delays.none_text", "Few", c.Num(delays.Few), "Groups", c.Num(delays.FewGroups), "Step", c.Num(delays.Step)), Actions: []Link{{c.T("observatory.title"), observatoryPath}}}
		page.Rows = nil
		return
	}
	if len(shown) == 1 {
		page.Said = c.delaySentence(a, shown[0])
	}
	if !slices.ContainsFunc(shown, func(g delays.Group) bool { return len(g.Curve.Steps) > 0 }) {
		return // nobody was answered: there is no curve to draw yet, and the table says so
	}
	slices.SortStableFunc(shown, func(x, y delays.Group) int { return y.Followed - x.Followed })
	chart := c.delayChart(a, shown)
	for _, g := range shown[:min(len(shown), maxParts)] {
		chart.Groups = append(chart.Groups, StepGroup{c.delayName(a, g.Code), g.Curve})
	}
	fig := c.drawSteps(chart)
	page.Steps = &fig
}

// delayChart is the chart of a topic, before its groups.
func (l *Locale) delayChart(a delayChoice, shown []delays.Group) StepChart {
	return StepChart{ChartFrame: ChartFrame{ID: "delais", Title: l.T("delays.heading_" + a.topic), Desc: l.T("delays.desc"), Caption: l.T("delays.caption")},
		Unit: l.T("delays." + delayUnits(a)), Units: delayUnits(a), Axis: l.T("delays.axis_" + a.topic), Table: l.T("delays.heading_" + a.topic), Median: l.T("delays.half_" + a.topic), Times: delayTimes(a, shown)}
}

// delayUnits names what the times of a topic are counted in.
func delayUnits(a delayChoice) string {
	if a.topic == "parcours" {
		return "months"
	}
	return "weeks"
}

// delayTimes are the lines of the table, as far as somebody is followed.
func delayTimes(a delayChoice, groups []delays.Group) []float64 {
	times := []float64{1, 2, 3, 4, 8, 13, 26}
	if a.topic == "parcours" {
		times = []float64{3, 6, 9, 12, 18, 24, 36}
	}
	last := 0.0
	for _, g := range groups {
		last = max(last, g.Curve.Last)
	}
	return slices.DeleteFunc(times, func(t float64) bool { return t > last })
}

// delaySentence says the share that came to an end by the last told time, the share
// that ended otherwise, and the median where half is reached.
func (c *Locale) delaySentence(a delayChoice, g delays.Group) string {
	if len(g.Curve.Steps) == 0 {
		return ""
	}
	last := g.Curve.Steps[len(g.Curve.Steps)-1]
	said := []string{c.T("delays.said_"+a.topic, "Share", c.Percent(1-last.Survival), "Time", c.lasting(last.Time, delayUnits(a)),
		"Within", c.T("chart.interval", "Low", c.Percent(1-last.High), "High", c.Percent(1-last.Low)), "N", c.Num(g.Followed))}
	if last.Otherwise > 0 {
		said = append(said, c.T("delays.otherwise_"+a.topic, "Share", c.Percent(last.Otherwise)))
	}
	if half := c.halfCell(g.Curve, delayUnits(a)); half.Note != "" {
		return strings.Join(append(said, c.T("delays.said_half", "Half", half.Text, "Within", half.Note)), " ")
	}
	return strings.Join(append(said, c.T("delays.said_never")), " ")
}

func (c *call) delayRow(a delayChoice, g delays.Group) DelayRow {
	row := DelayRow{Name: c.delayName(a, g.Code)}
	if g.Withheld {
		row.Few = c.T("delays.few")
		return row
	}
	half := c.halfCell(g.Curve, delayUnits(a))
	row.Followed, row.Answered, row.Half, row.Within = c.Num(g.Followed), c.Num(g.Answered), half.Text, half.Note
	row.Quarter, row.Third = c.shareCell(g.Curve, .25, delayUnits(a)).Text, c.shareCell(g.Curve, .75, delayUnits(a)).Text
	return row
}

// delayName names a group: a kind, a place, or everybody.
func (c *call) delayName(a delayChoice, code string) string {
	switch {
	case a.by == "":
		return c.T("delays.everybody")
	case code == "":
		return c.T("delays.unplaced")
	case a.by == "type":
		return c.kindName(compute.Kind(code))
	}
	kind := territories.KindDepartement
	if a.by == "region" {
		kind = territories.KindRegion
	}
	if name, ok := c.s.cfg.Atlas.Name(territories.Ref{Kind: kind, Code: code}); ok {
		return name
	}
	return code
}

// kindName is the name of a kind where the pages have one, else its code.
func (c *call) kindName(k compute.Kind) string {
	if key := "okind." + string(k); c.Has(key) {
		return c.T(key)
	}
	return string(k)
}
