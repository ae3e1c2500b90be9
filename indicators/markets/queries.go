package markets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// statement bounds the number of values of one statement.
const statement = 400

// callsTouched gives the opportunities of which something changed since an instant:
// themselves, their lots, their matches, what became of these, a member that an award
// names or named, the prospects that answer them or did, and what was judged the same.
func callsTouched(ctx context.Context, db bun.IDB, since time.Time, prospects []int64) ([]int64, error) {
	var out []int64
	for _, q := range []string{
		"SELECT id FROM opportunities WHERE updated_at > ?",
		"SELECT opportunity_id AS id FROM lots WHERE updated_at > ?",
		"SELECT l.opportunity_id AS id FROM matches m JOIN lots l ON l.id = m.lot_id WHERE m.updated_at > ?",
		"SELECT l.opportunity_id AS id FROM pursuits p JOIN matches m ON m.id = p.match_id JOIN lots l ON l.id = m.lot_id WHERE p.updated_at > ?",
		"SELECT op.id FROM organisations o JOIN track_records t ON t.organisation_id = o.id JOIN opportunities op ON op.key = t.source WHERE t.source <> '' AND o.updated_at > ?",
		"SELECT mf.root AS id FROM organisations o JOIN market_parts mp ON mp.role = 'won' AND mp.ref = o.id JOIN market_figures mf ON mf.key = mp.market_key WHERE o.updated_at > ?",
		"SELECT op.id FROM procurement_pairs p JOIN opportunities op ON op.key IN (p.low, p.high) WHERE p.judged_at > ?",
	} {
		var some []int64
		if err := db.NewRaw("/* markets.callsTouched */ "+q, since).Scan(ctx, &some); err != nil {
			return nil, fmt.Errorf("read the calls that changed: %w", err)
		}
		out = append(out, some...)
	}
	for part := range slices.Chunk(prospects, statement) {
		var some []int64
		err := db.NewRaw(`/* markets.callsOfProspects */ SELECT l.opportunity_id AS id FROM quotes q JOIN matches m ON m.id = q.match_id JOIN lots l ON l.id = m.lot_id WHERE q.prospect_id IN (?)
			UNION SELECT mf.root FROM market_parts mp JOIN market_figures mf ON mf.key = mp.market_key WHERE mp.role = 'prospect' AND mp.ref IN (?)`, bun.List(part), bun.List(part)).Scan(ctx, &some)
		if err != nil {
			return nil, fmt.Errorf("read the calls that prospects answer: %w", err)
		}
		out = append(out, some...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// prospectsTouched gives the prospects of which something changed, or whose holder did.
func prospectsTouched(ctx context.Context, db bun.IDB, since time.Time) ([]int64, error) {
	var out []int64
	err := db.NewRaw(`/* markets.prospectsTouched */ SELECT id FROM prospects WHERE updated_at > ? UNION SELECT prospect_id FROM quotes WHERE updated_at > ?
		UNION SELECT p.id FROM prospects p JOIN organisations o ON o.id = p.organisation_id WHERE o.updated_at > ? ORDER BY 1`, since, since, since).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the prospects that changed: %w", err)
	}
	return out, nil
}

// dropRoots forgets the markets of calls.
func dropRoots(ctx context.Context, tx store.Tx, roots []int64) error {
	if _, err := tx.NewRaw("/* markets.dropRoots */ DELETE FROM market_figures WHERE root IN (?)", bun.List(roots)).Exec(ctx); err != nil {
		return fmt.Errorf("forget the markets of %d calls: %w", len(roots), err)
	}
	return nil
}

func dropPurchases(ctx context.Context, tx store.Tx, ids []int64) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = fmt.Sprintf("prospect:%d", id)
	}
	if _, err := tx.NewRaw("/* markets.dropPurchases */ DELETE FROM market_figures WHERE key IN (?)", bun.List(keys)).Exec(ctx); err != nil {
		return fmt.Errorf("forget %d purchases: %w", len(ids), err)
	}
	return nil
}

// forgetGone forgets the markets of calls that no longer are.
func forgetGone(ctx context.Context, tx store.Tx) error {
	if _, err := tx.NewRaw("/* markets.forgetGone */ DELETE FROM market_figures WHERE root <> 0 AND root NOT IN (SELECT id FROM opportunities)").Exec(ctx); err != nil {
		return fmt.Errorf("forget markets that no longer are: %w", err)
	}
	return nil
}

// keep writes markets and their parts.
func keep(ctx context.Context, tx store.Tx, made []*Market) error {
	var parts []Part
	for _, m := range made {
		parts = append(parts, m.parts...)
	}
	for some := range slices.Chunk(made, statement/10) {
		if _, err := tx.NewInsert().Model(&some).Comment("markets.keep").Exec(ctx); err != nil {
			return fmt.Errorf("write %d markets: %w", len(some), err)
		}
	}
	for some := range slices.Chunk(parts, statement/4) {
		if _, err := tx.NewInsert().Model(&some).Comment("markets.keepParts").Exec(ctx); err != nil {
			return fmt.Errorf("write who is behind %d markets: %w", len(made), err)
		}
	}
	return nil
}

// all reads every market with its parts, in the order of the keys.
func all(ctx context.Context, db bun.IDB) ([]*Market, error) {
	var out []*Market
	if err := db.NewSelect().Model(&out).Comment("markets.all").OrderExpr("mf.key").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the markets: %w", err)
	}
	var parts []Part
	if err := db.NewSelect().Model(&parts).Comment("markets.allParts").OrderExpr("mp.market_key, mp.role, mp.ref").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read who is behind the markets: %w", err)
	}
	by := map[string]*Market{}
	for _, m := range out {
		by[m.Key] = m
	}
	for _, p := range parts {
		if m := by[p.Market]; m != nil {
			m.parts = append(m.parts, p)
		}
	}
	return out, nil
}
