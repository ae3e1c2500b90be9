package territories

import "strings"

// token is a folded word, a number or a mark.
type token struct {
	text string // folded; one of , ; ( ) + for a mark
	raw  string
	mark bool
}

// tokenize cuts a text at its marks and folds the rest. A comma or a point
// between two digits stays inside the number.
func tokenize(text string) []token {
	var out []token
	runes := []rune(text)
	word := func(s string) {
		for _, w := range foldWords(s) {
			out = append(out, token{text: w, raw: w})
		}
	}
	var held strings.Builder
	flush := func() { word(held.String()); held.Reset() }
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case strings.ContainsRune(",;()+", r):
			flush()
			out = append(out, token{text: string(r), raw: string(r), mark: true})
		case numberStart(runes, i):
			flush()
			n := numberEnd(runes, i)
			s := strings.ReplaceAll(string(runes[i:n]), ",", ".")
			out = append(out, token{text: s, raw: s})
			i = n - 1
		default:
			held.WriteRune(r)
		}
	}
	flush()
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// numberStart tells the start of a decimal or negative number, or of an ISO
// date; plain digits are words.
func numberStart(r []rune, i int) bool {
	if i > 0 && (isDigit(r[i-1]) || r[i-1] > ' ' && r[i-1] != '(') {
		return false
	}
	n := numberEnd(r, i)
	if n == i || n < len(r) && !strings.ContainsRune(" \t,;()k\u00a0", r[n]) {
		return false
	}
	s := string(r[i:n])
	return strings.ContainsAny(s, ".,-") && isDigit(r[n-1])
}

func numberEnd(r []rune, i int) int {
	n := i
	if n+1 < len(r) && r[n] == '-' && isDigit(r[n+1]) {
		n++
	}
	if n >= len(r) || !isDigit(r[n]) {
		return i
	}
	for n < len(r) && (isDigit(r[n]) || n+1 < len(r) && strings.ContainsRune(".,-", r[n]) && isDigit(r[n+1]) && isDigit(r[n-1])) {
		n++
	}
	return n
}
