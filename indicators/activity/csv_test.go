package activity_test

import (
	"strings"
	"testing"

	"maillage/indicators/activity"
)

// A file says words in the reader's language; its codes come last.
func TestAFileSaysWordsThenCodes(t *testing.T) {
	t.Parallel()
	rows := []activity.Edition{{Until: "2026-10", Rows: []activity.Row{{Level: activity.Departement, Code: "26", In: "84", Month: activity.Whole}}}}
	for lang, want := range map[string]string{
		"fr": "2026-10;le département;la Drôme;la région;tous;s;s;s;s;s;s;departement;26;84\r\n",
		"en": "2026-10,le département,la Drôme,la région,all,s,s,s,s,s,s,departement,26,84\r\n",
	} {
		var b strings.Builder
		err := activity.WriteCSV(&b, rows, activity.Names{Lang: lang, Place: func(activity.Row) string { return "la Drôme" }, In: func(activity.Row) string { return "la région" },
			Level: func(activity.Level) string { return "le département" }})
		if _, line, _ := strings.Cut(b.String(), "\r\n"); err != nil || line != want {
			t.Errorf("%s: %q, %v", lang, line, err)
		}
	}
}
