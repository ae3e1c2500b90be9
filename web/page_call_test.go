package web

import (
	"net/url"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/network"
)

// A member publishes a call for its pole, and settles who answered.
func TestAMemberCallsForPartners(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get("/").ok().says("2 entreprises répondent à vos appels", "Leur répondre")
	pole := v.get(callOf(v, "partner_call")).ok().says("Qui répond à votre appel", "Parlons-en jeudi").link(`/poles/\d+`)
	id := strings.TrimPrefix(pole, "/poles/")
	page := v.get(pole).ok().says("Publier un appel du pôle", "Il manque", "1 appel ouvert")
	form := page.link(`/appels/nouveau\?pole=\d+`)
	v.get(form).ok().says("Un appel du")
	said := url.Values{"cle": {"essai"}, "pole": {id}, "titre": {"Un binôme pour la taille"}, "description": {"Trois jours en février."}, "secteur": {"espaces-verts"}, "lieu": {"Drôme"}}
	v.post("/appels/nouveau", said).is(422).says("le dernier jour", "Trois jours en février.")
	said.Set("echeance", "2027-02-01")
	made := v.post("/appels/nouveau", said).ok().says("Un binôme pour la taille", "Personne ne s’est encore dit intéressé")
	again := v.post("/appels/nouveau", said).ok()
	if made.url.Path != again.url.Path {
		t.Errorf("made twice: %s, %s", made.url.Path, again.url.Path)
	}
	v.get(pole).ok().says("2 appels ouverts")

	call := v.get(callOf(v, "partner_call")).ok()
	settle, revision, on := call.link(`/interets/\d+`), find(call.body, `name="revision" value="(\d+)"`), find(call.body, `name="appel" value="(\d+)"`)
	v.post(settle, url.Values{"revision": {revision}, "appel": {on}, "geste": {"decliner"}, "mot": {"Une autre fois."}}).is(422).says("Dites pourquoi", "Une autre fois.")
	v.post(settle, url.Values{"revision": {revision}, "appel": {on}, "geste": {"decliner"}, "motif": {"size"}}).ok().says("la taille ne convient pas")
	s.visit(t, accounts.Counsellor).post(settle, url.Values{"revision": {"1"}, "appel": {on}, "geste": {"accepter"}}).is(403)
}

// callOf finds the first call of a kind that the demonstration tells of the heroine.
func callOf(v *visitor, kind string) string {
	text := map[string]string{"partner_call": "berges de la Drôme", "takeover": "vallée de la Drôme"}[kind]
	body := v.get("/marches?nature=" + kind + "&quoi=" + url.QueryEscape(text)).ok()
	return body.link(`/marches/\d+`)
}

// Whoever is not accepted reads no name; the word of who is interested is kept.
func TestAnActivityToTakeOverNamesNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	path := callOf(v, "takeover")
	var name string
	if err := s.st.Read().NewRaw("SELECT CASE WHEN o.brand <> '' THEN o.brand ELSE o.name END FROM opportunities op JOIN organisations o ON o.id = op.transferor_id WHERE op.title LIKE '%vallée de la Drôme%'").Scan(t.Context(), &name); err != nil || name == "" {
		t.Fatal(name, err)
	}
	for _, role := range []accounts.Role{accounts.Public, accounts.Member, accounts.Officer, accounts.Admin, accounts.Employer} {
		page := s.visit(t, role).get(path).ok().says("n’est nommée qu’à celles qu’elle accepte", "départ à la retraite", "4,5 ETP")
		if strings.Contains(page.body, name) {
			t.Errorf("%s reads %q", role, name)
		}
	}
	v.post(path+"/interet", url.Values{"mot": {""}}).is(422).says("Écrivez un mot")
	v.post(path+"/interet", url.Values{"mot": {"Nous reprendrions l’équipe."}}).ok().says("en attente", "Changer ce mot", "Nous reprendrions l’équipe.")
	v.post(path+"/interet", url.Values{"geste": {"retirer"}}).ok().says("retiré")
	s.visit(t, accounts.Officer).get("/appels/nouveau?nature=takeover").ok().says("L’entreprise qui transmet", "Choisir")
	v.post("/appels/nouveau", url.Values{"nature": {"takeover"}, "cle": {"x"}}).is(422).says("ce qui est transmis", "tranche de chiffre d’affaires")
}

// Who keeps a pole says what its projects need; its members join them.
func TestTheProjectsOfAPole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, member := s.visit(t, accounts.Officer), s.visit(t, accounts.Member)
	pole := member.get(callOf(member, "partner_call")).link(`/poles/\d+`)
	officer.post(pole+"/projets", url.Values{"titre": {""}, "besoins": {"Un local."}}).is(422).says("Donnez un titre", "Un local.")
	officer.post(pole+"/projets", url.Values{"titre": {"Un four commun"}, "besoins": {"Un local."}, "lieu": {"Crest"}}).ok().says("Un four commun", "Un local.", "Crest")
	body := member.get(pole).ok().body
	join := find(body, `(?s)Un four commun.*?action="(/poles/\d+/projets/\d+/membres)"`)
	member.post(join, url.Values{"geste": {"entrer"}}).ok().says("Vous êtes de ce projet", "Nous n’en sommes plus")
	officer.post(strings.TrimSuffix(join, "membres")+"besoins", url.Values{"besoins": {"Une boulangère."}}).ok().says("Une boulangère.")
	member.post(join, url.Values{"geste": {"sortir"}}).ok().says("Vous n’êtes plus de ce projet")
	member.post(pole+"/projets", url.Values{"titre": {"Non"}}).is(403)
	others, err := s.cfg.Network.Poles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range others {
		if polePath(p.ID) != pole && len(p.Projects) > 0 {
			foreign := polePath(p.ID) + "/projets/" + memberID(network.ID(p.Projects[0].ID)) + "/membres"
			member.post(foreign, url.Values{"geste": {"entrer"}}).is(409)
			return
		}
	}
}
