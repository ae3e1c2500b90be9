package web

import (
	"testing"

	"maillage/accounts"
)

// A commune that is no more leads to the one that holds its place; one that was shared out does not.
func TestAFormerCommuneLeadsToItsHeir(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	if at := v.get("/territoires/commune/14513").ok().url.Path; at != "/territoires/commune/50592" {
		t.Errorf("Pont-Farcy leads to %s", at)
	}
	v.get("/territoires/commune/26281").ok().says("Romans-sur-Isère")
	v.get("/territoires/commune/99999").is(404)
}
