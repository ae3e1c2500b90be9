package tenders

import (
	"context"
	"net/http"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/tenders/fetch"
)

// TestALongRunKeepsItsClaim: a run that lasts longer than a claim renews it, so
// that no second one begins beside it; a claim that nobody renews ends.
func TestALongRunKeepsItsClaim(t *testing.T) {
	t.Parallel()
	testkit.Each(t, longRunKeepsItsClaim)
}

func longRunKeepsItsClaim(t *testing.T, st *store.Store) {
	s, at := sourcesOn(t, st, func(http.ResponseWriter, *http.Request) {})
	ctx := context.Background()
	if err := s.Configure(ctx, Feed{Name: "decp", Kind: fetch.DECP, URL: at, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	f, err := s.claim(ctx, "decp")
	if err != nil {
		t.Fatal(err)
	}
	begun := testNow
	s.clock = func() time.Time { return begun.Add(50 * time.Minute) }
	if err := s.renew(ctx, f); err != nil {
		t.Fatal(err)
	}
	s.clock = func() time.Time { return begun.Add(100 * time.Minute) }
	if _, err := s.claim(ctx, "decp"); fault.Of(err).Kind != fault.KindConflict {
		t.Errorf("beside a run of 100 minutes: %v", err)
	}
	s.clock = func() time.Time { return begun.Add(111 * time.Minute) }
	other, err := s.claim(ctx, "decp")
	if err != nil {
		t.Fatalf("a claim that nobody renews: %v", err)
	}
	if err := s.renew(ctx, f); fault.Of(err).Kind != fault.KindConflict {
		t.Errorf("a claim that was taken over is renewed: %v", err)
	}
	f.Cursor.Day = "2030-01-01"
	if err := s.finish(ctx, f, Report{}, nil); fault.Of(err).Kind != fault.KindConflict {
		t.Errorf("the run that lost its claim ends: %v", err)
	}
	if now, err := s.Feed(ctx, "decp"); err != nil || now.Cursor.Day != "" || !now.RunningSince.Equal(*other.RunningSince) {
		t.Errorf("it moved the source to %+v: %v", now, err)
	}
}

// TestARunRenewsWhileItWaits: the claim is renewed though the server is slow,
// and a run whose claim was taken over stops.
func TestARunRenewsWhileItWaits(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	s, at := newSources(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		select {
		case <-answer:
		case <-r.Context().Done():
		}
	})
	defer close(answer)
	s.pulse = 5 * time.Millisecond
	ctx := context.Background()
	if err := s.Configure(ctx, Feed{Name: "decp", Kind: fetch.DECP, URL: at, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, _, err := s.Run(ctx, "decp", ImportOptions{})
		ended <- err
	}()
	<-asked
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewUpdate().Model((*Feed)(nil)).Set("running_since = ?", testNow.Add(time.Minute)).Where("name = ?", "decp").Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if fault.Of(err).Kind != fault.KindConflict {
			t.Errorf("the run ends with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the run goes on")
	}
}
