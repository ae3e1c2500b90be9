package questionnaire

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/compute"
	"maillage/territories"
)

// most is the largest answer, in hundredths: ten billion of any unit is a mistake.
const most = 10_000_000_000 * 100

// Parse reads what somebody typed: 1 234,5 or 1234.5, ND where it was not
// collected, nothing where there is no answer yet. The value is in hundredths of
// the unit. A text that has two readings is refused, never guessed.
func (q Question) Parse(typed string) (compute.Answer, *Text) {
	text := plain(typed)
	switch {
	case text == "":
		return compute.Answer{}, nil
	case notCollected(text):
		return compute.Answer{Status: compute.ND}, nil
	}
	value, wrong := hundredths(text)
	switch {
	case wrong == nil && !grouped(typed):
		return compute.Answer{}, unreadable()
	case wrong != nil:
		return compute.Answer{}, wrong
	case value < 0 && !q.Code.Signed():
		return compute.Answer{}, &Text{FR: "Ce nombre ne peut pas être négatif.", EN: "This number cannot be negative."}
	case q.Code.Whole() && value%100 != 0:
		return compute.Answer{}, &Text{FR: "Donnez un nombre entier.", EN: "Give a whole number."}
	case value > most || value < -most:
		return compute.Answer{}, &Text{FR: "Ce nombre est trop grand pour être juste.", EN: "This number is too large to be right."}
	}
	return compute.Answer{Status: compute.Collected, Value: value}, nil
}

var (
	blanks    = regexp.MustCompile(`[\s\x{a0}\x{202f}\x{2009}'’]+`)
	thousands = regexp.MustCompile(`^\D*\d{1,3}( \d{3})+([.,]\d*)?\D*$`)
	inNumber  = regexp.MustCompile(`[\d.,] [\d.,]`)
)

// grouped tells a number whose blanks, if it has any, part its thousands: of "1 0,5"
// nobody knows which number it is.
func grouped(typed string) bool {
	text := strings.TrimSpace(blanks.ReplaceAllString(typed, " "))
	return !inNumber.MatchString(text) || thousands.MatchString(text)
}

// plain drops the blanks of any sort, and the signs of what is counted.
func plain(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\u00a0', '\u202f', '\u2009', '\'', '’', '€':
			return -1
		case '−', '–':
			return '-'
		}
		return r
	}, typed)
}

func notCollected(text string) bool {
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, territories.Fold(text))
	return !strings.ContainsAny(text, "0123456789") && slices.Contains([]string{"nd", "nesaitpas", "nsp", "noncollecte", "notcollected"}, letters)
}

func unreadable() *Text {
	return &Text{FR: "Écrivez un nombre, comme 1 234,5, ou « ND » si vous ne le savez pas.", EN: "Write a number, such as 1234.5, or “ND” if you do not know."}
}

// telephone tells the digits of a French telephone: no amount is written so.
func telephone(digits string) bool { return len(digits) == 10 && digits[0] == '0' }

// hundredths reads digits with at most two decimals after one comma or point.
func hundredths(text string) (int64, *Text) {
	sign, digits := int64(1), text
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, digits = -1, rest
	}
	whole, part, cut := strings.Cut(strings.Replace(digits, ",", ".", 1), ".")
	if telephone(whole) || whole == "" || len(whole) > 15 || cut && part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return 0, unreadable()
	}
	if len(part) > 2 {
		return 0, &Text{FR: "Deux décimales au plus, et un espace pour les milliers : 1 234,5.", EN: "Two decimals at most, and a space for thousands: 1 234.5."}
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		return 0, unreadable()
	}
	return sign * n, nil
}

// Write is an answer as somebody would type it again: 1234,5 or ND; nothing
// where there is no answer. Parse reads it back to the same answer.
func Write(a compute.Answer) string {
	switch a.Status {
	case compute.ND:
		return "ND"
	case compute.Collected:
		return decimal(a.Value)
	}
	return ""
}

func decimal(value int64) string {
	sign := ""
	if value < 0 {
		sign, value = "-", -value
	}
	text := sign + strconv.FormatInt(value/100, 10)
	if rest := value % 100; rest != 0 {
		text += "," + strings.TrimRight(strconv.FormatInt(100+rest, 10)[1:], "0")
	}
	return text
}
