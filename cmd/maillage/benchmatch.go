package main

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"maillage/internal/fault"
	"maillage/matching/engine/journeys"
	"maillage/matching/engine/journeys/trial"
	"maillage/territories"
)

const (
	benchTop     = 50
	benchPasses  = 5
	benchChanges = 1000
)

// bench is one measure.
type bench struct {
	x         *journeys.Index
	positions []journeys.Position
	others    []journeys.Position // asked first, to warm
	trades    map[int64]journeys.Occupation
	day       territories.Date
	people    [][]trial.Person // for the plain scan
	some      []trial.Person   // to change
	figures   figures
}

// offers are the positions as the engine reads them.
func offers(of []trial.Position) []journeys.Position {
	out := make([]journeys.Position, len(of))
	for i, p := range of {
		out[i] = journeys.Position{ID: journeys.PositionID(p.ID), Place: journeys.NoPlace, Point: p.Point, HasPoint: true, Reach: journeys.DefaultReach}
		for _, o := range p.Occupations {
			out[i].Occupations = append(out[i].Occupations, occupation(o))
		}
	}
	return out
}

// elsewhere are as many other positions, for the same occupations where some of
// the people live: to ask for them warms the program and the processor, and finds
// nothing of the answers that are timed.
func elsewhere(of []trial.Position, people []trial.Person) []trial.Position {
	if len(people) == 0 {
		return nil
	}
	out := slices.Clone(of)
	for i := range out {
		out[i].Point = people[i%len(people)].Point
	}
	return out
}

func occupation(n int64) journeys.Occupation { return journeys.Occupation(strconv.FormatInt(n, 10)) }

// unique refuses a position that is given twice.
func unique(path string, of []trial.Position) error {
	at := map[int64]int{}
	for i, p := range of {
		if first, twice := at[p.ID]; twice {
			return trial.Fault{File: path, Line: i + 1, Reason: already("le poste", "the position", p.ID, first)}
		}
		at[p.ID] = i + 1
	}
	return nil
}

func already(fr, en string, id int64, line int) fault.Text {
	return fault.Text{FR: fmt.Sprintf("%s %d est déjà à la ligne %d", fr, id, line), EN: fmt.Sprintf("%s %d is already on line %d", en, id, line)}
}

// unread is what cannot be read of a file, each line located, for the reader's language.
func unread(err error) error {
	var one trial.Fault
	var all *trial.Faults
	switch {
	case errors.As(err, &one):
		all = &trial.Faults{First: []trial.Fault{one}, Total: 1}
	case !errors.As(err, &all):
		return err
	}
	var fields []fault.Field
	for _, f := range all.First {
		fields = append(fields, fault.Field{Path: f.At(), Code: "unread", Message: f.Reason})
	}
	if more := all.Total - len(all.First); more > 0 {
		fields = append(fields, fault.At("…", "more", fmt.Sprintf("et %d de plus", more), fmt.Sprintf("and %d more", more)))
	}
	return fault.Invalid(fields...)
}

// unknownCodes says how many people have the code of a commune that none ever had, since
// 1943; empty: nobody. They are searched as anybody is: the point alone counts.
func unknownCodes(path string) (fault.Text, error) {
	codes, err := trial.Codes(path)
	if err != nil || len(codes) == 0 {
		return fault.Text{}, err
	}
	atlas, err := territories.Load()
	if err != nil {
		return fault.Text{}, err
	}
	var unknown []string
	lines := 0
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if _, now := atlas.Ordinal(territories.CommuneCode(code)); !now && !atlas.Resolve(territories.CommuneCode(code), territories.Date{}).Known {
			unknown, lines = append(unknown, code), lines+codes[code]
		}
	}
	if lines == 0 {
		return fault.Text{}, nil
	}
	some := strings.Join(unknown[:min(len(unknown), 3)], ", ")
	if len(unknown) > 3 {
		some += "…"
	}
	return fault.Text{FR: fmt.Sprintf("personnes dont le code de commune n’a jamais existé : %d (%s) ; leur point est lu comme celui des autres", lines, some),
		EN: fmt.Sprintf("people whose commune code never existed: %d (%s); their point is read as anybody’s", lines, some)}, nil
}

