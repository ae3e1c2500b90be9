package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/opportunities"
)

// answeredAfter is how many days each offer waited for its first answer, in turn; 0
// waits still, so that the times to an answer have both.
var answeredAfter = []int{2, 0, 5, 9, 0, 1, 14, 3, 21, 0, 6, 4}

// published is an offer that members can answer, and since when.
type published struct {
	ID    opportunities.ID `bun:"id"`
	Since time.Time        `bun:"since"`
}

// loadReplies proposes the offers that were not yet to members on the day when each was published, and
// answers some for a member other than the heroine, whose answers are hers to give.
func (l *loader) loadReplies(ctx context.Context) error {
	clock := l.today
	m := matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Network: l.Network, Now: func() time.Time { return clock }, Seed: 1})
	var all []published
	err := l.Store.Read().NewRaw(`/* demo.published */ SELECT id, published_at AS since FROM opportunities o WHERE state = 'published' AND published_at < ?
		AND NOT EXISTS (SELECT 1 FROM matches m JOIN lots l ON l.id = m.lot_id WHERE l.opportunity_id = o.id) ORDER BY published_at, id`, l.today).Scan(ctx, &all)
	if err != nil {
		return fmt.Errorf("list the offers: %w", err)
	}
	for i, o := range all {
		clock = o.Since
		lots, err := l.lotsOf(ctx, o.ID)
		if err != nil {
			return err
		}
		if err := m.RefreshLots(ctx, lots); err != nil {
			return err
		}
		days := answeredAfter[i%len(answeredAfter)]
		if clock = o.Since.AddDate(0, 0, days); days == 0 || !clock.Before(l.today) {
			continue
		}
		if err := l.reply(ctx, clock, o.ID, i); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) lotsOf(ctx context.Context, id opportunities.ID) (out []opportunities.LotID, err error) {
	err = l.Store.Read().NewRaw(`/* demo.lotsOf */ SELECT id FROM lots WHERE opportunity_id = ? AND NOT withdrawn ORDER BY id`, id).Scan(ctx, &out)
	return out, err
}

// reply answers an offer, on a day, for one of the members to whom it was proposed.
func (l *loader) reply(ctx context.Context, on time.Time, id opportunities.ID, turn int) error {
	var to []matching.ID
	err := l.Store.Read().NewRaw(`/* demo.proposed */ SELECT m.id FROM matches m JOIN lots l ON l.id = m.lot_id WHERE l.opportunity_id = ? AND m.state = 'proposed' AND m.organisation_id <> ?
		ORDER BY m.organisation_id, m.id`, id, l.heroine().ID).Scan(ctx, &to)
	if err != nil || len(to) == 0 {
		return err
	}
	step := followup.Step{To: followup.Interested}
	if turn%3 == 2 {
		step = followup.Step{To: followup.Declined, Reason: matching.TooFar}
	}
	s := followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return on }})
	_, err = s.Reply(accounts.With(ctx, accounts.TheSystem()), to[turn%len(to)], 0, step)
	return otherThan(fault.KindConflict, err)
}
