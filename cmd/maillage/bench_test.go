package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/matching/engine/journeys"
	"maillage/matching/engine/journeys/trial"
	"maillage/territories"
)

// benched runs the command on two files and gives what it says.
func benched(t *testing.T, people, positions string, more ...string) (code int, out, errs string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"people.tsv": people, "positions.tsv": positions} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var o, e bytes.Buffer
	args := append([]string{"--lang", "en", "bench", "match", "--people", filepath.Join(dir, "people.tsv"), "--positions", filepath.Join(dir, "positions.tsv")}, more...)
	code = run(t.Context(), args, nil, &o, &e)
	return code, o.String(), strings.ReplaceAll(e.String(), dir+"/", "")
}

// edges are people at the edges of the definition, and who is found.
var edges = strings.Join([]string{
	"9\t26281\tSRID=4326;POINT(5 45)\t0\t{3,17}\tt",            // on the very spot, going nowhere
	"2\t26281\tSRID=4326;POINT(5 45.1)\t11.2\t{3,3}\tt",        // 11.12 km
	"3\t26281\tSRID=4326;POINT(5 45.1)\t11.1\t{3}\tt",          // too far for them
	"4\t26281\tSRID=4326;POINT(5 45)\t50\t{3}\tf",              // not available
	"5\t26281\tSRID=4326;POINT(5 45)\t50\t{}\tt",               // no occupation
	"6\t26281\tSRID=4326;POINT(5 45.46)\t500\t{3}\tt",          // 51 km
	"7\t99999\tSRID=4326;POINT(5 45.44)\t500\t{17,4}\tt",       // 49 km, an unknown commune
	"11\t\tSRID=4326;POINT(179.9 -17)\t30\t{3}\tt",             // across the antimeridian
	"12\t97415\tSRID=4326;POINT(55.45 -20.88)\t50.5\t{8}\tt",   // Réunion
	"13\t98000\tSRID=4326;POINT(12 90)\t1e2\t{3}\tt",           // the pole
	"-8\t26281\tSRID=4326;POINT(5.00001 45.00001)\t.5\t{4}\tt", // a negative identifier
}, "\r\n")

const edgePositions = "1\tSRID=4326;POINT(5 45)\t{3,17}\n20\tSRID=4326;POINT(-179.9 -17)\t{3}\n3\tSRID=4326;POINT(55.5 -20.9)\t{8,9}\n" +
	"4\tSRID=4326;POINT(5 45)\t{}\n5\tSRID=4326;POINT(5 45)\t{999}\n6\tSRID=4326;POINT(-100 89.9)\t{3,3}\n7\tSRID=4326;POINT(5 45)\t{4}"

func TestBenchMatchFindsThoseOfTheDefinition(t *testing.T) {
	code, out, errs := benched(t, edges, edgePositions, "--check", "--json")
	if code != 0 {
		t.Fatalf("%d: %s", code, errs)
	}
	var f figures
	if err := json.Unmarshal([]byte(out), &f); err != nil {
		t.Fatal(err)
	}
	// 9, 2 and 7 for the first; 11; 12; the pole; 7 and -8.
	if f.People != 11 || f.Positions != 7 || f.Found != 3+1+1+1+2 || !f.Checked {
		t.Errorf("%+v", f)
	}
	for _, key := range []string{"load_s", "bytes_per_person", "p50_ms", "p90_ms", "p99_ms", "p50_steady_ms", "p90_steady_ms", "p99_steady_ms", "found"} {
		if !strings.Contains(out, `"`+key+`"`) {
			t.Errorf("%s is not said: %s", key, out)
		}
	}
}

func TestBenchMatchSaysItInWords(t *testing.T) {
	code, out, errs := benched(t, edges, edgePositions, "--check")
	if code != 0 || !strings.Contains(out, "11 people loaded") || !strings.Contains(out, "the same sets as a plain scan") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
}

func TestBenchMatchOnEmptyFiles(t *testing.T) {
	if code, _, errs := benched(t, "", "", "--check", "--json"); code != 0 {
		t.Errorf("%d: %s", code, errs)
	}
}

