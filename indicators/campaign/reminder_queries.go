package campaign

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
)

// untold lists the questionnaires of a campaign that are still to send and were
// not told a step, by id.
func untold(ctx context.Context, db bun.IDB, id ID, step Step) ([]QuestionnaireID, error) {
	var out []QuestionnaireID
	err := db.NewRaw(`/* campaign.untold */ SELECT q.id FROM questionnaires q WHERE q.campaign_id = ? AND q.state IN (?)
		AND NOT EXISTS (SELECT 1 FROM campaign_letters l WHERE l.questionnaire_id = q.id AND l.step = ?) ORDER BY q.id`,
		id, bun.List([]FormState{NotStarted, InProgress, Returned}), step).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("find who is to remind: %w", err)
	}
	return out, nil
}

// note writes a step in the ledger; false where it was there.
func note(ctx context.Context, tx store.Tx, id QuestionnaireID, step Step, told bool, at time.Time) (bool, error) {
	res, err := tx.NewRaw("/* campaign.note */ INSERT INTO campaign_letters (questionnaire_id, step, told, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", id, step, told, at).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write the ledger of questionnaire %d: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// accountsOf are the open accounts of an enterprise, by number.
func accountsOf(ctx context.Context, db bun.IDB, organisation int64, step Step) ([]accounts.User, error) {
	var out []accounts.User
	q := db.NewSelect().Model(&out).Comment("campaign.accountsOf").Where("u.organisation_id = ? AND u.role = ? AND u.disabled_at IS NULL", organisation, accounts.Member).Order("u.id")
	if !step.IsReturn() {
		q = q.Where("NOT EXISTS (SELECT 1 FROM reminder_silences s WHERE s.user_id = u.id)")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the accounts of organisation %d: %w", organisation, err)
	}
	return out, nil
}
