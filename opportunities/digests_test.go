package opportunities_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// office is the service with a post office that keeps what it is given.
type office struct {
	*opportunities.Service
	t     testing.TB
	st    *store.Store
	clock *testkit.Clock
	mail  *mail.Fake
	words *words
}

// words says of a letter what it tells, in the fewest words, and keeps its secret.
type words struct {
	mu    sync.Mutex
	stops []string
}

func (w *words) News(_ accounts.User, d opportunities.Digest, stop string) mail.Letter {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stops = append(w.stops, stop)
	return mail.Letter{Subject: "nouvelles", Greeting: tell(d), Stop: mail.Link{Label: "stop", URL: "https://example.test/" + stop}}
}

// tell writes "search: new 1, changed 2 (deadline a → b)".
func tell(d opportunities.Digest) string {
	var all []string
	for _, news := range d.Searches {
		var said []string
		for _, p := range news.Pieces {
			one := fmt.Sprintf("%s %d", p.What, p.Opportunity.ID)
			for _, c := range p.Changes {
				if !strings.Contains(c.Field, "lots") {
					one += fmt.Sprintf(" (%s %v → %v)", c.Field, c.Before, c.After)
				}
			}
			said = append(said, one)
		}
		for what, n := range news.Others {
			said = append(said, fmt.Sprintf("%d more %s", n, what))
		}
		all = append(all, news.Search.Name+": "+strings.Join(said, ", "))
	}
	return strings.Join(all, "; ")
}

func open(t testing.TB, st *store.Store) *office {
	o := &office{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z"), mail: &mail.Fake{}, words: &words{}}
	o.Service = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas(t), Now: o.clock.Now, Mail: o.mail, Words: o.words})
	return o
}

// morning is half past seven in Paris on a day of November 2026.
func (o *office) morning(day int) {
	at := time.Date(2026, 11, day, 6, 30, 0, 0, time.UTC)
	o.clock.Advance(at.Sub(o.clock.Now()))
}

// write makes what is due and sends it; it gives what the letters say.
func (o *office) write() []string {
	o.t.Helper()
	before := len(o.mail.Sent())
	must[int](o.t)(o.WriteLetters(context.Background()))
	for _, id := range o.unsent() {
		if err := o.DeliverLetter(context.Background(), opportunities.SendLetter{ID: id}); err != nil {
			o.t.Fatal(err)
		}
	}
	var out []string
	for _, m := range o.mail.Sent()[before:] {
		out = append(out, strings.SplitN(m.Text, "\n", 2)[0])
	}
	return out
}

func (o *office) unsent() []opportunities.LetterID {
	o.t.Helper()
	var ids []opportunities.LetterID
	if err := o.st.Read().NewRaw("SELECT id FROM search_letters WHERE sent_at IS NULL ORDER BY id").Scan(context.Background(), &ids); err != nil {
		o.t.Fatal(err)
	}
	return ids
}

func (o *office) wants(want ...string) {
	o.t.Helper()
	for i := range 2 { // a job that runs twice
		got := o.write()
		if i > 0 {
			want = nil
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			o.t.Errorf("on %s, run %d: told %q, want %q", o.clock.Now().Format(time.DateTime), i+1, got, want)
		}
	}
}

// offer publishes a call under a number and gives its opportunity.
func (o *office) offer(n int) opportunities.ID {
	o.t.Helper()
	in := call("1", at("2026-12-15T11:00:00Z"))
	in.Opportunity.Key, in.Origin = fmt.Sprintf("boamp:26-%d", n), fmt.Sprintf("boamp:26-%d:1", n)
	_, made := upsert(o.t, o.st, o.Service, in)
	return made.ID
}

// correct moves the deadline of a call by a later notice.
func (o *office) correct(n, version int, deadline string) {
	o.t.Helper()
	upsert(o.t, o.st, o.Service, opportunities.Imported{Origin: fmt.Sprintf("boamp:26-%d:c%d", n, version), Correction: true,
		Opportunity: opportunities.Opportunity{Key: fmt.Sprintf("boamp:26-%d", n), Deadline: at(deadline)}})
}

func (o *office) follow(ctx context.Context, name string, every opportunities.Frequency) opportunities.Search {
	o.t.Helper()
	return must[opportunities.Search](o.t)(o.SaveSearch(ctx, name, opportunities.Criteria{Text: "ecoles"}, every))
}

func TestEachThingIsToldOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		old := o.offer(1)
		o.clock.Advance(time.Minute)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.clock.Advance(time.Minute)
		fresh := o.offer(2)
		o.clock.Advance(time.Hour)
		o.wants() // the morning of the day has passed
		o.morning(24)
		o.wants(fmt.Sprintf("Écoles: new %d", fresh))
		o.correct(1, 1, "2026-12-17T11:00:00Z")
		o.clock.Advance(time.Hour)
		o.correct(2, 1, "2026-12-18T11:00:00Z")
		o.clock.Advance(time.Hour)
		o.correct(2, 2, "2026-12-20T11:00:00Z")
		o.wants()
		o.morning(25)
		o.wants(fmt.Sprintf("Écoles: changed %d (deadline 2026-12-15T11:00:00Z → 2026-12-17T11:00:00Z), changed %d (deadline 2026-12-15T11:00:00Z → 2026-12-20T11:00:00Z)", old, fresh))
		o.correct(2, 3, "2026-12-28T11:00:00Z")
		o.correct(2, 4, "2026-12-20T11:00:00Z") // and back
		if _, err := o.Cancel(context.Background(), opportunities.By{}, old, 0); err != nil {
			t.Fatal(err)
		}
		o.morning(26)
		o.wants(fmt.Sprintf("Écoles: cancelled %d", old))
		o.morning(27)
		o.wants()
		must[*opportunities.Opportunity](t)(o.Publish(context.Background(), opportunities.By{}, old, 0))
		o.morning(30)
		o.wants(fmt.Sprintf("Écoles: changed %d (state cancelled → published)", old))
	})
}

func TestOneLetterForAllSearches(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "A chaque jour", opportunities.Daily)
		o.follow(zoe, "B chaque semaine", opportunities.Weekly)
		o.follow(zoe, "C jamais", opportunities.Silent)
		other := must[opportunities.Search](t)(o.SaveSearch(zoe, "D réservés", opportunities.Criteria{Text: "lycees"}, opportunities.Weekly))
		o.clock.Advance(time.Hour)
		first := o.offer(1)
		o.morning(24)
		o.wants(fmt.Sprintf("A chaque jour: new %d", first))
		in := call("1", at("2026-12-15T11:00:00Z"))
		in.Opportunity.Key, in.Origin, in.Opportunity.Title = "boamp:26-9", "boamp:26-9:1", "Nettoyage des lycées"
		in.Opportunity.Lots = nil
		_, lycee := upsert(t, st, o.Service, in)
		o.morning(25)
		o.wants() // the weekly ones wait for Monday
		o.morning(28)
		o.wants()
		o.morning(30)
		o.correct(1, 1, "2026-12-18T11:00:00Z")
		o.wants(fmt.Sprintf("A chaque jour: changed %d (deadline 2026-12-15T11:00:00Z → 2026-12-18T11:00:00Z); D réservés: new %d", first, lycee.ID))
		if err := o.DeleteSearch(zoe, other.ID); err != nil {
			t.Fatal(err)
		}
		letters := must[[]opportunities.Letter](t)(o.Letters(zoe, 5))
		whole := must[opportunities.Digest](t)(o.OldLetter(zoe, letters[0].ID))
		if len(letters) != 2 || whole.Count() != 1 {
			t.Errorf("%d letters; the last holds %s", len(letters), tell(whole))
		}
		if _, err := o.OldLetter(person(t, st, "max@exemple.fr"), letters[0].ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another's letter: %v", err)
		}
	})
}

// A service that was down for a week tells all that happened, once it is up.
func TestAMissedMorningLosesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Weekly)
		o.clock.Advance(time.Hour)
		id := o.offer(1)
		o.clock.Advance(time.Date(2026, 12, 2, 15, 0, 0, 0, time.UTC).Sub(o.clock.Now())) // Wednesday of the week after
		o.wants(fmt.Sprintf("Écoles: new %d", id))
		o.clock.Advance(24 * time.Hour)
		o.wants()
	})
}

// A morning that was missed shifts none of the following: what is caught up at
// night waits for seven, and no letter leaves on a Saturday.
func TestAMissedMorningShiftsNoOther(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.offer(1)
		up := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC) // down since Tuesday, back on Wednesday at 3:00 in Paris
		var left []string
		for now := up; now.Before(up.Add(7 * 24 * time.Hour)); now = now.Add(30 * time.Minute) {
			o.clock.Advance(now.Sub(o.clock.Now()))
			o.correct(1, int(now.Unix()), now.AddDate(0, 1, 0).Format(time.RFC3339))
			if now.Equal(up) {
				if _, when, err := o.NextLetter(zoe); err != nil || !when.Equal(*at("2026-11-25T06:00:00Z")) {
					t.Errorf("the next letter is promised for %s, %v", when, err)
				}
			}
			if n := must[int](t)(o.WriteLetters(context.Background())); n > 0 {
				left = append(left, now.Format("Mon 15:04"))
			}
		}
		if got, want := strings.Join(left, ", "), "Wed 06:00, Thu 06:00, Fri 06:00, Mon 06:00, Tue 06:00"; got != want {
			t.Errorf("letters left on %s, want %s", got, want)
		}
	})
}

