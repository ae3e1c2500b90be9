package accounts

import (
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"maillage/internal/fault"
)

// Email is an address as its owner writes it; Folded is what makes it unique.
type Email string

// ParseEmail reads a bare address (no display name, a dotted domain).
func ParseEmail(s string) (Email, error) {
	bad := fault.Invalid(fault.At("email", "email",
		"Cette adresse électronique n’est pas complète (exemple : prenom@structure.fr).",
		"This e-mail address is not complete (for example: name@enterprise.org)."))
	s = norm.NFC.String(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.ContainsFunc(s, unicode.IsControl) {
		return "", bad
	}
	local, domain, _ := strings.Cut(s, "@")
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(ascii, ".") || len(local) > 64 {
		return "", bad
	}
	return Email(local + "@" + ascii), nil
}

// Folded is the address in small letters: nobody means two people by the case of an address.
func (e Email) Folded() string { return strings.ToLower(norm.NFKC.String(string(e))) }

// fold writes a text in small letters without accents.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}
