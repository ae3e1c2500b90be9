package compute_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/indicators/compute"
)

func drawDay(t *rapid.T, year int) time.Time {
	return time.Date(year, 1, 1+rapid.IntRange(0, 364).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
}

func drawWorker(t *rapid.T, year int) compute.Worker {
	w := compute.Worker{Sex: compute.Sex(rapid.IntRange(1, 3).Draw(t, "sex")), Born: rapid.SampledFrom([]int{0, 1955, year - 26, year - 25, year - 49, year - 50, 1990}).Draw(t, "born"),
		Publics: rapid.SliceOfNDistinct(rapid.SampledFrom(compute.Publics()), 0, 3, rapid.ID).Draw(t, "publics")}
	for range rapid.IntRange(0, 2).Draw(t, "contracts") {
		w.Contracts = append(w.Contracts, compute.Contract{Begins: drawDay(t, year-rapid.IntRange(0, 1).Draw(t, "back")), Weekly: hundredths(int64(rapid.IntRange(0, 35_00).Draw(t, "weekly")))})
	}
	for m := range rapid.IntRange(0, 3).Draw(t, "months") {
		h := int64(rapid.IntRange(0, 150_00).Draw(t, "hours"))
		w.Months = append(w.Months, compute.Month{Month: m + 1, Paid: &h, Worked: &h, Clause: &h})
	}
	for range rapid.IntRange(0, 2).Draw(t, "exits") {
		w.Exits = append(w.Exits, compute.Exit{On: drawDay(t, year), Motive: rapid.SampledFrom(compute.Motives()).Draw(t, "motive"), Days: rapid.IntRange(0, 400).Draw(t, "days"),
			Declared: rapid.SampledFrom([]compute.Declared{"", compute.DeclaredYes, compute.DeclaredNo}).Draw(t, "declared")})
	}
	return w
}

func drawEnterprise(t *rapid.T, id int64, year int) *compute.Enterprise {
	e := &compute.Enterprise{ID: id, Year: year, Kind: rapid.SampledFrom(compute.Kinds()).Draw(t, "kind"), Group: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "group"),
		Sections: map[compute.Section]compute.Status{}, Answers: map[compute.Measure]compute.Answer{}}
	for _, s := range compute.Sections() {
		e.Sections[s] = rapid.SampledFrom([]compute.Status{compute.Collected, compute.Collected, compute.Collected, compute.ND, compute.Waiting}).Draw(t, "section")
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "workers") {
		w := drawWorker(t, year)
		w.ID = int64(i)
		e.Workers = append(e.Workers, w)
	}
	return e
}

// What is counted does not depend on the order of records nor of enterprises;
// sexes and ages sum to their margin; every exit is in one place and one only.
func TestCountsAreAnAlgebra(t *testing.T) {
	t.Parallel()
	refs := references(t)
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.SampledFrom([]int{2011, 2012, 2020}).Draw(t, "year")
		var parts, mixed []*compute.Part
		exits := int64(0)
		for i := range rapid.IntRange(1, 5).Draw(t, "enterprises") {
			e := drawEnterprise(t, int64(i), year)
			p, err := compute.CountOf(e, refs)
			if err != nil {
				t.Fatal(err)
			}
			e.Workers = rapid.Permutation(e.Workers).Draw(t, "order")
			again, err := compute.CountOf(e, refs)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(p, again) {
				t.Fatal("the order of the workers changes the counts")
			}
			parts = append(parts, p)
			if compute.ExitsObserved.Applies(e.Kind) && e.Sections[compute.Exits] == compute.Collected {
				for _, w := range e.Workers {
					exits += int64(len(w.Exits))
				}
			}
		}
		mixed = rapid.Permutation(parts).Draw(t, "mixed")
		rows := compute.Sum(parts)
		if !reflect.DeepEqual(rows, compute.Sum(mixed)) {
			t.Fatal("the order of the enterprises changes the sums")
		}
		for i := range rows {
			closes(t, &rows[i])
		}
		everyExitOnce(t, compute.Index(rows), exits)
	})
}

func closes(t *rapid.T, r *compute.Row) {
	if r.Status() == compute.ND || r.Measure.Whole() && r.At(compute.Total).Persons == 0 {
		return
	}
	var sexes, ages int64
	for s := compute.Women; s <= compute.SexUnsaid; s++ {
		sexes += r.At(compute.CrossOf(s, 0, 0)).Amount
	}
	for a := compute.Under26; a <= compute.AgeUnsaid; a++ {
		ages += r.At(compute.CrossOf(0, a, 0)).Amount
	}
	if total := r.At(compute.Total).Amount; r.At(compute.Total).Persons > 0 && (sexes != total || ages != total) {
		t.Fatalf("%s: %d in all, %d by sex, %d by age", r.Measure, total, sexes, ages)
	}
	if c := r.At(compute.Total); c.Top > c.Amount || c.Contributors > 3 {
		t.Fatalf("%s: the largest of %d groups has %d of %d", r.Measure, c.Contributors, c.Top, c.Amount)
	}
}

func everyExitOnce(t *rapid.T, rows compute.Rows, exits int64) {
	var places, categories int64
	for _, m := range []compute.Measure{compute.ExitsObserved, compute.ExitsWithdrawn, compute.ExitsIneligible, compute.ExitsUndecided} {
		if rows[m] == nil || rows[m].Status() == compute.ND {
			return
		}
		places += rows[m].At(compute.Total).Amount
	}
	for _, m := range []compute.Measure{compute.ExitsDynamic, compute.ExitsOther} {
		categories += rows[m].At(compute.Total).Amount
	}
	if places != exits || categories != rows[compute.ExitsObserved].At(compute.Total).Amount {
		t.Fatalf("%d exits are counted %d times, %d by category", exits, places, categories)
	}
	parts := rows[compute.ExitsDurable].At(compute.Total).Amount + rows[compute.ExitsTransition].At(compute.Total).Amount +
		rows[compute.ExitsPositive].At(compute.Total).Amount + rows[compute.ExitsTimedUnsaid].At(compute.Total).Amount
	if dynamic := rows[compute.ExitsDynamic].At(compute.Total).Amount; parts != dynamic {
		t.Fatalf("%d dynamic exits are the sum of %d", dynamic, parts)
	}
}
