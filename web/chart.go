package web

import (
	"math"
	"strconv"
)

// ValueStatus tells apart the reasons why a figure is or is not a number. They are
// never shown alike: not collected is not hidden, and neither is zero.
type ValueStatus uint8

// The statuses.
const (
	Shown        ValueStatus = iota
	NotCollected             // nobody asked: a total over it is not collected either
	Masked                   // known, and protected
	Nobody                   // asked, and the base is zero: there is no rate
	Beyond                   // nobody was followed for so long
	Awaited                  // asked, and not come yet
	Unreleased               // counted or not: nothing of it is published yet
	statuses                 // how many there are
)

// Value is one figure of a chart and of its table.
type Value struct {
	Status ValueStatus
	Number float64 // unrounded: what is drawn
	Text   string  // rounded once: what is written; of Nobody, "0 sortie"
	Note   string  // its base, under it
	Href   string  // of a masked one: why
}

// Key is the status's name in the messages and the styles.
func (s ValueStatus) Key() string {
	return [...]string{"shown", "absent", "masked", "nobody", "beyond", "awaited", "unreleased"}[s]
}

// Icon is the status's icon in the sprite; a figure has none.
func (s ValueStatus) Icon() string {
	return [...]string{"", "absent", "hidden", "none", "clock", "pause", "soon"}[s]
}

// ChartTable holds the same values as a chart, in words.
type ChartTable struct {
	Caption, Corner string
	Head            []string
	Rows            []ChartRow
	Key             []ValueStatus // those that need explaining
}

// ChartRow is a line of the table.
type ChartRow struct {
	ID    string // where a map leads; empty: nothing leads there
	Name  string
	Total bool
	Cells []Value
}

// ChartFrame is what every chart says of itself: its title and description are read
// aloud in place of the drawing.
type ChartFrame struct {
	ID, Title, Desc, Caption string
}

// The drawing is 770 by 386; the plot leaves room for names at its right.
const (
	chartLeft, chartRight  = 40.0, 586.0
	chartTop, chartBottom  = 74.0, 350.0
	chartWidth, chartInner = 560.0, chartBottom - chartTop
)

// slots are where periods stand, one after the other: where years are missing between two
// of them a slot stays empty, so that nothing reads ten years as one.
type slots struct {
	at    []int
	count int
	cuts  []int // the slots left empty
}

func slotsOf(periods []string) slots {
	s := slots{count: len(periods)}
	for i, p := range periods {
		at := i + len(s.cuts)
		if i > 0 && apart(periods[i-1], p) {
			s.cuts = append(s.cuts, at)
			at++
		}
		s.at = append(s.at, at)
	}
	s.count = max(s.count+len(s.cuts), 1)
	return s
}

// apart tells two periods that are years, of which others are between.
func apart(a, b string) bool {
	from, err := strconv.Atoi(yearOf(a))
	until, also := strconv.Atoi(yearOf(b))
	return err == nil && also == nil && until > from+1
}

// yearOf is a period without the sign of a break before it.
func yearOf(period string) string { return period[max(0, len(period)-4):] }

// middle is where a slot stands, in the drawing.
func (s slots) middle(slot int) float64 {
	return chartLeft + chartWidth/float64(s.count)*(float64(slot)+.5)
}

// empty are the places of the slots that are left empty.
func (s slots) empty() (xs []string) {
	for _, cut := range s.cuts {
		xs = append(xs, px(s.middle(cut)))
	}
	return xs
}

// Tick is a line of the grid with its figure.
type Tick struct{ Y, TextY, Text string }

// scale fits values from zero to the first round step above the highest.
type scale struct{ top, step float64 }

func scaleTo(highest float64) scale {
	if highest <= 0 || math.IsNaN(highest) || math.IsInf(highest, 0) {
		return scale{1, 1}
	}
	step := math.Pow(10, math.Floor(math.Log10(highest/2)))
	for _, times := range []float64{1, 2, 5, 10} {
		if highest/(step*times) <= 4 {
			step *= times
			break
		}
	}
	return scale{math.Ceil(highest/step-1e-9) * step, step}
}

// y is the height of a value in the drawing.
func (s scale) y(v float64) float64 { return chartBottom - v/s.top*chartInner }

// ticks are the lines of the grid; the unit is on the last figure alone.
func (l *Locale) ticks(s scale, unit string) []Tick {
	n := int(math.Round(s.top / s.step))
	list := make([]Tick, 0, n+1)
	for i := range n + 1 {
		t := Tick{Y: px(s.y(float64(i) * s.step)), TextY: px(s.y(float64(i)*s.step) + 5), Text: l.Decimal(float64(i)*s.step, 2)}
		if i == n {
			t.Text = l.withUnit(t.Text, unit)
		}
		list = append(list, t)
	}
	return list
}

// withUnit writes a figure with its unit as the language does: 60 %, 60%.
func (l *Locale) withUnit(text, unit string) string {
	switch {
	case unit == "":
		return text
	case unit == "%" && l.Lang == English:
		return text + unit
	}
	return text + nbsp + unit
}

// px writes a coordinate, to a tenth.
func px(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// keyOf lists the statuses of a table that are not figures, in their order.
func keyOf(rows []ChartRow) (key []ValueStatus) {
	seen := [statuses]bool{}
	for _, r := range rows {
		for _, v := range r.Cells {
			seen[v.Status] = true
		}
	}
	for s := NotCollected; s < statuses; s++ {
		if seen[s] {
			key = append(key, s)
		}
	}
	return key
}
