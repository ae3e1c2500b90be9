package territories

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/territories/cog"
)

// update rewrites the golden files of this package: go test ./territories -update
var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs from what is produced:\n%s", path, got)
	}
}

func held(hs []Held) string {
	out := make([]string, len(hs))
	for i, h := range hs {
		out[i] = string(h.Code)
	}
	return strings.Join(out, " ")
}

func lives(is []Interval) string {
	out := make([]string, len(is))
	for i, l := range is {
		out[i] = l.From.String() + "/" + l.Until.String()
	}
	return strings.Join(out, " ")
}

// The traps of the design, each with its real codes.
func TestCodesOnDates(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, c := range []struct {
		story     string
		code, on  string
		exit      int
		name      string
		then, now string
		intervals string
	}{
		{"27676 is Venables", "27676", "2000-01-01", 0, "Venables", "27676", "27676", "1943-01-01/2021-01-01 2023-01-01/"},
		{"then Les Trois Lacs", "27676", "2018-01-01", 0, "Les Trois Lacs", "27676", "27676", ""},
		{"lends its place to 27058", "27676", "2021-01-01", 3, "Les Trois Lacs", "27058", "27676", ""},
		{"and takes it back", "27676", "2023-01-01", 0, "Les Trois Lacs", "27676", "27676", ""},
		{"27058 before it is lent", "27058", "2018-06-30", 3, "Bernières-sur-Seine", "27676", "27676", "1943-01-01/2017-01-01 2021-01-01/2023-01-01"},
		{"27058 while it is", "27058", "2022-06-30", 0, "Les Trois Lacs", "27058", "27676", ""},
		{"27058 after", "27058", "2024-01-01", 3, "Les Trois Lacs", "27676", "27676", ""},
		{"Pont-Farcy", "14513", "2017-12-31", 0, "Pont-Farcy", "14513", "50592", "1943-01-01/2018-01-01"},
		{"Pont-Farcy has left the Calvados", "14513", "2018-01-01", 3, "Pont-Farcy", "50592", "50592", ""},
		{"its code of one instant, that day", "50649", "2018-01-01", 3, "Pont-Farcy", "50592", "50592", "2018-01-01/2018-01-01"},
		{"before", "50649", "2010-01-01", 3, "Pont-Farcy", "14513", "50592", ""},
		{"after", "50649", "2020-01-01", 3, "Pont-Farcy", "50592", "50592", ""},
		{"L'Oudon, on the eve", "14697", "2014-01-06", 0, "L'Oudon", "14697", "14654", "1943-01-01/1973-01-01 1990-02-01/2014-01-07"},
		{"L'Oudon moves its seat", "14697", "2014-01-07", 3, "L'Oudon", "14472", "14654", ""},
		{"and opens there", "14472", "2014-01-07", 0, "L'Oudon", "14472", "14654", "1943-01-01/1973-01-01 2014-01-07/2017-01-01"},
		{"between two lives", "14472", "2000-01-01", 3, "Notre-Dame-de-Fresnay", "14697", "14654", ""},
		{"Essarts en Bocage before the split", "85084", "2020-01-01", 0, "Essarts en Bocage", "85084", "85084 85165 85212", "1943-01-01/"},
		{"after", "85084", "2024-01-01", 0, "Essarts-en-Bocage", "85084", "85084", ""},
		{"L'Oie inside it", "85165", "2020-01-01", 3, "L'Oie", "85084", "85165", "1943-01-01/2016-01-01 2024-01-01/"},
		{"Neussargues into five", "15141", "2024-12-31", 0, "Neussargues en Pinatelle", "15141", "15031 15035 15047 15141 15171", "1943-01-01/"},
		{"Ajaccio before 1976", "2A004", "1970-01-01", 3, "Ajaccio", "20004", "2A004", "1976-01-01/"},
		{"its old code", "20004", "1970-01-01", 0, "Ajaccio", "20004", "2A004", "1943-01-01/1976-01-01"},
		{"Les Ulis, from two communes", "91692", "1970-01-01", 3, "Les Ulis", "91122 91471", "91692", "1977-02-19/"},
		{"Saint-Barthélemy, of the Guadeloupe", "97123", "2005-01-01", 0, "Saint-Barthélemy", "97123", "97701", "1946-03-21/2007-02-23"},
		{"now a COM", "97123", "2020-01-01", 3, "Saint-Barthélemy", "97701", "97701", ""},
		{"Mayotte before its communes were départementales", "97611", "2000-01-01", 3, "Mamoudzou", "", "97611", "2011-03-31/"},
		{"Combovin, and the postal code of Romans", "26100", "2020-01-01", 0, "Combovin", "26100", "26100", "1943-01-01/"},
		{"a postal code only", "38000", "2020-01-01", 4, "", "", "", ""},
		{"nothing", "99999", "2020-01-01", 4, "", "", "", ""},
		{"an arrondissement", "75101", "2020-01-01", 0, "Paris 1er Arrondissement", "75056", "75056", "1943-01-01/"},
		{"an arrondissement not yet created", "69389", "1950-01-01", 3, "Lyon 9e Arrondissement", "69123", "69123", ""},
		{"before the records", "26362", "1900-01-01", 3, "Valence", "", "26362", "1943-01-01/"},
		{"after the vintage", "26362", "2030-01-01", 0, "Valence", "26362", "26362", ""},
	} {
		r := a.Resolve(CommuneCode(c.code), mustDate(t, c.on))
		if r.ExitCode() != c.exit || r.Name != c.name || held(r.HeldThen) != c.then || held(r.Current) != c.now {
			t.Errorf("%s: %s on %s: exit %d, %q, then %q, now %q; want exit %d, %q, then %q, now %q",
				c.story, c.code, c.on, r.ExitCode(), r.Name, held(r.HeldThen), held(r.Current), c.exit, c.name, c.then, c.now)
		}
		if c.intervals != "" && lives(r.Intervals) != c.intervals {
			t.Errorf("%s: lives %s, want %s", c.code, lives(r.Intervals), c.intervals)
		}
		if r.Reason.FR == "" || r.Reason.EN == "" {
			t.Errorf("%s on %s: no reason in words", c.code, c.on)
		}
	}
}