func TestBenchMatchRefusesWithTheLine(t *testing.T) {
	good := "1\t26281\tSRID=4326;POINT(5 45)\t50\t{3}\tt\n"
	for _, c := range []struct{ people, positions, want string }{
		{good + "2\t26281\tSRID=4326;POINT(5 45)\t\\N\t{3}\tt\nx\n", "", "people.tsv:2: the range is null\n  people.tsv:3: 1 fields"},
		{good + good, "", "people.tsv:2: the person 1 is already on line 1"},
		{good, "1\tSRID=4326;POINT(5 45)\t{x}\n", `positions.tsv:1: "x" is not an occupation`},
		{good, "1\tSRID=4326;POINT(5 45)\t{3}\n1\tSRID=4326;POINT(5 45)\t{4}\n", "positions.tsv:2: the position 1 is already on line 1"},
	} {
		if code, out, errs := benched(t, c.people, c.positions); code != 1 || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%d: %s%s, want %q", code, out, errs, c.want)
		}
	}
}

// A fault is told in the language that is asked, with its file and line.
func TestBenchMatchRefusesInFrench(t *testing.T) {
	good := "1\t26281\tSRID=4326;POINT(5 45)\t50\t{3}\tt\n"
	for _, c := range []struct{ people, positions, want string }{
		{"2\t26281\tSRID=4326;POINT(5 nord)\t50\t{3}\tt\n", "", "people.tsv:1: \"SRID=4326;POINT(5 nord)\" n’est pas un point : \"nord\" n’est pas un nombre décimal"},
		{"2\t2628\tSRID=4326;POINT(5 45)\t50\t{3}\tt\n", "", "people.tsv:1: \"2628\" n’est pas un code INSEE"},
		{good + good, "", "people.tsv:2: la personne 1 est déjà à la ligne 1"},
		{good, "1\tSRID=4326;POINT(5 45)\n", "positions.tsv:1: 2 champs, 3 sont attendus"},
		{strings.Repeat("x\n", 25), "", "…: et 5 de plus"},
	} {
		if code, out, errs := benched(t, c.people, c.positions, "--lang", "fr"); code != 1 || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%d: %s%s, want %q", code, out, errs, c.want)
		}
	}
}

// A code that no commune ever had is no fault: one line says how many there are, beside
// the figures, and none is said where every code is or was one.
func TestBenchMatchCountsTheCodesNobodyKnows(t *testing.T) {
	code, out, errs := benched(t, edges, edgePositions, "--json")
	if want := "maillage: people whose commune code never existed: 2 (98000, 99999); their point is read as anybody’s\n"; code != 0 || errs != want || !json.Valid([]byte(out)) {
		t.Errorf("%d: %q", code, errs)
	}
	was := "1\t01001\tSRID=4326;POINT(5 45)\t50\t{3}\tt\n2\t01003\tSRID=4326;POINT(5 45)\t50\t{3}\tt\n3\t75101\tSRID=4326;POINT(2 48)\t50\t{3}\tt\n4\t\tSRID=4326;POINT(2 48)\t50\t{3}\tt\n"
	if code, _, errs := benched(t, was, edgePositions); code != 0 || errs != "" {
		t.Errorf("a commune of today, one that was merged, an arrondissement, and none: %d: %q", code, errs)
	}
}

func TestBenchMatchWrongUsage(t *testing.T) {
	for _, args := range [][]string{{"bench", "match"}, {"bench", "match", "--people", "a"}, {"bench"}, {"bench", "match", "--people", "a", "--positions", "b", "--fast"}} {
		var o, e bytes.Buffer
		if code := run(t.Context(), args, nil, &o, &e); code != 2 {
			t.Errorf("%v: %d", args, code)
		}
	}
	var o, e bytes.Buffer
	if code := run(t.Context(), []string{"--lang", "en", "bench", "match", "--people", "nowhere.tsv", "--positions", "nowhere.tsv"}, nil, &o, &e); code != 1 ||
		!strings.Contains(e.String(), "nowhere.tsv does not exist") {
		t.Errorf("%d: %s", code, e.String())
	}
}

