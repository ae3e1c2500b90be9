package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/publication"
)

// The federation prepares a year, which a worker builds, and publishes it; everybody then
// finds it on the observatory with its citation, its file and how to verify it.
func TestAYearIsPreparedThenPublished(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	anyone, admin := s.visit(t, accounts.Public), s.visit(t, accounts.Admin)
	anyone.get(yearlyPath).says("Se connecter")
	if page := anyone.get("/observatoire").ok(); strings.Contains(page.body, yearlyPath) {
		t.Error("everybody is led to the page of the federation")
	}
	admin.get("/observatoire").ok().says("Publication annuelle")
	admin.get(yearlyPath+"?annee=2009").ok().says("Où en est 2009", "Rien n’est préparé", "Préparer 2009", "Taux de sorties dynamiques", "Ce qui rompt")
	made := admin.post(yearlyPath, url.Values{"annee": {"2009"}}).ok().says("en préparation")
	id, _ := strconv.ParseInt(strings.TrimPrefix(made.link(`/recherche/\d+`), "/recherche/"), 10, 64)
	if strings.Contains(made.body, "Préparer 2009") {
		t.Error("it may be prepared twice at once")
	}
	if err := s.cfg.Releases.Build(accounts.With(context.Background(), accounts.TheSystem()), publication.BuildRelease{ID: id}); err != nil {
		t.Fatal(err)
	}
	admin.get(yearlyPath+"?annee=2009").ok().says("Il reste à en faire la référence", "Publier comme référence de 2009")
	admin.post(yearlyPath+"/publier", url.Values{"annee": {"2009"}}).ok().says("la référence de l’année depuis", "Références publiées")
	page := anyone.get("/observatoire").ok().says("Les chiffres de référence de", "La citer", "maillage release verify obs-", "Années précédentes")
	if file := page.link(`/observatoire/donnees/obs-[0-9a-f]+/1\.0\.0/fichier`); record(s, "GET", file, "").Code != http.StatusOK {
		t.Error("the file is not there")
	}
	anyone.post(yearlyPath, url.Values{"annee": {"2009"}}).says("Se connecter")
}
