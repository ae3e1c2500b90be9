package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/tenders"
)

// TestARecordIsCorrected: an administrator reads why a notice was refused, corrects
// its text, is told what is still wrong without losing what was typed, and the
// notice is imported once it is understood.
func TestARecordIsCorrected(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	bad := filepath.Join(t.TempDir(), "avis.jsonl")
	if err := os.WriteFile(bad, []byte(`{"idweb":"26-900100","nature":"APPEL_OFFRE","nomacheteur":"Ville d’exemple","dateparution":"2026-03-01","code_departement":["26"]}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.cfg.Tenders.Import(t.Context(), []string{bad}, tenders.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	waiting, err := s.cfg.Tenders.ListQuarantined(t.Context(), 0, 10)
	waiting = slices.DeleteFunc(waiting, func(q tenders.Quarantined) bool { return !strings.HasSuffix(q.Path, "avis.jsonl") }) // the demonstration has its own
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%v, %d in quarantine", err, len(waiting))
	}
	path := fmt.Sprintf("/admin/quarantaine/%d", waiting[0].ID)
	v := s.visit(t, accounts.Admin)
	v.get("/admin/quarantaine").ok().says("intitulé", "avis.jsonl")
	v.get(path).ok().says("intitulé", "26-900100", "Relire le texte corrigé")
	typed := `{"idweb":"26-900100","objet":"Nettoyage des vitres","nature":"APPEL_OFFRE","nomacheteur":"","dateparution":"2026-03-01"}`
	v.post(path, url.Values{"geste": {"enregistrer"}, "texte": {typed}}).is(http.StatusUnprocessableEntity).says("acheteur", "Nettoyage des vitres")
	v.post(path, url.Values{"geste": {"enregistrer"}, "texte": {""}}).is(http.StatusUnprocessableEntity).says("vide")
	typed = `{"idweb":"26-900100","objet":"Nettoyage des vitres","nature":"APPEL_OFFRE","nomacheteur":"Ville d’exemple",` + "\r\n" + `"dateparution":"2026-03-01","code_departement":["26"]}`
	v.post(path, url.Values{"geste": {"enregistrer"}, "texte": {typed}}).ok().says("sort de la quarantaine")
	v.get(path).ok().says("avait été refusé")
	v.get("/marches?quoi=vitres&remise=toutes").ok().says("Nettoyage des vitres")
	s.visit(t, accounts.Member).post(path, url.Values{"texte": {typed}}).is(http.StatusForbidden)
}
