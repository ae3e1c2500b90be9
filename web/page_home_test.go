package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestAMemberReadsItsLotsAndAnswers walks the member's path without a script: what awaits, one
// match, yes; another, no without a reason, then with one; then its own facts put right.
func TestAMemberReadsItsLotsAndAnswers(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Member)
	home := v.get("/").ok().says("vous attend", "pour vous", "Votre zone", "Votre miroir")
	match := home.link(`/reponses/\d+`)
	v.get(match).ok().says("y aller", "Pour", "Contre", "À vérifier", "Votre décision")
	v.post(match, url.Values{"reponse": {"oui"}}).ok().says("C’est noté", "Intéressés, à l’instant")
	for _, motive := range []string{"", "inventé"} {
		v.post(match, url.Values{"reponse": {"non"}, "motif": {motive}}).is(422).says("Choisissez un motif")
	}
	v.post(match, url.Values{"reponse": {"non"}, "motif": {"too_far"}, "retour": {"/reponses?etat=no"}}).ok().says("C’est écarté", "Trop loin")
	v.post(match, url.Values{"reponse": {"peut-être"}}).is(422)
	v.post(match, url.Values{"reponse": {"oui"}, "retour": {"https://ailleurs.example/"}}).ok().says("Ce qui vous attend", "C’est noté") // never sent elsewhere
}

func TestAMemberPutsItsFactsRight(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Member)
	form := v.get("/entreprise").ok().link(`/entreprise/activites/1\?revision=\d+`)
	v.get(form).ok().says("Dire la zone avec des mots", "Ce que cela dessine")
	bad := url.Values{"geste": {"enregistrer"}, "zone": {"Atlantide"}, "etp": {"beaucoup"}}
	v.post(form, bad).is(422).says("3 points sont à corriger", "« Atlantide » n’est pas compris", "Choisissez un secteur", "Un nombre est attendu")
	good := url.Values{"geste": {"enregistrer"}, "secteur": {"espaces_verts"}, "zone": {"Drôme sauf Montélimar, et 20 km autour de Valence"}, "mode": {"prestation"}, "etp": {"2,5"}}
	sector := find(v.get(form).body, `<option value="([a-z_-]+)">Entretien d`)
	if sector != "" {
		good.Set("secteur", sector)
	}
	v.post(form, good).ok().says("C’est enregistré", "2,5 ETP", "Drôme")
	v.post(form, good).is(422).says("Quelqu’un a modifié cet élément entre-temps") // the form was read before
}

