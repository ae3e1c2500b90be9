package journeys_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/territories"
)

// romans is where the person of these tests lives; north is so many kilometres
// north of it.
var romans = orb.Point{5.05, 45.04}

func north(km float64) orb.Point { return orb.Point{romans[0], romans[1] + km/111.195} }

func on(s string) territories.Date {
	d, err := territories.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// The levels of a language in these tests.
const (
	a1 nomenclatures.Fluency = iota + 1
	a2
	b1
	b2
)

// weekdays are these parts of the days from Monday to Friday.
func weekdays(parts ...int) (s nomenclatures.Slots) {
	for _, p := range parts {
		s |= nomenclatures.Every(0, 4, p)
	}
	return s
}

// cleaner wishes to clean, within 20 km.
func cleaner() *journeys.Person {
	return &journeys.Person{ID: 1, Revision: 1, Home: journeys.NoHome, Point: romans, HasPoint: true, Available: true,
		Wished: []journeys.Occupation{"K2204"}, Kilometres: 20}
}

// cleaning is a job of cleaning, so many kilometres away.
func cleaning(km float64) *journeys.Position {
	return &journeys.Position{ID: 1, Revision: 1, Kind: journeys.Job, Place: journeys.NoPlace, Point: north(km), HasPoint: true,
		Occupations: []journeys.Occupation{"K2204"}}
}

// meet gives the pair, be it a match, a near miss or neither.
func meet(p *journeys.Person, x *journeys.Position, sessions ...*journeys.Position) (m journeys.Match, near *journeys.Near, matched bool) {
	c := journeys.NewRules(journeys.Config{}).Scan(x, []*journeys.Person{p}, sessions, today, journeys.Options{Near: 1})
	if len(c.Matches) == 1 {
		return c.Matches[0], nil, true
	}
	if len(c.Near) == 1 {
		return c.Near[0].Match, &c.Near[0], false
	}
	return journeys.Match{}, nil, false
}

// Each story changes the person or the job of cleaning 5 km away, and says the
// key of one criterion, whether they match, and by how much they miss.
func TestCriteria(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*journeys.Person, *journeys.Position)
		of      journeys.Criterion
		key     string
		matched bool
		near    bool
		by      float32
	}{
		"available": {func(*journeys.Person, *journeys.Position) {}, journeys.Available, "availability.now", true, false, 0},
		"free before it begins": {func(p *journeys.Person, x *journeys.Position) {
			p.From, x.StartsOn = on("2026-12-01"), on("2026-12-01")
		},
			journeys.Available, "availability.by_start", true, false, 0},
		"free nine days too late": {func(p *journeys.Person, x *journeys.Position) {
			p.From, x.StartsOn = on("2026-12-10"), on("2026-12-01")
		},
			journeys.Available, "availability.later", false, true, 9},
		"free later than a job that has begun": {func(p *journeys.Person, x *journeys.Position) {
			p.From, x.StartsOn = on("2026-11-24"), on("2026-01-01")
		},
			journeys.Available, "availability.later", false, true, 1},
		"not available": {func(p *journeys.Person, _ *journeys.Position) { p.Available = false }, journeys.Available, "", false, false, 0},
		"wished":        {func(*journeys.Person, *journeys.Position) {}, journeys.Trade, "occupation.same", true, false, 0},
		"close to a wish": {func(p *journeys.Person, _ *journeys.Position) { p.Wished = []journeys.Occupation{"K2203"} },
			journeys.Trade, "occupation.close", true, false, 0},
		"same domain": {func(p *journeys.Person, x *journeys.Position) {
			p.Wished, x.Occupations = []journeys.Occupation{"F1603"}, []journeys.Occupation{"F1610"}
		}, journeys.Trade, "occupation.domain", true, false, 0},
		"same group only": {func(p *journeys.Person, x *journeys.Position) {
			p.Wished, x.Occupations = []journeys.Occupation{"H2102"}, []journeys.Occupation{"H2903"}
		}, journeys.Trade, "occupation.far", false, true, 0.15},
		"practised, nothing wished": {func(p *journeys.Person, _ *journeys.Position) { p.Wished, p.Held = nil, practised("K2204", 2) },
			journeys.Trade, "occupation.held_same", true, false, 0},
		"practised, something else wished": {func(p *journeys.Person, _ *journeys.Position) {
			p.Wished, p.Held = []journeys.Occupation{"A1414"}, practised("K2204", 9)
		}, journeys.Trade, "occupation.unwished", false, true, 0},
		"a stranger's trade":          {func(p *journeys.Person, _ *journeys.Position) { p.Wished = []journeys.Occupation{"N1103"} }, journeys.Trade, "", false, false, 0},
		"nothing wished or practised": {func(p *journeys.Person, _ *journeys.Position) { p.Wished = nil }, journeys.Trade, "", false, false, 0},
		"beyond the reach": {func(p *journeys.Person, x *journeys.Position) { p.Kilometres, x.Point = 200, north(62) },
			journeys.Reach, "reach.beyond", false, true, 12},
		"far beyond the reach": {func(p *journeys.Person, x *journeys.Position) { p.Kilometres, x.Point = 200, north(102) }, journeys.Reach, "", false, false, 0},
		"a reach of its own":   {func(p *journeys.Person, x *journeys.Position) { p.Kilometres, x.Point, x.Reach = 200, north(102), 110 }, journeys.Reach, "reach.within", true, false, 0},
		"too far for them":     {func(_ *journeys.Person, x *journeys.Position) { x.Point = north(23) }, journeys.Travel, "travel.beyond", false, true, 3},
		"nobody knows how far": {func(p *journeys.Person, _ *journeys.Position) { p.Kilometres = 0 }, journeys.Travel, "travel.unknown", true, false, 0},
		"goes nowhere": {func(p *journeys.Person, _ *journeys.Position) { p.Kilometres, p.Told = 0, journeys.ToldRange },
			journeys.Travel, "travel.beyond", false, true, 5},
		"home not known": {func(p *journeys.Person, _ *journeys.Position) { p.HasPoint = false }, journeys.Reach, "reach.unknown", true, false, 0},
		"by bus while it runs": {func(p *journeys.Person, x *journeys.Position) {
			p.Mobility = []journeys.Mobility{{Mode: journeys.Transit, Km: 15, Slots: weekdays(nomenclatures.Morning, nomenclatures.Afternoon)}}
			x.Slots = weekdays(nomenclatures.Morning)
		}, journeys.Travel, "travel.mode", true, false, 0},
		"after the last bus": {func(p *journeys.Person, x *journeys.Position) {
			p.Mobility = []journeys.Mobility{{Mode: journeys.Transit, Km: 15, Slots: weekdays(nomenclatures.Morning, nomenclatures.Afternoon)}}
			x.Slots = weekdays(nomenclatures.Afternoon) | nomenclatures.SlotAt(4, nomenclatures.Evening)
		}, journeys.Travel, "travel.hours", false, true, 1},
		"bus by day, carried by night": {func(p *journeys.Person, x *journeys.Position) {
			p.Mobility = []journeys.Mobility{{Mode: journeys.Transit, Km: 15, Slots: weekdays(nomenclatures.Morning, nomenclatures.Afternoon)},
				{Mode: journeys.Carried, Km: 10, Slots: weekdays(nomenclatures.Evening)}}
			x.Slots = weekdays(nomenclatures.Afternoon, nomenclatures.Evening)
		}, journeys.Travel, "travel.mode", true, false, 0},
		"an hour on foot is 3 km": {func(p *journeys.Person, _ *journeys.Position) {
			p.Mobility = []journeys.Mobility{{Mode: journeys.Walk, Minutes: 60}}
		}, journeys.Travel, "travel.beyond", false, true, 2},
		"a day cut in two": {func(p *journeys.Person, x *journeys.Position) {
			p.SplitShifts, x.SplitShift = journeys.No, journeys.Yes
		},
			journeys.Travel, "travel.split", false, true, 0},
		"a day cut in two, and too far": {func(p *journeys.Person, x *journeys.Position) {
			p.SplitShifts, x.SplitShift, x.Point = journeys.No, journeys.Yes, north(23)
		}, journeys.Travel, "", false, false, 0},
		"has the licence": {func(p *journeys.Person, x *journeys.Position) { p.Licences, x.Licences = licences("B"), licences("B") },
			journeys.Licences, "licences.held", true, false, 0},
		"nobody asked of the licence": {func(_ *journeys.Person, x *journeys.Position) { x.Licences = licences("B") },
			journeys.Licences, "licences.unknown", true, false, 0},
		"no licence, and none is taught": {func(p *journeys.Person, x *journeys.Position) {
			p.Told, x.Licences = journeys.ToldLicences, licences("B")
		},
			journeys.Licences, "", false, false, 0},
		"speaks enough": {func(p *journeys.Person, x *journeys.Position) {
			p.Languages, x.Languages = french(b2), french(b1)
		},
			journeys.Languages, "languages.held", true, false, 0},
		"wants more hours": {func(p *journeys.Person, x *journeys.Position) {
			p.Hours, x.Hours = journeys.Span{Min: 30, Max: 35}, journeys.Span{Min: 20, Max: 24}
		}, journeys.WeeklyHours, "hours.fewer", true, false, 6},
		"wants more hours than a training gives": {func(p *journeys.Person, x *journeys.Position) {
			p.Hours, x.Hours, x.Kind = journeys.Span{Min: 30, Max: 35}, journeys.Span{Min: 6, Max: 6}, journeys.Training
		}, journeys.WeeklyHours, "hours.agree", true, false, 0},
		"wants fewer hours": {func(p *journeys.Person, x *journeys.Position) {
			p.Hours, x.Hours = journeys.Span{Max: 20}, journeys.Span{Min: 35, Max: 35}
		}, journeys.WeeklyHours, "hours.more", true, false, 15},
		"half of the hours suit": {func(p *journeys.Person, x *journeys.Position) {
			p.Slots, x.Slots = weekdays(nomenclatures.Morning), weekdays(nomenclatures.Morning, nomenclatures.Afternoon)
		}, journeys.TimeSlots, "slots.some", true, false, 5},
		"skilled": {func(p *journeys.Person, x *journeys.Position) {
			p.Skills, x.Required = skill("mopping", 3), need("mopping", 3)
		},
			journeys.Skills, "skills.held", true, false, 0},
		"a level too low": {func(p *journeys.Person, x *journeys.Position) {
			p.Skills, x.Required = skill("mopping", 2), need("mopping", 4)
		},
			journeys.Skills, "skills.missing", true, false, 1},
		"a year of two": {func(p *journeys.Person, x *journeys.Position) { p.Held, x.Years = practised("K2204", 1), 2 },
			journeys.Experience, "experience.some", true, false, 1},
	} {
		p, x := cleaner(), cleaning(5)
		c.change(p, x)
		m, near, matched := meet(p, x)
		f := m.Finding(c.of)
		if matched != c.matched || (near != nil) != c.near || f.Key != c.key || (near == nil || near.Missed == c.of) && !about(f.By, c.by) {
			t.Errorf("%s: matched %v, near %v, %+v", name, matched, near != nil, f)
		}
		if near != nil && (near.Missed != c.of || near.Remedy.Key != "remedy."+c.key) {
			t.Errorf("%s: misses %s, %+v", name, near.Missed, near.Remedy)
		}
	}
}

