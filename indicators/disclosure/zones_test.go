package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/indicators/disclosure"
)

var zoneRules = disclosure.Rules{MinimumCount: 5, MinimumContributors: 3, Dominance: []disclosure.Dominance{{N: 1, Percent: 85}}}

// country is a grid of places, some empty, where groups have people here and there.
func country(t *rapid.T) []disclosure.Place {
	width, height := rapid.IntRange(1, 7).Draw(t, "width"), rapid.IntRange(1, 7).Draw(t, "height")
	var places []disclosure.Place
	for y := range height {
		for x := range width {
			p := disclosure.Place{Code: fmt.Sprintf("%d%d", x, y), Parts: map[string]float64{}}
			if x > 0 {
				p.Neighbour = append(p.Neighbour, fmt.Sprintf("%d%d", x-1, y))
			}
			if y > 0 {
				p.Neighbour = append(p.Neighbour, fmt.Sprintf("%d%d", x, y-1))
			}
			for range rapid.IntRange(0, 3).Draw(t, "groups") {
				p.Parts[fmt.Sprint("g", rapid.IntRange(0, 20).Draw(t, "group"))] += float64(rapid.IntRange(1, 9).Draw(t, "people"))
			}
			places = append(places, p)
		}
	}
	return places
}

// Zones share out all the places, each in one piece; they are safe wherever the
// whole connected land is; and the order of the places changes nothing.
func TestZonesGrowUntilSafe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		places := country(t)
		zones := disclosure.Zones(places, zoneRules)
		seen := map[string]int{}
		for i, z := range zones {
			for _, code := range z.Places {
				if _, twice := seen[code]; twice {
					t.Fatalf("%s is in two zones", code)
				}
				seen[code] = i
			}
			if !inOnePiece(places, z.Places) {
				t.Fatalf("%v is not in one piece", z.Places)
			}
			if !z.Safe && len(zones) > 1 {
				t.Fatalf("%v is unsafe though it has neighbours", z.Places)
			}
		}
		if len(seen) != len(places) {
			t.Fatalf("%d places of %d", len(seen), len(places))
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		if again := disclosure.Zones(places, zoneRules); !reflect.DeepEqual(zones, again) {
			t.Fatalf("another order, other zones: %v, %v", zones, again)
		}
	})
}

func inOnePiece(places []disclosure.Place, codes []string) bool {
	touch := map[string][]string{}
	for _, p := range places {
		for _, n := range p.Neighbour {
			touch[p.Code], touch[n] = append(touch[p.Code], n), append(touch[n], p.Code)
		}
	}
	reached, queue := map[string]bool{codes[0]: true}, []string{codes[0]}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, n := range touch[queue[0]] {
			if !reached[n] && slices.Contains(codes, n) {
				reached[n] = true
				queue = append(queue, n)
			}
		}
	}
	return len(reached) == len(codes)
}

// One group in many places is one contributor: its zone grows until others join.
func TestOneGroupIsOneContributor(t *testing.T) {
	t.Parallel()
	chain := []disclosure.Place{
		{Code: "a", Neighbour: []string{"b"}, Parts: map[string]float64{"x": 10}},
		{Code: "b", Neighbour: []string{"c"}, Parts: map[string]float64{"x": 10}},
		{Code: "c", Neighbour: []string{"d"}, Parts: map[string]float64{"x": 10}},
		{Code: "d", Neighbour: []string{"e"}, Parts: map[string]float64{"x": 10}},
		{Code: "e", Neighbour: []string{"f"}, Parts: map[string]float64{"x": 9, "y": 9, "z": 9}},
		{Code: "f", Parts: map[string]float64{"x": 90, "y": 90, "z": 90}},
		{Code: "island", Parts: map[string]float64{"x": 9}},
	}
	zones := disclosure.Zones(chain, zoneRules)
	want := []disclosure.Zone{{Places: []string{"a", "b", "c", "d", "e"}, Safe: true}, {Places: []string{"f"}, Safe: true}, {Places: []string{"island"}}}
	if !reflect.DeepEqual(zones, want) {
		t.Errorf("%v, expected %v", zones, want)
	}
}

// As many places as the country has communes.
func BenchmarkZones35000(b *testing.B) {
	chance := rand.New(rand.NewPCG(35, 1))
	var places []disclosure.Place
	for y := range 175 {
		for x := range 200 {
			p := disclosure.Place{Code: fmt.Sprintf("%03d%03d", x, y), Parts: map[string]float64{},
				Neighbour: []string{fmt.Sprintf("%03d%03d", x+1, y), fmt.Sprintf("%03d%03d", x, y+1)}}
			if chance.Float64() < 0.05 {
				p.Parts[fmt.Sprint(chance.IntN(400))] = float64(1 + chance.IntN(40))
			}
			places = append(places, p)
		}
	}
	for b.Loop() {
		zones := disclosure.Zones(places, zoneRules)
		b.ReportMetric(float64(len(zones)), "zones")
	}
}
