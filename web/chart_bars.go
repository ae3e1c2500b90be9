package web

import (
	"slices"
	"strings"
)

// StackedBars are parts of a whole, period by period. At most four parts: past
// that, nobody tells them apart, whatever the colours.
type StackedBars struct {
	ChartFrame
	Unit    string
	Parts   []string // from the bottom
	Total   string   // the name of the whole
	Table   string   // caption of the table
	Corner  string   // head of its first column
	Columns []BarColumn
	Breaks  []SeriesBreak
}

// BarColumn is one period.
type BarColumn struct {
	Name  string
	Parts []Value
	Whole Value
}

// BarsFigure is a chart of bars ready to draw, and its table.
type BarsFigure struct {
	ChartFrame
	Ticks   []Tick
	Columns []DrawnColumn
	Names   []BarName
	Cuts    []string // places where years are missing
	Breaks  []string // what the signs of break in the names of columns say
	Table   ChartTable
}

// DrawnColumn is one column, in coordinates.
type DrawnColumn struct {
	Name, Middle  string
	Segments      []Segment
	Total, TotalY string
	Gap           *Gap
}

// Segment is a part of a column; its figure is written where there is room.
type Segment struct {
	N                   int
	X, Y, Width, Height string
	Text, TextY         string
}

// Gap stands where a figure is missing: its outline and its word say which way.
type Gap struct {
	Status              ValueStatus
	X, Y, Width, Height string
	Lines               []GapLine
}

// GapLine is a word in a gap.
type GapLine struct{ Text, Y string }

// BarName names a part, at the right of the last column: a line leads to the part,
// or a swatch stands for it where that column has a gap.
type BarName struct {
	N                       int
	Text, From, X, Y, TextY string
	Swatch                  string // top of the swatch; "": a line leads there
}

const (
	maxParts   = 4
	labelRoom  = 20.0 // height that a figure needs inside a bar
	gapHeight  = 46.0
	nameSpace  = 19.0 // between two names at the right
	widestBar  = 86.0
	narrowness = .62 // of a column's room
)

// drawBars lays out stacked bars. Heights follow the unrounded values, figures are
// those of the table; parts that are not known are drawn as one gap up to the whole.
func (l *Locale) drawBars(in StackedBars) BarsFigure {
	in.Parts = in.Parts[:min(len(in.Parts), maxParts)]
	highest := 0.0
	for _, c := range in.Columns {
		highest = max(highest, c.Whole.Number)
	}
	s := scaleTo(highest)
	fig := BarsFigure{ChartFrame: in.ChartFrame, Ticks: l.ticks(s, in.Unit), Table: in.table()}
	at := slotsOf(in.periods())
	fig.Cuts = at.empty()
	for _, b := range in.Breaks {
		fig.Breaks = append(fig.Breaks, in.Columns[b.Before].Name+l.T("chart.colon")+" "+b.Why)
	}
	width := min(widestBar, chartWidth/float64(at.count)*narrowness)
	for i, c := range in.Columns {
		x := at.middle(at.at[i]) - width/2
		fig.Columns = append(fig.Columns, l.drawColumn(c, len(in.Parts), s, x, width, in.Unit))
		if i == len(in.Columns)-1 {
			fig.Names = in.names(c, s, x+width)
		}
	}
	return fig
}

func (in StackedBars) periods() (names []string) {
	for _, c := range in.Columns {
		names = append(names, c.Name)
	}
	return names
}

func (l *Locale) drawColumn(c BarColumn, parts int, s scale, x, width float64, unit string) DrawnColumn {
	d := DrawnColumn{Name: c.Name, Middle: px(x + width/2)}
	if c.Whole.Status != Shown {
		d.Gap = l.gap(c.Whole, x, chartBottom-gapHeight, width, gapHeight-1)
		return d
	}
	d.Total, d.TotalY = l.withUnit(c.Whole.Text, unit), px(s.y(c.Whole.Number)-9)
	below, missing := 0.0, Value{}
	for n := range parts {
		if n >= len(c.Parts) || c.Parts[n].Status == Nobody {
			continue
		}
		v := c.Parts[n]
		if v.Status != Shown {
			missing = v
			continue
		}
		d.Segments = append(d.Segments, segment(n+1, v, s.y(below), s.y(below+v.Number), x, width))
		below += v.Number
	}
	if height := s.y(below) - s.y(c.Whole.Number); missing.Status != Shown && height > 2 {
		d.Gap = l.gap(missing, x, s.y(c.Whole.Number)+1, width, height-2)
	}
	return d
}

// segment leaves a gap of two between neighbours, so that no colour is needed.
func segment(n int, v Value, bottom, top, x, width float64) Segment {
	height := max(bottom-top-2, 0)
	one := Segment{N: n, X: px(x), Y: px(top + 1), Width: px(width), Height: px(height)}
	if height >= labelRoom {
		one.Text, one.TextY = v.Text, px((top+bottom)/2+6)
	}
	return one
}

func (l *Locale) gap(v Value, x, y, width, height float64) *Gap {
	g := &Gap{Status: v.Status, X: px(x), Y: px(y), Width: px(width), Height: px(height)}
	words := strings.Fields(or(v.Text, l.T("value."+v.Status.Key())))
	from := y + height/2 + 5 - float64(len(words)-1)*8
	for i, w := range words {
		g.Lines = append(g.Lines, GapLine{w, px(from + float64(i)*16)})
	}
	return g
}

// names stand beside the last column, each at the middle of its part; close ones
// are pushed apart, from the bottom.
func (in StackedBars) names(c BarColumn, s scale, x float64) (list []BarName) {
	if !c.whole(len(in.Parts)) {
		return in.swatches()
	}
	below, floor := 0.0, chartBottom+nameSpace
	for n, name := range in.Parts {
		v := c.Parts[n]
		at := min((s.y(below)+s.y(below+v.Number))/2, floor-nameSpace)
		below, floor = below+v.Number, at
		list = append(list, BarName{N: n + 1, Text: name, From: px(x + 4), X: px(x + 22), Y: px(at), TextY: px(at + 5)})
	}
	return list
}

// whole says whether every part of a column is known.
func (c BarColumn) whole(parts int) bool {
	return c.Whole.Status == Shown && len(c.Parts) >= parts && !slices.ContainsFunc(c.Parts, func(v Value) bool { return v.Status != Shown })
}

// swatches name the parts in the order of the columns, the highest first.
func (in StackedBars) swatches() (list []BarName) {
	for n, name := range in.Parts {
		y := chartTop + nameSpace*1.4*float64(len(in.Parts)-n)
		list = append(list, BarName{N: n + 1, Text: name, From: px(chartRight + 10), X: px(chartRight + 32), TextY: px(y + 5), Swatch: px(y - 7)})
	}
	return list
}

func (in StackedBars) table() ChartTable {
	t := ChartTable{Caption: in.Table, Corner: in.Corner}
	rows := make([]ChartRow, len(in.Parts)+1)
	for i, name := range in.Parts {
		rows[i].Name = name
	}
	rows[len(in.Parts)] = ChartRow{Name: in.Total, Total: true}
	for _, c := range in.Columns {
		t.Head = append(t.Head, c.Name)
		for i := range in.Parts {
			v := Value{Status: NotCollected}
			if i < len(c.Parts) {
				v = c.Parts[i]
			}
			rows[i].Cells = append(rows[i].Cells, v)
		}
		rows[len(in.Parts)].Cells = append(rows[len(in.Parts)].Cells, c.Whole)
	}
	t.Rows, t.Key = rows, keyOf(rows)
	return t
}
