package journeys_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
)

// Every finding and remedy that random worlds give reads well in both languages:
// no brace left, no key shown, French spaces in French. Nearly every sentence of
// the table is met on the way.
func TestSentencesOfRandomWorlds(t *testing.T) {
	t.Parallel()
	fr, en := journeys.Writer{Lang: "fr"}, journeys.Writer{Lang: "en"}
	badSpace := regexp.MustCompile(`[^\x{a0}] ?[%€]| [:;!?]|[a-zé]:|\d \d|: ?\.|, ,`)
	seen := map[string]bool{}
	check := func(key, text string, french bool) {
		seen[key] = true
		if text == "" || strings.ContainsAny(text, "{}") || strings.Contains(text, key) || strings.Contains(text, "  ") {
			t.Errorf("%s reads %q", key, text)
		}
		if french && badSpace.MatchString(text) {
			t.Errorf("%s: wrong spaces in %q", key, text)
		}
	}
	rules := journeys.NewRules(journeys.Config{Atlas: atlas(t)})
	for seed := range uint64(120) {
		w := newWorld(t, seed)
		people, positions := w.market(40, 20)
		for _, p := range positions {
			c := rules.Scan(p, people, positions, today, journeys.Options{Near: 40})
			for _, n := range c.Near {
				c.Matches = append(c.Matches, n.Match)
				check(n.Remedy.Key, fr.Remedy(n.Remedy), true)
				check(n.Remedy.Key, en.Remedy(n.Remedy), false)
			}
			for _, m := range c.Matches {
				for _, f := range m.Findings {
					check(f.Key, fr.Finding(f), true)
					check(f.Key, en.Finding(f), false)
				}
			}
		}
	}
	met(t, seen)
}

// met says which sentences of the table nobody was told: those of pairs that are
// neither matches nor near misses are not expected.
func met(t *testing.T, seen map[string]bool) {
	t.Helper()
	never := map[string]bool{"availability.no": true, "occupation.other": true, "occupation.unasked": true, "occupation.unsaid": true,
		"licences.missed": true, "languages.missed": true, "prerequisites.missed": true, "outcomes.held": true}
	text, err := os.ReadFile("sentences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		key, _, _ := strings.Cut(line, "\t")
		if !strings.HasPrefix(key, "#") && seen[key] == never[key] {
			t.Errorf("%s: met %v", key, seen[key])
		}
	}
}

// The words of some sentences, as they are read.
func TestSentencesAsTheyRead(t *testing.T) {
	t.Parallel()
	fr, en := journeys.Writer{Lang: "fr"}, journeys.Writer{Lang: "en"}
	hours := journeys.Finding{Key: "travel.hours", Params: journeys.Params{Slots: nomenclatures.SlotAt(0, nomenclatures.Evening) | nomenclatures.SlotAt(6, nomenclatures.Night)}}
	far := journeys.Finding{Key: "reach.beyond", By: 12.4, Unit: journeys.Kilometres, Params: journeys.Params{Have: 62.4, Want: 50}}
	named := journeys.Finding{Key: "occupation.same", Params: journeys.Params{Asked: "K2204"}}
	for _, c := range []struct{ got, want string }{
		{fr.Finding(hours), "Aucun moyen de s’y rendre à certains horaires\u00a0: lundi soir, dimanche nuit."},
		{en.Finding(hours), "No way to get there at some hours: Monday evening, Sunday night."},
		{fr.Finding(far), "À 62\u00a0km, hors du rayon de recherche du poste (50\u00a0km), de 12\u00a0km."},
		{fr.Finding(named), "Métier souhaité\u00a0: nettoyage de locaux (ROME\u00a0K2204)."},
		{fr.Amount(0.5, journeys.YearsHeld), "6\u00a0mois"},
		{en.Amount(2, journeys.YearsHeld), "2\u00a0years"},
		{fr.Slots(weekdays(nomenclatures.Morning)), "5\u00a0plages de la semaine"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
