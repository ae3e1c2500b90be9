package microdata

import (
	"context"
	"errors"
	"fmt"
	"io"

	"maillage/accounts"
	"maillage/internal/sheet"
	"maillage/internal/store"
)

// A chunk of an import is one transaction: so many rows, since SQLite has one
// writer and the jobs wait for it.
const chunkRows = 500

// ImportTurn names the turn that who declares enterprises takes.
const ImportTurn = "observatory import"

// File is a file of one sheet to import.
type File struct {
	Sheet    Sheet
	Name     string // of the file: .csv or .xlsx
	Content  io.Reader
	Preview  bool                  // tell what would happen, and write nothing
	Progress func(done, total int) // may be nil
}

// errPreview undoes the transaction of a preview, once it has counted.
var errPreview = errors.New("this was a preview")

// run is one import under way.
type run[T any] struct {
	s     *Service
	in    File
	shape shape[T]
	r     *Report
	batch *int64
}

func importAs[T any](ctx context.Context, s *Service, in File, sh shape[T]) (*Report, error) {
	if err := accounts.Permits(accounts.From(ctx), in.Sheet.Action()); err != nil {
		return nil, err
	}
	t, err := sheet.Read(in.Name, in.Content, in.Sheet.knownColumns)
	if err != nil {
		return nil, err
	}
	l, err := readLayout(in.Sheet, t.Header)
	if err != nil {
		return nil, err
	}
	run := &run[T]{s: s, in: in, shape: sh, r: &Report{Sheet: in.Sheet, Read: len(t.Rows) + len(t.Broken), Unread: l.unread, header: l.kept, comma: t.Comma}}
	entries := run.entries(l, t)
	if err := run.all(ctx, entries); err != nil {
		return run.r, fmt.Errorf("import %s: %w", in.Name, err)
	}
	run.r.finish()
	return run.r, nil
}

// entries reads every row; those that are refused go to the report.
func (run *run[T]) entries(l layout, t *sheet.Table) []*entry[T] {
	for _, b := range t.Broken {
		run.r.refuse(b.Line, make([]string, len(l.kept)), located("", "un guillemet n’est pas fermé", "a quote is not closed")...)
	}
	today := run.s.now()
	var out []*entry[T]
	for _, row := range t.Rows {
		c := &cells{l: l, row: row, today: today}
		e := run.shape.read(c, run.s.atlas)
		if e.remove {
			c.leave(run.in.Sheet)
		}
		if len(c.faults) > 0 {
			run.refuse(e, c.faults...)
			continue
		}
		out = append(out, e)
	}
	return out
}

func (run *run[T]) refuse(e *entry[T], faults ...Located) {
	run.r.refuse(e.c.row.Line, e.c.kept(run.in.Sheet), faults...)
}

// mostTurns bounds how many rows of one record are tried, one after the other was refused.
const mostTurns = 4

// all writes the entries and counts, between the two ends of a batch. A record is
// taken once: of several rows the first one that can be kept.
func (run *run[T]) all(ctx context.Context, entries []*entry[T]) error {
	if err := run.open(ctx); err != nil {
		return err
	}
	lines := map[string]int{} // of the row that each record was taken of, or tried last
	for turn := 1; len(entries) > 0; turn++ {
		now, later := run.turn(entries, lines, turn == mostTurns)
		if err := run.chunks(ctx, now); err != nil {
			return err
		}
		for _, e := range now {
			if len(e.c.faults) > 0 && turn < mostTurns {
				delete(lines, e.record())
			}
		}
		entries = later
	}
	return run.close(ctx)
}

// turn parts the entries: those to write now, each of another record, and those of
// the same ones, for later. Where a record was taken, or nothing comes later, they
// are refused.
func (run *run[T]) turn(entries []*entry[T], lines map[string]int, last bool) (now, later []*entry[T]) {
	mine := map[string]bool{}
	for _, e := range entries {
		key := e.record()
		line, taken := lines[key]
		switch {
		case !taken:
			lines[key], mine[key] = e.c.row.Line, true
			now = append(now, e)
		case mine[key] && !last:
			later = append(later, e)
		default:
			run.refuse(e, located("", fmt.Sprintf("même enregistrement que la ligne %d", line), fmt.Sprintf("same record as line %d", line))...)
		}
	}
	return now, later
}

// chunks writes entries by so many.
func (run *run[T]) chunks(ctx context.Context, entries []*entry[T]) error {
	for done := 0; done < len(entries); done += chunkRows {
		next := entries[done:min(done+chunkRows, len(entries))]
		part, err := run.once(ctx, next)
		if err != nil {
			return fmt.Errorf("from line %d: %w", next[0].c.row.Line, err)
		}
		part.addTo(run.r)
		if run.in.Progress != nil {
			run.in.Progress(min(done+chunkRows, len(entries)), len(entries))
		}
	}
	return nil
}

// part is what one transaction did; it counts once it is committed.
type part struct {
	made, updated, unchanged, removed int
	refused                           []Refusal
}

func (p *part) addTo(r *Report) {
	r.Made, r.Updated, r.Unchanged, r.Removed = r.Made+p.made, r.Updated+p.updated, r.Unchanged+p.unchanged, r.Removed+p.removed
	r.Rejected += len(p.refused)
	r.Refused = append(r.Refused, p.refused...)
}

func (run *run[T]) once(ctx context.Context, entries []*entry[T]) (*part, error) {
	var out *part
	err := run.s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c := &chunk[T]{run: run, tx: tx, part: &part{}, touched: touched{}}
		out = c.part
		if err := tx.Alone(ctx, ImportTurn); err != nil { // two files may describe the same workers
			return err
		}
		if err := c.write(ctx, entries); err != nil {
			return err
		}
		if run.in.Preview {
			return errPreview
		}
		return c.tell(ctx)
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return out, err
}
