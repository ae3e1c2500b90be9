package microdata

import (
	"context"
	"slices"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

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
