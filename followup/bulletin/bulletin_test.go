package bulletin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/agenda"
	"maillage/followup/bulletin"
	"maillage/followup/questions"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/matching/engine"
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

// house is an association of the Drôme with its officer, an enterprise of Crest that
// belongs to it and its account, on a Tuesday morning.
type house struct {
	*bulletin.Service
	t       *testing.T
	st      *store.Store
	clock   *testkit.Clock
	network *network.Service
	lots    *opportunities.Service
	matches *matching.Service
	follow  *followup.Service
	sent    *mail.Fake

	association              int64
	alix, officer, elsewhere accounts.Identity
}

// plain writes a line a thing.
type plain struct{}

func (plain) Bulletin(_, _ string, i bulletin.Issue, stop string) mail.Letter {
	l := mail.Letter{Lang: "fr", Subject: string(i.Audience), Stop: mail.Link{Label: "fin", URL: "https://maillage.example.org/desabonnement/" + stop}}
	say := func(format string, args ...any) { l.Paragraphs = append(l.Paragraphs, fmt.Sprintf(format, args...)) }
	if i.Word != "" {
		say("mot: %s;", i.Word)
	}
	for _, m := range i.Matches {
		say("lot: %s;", m.Title)
	}
	for _, c := range i.Calls {
		say("appel: %s;", c.Title)
	}
	return l
}

func (plain) Confirm(_, from, secret string) mail.Letter {
	return mail.Letter{Lang: "fr", Subject: "confirmer", Paragraphs: []string{from}, Button: mail.Link{Label: "oui", URL: "https://maillage.example.org/lettre/confirmer/" + secret}}
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, open(t, st)) })
}

func open(t *testing.T, st *store.Store) *house {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, clock: testkit.NewClock("2026-12-01T08:00:00Z"), sent: &mail.Fake{}}
	now := h.clock.Now
	h.network = network.NewService(network.Config{Store: st, Atlas: atlas, Now: now})
	h.lots = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now, WorkingDays: engine.WorkingDays})
	h.matches = matching.NewService(matching.Config{Store: st, Atlas: atlas, Now: now})
	h.follow = followup.NewService(followup.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches})
	desk, err := questions.NewService(questions.Config{Store: st, Atlas: atlas, Now: now})
	must(t, err)
	h.Service = bulletin.NewService(bulletin.Config{Store: st, Atlas: atlas, Now: now, Network: h.network, Opportunities: h.lots, Matching: h.matches, Followup: h.follow,
		Agenda: agenda.NewService(agenda.Config{Store: st, Atlas: atlas, Now: now}), Questions: desk, Mail: h.sent, Words: plain{}})
	a, err := h.network.Save(h.system(), &network.Organisation{Role: network.Regional, Name: "Maillage Drôme", Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: "Valence", Commune: "26362"}}}, 0)
	must(t, err)
	h.association = int64(a.ID)
	o, err := h.network.Save(h.system(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Brindesaule", Active: true, Source: "demo",
		Memberships: []network.Membership{{NetworkID: a.ID, Since: "2020-01-01"}}, Sites: []network.Site{{Main: true, City: "Crest", Commune: "26108"}},
		Activities: []network.Activity{{Codes: cpv(), Modes: []network.Mode{network.Provision}, Zone: `{"radius":{"commune":"26108","km":20}}`, Origin: network.Declared, ZoneOrigin: network.Declared}}}, 0)
	must(t, err)
	h.alix = h.person("alix", accounts.Member, int64(o.ID))
	h.officer = h.person("officer", accounts.Officer, h.association)
	h.elsewhere = h.person("elsewhere", accounts.Officer, 9009)
	return h
}

func cpv() []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}
}

