package followup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// chunk bounds the number of values of one statement.
const chunk = 500

// current reads the pursuit of a match, or begins one.
func current(ctx context.Context, db bun.IDB, m *matching.Match) (*Pursuit, error) {
	p := &Pursuit{}
	err := db.NewSelect().Model(p).Comment("followup.current").Where("pu.match_id = ?", m.ID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return begin(m), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the pursuit of match %d: %w", m.ID, err)
	}
	return p, nil
}

// pursuitsOf reads the pursuits of matches; one that is only proposed is not in
// the map.
func pursuitsOf(ctx context.Context, db bun.IDB, ids []matching.ID) (map[matching.ID]*Pursuit, error) {
	out := map[matching.ID]*Pursuit{}
	for part := range slices.Chunk(ids, chunk) {
		var rows []*Pursuit
		err := db.NewSelect().Model(&rows).Comment("followup.pursuitsOf").Where("pu.match_id IN (?)", bun.List(part)).OrderExpr("pu.match_id").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read pursuits: %w", err)
		}
		for _, p := range rows {
			out[p.MatchID] = p
		}
	}
	return out, nil
}

// keep writes a pursuit and the event that made it so.
func keep(ctx context.Context, tx store.Tx, p *Pursuit, e *Event) error {
	_, err := tx.NewInsert().Model(p).Comment("followup.keep").On("CONFLICT (match_id) DO UPDATE").
		Set("state = EXCLUDED.state, since = EXCLUDED.since, reason = EXCLUDED.reason, note = EXCLUDED.note, role = EXCLUDED.role").
		Set("consortium_id = EXCLUDED.consortium_id, partners = EXCLUDED.partners, submitted_on = EXCLUDED.submitted_on").
		Set("revision = EXCLUDED.revision, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("write the pursuit of match %d: %w", p.MatchID, err)
	}
	if _, err := tx.NewInsert().Model(e).Comment("followup.record").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record what became of match %d: %w", p.MatchID, err)
	}
	return nil
}

// eventsOf is the history of a pursuit, the latest first.
func eventsOf(ctx context.Context, db bun.IDB, id matching.ID) ([]Event, error) {
	events := []Event{}
	err := db.NewSelect().Model(&events).Comment("followup.eventsOf").Where("pe.match_id = ?", id).OrderExpr("pe.id DESC").Limit(500).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of match %d: %w", id, err)
	}
	return events, nil
}

// ground is what a pursuit stands on when a step is taken: its lot and its call.
type ground struct {
	Withdrawn    bool                `bun:"withdrawn"`
	Kind         opportunities.Kind  `bun:"kind"`
	State        opportunities.State `bun:"state"`
	LotDeadline  *time.Time          `bun:"lot_deadline"`
	CallDeadline *time.Time          `bun:"call_deadline"`
	PublishedAt  *time.Time          `bun:"published_at"`
}

// until is when the lot can no longer be answered; nil: no day is said.
func (g *ground) until() *time.Time {
	if g.LotDeadline != nil {
		return g.LotDeadline
	}
	return g.CallDeadline
}

// over tells that the lot is answered no more: its deadline has passed, the call was
// awarded or, where no day is said, has ended.
func (g *ground) over(now time.Time) bool {
	until := g.until()
	return g.State == opportunities.Awarded || until == nil && g.State != opportunities.Published || until != nil && !now.Before(*until)
}

func groundOf(ctx context.Context, tx store.Tx, id opportunities.LotID) (*ground, error) {
	g := &ground{}
	err := tx.NewRaw(`/* followup.groundOf */ SELECT l.withdrawn, op.kind, op.state, l.deadline AS lot_deadline, op.deadline AS call_deadline, op.published_at
		FROM lots AS l JOIN opportunities AS op ON op.id = l.opportunity_id WHERE l.id = ?`, id).Scan(ctx, g)
	if err != nil {
		return nil, fmt.Errorf("read what lot %d has become: %w", id, err)
	}
	return g, nil
}

// namedBy tells whether an award of the call of a match names its enterprise:
// it made a reference of it.
func namedBy(ctx context.Context, db bun.IDB, m *matching.Match) (bool, error) {
	named, err := namedAmong(ctx, db, []matching.ID{m.ID})
	return named[m.ID], err
}

