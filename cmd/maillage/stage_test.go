package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
	"maillage/demo"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/tenders"
)

// monday is the day of the tests: a Monday morning of November.
const monday = "2026-11-23T08:00:00Z"

// site is the whole program on loopback, over a database of its own.
type site struct {
	*platform
	url    string
	outbox string
}

// stage opens a platform on a database and tells where its letters go.
func stage(database, siteURL, outbox string) (*platform, error) {
	e := newEnv(context.Background(), &cli{Lang: "fr", Database: database}, strings.NewReader(""), io.Discard, io.Discard)
	e.now, e.keys = testkit.NewClock(monday).Now, demo.IdentityKey
	e.log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	sender, err := mail.Open(mail.Config{Folder: outbox, Now: e.now})
	if err != nil {
		return nil, err
	}
	return e.platform(outside{mail: sender, site: siteURL})
}

// serveSite serves a database, with workers when the test changes things.
func serveSite(t testing.TB, database string, isDemo, workers bool) *site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := &site{url: "http://" + server.Listener.Addr().String(), outbox: t.TempDir()}
	p, err := stage(database, s.url, s.outbox)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	s.platform = p
	pages, err := p.site(&serveCmd{Demo: isDemo})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = pages
	server.Start()
	t.Cleanup(server.Close)
	if workers {
		s.work(t)
	}
	return s
}

func (s *site) work(t testing.TB) {
	t.Helper()
	pool, err := s.platform.work(context.Background(), crew{Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := pool.Stop(ctx); err != nil {
			t.Errorf("stop the workers: %v", err)
		}
	})
}

// loaded is the demonstration with its matches, made once: a test's own is a copy.
var loaded = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "maillage-demo-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p, err := stage(filepath.Join(dir, "demo.db"), "http://localhost", dir)
	if err != nil {
		return nil, err
	}
	defer p.close()
	if err := p.fill(); err != nil {
		return nil, err
	}
	copied := filepath.Join(dir, "copy.db")
	if err := p.store.Backup(context.Background(), copied); err != nil {
		return nil, err
	}
	return os.ReadFile(copied)
})

// fill loads the demonstration and its matches; nothing is left to do for workers.
func (p *platform) fill() error {
	ctx := p.env.system()
	if _, err := demo.Load(ctx, demo.Config{Store: p.store, Atlas: p.atlas, Accounts: p.accounts, Network: p.network, Now: p.env.now}); err != nil {
		return err
	}
	if err := p.matching.Rebuild(ctx, nil); err != nil {
		return err
	}
	return p.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE river_job SET state = 'completed', finalized_at = created_at").Exec(ctx)
		return err
	})
}

