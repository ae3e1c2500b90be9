package web

import (
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/mail"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// go test ./web -run Letter -update rewrites the letters of testdata; read them in the diff.
var update = flag.Bool("update", false, "rewrite the golden files")

func due(text string) *time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err) // a mistake in the test's own text
	}
	return &t
}

// someNews is a letter with one of everything.
func someNews() opportunities.Digest {
	place := opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26108"}`}
	gardens := &opportunities.Opportunity{ID: 12, Kind: opportunities.Tender, State: opportunities.Published, Title: "Entretien des jardins & des cours", BuyerName: "Ville de Crest", Place: place,
		Deadline: due("2026-12-07T11:00:00Z"), Clause: opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE}}
	school := &opportunities.Opportunity{ID: 13, Kind: opportunities.PrivatePurchase, State: opportunities.Published, Title: "Ménage de l’école", BuyerName: "Association <Les Tilleuls>", Place: place,
		Lots: []opportunities.Lot{{Number: "LOT-0001", Title: "Classes"}, {Number: "LOT-0002", Title: "Cour", Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: 120}}}}
	roof := &opportunities.Opportunity{ID: 14, Kind: opportunities.Tender, State: opportunities.Published, Title: "Réfection d’un toit", BuyerName: "Département", Place: opportunities.Place{Scope: opportunities.WholeCountry}, Deadline: due("2027-01-11T11:00:00Z")}
	bins := &opportunities.Opportunity{ID: 15, Kind: opportunities.Tender, State: opportunities.Cancelled, Title: "Collecte de cartons", BuyerName: "Communauté de communes", Place: place}
	change := func(field string, before, after any) opportunities.Fresh {
		return opportunities.Fresh{Change: opportunities.Change{Field: field, Before: before, After: after}}
	}
	return opportunities.Digest{Letter: opportunities.Letter{ID: 3}, Searches: []opportunities.SearchNews{
		{Search: opportunities.Search{ID: 5, Name: "Autour de Crest"}, Others: map[opportunities.What]int{opportunities.WhatNew: 4},
			Pieces: []opportunities.Piece{{What: opportunities.WhatNew, Opportunity: gardens}, {What: opportunities.WhatCancelled, Opportunity: bins}, {What: opportunities.WhatNew, Opportunity: school}}},
		{Search: opportunities.Search{ID: 6, Name: "Bâtiment"}, Pieces: []opportunities.Piece{{What: opportunities.WhatChanged, Opportunity: roof, Changes: []opportunities.Fresh{
			change("deadline", "2026-12-14T11:00:00Z", "2027-01-11T11:00:00Z"), change("clause", "none", "reserved (siae)"), change("amount", float64(0), float64(90500)),
			change("lots[2].withdrawn", false, true), change("lots[3]", nil, "Charpente"), change("description", "a", "b"), change("lots[1].place", "Crest", "Die"), change("title", "Toit", "Réfection d’un toit")}}}},
	}}
}

func TestALetterOfNews(t *testing.T) {
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
		m, err := letters.News(accounts.User{Name: "Zoé Martin", Lang: string(lang)}, someNews(), "s3cr3t").Message("zoe@exemple.fr", "Zoé Martin")
		if err != nil {
			t.Fatal(err)
		}
		if m.Stop != "https://maillage.example.org/desabonnement/s3cr3t" {
			t.Errorf("it ends at %q", m.Stop)
		}
		golden(t, "news."+string(lang)+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		golden(t, "news."+string(lang)+".html", m.HTML)
		if key := unsaid().FindString(m.Text); key != "" {
			t.Errorf("it shows the key %s (%s)", key, lang)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is no longer this letter:\n%s", path, got)
	}
}

// posted is the site with a post office, at eight on a Monday.
func posted(t *testing.T) (*site, *opportunities.Service, *testkit.Clock, *mail.Fake) {
	t.Helper()
	s := newSite(t)
	clock, box := testkit.NewClock(monday), &mail.Fake{}
	letters, err := NewLetters("https://maillage.example.org", s.cfg.Atlas, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s, opportunities.NewService(opportunities.Config{Store: s.st, Atlas: s.cfg.Atlas, Now: clock.Now, Mail: box, Words: letters}), clock, box
}

// TestASearchWritesAndIsStopped follows a list by letter, reads the preview, the
// letter and its page, and stops it as a mail program does, then as a person does.
func TestASearchWritesAndIsStopped(t *testing.T) {
	t.Parallel()
	s, post, clock, box := posted(t)
	member := s.visit(t, accounts.Member)
	member.post("/recherches?quoi=fauchage", url.Values{"rythme": {"daily"}}).ok().says("Lettre par courriel : Chaque jour ouvré, le matin", "Pour l’instant, 0 nouveauté")
	clock.Advance(time.Hour)
	o := &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Fauchage des talus", BuyerName: "Syndicat des routes", Deadline: due("2026-12-15T11:00:00Z"),
		Place: opportunities.Place{Perimeter: `{"territory":"commune:26108"}`}, Lots: []opportunities.Lot{{Number: "1", Title: "Talus"}}}
	if _, err := post.CreateAndPublish(t.Context(), opportunities.By{}, o); err != nil {
		t.Fatal(err)
	}
	member.get("/recherches/lettre").ok().says("La prochaine lettre", "1 nouvelle opportunité", "Fauchage des talus")
	clock.Advance(24 * time.Hour)
	if n, err := post.WriteLetters(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	member.get("/recherches").ok().says("Une lettre attend d’être envoyée")
	if err := post.DeliverLetter(t.Context(), opportunities.SendLetter{ID: 1}); err != nil {
		t.Fatal(err)
	}
	sent := box.Sent()
	if len(sent) != 1 || !strings.Contains(sent[0].Text, "Fauchage des talus") {
		t.Fatalf("%+v", sent)
	}
	member.get("/recherches").ok().says("Dernière lettre : mardi 24 novembre")
	member.get("/recherches/lettres/1").ok().says("Lettre du mardi 24 novembre 2026", "Fauchage des talus")
	s.visit(t, accounts.Officer).get("/recherches/lettres/1").is(http.StatusNotFound)

	stop := strings.TrimPrefix(sent[0].Stop, "https://maillage.example.org")
	visitor := s.visit(t, accounts.Public)
	a := visitor.get(stop).ok().says("La recherche que vous suivez reste gardée")
	if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page of a secret is kept: %v", a.header)
	}
	member.get("/recherches").ok().says("Chaque jour ouvré") // looking is not stopping
	visitor.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	visitor.post(stop, url.Values{"List-Unsubscribe": {"One-Click"}}).ok().says("Vous ne recevrez plus ces lettres") // without a cookie, nor a redirection
	member.get("/recherches").ok().says("Lettre par courriel : Jamais")
	visitor.get(stop).ok().says("Vous ne recevrez plus")
	visitor.post(stop, url.Values{}).ok()
	visitor.post("/desabonnement/rien", url.Values{}).is(http.StatusGone).says("Ce lien ne fonctionne pas")
	if w := record(s, http.MethodPost, stop, "List-Unsubscribe=One-Click", "Origin", "https://courrier.example", "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusOK {
		t.Errorf("a webmail cannot stop letters: %d", w.Code)
	}
}
