package web

import (
	"math"
	"slices"
	"strings"

	"maillage/indicators/estimate"
)

// StepChart is the share still waiting over time, with its band: those who have not
// answered yet are kept for as long as they were followed.
type StepChart struct {
	ChartFrame
	Unit   string    // of time, in words: semaines
	Units  string    // weeks or months
	Axis   string    // what the height is: Sans réponse
	Table  string    // caption of the table
	Median string    // its last line: Moitié aboutie en
	Times  []float64 // lines of the table, and marks of the axis, in order
	Groups []StepGroup
}

// StepGroup is one curve. Cut it (Curve.While) before it is drawn, where few are followed.
type StepGroup struct {
	Name  string
	Curve estimate.Curve
}

// StepsFigure is a step chart ready to draw, and its table.
type StepsFigure struct {
	ChartFrame
	Axis, Unit string
	Key        string // what the marks mean
	Ticks      []Tick
	Labels     []LineLabel
	Half       string // height of a half
	Curves     []DrawnCurve
	Table      ChartTable
}

// DrawnCurve is one curve, in coordinates.
type DrawnCurve struct {
	N                       int
	Band, Path, Censored    string
	Name, From, X, Y, TextY string
}

// drawSteps lays out the curves. Bands and ticks are drawn for two at most: more hide each other.
func (l *Locale) drawSteps(in StepChart) StepsFigure {
	in.Groups = in.Groups[:min(len(in.Groups), maxParts)]
	s, last := scale{1, .25}, in.last()
	fig := StepsFigure{ChartFrame: in.ChartFrame, Axis: in.Axis, Unit: in.Unit, Half: px(s.y(.5)), Table: l.stepTable(in), Key: l.T("chart.steps_key")}
	if len(in.Groups) > 2 {
		fig.Key = l.T("chart.steps_key_many")
	}
	for _, tick := range []float64{0, .25, .5, .75, 1} {
		fig.Ticks = append(fig.Ticks, Tick{Y: px(s.y(tick)), TextY: px(s.y(tick) + 5), Text: l.Percent(tick)})
	}
	for _, t := range in.marks(last) {
		fig.Labels = append(fig.Labels, LineLabel{X: px(stepX(t, last)), Text: l.Decimal(t, 1)})
	}
	ends, lines := make([][2]float64, len(in.Groups)), make([]DrawnLine, len(in.Groups))
	for n, g := range in.Groups {
		d := drawCurve(g.Curve, s, last)
		d.N, d.Name = n+1, g.Name
		if len(in.Groups) > 2 {
			d.Band, d.Censored = "", ""
		}
		at, _ := g.Curve.At(g.Curve.Last)
		ends[n] = [2]float64{stepX(g.Curve.Last, last), s.y(at.Survival)}
		fig.Curves = append(fig.Curves, d)
	}
	spread(lines, besideNames(ends))
	for n, line := range lines {
		c := &fig.Curves[n]
		c.From, c.X, c.Y, c.TextY = line.From, line.X, line.Y, line.TextY
	}
	return fig
}

// fewestUnits is the shortest axis, in its unit: a step that stands alone is read on it.
const fewestUnits = 4

// marks are the times written on the axis: from zero, those of the table, or each unit
// where they are too few to read the others by.
func (in StepChart) marks(last float64) []float64 {
	list := append([]float64{0}, in.Times...)
	if len(list) > 2 {
		return list
	}
	list = list[:0]
	for t := 0.0; t <= last; t++ {
		list = append(list, t)
	}
	return list
}

// lasting says a time in its unit, weeks or months: 1 week, 2.5 weeks.
func (l *Locale) lasting(t float64, units string) string {
	if t == math.Trunc(t) {
		return l.N("delays."+units+"_n", int(t))
	}
	return l.Decimal(t, 1) + nbsp + l.T("delays."+units)
}

// last is the end of the axis: the longest time followed, or asked.
func (in StepChart) last() float64 {
	last := float64(fewestUnits)
	for _, t := range in.Times {
		last = max(last, t)
	}
	for _, g := range in.Groups {
		last = max(last, g.Curve.Last)
	}
	return last
}

