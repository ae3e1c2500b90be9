package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"maillage/accounts"
	"maillage/demo"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
)

// How people come in and go out: invitation, first account, password, keyboard,
// and everything without scripts.

const passphrase = "une phrase qui se retient"

// An administrator invites somebody to claim an imported enterprise; the letter's link opens the
// account, and the enterprise confirms what was assumed of it.
func TestInvitedEnterpriseClaimsItsPage(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	supposed := s.supposed(t)
	admin := s.as(t, accounts.Admin)
	admin.open("/admin/comptes").says("Dominique Démonstration", "Inviter quelqu’un")
	admin.fill("Adresse électronique", "nouvelle@maillage.test").fill("SIRET", string(supposed.SIRET))
	admin.pick("role-invite", "Structure adhérente")
	admin.press("Envoyer l’invitation").says("L’invitation est envoyée.")

	link := s.letter(t, "nouvelle@maillage.test")
	v := s.visit(t)
	v.open(link).says("Vous rejoignez", supposed.Called())
	v.fill("Votre nom", "Alix Essai").fill("Mot de passe", "court")
	if status := v.pressIn("main", "Ouvrir mon compte"); status != http.StatusUnprocessableEntity {
		t.Fatalf("a short password answers %d", status)
	}
	v.says("à corriger")
	v.fill("Mot de passe", passphrase).press("Ouvrir mon compte").at("/").says("Votre compte est prêt", "Confirmer vos activités et votre zone")
	v.press("Vérifier mon entreprise").at("/entreprise").says("est-ce exact ?", "supposée")
	if v.count(".act-card .tag.assumed") == 0 {
		t.Fatalf("nothing looks assumed:\n%s", v.seen())
	}
	for v.count(".act-card .tag.assumed") > 0 {
		v.press("C’est exact").says("Vos correspondances sont recalculées")
	}
	v.says("confirmée")
	s.settled(t)
	s.nothingAssumed(t, supposed.ID)

	s.visit(t).denied(link, http.StatusGone).says("ne sert plus")
	admin.open("/admin/journal").says("Alix Essai", "organisation.confirm")
	admin.open("/admin/comptes").says("Alix Essai")
}

// supposed is an enterprise of the demonstration whose trade is assumed and that is matched.
func (s *site) supposed(t testing.TB) *network.Organisation {
	t.Helper()
	var found *network.Organisation
	err := s.network.Each(s.env.system(), network.Filter{Roles: []network.Role{network.Member}}, func(o *network.Organisation) bool {
		if len(o.Activities) == 1 && o.Activities[0].Origin == network.Assumed && s.proposed(t, o.ID) > 0 {
			found = o
		}
		return found == nil
	})
	if err != nil || found == nil {
		t.Fatalf("the demonstration has no matched enterprise with an assumed trade (%v)", err)
	}
	return found
}

// proposed counts the lots that an organisation may still answer.
func (s *site) proposed(t testing.TB, id network.ID) int {
	t.Helper()
	answer, err := s.matching.MatchesOfOrganisation(s.env.system(), id, matching.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Total
}

// nothingAssumed expects matches that no longer lean on a supposed trade or zone.
func (s *site) nothingAssumed(t testing.TB, id network.ID) {
	t.Helper()
	v := s.visit(t).signIn("nouvelle@maillage.test", passphrase)
	v.open("/reponses")
	if v.count("article.match") == 0 {
		t.Errorf("no match is left:\n%s", v.seen())
	}
	if n := v.count("article.match .tag.assumed"); n > 0 {
		t.Errorf("%d matches still say that a confirmed fact is assumed (organisation %d)", n, id)
	}
}

// An empty service prints a link that makes its first administrator, once.
func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	chromium(t)
	s := serveSite(t, testkit.EmptyURL(t, store.SQLite), false, false)
	secret, first, err := s.accounts.FirstAdminToken(s.env.system())
	if err != nil || !first {
		t.Fatal(first, err)
	}
	link := strings.TrimPrefix(s.accounts.InvitationLink(secret), s.url)
	v := s.visit(t)
	v.open(link).says("Créer le premier compte d’administration")
	v.fill("Adresse électronique", "premiere@maillage.test").fill("Votre nom", "Première Personne").fill("Mot de passe", passphrase)
	v.press("Créer le compte").at("/").says("Votre compte est prêt")
	v.open("/admin/comptes").says("Première Personne")
	v.open("/marches").says("Aucune opportunité")
	if strings.Contains(v.text("body"), "Démonstration") {
		t.Error("an empty service says that it is a demonstration")
	}
	s.visit(t).denied(link, http.StatusGone)
}

// A forgotten password is changed by a letter; the old one no longer opens.
func TestPasswordByLetter(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	const email, forgotten = "oublieuse@maillage.test", "une autre phrase, oubliée"
	if _, err := s.accounts.AddUser(s.env.system(), accounts.Invite{Email: email, Role: accounts.Researcher, Lang: "fr"}, "Noa Essai", forgotten); err != nil {
		t.Fatal(err)
	}
	v := s.visit(t)
	v.open("/connexion").press("Mot de passe oublié").fill("Adresse électronique", email).press("Envoyer le lien").says("un lien vient de lui être envoyé")
	v.open(s.letter(t, email)).fill("Nouveau mot de passe", passphrase).press("Changer le mot de passe").says("Votre mot de passe est changé.")
	v.fill("Adresse électronique", email).fill("Mot de passe", forgotten)
	if status := v.pressIn("main", "Se connecter"); status != http.StatusUnprocessableEntity {
		t.Errorf("the old password answers %d", status)
	}
	v.says("Adresse ou mot de passe incorrect")
	v.signIn(email, passphrase).at("/")
}

