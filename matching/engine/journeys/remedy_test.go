package journeys_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Whatever is told to change does what it says: applied to the person or to the
// position, it makes the near miss a match.
func TestARemedyOpensWhatItIsToldOf(t *testing.T) {
	t.Parallel()
	told := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		people, positions := w.market(80, 40)
		cfg := journeys.Config{Atlas: w.atlas}
		v := load(cfg, people, positions).View()
		for _, p := range people {
			for _, n := range v.PositionsFor(p, today, journeys.Options{PassedToo: true, Near: 1000}).Near {
				i := slices.IndexFunc(positions, func(x *journeys.Position) bool { return x.ID == n.Position })
				q, y := remedied(rt, p, positions[i], n)
				if y.EndsOn != (territories.Date{}) && y.EndsOn.Before(y.StartsOn) {
					rt.Fatalf("%s once it is over: %s", text(rt, n.Remedy), text(rt, positions[i]))
				}
				if !suits(cfg, q, y) {
					rt.Fatalf("%s does not open it\nperson   %s\nposition %s", text(rt, n.Remedy), text(rt, p), text(rt, positions[i]))
				}
				told[n.Remedy.Key]++
			}
		}
	})
	for _, key := range []string{"availability.later", "occupation.far", "occupation.unwished", "reach.beyond", "travel.beyond", "travel.beyond_hours",
		"travel.hours", "travel.split", "licences.trainable", "languages.trainable", "prerequisites.trainable"} {
		if told["remedy."+key] == 0 {
			t.Errorf("%s: the worlds drawn prove nothing of it", key)
		}
	}
}

// suits asks the plain scan.
func suits(cfg journeys.Config, p *journeys.Person, y *journeys.Position) bool {
	return suitsOn(cfg, p, y, today)
}

func suitsOn(cfg journeys.Config, p *journeys.Person, y *journeys.Position, on territories.Date) bool {
	return journeys.NewRules(cfg).Scan(y, []*journeys.Person{p}, nil, on, journeys.Options{}).Total == 1
}

// remedied does what a remedy says.
func remedied(t interface{ Fatalf(string, ...any) }, p *journeys.Person, y *journeys.Position, n journeys.Near) (*journeys.Person, *journeys.Position) {
	q, z, r := *p, *y, n.Remedy
	switch r.Key {
	case "remedy.availability.later":
		z.StartsOn = later(n.Finding(journeys.Available).Params.Detail.Start, int(r.By))
	case "remedy.occupation.far", "remedy.occupation.unwished":
		q.Wished = append(slices.Clip(q.Wished), r.Params.Asked)
	case "remedy.reach.beyond":
		if z.Reach == 0 {
			z.Reach = journeys.DefaultReach
		}
		z.Reach += float64(r.By)
	case "remedy.travel.beyond", "remedy.travel.beyond_hours":
		q = *journeys.Change{Kilometres: float64(r.By)}.Apply(p)
	case "remedy.travel.hours":
		q.Mobility = append(slices.Clip(q.Mobility), journeys.Mobility{Mode: journeys.Carried, Km: 20_000, Slots: r.Params.Slots})
	case "remedy.travel.split":
		q.SplitShifts = journeys.Yes
	case "remedy.licences.trainable", "remedy.languages.trainable":
		for _, code := range r.Params.Detail.Trainable {
			gain(&q, journeys.Attainments{Skills: z.Required, Licences: z.Licences, Languages: z.Languages}, code)
		}
	case "remedy.prerequisites.trainable":
		for _, code := range r.Params.Detail.Trainable {
			gain(&q, z.Prerequisites, code)
		}
	default:
		t.Fatalf("no such remedy: %s", r.Key)
	}
	return &q, &z
}

// gain gives a person what a code asks, at its level or the first one.
func gain(p *journeys.Person, a journeys.Attainments, code string) {
	for _, l := range a.Licences {
		if string(l) == code {
			p.Licences = append(slices.Clip(p.Licences), l)
		}
	}
	for _, l := range a.Languages {
		if l.Code == code {
			p.Languages = append(slices.Clip(p.Languages), journeys.Language{Code: code, Level: max(l.Level, a1)})
		}
	}
	for _, s := range a.Skills {
		if s.Code == code {
			p.Skills = append(slices.Clip(p.Skills), journeys.Skill{Code: code, Level: max(s.Level, 1)})
		}
	}
}

func later(d territories.Date, days int) territories.Date {
	return territories.DateOf(time.Date(d.Year, d.Month, d.Day+days, 0, 0, 0, 0, time.UTC))
}

// What a change would open is what its person finds more, once changed: asked of
// each position, not of the person.
func TestAGainIsWhatIsFoundMore(t *testing.T) {
	t.Parallel()
	gained := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		people, positions := w.market(3, 15)
		cfg := journeys.Config{Atlas: w.atlas}
		suited := func(p *journeys.Person) (out []journeys.PositionID) {
			v := load(cfg, []*journeys.Person{p}, positions).View()
			for _, y := range positions {
				if c := v.PeopleFor(y, today, journeys.Options{Brief: true}); c.Total == 1 && !c.History {
					out = append(out, y.ID)
				}
			}
			return out
		}
		v := load(cfg, nil, positions).View()
		for _, p := range people {
			before := suited(p)
			changes := []journeys.Change{{Kilometres: 5}, {Kilometres: 40}, {Licence: "B"}, {Language: french(b2)[0]}, {Occupation: "K2204"}, {Skill: need("pruning", 3)[0]}}
			for _, g := range v.WhatIf(p, changes, today) {
				var told []journeys.PositionID
				for _, m := range g.Matches {
					if !m.History {
						told = append(told, m.Position)
					}
				}
				slices.Sort(told)
				more := slices.DeleteFunc(suited(g.Change.Apply(p)), func(id journeys.PositionID) bool { return slices.Contains(before, id) })
				if gained += len(more); !slices.Equal(told, more) || g.Open != len(more) {
					rt.Fatalf("%+v tells %v (%d), and finds %v", g.Change, told, g.Open, more)
				}
			}
		}
	})
	if gained == 0 {
		t.Error("the worlds drawn prove nothing")
	}
}

// A distance is no near miss when no way ever runs at the hours of the work, and
// the range told is the one that counts at these hours.
func TestAWayThatDoesNotRunIsNoDistance(t *testing.T) {
	t.Parallel()
	saturday := nomenclatures.SlotAt(5, nomenclatures.Morning)
	p, x := cleaner(), cleaning(23)
	x.Slots = weekdays(nomenclatures.Morning) | saturday
	bus := journeys.Mobility{Mode: journeys.Transit, Km: 20, Slots: weekdays(nomenclatures.Morning)}
	p.Mobility = []journeys.Mobility{bus}
	if _, near, matched := meet(p, x); matched || near != nil {
		t.Errorf("matched %v, near %+v", matched, near)
	}
	p.Mobility = []journeys.Mobility{bus, {Mode: journeys.Walk, Km: 2}}
	if _, near, _ := meet(p, x); near == nil || near.Remedy.Key != "remedy.travel.beyond_hours" || near.Remedy.By != 25 || near.Remedy.Params.Want != 2 {
		t.Errorf("%+v", near)
	}
	p, x = cleaner(), cleaning(5)
	p.Mobility, p.SplitShifts = []journeys.Mobility{bus}, journeys.No
	x.Slots, x.SplitShift = saturday, journeys.Yes
	if _, near, matched := meet(p, x); matched || near != nil {
		t.Errorf("neither at these hours nor in two parts: matched %v, near %+v", matched, near)
	}
}
