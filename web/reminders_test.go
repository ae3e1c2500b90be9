package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/calls"
	"maillage/followup/contacts"
	"maillage/followup/dossier"
	"maillage/followup/escalation"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/opportunities"
	"maillage/territories"
)

// aDigest is a letter of reminders with one of everything.
func aDigest() escalation.Digest {
	at := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	lot := func(id int64, title string) matching.LotHead {
		return matching.LotHead{ID: opportunities.LotID(id), OpportunityID: opportunities.ID(id), Number: "1", Title: title, Opportunity: title, Buyer: "Ville de Crest", Deadline: &at}
	}
	gone := lot(6, "Désherbage du <cimetière>")
	gone.Deadline = nil
	return escalation.Digest{
		Changes: []escalation.Change{{Match: 1, Lot: lot(1, "Jardins & cours"), Changes: []opportunities.Fresh{{Change: opportunities.Change{Field: "deadline", Before: "2026-11-30T11:00:00Z", After: "2026-12-07T11:00:00Z"}}}}},
		Wider:   []escalation.Reminder{{Match: 2, Lot: lot(2, "Berges de la Drôme")}},
		Reminders: []escalation.Reminder{{Match: 3, Lot: lot(3, "Haies"), Step: 1, Days: 2}, {Match: 4, Lot: lot(4, "Tonte"), Step: 3, Days: 10, Last: true},
			{Match: 6, Lot: gone, Step: 2, Days: 5}},
		Passed: []escalation.Waiting{{Organisation: matching.OrganisationHead{ID: 9, Name: "Brindesaule"}, Rung: escalation.Region,
			Matches: []escalation.Reminder{{Match: 5, Lot: lot(5, "Massifs")}, {Match: 6, Lot: gone}, {Match: 7, Lot: lot(7, "Allées")}, {Match: 8, Lot: lot(8, "Fossés")}}}},
		Offers:   []escalation.Offer{{Lot: lot(10, "Ménage des écoles"), Days: 9, To: territories.Ref{Kind: territories.KindEPCI, Code: "200040509"}, Name: "CC du Crestois"}},
		Promises: []contacts.Line{{Contact: contacts.Contact{Promise: "Envoyer deux noms", PromisedFor: "2026-11-23"}, Name: "Brindesaule"}},
		Tenures:  map[escalation.Step]int{"in_post_3": 2, "in_post_6": 1},
		Awards:   []escalation.Awarded{{Match: 11, Lot: lot(11, "Parcs & squares")}},
		Asked: []escalation.Asked{{Match: 12, Lot: lot(12, "Collecte des <cartons>"), By: matching.OrganisationHead{ID: 9, Name: "Brindesaule"}, Role: followup.Lead},
			{Lot: gone, By: matching.OrganisationHead{ID: 8, Name: "Ronce"}, Role: followup.Partner}},
		Interests: []escalation.Interested{{Call: 13, Title: "Un binôme pour les berges", Name: "Les Lampions", Word: "Une équipe de 4, <dès mars> & un fourgon"}},
		Settled:   []escalation.Settled{{Call: 18, Title: "Un atelier à deux", State: calls.Accepted}, {Call: 19, Title: "Un four à reprendre", State: calls.Declined}},
		Pieces: []escalation.Lapsing{{Piece: dossier.Piece{ValidUntil: "2026-11-20"}, Kind: dossier.Kind{Name: fault.Text{FR: "Attestation de vigilance", EN: "Certificate of social contributions"}}, Gone: true},
			{Piece: dossier.Piece{Title: "véhicules", ValidUntil: "2026-12-20"}, Kind: dossier.Kind{Name: fault.Text{FR: "Attestation d’assurance", EN: "Certificate of insurance"}}}},
		Ended: []escalation.Ended{{Call: 14, Title: "Un local à partager", State: calls.Accepted}, {Call: 15, Title: "Une cuisine à reprendre", State: calls.Declined},
			{Call: 16, Title: "Un camion à deux", State: calls.Expressed}, {Call: 17, Title: "Un atelier commun", State: calls.Expressed, Cancelled: true}},
		Others: map[escalation.Subject]int{escalation.OfMatch: 4, escalation.OfInterest: 2},
	}
}

