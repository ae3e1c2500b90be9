package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/followup/quality"
	"maillage/followup/questions"
	"maillage/internal/testkit"
)

// whole is what a browser would send of the forms of a page: fields, lists and areas.
func whole(a *answer) url.Values {
	form := hidden(a)
	for _, m := range regexp.MustCompile(`(?s)<select[^>]*>.*?</select>`).FindAllString(a.body, -1) {
		form.Set(attribute(m, "name"), find(m, `<option value="([^"]*)" selected>`))
	}
	for _, m := range regexp.MustCompile(`(?s)(<textarea[^>]*>)(.*?)</textarea>`).FindAllStringSubmatch(a.body, -1) {
		form.Set(attribute(m[1], "name"), html.UnescapeString(m[2]))
	}
	return form
}

// A member engages; its officer writes the audit and the committee's decision; the
// public page of the structure shows the certificate, and a mistake loses nothing.
func TestACertificationIsFollowedByThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get("/entreprise").ok().link("/entreprise/qualite")
	v.post("/entreprise/qualite", url.Values{"label": {"iso14001"}, "le": {"2027-01-01"}}).is(422).says("Ce jour n’est pas encore venu")
	mine := v.post("/entreprise/qualite", url.Values{"label": {"iso14001"}, "le": {"2026-01-10"}}).ok().says("La démarche est ouverte", "Engagée")
	path := mine.url.Path
	officer := s.visit(t, accounts.Officer)
	form := hidden(officer.get(path).ok())
	form.Set("geste", "audited")
	for name, value := range map[string]string{"le": "2026-10-01", "audit": "initial", "organisme": "Certifor", "mineurs": "2", "majeurs": "1", "resultat": "conform"} {
		form.Set(name, value)
	}
	refused := officer.post(path, form).is(422).says("Un écart majeur reste à corriger")
	if !strings.Contains(refused.body, `value="Certifor"`) {
		t.Error("what was typed is lost")
	}
	form.Set("resultat", "to_correct")
	form = hidden(officer.post(path, form).ok().says("L’étape est notée", "Comité attendu", "1 écart majeur"))
	for name, value := range map[string]string{"geste": "decided", "le": "2026-11-02", "resultat": "granted"} {
		form.Set(name, value)
	}
	officer.post(path, form).ok().says("Certifiée", "1er novembre 2029")
	officer.post(path, form).is(412)
	v.get(path).ok().says("comité, accordé")
	v.get(v.get("/entreprise").ok().link(`/membres/\d+`)).ok().says("ISO 14001")
	s.visit(t, accounts.Public).get("/qualite").ok().says("ISO 14001", "Par région")
	if table := officer.get("/qualite/suivi.csv?label=iso14001").ok(); !strings.Contains(table.body, ";Certifiée;2026-11-02;2029-11-01;") {
		t.Errorf("the table is %s", table.body)
	}
	if table := v.get("/qualite.csv").ok(); !strings.HasPrefix(table.body, "\uFEFFcoupe;code;nom") {
		t.Error("the figures are no table")
	}
}

