package campaign_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

// house is a federation of three members and one that left, their accounts, an
// officer of the Drôme, one of the whole country and an administrator.
type house struct {
	*campaign.Service
	t     testing.TB
	st    *store.Store
	clock *testkit.Clock
	atlas *territories.Atlas
	known *microdata.Service
	sent  *mail.Fake

	near, home, far, left        int64 // organisations: ACI and SAP of the Drôme, EI of the Nord
	alix, bo, kim, other         accounts.Identity
	officer, north, wide, admins accounts.Identity
}

// plain writes letters that say what they are about.
type plain struct{}

func (plain) Campaign(_ accounts.User, r campaign.Reminder, _ string) mail.Letter {
	return mail.Letter{Lang: "fr", Subject: string(r.Step), Paragraphs: []string{r.Name + " " + r.ClosesOn + " " + r.Note}}
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, atlas: atlas, clock: testkit.NewClock("2027-02-01T09:00:00Z"), sent: &mail.Fake{}}
	h.known = microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: h.clock.Now})
	h.Service, err = campaign.NewService(campaign.Config{Store: st, Atlas: atlas, Observ: h.known, Now: h.clock.Now, Mail: h.sent, Words: plain{}})
	must(t, err)
	h.near, h.home = h.member("Romans Espaces verts", network.KindACI, "26281", "11000001700019", ""), h.member("Valence Domicile", network.KindSAP, "26362", "11000001700027", "")
	h.far, h.left = h.member("Lille Recyclage", network.KindEI, "59350", "", ""), h.member("Partie en 2024", network.KindACI, "26281", "", "2024-06-30")
	h.alix, h.bo = h.person("alix@example.org", accounts.Member, h.near, ""), h.person("bo@example.org", accounts.Member, h.near, "")
	h.kim, h.other = h.person("kim@example.org", accounts.Member, h.home, ""), h.person("other@example.org", accounts.Member, h.far, "")
	h.officer, h.north = h.person("drome@example.org", accounts.Officer, 0, "departement:26"), h.person("nord@example.org", accounts.Officer, 0, "departement:59")
	h.admins = h.person("admin@example.org", accounts.Admin, 0, "")
	h.wide = accounts.Identity{UserID: 9_999, Role: accounts.Officer, Perimeter: atlas.All(), Lang: "fr"}
	return h
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func (h *house) member(name string, kind network.Kind, commune, siret, until string) int64 {
	h.t.Helper()
	n := network.NewService(network.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
	o := &network.Organisation{Role: network.Member, Kind: kind, SIRET: network.SIRET(siret), Name: name, Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}}}
	if until != "" {
		of, err := n.Save(context.Background(), &network.Organisation{Role: network.Federation, Name: "Fédération", Active: true, Source: "demo"}, 0)
		must(h.t, err)
		o.Memberships = []network.Membership{{NetworkID: of.ID, Since: "2010-01-01", Until: until}}
	}
	o, err := n.Save(context.Background(), o, 0)
	must(h.t, err)
	return int64(o.ID)
}

func (h *house) person(email string, role accounts.Role, organisation int64, perimeter string) accounts.Identity {
	h.t.Helper()
	id := accounts.Identity{Role: role, OrganisationID: organisation, Lang: "fr"}
	if role == accounts.Officer {
		set, err := h.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: perimeter[len(perimeter)-2:]})
		must(h.t, err)
		id.Perimeter, id.PerimeterExpr = set, perimeter
	}
	u := accounts.User{Email: accounts.Email(email), EmailFolded: email, Name: strings.Split(email, "@")[0], Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	id.UserID = u.ID
	return id
}

func as(id accounts.Identity) context.Context { return accounts.With(context.Background(), id) }

func system() context.Context { return as(accounts.TheSystem()) }

// opened opens the campaign of 2026 and makes its questionnaires.
func (h *house) opened() *campaign.Campaign {
	h.t.Helper()
	_, err := h.Save(as(h.admins), 0, campaign.Plan{Year: 2026, OpensOn: "2027-02-01", ClosesOn: "2027-03-31"})
	must(h.t, err)
	c, err := h.Start(as(h.admins), 2026, 0)
	must(h.t, err)
	must(h.t, h.Make(system(), c.ID))
	return c
}

// of is the questionnaire of an enterprise.
func (h *house) of(organisation int64) campaign.QuestionnaireID {
	h.t.Helper()
	own, err := h.Own(system(), organisation)
	must(h.t, err)
	if len(own) == 0 {
		h.t.Fatalf("organisation %d is not asked", organisation)
	}
	return own[0].ID
}

func (h *house) form(organisation int64) *campaign.Form {
	h.t.Helper()
	f, err := h.Form(system(), h.of(organisation))
	must(h.t, err)
	return f
}

// answer types answers over whatever is there: code, text, code, text…
func (h *house) answer(who accounts.Identity, pairs ...string) *campaign.Saved {
	h.t.Helper()
	var entries []campaign.Entry
	for p := range slices.Chunk(pairs, 2) {
		entries = append(entries, campaign.Entry{Question: compute.Measure(p[0]), Text: &p[1], Revision: campaign.AnyRevision})
	}
	s, err := h.SaveAnswers(as(who), h.of(who.OrganisationID), entries)
	must(h.t, err)
	return s
}

// rest answers ND to everything that is not answered.
func (h *house) rest(who accounts.Identity) {
	h.t.Helper()
	var pairs []string
	for _, i := range h.form(who.OrganisationID).Items {
		if i.Missing() {
			pairs = append(pairs, string(i.Question.Code), "ND")
		}
	}
	h.answer(who, pairs...)
}

// item is one question of a form.
func item(t testing.TB, f *campaign.Form, code compute.Measure) campaign.Item {
	t.Helper()
	for _, i := range f.Items {
		if i.Question.Code == code {
			return i
		}
	}
	t.Fatalf("%s is not asked", code)
	return campaign.Item{}
}

// letters runs the letter jobs written so far, once each, and says what was sent since the last call.
func (h *house) letters() []string {
	h.t.Helper()
	before := len(h.sent.Sent())
	jobs, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(campaign.SendLetter{}.Kind()).First(1000))
	must(h.t, err)
	for _, row := range jobs.Jobs {
		var job campaign.SendLetter
		must(h.t, json.Unmarshal(row.EncodedArgs, &job))
		must(h.t, h.DeliverLetter(system(), job))
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("DELETE FROM river_job WHERE kind = ?", campaign.SendLetter{}.Kind()).Exec(ctx)
		return err
	}))
	var out []string
	for _, m := range h.sent.Sent()[before:] {
		out = append(out, strings.Split(m.To, "@")[0]+":"+m.Subject)
	}
	slices.Sort(out)
	return out
}

// kept are the answers of an enterprise in the observatory, as code=value in hundredths or ND.
func (h *house) kept(organisation int64) map[compute.Measure]microdata.Said {
	h.t.Helper()
	all, err := h.known.AnswersOf(context.Background(), h.st.Read(), 2026, []int64{organisation})
	must(h.t, err)
	return all[organisation]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("%v, want kind %d", err, kind)
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if err == nil || fault.Of(err).Code != code {
		t.Fatalf("%v, want %s", err, code)
	}
}
