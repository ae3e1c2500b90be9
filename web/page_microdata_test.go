package web

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillage/accounts"
)

// The researcher named reads and takes; another role does not; a revoked agreement says so.
func TestMicrodataUnderAnAgreement(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mine, admin := s.visit(t, accounts.Researcher), s.visit(t, accounts.Admin)
	mine.get(microdataPath).ok().says("MD-", "Sorties de l’année, 2010, 2011", "ouvert", "Microdonnées")
	one := microdataPath + "/1"
	mine.get(one).ok().says("Télécharger les fichiers", "Motif de sortie", "Empreinte SHA-256", "lecture")
	a := mine.get(one + "/fichiers.zip").ok()
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil || len(z.File) != 9 || a.header.Get("Content-Type") != "application/zip" || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%v, %v", err, a.header)
	}
	admin.get(one).ok()
	admin.get(one + "/fichiers.zip").is(http.StatusForbidden)
	s.visit(t, accounts.Officer).get(one).is(http.StatusForbidden)
	admin.get(grantsPath).ok().says("Maxime Démonstration", "téléchargement", "exits-2011.v1")
	admin.post(grantsPath+"/1", url.Values{"reason": {"because"}}).is(http.StatusUnprocessableEntity).says("Choisissez un motif")
	admin.post(grantsPath+"/1", url.Values{"reason": {"ended"}}).ok().says("L’accord est révoqué", "révoqué")
	mine.get(one + "/fichiers.zip").is(http.StatusForbidden).says("Cet accord a été révoqué")
	mine.get(one).ok().says("Cet accord a été révoqué")
}

// What is typed wrongly is said beside its field, and kept.
func TestGrantingIsCheckedAsAForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.visit(t, accounts.Admin)
	form := url.Values{"user_id": {"1"}, "institution": {"Université d’essai"}, "purpose": {"thesis"}, "reference": {"un texte libre"}, "file": {"exits"}, "years": {"2011, deux mille"}, "from": {"2026-12-01"}, "until": {"2027-12-01"}}
	refused := admin.post(grantsPath, form).is(http.StatusUnprocessableEntity).says("Choisissez un compte de recherche", "Le numéro du projet", "Des années terminées")
	if !strings.Contains(refused.body, `value="Université d’essai"`) {
		t.Error("what was typed is lost")
	}
	page := admin.get(grantsPath).ok().body
	_, after, _ := strings.Cut(page, `id="user_id"`)
	form.Set("user_id", find(after, `<option value="(\d+)"`))
	form.Set("reference", "T-1")
	form.Set("years", "2011")
	admin.post(grantsPath, form).ok().says("L’accord est donné", "T-1")
	admin.post(grantsPath+"/fichiers", url.Values{"file": {"exits"}, "year": {"2011"}}).ok().says("C’est demandé")
}
