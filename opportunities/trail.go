package opportunities

import (
	"context"

	"maillage/accounts"
	"maillage/internal/store"
)

// trail writes in the audit trail that somebody changed an opportunity. What
// changed in detail is its history; notices and passed deadlines are there too. Who
// hands an activity over is veiled: their account would tell it.
func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, o *Opportunity, field string) error {
	who := accounts.From(ctx).OrganisationID
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "opportunity", EntityID: int64(o.ID), Fields: []string{field}, Veiled: o.TransferorID != nil && who == *o.TransferorID})
}

// actionOf is the action of the policy that leads to a state.
func actionOf(to State) accounts.Action {
	switch to {
	case Published:
		return accounts.OpportunityPublish
	case Closed:
		return accounts.OpportunityClose
	case Awarded:
		return accounts.OpportunityAward
	case Cancelled:
		return accounts.OpportunityCancel
	case Draft:
	}
	return accounts.OpportunityEdit
}