// What is dated before the cursor and committed after it is told by the next letter.
func TestALateCommitIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.morning(24)
		o.wants()
		o.clock.Advance(-20 * time.Second)
		id := o.offer(1)
		o.morning(25)
		o.wants(fmt.Sprintf("Écoles: new %d", id))
	})
}

func TestWorkersAtOnceWriteOneLetterEach(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		const people, workers = 5, 4
		for i := range people {
			ctx := person(t, st, fmt.Sprintf("p%d@exemple.fr", i))
			o.follow(ctx, "Écoles", opportunities.Daily)
			o.follow(ctx, "Écoles encore", opportunities.Daily)
		}
		o.clock.Advance(time.Hour)
		o.offer(1)
		o.offer(2)
		o.morning(24)
		var wg sync.WaitGroup
		made := make([]int, workers)
		for w := range workers {
			wg.Go(func() {
				n, err := o.WriteLetters(context.Background())
				if err != nil {
					t.Errorf("worker %d: %v", w, err)
				}
				made[w] = n
			})
		}
		wg.Wait()
		total := 0
		for _, n := range made {
			total += n
		}
		if len(o.unsent()) != people || total != people {
			t.Errorf("%d letters, the workers tell %v", len(o.unsent()), made)
		}
		if told := o.count("SELECT count(*) FROM search_news"); told != 2*people {
			t.Errorf("%d pieces of news", told)
		}
		if jobs := o.count("SELECT count(*) FROM river_job WHERE kind = 'searches.letter'"); jobs != people {
			t.Errorf("%d jobs", jobs)
		}
	})
}

func (o *office) count(query string) int {
	o.t.Helper()
	var n int
	if err := o.st.Read().NewRaw(query).Scan(context.Background(), &n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// A letter that could not leave leaves later, once; a process stopped before the
// end of its transaction has told nothing.
func TestAStoppedProcessLosesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.clock.Advance(time.Hour)
		o.offer(1)
		o.morning(24)
		stopped, stop := context.WithCancel(context.Background())
		stop()
		if _, err := o.WriteLetters(stopped); err == nil {
			t.Error("a stopped process wrote")
		}
		if n := o.count("SELECT count(*) FROM search_letters"); n != 0 {
			t.Fatalf("%d letters", n)
		}
		must[int](t)(o.WriteLetters(context.Background()))
		job := opportunities.SendLetter{ID: o.unsent()[0]}
		o.mail.Fail(errors.New("451"))
		if err := o.DeliverLetter(context.Background(), job); err == nil {
			t.Error("a letter that did not leave is sent")
		}
		o.mail.Fail(nil)
		for range 2 {
			if err := o.DeliverLetter(context.Background(), job); err != nil {
				t.Fatal(err)
			}
		}
		sent := o.mail.Sent()
		if len(sent) != 1 || sent[0].Key == "" || sent[0].Stop == "" {
			t.Fatalf("%d letters, %+v", len(sent), sent)
		}
		if secret := o.words.stops[1]; o.count("SELECT count(*) FROM search_letters WHERE link = '"+secret+"'") != 0 {
			t.Error("the secret of a letter is in the database")
		}
	})
}

func TestWhoGetsNoLetter(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		shut, quiet, late := person(t, st, "shut@exemple.fr"), person(t, st, "quiet@exemple.fr"), person(t, st, "late@exemple.fr")
		o.follow(shut, "Écoles", opportunities.Daily)
		o.follow(late, "Écoles", opportunities.Daily)
		silent := o.follow(quiet, "Écoles", opportunities.Daily)
		o.clock.Advance(time.Hour)
		draft := must[*opportunities.Opportunity](t)(o.Create(context.Background(), opportunities.By{}, cleaning()))
		o.morning(24)
		o.wants() // a draft is nobody's to read
		o.exec("UPDATE users SET disabled_at = '2026-11-24 07:00:00+00:00' WHERE email_folded = 'shut@exemple.fr'")
		if err := o.SetSearch(quiet, silent.ID, "Écoles", opportunities.Silent); err != nil {
			t.Fatal(err)
		}
		must[*opportunities.Opportunity](t)(o.Publish(context.Background(), opportunities.By{}, draft.ID, 0))
		o.morning(25)
		must[int](t)(o.WriteLetters(context.Background()))
		if ids := o.unsent(); len(ids) != 1 {
			t.Fatalf("letters %v", ids)
		}
		o.exec("UPDATE users SET disabled_at = '2026-11-25 07:00:00+00:00' WHERE email_folded = 'late@exemple.fr'") // after the letter was made
		o.wants()
	})
}

