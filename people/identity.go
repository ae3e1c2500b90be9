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

// identityForms are the fields of an identity: how long each may be, and what it
// must look like. No sentence repeats a value.
var identityForms = []struct {
	path   string
	of     func(*Identity) *string
	most   int
	ok     func(text, today string) bool
	code   string
	fr, en string
}{
	{"given", func(i *Identity) *string { return &i.Given }, 120, nil, "", "", ""},
	{"family", func(i *Identity) *string { return &i.Family }, 120, nil, "", "", ""},
	{"born", func(i *Identity) *string { return &i.Born }, 10, bornBefore, "date",
		"Une date de naissance s’écrit 1990-12-31 et est passée.", "A birth date is written 1990-12-31 and is past."},
	{"phone", func(i *Identity) *string { return &i.Phone }, 30, only("+0123456789 .-()"), "phone",
		"Un numéro de téléphone n’a que des chiffres.", "A phone number has digits only."},
	{"email", func(i *Identity) *string { return &i.Email }, 254, isEmail, "email",
		"Cette adresse électronique n’est pas comprise.", "This e-mail address is not understood."},
	{"pass", func(i *Identity) *string { return &i.Pass }, 20, isPass, "pass",
		"Un numéro de PASS IAE a douze caractères.", "A PASS IAE number has twelve characters."},
}

// checkIdentity normalises and locates every fault.
func checkIdentity(i *Identity, today string) []fault.Field {
	i.Pass = strings.ToUpper(strings.Join(strings.Fields(i.Pass), ""))
	var bad []fault.Field
	for _, f := range identityForms {
		text := f.of(i)
		*text = tidy(*text)
		if utf8.RuneCountInString(*text) > f.most {
			bad = append(bad, fault.At(f.path, "too-long", "C’est trop long.", "This is too long."))
			continue
		}
		if *text != "" && f.ok != nil && !f.ok(*text, today) {
			bad = append(bad, fault.At(f.path, f.code, f.fr, f.en))
		}
	}
	return bad
}

// tidy drops control characters and blanks around.
func tidy(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}

func bornBefore(text, today string) bool {
	_, err := territories.ParseDate(text)
	return err == nil && text <= today && text >= "1900-01-01"
}

func isEmail(text, _ string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

func isPass(text, today string) bool {
	return len(text) == 12 && only("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")(text, today)
}

func only(letters string) func(text, today string) bool {
	return func(text, _ string) bool { return strings.Trim(text, letters) == "" }
}
