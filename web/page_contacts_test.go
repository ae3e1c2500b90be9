package web

import (
	"html"
	"net/url"
	"testing"

	"maillage/accounts"
)

// TestAnOfficerNotesACallAndKeepsItsPromise: from the page of an enterprise, what is wrong is asked
// again with what was typed, what is promised waits until it is kept.
func TestAnOfficerNotesACallAndKeepsItsPromise(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	member := v.get("/membres?ou=Crest").ok().link(`/membres/\d+`)
	v.get(member).ok().says("Les échanges", "Noter un échange")
	enterprise := find(v.get(member).body, `href="/contacts\?entreprise=(\d+)`)
	v.get("/contacts?entreprise=" + enterprise).ok().says("Rien sur les personnes en insertion")
	said := url.Values{"entreprise": {enterprise}, "cle": {"essai"}, "comment": {"call"}, "avec": {"la direction"}, "issue": {"needs_help"}, "dit": {"Cherchent un partenaire."}, "promesse": {"Envoyer deux noms"}}
	v.post("/contacts", said).is(422).says("Dites pour quand", "Cherchent un partenaire.")
	said.Set("pour-le", "2026-11-20")
	said.Set("retour", member)
	v.post("/contacts", said).ok().says("L’échange est noté", "Envoyer deux noms", "en retard", "demandent de l’aide")
	keep := find(v.get("/contacts").ok().says("Promesses à tenir").body, `action="(/contacts/\d+)"`)
	s.visit(t, accounts.Member).post(keep, url.Values{}).is(404)
	v.post(keep, url.Values{}).ok().says("Promesse tenue", "tenue")
	s.visit(t, accounts.Counsellor).get("/contacts").is(403)
}

// TestAnOfficerNotesACallToABuyer: from the row of an expected call, with the buyer wherever it sits,
// and the row says that it was called.
func TestAnOfficerNotesACallToABuyer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	to := html.UnescapeString(find(v.get(mondayPath).ok().body, `href="(/contacts\?entreprise=\d+&amp;appel=\d+[^"#]*)`))
	if to == "" {
		t.Fatal("no row of an expected call leads to where a call is noted")
	}
	v.get(to).ok().says("Noter un échange avec")
	asked, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	call := asked.Query().Get("appel")
	v.get("/marches/" + call).ok().says("Noter un échange")
	said := asked.Query()
	said.Set("cle", "acheteur")
	said.Set("comment", "call")
	said.Set("issue", "call_back")
	v.post("/contacts", said).ok().says("L’échange est noté", "à rappeler")
	s.visit(t, accounts.Member).post("/contacts", said).is(403)
}
