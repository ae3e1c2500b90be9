package web

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
)

// hidden reads the hidden fields and the values of a questionnaire, as a browser would post them.
func hidden(a *answer) url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(a.body, -1) {
		name, value := attribute(m, "name"), attribute(m, "value")
		box := strings.Contains(m, `type="checkbox"`)
		if name != "" && (!box || strings.Contains(m, " checked")) {
			form.Set(name, value)
		}
	}
	return form
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return strings.NewReplacer("&#43;", "+", "&amp;", "&", "&#39;", "'", "&#34;", `"`).Replace(m[1])
}

// An enterprise answers without a script: what is read, what is wrong, what is sent.
func TestAnEnterpriseFillsItsQuestionnaire(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	home := v.get("/").ok().says("Répondre à la campagne 2025")
	_ = home.link("/campagne")
	page := v.get("/campagne").ok().says("réponses sur 42 questions", "étaient déjà là", "de saisie en moins", "Écrivez un nombre", "bouge beaucoup", "C’est plus que le nombre dont il fait partie")
	form := hidden(page)
	if form.Get("v-purchases") != "environ 90 000" || form.Get("nd-tonnes") != "oui" || form.Get("v-sales") != "880\u00a0000" {
		t.Errorf("the fields hold %q %q %q", form.Get("v-purchases"), form.Get("nd-tonnes"), form.Get("v-sales"))
	}
	unchanged := v.post("/campagne", form).ok().says("Vos réponses sont enregistrées", "réponses sur 42")
	if got := hidden(unchanged).Get("revision"); got != form.Get("revision") {
		t.Errorf("saving what is there raised the revision from %s to %s", form.Get("revision"), got)
	}
	form.Set("geste", "envoyer")
	v.post("/campagne", form).is(422).says("Achats de l’année : écrivez un nombre", "Heures de bénévolat : répondez")
	for name := range form {
		if code, is := strings.CutPrefix(name, "v-"); is && form.Get(name) == "" {
			form.Set("nd-"+code, "oui")
		}
	}
	form.Set("v-purchases", "90 000,50")
	form.Set("v-teams.mixed", "3")
	form.Set("e-sales", "Un marché de trois ans, voir 06 12 34 56 78")
	refused := v.post("/campagne", form).is(422).says("Rien sur une personne")
	form = hidden(refused)
	if form.Get("e-sales") == "" || form.Get("v-purchases") != "90\u00a0000,5" {
		t.Errorf("what was typed is lost: %q %q", form.Get("e-sales"), form.Get("v-purchases"))
	}
	form.Set("e-sales", "Un marché de trois ans")
	form.Set("geste", "commenter:sales")
	form.Set("mot-sales", "Le contrat est joint au bilan.")
	said := v.post("/campagne", form).ok().says("Votre mot est envoyé", "Le contrat est joint au bilan.", "Expliqué")
	form = hidden(said)
	form.Set("geste", "envoyer")
	v.post("/campagne", form).ok().says("Votre questionnaire est envoyé", "Envoyé", "90 000,5")
	v.post("/campagne", form).is(409).says("Ce questionnaire est envoyé")
	word := hidden(v.get("/campagne").ok())
	word.Set("geste", "commenter:tonnes")
	word.Set("mot-tonnes", "La pesée est de décembre.")
	v.post("/campagne", word).ok().says("Votre mot est envoyé", "La pesée est de décembre.")
	back := hidden(v.get("/campagne").ok().says("Reprendre pour corriger"))
	back.Set("geste", "reprendre")
	form = hidden(v.post("/campagne", back).ok().says("Le questionnaire est repris", "En cours"))
	form.Set("v-tonnes", "jean@example.org")
	form.Del("nd-tonnes")
	form = hidden(v.post("/campagne", form).is(422).says("Rien sur une personne"))
	form.Set("v-tonnes", "0")
	form.Set("geste", "envoyer")
	v.post("/campagne", form).ok().says("Votre questionnaire est envoyé")
	officer := s.visit(t, accounts.Officer)
	officer.get("/").ok().says("Suivre la campagne 2025")
	officer.get("/observatoire").ok().link("/campagnes") // from the menu, be the campaign open or closed
	list := officer.get("/campagnes/2025").ok().says("7 questionnaires envoyés sur 37 structures")
	path := regexp.MustCompile(`/campagnes/2025/\d+`).FindString(list.body[strings.Index(list.body, "Temps-Bruyère")-60:])
	sheet := officer.get(path).ok().says("Temps-Bruyère", "90 000,5 euros", "Explication : Un marché de trois ans", "Le contrat est joint au bilan.")
	form = hidden(sheet)
	form.Set("geste", "retourner")
	officer.post(path, form).is(422).says("Dites en un mot ce qui est à corriger")
	form.Set("note", "Les ventes sont-elles hors taxes ?")
	officer.post(path, form).ok().says("Le questionnaire est retourné", "À corriger")
	v.get("/campagne").ok().says("Votre région vous demande une correction", "Les ventes sont-elles hors taxes ?")
}

