package territories

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPinnedPerimeters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ story, text, want string }{
		{"a code of then gives who holds it today", `{"on":"2012-01-01","of":{"territory":"commune:14513"}}`, "50592"},
		{"a split gives all its parts", `{"on":"2020-01-01","of":{"territory":"commune:85084"}}`, "85084 85165 85212"},
		{"27058 while it was lent", `{"on":"2022-01-01","of":{"territory":"commune:27058"}}`, "27676"},
		{"Corsica under its old codes", `{"on":"1970-01-01","of":{"territory":"commune:20004"}}`, "2A004"},
		{"an arrondissement", `{"on":"2012-01-01","of":{"territory":"arrondissement:75101"}}`, "75056"},
		// 15031 merged into 15141 in 2016 and came back in 2025: taking out
		// Celles then takes out Celles only.
		{"the algebra is done among the communes of then", `{"on":"2015-01-01","of":{"except":[{"any":[{"territory":"commune:15031"},{"territory":"commune:15035"}]},{"territory":"commune:15031"}]}}`, "15031 15035 15047 15141 15171"},
	} {
		if got := codes(t, mustCompile(t, c.text).Set); got != c.want {
			t.Errorf("%s: %s gives %s, want %s", c.story, c.text, got, c.want)
		}
	}
}

// In 2012 Pont-Farcy was in the Calvados: the Calvados of then reaches into
// the Manche of today; its place in the Manche is not the Manche of then.
func TestDepartementOnADate(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	tessy, _ := a.Ordinal("50592")
	then := mustCompile(t, `{"on":"2012-01-01","of":{"territory":"departement:14"}}`).Set
	if !then.Contains(tessy) || mustSet(t, "departement:14").Contains(tessy) {
		t.Error("the Calvados of 2012 forgets Pont-Farcy")
	}
	seine := mustCompile(t, `{"on":"1960-01-01","of":{"territory":"departement:75"}}`).Set
	for _, d := range []string{"75", "92", "93", "94"} {
		if !seine.Intersects(mustSet(t, "departement:"+d)) {
			t.Errorf("the Seine of 1960 does not reach %s", d)
		}
	}
	corsica := mustCompile(t, `{"on":"1970-01-01","of":{"territory":"departement:20"}}`).Set
	if !corsica.Equal(mustSet(t, "region:94")) {
		t.Errorf("Corsica, département 20, has %d communes", corsica.Len())
	}
	if !mustCompile(t, `{"on":"1970-01-01","of":{"territory":"region2015:94"}}`).Set.Equal(corsica) {
		t.Error("the région of Corsica in 1970 is not Corsica")
	}
}

func TestPinnedPerimetersRefuse(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for text, want := range map[string]string{
		`{"on":"2012-01-01","of":{"territory":"epci:200040459"}}`:  "known only since 2025-01-01",
		`{"on":"2012-01-01","of":{"territory":"postal:26100"}}`:    "known only since 2025-01-01",
		`{"on":"2012-01-01","of":{"territory":"region:84"}}`:       "since 2016-01-01",
		`{"on":"2012-01-01","of":{"territory":"departement:69M"}}`: "2015-01-01",
		`{"on":"2012-01-01","of":{"territory":"departement:20"}}`:  "no current territory",
		`{"on":"2022-01-01","of":{"territory":"commune:27676"}}`:   "held by 27058",
		`{"on":"1900-01-01","of":{"territory":"departement:26"}}`:  "known from 1943-01-01",
		`{"on":"2040-01-01","of":{"territory":"departement:26"}}`:  "known from 1943-01-01",
		`{"on":"2012-01-01","of":{"territory":"region2015:99"}}`:   "no current territory",
	} {
		e, err := ParseExpr([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Compile(e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Pinned to the vintage's own date, a perimeter is what it is unpinned.
func TestPinnedToTheVintageChangesNothing(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		e := anyExpr(a, 2).Draw(t, "e")
		p, err := a.Compile(e)
		if err != nil {
			t.Skip(err)
		}
		q, err := a.Compile(On(a.vintage, e))
		if err != nil || !p.Set.Equal(q.Set) {
			t.Fatalf("%s: %d communes, pinned %d: %v", e, p.Set.Len(), q.Set.Len(), err)
		}
	})
}

// Every place of then is held by somebody today, and the other way round.
func TestViewLosesNothing(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, on := range []string{"1943-01-01", "1975-12-31", "2012-01-01", "2020-01-01"} {
		v, err := a.view(mustDate(t, on))
		if err != nil {
			t.Fatal(err)
		}
		for i, heirs := range v.heirs {
			if len(heirs) == 0 {
				t.Fatalf("%s, a commune on %s, leads nowhere", v.codes[i], on)
			}
		}
		// What the records make from nothing: the communes of Mayotte (2011),
		// of French Guiana, Réunion and the Antilles (1946); and what was in
		// Italy until 1947, Tende and La Brigue.
		lost := a.all.AndNot(v.today(v.all))
		lost.Each(func(ord int) bool {
			c := &a.communes[ord]
			if c.Zone == "metro" && c.Code != "06162" && c.Code != "06163" {
				t.Errorf("%s has no commune on %s", a.communes[ord].Code, on)
			}
			return true
		})
	}
}

func TestViewsAreKeptAndBounded(t *testing.T) {
	t.Parallel()
	a := atlas(t).With(WithAdjacency(nil))
	a.views = &views{}
	first, err := a.view(Date{2000, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := a.view(Date{2000, 1, 1}); again != first {
		t.Error("a date is built twice")
	}
	for y := 2001; y < 2001+viewsKept; y++ {
		if _, err := a.view(Date{y, 1, 1}); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.views.kept) != viewsKept {
		t.Errorf("%d dates kept", len(a.views.kept))
	}
}
