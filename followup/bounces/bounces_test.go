package bounces_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/bounces"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// box is a service, a sender that it guards, and two accounts: an enterprise's of
// Crest and an officer's of the Drôme.
type box struct {
	*bounces.Service
	fake          *mail.Fake
	sender        mail.Sender
	st            *store.Store
	clock         *testkit.Clock
	alix, officer accounts.Identity
}

func open(t *testing.T, st *store.Store) *box {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	b := &box{fake: &mail.Fake{}, st: st, clock: testkit.NewClock("2026-11-30T09:00:00Z")}
	members := network.NewService(network.Config{Store: st, Atlas: atlas, Now: b.clock.Now})
	b.Service = bounces.NewService(bounces.Config{Store: st, Atlas: atlas, Network: members, Now: b.clock.Now})
	b.sender = b.Guard(b.fake, false)
	o, err := members.Save(accounts.With(context.Background(), accounts.TheSystem()), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Brindesaule", Active: true, Source: "demo",
		Sites: []network.Site{{Main: true, City: "Crest", Commune: "26108"}}}, 0)
	must(t, err)
	drome, err := atlas.CompileText(`{"territory":"departement:26"}`)
	must(t, err)
	b.alix = accounts.Identity{Role: accounts.Member, OrganisationID: int64(o.ID)}
	b.officer = accounts.Identity{Role: accounts.Officer, OrganisationID: 9001, Perimeter: drome.Set}
	for name, id := range map[string]*accounts.Identity{"alix": &b.alix, "officer": &b.officer} {
		u := accounts.User{Email: accounts.Email(name + "@example.org"), EmailFolded: name + "@example.org", Name: name, Role: id.Role, Lang: "fr", OrganisationID: id.OrganisationID, CreatedAt: b.clock.Now(), UpdatedAt: b.clock.Now()}
		must(t, st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
			return err
		}))
		id.UserID = u.ID
	}
	return b
}

func letter(key string) mail.Message {
	return mail.Message{To: "Alix@example.org", Subject: "Bonjour", Text: "Bonjour", Key: key}
}

func (b *box) as(id accounts.Identity) context.Context {
	return accounts.With(context.Background(), id)
}

func (b *box) suspended(t *testing.T) bool {
	t.Helper()
	one, err := b.Own(b.as(b.alix))
	must(t, err)
	return one != nil
}

func TestAMailboxThatIsNotThereIsWrittenToNoMore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		b := open(t, st)
		ctx := context.Background()
		for _, soft := range []error{errors.New("450 later"), fmt.Errorf("554 policy: %w", mail.ErrRefused)} {
			b.fake.Fail(soft)
			if err := b.sender.Send(ctx, letter("a")); err == nil || b.suspended(t) {
				t.Fatalf("%v suspends", soft)
			}
		}
		b.fake.Fail(fmt.Errorf("550 5.1.1: %w", mail.ErrMailbox))
		if err := b.sender.Send(ctx, letter("a")); !errors.Is(err, mail.ErrRefused) || !b.suspended(t) {
			t.Fatalf("%v: not suspended", err)
		}
		b.fake.Fail(nil)
		if err := b.sender.Send(ctx, letter("b")); !errors.Is(err, mail.ErrRefused) || len(b.fake.Sent()) != 0 {
			t.Errorf("written to all the same: %v", err)
		}
		must(t, b.Guard(b.fake, true).Send(ctx, letter("c"))) // what its owner waits for
		all, err := b.Suspended(b.as(b.officer))
		must(t, err)
		if len(all) != 1 || all[0].UserID != b.alix.UserID || all[0].Enterprise != "Brindesaule" {
			t.Errorf("%+v", all)
		}
		if err := b.Lift(b.as(accounts.Identity{UserID: 99, Role: accounts.Officer}), b.alix.UserID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer of elsewhere: %v", err)
		}
		for range 2 {
			must(t, b.Lift(b.as(b.officer), b.alix.UserID))
		}
		must(t, b.sender.Send(ctx, letter("d")))
		if b.suspended(t) || len(b.fake.Sent()) != 2 {
			t.Errorf("%d letters", len(b.fake.Sent()))
		}
	})
}

func returned(to, letter, action, status string) string {
	return strings.ReplaceAll(fmt.Sprintf("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; %s\nAction: %s\nStatus: %s\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s@exemple.fr>\n\n--b--\n", to, action, status, letter), "\n", "\r\n")
}

func TestAReportIsBelievedOfOurOwnLettersOnly(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		b := open(t, st)
		system := accounts.With(context.Background(), accounts.TheSystem())
		must(t, b.sender.Send(system, letter("news-1")))
		id := mail.LocalID("news-1")
		for _, c := range []struct {
			name, message string
			want          bounces.Outcome
		}{
			{"another letter", returned("alix@example.org", "0123", "failed", "5.1.1"), bounces.Outcome{Recipients: 1, Unknown: 1}},
			{"another recipient", returned("officer@example.org", id, "failed", "5.1.1"), bounces.Outcome{Recipients: 1, Unknown: 1}},
			{"late", returned("alix@example.org", id, "delayed", "4.4.1"), bounces.Outcome{Recipients: 1, Later: 1}},
			{"full", returned("alix@example.org", id, "failed", "5.2.2"), bounces.Outcome{Recipients: 1, Later: 1}},
		} {
			got, err := b.Report(system, strings.NewReader(c.message))
			if err != nil || got != c.want || b.suspended(t) {
				t.Errorf("%s: %+v %v", c.name, got, err)
			}
		}
		for range 2 {
			got, err := b.Report(system, strings.NewReader(returned("ALIX@example.org", id, "failed", "5.1.1")))
			if err != nil || got.Suspended != 1 || !b.suspended(t) {
				t.Errorf("%+v %v", got, err)
			}
		}
		must(t, b.LiftOwn(b.as(b.alix)))
		b.clock.Advance(31 * 24 * time.Hour)
		must(t, b.sender.Send(system, letter("news-2")))
		if got, err := b.Report(system, strings.NewReader(returned("alix@example.org", id, "failed", "5.1.1"))); err != nil || got.Unknown != 1 {
			t.Errorf("a month later: %+v %v", got, err)
		}
		if _, err := b.Report(b.as(b.officer), strings.NewReader("")); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer: %v", err)
		}
		if _, err := b.Report(system, strings.NewReader("bonjour")); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no report: %v", err)
		}
	})
}
