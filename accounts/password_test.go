package accounts

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"maillage/internal/fault"
)

func cheap(t testing.TB) *hasher {
	t.Helper()
	h, err := newHasher(Hardness{Memory: 64, Passes: 1, Threads: 1}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAHashIsCheckedAndKnowsItsCost(t *testing.T) {
	t.Parallel()
	h, ctx := cheap(t), context.Background()
	one, err := h.hash(ctx, "l’été à Romans")
	if err != nil {
		t.Fatal(err)
	}
	two, _ := h.hash(ctx, "l’été à Romans")
	if one == two {
		t.Fatal("no salt")
	}
	for password, want := range map[string]bool{
		"l’été à Romans":                   true,
		"l’e\u0301te\u0301 a\u0300 Romans": true, // the same, decomposed
		"l’ete a Romans":                   false,
		"":                                 false,
	} {
		good, old, err := h.check(ctx, one, password)
		if err != nil || good != want || old {
			t.Errorf("%q: good %v, old %v, %v", password, good, old, err)
		}
	}
	h.hard.Passes = 2
	if good, old, _ := h.check(ctx, one, "l’été à Romans"); !good || !old {
		t.Error("a hash of yesterday's cost is good and old")
	}
	if good, _, _ := h.check(ctx, "", "nobody has this password"); good {
		t.Error("the decoy opens a door")
	}
}

// An unknown address costs one derivation with today's parameters, as a known one.
func TestAnUnknownAddressCostsAsMuch(t *testing.T) {
	t.Parallel()
	h, ctx := cheap(t), context.Background()
	known, err := h.hash(ctx, "l’été à Romans")
	if err != nil {
		t.Fatal(err)
	}
	var costs []Hardness
	real := h.derive
	h.derive = func(password, salt []byte, passes, memory uint32, threads uint8, length uint32) []byte {
		costs = append(costs, Hardness{Memory: memory, Passes: passes, Threads: threads})
		return real(password, salt, passes, memory, threads, length)
	}
	for _, hashed := range []string{known, ""} {
		if good, _, err := h.check(ctx, hashed, "not the right one"); good || err != nil {
			t.Fatal(good, err)
		}
	}
	if len(costs) != 2 || costs[0] != costs[1] || costs[0] != h.hard {
		t.Fatalf("costs %+v", costs)
	}
}

func TestHashingIsBoundedAndGivesUp(t *testing.T) {
	t.Parallel()
	h := cheap(t)
	for range cap(h.room) {
		h.room <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := h.check(ctx, "", "x"); err == nil {
		t.Fatal("went in a full room")
	}
}

func TestWeakPasswords(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"court":                        "too-short",
		"éééééé":                       "too-short",
		"motdepasse2026":               "common",
		"MotDePasse!!!!":               "common",
		"Mót-dé-passe-1234":            "common",
		"azertyuiop123":                "common",
		"123456789012":                 "common",
		"aaaaaaaaaaaaaaaa":             "common",
		"abcabcabcabcabc":              "common",
		"Bienvenue2026!":               "common",
		"passwordpassword":             "common",
		"je suis manon martin":         "personal",
		"MANON.martin98":               "personal",
		"zoé-m-structure!":             "",
		"un train passe à l'aube":      "",
		"correct cheval pile agrafe":   "",
		"Xk7$pq2LmZ9w":                 "",
		strings.Repeat("a1b2c3 ", 100): "too-long",
		"pas\xffvalide du tout":        "too-long",
	} {
		err := weakness("password", password, "manon.martin@structure.fr", "Manon Martin")
		got := ""
		if err != nil {
			got = fault.Of(err).Fields[0].Code
		}
		if got != want {
			t.Errorf("%.30q: %q, want %q", password, got, want)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$a2V5a2V5a2V5a2V5a2V5a2V5")
	f.Add("$argon2id$v=19$m=64,t=0,p=0$$")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		hard, salt, key, err := parsePHC(s)
		if err == nil && (hard.Passes == 0 || hard.Threads == 0 || len(salt) < 8 || len(key) < 16) {
			t.Fatalf("%q read as %+v", s, hard)
		}
	})
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	s, err := NewSecret(rand.Reader)
	if err != nil || len(s) != 43 || !wellFormed(s) || isAPIToken(s) || !isAPIToken(tokenMark+s) {
		t.Fatalf("%q %v", s, err)
	}
	if _, err := NewSecret(bytes.NewReader([]byte("short"))); err == nil {
		t.Fatal("a secret without enough randomness")
	}
	if wellFormed("") || wellFormed(s+"A") || wellFormed("not base64 !") {
		t.Fatal("nonsense is well formed")
	}
}