func (h *house) person(name string, role accounts.Role, organisation int64) accounts.Identity {
	h.t.Helper()
	u := accounts.User{Email: accounts.Email(name + "@example.org"), EmailFolded: name + "@example.org", Name: name, Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	return accounts.Identity{UserID: u.ID, Name: name, Role: role, OrganisationID: organisation, Lang: "fr"}
}

// tender publishes a lot of Crest that closes on a day, and matches it.
func (h *house) tender(title, closes string) *opportunities.Opportunity {
	h.t.Helper()
	at, err := time.Parse(time.RFC3339, closes+"T11:00:00Z")
	must(h.t, err)
	o, err := h.lots.CreateAndPublish(h.system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.Tender, Title: title, BuyerName: "Ville", Source: "officer", Deadline: &at,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26108"}`}, Lots: []opportunities.Lot{{Number: "1", Title: title, Codes: cpv()}}})
	must(h.t, err)
	must(h.t, h.matches.RefreshLots(h.system(), []opportunities.LotID{o.Lots[0].ID}))
	return o
}

func (h *house) system() context.Context {
	return accounts.With(context.Background(), accounts.TheSystem())
}

func (h *house) as(id accounts.Identity) context.Context {
	return accounts.With(context.Background(), id)
}

func (h *house) on(at string) {
	h.t.Helper()
	to, err := time.Parse(time.RFC3339, at)
	must(h.t, err)
	h.clock.Advance(to.Sub(h.clock.Now()))
}

// letters makes and delivers what is due, twice, and says what left.
func (h *house) letters() []string {
	h.t.Helper()
	before := len(h.sent.Sent())
	for range 2 {
		_, err := h.Write(h.system())
		must(h.t, err)
	}
	for range 2 {
		for _, kind := range []string{bulletin.SendLetter{}.Kind(), bulletin.SendConfirm{}.Kind()} {
			found, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(kind).First(1000))
			must(h.t, err)
			for _, row := range found.Jobs {
				var job struct{ ID int64 }
				must(h.t, json.Unmarshal(row.EncodedArgs, &job))
				if kind == (bulletin.SendConfirm{}).Kind() {
					must(h.t, h.DeliverConfirm(h.system(), bulletin.SendConfirm{ID: bulletin.PartnerID(job.ID)}))
					continue
				}
				must(h.t, h.DeliverLetter(h.system(), bulletin.SendLetter{ID: bulletin.LetterID(job.ID)}))
			}
		}
		h.write("DELETE FROM river_job WHERE kind = ?", bulletin.SendConfirm{}.Kind())
	}
	h.write("DELETE FROM river_job")
	var out []string
	for _, m := range h.sent.Sent()[before:] {
		text, _, _ := strings.Cut(m.Text, "\nfin :")
		text, _, _ = strings.Cut(text, "oui :")
		out = append(out, strings.TrimSuffix(m.To, "@example.org")+" "+m.Subject+": "+strings.Join(strings.Fields(text), " "))
	}
	slices.Sort(out)
	return out
}

func (h *house) write(query string, args ...any) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	}))
}

func want(t *testing.T, when string, got []string, all ...string) {
	t.Helper()
	if !slices.Equal(got, all) {
		t.Fatalf("%s: %q, want %q", when, got, all)
	}
}

// A deadline before the next weekly letter is told at once, once, and is not in that
// letter; the others wait for it.
func TestAShortDeadlineDoesNotWait(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		urgent := h.tender("Urgent", "2026-12-04")
		h.tender("Tranquille", "2027-01-15")
		want(t, "at once", h.letters(), "alix alert: lot: Urgent;")
		var state string
		must(t, h.st.Read().NewRaw("SELECT pursuits.state FROM pursuits JOIN matches m ON m.id = match_id WHERE m.lot_id = ?", urgent.Lots[0].ID).Scan(h.system(), &state))
		if state != string(followup.Notified) {
			t.Errorf("the match is %s", state)
		}
		h.on("2026-12-01T20:00:00Z")
		want(t, "in the evening", h.letters())
		h.tender("Encore", "2026-12-06")
		want(t, "another", h.letters(), "alix alert: lot: Encore;")
		h.on("2026-12-07T05:00:00Z")
		want(t, "before the morning", h.letters())
		h.on("2026-12-07T06:30:00Z")
		want(t, "on Monday", h.letters(), "alix members: lot: Tranquille;")
		h.on("2026-12-08T06:30:00Z")
		want(t, "on Tuesday", h.letters())
	})
}

