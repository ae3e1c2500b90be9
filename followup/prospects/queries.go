package prospects

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// mostListed bounds a list; chunk bounds the values of one statement.
const (
	mostListed = 5000
	chunk      = 500
)

// insertOnce writes a prospect unless its key is there already.
func insertOnce(ctx context.Context, tx store.Tx, p *Prospect) (made bool, err error) {
	res, err := tx.NewInsert().Model(p).Comment("prospects.insertOnce").On("CONFLICT (key) DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write a prospect: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func byKey(ctx context.Context, db bun.IDB, key string) (*Prospect, error) {
	p := &Prospect{}
	if err := db.NewSelect().Model(p).Comment("prospects.byKey").Where("pr.key = ?", key).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read a prospect: %w", err)
	}
	return p, nil
}

func byID(ctx context.Context, db bun.IDB, id ID) (*Prospect, error) {
	p := &Prospect{}
	err := db.NewSelect().Model(p).Comment("prospects.byID").Where("pr.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("prospect", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read prospect %d: %w", id, err)
	}
	return p, nil
}

// hold takes a prospect for this transaction.
func hold(ctx context.Context, tx store.Tx, id ID) (*Prospect, error) {
	if _, err := tx.NewRaw("/* prospects.hold */ UPDATE prospects SET key = key WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold prospect %d: %w", id, err)
	}
	return byID(ctx, tx, id)
}

func update(ctx context.Context, tx store.Tx, p *Prospect) error {
	if _, err := tx.NewUpdate().Model(p).Comment("prospects.update").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write prospect %d: %w", p.ID, err)
	}
	return nil
}

// list reads prospects; own bounds it to those of an enterprise and those of which
// it is asked for a quote, 0 does not.
func list(ctx context.Context, db bun.IDB, own network.ID) ([]Prospect, error) {
	rows := []Prospect{}
	q := db.NewSelect().Model(&rows).Comment("prospects.list").OrderExpr("pr.id DESC").Limit(mostListed)
	if own != 0 {
		q = q.Where("pr.organisation_id = ? OR EXISTS (SELECT 1 FROM quotes AS qu WHERE qu.prospect_id = pr.id AND qu.organisation_id = ?)", own, own)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list prospects: %w", err)
	}
	return rows, nil
}

// quotesOf reads the quotes of prospects, in the order in which they were asked.
func quotesOf(ctx context.Context, db bun.IDB, rows []Prospect) (map[ID][]Quote, error) {
	var ids []ID
	for _, p := range rows {
		ids = append(ids, p.ID)
	}
	out := map[ID][]Quote{}
	for part := range slices.Chunk(ids, chunk) {
		var found []Quote
		if err := db.NewSelect().Model(&found).Comment("prospects.quotesOf").Where("qu.prospect_id IN (?)", bun.List(part)).OrderExpr("qu.id").Scan(ctx); err != nil {
			return nil, fmt.Errorf("list quotes: %w", err)
		}
		for _, q := range found {
			out[q.ProspectID] = append(out[q.ProspectID], q)
		}
	}
	return out, nil
}

// quoteOf finds the quote of an enterprise; nil: it was not asked.
func quoteOf(ctx context.Context, tx store.Tx, id ID, of network.ID) (*Quote, error) {
	q := &Quote{}
	err := tx.NewSelect().Model(q).Comment("prospects.quoteOf").Where("qu.prospect_id = ? AND qu.organisation_id = ?", id, of).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // it was not asked yet
	}
	if err != nil {
		return nil, fmt.Errorf("look for a quote: %w", err)
	}
	return q, nil
}

func quoteByID(ctx context.Context, db bun.IDB, id QuoteID) (*Quote, error) {
	q := &Quote{}
	err := db.NewSelect().Model(q).Comment("prospects.quoteByID").Where("qu.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("quote", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read quote %d: %w", id, err)
	}
	return q, nil
}

// holdQuote takes a quote, and the prospect that it is of, for this transaction.
func holdQuote(ctx context.Context, tx store.Tx, id QuoteID) (*Quote, error) {
	if _, err := tx.NewRaw("/* prospects.holdQuote */ UPDATE prospects SET key = key WHERE id = (SELECT prospect_id FROM quotes WHERE id = ?)", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold quote %d: %w", id, err)
	}
	return quoteByID(ctx, tx, id)
}

// acceptedAmong tells whether a quote of a prospect is accepted, but for one.
func acceptedAmong(ctx context.Context, tx store.Tx, of ID, but QuoteID) (bool, error) {
	var n int
	err := tx.NewRaw("/* prospects.acceptedAmong */ SELECT count(*) FROM quotes WHERE prospect_id = ? AND id <> ? AND state = ?", of, but, Accepted).Scan(ctx, &n)
	if err != nil {
		return false, fmt.Errorf("look for an accepted quote: %w", err)
	}
	return n > 0, nil
}

