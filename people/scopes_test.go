package people_test

import (
	"context"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
)

// token is Alix by a token that does only so much.
func (h *house) token(scopes ...accounts.TokenScope) context.Context {
	who := h.alix
	who.ByToken, who.TokenScopes = true, scopes
	return accounts.With(context.Background(), who)
}

// A token that writes journeys writes no name, by the import neither.
func TestATokenOfJourneysImportsNoIdentity(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	made := h.made(h.gardener())
	must(t, h.SetIdentity(h.as(), made.ID, 0, ada()))
	file := func(text string) people.File {
		return people.File{Organisation: h.near, Name: "a.csv", Content: strings.NewReader(text)}
	}
	_, err := h.Import(h.token("person:write"), file("numero;nom\nP12;Zorglub\n"))
	wantKind(t, err, fault.KindForbidden)
	r, err := h.Import(h.token("person:write"), file("numero;heures_max\nP12;30\n"))
	must(t, err)
	if r.Updated != 1 {
		t.Errorf("a file without identities: %+v", r)
	}
	r, err = h.Import(h.token("person:write", "identity:write"), file("numero;nom\nP12;Zorglub\n"))
	must(t, err)
	if r.Sealed != 1 {
		t.Errorf("with the scope: %+v", r)
	}
}

// What a person answered about a position is read with agreements, not with journeys.
func TestATokenOfJourneysReadsNoAgreementInTheHistory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		id := h.made(h.gardener()).ID
		_, err := h.Ask(h.as(), id, h.job)
		must(t, err)
		_, err = h.Refuse(h.as(), id, h.job)
		must(t, err)
		for ctx, want := range map[context.Context]int{h.as(): 3, h.token("person:read"): 1, h.token("person:read", "agreement:read"): 3} {
			got, err := h.Events(ctx, id, 0)
			must(t, err)
			if len(got) != want {
				t.Errorf("%d events, want %d", len(got), want)
			}
		}
	})
}
