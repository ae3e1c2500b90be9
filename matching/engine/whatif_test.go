package engine_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// lately is the period of a what-if, said again from its definition.
func lately(l *engine.Lot, since time.Time) bool {
	if l.Kind == engine.ExpectedCall {
		return false
	}
	ended := !l.Ended.IsZero() && !now.Before(l.Ended)
	past := !l.Deadline.IsZero() && now.After(l.Deadline)
	if !ended && !past {
		return true
	}
	when := l.Deadline
	if when.IsZero() || !l.Ended.IsZero() && l.Ended.Before(when) {
		when = l.Ended
	}
	return !when.Before(since)
}

// suits lists the lots of the period that suit an enterprise, by a plain scan.
func suits(r *engine.Rules, e *engine.Enterprise, lots []*engine.Lot, since time.Time) map[engine.LotID]bool {
	out, by := map[engine.LotID]bool{}, map[engine.LotID]*engine.Lot{}
	for _, l := range lots {
		by[l.ID] = l
	}
	for _, m := range r.ScanLots(e, lots, now, engine.Options{PassedToo: true, Expected: true, Brief: true}).Matches {
		if lately(by[m.Lot], since) {
			out[m.Lot] = true
		}
	}
	return out
}

// aged spreads the deadlines over three years, so that some are out of the period.
func (w *world) aged(lots []*engine.Lot) []*engine.Lot {
	for _, l := range lots {
		if !l.Deadline.IsZero() {
			l.Deadline = now.AddDate(0, 0, w.r.IntN(1000)-900)
		}
		if !l.Ended.IsZero() {
			l.Ended = now.AddDate(0, 0, -w.r.IntN(600))
		}
	}
	return lots
}

// What a supposition brings is what the plain scan finds with it and not without.
func TestWhatIfEqualsTwoScans(t *testing.T) {
	t.Parallel()
	cfg := engine.Config{Atlas: atlas(t), Seed: 7}
	rules, kinds := engine.NewRules(cfg), map[engine.SuppositionKind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(4, 40)
		ls = w.aged(ls)
		v, since := load(cfg, es, ls).View(), now.AddDate(-1, 0, 0)
		for _, e := range es {
			got, had := v.WhatIf(e, now, engine.Asking{}), suits(rules, e, ls, since)
			if got.Matched != len(had) {
				rt.Fatalf("enterprise %d: %d lots suit it, the scan says %d", e.ID, got.Matched, len(had))
			}
			for _, g := range withPair(got) {
				want := suits(rules, rules.Suppose(e, g.Suppositions...), ls, since)
				for id := range had {
					delete(want, id)
				}
				if len(want) != len(g.Lots) || slices.ContainsFunc(g.Lots, func(id engine.LotID) bool { return !want[id] }) {
					rt.Fatalf("enterprise %d with %+v: %v, the scan says %v", e.ID, g.Suppositions, g.Lots, want)
				}
				kinds[g.Suppositions[0].Kind] += len(g.Lots) + len(g.Raised)
			}
		}
	})
	for _, k := range []engine.SuppositionKind{engine.SupposeKm, engine.SupposeTerritory, engine.SupposeNeighbours, engine.SupposeSector, engine.SupposeCertification, engine.SupposeCapacity} {
		if kinds[k] == 0 {
			t.Errorf("no %s brings anything in the worlds drawn: they prove nothing of it", k)
		}
	}
}

