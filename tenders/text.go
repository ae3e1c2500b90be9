package tenders

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidy trims a text, turns runs of blanks into one space and keeps line breaks.
// Invisible soft hyphens and zero-width characters go, and so do those that turn
// the direction of writing: a title could show other words than it holds. Most
// texts are tidy already, and come back as they are.
func tidy(s string) string {
	if isTidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank, broke := false, false
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028':
			broke = true
		case r == '\u00ad' || r == '\u200b' || r == '\ufeff' || r == utf8.RuneError || turns(r):
			continue
		case unicode.IsSpace(r):
			blank = true
		case unicode.IsControl(r):
			continue
		default:
			if b.Len() > 0 && broke {
				b.WriteByte('\n')
			} else if b.Len() > 0 && blank {
				b.WriteByte(' ')
			}
			blank, broke = false, false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// turns tells a character that overrides, embeds or isolates a direction of
// writing (Unicode, UAX 9, 2).
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// isTidy tells a text that tidy would not change, without copying it.
func isTidy(s string) bool {
	blank := true // of what is before: a text begins with no blank
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c > ' ' && c < 0x7f:
			blank = false
			i++
			continue
		case c == ' ' || c == '\n':
			if blank {
				return false
			}
			blank = true
			i++
			continue
		case c < utf8.RuneSelf:
			return false
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		// Beyond ASCII, controls are below U+00A0 and the other spaces between
		// those of Ogham and of Han.
		if r <= 0xa0 || r == 0xad || r == 0x200b || r == 0xfeff || r == utf8.RuneError || turns(r) || r >= 0x1680 && r <= 0x3000 && unicode.IsSpace(r) {
			return false
		}
		blank = false
		i += size
	}
	return s == "" || !blank
}

// lostLigature finds the words where BOAMP prints "?" for "œ": œuvre, cœur,
// sœur, nœud, vœu, bœuf, mœurs, œuf, œil, œnologie, œcuménique, fœtus, cœliaque.
var lostLigature = regexp.MustCompile(`(?i)\?uvr|\b(?:ch?\?ur|s\?ur|n\?ud|v\?u|b\?uf|m\?urs)|['’]\?(?:ufs?|il)\b|\?nolog|\?cum|\bf\?t|\bc\?li`)

// lostApostrophe finds the elisions where it prints "?" for a curly apostrophe.
var lostApostrophe = regexp.MustCompile(`(?i)\b(l|d|n|m|t|s|c|j|qu|jusqu|lorsqu|puisqu|aujourd)\?([aeiouyhàâäéèêëîïôöùûüœ])`)

// restoreMarks puts back the œ and the apostrophes that BOAMP prints as "?",
// and says if there were any.
func restoreMarks(s string) (string, bool) {
	if !strings.Contains(s, "?") {
		return s, false
	}
	fixed := lostLigature.ReplaceAllStringFunc(s, func(m string) string {
		if m == strings.ToUpper(m) {
			return strings.Replace(m, "?", "Œ", 1)
		}
		return strings.Replace(m, "?", "œ", 1)
	})
	fixed = lostApostrophe.ReplaceAllString(fixed, "$1'$2")
	return fixed, fixed != s
}

// folded is a text made comparable, with the way back to the original.
type folded struct {
	text string
	// rune index in the original of each byte of text; one more for the end.
	back []int
}

// fold lowers, drops accents, straightens apostrophes and hyphens, and keeps
// the position of each byte in runes of the original.
func fold(s string) folded {
	text := foldText(s)
	f := folded{text: text, back: make([]int, 0, len(text)+1)}
	i := 0
	for _, r := range s {
		size := 1
		if r >= utf8.RuneSelf {
			size = len(foldRune(r))
		}
		for range size {
			f.back = append(f.back, i)
		}
		i++
	}
	f.back = append(f.back, i)
	return f
}

// foldText is fold without the positions; a text that is folded already comes
// back as it is.
func foldText(s string) string {
	from := 0
	for from < len(s) && s[from] < utf8.RuneSelf && (s[from] < 'A' || s[from] > 'Z') {
		from++
	}
	if from == len(s) {
		return s
	}
	out := make([]byte, from, len(s)+8)
	copy(out, s)
	for _, r := range s[from:] {
		switch {
		case r >= utf8.RuneSelf:
			out = append(out, foldRune(r)...)
		case r >= 'A' && r <= 'Z':
			out = append(out, byte(r)+'a'-'A')
		default:
			out = append(out, byte(r))
		}
	}
	return string(out)
}

func foldRune(r rune) string {
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	switch r = unicode.ToLower(r); r {
	case 'à', 'á', 'â', 'ä', 'ã', 'å':
		return "a"
	case 'ç':
		return "c"
	case 'è', 'é', 'ê', 'ë':
		return "e"
	case 'ì', 'í', 'î', 'ï':
		return "i"
	case 'ñ':
		return "n"
	case 'ò', 'ó', 'ô', 'ö', 'õ':
		return "o"
	case 'ù', 'ú', 'û', 'ü':
		return "u"
	case 'ÿ', 'ý':
		return "y"
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	case '’', '‘', 'ʼ', '´', '`', '′':
		return "'"
	case '\u2010', '\u2011', '–', '—', '\u2212':
		return "-"
	case '«', '»', '“', '”':
		return `"`
	}
	if unicode.IsSpace(r) {
		return " "
	}
	return string(r)
}
