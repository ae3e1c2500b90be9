package sheet

import (
	"strings"
	"testing"
)

// A number below zero stays one; what a spreadsheet would run does not.
func TestInert(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{"-0,197": "-0,197", "-3": "-3", "-1+2": "'-1+2", "=1": "'=1", "-": "'-", " -1": "' -1", "-1,5e3": "'-1,5e3", "+1": "'+1", "a": "a"} {
		if got := Inert(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

// A table that leaves is in the language of who reads it, down to its separators.
func TestATableLeavesInItsLanguage(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"fr": "\uFEFFobjet;part\r\n'=1;0,333\r\n",
		"en": "\uFEFFtitle,share\r\n'=1,0.333\r\n",
	} {
		var b strings.Builder
		err := Write(&b, lang, []Column{{"objet", "title"}, {"part", "share"}}, [][]string{{"=1", Number(lang, 1.0/3, 3)}})
		if err != nil || b.String() != want {
			t.Errorf("%s: %q, %v", lang, b.String(), err)
		}
	}
}
