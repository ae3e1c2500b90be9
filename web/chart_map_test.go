package web

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/territories"
	"maillage/territories/mesh"
)

// five are invented territories: two figures, one withheld, one not collected, one of
// which nothing is said, and one that is nowhere on the map.
func five() (AreaMap, mesh.Sheet) {
	region := func(code string) territories.Ref { return territories.Ref{Kind: territories.KindRegion, Code: code} }
	sheet := mesh.Sheet{ViewBox: "0 0 40 40", Missing: []territories.Ref{region("06")}}
	for i, code := range []string{"11", "24", "27", "28", "32"} {
		sheet.Areas = append(sheet.Areas, mesh.Area{Ref: region(code), Path: "M0 0l9 0 0 9z", X: 4 + 8*i, Y: 4})
	}
	sheet.Insets = []mesh.Inset{{Ref: region("32"), Name: "Loin", X: 0, Y: 30, Width: 10, Height: 10}}
	in := AreaMap{ChartFrame: ChartFrame{ID: "carte", Title: "Sorties, par région", Desc: "Carte."}, Unit: "%", Values: map[string]AreaValue{
		"11": {"Une", "#t-R11", Value{Number: 41, Text: "41 %", Note: "sur 100"}}, "24": {"Deux", "#t-R24", Value{Number: 69, Text: "69 %"}},
		"27": {"Trois", "/pourquoi", Value{Status: Masked}}, "28": {"Quatre", "#t-R28", Value{Status: NotCollected}}, "06": {"Ailleurs", "#t-R06", Value{Number: 50, Text: "50 %"}},
	}}
	return in, sheet
}

// Each area is a link that says its name and its figure; withheld, not collected and
// nothing are three textures and three words; what has no place on the map is named.
func TestChartOfAreas(t *testing.T) {
	t.Parallel()
	in, sheet := five()
	for _, lang := range Langs() {
		goldenChart(t, "areas."+string(lang)+".html", drawing(t, lang, "areas", localeOf(t, lang).drawAreas(in, sheet)))
	}
	got := strings.NewReplacer(nbsp, " ", "\u202f", " ").Replace(drawing(t, French, "areas", localeOf(t, French).drawAreas(in, sheet)))
	for _, want := range []string{`href="#t-R11" aria-label="Une : 41 %, sur 100"`, `href="/pourquoi" aria-label="Trois : masqué"`, `aria-label="Quatre : non collecté"`,
		`class="t-1"`, `class="t-3"`, `class="t-masked"`, `class="t-absent"`, `class="a-none"`, "connu, et protégé", "Ailleurs", "Loin", ">41 %</text>"} {
		if !strings.Contains(got, want) {
			t.Errorf("the map does not say %q in %s", want, got)
		}
	}
	if n := strings.Count(got, "<a href="); n != 4 {
		t.Errorf("%d links", n)
	}
}

// Classes are at most four, of one width, and hold every figure.
func TestChartAreasHoldEveryFigure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		figures := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 18).Draw(t, "figures")
		s := stepsOf(figures)
		if s.n < 1 || s.n > areaClasses {
			t.Fatalf("%+v", s)
		}
		for _, v := range figures {
			if k := s.class(v); k < 1 || k > s.n || v < s.from+float64(k-1)*s.step-s.step*1e-6 || v > s.from+float64(k)*s.step+s.step*1e-6 {
				t.Fatalf("%v in class %d of %+v", v, k, s)
			}
		}
	})
}
