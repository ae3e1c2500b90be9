package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawing renders a component in a language; the sprite's address changes with its
// content, so it is left out of what is compared.
func drawing(t *testing.T, lang Lang, block string, data any) string {
	t.Helper()
	locales, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	set, err := parsePages(map[Lang]*Locale{lang: locales[lang]}, assets)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := set[lang]["observatory"].ExecuteTemplate(&b, block, data); err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`/assets/[^"#]*sprite\.svg`).ReplaceAllString(b.String(), "sprite.svg")
}

func localeOf(t *testing.T, lang Lang) *Locale {
	t.Helper()
	locales, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	return locales[lang]
}

func goldenChart(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "charts", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v): read the diff after go test ./web -run Chart -update", name, err)
	}
	if err := xml.Unmarshal([]byte("<a>"+strings.ReplaceAll(got, "<br>", "<br/>")+"</a>"), new(struct{})); err != nil {
		t.Errorf("%s is not well formed: %v", name, err)
	}
}

func plain(number float64) Value {
	return Value{Number: number, Text: strconv.FormatFloat(number, 'f', 0, 64)}
}

// exitBars are four invented years: known, known with a part withheld, not collected, and none at all.
func exitBars() StackedBars {
	return StackedBars{
		ChartFrame: ChartFrame{ID: "essai", Title: "Sorties", Desc: "Une année manque.", Caption: "Pour 100 sorties."},
		Unit:       "%", Parts: []string{"Durable", "Transition", "Positive"}, Total: "Dynamiques", Table: "Les mêmes valeurs", Corner: "Vers",
		Columns: []BarColumn{
			{Name: "2001", Parts: []Value{{Number: 27.6, Text: "28"}, {Number: 19.6, Text: "20"}, {Number: 12.6, Text: "13"}}, Whole: Value{Number: 59.8, Text: "60", Note: "1 000 sorties"}},
			{Name: "2002", Parts: []Value{plain(25), {Status: Masked, Href: "#pourquoi"}, plain(2)}, Whole: plain(50)},
			{Name: "2003", Parts: []Value{{Status: NotCollected}, {Status: NotCollected}, {Status: NotCollected}}, Whole: Value{Status: NotCollected}},
			{Name: "2004", Parts: []Value{{Status: Nobody, Text: "0 sortie"}, {Status: Nobody, Text: "0 sortie"}, {Status: Nobody, Text: "0 sortie"}}, Whole: Value{Status: Nobody, Text: "0 sortie"}},
		},
	}
}

