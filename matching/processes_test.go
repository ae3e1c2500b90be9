package matching_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/jobs"
	"maillage/matching"
	"maillage/opportunities"
	"maillage/territories"
)

// silent is a postman without letters.
type silent struct{}

func (silent) WriteLetters(context.Context) (int, error) { return 0, nil }

func (silent) DeliverLetter(context.Context, opportunities.SendLetter) error { return nil }

// Several processes over one database, each with its services and its workers,
// change everything at random at once. When the jobs are done, each process
// answers alike, as one that starts does, and the rows are those that a
// computation from nothing gives.
//
// MAILLAGE_SEED tries a given sequence of changes again; who does what first is
// left to the machine.
func TestSeveralProcessesEndInStep(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	if s := os.Getenv("MAILLAGE_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("MAILLAGE_SEED=%d", seed)
				}
			})
			handles := testkit.Handles(t, engine, 2)
			rooms := make([]*room, len(handles))
			for i, st := range handles {
				rooms[i] = open(t, st)
			}
			late := driveTogether(rooms, seed, 40)
			endInStep(t, rooms, late)
		})
	}
}

// driveTogether lets each process make its changes, and do its jobs, at once. It
// gives the matching of the processes that started meanwhile.
func driveTogether(rooms []*room, seed uint64, steps int) (late []*matching.Service) {
	of := &made{}
	newDriver(rooms[0], seed, 99, of, hardMoves()).step()
	var stops []func()
	for _, r := range rooms {
		stops = append(stops, r.startJobs())
	}
	var wg sync.WaitGroup
	for i, r := range rooms {
		d := newDriver(r, seed, uint64(i), of, hardMoves())
		wg.Go(func() {
			for range steps {
				d.step()
			}
		})
	}
	wg.Go(func() {
		for i := range 4 {
			r := rooms[i%len(rooms)]
			s := r.another()
			_, err := s.MatchesOfOrganisation(r.ctx, of.organisations[0], matching.Query{}) // it loads while the others write
			r.must(err)
			late = append(late, s)
		}
	})
	wg.Wait()
	rooms[0].waitForJobs()
	for _, stop := range stops {
		stop()
	}
	return late
}

// another is the matching of a process that starts.
func (r *room) another() *matching.Service {
	return matching.NewService(matching.Config{Store: r.st, Atlas: must(territories.Load()), Now: r.clock.Now})
}

func (r *room) startJobs() (stop func()) {
	pool, err := jobs.Start(r.ctx, jobs.Config{Store: r.st, Matching: r.matches, Opportunities: r.lots, Letters: silent{}, Log: slog.New(slog.DiscardHandler)})
	r.must(err)
	return func() {
		ctx, cancel := context.WithTimeout(r.ctx, 20*time.Second)
		defer cancel()
		r.must(pool.Stop(ctx))
	}
}

// waitForJobs waits until no job is left to do.
func (r *room) waitForJobs() {
	r.t.Helper()
	for range 1200 {
		counts, err := r.st.JobCounts(r.ctx)
		r.must(err)
		left := 0
		for _, c := range counts {
			if c.State != "completed" {
				left += c.Count
			}
		}
		if left == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.t.Fatal("jobs are left after a minute")
}

func endInStep(t *testing.T, rooms []*room, late []*matching.Service) {
	t.Helper()
	r := rooms[0]
	var failed []string
	r.must(r.st.Read().NewRaw("SELECT "+r.jobText("errors")+" FROM river_job WHERE errors IS NOT NULL ORDER BY id").Scan(r.ctx, &failed))
	if len(failed) > 0 {
		t.Errorf("%d jobs failed, the first so: %.400s", len(failed), failed[0])
	}
	got := r.rows()
	if len(got) < 5 {
		t.Fatalf("only %d matches: the changes prove little", len(got))
	}
	fresh := r.another()
	for _, other := range append(late, rooms[1].matches, fresh) {
		r.agree(r.matches, other)
	}
	r.must(fresh.Rebuild(r.ctx, nil))
	r.same("a rebuild in place", r.rows(), got)
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM match_events").Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("DELETE FROM matches").Exec(ctx)
		return err
	}))
	r.must(fresh.Rebuild(r.ctx, nil))
	r.same("a rebuild from nothing", r.rows(), got)
}
