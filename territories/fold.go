package territories

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold writes a name the way names are compared: small letters without
// accents, words parted by one blank, "st" and "ste" spelled out, "œ" as
// "oe". "Saint-Étienne", "ST ETIENNE" and "saint etienne" are one.
func Fold(s string) string {
	out := make([]byte, 0, len(s)+16)
	word := 0 // where the word being written starts
	for _, r := range s {
		switch n := len(out); {
		case r < utf8.RuneSelf:
			out, word = foldASCII(out, word, byte(r))
		case unicode.Is(unicode.Mn, r):
		default:
			if out = foldLetter(out, r); len(out) == n {
				out, word = endWord(out, word)
			}
		}
	}
	out, _ = endWord(out, word)
	return strings.TrimSuffix(string(out), " ")
}

// foldWords is the words of Fold.
func foldWords(s string) []string { return strings.Fields(Fold(s)) }

func foldASCII(out []byte, word int, b byte) ([]byte, int) {
	switch {
	case b >= 'a' && b <= 'z' || b >= '0' && b <= '9':
		return append(out, b), word
	case b >= 'A' && b <= 'Z':
		return append(out, b+'a'-'A'), word
	}
	return endWord(out, word)
}

// endWord parts words by one blank and spells out the one that ends.
func endWord(out []byte, word int) ([]byte, int) {
	if len(out) == word {
		return out, word
	}
	switch string(out[word:]) {
	case "st":
		out = append(out[:word], "saint"...)
	case "ste":
		out = append(out[:word], "sainte"...)
	}
	out = append(out, ' ')
	return out, len(out)
}

// foldLetter writes a letter beyond ASCII without its accents; it writes
// nothing of what is not a letter nor a digit.
func foldLetter(out []byte, r rune) []byte {
	switch r {
	case 'é', 'è', 'ê', 'ë', 'É', 'È', 'Ê', 'Ë':
		return append(out, 'e')
	case 'à', 'â', 'À', 'Â':
		return append(out, 'a')
	case 'ô', 'ö', 'Ô', 'Ö':
		return append(out, 'o')
	case 'î', 'ï', 'Î', 'Ï':
		return append(out, 'i')
	case 'ç', 'Ç':
		return append(out, 'c')
	case 'œ', 'Œ':
		return append(out, "oe"...)
	case 'æ', 'Æ':
		return append(out, "ae"...)
	}
	for _, d := range norm.NFD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) && (unicode.IsLetter(d) || unicode.IsDigit(d)) {
			out = utf8.AppendRune(out, unicode.ToLower(d))
		}
	}
	return out
}
