package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/indicators/estimate"
)

// remissions are the remissions of the textbooks (see indicators/estimate), in weeks.
func remissions(*Locale) StepChart {
	group := func(name string, times ...float64) StepGroup {
		var list []estimate.Spell
		for _, t := range times {
			list = append(list, estimate.Spell{Time: math.Abs(t), Event: t > 0})
		}
		c, err := estimate.AalenJohansen(list, .95)
		if err != nil {
			panic(err) // the data are above
		}
		return StepGroup{name, c}
	}
	return StepChart{
		ChartFrame: ChartFrame{ID: "attentes", Title: "Rémissions", Desc: "Deux courbes en escalier.", Caption: "42 personnes."},
		Unit:       "semaines", Units: "weeks", Axis: "Sans rechute", Table: "Les mêmes valeurs", Median: "La moitié en", Times: []float64{5, 10, 20, 30},
		Groups: []StepGroup{
			group("6-MP", 6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35),
			group("Placebo", 1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
		},
	}
}

func TestChartOfSteps(t *testing.T) {
	t.Parallel()
	for _, lang := range Langs() {
		l := localeOf(t, lang)
		goldenChart(t, "steps."+string(lang)+".html", drawing(t, lang, "figure-steps", l.drawSteps(remissions(l))))
	}
	l := localeOf(t, French)
	got := text(drawing(t, French, "figure-steps", l.drawSteps(remissions(l))))
	for _, want := range []string{"75 %", "entre 50 % et 89 %", "15 suivis", "23 semaines", "au moins 13", "entre 4 et 11", "au-delà", "suivi aussi longtemps", "100 % 21 suivis"} {
		if !strings.Contains(got, want) {
			t.Errorf("the table does not say %q: %s", want, got)
		}
	}
}

// Curves that end together have names that stand apart, above the axis; ticks that
// would be a band are not drawn, and none of more than two curves.
func TestNamesAndTicksOfStepsStandApart(t *testing.T) {
	t.Parallel()
	l := localeOf(t, French)
	var list []estimate.Spell
	for i := range 200 {
		list = append(list, estimate.Spell{Time: float64(i) / 10, Event: i%2 == 0})
	}
	c, err := estimate.AalenJohansen(list, .95)
	if err != nil {
		t.Fatal(err)
	}
	fig := l.drawSteps(StepChart{Groups: []StepGroup{{"A", c}, {"B", c}, {"C", c}, {"D", c}}})
	heights := map[float64]bool{}
	for _, d := range fig.Curves {
		var y float64
		if _, err := fmt.Sscan(d.Y, &y); err != nil || y > chartBottom || heights[y] || d.Censored != "" {
			t.Errorf("%s stands at %s, with ticks %q (%v)", d.Name, d.Y, d.Censored, err)
		}
		heights[y] = true
	}
	one := l.drawSteps(StepChart{Groups: []StepGroup{{"A", c}}}).Curves[0]
	if n := strings.Count(one.Censored, "M"); n == 0 || float64(n) > (chartRight-chartLeft)/tickSpace+1 {
		t.Errorf("%d ticks", n)
	}
}

// Curves fall and never rise, from the top left to the end of what was followed.
func TestChartStepsOnlyFall(t *testing.T) {
	t.Parallel()
	l := localeOf(t, English)
	heights := regexp.MustCompile(`V([\d.]+)`)
	rapid.Check(t, func(t *rapid.T) {
		var list []estimate.Spell
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			list = append(list, estimate.Spell{Time: float64(rapid.IntRange(0, 20).Draw(t, "time")), Event: rapid.Bool().Draw(t, "event")})
		}
		c, err := estimate.AalenJohansen(list, .95)
		if err != nil {
			t.Fatal(err)
		}
		fig := l.drawSteps(StepChart{Groups: []StepGroup{{"", c.While(rapid.IntRange(1, 6).Draw(t, "least"))}}})
		if strings.Contains(fig.Curves[0].Path+fig.Curves[0].Band+fig.Curves[0].Censored, "N") {
			t.Fatalf("%+v", fig.Curves[0])
		}
		at := chartTop
		for _, h := range heights.FindAllStringSubmatch(fig.Curves[0].Path, -1) {
			y, _ := strconv.ParseFloat(h[1], 64)
			if y < at {
				t.Fatalf("from %v up to %v", at, y)
			}
			at = y
		}
	})
}
