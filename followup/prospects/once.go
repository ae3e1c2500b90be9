package prospects

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/opportunities"
)

// A win is of a purchase, not of an answer: partners who win a lot together, the hours
// that its award leaves to fill and a call judged the same are one. indicators/markets
// counts so for reports, from tables of its own; a test there holds the two together.

// purchase is what lots that tell of one thing bought have in common: the first call, and
// the number of the lot there; empty: its only lot, or the call as a whole.
type purchase struct {
	call   opportunities.ID
	number string
}

// facet is a lot as it tells of a purchase.
type facet struct {
	Lot    opportunities.LotID      `bun:"id"`
	Number string                   `bun:"number"`
	Call   opportunities.ID         `bun:"opportunity_id"`
	Root   opportunities.ID         `bun:"root"` // the call whose award left these hours, or its own
	Fills  *opportunities.Insertion `bun:"insertion"`
}

// purchasesOf gives the purchase that each lot tells of; a post, a training and a call
// for partners are none.
func purchasesOf(ctx context.Context, db bun.IDB, lots []opportunities.LotID) (map[opportunities.LotID]purchase, error) {
	out := map[opportunities.LotID]purchase{}
	first, err := sameCalls(ctx, db)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(lots, chunk) {
		facets, err := facetsOf(ctx, db, part)
		if err != nil {
			return nil, err
		}
		numbers, err := numbersOf(ctx, db, facets, first)
		if err != nil {
			return nil, err
		}
		for _, f := range facets {
			call := first(f.Root)
			out[f.Lot] = purchase{call, f.within(numbers[call])}
		}
	}
	return out, nil
}

// within is the number of a purchase among those of the lots of its first call.
func (f *facet) within(numbers []string) string {
	number, fills := f.Number, f.Root != f.Call
	if fills {
		number = ""
		if f.Fills != nil {
			number = f.Fills.Lot
		}
	}
	if number = plain(number); len(numbers) == 1 || fills && !slices.Contains(numbers, number) {
		return ""
	}
	return number
}

// plain writes LOT-0001, as some notices do, as 1, as others do.
func plain(number string) string {
	return strings.TrimLeft(strings.TrimPrefix(strings.ToUpper(number), "LOT-"), "0")
}

// numbersOf reads the numbers of the lots of the first calls.
func numbersOf(ctx context.Context, db bun.IDB, facets []facet, first func(opportunities.ID) opportunities.ID) (map[opportunities.ID][]string, error) {
	out, ids := map[opportunities.ID][]string{}, []opportunities.ID{0}
	for _, f := range facets {
		ids = append(ids, first(f.Root))
	}
	rows, err := lotsOfCalls(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[r.Call] = append(out[r.Call], plain(r.Number))
	}
	return out, nil
}

// sameCalls gives the first of the calls that somebody judged the same.
func sameCalls(ctx context.Context, db bun.IDB) (func(opportunities.ID) opportunities.ID, error) {
	pairs, err := judgedSame(ctx, db)
	if err != nil {
		return nil, err
	}
	before := map[opportunities.ID]opportunities.ID{}
	first := func(id opportunities.ID) opportunities.ID {
		for before[id] != 0 {
			id = before[id]
		}
		return id
	}
	for _, p := range pairs {
		if a, b := first(p.A), first(p.B); a != b {
			before[max(a, b)] = min(a, b)
		}
	}
	return first, nil
}
