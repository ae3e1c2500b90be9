package placement

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/opportunities"
	"maillage/people"
)

// answeredAlone tells, of a proposal p and its employer em, that an officer could have
// made its answer up: the employer, or the account that answers, is not countersigned.
const answeredAlone = `em.opened_by IS NOT NULL OR EXISTS (SELECT 1 FROM invitations AS i
				WHERE i.user_id = p.answered_by AND i.alone AND i.countersigned_at IS NULL)`

// hirings reads what people were hired for that is a job; what was told of a leaving is
// package tenure's. What an officer could have made up alone is told apart: see
// answeredAlone, or an officer published the position.
func hirings(ctx context.Context, db bun.IDB, where string, args ...any) ([]hiring, error) {
	var out []hiring
	err := db.NewRaw(`/* placement.hirings */ SELECT p.person_id, p.lot_id, o.title, l.starts_on, l.ends_on, p.answered_at AS hired_at,
			CASE WHEN te.state = 'left' THEN te.since END AS left_at,
			(o.source = 'officer' OR `+answeredAlone+`) AS alone
		FROM proposals AS p JOIN lots AS l ON l.id = p.lot_id JOIN opportunities AS o ON o.id = l.opportunity_id
		JOIN organisations AS em ON em.id = p.employer_id
		LEFT JOIN tenures AS te ON te.proposal_id = p.id
		WHERE p.state = ? AND o.kind = ? AND p.answered_at IS NOT NULL AND `+where+` ORDER BY p.person_id, p.id`,
		append([]any{Hired, opportunities.JobNeed}, args...)...).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who was hired: %w", err)
	}
	return out, nil
}

// hiredAt lists who was hired at positions.
func hiredAt(ctx context.Context, db bun.IDB, lots []opportunities.LotID) ([]people.ID, error) {
	var out []people.ID
	if len(lots) == 0 {
		return out, nil
	}
	err := db.NewRaw("/* placement.hiredAt */ SELECT DISTINCT person_id FROM proposals WHERE state = ? AND lot_id IN (?) ORDER BY person_id", Hired, bun.List(lots)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who was hired: %w", err)
	}
	return out, nil
}

// followed tells that something was told of what became of a person after a proposal.
func followed(ctx context.Context, db bun.IDB, id ID) (bool, error) {
	var n int
	if err := db.NewRaw("/* placement.followed */ SELECT COUNT(*) FROM tenures WHERE proposal_id = ?", id).Scan(ctx, &n); err != nil {
		return false, fmt.Errorf("read what became of proposal %d: %w", id, err)
	}
	return n > 0, nil
}

// answeredAloneSince lists the proposals made since an instant whose answer an officer could
// have made up alone.
func answeredAloneSince(ctx context.Context, db bun.IDB, since time.Time) (map[ID]bool, error) {
	var ids []ID
	err := db.NewRaw("/* placement.answeredAloneSince */ SELECT p.id FROM proposals AS p JOIN organisations AS em ON em.id = p.employer_id WHERE p.created_at >= ? AND ("+answeredAlone+") ORDER BY p.id", since).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read whose answers count: %w", err)
	}
	out := make(map[ID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}
