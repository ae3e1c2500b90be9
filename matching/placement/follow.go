package placement

import (
	"context"
	"fmt"
	"slices"

	"maillage/internal/store"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// entities of the change journal, as the nouns write them.
const (
	entityPerson = "person"
	entityLot    = "lot"
)

// batch is how many things are read from the database at once.
const batch = 400

// view brings the index up to the last change of the journal and gives it.
// Readers of an older view go on with it. A licence lapses with the days, so the
// index of another day is made again.
func (s *Service) view(ctx context.Context) (*journeys.View, error) {
	s.following.Lock()
	defer s.following.Unlock()
	if s.index == nil || s.day != s.today() {
		if err := s.load(ctx); err != nil {
			return nil, fmt.Errorf("load people and positions: %w", err)
		}
	}
	changes, next, err := s.store.ChangesSince(ctx, s.cursor)
	if err != nil {
		return nil, fmt.Errorf("follow the changes: %w", err)
	}
	if err := s.follow(ctx, changes); err != nil {
		return nil, fmt.Errorf("follow the changes: %w", err)
	}
	s.cursor = next
	return s.index.View(), nil
}

// load reads everything. The journal is marked first: a change made meanwhile is
// read twice rather than never.
func (s *Service) load(ctx context.Context) error {
	cursor, err := s.store.Present(ctx)
	if err != nil {
		return err
	}
	index, day := journeys.New(journeys.Config{Atlas: s.atlas, Seed: s.seed}), s.today()
	var everybody []*journeys.Person
	err = s.people.EachBatch(ctx, 0, func(all []*people.Person) error {
		for _, p := range all {
			if q, ok := s.feed.person(p, day); ok {
				everybody = append(everybody, q)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	index.Apply(func(b *journeys.Batch) { // all at once: the first batch is laid out by place
		for _, p := range everybody {
			b.PutPerson(p)
		}
	})
	err = s.opportunities.EachPosition(ctx, batch, func(all []*opportunities.Lot) error {
		index.Apply(func(b *journeys.Batch) { s.putPositions(b, all) })
		return nil
	})
	if err != nil {
		return err
	}
	s.index, s.cursor, s.day = index, cursor, day
	return nil
}

func (s *Service) putPositions(b *journeys.Batch, all []*opportunities.Lot) {
	for _, l := range all {
		p, ok := s.feed.position(l)
		if !ok {
			b.RemovePosition(journeys.PositionID(l.ID))
			continue
		}
		b.PutPosition(p)
	}
}

// follow reads again what changed.
func (s *Service) follow(ctx context.Context, changes []store.Change) error {
	var persons []people.ID
	var lots []opportunities.LotID
	for _, c := range changes {
		switch c.Entity {
		case entityPerson:
			persons = append(persons, people.ID(c.ID))
		case entityLot:
			lots = append(lots, opportunities.LotID(c.ID))
		}
	}
	for part := range slices.Chunk(unique(persons), batch) {
		if err := s.followPeople(ctx, part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(unique(lots), batch) {
		if err := s.followPositions(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) followPeople(ctx context.Context, ids []people.ID) error {
	all, err := s.people.LoadForMatching(ctx, ids...)
	if err != nil {
		return err
	}
	s.index.Apply(func(b *journeys.Batch) {
		matched := map[people.ID]bool{}
		for _, p := range all {
			if q, ok := s.feed.person(p, s.day); ok {
				matched[p.ID] = true
				b.PutPerson(q)
			}
		}
		for _, id := range ids {
			if !matched[id] {
				b.RemovePerson(journeys.PersonID(id))
			}
		}
	})
	return nil
}

func (s *Service) followPositions(ctx context.Context, ids []opportunities.LotID) error {
	all, err := s.opportunities.Lots(ctx, ids...)
	if err != nil {
		return err
	}
	s.index.Apply(func(b *journeys.Batch) {
		there := map[opportunities.LotID]bool{}
		for _, l := range all {
			there[l.ID] = true
		}
		s.putPositions(b, all)
		for _, id := range ids {
			if !there[id] {
				b.RemovePosition(journeys.PositionID(id))
			}
		}
	})
	return nil
}

func unique[T ~int64](ids []T) []T { return slices.Compact(slices.Sorted(slices.Values(ids))) }
