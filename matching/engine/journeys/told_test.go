package journeys_test

import (
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"maillage/matching/engine/journeys"
	"maillage/matching/engine/journeys/trial"
	"maillage/nomenclatures"
)

// storyteller makes people of whom much is told, as those of the product, and
// positions that ask for it, in occupations of ROME.
type storyteller struct {
	*trial.Maker
	r    *rand.Rand
	rome []journeys.Occupation
}

func newStoryteller(tb testing.TB) *storyteller {
	s := &storyteller{Maker: trial.NewMaker(atlas(tb), benchSeed), r: rand.New(rand.NewPCG(3, 4))}
	for _, c := range nomenclatures.Sectors() {
		for _, r := range c.ROME {
			if o := journeys.Occupation(r); !slices.Contains(s.rome, o) {
				s.rome = append(s.rome, o)
			}
		}
	}
	return s
}

func (s *storyteller) trade(n int64) journeys.Occupation { return s.rome[int(n)%len(s.rome)] }

func (s *storyteller) person(id int64) *journeys.Person {
	from, _ := s.Person(id)
	p := engineered(from)
	p.Wished = p.Wished[:0]
	for _, o := range from.Occupations {
		p.Wished = append(p.Wished, s.trade(o))
	}
	p.Held = []journeys.Practice{{Occupation: s.trade(int64(s.r.IntN(500))), Years: 2}, {Occupation: p.Wished[0], Years: 1}}
	for range 6 {
		p.Skills = append(p.Skills, journeys.Skill{Code: "s" + strconv.Itoa(s.r.IntN(400)), Level: nomenclatures.Mastery(1 + s.r.IntN(4)), On: on("2026-05-01")})
	}
	p.Licences, p.Languages = licences("B"), french(nomenclatures.Fluency(1+s.r.IntN(6)))
	p.Hours, p.Slots = journeys.Span{Min: 20, Max: 35}, weekdays(nomenclatures.Morning, nomenclatures.Afternoon)
	p.Mobility = []journeys.Mobility{{Mode: journeys.Walk, Minutes: 30}, {Mode: journeys.Transit, Km: from.Km, Slots: weekdays(nomenclatures.Morning, nomenclatures.Afternoon)}}
	p.Employer, p.WaitingSince = journeys.EmployerID(1+s.r.IntN(500)), on("2026-03-01")
	return p
}

func (s *storyteller) position(id int64) *journeys.Position {
	from := s.Position(id)
	p := &journeys.Position{ID: journeys.PositionID(id), Place: journeys.NoPlace, Point: from.Point, HasPoint: true,
		Occupations: []journeys.Occupation{s.trade(from.Occupations[0])}, Hours: journeys.Span{Min: 26, Max: 26},
		Slots: weekdays(nomenclatures.Morning), Languages: french(a2)}
	for range 3 {
		p.Required = append(p.Required, journeys.Need{Code: "s" + strconv.Itoa(s.r.IntN(400)), Level: 2})
	}
	return p
}

// TestWhatPeopleInFullWeighAndTake prints, for people of whom everything is told,
// the bytes of each and the time of a search with its near misses and without.
//
//	MAILLAGE_BENCH_MATCH=100000 go test ./matching/engine/journeys -run InFull -v
func TestWhatPeopleInFullWeighAndTake(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("MAILLAGE_BENCH_MATCH"))
	if n == 0 {
		t.Skip("left out: the measure of people in full (MAILLAGE_BENCH_MATCH=100000)")
	}
	s := newStoryteller(t)
	x := journeys.New(journeys.Config{})
	before := held()
	x.Apply(func(b *journeys.Batch) {
		for i := range n {
			b.PutPerson(s.person(int64(i + 1)))
		}
	})
	t.Logf("%d people, %.0f bytes each", n, float64(held()-before)/float64(n))
	v := x.View()
	var positions []*journeys.Position
	for i := range 300 {
		positions = append(positions, s.position(int64(i+1)))
	}
	for _, o := range []journeys.Options{{Limit: 50}, {Limit: 50, Near: 10}} {
		var took []time.Duration
		total := 0
		for _, p := range positions {
			v.PeopleFor(p, today, o)
			began := time.Now()
			total += v.PeopleFor(p, today, o).Total
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		t.Logf("near misses %d: p50 %v, p99 %v, %d matched on average", o.Near, took[150], took[297], total/300)
	}
}

func held() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