// TestAnOfficerPublishesAndSeesWhoCan walks the officer's path: publish, see who could answer.
func TestAnOfficerPublishesAndSeesWhoCan(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Officer)
	v.get("/").ok().says("vous attend", "Lots sans réponse", "Pôles du périmètre", "Conventions du périmètre")
	v.post("/marches/nouveau", url.Values{"nature": {"tender"}, "lot": {"1"}, "geste": {"publier"}, "echeance": {"hier"}, "lieu": {"Atlantide"}, "lot1_heures": {"x"}}).is(422).
		says("Donnez un titre", "« Atlantide » n’est pas compris", "Cette date n’est pas comprise", "Choisissez un secteur", "Un nombre est attendu")
	two := v.post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Berges"}, "lot": {"1"}, "ajouter": {"1"}}).ok().says("Lot 1", "Lot 2")
	if find(two.body, `value="(Berges)"`) == "" {
		t.Error("adding a lot forgot the title")
	}
	sector := find(two.body, `<option value="([a-z_-]+)">Propreté`)
	if sector == "" {
		sector = find(two.body, `<option value="([a-z_-]+)">Nettoyage`)
	}
	page := v.post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Propreté des rues de Crest"}, "acheteur": {"Ville de Crest (inventée)"}, "lieu": {"Crest"}, "echeance": {"2026-12-14T12:00"},
		"lot": {"1"}, "lot1_secteur": {sector}, "lot1_precision_code": {"cpv:90610000"}, "lot1_heures": {"420"}, "geste": {"publier"}}).ok()
	page.says("C’est publié", "Propreté des rues de Crest", "420 h", "Qui peut répondre", "Ville de Crest", "lundi, dans 15 jours ouvrés")
	candidate := page.link(`/marches/\d+\?candidat=[^"]*`)
	v.get(candidate[:len(candidate)-len("#"+find(candidate, `#(.*)$`))]).ok().says("Pourquoi", "Total, arrondi une fois", "fils horizontaux")
	form := page.link(`/marches/\d+/modifier`)
	kept := v.get(form).ok().says("Modifier l’opportunité")
	for _, want := range []string{`value="Propreté des rues de Crest"`, `value="2026-12-14T12:00"`, `value="420"`, `value="cpv:90610000"`} {
		if !strings.Contains(kept.body, want) {
			t.Errorf("the form forgot %s", want)
		}
	}
	changed := url.Values{"revision": {find(kept.body, `name="revision" value="(\d+)"`)}, "nature": {"tender"}, "titre": {"Propreté des rues de Crest"}, "acheteur": {"Ville de Crest (inventée)"}, "lieu": {"Crest"}, "echeance": {"2026-12-15T12:00"},
		"lot": {"1"}, "lot1_secteur": {sector}, "lot1_precision_code": {"cpv:90610000"}, "lot1_heures": {"500"}}
	v.post(form, changed).ok().says("C’est enregistré", "500 h", "mardi, dans 16 jours ouvrés", "Modification")
	v.post(form, changed).is(422).says("Quelqu’un a modifié")
	v.post(strings.Replace(form, "modifier", "annuler", 1), url.Values{}).is(422).says("Dites pourquoi")
	v.post(page.link(`/marches/\d+/fermer`), url.Values{}).ok().says("L’opportunité est fermée", "Cette opportunité est fermée")
}

// TestAnEmployerPostsANeedInTwoMinutes walks the employer's path.
func TestAnEmployerPostsANeedInTwoMinutes(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Employer)
	v.get("/").ok().says("La suite", "Publier un besoin")
	v.post("/besoins/nouveau", url.Values{"geste": {"publier"}}).is(422).says("points sont à corriger", "Choisissez un métier", "Dites où")
	v.post("/besoins/nouveau", url.Values{"lot1_precision": {"femme de chambre"}, "lieu": {"Valence (26)"}, "lot1_postes": {"2"}, "echeance": {"2026-12-04T12:00"}, "geste": {"publier"}}).ok().
		says("Votre besoin est publié", "Valence", "Besoin de personnel", "Postes 2", "Qui peut répondre")
	v.get("/").ok().says("besoin", "Valence")
}

// TestAnAdministratorWatches walks the administrator's path.
func TestAnAdministratorWatches(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Admin)
	v.get("/").ok().says("Ce qui a échoué ou attend vient d’abord", "Derniers changements")
	v.get("/admin/taches?etat=available").ok().says(".changed", "Annuler")
	job := v.get("/admin/taches?etat=available").link(`/admin/taches/\d+`)
	v.post(job, url.Values{"geste": {"annuler"}}).ok().says("La tâche est annulée")
	v.post("/admin/comptes", url.Values{"email": {"pas une adresse"}, "role": {"member"}, "siret": {"12"}}).is(422).says("Ce SIRET n’est pas lisible")
	v.post("/admin/comptes", url.Values{"email": {"claire@structure.example"}, "role": {"researcher"}}).ok().says("L’invitation est envoyée")
	v.get("/admin/journal?action=account.invite").ok().says("account.invite")
	v.get("/admin/comptes").ok().says("Camille Démonstration")
	pending := v.get("/admin/invitations").ok().says("claire@structure.example").link(`/admin/invitations/\d+`)
	v.post(pending, url.Values{"geste": {"retirer"}}).ok().says("L’invitation est retirée", "Aucune invitation en attente")
	v.post("/mes-donnees/jetons", url.Values{"nom": {""}}).is(422).says("à corriger")
	v.post("/mes-donnees/jetons", url.Values{"nom": {"tableur"}, "portee": {"opportunity:read"}, "jours": {"365"}}).ok().says("Votre jeton", "Copiez-le maintenant")
	token := v.get("/mes-donnees").ok().says("tableur").link(`/mes-donnees/jetons/\d+`)
	v.post(token, url.Values{}).ok().says("Le jeton ne sert plus")
	v.post("/mes-donnees", url.Values{"nom": {"Andréa D."}, "langue": {"en"}}).ok().says("Saved", "My account", "Andréa D.")
}

