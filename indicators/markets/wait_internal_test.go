package markets

import (
	"fmt"
	"math"
	"testing"

	"maillage/indicators/estimate"
)

// waiting are so many markets of a territory, each of its own group, one answered a
// week but for every fourth, which waits for ten weeks.
func waiting(code string, n int) (out []spell) {
	for i := range n {
		s := spell{Spell: estimate.Spell{Time: float64(1 + i), Event: true}, code: code, of: []string{fmt.Sprint("o", i%5)}}
		if i%4 == 3 {
			s.Spell = estimate.Spell{Time: 10}
		}
		out = append(out, s)
	}
	return out
}

// A territory of few has no time; nor has the smallest of the others, where what is left
// beside those that are told would be of few.
func TestATimeOfFewIsWithheld(t *testing.T) {
	t.Parallel()
	by := map[string][]spell{"07": waiting("07", 14), "26": waiting("26", 20), "59": waiting("59", 4)}
	var all []spell
	for _, of := range by {
		all = append(all, of...)
	}
	hidden := hiddenOf(all, by)
	if !hidden["59"] || !hidden["07"] || hidden["26"] {
		t.Errorf("hidden %v", hidden)
	}
	w := waitOf("59", by["59"], true)
	if !w.Withheld || w.Followed != 4 || w.Answered != 3 || !math.IsInf(w.Median, 1) || !math.IsInf(w.First, 1) {
		t.Errorf("of few: %+v", w)
	}
	for name, change := range map[string]func([]spell){
		"one group":         func(of []spell) { each(of, func(s *spell) { s.of = []string{"o"} }) },
		"all answered":      func(of []spell) { each(of, func(s *spell) { s.Event = true }) },
		"nobody answered":   func(of []spell) { each(of, func(s *spell) { s.Event = false }) },
		"nothing to say of": func([]spell) {},
	} {
		of := waiting("26", 20)
		change(of)
		if got := few(of); got != (name != "nothing to say of") {
			t.Errorf("%s: few %v", name, got)
		}
	}
}

func each(of []spell, change func(*spell)) {
	for i := range of {
		change(&of[i])
	}
}

// Steps of five answers or more are told: of forty markets ten are answered in each of
// the first three weeks, and ten wait.
func TestTheTimeToAFirstAnswerHasItsQuartiles(t *testing.T) {
	t.Parallel()
	var of []spell
	for i := range 40 {
		s := spell{Spell: estimate.Spell{Time: float64(1 + i/10), Event: i < 30}, of: []string{fmt.Sprint("o", i%5)}}
		if !s.Event {
			s.Time = 9
		}
		of = append(of, s)
	}
	w := waitOf("", of, few(of))
	if w.Withheld || w.First != 1 || w.Median != 2 || w.Third != 3 || w.Low > 2 || w.High < 2 || w.Answered != 30 {
		t.Errorf("%+v", w)
	}
	of[0].Event, of[0].Time = false, 9 // each time comes later, and three quarters are not reached
	if w := waitOf("", of, few(of)); w.First != 2 || w.Median != 3 || !math.IsInf(w.Third, 1) {
		t.Errorf("%+v", w)
	}
}
