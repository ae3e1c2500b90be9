package trial_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"maillage/matching/engine/journeys/trial"
	"maillage/territories"
)

func TestPeopleAreRead(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]trial.Person{
		"7\t26281\tSRID=4326;POINT(5.05 45.04)\t30\t{3,17}\tt":   {ID: 7, Point: [2]float64{5.05, 45.04}, Km: 30, Occupations: []int64{3, 17}, Available: true},
		"-1\t\tSRID=4326;POINT(-180 -90)\t0\t{}\tf":              {ID: -1, Point: [2]float64{-180, -90}, Occupations: []int64{}},
		"1\t97415\tSRID=4326;POINT(55.4e0 -2.1E1)\t.5\t{3,3}\tt": {ID: 1, Point: [2]float64{55.4, -21}, Km: 0.5, Occupations: []int64{3, 3}, Available: true},
		"3\t2A004\tSRID=4326;POINT(8.7 41.9)\t5\t{1}\tt":         {ID: 3, Point: [2]float64{8.7, 41.9}, Km: 5, Occupations: []int64{1}, Available: true},
		"4\t75101\tSRID=4326;POINT(2 48)\t5\t{1}\tt":             {ID: 4, Point: [2]float64{2, 48}, Km: 5, Occupations: []int64{1}, Available: true},
		"1\t99999\tSRID=4326;POINT (2 48)\t1e3\t{-4}\tt":         {ID: 1, Point: [2]float64{2, 48}, Km: 1000, Occupations: []int64{-4}, Available: true},
	} {
		got, _, err := trial.ParsePerson([]byte(line), nil)
		if len(got.Occupations) == 0 {
			got.Occupations = []int64{}
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", line, got, err)
		}
	}
}

func TestWhatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	good := []string{"7", "26281", "SRID=4326;POINT(5 45)", "30", "{3}", "t"}
	for _, c := range []struct {
		cell int
		text string
		want string
	}{
		{0, `\N`, "the identifier is null"}, {0, "", "the identifier is null"}, {0, "1.5", "not an identifier"}, {0, "9223372036854775808", "not an identifier"},
		{1, "xx", "not an INSEE code"}, {1, "2628", "not an INSEE code"}, {1, "2C004", "not an INSEE code"}, {1, "A2004", "not an INSEE code"},
		{2, `\N`, "the point is null"}, {2, "NULL", "the point is null"}, {2, "POINT(5 45)", "SRID=4326"}, {2, "SRID=2154;POINT(5 45)", "SRID=4326"},
		{2, "SRID=4326;POINT EMPTY", "not a point"}, {2, "SRID=4326;POINT(5)", "not a point"}, {2, "SRID=4326;POINT(5 45 2)", "not a point"},
		{2, "SRID=4326;POINT(nan 45)", "not a decimal number"}, {2, "SRID=4326;POINT(5 0x10)", "not a decimal number"},
		{2, "SRID=4326;POINT(180.1 45)", "not on Earth"}, {2, "SRID=4326;POINT(5 -90.1)", "not on Earth"}, {2, "SRID=4326;POINT(5 1e999)", "not a decimal number"},
		{3, `\N`, "the range is null"}, {3, "-1", "negative"}, {3, "Infinity", "not a decimal number"}, {3, "30 km", "not a decimal number"},
		{4, `\N`, "the occupations are null"}, {4, "3", "not occupations"}, {4, "{3", "not occupations"}, {4, "{3,}", "not an occupation"}, {4, "{,3}", "not an occupation"},
		{4, "{NULL}", "not an occupation"}, {4, "{K2204}", "not an occupation"}, {4, "{3,,4}", "not an occupation"},
		{5, "", "not t or f"}, {5, "true", "not t or f"}, {5, `\N`, "not t or f"}, {5, "t\tt", "7 fields"},
	} {
		cells := append([]string{}, good...)
		cells[c.cell] = c.text
		line := strings.Join(cells, "\t")
		if _, _, err := trial.ParsePerson([]byte(line), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", line, err, c.want)
		}
	}
	if _, err := trial.ParsePosition([]byte("1\tSRID=4326;POINT(5 45)")); err == nil || !strings.Contains(err.Error(), "2 fields, 3 are expected") {
		t.Error(err)
	}
}

