package consortium_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/matching/engine/consortium"
	"maillage/nomenclatures"
	"maillage/territories"
)

var morning = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// drome is a lot of three trades over the whole of the Drôme, and some candidates
// with one or two of its trades around a commune of it, half of them with FTE.
func drome(t testing.TB, many int) (*territories.Atlas, *engine.Lot, []*engine.Enterprise) {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	place, err := atlas.Compile(territories.In(territories.Ref{Kind: "departement", Code: "26"}))
	if err != nil {
		t.Fatal(err)
	}
	codes := []nomenclatures.Code{
		{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}, {Scheme: nomenclatures.SchemeCPV, Value: "90910000"}, {Scheme: nomenclatures.SchemeCPV, Value: "45442100"}}
	lot := &engine.Lot{ID: 1, Revision: 1, Kind: engine.Tender, Codes: codes, Modes: engine.Provision, Scope: engine.PlaceCommunes, Place: place,
		Asked: engine.Capacity{FTE: 20}, Deadline: morning.AddDate(0, 1, 0)}
	r := rand.New(rand.NewPCG(26, 150)) //nolint:gosec // a benchmark
	communes := place.Set.Ordinals()
	var all []*engine.Enterprise
	for id := range many {
		ord := int(communes[r.IntN(len(communes))])
		e := &engine.Enterprise{ID: engine.EnterpriseID(id + 1), Revision: 1, Kind: engine.ACI, Active: true, Reachable: engine.Yes, Site: ord}
		for a := range 1 + r.IntN(2) {
			zone, err := atlas.Compile(territories.RadiusOf(atlas.Commune(ord).Code, float64(15+5*r.IntN(8))))
			if err != nil {
				t.Fatal(err)
			}
			act := engine.Activity{ID: int64(10*id + a), Codes: codes[(id+a)%3 : (id+a)%3+1], Modes: engine.Provision, Zone: zone}
			if r.IntN(2) == 0 {
				act.Capacity.FTE = float64(3 + r.IntN(12))
			}
			e.Activities = append(e.Activities, act)
		}
		all = append(all, e)
	}
	return atlas, lot, all
}

func read(t testing.TB, atlas *territories.Atlas, lot *engine.Lot, all []*engine.Enterprise) (consortium.Needs, []consortium.Candidate) {
	t.Helper()
	rules := engine.NewRules(engine.Config{Atlas: atlas})
	needs := consortium.NeedsOf(atlas, lot)
	var out []consortium.Candidate
	for _, e := range all {
		if c, ok := consortium.Read(rules, lot, needs, e, morning); ok && len(c.Acts) > 0 {
			out = append(out, c)
		}
	}
	return needs, out
}

// BenchmarkDrome answers a realistic lot, from the candidates to who does what.
// gap-members and proven tell how good the answer is, beside its time.
func BenchmarkDrome(b *testing.B) { benchDrome(b, 150, 0) }

// BenchmarkCrowd answers it with as many candidates as the whole country may have,
// within the steps of a page.
func BenchmarkCrowd(b *testing.B) { benchDrome(b, 3000, 10_000) }

func benchDrome(b *testing.B, many, steps int) {
	atlas, lot, all := drome(b, many)
	needs, candidates := read(b, atlas, lot, all)
	var r consortium.Result
	b.ResetTimer()
	for range b.N {
		r = consortium.Compose(needs, candidates, consortium.Options{Most: 12, Steps: steps})
	}
	b.ReportMetric(float64(len(candidates)), "candidates")
	b.ReportMetric(float64(len(r.Best.Members)), "members")
	b.ReportMetric(100*r.Best.Coverage, "%covered")
	b.ReportMetric(float64(r.Gap.Members), "gap-members")
	b.ReportMetric(100*r.Gap.Coverage, "%gap")
	b.ReportMetric(float64(r.Gap.Steps), "steps")
	b.StopTimer()
	hurried := consortium.Compose(needs, candidates, consortium.Options{Most: 12, Steps: 1, Alternatives: -1})
	b.ReportMetric(float64(len(hurried.Best.Members)), "greedy-members")
}