// Once the campaign is closed nothing is asked any more: what was answered is read.
func TestAClosedQuestionnaireAsksNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	open := v.get("/campagne").ok().says("avant l’envoi", "Envoyer ce mot", "Corrigez, ou dites pourquoi", "Écrivez un nombre")
	admin := s.visit(t, accounts.Admin)
	form := hidden(admin.get("/campagnes/2025").ok())
	form.Set("geste", "fermer")
	admin.post("/campagnes/2025", form).ok().says("En cours de clôture")
	closed := v.get("/campagne").ok().says("réponses sur 42 questions")
	for _, asks := range []string{"avant l’envoi", "Envoyer ce mot", "Corrigez, ou dites pourquoi", "Écrivez un nombre", `name="mot-`, `name="v-`} {
		if strings.Contains(closed.body, asks) {
			t.Errorf("the closed questionnaire says %q", asks)
		}
	}
	v.post("/campagne", hidden(open)).is(409).says("La campagne est close")
}

// A number typed while the box still says ND is the later gesture; the box ticked
// beside the number that was there says ND.
func TestNDIsAGestureOfItsOwn(t *testing.T) {
	t.Parallel()
	c := &call{}
	for _, x := range []struct{ v, lu, nd, want string }{{"", "", "oui", "ND"}, {"12", "12", "oui", "ND"}, {"12", "", "oui", "12"}, {"0", "", "", "0"}, {"", "12", "", ""}, {"13", "12", "", "13"}} {
		e := c.entry("tonnes", url.Values{"v-tonnes": {x.v}, "lu-tonnes": {x.lu}, "nd-tonnes": {x.nd}, "r-tonnes": {"4"}})
		if *e.Text != x.want || e.Revision != 4 || e.Explained != nil {
			t.Errorf("%+v is %q at %d", x, *e.Text, e.Revision)
		}
	}
}

// Two browsers: the second is told, sees both answers, and loses nothing else.
func TestTwoBrowsersOnOneQuestionnaire(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	one, two := s.visit(t, accounts.Member), s.visit(t, accounts.Member)
	first, second := hidden(one.get("/campagne").ok()), hidden(two.get("/campagne").ok())
	first.Set("v-events.open", "7")
	one.post("/campagne", first).ok().says("Vos réponses sont enregistrées")
	second.Set("v-events.open", "8")
	second.Set("v-innovations", "2")
	clash := two.post("/campagne", second).is(412).says("Quelqu’un a répondu en même temps", "a répondu « 7 » entre-temps. Votre « 8 » n’est pas enregistré")
	form := hidden(clash)
	if form.Get("v-events.open") != "8" || form.Get("v-innovations") != "2" {
		t.Errorf("what was typed is lost: %q %q", form.Get("v-events.open"), form.Get("v-innovations"))
	}
	if got := hidden(one.get("/campagne").ok()); got.Get("v-events.open") != "7" || got.Get("v-innovations") != "2" {
		t.Errorf("kept: %q %q", got.Get("v-events.open"), got.Get("v-innovations"))
	}
	two.post("/campagne", form).ok().says("Vos réponses sont enregistrées")
	if got := hidden(one.get("/campagne").ok()).Get("v-events.open"); got != "8" {
		t.Errorf("saved again, it is %q", got)
	}
}

