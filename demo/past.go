package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
)

// journeysMore is how many more journeys each structure around holds, so that
// figures of groups can be shown; pastOf how many people each of them presented.
const (
	journeysMore = 12
	pastOf       = 8
)

// outcomes are what employers answered, in turn; nothing is no answer.
func outcomes() [][]placement.State {
	return [][]placement.State{
		{placement.Interested, placement.Met, placement.Hired}, {placement.Interested, placement.NotRetained}, {placement.Met}, {placement.NotRetained}, {placement.Met, placement.NotRetained}, nil,
	}
}

// loadPast adds journeys and what became of proposals, for the audit of fairness:
// through the same use cases as everybody, on the days when it happened. It comes
// last, so that what was drawn before does not move.
func (l *loader) loadPast(ctx context.Context) error {
	wanted, err := l.needs(ctx)
	if err != nil {
		return err
	}
	turn := 0
	for _, m := range l.holders() {
		if _, err := l.journeysIn(ctx, m, journeysElsewhere, journeysMore); err != nil {
			return err
		}
		if err := l.pastIn(ctx, m, wanted, &turn); err != nil {
			return fmt.Errorf("structure %d: %w", m.ID, err)
		}
	}
	return nil
}

// need is a position of an employer, and since when it is published.
type need struct {
	Lot   opportunities.LotID `bun:"lot"`
	Buyer int64               `bun:"buyer"`
	Since time.Time           `bun:"since"`
}

func (l *loader) needs(ctx context.Context) ([]need, error) {
	var out []need
	err := l.Store.Read().NewRaw(`/* demo.needs */ SELECT l.id AS lot, o.buyer_id AS buyer, o.published_at AS since FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind = 'job_need' AND o.state = 'published' AND o.buyer_id IS NOT NULL AND o.buyer_id <> ? AND NOT l.withdrawn ORDER BY l.id`, l.employers[0].ID).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("find the needs of employers: %w", err)
	}
	return out, nil
}

// pastIn presents people of a structure to employers, day after day.
func (l *loader) pastIn(ctx context.Context, m *network.Organisation, wanted []need, turn *int) error {
	cip := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.counsellor), Role: accounts.Counsellor, OrganisationID: int64(m.ID)})
	done := 0
	for _, n := range wanted {
		found, err := l.placing(l.today).PeopleFor(cip, n.Lot, placement.Query{Limit: 4})
		if err != nil {
			return err
		}
		for _, c := range found.People {
			if done >= pastOf {
				return nil
			}
			ok, err := l.presented(cip, n, c.Person.ID, *turn)
			if err != nil {
				return err
			}
			if ok {
				done++
				*turn++
			}
		}
	}
	return nil
}

// presented lives one proposal again; false when no card may be shown, the
// employer looks at enough of them, or the person said something else.
func (l *loader) presented(cip context.Context, n need, id people.ID, turn int) (bool, error) {
	on := l.today.AddDate(0, 0, -4)
	if n.Since.After(on) {
		on = n.Since.Add(time.Hour)
	}
	service := l.placing(on)
	folk, err := l.journeys(on)
	if err != nil {
		return false, err
	}
	for _, step := range []func() error{
		func() error { _, err := folk.Ask(cip, id, int64(n.Lot)); return err },
		func() error { _, err := folk.Give(cip, id, int64(n.Lot), ""); return err },
	} {
		if err := step(); err != nil {
			return false, otherThan(fault.KindConflict, err)
		}
	}
	made, err := service.Propose(cip, placement.Offer{Person: id, Lot: n.Lot})
	if err != nil {
		return false, otherThan(fault.KindConflict, err)
	}
	boss := accounts.With(cip, accounts.Identity{UserID: accounts.UserID(l.employer), Role: accounts.Employer, OrganisationID: n.Buyer})
	for i, state := range outcomes()[turn%len(outcomes())] {
		reply := placement.Reply{State: state}
		if state == placement.NotRetained {
			reply.Reason = placement.Reasons()[turn%len(placement.Reasons())]
		}
		at := on.Add(time.Duration(3+7*(turn%9)+i) * time.Hour)
		if _, err := l.placing(at).Answer(boss, n.Lot, made.Ref, 0, reply); err != nil {
			return true, otherThan(fault.KindConflict, err)
		}
	}
	return true, nil
}