// TestSomebodyComesInByInvitation walks from a link to a home page, and out.
func TestSomebodyComesInByInvitation(t *testing.T) {
	t.Parallel()
	s := bareSite(t, testkit.SQLite(t), false)
	secret, ok, err := s.accounts.FirstAdminToken(t.Context())
	if err != nil || !ok {
		t.Fatalf("first admin: %v %v", ok, err)
	}
	v := s.visit(t, accounts.Public)
	link := "/invitation/" + secret
	page := v.get(link).ok().says("premier compte d’administration")
	if page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" {
		t.Error("a page whose address is a secret may be cached or named to others")
	}
	v.post(link, url.Values{"email": {"x"}, "nom": {""}, "mot_de_passe": {"court"}}).is(422).says("à corriger")
	v.post(link, url.Values{"email": {"ada@association.example"}, "nom": {"Ada"}, "mot_de_passe": {"une phrase assez longue"}}).ok().says("Votre compte est prêt", "Rien ne vous attend")
	v.post("/deconnexion", url.Values{}).ok().says("Vous êtes déconnecté")
	v.get(link).is(410).says("Ce lien ne sert plus")
	v.post("/connexion", url.Values{"email": {"ada@association.example"}, "mot_de_passe": {"une autre phrase"}}).is(422)
	v.post("/connexion", url.Values{"email": {"ada@association.example"}, "mot_de_passe": {"une phrase assez longue"}, "retour": {"/admin/comptes"}}).ok().says("Vous êtes connecté", "Ada")
	v.post("/reset", url.Values{"email": {"inconnue@association.example"}}).ok()
}

// TestAnOfficerInvitesAnEnterpriseOfItsPerimeter ties an account to the SIRET that is claimed.
func TestAnOfficerInvitesAnEnterpriseOfItsPerimeter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	inside := v.get("/membres?ou=Crest").link(`/membres/\d+`)
	v.get(inside).ok().says("Inviter cette entreprise")
	v.post(inside+"/inviter", url.Values{"email": {"rien"}}).is(422).says("à corriger")
	v.post(inside+"/inviter", url.Values{"email": {"direction@structure.example"}}).ok().says("L’invitation est envoyée")
	outside := v.get("/membres?ou=Nord").link(`/membres/\d+`)
	if body := v.get(outside).ok().body; find(body, `(/inviter)`) != "" {
		t.Error("an officer may invite outside of its perimeter")
	}
	v.post(outside+"/inviter", url.Values{"email": {"autre@structure.example"}}).is(403)
}

