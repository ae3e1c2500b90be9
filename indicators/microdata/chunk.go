package microdata

import (
	"context"
	"fmt"
	"reflect"

	"maillage/internal/store"
)

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
	c.part.refused = append(c.part.refused, Refusal{Line: e.c.row.Line, Faults: e.c.faults, Cells: e.c.kept(c.in.Sheet)})
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
	var all []*decided[T]
	for _, p := range placed {
		if d := c.decide(p, current[at(p.owner, p.key)]); d != nil {
			all = append(all, d)
		}
	}
	if c.shape.guard != nil {
		if err := c.shape.guard(ctx, c, all); err != nil {
			return err
		}
	}
	return c.keep(ctx, all)
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

// decided is what an entry does to a record: cur becomes want; either may be nil.
type decided[T any] struct {
	*placed[T]
	cur, want *T
	faults    []Located // found beside the other records: nothing is then written of it
}

// moves tells an entry that is kept and changes something.
func (d *decided[T]) moves() bool {
	if d.want == nil {
		return d.cur != nil
	}
	return !reflect.DeepEqual(d.cur, d.want)
}

// decide tells what an entry makes of its record; nil where it is refused.
func (c *chunk[T]) decide(p *placed[T], cur *T) *decided[T] {
	if p.remove {
		return &decided[T]{placed: p, cur: cur}
	}
	if cur == nil && len(p.c.lacks) > 0 {
		c.refuse(p.entry, p.c.lacks...)
		return nil
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
			return nil
		}
	}
	return &decided[T]{placed: p, cur: cur, want: want}
}

// keep writes what was decided, and counts it.
func (c *chunk[T]) keep(ctx context.Context, all []*decided[T]) error {
	var puts []*T
	for _, d := range all {
		switch {
		case len(d.faults) > 0:
			c.refuse(d.entry, d.faults...)
			continue
		case !d.moves():
			c.part.unchanged++
			c.received(d.placed)
			continue
		case d.want == nil:
			c.part.removed++
			if err := remove(ctx, c.tx, d.cur); err != nil {
				return err
			}
		default:
			if err := c.complete(d.want); err != nil {
				return err
			}
			puts = append(puts, d.want)
			c.counted(d.cur)
		}
		c.changed(d.placed)
	}
	return upsert(ctx, c.tx, puts, c.shape.key)
}

func (c *chunk[T]) counted(cur *T) {
	if cur == nil {
		c.part.made++
		return
	}
	c.part.updated++
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
	c.received(p)
}

// received remembers that a section was sent, by a record that changes or by one
// that was known.
func (c *chunk[T]) received(p *placed[T]) {
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
	changed, err := c.touched.mark(ctx, c.tx)
	if err != nil || !changed && len(c.yearly) == 0 {
		return err
	}
	return c.tx.Enqueue(ctx, Changed{})
}
