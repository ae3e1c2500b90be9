package web

import (
	"net/url"
	"strings"
	"testing"

	"maillage/accounts"
)

// TestAPurchaseThatNoNoticeTells: an officer notes it and asks for a quote, the enterprise sends one, it
// is accepted, and the year counts one win more.
func TestAPurchaseThatNoNoticeTells(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, member := s.visit(t, accounts.Officer), s.visit(t, accounts.Member)
	officer.get("/suivi").ok().says("Prospects et devis")
	member.get("/reponses").ok().says("Prospects et devis")
	said := url.Values{"cle": {"essai"}, "marche": {"small"}, "acheteur": {"Mairie d’essai"}, "besoin": {""}, "lieu": {"Crest"}, "montant": {"12 000"}, "source": {"buyer"}}
	officer.post("/prospects", said).is(422).says("Dites de quoi il s’agit")
	said.Set("besoin", "Massifs de la place")
	said.Set("lieu", "zzzz nulle part")
	officer.post("/prospects", said).is(422).says("Ce lieu n’est pas compris")
	said.Set("lieu", "Crest")
	a := officer.post("/prospects", said).ok().says("Le prospect est noté", "Massifs de la place", "Aucun devis n’est demandé")
	path := a.url.Path
	if again := officer.post("/prospects", said).ok().url.Path; again != path {
		t.Errorf("noted twice: %s and %s", path, again)
	}
	member.get(path).is(404)
	officer.post(path, url.Values{"geste": {"demander"}, "entreprise": {"999999"}}).is(422).says("n’est pas du réseau")
	own := find(a.body, `<option value="(\d+)">Temps-Bruyère`)
	officer.post(path, url.Values{"geste": {"demander"}, "entreprise": {own}}).ok().says("demandé")
	quote := find(member.get(path).ok().says("demandé", "Devis envoyé").body, `action="(/prospects/\d+/devis/\d+)"`)
	member.post(quote, url.Values{"geste": {"not_sent"}}).is(422).says("Dites pourquoi")
	call := find(member.get(path).ok().says("Répond-il à un appel suivi ici").body, `name="appel"[^§]*?<option value="([1-9]\d*)"`)
	member.post(quote, url.Values{"geste": {"sent"}, "prix": {"11 500"}, "appel": {"999999"}}).is(422).says("n’est pas celle de cette entreprise")
	member.post(quote, url.Values{"geste": {"sent"}, "prix": {"11 500"}, "appel": {call}}).ok().says("envoyé", "11 500", "répond à :")
	member.post(quote, url.Values{"geste": {"sent"}, "prix": {"11 500"}, "appel": {"0"}}).ok()
	if strings.Contains(text(member.get(path).body), "répond à :") {
		t.Error("it still answers the call")
	}
	before := text(member.get("/prospects").ok().body)
	member.post(quote, url.Values{"geste": {"accepted"}}).ok().says("Gagné", "accepté")
	if after := text(member.get("/prospects").ok().says("Chacun compte une fois").body); after == before {
		t.Error("nothing more is won")
	}
	sent := find(member.get(path).ok().body, `name="envoi"[^>]*value="([^"]+)"`)
	member.post(quote, url.Values{"geste": {"sent"}, "le": {"2026-12-01"}, "envoi": {sent}}).ok()
	if got := find(member.get(path).ok().says("Corriger l’envoi").body, `name="envoi"[^>]*value="([^"]+)"`); got != sent {
		t.Errorf("opened again, it was sent on %s, not %s", got, sent)
	}
	member.post(quote, url.Values{"geste": {"sent"}, "envoi": {"2020-01-01"}}).is(422).says("antérieure à celle de la demande")
	member.post(quote, url.Values{"geste": {"accepted"}}).ok().says("accepté")
	note := find(officer.get(path).ok().body, `href="(/contacts\?[^"#]*prospect=[^"#]*)`)
	officer.get(strings.ReplaceAll(note, "&amp;", "&")).ok().says("Noter un échange avec")
	officer.post(path, url.Values{"geste": {"garder"}, "revision": {"1"}, "marche": {"small"}, "acheteur": {"Mairie d’essai"}, "besoin": {"Massifs et jardinières"}, "source": {"buyer"}}).ok().says("Massifs et jardinières")
	s.visit(t, accounts.Counsellor).get("/prospects").is(403)
}

// TestAProspectIsSetAside: with a reason, and taken up again.
func TestAProspectIsSetAside(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Member)
	path := find(v.get("/prospects").ok().says("Sans devis", "Devis envoyé").body, `href="(/prospects/\d+)">Résidence`)
	v.post(path, url.Values{"geste": {"ecarter"}}).is(422)
	v.post(path, url.Values{"geste": {"ecarter"}, "pourquoi": {"no_need"}}).ok().says("Mis de côté", "Reprendre ce prospect")
	v.post(path, url.Values{"geste": {"reprendre"}}).ok().says("Sans devis")
	v.post(path, url.Values{"geste": {"demander"}, "entreprise": {"1"}}).is(422)
}