func TestALetterOfReminders(t *testing.T) {
	t.Parallel()
	drawn, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	letters, err := NewLetters("https://maillage.example.org/", drawn.Atlas(), testkit.NewClock(monday).Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Langs() {
		m, err := letters.Reminders(accounts.User{Name: "Zoé Martin", Lang: string(lang)}, aDigest(), "s3cr3t").Message("zoe@exemple.fr", "Zoé Martin")
		if err != nil {
			t.Fatal(err)
		}
		if m.Stop != "https://maillage.example.org/desabonnement/s3cr3t" {
			t.Errorf("it ends at %q", m.Stop)
		}
		golden(t, "reminders."+string(lang)+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, "reminders."+string(lang)+".html", m.HTML)
		if key := unsaid().FindString(m.Text); key != "" {
			t.Errorf("it shows the key %s (%s)", key, lang)
		}
	}
}

// TestAnOfficerLooksFurther: one gesture on Monday's page, said, and nobody else's.
func TestAnOfficerLooksFurther(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	page := v.get(mondayPath).ok().says("Entreprises qui ne répondent pas", "Lots à proposer plus loin", "Personne n’est intéressé")
	lot, to := find(page.body, `action="(/lundi/lots/\d+)"`), find(page.body, `name="ou" value="([^"]+)"`)
	s.visit(t, accounts.Member).post(lot, url.Values{"ou": {to}}).is(http.StatusForbidden)
	v.post(lot, url.Values{"ou": {"commune:26108"}}).is(http.StatusConflict)
	v.post(lot, url.Values{"ou": {to}}).ok().says("La recherche est élargie")
	if strings.Contains(v.get(mondayPath).ok().body, `action="`+lot+`"`) {
		t.Error("it is offered again at once")
	}
	v.post(lot, url.Values{"ou": {to}}).ok()
}

func TestAnAbsenceIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.get(absencesPath).ok().says("Personne n’est absent", "Vous êtes seul·e", "Qui vous suit", "Camille Démonstration")
	v.post(absencesPath, url.Values{"du": {"2026-12-24"}, "au": {"2026-12-20"}}).is(422).says("Le dernier jour vient avant le premier").holds(`value="2026-12-24"`)
	v.post(absencesPath, url.Values{"du": {"2026-12-21"}, "au": {"2026-12-31"}}).ok().says("L’absence est notée", "à venir", "Personne ne remplace")
	v.post(absencesPath, url.Values{"du": {"2026-12-30"}, "au": {"2027-01-05"}}).is(422).says("Une autre absence")
	cancel := find(v.get(absencesPath).body, `action="(/absences/\d+)"`)
	s.visit(t, accounts.Officer).post(cancel, nil).is(http.StatusNotFound)
	v.post(cancel, nil).ok().says("L’absence est levée", "Personne n’est absent")
}

func TestThePaceIsSetOnItsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Admin)
	v.get(pacePath).ok().holds(`value="2, 5, 10"`)
	form := url.Values{"revision": {"1"}, "relances": {"3, trois"}, "charge": {"2"}, "suivant": {"4"}, "elargir": {"99"}}
	v.post(pacePath, form).is(422).says("De 1 à 60 jours ouvrés").holds(`value="3, trois"`)
	form.Set("relances", "3 8")
	form.Set("elargir", "6")
	v.post(pacePath, form).ok().says("Le rythme des relances est changé").holds(`value="3, 8"`)
	form.Set("charge", "9")
	v.post(pacePath, form).is(http.StatusPreconditionFailed)
	s.visit(t, accounts.Officer).get(pacePath).is(http.StatusForbidden)
}

// TestRemindersAreStopped: on their page, or by the secret of a letter, as a mail
// program does.
func TestRemindersAreStopped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Member)
	v.post(remindersPath, url.Values{"lettres": {"non"}}).ok().says("Vous ne recevrez plus ces lettres", "Vous ne les recevez pas")
	v.post(remindersPath, url.Values{"lettres": {"oui"}}).ok().says("Vous les recevez")
	stop := s.reminded(t)
	visitor := s.visit(t, accounts.Public)
	visitor.get(stop).ok().says("les lettres qui rappellent ce qui vous attend")
	v.get(remindersPath).ok().says("Vous les recevez")
	visitor.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	visitor.post(stop, url.Values{"List-Unsubscribe": {"One-Click"}}).ok().says("Ces lettres ne viendront plus")
	v.get(remindersPath).ok().says("Vous ne les recevez pas")
	visitor.get(stop).ok().says("Ces lettres ne viendront plus")
}

// reminded writes the letter of a week later to the member, and gives the address
// that ends such letters.
func (s *site) reminded(t *testing.T) string {
	t.Helper()
	box := &mail.Fake{}
	letters, err := NewLetters("https://maillage.example.org", s.cfg.Atlas, s.cfg.Clock)
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.cfg.Reminders.Config
	cfg.Mail, cfg.Words, cfg.Now = box, letters, testkit.NewClock("2026-11-30T09:00:00Z").Now
	if _, err := escalation.NewService(cfg).Remind(accounts.With(t.Context(), accounts.TheSystem())); err != nil {
		t.Fatal(err)
	}
	var ids []escalation.LetterID
	if err := s.st.Read().NewRaw("SELECT rl.id FROM reminder_letters rl JOIN users u ON u.id = rl.user_id WHERE u.role = 'member' ORDER BY rl.id").Scan(t.Context(), &ids); err != nil || len(ids) == 0 {
		t.Fatalf("letters of the member: %v %v", ids, err)
	}
	if err := escalation.NewService(cfg).DeliverLetter(accounts.With(t.Context(), accounts.TheSystem()), escalation.SendLetter{ID: ids[0]}); err != nil {
		t.Fatal(err)
	}
	sent := box.Sent()
	if len(sent) != 1 {
		t.Fatalf("%d letters", len(sent))
	}
	return strings.TrimPrefix(sent[0].Stop, "https://maillage.example.org")
}

// holds expects a piece of markup, such as the value of a field.
func (a *answer) holds(markup string) *answer {
	a.t.Helper()
	if !strings.Contains(a.body, markup) {
		a.t.Errorf("%s does not hold %s", a.path, markup)
	}
	return a
}
