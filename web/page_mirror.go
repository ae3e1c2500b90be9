package web

import (
	"math"
	"math/big"
	"net/url"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/mirror"
	"maillage/indicators/publication"
	"maillage/internal/fault"
)

const mirrorPath = "/mon-miroir"

// MirrorPage sets an enterprise's own figures beside those of its région and of the federation.
type MirrorPage struct {
	Page
	Heading, Lead string
	Years         []Option
	Definitions   []Option
	Lines         *LinesFigure
	Sections      []MirrorSection
	Key           []ValueStatus
	Unpublished   string
	Missing       []MirrorMissing
	Notes         []string
	Empty         *Empty
	Report        string // the report to who funds it; empty: not of its kind
}

// MirrorSection is the indicators of one register.
type MirrorSection struct {
	ID, Name string
	Rows     []MirrorRow
}

// MirrorRow is one indicator.
type MirrorRow struct {
	Label, Href, ID, Unit    string
	Mine, Region, Federation Value
}

// MirrorMissing is what was not sent, how to send it and what waits for it.
type MirrorMissing struct {
	Text, Gesture, Href string
	Waiting             []Link
}

func (s *Server) mirror(c *call) error {
	title := c.T("mirror.title")
	page := &MirrorPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Lead: c.T("mirror.lead")}
	m, err := s.cfg.Mirror.Look(c.r.Context(), mirror.Wanted{Organisation: c.enterprise(), Enterprise: c.number("entreprise"), Year: int(c.number("annee")), Definition: c.definition()})
	if fault.Is(err, fault.KindNotFound) && c.query("annee") == "" && c.query("entreprise") == "" {
		page.Empty = &Empty{Title: c.T("mirror.none"), Text: c.T("mirror.none_text"), Actions: []Link{{c.T("records.title"), recordsPath}, {c.T("observatory.title"), observatoryPath}}}
		return c.show("mirror", page)
	}
	if err != nil {
		return err
	}
	page.Heading = c.T("mirror.heading", "Year", strconv.Itoa(m.Own.Year))
	if page.Missing, err = c.mirrorMissing(m); err != nil {
		return err
	}
	c.fillMirror(page, m)
	return c.show("mirror", page)
}

// enterprise is whose figures are asked for: one's own; an administrator names it.
func (c *call) enterprise() int64 {
	if c.who.Role == accounts.Admin {
		return c.number("organisation")
	}
	return c.who.OrganisationID
}

func (c *call) fillMirror(page *MirrorPage, m *mirror.Mirror) {
	for _, x := range m.Choices {
		text := strconv.Itoa(x.Year)
		if x.Enterprise != m.Own.Enterprise {
			text += ", " + c.kindName(x.Kind)
		}
		page.Years = append(page.Years, Option{Value: c.mirrorAddress(x.Enterprise, x.Year, m.Definition), Text: text, Selected: x.Enterprise == m.Own.Enterprise && x.Year == m.Own.Year})
	}
	for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
		page.Definitions = append(page.Definitions, Option{Value: c.mirrorAddress(m.Own.Enterprise, m.Own.Year, d), Text: c.T("report.by_" + string(d)), Selected: d == m.Definition})
	}
	if m.Own.Kind.Insertion() {
		page.Report = funderPath + "?" + url.Values{"entreprise": {strconv.FormatInt(m.Own.Enterprise, 10)}, "annee": {strconv.Itoa(m.Own.Year)}}.Encode()
	}
	c.mirrorSections(page, m)
	page.Lines = c.mirrorLines(m)
	page.Notes = c.mirrorNotes(m)
	if !m.Released {
		page.Unpublished = c.T("mirror.unpublished", "Year", strconv.Itoa(m.Own.Year))
	}
}

func (c *call) mirrorAddress(enterprise int64, year int, d compute.Definition) string {
	q := url.Values{"entreprise": {strconv.FormatInt(enterprise, 10)}, "annee": {strconv.Itoa(year)}}
	if d == compute.Dares {
		q.Set("definition", string(d))
	}
	if c.who.Role == accounts.Admin {
		q.Set("organisation", strconv.FormatInt(c.enterprise(), 10))
	}
	return mirrorPath + "?" + q.Encode()
}

