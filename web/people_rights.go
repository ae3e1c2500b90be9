package web

import (
	"strconv"
	"strings"
	"time"

	"maillage/people"
)

// RightsView is a person's dated rights: a line of time, and the same in words.
type RightsView struct {
	Lines    []RightLine
	Timeline Timeline
	Hours    string // with user enterprises, in words; empty: none
	Months   []RightLine
}

// RightLine is a right or an obligation in words.
type RightLine struct{ Label, Text string }

// Timeline is the drawing of dated rights; its list in words says the same.
type Timeline struct {
	Title, Desc string
	Width       int
	Height      int
	Base        int // where the lines of dates end
	Bars        []TimeBar
	Ticks       []TimeTick
	Today       int
	TodayWords  string
	TodayAnchor string
}

// TimeBar is one span on its line.
type TimeBar struct {
	X, Y, Width int
	TextX       int
	TextY       int
	Anchor      string
	Label       string
	Class       string // see styles.css: .rights
	Open        bool   // its end is not said
}

// TimeTick is the beginning of a year or of half of one.
type TimeTick struct {
	X    int
	Text string
}

// Shown says whether there is anything to draw.
func (t Timeline) Shown() bool { return len(t.Bars) > 0 }

// The measures of the drawing, in its own units.
const (
	timeWidth = 760
	timeLeft  = 12
	timeRow   = 46
	timeTop   = 24
)

func (c *call) rightsView(rights []people.Right, hours []people.MonthHours) RightsView {
	view := RightsView{Timeline: c.timeline(rights)}
	for _, r := range rights {
		view.Lines = append(view.Lines, RightLine{c.T("journey.right." + string(r.Kind)), c.rightWords(r)})
	}
	if end, ok := people.PassEnd(rights, c.now); ok {
		view.Lines = append(view.Lines, RightLine{c.T("journey.pass_end"), c.T("journey.pass_end_text", "Day", c.ShortDate(end))})
	}
	total := 0.0
	for _, h := range hours {
		words := c.Decimal(h.Hours, 1) + nbsp + "h"
		if h.Derogated {
			words = joined(", ", words, c.T("journey.derogated"))
		} else {
			total += h.Hours
		}
		view.Months = append(view.Months, RightLine{c.monthWords(h.Month), words})
	}
	if len(hours) > 0 {
		view.Hours = c.N("journey.hours_total", len(hours), "Total", c.Decimal(total, 1))
	}
	return view
}

func (c *call) monthWords(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return upperFirst(months[c.Lang][t.Month()]) + " " + strconv.Itoa(t.Year())
}

// rightWords says the dates of a right, and by which kind of body a clause was validated.
func (c *call) rightWords(r people.Right) string {
	switch r.Kind {
	case people.FirstMission:
		return upperFirst(c.civilDay(r.From))
	case people.MedicalVisit:
		words := c.T("journey.visit_done", "Day", c.civilDay(r.From))
		if r.Until != "" {
			words = joined(" ; ", words, c.T("journey.visit_next", "Day", c.civilDay(r.Until)))
		}
		for _, rome := range r.Occupations {
			words = joined(" ; ", words, occupationWords(rome, ""))
		}
		return upperFirst(words)
	case people.ClauseEligible:
		words := c.T("journey.clause_yes", "Day", c.civilDay(r.From), "Body", c.T("journey.body."+string(r.Body)))
		if r.Until != "" {
			words = joined(", ", words, c.T("journey.until", "To", c.civilDay(r.Until)))
		}
		return upperFirst(words)
	}
	return upperFirst(c.spanWords(r.From, r.Until))
}

// timeline draws the rights that last, each on the line of its kind.
func (c *call) timeline(rights []people.Right) Timeline {
	today, _ := time.Parse(time.DateOnly, c.today())
	first, last := today.AddDate(0, -3, 0), today.AddDate(0, 6, 0)
	rows := map[people.RightKind]int{}
	var order []people.RightKind
	var said []string
	for _, r := range rights {
		from, until, open := c.spanOf(rights, r, today)
		if from.IsZero() {
			continue
		}
		if first.After(from) {
			first = from
		}
		if until.After(last) {
			last = until
		}
		if _, seen := rows[r.Kind]; !seen {
			rows[r.Kind] = len(order)
			order = append(order, r.Kind)
		}
		words := c.T("journey.right."+string(r.Kind)) + nbsp + ": " + c.rightWords(r)
		if open {
			words = joined(", ", words, c.T("journey.open_end"))
		}
		said = append(said, words)
	}
	t := Timeline{Width: timeWidth, Height: timeTop + timeRow*len(order) + 28, Base: timeTop + timeRow*len(order) + 4, Title: c.T("journey.timeline"), Desc: strings.Join(said, ". ") + "."}
	x := func(day time.Time) int {
		return timeLeft + int(day.Sub(first).Hours()/last.Sub(first).Hours()*float64(timeWidth-2*timeLeft))
	}
	for _, r := range rights {
		from, until, open := c.spanOf(rights, r, today)
		if from.IsZero() {
			continue
		}
		y := timeTop + timeRow*rows[r.Kind]
		bar := TimeBar{X: x(from), Y: y + 18, Width: max(x(until)-x(from), 4), TextX: x(from), TextY: y + 12, Anchor: "start", Class: string(r.Kind), Open: open}
		if bar.X > timeWidth/2 { // its name would stick out
			bar.TextX, bar.Anchor = max(x(until), bar.X+bar.Width), "end"
		}
		if !labelled(t.Bars, bar.Class) {
			bar.Label = c.T("journey.right." + string(r.Kind))
		}
		t.Bars = append(t.Bars, bar)
	}
	t.Today, t.TodayWords, t.TodayAnchor = x(today), c.T("journey.today"), "middle"
	if t.Today > timeWidth-60 {
		t.TodayAnchor = "end"
	}
	for year := first.Year() + 1; year <= last.Year(); year++ {
		if at := x(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)); at < timeWidth-30 && (at-t.Today > 50 || t.Today-at > 50) {
			t.Ticks = append(t.Ticks, TimeTick{at, strconv.Itoa(year)})
		}
	}
	return t
}

func labelled(bars []TimeBar, class string) bool {
	for _, b := range bars {
		if b.Class == class {
			return true
		}
	}
	return false
}

// spanOf is what a right covers; of one that is not said to end, until what the
// rule gives, or today. A visit and a first mission are days, drawn as such.
func (c *call) spanOf(rights []people.Right, r people.Right, today time.Time) (from, until time.Time, open bool) {
	from, err := time.Parse(time.DateOnly, r.From)
	if err != nil {
		return time.Time{}, time.Time{}, false
	}
	until, err = time.Parse(time.DateOnly, r.Until)
	switch {
	case r.Kind == people.FirstMission:
		return from, from.AddDate(0, 0, 6), false
	case err == nil:
		return from, until, false
	case r.Kind == people.PassIAE:
		if end, ok := people.PassEnd(rights, c.now); ok && end.After(from) {
			return from, end, false
		}
	case r.Kind == people.MedicalVisit:
		return from, from.AddDate(0, 0, 6), false
	}
	if from.After(today) {
		return from, from.AddDate(0, 1, 0), true
	}
	return from, today, true
}
