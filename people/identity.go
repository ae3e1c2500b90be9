package people

import (
	"log/slog"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/territories"
)

// Identity is what tells who a person is. It is kept sealed, apart from the
// journey, and each reading is written in the audit trail.
type Identity struct {
	Given  string `json:"given,omitempty"`
	Family string `json:"family,omitempty"`
	Born   string `json:"born,omitempty"` // birth date
	Phone  string `json:"phone,omitempty"`
	Email  string `json:"email,omitempty"`
	Pass   string `json:"pass,omitempty"` // number of the PASS IAE, twelve digits or letters
}

// Name is the name as it is said.
func (i Identity) Name() string { return strings.TrimSpace(i.Given + " " + i.Family) }

// IsZero tells that nothing is known.
func (i Identity) IsZero() bool { return i == Identity{} }

// merge keeps what is known where nothing new is said.
func (i Identity) merge(said Identity) Identity {
	for _, f := range []struct{ to, from *string }{{&i.Given, &said.Given}, {&i.Family, &said.Family}, {&i.Born, &said.Born},
		{&i.Phone, &said.Phone}, {&i.Email, &said.Email}, {&i.Pass, &said.Pass}} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	return i
}

// String keeps an identity out of any log that would print it.
func (Identity) String() string { return "(identity)" }

// GoString is String for %#v.
func (Identity) GoString() string { return "(identity)" }

// LogValue is String for structured logs.
func (Identity) LogValue() slog.Value { return slog.StringValue("(identity)") }

type sealedIdentity struct {
	bun.BaseModel `bun:"table:person_identities,alias:pi"`

	PersonID  ID        `bun:"person_id,pk"`
	KeyID     string    `bun:"key_id"`
	Sealed    []byte    `bun:"sealed"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// checkIdentity normalises and locates every fault; no sentence repeats a value.
func checkIdentity(i *Identity, today string) []fault.Field {
	var bad []fault.Field
	refuse := func(path, code, fr, en string) { bad = append(bad, fault.At(path, code, fr, en)) }
	for _, f := range []struct {
		path string
		text *string
		most int
	}{{"given", &i.Given, 120}, {"family", &i.Family, 120}, {"born", &i.Born, 10}, {"phone", &i.Phone, 30}, {"email", &i.Email, 254}, {"pass", &i.Pass, 20}} {
		*f.text = strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, strings.ToValidUTF8(*f.text, "\uFFFD")))
		if utf8.RuneCountInString(*f.text) > f.most {
			refuse(f.path, "too-long", "C’est trop long.", "This is too long.")
		}
	}
	if i.Born != "" {
		if _, err := territories.ParseDate(i.Born); err != nil || i.Born > today || i.Born < "1900-01-01" {
			refuse("born", "date", "Une date de naissance s’écrit 1990-12-31 et est passée.", "A birth date is written 1990-12-31 and is past.")
		}
	}
	if i.Email != "" {
		if a, err := mail.ParseAddress(i.Email); err != nil || a.Address != i.Email {
			refuse("email", "email", "Cette adresse électronique n’est pas comprise.", "This e-mail address is not understood.")
		}
	}
	if strings.ContainsFunc(i.Phone, func(r rune) bool { return !strings.ContainsRune("+0123456789 .-()", r) }) {
		refuse("phone", "phone", "Un numéro de téléphone n’a que des chiffres.", "A phone number has digits only.")
	}
	i.Pass = strings.ToUpper(strings.Join(strings.Fields(i.Pass), ""))
	if i.Pass != "" && (len(i.Pass) != 12 || strings.ContainsFunc(i.Pass, func(r rune) bool { return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z') })) {
		refuse("pass", "pass", "Un numéro de PASS IAE a douze caractères.", "A PASS IAE number has twelve characters.")
	}
	return bad
}
