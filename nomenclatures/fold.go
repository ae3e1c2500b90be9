package nomenclatures

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folds spells the accented letters of French (and its neighbours) without
// their accent. Ligatures become two letters.
var folds = map[rune]string{
	'à': "a", 'â': "a", 'ä': "a", 'á': "a", 'ã': "a", 'å': "a", 'ç': "c",
	'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'î': "i", 'ï': "i", 'í': "i", 'ì': "i",
	'ñ': "n", 'ô': "o", 'ö': "o", 'ó': "o", 'ò': "o", 'õ': "o", 'ù': "u", 'û': "u",
	'ü': "u", 'ú': "u", 'ÿ': "y", 'ý': "y", 'œ': "oe", 'æ': "ae",
}

// fold lowers, drops accents and turns everything that is neither a letter nor
// a digit into one space.
func fold(s string) string {
	var out strings.Builder
	for i, t := range tokens(s) {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(t.text)
	}
	return out.String()
}

// token is a folded word and where it stood in the text, in bytes.
type token struct {
	text       string
	start, end int
}

// tokens cuts a text into folded words. A combining accent belongs to the
// letter before it and is dropped.
func tokens(s string) []token {
	out := make([]token, 0, len(s)/6+1)
	word := make([]byte, 0, 24)
	start := 0
	flush := func(end int) {
		if len(word) > 0 {
			out = append(out, token{string(word), start, end})
			word = word[:0]
		}
	}
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
		case r < utf8.RuneSelf && r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case unicode.Is(unicode.Mn, r) && len(word) > 0:
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
		default:
			flush(i)
			continue
		}
		if len(word) == 0 {
			start = i
		}
		if plain, ok := folds[r]; ok {
			word = append(word, plain...)
			continue
		}
		word = utf8.AppendRune(word, r)
	}
	flush(len(s))
	return out
}

// stopWords carry no meaning in the name of a trade. They are dropped on both
// sides of a comparison, so "nettoyage des locaux" is "nettoyage de locaux".
var stopWords = map[string]bool{
	"a": true, "au": true, "aux": true, "avec": true, "d": true, "dans": true, "de": true, "des": true,
	"du": true, "en": true, "et": true, "l": true, "la": true, "le": true, "les": true, "ou": true,
	"par": true, "pour": true, "s": true, "sur": true, "un": true, "une": true, "the": true, "of": true, "and": true,
	"autre": true, "autres": true, "divers": true, "diverses": true, "y": true, "compris": true,
}

// stem drops the marks of the French plural: bennes, travaux, locaux, jeux.
// Two words that share a stem are taken for one; it is blunt on purpose, and
// the tests hold the cases that matter.
func stem(w string) string {
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "eaux"):
		return w[:n-1]
	case n > 4 && strings.HasSuffix(w, "aux"):
		return w[:n-3] + "al"
	case n > 3 && (w[n-1] == 's' || w[n-1] == 'x') && w[n-2] != 's':
		return w[:n-1]
	}
	return w
}

// meaningful gives the stems of a text that are not stop words.
func meaningful(s string) []token {
	all := tokens(s)
	kept := all[:0]
	for _, t := range all {
		if stopWords[t.text] {
			continue
		}
		t.text = stem(t.text)
		kept = append(kept, t)
	}
	return kept
}