// An officer proposes, publishes, moves; a member books, and its calendar follows.
func TestAnEventIsHeldByThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, v := s.visit(t, accounts.Officer), s.visit(t, accounts.Member)
	form := url.Values{"nature": {"training"}, "titre": {"Chiffrer une offre"}, "pour": {"network"}, "debut": {"2026-12-10T14:00"}, "fin": {"2026-12-10T12:00"}, "lieu": {"Valence"}, "commune": {"Valence (Drôme)"}, "territoire": {"Drôme"}, "places": {"2"},
		"organise": {find(officer.get("/agenda/nouveau").ok().body, `<option value="(\d+)" selected>Maillage`)}, "documents": {"Programme https://exemple.example/p.pdf"}}
	refused := officer.post("/agenda/nouveau", form).is(422).says("La fin vient après le début")
	if !strings.Contains(refused.body, `value="Chiffrer une offre"`) || !strings.Contains(refused.body, "exemple.example/p.pdf") {
		t.Error("what was typed is lost")
	}
	form.Set("fin", "2026-12-10T17:00")
	made := officer.post("/agenda/nouveau", form).ok().says("L’événement est enregistré", "Brouillon")
	path := made.url.Path
	v.get(path).is(http.StatusNotFound)
	gesture := hidden(made)
	gesture.Set("geste", "publier")
	officer.post(path+"/gerer", gesture).ok().says("L’événement est publié")
	v.post(path, url.Values{"geste": {"inscrire"}, "noms": {" \n"}}).is(422).says("Donnez de 1 à 20 noms")
	v.post(path, url.Values{"geste": {"inscrire"}, "noms": {"Ada Une\nBo Deux"}}).ok().says("Vos places sont réservées", "Vos 2 places sont réservées")
	s.visit(t, accounts.Counsellor).post(path, url.Values{"geste": {"inscrire"}, "noms": {"Cléo Trois"}}).ok().says("Vous êtes sur la liste d’attente")
	secret := find(v.post("/agenda", url.Values{"geste": {"lien"}}).ok().body, `(/flux/[\w-]+/agenda\.ics)`)
	if calendar := s.visit(t, accounts.Public).get(secret).ok(); !strings.Contains(calendar.body, "DTSTART:20261210T130000Z") {
		t.Errorf("the calendar is %s", calendar.body)
	}
	edit := whole(officer.get(path + "/modifier").ok().says("prévient les inscrits"))
	if edit.Get("debut") != "2026-12-10T14:00" || edit.Get("documents") != "Programme https://exemple.example/p.pdf" {
		t.Errorf("the form forgets: %v", edit)
	}
	edit.Set("debut", "2026-12-11T14:00")
	edit.Set("fin", "2026-12-11T17:00")
	officer.post(path+"/modifier", edit).ok().says("Vendredi 11 décembre")
	officer.get(path+"/presence").ok().says("Ada Une", "Bo Deux", "Liste d’attente", "Cléo Trois")
	v.post(path, url.Values{"geste": {"renoncer"}}).ok().says("Vos places sont rendues")
	if table := officer.get(path + "/presence.csv").ok(); !strings.Contains(table.body, "Cléo Trois;place réservée;") {
		t.Errorf("who waited does not pass: %s", table.body)
	}
	v.get(path + "/presence").is(http.StatusForbidden)
}

// A member asks and is offered what is near first; its officer answers and
// publishes; the published text names nobody.
func TestAQuestionIsAnsweredByThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, officer := s.visit(t, accounts.Member), s.visit(t, accounts.Officer)
	form := url.Values{"theme": {"labour"}, "objet": {"Congés payés d’un CDDI"}, "texte": {"Peut-il prendre ses congés payés le premier mois de son CDDI ?"}}
	v.post("/questions/nouvelle", url.Values{"objet": {"x"}}).is(422).says("Choisissez un thème")
	near := v.post("/questions/nouvelle", form).ok().says("Ces réponses vous suffisent peut-être", "Prendre ses congés pendant un CDDI")
	if !strings.Contains(near.body, "Congés payés d’un CDDI") {
		t.Error("what was typed is lost")
	}
	form.Set("objet", "Congés payés et rupture d’un CDDI")
	form.Set("geste", "envoyer")
	path := v.post("/questions/nouvelle", form).ok().says("Votre question est envoyée", "Posée").url.Path
	s.visit(t, accounts.Public).get(path).says("Se connecter")
	desk := hidden(officer.get(path).ok())
	desk.Set("geste", "demander")
	desk.Set("reponse", "Quelle convention collective ?")
	officer.post(path+"/repondre", desk).ok().says("Précision demandée")
	more := hidden(v.get(path).ok().says("Quelle convention collective ?"))
	more.Set("mot", "Celle des ACI.")
	v.post(path, more).ok().says("Votre mot est envoyé")
	desk = hidden(officer.get(path).ok())
	desk.Set("reponse", "Oui.")
	desk.Set("geste", "repondre")
	answered := officer.post(path+"/repondre", desk).ok().says("Répondue", "Publier la réponse")
	text := whole(answered)
	text.Set("p-reponse", "Temps-Bruyère peut l’accorder.")
	officer.post(path+"/publier", text).is(422).says("Ce texte dit qui a demandé")
	text.Set("p-reponse", "Selon l’arrêt Dupont, SIREN 732 829 320.")
	officer.post(path+"/publier", text).is(422).says("un numéro ou une adresse", "732 829 320")
	text.Set("p-reponse", "Selon l’arrêt Madame Veuve Dupont, oui.")
	officer.post(path+"/publier", text).is(422).says("semblent nommer quelqu’un", "Ces mots ne désignent personne")
	text.Set("p-personne", "Madame Veuve Dupont")
	officer.post(path+"/publier", text).ok().says("La réponse est publiée")
	if !strings.Contains(officer.get(path).ok().body, `value="Madame Veuve Dupont" checked`) {
		t.Error("what was confirmed is not told")
	}
	text.Del("p-personne")
	text.Set("p-titre", "Congés et rupture du contrat")
	text.Set("p-reponse", "Ils sont alors payés.")
	officer.post(path+"/publier", text).ok().says("La réponse est publiée")
	found := s.visit(t, accounts.Public).get("/questions?quoi=rupture").ok().says("Congés et rupture du contrat")
	page := s.visit(t, accounts.Public).get(found.link(`/reponses-publiees/\d+`)).ok().says("Ils sont alors payés")
	for _, who := range []string{"Temps-Bruyère", "Dominique", "Crest"} {
		if strings.Contains(page.body, who) {
			t.Errorf("the published answer says %s", who)
		}
	}
	officer.get("/questions/chiffres").ok().says("Délai médian", "Droit du travail")
}

