package escalation

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/followup/calls"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// interest is an answer to a call, with the event that makes it worth telling.
type interest struct {
	ID           int64               `bun:"id"`
	Call         opportunities.ID    `bun:"opportunity_id"`
	Title        string              `bun:"title"`
	CallState    opportunities.State `bun:"call_state"`
	Deadline     *time.Time          `bun:"deadline"`
	Organisation network.ID          `bun:"organisation_id"`
	Name         string              `bun:"name"`
	Word         string              `bun:"word"`
	State        calls.State         `bun:"state"`
	Publisher    *int64              `bun:"publisher_id"`
	Transferor   *int64              `bun:"transferor_id"`
	Author       *int64              `bun:"author_id"`
	EventID      int64               `bun:"event_id"`
}

// owners are the organisations that speak for the call.
func (i *interest) owners() (ids []int64) {
	for _, id := range []*int64{i.Publisher, i.Transferor, i.Author} {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	return ids
}

const interestColumns = `SELECT i.id, i.opportunity_id, o.title, o.state AS call_state, o.deadline, i.organisation_id, CASE WHEN g.brand <> '' THEN g.brand ELSE g.name END AS name,
	i.word, i.state, o.publisher_id, o.transferor_id, ca.author_id, `

const interestTables = ` FROM interests i JOIN opportunities o ON o.id = i.opportunity_id JOIN organisations g ON g.id = i.organisation_id LEFT JOIN calls ca ON ca.opportunity_id = o.id `

// waitingInterests lists the answers to calls that nobody settled, each with the
// event that last brought it.
func waitingInterests(ctx context.Context, db bun.IDB) ([]interest, error) {
	var rows []interest
	err := db.NewRaw("/* escalation.waitingInterests */ "+interestColumns+`(SELECT max(e.id) FROM interest_events e WHERE e.interest_id = i.id AND e.to_state = ? AND e.from_state <> ?) AS event_id`+interestTables+
		"WHERE i.state = ? AND o.state IN (?) ORDER BY i.id", calls.Expressed, calls.Expressed, calls.Expressed, bun.List([]opportunities.State{opportunities.Published, opportunities.Closed})).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the answers to calls that wait: %w", err)
	}
	return rows, nil
}

// settledInterests lists the answers to calls that were accepted or declined after an
// instant, each with the event that settled it.
func settledInterests(ctx context.Context, db bun.IDB, after time.Time) ([]interest, error) {
	var rows []interest
	err := db.NewRaw("/* escalation.settledInterests */ "+interestColumns+"v.id AS event_id"+interestTables+`JOIN interest_events v ON v.id = (SELECT max(e.id) FROM interest_events e WHERE e.interest_id = i.id)
		WHERE i.state IN (?) AND o.state IN (?) AND v.at > ? ORDER BY i.id`, bun.List([]calls.State{calls.Accepted, calls.Declined}),
		bun.List([]opportunities.State{opportunities.Published, opportunities.Closed, opportunities.Awarded}), after).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the answers to calls that were settled: %w", err)
	}
	return rows, nil
}

// closedInterests lists the answers that were not taken back, of calls that closed
// after an instant, each with the event that closed its call.
func closedInterests(ctx context.Context, db bun.IDB, after time.Time) ([]interest, error) {
	var rows []interest
	err := db.NewRaw("/* escalation.closedInterests */ "+interestColumns+"v.id AS event_id"+interestTables+`JOIN opportunity_events v ON v.id =
		(SELECT min(x.id) FROM opportunity_events x WHERE x.opportunity_id = o.id AND x.kind IN (?) AND x.id > COALESCE((SELECT max(p.id) FROM opportunity_events p WHERE p.opportunity_id = o.id AND p.kind IN (?)), 0))
		WHERE i.state <> ? AND o.state IN (?) AND v.at > ? ORDER BY i.id`,
		bun.List([]string{opportunities.EventClosed, opportunities.EventAwarded, opportunities.EventCancelled}), bun.List([]string{opportunities.EventPublished, opportunities.EventReopened}),
		calls.Withdrawn, bun.List([]opportunities.State{opportunities.Closed, opportunities.Awarded, opportunities.Cancelled}), after).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the answers to calls that closed: %w", err)
	}
	return rows, nil
}

// naming is an answer to a lot that counts on partners.
type naming struct {
	Match        matching.ID         `bun:"match_id"`
	Lot          opportunities.LotID `bun:"lot_id"`
	Organisation network.ID          `bun:"organisation_id"`
	Role         followup.Role       `bun:"role"`
	Partners     []network.ID        `bun:"partners"`
	Deadline     *time.Time          `bun:"deadline"`
}

// namingPartners lists the answers, written or handed in, that name partners; ids
// keeps those of some matches, nil all.
func namingPartners(ctx context.Context, db bun.IDB, ids []matching.ID) ([]naming, error) {
	var rows []naming
	q := db.NewSelect().Model(&rows).ModelTableExpr("pursuits AS p").Comment("escalation.namingPartners").
		ColumnExpr("p.match_id, m.lot_id, m.organisation_id, p.role, p.partners, COALESCE(l.deadline, o.deadline) AS deadline").
		Join("JOIN matches m ON m.id = p.match_id JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id").
		Where("p.state IN (?)", bun.List([]followup.State{followup.Answering, followup.Submitted})).Where("CAST(p.partners AS text) NOT IN ('[]', 'null')").OrderExpr("p.match_id")
	if ids != nil {
		q = q.Where("p.match_id IN (?)", bun.List(ids))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read who answers with partners: %w", err)
	}
	return rows, nil
}

// matchesOf are the matches of an enterprise with some lots.
func matchesOf(ctx context.Context, db bun.IDB, id network.ID, lots []opportunities.LotID) (map[opportunities.LotID]matching.ID, error) {
	out := map[opportunities.LotID]matching.ID{}
	if len(lots) == 0 {
		return out, nil
	}
	var rows []struct {
		ID  matching.ID         `bun:"id"`
		Lot opportunities.LotID `bun:"lot_id"`
	}
	err := db.NewRaw("/* escalation.matchesOf */ SELECT id, lot_id FROM matches WHERE organisation_id = ? AND lot_id IN (?) ORDER BY id", id, bun.List(lots)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the matches of organisation %d: %w", id, err)
	}
	for _, r := range rows {
		out[r.Lot] = r.ID
	}
	return out, nil
}
