package quality_test

import (
	"context"
	"sync"
	"testing"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

// house is two members of the Drôme and the Nord, their accounts, two officers
// and an administrator, on a Monday morning.
type house struct {
	*quality.Service
	t       testing.TB
	st      *store.Store
	atlas   *territories.Atlas
	clock   *testkit.Clock
	network *network.Service
	sent    *mail.Fake

	near, far                        int64
	alix, kim, officer, north, admin accounts.Identity
}

type plain struct{}

// Quality writes a line a certificate.
func (plain) Quality(_ accounts.User, due []quality.Reminder, _ string) mail.Letter {
	l := mail.Letter{Lang: "fr", Subject: "Renouvellements"}
	for _, r := range due {
		l.Paragraphs = append(l.Paragraphs, r.Name+" "+string(r.Label.Code)+" "+r.Until+" "+string(r.Step))
	}
	return l
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, atlas: atlas, clock: testkit.NewClock("2026-11-30T09:00:00Z"), sent: &mail.Fake{}}
	h.network = network.NewService(network.Config{Store: st, Atlas: atlas, Now: h.clock.Now})
	h.Service, err = quality.NewService(quality.Config{Store: st, Atlas: atlas, Network: h.network, Now: h.clock.Now, Mail: h.sent, Words: plain{}})
	must(t, err)
	h.near, h.far = h.member("Romans Espaces verts", "26281"), h.member("Lille Recyclage", "59350")
	h.alix, h.kim = h.person("alix@example.org", accounts.Member, h.near, ""), h.person("kim@example.org", accounts.Member, h.far, "")
	h.officer, h.north = h.person("drome@example.org", accounts.Officer, 0, "26"), h.person("nord@example.org", accounts.Officer, 0, "59")
	h.admin = h.person("admin@example.org", accounts.Admin, 0, "")
	return h
}

func (h *house) member(name, commune string) int64 {
	h.t.Helper()
	o, err := h.network.Save(context.Background(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}}}, 0)
	must(h.t, err)
	return int64(o.ID)
}

func (h *house) person(email string, role accounts.Role, organisation int64, departement string) accounts.Identity {
	h.t.Helper()
	id := accounts.Identity{Role: role, OrganisationID: organisation, Lang: "fr"}
	u := accounts.User{Email: accounts.Email(email), EmailFolded: email, Name: email, Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	if departement != "" {
		p, err := h.atlas.Compile(territories.In(territories.Ref{Kind: territories.KindDepartement, Code: departement}))
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

func as(id accounts.Identity) context.Context { return accounts.With(context.Background(), id) }

func system() context.Context { return as(accounts.TheSystem()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// granted leaves an enterprise with a certificate that ends on a day.
func (h *house) granted(organisation int64, label quality.Code, until string) *quality.Path {
	h.t.Helper()
	p, err := h.Engage(system(), organisation, label, "2024-01-10")
	must(h.t, err)
	for _, e := range []quality.Event{{Kind: quality.Audited, On: "2024-02-10", Audit: quality.Initial, Outcome: quality.Conform, Body: "Certifor"},
		{Kind: quality.Decided, On: "2024-03-10", Outcome: quality.GrantedPlain, Until: until}} {
		p, err = h.Record(system(), p.ID, 0, e)
		must(h.t, err)
	}
	return p
}

func (h *house) certifications(organisation int64) []network.Certification {
	h.t.Helper()
	o, err := h.network.Get(context.Background(), network.ID(organisation))
	must(h.t, err)
	return o.Certifications
}