// The letters say what happened, in the language of who reads, without what is private.
func TestLettersOfStructures(t *testing.T) {
	t.Parallel()
	clock := testkit.NewClock(monday)
	drawn, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLetters("https://maillage.example", drawn.Atlas(), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	to := accounts.User{Name: "Ada", Lang: "fr", Role: accounts.Officer}
	says := func(text string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(strings.ReplaceAll(text, nbsp, " "), w) {
				t.Errorf("the letter does not say %q:\n%s", w, text)
			}
		}
	}
	due := []quality.Reminder{{Path: 3, Name: "Atelier", Label: quality.Label{Code: "cedre", Name: "CEDRE"}, Until: "2027-05-23", Step: quality.SixMonths, Renewing: true}}
	m, err := l.Quality(to, due, "s3cr3t").Message("ada@example.org", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	says(m.Subject+m.Text, "Une certification à renouveler", "Atelier, CEDRE", "23 mai 2027", "six mois ou moins", "Renouvellement engagé", "https://maillage.example/qualite/suivi?mois=6")
	e := &agenda.Event{ID: 7, Title: "Chiffrer", Place: "Saint-Denis", Zone: "Indian/Reunion", StartsAt: time.Date(2026, 12, 10, 5, 0, 0, 0, time.UTC), EndsAt: time.Date(2026, 12, 10, 8, 0, 0, 0, time.UTC), Reason: "Grève", Link: "https://visio.example"}
	b := &agenda.Booking{State: agenda.Booked, Attendees: []string{"Ada Une"}}
	for what, words := range map[string][]string{"day-before": {"Demain : Chiffrer", "Jeudi 10 décembre, de 9 h à 12 h (heure locale : La Réunion)", "Ada Une", "visio.example"}, "moved": {"Changement : Chiffrer"}, "promoted": {"Une place pour vous"}, "cancelled": {"Annulé : Chiffrer", "Motif : Grève"}} {
		m, err := l.Agenda(to, what, e, b).Message("ada@example.org", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		says(m.Subject+"\n"+m.Text, append(words, "https://maillage.example/agenda/7")...)
	}
	to.Lang = "en"
	m, err = l.LegalDesk(to, questions.Answer, &questions.Question{ID: 5, Title: "Leave"}).Message("ada@example.org", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	says(m.Subject+m.Text, "An answer to your question", "“Leave”", "https://maillage.example/questions/5")
}
