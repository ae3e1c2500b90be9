package compute_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"maillage/indicators/compute"
	"maillage/internal/testkit"
)

// witnessMotive makes an exit that the table of the report counts on a line.
func witnessMotive(random *rand.Rand, line string, on time.Time) compute.Exit {
	x := compute.Exit{On: on, Declared: compute.DeclaredYes}
	switch line {
	case "durable.cdi":
		x.Motive = compute.CDI
	case "durable.cdd_gt6m":
		x.Motive, x.Days = []compute.Motive{compute.CDD, compute.Interim}[random.IntN(2)], 185+random.IntN(300)
	case "durable.creation":
		x.Motive = compute.Creation
	case "transition.cdd_lt6m":
		x.Motive, x.Days = compute.CDD, 1+random.IntN(184)
	case "transition.aided":
		x.Motive = compute.Aided
	case "positive.training":
		x.Motive = compute.Qualifying
	case "positive.siae":
		x.Motive = compute.OtherSIAE
	default:
		x.Motive = []compute.Motive{compute.JobSeeking, compute.Inactive, compute.Unknown, compute.OtherExit}[random.IntN(4)]
	}
	return x
}

// Microdata drawn to the counts of the witness give the table of exits of the
// report to the digit, in each of its four years, from any enterprises.
func TestTheExitsOfTheReport(t *testing.T) {
	t.Parallel()
	dir := testkit.Samples(t)
	random := rand.New(rand.NewPCG(2012, 1))
	enterprises := map[int][]*compute.Enterprise{}
	for _, row := range table(t, dir, "exits_witness.csv") {
		year := number(t, row["year"])
		if enterprises[year] == nil {
			for i := range 25 {
				enterprises[year] = append(enterprises[year], &compute.Enterprise{ID: int64(i), Year: year, Kind: compute.InsertionKinds()[i%4], Group: fmt.Sprint(i / 2),
					Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected}})
			}
		}
		for range number(t, row["count_per_1000"]) {
			e := enterprises[year][random.IntN(25)]
			on := time.Date(year, time.Month(1+random.IntN(12)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
			e.Workers = append(e.Workers, compute.Worker{ID: int64(len(e.Workers)), Sex: compute.Sex(1 + random.IntN(3)), Born: 1950 + random.IntN(45), Exits: []compute.Exit{witnessMotive(random, row["motive"], on)}})
		}
	}
	for _, want := range table(t, dir, "exits.csv") {
		year := number(t, want["year"])
		var parts []*compute.Part
		for _, e := range enterprises[year] {
			parts = append(parts, counted(t, e))
		}
		got := compute.ExitShare(yearOf(t, year, parts), want["row_id"], compute.COORACE)
		if !got.Known || rounded(got.Exact) != int64(number(t, want["value_rounded_pct"])) {
			t.Errorf("%d %s: %v, the report says %s", year, want["row_id"], got.Exact, want["value_rounded_pct"])
		}
	}
}

// spread cuts a total into n shares at random, none negative.
func spread(random *rand.Rand, total int64, n int) []int64 {
	out := make([]int64, n)
	for left := total; left > 0; {
		part := min(left, 1+random.Int64N(max(1, total/int64(n))))
		out[random.IntN(n)] += part
		left -= part
	}
	return out
}

// Records of each kind that sum to the workforce give every line and every column
// of its table, ND kept: persons and hours of insertion workers one by one, the
// answers of enterprises for the others.
func TestTheWorkforceOfTheReport(t *testing.T) {
	t.Parallel()
	dir := testkit.Samples(t)
	random := rand.New(rand.NewPCG(2012, 2))
	want := map[string]map[string]string{}
	for _, row := range table(t, dir, "workforce.csv") {
		want[row["row_id"]+row["measure"]+row["year"]] = row
	}
	for year := 2009; year <= 2011; year++ {
		leaf := func(id, unit string) (int64, bool) {
			row := want[id+unit+fmt.Sprint(year)]
			if row["status"] == "ND" {
				return 0, false
			}
			return int64(number(t, row["value"])), true
		}
		var parts []*compute.Part
		for _, e := range workforce(random, year, leaf) {
			parts = append(parts, counted(t, e))
		}
		y := yearOf(t, year, parts)
		for _, r := range compute.WorkforceRows() {
			for _, u := range compute.Units() {
				row := want[r.ID+string(u)+fmt.Sprint(year)]
				got := compute.Workforce(y, r.ID, u)
				switch {
				case row["status"] == "ND" && got.Known:
					t.Errorf("%d %s %s: %v, the report says ND", year, r.ID, u, got.Exact)
				case row["status"] == "ND":
				case !got.Known || rounded(got.Exact) != int64(number(t, row["value"])):
					t.Errorf("%d %s %s: %v, the report says %s", year, r.ID, u, got.Exact, row["value"])
				}
			}
		}
	}
}

// workforce makes the enterprises of a year: twenty of insertion, whose workers
// share the hours of the FTE, and eight of home services.
func workforce(random *rand.Rand, year int, leaf func(id, unit string) (int64, bool)) []*compute.Enterprise {
	var out []*compute.Enterprise
	const insertion, home = 20, 8
	for i := range insertion + home {
		kind := compute.InsertionKinds()[i%4]
		if i >= insertion {
			kind = compute.SAP
		}
		e := &compute.Enterprise{ID: int64(i), Year: year, Kind: kind, Group: fmt.Sprint(i), Sections: map[compute.Section]compute.Status{}, Answers: map[compute.Measure]compute.Answer{}}
		if i < insertion {
			e.Sections[compute.Hours] = compute.Collected
		}
		out = append(out, e)
	}
	answer := func(id, unit string, m compute.Measure, among []*compute.Enterprise) {
		total, known := leaf(id, unit)
		for i, v := range spread(random, total, len(among)) {
			among[i].Answers[m] = compute.Answer{Status: compute.Collected, Value: 100 * v}
			if !known {
				among[i].Answers[m] = compute.Answer{Status: compute.ND}
			}
		}
	}
	answer("iae_permanent", "headcount", compute.PermanentPersons, out[:insertion])
	answer("iae_permanent", "fte", compute.PermanentFTE, out[:insertion])
	answer("proxim_home_workers", "headcount", compute.HomeWorkerPersons, out[insertion:])
	answer("proxim_home_workers", "fte", compute.HomeWorkerFTE, out[insertion:])
	answer("proxim_managers", "headcount", compute.ManagerPersons, out[insertion:])
	answer("proxim_managers", "fte", compute.ManagerFTE, out[insertion:])
	persons, _ := leaf("iae_insertion", "headcount")
	fte, _ := leaf("iae_insertion", "fte")
	// Until 2013 every kind counts 1,607 hours an FTE. Each person has 1 hour at least, the rest is shared at random.
	hours := spread(random, 160_700*fte-100*persons, insertion)
	for i, n := range spread(random, persons-insertion, insertion) {
		withHours(random, out[i], int(n)+1, hours[i])
	}
	return out
}

func withHours(random *rand.Rand, e *compute.Enterprise, n int, more int64) {
	for i := range n {
		e.Workers = append(e.Workers, compute.Worker{ID: int64(i), Sex: compute.Sex(1 + random.IntN(2)), Born: 1955 + random.IntN(35),
			Months: []compute.Month{{Month: 1 + random.IntN(12), Worked: hundredths(100)}}})
	}
	for left := more; left > 0; {
		part := min(left, 1+random.Int64N(100_00))
		w := &e.Workers[random.IntN(n)]
		*w.Months[0].Worked += part
		left -= part
	}
}

// The report's home workers moved by +20.6 % in persons and −5.5 % in FTE between
// 2010 and 2011: somebody must look.
func TestHomeWorkersOf2011AreLookedAt(t *testing.T) {
	t.Parallel()
	year := func(y int, persons, fte int64) compute.Year {
		e := &compute.Enterprise{ID: 1, Year: y, Kind: compute.SAP, Group: "g", Answers: map[compute.Measure]compute.Answer{
			compute.HomeWorkerPersons: {Status: compute.Collected, Value: 100 * persons}, compute.HomeWorkerFTE: {Status: compute.Collected, Value: 100 * fte},
			compute.ManagerPersons: {Status: compute.ND}}}
		return yearOf(t, y, []*compute.Part{counted(t, e)})
	}
	alerts := compute.Alerts(year(2010, 8288, 3354), year(2011, 9996, 3170))
	if len(alerts) != 1 || alerts[0].Code != compute.OutOfLine || alerts[0].Measure != compute.HomeWorkerPersons {
		t.Fatalf("%+v", alerts)
	}
	if p, f := alerts[0].Persons.FloatString(3), alerts[0].FTE.FloatString(3); p != "0.206" || f != "-0.055" {
		t.Errorf("moves %s and %s", p, f)
	}
	if quiet := compute.Alerts(year(2010, 8288, 3354), year(2011, 8500, 3400)); len(quiet) != 0 {
		t.Errorf("a plausible move: %+v", quiet)
	}
	if more := compute.Alerts(compute.Year{}, year(2011, 10, 11)); len(more) != 1 || more[0].Code != compute.MoreFTE {
		t.Errorf("more FTE than persons: %+v", more)
	}
}
