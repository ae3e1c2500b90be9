package journeys_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/territories"
)

// What a session gives beside does not close what it is told to open: a licence that it
// gives would tell the list of a person of whom no licence is known, and another licence
// that the position asks would be missing.
func TestASessionToldClosesNothing(t *testing.T) {
	t.Parallel()
	p, x, s := cleaner(), cleaning(5), driving()
	p.Told, p.Languages = journeys.ToldRange, french(a2)
	x.Languages, x.Licences = french(b1), licences("B")
	s.Outcomes = journeys.Attainments{Languages: french(b1), Licences: licences("AM")}
	_, near, _ := meet(p, x, s)
	if near != nil {
		t.Errorf("told: %+v, and followed it opens nothing", near.Remedy)
	}
	s.Outcomes.Licences = licences("AM", "B")
	if _, near, _ = meet(p, x, s); near == nil {
		t.Error("one that gives both is not told")
	}
	s.Outcomes.Licences = nil
	if _, near, _ = meet(p, x, s); near == nil {
		t.Error("one that gives the language alone is not told")
	}
}

// Two sessions that meet are not followed together: another that does not is chosen, were it
// farther, and told first; with none, nothing is told.
func TestSessionsToldTogetherFollowOneAnother(t *testing.T) {
	t.Parallel()
	week := func(id journeys.PositionID, km float64, starts, ends string, gives ...journeys.Licence) *journeys.Position {
		s := driving()
		s.ID, s.Point, s.StartsOn, s.EndsOn, s.Outcomes = id, north(km), on(starts), on(ends), journeys.Attainments{Licences: gives}
		return s
	}
	for name, c := range map[string]struct {
		change func(b, other *journeys.Position)
		also   []*journeys.Position
		told   []journeys.PositionID
	}{
		"one after the other": {change: func(_, s *journeys.Position) { s.StartsOn, s.EndsOn = on("2027-01-25"), on("2027-01-29") }, told: []journeys.PositionID{1, 2}},
		"at once":             {change: func(_, _ *journeys.Position) {}},
		"sharing a day":       {change: func(_, s *journeys.Position) { s.StartsOn, s.EndsOn = on("2027-01-22"), on("2027-01-29") }},
		"the end not known":   {change: func(b, s *journeys.Position) { b.EndsOn = territories.Date{}; s.StartsOn = on("2027-01-25") }},
		"at other half-days": {change: func(b, s *journeys.Position) {
			b.Slots, s.Slots = weekdays(nomenclatures.Morning), weekdays(nomenclatures.Afternoon)
		}, told: []journeys.PositionID{1, 2}},
		"half-days of one":        {change: func(b, _ *journeys.Position) { b.Slots = weekdays(nomenclatures.Morning) }},
		"another week, farther":   {change: func(_, _ *journeys.Position) {}, also: []*journeys.Position{week(3, 5, "2027-01-25", "2027-01-29", "B")}, told: []journeys.PositionID{3, 2}},
		"one that gives them all": {change: func(_, _ *journeys.Position) {}, also: []*journeys.Position{week(4, 6, "2027-01-18", "2027-01-22", "B", "CACES")}, told: []journeys.PositionID{4, 4}},
	} {
		p, x := cleaner(), cleaning(5)
		x.ID, p.Told, x.Licences = 9, journeys.ToldLicences, licences("B", "CACES")
		b, s := week(1, 3, "2027-01-18", "2027-01-22", "B"), week(2, 3, "2027-01-18", "2027-01-22", "CACES")
		c.change(b, s)
		v := load(journeys.Config{}, []*journeys.Person{p}, append([]*journeys.Position{x, b, s}, c.also...)).View()
		var got, first []journeys.PositionID
		for _, n := range v.PeopleFor(x, today, journeys.Options{Near: 1}).Near {
			got = n.Remedy.Params.Detail.Sessions
		}
		seen := map[journeys.Licence]bool{}
		for _, o := range v.ClosingTrainings(p, x, today) {
			if !seen[o.Licence] {
				seen[o.Licence], first = true, append(first, o.Session)
			}
		}
		if !slices.Equal(got, c.told) || len(c.told) > 0 && !slices.Equal(first, c.told) {
			t.Errorf("%s: told %v, closings %v, want %v", name, got, first, c.told)
		}
	}
}

