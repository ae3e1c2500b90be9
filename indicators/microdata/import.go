package microdata

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/internal/sheet"
	"maillage/internal/store"
)

// A chunk of an import is one transaction: so many rows, since SQLite has one
// writer and the jobs wait for it.
const chunkRows = 500

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

func (run *run[T]) open(ctx context.Context) error {
	if run.in.Preview {
		return nil
	}
	b := &Batch{Sheet: run.in.Sheet, File: fileName(run.in.Name), Origin: FromFile, ActorID: actor(ctx), At: run.s.now(), Read: run.r.Read}
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

func actor(ctx context.Context) *int64 {
	who := int64(accounts.From(ctx).UserID)
	if who == 0 {
		return nil
	}
	return &who
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
		if err := tx.Alone(ctx, "observatory import"); err != nil { // two files may describe the same workers
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

// chunk is one transaction of an import.
type chunk[T any] struct {
	*run[T]
	tx      store.Tx
	known   *known
	part    *part
	touched touched
	yearly  []int // years that are to be counted again whole
}

// placed is an entry whose owner is known.
type placed[T any] struct {
	*entry[T]
	of    *Enterprise
	year  *Year // the declared year that it is of; nil where it is of none
	owner int64
	key   string
}

func (c *chunk[T]) refuse(e *entry[T], faults ...Located) {
	e.c.faults = append(e.c.faults, faults...)
	c.part.refused = append(c.part.refused, Refusal{Line: e.c.row.Line, Faults: e.c.faults, Cells: e.c.kept()})
}

func (c *chunk[T]) write(ctx context.Context, entries []*entry[T]) error {
	placed, err := c.place(ctx, entries)
	if err != nil || len(placed) == 0 {
		return err
	}
	current, err := c.current(ctx, placed)
	if err != nil {
		return err
	}
	var puts []*T
	for _, p := range placed {
		put, err := c.decide(ctx, p, current[at(p.owner, p.key)])
		if err != nil {
			return err
		}
		if put != nil {
			puts = append(puts, put)
		}
	}
	return upsert(ctx, c.tx, puts, c.shape.key)
}

func at(owner int64, sub string) string { return fmt.Sprint(owner, "|", sub) }

// current reads the records that the entries may change.
func (c *chunk[T]) current(ctx context.Context, placed []*placed[T]) (map[string]*T, error) {
	var owners []int64
	var subs []string
	for _, p := range placed {
		owners = append(owners, p.owner)
		subs = append(subs, p.key)
	}
	rows, err := recordsOf[T](ctx, c.tx, c.shape.owner, c.shape.sub, owners, subs, c.shape.key)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*T, len(rows))
	for i := range rows {
		owner, sub := c.shape.subOf(&rows[i])
		out[at(owner, sub)] = &rows[i]
	}
	return out, nil
}

// decide tells what to write of an entry, if anything, and counts it.
func (c *chunk[T]) decide(ctx context.Context, p *placed[T], cur *T) (*T, error) {
	if p.remove {
		return nil, c.drop(ctx, p, cur)
	}
	want := c.shape.blank(p.enterpriseID(), p.owner, p.key)
	if cur != nil {
		copied := *cur
		want = &copied
	}
	for _, edit := range p.edits {
		edit(want)
	}
	if c.shape.check != nil {
		if faults := c.shape.check(want, p.year); len(faults) > 0 {
			c.refuse(p.entry, faults...)
			return nil, nil
		}
	}
	if cur != nil && reflect.DeepEqual(cur, want) {
		c.part.unchanged++
		return nil, nil
	}
	if err := c.complete(want); err != nil {
		return nil, err
	}
	c.changed(p)
	if cur == nil {
		c.part.made++
	} else {
		c.part.updated++
	}
	return want, nil
}

func (p *placed[T]) enterpriseID() int64 {
	if p.of == nil {
		return 0
	}
	return p.of.ID
}

// complete gives a record its trace and, to a new worker, a random key.
func (c *chunk[T]) complete(want *T) error {
	*c.shape.trace(want) = Trace{Origin: FromFile, BatchID: c.batch, UpdatedAt: c.s.now()}
	w, isWorker := any(want).(*Worker)
	if !isWorker || w.Key != "" {
		return nil
	}
	key, err := c.s.draw(16)
	w.Key = key
	return err
}

func (c *chunk[T]) drop(ctx context.Context, p *placed[T], cur *T) error {
	if cur == nil {
		c.part.unchanged++
		return nil
	}
	c.part.removed++
	c.changed(p)
	return remove(ctx, c.tx, cur)
}

// changed remembers what is to be counted again, and which sections were sent.
func (c *chunk[T]) changed(p *placed[T]) {
	if p.of == nil {
		if c.in.Sheet == References {
			c.yearly = append(c.yearly, p.from)
		}
		return
	}
	c.touched.since(p.of.ID, p.from)
	if c.in.Sheet == Enterprises {
		c.touched.year(p.of.ID, p.from)
	}
	if p.section != "" && !p.remove {
		c.touched.sent(p.of.ID, p.section, p.first, p.last)
	}
}

// tell marks what changed, in the same transaction, and asks that it be counted.
func (c *chunk[T]) tell(ctx context.Context) error {
	for _, y := range c.yearly {
		if err := markYear(ctx, c.tx, y); err != nil {
			return err
		}
	}
	if err := c.touched.mark(ctx, c.tx); err != nil {
		return err
	}
	if len(c.yearly)+len(c.touched) == 0 {
		return nil
	}
	return c.tx.Enqueue(ctx, Changed{})
}

// touched is, by enterprise, what an import changed.
type touched map[int64]*traces

type traces struct {
	from  int   // the first year whose counts may differ
	years []int // that were declared, or no longer are
	sent  map[compute.Section][2]int
}

func (t touched) of(id int64, year int) *traces {
	if t[id] == nil {
		t[id] = &traces{from: year, sent: map[compute.Section][2]int{}}
	}
	return t[id]
}

func (t touched) since(id int64, year int) { x := t.of(id, year); x.from = min(x.from, year) }

func (t touched) year(id int64, year int) { x := t.of(id, year); x.years = append(x.years, year) }

func (t touched) sent(id int64, s compute.Section, first, last int) {
	x := t.of(id, first)
	if span, known := x.sent[s]; known {
		first, last = min(first, span[0]), max(last, span[1])
	}
	x.sent[s] = [2]int{first, last}
}

// mark writes the marks, in the order of the enterprises so that two imports do
// not wait for each other.
func (t touched) mark(ctx context.Context, tx store.Tx) error {
	ids := make([]int64, 0, len(t))
	for id := range t {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		x := t[id]
		for s, span := range x.sent {
			if err := markSent(ctx, tx, id, s, span[0], span[1]); err != nil {
				return err
			}
		}
		if err := markSince(ctx, tx, id, x.from); err != nil {
			return err
		}
		for _, y := range x.years {
			if err := markOne(ctx, tx, id, y); err != nil {
				return err
			}
		}
	}
	return nil
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
