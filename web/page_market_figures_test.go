package web

import (
	"strings"
	"testing"

	"maillage/accounts"
)

// The figures of the platform are an administrator's until a quarter is over.
func TestTheFiguresOfThePlatform(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.visit(t, accounts.Public).get(marketFiguresPath).ok().says("Aucun trimestre n’est encore publié", "compte une fois")
	if _, err := s.cfg.Activity.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	admin := s.visit(t, accounts.Admin)
	for by, place := range map[string]string{"region": "Auvergne-Rhône-Alpes", "departement": "Drôme", "epci": "Montélimar"} {
		admin.get(marketFiguresPath+"?trimestre=en-cours&par="+by).ok().says("avant protection", place, "première réponse en")
	}
	page := s.visit(t, accounts.Public).get(marketFiguresPath + "?trimestre=en-cours").ok()
	if strings.Contains(page.body, "avant protection") {
		t.Error("a visitor reads what is not protected")
	}
	csv := s.visit(t, accounts.Public).get(marketFiguresPath + ".csv").ok()
	if !strings.HasPrefix(csv.body, "\uFEFFdernier_mois;niveau;nom;dans;") {
		t.Errorf("the file begins %.60q", csv.body)
	}
}
