// Package story walks one whole story with the built program, as people live it: by the
// pages, the commands of the operator and the letters. The test does nothing else but
// move the time and read the mail.
package story

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"maillage/internal/store"
	"maillage/internal/testkit/browser"
)

const (
	officer  = "ines@association.example"
	admin    = "ada@federation.example"
	lead     = "lea@regie.example"        // leads the answer
	partner  = "paul@atelier.example"     // answers with her
	filler   = "fanny@coupdemain.example" // fills the hours of the award
	password = "une phrase assez longue"
)

// A notice arrives by import, an officer keeps it, a member is told, goes with a
// partner, hands in, wins; the hours of the award are filled by another member; the
// report and the observatory count it once.
func TestOneStory(t *testing.T) {
	t.Parallel()
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := open(t, engine)
			s.federation()
			s.arrives()
			s.decides()
			s.wins()
			s.fills()
			s.countedOnce()
		})
	}
}

// federation is what an operator does once: an association, its members, the accounts,
// each opened by who got the letter.
func (s *stage) federation() {
	s.t.Helper()
	s.now = "2026-02-05T08:00:00Z" // a Thursday
	s.run("networks", "add", "Réseau de la Drôme", "--siret", "99900005200004", "--commune", "26362")
	s.run("members", "import", "testdata/membres.csv")
	s.at(s.now)
	for email, of := range map[string][]string{
		admin: {"--role", "admin", "--siret", "99900005200004"}, officer: {"--role", "officer", "--siret", "99900005200004", "--perimeter", "Drôme"}, lead: {"--role", "member", "--siret", "99900004500016"},
		partner: {"--role", "member", "--siret", "99900002900010"}, filler: {"--role", "member", "--siret", "99900003700013"},
	} {
		s.run(append([]string{"user", "add", email, "--letter"}, of...)...)
		v := s.visit()
		v.Open(s.link(s.letter(email, "/invitation/"), "/invitation/"))
		name, _, _ := strings.Cut(email, "@")
		v.Fill("Votre nom", strings.ToUpper(name[:1])+name[1:]).Fill("Mot de passe", password).Press("Ouvrir mon compte").At("/")
	}
}

// link is the first path of the site in a letter that begins so.
func (s *stage) link(letter, begins string) string {
	s.t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(s.url) + `(` + begins + `[^\s"<>]*)`).FindStringSubmatch(letter)
	if found == nil {
		s.t.Fatalf("no link to %s in\n%s", begins, letter)
	}
	return found[1]
}

// as is somebody who signs in.
func (s *stage) as(email string) *browser.Visitor {
	s.t.Helper()
	v := s.visit()
	v.Open("/connexion").Fill("Adresse électronique", email).Fill("Mot de passe", password)
	v.PressIn("main", "Se connecter")
	return v.At("/")
}

func (s *stage) look(v *browser.Visitor, name string) {
	v.Look(s.t.Name()[len("TestOneStory/"):] + "-" + name)
}

// arrives: the notice is imported, kept by the officer, and the members are told.
func (s *stage) arrives() {
	s.t.Helper()
	s.at("2026-02-06T08:00:00Z")
	s.run("notices", "import", "testdata/appel.xml")
	v := s.as(officer)
	v.Open("/lundi").Says("Entretien des parcs et des pavillons communautaires", "Clause d’exécution, 900 h")
	s.look(v, "01-lundi")
	v.Press("Garder").At("/lundi")
	s.look(v, "02-garde")
}

// decides: the member that was told reads, goes for it with a partner, and the partner with her.
func (s *stage) decides() {
	s.t.Helper()
	s.at("2026-02-09T08:00:00Z") // Monday: the letter of the week
	v := s.as(lead)
	v.Open(s.link(s.letter(lead, "Parcs et pavillons"), "/reponses/")).Says("900 h", "Atelier du Vercors")
	s.look(v, "03-decision")
	v.Choose("main", "En groupement, comme mandataire").Choose("main", "Atelier du Vercors").Press("On y va").Says("votre réponse")
	s.look(v, "04-y-aller")
	v.Press("Toutes les pièces").At("/reponses/")
	s.look(v, "05-pieces")

	v = s.as(partner)
	v.Open(s.link(s.letter(partner, "Parcs et pavillons"), "/reponses/")).Says("Régie des Deux Rives répond à ce lot comme mandataire et vous compte parmi ses cotraitants")
	s.look(v, "06-partenaire")
	v.Press("On y va").Says("votre réponse", "en groupement, comme cotraitant", "Avec Régie des Deux Rives") // as the page proposes it
	s.look(v, "07-partenaire")
}

