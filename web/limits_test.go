package web

import (
	"net/http"
	"net/url"
	"testing"

	"maillage/accounts"
)

// Too many attempts is an answer of its own, which says how long to wait.
func TestSigningInTooOftenSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	for range 40 {
		a := v.post("/connexion", url.Values{"email": {"qui@example.org"}, "mot_de_passe": {"pas le bon mot de passe"}})
		if a.status == http.StatusTooManyRequests {
			if a.header.Get("Retry-After") == "" {
				t.Fatal("no Retry-After")
			}
			return
		}
	}
	t.Fatal("nobody is asked to wait")
}
