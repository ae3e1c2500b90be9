package journeys_test

import (
	"reflect"
	"testing"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/territories"
)

// driving is a session that gives the licence B, 3 km away, in a month.
func driving() *journeys.Position {
	return &journeys.Position{ID: 100, Revision: 1, Kind: journeys.Training, Place: journeys.NoPlace, Point: north(3), HasPoint: true,
		StartsOn: on("2026-12-20"), Outcomes: journeys.Attainments{Licences: licences("B"), Skills: need("driving", 3)}}
}

// A licence that is missing is a near miss where a session gives it: one that is
// still to come, near enough, open to them.
func TestAMissingLicenceThatASessionGives(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*journeys.Position)
		gives  bool
	}{
		"as it is":               {func(*journeys.Position) {}, true},
		"begun":                  {func(s *journeys.Position) { s.StartsOn = on("2026-11-01") }, false},
		"closed":                 {func(s *journeys.Position) { s.Deadline = on("2026-11-20") }, false},
		"too far for them":       {func(s *journeys.Position) { s.Point = north(-25) }, false},
		"needs what they lack":   {func(s *journeys.Position) { s.Prerequisites.Languages = french(b2) }, false},
		"needs what they have":   {func(s *journeys.Position) { s.Prerequisites.Languages = french(a2) }, true},
		"gives another":          {func(s *journeys.Position) { s.Outcomes.Licences = licences("AM") }, false},
		"is no training":         {func(s *journeys.Position) { s.Kind = journeys.Immersion }, false},
		"says nothing of when":   {func(s *journeys.Position) { s.StartsOn = on("2027-01-01") }, true},
		"anywhere, place unsaid": {func(s *journeys.Position) { s.HasPoint = false }, true},
	} {
		p, x, s := cleaner(), cleaning(5), driving()
		p.Told, p.Languages, x.Licences = journeys.ToldLicences, french(b1), licences("B")
		c.change(s)
		_, near, matched := meet(p, x, s)
		if matched || (near != nil) != c.gives {
			t.Errorf("%s: matched %v, near %+v", name, matched, near)
		}
		if near != nil && (near.Missed != journeys.Licences || !reflect.DeepEqual(near.Remedy.Params.Detail.Sessions, []journeys.PositionID{100})) {
			t.Errorf("%s: %+v", name, near.Remedy)
		}
	}
}

