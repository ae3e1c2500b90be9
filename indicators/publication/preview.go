package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// A second version may hide much more than the one that stands: corrections move cells, and
// what moved too little is not told again. Who decides reads both counts before approving.

// Sums are how many figures there are of each status.
type Sums struct {
	Shown  int `json:"shown"`
	Hidden int `json:"hidden"`
	Absent int `json:"absent"`
}

func (n *Sums) add(s figureStatus) {
	switch s {
	case shownFigure:
		n.Shown++
	case hiddenFigure:
		n.Hidden++
	case absentFigure:
		n.Absent++
	}
}

// Comparison is a version beside the one that would follow it.
type Comparison struct {
	Version     string     `json:"version"` // the one that stands
	Before      Sums       `json:"before"`
	After       Sums       `json:"after"`
	NewlyHidden int        `json:"newly_hidden"` // shown before, and not any more
	NewlyShown  int        `json:"newly_shown"`
	Refusal     fault.Text `json:"refusal"` // why there would be no such version; empty: there would
	At          time.Time  `json:"at"`      // the counts and the releases of then
}

// Refused tells a request that would end without a version.
func (c *Comparison) Refused() bool { return c.Refusal.FR != "" }

// Compared is what a request would change of the version that stands; false where there is
// none, or where it is not worked out yet.
func (r *Request) Compared() (c Comparison, ok bool) {
	return c, r.PreviewText != "" && json.Unmarshal([]byte(r.PreviewText), &c) == nil
}

// PreviewRelease asks that a request be compared with the version that stands.
type PreviewRelease struct {
	ID int64 `json:"id"`
}

// Kind names the job.
func (PreviewRelease) Kind() string { return "publication.preview" }

// JobOptions puts it after the releases that are approved.
func (PreviewRelease) JobOptions() store.Options { return store.Options{Priority: 4, Attempts: 2} }

// enqueuePreview asks for the comparison of a request that awaits a decision, of a dataset
// that has a version.
func enqueuePreview(ctx context.Context, tx store.Tx, r *Request) error {
	if r.State != Pending {
		return nil
	}
	last, err := lastVersion(ctx, tx, r.Plan().Dataset())
	if err != nil || last == nil || last.WithdrawnAt != nil {
		return err
	}
	return tx.Enqueue(ctx, PreviewRelease{r.ID})
}

// Preview protects a request as if it were approved now, and keeps how much it would publish
// beside the latest version. Nothing is released. It asks no policy: it is for a worker.
func (s *Service) Preview(ctx context.Context, job PreviewRelease) error {
	ctx = accounts.With(ctx, accounts.TheSystem())
	r, err := requestBy(ctx, s.store.Read(), job.ID)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil || r.State != Pending {
		return err
	}
	last, err := lastVersion(ctx, s.store.Read(), r.Plan().Dataset())
	if err != nil || last == nil {
		return err
	}
	before, err := s.ledger(ctx)
	if err != nil {
		return err
	}
	c := Comparison{Version: last.Version, Before: Sums{last.Shown, last.Hidden, last.Absent}, At: s.now()}
	r.DecidedAt = &c.At
	v, _, err := s.made(ctx, r, before)
	why := lasting(err)
	switch {
	case why != nil:
		c.Refusal = why.Message
	case err != nil:
		return fmt.Errorf("preview request %d: %w", r.ID, err)
	default:
		c.count(before.of(last.ID), v.figures(0))
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return markPreview(ctx, tx, r.ID, string(text)) })
}

// of are the figures of a version.
func (l ledger) of(version int64) (list []figure) {
	for _, f := range l.all {
		if f.VersionID == version {
			list = append(list, f)
		}
	}
	return list
}

// count fills a comparison from what readers of the chosen territories get of each.
func (c *Comparison) count(before, after []figure) {
	was := map[key]figureStatus{}
	for _, f := range before {
		if f.Told {
			was[f.key()] = f.Status
		}
	}
	for _, f := range after {
		if !f.Told {
			continue
		}
		c.After.add(f.Status)
		switch {
		case f.Status == shownFigure && was[f.key()] == hiddenFigure:
			c.NewlyShown++
		case f.Status == hiddenFigure && was[f.key()] == shownFigure:
			c.NewlyHidden++
		}
	}
}
