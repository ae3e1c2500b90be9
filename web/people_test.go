package web

import (
	"testing"

	"maillage/accounts"
)

func TestScratch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	v.get("/").ok()
	v.get("/parcours").ok()
	v.get("/parcours/nouveau").ok()
	v.get("/parcours/import").ok()
}