// Who follows the sessions told beside a near miss, on their days, and writes in their
// journey all that these give, is matched the day after, while the position can still be
// taken: so are they with any other session told for the same thing, and with those that a
// change is told with. Each of them, asked alone, takes the person; those told together are
// followed one after the other; one whose end is not known is in time for nothing dated.
func TestFollowingASessionOpensWhatItIsToldOf(t *testing.T) {
	t.Parallel()
	told, others, courses, dated, several := map[string]int{}, 0, 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		people, positions := w.market(60, 40)
		for i, x := range positions { // some ask two things that short sessions give apart, some at once
			switch {
			case i < 10 && x.Kind != journeys.Training:
				x.Licences, x.Languages = licences("B", "CACES"), nil
			case i >= 30:
				x.Kind, x.Licences, x.Languages, x.Prerequisites = journeys.Training, nil, nil, journeys.Attainments{}
				x.Outcomes, x.Ended, x.Deadline, x.Filled = journeys.Attainments{Licences: w.licences(1)}, territories.Date{}, territories.Date{}, false
				x.StartsOn = later(today, w.r.IntN(20))
				x.EndsOn = later(x.StartsOn, w.r.IntN(5))
			}
		}
		by := map[journeys.PositionID]*journeys.Position{}
		for _, x := range positions {
			by[x.ID] = x
		}
		cfg := journeys.Config{Atlas: w.atlas}
		v := load(cfg, people, positions).View()
		opens := func(p *journeys.Person, x *journeys.Position, sessions ...journeys.PositionID) {
			q, day := *p, today
			slices.SortFunc(sessions, func(a, b journeys.PositionID) int {
				return cmp.Or(by[a].StartsOn.Compare(by[b].StartsOn), cmp.Compare(a, b))
			})
			sessions = slices.Compact(sessions)
			several += len(sessions) - 1
			for i, id := range sessions {
				for _, before := range sessions[:i] {
					if meets(by[before], by[id]) {
						rt.Fatalf("both at once\n%s\n%s", text(rt, by[before]), text(rt, by[id]))
					}
				}
				if by[id].EndsOn.IsZero() && !over(x, today) && (x.StartsOn.After(today) || !x.EndsOn.IsZero() || !x.Deadline.IsZero() || !x.Ended.IsZero()) {
					rt.Fatalf("%d ends nobody knows when\nposition %s", id, text(rt, x))
				}
				if !takes(cfg, by[id], p) {
					rt.Fatalf("%d does not take them\nperson   %s\nsession  %s", id, text(rt, p), text(rt, by[id]))
				}
				follow(&q, by[id])
				day = last(day, by[id].StartsOn, by[id].EndsOn)
			}
			if over(x, today) {
				day = today // it stands for those to come that ask the same
			} else if day = later(day, 1); over(x, day) || !x.EndsOn.IsZero() && x.EndsOn.Before(day) || x.StartsOn.After(today) && x.StartsOn.Before(day) {
				rt.Fatalf("%v followed, on %v it is too late\nposition %s\nsession  %s", sessions, day, text(rt, x), text(rt, by[sessions[0]]))
			}
			if day.After(later(today, 1)) && (!x.EndsOn.IsZero() || !x.Deadline.IsZero()) {
				dated++
			}
			if !suitsOn(cfg, &q, x, day) {
				rt.Fatalf("%v followed does not open it\nperson   %s\nposition %s\nsession  %s", sessions, text(rt, p), text(rt, x), text(rt, by[sessions[0]]))
			}
		}
		for _, p := range people {
			for _, n := range v.PositionsFor(p, today, journeys.Options{PassedToo: true, Near: 1000}).Near {
				d := n.Finding(n.Missed).Params.Detail
				if d == nil || len(d.Sessions) == 0 {
					continue
				}
				x := by[n.Position]
				opens(p, x, slices.Clone(d.Sessions)...)
				told[n.Missed.String()]++
				if len(d.Trainable) > 1 {
					continue // one closing alone is not all that is missing
				}
				for _, c := range v.ClosingTrainings(p, x, today) {
					if c.Skill.Code == "" { // a skill that is wished for is no gate
						opens(p, x, c.Session)
						others++
					}
				}
			}
			for _, g := range v.WhatIf(p, []journeys.Change{{Licence: "B"}, {Licence: "CACES"}, {Language: french(b1)[0]}, {Skill: need("pruning", 2)[0]}}, today) {
				for _, c := range g.Courses {
					for _, id := range c.Serves {
						opens(p, by[id], c.Session)
						courses++
					}
				}
			}
		}
	})
	if told["licences"] == 0 || told["languages"] == 0 || told["prerequisites"] == 0 || others == 0 || courses == 0 || dated == 0 || several == 0 {
		t.Errorf("the worlds drawn prove nothing: %v, %d, %d, %d, %d", told, others, courses, dated, several)
	}
}

// takes says that a session, asked alone, takes somebody who wishes what it leads to: it
// has places, is still to come, and misses no gate.
func takes(cfg journeys.Config, s *journeys.Position, p *journeys.Person) bool {
	q, alone := *p, *s
	q.Wished = []journeys.Occupation{"K2204"}
	alone.Outcomes = journeys.Attainments{Occupations: q.Wished}
	begun := func(d territories.Date) bool { return !d.IsZero() && d.Before(today) }
	return !s.Filled && !over(s, today) && !begun(s.StartsOn) && !begun(last(s.StartsOn, s.EndsOn)) && suits(cfg, &q, &alone)
}

// meets says that a session is not over when a later one begins, at half-days that both say
// or may have in common.
func meets(a, b *journeys.Position) bool {
	apart := a.Slots != 0 && b.Slots != 0 && a.Slots&b.Slots == 0
	return !apart && (a.EndsOn.IsZero() || b.StartsOn.IsZero() || !b.StartsOn.After(a.EndsOn))
}

// over says that a position can no longer be taken on a day.
func over(x *journeys.Position, on territories.Date) bool {
	return !x.Ended.IsZero() && !x.Ended.After(on) || !x.Deadline.IsZero() && x.Deadline.Before(on)
}

func last(days ...territories.Date) territories.Date {
	return slices.MaxFunc(days, territories.Date.Compare)
}

// follow adds all that a session gives to a journey; a level that it does not name is taken
// for enough.
func follow(p *journeys.Person, s *journeys.Position) {
	p.Licences = slices.Concat(p.Licences, s.Outcomes.Licences)
	for _, l := range s.Outcomes.Languages {
		p.Languages = append(slices.Clip(p.Languages), journeys.Language{Code: l.Code, Level: cmp.Or(l.Level, 6)})
	}
	for _, n := range s.Outcomes.Skills {
		p.Skills = append(slices.Clip(p.Skills), journeys.Skill{Code: n.Code, Level: cmp.Or(n.Level, 4)})
	}
}