// load reads the people into an index and weighs it.
func (b *bench) load(path string) error {
	before := heap()
	began, spent := time.Now(), processor()
	b.x, b.trades = journeys.New(journeys.Config{Seed: 1}), map[int64]journeys.Occupation{}
	read := 0
	var err error
	b.x.Apply(func(batch *journeys.Batch) {
		err = trial.ReadPeople(path, func(people []trial.Person) {
			read += len(people)
			b.put(batch, people)
		})
	})
	b.figures.LoadS, b.figures.LoadCPUS = time.Since(began).Seconds(), (processor() - spent).Seconds()
	if err != nil {
		return err
	}
	b.figures.People = b.x.View().People()
	if b.figures.People != read {
		return twice(path)
	}
	if b.figures.People > 0 {
		b.figures.BytesPerPerson = float64(heap()-before-b.aside()) / float64(b.figures.People)
	}
	return nil
}

// put gives people to the index.
func (b *bench) put(batch *journeys.Batch, people []trial.Person) {
	var p journeys.Person
	for i := range people {
		b.person(&p, &people[i])
		batch.PutPerson(&p)
	}
	if len(b.some) < benchChanges {
		b.some = append(b.some, people[:min(len(people), benchChanges-len(b.some))]...)
	}
}

// person is one line as the engine reads it; it is written in p.
func (b *bench) person(p *journeys.Person, from *trial.Person) {
	wished := p.Wished[:0]
	for _, o := range from.Occupations {
		name, known := b.trades[o]
		if !known {
			name = occupation(o)
			b.trades[o] = name
		}
		wished = append(wished, name)
	}
	*p = journeys.Person{ID: journeys.PersonID(from.ID), Home: journeys.NoHome, Point: from.Point, HasPoint: true,
		Available: from.Available, Wished: wished, Kilometres: from.Km, Told: journeys.ToldRange}
}

// twice finds a person who is given twice.
func twice(path string) error {
	at, line := map[int64]int{}, 0
	var found error
	err := trial.ReadPeople(path, func(people []trial.Person) {
		for i := range people {
			line++
			if first, again := at[people[i].ID]; again && found == nil {
				found = trial.Fault{File: path, Line: line, Reason: already("la personne", "the person", people[i].ID, first)}
			}
			at[people[i].ID] = line
		}
	})
	if err != nil {
		return err
	}
	return found
}

// processor is the processor time spent by the process so far, collector
// included: on a busy machine it says more than the clock.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heap is what the process holds once everything that can go is gone.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// aside weighs what the measure itself keeps.
func (b *bench) aside() int64 { return int64(cap(b.some)) * 80 }

// measure answers each position, on one thread.
func (b *bench) measure() figures {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f := &b.figures
	f.Positions, f.Engine = len(b.positions), journeys.Version
	v, o := b.x.View(), journeys.Options{Limit: benchTop}
	var answer journeys.Candidates
	for i := range b.others {
		v.PeopleInto(&answer, &b.others[i], b.day, o)
	}
	spent := processor()
	took := timed(len(b.positions), func(i int) { v.PeopleInto(&answer, &b.positions[i], b.day, o) })
	if n := len(took.once) * (benchPasses + 1); n > 0 {
		f.CPU = milliseconds((processor() - spent) / time.Duration(n))
	}
	f.tell(took)
	for i := range b.positions {
		f.Found += v.PeopleFor(&b.positions[i], b.day, o).Total
	}
	changes := b.change()
	f.ChangeP50, f.ChangeP99 = milliseconds(quantile(changes, 0.5)), milliseconds(quantile(changes, 0.99))
	return *f
}

// times are those of n things: of the first time each is done, and of when all
// have been done again several times over.
type times struct{ once, steady []time.Duration }

