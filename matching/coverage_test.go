package matching_test

import (
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// diois is a tender of the Diois, where nobody looks after green spaces.
func diois() *opportunities.Opportunity {
	o := tender()
	o.Title, o.Place.Perimeter = "Parcs de Die", `{"territory":"commune:26113"}`
	return o
}

const dioisGardens = "espaces-verts@epci:242600534"

func TestAHoleIsFoundNamedAndBecomesAProject(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		near := gardener()
		near.Activities[0].Zone = `{"radius":{"commune":"26108","km":10}}`
		member := r.save(near)
		r.publish(diois())
		pole, err := r.network.SavePole(r.ctx, &network.Pole{Name: "Pôle de la vallée", Territory: `{"territory":"commune:26108"}`})
		r.must(err)
		h, all, err := r.matches.HoleOf(r.ctx, dioisGardens, 12)
		r.must(err)
		if all.Total != 1 || len(h.Unmet) != 1 || len(h.Shown) != 1 || h.Shown[0].Opportunity != "Parcs de Die" || h.Place == "" || h.People == 0 {
			t.Fatalf("%+v", h)
		}
		if len(h.Nearest) != 1 || h.Nearest[0].Organisation.ID != member.ID || h.Nearest[0].Km <= 0 {
			t.Errorf("the nearest: %+v", h.Nearest)
		}
		if len(h.Poles) != 1 || h.Poles[0].ID != pole.ID || h.Poles[0].Project != 0 {
			t.Errorf("the poles: %+v", h.Poles)
		}
		p, made, err := r.matches.ProposeProject(r.ctx, pole.ID, dioisGardens, 12)
		r.must(err)
		again, twice, err := r.matches.ProposeProject(r.ctx, pole.ID, dioisGardens, 12)
		r.must(err)
		if !made || twice || again.ID != p.ID || p.Evidence.Lots != 1 || p.Evidence.Unmet != 1 || p.Evidence.On != "2026-11-23" || p.Evidence.Since != "2025-11-23" {
			t.Errorf("made %v then %v: %+v %+v", made, twice, p, p.Evidence)
		}
		if h, _, err = r.matches.HoleOf(r.ctx, dioisGardens, 12); err != nil || h.Poles[0].Project != p.ID {
			t.Errorf("the hole doesn't know its project: %+v %v", h, err)
		}
		// somebody comes: the hole is no more, the project stays
		o, err := r.network.Get(r.ctx, member.ID)
		r.must(err)
		o.Activities[0].Zone = `{"territory":"departement:26"}`
		r.save(o)
		if _, _, err := r.matches.HoleOf(r.ctx, dioisGardens, 12); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a hole that is filled: %v", err)
		}
		if _, _, err := r.matches.ProposeProject(r.ctx, pole.ID, dioisGardens, 12); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a project for a hole that is filled: %v", err)
		}
		for _, key := range []string{"", "rien@epci:242600534", "espaces-verts@epci:999", "espaces-verts@commune:26113", "espaces-verts"} {
			if _, _, err := r.matches.HoleOf(r.ctx, key, 12); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%q: %v", key, err)
			}
		}
	})
}

func TestCoverageIsFilteredAndPaged(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.publish(diois())
		r.publish(diois())
		lille := diois()
		lille.Place.Perimeter = `{"territory":"commune:59350"}`
		r.publish(lille)
		first, err := r.matches.Coverage(r.ctx, matching.CoverageQuery{Limit: 1})
		r.must(err)
		if first.Total != 2 || first.Unmet != 3 || len(first.Holes) != 1 || first.Next != 1 || len(first.Holes[0].Unmet) != 2 || first.Holes[0].Rank != 1 {
			t.Fatalf("%+v", first)
		}
		second, err := r.matches.Coverage(r.ctx, matching.CoverageQuery{Limit: 1, After: first.Next, Lots: 5})
		r.must(err)
		if len(second.Holes) != 1 || second.Next != 0 || second.Holes[0].Rank != 2 || len(second.Holes[0].Shown) != 1 {
			t.Errorf("%+v", second)
		}
		h, _, err := r.matches.HoleOf(r.ctx, dioisGardens, 0)
		r.must(err)
		for name, q := range map[string]matching.CoverageQuery{"place": {Within: h.Set}, "group": {Group: "btp"}, "sector": {Sector: "espaces-naturels"}, "lack": {Lack: "part"}} {
			got, err := r.matches.Coverage(r.ctx, q)
			r.must(err)
			if want := map[string]int{"place": 1}[name]; got.Total != want {
				t.Errorf("by %s: %d holes, want %d", name, got.Total, want)
			}
		}
	})
}

func TestWhatIfReadsTheLots(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		near := gardener()
		near.Activities[0].Zone = `{"radius":{"commune":"26108","km":10}}`
		member := r.save(near)
		r.publish(diois())
		w, err := r.matches.WhatIf(r.ctx, member.ID, matching.WhatIfQuery{Lots: 5})
		r.must(err)
		if len(w.Misses) != 1 || w.Misses[0].Total != 1 || len(w.Misses[0].Lots) != 1 {
			t.Fatalf("missed: %+v", w.Misses)
		}
		brought := 0
		for _, c := range w.Changes {
			if c.Total > 0 && len(c.Lots) == 1 && c.Lots[0].Opportunity == "Parcs de Die" && c.Words.FR != "" && c.Words.EN != "" {
				brought++
			}
		}
		if brought == 0 || w.Matched != 0 || w.ToSpecify {
			t.Errorf("%+v", w)
		}
		counts, err := r.matches.WhatIf(r.ctx, member.ID, matching.WhatIfQuery{})
		r.must(err)
		if len(counts.Misses[0].Lots) != 0 || counts.Misses[0].Total != 1 {
			t.Errorf("the counts alone: %+v", counts.Misses)
		}
		buyer := r.save(&network.Organisation{Role: network.Buyer, Name: "Ville de Die"})
		if none, err := r.matches.WhatIf(r.ctx, buyer.ID, matching.WhatIfQuery{}); err != nil || !none.ToSpecify || len(none.Changes) != 0 {
			t.Errorf("a buyer has no what-if: %+v %v", none, err)
		}
	})
}