// demoSite serves the demonstration on SQLite; with workers for a test that writes.
func demoSite(t testing.TB, workers bool) *site {
	t.Helper()
	chromium(t)
	raw, err := loaded()
	if err != nil {
		t.Fatalf("make the demonstration: %v", err)
	}
	path := filepath.Join(t.TempDir(), "demo.db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return serveSite(t, path, true, workers)
}

// settled waits until no job is left.
func (s *site) settled(t testing.TB) {
	t.Helper()
	for range 600 {
		counts, err := s.store.JobCounts(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(counts, func(c store.JobCount) bool {
			return slices.Contains([]string{"available", "running", "retryable", "scheduled"}, c.State)
		}) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("jobs are still waiting after half a minute")
}

// persona is the account of the demonstration that has a role.
func persona(t testing.TB, role accounts.Role) demo.Persona {
	t.Helper()
	for _, p := range demo.Personas() {
		if p.Role == role {
			return p
		}
	}
	t.Fatalf("the demonstration has no %s", role)
	return demo.Persona{}
}

// as is a visitor who signed in through the form.
func (s *site) as(t testing.TB, role accounts.Role) *visitor {
	t.Helper()
	return s.visit(t).signIn(persona(t, role).Email, demo.Password)
}

func (v *visitor) signIn(email, password string) *visitor {
	v.t.Helper()
	v.open("/connexion").fill("Adresse électronique", email).fill("Mot de passe", password)
	if status := v.pressIn("main", "Se connecter"); status != http.StatusOK {
		v.t.Fatalf("signing in as %s answers %d\n%s", email, status, v.seen())
	}
	v.do(chromedp.WaitVisible(chromedp.CSS("details.menu")))
	return v
}

var linkInLetter = regexp.MustCompile(`http://[^\s"<>]+/(?:invitation|reset)/[^\s"<>]+`)

// letter waits for a letter to an address and gives the path of the link in it.
func (s *site) letter(t testing.TB, to string) string {
	t.Helper()
	for range 200 {
		files, _ := filepath.Glob(filepath.Join(s.outbox, "*.eml"))
		slices.Sort(files)
		for _, file := range slices.Backward(files) {
			if text := letterText(t, file, to); text != "" {
				return strings.TrimPrefix(linkInLetter.FindString(text), s.url)
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("no letter to %s in twenty seconds", to)
	return ""
}

// letterText is the plain text of a letter to an address, "" when it is to somebody else.
func letterText(t testing.TB, file, to string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return testkit.LetterText(t, string(raw), to)
}

// otherMatch is a match of an enterprise that is not the member's.
func (s *site) otherMatch(t testing.TB) int64 {
	t.Helper()
	users, err := s.accounts.Users(s.env.system(), accounts.UserFilter{Role: accounts.Member, Limit: 1})
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	var id int64
	err = s.store.Read().NewRaw("SELECT min(id) FROM matches WHERE organisation_id <> ? AND state = 'proposed'", users[0].OrganisationID).Scan(context.Background(), &id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// quarantine imports a notice that cannot be read and gives the text that it should have been.
func (s *site) quarantine(t testing.TB) string {
	t.Helper()
	good := `{"idweb":"26-999001","objet":"Marché de relecture des panneaux","nomacheteur":"Ville de Crest","nature":"APPEL_OFFRE","etat":"INITIAL","dateparution":"2026-11-20"}`
	path := filepath.Join(t.TempDir(), "avis.jsonl")
	if err := os.WriteFile(path, []byte(strings.Replace(good, "APPEL_OFFRE", "RIEN_DE_CONNU", 1)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := s.tenders.Import(s.env.system(), []string{path}, tenders.ImportOptions{})
	if err != nil || report.Quarantined != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	return good
}

// source keeps a source of notices that is off.
func (s *site) source(t testing.TB) string {
	t.Helper()
	feed := tenders.Proposed()[0]
	if err := tenders.NewSources(s.tenders, nil).Configure(s.env.system(), feed); err != nil {
		t.Fatal(err)
	}
	return feed.Name
}

// pair imports two calls that look alike, for an officer to judge.
func (s *site) pair(t testing.TB) {
	t.Helper()
	call := `{"idweb":"26-99900%d","objet":"Collecte des encombrants de la ville de Crest : %s","nomacheteur":"Ville de Crest","nature":"APPEL_OFFRE","etat":"INITIAL","dateparution":"2026-11-20","datelimitereponse":"2026-12-20T12:00:00+00:00","code_departement":["26"]}`
	path := filepath.Join(t.TempDir(), "paire.jsonl")
	if err := os.WriteFile(path, fmt.Appendf(nil, call+"\n"+call+"\n", 2, "mise en oeuvre", 3, "exploitation"), 0o600); err != nil {
		t.Fatal(err)
	}
	if report, err := s.tenders.Import(s.env.system(), []string{path}, tenders.ImportOptions{}); err != nil || report.Made != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	s.id(t, "SELECT id FROM procurement_pairs")
}

// grouped keeps a group of the first member and another for the first lot that two
// of the network cover, with something to check; it gives the lot and the group.
func (s *site) grouped(t testing.TB) (lot, group int64) {
	t.Helper()
	users, err := s.accounts.Users(s.env.system(), accounts.UserFilter{Role: accounts.Member, Limit: 1})
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	mine := network.ID(users[0].OrganisationID)
	lot = s.id(t, "SELECT lot_id FROM matches WHERE state = 'proposed' AND lot_id IN (SELECT lot_id FROM matches WHERE organisation_id = ? AND state = 'proposed') GROUP BY lot_id ORDER BY count(*) DESC, lot_id LIMIT 1", users[0].OrganisationID)
	other := network.ID(s.id(t, "SELECT min(organisation_id) FROM matches WHERE lot_id = ? AND organisation_id <> ?", lot, users[0].OrganisationID))
	for i, key := range []string{"a", "b"} {
		lead := []network.ID{mine, other}[i]
		made, err := s.matching.CreateConsortium(s.env.system(), matching.By{}, &matching.Consortium{LotID: opportunities.LotID(lot), Key: key, Name: "Groupement des rives",
			Form: matching.JointBacked, LeadID: lead, Coverage: 0.8, Members: []matching.Partner{{OrganisationID: mine, Share: 0.6, Tasks: "Espaces verts"}, {OrganisationID: other, Share: 0.2}}})
		if err != nil {
			t.Fatal(err)
		}
		group = int64(made.ID)
	}
	return lot, group
}

// together finds a lot of the officer's perimeter that no enterprise covers
// alone and several do.
func (s *site) together(t testing.TB) (lot int64) {
	t.Helper()
	var ids []int64
	err := s.store.Read().NewRaw("SELECT l.id FROM lots AS l JOIN opportunities AS o ON o.id = l.opportunity_id WHERE o.kind = 'tender' AND o.state = 'published' AND o.place LIKE '%:26%' ORDER BY l.id LIMIT 40").Scan(t.Context(), &ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		found, err := s.matching.Compose(s.env.system(), opportunities.LotID(id), matching.ComposeQuery{})
		if err == nil && len(found.Result.Best.Members) > 1 {
			return id
		}
	}
	t.Fatal("no lot of the demonstration asks for a group")
	return 0
}

// asMember is the context in which the first member acts.
func (s *site) asMember(t testing.TB) context.Context {
	t.Helper()
	users, err := s.accounts.Users(s.env.system(), accounts.UserFilter{Role: accounts.Member, Limit: 1})
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	return accounts.With(context.Background(), accounts.Identity{UserID: users[0].ID, Role: accounts.Member})
}

// lettered sends a member a letter of news of what the demonstration holds; it
// gives the letter's number and the path that ends such letters. What is new
// after it awaits the next one.
func (s *site) lettered(t testing.TB) (letter int64, stop string) {
	t.Helper()
	for _, name := range []string{"Espaces verts", "Tous les marchés"} {
		if _, err := s.opportunities.SaveSearch(s.asMember(t), name, opportunities.Criteria{Text: map[string]string{"Espaces verts": "espaces verts"}[name]}, opportunities.Daily); err != nil {
			t.Fatal(err)
		}
	}
	s.exec(t, "UPDATE searches SET news_since = '2026-11-19 08:00:00+00:00', told_until = '2026-11-19 08:00:00+00:00' WHERE frequency = 'daily'")
	if n, err := s.opportunities.WriteLetters(s.env.system()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	letter = s.id(t, "SELECT max(id) FROM search_letters")
	if err := s.opportunities.DeliverLetter(s.env.system(), opportunities.SendLetter{ID: opportunities.LetterID(letter)}); err != nil {
		t.Fatal(err)
	}
	s.exec(t, "DELETE FROM search_news WHERE opportunity_id % 2 = 0") // half of it awaits the next letter
	s.exec(t, "UPDATE searches SET told_until = '2026-11-19 08:00:00+00:00' WHERE frequency = 'daily'")
	files, _ := filepath.Glob(filepath.Join(s.outbox, "*.eml"))
	if len(files) != 1 {
		t.Fatalf("letters: %v", files)
	}
	found := stopInLetter.FindString(letterText(t, files[0], "@"))
	if found == "" {
		t.Fatal("the letter does not say how to end such letters")
	}
	return letter, found
}

var stopInLetter = regexp.MustCompile(`/desabonnement/[\w-]+`)

// followed is the secret of a search that a member saved.
func (s *site) followed(t testing.TB) string {
	t.Helper()
	ctx := s.asMember(t)
	kept, err := s.opportunities.SaveSearch(ctx, "Autour de Crest", opportunities.Criteria{Text: "espaces verts"}, opportunities.Silent)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := s.opportunities.LinkSearch(ctx, kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// mend stands for a version of the program that reads what an earlier one refused.
func (s *site) mend(t testing.TB, good string) {
	t.Helper()
	s.exec(t, "UPDATE notice_quarantine SET raw = ?", good)
}

func (s *site) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	err := s.store.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