func (o *office) exec(query string) {
	o.t.Helper()
	err := o.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query).Exec(ctx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// What nobody could have answered is not told; what was is told to those who had heard.
func TestWhatIsNoNews(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.clock.Advance(time.Hour)
		gone, passed, kept := o.offer(1), o.offer(2), o.offer(3)
		must[*opportunities.Opportunity](t)(o.Cancel(context.Background(), opportunities.By{}, gone, 0))
		must[*opportunities.Opportunity](t)(o.Close(context.Background(), opportunities.By{}, passed, 0))
		o.morning(24)
		o.wants(fmt.Sprintf("Écoles: new %d", kept))
		must[*opportunities.Opportunity](t)(o.Close(context.Background(), opportunities.By{}, kept, 0))
		o.morning(25)
		o.wants()
		must[*opportunities.Opportunity](t)(o.Publish(context.Background(), opportunities.By{}, kept, 0))
		o.morning(26)
		o.wants() // closed and open again: as the last letter said
	})
}

// A search whose territory is gone is told in the log and holds nobody else's letter.
func TestASearchThatCannotBeReadHoldsNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe, max := person(t, st, "zoe@exemple.fr"), person(t, st, "max@exemple.fr")
		o.follow(zoe, "Lune", opportunities.Daily)
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.follow(max, "Écoles", opportunities.Daily)
		o.exec(`UPDATE searches SET criteria = '{"territory":"{\"territory\":\"departement:00\"}"}' WHERE name = 'Lune'`)
		o.clock.Advance(time.Hour)
		o.offer(1)
		o.morning(24)
		made, err := o.WriteLetters(context.Background())
		if made != 2 || err == nil || !strings.Contains(err.Error(), "search 1") {
			t.Errorf("%d letters, %v", made, err)
		}
	})
}

func TestALongLetterIsCutAndItsPageIsNot(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe := person(t, st, "zoe@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.clock.Advance(time.Hour)
		for n := range 15 {
			o.offer(n + 1)
		}
		next, when, err := o.NextLetter(zoe)
		if err != nil || next.Count() != 15 || !when.Equal(*at("2026-11-24T06:00:00Z")) {
			t.Errorf("the next letter: %s on %s, %v", tell(next), when, err)
		}
		o.morning(24)
		got := o.write()
		if len(got) != 1 || strings.Count(got[0], "new ") != 12 || !strings.HasSuffix(got[0], "3 more new") {
			t.Errorf("%q", got)
		}
		letters := must[[]opportunities.Letter](t)(o.Letters(zoe, 1))
		if whole := must[opportunities.Digest](t)(o.OldLetter(zoe, letters[0].ID)); len(whole.Searches[0].Pieces) != 15 {
			t.Errorf("its page: %s", tell(whole))
		}
		if next, _, err := o.NextLetter(zoe); err != nil || next.Count() != 0 {
			t.Errorf("after it: %s, %v", tell(next), err)
		}
	})
}

func TestALetterIsStoppedByItsSecret(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		zoe, max := person(t, st, "zoe@exemple.fr"), person(t, st, "max@exemple.fr")
		o.follow(zoe, "Écoles", opportunities.Daily)
		o.follow(zoe, "Écoles encore", opportunities.Weekly)
		o.follow(max, "Écoles", opportunities.Daily)
		o.clock.Advance(time.Hour)
		o.offer(1)
		o.morning(24)
		o.write()
		ctx, secret := context.Background(), o.words.stops[0]
		if n := must[int](t)(o.LettersStoppable(ctx, secret)); n != 2 {
			t.Errorf("%d searches", n)
		}
		for range 2 {
			if err := o.StopLetters(ctx, secret); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.StopLetters(ctx, "rien"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another secret: %v", err)
		}
		if n := o.count("SELECT count(*) FROM audit_entries WHERE action = 'letter.stop'"); n != 1 {
			t.Errorf("%d rows in the trail", n)
		}
		id := o.offer(2)
		o.morning(25)
		o.wants(fmt.Sprintf("Écoles: new %d", id)) // Max's alone
	})
}
