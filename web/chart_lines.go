package web

import (
	"math"
	"slices"
	"strings"
)

// LineChart is one figure or a few over periods.
type LineChart struct {
	ChartFrame
	Unit    string
	Table   string // caption of the table
	Corner  string
	Periods []string
	Series  []LineSeries
	Breaks  []SeriesBreak
}

// LineSeries is one line; it is told from the others by its stroke and its marks.
type LineSeries struct {
	Name   string
	Values []Value // one a period
}

// SeriesBreak is where two periods do not compare.
type SeriesBreak struct {
	Before int // index of the first period after it
	Why    string
}

// LinesFigure is a line chart ready to draw, and its table.
type LinesFigure struct {
	ChartFrame
	Ticks  []Tick
	Labels []LineLabel // of the periods
	Lines  []DrawnLine
	Breaks []DrawnBreak
	Cuts   []string // places where years are missing
	Unsaid string   // series of which there is no figure to draw; empty: none
	Table  ChartTable
}

// LineLabel is a period under the plot.
type LineLabel struct {
	X, Text string
	Apart   bool // left out on a phone, where it would touch its neighbours
}

// closest is how near two periods may stand in the plot for both to be named on a phone.
const closest = 72

// DrawnLine is one series, in coordinates.
type DrawnLine struct {
	N                       int
	Path                    string
	Marks                   []LineMark
	Name, From, X, Y, TextY string // its name, beside its last figure
}

// LineMark is a point: a figure, or the place where one is missing.
type LineMark struct {
	Status     ValueStatus
	Path       string
	X, Y, Text string
}

// DrawnBreak is a break of the series.
type DrawnBreak struct {
	X    string
	N    int
	Why  string
	Last bool
}

const maxLabels = 18 // figures written in the plot; beyond, the table alone has them

// drawLines lays out a line chart. A missing figure interrupts its line and leaves a
// mark on the base: nothing is drawn across what nobody knows.
func (l *Locale) drawLines(in LineChart) LinesFigure {
	in.Series = in.Series[:min(len(in.Series), maxParts)]
	highest := 0.0
	for _, line := range in.Series {
		for _, v := range line.Values {
			highest = max(highest, v.Number)
		}
	}
	s := scaleTo(highest)
	fig := LinesFigure{ChartFrame: in.ChartFrame, Ticks: l.ticks(s, in.Unit), Table: in.table()}
	named := math.Inf(1) // the last one always is
	for i, p := range slices.Backward(in.Periods) {
		x := in.x(i)
		apart := named-x < closest
		if !apart {
			named = x
		}
		fig.Labels = append(fig.Labels, LineLabel{px(x), p, apart})
	}
	slices.Reverse(fig.Labels)
	for i, b := range in.Breaks {
		fig.Breaks = append(fig.Breaks, DrawnBreak{X: px((in.x(b.Before-1) + in.x(b.Before)) / 2), N: i + 1, Why: b.Why})
	}
	fig.Cuts = slotsOf(in.Periods).empty()
	ends := in.ends(s)
	var shown [][2]float64
	var unsaid []string
	for n, line := range in.Series {
		if !slices.ContainsFunc(line.Values, func(v Value) bool { return v.Status == Shown }) && len(in.Series) > 1 {
			unsaid = append(unsaid, line.Name) // a name beside the axis would be read as zero
			continue
		}
		fig.Lines, shown = append(fig.Lines, in.draw(n, line, s)), append(shown, ends[n])
	}
	if len(unsaid) > 0 {
		fig.Unsaid = l.T("chart.undrawn", "Names", strings.Join(unsaid, ", "))
	}
	spread(fig.Lines, besideNames(shown))
	return fig
}

// leader is the longest line from a figure to its name: a longer one, level beside a
// point that stands alone, is taken for data.
const leader = 30.0

// besideNames brings the points that names lead to within a short line of the names.
func besideNames(ends [][2]float64) [][2]float64 {
	for n := range ends {
		ends[n][0] = max(ends[n][0], chartRight-leader)
	}
	return ends
}

