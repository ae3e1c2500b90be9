package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"maillage/territories/mesh"
)

// AreaMap is one figure for each territory of a sheet.
type AreaMap struct {
	ChartFrame
	Unit   string
	Values map[string]AreaValue // by the code of the territory
}

// AreaValue is a figure, where it is of, and the page that says more of it.
type AreaValue struct {
	Name, Href string
	Value      Value
}

// AreasFigure is a map ready to draw. Each area is a link that says its figure; a
// texture says which class it is in, so that no colour is needed.
type AreasFigure struct {
	ChartFrame
	ViewBox string
	Areas   []DrawnArea
	Insets  []DrawnInset
	Legend  []AreaClass
	Unseen  []string // names of the territories that the map cannot show
}

// DrawnArea is one territory. Class is 1 to 4, the key of a status, or none.
type DrawnArea struct {
	Class, Path, Href, Said, Text string
	X, Y                          int
}

// DrawnInset is the frame of an overseas territory, under its name.
type DrawnInset struct {
	mesh.Inset
	Name         string
	NameX, NameY int
}

// AreaClass is a line of the legend.
type AreaClass struct{ Class, Text string }

// areaClasses is how many textures are told apart at a glance.
const areaClasses = 4

// none is the class of a territory of which nothing is said.
const noArea = "none"

// steps are equal classes between round bounds, at most four.
type steps struct {
	from, step float64
	n          int
}

// stepsOf finds the finest round step that makes at most four classes of some figures.
func stepsOf(figures []float64) steps {
	if len(figures) == 0 {
		return steps{}
	}
	low, high := slices.Min(figures), slices.Max(figures)
	span := max(high-low, math.Abs(high)/10, 1e-6) // figures that are alike are no reason for hair-thin classes
	unit := math.Pow(10, math.Floor(math.Log10(span))-1)
	for {
		for _, times := range []float64{1, 2, 5} {
			s := steps{step: unit * times}
			s.from = math.Floor(low/s.step) * s.step
			if s.n = int(math.Floor((high-s.from)/s.step)) + 1; s.n <= areaClasses && s.step*areaClasses >= span {
				return s
			}
		}
		unit *= 10
	}
}

// class is 1 for the lowest.
func (s steps) class(v float64) int {
	return min(s.n, max(1, int(math.Floor((v-s.from)/s.step+1e-9))+1))
}

// drawAreas colours nothing: it gives each area its texture, its figure and its words.
func (l *Locale) drawAreas(in AreaMap, sheet mesh.Sheet) AreasFigure {
	fig := AreasFigure{ChartFrame: in.ChartFrame, ViewBox: sheet.ViewBox}
	for _, in := range sheet.Insets {
		fig.Insets = append(fig.Insets, DrawnInset{in, in.Name, in.X + in.Width/2, in.Y - 8})
	}
	var figures []float64
	for _, v := range in.Values {
		if v.Value.Status == Shown {
			figures = append(figures, v.Value.Number)
		}
	}
	by := stepsOf(figures)
	used := map[string]bool{}
	for _, a := range sheet.Areas {
		drawn := l.drawArea(in.Values[a.Ref.Code], by)
		drawn.Path, drawn.X, drawn.Y = a.Path, a.X, a.Y+8
		used[drawn.Class] = true
		fig.Areas = append(fig.Areas, drawn)
	}
	for _, r := range sheet.Missing {
		if v, there := in.Values[r.Code]; there {
			fig.Unseen = append(fig.Unseen, v.Name)
		}
	}
	fig.Legend = l.areaLegend(by, used, in.Unit)
	return fig
}

func (l *Locale) drawArea(v AreaValue, by steps) DrawnArea {
	a := DrawnArea{Class: noArea, Href: v.Href, Said: v.Name + l.T("chart.colon") + " " + l.valueWords(v.Value), Text: l.shortValue(v.Value)}
	switch {
	case v.Name == "":
		return DrawnArea{Class: noArea}
	case v.Value.Status == Shown:
		a.Class = strconv.Itoa(by.class(v.Value.Number))
	default:
		a.Class = v.Value.Status.Key()
	}
	return a
}

// valueWords is a figure in full, its base after it.
func (l *Locale) valueWords(v Value) string {
	said := cmp.Or(v.Text, l.T("value."+v.Status.Key()))
	if v.Note != "" {
		said += ", " + v.Note
	}
	return said
}

// shortValue is what fits on the drawing; the legend says it in full.
func (l *Locale) shortValue(v Value) string {
	if v.Status == Shown {
		return v.Text
	}
	return l.T("map.short_" + v.Status.Key())
}

func (l *Locale) areaLegend(by steps, used map[string]bool, unit string) (list []AreaClass) {
	bound := func(i int) string { return l.Decimal(by.from+float64(i)*by.step, 2) }
	for i := range by.n {
		if class := strconv.Itoa(i + 1); used[class] {
			list = append(list, AreaClass{class, l.withUnit(l.T("map.class", "From", bound(i), "To", bound(i+1)), unit)})
		}
	}
	for s := NotCollected; s < statuses; s++ {
		if used[s.Key()] {
			list = append(list, AreaClass{s.Key(), l.T("map.short_"+s.Key()) + l.T("chart.colon") + " " + l.T("map.said_"+s.Key())})
		}
	}
	if used[noArea] {
		list = append(list, AreaClass{noArea, l.T("map.said_none")})
	}
	return list
}