// timed does each of n things once, then several times over, all of them before
// the first one again. The steady time of each is the median of these: what
// another program took of the processor meanwhile is left out, and so is what a
// question costs when nothing of its answer is at hand, which once counts.
func timed(n int, do func(i int)) times {
	took := make([][benchPasses + 1]time.Duration, n)
	for pass := range benchPasses + 1 {
		for i := range n {
			began := time.Now()
			do(i)
			took[i][pass] = time.Since(began)
		}
	}
	out := times{make([]time.Duration, n), make([]time.Duration, n)}
	for i := range took {
		again := took[i][1:]
		slices.Sort(again)
		out.once[i], out.steady[i] = took[i][0], again[benchPasses/2]
	}
	return out
}

// tell writes the times of a search down.
func (f *figures) tell(t times) {
	f.P50, f.P90, f.P99 = milliseconds(quantile(t.once, 0.5)), milliseconds(quantile(t.once, 0.9)), milliseconds(quantile(t.once, 0.99))
	f.SteadyP50, f.SteadyP90, f.SteadyP99 = milliseconds(quantile(t.steady, 0.5)), milliseconds(quantile(t.steady, 0.9)), milliseconds(quantile(t.steady, 0.99))
}

// change gives people another range, then their own again, each time until a
// reader sees it.
func (b *bench) change() (took []time.Duration) {
	var p journeys.Person
	for i := range b.some {
		for revision := range 2 {
			b.person(&p, &b.some[i])
			p.Revision, p.Kilometres = int64(revision+1), p.Kilometres+float64(1-revision)
			began := time.Now()
			b.x.Apply(func(batch *journeys.Batch) { batch.PutPerson(&p) })
			b.x.View()
			took = append(took, time.Since(began))
		}
	}
	return took
}

// quantile is the least duration that so large a part doesn't exceed.
func quantile(of []time.Duration, part float64) time.Duration {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	at := int(part*float64(len(sorted)) + 0.999999)
	return sorted[min(max(at-1, 0), len(sorted)-1)]
}

// recall reads the people again for the plain scan, once all is measured: kept
// before, they would weigh in what is measured.
func (b *bench) recall(path string) error {
	return trial.ReadPeople(path, func(people []trial.Person) { b.people = append(b.people, people) })
}

// check compares every set of candidates with that of a plain scan, and says the
// first difference.
func (b *bench) check() string {
	diffs := make([]string, len(b.positions))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(b.positions); i += workers {
				if diffs[i] = b.compare(&b.positions[i]); diffs[i] != "" {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, d := range diffs {
		if d != "" {
			return d
		}
	}
	return ""
}

// compare checks one position: the set, and that the best are the first of it.
func (b *bench) compare(p *journeys.Position) string {
	v := b.x.View()
	all := v.PeopleFor(p, b.day, journeys.Options{Brief: true})
	top := v.PeopleFor(p, b.day, journeys.Options{Limit: benchTop})
	for i, m := range top.Matches {
		if m.Person != all.Matches[i].Person || m.Score != all.Matches[i].Score {
			return fmt.Sprintf("position %d, rank %d: person %d with a limit, person %d without", p.ID, i+1, m.Person, all.Matches[i].Person)
		}
	}
	got := make(map[journeys.PersonID]bool, len(all.Matches))
	for _, m := range all.Matches {
		got[m.Person] = true
	}
	return b.scan(p, got)
}

// scan looks at every person, by the words of the definition and nothing of the
// index; it empties got.
func (b *bench) scan(p *journeys.Position, got map[journeys.PersonID]bool) string {
	asked := map[int64]bool{}
	for n, name := range b.trades {
		asked[n] = slices.Contains(p.Occupations, name)
	}
	overlap := func(x *trial.Person) bool {
		return slices.ContainsFunc(x.Occupations, func(o int64) bool { return asked[o] })
	}
	for _, people := range b.people {
		for i := range people {
			x := &people[i]
			if !x.Available || !overlap(x) {
				continue
			}
			if km := territories.Haversine(x.Point, p.Point); km > journeys.DefaultReach || km > x.Km {
				continue
			}
			if !got[journeys.PersonID(x.ID)] {
				return fmt.Sprintf("position %d: the scan finds person %d, the index does not", p.ID, x.ID)
			}
			delete(got, journeys.PersonID(x.ID))
		}
	}
	for id := range got {
		return fmt.Sprintf("position %d: the index finds person %d, the scan does not", p.ID, id)
	}
	return ""
}