// x is where a period stands.
func (in LineChart) x(i int) float64 {
	s := slotsOf(in.Periods)
	return s.middle(s.at[i])
}

func (in LineChart) draw(n int, line LineSeries, s scale) DrawnLine {
	d := DrawnLine{N: n + 1, Name: line.Name}
	var path strings.Builder
	pen := "M"
	for i, v := range line.Values {
		x, y := in.x(i), s.y(v.Number)
		if slices.ContainsFunc(in.Breaks, func(b SeriesBreak) bool { return b.Before == i }) || i > 0 && apart(in.Periods[i-1], in.Periods[i]) {
			pen = "M"
		}
		if v.Status != Shown {
			pen = "M"
			d.Marks = append(d.Marks, LineMark{Status: v.Status, Path: mark(n, x+float64(n-len(in.Series)/2)*14, chartBottom-9)})
			continue
		}
		path.WriteString(pen + px(x) + " " + px(y))
		pen = "L"
		m := LineMark{Path: mark(n, x, y), X: px(x), Y: px(in.textY(n, i, s))}
		if len(in.Periods)*len(in.Series) <= maxLabels {
			m.Text = v.Text
		}
		d.Marks = append(d.Marks, m)
	}
	d.Path = path.String()
	return d
}

// textY is where a figure is written: above its mark, or under it where another
// series passes just above.
func (in LineChart) textY(n, i int, s scale) float64 {
	y := s.y(in.Series[n].Values[i].Number)
	for o, other := range in.Series {
		if o == n || i >= len(other.Values) || other.Values[i].Status != Shown {
			continue
		}
		if gap := y - s.y(other.Values[i].Number); gap > 0 && gap < 24 || gap == 0 && o < n {
			return y + 22
		}
	}
	return y - 12
}

// mark is a shape of its own for each series: disc, square, triangle, lozenge.
func mark(n int, x, y float64) string {
	at := func(dx, dy float64) string { return px(x+dx) + " " + px(y+dy) }
	switch n {
	case 0:
		return "M" + at(-5, 0) + "a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z"
	case 1:
		return "M" + at(-5, -5) + "h10v10h-10Z"
	case 2:
		return "M" + at(0, -6) + "L" + at(6, 5) + "L" + at(-6, 5) + "Z"
	}
	return "M" + at(0, -7) + "L" + at(6, 0) + "L" + at(0, 7) + "L" + at(-6, 0) + "Z"
}

// ends are the points beside which the names stand: the last known figure.
func (in LineChart) ends(s scale) [][2]float64 {
	list := make([][2]float64, len(in.Series))
	for n, line := range in.Series {
		list[n] = [2]float64{in.x(len(in.Periods) - 1), chartBottom - 9}
		for i, v := range line.Values {
			if v.Status == Shown {
				list[n] = [2]float64{in.x(i), s.y(v.Number)}
			}
		}
	}
	return list
}

// spread writes each name at the right of the plot, close ones pushed apart from
// the top, with a line that leads to the last figure.
func spread(lines []DrawnLine, ends [][2]float64) {
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if ends[a][1] < ends[b][1] {
			return -1
		}
		return 1
	})
	at, above := make([]float64, len(lines)), chartTop-2*nameSpace
	for _, n := range order {
		at[n] = max(ends[n][1], above+nameSpace)
		above = at[n]
	}
	below := chartBottom + nameSpace // none stands under the axis, where its unit is
	for _, n := range slices.Backward(order) {
		y := min(at[n], below-nameSpace)
		below = y
		lines[n].From = "M" + px(ends[n][0]+9) + " " + px(ends[n][1]) + "L" + px(chartRight-4) + " " + px(y) + "h8"
		lines[n].X, lines[n].Y, lines[n].TextY = px(chartRight+8), px(y), px(y+5)
	}
}

func (in LineChart) table() ChartTable {
	t := ChartTable{Caption: in.Table, Corner: in.Corner, Head: in.Periods}
	for _, line := range in.Series {
		t.Rows = append(t.Rows, ChartRow{Name: line.Name, Cells: line.Values})
	}
	t.Key = keyOf(t.Rows)
	return t
}
