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
	var b strings.Builder
	b.Grow(len(s))
	for _, w := range foldWords(s) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// foldWords is Fold before its words are joined.
func foldWords(s string) []string {
	plain := make([]byte, 0, len(s))
	if !asciiOnly(s) {
		s = norm.NFD.String(s)
	}
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			plain = append(plain, byte(unicode.ToLower(r)))
		case r == 'œ' || r == 'Œ':
			plain = append(plain, "oe"...)
		case r == 'æ' || r == 'Æ':
			plain = append(plain, "ae"...)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			plain = utf8.AppendRune(plain, unicode.ToLower(r))
		default:
			plain = append(plain, ' ')
		}
	}
	words := strings.Fields(string(plain))
	for i, w := range words {
		switch w {
		case "st":
			words[i] = "saint"
		case "ste":
			words[i] = "sainte"
		}
	}
	return words
}

func asciiOnly(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
