package journeys_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"maillage/matching/engine/journeys"
	"maillage/territories"
)

var asked = []journeys.Options{
	{Near: 6, PassedToo: true}, {Limit: 3}, {}, {Limit: 2, Near: 2}, {Employer: 1}, {Limit: 4, Brief: true},
	{PassedToo: true, Since: yesteryear, Kinds: []journeys.Kind{journeys.Job, journeys.Training}},
}

var yesteryear = territories.Date{Year: 2025, Month: 11, Day: 23}

// The first property: the index gives what the plain scan gives, explanations
// and near misses included, both ways.
func TestIndexEqualsScan(t *testing.T) {
	t.Parallel()
	matched, neared, cfg := 0, 0, journeys.Config{Atlas: atlas(t), Seed: 42}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		people, positions := w.market(40, 10)
		v := load(cfg, people, positions).View()
		rules := journeys.NewRules(cfg)
		var again journeys.Candidates // the room of every answer before
		for _, o := range asked {
			for _, p := range positions {
				got := v.PeopleFor(p, today, o)
				if g, s := text(rt, got), text(rt, rules.Scan(p, people, positions, today, o)); g != s {
					rt.Fatalf("position %d, %+v\nindex %s\nscan  %s", p.ID, o, g, s)
				}
				if v.PeopleInto(&again, p, today, o); text(rt, again) != text(rt, got) {
					rt.Fatalf("position %d, %+v\nin the room of another %s\nin its own %s", p.ID, o, text(rt, again), text(rt, got))
				}
				matched, neared = matched+got.Total, neared+len(got.Near)
			}
			for _, p := range people {
				if g, s := text(rt, v.PositionsFor(p, today, o)), text(rt, rules.ScanPositions(p, positions, today, o)); g != s {
					rt.Fatalf("person %d, %+v\nindex %s\nscan  %s", p.ID, o, g, s)
				}
			}
		}
	})
	if matched == 0 || neared == 0 {
		t.Errorf("%d matches and %d near misses: the worlds drawn prove nothing", matched, neared)
	}
}

// Both directions agree: the same pairs, with the same scores and findings, and
// the same near misses.
func TestBothDirectionsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		people, positions := w.market(25, 10)
		v := load(journeys.Config{Atlas: w.atlas}, people, positions).View()
		o := journeys.Options{PassedToo: true, Near: 1000}
		type pair struct {
			position journeys.PositionID
			person   journeys.PersonID
		}
		from, nearly := map[pair]string{}, map[pair]string{}
		for _, p := range positions {
			c := v.PeopleFor(p, today, o)
			for _, m := range c.Matches {
				from[pair{m.Position, m.Person}] = text(rt, m)
			}
			for _, m := range c.Near {
				nearly[pair{m.Position, m.Person}] = text(rt, m)
			}
		}
		for _, p := range people {
			c := v.PositionsFor(p, today, o)
			for _, m := range c.Matches {
				if k := (pair{m.Position, m.Person}); from[k] != text(rt, m) {
					rt.Fatalf("%v: from the person %s, from the position %q", k, text(rt, m), from[k])
				}
				delete(from, pair{m.Position, m.Person})
			}
			for _, m := range c.Near {
				if k := (pair{m.Position, m.Person}); nearly[k] != text(rt, m) {
					rt.Fatalf("%v nearly: from the person %s, from the position %q", k, text(rt, m), nearly[k])
				}
				delete(nearly, pair{m.Position, m.Person})
			}
		}
		if len(from)+len(nearly) > 0 {
			rt.Fatalf("people that don't find their position: %v %v", from, nearly)
		}
	})
}

// Any sequence of changes, in any number of batches, leaves what a new index of
// the survivors holds.
func TestIncrementalEqualsRebuild(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		cfg := journeys.Config{Atlas: w.atlas}
		x := journeys.New(cfg)
		people, positions := map[int64]*journeys.Person{}, map[int64]*journeys.Position{}
		for range rapid.IntRange(1, 10).Draw(rt, "batches") {
			x.Apply(func(b *journeys.Batch) {
				for range rapid.IntRange(1, 12).Draw(rt, "changes") {
					w.shake(b, people, positions)
				}
			})
		}
		left, given := survivors(people, positions)
		same(rt, x.View(), load(cfg, left, given).View(), left, given)
	})
}

func survivors(people map[int64]*journeys.Person, positions map[int64]*journeys.Position) (left []*journeys.Person, given []*journeys.Position) {
	for _, p := range people {
		left = append(left, p)
	}
	for _, p := range positions {
		given = append(given, p)
	}
	return left, given
}

// same asks everything of two views.
func same(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, got, want *journeys.View, people []*journeys.Person, positions []*journeys.Position) {
	if got.People() != len(people) || got.Positions() != len(positions) {
		t.Fatalf("%d people and %d positions, want %d and %d", got.People(), got.Positions(), len(people), len(positions))
	}
	for _, o := range []journeys.Options{{Near: 5, PassedToo: true}, {Limit: 3}} {
		for _, p := range positions {
			if a, b := text(t, got.PeopleFor(p, today, o)), text(t, want.PeopleFor(p, today, o)); a != b {
				t.Fatalf("position %d\nincremental %s\nrebuilt     %s", p.ID, a, b)
			}
		}
		for _, p := range people {
			if a, b := text(t, got.PositionsFor(p, today, o)), text(t, want.PositionsFor(p, today, o)); a != b {
				t.Fatalf("person %d\nincremental %s\nrebuilt     %s", p.ID, a, b)
			}
		}
	}
}