// lotsOf reads the lots of the matches that quotes answer.
func lotsOf(ctx context.Context, db bun.IDB, matches map[QuoteID]matching.ID) (map[QuoteID]opportunities.LotID, error) {
	var rows []struct {
		Match matching.ID         `bun:"id"`
		Lot   opportunities.LotID `bun:"lot_id"`
	}
	ids := []matching.ID{0}
	for _, id := range matches {
		ids = append(ids, id)
	}
	if err := db.NewRaw("/* prospects.lotsOf */ SELECT id, lot_id FROM matches WHERE id IN (?) ORDER BY id", bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read the lots that quotes answer: %w", err)
	}
	out := map[QuoteID]opportunities.LotID{}
	for quote, match := range matches {
		for _, r := range rows {
			if r.Match == match {
				out[quote] = r.Lot
			}
		}
	}
	return out, nil
}

func insertQuote(ctx context.Context, tx store.Tx, q *Quote) error {
	if _, err := tx.NewInsert().Model(q).Comment("prospects.insertQuote").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a quote: %w", err)
	}
	return nil
}

func updateQuote(ctx context.Context, tx store.Tx, q *Quote) error {
	if _, err := tx.NewUpdate().Model(q).Comment("prospects.updateQuote").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write quote %d: %w", q.ID, err)
	}
	return nil
}

func insertEvent(ctx context.Context, tx store.Tx, e *QuoteEvent) error {
	if _, err := tx.NewInsert().Model(e).Comment("prospects.insertEvent").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record a step of quote %d: %w", e.QuoteID, err)
	}
	return nil
}

// lastEvent is the last step of a quote that somebody told.
func lastEvent(ctx context.Context, tx store.Tx, id QuoteID) (*QuoteEvent, error) {
	e := &QuoteEvent{}
	if err := tx.NewSelect().Model(e).Comment("prospects.lastEvent").Where("qe.quote_id = ?", id).OrderExpr("qe.id DESC").Limit(1).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the last step of quote %d: %w", id, err)
	}
	return e, nil
}

func eventsOf(ctx context.Context, db bun.IDB, ids []QuoteID) ([]QuoteEvent, error) {
	rows := []QuoteEvent{}
	if len(ids) == 0 {
		return rows, nil
	}
	if err := db.NewSelect().Model(&rows).Comment("prospects.eventsOf").Where("qe.quote_id IN (?)", bun.List(ids)).OrderExpr("qe.id DESC").Limit(500).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the history of quotes: %w", err)
	}
	return rows, nil
}

// facetsOf reads of what lots are; a post, a training and a call for partners are nothing
// that is bought.
func facetsOf(ctx context.Context, db bun.IDB, lots []opportunities.LotID) (all []facet, err error) {
	bought := []opportunities.Kind{opportunities.Tender, opportunities.PrivatePurchase, opportunities.InsertionHours}
	err = db.NewRaw(`/* prospects.facetsOf */ SELECT l.id, l.number, l.opportunity_id, o.insertion, CASE WHEN o.kind = ? AND o.procurement_id IS NOT NULL THEN o.procurement_id ELSE o.id END AS root
		FROM lots l JOIN opportunities o ON o.id = l.opportunity_id WHERE l.id IN (?) AND o.kind IN (?) ORDER BY l.id`, opportunities.InsertionHours, bun.List(lots), bun.List(bought)).Scan(ctx, &all)
	if err != nil {
		return nil, fmt.Errorf("read of what %d lots are: %w", len(lots), err)
	}
	return all, nil
}

// lotsOfCalls reads the lots of calls.
func lotsOfCalls(ctx context.Context, db bun.IDB, calls []opportunities.ID) (all []facet, err error) {
	err = db.NewRaw("/* prospects.lotsOfCalls */ SELECT id, number, opportunity_id FROM lots WHERE opportunity_id IN (?) ORDER BY opportunity_id, position, id", bun.List(calls)).Scan(ctx, &all)
	if err != nil {
		return nil, fmt.Errorf("read the lots of %d calls: %w", len(calls), err)
	}
	return all, nil
}

// pair is two calls that somebody judged the same.
type pair struct {
	A opportunities.ID `bun:"a"`
	B opportunities.ID `bun:"b"`
}

func judgedSame(ctx context.Context, db bun.IDB) (all []pair, err error) {
	err = db.NewRaw(`/* prospects.judgedSame */ SELECT x.id AS a, y.id AS b FROM procurement_pairs p JOIN opportunities x ON x.key = p.low JOIN opportunities y ON y.key = p.high
		WHERE p.verdict = 'same' ORDER BY p.id`).Scan(ctx, &all)
	if err != nil {
		return nil, fmt.Errorf("read the calls judged the same: %w", err)
	}
	return all, nil
}
