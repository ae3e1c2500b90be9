package tenders

import (
	"regexp"
	"strings"
)

// Warnings on identifiers and parties.
const (
	WarnLuhn          = "luhn"
	WarnNotSIRET      = "not_a_siret"
	WarnBuyerIsCourt  = "buyer_is_court"
	WarnBuyerIsWinner = "buyer_is_winner"
	WarnBadCPV        = "bad_cpv"
)

var (
	blanksInNumber = regexp.MustCompile(`[\s.\-\x{a0}\x{202f}]+`)
	number14       = regexp.MustCompile(`(?:^|\D)(\d{14})(?:\D|$)`)
	number9        = regexp.MustCompile(`(?:^|\D)(\d{9})(?:\D|$)`)
	vatNumber      = regexp.MustCompile(`(?i)\bFR[0-9A-Z]{2}(\d{9})\b`)
)

// readSIRET finds a SIRET or a SIREN in an identifier field, which may hold
// spaces, a VAT number or something else entirely. The warning is "" when the
// number passes the Luhn check.
func readSIRET(raw string) (siret, siren, warning string) {
	text := blanksInNumber.ReplaceAllString(raw, "")
	if text == "" {
		return "", "", ""
	}
	if m := vatNumber.FindStringSubmatch(text); m != nil {
		return "", m[1], luhnWarning(m[1])
	}
	if m := number14.FindStringSubmatch(text); m != nil && !oneDigit(m[1]) {
		return m[1], m[1][:9], luhnWarning(m[1])
	}
	if m := number9.FindStringSubmatch(text); m != nil && !oneDigit(m[1]) {
		return "", m[1], luhnWarning(m[1])
	}
	return "", "", WarnNotSIRET
}

func luhnWarning(digits string) string {
	if luhn(digits) {
		return ""
	}
	return WarnLuhn
}

// oneDigit recognises the placeholders 00000000000000, 11111111111111…
func oneDigit(s string) bool { return strings.Count(s, s[:1]) == len(s) }

// luhn checks the key of a SIREN or SIRET. The establishments of La Poste
// (SIREN 356000000) follow their own rule: the digits add up to a multiple of 5.
func luhn(digits string) bool {
	sum, plain := 0, 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		plain += d
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if sum%10 == 0 {
		return true
	}
	return len(digits) == 14 && strings.HasPrefix(digits, "356000000") && plain%5 == 0
}

var courtWords = regexp.MustCompile(`\b(tribunal|greffe du|cour administrative|cour d.appel|conseil d.etat|comite consultatif (?:interregional|national))\b`)

// isCourt recognises the review bodies that some publishers put in the place of
// the buyer.
func isCourt(name string) bool { return courtWords.MatchString(foldText(name)) }

// samePerson compares two names as people would: case, accents and punctuation
// do not count.
func samePerson(a, b string) bool {
	a, b = letters(a), letters(b)
	return a != "" && a == b
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, foldText(s))
}
