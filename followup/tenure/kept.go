package tenure

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// Kept is one step as it was recorded of a person, with its motive.
type Kept struct {
	ProposalID placement.ID        `bun:"proposal_id"`
	Ref        string              `bun:"ref"`
	LotID      opportunities.LotID `bun:"lot_id"`
	At         time.Time           `bun:"at"`
	ActorID    *int64              `bun:"actor_id"` // user, of the structure or of the employer
	From       State               `bun:"from_state"`
	To         State               `bun:"to_state"`
	Motive     Motive              `bun:"motive"`
}

// KeptOf reads every step that was told of a person of the caller's structure, the
// first one first, whatever became of the proposal since: what the person may ask to read.
func (s *Service) KeptOf(ctx context.Context, id people.ID) ([]Kept, error) {
	who := accounts.From(ctx)
	if err := accounts.Allow(who, accounts.TenureRead, accounts.Of(who.OrganisationID)); err != nil {
		return nil, err
	}
	if who.Role != accounts.Counsellor { // an employer reads no motive
		return nil, fault.Forbidden()
	}
	out, err := keptOf(ctx, s.store.Read(), id, who.OrganisationID)
	if err != nil {
		return nil, fmt.Errorf("read what was told of person %d: %w", id, err)
	}
	return out, nil
}