// Three days without the program lose nothing, and two processes tell once.
func TestAlertsAreToldOnceWhateverRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Urgent", "2026-12-04")
		h.on("2026-12-03T09:00:00Z")
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if _, err := h.Write(h.system()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		want(t, "once", h.letters(), "alix alert: lot: Urgent;")
		h.tender("Trop tard", "2026-12-04")
		h.on("2026-12-05T09:00:00Z") // it is over
		want(t, "over", h.letters())
	})
}

// What was answered meanwhile is left out; who ended these letters has none.
func TestALetterSaysWhatStillHolds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.tender("Urgent", "2026-12-04")
		_, err := h.Write(h.system())
		must(t, err)
		var id matching.ID
		must(t, h.st.Read().NewRaw("SELECT id FROM matches WHERE lot_id = ?", o.Lots[0].ID).Scan(h.system(), &id))
		_, err = h.follow.Move(h.as(h.alix), id, 0, followup.Step{To: followup.Interested})
		must(t, err)
		want(t, "answered", h.letters())
		h.tender("Encore", "2026-12-04")
		want(t, "another", h.letters(), "alix alert: lot: Encore;")
		stop := strings.TrimPrefix(h.sent.Sent()[0].Stop, "https://maillage.example.org/desabonnement/")
		for range 2 {
			must(t, h.Stop(context.Background(), stop))
		}
		if more, err := h.Stoppable(context.Background(), stop); err != nil || more {
			t.Errorf("it can be stopped again: %v", err)
		}
		h.tender("Jamais", "2026-12-04")
		want(t, "stopped", h.letters())
		if _, err := h.Stoppable(context.Background(), "x"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("any secret: %v", err)
		}
	})
}

// The association holds the members' letter, or adds its word.
func TestAnAssociationHoldsALetterOrAddsAWord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Jardins", "2027-01-15")
		must(t, h.Decide(h.as(h.officer), bulletin.Members, 0, "Bonne semaine", bulletin.Held))
		if err := h.Decide(h.as(h.officer), bulletin.Members, 0, "", bulletin.None); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("stale: %v", err)
		}
		if err := h.Decide(h.as(h.alix), bulletin.Members, 0, "", bulletin.None); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member decides: %v", err)
		}
		h.on("2026-12-07T06:30:00Z")
		want(t, "held", h.letters())
		must(t, h.Decide(h.as(h.officer), bulletin.Members, 0, "Bonne semaine", bulletin.None)) // the next week's
		h.on("2026-12-14T06:30:00Z")
		want(t, "with a word", h.letters(), "alix members: mot: Bonne semaine; lot: Jardins;")
	})
}

// A partner who asks confirms by the link in a letter; the letter leaves once agreed
// to, tells what is public only, and ends without an account.
func TestAPartnerReadsWhatIsPublic(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ask := bulletin.Request{Email: "Zoe@example.org", Lang: "fr", Territory: "Drôme"}
		for range 2 { // the second asks for no second letter
			must(t, h.Subscribe(context.Background(), h.association, ask))
		}
		want(t, "asked", h.letters(), "Zoe confirmer: Maillage Drôme")
		link := h.sent.Sent()[0].Text
		secret := strings.TrimSpace(link[strings.Index(link, "/confirmer/")+len("/confirmer/"):])
		h.on("2026-12-03T08:00:00Z")
		h.tender("Jardins", "2027-01-15")
		must(t, h.Decide(h.as(h.officer), bulletin.Partners, 0, "", bulletin.Agreed))
		h.on("2026-12-07T06:30:00Z")
		want(t, "not confirmed", h.letters(), "alix members: lot: Jardins;")
		for range 2 {
			must(t, h.Confirm(context.Background(), secret))
		}
		want(t, "agreed to", h.letters(), "Zoe partners: appel: Jardins;")
		for audience, id := range map[bulletin.Audience]accounts.Identity{bulletin.Members: h.officer, bulletin.Partners: h.officer} {
			left, err := h.Left(h.as(id), audience)
			must(t, err)
			if left == nil || *left != (bulletin.Departure{Week: "2026-12-07", Made: 1, Sent: 1}) {
				t.Errorf("the %s' letter left: %+v", audience, left)
			}
			if left, err := h.Left(h.as(h.elsewhere), audience); err != nil || left != nil {
				t.Errorf("another association's: %+v %v", left, err)
			}
		}
		want(t, "again", h.letters())
		h.on("2026-12-14T06:30:00Z")
		h.tender("Haies", "2027-01-15")
		if got := h.letters(); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "Zoe") }) {
			t.Errorf("nobody agreed to it: %q", got)
		}
		readers, err := h.Readers(h.as(h.officer))
		must(t, err)
		if len(readers) != 1 || !readers[0].Reads() {
			t.Fatalf("%+v", readers)
		}
		if others, err := h.Readers(h.as(h.elsewhere)); err != nil || len(others) != 0 {
			t.Errorf("another association reads: %v %v", others, err)
		}
		if err := h.Remove(h.as(h.elsewhere), readers[0].ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("another association removes: %v", err)
		}
		last := slices.IndexFunc(h.sent.Sent(), func(m mail.Message) bool { return m.Subject == "partners" })
		must(t, h.Stop(context.Background(), strings.TrimPrefix(h.sent.Sent()[last].Stop, "https://maillage.example.org/desabonnement/")))
		if err := h.Add(h.as(h.officer), bulletin.Request{Email: "zoe@example.org", Reason: "convention de 2026"}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an officer takes up again what its reader ended: %v", err)
		}
	})
}