// Lines end with a feed, with or without a return before; the last one may end
// with nothing. Faults say the file and the line, whatever the piece.
func TestFilesAreReadInOrderAndFaultsAreLocated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "people.tsv")
	var b strings.Builder
	const n = 60_000 // several pieces
	for i := range n {
		end := "\n"
		if i%3 == 0 {
			end = "\r\n"
		}
		if i == 40_000 {
			b.WriteString("nobody" + end)
			continue
		}
		b.WriteString(strconv.Itoa(i) + "\t26281\tSRID=4326;POINT(5.05 45.04)\t30\t{3,17}\tt" + end)
	}
	b.WriteString("\n")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	next := int64(0)
	err := trial.ReadPeople(path, func(people []trial.Person) {
		for _, p := range people {
			if next == 40_000 {
				next++
			}
			if p.ID != next || len(p.Occupations) != 2 || p.Occupations[1] != 17 {
				t.Fatalf("%+v where %d comes", p, next)
			}
			next++
		}
	})
	var faults *trial.Faults
	if !errors.As(err, &faults) || faults.Total != 1 || faults.First[0].Line != 40_001 || next != n {
		t.Errorf("%v, %d read", err, next)
	}
}

func TestAnEmptyFileHoldsNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "people.tsv")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := trial.ReadPeople(path, func(p []trial.Person) {
		if len(p) > 0 {
			t.Error(p)
		}
	}); err != nil {
		t.Error(err)
	}
}

// What is made is read back the same.
func TestMadeFilesAreReadBack(t *testing.T) {
	t.Parallel()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "people.tsv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(trial.NewMaker(atlas, 4).WritePeople(f, 3000), f.Close()); err != nil {
		t.Fatal(err)
	}
	again, n := trial.NewMaker(atlas, 4), int64(0)
	if err := trial.ReadPeople(path, func(people []trial.Person) {
		for _, got := range people {
			n++
			if want, _ := again.Person(n); !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v, want %+v", got, want)
			}
		}
	}); err != nil || n != 3000 {
		t.Errorf("%v, %d read", err, n)
	}
}

// No line makes the parser panic, and what it reads is a person on Earth whose
// line, written again, is read the same.
func FuzzParsePerson(f *testing.F) {
	f.Add("7\t26281\tSRID=4326;POINT(5.05 45.04)\t30\t{3,17}\tt")
	f.Add("7\t\tSRID=4326;POINT(-180 90)\t0.5\t{}\tf")
	f.Add("\\N\t\t\t\t{,}\t")
	f.Fuzz(func(t *testing.T, line string) {
		p, room, err := trial.ParsePerson([]byte(line), []int64{42})
		if room[0] != 42 {
			t.Fatal("it wrote in the room of others")
		}
		if err != nil {
			if len(room) != 1 || err.Error() == "" {
				t.Fatalf("%v, %v", room, err)
			}
			return
		}
		if math.Abs(p.Point[0]) > 180 || math.Abs(p.Point[1]) > 90 || !(p.Km >= 0) || math.IsInf(p.Km, 0) || p.Point[0] != p.Point[0] {
			t.Fatalf("%+v", p)
		}
		line = trial.Position{ID: p.ID, Point: p.Point, Occupations: p.Occupations}.String()
		if q, err := trial.ParsePosition([]byte(line)); err != nil || q.ID != p.ID || q.Point != p.Point || len(q.Occupations) != len(p.Occupations) {
			t.Fatalf("%q: %+v, %v", line, q, err)
		}
	})
}
