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

// A researcher asks, an administrator approves, the release is built, read, downloaded
// in part, then withdrawn: its address still answers.
func TestReleaseFromRequestToTombstone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.visit(t, accounts.Researcher)
	ada.get("/recherche").ok().says("Demander une publication")
	bad := ada.post("/recherche", url.Values{"niveau": {"region"}})
	bad.is(http.StatusUnprocessableEntity).says("Choisissez de 1 à 8 indicateurs.")
	wrong := ada.post("/recherche", url.Values{"indicateur": {"C07/1"}, "annee": {"2011"}, "niveau": {"region"}, "territoire": {"R84", "26"}, "institution": {"Université inventée"}, "but": {"Comparer les sorties."}})
	wrong.is(http.StatusUnprocessableEntity).says("« Drôme » est un département", "1 choisi")
	ada.post("/recherche", url.Values{"indicateur": {"C07/1"}, "annee": {"2011"}, "niveau": {"departement"}, "territoire": {"26", "R53"}, "institution": {"Université inventée"}, "but": {"Comparer les sorties."}}).ok().says("seulement Drôme, Bretagne")
	ada.post("/recherche", url.Values{"indicateur": {"C07/1"}, "annee": {"2010", "2011"}, "niveau": {"federation"}, "institution": {"Université inventée"}, "but": {"Comparer les sorties."}}).ok()
	one := ada.get("/recherche").ok().link(`/recherche/\d+`)
	ada.get(one).ok().says("à examiner", "Université inventée")
	s.visit(t, accounts.Public).get(one).says("Se connecter")

	admin := s.visit(t, accounts.Admin)
	admin.post(one+"/decider", url.Values{"geste": {"refuser"}}).is(http.StatusUnprocessableEntity).says("Dites pourquoi")
	admin.post(one+"/decider", url.Values{"geste": {"approuver"}}).ok()
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	id, _ := strconv.ParseInt(strings.TrimPrefix(one, "/recherche/"), 10, 64)
	if err := s.cfg.Releases.Build(ctx, publication.BuildRelease{ID: id}); err != nil {
		t.Fatal(err)
	}
	anyone := s.visit(t, accounts.Public)
	list := anyone.get(anyone.get("/observatoire").ok().link(`/observatoire/donnees`)).ok()
	page := anyone.get(list.link(`/observatoire/donnees/obs-[0-9a-f]+/1\.0\.0`)).ok().says("Télécharger le ZIP", "maillage release verify", "Certificat", "Ce qu’elle change", "Première version.", "(définition 1)")
	s.comparesAgain(t, ada, admin)
	file := page.path + "/fichier"
	rec := record(s, "GET", file, "")
	if rec.Code != http.StatusOK || !strings.HasPrefix(rec.Body.String(), "PK") || rec.Header().Get("ETag") == "" || !strings.Contains(rec.Header().Get("Content-Disposition"), "-1.0.0.zip") {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	gone := admin.post(page.path+"/retirer", url.Values{"raison": {"Une erreur de saisie."}, "raison_en": {"A typing mistake."}}).is(http.StatusGone).says("Une erreur de saisie.")
	if strings.Contains(gone.body, "maillage release verify") || strings.Contains(gone.body, "La citer") {
		t.Error("it is said how to cite and verify a file that is gone")
	}
	if rec := record(s, "GET", file, ""); rec.Code != http.StatusGone || !strings.Contains(rec.Body.String(), "maillage-tombstone/1") || !strings.Contains(rec.Body.String(), "A typing mistake.") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// comparesAgain asks the same release again: who decides is told to await the comparison,
// then reads it; who asked is not led to it.
func (s *site) comparesAgain(t *testing.T, asker, admin *visitor) {
	t.Helper()
	asker.post("/recherche", url.Values{"indicateur": {"C07/1"}, "annee": {"2010", "2011"}, "niveau": {"federation"}, "institution": {"Université inventée"}, "but": {"Comparer les sorties."}}).ok()
	again := asker.get("/recherche").ok().link(`/recherche/\d+`)
	admin.get(again).ok().says("Ce que cette version changerait", "avec la version 1.0.0, publiée, se calcule")
	id, _ := strconv.ParseInt(strings.TrimPrefix(again, "/recherche/"), 10, 64)
	if err := s.cfg.Releases.Preview(context.Background(), publication.PreviewRelease{ID: id}); err != nil {
		t.Fatal(err)
	}
	admin.get(again).ok().says("ne donnerait pas de version", "Rien n’a changé", "Calculé")
	if page := asker.get(again).ok(); strings.Contains(page.body, "Ce que cette version changerait") {
		t.Error("who asked reads what is for who decides")
	}
	asker.post(again+"/annuler", nil).ok()
}

// The figures of the demonstration's release are drawn by region, on the indicator's page
// and on the first one; each region leads to its row or to why it is hidden.
func TestReleasedFiguresAreDrawnByRegion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	anyone := s.visit(t, accounts.Public)
	page := anyone.get("/observatoire/indicateurs/C07").ok().says("connu, et protégé")
	for _, want := range []string{"par région, 2011</title>", `href="#t-R84" aria-label="Auvergne-Rhône-Alpes`, `<tr id="t-R84"`, `class="t-masked"`, `#masque" aria-label=`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
	of := anyone.get("/observatoire/indicateurs/C07?type=ACI&annee=2010").ok()
	if !strings.Contains(of.body, "par région, 2010, ACI</title>") || strings.Contains(of.body, `href="#t-R84" aria-label`) {
		t.Error("the kind changes nothing")
	}
	first := anyone.get("/observatoire").ok().says("Par région, 2011")
	if !strings.Contains(first.body, `<tr id="t-R84"`) || !strings.Contains(first.body, `href="/observatoire/indicateurs/C07?annee=2011&amp;case=R53-all#masque"`) {
		t.Error("the first page has no map")
	}
}