// A session closes what it serves, and for who can follow it: once it has ended they can
// still be proposed and begin, there are places left, and asked alone it would take them.
func TestASessionServesWhoCanFollowItInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*journeys.Person, *journeys.Position, *journeys.Position)
		gives  bool
	}{
		"as it is": {func(_ *journeys.Person, _, _ *journeys.Position) {}, true},
		"begun, over before": {func(_ *journeys.Person, x, _ *journeys.Position) {
			x.StartsOn, x.EndsOn = on("2026-11-20"), on("2026-12-15")
		}, false},
		"begun, a day is left": {func(_ *journeys.Person, x, _ *journeys.Position) {
			x.StartsOn, x.EndsOn = on("2026-11-20"), on("2027-01-21")
		}, true},
		"begun, over on its end": {func(_ *journeys.Person, x, _ *journeys.Position) {
			x.StartsOn, x.EndsOn = on("2026-11-20"), on("2027-01-20")
		}, false},
		"no start, over before": {func(_ *journeys.Person, x, _ *journeys.Position) { x.EndsOn = on("2026-12-15") }, false},
		"begins as it ends":     {func(_ *journeys.Person, x, _ *journeys.Position) { x.StartsOn = on("2027-01-20") }, false},
		"begins the day after":  {func(_ *journeys.Person, x, _ *journeys.Position) { x.StartsOn = on("2027-01-21") }, true},
		"nobody proposed any more": {func(_ *journeys.Person, x, _ *journeys.Position) {
			x.StartsOn, x.Deadline = on("2027-03-01"), on("2026-12-10")
		}, false},
		"proposed the day after": {func(_ *journeys.Person, x, _ *journeys.Position) {
			x.StartsOn, x.Deadline = on("2027-03-01"), on("2027-01-21")
		}, true},
		"withdrawn the day after": {func(_ *journeys.Person, x, _ *journeys.Position) { x.Ended = on("2027-01-21") }, false},
		"passed, others will come": {func(_ *journeys.Person, x, _ *journeys.Position) {
			x.EndsOn, x.Ended = on("2026-11-01"), on("2026-11-01")
		}, true},
		"full": {func(_ *journeys.Person, _, s *journeys.Position) { s.Filled = true }, false},
		"over, its start not said": {func(_ *journeys.Person, _, s *journeys.Position) {
			s.StartsOn, s.EndsOn = territories.Date{}, on("2026-11-20")
		}, false},
		"free once it has begun": {func(p *journeys.Person, x, _ *journeys.Position) {
			p.From, x.StartsOn = on("2027-02-01"), on("2027-03-01")
		}, false},
		"free on its first day": {func(p *journeys.Person, x, _ *journeys.Position) {
			p.From, x.StartsOn = on("2026-12-20"), on("2027-03-01")
		}, true},
		"the bus does not run then": {func(p *journeys.Person, x, s *journeys.Position) {
			p.Mobility = []journeys.Mobility{{Mode: journeys.Transit, Km: 20, Slots: weekdays(nomenclatures.Morning)}}
			x.Slots, s.Slots = weekdays(nomenclatures.Morning), weekdays(nomenclatures.Evening)
		}, false},
		"a day cut in two": {func(p *journeys.Person, _, s *journeys.Position) {
			p.SplitShifts, s.SplitShift = journeys.No, journeys.Yes
		}, false},
	} {
		p, x, s := cleaner(), cleaning(5), driving()
		p.Told, p.Languages, x.Licences, s.EndsOn = journeys.ToldLicences|journeys.ToldSkills, french(b1), licences("B"), on("2027-01-20")
		c.change(p, x, s)
		v := load(journeys.Config{}, []*journeys.Person{p}, []*journeys.Position{x, s}).View()
		near := v.PeopleFor(x, today, journeys.Options{Near: 1}).Near
		if closes := v.ClosingTrainings(p, x, today); len(near) == 1 != c.gives || len(closes) == 1 != c.gives {
			t.Errorf("%s: near %+v, closings %+v", name, near, closes)
		}
		served := 0
		for _, course := range v.WhatIf(p, []journeys.Change{{Licence: "B"}}, today)[0].Courses {
			served += len(course.Serves)
		}
		if served == 1 != c.gives {
			t.Errorf("%s: what if says %d", name, served)
		}
		x.Licences, x.Required = nil, need("driving", 3)
		if m, _, matched := meet(p, x, s); !matched || m.Finding(journeys.Skills).Value == 0.5 != c.gives {
			t.Errorf("%s: matched %v, %+v", name, matched, m.Finding(journeys.Skills))
		}
	}
}

// A skill that a session gives is worth half of one that is held.
func TestASkillThatASessionGives(t *testing.T) {
	t.Parallel()
	p, x := cleaner(), cleaning(5)
	p.Told, x.Required = journeys.ToldSkills, need("driving", 3)
	without, _, _ := meet(p, x)
	with, _, _ := meet(p, x, driving())
	p.Skills = skill("driving", 3)
	held, _, _ := meet(p, x)
	if f := with.Finding(journeys.Skills); f.Value != 0.5 || f.Key != "skills.trainable" || without.Score >= with.Score || with.Score >= held.Score {
		t.Errorf("%d, %d, %d: %+v", without.Score, with.Score, held.Score, f)
	}
}

// An untaught answer is the same whatever is taught around: no score comes of a
// session, and what is missing is a near miss whether or not one gives it. The
// answers before and after count sessions as ever.
func TestAnUntaughtAnswerKnowsNoSession(t *testing.T) {
	t.Parallel()
	skilled, driver := cleaner(), cleaner()
	skilled.ID, skilled.Told = 1, journeys.ToldSkills
	driver.ID, driver.Told = 2, journeys.ToldLicences
	both := []*journeys.Person{skilled, driver}
	wants, drives := cleaning(5), cleaning(5)
	wants.Required, drives.Licences = need("driving", 3), licences("B")
	for name, x := range map[string]*journeys.Position{"a skill": wants, "a licence": drives} {
		ask := func(o journeys.Options, sessions ...*journeys.Position) journeys.Candidates {
			o.Near = 5
			v := load(journeys.Config{}, both, sessions).View()
			v.PeopleFor(x, today, journeys.Options{Near: 5, Untaught: !o.Untaught}) // leaves nothing behind
			return v.PeopleFor(x, today, o)
		}
		bare, taught := ask(journeys.Options{}), ask(journeys.Options{}, driving())
		if reflect.DeepEqual(bare, taught) {
			t.Errorf("%s: the session changes nothing: the test proves nothing", name)
		}
		got := ask(journeys.Options{Untaught: true}, driving())
		if alone := ask(journeys.Options{Untaught: true}); !reflect.DeepEqual(got, alone) || !reflect.DeepEqual(got.Matches, bare.Matches) {
			t.Errorf("%s: untaught, with a session\n%+v\nwithout\n%+v", name, got, alone)
		}
		if x == drives && (len(got.Near) != 1 || got.Near[0].Missed != journeys.Licences || len(bare.Near) != 0) {
			t.Errorf("%s: what is missing cannot be spoken of: %+v", name, got.Near)
		}
	}
}