// namedAmong is namedBy of several matches.
func namedAmong(ctx context.Context, db bun.IDB, ids []matching.ID) (map[matching.ID]bool, error) {
	out := map[matching.ID]bool{}
	for part := range slices.Chunk(ids, chunk) {
		var found []matching.ID
		err := db.NewRaw(`/* followup.namedAmong */ SELECT DISTINCT m.id FROM matches AS m JOIN lots AS l ON l.id = m.lot_id JOIN opportunities AS o ON o.id = l.opportunity_id
			JOIN track_records AS t ON t.source = o.key AND t.organisation_id = m.organisation_id WHERE m.id IN (?) AND o.key <> '' ORDER BY m.id`, bun.List(part)).Scan(ctx, &found)
		if err != nil {
			return nil, fmt.Errorf("read the awards of %d matches: %w", len(part), err)
		}
		for _, id := range found {
			out[id] = true
		}
	}
	return out, nil
}

// wonAlone tells whether another enterprise is told to have won a lot by itself.
func wonAlone(ctx context.Context, tx store.Tx, m *matching.Match) (bool, error) {
	var n int
	err := tx.NewRaw("/* followup.wonAlone */ SELECT count(*) FROM pursuits AS p JOIN matches AS m ON m.id = p.match_id WHERE m.lot_id = ? AND m.id <> ? AND p.state = ? AND p.role = ?",
		m.LotID, m.ID, Won, Alone).Scan(ctx, &n)
	if err != nil {
		return false, fmt.Errorf("look for who won lot %d: %w", m.LotID, err)
	}
	return n > 0, nil
}

// membersAmong counts the organisations that are there.
func membersAmong(ctx context.Context, db bun.IDB, ids []network.ID) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	var n int
	if err := db.NewRaw("/* followup.membersAmong */ SELECT count(*) FROM organisations WHERE id IN (?)", bun.List(ids)).Scan(ctx, &n); err != nil {
		return 0, fmt.Errorf("look for partners: %w", err)
	}
	return n, nil
}

// mostListed bounds a list: a whole federation's pursuits of some years fit.
const mostListed = 20_000

// pursuitRows reads pursuits with the two sides of their matches.
func pursuitRows(ctx context.Context, db bun.IDB, f Filter) ([]row, error) {
	var rows []row
	q := db.NewSelect().Model(&rows).ModelTableExpr("pursuits AS pu").Comment("followup.pursuitRows").
		ColumnExpr("pu.*, mt.lot_id, mt.organisation_id, mt.state AS match_state").Join("JOIN matches AS mt ON mt.id = pu.match_id").
		OrderExpr("pu.match_id DESC").Limit(mostListed)
	if len(f.States) > 0 {
		q = q.Where("pu.state IN (?)", bun.List(f.States))
	}
	if f.Organisation != 0 {
		q = q.Where("mt.organisation_id = ?", f.Organisation)
	}
	if f.Lot != 0 {
		q = q.Where("mt.lot_id = ?", f.Lot)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list pursuits: %w", err)
	}
	return rows, nil
}

// creditedBy names the members that the award of a call credits.
func creditedBy(ctx context.Context, db bun.IDB, key string) ([]string, error) {
	var out []string
	err := db.NewRaw(`/* followup.creditedBy */ SELECT DISTINCT CASE WHEN o.brand <> '' THEN o.brand ELSE o.name END AS called
		FROM track_records AS t JOIN organisations AS o ON o.id = t.organisation_id WHERE t.source = ? ORDER BY called`, key).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who won %s: %w", key, err)
	}
	return out, nil
}

// proposing finds the match that proposes an opportunity to an enterprise, of its
// first lot; 0: none.
func proposing(ctx context.Context, tx store.Tx, id opportunities.ID, who network.ID) (matching.ID, error) {
	var found []matching.ID
	err := tx.NewRaw(`/* followup.proposing */ SELECT m.id FROM matches m JOIN lots l ON l.id = m.lot_id
		WHERE l.opportunity_id = ? AND m.organisation_id = ? AND m.state = ? ORDER BY l.position, m.id LIMIT 1`, id, who, matching.Proposed).Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0], nil
}
