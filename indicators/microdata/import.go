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
	first := map[string]int{}
	var out []*entry[T]
	for _, row := range t.Rows {
		c := &cells{l: l, row: row, today: today}
		e := run.shape.read(c, run.s.atlas)
		key := e.enterprise + "\x00" + e.number + "\x00" + e.sub
		if line, twice := first[key]; twice && len(c.faults) == 0 {
			c.refuse("", fmt.Sprintf("même enregistrement que la ligne %d", line), fmt.Sprintf("same record as line %d", line))
		}
		if len(c.faults) > 0 {
			run.r.refuse(row.Line, c.kept(), c.faults...)
			continue
		}
		first[key] = row.Line
		out = append(out, e)
	}
	return out
}

// all writes the entries by chunks and counts, between the two ends of a batch.
func (run *run[T]) all(ctx context.Context, entries []*entry[T]) error {
	if err := run.open(ctx); err != nil {
		return err
	}
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
	return run.close(ctx)
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