// A training is wanted for what it leads to, and entered with its prerequisites.
func TestTrainingsAreMatchedByTheirOutcome(t *testing.T) {
	t.Parallel()
	s := driving()
	s.Outcomes.Occupations, s.Occupations = []journeys.Occupation{"K2204"}, []journeys.Occupation{"K2111"}
	if _, _, matched := meet(cleaner(), s); !matched {
		t.Error("the outcome is wished, and there is no match")
	}
	s.Prerequisites.Languages = french(b1)
	p := cleaner()
	p.Languages = french(a1)
	if m, _, matched := meet(p, s); matched {
		t.Errorf("%+v", m)
	}
}

// What if: the licence opens what asks for it, now and over the past year; more
// kilometres, a language or another occupation open theirs.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	p := cleaner()
	p.Told, p.Languages = journeys.ToldLicences, french(a1)
	licence, past, old, far, spoken, green := cleaning(5), cleaning(5), cleaning(5), cleaning(28), cleaning(5), cleaning(5)
	positions := []*journeys.Position{cleaning(5), licence, past, old, far, spoken, green}
	for i, x := range positions {
		x.ID = journeys.PositionID(i + 1)
	}
	licence.Licences, past.Licences, old.Licences = licences("B"), licences("B"), licences("B")
	past.Ended, old.Ended = on("2026-02-01"), on("2025-02-01")
	spoken.Languages, green.Occupations = french(b1), []journeys.Occupation{"A1203"}
	v := load(journeys.Config{}, nil, positions).View()
	gains := v.WhatIf(p, []journeys.Change{{Licence: "B"}, {Kilometres: 10}, {Language: french(b1)[0]}, {Occupation: "A1203"},
		{Skill: journeys.Need{Code: "mopping", Level: 3}}}, today)
	var got [][]journeys.PositionID
	for _, g := range gains {
		ids := []journeys.PositionID{}
		for _, m := range g.Matches {
			ids = append(ids, m.Position)
		}
		if len(ids) != g.Total {
			t.Errorf("%+v", g)
		}
		got = append(got, ids)
	}
	want := [][]journeys.PositionID{{2, 3}, {5}, {6}, {7}, {}}
	for i := range want {
		if len(got[i]) != len(want[i]) || !sameSet(got[i], want[i]) {
			t.Errorf("%+v opens %v, want %v", gains[i].Change, got[i], want[i])
		}
	}
	if gains[0].Open != 1 {
		t.Errorf("%d can still be taken, want 1", gains[0].Open)
	}
	if len(p.Wished) != 1 || len(p.Licences) != 0 || p.Kilometres != 20 {
		t.Errorf("the person was changed: %+v", p)
	}
}

func sameSet(a, b []journeys.PositionID) bool {
	seen := map[journeys.PositionID]bool{}
	for _, x := range a {
		seen[x] = true
	}
	for _, x := range b {
		if !seen[x] {
			return false
		}
	}
	return true
}

// The sessions that close each gap, the nearest first: none that is too far, full or over.
func TestClosingTrainings(t *testing.T) {
	t.Parallel()
	p, x := cleaner(), cleaning(5)
	p.Told = journeys.ToldLicences | journeys.ToldSkills
	x.Licences, x.Wished, x.Languages = licences("B"), need("driving", 2), french(b1)
	near, next, far, gone, full := driving(), driving(), driving(), driving(), driving()
	near.ID, next.ID, far.ID, gone.ID, full.ID = 100, 101, 102, 103, 104
	next.Point, far.Point, gone.Ended, full.Filled = north(4), north(-25), on("2026-11-01"), true
	next.Outcomes.Skills = nil
	v := load(journeys.Config{}, nil, []*journeys.Position{far, next, near, gone, full}).View()
	var got []any
	for _, c := range v.ClosingTrainings(p, x, today) {
		got = append(got, c.Session, c.Licence, c.Skill.Code)
	}
	want := []any{journeys.PositionID(100), journeys.Licence("B"), "", journeys.PositionID(101), journeys.Licence("B"), "",
		journeys.PositionID(100), journeys.Licence(""), "driving"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
