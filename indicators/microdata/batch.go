package microdata

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/sheet"
	"maillage/internal/store"
)

func (run *run[T]) open(ctx context.Context) error {
	if run.in.Preview {
		return nil
	}
	b := &Batch{Sheet: run.in.Sheet, File: fileName(run.in.Name), Origin: FromFile, ActorID: accounts.From(ctx).Actor(), At: run.s.now(), Read: run.r.Read}
	err := run.s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return insertBatch(ctx, tx, b) })
	run.batch, run.r.Batch = &b.ID, b.ID
	return err
}

// close keeps what the batch did and the rows that it refused.
func (run *run[T]) close(ctx context.Context) error {
	if run.in.Preview {
		return nil
	}
	ended := run.s.now()
	b := &Batch{ID: *run.batch, Read: run.r.Read, Made: run.r.Made, Updated: run.r.Updated, Unchanged: run.r.Unchanged, Removed: run.r.Removed, Rejected: run.r.Rejected, EndedAt: &ended}
	number := slices.Index(run.r.header, "salarie")
	return run.s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := closeBatch(ctx, tx, b); err != nil {
			return err
		}
		if err := insertRejections(ctx, tx, rejections(b.ID, run.r, number)); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: ended, Action: run.in.Sheet.Action(), Entity: "batch", EntityID: b.ID})
	})
}

// mostRejections bounds the refused rows that are kept with a batch: the first
// ones say what is wrong with the file.
const mostRejections = 2000

// rejections are the refused rows as they are kept: without the number of the person.
func rejections(batch int64, r *Report, number int) []Rejection {
	var out []Rejection
	for _, row := range r.Refused[:min(len(r.Refused), mostRejections)] {
		cells := slices.Clone(row.Cells)
		if number >= 0 && number < len(cells) {
			cells[number] = ""
		}
		out = append(out, Rejection{BatchID: batch, Line: row.Line, Faults: row.Faults, Cells: cells})
	}
	return out
}

func fileName(name string) string {
	r := []rune(sheet.Clean(name))
	return string(r[max(0, len(r)-120):])
}

// Batch is one import, dated.
type Batch struct {
	bun.BaseModel `bun:"table:observed_batches,alias:ob"`

	ID        int64      `bun:"id,pk,autoincrement"`
	Sheet     Sheet      `bun:"sheet"`
	File      string     `bun:"file"`
	Origin    Origin     `bun:"origin"`
	ActorID   *int64     `bun:"actor_id"`
	At        time.Time  `bun:"at"`
	EndedAt   *time.Time `bun:"ended_at"` // nil: under way, or cut short
	Read      int        `bun:"read"`
	Made      int        `bun:"made"`
	Updated   int        `bun:"updated"`
	Unchanged int        `bun:"unchanged"`
	Removed   int        `bun:"removed"`
	Rejected  int        `bun:"rejected"`
}

// Rejection is a row that a batch refused, with what to correct.
type Rejection struct {
	bun.BaseModel `bun:"table:observed_rejections,alias:oj"`

	ID      int64     `bun:"id,pk,autoincrement"`
	BatchID int64     `bun:"batch_id"`
	Line    int       `bun:"line"`
	Faults  []Located `bun:"faults,type:jsonb"`
	Cells   []string  `bun:"cells,type:jsonb"`
}

// Batches lists the imports, the latest first, below a number (0: from the latest).
func (s *Service) Batches(ctx context.Context, below int64, limit int) ([]Batch, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, err
	}
	return batches(ctx, s.store.Read(), below, limit)
}

// Batch reads an import and the rows that it refused.
func (s *Service) Batch(ctx context.Context, id int64) (*Batch, []Rejection, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, nil, err
	}
	b, err := batchOf(ctx, s.store.Read(), id)
	if err != nil {
		return nil, nil, err
	}
	refused, err := rejectionsOf(ctx, s.store.Read(), id)
	return b, refused, err
}
