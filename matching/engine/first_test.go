package engine_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Many equal scores, some of them proposed before: the first ones are those of
// the whole ranking, whatever the limit and how many were proposed.
func TestTheFirstAreThoseOfTheWholeRanking(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	everywhere := w.compile(territories.Everywhere())
	code := nomenclatures.Sectors()[0].Code.Code()
	for _, proposed := range []int{0, 1, 30, 90, 99, 100} {
		var es []*engine.Enterprise
		for i := range 2000 {
			e := &engine.Enterprise{ID: engine.EnterpriseID(i + 1), Active: true, Reachable: engine.Yes, Site: engine.NoSite,
				Activities: []engine.Activity{{ID: int64(i), Codes: []nomenclatures.Code{code}, Zone: everywhere, Capacity: engine.Capacity{FTE: float64(1 + i%3)}}}}
			if w.r.IntN(100) < proposed {
				e.LastProposed = now.Add(-time.Duration(w.r.IntN(50)) * time.Hour)
			}
			es = append(es, e)
		}
		lot := &engine.Lot{ID: 1, Kind: engine.Tender, Codes: []nomenclatures.Code{code}, Scope: engine.PlaceCountry, Asked: engine.Capacity{FTE: 3}}
		v := load(engine.Config{Atlas: w.atlas, Seed: 5}, es, []*engine.Lot{lot}).View()
		whole := v.CandidatesFor(lot, now, engine.Options{}).Matches
		for _, limit := range []int{1, 2, 10, 50, 700, 1999, 2000} {
			if got := v.CandidatesFor(lot, now, engine.Options{Limit: limit}); got.Total != 2000 || text(t, got.Matches) != text(t, whole[:limit]) {
				t.Errorf("%d %% proposed, limit %d: not the first of the whole ranking", proposed, limit)
			}
		}
	}
}

// An answer written over another is the one that a new answer would be.
func TestAnAnswerIsWrittenOverAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(24, 5)
		v := load(engine.Config{Atlas: w.atlas}, es, ls).View()
		var c engine.Candidates
		for _, l := range ls {
			for _, o := range []engine.Options{all, {Limit: 3}, {Brief: true}, {Limit: 1}} {
				v.CandidatesInto(&c, l, now, o)
				if got, want := text(rt, c), text(rt, v.CandidatesFor(l, now, o)); got != want {
					rt.Fatalf("written over %s\nanew %s", got, want)
				}
			}
		}
	})
}

// An enterprise keeps its activities together in a list whatever is changed and
// removed around it, so that it is found once.
func TestAnEnterpriseOfManyActivitiesIsFoundOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	code := nomenclatures.Sectors()[0].Code.Code()
	zone := w.compile(territories.Everywhere())
	put := func(id int64, revision int64) *engine.Enterprise {
		e := &engine.Enterprise{ID: engine.EnterpriseID(id), Revision: revision, Active: true, Site: engine.NoSite}
		for i := range 1 + w.r.IntN(4) {
			e.Activities = append(e.Activities, engine.Activity{ID: id*10 + int64(i), Codes: []nomenclatures.Code{code}, Zone: zone})
		}
		return e
	}
	x, held := engine.New(engine.Config{Atlas: w.atlas}), map[int64]bool{}
	lot := &engine.Lot{ID: 1, Kind: engine.Tender, Codes: []nomenclatures.Code{code}, Scope: engine.PlaceCountry}
	for turn := range 300 {
		id := int64(1 + w.r.IntN(30))
		x.Apply(func(b *engine.Batch) {
			if held[id] = turn%3 != 0; held[id] {
				b.PutEnterprise(put(id, int64(turn)))
			} else {
				b.RemoveEnterprise(engine.EnterpriseID(id))
			}
		})
		want := 0
		for _, yes := range held {
			if yes {
				want++
			}
		}
		seen := map[engine.EnterpriseID]bool{}
		for _, m := range x.View().CandidatesFor(lot, now, engine.Options{}).Matches {
			if seen[m.Enterprise] {
				t.Fatal(fmt.Sprint("enterprise ", m.Enterprise, " is found twice at turn ", turn))
			}
			seen[m.Enterprise] = true
		}
		if len(seen) != want {
			t.Fatalf("turn %d: %d found, %d held", turn, len(seen), want)
		}
	}
}