// Signing out closes the session: going back shows nothing private.
func TestSignOut(t *testing.T) {
	t.Parallel()
	v := demoSite(t, false).as(t, accounts.Member)
	v.open("/entreprise")
	v.unfold("header", "mon compte")
	v.press("Se déconnecter").at("/").says("Vous êtes déconnecté.")
	if v.leads(navigate(v.site, "/entreprise")); !strings.HasPrefix(v.path(), "/connexion") {
		t.Errorf("after signing out, /entreprise shows %s", v.path())
	}
}

// Without scripts, by choice or by a bad network, the main paths are whole.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	v := s.visit(t).withoutScripts().signIn(persona(t, accounts.Member).Email, demo.Password)
	if v.count("button[hidden]") == 0 && v.count("[data-live-toggle]:not([hidden])") > 0 {
		t.Error("a button that needs a script shows without it")
	}
	v.unfold("main", "Pas pour nous")
	v.choose("article.match details[open]", "Trop loin")
	v.press("Écarter ce lot").says("C’est écarté")
	v.open("/entreprise").press("Corriger").fill("Dire la zone", "Drôme").press("Voir sur la carte").says("habitants")
	v.press("Enregistrer, c’est exact").says("C’est enregistré")

	publishTwoLots(t, s, s.visit(t).withoutScripts().signIn(persona(t, accounts.Officer).Email, demo.Password))
}

// From the keyboard alone: the link to the contents comes first, and a refusal takes the focus to its summary.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	v := demoSite(t, false).visit(t)
	v.open("/connexion")
	v.do(chromedp.KeyEvent(kb.Tab))
	if !ask[bool](v, `document.activeElement.matches("a.skip") && document.activeElement.getBoundingClientRect().top >= 0`) {
		t.Errorf("the first stop is not the link to the contents: %s", ask[string](v, `document.activeElement.outerHTML`))
	}
	v.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if at := ask[string](v, `document.activeElement.id`); at != "email" {
		t.Errorf("after the contents, the first stop is %q, not the first field", at)
	}
	v.do(chromedp.KeyEvent("personne@maillage.example"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("pas le bon mot de passe"))
	if status := v.leads(chromedp.KeyEvent(kb.Enter)); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong password answers %d", status)
	}
	if !ask[bool](v, `document.activeElement.matches(".sum-err")`) {
		t.Errorf("the focus is on %s", ask[string](v, `document.activeElement.outerHTML`))
	}
	outlined(t, v)
}

// outlined expects every stop of the page to show where the focus is.
func outlined(t *testing.T, v *visitor) {
	t.Helper()
	v.open("/marches")
	for range 12 {
		v.do(chromedp.KeyEvent(kb.Tab))
		if !ask[bool](v, `(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none"; })()`) {
			t.Errorf("the focus does not show on %s", ask[string](v, `document.activeElement.outerHTML.slice(0, 200)`))
		}
	}
}

// Enter in a field sends the form it is in, as the strong button would: not its first small gesture.
func TestEnterPublishes(t *testing.T) {
	t.Parallel()
	v := demoSite(t, false).as(t, accounts.Officer)
	v.open("/marches/nouveau").press("Ajouter un lot")
	v.do(chromedp.SendKeys(chromedp.CSS("#lot1_titre"), "Premier"), chromedp.Focus(chromedp.CSS("#titre")))
	if status := v.leads(chromedp.KeyEvent(kb.Enter)); status != http.StatusUnprocessableEntity {
		t.Errorf("Enter in the title answers %d", status)
	}
	v.says("à corriger", "Lot 2")
}

var failedNotice = regexp.MustCompile(`Avis en quarantaine n° \d+`)

// An administrator sees what waits: a bad notice with its reason, read again once it can be.
func TestAdminSettlesWhatWaits(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	good := s.quarantine(t)
	v := s.as(t, accounts.Admin)
	v.at("/").says("quarantaine", "Des avis sont en quarantaine")
	v.press("Voir la quarantaine").at("/admin/quarantaine").says("BOAMP")
	v.follow("table.table tbody th a").at("/admin/quarantaine/")
	if !failedNotice.MatchString(v.text("h1")) {
		t.Errorf("the page of a refused notice is titled %q", v.text("h1"))
	}
	v.look("quarantaine")
	v.press("Relire tel quel").says("encore refusé,")
	s.mend(t, good)
	v.press("Relire tel quel").at("/admin/quarantaine").says("sort de la quarantaine", "L’avis est lu")
	s.settled(t)
	v.open("/admin/taches").says("les tâches de fond", "lots.changed")
	v.open("/admin/journal").says("quarantine")
	v.open("/marches?quoi=relecture").says("relecture")
}
