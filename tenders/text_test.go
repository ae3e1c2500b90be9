package tenders

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestTidy: what is told tidy at a glance is what the long way leaves alone, for
// every character there is and between others.
func TestTidy(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		touched := unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\u00ad\u200b\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r) || r == utf8.RuneError || !utf8.ValidRune(r)
		if got := isTidy("a" + string(r) + "b"); got == (touched && r != ' ' && r != '\n') {
			t.Fatalf("%U: tidy %v", r, got)
		}
	}
	for text, want := range map[string]bool{"": true, " ": false, "a b": true, "a  b": false, "a\nb": true, "a\n b": false, "a ": false, " a": false, "é": true, "\xff": false, "a\u202eb": false, "\u2066a": false} {
		if got := isTidy(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := tidy(rapid.StringOfN(rapid.RuneFrom([]rune("ab é\u00a0\n\r\u2028\u00ad\u200b\u0085\t☃\u202a\u202e\u2066\u2069")), 0, 12, -1).Draw(t, "text"))
		if tidy(text) != text {
			t.Fatalf("%q is not tidy after it was tidied: %q", text, tidy(text))
		}
	})
}

// TestFold: the text alone is the one with positions, and each byte leads back
// to its character.
func TestFold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		f := fold(text)
		if f.text != foldText(text) || len(f.back) != len(f.text)+1 || f.back[len(f.text)] != utf8.RuneCountInString(text) {
			t.Fatalf("%q: %q, %v", text, f.text, f.back)
		}
		runes := []rune(text)
		var b strings.Builder
		for i := range f.text {
			if i == 0 || f.back[i] != f.back[i-1] {
				b.WriteString(foldText(string(runes[f.back[i]])))
			}
		}
		if b.String() != f.text {
			t.Fatalf("%q folds to %q, character by character to %q", text, f.text, b.String())
		}
	})
}
