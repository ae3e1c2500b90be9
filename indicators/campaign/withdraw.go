package campaign

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Withdraw takes back a questionnaire that its enterprise sent, to correct it: as
// long as the campaign is open, nobody's leave is needed. Its answers stay as they
// are and it must be sent again. Taken back again it changes nothing; once the
// campaign closes it fails (fault.Conflict). expected is the revision that was
// read; 0 does not check. Policy: accounts.QuestionnaireAnswer.
func (s *Service) Withdraw(ctx context.Context, id QuestionnaireID, expected int64) (*Form, error) {
	var out *Form
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		q, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.allow(ctx, accounts.QuestionnaireAnswer, q); err != nil {
			return err
		}
		c, err := campaignBy(ctx, tx, "ca.id = ?", q.CampaignID)
		if err != nil {
			return err
		}
		if err := s.takeBack(ctx, tx, c, q, expected); err != nil {
			return err
		}
		out, err = s.form(ctx, tx, q, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take back questionnaire %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) takeBack(ctx context.Context, tx store.Tx, c *Campaign, q *Questionnaire, expected int64) error {
	switch {
	case c.Answerable(q.State):
		return nil
	case q.State != Submitted || c.State != Open:
		return frozen()
	case expected != 0 && expected != q.Revision:
		return fault.Stale()
	}
	q.State = InProgress
	if err := s.step(ctx, tx, q, WasWithdrawn, ""); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.QuestionnaireAnswer, "questionnaire", int64(q.ID), string(WasWithdrawn))
}