// The time of a search is that of its first answer: what asking again saves is
// said apart.
func TestTheFirstAnswerIsTimed(t *testing.T) {
	asked := map[int]int{}
	took := timed(3, func(i int) {
		if asked[i]++; asked[i] == 1 {
			time.Sleep(20 * time.Millisecond)
		}
	})
	for i := range 3 {
		if took.once[i] < 20*time.Millisecond || took.steady[i] >= 20*time.Millisecond || asked[i] != benchPasses+1 {
			t.Errorf("%d: once %v, steady %v, asked %d times", i, took.once[i], took.steady[i], asked[i])
		}
	}
	var f figures
	if f.tell(took); f.P99 < 20 || f.SteadyP99 >= 20 {
		t.Errorf("said %+v", f)
	}
}

// What warms is no position that is timed.
func TestWarmingAsksForOthers(t *testing.T) {
	of := []trial.Position{{ID: 1, Point: [2]float64{5, 45}, Occupations: []int64{3}}, {ID: 2, Point: [2]float64{5, 46}, Occupations: []int64{4}}}
	got := elsewhere(of, []trial.Person{{Point: [2]float64{1, 47}}})
	if len(got) != 2 || got[0].Point != [2]float64{1, 47} || got[1].Point != [2]float64{1, 47} || got[1].Occupations[0] != 4 || of[0].Point != [2]float64{5, 45} {
		t.Errorf("%+v, of %+v", got, of)
	}
	if got := elsewhere(of, nil); got != nil {
		t.Errorf("of nobody: %+v", got)
	}
}

// A check weighs nothing in what a person is said to weigh.
func TestACheckChangesNoWeight(t *testing.T) {
	dir := t.TempDir()
	if code := run(t.Context(), []string{"bench", "match-data", "--out", dir, "--people", "20000", "--positions", "5"}, nil, os.Stdout, os.Stderr); code != 0 {
		t.Fatal("the files are not made")
	}
	var weighed [2]float64
	for i, more := range [][]string{nil, {"--check"}} {
		var o, e bytes.Buffer
		args := append([]string{"bench", "match", "--json", "--people", filepath.Join(dir, "people.tsv"), "--positions", filepath.Join(dir, "positions.tsv")}, more...)
		if code := run(t.Context(), args, nil, &o, &e); code != 0 {
			t.Fatalf("%d: %s", code, e.String())
		}
		var f figures
		if err := json.Unmarshal(o.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		weighed[i] = f.BytesPerPerson
	}
	if a, b := weighed[0], weighed[1]; math.Abs(a-b) > a/200 {
		t.Errorf("%.1f bytes a person, %.1f with a check", a, b)
	}
}

// The check must be able to say no: of an index that lost somebody, and of one
// that has one too many.
func TestBenchCheckSeesADifference(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "people.tsv")
	if err := os.WriteFile(path, []byte(edges), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &bench{day: territories.Date{Year: 2026, Month: 11, Day: 23}, positions: []journeys.Position{
		{ID: 1, Point: [2]float64{5, 45}, HasPoint: true, Occupations: []journeys.Occupation{"3"}}}}
	if err := b.load(path); err != nil {
		t.Fatal(err)
	}
	if err := b.recall(path); err != nil {
		t.Fatal(err)
	}
	if diff := b.check(); diff != "" {
		t.Fatal(diff)
	}
	b.people = slices.Clone(b.people)
	b.people[0] = b.people[0][1:]
	if diff := b.check(); diff != "position 1: the index finds person 9, the scan does not" {
		t.Error(diff)
	}
	b.x.Apply(func(batch *journeys.Batch) { batch.RemovePerson(9); batch.RemovePerson(2) })
	if diff := b.check(); diff != "position 1: the scan finds person 2, the index does not" {
		t.Error(diff)
	}
}

// BenchmarkLoad reads a file of people into an index.
//
//	go test ./cmd/maillage -run '^$' -bench Load -benchtime 3x
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	if code := run(b.Context(), []string{"bench", "match-data", "--out", dir, "--people", "300000", "--positions", "1"}, nil, os.Stdout, os.Stderr); code != 0 {
		b.Fatal("the files are not made")
	}
	for b.Loop() {
		if err := (&bench{}).load(filepath.Join(dir, "people.tsv")); err != nil {
			b.Fatal(err)
		}
	}
}
