package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
)

// TestAMemberGoesForALotAndSaysWhatCameOfIt walks an answer without a script: yes and how in one
// gesture, handed in, lost and why, put right; what is wrong is asked again and nothing is lost.
func TestAMemberGoesForALotAndSaysWhatCameOfIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	match := v.get("/reponses").ok().link(`/reponses/\d+`)
	v.get(match).ok().says("L’avis ne le dit pas", "Avec qui", "Vu", "On y va")
	v.post(match, url.Values{"reponse": {"go"}, "comment": {"lead"}, "mot": {"avec nos voisins"}}).is(422).
		says("Nommez le groupement, ou au moins un partenaire", "avec nos voisins")
	if strings.Contains(v.get(match).body, "On prépare la réponse") {
		t.Error("half of a gesture was kept")
	}
	v.post(match, url.Values{"reponse": {"go"}, "comment": {"alone"}, "mot": {"avec nos voisins"}}).ok().
		says("C’est noté : vous y allez", "Réponse en préparation", "Seuls", "avec nos voisins")
	v.post(match, url.Values{"reponse": {"remise"}, "remise": {"2027-01-01"}}).is(422).says("Cette date est à venir")
	v.post(match, url.Values{"reponse": {"gagne"}}).is(422).says("elle ne peut devenir « gagné »")
	v.post(match, url.Values{"reponse": {"remise"}, "remise": {"2026-11-20"}}).ok().says("Réponse remise", "Le résultat")
	v.post(match, url.Values{"reponse": {"perdu"}}).is(422).says("Choisissez un motif")
	v.post(match, url.Values{"reponse": {"perdu"}, "motif": {"outbid"}}).ok().says("Perdu (prix plus élevé que le prix retenu)", "Corriger")
	v.get("/reponses?etat=done").ok().says("Perdu (prix plus élevé")

	officer := s.visit(t, accounts.Officer)
	officer.get(match).ok().says("Ce qui s’est passé", "On y va")
	officer.post(match, url.Values{"reponse": {"remise"}, "remise": {"2026-11-20"}}).ok().says("Réponse remise")
	officer.post(match, url.Values{"reponse": {"gagne"}, "revision": {"2"}}).is(422).says("Quelqu’un a modifié cet élément entre-temps")
	officer.post(match, url.Values{"reponse": {"gagne"}}).is(422).says("il ne peut être gagné avant sa date limite")
	s.write(t, "UPDATE lots SET deadline = '2026-11-21T10:00:00Z' WHERE id = (SELECT lot_id FROM matches WHERE id = ?)", strings.TrimPrefix(match, "/reponses/"))
	officer.post(match, url.Values{"reponse": {"gagne"}}).ok().says("Bravo", "Gagné")
	s.visit(t, accounts.Employer).get(match).is(403)
}

// TestAnAnswerIsRecordedAfterwards: once the call is over the page begins nothing, and records an answer
// handed in in time; what was stopped by mistake goes on, and an outcome put right keeps the day.
func TestAnAnswerIsRecordedAfterwards(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	match := v.get("/reponses").ok().link(`/reponses/\d+`)
	over := func() {
		s.write(t, "UPDATE lots SET deadline = '2026-11-21T10:00:00Z' WHERE id = (SELECT lot_id FROM matches WHERE id = ?)", strings.TrimPrefix(match, "/reponses/"))
	}
	v.post(match, url.Values{"reponse": {"go"}, "comment": {"alone"}}).ok()
	v.post(match, url.Values{"reponse": {"abandon"}, "motif": {"no_partner"}}).ok().says("Réponse abandonnée", "On y va")
	over()
	v.get(match).ok().says("Ce lot ne se répond plus", "Enregistrer la réponse remise")
	v.post(match, url.Values{"reponse": {"go"}}).is(422).says("Une réponse remise à temps s’enregistre")
	v.post(match, url.Values{"reponse": {"remise"}, "remise": {""}}).is(422).says("Cette date est après la date limite")
	v.post(match, url.Values{"reponse": {"remise"}, "remise": {"2026-11-20"}}).ok().says("Réponse remise", "Corriger la date de remise")
	v.post(match, url.Values{"reponse": {"gagne"}}).ok()
	day := find(v.get(match).ok().body, `name="remise"[^>]*value="([^"]*)"`)
	v.post(match, url.Values{"reponse": {"remise"}, "remise": {day}}).ok()
	if again := find(v.get(match).ok().body, `name="remise"[^>]*value="([^"]*)"`); day != "2026-11-20" || again != day {
		t.Errorf("handed in on %s, then on %s", day, again)
	}
	match = v.get("/reponses").ok().link(`/reponses/\d+`)
	v.get(match).ok().says("On y va")
	over()
	v.get(match).ok().says("Ce lot ne se répond plus", "Une réponse a été remise à temps")
	v.post(match, url.Values{"reponse": {"reprise"}, "comment": {"alone"}, "remise": {"2026-11-20"}}).ok().says("Réponse remise")
}

// TestAnOfficerDoesNotDecide: the decision is the enterprise's, and its page says so.
func TestAnOfficerDoesNotDecide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	match := s.visit(t, accounts.Member).get("/reponses").ok().link(`/reponses/\d+`)
	officer := s.visit(t, accounts.Officer)
	officer.get(match).ok().says("c’est à l’entreprise de le dire")
	officer.post(match, url.Values{"reponse": {"go"}}).is(403)
}

// TestAnAnswerToWhatIsGone: the page and the boards of a lot that was removed, or of a call that was
// cancelled, count no day, ask no piece and offer nothing but to stop.
func TestAnAnswerToWhatIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ gone, tag, notice string }{
		"lot":  {"UPDATE lots SET withdrawn = TRUE WHERE id = (SELECT lot_id FROM matches WHERE id = ?)", "lot retiré du marché", "Ce lot a été retiré du marché"},
		"call": {"UPDATE opportunities SET state = 'cancelled' WHERE id = (SELECT l.opportunity_id FROM lots l JOIN matches m ON m.lot_id = l.id WHERE m.id = ?)", "marché annulé", "Ce marché a été annulé"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			v := s.visit(t, accounts.Member)
			match := v.get("/reponses").ok().link(`/reponses/\d+`)
			v.post(match, url.Values{"reponse": {"go"}, "comment": {"alone"}}).ok().says("Réponse remise", "jours ouvrés", "à réunir")
			s.write(t, c.gone, strings.TrimPrefix(match, "/reponses/"))
			page := v.get(match).ok().says(c.notice, "Abandonner")
			for _, stale := range []string{"Réponse remise", "jours ouvrés", "à réunir", "y aller ?", "Moteur 1", "Avec qui", "Changer d’équipe"} {
				if strings.Contains(text(page.body), stale) {
					t.Errorf("the page still says %q", stale)
				}
			}
			if pieces := v.get(match + "/pieces").ok().says(c.notice); strings.Contains(text(pieces.body), "jours ouvrés") {
				t.Error("the list of pieces counts days")
			}
			v.get("/reponses?etat=yes").ok().says(upperFirst(c.tag))
			s.visit(t, accounts.Officer).get("/suivi").ok().says(c.tag, upperFirst(c.tag))
			v.post(match, url.Values{"reponse": {"remise"}}).is(422).says(c.notice)
			v.post(match, url.Values{"reponse": {"abandon"}, "motif": {"call_changed"}}).ok().says("Réponse abandonnée")
		})
	}
}

// write changes what is kept under the pages.
func (s *site) write(t *testing.T, query string, args ...any) {
	t.Helper()
	err := s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
