package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/webhooks"
	"maillage/internal/testkit"
)

// TestAProgramIsToldFromAPage: registered, its secret shown once, tested, turned off
// and on, deleted; nothing typed is lost, and nobody else sees it.
func TestAProgramIsToldFromAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	v.get("/mes-donnees").ok().says("Mes webhooks")
	form := url.Values{"nom": {"Tableau de bord"}, "adresse": {"https://10.0.0.1/crochet"}, "evenement": {"answer.changed"}}
	v.post(webhooksPath, form).is(422).says("Une adresse publique en https").holds(`value="https://10.0.0.1/crochet"`).holds(`value="answer.changed" checked`)
	form.Set("adresse", "https://outil.example.org/crochet")
	made := v.post(webhooksPath, form).ok().says("La clé de signature", "elle n’est montrée qu’une fois")
	secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{44}`)
	shown := secret.FindString(strings.ReplaceAll(made.body, "&#43;", "+"))
	if shown == "" || made.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the secret is %q (%s)", shown, made.header.Get("Cache-Control"))
	}
	path := v.get(webhooksPath).ok().says("Tableau de bord", "État d’une réponse").link(webhooksPath + `/\d+`)
	if page := v.get(path).ok().says("Rien n’a encore été envoyé"); secret.MatchString(page.body) {
		t.Error("the secret is shown twice")
	}
	v.post(path, url.Values{"faire": {"essayer"}}).ok().says("Un message d’essai part", "Message d’essai", "En cours d’envoi", "webhook.test")
	v.post(path, url.Values{"faire": {"secret"}}).ok().says("La clé de signature", "L’ancienne clé signe encore")
	v.post(path, url.Values{"revision": {"1"}, "nom": {"Autre"}, "adresse": {"https://outil.example.org/"}, "evenement": {"match.proposed"}}).is(http.StatusUnprocessableEntity).says("Quelqu’un a modifié").holds(`value="Autre"`)
	v.post(path, url.Values{"faire": {"arreter"}}).ok().says("Désactivée par vous")
	v.post(path, url.Values{"faire": {"reprendre"}}).ok().says("L’adresse est réactivée")
	s.visit(t, accounts.Member).get(path).is(http.StatusNotFound)
	s.visit(t, accounts.Employer).get(webhooksPath).is(http.StatusForbidden)
	v.post(path, url.Values{"faire": {"supprimer"}}).ok().says("L’adresse est supprimée")
	v.get(path).is(http.StatusNotFound)
}

func TestALetterOfAWebhook(t *testing.T) {
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
		w := webhooks.Webhook{ID: 3, Name: "Notre <logiciel>", Off: webhooks.ByFailures, OffAt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
		m, err := letters.WebhookOff(accounts.User{Name: "Zoé Martin", Lang: string(lang)}, w).Message("zoe@exemple.fr", "Zoé Martin")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "webhook."+string(lang)+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, "webhook."+string(lang)+".html", m.HTML)
		if key := unsaid().FindString(m.Text); key != "" {
			t.Errorf("it shows the key %s (%s)", key, lang)
		}
	}
}