// mirrorSections groups the lines by register, in the order of the catalogue.
func (c *call) mirrorSections(page *MirrorPage, m *mirror.Mirror) {
	seen := map[ValueStatus]bool{}
	for _, l := range m.Lines {
		id := string(l.Indicator.Register)
		if n := len(page.Sections); n == 0 || page.Sections[n-1].ID != id {
			page.Sections = append(page.Sections, MirrorSection{ID: id, Name: l.Indicator.Register.Label().In(string(c.Lang))})
		}
		row := c.mirrorRow(l)
		last := &page.Sections[len(page.Sections)-1]
		last.Rows = append(last.Rows, row)
		for _, v := range []Value{row.Mine, row.Region, row.Federation} {
			seen[v.Status] = true
		}
		if l.Indicator.ID == "C07" && l.Mine.Outcome == compute.Value {
			page.Lead = c.T("mirror.said", "Year", strconv.Itoa(m.Own.Year), "N", c.ratio(l.Mine.Numerator, 0), "Base", c.ratio(l.Mine.Base, 0))
		}
	}
	for s := NotCollected; s < statuses; s++ {
		if seen[s] {
			page.Key = append(page.Key, s)
		}
	}
}

func (c *call) mirrorRow(l mirror.Line) MirrorRow {
	row := MirrorRow{Label: l.Indicator.Label.In(string(c.Lang)), ID: string(l.Indicator.ID), Href: observatoryPath + "/indicateurs/" + string(l.Indicator.ID), Unit: l.Indicator.Unit.Label().In(string(c.Lang))}
	if l.Part != "" {
		row.Unit = c.T("mirror." + l.Part)
	}
	if len(l.Indicator.Versions) > 1 {
		v, _ := l.Indicator.Version(l.Version)
		row.Unit += ", " + v.Name.In(string(c.Lang))
	}
	row.Mine, row.Region, row.Federation = c.ownValue(l), c.beside(l, l.Region), c.beside(l, l.Federation)
	return row
}

// ownValue is the enterprise's own figure with what it is made of.
func (c *call) ownValue(l mirror.Line) Value {
	f := l.Mine
	if l.Awaited {
		return Value{Status: Awaited}
	}
	switch f.Outcome {
	case compute.NoBase:
		return Value{Status: Nobody, Text: c.T("mirror.no_base")}
	case compute.Value:
		v := c.figure(f.Exact, f.Formula)
		if f.Base != nil {
			v.Note = c.T("mirror.of", "N", c.ratio(f.Numerator, 0), "Base", c.ratio(f.Base, 0))
		}
		return v
	}
	return Value{Status: NotCollected}
}

// beside is a released figure, with whom it covers; what was never released is no zero, and has its own word.
func (c *call) beside(l mirror.Line, b mirror.Beside) Value {
	switch b.Status {
	case mirror.Hidden:
		return Value{Status: Masked}
	case mirror.ND:
		return Value{Status: NotCollected}
	case mirror.Awaited:
		return Value{Status: Awaited}
	case mirror.NoBase:
		return Value{Status: Nobody, Text: c.T("mirror.no_base")}
	case mirror.NotReleased:
		return Value{Status: Unreleased}
	}
	v := c.figure(b.Exact, l.Mine.Formula)
	v.Note = or(c.kindName(b.Kind), c.T("report.every_kind"))
	if b.Frame > 0 {
		v.Note = c.T("mirror.covers", "Kind", v.Note, "Replied", c.Num(b.Replied), "Frame", c.Num(b.Frame))
	}
	return v
}

// figure rounds once, to the decimals that releases publish, with its sign of percents.
func (c *call) figure(exact *big.Rat, f compute.Formula) Value {
	v, _ := exact.Float64()
	text := c.ratio(exact, publication.Decimals(f))
	if f.Times == 100 {
		text = c.withUnit(text, "%")
	}
	return Value{Number: v, Text: text}
}

// ratio writes an exact number rounded once, to so many digits.
func (l *Locale) ratio(exact *big.Rat, digits int) string {
	return l.Decimal(float64(compute.Rounded(exact, digits))/math.Pow10(digits), digits)
}

