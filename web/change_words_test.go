package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/opportunities"
)

// speaker is a request in a language, to ask for words.
func speaker(t *testing.T, s *site, lang Lang) *call {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	return &call{Locale: s.web.locales[lang], s: s.web, r: r, now: s.cfg.Clock()}
}

// Every field that a difference can name has words in both languages.
func TestEveryFieldOfAChangeHasWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if n := len(opportunities.ChangeFields()); n < 45 {
		t.Fatalf("only %d fields", n)
	}
	for _, lang := range Langs() {
		c := speaker(t, s, lang)
		for _, field := range opportunities.ChangeFields() {
			if !c.Has("field." + field) {
				t.Errorf("field.%s has no words (%s)", field, lang)
			}
			row := c.changeRow(opportunities.Change{Field: "lots[1]." + field, Before: nil, After: "x"})
			if strings.ContainsAny(row.Field, "[]_") {
				t.Errorf("%s reads %q", field, row.Field)
			}
		}
	}
}

// Values of a history are read in words: days, shares, codes, windows.
func TestValuesOfAChangeAreWords(t *testing.T) {
	t.Parallel()
	c := speaker(t, newSite(t), French)
	for _, one := range []struct {
		field string
		value any
		want  string
	}{
		{"ends_on", "2027-11-20", "20 novembre 2027"}, {"insertion.awarded", "2026-10-01", "1er octobre 2026"}, {"forecast", "2026-10-16 – 2027-03-15", "entre le 16 octobre 2026 et le 15 mars 2027"},
		{"forecast.end", "came_out", "L’appel attendu est paru"}, {"insertion.share", 0.05, "5 %"}, {"insertion.months", float64(48), "48 mois"}, {"insertion.supposed", true, "oui"}, {"clause.hours", 1500.0, "1 500 h"},
		{"amount", 0.0, ""}, {"amount", 90500.0, "90 500 €"}, {"kind", "tender", "Marché public"}, {"state", "closed", "Fermé"}, {"modes", "prestation, mise_a_disposition", "prestation, mise à disposition de personnel"},
		{"clause", "reserved (siae)", "Réservé aux SIAE"}, {"deadline", "2026-12-07T11:00:00Z", "lundi 7 décembre, 12 h"}, {"place", "country", "France entière"}, {"working_days", float64(1), "1 jour ouvré"}, {"procurement_id", float64(12), "n° 12"}, {"title", nil, ""},
	} {
		if got := strings.ReplaceAll(c.valueWords(one.field, one.value), nbsp, " "); !strings.EqualFold(got, one.want) {
			t.Errorf("%s %v reads %q, want %q", one.field, one.value, got, one.want)
		}
	}
}

// TestAContractTellsWhatItChanges: the essential data that follow an award say
// who won by their SIRET and for how long; the history tells those, in words,
// and nothing that reads the same on both sides.
func TestAContractTellsWhatItChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.imports(t, schoolCall(t), schoolAward(t))
	officer := s.visit(t, accounts.Officer)
	hours := officer.get("/marches?nature=insertion_hours&quoi=platanes").ok().link(`/marches/\d+`)
	s.imports(t, strings.Replace(strings.Replace(schoolAward(t), "26-820002", "26-820009", 1), "Bâtisseurs du Diois SAS", "Maçons du Diois SCOP", 1))
	page := officer.get(hours).ok()
	page.says("titulaires", "Bâtisseurs du Diois SAS → Bâtisseurs du Diois SAS, Maçons du Diois SCOP")
	if raw := regexp.MustCompile(`<strong>([a-z]+_[a-z_]+|insertion[^<]*)</strong>|\b\d{4}-\d{2}-\d{2} →`).FindString(page.body); raw != "" {
		t.Errorf("it shows %s", raw)
	}
	for _, m := range regexp.MustCompile(`</strong> ([^<→]+) → ([^<]+)</p>`).FindAllStringSubmatch(page.body, -1) {
		if m[1] == m[2] {
			t.Errorf("a change that changes nothing: %s", fmt.Sprint(m[1:]))
		}
	}
}
