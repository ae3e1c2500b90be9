package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// Each persona's main path, as the design tells it: what awaits, then the task
// it comes for, in three clicks at most.

func TestPublicFindsAnOpenLotAMemberAndATerritory(t *testing.T) {
	t.Parallel()
	v := demoSite(t, false).visit(t)
	v.open("/").says("marchés ouverts", "pôles territoriaux", "Entrer dans la démonstration")
	v.fill("Quoi", "espaces verts").fill("Où", "Drôme")
	v.press("Chercher un marché").at("/marches?")
	if v.count("ol.rows li") == 0 {
		t.Fatalf("nothing found:\n%s", v.seen())
	}
	v.follow("ol.rows h3 a").at("/marches/").says("acheteur", "qui peut répondre", "une fois connecté")

	v.open("/").fill("Où", "Crest").press("Chercher une entreprise").at("/membres?")
	v.follow("ol.rows h3 a").at("/membres/").says("ce qu’elle fait, et où", "sa zone")
	if v.count("figure.map > svg path") == 0 {
		t.Errorf("the zone is not drawn:\n%s", v.seen())
	}
	v.open("/territoires/departement/26").says("Drôme", "qui est là", "ouvert", "Pôle Sud Archer", "convention")
	v.denied("/nulle-part", http.StatusNotFound).says("n’existe pas")
}

// The member reads why a lot is for it, says yes to one and no to another with a reason, and
// both engines keep it.
func TestMemberAnswersMatches(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		memberAnswers(t, demoSite(t, true))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		chromium(t)
		s := serveSite(t, testkit.EmptyURL(t, store.PostgreSQL), true, false)
		if err := s.fill(); err != nil {
			t.Fatal(err)
		}
		memberAnswers(t, s)
	})
}

// aMatch is how a match reads in one line: what it covers, the trade, how far, the days left.
var aMatch = regexp.MustCompile(`^Couvre .*, .*\((CPV )?[A-Z0-9]+\), (à \d+ km|sur place).* jours? ouvrés?`)

func memberAnswers(t *testing.T, s *site) {
	v := s.as(t, accounts.Member)
	v.at("/").says("vous attend", "lots pour vous", "jours ouvrés")
	if line := v.text("article.match .why"); !aMatch.MatchString(line) {
		t.Errorf("the first match does not say why in one line: %s", line)
	}
	if n := v.count("article.match"); n < 3 {
		t.Fatalf("%d matches on the home page, the story needs three", n)
	}
	first, second := v.text("ol.rows > li:first-child article.match h3"), v.text("ol.rows > li:nth-child(2) article.match h3")
	v.follow("article.match h3 a").at("/reponses/").says("y aller ?", "pour", "contre", "à vérifier", "les critères", "votre décision")
	v.press("On y va").says("C’est noté : vous y allez.", "votre réponse")

	v.open("/")
	v.unfold("main", "Pas pour nous "+second)
	v.choose("article.match details[open]", "Trop loin")
	v.press("Écarter ce lot").says("C’est écarté. Merci du motif")
	v.open("/reponses?etat=yes").says(first)
	v.open("/reponses?etat=no").says(second, "trop loin")
	v.press("Changer d’avis").at("/reponses/").says("votre décision")
}

// A refusal without a reason is asked again: the summary of the errors takes the focus.
func TestMemberIsAskedOneReason(t *testing.T) {
	t.Parallel()
	v := demoSite(t, false).as(t, accounts.Member)
	v.follow("article.match h3 a").at("/reponses/")
	if status := v.pressIn("#decision", "Non"); status != http.StatusUnprocessableEntity {
		t.Fatalf("a refusal without a reason answers %d", status)
	}
	v.says("un point est à corriger", "Choisissez un motif")
	if !ask[bool](v, `document.activeElement.matches(".sum-err")`) {
		t.Error("the focus is not on the summary of the errors")
	}
	v.press("Choisissez un motif") // goes to the field
	if !ask[bool](v, `document.activeElement.id === "motif" || location.hash === "#motif"`) {
		t.Error("the summary does not lead to its field")
	}
}

// A member corrects its zone: the effect is there as soon as the jobs have run.
func TestMemberCorrectsItsZone(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	v := s.as(t, accounts.Member)
	v.open("/entreprise").says("mes activités", "mes zones", "vous correspondent aujourd’hui")
	before := v.text("section.panel")
	v.press("Corriger").at("/entreprise/activites/1").fill("Dire la zone", "Drôme sauf Montélimar, et 20 km autour de Valence")
	v.unhurried("#zone-vue", "communes")
	v.press("Enregistrer, c’est exact").at("/entreprise").says("C’est enregistré", "Montélimar")
	s.settled(t)
	v.open("/entreprise").says("confirmée", "Montélimar")
	v.press("Corriger").fill("Dire la zone", "Crest").press("Enregistrer, c’est exact")
	s.settled(t)
	if after := v.open("/entreprise").text("section.panel"); after == before {
		t.Errorf("a zone of one commune changes nothing: %s", after)
	}
}

