package publication

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/indicators/release"
	"maillage/internal/fault"
	"maillage/internal/store"
)

var (
	errMoved     = errors.New("something else was released meanwhile")
	errCancelled = errors.New("the request was cancelled")
)

// mostTurns bounds how often a build starts over because another release came first.
const mostTurns = 5

// Build makes the release of an approved request. It is safe to run twice, in several
// processes, and again after a kill: nothing is visible before one transaction has
// everything. A request that cannot be released says why and is no error. It asks no
// policy: it is for a worker.
func (s *Service) Build(ctx context.Context, job BuildRelease) error {
	ctx = accounts.With(ctx, accounts.TheSystem())
	r, err := s.begin(ctx, job.ID)
	if err != nil || r == nil {
		return err
	}
	watched, stop := s.watch(ctx, r.ID)
	defer stop()
	err = errMoved
	for turn := 0; errors.Is(err, errMoved) && turn < mostTurns; turn++ {
		err = s.build(watched, r)
	}
	if err == nil || errors.Is(err, errCancelled) || errors.Is(context.Cause(watched), errCancelled) {
		return nil
	}
	if why := lasting(err); why != nil {
		return s.fail(ctx, r.ID, why)
	}
	return fmt.Errorf("build the release of request %d: %w", r.ID, err)
}

// begin takes a request up; nil where there is nothing to do.
func (s *Service) begin(ctx context.Context, id int64) (r *Request, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if r, err = requestBy(ctx, tx, id); err != nil {
			return err
		}
		if r.State != Approved && r.State != Building {
			r = nil
			return nil
		}
		r.State, r.Step, r.Percent, r.UpdatedAt = Building, "counts", 5, s.now()
		return updateRequest(ctx, tx, r)
	})
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // a request that is gone is nothing to do
	}
	return r, err
}

// watch gives a context that ends when the request is cancelled.
func (s *Service) watch(ctx context.Context, id int64) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if r, err := requestBy(ctx, s.store.Read(), id); err == nil && r.State == Cancelled {
				cancel(errCancelled)
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}

// tell keeps how far a build is; it stops one that was cancelled.
func (s *Service) tell(ctx context.Context, id int64, step string, percent int) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		n, err := markStep(ctx, tx, id, step, percent, s.now())
		if err == nil && n == 0 {
			return errCancelled
		}
		return err
	})
}

func (s *Service) build(ctx context.Context, r *Request) error {
	before, err := s.ledger(ctx)
	if err != nil {
		return err
	}
	if err := s.tell(ctx, r.ID, "protect", 20); err != nil {
		return err
	}
	v, d, err := s.made(ctx, r, before)
	if err != nil {
		return err
	}
	if err := s.tell(ctx, r.ID, "write", 80); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := release.Write(ctx, &file, d, nil); err != nil {
		return err
	}
	if err := s.tell(ctx, r.ID, "keep", 95); err != nil {
		return err
	}
	return s.keep(ctx, r, v, d, file.Bytes(), before.last)
}

// made protects a plan over the counts of today. Where too little moved since what is
// published, the counts that were published from serve again: another plan then agrees
// with what stands, and the same one has nothing new.
func (s *Service) made(ctx context.Context, r *Request, before ledger) (*verdict, release.Dataset, error) {
	v, err := s.protect(ctx, r.Plan(), before, false)
	little := err
	if fault.Is(err, fault.KindConflict) && fault.Of(err).Code == tooLittle {
		v, err = s.protect(ctx, r.Plan(), before, true)
	}
	if err != nil {
		return nil, release.Dataset{}, s.explained(ctx, r.Plan(), before, err)
	}
	if v.breaks, err = s.breaks(ctx, r.Plan()); err != nil {
		return nil, release.Dataset{}, err
	}
	d, err := s.next(ctx, r, v, before)
	if little != nil && fault.Is(err, fault.KindConflict) {
		err = little
	}
	return v, d, err
}

