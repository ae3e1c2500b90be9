package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// placed are the visits of the pages of people and positions.
func (s *site) placed(t testing.TB) map[string][]stop {
	t.Helper()
	counsellor := accounts.Counsellor
	asked := s.id(t, "SELECT min(lot_id) FROM proposals")
	shown := s.id(t, "SELECT min(person_id) FROM proposals WHERE lot_id = ?", asked)
	agreed := s.id(t, "SELECT min(person_id) FROM agreements WHERE position_id = ? AND state = 'given' AND person_id NOT IN (SELECT person_id FROM proposals)", asked)
	need := fmt.Sprintf("/marches/%d?lot=%d", s.id(t, "SELECT opportunity_id FROM lots WHERE id = ?", asked), asked)
	folk := fmt.Sprintf("/postes/%d/personnes", asked)
	return map[string][]stop{
		"/postes/{id}/personnes":          {{counsellor, folk, 0}, {accounts.Officer, folk, http.StatusForbidden}, {accounts.Employer, need, 0}, {accounts.Officer, need, 0}, {counsellor, need, 0}},
		"/postes/{id}/personnes/{person}": {{counsellor, fmt.Sprintf("%s/%d", folk, agreed), 0}, {counsellor, fmt.Sprintf("%s/%d", folk, shown), 0}},
		"/parcours/{id}/postes":           {{counsellor, fmt.Sprintf("/parcours/%d/postes", agreed), 0}, {counsellor, fmt.Sprintf("/parcours/%d/postes", shown), 0}},
	}
}

// The whole story, without a script on any page: an employer posts a need, the
// counsellor sees whom it suits, records the agreement, reads the card and
// presents it, the employer answers, the counsellor sees the answer; then the
// person withdraws, and the card is gone.
func TestAPersonIsPresentedAndWithdraws(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	employer := s.as(t, accounts.Employer).withoutScripts()
	lot := postsACleaningNeed(t, s, employer)
	need := employer.path()

	cip := s.as(t, accounts.Counsellor).withoutScripts()
	cip.open(need).says("Dans votre structure").press("Voir les personnes").at(fmt.Sprintf("/postes/%d/personnes", lot))
	cip.says("de votre structure", "Les personnes", "y aller", "Pas encore demandé", "Ce que cette page ne fait pas")
	if cip.count("article.cand svg.bar") == 0 || cip.count("article.cand .why") == 0 {
		t.Fatalf("the candidates are not explained:\n%s", cip.seen())
	}
	cip.look("placing-candidates")
	code := s.presentable(t, lot)
	agreesTo(cip, code)
	label := presents(t, cip)

	employer.open("/").says("vous sont présentées", "Une réponse est attendue aussi ici", "Une candidature attend votre réponse", "La suite", "réponse attendue avant")
	employer.press("Lire et répondre").at(need).says("Une personne vous est présentée", "Candidature "+label, "à rencontrer", "pas retenue", "ses points forts", "être sur place", "Présentée par", "tiré au sort")
	if seen := employer.text("main"); strings.Contains(seen, code) {
		t.Errorf("the employer reads the code of the person:\n%s", seen)
	}
	employer.look("placing-employer")
	employer.press("À rencontrer Candidature "+label).says("la structure vous appelle", "Rencontrée", "Embauchée")

	cip.open("/").says("Les propositions", code, "Une rencontre est demandée", "Convenez d’un moment avec la personne")
	cip.open(fmt.Sprintf("/postes/%d/personnes", lot)).says("Une rencontre est demandée")
	cip.pressOf(code, "Voir la fiche").press("La personne se retire").says("Accord retiré")

	employer.open(need).says("Personne n’est présenté en ce moment", "N’est plus proposée")
	if employer.count("article.person") != 0 {
		t.Errorf("the card of somebody who withdrew is still there:\n%s", employer.seen())
	}
	s.settled(t)
	employer.open("/")
	if strings.Contains(employer.text("main"), "Lire et répondre") || strings.Contains(employer.text("main"), "Candidature "+label) {
		t.Errorf("the first page still tells of it:\n%s", employer.seen())
	}
}

// postsACleaningNeed posts a need that many people of the demonstration could take.
func postsACleaningNeed(t *testing.T, s *site, v *visitor) int64 {
	t.Helper()
	v.open("/besoins/nouveau").fill("Le métier", "nettoyage de locaux").fill("Où", "Crest").fill("Postes", "2").fill("À partir du", "2027-01-04")
	v.press("Publier le besoin").at("/marches/")
	s.settled(t)
	return s.id(t, "SELECT max(l.id) FROM lots l JOIN opportunities o ON o.id = l.opportunity_id WHERE o.kind = 'job_need'")
}

// presentable is the code of somebody whom the need suits, and of whom a card may be shown.
func (s *site) presentable(t *testing.T, lot int64) string {
	t.Helper()
	var cip accounts.Identity
	if err := s.store.Read().NewRaw("SELECT id AS user_id, organisation_id FROM users WHERE role = 'counsellor'").Scan(context.Background(), &cip.UserID, &cip.OrganisationID); err != nil {
		t.Fatal(err)
	}
	cip.Role = accounts.Counsellor
	ctx := accounts.With(context.Background(), cip)
	found, err := s.placement.PeopleFor(ctx, opportunities.LotID(lot), placement.Query{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found.People {
		made, err := s.placement.Prepare(ctx, placement.Offer{Person: c.Person.ID, Lot: opportunities.LotID(lot)})
		if err == nil && made.Card != nil {
			return c.Person.Code
		}
	}
	t.Fatalf("of nobody a card may be shown, among %d", found.Total)
	return ""
}

// pressOf presses what is said of one candidate.
func (v *visitor) pressOf(code, text string) *visitor {
	v.t.Helper()
	return v.press(text + " " + code)
}

// agreesTo records on the page of the card that the person was asked, and agrees.
func agreesTo(v *visitor, code string) {
	v.t.Helper()
	v.pressOf(code, "Préparer la fiche").says("La fiche de "+code, "Ce que l’employeur verra", "Il faut d’abord l’accord de la personne")
	v.press("J’en ai parlé avec la personne").says("Accord demandé", "La personne refuse")
	v.do(chromedp.SetValue(chromedp.CSS(`input[name="jusqu_au"]`), v.site.env.now().AddDate(0, 0, 20).Format("2006-01-02")))
	v.press("La personne est d’accord").says("Accord donné", "valable jusqu’au", "Présenter à l’employeur")
}

// presents leaves the name of the counsellor out, puts it back, and presents the card.
func presents(t *testing.T, v *visitor) (label string) {
	t.Helper()
	v.choose("#taire ~ form", "Le nom de qui l’accompagne").press("Revoir la fiche")
	if strings.Contains(v.text("article.person"), "Alix") {
		t.Error("the card still names who accompanies the person")
	}
	v.choose("#taire ~ form", "Le nom de qui l’accompagne").press("Revoir la fiche").look("placing-card")
	v.press("Présenter cette fiche").says("La fiche est présentée.", "Ce que l’employeur voit", "Proposée, réponse attendue")
	label = strings.TrimSpace(strings.TrimPrefix(v.text("article.person h3"), "Candidature"))
	if label == "" {
		t.Fatalf("the card has no label:\n%s", v.seen())
	}
	return label
}