// No sector that is left out would bring more than those that are tried, whether
// it is a neighbour of the trades or not.
func TestWhatIfTriesTheSectorsThatBringTheMost(t *testing.T) {
	t.Parallel()
	cfg := engine.Config{Atlas: atlas(t)}
	rules, apart, near := engine.NewRules(cfg), 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(1, 40)
		ls = w.aged(ls)
		v, since := load(cfg, es, ls).View(), now.AddDate(-1, 0, 0)
		for _, e := range es {
			got := v.WhatIf(e, now, engine.Asking{})
			if e.Unspecified() || !zoned(e) {
				continue
			}
			had, tried, least := suits(rules, e, ls, since), map[nomenclatures.Sector]bool{}, map[bool]int{}
			for _, g := range got.Gains {
				if s := g.Suppositions[0]; s.Kind == engine.SupposeSector {
					if tried[s.Sector] = true; g.Apart == neighbour(e, s.Sector) {
						rt.Fatalf("enterprise %d: %s is said apart: %v", e.ID, s.Sector, g.Apart)
					}
					if g.Apart {
						apart++
					} else {
						near++
					}
				}
			}
			for _, kin := range []bool{true, false} {
				least[kin] = 0
				if all := gained(got, !kin); len(all) == 8 {
					least[kin] = slices.Min(all)
				}
			}
			for _, info := range nomenclatures.Sectors() {
				if tried[info.Code] {
					continue
				}
				more := suits(rules, rules.Suppose(e, engine.Supposition{Kind: engine.SupposeSector, Sector: info.Code}), ls, since)
				if n := len(more) - len(had); n > least[neighbour(e, info.Code)] {
					rt.Fatalf("enterprise %d: %s would bring %d lots and is not tried", e.ID, info.Code, n)
				}
			}
		}
	})
	if apart == 0 || near == 0 {
		t.Errorf("%d sectors apart and %d neighbours in the worlds drawn: they prove nothing", apart, near)
	}
}

func zoned(e *engine.Enterprise) bool {
	return slices.ContainsFunc(e.Activities, func(a engine.Activity) bool { return a.Zone != nil })
}

func neighbour(e *engine.Enterprise, s nomenclatures.Sector) bool {
	for _, a := range e.Activities {
		for _, c := range a.Codes {
			if _, v := nomenclatures.Closeness(c, s.Code()); v >= 0.25 {
				return true
			}
		}
	}
	return false
}

// gained lists how many lots each sector of a sort brings.
func gained(w engine.WhatIf, apart bool) (out []int) {
	for _, g := range w.Gains {
		if g.Suppositions[0].Kind == engine.SupposeSector && g.Apart == apart {
			out = append(out, len(g.Lots))
		}
	}
	return out
}

func withPair(w engine.WhatIf) []engine.Gain {
	if w.Pair == nil {
		return w.Gains
	}
	return append(slices.Clone(w.Gains), *w.Pair)
}

// The near misses counted are those of the ranking, and the order of the lots and
// of the index changes nothing.
func TestWhatIfCountsTheNearMisses(t *testing.T) {
	t.Parallel()
	missed := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(4, 40)
		ls = w.aged(ls)
		cfg := engine.Config{Atlas: atlas(t)}
		v, by := load(cfg, es, ls).View(), map[engine.LotID]*engine.Lot{}
		for _, l := range ls {
			by[l.ID] = l
		}
		slices.Reverse(ls)
		other := load(cfg, es, ls).View()
		for _, e := range es {
			got := v.WhatIf(e, now, engine.Asking{Months: 12})
			if a, b := text(rt, got), text(rt, other.WhatIf(e, now, engine.Asking{Months: 12})); a != b {
				rt.Fatalf("the order of lots changes the answer\n%s\n%s", a, b)
			}
			want := map[engine.Criterion]int{}
			for _, n := range v.LotsFor(e, now, engine.Options{Near: 1000, PassedToo: true, Brief: true}).Near {
				if lately(by[n.Lot], now.AddDate(-1, 0, 0)) {
					want[n.Missed]++
				}
			}
			for _, m := range got.Misses {
				if want[m.Criterion] != len(m.Lots) {
					rt.Fatalf("enterprise %d: %d near misses by %s, the ranking says %d", e.ID, len(m.Lots), m.Criterion, want[m.Criterion])
				}
				missed += len(m.Lots)
				delete(want, m.Criterion)
			}
			if len(want) > 0 {
				rt.Fatalf("enterprise %d: near misses not counted: %v", e.ID, want)
			}
		}
	})
	if missed == 0 {
		t.Error("the worlds drawn hold no near miss: they prove nothing")
	}
}