// shake makes one change at random.
func (w *world) shake(b *journeys.Batch, people map[int64]*journeys.Person, positions map[int64]*journeys.Position) {
	id := int64(w.r.IntN(25) + 1)
	switch w.r.IntN(8) {
	case 0:
		b.RemovePerson(journeys.PersonID(id))
		delete(people, id)
	case 1:
		b.RemovePosition(journeys.PositionID(id))
		delete(positions, id)
	case 2, 3:
		p, old := w.position(id), positions[id]
		if old != nil {
			p.Revision = old.Revision + 1
		}
		b.PutPosition(p)
		if old != nil {
			b.PutPosition(old) // late: it must be ignored
		}
		positions[id] = p
	default:
		p, old := w.person(id), people[id]
		if old != nil {
			p.Revision = old.Revision + 1
		}
		b.PutPerson(p)
		if old != nil {
			b.PutPerson(old) // late: it must be ignored
		}
		people[id] = p
	}
}

// Blocks that are cut, joined and emptied lose nobody: thousands in one place and
// one occupation, changed one at a time.
func TestLongListsKeepEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5)
	w.trades = w.trades[:2]
	cfg := journeys.Config{Atlas: w.atlas}
	people := map[int64]*journeys.Person{}
	x := journeys.New(cfg)
	x.Apply(func(b *journeys.Batch) { b.PutPerson(w.person(1)); b.RemovePerson(1) })
	put := func(id int64) {
		p := w.person(id)
		if old := people[id]; old != nil {
			p.Revision = old.Revision + 1
		}
		people[id] = p
		x.Apply(func(b *journeys.Batch) { b.PutPerson(p) })
	}
	for i := range 3000 {
		put(int64(i + 1))
	}
	for range 3000 {
		put(int64(w.r.IntN(3000) + 1))
	}
	for i := range 2600 {
		x.Apply(func(b *journeys.Batch) { b.RemovePerson(journeys.PersonID(i + 1)) })
		delete(people, int64(i+1))
	}
	left, _ := survivors(people, nil)
	rebuilt := load(cfg, left, nil).View()
	for i := range 20 {
		p := w.position(int64(i))
		if a, b := text(t, x.View().PeopleFor(p, today, journeys.Options{})), text(t, rebuilt.PeopleFor(p, today, journeys.Options{})); a != b {
			t.Fatalf("position %d\nincremental %s\nrebuilt     %s", i, a, b)
		}
	}
}

// The order in which things are given, and many readers at once while others
// write, change nothing.
func TestOrderAndReadersChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 11)
	cfg := journeys.Config{Atlas: w.atlas}
	people, positions := w.market(200, 12)
	first := load(cfg, people, positions)
	v, o := first.View(), journeys.Options{Near: 5}
	want := map[journeys.PositionID]string{}
	for _, p := range positions {
		want[p.ID] = text(t, v.PeopleFor(p, today, o))
	}
	shuffled := append([]*journeys.Person{}, people...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	other := load(cfg, shuffled, positions).View()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 3 {
				for _, p := range positions {
					if got := text(t, v.PeopleFor(p, today, o)); got != want[p.ID] {
						t.Errorf("position %d: a reader got another answer", p.ID)
					}
					if got := text(t, other.PeopleFor(p, today, o)); got != want[p.ID] {
						t.Errorf("position %d: another order gives another answer", p.ID)
					}
					first.View().PeopleFor(p, today, o)
				}
			}
		})
	}
	for i := range 60 { // a writer who would spoil an old view if pages were shared wrongly
		first.Apply(func(b *journeys.Batch) {
			b.RemovePerson(people[i].ID)
			b.PutPerson(w.person(int64(1000 + i)))
			b.PutPosition(w.position(int64(i%20) + 1))
		})
	}
	wg.Wait()
}

// The bounds are inclusive, to the last bit: somebody whose range is the very
// distance is found, and is not with the number just below; the same of the reach
// of the position. The quick measure of the index must not decide.
func TestBoundsAreInclusiveToTheLastBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		x := cleaning(0)
		x.Point = w.point()
		var people []*journeys.Person
		var expected []journeys.PersonID
		for i := range 60 {
			p := cleaner()
			p.ID, p.Point = journeys.PersonID(i+1), orb.Point{x.Point[0], max(-90, min(90, x.Point[1]+w.r.NormFloat64()*0.2))}
			km := territories.Haversine(p.Point, x.Point)
			if p.Kilometres = km; i%2 == 0 {
				p.Kilometres = math.Nextafter(km, 0)
			}
			if p.Told = journeys.ToldRange; i%4 == 3 {
				p.Employer = 1 // judged whole
			}
			people = append(people, p)
			if i%2 == 1 && km <= x.Reach || i%2 == 1 && x.Reach == 0 && km <= journeys.DefaultReach || km == 0 {
				expected = append(expected, p.ID)
			}
		}
		v := load(journeys.Config{}, people, nil).View()
		found := func(o journeys.Options) (ids []journeys.PersonID) {
			for _, m := range v.PeopleFor(x, today, o).Matches {
				ids = append(ids, m.Person)
			}
			slices.Sort(ids)
			return ids
		}
		if got := found(journeys.Options{}); !slices.Equal(got, expected) {
			rt.Fatalf("%v, want %v", got, expected)
		}
		for _, p := range people[:10] {
			if km := territories.Haversine(p.Point, x.Point); km > 0 && p.Kilometres >= km {
				x.Reach = km
				if !slices.Contains(found(journeys.Options{Near: 3}), p.ID) || !slices.Contains(found(journeys.Options{}), p.ID) {
					rt.Fatalf("person %d is at the very reach, and not found", p.ID)
				}
				if x.Reach = math.Nextafter(km, 0); slices.Contains(found(journeys.Options{}), p.ID) {
					rt.Fatalf("person %d is beyond the reach, and found", p.ID)
				}
			}
		}
	})
}
