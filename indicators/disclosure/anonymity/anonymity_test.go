package anonymity

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/testkit"
)

func record(keys ...string) Record { return Record{Keys: keys} }

// Two towns, and a woman whose town nobody wrote down.
func TestFrequencies(t *testing.T) {
	t.Parallel()
	records := []Record{record("F", "Arles"), record("F", "Arles"), record("F", ""), record("M", "Arles"), record("F", "Sète")}
	records[1].Weight = 2.5
	for _, c := range []struct {
		missing Missing
		want    []Frequency
	}{
		{Against, []Frequency{{2, 3.5}, {2, 3.5}, {1, 1}, {1, 1}, {1, 1}}},
		{Wildcard, []Frequency{{3, 4.5}, {3, 4.5}, {4, 5.5}, {1, 1}, {2, 2}}},
	} {
		if got := Frequencies(records, c.missing); !slices.Equal(got, c.want) {
			t.Errorf("missing %d: %v, want %v", c.missing, got, c.want)
		}
	}
}

// Values do not run into each other.
func TestPatternsAreTold(t *testing.T) {
	t.Parallel()
	records := []Record{record("ab", "c"), record("a", "bc"), record("", "abc"), record("abc", "")}
	for i, f := range Frequencies(records, Against) {
		if f.Sample != 1 {
			t.Errorf("record %d: %v", i, f)
		}
	}
}

func TestDiversity(t *testing.T) {
	t.Parallel()
	with := func(key string, sensitive ...string) Record { return Record{Keys: []string{key}, Sensitive: sensitive} }
	records := []Record{with("a", "x", "1"), with("a", "y", "1"), with("a", "", "1"), with("b", "x", "1"), with("b", "", "2")}
	if got := Diversity(records); !slices.Equal(got, []int{1, 1, 1, 1, 1}) {
		t.Errorf("%v", got)
	}
	records[2].Sensitive[1], records[4].Sensitive[0] = "2", "z"
	if got := Diversity(records); !slices.Equal(got, []int{2, 2, 2, 2, 2}) {
		t.Errorf("%v", got)
	}
}

// The wildcard count is the sum over every pair, written out.
func TestWildcardByPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		records := drawRecords(t, 12)
		got := Frequencies(records, Wildcard)
		for i, r := range records {
			want := Frequency{}
			for _, o := range records {
				if compatible(r.Keys, o.Keys) {
					want = sum(want, Frequency{1, o.weight()})
				}
			}
			if got[i] != want {
				t.Fatalf("record %d: %v, want %v", i, got[i], want)
			}
		}
	})
}

func drawRecords(t *rapid.T, most int) []Record {
	n := rapid.IntRange(0, most).Draw(t, "records")
	records := make([]Record, n)
	for i := range records {
		for _, values := range [][]string{{"", "F", "F", "M"}, {"", "06088", "06004", "13001", "34172"}, {"", "1", "2", "3"}} {
			records[i].Keys = append(records[i].Keys, rapid.SampledFrom(values).Draw(t, "key"))
		}
		records[i].Sensitive = []string{rapid.SampledFrom([]string{"", "a", "a", "b", "c"}).Draw(t, "sensitive")}
		records[i].Weight = float64(rapid.IntRange(0, 3).Draw(t, "weight"))
	}
	return records
}

// The case of the sample data, that its reference counts with missing values as
// wildcards and without any.
func TestFreqCalcOfTheSamples(t *testing.T) {
	t.Parallel()
	file, err := os.Open(filepath.Join(testkit.Samples(t), "indicators", "disclosure", "freqcalc.csv"))
	if err != nil {
		testkit.Absent(t, "samples", err.Error())
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var whole, holed []Record
	for _, row := range rows[1:] {
		weight, err := strconv.ParseFloat(row[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, Record{Keys: row[:3], Weight: weight})
		holed = append(holed, Record{Keys: []string{row[0], row[1], row[3]}, Weight: weight})
	}
	want := []Frequency{{3, 108}, {1, 45.5}, {3, 108}, {1, 17}, {2, 100}, {2, 100}, {1, 123.5}, {3, 108}}
	if got := Frequencies(whole, Wildcard); !slices.Equal(got, want) {
		t.Errorf("whole: %v, want %v", got, want)
	}
	want = []Frequency{{3, 108}, {1, 45.5}, {4, 125}, {2, 56}, {2, 100}, {2, 100}, {1, 123.5}, {3, 108}}
	if got := Frequencies(holed, Wildcard); !slices.Equal(got, want) {
		t.Errorf("missing as wildcards: %v, want %v", got, want)
	}
	want = []Frequency{{2, 69}, {1, 45.5}, {1, 39}, {1, 17}, {2, 100}, {2, 100}, {1, 123.5}, {2, 69}}
	if got := Frequencies(holed, Against); !slices.Equal(got, want) {
		t.Errorf("missing counted against: %v, want %v", got, want)
	}
}
