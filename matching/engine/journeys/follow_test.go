package journeys_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine/journeys"
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

// Who follows the sessions told beside a near miss, and writes in their journey all that
// these give, is matched: and so are they with any other session told for the same thing.
func TestFollowingASessionOpensWhatItIsToldOf(t *testing.T) {
	t.Parallel()
	told, others := map[string]int{}, 0
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
			q := *p
			for _, id := range sessions {
				follow(&q, by[id])
			}
			if !suits(cfg, &q, x) {
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
		}
	})
	if told["licences"] == 0 || told["languages"] == 0 || told["prerequisites"] == 0 || others == 0 {
		t.Errorf("the worlds drawn prove nothing: %v, %d", told, others)
	}
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
