package web

import (
	"net/http"
	"strings"
	"testing"

	"maillage/accounts"
)

// TestUnreadIsShown: an administrator finds what an import did not understand,
// without the people it named, and nobody else does.
func TestUnreadIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.visit(t, accounts.Admin)
	admin.get("/admin/lues-en-partie").ok().says("Tout a été compris")
	record := avis("26-700001", "Ville de Crest", "26", "Entretien du linge", "APPEL_OFFRE", december)
	s.imports(t, strings.TrimSuffix(strings.TrimSpace(record), "}")+`,"donnees":"{\"NOUVEAU\":{\"texte\":\"Marché réservé aux entreprises adaptées, voir Mme Odile ZABUTH\"}}"}`)
	if link := admin.get("/admin/sources").ok().link(`/admin/lues-en-partie`); link == "" {
		t.Error("the runs do not lead to it")
	}
	list := admin.get("/admin/lues-en-partie").ok().says("Entretien du linge", "BOAMP", "26-700001", "Voir le marché")
	one := admin.get(list.link(`/admin/lues-en-partie/\d+`)).ok().says("réservé aux entreprises adaptées", "[nom masqué]", "NOUVEAU")
	if strings.Contains(one.body, "ZABUTH") {
		t.Error("a person is named")
	}
	admin.get("/admin/lues-en-partie/999999").is(http.StatusNotFound)
	s.visit(t, accounts.Officer).get("/admin/lues-en-partie").is(http.StatusForbidden)
}