func about(a, b float32) bool { return a-b < 0.2 && b-a < 0.2 }

func practised(o journeys.Occupation, years float64) []journeys.Practice {
	return []journeys.Practice{{Occupation: o, Years: years}}
}
func licences(l ...journeys.Licence) []journeys.Licence { return l }
func french(l nomenclatures.Fluency) []journeys.Language {
	return []journeys.Language{{Code: "fr", Level: l}}
}
func skill(code string, l nomenclatures.Mastery) []journeys.Skill {
	return []journeys.Skill{{Code: code, Level: l}}
}
func need(code string, l nomenclatures.Mastery) []journeys.Need {
	return []journeys.Need{{Code: code, Level: l}}
}

// What was wished first is worth more, then what was wished next, then what was
// only practised, whose confidence is lower too.
func TestWishesComeFirst(t *testing.T) {
	t.Parallel()
	first, second, held := cleaner(), cleaner(), cleaner()
	second.Wished = []journeys.Occupation{"A1414", "K2204"}
	held.Wished, held.Held = nil, practised("K2204", 20)
	a, _, _ := meet(first, cleaning(5))
	b, _, _ := meet(second, cleaning(5))
	c, _, _ := meet(held, cleaning(5))
	if a.Score <= b.Score || b.Score <= c.Score || c.Confidence >= a.Confidence {
		t.Errorf("%d, %d, %d; confidence %d, %d", a.Score, b.Score, c.Score, a.Confidence, c.Confidence)
	}
}

