package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/followup/dossier"
)

// TestAMemberGathersTheFilesOfAnAnswer: what is wrong is asked again beside the field, a piece that
// is kept is downloaded as it came, and nobody else has it; the list of an answer follows.
func TestAMemberGathersTheFilesOfAnAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get("/").ok().says("Renouveler", "Voir mon dossier")
	v.get("/reponses").ok().says("Mon dossier de réponse")
	pdf := "%PDF-1.4 effectifs"
	v.send("/dossier/pieces", "effectifs.pdf", pdf, url.Values{"nature": {"staff"}}).is(422).says("Dites de quand elle date")
	v.send("/dossier/pieces", "effectifs.pdf", "<script>", url.Values{"nature": {"staff"}, "datee": {"2026-11-02"}}).is(422).says("n’est pas ce que dit son nom")
	v.send("/dossier/pieces", "gros.pdf", "%PDF-"+strings.Repeat("x", dossier.MaxFile+1<<17), url.Values{"nature": {"staff"}, "datee": {"2026-11-02"}}).is(422).says("trop volumineux")
	lot := v.get("/reponses").ok().link(`/reponses/\d+`)
	v.get(lot).ok().says("Les pièces de la réponse", "à écrire")
	v.get(lot+"/pieces").ok().says("Effectifs et moyens", "à écrire", "Le règlement de la consultation fait foi")
	v.send(lot+"/pieces", "effectifs.pdf", pdf, url.Values{"nature": {"staff"}, "datee": {"2026-11-02"}, "geste": {"ajouter"}}).ok().says("La pièce est rangée", "effectifs.pdf")
	file := find(v.get("/dossier").ok().body, `href="(/dossier/pieces/\d+)">[^e]*effectifs.pdf`)
	if file == "" {
		file = v.get("/dossier").ok().link(`/dossier/pieces/\d+`)
	}
	a := v.get(file).ok()
	if !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a file is not an attachment: %v", a.header)
	}
	for _, role := range []accounts.Role{accounts.Officer, accounts.Admin, accounts.Counsellor} {
		if got := s.visit(t, role).get(file).status; got != http.StatusForbidden {
			t.Errorf("%s reads a piece: %d", role, got)
		}
	}
	v.post(lot+"/pieces", url.Values{"geste": {"inutile"}, "nature": {"staff"}}).ok().says("C’est noté", "Pas utile pour cette réponse")
	v.get(lot + "/archives/1").is(404)
	followed := s.visit(t, accounts.Officer).get(lot + "/pieces").ok().says("Effectifs et moyens")
	for _, theirs := range []string{"effectifs.pdf", "Mettre la pièce", "Avec quoi l’écrire"} {
		if strings.Contains(followed.body, theirs) {
			t.Errorf("an officer reads %q", theirs)
		}
	}
}

// TestWhatWasSentIsDownloaded: the demonstration's answer has its archive.
func TestWhatWasSentIsDownloaded(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Member)
	lot := v.get("/reponses?etat=done").ok().link(`/reponses/\d+`)
	v.get(lot+"/pieces").ok().says("Ce qui a été envoyé", "Archive 1", "SHA-256")
	a := v.get(lot + "/archives/1").ok()
	if !strings.HasPrefix(a.body, "PK") || !strings.Contains(a.body, "manifest.json") {
		t.Errorf("no ZIP: %q", clip(a.body, 40))
	}
	v.post(lot+"/archives", url.Values{}).ok().says("archivé")
}

func TestReferencesParagraphsAndData(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get("/dossier/references").ok().says("Marchés gagnés ici", "En faire une référence")
	said := url.Values{"objet": {"Débroussaillage"}, "client": {"Ville d’essai"}, "annee": {"2025"}, "montant": {"12 500"}, "contact": {"Service technique"}}
	v.post("/dossier/references", said).is(422).says("Dites quand cette personne a accepté")
	said.Set("accord", "2026-11-02")
	v.post("/dossier/references", said).ok().says("La référence est gardée", "12 500", "Service technique")
	text := url.Values{"theme": {"safety"}, "titre": {"Sécurité"}, "texte": {""}}
	v.post("/dossier/paragraphes", text).is(422).says("Écrivez le paragraphe")
	text.Set("texte", "Chaque équipe a son référent sécurité.")
	v.post("/dossier/paragraphes", text).ok().says("Le paragraphe est gardé", "référent sécurité")
	v.post("/dossier/candidat", url.Values{"revision": {"1"}, "forme": {"scic"}, "exercice1": {"2025"}, "ca1": {"beaucoup"}}).is(422).says("Écrivez un nombre")
	v.post("/dossier/candidat", url.Values{"revision": {"1"}, "forme": {"scic"}, "exercice1": {"2025"}, "ca1": {"700 000"}}).ok().says("Les données sont gardées")
	v.get("/dossier/candidat/imprimer").ok().says("SCIC", "700 000")
	if a := v.get("/dossier/candidat.xlsx").ok(); !strings.HasPrefix(a.body, "PK") {
		t.Error("no workbook")
	}
}