func (s *Service) ledger(ctx context.Context) (ledger, error) {
	all, err := allFigures(ctx, s.store.Read())
	if err != nil {
		return ledger{}, err
	}
	made, err := versionYears(ctx, s.store.Read())
	if err != nil {
		return ledger{}, err
	}
	l := ledgerOf(all, made)
	l.zonings, err = zonings(ctx, s.store.Read())
	return l, err
}

// next is the dataset, numbered after the version before it. Its date is the one of
// the decision, so that a build that starts over gives the same bytes. What does not
// stand the attack that anybody may make of it is none.
func (s *Service) next(ctx context.Context, r *Request, v *verdict, before ledger) (release.Dataset, error) {
	d, err := s.dataset(r.Plan(), v, *r.DecidedAt)
	if err != nil {
		return d, err
	}
	if err := v.stands(ctx, d, before); err != nil {
		return d, err
	}
	last, err := lastVersion(ctx, s.store.Read(), d.ID)
	if err != nil || last == nil {
		return d, err
	}
	file, err := s.content(ctx, last.ID)
	if err != nil {
		return d, err
	}
	previous, err := release.Read(ctx, bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return d, fmt.Errorf("read version %s: %w", last.Version, err)
	}
	if last.WithdrawnAt != nil {
		return release.Again(previous, d)
	}
	d, _, err = release.Next(previous, d)
	return d, err
}

// keep makes everything of a release visible at once.
func (s *Service) keep(ctx context.Context, r *Request, v *verdict, d release.Dataset, file []byte, seen int64) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		now, err := requestBy(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if now.State != Building {
			return errCancelled
		}
		last, err := latestVersion(ctx, tx)
		if err != nil {
			return err
		}
		if last != seen {
			return errMoved
		}
		row := s.row(r, v, d, file)
		if err := insertVersion(ctx, tx, row); err != nil {
			return err
		}
		if err := insertChunks(ctx, tx, row.ID, file); err != nil {
			return err
		}
		if err := insertFigures(ctx, tx, v.figures(row.ID)); err != nil {
			return err
		}
		if err := keepSnapshots(ctx, tx, row.ID, v.shots); err != nil {
			return err
		}
		now.State, now.Step, now.Reason, now.Percent, now.VersionID, now.UpdatedAt = Published, "", "", 100, &row.ID, s.now()
		if err := updateRequest(ctx, tx, now); err != nil {
			return err
		}
		return tx.Enqueue(ctx, TellRequest{r.ID})
	})
}

func (s *Service) row(r *Request, v *verdict, d release.Dataset, file []byte) *Version {
	sum := sha256.Sum256(file)
	row := &Version{Dataset: d.ID, Version: d.Version, PlanText: r.PlanText, RequestID: r.ID, TitleFR: d.Title.FR, TitleEN: d.Title.EN, CiteFR: d.Cite("fr"), CiteEN: d.Cite("en"),
		FileName: d.FileName(), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(file)), Certificate: string(d.Certificate), Frame: d.Coverage.Asked, Replied: d.Coverage.Answered, ZonesText: v.zonesText(), BreaksText: v.breaksText(), PublishedAt: s.now()}
	var n Sums
	for _, f := range v.figures(0) {
		if f.Told {
			n.add(f.Status)
		}
	}
	row.Shown, row.Hidden, row.Absent = n.Shown, n.Hidden, n.Absent
	return row
}

// fail keeps why a request cannot be released.
func (s *Service) fail(ctx context.Context, id int64, why *fault.Error) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		r, err := requestBy(ctx, tx, id)
		if err != nil || r.State != Building && r.State != Approved {
			return err
		}
		r.State, r.Step, r.UpdatedAt = Failed, "", s.now()
		r.Reason = why.Message.FR + "\n" + why.Message.EN // Why reads both back
		if err := updateRequest(ctx, tx, r); err != nil {
			return err
		}
		return tx.Enqueue(ctx, TellRequest{id})
	})
}