// The reasons are read by people: a golden file shows them all.
func TestReasonsInWords(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	var b strings.Builder
	for _, q := range []string{
		"27676 2021-06-01", "27676 2018-01-01", "14513 2020-01-01", "50649 2018-01-01", "50649 2010-01-01",
		"14472 2000-01-01", "85084 2020-01-01", "85084 2026-01-01", "15031 2020-01-01", "2A004 1970-01-01", "91692 1970-01-01",
		"97123 2020-01-01", "26362 1900-01-01", "26362 2030-01-01", "38000 2020-01-01", "99999 2020-01-01",
		"75101 2020-01-01", "69389 1950-01-01",
	} {
		code, on, _ := strings.Cut(q, " ")
		r := a.Resolve(CommuneCode(code), mustDate(t, on))
		b.WriteString(q + "\n  " + r.Reason.FR + "\n  " + r.Reason.EN + "\n")
	}
	golden(t, "reasons.txt", []byte(b.String()))
}

// A life that was renamed says each of its names, from its day.
func TestNamesWithinALife(t *testing.T) {
	t.Parallel()
	for code, want := range map[CommuneCode]string{
		"27676": "1943-01-01 Venables, 2017-01-01 Les Trois Lacs; ",
		"85084": "1943-01-01 Les Essarts, 2016-01-01 Essarts en Bocage, 2024-01-01 Essarts-en-Bocage",
		"26281": "",
	} {
		var lives []string
		for _, l := range atlas(t).Resolve(code, mustDate(t, "2026-01-01")).Intervals {
			var names []string
			for _, n := range l.Names {
				names = append(names, n.From.String()+" "+n.Name)
			}
			lives = append(lives, strings.Join(names, ", "))
		}
		if got := strings.Join(lives, "; "); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestResolveReport(t *testing.T) {
	t.Parallel()
	raw, err := json.MarshalIndent(atlas(t).Resolve("27058", mustDate(t, "2018-06-30")).Report("fr"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "resolve_27058.json", append(raw, '\n'))
}

// 584 codes are both a current and a delegated commune: the key is the kind
// with the code, and a delegated commune never makes a code valid.
func TestDelegatedCommunesAreNotCommunes(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	// Bernières-sur-Seine was delegated under 27058 from 2017 to 2021.
	if r := a.Resolve("27058", mustDate(t, "2019-01-01")); r.Valid {
		t.Error("a delegated commune is taken for a commune")
	}
	// Tôtes was associated under 14697 while L'Oudon bore 14624, then 14472.
	if r := a.Resolve("14697", mustDate(t, "1980-01-01")); r.Valid || held(r.HeldThen) != "14624" {
		t.Errorf("an associated commune is taken for a commune: %+v", r)
	}
}

// Each life of each code of the history: heirs exist, are alive, and lead to
// communes of the vintage; the chain ends because its dates increase.
func TestSuccessorsTerminate(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	h, err := a.history()
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for code, intervals := range h.lives {
		for i, l := range intervals {
			if i > 0 && l.From.Before(intervals[i-1].Until) {
				t.Fatalf("%s lives twice at once: %v", code, intervals)
			}
			if l.Until.IsZero() {
				continue
			}
			r := a.Resolve(code, l.Until)
			if len(r.HeldThen) == 0 || len(r.Current) == 0 {
				lost++
				t.Errorf("%s, gone on %s, has no heir", code, l.Until)
			}
			for _, heir := range r.HeldThen {
				if !h.alive(heir.Code, l.Until) {
					t.Errorf("%s: its heir %s was not alive on %s", code, heir.Code, l.Until)
				}
			}
			for _, now := range r.Current {
				if _, ok := a.ordinals[now.Code]; !ok {
					t.Errorf("%s leads to %s, which is no commune of the vintage", code, now.Code)
				}
			}
		}
	}
	for code, steps := range h.steps {
		if !slices.IsSortedFunc(steps, func(s, u step) int { return s.on.Compare(u.on) }) {
			t.Errorf("the steps of %s are out of order", code)
		}
	}
	if lost > 0 {
		t.Errorf("%d lives without heir", lost)
	}
}

// Whoever held a place on a date was a commune on that date, and the ground
// is never lost: following those holders gives what following the code gives.
func TestResolveIsConsistent(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	h, err := a.history()
	if err != nil {
		t.Fatal(err)
	}
	all := make([]CommuneCode, 0, len(h.lives))
	for c := range h.lives {
		all = append(all, c)
	}
	slices.Sort(all)
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom(all).Draw(t, "code")
		on := Date{rapid.IntRange(1943, 2026).Draw(t, "year"), 1, 1}
		r := a.Resolve(code, on)
		if !r.Known || r.Valid != h.alive(code, on) || len(r.Current) == 0 {
			t.Fatalf("%+v", r)
		}
		for _, c := range r.HeldThen {
			again := a.Resolve(c.Code, on)
			if !again.Valid || held(again.HeldThen) != string(c.Code) {
				t.Fatalf("%s held the place of %s on %s, but: %+v", c.Code, code, on, again)
			}
		}
		if r.Valid && held(r.HeldThen) != string(code) {
			t.Fatalf("%s is valid and its place held by %s", code, held(r.HeldThen))
		}
	})
}

// The yearly counts the INSEE publishes for metropolitan France and the
// départements of overseas.
func TestReplayGivesYearlyCounts(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for year, want := range map[int]int{
		2018: 35_357, 2019: 34_970, 2020: 34_968, 2021: 34_965, 2022: 34_955, 2023: 34_945, 2024: 34_935, 2025: 34_875, 2026: 34_875,
	} {
		list, err := a.Replay(Date{year, 1, 1})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range list {
			if d := c.Code.Departement(); len(d) < 3 || d <= "974" || d == "976" {
				n++
			}
		}
		if n != want {
			t.Errorf("%d communes on 1 January %d, want %d", n, year, want)
		}
	}
	list, err := a.Replay(a.vintage)
	if err != nil || len(list) != a.Len() {
		t.Fatalf("%d communes in the vintage, want %d: %v", len(list), a.Len(), err)
	}
	for i, c := range list {
		if c.Code != a.communes[i].Code || c.Name != a.communes[i].Name {
			t.Errorf("replayed %v, listed %s %s", c, a.communes[i].Code, a.communes[i].Name)
		}
	}
	for _, on := range []string{"1942-12-31", "2026-01-02"} {
		if _, err := a.Replay(mustDate(t, on)); err == nil {
			t.Errorf("the communes of %s are told", on)
		}
	}
}

// Two communes that exchange their codes on one day: neither is lost and
// neither is split. It has not happened yet.
func TestCodesExchanged(t *testing.T) {
	t.Parallel()
	a := &Atlas{vintage: Date{2026, 1, 1}, communes: []Commune{{Code: "26001", Name: "Bas"}, {Code: "26002", Name: "Haut"}}}
	a.ordinals = map[CommuneCode]uint32{"26001": 0, "26002": 1}
	h, err := replay(a, []cog.Movement{
		{Kind: modSeat, Date: "2020-01-01", FromType: "COM", From: "26001", FromN: "Haut", ToType: "COM", To: "26002", ToN: "Haut"},
		{Kind: modSeat, Date: "2020-01-01", FromType: "COM", From: "26002", FromN: "Bas", ToType: "COM", To: "26001", ToN: "Bas"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[CommuneCode]CommuneCode{"26001": "26002", "26002": "26001"} {
		got := h.follow([]CommuneCode{from}, Date{2019, 1, 1}, Date{})
		if len(got) != 1 || got[0] != to || !h.alive(from, Date{2019, 1, 1}) || !h.alive(from, Date{2021, 1, 1}) {
			t.Errorf("%s of 2019 is %v, want %s; lives %v", from, got, to, h.lives[from])
		}
	}
	if h.nameOn(a, "26001", Date{2019, 1, 1}) != "Haut" || h.nameOn(a, "26001", Date{2021, 1, 1}) != "Bas" {
		t.Error("the names do not follow")
	}
}

func TestParseCommuneCode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]CommuneCode{"26281": "26281", " 2a004 ": "2A004", "2B033": "2B033", "97105": "97105", "20004": "20004"} {
		if got, err := ParseCommuneCode(in); err != nil || got != want {
			t.Errorf("%q: %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "2628", "262811", "2C004", "AB123", "2A00X", "26 281", "２６２８１"} {
		if got, err := ParseCommuneCode(in); err == nil {
			t.Errorf("%q gives %s", in, got)
		}
	}
	for code, want := range map[CommuneCode]string{"26281": "26", "2A004": "2A", "97411": "974", "98818": "988", "20004": "20", "": ""} {
		if got := code.Departement(); got != want {
			t.Errorf("%s is in %s, want %s", code, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	d := mustDate(t, "2024-02-29")
	if d.eve().String() != "2024-02-28" || mustDate(t, "2024-03-01").eve() != d {
		t.Error("the eve of a leap day")
	}
	for _, s := range []string{"2023-02-29", "2012-1-1", "01/01/2012", "", "2012-01-01T00:00:00Z"} {
		if got, err := ParseDate(s); err == nil {
			t.Errorf("%q gives %s", s, got)
		}
	}
	var back Date
	if err := back.UnmarshalText([]byte("")); err != nil || !back.IsZero() || back.String() != "" {
		t.Errorf("the zero date: %v, %v", back, err)
	}
}
