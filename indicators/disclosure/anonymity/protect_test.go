package anonymity

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var places = Key{Name: "commune", Cost: 2, Levels: []map[string]string{
	{"06088": "06", "06004": "06", "13001": "13", "34172": "34"},
	{"06088": "93", "06004": "93", "13001": "93", "34172": "76"},
}}

var threeKeys = []Key{{Name: "sex"}, places, {Name: "age"}}

// Whatever comes in: what comes out keeps the rule, and differs from what came in
// by what is reported and nothing else.
func TestProtectKeepsItsRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		records := drawRecords(t, 60)
		rule := Rule{K: rapid.IntRange(1, 6).Draw(t, "k"), L: rapid.IntRange(1, 3).Draw(t, "l"), LocalShare: 0.3}
		before := copied(records)
		got, err := Protect(threeKeys, records, rule)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(before, records) {
			t.Fatal("the input was touched")
		}
		for i, f := range Frequencies(got.Records, Against) {
			if f.Sample < rule.K || Diversity(got.Records)[i] < rule.L {
				t.Fatalf("record %d shared by %v, diversity %d", i, f, Diversity(got.Records)[i])
			}
		}
		if got.After.Safe != len(got.Records) || got.After.BelowK+got.After.BelowL != 0 {
			t.Fatalf("after: %+v", got.After)
		}
		replay(t, records, got)
	})
}

// replay does to the input what the result reports.
func replay(t *rapid.T, records []Record, got *Result) {
	again := copied(records)
	for i := range again {
		for k, level := range got.Levels {
			if v := again[i].Keys[k]; level > 0 && v != "" {
				again[i].Keys[k] = threeKeys[k].Levels[level-1][v]
			}
		}
	}
	for _, s := range got.Suppressed {
		if again[s.Record].Keys[s.Key] == "" {
			t.Fatalf("%+v: nothing to take away", s)
		}
		again[s.Record].Keys[s.Key] = ""
	}
	for n, i := range got.Origin {
		if !reflect.DeepEqual(again[i], got.Records[n]) {
			t.Fatalf("record %d is %v, reported %v", i, got.Records[n], again[i])
		}
	}
	all := slices.Sorted(slices.Values(slices.Concat(got.Origin, got.Withheld)))
	for i := range records {
		if i >= len(all) || all[i] != i {
			t.Fatalf("%v and %v are not the %d records", got.Origin, got.Withheld, len(records))
		}
	}
}

func many(n int, sensitive string, keys ...string) []Record {
	out := make([]Record, n)
	for i := range out {
		out[i] = Record{Keys: keys, Sensitive: []string{string(sensitive[i%len(sensitive)])}}
	}
	return out
}

func TestStories(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		records    []Record
		suppressed int
		withheld   int
		levels     []int
	}{
		"safe as it is":             {many(5, "ab", "F", "06088", "1"), 0, 0, []int{0, 0, 0}},
		"the age of four and three": {slices.Concat(many(40, "ab", "F", "06088", "1"), many(2, "ab", "M", "06088", "1"), many(3, "ab", "M", "06088", "2")), 5, 0, []int{0, 0, 0}},
		"one joined by three":       {slices.Concat(many(60, "ab", "F", "06088", "1"), many(3, "ab", "F", "06088", "2"), many(2, "ab", "M", "06004", "3")), 5, 2, []int{0, 0, 0}},
		"one secret for all":        {many(9, "a", "F", "06088", "1"), 0, 9, []int{0, 0, 0}},
		"a department is enough":    {slices.Concat(many(4, "ab", "F", "06088", "1"), many(4, "ab", "F", "06004", "1")), 0, 0, []int{0, 1, 0}},
		"no coarser than needed":    {slices.Concat(many(30, "ab", "F", "06088", "1"), many(4, "ab", "M", "06088", "1"), many(4, "ab", "M", "06004", "1")), 0, 0, []int{0, 1, 0}},
		"no class is broken":        {slices.Concat(many(6, "ab", "F", "06088", "1"), many(3, "ab", "F", "06088", "2")), 0, 3, []int{0, 0, 0}},
		"nor a class of five":       {slices.Concat(many(5, "ab", "F", "06088", "1"), many(4, "ab", "F", "06088", "2")), 0, 4, []int{0, 0, 0}},
		"nobody":                    {nil, 0, 0, []int{0, 0, 0}},
	} {
		got, err := Protect(threeKeys, c.records, Rule{})
		if err != nil {
			t.Fatal(name, err)
		}
		if len(got.Suppressed) != c.suppressed || len(got.Withheld) != c.withheld || !slices.Equal(got.Levels, c.levels) {
			t.Errorf("%s: %d values, %d records, levels %v; want %d, %d, %v", name,
				len(got.Suppressed), len(got.Withheld), got.Levels, c.suppressed, c.withheld, c.levels)
		}
	}
}

