package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
)

// TestTheMotiveOfALeavingStaysWithTheStructure: the counsellor says why, the employer reads that the
// person left and nothing more.
func TestTheMotiveOfALeavingStaysWithTheStructure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var p struct {
		ID, Person, Lot int64
		Opportunity     int64
		Ref             string
	}
	err := s.st.Read().NewRaw(`SELECT p.id, p.person_id AS person, p.lot_id AS lot, l.opportunity_id AS opportunity, p.ref FROM proposals AS p JOIN lots AS l ON l.id = p.lot_id
		JOIN opportunities AS o ON o.id = l.opportunity_id WHERE p.state = 'interested' AND o.state = 'published' ORDER BY p.id DESC LIMIT 1`).Scan(t.Context(), &p)
	if err != nil {
		t.Fatal(err)
	}
	err = s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE proposals SET state = 'hired', met = ? WHERE id = ?", true, p.ID).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	journey := "/parcours/" + strconv.FormatInt(p.Person, 10)
	need := "/marches/" + strconv.FormatInt(p.Opportunity, 10) + "?lot=" + strconv.FormatInt(p.Lot, 10)
	cip, boss := s.visit(t, accounts.Counsellor), s.visit(t, accounts.Employer)
	for who, path := range map[*visitor]string{cip: journey, boss: need} {
		page := who.get(path).ok().says("Après la rencontre", "Embauchée")
		if strings.Contains(strings.ToLower(page.body), "rien de dit encore") {
			t.Errorf("%s says of who was hired that nothing is said", path)
		}
	}
	cip.get(journey).ok().says("embauche dite", "N’est plus en poste", "L’employeur ne le lit pas")
	cip.post("/suites/"+p.Ref, url.Values{"suite": {"in_post_6"}}).is(409)
	cip.post("/suites/"+p.Ref, url.Values{"suite": {"left"}}).is(422)
	cip.post("/suites/"+p.Ref, url.Values{"suite": {"left"}, "motif": {"dismissed"}, "retour": {journey}}).ok().says("C’est noté", "licenciement")
	page := boss.get(need).ok().says("Après la rencontre", "N’est plus en poste", "Toujours en poste : le départ était une erreur")
	if strings.Contains(strings.ToLower(page.body), "licenciement") {
		t.Error("the employer reads the motive")
	}
	boss.post("/suites/"+p.Ref, url.Values{"suite": {"hired"}, "retour": {need}}).ok().says("C’est noté", "Embauchée")
	s.visit(t, accounts.Officer).post("/suites/"+p.Ref, url.Values{"suite": {"left"}}).is(403)
}
