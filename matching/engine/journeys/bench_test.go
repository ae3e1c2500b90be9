package journeys_test

import (
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"maillage/matching/engine/journeys"
	"maillage/matching/engine/journeys/trial"
)

// The million people and the 500 positions of the measures.
const (
	benchPeople    = 1_000_000
	benchPositions = 500
	benchSeed      = 2026
)

// crowd makes an index of so many people and the positions to answer.
func crowd(tb testing.TB, people, positions int) (*journeys.Index, []*journeys.Position) {
	tb.Helper()
	m := trial.NewMaker(atlas(tb), benchSeed)
	x := journeys.New(journeys.Config{})
	x.Apply(func(b *journeys.Batch) {
		for i := range people {
			p, _ := m.Person(int64(i + 1))
			b.PutPerson(engineered(p))
		}
	})
	var out []*journeys.Position
	for i := range positions {
		p := m.Position(int64(i + 1))
		q := &journeys.Position{ID: journeys.PositionID(p.ID), Place: journeys.NoPlace, Point: p.Point, HasPoint: true}
		for _, o := range p.Occupations {
			q.Occupations = append(q.Occupations, journeys.Occupation(strconv.FormatInt(o, 10)))
		}
		out = append(out, q)
	}
	return x, out
}

func engineered(p trial.Person) *journeys.Person {
	q := &journeys.Person{ID: journeys.PersonID(p.ID), Home: journeys.NoHome, Point: p.Point, HasPoint: true, Available: p.Available,
		Kilometres: p.Km, Told: journeys.ToldRange}
	for _, o := range p.Occupations {
		q.Wished = append(q.Wished, journeys.Occupation(strconv.FormatInt(o, 10)))
	}
	return q
}

// BenchmarkPeopleFor answers for one position, the 50 best explained.
//
//	go test ./matching/engine/journeys -run '^$' -bench PeopleFor -benchtime 5000x
func BenchmarkPeopleFor(b *testing.B) {
	x, positions := crowd(b, benchPeople, benchPositions)
	v, o, found := x.View(), journeys.Options{Limit: 50}, 0
	for _, p := range positions {
		found += v.PeopleFor(p, today, o).Total
	}
	var c journeys.Candidates
	took := make([]time.Duration, 0, b.N)
	spent := processor(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		t := time.Now()
		v.PeopleInto(&c, positions[i%len(positions)], today, o)
		took = append(took, time.Since(t))
	}
	b.ReportMetric(float64((processor(b)-spent).Microseconds())/float64(b.N), "cpu-µs/op")
	slices.Sort(took)
	for _, p := range []int{50, 90, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Nanoseconds())/1000, "p"+strconv.Itoa(p)+"-µs")
	}
	b.ReportMetric(float64(found)/float64(len(positions)), "matched")
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