// The officer goes from a lot without an answer to who could, and why.
func TestOfficerFindsWhoCanAnswer(t *testing.T) {
	t.Parallel()
	v := demoSite(t, false).as(t, accounts.Officer)
	v.at("/").says("lots sans réponse, par date limite", "correspondances à relire", "pôles du périmètre", "conventions du périmètre")
	v.press("Voir qui peut").at("/marches/").says("qui peut répondre", "score", "de peu", "où ça se croise")
	v.follow("table.ranking .who-n a").says("raison", "points", "total, arrondi une fois", "moteur")
	if v.count("tr.sel") != 1 || v.count("tr.why") != 1 || v.count("figure.map > svg") != 1 {
		t.Errorf("the chosen candidate is not shown with its reasons and its map:\n%s", v.seen())
	}
	if v.count("table.ranking svg.bar") == 0 {
		t.Error("the criteria have no bars")
	}
}

// Two lots are published in one form; their matches are there in the minute.
func TestOfficerPublishes(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	v := s.as(t, accounts.Officer)
	publishTwoLots(t, s, v)
	v.says("qui peut répondre", "classées")
	if v.count("table.ranking tbody tr") == 0 {
		t.Errorf("nobody is ranked on a lot of the Drôme:\n%s", v.seen())
	}
	v.press("Fermer").says("fermée")
}

func publishTwoLots(t *testing.T, s *site, v *visitor) {
	t.Helper()
	v.open("/marches/nouveau").says("Publier une opportunité")
	if status := v.pressIn("form.form", "Publier"); status != http.StatusUnprocessableEntity {
		t.Fatalf("an empty form answers %d", status)
	}
	v.says("sont à corriger", "Donnez un titre.")
	v.choose("main", "Marché public")
	v.fill("Titre", "Entretien des sentiers").fill("Acheteur", "Communauté des essais").fill("Où", "Drôme").fill("Date limite", "2026-12-15T12:00")
	v.fill("Secteur", "Création et entretien des espaces verts").fill("Heures d’insertion", "420")
	v.press("Ajouter un lot").says("Lot 2")
	v.do(clearAndType("#lot2_titre", "Propreté des abords")...)
	v.pick("lot2_secteur", "Nettoyage urbain")
	if status := v.pressIn("form.form", "Publier"); status != http.StatusOK {
		t.Fatalf("publishing answers %d\n%s", status, v.seen())
	}
	v.at("/marches/").says("Entretien des sentiers")
	s.settled(t)
	v.open(v.path()).says("Lot 2", "Propreté des abords")
}

// An employer posts a need with an occupation in everyday words, a commune and a date.
func TestEmployerPostsANeed(t *testing.T) {
	t.Parallel()
	s := demoSite(t, true)
	v := s.as(t, accounts.Employer)
	v.at("/").says("la suite", "les entreprises autour de vous")
	v.press("Publier un besoin").at("/besoins/nouveau").says("deux minutes")
	v.fill("Le métier", "femme de chambre").fill("Où", "Valence").fill("Postes", "2").fill("À partir du", "2027-01-04")
	v.press("Publier le besoin").at("/marches/").says("besoin de personnel", "Valence", "qui peut répondre")
	s.settled(t)
	v.open(v.path())
	if !regexp.MustCompile(`\d+ classées?`).MatchString(v.text("main")) {
		t.Errorf("the need says nothing of who is ranked:\n%s", v.seen())
	}
	v.open("/").says("besoin", "Valence")
}

func TestCounsellorAndResearcherHaveAHome(t *testing.T) {
	t.Parallel()
	s := demoSite(t, false)
	v := s.as(t, accounts.Counsellor)
	v.at("/").says("ce qui vous attend", "échéances de droit", "besoins ouverts")
	v.open("/parcours").says("afficher les noms").follow("table.journeys th a").at("/parcours/").says("ce qui est su", "accords, poste par poste", "histoire")
	v.open("/marches?nature=job_need").follow("ol.rows h3 a").at("/marches/").says("besoin de personnel")

	v = s.as(t, accounts.Researcher)
	v.at("/").says("ce qui est mesuré, et comment")
	v.open("/api").says("Interface de programmation", "/v1/lots")
	v.open("/territoires/region/84").says("Auvergne-Rhône-Alpes", "qui est là")
	v.open("/correspondances").says("score")
}

// A page that is not for somebody says so, or is not there.
func TestPrivatePagesStayPrivate(t *testing.T) {
	t.Parallel()
	s := demoSite(t, false)
	member := s.as(t, accounts.Member)
	others := s.otherMatch(t)
	for path, status := range map[string]int{
		"/admin/comptes": http.StatusForbidden, "/admin/taches": http.StatusForbidden, "/admin/quarantaine": http.StatusForbidden, "/admin/journal": http.StatusForbidden,
		fmt.Sprintf("/reponses/%d", others): http.StatusNotFound, "/besoins/nouveau": http.StatusForbidden,
	} {
		member.denied(path, status)
	}
	anyone := s.visit(t)
	for _, path := range []string{"/entreprise", "/reponses", "/marches/nouveau", "/admin/comptes", "/mot-de-passe"} {
		if status := anyone.leads(navigate(s, path)); status == http.StatusOK && !strings.HasPrefix(anyone.path(), "/connexion") {
			t.Errorf("%s answers %d to anyone", path, status)
		}
	}
	officer := s.as(t, accounts.Officer)
	officer.denied("/admin/comptes", http.StatusForbidden).says("n’est pas pour vous")
}
