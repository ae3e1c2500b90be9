package journeys_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine/journeys"
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

// Who follows the sessions told beside a near miss, on their days, and writes in their
// journey all that these give, is matched the day after, while the position can still be
// taken: so are they with any other session told for the same thing, and with those that a
// change is told with. Each of them, asked alone, takes the person.
func TestFollowingASessionOpensWhatItIsToldOf(t *testing.T) {
	t.Parallel()
	told, others, courses, dated := map[string]int{}, 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		people, positions := w.market(60, 40)
		by := map[journeys.PositionID]*journeys.Position{}
		for _, x := range positions {
			by[x.ID] = x
		}
		cfg := journeys.Config{Atlas: w.atlas}
		v := load(cfg, people, positions).View()
		opens := func(p *journeys.Person, x *journeys.Position, sessions ...journeys.PositionID) {
			q, day := *p, today
			for _, id := range sessions {
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
				opens(p, x, d.Sessions...)
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
	if told["licences"] == 0 || told["languages"] == 0 || told["prerequisites"] == 0 || others == 0 || courses == 0 || dated == 0 {
		t.Errorf("the worlds drawn prove nothing: %v, %d, %d, %d", told, others, courses, dated)
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
