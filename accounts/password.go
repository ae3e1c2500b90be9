package accounts

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"maillage/internal/fault"
)

// Hardness is the cost of one argon2id (RFC 9106). The zero value takes the
// figures that OWASP recommends where memory is shared: 19 MiB, 2 passes.
type Hardness struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

func (h Hardness) orDefault() Hardness {
	if h == (Hardness{}) {
		return Hardness{Memory: 19 * 1024, Passes: 2, Threads: 1}
	}
	return h
}

// The bounds of a password, in characters and in bytes. There is no rule of
// composition: length is what counts (NIST SP 800-63B, CNIL 2022).
const (
	minPassword = 12
	maxPassword = 512
)

// hasher makes and checks password hashes, a few at a time: each holds its
// memory while it works, and a crowd at the door must not exhaust the machine.
type hasher struct {
	hard   Hardness
	random io.Reader
	room   chan struct{}
	derive func(password, salt []byte, passes, memory uint32, threads uint8, length uint32) []byte
	decoy  string // checked for an unknown account, so that it takes as long as a known one
}

func newHasher(hard Hardness, random io.Reader) (*hasher, error) {
	h := &hasher{hard: hard.orDefault(), random: random, derive: argon2.IDKey, room: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	decoy, err := h.hash(context.Background(), "nobody has this password")
	h.decoy = decoy
	return h, err
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) leave() { <-h.room }

// hash writes a password in the PHC form, parameters included.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	salt := make([]byte, 16)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	key := h.derive(plain(password), salt, h.hard.Passes, h.hard.Memory, h.hard.Threads, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.hard.Memory, h.hard.Passes, h.hard.Threads, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// check tells whether the password is the hashed one and whether the hash was
// made with other parameters than today's. An empty hash (no such account, or
// no password yet) costs the same and never matches.
func (h *hasher) check(ctx context.Context, hashed, password string) (good, old bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	known := hashed != ""
	if !known {
		hashed = h.decoy
	}
	hard, salt, want, err := parsePHC(hashed)
	if err != nil {
		return false, false, err
	}
	got := h.derive(plain(password), salt, hard.Passes, hard.Memory, hard.Threads, uint32(len(want)))
	same := subtle.ConstantTimeCompare(got, want) == 1
	return same && known, hard != h.hard, nil
}

func parsePHC(s string) (hard Hardness, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hard, nil, nil, fmt.Errorf("read a password hash: not an argon2id of version %d", argon2.Version)
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &hard.Memory, &hard.Passes, &hard.Threads); err != nil {
		return hard, nil, nil, fmt.Errorf("read a password hash: parameters: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err == nil {
		key, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err == nil && (len(salt) < 8 || len(key) < 16 || hard.Passes == 0 || hard.Threads == 0) {
		err = fmt.Errorf("too short")
	}
	if err != nil {
		return hard, nil, nil, fmt.Errorf("read a password hash: %w", err)
	}
	return hard, salt, key, nil
}

// plain is the password as it is hashed: composed, so that an é typed on two
// keyboards is the same é.
func plain(password string) []byte { return norm.NFKC.Bytes([]byte(password)) }

// weakness refuses a password that is too short, too long, too common, or made
// of its owner's address or name. path locates the field.
func weakness(path, password, email, name string) error {
	refuse := func(code, fr, en string) error { return fault.Invalid(fault.At(path, code, fr, en)) }
	if !utf8.ValidString(password) || len(password) > maxPassword {
		return refuse("too-long", "Ce mot de passe est trop long.", "This password is too long.")
	}
	if utf8.RuneCount(plain(password)) < minPassword {
		return refuse("too-short",
			fmt.Sprintf("Choisissez au moins %d caractères : une phrase se retient bien.", minPassword),
			fmt.Sprintf("Choose at least %d characters: a sentence is easy to remember.", minPassword))
	}
	folded := fold(password)
	for _, w := range ownWords(email, name) {
		if strings.Contains(folded, w) {
			return refuse("personal", "Le mot de passe ne doit contenir ni votre adresse ni votre nom.",
				"The password must contain neither your address nor your name.")
		}
	}
	if common(folded) {
		return refuse("common", "Ce mot de passe est trop courant : il serait deviné tout de suite.",
			"This password is too common: it would be guessed at once.")
	}
	return nil
}

// ownWords are the parts of an address and a name worth four letters or more.
func ownWords(email, name string) []string {
	local, _, _ := strings.Cut(email, "@")
	split := func(r rune) bool { return strings.ContainsRune(" .-_+'’", r) }
	words := append(strings.FieldsFunc(fold(local), split), strings.FieldsFunc(fold(name), split)...)
	return slices.DeleteFunc(append(words, fold(local)), func(w string) bool { return utf8.RuneCountInString(w) < 4 })
}

// common tells a password that is only everyday words, digits and marks, a run
// along the keyboard, or one short pattern repeated.
func common(folded string) bool {
	rest := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, folded)
	for _, w := range everyday() {
		rest = strings.ReplaceAll(rest, w, "")
	}
	rest = strings.TrimFunc(rest, unicode.IsDigit)
	return rest == "" || repeated(folded) || distinct(folded) < 5
}

// everyday lists what people type first, in the languages of this platform;
// longer words come first so that they are taken whole.
func everyday() []string {
	return []string{
		"motdepasse", "administrateur", "administrator", "changezmoi", "bienvenue", "insertion", "connexion",
		"federation", "maillage", "password", "passw0rd", "changeme", "trustno1", "letmein", "iloveyou",
		"doudou", "soleil", "princesse", "chocolat", "marseille", "bonjour", "jetaime", "loulou", "coucou",
		"azertyuiop", "qsdfghjklm", "wxcvbn", "azerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "qwertz",
		"abcdefghijklmnopqrstuvwxyz", "abcdefghijkl", "abcdefgh", "abcdef", "abcd", "abc", "welcome", "football", "dragon", "monkey",
		"secret", "france", "paris", "siae", "ptce", "admin", "passe", "test", "demo", "love", "mdp",
	}
}

func repeated(s string) bool {
	for n := 1; n <= 4 && n < len(s); n++ {
		if strings.Repeat(s[:n], len(s)/n+1)[:len(s)] == s {
			return true
		}
	}
	return false
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
