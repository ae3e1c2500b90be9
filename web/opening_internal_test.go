package web

import (
	"testing"

	"maillage/indicators/publication"
)

// A later release by zones, or that holds nothing, takes no map away.
func TestFiguresOpenOnTheLastYearByRegion(t *testing.T) {
	t.Parallel()
	given := func(year int, place string, m publication.Mark) publication.Reading {
		return publication.Reading{Year: year, Territory: place, Mark: m}
	}
	regions := []publication.Reading{given(2011, "FR", publication.Given), given(2011, "R84", publication.Given)}
	zones := []publication.Reading{given(2024, "FR", publication.Given), given(2025, "FR", publication.ND), given(2025, "R84", publication.Awaited), given(2025, "zone-1", publication.Given)}
	for name, c := range map[string]struct {
		readings []publication.Reading
		year     int
	}{
		"regions, then zones":          {append(regions, zones...), 2011},
		"France alone":                 {zones, 2024},
		"nothing has a value":          {zones[1:3], 2025},
		"regions of two years":         {append(regions, given(2012, "R84", publication.Given)), 2012},
		"hidden everywhere, then less": {append(regions, given(2013, "R84", publication.Hidden)), 2011},
	} {
		if got := opening(&publication.Table{Readings: c.readings}); got != c.year {
			t.Errorf("%s: opens on %d, not %d", name, got, c.year)
		}
	}
}
