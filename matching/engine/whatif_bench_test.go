package engine_test

import (
	"slices"
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// benchPast is how many lots a member's what-if is asked of.
const benchPast = 40_000

// BenchmarkWhatIf answers for members of one to four activities, on 40,000 lots
// of the last twelve months and the next weeks.
//
//	go test ./matching/engine -run '^$' -bench WhatIf -benchtime 500x
func BenchmarkWhatIf(b *testing.B) {
	w := newWorld(b, 2027)
	p, sectors := newPopulous(w.atlas), nomenclatures.Sectors()
	lots := make([]*engine.Lot, benchPast)
	for i := range lots {
		_, c := p.draw(w.r)
		lots[i] = w.benchLot(int64(i+1), c, sectors[w.r.IntN(len(sectors))])
		lots[i].Deadline = now.AddDate(0, 0, w.r.IntN(390)-360)
	}
	v := load(engine.Config{Atlas: w.atlas}, nil, lots).View()
	var members []*engine.Enterprise
	for i := range 200 {
		ord, c := p.draw(w.r)
		e := &engine.Enterprise{ID: engine.EnterpriseID(i + 1), Kind: engine.ACI, Active: true, Reachable: engine.Yes, Site: ord, CertificationsKnown: true}
		for j := range 1 + w.r.IntN(4) {
			zone := pick(w.r, territories.RadiusOf(c.Code, 30), territories.In(territories.Ref{Kind: "departement", Code: c.Departement}), territories.In(territories.Ref{Kind: "region", Code: c.Region}))
			e.Activities = append(e.Activities, engine.Activity{ID: int64(j), Codes: []nomenclatures.Code{sectors[w.r.IntN(len(sectors))].Code.Code()}, Modes: engine.Provision,
				Zone: w.compile(zone), Capacity: engine.Capacity{FTE: float64(1 + w.r.IntN(9))}})
		}
		members = append(members, e)
	}
	v.WhatIf(members[0], now, engine.Asking{})
	var took []time.Duration
	tried, gained, spent := 0, 0, processor(b)
	for i := 0; b.Loop(); i++ {
		t := time.Now()
		got := v.WhatIf(members[i%len(members)], now, engine.Asking{})
		took = append(took, time.Since(t))
		tried += len(got.Gains)
		for _, g := range got.Gains {
			gained += len(g.Lots)
		}
	}
	b.ReportMetric(float64((processor(b)-spent).Milliseconds())/float64(b.N), "cpu-ms/op")
	slices.Sort(took)
	at := func(p int) float64 { return float64(took[len(took)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(99), "p99-ms")
	b.ReportMetric(float64(tried)/float64(b.N), "changes")
	b.ReportMetric(float64(gained)/float64(b.N), "gained")
}
