package network

import (
	"fmt"
	"strings"
)

// SIRET identifies an establishment (14 digits). The zero value is "unknown".
// A SIREN alone (9 digits) identifies the legal unit and is kept as it is.
type SIRET string

// ParseSIRET reads a SIRET or a SIREN written with spaces, dots or
// non-breaking spaces. It refuses what has neither 9 nor 14 digits. The check
// digit is not required here (13 real establishments of the register fail it):
// ask Valid.
func ParseSIRET(s string) (SIRET, error) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '.' || r == '\u00a0' || r == '\u202f' || r == '\t':
		default:
			return "", fmt.Errorf("SIRET %q: unexpected character %q", s, r)
		}
	}
	if n := b.Len(); n != 9 && n != 14 {
		return "", fmt.Errorf("SIRET %q: %d digits, want 14 (or 9 for a SIREN)", s, n)
	}
	return SIRET(b.String()), nil
}

// SIREN is the legal unit: the first nine digits.
func (s SIRET) SIREN() string {
	if len(s) < 9 {
		return ""
	}
	return string(s[:9])
}

// Complete reports whether it names an establishment and not only a legal unit.
func (s SIRET) Complete() bool { return len(s) == 14 }

// laPoste is the legal unit whose establishments follow a rule of their own:
// the sum of their digits is a multiple of five (INSEE, Sirene documentation).
const laPoste = "356000000"

// Valid checks the Luhn digit of a SIRET or a SIREN.
func (s SIRET) Valid() bool {
	if len(s) != 9 && len(s) != 14 {
		return false
	}
	if luhn(string(s)) {
		return true
	}
	return s.Complete() && s.SIREN() == laPoste && digitSum(string(s))%5 == 0
}

// String groups the digits as people write them: 123 456 789 00012.
func (s SIRET) String() string {
	if len(s) < 9 {
		return string(s)
	}
	out := string(s[:3] + " " + s[3:6] + " " + s[6:9])
	if s.Complete() {
		out += " " + string(s[9:])
	}
	return out
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func digitSum(digits string) int {
	sum := 0
	for _, r := range digits {
		sum += int(r - '0')
	}
	return sum
}
