package escalation

import (
	"context"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/followup/absences"
)

// Queue is what was passed on to who asks, or to those whom they stand in for
// today, and still waits: by enterprise, the soonest deadline first.
func (s *Service) Queue(ctx context.Context) ([]Waiting, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.MondayRead); err != nil {
		return nil, err
	}
	out, err := s.queue(ctx, me)
	if err != nil {
		return nil, fmt.Errorf("read what waits for account %d: %w", me.UserID, err)
	}
	return out, nil
}

func (s *Service) queue(ctx context.Context, me accounts.Identity) ([]Waiting, error) {
	roll, err := s.Absences.RollOn(ctx, s.Store.Read(), s.day())
	if err != nil {
		return nil, err
	}
	lines, err := queued(ctx, s.Store.Read(), append(roll.For(me.UserID), me.UserID))
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(l line) bool { return !mine(l, me.UserID, roll) })
	still, heads, err := s.still(ctx, lines)
	if err != nil {
		return nil, err
	}
	sc := &scene{s: s, now: s.now()}
	if sc.pace, err = s.pace(ctx); err != nil {
		return nil, err
	}
	if sc.places, err = s.places(ctx); err != nil {
		return nil, err
	}
	return s.grouped(ctx, sc, still, heads, lines)
}

// mine tells whose a line of the queue is today: what somebody was told for
// another is that one's again once they are back.
func mine(l line, me accounts.UserID, roll absences.Roll) bool {
	owner := l.UserID
	if l.StandingFor != 0 {
		owner = l.StandingFor
	}
	by, ok := roll.StandIn(owner)
	return owner == me || ok && by == me
}