func TestChartOfBars(t *testing.T) {
	t.Parallel()
	for _, lang := range Langs() {
		got := drawing(t, lang, "figure-bars", localeOf(t, lang).drawBars(exitBars()))
		goldenChart(t, "bars."+string(lang)+".html", got)
	}
	got := drawing(t, French, "figure-bars", localeOf(t, French).drawBars(exitBars()))
	for _, want := range []string{"<title", "<desc", `role="img"`, "non collecté", "masqué", "0 sortie", `href="#pourquoi"`, "1 000 sorties", `class="gap absent"`, `class="gap masked"`, `class="gap nobody"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	if strings.Count(got, ">2</text>") != 0 {
		t.Error("a figure is written where there is no room for it")
	}
}

// The whole is drawn where its unrounded value is, and its parts fill it exactly.
func TestChartBarsFillTheirWhole(t *testing.T) {
	t.Parallel()
	l := localeOf(t, French)
	rapid.Check(t, func(t *rapid.T) {
		var c BarColumn
		sum := 0.0
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			v := rapid.Float64Range(0, 5000).Draw(t, "value")
			c.Parts, sum = append(c.Parts, Value{Number: v}), sum+v
		}
		c.Whole = Value{Number: sum}
		fig := l.drawBars(StackedBars{Parts: make([]string, len(c.Parts)), Columns: []BarColumn{c}})
		s := scaleTo(sum)
		if s.top < sum || sum > 0 && s.top > 2*sum || s.top/s.step > 4.5 {
			t.Fatalf("%v on a scale to %v by %v", sum, s.top, s.step)
		}
		last := fig.Columns[0].Segments[len(c.Parts)-1]
		y, _ := strconv.ParseFloat(last.Y, 64)
		if d := y - 1 - s.y(sum); d > .06 || d < -.06 {
			t.Fatalf("the top is at %v, the whole at %v", y-1, s.y(sum))
		}
		if fig.Columns[0].Gap != nil {
			t.Fatal("a gap where everything is known")
		}
		for i, n := range fig.Names {
			at, _ := strconv.ParseFloat(n.Y, 64)
			if i == 0 {
				continue
			}
			if before, _ := strconv.ParseFloat(fig.Names[i-1].Y, 64); before-at < nameSpace-.2 {
				t.Fatalf("two names at %v and %v", before, at)
			}
		}
	})
}

func lineChart() LineChart {
	return LineChart{
		ChartFrame: ChartFrame{ID: "lignes", Title: "Effectifs", Desc: "Deux séries.", Caption: "Personnes."},
		Table:      "Les mêmes valeurs", Corner: "Salariés", Periods: []string{"2001", "2002", "2003", "2004"},
		Series: []LineSeries{{"Insertion", []Value{plain(770), plain(710), {Status: NotCollected}, plain(797)}}, {"Permanents", []Value{plain(300), {Status: Masked}, plain(340), plain(760)}}},
		Breaks: []SeriesBreak{{Before: 1, Why: "la présence demandée a changé."}},
	}
}

func TestChartOfLines(t *testing.T) {
	t.Parallel()
	for _, lang := range Langs() {
		goldenChart(t, "lines."+string(lang)+".html", drawing(t, lang, "figure-lines", localeOf(t, lang).drawLines(lineChart())))
	}
	fig := localeOf(t, French).drawLines(lineChart())
	if got := fig.Lines[0].Path; strings.Count(got, "M") != 3 {
		t.Errorf("the line goes on across a break or a gap: %s", got)
	}
	if fig.Lines[0].Marks[2].Status != NotCollected || fig.Lines[1].Marks[1].Status != Masked {
		t.Errorf("%+v", fig.Lines)
	}
	over, _ := strconv.ParseFloat(fig.Lines[0].Marks[3].Y, 64)
	under, _ := strconv.ParseFloat(fig.Lines[1].Marks[3].Y, 64)
	if under-over < 16 {
		t.Errorf("two figures are written over each other, at %v and %v", over, under)
	}
	first, _ := strconv.ParseFloat(fig.Lines[0].Y, 64)
	second, _ := strconv.ParseFloat(fig.Lines[1].Y, 64)
	if second-first < nameSpace-.2 {
		t.Errorf("two names at %v and %v", first, second)
	}
}

func TestChartOfNothing(t *testing.T) {
	t.Parallel()
	l := localeOf(t, English)
	if got := drawing(t, English, "figure-bars", l.drawBars(StackedBars{})); strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
		t.Error(got)
	}
	if got := drawing(t, English, "figure-lines", l.drawLines(LineChart{})); strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
		t.Error(got)
	}
}

// Each reason for a missing figure has its own word, explanation and icon.
func TestChartStatusesAreTold(t *testing.T) {
	t.Parallel()
	sprite, err := assetFiles.ReadFile("assets/sprite.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Langs() {
		l, words := localeOf(t, lang), map[string]bool{}
		for s := NotCollected; s < statuses; s++ {
			word := l.T("value." + s.Key())
			if words[word] || !l.Has("value."+s.Key()) || !l.Has("value."+s.Key()+"_said") || !strings.Contains(string(sprite), `<symbol id="`+s.Icon()+`"`) {
				t.Errorf("%s: %q, icon %q", s.Key(), word, s.Icon())
			}
			words[word] = true
		}
	}
}

// On a phone, periods that would touch are not all named, and the last one always is.
func TestPeriodsThatWouldTouchAreLeftOut(t *testing.T) {
	t.Parallel()
	l := localeOf(t, French)
	in := LineChart{Series: []LineSeries{{Name: "Proposés"}}}
	for m := range 12 {
		in.Periods = append(in.Periods, fmt.Sprintf("%02d/26", m+1))
		in.Series[0].Values = append(in.Series[0].Values, Value{Number: float64(m), Status: Shown})
	}
	var named []string
	for _, one := range l.drawLines(in).Labels {
		if !one.Apart {
			named = append(named, one.Text)
		}
	}
	if want := []string{"02/26", "04/26", "06/26", "08/26", "10/26", "12/26"}; !slices.Equal(named, want) {
		t.Errorf("named on a phone: %v", named)
	}
}