func TestProtectRefuses(t *testing.T) {
	t.Parallel()
	good := many(3, "ab", "F", "06088", "1")
	for says, run := range map[string]func() (*Result, error){
		"record 1 has 2 keys of 3": func() (*Result, error) {
			return Protect(threeKeys, []Record{good[0], {Keys: good[0].Keys[:2]}}, Rule{})
		},
		"1 sensitive variables of 0":            func() (*Result, error) { return Protect(threeKeys, []Record{{Keys: good[0].Keys}, good[1]}, Rule{}) },
		"record 0 weighs -1":                    func() (*Result, error) { return Protect(threeKeys, []Record{{Keys: good[0].Keys, Weight: -1}}, Rule{}) },
		"record 0: its commune has no value at": func() (*Result, error) { return Protect(threeKeys, many(3, "ab", "F", "99999", "1"), Rule{}) },
		"13 keys (12 at most)":                  func() (*Result, error) { return Protect(make([]Key, 13), nil, Rule{}) },
		"k -1":                                  func() (*Result, error) { return Protect(threeKeys, good, Rule{K: -1}) },
	} {
		if _, err := run(); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "99999") {
			t.Errorf("%v, want ErrInvalid about %q and no value of a person", err, says)
		}
	}
}

// federation draws exits: sex, commune, age band, kind, motive; some values missing.
func federation(n int) ([]Key, []Record) {
	random := rand.New(rand.NewPCG(5, 44500))
	region, department := map[string]string{}, map[string]string{}
	for c := range 600 {
		code := fmt.Sprint(1000 + c)
		department[code], region[code] = fmt.Sprint("d", c/6), fmt.Sprint("r", c/50)
	}
	keys := []Key{{Name: "commune", Levels: []map[string]string{department, region}}, {Name: "sex", Cost: 2}, {Name: "age"}, {Name: "kind", Cost: 2}, {Name: "public"}}
	records := make([]Record, n)
	for i := range records {
		at := random.ExpFloat64()
		r := Record{Sensitive: []string{fmt.Sprint(random.IntN(6))}, Keys: []string{fmt.Sprint(1000 + int(at*at*60)%600), []string{"F", "M"}[random.IntN(2)],
			fmt.Sprint(random.IntN(4)), fmt.Sprint(random.IntN(5)), fmt.Sprint(random.IntN(3))}}
		if random.IntN(50) == 0 {
			r.Keys[4] = ""
		}
		records[i] = r
	}
	return keys, records
}

// The exits of a federation: most of what was collected remains.
func TestProtectTheFederation(t *testing.T) {
	t.Parallel()
	keys, records := federation(44500)
	got, err := Protect(keys, records, Rule{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("levels %v, %d values taken, %d records withheld\nbefore %+v\nafter %+v", got.Levels, len(got.Suppressed), len(got.Withheld), got.Before, got.After)
	if got.After.Safe != len(got.Records) || len(got.Withheld) > len(records)/1000 || len(got.Suppressed) > len(records)/5 {
		t.Error("too much was lost")
	}
}