// A zone is widened by what a plain comparison of every pair of communes gives.
func TestWiderIsEveryCommuneNearEnough(t *testing.T) {
	t.Parallel()
	a, rules := atlas(t), engine.NewRules(engine.Config{Atlas: atlas(t)})
	for _, text := range []string{`{"territory":"epci:200068781"}`, `{"territory":"departement:2A"}`, `{"radius":{"commune":"97411","km":12}}`, `{"territory":"commune:59350"}`} {
		zone := perimeter(t, text)
		for _, km := range []float64{5, 20, 50} {
			got := rules.Wider(zone, km).Set
			for ord := range a.Len() {
				if want := zone.Set.Contains(ord) || nearest(a, zone.Set, ord) <= km; want != got.Contains(ord) {
					t.Fatalf("%s wider by %v km: %s is in: %v, want %v", text, km, a.Commune(ord).Name, got.Contains(ord), want)
				}
			}
		}
	}
	if all := perimeter(t, `{"everywhere":true}`); rules.Wider(all, 50).Set.Len() != a.Len() {
		t.Error("the country has nothing around it")
	}
}

func nearest(a *territories.Atlas, set *territories.Set, ord int) float64 {
	best := math.Inf(1)
	set.Each(func(o int) bool {
		if km, ok := a.Distance(o, ord); ok {
			best = min(best, km)
		}
		return true
	})
	return best
}

// A story: what a gardener of Crest learns.
func TestWhatIfOfAGardener(t *testing.T) {
	t.Parallel()
	gardens := nomenclatures.CPV("77310000").Code()
	w := newWorld(t, 1)
	ord, _ := w.atlas.Ordinal("26108")
	e := &engine.Enterprise{ID: 1, Revision: 1, Kind: engine.ACI, Active: true, Reachable: engine.Yes, Site: ord, CertificationsKnown: true,
		Activities: []engine.Activity{{ID: 1, Codes: []nomenclatures.Code{gardens}, Modes: engine.Provision, Zone: perimeter(t, `{"territory":"commune:26108"}`), Capacity: engine.Capacity{FTE: 2}}}}
	lot := func(id engine.LotID, place string, ago int) *engine.Lot {
		return &engine.Lot{ID: id, Revision: 1, Kind: engine.Tender, Codes: []nomenclatures.Code{gardens}, Modes: engine.Provision, Scope: engine.PlaceCommunes,
			Place: perimeter(t, place), Deadline: now.AddDate(0, -ago, 0)}
	}
	home := lot(1, `{"territory":"commune:26108"}`, 2)
	home.Asked.FTE = 3
	aouste := lot(2, `{"territory":"commune:26011"}`, 3) // 3 km away
	aouste.Asked.Amount, aouste.InsertionHours = 40_000, 300
	label := lot(3, `{"territory":"commune:26108"}`, 1)
	label.Certifications = []engine.CertificationWish{{Code: "qualipaysage", Required: true}}
	old := lot(4, `{"territory":"commune:26011"}`, 14)
	both := lot(5, `{"territory":"commune:26011"}`, 4)
	both.Certifications = label.Certifications
	got := load(engine.Config{Atlas: w.atlas}, []*engine.Enterprise{e}, []*engine.Lot{home, aouste, label, old, both}).View().WhatIf(e, now, engine.Asking{})
	if got.Matched != 1 || got.Short != 1 || len(got.Misses) != 2 {
		t.Fatalf("%+v", got)
	}
	for _, g := range got.Gains {
		switch s := g.Suppositions[0]; {
		case s.Kind == engine.SupposeKm && s.Km == 5:
			if !slices.Equal(g.Lots, []engine.LotID{2}) || g.Amount != 40_000 || g.AmountOf != 1 || g.Hours != 300 || g.Beyond != 1 {
				t.Errorf("five km: %+v", g)
			}
		case s.Kind == engine.SupposeKm:
			if g.Beyond != 0 {
				t.Errorf("%v km bring nothing more: %+v", s.Km, g)
			}
		case s.Kind == engine.SupposeCertification:
			if !slices.Equal(g.Lots, []engine.LotID{3}) {
				t.Errorf("the label: %+v", g)
			}
		case s.Kind == engine.SupposeCapacity:
			if len(g.Lots) != 0 || !slices.Equal(g.Raised, []engine.LotID{1}) {
				t.Errorf("capacity keeps no lot away: %+v", g)
			}
		}
	}
	if got.Pair == nil || got.Pair.Beyond != 1 || len(got.Pair.Lots) != 3 {
		t.Errorf("the label and ten km together: %+v", got.Pair)
	}
}
