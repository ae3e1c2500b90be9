package publication

import (
	"testing"

	"maillage/indicators/catalogue"
	"maillage/territories"
)

// Plans that differ by a definition or a breakdown have titles that differ.
func TestTitlesTellPlansApart(t *testing.T) {
	t.Parallel()
	all, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	one := Plan{Indicators: []Chosen{{"C08", 1}}, Level: Region, Years: []int{2024}}
	seen := map[string]bool{}
	for _, p := range []Plan{one, {Indicators: []Chosen{{"C08", 2}}, Level: Region, Years: one.Years}, {Indicators: one.Indicators, Level: Region, Kinds: true, Years: one.Years},
		{Indicators: one.Indicators, Level: Region, Sex: true, Years: one.Years}, {Indicators: one.Indicators, Level: Region, Age: true, Years: one.Years}, {Indicators: one.Indicators, Level: Region, Public: true, Years: one.Years},
		{Indicators: one.Indicators, Level: Region, Territories: []string{"R84"}, Years: one.Years}, {Indicators: one.Indicators, Level: Region, Territories: []string{"R84", "R53"}, Years: one.Years}} {
		title := (&Service{atlas: atlas}).title(p, all)
		if seen[title.FR] || seen[title.EN] {
			t.Errorf("again %+v", title)
		}
		seen[title.FR], seen[title.EN] = true, true
	}
}
