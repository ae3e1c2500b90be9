package prospects

import (
	"context"
	"fmt"
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
	kinds := []opportunities.Kind{opportunities.Tender, opportunities.PrivatePurchase, opportunities.InsertionHours}
	for part := range slices.Chunk(lots, chunk) {
		var facets []facet
		err := db.NewRaw(`/* prospects.facets */ SELECT l.id, l.number, l.opportunity_id, o.insertion, CASE WHEN o.kind = ? AND o.procurement_id IS NOT NULL THEN o.procurement_id ELSE o.id END AS root
			FROM lots l JOIN opportunities o ON o.id = l.opportunity_id WHERE l.id IN (?) AND o.kind IN (?) ORDER BY l.id`, opportunities.InsertionHours, bun.List(part), bun.List(kinds)).Scan(ctx, &facets)
		if err != nil {
			return nil, fmt.Errorf("read of what %d lots are: %w", len(part), err)
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
	var rows []facet
	err := db.NewRaw("/* prospects.numbersOf */ SELECT id, number, opportunity_id FROM lots WHERE opportunity_id IN (?) ORDER BY opportunity_id, position, id", bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the lots of %d calls: %w", len(ids), err)
	}
	for _, r := range rows {
		out[r.Call] = append(out[r.Call], plain(r.Number))
	}
	return out, nil
}

// sameCalls gives the first of the calls that somebody judged the same.
func sameCalls(ctx context.Context, db bun.IDB) (func(opportunities.ID) opportunities.ID, error) {
	var pairs []struct {
		A opportunities.ID `bun:"a"`
		B opportunities.ID `bun:"b"`
	}
	err := db.NewRaw(`/* prospects.sameCalls */ SELECT x.id AS a, y.id AS b FROM procurement_pairs p JOIN opportunities x ON x.key = p.low JOIN opportunities y ON y.key = p.high
		WHERE p.verdict = 'same' ORDER BY p.id`).Scan(ctx, &pairs)
	if err != nil {
		return nil, fmt.Errorf("read the calls judged the same: %w", err)
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
