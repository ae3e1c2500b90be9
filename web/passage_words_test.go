package web

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"maillage/tenders"
)

func TestPassagesAndRefusalsHaveWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := speaker(t, s, French)
	for field, want := range map[string]string{
		"texts.additional_information": "Informations complémentaires", "lots[2].texts.performance_conditions": "Lot 2, conditions d’exécution", "description": "Description",
		"lots[LOT-0001].title": "Lot 1, titre", "texts.something_new": "Texte de l’avis", "/a/path": "Texte de l’avis",
	} {
		if got := c.passageWords(field); got != want {
			t.Errorf("%s reads %q, want %q", field, got, want)
		}
	}
	for _, code := range []string{tenders.RefusedSyntax, tenders.RefusedTruncated, tenders.RefusedTooLarge, tenders.RefusedFormat, tenders.RefusedKind, tenders.RefusedMissing,
		tenders.RefusedGivenUp, tenders.RefusedIncoherent, tenders.RefusedImport, tenders.RefusedLost} {
		for _, lang := range Langs() {
			if !speaker(t, s, lang).Has("refusal." + code) {
				t.Errorf("refusal.%s has no words (%s)", code, lang)
			}
		}
	}
}

// A public notice is « un avis » in French (docs/glossary.md), never « une notice ».
func TestFrenchSaysAvis(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(localeFiles, "locales/*.fr.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	notice := regexp.MustCompile(`(?i)\bnotices?\b`)
	for _, file := range files {
		raw, err := fs.ReadFile(localeFiles, file)
		if err != nil {
			t.Fatal(err)
		}
		messages := map[string]any{}
		if err := json.Unmarshal(raw, &messages); err != nil {
			t.Fatal(err)
		}
		for key, said := range messages {
			text, err := json.Marshal(said)
			if err != nil {
				t.Fatal(err)
			}
			if notice.MatchString(strings.ReplaceAll(string(text), "maillage notices", "")) {
				t.Errorf("%s: %s", key, text)
			}
		}
	}
}

func TestLikenessIsRoundedDown(t *testing.T) {
	t.Parallel()
	fields := func(low, high string) []tenders.Difference {
		return []tenders.Difference{{Field: "title", Low: low, High: high}}
	}
	for _, c := range []struct {
		score     float64
		low, high string
		want      float64
	}{{0.996, "a", "b", 0.99}, {0.996, "a", "a", 0.99}, {1, "a", "b", 0.99}, {1, "a", "a", 1}, {0.87, "a", "b", 0.87}, {0.879, "a", "b", 0.87}} {
		p := tenders.Compared{Fields: fields(c.low, c.high)}
		p.Score = c.score
		if got := likenessOf(p); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