// TestADraftIsItsAuthorsAlone: others are told that there is no such page.
func TestADraftIsItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.visit(t, accounts.Officer)
	sector := find(officer.get("/marches/nouveau").body, `<option value="([a-z_-]+)">Nettoyage`)
	page := officer.post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Secret de campagne"}, "lieu": {"Crest"}, "echeance": {"2026-12-14T12:00"}, "lot": {"1"}, "lot1_secteur": {sector}, "geste": {"brouillon"}}).ok().
		says("Le brouillon est gardé", "Ce brouillon n’est visible que de vous", "Publier")
	for _, role := range []accounts.Role{accounts.Public, accounts.Employer, accounts.Researcher} {
		v := s.visit(t, role)
		v.get(page.url.Path).is(404)
		if body := v.get("/marches?remise=toutes&quoi=secret").ok().body; strings.Contains(body, "Secret de campagne") {
			t.Errorf("%s finds a draft in the list", role)
		}
	}
	officer.get("/").ok().says("Brouillons", "Secret de campagne")
	s.visit(t, accounts.Employer).post(page.url.Path+"/publier", url.Values{}).is(403)
	officer.post(page.url.Path+"/publier", url.Values{}).ok().says("C’est publié")
	s.visit(t, accounts.Public).get(page.url.Path).ok().says("Secret de campagne")
}

// TestAMatchIsItsMembersAlone: another's match is not there, to read nor to answer.
func TestAMatchIsItsMembersAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	mine := v.get("/reponses").ok().body
	for id := 1; id < 200; id++ {
		path := "/reponses/" + strconv.Itoa(id)
		if strings.Contains(mine, path+`"`) {
			continue
		}
		v.get(path).is(404)
		v.post(path, url.Values{"reponse": {"oui"}}).is(404)
		if id > 20 {
			return
		}
	}
}

// TestEveryGestureLeavesATrace: what is done through the pages is in the trail, with who did it.
func TestEveryGestureLeavesATrace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member := s.visit(t, accounts.Member)
	member.post(member.get("/reponses").ok().link(`/reponses/\d+`), url.Values{"reponse": {"oui"}}).ok()
	member.post(member.get("/entreprise").ok().link(`/entreprise/activites/1\?revision=\d+`), url.Values{"geste": {"confirmer"}}).ok().says("C’est enregistré")
	officer := s.visit(t, accounts.Officer)
	sector := find(officer.get("/marches/nouveau").body, `<option value="([a-z_-]+)">Nettoyage`)
	page := officer.post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Trace"}, "lieu": {"Crest"}, "echeance": {"2026-12-14T12:00"}, "lot": {"1"}, "lot1_secteur": {sector}, "geste": {"publier"}}).ok()
	officer.post(page.url.Path+"/annuler", url.Values{"mot": {"Erreur de saisie"}}).ok().says("Cette consultation est annulée")
	trail := s.visit(t, accounts.Admin).get("/admin/journal").ok()
	for _, action := range []accounts.Action{accounts.MatchAnswer, accounts.OrganisationConfirm, accounts.OpportunityCreate, accounts.OpportunityPublish, accounts.OpportunityCancel, accounts.SessionOpen} {
		trail.says(string(action))
	}
	trail.says("Camille Démonstration", "Dominique Démonstration")
}

// TestAHomeDoesNotContradictItself: an enterprise with lots to read is not told
// that nothing awaits it.
func TestAHomeDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var ids []int64
	if err := s.st.Read().NewRaw("SELECT id FROM organisations WHERE kind IN ('ETTI', 'AI') ORDER BY id LIMIT 30").Scan(t.Context(), &ids); err != nil {
		t.Fatal(err)
	}
	v, calm := s.visit(t, accounts.Member), 0
	for _, id := range ids {
		err := s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.NewRaw("UPDATE campaigns SET state = 'closed'").Exec(ctx); err != nil { // its questionnaire awaits nobody
				return err
			}
			_, err := tx.NewRaw("UPDATE users SET organisation_id = ? WHERE role = 'member'", id).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		said := text(v.get("/").ok().body)
		if !strings.Contains(said, "Pas encore de lot pour vous") && (strings.Contains(said, "Vous êtes à jour") || strings.Contains(said, "Rien ne vous attend")) {
			t.Errorf("organisation %d is told both", id)
		}
		if strings.Contains(said, "Rien ne presse") {
			calm++
		}
	}
	if calm == 0 {
		t.Error("nobody has lots without hurry")
	}
}
