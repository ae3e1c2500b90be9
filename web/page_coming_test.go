package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/opportunities"
)

// TestOfficerCallsBuyersBeforeTheyPublish follows the officer's Monday: from the home to the calls to
// come, to one of them, to what the buyer said.
func TestOfficerCallsBuyersBeforeTheyPublish(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	list := v.get(v.get("/").ok().says("avant qu’ils publient").link(`/a-venir[^"]*`)).ok()
	list.says("Nettoyage des écoles et des gymnases", "Titulaire actuel", "À appeler sans attendre", "Déjà passé 2 fois", "Probable (65 %)")
	one := list.link(`/marches/\d+`)
	page := v.get(one).ok().says("il n’y a encore rien à y répondre", "Pourquoi cet appel est attendu", "déjà remplacé", "Qui peut répondre")
	if strings.Contains(page.body, "/fermer") || strings.Contains(page.body, "/annuler") || strings.Contains(page.body, "echeances.ics") {
		t.Error("an expected call is closed, cancelled or put in a calendar by hand")
	}
	v.post(one+"/attendu", url.Values{"geste": {"confirmer"}, "mois": {"2027-02"}, "mot": {"Vu avec Mme Durand"}}).ok().says("Confirmé par l’acheteur pour février 2027", "Vu avec Mme Durand", "entre le 1er février 2027")
	if strings.Contains(s.visit(t, accounts.Public).get(one).ok().body, "Mme Durand") {
		t.Error("the note of an officer is everybody's")
	}
	v.get("/a-venir?mois=2027-02").ok().says("Nettoyage des écoles", "2 appels attendus")
	v.post(one+"/attendu", url.Values{"geste": {"ecarter"}, "motif": {"in_house"}}).ok().says("Écarté", "passe en régie")
	if strings.Contains(v.get("/a-venir").ok().body, one+`"`) {
		t.Error("a dismissed call is still listed")
	}
	v.post(one+"/attendu", url.Values{"geste": {"ecarter"}, "motif": {"sans raison"}}).is(422)
	v.post(one+"/fermer", nil).is(409)
	if _, err := s.cfg.Tenders.RefreshForecasts(context.Background()); err != nil {
		t.Fatal(err)
	}
	v.get(one).ok().says("Écarté")
	s.visit(t, accounts.Member).post(one+"/attendu", url.Values{"geste": {"ecarter"}, "motif": {"in_house"}}).is(403)
}

// TestExpectedCallsStayApart: what nobody has published is in no list of what can be answered, nor in
// what leaves as such.
func TestExpectedCallsStayApart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Public)
	const title = "Restauration collective des crèches"
	for _, path := range []string{"/", "/marches", "/marches.ics", "/marches?remise=toutes&quoi=creches", "/embed/marches", "/marches?nature=expected", "/marches.csv?nature=expected"} {
		a := v.get(path).ok()
		for _, id := range s.expected(t) {
			if a.url.Path != "/a-venir" && (strings.Contains(a.body, opportunityPath(id)+`"`) || strings.Contains(a.body, opportunityPath(id)+"\r\n")) {
				t.Errorf("%s holds expected call %d", path, id)
			}
		}
	}
	v.get("/marches.ocds.json?nature=expected").is(404)
	v.get("/marches?nature=expected&ou=Lyon").ok().says(title)
	v.get("/a-venir?ou=departement:26").ok().says("Entretien des berges")
	if strings.Contains(v.get("/a-venir?ou=departement:26").body, title) {
		t.Error("a call of the Rhône is in the Drôme")
	}
	v.get("/a-venir?ou=zzzz").ok().says("n’est pas un territoire connu")
	v.get("/a-venir.csv?ou=zzzz").is(404)
	if csv := v.get("/a-venir.csv").ok().body; strings.Count(csv, "\r\n") != 7 || !strings.Contains(csv, title) || !strings.Contains(csv, ";0,55;") {
		t.Error(csv)
	}
	member := s.visit(t, accounts.Member)
	for _, path := range []string{"/", "/reponses"} {
		for _, id := range s.expected(t) {
			if strings.Contains(member.get(path).ok().body, opportunityPath(id)+`"`) {
				t.Errorf("%s asks a member for expected call %d", path, id)
			}
		}
	}
}

// expected are the numbers of the calls that nobody has published.
func (s *site) expected(t *testing.T) (ids []opportunities.ID) {
	t.Helper()
	page, err := s.cfg.Opportunities.List(context.Background(), opportunities.Filter{Kinds: []opportunities.Kind{opportunities.Expected}}, opportunities.Request{Order: opportunities.Coming})
	if err != nil || len(page.Items) == 0 {
		t.Fatalf("%d expected calls, %v", len(page.Items), err)
	}
	for _, o := range page.Items {
		ids = append(ids, o.ID)
	}
	return ids
}
