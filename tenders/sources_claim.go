package tenders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// longestRun is how long a claim holds without being renewed: that of a process
// that was killed ends then, that of a run that goes on never does.
const longestRun = time.Hour

// claim marks the run as under way, so that two do not go side by side.
func (s *Sources) claim(ctx context.Context, name string) (*Feed, error) {
	if _, err := s.Feed(ctx, name); err != nil {
		return nil, err
	}
	now := s.now()
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		res, err := tx.NewUpdate().Model((*Feed)(nil)).Comment("tenders.claim").Set("running_since = ?", now).
			Where("name = ? AND (running_since IS NULL OR running_since < ?)", name, now.Add(-longestRun)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("claim source %s: %w", name, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.Conflict("running", "Un passage de cette source est déjà en cours.", "A run of this source is already under way."))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f, err := s.Feed(ctx, name) // as the run before left it
	if err == nil {
		f.RunningSince = &now
	}
	return f, err
}

// renew makes a claim hold from now on; one that another run took over is a
// conflict.
func (s *Sources) renew(ctx context.Context, f *Feed) error {
	now := s.now()
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		res, err := tx.NewUpdate().Model((*Feed)(nil)).Comment("tenders.renew").Set("running_since = ?", now).
			Where("name = ? AND running_since = ?", f.Name, f.RunningSince).Exec(ctx)
		if err != nil {
			return fmt.Errorf("renew the claim of source %s: %w", f.Name, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, lostClaim())
		}
		return nil
	})
	if err == nil {
		f.RunningSince = &now
	}
	return err
}

func lostClaim() error {
	return fault.Conflict("claim-lost", "Un autre passage de cette source a pris le relais : celui-ci s’arrête.", "Another run of this source took over: this one stops.")
}

// hold renews a claim while a run goes on, however long it waits for a server.
// The context it gives ends, with its cause, when another run took the claim
// over; a database that is busy is asked again at the next beat. Release ends
// the renewals and tells whether the claim was kept.
func (s *Sources) hold(ctx context.Context, f *Feed) (_ context.Context, release func() error) {
	ctx, cancel := context.WithCancelCause(ctx)
	done, ended := make(chan struct{}), make(chan struct{})
	var lost error
	go func() {
		defer close(ended)
		beat := time.NewTicker(s.pulse)
		defer beat.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-beat.C:
			}
			if err := s.renew(ctx, f); err != nil && fault.Of(err).Kind == fault.KindConflict {
				lost = err
				cancel(err)
				return
			}
		}
	}()
	return ctx, func() error {
		close(done)
		<-ended
		cancel(nil)
		return lost
	}
}