// One answer saved as it is typed: the server's words come back for every question that they concern.
func TestAnAnswerIsSavedAsItIsTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	form := hidden(v.get("/campagne").ok())
	send := func(code, text, revision string) savedAnswer {
		a := v.post("/campagne/reponse", url.Values{"questionnaire": {form.Get("questionnaire")}, "question": {code}, "v-" + code: {text}, "lu-" + code: {""}, "r-" + code: {revision}}).ok()
		var out savedAnswer
		if err := json.Unmarshal([]byte(a.body), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	got := send("boards.women", "12", form.Get("r-boards.women"))
	if got.Clash || !strings.Contains(got.Notes["q-boards-women"], "plus que le nombre") || !strings.Contains(got.Tally, "14 réponses") && !strings.Contains(got.Tally, "14\u00a0réponses") {
		t.Errorf("%+v", got)
	}
	if got = send("boards.positions", "14", form.Get("r-boards.positions")); strings.Contains(got.Notes["q-boards-women"], "plus que le nombre") {
		t.Error("the finding stays once it holds")
	}
	if got = send("boards.positions", "15", form.Get("r-boards.positions")); !got.Clash || !strings.Contains(text(got.Notes["q-boards-positions"]), "Votre « 15 » n’est pas enregistré") {
		t.Errorf("%+v", got.Notes["q-boards-positions"])
	}
	v.post("/campagne/reponse", url.Values{"questionnaire": {"99999"}, "question": {"tonnes"}}).is(http.StatusNotFound)
	other := v.post("/campagne/reponse", url.Values{"questionnaire": {"1"}, "question": {"tonnes"}, "v-tonnes": {"1"}})
	if other.status != http.StatusForbidden && other.status != http.StatusNotFound {
		t.Errorf("another's questionnaire answers %d", other.status)
	}
}

// send posts a file as a browser does.
func (v *visitor) sendFile(path, name, content, gesture string) *answer {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, _ := w.CreateFormFile("fichier", name)
	_, _ = part.Write([]byte(content))
	_ = w.WriteField("geste", gesture)
	_ = w.Close()
	r, err := http.NewRequest(http.MethodPost, v.site.URL+path, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var body bytes.Buffer
	_, _ = body.ReadFrom(res.Body)
	return &answer{t: v.t, path: path, status: res.StatusCode, header: res.Header, body: body.String(), url: res.Request.URL}
}

func TestATableGoesOutAndComesBackByThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	table := v.get("/campagnes/2025/reponses.csv").ok()
	if n := strings.Count(table.body, "\r\n"); n < 1000 || !strings.HasPrefix(table.body, "\uFEFFquestionnaire;") {
		t.Fatalf("the table of 37 enterprises has %d lines", n)
	}
	again := v.sendFile("/campagnes/2025/import", "t.csv", table.body, "enregistrer").ok().says("C’est fait", "ont changé une réponse 0", "sont refusées 1", "valeur")
	refused := v.get(again.link(`/campagnes/2025/import/\d+\.csv`)).ok()
	if !strings.Contains(refused.body, "environ 90 000") {
		t.Errorf("the refused line is %s", refused.body)
	}
	v.sendFile("/campagnes/2025/import", "t.csv", "a;b\n", "verifier").is(422).says("Colonne manquante")
	if book := v.get("/campagnes/2025/reponses.xlsx").ok(); !strings.HasPrefix(book.body, "PK") {
		t.Error("the workbook is none")
	}
}

// A closed campaign says who sent and who did not, by region too, with the coverage
// that is kept, and its list narrows by both.
func TestProgressIsByStandingAndRegion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Admin)
	page := v.get("/campagnes/2024").ok().says("18 questionnaires envoyés sur 150", "Clos, réponses gardées (18)", "Clos sans réponse (132)", "Taux de réponse par région", "Couverture de toute la région", "Auvergne-Rhône-Alpes")
	if strings.Contains(page.body, "Clos sans réponse (150)") {
		t.Error("nobody answered, says the page")
	}
	v.get("/campagnes/2024?region=84&etat=kept").ok().says("18 structures", "Clos, réponses gardées (18)")
	v.get("/campagnes/2024?region=32&etat=kept").ok().says("0 structure")
}

// Who administers prepares, opens, postpones and closes; a mistake is located and nothing is lost.
func TestACampaignIsPreparedOpenedAndClosed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Admin)
	v.get("/campagnes").ok().says("Campagne 2025", "Ouverte", "Campagne 2024", "Close")
	bad := v.post("/campagnes", url.Values{"annee": {"2031"}, "ouvre": {"2026-11-20"}, "ferme": {"2026-12-20"}, "indicateur": {"C03"}}).is(422).says("Une année entre 2008 et 2026")
	if !strings.Contains(bad.body, `value="2031"`) {
		t.Error("what was typed is lost")
	}
	v.post("/campagnes", url.Values{"annee": {"2023"}, "ouvre": {"2026-11-20"}, "ferme": {"2026-12-20"}, "indicateur": {"R4.2"}}).ok().says("Campagne 2023", "En préparation", "10 questions")
	draft := hidden(v.get("/campagnes/2023").ok())
	draft.Set("geste", "ouvrir")
	opened := v.post("/campagnes/2023", draft).ok().says("La campagne est ouverte")
	form := hidden(opened)
	form.Set("geste", "reporter")
	form.Set("ferme", "2026-11-01")
	v.post("/campagnes/2023", form).is(422).says("Le dernier jour vient après le premier")
	form.Set("ferme", "2027-01-15")
	form = hidden(v.post("/campagnes/2023", form).ok().says("vendredi 15 janvier 2027"))
	form.Set("geste", "fermer")
	v.post("/campagnes/2023", form).ok().says("La campagne se clôt", "En cours de clôture")
	officer := s.visit(t, accounts.Officer)
	officer.post("/campagnes/2025", url.Values{"revision": {"2"}, "geste": {"fermer"}}).is(http.StatusForbidden)
	if strings.Contains(officer.get("/campagnes").ok().body, "Préparer une campagne") {
		t.Error("an officer of two départements prepares campaigns")
	}
}