func TestAnOfficerAddsAReaderWithAReason(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		err := h.Add(h.as(h.officer), bulletin.Request{Email: "zoe", Territory: "Syldavie"})
		if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 3 {
			t.Errorf("%v", err)
		}
		for range 2 {
			must(t, h.Add(h.as(h.officer), bulletin.Request{Email: "zoe@example.org", Reason: "convention de 2026"}))
		}
		all, err := h.Readers(h.as(h.officer))
		must(t, err)
		if len(all) != 1 || !all[0].Reads() || all[0].Reason != "convention de 2026" {
			t.Errorf("%+v", all)
		}
		must(t, h.Remove(h.as(h.officer), all[0].ID))
		if err := h.Add(h.as(h.person("ada", accounts.Admin, 0)), bulletin.Request{Email: "zoe@example.org", Reason: "convention de 2026"}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("of no association: %v", err)
		}
		if err := h.Subscribe(context.Background(), 12345, bulletin.Request{Email: "zoe@example.org"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("any association: %v", err)
		}
	})
}

// A first working day without the program is made up for on the next one, once, with
// the word and the agreement of its week; what came meanwhile waits for the next week.
func TestAMissedMondayIsMadeUpFor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.on("2026-12-03T08:00:00Z")
		must(t, h.Add(h.as(h.officer), bulletin.Request{Email: "zoe@example.org", Reason: "convention de 2026"}))
		h.tender("Jardins", "2027-01-15")
		must(t, h.Decide(h.as(h.officer), bulletin.Partners, 0, "Mot des partenaires", bulletin.Agreed))
		must(t, h.Decide(h.as(h.officer), bulletin.Members, 0, "Mot des membres", bulletin.None))
		h.on("2026-12-09T12:00:00Z")
		h.tender("Haies", "2027-01-15")
		must(t, h.Add(h.as(h.officer), bulletin.Request{Email: "late@example.org", Reason: "convention de 2026"}))
		want(t, "on Wednesday", h.letters(), "alix members: mot: Mot des membres; lot: Jardins;", "zoe partners: mot: Mot des partenaires; appel: Jardins;")
		h.on("2026-12-10T12:00:00Z")
		want(t, "on Thursday", h.letters())
		must(t, h.Decide(h.as(h.officer), bulletin.Partners, 0, "", bulletin.Agreed))
		h.on("2026-12-14T06:30:00Z")
		want(t, "next Monday", h.letters(), "alix members: lot: Haies;", "late partners: appel: Haies;", "zoe partners: appel: Haies;")
	})
}

// A lot that was proposed while two weeks of letters were missed is told.
func TestTwoMissedWeeksLoseNoLot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Jardins", "2027-02-15")
		h.on("2026-12-07T06:30:00Z")
		want(t, "the first week", h.letters(), "alix members: lot: Jardins;")
		h.on("2026-12-07T20:00:00Z")
		h.tender("Haies", "2027-02-15")
		h.on("2026-12-23T08:00:00Z")
		want(t, "two Mondays later", h.letters(), "alix members: lot: Haies;")
	})
}
