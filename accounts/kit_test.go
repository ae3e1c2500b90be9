package accounts_test

import (
	"context"
	"errors"
	"regexp"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

const goodPassword = "un train passe à l'aube"

// house is the service with everything a test holds: clock, letters, database.
type house struct {
	*accounts.Service
	t     *testing.T
	st    *store.Store
	clock *testkit.Clock
	post  *mail.Fake
}

func newHouse(t *testing.T, st *store.Store) *house {
	t.Helper()
	h := &house{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z"), post: &mail.Fake{}}
	h.Service = h.service(accounts.Hardness{Memory: 64, Passes: 1, Threads: 1})
	return h
}

func (h *house) service(hard accounts.Hardness) *accounts.Service {
	h.t.Helper()
	s, err := accounts.New(accounts.Config{Store: h.st, Now: h.clock.Now, Mail: h.post, Hardness: hard,
		Site: "https://maillage.example.org/", Perimeter: fewCommunes})
	must(h.t, err)
	return s
}

// fewCommunes reads the perimeters of these tests: "drome" and "nord".
func fewCommunes(text string) (string, *territories.Set, error) {
	switch text {
	case "drome":
		return text, territories.SetOf(1, 2, 3), nil
	case "nord":
		return text, territories.SetOf(8, 9), nil
	}
	return "", nil, errors.New("no such perimeter")
}

func system() context.Context {
	return accounts.With(context.Background(), accounts.TheSystem())
}

func (h *house) add(in accounts.Invite, name string) accounts.User {
	h.t.Helper()
	u, err := h.AddUser(system(), in, name, goodPassword)
	must(h.t, err)
	return u
}

func (h *house) admin() accounts.User {
	h.t.Helper()
	return h.add(accounts.Invite{Email: "ada@example.org", Role: accounts.Admin}, "Ada")
}

func (h *house) member() accounts.User {
	h.t.Helper()
	return h.add(accounts.Invite{Email: "Manon@Example.org", Role: accounts.Member, OrganisationID: 7}, "Manon")
}

func (h *house) signIn(email string) accounts.Opened {
	h.t.Helper()
	o, err := h.SignIn(context.Background(), accounts.Credentials{Email: email, Password: goodPassword, Client: "192.0.2.1"})
	must(h.t, err)
	return o
}

func (h *house) as(email string) context.Context {
	h.t.Helper()
	id, err := h.Authenticate(context.Background(), h.signIn(email).Secret)
	must(h.t, err)
	return accounts.WithRequest(accounts.With(context.Background(), id), "r-1")
}

// deliver does the work of every letter that is waiting, once.
func (h *house) deliver() []mail.Message {
	h.t.Helper()
	before := len(h.post.Sent())
	for _, job := range h.waiting() {
		must(h.t, h.Deliver(context.Background(), job))
	}
	return h.post.Sent()[before:]
}

var linkPattern = regexp.MustCompile(`https://maillage\.example\.org/(?:invitation|reset)/([\w-]+)`)

func secretIn(t *testing.T, m mail.Message) string {
	t.Helper()
	found := linkPattern.FindStringSubmatch(m.Text)
	if found == nil {
		t.Fatalf("no link in the letter:\n%s", m.Text)
	}
	return found[1]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("got %v, want a fault of kind %d", err, kind)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	f := fault.Of(err)
	if f.Code == code {
		return
	}
	for _, field := range f.Fields {
		if field.Code == code {
			return
		}
	}
	t.Fatalf("got %v, want the fault %s", err, code)
}