// The nearer of two is worth more; what is unknown lowers the confidence, not the score.
func TestWhatCountsAndWhatIsUnknown(t *testing.T) {
	t.Parallel()
	near, _, _ := meet(cleaner(), cleaning(1))
	far, _, _ := meet(cleaner(), cleaning(19))
	asks := cleaning(1)
	asks.Hours, asks.Required, asks.Languages = journeys.Span{Min: 30}, need("mopping", 2), french(a2)
	silent, _, matched := meet(cleaner(), asks)
	if near.Score <= far.Score || !matched || silent.Score != near.Score || silent.Confidence >= near.Confidence {
		t.Errorf("%+v\n%+v\n%+v", near, far, silent)
	}
}

// Of equal scores the longest waiting comes first, then the least recently
// proposed; one whose waiting isn't known comes after.
func TestFairnessAmongEquals(t *testing.T) {
	t.Parallel()
	var people []*journeys.Person
	for i, c := range []struct {
		waiting string
		last    time.Time
	}{{"", time.Time{}}, {"2026-05-01", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}, {"2026-05-01", time.Time{}}, {"2025-05-01", time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}} {
		p := cleaner()
		p.ID = journeys.PersonID(i + 1)
		if c.waiting != "" {
			p.WaitingSince = on(c.waiting)
		}
		p.LastProposed = c.last
		people = append(people, p)
	}
	var order []journeys.PersonID
	for _, m := range load(journeys.Config{}, people, nil).View().PeopleFor(cleaning(5), today, journeys.Options{Limit: 3}).Matches {
		order = append(order, m.Person)
	}
	if !reflect.DeepEqual(order, []journeys.PersonID{4, 3, 2}) {
		t.Error(order)
	}
}

// What a person is, and where their home stands in the eyes of the State, has no
// field here: whoever adds one must say why it may weigh.
func TestThePersonHasNoOtherTrait(t *testing.T) {
	t.Parallel()
	var names []string
	for f := range reflect.TypeFor[journeys.Person]().NumField() {
		names = append(names, reflect.TypeFor[journeys.Person]().Field(f).Name)
	}
	want := []string{"ID", "Revision", "Employer", "Home", "Point", "HasPoint", "Available", "From", "Wished", "Held", "Skills", "Licences",
		"Languages", "Hours", "Slots", "SplitShifts", "Mobility", "Kilometres", "Told", "WaitingSince", "LastProposed"}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("%v", names)
	}
}
