package microdata

import (
	"context"
	"maps"
	"math"
	"slices"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

// touched is, by enterprise, what an import changed.
type touched map[int64]*traces

type traces struct {
	from  int   // the first year whose counts may differ; nothing does from never on
	years []int // that were declared, or no longer are
	sent  map[compute.Section][2]int
}

const never = math.MaxInt

func (t touched) of(id int64) *traces {
	if t[id] == nil {
		t[id] = &traces{from: never, sent: map[compute.Section][2]int{}}
	}
	return t[id]
}

func (t touched) since(id int64, year int) { x := t.of(id); x.from = min(x.from, year) }

func (t touched) year(id int64, year int) { x := t.of(id); x.years = append(x.years, year) }

func (t touched) sent(id int64, s compute.Section, first, last int) {
	x := t.of(id)
	if span, known := x.sent[s]; known {
		first, last = min(first, span[0]), max(last, span[1])
	}
	x.sent[s] = [2]int{first, last}
}

// mark writes the marks, in the order of the enterprises so that two imports do
// not wait for each other, and tells whether anything is to be counted again.
func (t touched) mark(ctx context.Context, tx store.Tx) (bool, error) {
	changed := false
	for _, id := range slices.Sorted(maps.Keys(t)) {
		x := t[id]
		if err := x.receive(ctx, tx, id); err != nil {
			return false, err
		}
		if x.from == never {
			continue
		}
		changed = true
		if err := markSince(ctx, tx, id, x.from); err != nil {
			return false, err
		}
		for _, y := range x.years {
			if err := markOne(ctx, tx, id, y); err != nil {
				return false, err
			}
		}
	}
	return changed, nil
}

// receive says which sections were sent. Rows that are known already are received
// as well: a year that was declared again, or later, is then counted with them.
func (x *traces) receive(ctx context.Context, tx store.Tx, id int64) error {
	for s, span := range x.sent {
		first, err := markSent(ctx, tx, id, s, span[0], span[1])
		if err != nil {
			return err
		}
		x.from = min(x.from, first)
	}
	return nil
}
