package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	nbsp = "\u00a0"
	thin = "\u202f"
)

// Phrases are sentences by key, French then English, with names in braces where
// values go.
type Phrases map[string][2]string

// ReadPhrases reads a table of lines "key, French, English" separated by tabs;
// a line that begins with # is a comment.
func ReadPhrases(table string) Phrases {
	out := Phrases{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) == 3 && !strings.HasPrefix(line, "#") {
			out[cells[0]] = [2]string{typeset(cells[1]), cells[2]}
		}
	}
	return out
}

// typeset puts the French spaces: U+00A0 before % € : » and after «, U+202F
// before ; ! ?.
func typeset(s string) string {
	return strings.NewReplacer(" %", nbsp+"%", " €", nbsp+"€", " :", nbsp+":", " »", nbsp+"»", "« ", "«"+nbsp,
		" ;", thin+";", " !", thin+"!", " ?", thin+"?", " h ", nbsp+"h ", " ETP", nbsp+"ETP").Replace(s)
}

// Say fills the sentence of a key, in English for "en", in French for anything
// else; a key that has none says itself, so that a missing row is seen.
func (p Phrases) Say(key, lang string, fill func(name string) string) string {
	pair, ok := p[key]
	if !ok {
		return key
	}
	text := pair[0]
	if lang == "en" {
		text = pair[1]
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		out.WriteString(before)
		if !ok {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		out.WriteString(fill(name))
		text = after
	}
	return upperFirst(out.String())
}

func upperFirst(s string) string { return mapFirst(s, unicode.ToUpper) }

func mapFirst(s string, f func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(f(r)) + s[n:]
}
