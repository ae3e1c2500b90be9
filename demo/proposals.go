package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// proposed is one gesture of the counsellor of the demonstration: somebody whom
// a position of the employer of Valence suits agreed, so many days ago.
type proposed struct {
	days   int  // ago
	silent bool // agreed, and not presented yet
	answer placement.State
}

// gestures leave an answer that is late, one that is awaited, one given, and an
// agreement to make something of.
func gestures() []proposed {
	return []proposed{{days: 6}, {days: 1, answer: placement.Interested}, {days: 1}, {days: 0, silent: true}}
}

// loadProposals presents a few people to the employer, through the same use cases
// as everybody, on the days when it happened.
func (l *loader) loadProposals(ctx context.Context) error {
	heroine := l.heroine()
	cip := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.counsellor), Role: accounts.Counsellor, OrganisationID: int64(heroine.ID)})
	best, err := l.best(cip)
	if err != nil {
		return err
	}
	all := gestures()
	for _, id := range best.people {
		if len(all) == 0 {
			return nil
		}
		done, err := l.gesture(cip, best.lot, id, all[0])
		if err != nil {
			return err
		}
		if done {
			all = all[1:]
		}
	}
	return nil
}

// placing is the service of placement on a day.
func (l *loader) placing(on time.Time) *placement.Service {
	return placement.NewService(placement.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return on }, Random: io.Reader(bytesOf{l.random})})
}

// choice is a position and whom to present, of whom the most can be told first.
type choice struct {
	lot    opportunities.LotID
	people []people.ID
	told   int // claims of the first ones
}

// best is the position of the employer for which the most can be told.
func (l *loader) best(cip context.Context) (choice, error) {
	var lots []opportunities.LotID
	err := l.Store.Read().NewRaw(`/* demo.best */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind = 'job_need' AND o.state = 'published' AND o.buyer_id = ? AND o.published_at <= ? AND NOT l.withdrawn ORDER BY l.id`,
		l.employers[0].ID, l.today.AddDate(0, 0, -gestures()[0].days)).Scan(cip, &lots)
	if err != nil {
		return choice{}, fmt.Errorf("find the needs of the employer: %w", err)
	}
	best, s := choice{}, l.placing(l.today)
	for _, lot := range lots {
		c, err := l.choose(cip, s, lot)
		if err != nil {
			return choice{}, err
		}
		if len(c.people) > 0 && c.told > best.told {
			best = c
		}
	}
	return best, nil
}

// choose reads the cards that could be shown for a position.
func (l *loader) choose(cip context.Context, s *placement.Service, lot opportunities.LotID) (choice, error) {
	found, err := s.PeopleFor(cip, lot, placement.Query{Limit: 20, Near: 20})
	if err != nil {
		return choice{}, err
	}
	out, told := choice{lot: lot}, map[people.ID]int{}
	for _, c := range slices.Concat(found.People, found.Near) { // a training may close the gap of the last ones
		sheet, err := s.Preview(cip, placement.Offer{Person: c.Person.ID, Lot: lot})
		if err != nil {
			continue // it would single somebody out
		}
		told[c.Person.ID] = len(sheet.Claims)
		out.people = append(out.people, c.Person.ID)
	}
	slices.SortStableFunc(out.people, func(a, b people.ID) int { return cmp.Compare(told[b], told[a]) })
	for _, id := range out.people[:min(len(out.people), len(gestures()))] {
		out.told += told[id]
	}
	return out, nil
}

// gesture records an agreement and presents the person; false when they said
// something else already, or no card may be shown.
func (l *loader) gesture(cip context.Context, lot opportunities.LotID, id people.ID, g proposed) (bool, error) {
	on := l.today.AddDate(0, 0, -g.days)
	folk, err := l.journeys(on)
	if err != nil {
		return false, err
	}
	_, asked := folk.Ask(cip, id, int64(lot))
	_, given := folk.Give(cip, id, int64(lot), "")
	if err := errors.Join(asked, given); err != nil || g.silent {
		return err == nil, otherThan(fault.KindConflict, err)
	}
	made, err := l.placing(on).Propose(cip, placement.Offer{Person: id, Lot: lot})
	if err != nil || g.answer == "" {
		return err == nil, otherThan(fault.KindConflict, err)
	}
	boss := accounts.With(cip, accounts.Identity{UserID: accounts.UserID(l.employer), Role: accounts.Employer, OrganisationID: int64(l.employers[0].ID)})
	_, err = l.placing(l.today).Answer(boss, lot, made.Ref, 0, placement.Reply{State: g.answer})
	return true, err
}

// otherThan lets a fault of one kind go.
func otherThan(kind fault.Kind, err error) error {
	if fault.Is(err, kind) {
		return nil
	}
	return err
}
