package journeys_test

import (
	"slices"
	"testing"

	"maillage/matching/engine/journeys"
)

// A session is for who lacks something of what it gives: not for who holds it all,
// be it near or far, and to be checked with who was not asked. A renewal asks what
// it gives, and is for who holds it.
func TestASessionIsForWhoLacksWhatItGives(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*journeys.Person, *journeys.Position)
		key     string
		matched bool
	}{
		"nobody asked": {func(*journeys.Person, *journeys.Position) {}, "outcomes.unknown", true},
		"lacks it":     {func(p *journeys.Person, _ *journeys.Position) { p.Told = journeys.ToldLicences }, "outcomes.gives", true},
		"holds all of it": {func(p *journeys.Person, _ *journeys.Position) {
			p.Licences, p.Skills = licences("B"), skill("driving", 3)
		}, "", false},
		"and lives too far": {func(p *journeys.Person, x *journeys.Position) {
			p.Licences, p.Skills, x.Point = licences("B"), skill("driving", 3), north(30)
		}, "", false},
		"holds a part of it": {func(p *journeys.Person, _ *journeys.Position) {
			p.Licences, p.Skills = licences("B"), skill("mopping", 1)
		}, "outcomes.gives", true},
		"at a lower level": {func(p *journeys.Person, _ *journeys.Position) {
			p.Licences, p.Skills = licences("B"), skill("driving", 2)
		}, "outcomes.gives", true},
		"holds a part, and was not asked of the other": {func(p *journeys.Person, _ *journeys.Position) { p.Licences = licences("B") }, "outcomes.unknown", true},
		"a renewal of what is held": {func(p *journeys.Person, x *journeys.Position) {
			p.Licences, p.Skills = licences("B"), skill("driving", 3)
			x.Prerequisites = x.Outcomes
		}, "", true},
	} {
		p, x := cleaner(), driving()
		x.Occupations = []journeys.Occupation{"K2204"}
		c.change(p, x)
		m, near, matched := meet(p, x)
		if matched != c.matched || near != nil || m.Finding(journeys.Outcomes).Key != c.key {
			t.Errorf("%s: matched %v, near %v, %+v", name, matched, near != nil, m.Finding(journeys.Outcomes))
		}
	}
}

// A training that names no occupation and leads to none is for every trade: for
// whoever was asked what they can do, and is not known to have what it gives. It
// comes after what leads to a wish.
func TestATrainingForEveryTrade(t *testing.T) {
	t.Parallel()
	asked, silent, holds, aimless := cleaner(), cleaner(), cleaner(), cleaner()
	for i, p := range []*journeys.Person{asked, silent, holds, aimless} {
		p.ID = journeys.PersonID(i + 1)
	}
	asked.Told, holds.Licences, holds.Skills = journeys.ToldLicences, licences("B"), skill("driving", 3)
	aimless.Wished, aimless.Skills = nil, skill("mopping", 1)
	first, led, nothing := driving(), driving(), driving()
	led.ID, led.Outcomes.Occupations = 101, []journeys.Occupation{"K2204"}
	nothing.ID, nothing.Outcomes = 102, journeys.Attainments{}
	people, positions := []*journeys.Person{asked, silent, holds, aimless}, []*journeys.Position{first, led, nothing}
	v := load(journeys.Config{}, people, positions).View()
	found := func(x *journeys.Position) (out []journeys.PersonID) {
		for _, m := range v.PeopleFor(x, today, journeys.Options{Near: 9}).Matches {
			out = append(out, m.Person)
		}
		slices.Sort(out)
		return out
	}
	if got := found(first); !slices.Equal(got, []journeys.PersonID{1, 4}) {
		t.Errorf("for every trade: %v", got)
	}
	if got := found(led); !slices.Equal(got, []journeys.PersonID{1, 2}) {
		t.Errorf("for those who clean: %v", got)
	}
	if c := v.PeopleFor(nothing, today, journeys.Options{}); c.Total != 0 || !c.ToSpecify || v.PeopleFor(first, today, journeys.Options{}).ToSpecify {
		t.Errorf("a training of nothing: %+v", c)
	}
	own := v.PositionsFor(asked, today, journeys.Options{})
	if len(own.Matches) != 2 || own.Matches[0].Position != 101 || own.Matches[1].Finding(journeys.Trade).Key != "occupation.every" || own.Matches[1].Score >= own.Matches[0].Score {
		t.Errorf("%+v", own.Matches)
	}
	if own := v.PositionsFor(aimless, today, journeys.Options{}); own.Total != 1 {
		t.Errorf("who wishes nothing: %+v", own.Matches)
	}
}
