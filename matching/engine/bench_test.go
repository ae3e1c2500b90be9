package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"syscall"
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// The size of the market: TestBenchMarket puts the same in PostgreSQL.
const (
	benchEnterprises = 100_000
	benchActivities  = 294_221
	benchLots        = 500
)

// populous draws communes by population.
type populous struct {
	atlas *territories.Atlas
	sum   []int64
}

func newPopulous(a *territories.Atlas) populous {
	p := populous{atlas: a, sum: make([]int64, a.Len())}
	var total int64
	for i := range a.Len() {
		if a.Commune(i).HasPoint { // the COM have none: no radius there
			total += int64(a.Commune(i).Population)
		}
		p.sum[i] = total
	}
	return p
}

func (p populous) draw(r *rand.Rand) (int, *territories.Commune) {
	at := r.Int64N(p.sum[len(p.sum)-1])
	i := sort.Search(len(p.sum), func(i int) bool { return p.sum[i] > at })
	return i, p.atlas.Commune(i)
}

// market makes the enterprises and lots of the benchmark: by sector, with one
// to six activities, zones by radius, territory or country, as Le marché de
// l'inclusion has them.
func market(tb testing.TB) (es []*engine.Enterprise, lots []*engine.Lot) {
	w := newWorld(tb, 2026)
	p := newPopulous(w.atlas)
	sectors := nomenclatures.Sectors()
	left := benchActivities
	for i := range benchEnterprises {
		ord, c := p.draw(w.r)
		e := &engine.Enterprise{
			ID: engine.EnterpriseID(i + 1), Revision: 1, Name: fmt.Sprint("E", i), Active: true, Reachable: engine.Yes, Site: ord,
			Kind:     pick(w.r, engine.ACI, engine.EI, engine.EA, engine.ESAT, engine.AI, engine.ETTI),
			Statuses: []engine.Status{{Kind: engine.ConventionACI, FTE: float64(w.r.IntN(20))}}, StatusesKnown: true,
		}
		n := left / (benchEnterprises - i)
		if i < benchEnterprises-1 && n > 1 {
			n = 1 + w.r.IntN(2*n-1)
		}
		left -= n
		for j := range n {
			e.Activities = append(e.Activities, engine.Activity{
				ID: int64(i*10 + j), Codes: []nomenclatures.Code{sectors[w.r.IntN(len(sectors))].Code.Code()},
				Modes: pick(w.r, engine.Provision, engine.Provision|engine.Supply, engine.Provision, engine.Provision|engine.Supply, engine.Supply), Zone: w.zoneAround(c),
				Capacity: engine.Capacity{FTE: float64(w.r.IntN(10))},
			})
		}
		es = append(es, e)
	}
	for i := range benchLots {
		_, c := p.draw(w.r)
		lots = append(lots, w.benchLot(int64(i+1), c, sectors[w.r.IntN(len(sectors))]))
	}
	return es, lots
}

func (w *world) zoneAround(c *territories.Commune) *territories.Perimeter {
	switch x := w.r.IntN(100); {
	case x < 20:
		return w.compile(territories.RadiusOf(c.Code, pick(w.r, 10., 20, 30, 50, 100)))
	case x < 30:
		return w.compile(territories.In(territories.Ref{Kind: "departement", Code: c.Departement}))
	case x < 38:
		return w.compile(territories.In(territories.Ref{Kind: "region", Code: c.Region}))
	}
	return w.compile(territories.Everywhere())
}

func (w *world) benchLot(id int64, c *territories.Commune, s nomenclatures.SectorInfo) *engine.Lot {
	place := territories.In(territories.Ref{Kind: "commune", Code: string(c.Code)})
	switch x := w.r.IntN(100); {
	case x >= 60 && x < 80 && c.EPCI != "":
		place = territories.In(territories.Ref{Kind: "epci", Code: c.EPCI})
	case x >= 80 && x < 95:
		place = territories.In(territories.Ref{Kind: "departement", Code: c.Departement})
	case x >= 95:
		place = territories.In(territories.Ref{Kind: "region", Code: c.Region})
	}
	return &engine.Lot{
		ID: engine.LotID(id), Revision: 1, Kind: engine.Tender, Codes: []nomenclatures.Code{s.Code.Code()}, Modes: engine.Provision,
		Scope: engine.PlaceCommunes, Place: w.compile(place), Asked: engine.Capacity{FTE: 5}, Deadline: now.AddDate(0, 0, 20), DaysNeeded: 5,
	}
}

// BenchmarkCandidates answers for one lot, the 50 best explained.
//
//	go test ./matching/engine -run '^$' -bench Candidates -benchtime 5000x
func BenchmarkCandidates(b *testing.B) {
	es, lots := market(b)
	started := time.Now()
	v := load(engine.Config{Atlas: atlas(b)}, es, lots).View()
	loaded := time.Since(started)
	o := engine.Options{Limit: 50}
	found := 0
	for _, l := range lots {
		found += v.CandidatesFor(l, now, o).Total
	}
	var c engine.Candidates
	took := make([]time.Duration, 0, b.N)
	spent := processor(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		t := time.Now()
		v.CandidatesInto(&c, lots[i%len(lots)], now, o)
		took = append(took, time.Since(t))
	}
	b.ReportMetric(float64((processor(b)-spent).Microseconds())/float64(b.N), "cpu-µs/op")
	slices.Sort(took)
	at := func(p int) float64 { return float64(took[len(took)*p/100].Microseconds()) }
	b.ReportMetric(at(50), "p50-µs")
	b.ReportMetric(at(90), "p90-µs")
	b.ReportMetric(at(99), "p99-µs")
	b.ReportMetric(float64(found)/float64(len(lots)), "matched")
	b.ReportMetric(loaded.Seconds(), "load-s")
}

// processor is the processor time spent by the process so far, collector
// included: on a busy machine it says more than the clock.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkApply makes one enterprise change among the hundred thousand, visible
// to the next reader.
func BenchmarkApply(b *testing.B) {
	es, _ := market(b)
	x := load(engine.Config{Atlas: atlas(b)}, es, nil)
	for i := 0; b.Loop(); i++ {
		x.Apply(func(batch *engine.Batch) { batch.PutEnterprise(es[i%len(es)]) })
	}
}

// BenchmarkScan is the plain scan that the index replaces.
func BenchmarkScan(b *testing.B) {
	es, lots := market(b)
	r := engine.NewRules(engine.Config{Atlas: atlas(b)})
	for i := 0; b.Loop(); i++ {
		r.Scan(lots[i%len(lots)], es, now, engine.Options{Limit: 50})
	}
}
