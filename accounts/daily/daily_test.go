package daily_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// news is a part that says a word; an empty one has nothing left to say.
type news struct{ Word string }

func (news) Kind() string { return "test.news" }

// duty is a part that goes before news.
type duty struct{ Word string }

func (duty) Kind() string { return "test.duty" }

type plain struct{}

func (plain) Daily(_ accounts.User, parts []mail.Letter, _ string) mail.Letter {
	l := mail.Letter{Subject: "day"}
	for _, p := range parts {
		l.Paragraphs = append(l.Paragraphs, p.Paragraphs...)
	}
	return l
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is an account, and what parts of it left and were ended.
type office struct {
	*daily.Service
	t          *testing.T
	st         *store.Store
	clock      *testkit.Clock
	sent       *mail.Fake
	user       accounts.UserID
	left, ends []string
	stop       string
}

func each(t *testing.T, body func(t *testing.T, o *office)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := &office{t: t, st: st, clock: testkit.NewClock("2026-11-30T06:00:00Z"), sent: &mail.Fake{}} // a Monday, seven in Paris
		compose := func(word, stop string) (*daily.Draft, error) {
			if o.stop = stop; word == "" {
				return nil, nil
			}
			return &daily.Draft{Letter: mail.Letter{Subject: word, Paragraphs: []string{word + ";"}}, Sent: func(context.Context) error { o.left = append(o.left, word); return nil }}, nil
		}
		end := func(what string) func(context.Context, store.Tx, accounts.UserID) error {
			return func(context.Context, store.Tx, accounts.UserID) error { o.ends = append(o.ends, what); return nil }
		}
		works := func(_, to time.Time, zone *time.Location) int {
			if day := to.In(zone).Weekday(); day == time.Saturday || day == time.Sunday {
				return 0
			}
			return 1
		}
		o.Service = daily.NewService(daily.Config{Store: st, Now: o.clock.Now, WorkingDays: works, Mail: o.sent, Words: plain{}, Sources: []daily.Source{
			daily.From(func(_ context.Context, job duty, stop string) (*daily.Draft, error) { return compose(job.Word, stop) }, end("duty")),
			daily.From(func(_ context.Context, job news, stop string) (*daily.Draft, error) { return compose(job.Word, stop) }, end("news"))}})
		u := accounts.User{Email: "alix@example.org", EmailFolded: "alix@example.org", Name: "Alix", Role: accounts.Member, Lang: "fr", CreatedAt: o.clock.Now(), UpdatedAt: o.clock.Now()}
		must(t, st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
			return err
		}))
		o.user = u.ID
		body(t, o)
	})
}

func (o *office) add(leave daily.Leave, job store.Args) {
	o.t.Helper()
	must(o.t, o.st.InTx(o.t.Context(), func(ctx context.Context, tx store.Tx) error { return leave(ctx, tx, o.user, job) }))
}

// at goes to an instant, gathers twice, delivers twice, and gives what left.
func (o *office) at(when string) string {
	o.t.Helper()
	day, err := time.Parse(time.RFC3339, when)
	must(o.t, err)
	o.clock.Advance(day.Sub(o.clock.Now()))
	before := len(o.sent.Sent())
	for range 2 {
		_, err := o.Gather(o.t.Context())
		must(o.t, err)
		found, err := o.st.Jobs().JobList(o.t.Context(), river.NewJobListParams().Kinds(daily.SendLetter{}.Kind()).First(100))
		must(o.t, err)
		for id := range len(found.Jobs) {
			must(o.t, o.DeliverLetter(o.t.Context(), daily.SendLetter{ID: daily.LetterID(id + 1)}))
		}
	}
	var out []string
	for _, m := range o.sent.Sent()[before:] {
		out = append(out, strings.Join(strings.Fields(m.Text), " "))
	}
	return strings.Join(out, " | ")
}

func (o *office) wants(when, want string) {
	o.t.Helper()
	if got := o.at(when); got != want {
		o.t.Errorf("%s: %q left, want %q", when, got, want)
	}
}

// TestOneLetterADay: parts wait for the morning, the order is the sources', what comes
// later waits for the next working day, and what cannot wait leaves alone.
func TestOneLetterADay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.add(daily.Add, news{"the week"})
		o.add(daily.Add, news{""})
		o.add(daily.Add, duty{"a certificate"})
		o.wants("2026-11-30T06:30:00Z", "")
		o.wants("2026-11-30T06:50:00Z", "a certificate; the week;")
		if got := strings.Join(o.left, ", "); got != "a certificate, the week" {
			t.Errorf("noted as left: %s", got)
		}
		must(t, o.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
			today, err := daily.Turn(ctx, tx, o.user, "2026-11-30")
			must(t, err)
			tomorrow, err := daily.Turn(ctx, tx, o.user, "2026-12-01")
			if today || !tomorrow {
				t.Errorf("open today: %v, tomorrow: %v", today, tomorrow)
			}
			return err
		}))
		o.add(daily.Add, duty{"a campaign"})
		o.add(daily.Now, duty{"its last day"})
		o.wants("2026-11-30T10:00:00Z", "its last day;")
		o.wants("2026-12-01T06:50:00Z", "a campaign;")
		o.add(daily.Add, news{"of a Friday"})
		o.wants("2026-12-05T09:00:00Z", "") // a Saturday
		o.wants("2026-12-07T09:00:00Z", "of a Friday;")
	})
}

// TestOneClickEndsWhatALetterHolds, and nothing else; another secret ends nothing.
func TestOneClickEndsWhatALetterHolds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.add(daily.Add, news{"the week"})
		o.wants("2026-11-30T09:00:00Z", "the week;")
		must(t, o.Stoppable(t.Context(), o.stop))
		must(t, o.Stop(t.Context(), o.stop))
		if got := strings.Join(o.ends, ", "); got != "news" {
			t.Errorf("ended: %s", got)
		}
		if o.Stop(t.Context(), "another") == nil || o.Stoppable(t.Context(), "another") == nil {
			t.Error("a secret of nothing ends something")
		}
	})
}
