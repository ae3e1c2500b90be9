package escalation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/matching"
	"maillage/opportunities"
)

const followedColumns = `SELECT p.match_id, m.lot_id, l.number, l.opportunity_id, m.organisation_id, COALESCE(l.deadline, o.deadline) AS deadline,
	(SELECT min(e.at) FROM pursuit_events e WHERE e.match_id = p.match_id) AS since
	FROM pursuits p JOIN matches m ON m.id = p.match_id JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id `

// followedThatMoved lists the matches that are followed and whose call changed
// since the enterprise knows of it.
func followedThatMoved(ctx context.Context, db bun.IDB) ([]followed, error) {
	var rows []followed
	err := db.NewRaw("/* escalation.followedThatMoved */ "+followedColumns+`WHERE p.state IN (?) AND o.state IN (?)
		AND EXISTS (SELECT 1 FROM opportunity_events x WHERE x.opportunity_id = o.id AND x.at > (SELECT min(e.at) FROM pursuit_events e WHERE e.match_id = p.match_id))
		ORDER BY p.match_id`,
		bun.List([]followup.State{followup.Notified, followup.Seen, followup.Interested, followup.Go, followup.Answering, followup.Submitted}),
		bun.List([]opportunities.State{opportunities.Published, opportunities.Cancelled})).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the calls that moved: %w", err)
	}
	return rows, nil
}

// unwanted lists the open lots whose deadline comes before an instant and that no
// enterprise wants; people answer positions, not enterprises.
func unwanted(ctx context.Context, db bun.IDB, now, until time.Time) ([]opportunities.LotID, error) {
	var ids []opportunities.LotID
	err := db.NewRaw(`/* escalation.unwanted */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.state = ? AND o.kind IN (?) AND NOT l.withdrawn AND COALESCE(l.deadline, o.deadline) > ? AND COALESCE(l.deadline, o.deadline) <= ?
		AND NOT EXISTS (SELECT 1 FROM matches m JOIN pursuits p ON p.match_id = m.id WHERE m.lot_id = l.id AND p.state IN (?))
		ORDER BY COALESCE(l.deadline, o.deadline), l.id`, opportunities.Published,
		bun.List([]opportunities.Kind{opportunities.Tender, opportunities.PrivatePurchase, opportunities.InsertionHours, opportunities.PartnerCall, opportunities.Takeover}), now, until,
		bun.List([]followup.State{followup.Interested, followup.Go, followup.Answering, followup.Submitted, followup.Won})).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read the lots that nobody wants: %w", err)
	}
	return ids, nil
}

// followedAmong reads some matches with what is needed to tell what changed.
func followedAmong(ctx context.Context, db bun.IDB, ids []matching.ID) (map[matching.ID]*followed, error) {
	out := map[matching.ID]*followed{}
	for part := range slices.Chunk(ids, chunk) {
		var rows []followed
		if err := db.NewRaw("/* escalation.followedAmong */ "+followedColumns+"WHERE p.match_id IN (?) ORDER BY p.match_id", bun.List(part)).Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("read the calls that moved: %w", err)
		}
		for i := range rows {
			out[rows[i].MatchID] = &rows[i]
		}
	}
	return out, nil
}

// lettersOf lists the letters of somebody, the latest first.
func lettersOf(ctx context.Context, db bun.IDB, id accounts.UserID, limit int) ([]Letter, error) {
	rows := []Letter{}
	err := db.NewSelect().Model(&rows).Comment("escalation.lettersOf").Where("rl.user_id = ?", id).OrderExpr("rl.id DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the letters of account %d: %w", id, err)
	}
	return rows, nil
}

// queued reads the lines of what was passed on to some people.
func queued(ctx context.Context, db bun.IDB, to []accounts.UserID) ([]line, error) {
	var rows []line
	err := db.NewSelect().Model(&rows).Comment("escalation.queued").Where("rm.subject = ?", OfRung).
		Where("rm.user_id IN (?) OR rm.standing_for IN (?)", bun.List(to), bun.List(to)).OrderExpr("rm.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was passed on: %w", err)
	}
	return rows, nil
}
