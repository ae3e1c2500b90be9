package tenders

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nearly every text of a notice names nobody, and the patterns of people are
// the dearest of all: so what they must begin with, or hold, is looked for byte
// by byte, and a pattern is only tried there. TestMaskAsPatterns compares this
// with the patterns tried everywhere.

// window is how far a telephone number may reach, with room for what follows.
const window = 64

// maskPhones replaces every telephone number.
func maskPhones(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		if !phoneMayBegin(text, i) {
			continue
		}
		m := phoneAt.FindStringIndex(text[i:min(len(text), i+window)])
		if m == nil {
			continue
		}
		b.WriteString(text[done:i])
		b.WriteString(maskedPhone)
		done = i + m[1]
		i = done - 1
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// phoneMayBegin tells a "0", a "+" or a "(" from which ten digits follow with
// nothing between but what separates the digits of a number.
func phoneMayBegin(text string, i int) bool {
	switch text[i] {
	case '0':
		if i > 0 && wordByte(text[i-1]) {
			return false
		}
	case '+', '(':
	default:
		return false
	}
	digits := 0
	for _, c := range []byte(text[i:min(len(text), i+window)]) {
		switch {
		case c >= '0' && c <= '9':
			if digits++; digits == 10 {
				return true
			}
		case c != ' ' && c != '.' && c != '-' && c != '/' && c != '(' && c != ')' && c != '+':
			return false
		}
	}
	return false
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

// maskMails replaces every address: the pattern is tried on the words around an
// at sign, because an address has no blank but beside it.
func maskMails(text string) string {
	var b strings.Builder
	done := 0
	for {
		at, end := atSign(text, done)
		if at < 0 {
			break
		}
		from, to := wordsAround(text, done, at, end)
		for next, after := atSign(text, end); next >= 0; next, after = atSign(text, after) {
			start, stop := wordsAround(text, done, next, after)
			if start > to {
				break
			}
			to = max(to, stop)
		}
		b.WriteString(text[done:from])
		b.WriteString(mailIn.ReplaceAllStringFunc(text[from:to], maskOneMail))
		done = to
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// atSign is the next "@", "(at)" or "[at]", -1 when there is none.
func atSign(text string, from int) (at, end int) {
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '@':
			return i, i + 1
		case '(', '[':
			if i+4 <= len(text) && strings.EqualFold(text[i+1:i+3], "at") && (text[i+3] == ')' || text[i+3] == ']') {
				return i, i + 4
			}
		}
	}
	return -1, -1
}

// wordsAround widens an at sign to the blanks around, past one space on each side.
func wordsAround(text string, least, at, end int) (from, to int) {
	from, to = at, end
	if from > least && text[from-1] == ' ' {
		from--
	}
	for from > least && !blank(text[from-1]) {
		from--
	}
	if to < len(text) && text[to] == ' ' {
		to++
	}
	for to < len(text) && !blank(text[to]) {
		to++
	}
	return from, to
}

// blank is \s of a pattern.
func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// civilities are the words before a name: whole words, then the short ones,
// which take a full stop ("Mme."), each before those that begin it.
var civilities = []string{
	"Monsieur", "MONSIEUR", "Madame", "MADAME", "Mademoiselle", "Messieurs", "Mesdames",
	"Mmes", "Mme", "MME", "Mlles", "Mlle", "MLLE", "Mrs", "Mr", "MR", "MM", "M",
}

// wholeCivilities is how many of them are whole words.
const wholeCivilities = 7

// civilityAt is the length of the civility that opens a text, 0 without one.
func civilityAt(text string) int {
	for i, word := range civilities {
		if !strings.HasPrefix(text, word) {
			continue
		}
		if i >= wholeCivilities && strings.HasPrefix(text[len(word):], ".") {
			return len(word) + 1
		}
		return len(word)
	}
	return 0
}

// nextCivility finds the next civility that is the beginning of a word, and the
// end of the blanks that follow; -1 when there is none.
func nextCivility(text string) (start, end, rest int) {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], 'M')
		if i < 0 {
			return -1, -1, -1
		}
		start, from = from+i, from+i+1
		if before, _ := utf8.DecodeLastRuneInString(text[:start]); start > 0 && (before == '.' || unicode.IsLetter(before) || unicode.IsNumber(before)) {
			continue
		}
		end = start + civilityAt(text[start:])
		for rest = end; rest < len(text) && blank(text[rest]); rest++ {
		}
		return start, end, rest
	}
}

// speaks tells whether a name of a buyer may hold a civility and then a name.
func speaks(name string) bool {
	for from := 0; ; {
		i := strings.IndexByte(name[from:], 'M')
		if i < 0 {
			return false
		}
		from += i
		if end := from + civilityAt(name[from:]); end < len(name) && blank(name[end]) {
			return true
		}
		from++
	}
}

// beginning shortens a text to so many bytes, between two characters.
func beginning(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
