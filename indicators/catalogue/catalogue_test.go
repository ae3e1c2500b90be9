package catalogue

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func loaded(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheCatalogueHolds(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	if len(c.All()) != 43 || len(c.Of(Core)) != 11 {
		t.Fatalf("%d indicators, %d in the core", len(c.All()), len(c.Of(Core)))
	}
	done := map[Computation]ID{}
	for _, i := range c.All() {
		if first := done[i.Computation]; first != "" && i.Computation != "" {
			t.Errorf("%s and %s are the same count", first, i.ID)
		}
		done[i.Computation] = i.ID
		if i.Register != Core && !strings.HasPrefix(string(i.ID), string(i.Register)+".") {
			t.Errorf("%s is in the register %s", i.ID, i.Register)
		}
		if strings.Contains(i.Label.FR+i.Versions[0].Definition.FR, "'") {
			t.Errorf("%s has a straight apostrophe", i.ID)
		}
	}
	if _, ok := c.Get("C99"); ok {
		t.Error("C99 is there")
	}
}

// Each fault that a hand may put in the data is told.
func TestWhatDoesNotHoldIsTold(t *testing.T) {
	t.Parallel()
	faults := map[string]func(*Indicator){
		"not said in both":    func(i *Indicator) { i.Versions[0].Definition.EN = "" },
		"label is not said":   func(i *Indicator) { i.Label.EN = i.Label.FR },
		"unit":                func(i *Indicator) { i.Unit = "furlongs" },
		"number, date":        func(i *Indicator) { i.Versions[1].Number = 7 },
		"date, users":         func(i *Indicator) { i.Versions[0].From = Date{} },
		"users or changes":    func(i *Indicator) { i.Versions[1].Changes = nil },
		"body":                func(i *Indicator) { i.Versions[0].UsedBy = []Body{"nobody"} },
		"no rule":             func(i *Indicator) { i.Publication = Publication{} },
		"cut by public":       func(i *Indicator) { i.Publication.Sensitive = 0 },
		"sensitive asks":      func(i *Indicator) { i.Publication.Sensitive = 2 },
		"dominance of":        func(i *Indicator) { i.Publication.Dominance = 850 },
		"depends on C77":      func(i *Indicator) { i.Depends = []ID{"C77"} },
		"origin":              func(i *Indicator) { i.Sources[0].From = "hearsay" },
		"where it was read":   func(i *Indicator) { i.Links[0].At = "" },
		"versions are needed": func(i *Indicator) { i.Breakdowns = nil },
	}
	for want, spoil := range faults {
		c := &Catalogue{by: map[ID]*Indicator{}}
		raw, err := files.ReadFile("data/core.json")
		if err == nil {
			err = c.read(Core, raw)
		}
		if err != nil {
			t.Fatal(err)
		}
		spoil(c.by["C04"])
		if err := c.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestTheDataAreReadStrictly(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an unknown field":   `[{"id":"C01","labell":{}}]`,
		"the same id twice":  `[{"id":"C01"},{"id":"C01"}]`,
		"a day that is none": `[{"id":"C01","versions":[{"from":"2026-02-30"}]}]`,
		"more than a list":   `[] []`,
	} {
		c := &Catalogue{by: map[ID]*Indicator{}}
		if err := c.read(Core, []byte(text)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

// Who chooses nothing has the federation's own definition of the time of the data.
func TestTheDefaultIsOursAndOfItsTime(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for _, x := range []struct {
		id   ID
		on   string
		want int
	}{{"C04", "2011-06-30", 1}, {"C04", "2026-06-30", 1}, {"C08", "2011-12-31", 1}, {"C08", "2025-12-31", 1}, {"C08", "2026-01-01", 2}, {"C01", "1999-01-01", 1}} {
		i, _ := c.Get(x.id)
		on, _ := time.Parse(time.DateOnly, x.on)
		if got := i.Default(on).Number; got != x.want {
			t.Errorf("%s on %s takes version %d, want %d", x.id, x.on, got, x.want)
		}
	}
	i, _ := c.Get("C04")
	if v, ok := i.Version(2); !ok || !v.Alternative || !v.Rule.Durable.Inclusive {
		t.Errorf("the Dares version is %+v", v)
	}
	if _, ok := i.Version(3); ok {
		t.Error("there is a third version")
	}
}

// What a program reads of the catalogue reads back the same.
func TestADayReadsBack(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(loaded(t).Of(Core)[3].Versions[0].From)
	var back Date
	if err == nil {
		err = json.Unmarshal(raw, &back)
	}
	if err != nil || string(raw) != `"2008-01-01"` || back.String() != "2008-01-01" {
		t.Errorf("%s, %v, %v", raw, back, err)
	}
}

func TestACellIsShownOrNot(t *testing.T) {
	t.Parallel()
	p := Publication{Persons: 5, Sensitive: 11, Contributors: 3, Dominance: 85}
	for _, x := range []struct {
		persons, groups int
		share           float64
		sensitive, want bool
	}{{5, 3, .85, false, true}, {4, 3, .5, false, false}, {5, 2, .5, false, false}, {5, 3, .8501, false, false}, {10, 3, .5, true, false}, {11, 3, .5, true, true}} {
		if got := p.Allows(x.persons, x.groups, x.share, x.sensitive); got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
	if !(Publication{Free: true}).Allows(0, 0, 1, false) {
		t.Error("a count of communes is withheld")
	}
}

func TestFindByEverydayWords(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for _, x := range []struct {
		f     Filter
		first ID
		n     int
	}{
		{Filter{}, "C01", 43}, {Filter{Register: Agency}, "R2.1", 5}, {Filter{Source: External}, "C02", 8},
		{Filter{Words: "benevolat"}, "R3.3", 1}, {Filter{Words: "VOLUNTEER hours"}, "R3.3", 1}, {Filter{Words: "c07"}, "C07", 1},
		{Filter{Words: "sorties dares"}, "C04", 2}, {Filter{Words: "zzzz"}, "", 0}, {Filter{Register: Core, Words: "bénévolat"}, "", 0},
	} {
		found := c.Find(x.f)
		if len(found) != x.n || x.n > 0 && found[0].ID != x.first {
			t.Errorf("%+v finds %d", x.f, len(found))
			for _, i := range found {
				t.Log(i.ID)
			}
		}
	}
}
