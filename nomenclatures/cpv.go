package nomenclatures

import (
	"fmt"
	"strings"
)

// CPV is a code of the common procurement vocabulary (regulation (EC)
// 213/2008): eight digits, without the check digit. Trailing zeros mean "and
// everything below".
type CPV string

// Level is the depth of a CPV code in its tree.
type Level string

// The levels of the vocabulary. Subcategory covers the sixth to eighth digits,
// which may nest in one another.
const (
	Division    Level = "division"
	Group       Level = "group"
	Class       Level = "class"
	Category    Level = "category"
	Subcategory Level = "subcategory"
)

// ParseCPV reads a code as notices write it: "45000000-7" and "450000007" lose
// their check digit, "9310000" gets back the leading zero that spreadsheets
// eat, spaces are ignored. The code need not be in the table: old notices use
// the vocabulary of 2003. A code that has no division is refused.
func ParseCPV(s string) (CPV, error) {
	digits, check, dashed := strings.Cut(strings.Join(strings.Fields(s), ""), "-")
	if dashed && (len(check) != 1 || !allDigits(check)) {
		return "", fmt.Errorf("CPV %q: the check digit after the dash must be one digit", s)
	}
	if !dashed && len(digits) == 9 {
		digits = digits[:8]
	}
	if len(digits) == 7 {
		digits = "0" + digits
	}
	if len(digits) != 8 || !allDigits(digits) {
		return "", fmt.Errorf("CPV %q: eight digits are expected", s)
	}
	if digits[:2] == "00" {
		return "", fmt.Errorf("CPV %q: no division starts with 00", s)
	}
	return CPV(digits), nil
}

// Known reports whether the code is in the vocabulary of 2008.
func (c CPV) Known() bool { _, ok := tables().cpv[c]; return ok }

// Label is the French label, empty for a code that the table lacks.
func (c CPV) Label() string { return tables().cpv[c].label }

// DivisionLabel names the division of the code in "fr" or "en": the vocabulary is
// embedded in French only, and a reader in English is told at least the trade.
func (c CPV) DivisionLabel(lang string) string {
	if len(c) != 8 {
		return ""
	}
	return tables().heading("cpv "+string(c[:2]), lang)
}

// CheckDigit is the digit printed after the dash, empty for an unknown code.
func (c CPV) CheckDigit() string { return tables().cpv[c].check }

// ReservableToESS reports whether the code is one of those that article 77 of
// directive 2014/24/EU lists: services that a buyer may reserve to enterprises
// of the social and solidarity economy (code de la commande publique, L2113-15).
func (c CPV) ReservableToESS() bool { return tables().cpv[c].annex }

// Parent is the nearest code above that exists in the vocabulary. A division
// has none. An unknown code has the parent that its digits point to.
func (c CPV) Parent() (CPV, bool) {
	for n := c.significant() - 1; n >= 2; n-- {
		if p := c.cut(n); p != c && p.Known() {
			return p, true
		}
	}
	return "", false
}

// Level is the depth that the digits say.
func (c CPV) Level() Level {
	switch c.significant() {
	case 2:
		return Division
	case 3:
		return Group
	case 4:
		return Class
	case 5:
		return Category
	}
	return Subcategory
}

// Children are the codes whose Parent is c, in order of code.
func (c CPV) Children() []CPV {
	var out []CPV
	for _, d := range tables().cpvCodes {
		if p, ok := d.Parent(); ok && p == c {
			out = append(out, d)
		}
	}
	return out
}

// Covers reports whether d is c or lies below it.
func (c CPV) Covers(d CPV) bool {
	n := c.significant()
	return len(d) == 8 && n > 0 && d[:n] == c[:n]
}

// significant is the number of digits before the trailing zeros, at least 2; 0
// for what is not a CPV.
func (c CPV) significant() int {
	if len(c) != 8 {
		return 0
	}
	n := 8
	for n > 2 && c[n-1] == '0' {
		n--
	}
	return n
}

// cut keeps the first n digits and pads with zeros.
func (c CPV) cut(n int) CPV { return c[:n] + CPV("00000000"[:8-n]) }

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