// mirrorLines draws the exits towards employment or training over the years; the
// région and the federation have a line where something of theirs was released.
func (c *call) mirrorLines(m *mirror.Mirror) *LinesFigure {
	if len(m.History) == 0 {
		return nil
	}
	series := []LineSeries{{Name: c.T("mirror.me")}, {Name: c.T("mirror.region")}, {Name: c.T("mirror.federation")}}
	chart := LineChart{ChartFrame: ChartFrame{ID: "miroir", Title: c.T("mirror.chart_title"), Desc: c.T("mirror.chart_desc"), Caption: c.T("mirror.chart_caption")},
		Unit: "%", Table: c.T("mirror.chart_title"), Corner: c.T("mirror.c_who")}
	released := m.Released
	for _, p := range m.History {
		if len(p.Line.Breaks) > 0 {
			chart.Breaks = append(chart.Breaks, SeriesBreak{Before: len(chart.Periods), Why: c.breakText(p.Line.Breaks)})
		}
		chart.Periods = append(chart.Periods, c.yearHead(p.Year, len(p.Line.Breaks) > 0))
		for i, v := range []Value{c.ownValue(p.Line), c.beside(p.Line, p.Line.Region), c.beside(p.Line, p.Line.Federation)} {
			series[i].Values = append(series[i].Values, v)
		}
		released = released || p.Line.Region.Status != mirror.NotReleased || p.Line.Federation.Status != mirror.NotReleased
	}
	chart.Series = series[:1]
	if released {
		chart.Series = series
	}
	fig := c.drawLines(chart)
	return &fig
}

// mirrorMissing says what was not sent, and the gesture that sends it.
func (c *call) mirrorMissing(m *mirror.Mirror) ([]MirrorMissing, error) {
	questionnaire, err := c.asksNow(m.Own.Year)
	if err != nil {
		return nil, err
	}
	var out []MirrorMissing
	for _, x := range m.Missing {
		key := "mirror.missing_" + or(string(x.Section), "answers")
		if !x.Asked {
			key = "mirror.nd_" + or(string(x.Section), "answers")
		}
		one := MirrorMissing{Text: c.T(key), Gesture: c.T("mirror.send"), Href: recordsPath + "?tableau=" + sheetOf(x.Section)}
		if x.Section == "" && questionnaire {
			one.Gesture, one.Href = c.T("camp.await_do"), ownCampaignPath+"?annee="+strconv.Itoa(m.Own.Year)
		}
		for _, i := range x.Indicators {
			one.Waiting = append(one.Waiting, c.indicatorLink(i))
		}
		out = append(out, one)
	}
	return out, nil
}

// asksNow tells whether the enterprise of who looks has a questionnaire of a year to answer.
func (c *call) asksNow(year int) (bool, error) {
	if c.s.cfg.Campaigns == nil || accounts.ReachOf(c.who.Identity, accounts.QuestionnaireAnswer) == accounts.Never {
		return false, nil
	}
	own, err := c.s.cfg.Campaigns.Own(c.r.Context(), c.who.OrganisationID)
	if err != nil {
		return false, err
	}
	for _, q := range own {
		f, err := c.s.cfg.Campaigns.Form(c.r.Context(), q.ID)
		if err != nil || f.Campaign.Year == year {
			return err == nil && f.Campaign.Answerable(q.State), err
		}
	}
	return false, nil
}

func (c *call) indicatorLink(i *catalogue.Indicator) Link {
	return Link{i.Label.In(string(c.Lang)), observatoryPath + "/indicateurs/" + string(i.ID)}
}

// sheetOf is the sheet that brings a section.
func sheetOf(s compute.Section) string {
	return or(map[compute.Section]string{compute.Contracts: "contrats", compute.Hours: "heures", compute.Exits: "sorties",
		compute.Placements: "placements", compute.Trainings: "formations"}[s], "reponses")
}

func (c *call) mirrorNotes(m *mirror.Mirror) []string {
	notes := []string{c.T("mirror.note_own"), c.T("mirror.note_released"), c.T("mirror.note_rank"), c.T("report.rule_" + string(m.Definition))}
	notes = append(notes, c.T("mirror.counted", "Day", c.Date(m.Own.CountedAt)))
	if cited := m.Cites(); len(cited) > 0 {
		notes = append(notes, c.T("mirror.cites", "Releases", strings.Join(cited, ", ")))
	}
	return notes
}
