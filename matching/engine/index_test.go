package engine_test

import (
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine"
)

var all = engine.Options{Near: 5, Apart: 10, PassedToo: true, Expected: true}

func text(t interface{ Fatal(...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (w *world) people(n, m int) (es []*engine.Enterprise, ls []*engine.Lot) {
	for i := range n {
		es = append(es, w.enterprise(int64(i+1)+100))
	}
	for i := range m {
		ls = append(ls, w.lot(int64(i+1)))
	}
	return es, ls
}

// The first property: the index gives what the plain scan gives, explanations,
// near misses and enterprises to be specified included.
func TestIndexEqualsScan(t *testing.T) {
	t.Parallel()
	matched, cfg := 0, engine.Config{Atlas: atlas(t), Seed: 42}
	rules := engine.NewRules(cfg)
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(24, 5)
		w.widen(ls)
		v := load(cfg, es, ls).View()
		for _, l := range ls {
			for _, o := range []engine.Options{all, {Limit: 3}, {Limit: 3, Expected: true}} {
				got, want := v.CandidatesFor(l, now, o), rules.Scan(l, es, now, o)
				if o.Apart == 0 {
					want.ApartOf = 0
				}
				if g, s := text(rt, got), text(rt, want); g != s {
					rt.Fatalf("lot %d\nindex %s\nscan  %s", l.ID, g, s)
				}
				matched += got.Total
			}
		}
		for _, e := range es {
			o := all
			if g, s := text(rt, v.LotsFor(e, now, o)), text(rt, rules.ScanLots(e, ls, now, o)); g != s {
				rt.Fatalf("enterprise %d\nindex %s\nscan  %s", e.ID, g, s)
			}
		}
	})
	if matched == 0 {
		t.Error("the worlds drawn hold no match: they prove nothing")
	}
}

// Both directions agree, with the same score.
func TestBothDirectionsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(20, 8)
		w.widen(ls)
		v := load(engine.Config{Atlas: w.atlas}, es, ls).View()
		o := engine.Options{PassedToo: true, Expected: true}
		type pair struct {
			lot        engine.LotID
			enterprise engine.EnterpriseID
		}
		from := map[pair]string{}
		for _, l := range ls {
			for _, m := range v.CandidatesFor(l, now, o).Matches {
				from[pair{m.Lot, m.Enterprise}] = text(rt, m)
			}
		}
		for _, e := range es {
			for _, m := range v.LotsFor(e, now, o).Matches {
				p := pair{m.Lot, m.Enterprise}
				if from[p] != text(rt, m) {
					rt.Fatalf("%v: from the enterprise %s, from the lot %q", p, text(rt, m), from[p])
				}
				delete(from, p)
			}
		}
		if len(from) > 0 {
			rt.Fatalf("candidates that don't find their lot: %v", from)
		}
	})
}

// Any sequence of insertions, updates and removals, in any number of batches,
// leaves what a new index of the survivors holds.
func TestIncrementalEqualsRebuild(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		cfg := engine.Config{Atlas: w.atlas}
		x := engine.New(cfg)
		es, ls := map[int64]*engine.Enterprise{}, map[int64]*engine.Lot{}
		for range rapid.IntRange(1, 8).Draw(rt, "batches") {
			x.Apply(func(b *engine.Batch) {
				for range rapid.IntRange(1, 8).Draw(rt, "changes") {
					w.shake(b, es, ls)
				}
			})
			x.View().CandidatesFor(w.lot(0), now, all) // what it remembers must grow with the next batch
		}
		var left []*engine.Enterprise
		var lots []*engine.Lot
		for _, e := range es {
			left = append(left, e)
		}
		for _, l := range ls {
			lots = append(lots, l)
		}
		got, want := x.View(), load(cfg, left, lots).View()
		if got.Enterprises() != len(left) || got.Lots() != len(lots) {
			rt.Fatalf("%d enterprises and %d lots, want %d and %d", got.Enterprises(), got.Lots(), len(left), len(lots))
		}
		for _, l := range lots {
			if a, b := text(rt, got.CandidatesFor(l, now, all)), text(rt, want.CandidatesFor(l, now, all)); a != b {
				rt.Fatalf("lot %d\nincremental %s\nrebuilt     %s", l.ID, a, b)
			}
		}
		for _, e := range left {
			if a, b := text(rt, got.LotsFor(e, now, all)), text(rt, want.LotsFor(e, now, all)); a != b {
				rt.Fatalf("enterprise %d\nincremental %s\nrebuilt     %s", e.ID, a, b)
			}
		}
	})
}

// shake makes one change at random.
func (w *world) shake(b *engine.Batch, es map[int64]*engine.Enterprise, ls map[int64]*engine.Lot) {
	id := int64(w.r.IntN(15) + 1)
	switch w.r.IntN(8) {
	case 0:
		b.RemoveEnterprise(engine.EnterpriseID(id + 100))
		delete(es, id+100)
	case 1:
		b.RemoveLot(engine.LotID(id))
		delete(ls, id)
	case 2, 3:
		l := w.lot(id)
		if old := ls[id]; old != nil {
			l.Revision = old.Revision + 1
			b.PutLot(l)
			b.PutLot(old) // late: it must be ignored
		} else {
			b.PutLot(l)
		}
		ls[id] = l
	default:
		e, old := w.enterprise(id+100), es[id+100]
		if old != nil {
			e.Revision = old.Revision + 1
		}
		b.PutEnterprise(e)
		if old != nil {
			b.PutEnterprise(old) // late: it must be ignored
		}
		es[id+100] = e
	}
}

// The order in which things are given, and many readers at once while others
// write, change nothing.
func TestOrderAndReadersChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 11)
	cfg := engine.Config{Atlas: w.atlas}
	es, ls := w.people(120, 8)
	first := load(cfg, es, ls)
	v := first.View()
	want := map[engine.LotID]string{}
	for _, l := range ls {
		want[l.ID] = text(t, v.CandidatesFor(l, now, all))
	}
	shuffled := append([]*engine.Enterprise{}, es...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	other := load(cfg, shuffled, ls).View()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, l := range ls {
				if got := text(t, v.CandidatesFor(l, now, all)); got != want[l.ID] {
					t.Errorf("lot %d: a reader got another answer", l.ID)
				}
				if got := text(t, other.CandidatesFor(l, now, all)); got != want[l.ID] {
					t.Errorf("lot %d: another order gives another answer\n%s\n%s", l.ID, got, want[l.ID])
				}
			}
		})
	}
	for i := range 40 { // a writer who would spoil an old view if pages were shared wrongly
		first.Apply(func(b *engine.Batch) {
			b.RemoveEnterprise(es[i].ID)
			b.PutEnterprise(w.enterprise(int64(1000 + i)))
		})
	}
	wg.Wait()
}