// wins: the pieces are put together, the answer is handed in, the award names both.
func (s *stage) wins() {
	s.t.Helper()
	s.at("2026-02-27T08:00:00Z")
	v := s.as(lead)
	v.Open("/reponses?etat=yes").Press("Parcs et pavillons").At("/reponses/")
	answer := v.Path()
	v.Press("Toutes les pièces").Says("14 pièces")
	v.Unfold("main", "Mettre la pièce Assurance de responsabilité civile professionnelle")
	v.Fill("Valable jusqu’au", "2026-12-31")
	v.Do(chromedp.SetUploadFiles(chromedp.CSS("details[open] input[type=file]"), []string{s.paper()}))
	v.PressIn("details[open]", "Ranger la pièce")
	v.Says("13 pièces", "assurance.pdf")
	s.look(v, "08-pieces")
	v.Open(answer).Press("Réponse remise").Says("Réponse remise")
	s.look(v, "09-remise")
	v.Open(answer + "/pieces").Says("Archive 1")

	s.at("2026-03-27T08:00:00Z")
	s.run("notices", "import", "testdata/attribution.xml")
	for _, who := range []string{lead, partner} {
		v = s.as(who)
		v.Says("Gagné ? ", "nomme votre entreprise")
		s.look(v, "10-accueil")
		v.Press("Lire et confirmer")
		s.look(v, "11-attribution")
		v.Press("Confirmer : gagné").Says("Gagné", "avis d’attribution, confirmé")
		v.Open("/").Says("Rien ne vous attend")
	}
}

// paper is a piece of an answer.
func (s *stage) paper() string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "assurance.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// fills: another member takes the hours that the award left to fill.
func (s *stage) fills() {
	s.t.Helper()
	s.at("2026-03-30T08:00:00Z")
	v := s.as(officer)
	v.Open("/lundi")
	s.look(v, "14-lundi")
	v.Says("Heures d’insertion à pourvoir (1)", "PLIE de la Drôme")
	v = s.as(filler)
	v.Open(s.link(s.letter(filler, "Heures d’insertion"), "/reponses/")).Says("900 h", "Régie des Deux Rives", "Atelier du Vercors", "PLIE de la Drôme")
	s.look(v, "15-heures")
	v.Choose("main", "Seuls").Press("On y va")
	v.Press("Réponse remise").Press("Gagné").Says("Gagné")
	s.look(v, "16-heures")
	v = s.as(officer)
	v.Open("/lundi").Says("Heures d’insertion à pourvoir (0)")
}

// countedOnce: whoever led, joined or filled, it is one market, and still is after every
// job ran again.
func (s *stage) countedOnce() {
	s.t.Helper()
	for range 2 {
		s.at("2026-07-02T08:00:00Z") // both quarters are over
		v := s.as(officer)
		v.Open("/lundi/rapport?du=2026-01&au=2026-06").Says(once...).Says("Offres remises 1", "ETP 0,56", "Réseau de la Drôme")
		s.look(v, "19-rapport")
		s.filesCountOnce(v)
		for _, path := range []string{"/observatoire/activite?trimestre=2026-03", "/observatoire/activite?trimestre=en-cours"} {
			a := s.as(admin)
			a.Open(path).Says(once...).Says("Offres remises 1", "ETP 0,6", "Auvergne-Rhône-Alpes 1 1 1 1 900 0,6")
			s.look(a, "21-observatoire")
		}
		anybody := s.visit()
		anybody.Open("/observatoire/activite?trimestre=2026-03").Says(once...)
		anybody.Open("/observatoire/activite").Says("Marchés proposés 0", "Gagnés 0") // the second quarter counts nothing of it again
		s.look(anybody, "20-observatoire")
	}
	for _, who := range []string{lead, partner, filler} {
		if n := s.letters(who, "PROPOSÉ À VOTRE STRUCTURE"); n != 1 {
			s.t.Errorf("%s was told %d times by a letter of the week", who, n)
		}
	}
}

// once is what the figures of the whole say.
var once = []string{"Marchés proposés 1", "Gagnés 1", "Heures d’insertion 900"}

// filesCountOnce reads the files of the report, as the page gives them.
func (s *stage) filesCountOnce(v *browser.Visitor) {
	s.t.Helper()
	files := map[string][]byte{}
	for _, kind := range []string{"xlsx", "pdf"} {
		got := browser.Ask[string](v, `(async () => { const file = await (await fetch([...document.querySelectorAll("a[href]")].find(a => a.href.includes(".`+kind+`")).href)).bytes(); return file.toBase64() })()`)
		raw, err := base64.StdEncoding.DecodeString(got)
		if err != nil {
			s.t.Fatal(err)
		}
		files[kind] = raw
	}
	if !bytes.HasPrefix(files["pdf"], []byte("%PDF-")) || len(files["pdf"]) < 1000 {
		s.t.Errorf("the report on paper has %d bytes", len(files["pdf"]))
	}
	book, err := excelize.OpenReader(bytes.NewReader(files["xlsx"]))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(rows) != 2 || strings.Join(rows[1][1:7], " ") != "0 1 1 1 1 900" {
		s.t.Errorf("the report in a table says %q, %v", rows, err)
	}
}