func stepX(t, last float64) float64 {
	if last <= 0 {
		return chartLeft
	}
	return chartLeft + t/last*(chartRight-chartLeft-8)
}

// tickSpace is between two ticks at least.
const tickSpace = 6.0

// drawCurve writes the steps, the band around them and a tick for each censored time.
func drawCurve(c estimate.Curve, s scale, last float64) DrawnCurve {
	var path, up, down, ticks strings.Builder
	before := estimate.Step{Survival: 1, Low: 1, High: 1}
	x := px(stepX(0, last))
	path.WriteString("M" + x + " " + px(s.y(1)))
	up.WriteString("M" + x + " " + px(s.y(1)))
	back := []string{"L" + x + " " + px(s.y(1)) + "Z"}
	for _, step := range append(slices.Clone(c.Steps), estimate.Step{Time: c.Last}) {
		x = px(stepX(step.Time, last))
		path.WriteString("H" + x)
		up.WriteString("H" + x)
		back = append(back, "L"+x+" "+px(s.y(before.Low)))
		if step.AtRisk == 0 { // the end of what was followed
			break
		}
		path.WriteString("V" + px(s.y(step.Survival)))
		up.WriteString("V" + px(s.y(step.High)))
		back = append(back, "L"+x+" "+px(s.y(step.Low)))
		before = step
	}
	for _, b := range slices.Backward(back) {
		down.WriteString(b)
	}
	drawn := -tickSpace
	for _, t := range slices.Sorted(slices.Values(c.Censored)) {
		if at, known := c.At(t); known && stepX(t, last) >= drawn+tickSpace { // closer ones would be a band
			drawn = stepX(t, last)
			ticks.WriteString("M" + px(stepX(t, last)) + " " + px(s.y(at.Survival)-5) + "v10")
		}
	}
	return DrawnCurve{Band: up.String() + down.String(), Path: path.String(), Censored: ticks.String()}
}

// stepTable says at each time the share still waiting, its interval and how many are
// followed, then when half had an answer.
func (l *Locale) stepTable(in StepChart) ChartTable {
	t := ChartTable{Caption: in.Table, Corner: l.T("chart.after", "Unit", in.Unit)}
	half := ChartRow{Name: in.Median, Total: true}
	for _, g := range in.Groups {
		t.Head = append(t.Head, g.Name)
		half.Cells = append(half.Cells, l.halfCell(g.Curve, in.Units))
	}
	for _, time := range in.Times {
		row := ChartRow{Name: l.Decimal(time, 1)}
		for _, g := range in.Groups {
			row.Cells = append(row.Cells, l.stepCell(g.Curve, time))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, half)
	t.Key = keyOf(t.Rows)
	return t
}

func (l *Locale) stepCell(c estimate.Curve, time float64) Value {
	at, known := c.At(time)
	if !known {
		return Value{Status: Beyond}
	}
	note := l.N("chart.followed", c.Waiting(time))
	if at.Events > 0 { // before the first event nothing is estimated
		note = l.T("chart.interval", "Low", l.Percent(at.Low), "High", l.Percent(at.High)) + " · " + note
	}
	return Value{Number: at.Survival, Text: l.Percent(at.Survival), Note: note}
}

func (l *Locale) halfCell(c estimate.Curve, units string) Value { return l.shareCell(c, .5, units) }

// shareCell is the time by which a share came to an end, with its interval.
func (l *Locale) shareCell(c estimate.Curve, share float64, units string) Value {
	at, in, ok := c.Quantile(share)
	if !ok {
		return Value{Text: l.T("chart.half_never")}
	}
	note := l.T("chart.half_from", "Low", l.Decimal(in.Low, 1))
	if !math.IsInf(in.High, 1) {
		note = l.T("chart.interval", "Low", l.Decimal(in.Low, 1), "High", l.Decimal(in.High, 1))
	}
	return Value{Number: at, Text: l.lasting(at, units), Note: note}
}
