package journeys_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/territories"
)

// today is the day on which tests ask.
var today = territories.Date{Year: 2026, Month: time.November, Day: 23}

func atlas(t testing.TB) *territories.Atlas {
	t.Helper()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func text(t interface{ Fatal(...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// world makes people and positions at random around a few places, so that they
// meet. The same seed makes the same world.
type world struct {
	r      *rand.Rand
	atlas  *territories.Atlas
	spots  []orb.Point
	trades []journeys.Occupation
}

func newWorld(t testing.TB, seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 9)), atlas: atlas(t)}
	for range 3 {
		w.spots = append(w.spots, pick(w.r, orb.Point{5.05, 45.04}, orb.Point{4.89, 44.93}, orb.Point{55.45, -20.88},
			orb.Point{179.99, -17}, orb.Point{-179.99, -17.1}, orb.Point{3, 89.9}, orb.Point{2.35, 48.85}))
	}
	// close ones (K22, A12), strangers, and some that are no ROME code
	w.trades = []journeys.Occupation{"K2204", "K2202", "K2203", "A1203", "A1202", "A1414", "G1603", "G1602", "N1103", "F1603", "F1610", "H2102", "H2903", "3", "17"}
	return w
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (w *world) chance(p float64) bool { return w.r.Float64() < p }

func (w *world) day() territories.Date {
	if w.chance(0.5) {
		return territories.Date{}
	}
	return territories.DateOf(time.Date(2026, 11, 23+w.r.IntN(500)-350, 0, 0, 0, 0, time.UTC))
}

// point is a place, or near one; half the time the very same as others.
func (w *world) point() orb.Point {
	p := w.spots[w.r.IntN(len(w.spots))]
	if w.chance(0.4) {
		return p
	}
	p[0] += w.r.NormFloat64() * 0.4
	p[1] = min(max(p[1]+w.r.NormFloat64()*0.3, -90), 90)
	for p[0] > 180 {
		p[0] -= 360
	}
	for p[0] < -180 {
		p[0] += 360
	}
	return p
}

func (w *world) home() (ord int, p orb.Point, has bool) {
	switch w.r.IntN(10) {
	case 0:
		return -1, orb.Point{}, false
	case 1:
		return w.r.IntN(w.atlas.Len()), orb.Point{}, false
	}
	return -1, w.point(), true
}

func (w *world) occupations(most int) (out []journeys.Occupation) {
	for range w.r.IntN(most + 1) {
		out = append(out, pick(w.r, w.trades...))
	}
	return out
}

func (w *world) span() journeys.Span {
	switch w.r.IntN(3) {
	case 0:
		return journeys.Span{}
	case 1:
		return journeys.Span{Min: float64(w.r.IntN(30))}
	}
	return journeys.Span{Min: float64(w.r.IntN(20)), Max: float64(20 + w.r.IntN(16))}
}

func (w *world) slots() nomenclatures.Slots {
	switch w.r.IntN(5) {
	case 0, 1:
		return 0
	case 2:
		return nomenclatures.SlotAt(w.r.IntN(7), w.r.IntN(4))
	}
	return nomenclatures.Slots(w.r.Uint32()|w.r.Uint32()) & nomenclatures.AllWeek
}

func (w *world) needs(most int) (out []journeys.Need) {
	for range w.r.IntN(most + 1) {
		out = append(out, journeys.Need{Code: pick(w.r, "mopping", "pruning", "cooking"), Level: nomenclatures.Mastery(w.r.IntN(5))})
	}
	return out
}

func (w *world) licences(most int) (out []journeys.Licence) {
	for range w.r.IntN(most + 1) {
		out = append(out, pick[journeys.Licence](w.r, "B", "AM", "CACES"))
	}
	return out
}

func (w *world) languages(most int) (out []journeys.Language) {
	for range w.r.IntN(most + 1) {
		out = append(out, journeys.Language{Code: pick(w.r, "fr", "en"), Level: nomenclatures.Fluency(w.r.IntN(7))})
	}
	return out
}

// person is plain half the time: a place, a range, wishes, as most are judged.
func (w *world) person(id int64) *journeys.Person {
	p := &journeys.Person{ID: journeys.PersonID(id), Revision: 1, Available: w.chance(0.9), Wished: w.occupations(3),
		Kilometres: pick(w.r, 0, 0.5, 7.25, 20, 45, 60, 120), Told: journeys.ToldRange}
	p.Home, p.Point, p.HasPoint = w.home()
	if w.chance(0.5) {
		return p
	}
	p.From, p.Hours, p.Slots = w.day(), w.span(), w.slots()
	p.SplitShifts = pick(w.r, journeys.Unsaid, journeys.Yes, journeys.No)
	p.Employer = journeys.EmployerID(w.r.IntN(3))
	for _, o := range w.occupations(3) {
		p.Held = append(p.Held, journeys.Practice{Occupation: o, Years: float64(w.r.IntN(5))})
	}
	for _, n := range w.needs(3) {
		p.Skills = append(p.Skills, journeys.Skill{Code: n.Code, Level: n.Level, On: w.day()})
	}
	p.Licences, p.Languages = w.licences(2), w.languages(2)
	p.Told = journeys.Facts(w.r.IntN(32))
	p.WaitingSince = w.day()
	if w.chance(0.5) {
		p.LastProposed = time.Date(2026, 1, 1+w.r.IntN(3), 0, 0, 0, 0, time.UTC)
	}
	for range w.r.IntN(3) {
		p.Mobility = append(p.Mobility, journeys.Mobility{Mode: journeys.Mode(1 + w.r.IntN(6)), Km: pick(w.r, 0., 0, 5, 30, 80),
			Minutes: pick(w.r, 0, 30, 90), Slots: w.slots()})
	}
	return p
}

func (w *world) position(id int64) *journeys.Position {
	p := &journeys.Position{ID: journeys.PositionID(id), Revision: 1, Occupations: w.occupations(3),
		Kind: pick(w.r, "", journeys.Job, journeys.Mission, journeys.Immersion, journeys.Training), Reach: pick(w.r, 0, 0, 10.5, 80, 600)}
	p.Place, p.Point, p.HasPoint = w.home()
	if p.Kind == journeys.Training {
		p.Outcomes = journeys.Attainments{Skills: w.needs(2), Licences: w.licences(2), Languages: append(w.languages(1), journeys.Language{Code: "fr", Level: b2}), Occupations: w.occupations(2)}
		p.Prerequisites = journeys.Attainments{Skills: w.needs(1), Licences: w.licences(1), Languages: w.languages(1)}
	}
	if w.chance(0.3) {
		return p
	}
	p.StartsOn, p.Ended, p.Deadline = w.day(), w.day(), w.day()
	switch {
	case p.Kind == journeys.Training && w.chance(0.7): // most are to come
		p.StartsOn, p.Ended, p.Deadline, p.Filled = later(today, w.r.IntN(90)), territories.Date{}, territories.Date{}, w.chance(0.2)
	case w.chance(0.4):
		p.Ended, p.Deadline = territories.Date{}, later(today, w.r.IntN(120))
	case w.chance(0.3):
		p.Ended, p.Deadline = later(today, 1+w.r.IntN(120)), territories.Date{}
	}
	if p.StartsOn.IsZero() || w.chance(0.5) {
		p.EndsOn = w.day()
	} else {
		p.EndsOn = later(p.StartsOn, w.r.IntN(60))
	}
	if p.EndsOn.Before(p.StartsOn) {
		p.EndsOn = territories.Date{}
	}
	p.Hours, p.Slots, p.SplitShift = w.span(), w.slots(), pick(w.r, journeys.Unsaid, journeys.Yes, journeys.No)
	p.Required, p.Wished = w.needs(2), w.needs(2)
	p.Years = pick(w.r, 0., 0, 2)
	if w.chance(0.5) {
		p.Licences, p.Languages = w.licences(1), w.languages(1)
	}
	return p
}

func (w *world) market(n, m int) (people []*journeys.Person, positions []*journeys.Position) {
	for i := range n {
		people = append(people, w.person(int64(i+1)))
	}
	for i := range m {
		positions = append(positions, w.position(int64(i+1)))
	}
	return people, positions
}

func load(cfg journeys.Config, people []*journeys.Person, positions []*journeys.Position) *journeys.Index {
	x := journeys.New(cfg)
	x.Apply(func(b *journeys.Batch) {
		for _, p := range people {
			b.PutPerson(p)
		}
		for _, p := range positions {
			b.PutPosition(p)
		}
	})
	return x
}
