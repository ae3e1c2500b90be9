package bulletin

import (
	"context"

	"maillage/accounts"
)

// Departure is how far the last letter of an association is to an audience.
type Departure struct {
	Week string `bun:"week"` // the civil day on which it left
	Made int    `bun:"made"` // letters
	Sent int    `bun:"sent"` // of them, how many are with a mail server
}

// Left is how far the last letter of who asks' association is: to its enterprises, or to
// the partners who read it; nil: none left yet. A letter that is made and not sent waits
// for its job, or had nothing left to say.
func (s *Service) Left(ctx context.Context, audience Audience) (*Departure, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.BulletinRead, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	return lastLeft(ctx, s.Store.Read(), audience, me.OrganisationID)
}
