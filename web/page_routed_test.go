package web

import (
	"strings"
	"testing"

	"maillage/accounts"
)

// The positions of a convention are on the pages of its territory, with its name.
func TestTheConventionIsNamedWithItsPositions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const convention = "Convention hôtellerie-restauration, Drôme"
	for _, role := range []accounts.Role{accounts.Counsellor, accounts.Member} {
		v := s.visit(t, role)
		home := v.get("/").ok().says("Postes des conventions", convention)
		v.get(home.link(`/conventions/\d+`)).ok().says(convention, "Postes de ses employeurs")
	}
	if strings.Contains(s.visit(t, accounts.Public).get("/").ok().body, "Postes des conventions") {
		t.Error("a visitor is routed positions")
	}
}
