package webhooks_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/webhooks"
	"maillage/internal/mail"
	"maillage/internal/outbound"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is an enterprise of Crest and one of Brest, an account of the first, an
// officer of the Drôme, and a program that is told.
type house struct {
	*webhooks.Service
	t       testing.TB
	st      *store.Store
	clock   *testkit.Clock
	network *network.Service
	lots    *opportunities.Service
	matches *matching.Service
	follow  *followup.Service
	sent    *mail.Fake
	program *program

	crest, brest *network.Organisation
	alix, drome  accounts.Identity
}

// program receives what is sent to an address, and answers a status.
type program struct {
	url    string
	roots  *x509.CertPool
	mu     sync.Mutex
	status int
	got    []received
}

type received struct {
	header http.Header
	body   string
}

func newProgram(t testing.TB) *program {
	t.Helper()
	p := &program{status: http.StatusNoContent, roots: x509.NewCertPool()}
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.got = append(p.got, received{r.Header, string(body)})
		w.WriteHeader(p.status)
	}))
	t.Cleanup(s.Close)
	p.url = s.URL
	p.roots.AddCert(s.Certificate())
	return p
}

func (p *program) answers(status int) { p.mu.Lock(); defer p.mu.Unlock(); p.status = status }

// take gives what came since the last time.
func (p *program) take() []received {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

type plain struct{}

func (plain) WebhookOff(_ accounts.User, w webhooks.Webhook) mail.Letter {
	return mail.Letter{Lang: "fr", Subject: "Adresse désactivée", Paragraphs: []string{w.Name, string(w.Off)}}
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, clock: testkit.NewClock("2026-11-30T09:00:00Z"), sent: &mail.Fake{}, program: newProgram(t)}
	now := h.clock.Now
	h.network = network.NewService(network.Config{Store: st, Atlas: atlas, Now: now})
	h.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now})
	h.matches = matching.NewService(matching.Config{Store: st, Atlas: atlas, Now: now})
	h.follow = followup.NewService(followup.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches})
	poster := outbound.NewPoster(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: h.program.roots})
	h.Service = webhooks.NewService(webhooks.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Poster: poster,
		Site: "https://maillage.example.org/", Mail: h.sent, Words: plain{}})
	h.crest, h.brest = h.member("Brindesaule", "26108"), h.member("Armorique", "29019")
	h.alix = h.person(atlas, "alix", accounts.Member, int64(h.crest.ID), "")
	h.drome = h.person(atlas, "drome", accounts.Officer, 9001, `{"territory":"departement:26"}`)
	return h
}

func (h *house) member(name, commune string) *network.Organisation {
	h.t.Helper()
	o, err := h.network.Save(h.system(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}},
		Activities: []network.Activity{{Codes: cpv(), Modes: []network.Mode{network.Provision}, Zone: fmt.Sprintf(`{"radius":{"commune":%q,"km":20}}`, commune),
			Origin: network.Declared, ZoneOrigin: network.Declared}}}, 0)
	must(h.t, err)
	return o
}

func cpv() []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}
}

func (h *house) person(atlas *territories.Atlas, name string, role accounts.Role, organisation int64, perimeter string) accounts.Identity {
	h.t.Helper()
	id := accounts.Identity{Name: name, Role: role, OrganisationID: organisation, Lang: "fr"}
	u := accounts.User{Email: accounts.Email(name + "@example.org"), EmailFolded: name + "@example.org", Name: name, Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	if perimeter != "" {
		p, err := atlas.CompileText(perimeter)
		must(h.t, err)
		id.Perimeter, id.PerimeterExpr, u.Perimeter = p.Set, p.Text, p.Text
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	id.UserID = u.ID
	return id
}

// tender publishes a lot of a commune, and matches it.
func (h *house) tender(title, commune string) *opportunities.Opportunity {
	h.t.Helper()
	at := h.clock.Now().AddDate(0, 0, 60)
	o, err := h.lots.CreateAndPublish(h.system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.Tender, Title: title, BuyerName: "Ville", Source: "officer", Deadline: &at,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:` + commune + `"}`},
		Lots:  []opportunities.Lot{{Number: "1", Title: title, Codes: cpv()}}})
	must(h.t, err)
	must(h.t, h.matches.RefreshLots(h.system(), []opportunities.LotID{o.Lots[0].ID}))
	return o
}

func (h *house) match(o *opportunities.Opportunity) (id matching.ID) {
	h.t.Helper()
	must(h.t, h.st.Read().NewRaw("SELECT COALESCE(max(id), 0) FROM matches WHERE lot_id = ?", o.Lots[0].ID).Scan(h.system(), &id))
	return id
}

func (h *house) system() context.Context {
	return accounts.With(context.Background(), accounts.TheSystem())
}

func (h *house) as(id accounts.Identity) context.Context {
	return accounts.With(context.Background(), id)
}

// address registers the program for somebody.
func (h *house) address(id accounts.Identity, events ...webhooks.Type) *webhooks.Webhook {
	h.t.Helper()
	w, err := h.Register(h.as(id), webhooks.Wish{Name: "Notre outil", URL: fmt.Sprintf("%s/crochet/%d", h.program.url, h.clock.Now().Unix()), Events: events})
	must(h.t, err)
	h.clock.Advance(time.Second) // what is of the same instant is not new
	return w
}

// told looks for what is new twice and makes the first attempt of each message,
// twice too; it gives what the program received.
func (h *house) told() []received {
	h.t.Helper()
	h.clock.Advance(time.Second)
	for range 2 {
		_, err := h.Look(h.system())
		must(h.t, err)
	}
	for range 2 {
		for _, job := range h.jobs() {
			_ = h.Deliver(h.system(), job, 1)
		}
	}
	h.write("DELETE FROM river_job")
	return h.program.take()
}

// jobs are the messages that wait to be sent.
func (h *house) jobs() []webhooks.Deliver {
	h.t.Helper()
	found, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(webhooks.Deliver{}.Kind()).First(1000))
	must(h.t, err)
	var out []webhooks.Deliver
	for _, row := range found.Jobs {
		var job webhooks.Deliver
		must(h.t, json.Unmarshal(row.EncodedArgs, &job))
		out = append(out, job)
	}
	return out
}

func (h *house) write(query string, args ...any) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	}))
}

// types are what messages tell, in the order in which they came.
func types(t testing.TB, all []received) []string {
	t.Helper()
	var out []string
	for _, r := range all {
		var body struct{ Type string }
		must(t, json.Unmarshal([]byte(r.body), &body))
		out = append(out, body.Type)
	}
	return out
}
