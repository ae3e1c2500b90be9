package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/followup/bulletin"
	"maillage/followup/questions"
	"maillage/internal/mail"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/opportunities"
)

// anIssue is a letter of the week with one of everything that its audience reads.
func anIssue(audience bulletin.Audience) bulletin.Issue {
	at := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	i := bulletin.Issue{Audience: audience, Week: "2026-11-30"}
	if audience != bulletin.Partners {
		i.Matches = []matching.LotHead{{ID: 1, OpportunityID: 1, Title: "Jardins & cours", Opportunity: "Jardins & cours", Buyer: "Ville de Crest", Deadline: &at}, {ID: 2, OpportunityID: 2, Title: "Berges", Opportunity: "Berges", Buyer: "CC <Crestois>"},
			{ID: 3, OpportunityID: 3, Title: "Une cuisine à reprendre", Opportunity: "Une cuisine à reprendre", Deadline: &at}} // a takeover has no buyer
		i.MatchIDs = []matching.ID{11, 12, 13}
	}
	if audience == bulletin.Alert {
		return i
	}
	i.From, i.Word, i.Others = "Maillage Drôme", "Bonne semaine à tous.", 0
	i.Events = []agenda.Row{{Event: agenda.Event{ID: 4, Title: "Atelier achats", Place: "Valence", Zone: "Europe/Paris", StartsAt: at, EndsAt: at.Add(2 * time.Hour)}}}
	i.Answers = []questions.Published{{ID: 5, Title: "Congés et arrêt maladie"}}
	if audience == bulletin.Partners {
		i.Calls = []*opportunities.Opportunity{{ID: 9, Title: "Ménage des écoles", BuyerName: "Ville de Die", Deadline: &at, State: opportunities.Published}}
	} else {
		i.Others = 3
	}
	return i
}

func words(t *testing.T) *Letters {
	t.Helper()
	drawn, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	letters, err := NewLetters("https://maillage.example.org/", drawn.Atlas(), testkit.NewClock(monday).Now)
	if err != nil {
		t.Fatal(err)
	}
	return letters
}

func TestLettersOfTheWeek(t *testing.T) {
	t.Parallel()
	letters := words(t)
	for _, lang := range Langs() {
		all := map[string]mail.Letter{"confirm": letters.Confirm(string(lang), "Maillage Drôme", "s3cr3t")}
		for _, audience := range []bulletin.Audience{bulletin.Members, bulletin.Partners, bulletin.Alert} {
			name := "Zoé Martin"
			if audience == bulletin.Partners {
				name = ""
			}
			all[string(audience)] = letters.Bulletin(string(lang), name, anIssue(audience), "s3cr3t")
		}
		for kind, letter := range all {
			m, err := letter.Message("zoe@exemple.fr", "Zoé Martin")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "bulletin-"+kind+"."+string(lang)+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, "bulletin-"+kind+"."+string(lang)+".html", m.HTML)
			if key := unsaid().FindString(m.Subject + "\n" + m.Text); key != "" {
				t.Errorf("%s shows the key %s (%s)", kind, key, lang)
			}
		}
	}
}

// TestAnOfficerSeesTheLettersBeforeTheyLeave: says a word, holds one, agrees to the
// other, adds and removes a reader; nothing typed is lost.
func TestAnOfficerSeesTheLettersBeforeTheyLeave(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	v.get(bulletinPath).ok().says("Aux membres", "Aux partenaires", "Attend votre accord", "Partira", "Aucun partenaire ne la lit")
	v.post(bulletinPath, url.Values{"lettre": {"partners"}, "revision": {""}, "mot": {"Bonne semaine"}, "decision": {"agreed"}}).ok().says("C’est noté", "Bonne semaine")
	v.post(bulletinPath, url.Values{"lettre": {"partners"}, "revision": {"0"}, "mot": {"Mon texte"}, "decision": {"held"}}).is(422).says("Quelqu’un a modifié", "Mon texte")
	v.post(bulletinPath, url.Values{"lettre": {"members"}, "mot": {strings.Repeat("a", 2001)}}).is(422).says("2 000 caractères au plus")
	v.post(readersPath, url.Values{"courriel": {"zoe"}, "raison": {""}, "territoire": {"Syldavie"}}).is(422).says("Une adresse comme", "Dites pourquoi", "n’est pas compris").holds(`value="Syldavie"`)
	v.post(readersPath, url.Values{"courriel": {"zoe@exemple.fr"}, "raison": {"convention de 2026"}, "territoire": {"Drôme"}}).ok().says("zoe@exemple.fr", "convention de 2026", "La reçoit")
	id := find(v.get(bulletinPath).body, `name="retirer" value="(\d+)"`)
	s.visit(t, accounts.Member).post(readersPath, url.Values{"retirer": {id}}).is(http.StatusForbidden)
	if err := s.cfg.Bounces.Guard(refusing(), false).Send(t.Context(), mail.Message{To: "Zoe@exemple.fr", Subject: "a", Text: "b"}); err == nil {
		t.Fatal("it was taken")
	}
	v.get(bulletinPath).ok().says("Aucune lettre depuis", "refusée à l’envoi")
	s.visit(t, accounts.Member).post(readersPath, url.Values{"reprendre": {id}}).is(http.StatusForbidden)
	for range 2 {
		if r := v.post(readersPath, url.Values{"reprendre": {id}}).ok().says("Les lettres reprennent à cette adresse"); strings.Contains(r.body, "Aucune lettre depuis") {
			t.Error("still suspended")
		}
	}
	v.post(readersPath, url.Values{"retirer": {id}}).ok().says("ne reçoit plus la lettre")
}

// refusing is a server that knows no mailbox.
func refusing() *mail.Fake {
	box := &mail.Fake{}
	box.Fail(fmt.Errorf("550: %w", mail.ErrMailbox))
	return box
}

// TestAVisitorAsksForTheLetter: confirms by the link of a letter, ends it by another.
func TestAVisitorAsksForTheLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Public)
	from := find(v.get(subscribePath).ok().says("Recevoir la lettre du réseau").body, `<option value="(\d+)"`)
	v.post(subscribePath, url.Values{"courriel": {"zoe"}, "association": {from}}).is(422).says("Une adresse comme")
	v.post(subscribePath, url.Values{"courriel": {"zoe@exemple.fr"}, "association": {from}, "territoire": {"Drôme"}}).ok().says("Regardez votre boîte aux lettres")
	relay := testkit.NewRelay(t, "250 ok")
	cfg := s.cfg.Bulletin.Config
	var err error
	if cfg.Mail, err = mail.Open(mail.Config{URL: relay.URL}); err != nil {
		t.Fatal(err)
	}
	cfg.Words = words(t)
	var id int64
	if err := s.st.Read().NewRaw("SELECT max(id) FROM bulletin_partners").Scan(t.Context(), &id); err != nil {
		t.Fatal(err)
	}
	if err := bulletin.NewService(cfg).DeliverConfirm(t.Context(), bulletin.SendConfirm{ID: bulletin.PartnerID(id)}); err != nil {
		t.Fatal(err)
	}
	got := received(t, relay.Letters()[0])
	link := find(got.text, `maillage\.example\.org(/lettre/confirmer/[\w-]+)`)
	v.get(link).ok().says("Oui, je veux la recevoir")
	v.post(link, nil).ok().says("C’est confirmé")
	v.post(link, nil).ok()
	v.get(subscribePath + "/confirmer/abcdef").is(http.StatusGone)
	if n := strconv.FormatInt(id, 10); n == "" || got.header.Get("List-Unsubscribe") != "" {
		t.Error("a letter that asks to confirm has nothing to end")
	}
}
