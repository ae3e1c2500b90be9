package tenders

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTownsAmongHomonyms: what an address gives beside a name chooses among the
// communes that bear it, and what it gives against it is said.
func TestTownsAmongHomonyms(t *testing.T) {
	t.Parallel()
	bare := town{name: "Saint-Denis"}
	cases := []struct {
		name       string
		in         sight
		deps       []string
		confidence float64
		warning    string
	}{
		{"the NUTS of La Réunion", sight{nuts: []string{"FRY40"}, towns: []town{bare}}, []string{"974"}, surePlace, ""},
		{"the same before 2013", sight{nuts: []string{"FR940"}, towns: []town{bare}}, []string{"974"}, surePlace, ""},
		{"the NUTS of Seine-Saint-Denis", sight{nuts: []string{"FR106"}, towns: []town{bare}}, []string{"93"}, surePlace, ""},
		{"in lower case", sight{nuts: []string{"fr106"}, towns: []town{bare}}, []string{"93"}, surePlace, ""},
		{"a NUTS alone in lower case", sight{nuts: []string{"fr101"}}, []string{"75"}, surePlace, ""},
		{"the département", sight{departements: []string{"93"}, towns: []town{bare}}, []string{"93"}, surePlace, ""},
		{"the address before the others", sight{nuts: []string{"FR106", "FRY40"}, towns: []town{{name: "Saint-Denis", nuts: "FRY40"}, {name: "Bobigny", nuts: "FR106"}}}, []string{"93", "974"}, surePlace, ""},
		{"a postal code of companies", sight{towns: []town{{name: "Saint-Denis", postcode: "97489"}}}, []string{"974"}, surePlace, ""},
		{"nothing beside it", sight{towns: []town{bare}}, []string{"11", "30", "93", "974"}, doubtfulPlace, WarnAmbiguousCommune},
		{"elsewhere than all of them", sight{nuts: []string{"FRK26"}, towns: []town{bare}}, []string{"11", "30", "69", "93", "974"}, doubtfulPlace, WarnPlaceConflict},
		{"a town and the postal code of another", sight{towns: []town{{name: "Lyon", postcode: "75001"}}}, []string{"69", "75"}, doubtfulPlace, WarnPlaceConflict},
		{"a place that is no commune, and a postal code", sight{towns: []town{{name: "Quartier des Trois Moulins", postcode: "75001"}}}, []string{"75"}, surePlace, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDraft(EForms, testPlaces(t))
			c.in.basis = ByPerformance
			d.Place = d.place("place", c.in)
			d.grade()
			if !slices.Equal(d.Place.Departements, c.deps) || d.Place.Confidence != c.confidence {
				t.Errorf("got %v at %v, want %v at %v", d.Place.Departements, d.Place.Confidence, c.deps, c.confidence)
			}
			said := slices.ContainsFunc(d.Warnings, func(w Warning) bool { return w.Code == c.warning })
			if said != (c.warning != "") || len(d.Warnings) > 0 != said {
				t.Errorf("warnings %v, want %q", d.Warnings, c.warning)
			}
		})
	}
}

// TestDoubtIsNotForgotten: a warning that is not repeated leaves a place as
// doubtful as the first time.
func TestDoubtIsNotForgotten(t *testing.T) {
	t.Parallel()
	d := newDraft(EForms, testPlaces(t))
	s := sight{basis: ByPerformance, towns: []town{{name: "Saint-Denis"}}}
	for _, field := range []string{"place", "lots[0].place", "lots[1].place"} {
		if p := d.place(field, s); p.Confidence != doubtfulPlace {
			t.Errorf("%s: confidence %v", field, p.Confidence)
		}
	}
}

// TestDeadlineOfAHomonym: the commune that its NUTS chooses gives the clock of
// the deadline.
func TestDeadlineOfAHomonym(t *testing.T) {
	t.Parallel()
	n := readCall(t,
		`<cbc:CityName>Romans-sur-Isère</cbc:CityName><cbc:PostalZone>26100</cbc:PostalZone><cbc:CountrySubentityCode listName="nuts">FRK23<`,
		`<cbc:CityName>Saint-Denis</cbc:CityName><cbc:CountrySubentityCode listName="nuts">FRY40<`,
		`>FRK23<`, `>fry40<`,
		`2027-01-15+02:00`, `2027-01-15+04:00`, `12:00:00+02:00`, `12:00:00+04:00`)
	if got := n.Deadline.Instant.Format(time.RFC3339); got != "2027-01-15T08:00:00Z" || n.Deadline.Warning != "" {
		t.Errorf("%+v in %v, warnings %v", n.Deadline, n.Place.Departements, n.Warnings)
	}
}

// TestCurrencies: an amount in no currency is not kept, whatever the format.
func TestCurrencies(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{"EUR": "EUR", "eur": "EUR", "": "EUR", "ÀUR": "", "euros": "", "EU1": ""} {
		d := newDraft(TED, nil)
		got := ""
		if v := d.money("value", "1200", said, "/v"); v != nil {
			got = v.Currency
		}
		if got != want || (got == "") != (len(d.Warnings) == 1 && d.Warnings[0].Code == WarnBadValue) {
			t.Errorf("%q: got %q, warnings %v", said, got, d.Warnings)
		}
	}
	n := readCall(t, `currencyID="EUR"`, `currencyID="ÀUR"`)
	if n.Value != nil || n.Lots[1].Value != nil || !slices.ContainsFunc(n.Warnings, func(w Warning) bool { return w.Code == WarnBadValue }) {
		t.Errorf("%v, %v", n.Value, n.Warnings)
	}
}

// readCall reads the call of testdata with each odd text replaced by the next.
func readCall(t *testing.T, replaced ...string) *Notice {
	t.Helper()
	raw, err := os.ReadFile("testdata/eforms-call.xml")
	if err != nil {
		t.Fatal(err)
	}
	n, err := testParser(t).Parse([]byte(strings.NewReplacer(replaced...).Replace(string(raw))))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults(n) {
		t.Error(f)
	}
	return n
}
