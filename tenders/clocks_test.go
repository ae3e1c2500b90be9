//nolint:misspell // the words are French
package tenders

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"maillage/internal/testkit"
)

// simpleNotice writes a record of the BOAMP whose full text gives the place in
// words, published in some départements.
func simpleNotice(place string, published ...string) string {
	body, _ := json.Marshal(map[string]any{"FNSimple": map[string]any{"organisme": map[string]any{"nomOrganisme": "Syndicat des eaux", "ville": "Paris", "codePostal": "75001"},
		"initial": map[string]any{"natureMarche": map[string]any{"intitule": "Entretien des chemins", "lieuExecution": place},
			"procedure": map[string]any{"dateReceptionOffres": "2027-01-10T12:00:00+00:00"}}}})
	return boampRecord("26-970001", "APPEL_OFFRE", "INITIAL", "2027-01-10T12:00:00+00:00",
		map[string]any{"famille": "FNS", "code_departement": published, "donnees": string(body)})
}

// TestDeadlineWherePlaceIsInWords: the clock is that of the place, even when
// only words say where that is, and wherever the notice was printed.
func TestDeadlineWherePlaceIsInWords(t *testing.T) {
	t.Parallel()
	p := testParser(t)
	for _, c := range []struct {
		place     string
		published []string
		instant   string
		warned    string
	}{
		{"98800 Nouméa", nil, "2027-01-10T01:00:00Z", WarnLabelOrLocal},
		{"98800 Nouméa", []string{"75"}, "2027-01-10T01:00:00Z", WarnLabelOrLocal},
		{"98800 Nouméa", []string{"974", "75"}, "2027-01-10T01:00:00Z", WarnLabelOrLocal},
		{"La Réunion", []string{"99"}, "2027-01-10T08:00:00Z", WarnLabelOrLocal},
		{"Mayotte", []string{"75"}, "2027-01-10T09:00:00Z", WarnLabelOrLocal},
		{"97300 Cayenne", []string{"75"}, "2027-01-10T11:00:00Z", WarnLabelOrLocal},
		{"26000 Valence", []string{"974"}, "2027-01-10T11:00:00Z", WarnWrongOffset},
	} {
		n, err := p.Parse([]byte(simpleNotice(c.place, c.published...)))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*Deadline{n.Deadline, n.Lots[0].Deadline} {
			if d == nil || d.Instant.Format(time.RFC3339) != c.instant || d.Warning != c.warned {
				t.Errorf("%s, published in %v: %+v, want %s", c.place, c.published, d, c.instant)
			}
		}
	}
}

// TestClockOfTheLot: each lot is read on the clock of its own place; TED prints
// no offset, so only the place tells.
func TestClockOfTheLot(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(sample("eforms-call.xml"))
	if err != nil {
		t.Fatal(err)
	}
	n, err := testParser(t).Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	d := &draft{Notice: n, places: testParser(t).places}
	p, err := parsePrinted("2027-01-15 12:00")
	if err != nil {
		t.Fatal(err)
	}
	n.Deadline, n.Lots[0].Deadline, n.Lots[1].Deadline = nil, nil, nil
	n.Lots[1].Place, err = d.places.area(nil, []string{"988"})
	if err != nil {
		t.Fatal(err)
	}
	d.keepClock(clock{printed: p, lot: 0})
	d.keepClock(clock{printed: p, lot: 1})
	d.readClocks()
	d.lendDeadlines()
	if a, b := n.Lots[0].Deadline.Instant, n.Lots[1].Deadline.Instant; a.Format(time.RFC3339) != "2027-01-15T11:00:00Z" || b.Format(time.RFC3339) != "2027-01-15T01:00:00Z" || !n.Deadline.Instant.Equal(b) {
		t.Errorf("lots %v %v, notice %v", a, b, n.Deadline.Instant)
	}
}

// TestTEDOverseasInWords: a notice of TED without a NUTS code, performed in a
// territory that its title names.
func TestTEDOverseasInWords(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(sample("ted-call-latin1.xml"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(`<n2016:NUTS CODE="FRY40"/>`, "", `<n2016:NUTS CODE="FRA40"/>`, "", "<TITLE><P>Nettoyage", "<TITLE><P>98800 Noum\xe9a : nettoyage").Replace(string(raw))
	n, err := testParser(t).Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if d := n.Deadline; d == nil || d.Zone != "Pacific/Noumea" || d.Instant.Format(time.RFC3339) != "2026-12-18T01:00:00Z" || n.Lots[1].Deadline.Zone != d.Zone {
		t.Errorf("in Nouméa: %+v, %+v", n.Place, d)
	}
}

// TestForeignWords: a place that is another country, or abroad, is not that of
// the départements where the notice was printed.
func TestForeignWords(t *testing.T) {
	t.Parallel()
	for place, foreign := range map[string]bool{"Belgique": true, "étranger": true, "à l'étranger": true, "Bruxelles, Belgique": false, "Monaco": true, "Valence": false, "Grand Est": false} {
		n, err := testParser(t).Parse([]byte(simpleNotice(place, "26")))
		if err != nil {
			t.Fatal(err)
		}
		if got := n.warned(WarnForeignPlace); got != foreign || foreign && (n.Place.Scope != PlaceUnknown || n.Lots[0].Place.Scope != PlaceUnknown || isFrance(n.Place.Country)) {
			t.Errorf("%q: %+v, lot %+v, %v", place, n.Place, n.Lots[0].Place, n.Warnings)
		}
		if n.Deadline.Zone != paris {
			t.Errorf("%q: deadline %+v", place, n.Deadline)
		}
	}
}

// TestUnknownKind: a state or a family that is not known is taken as what it
// looks like, with a warning that an import counts as not understood.
func TestUnknownKind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state  string
		more   map[string]any
		warned bool
	}{
		"a known one":       {"INITIAL", nil, false},
		"no family":         {"INITIAL", map[string]any{"famille": ""}, false},
		"an unknown state":  {"XYZ", nil, true},
		"an unknown family": {"INITIAL", map[string]any{"famille": "XYZ"}, true},
	} {
		h := newHouse(t, testkit.SQLite(t))
		r := h.loadAll([]string{boampRecord("26-970002", "APPEL_OFFRE", c.state, "2027-01-10T12:00:00+00:00", c.more)}, []int{0})
		if r.Made != 1 || r.NotUnderstood == 1 != c.warned {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
