package placement

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

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

// patience is how long a reader waits for the last changes to be followed.
const patience = 250 * time.Millisecond

// folk is the index with the day on which it was made: a licence lapses with the
// days.
type folk struct {
	*journeys.Index
	day string
}

// view gives the index as of now: it knows of all that was committed before the
// call.
func (s *Service) view(ctx context.Context) (*journeys.View, error) {
	s.turn()
	if err := s.follower.InStep(ctx); err != nil {
		return nil, err
	}
	return s.index.Load().View(), nil
}

// lately gives the index for a reader: as of now, or of the little before where
// much has just changed.
func (s *Service) lately(ctx context.Context) (*journeys.View, error) {
	s.turn()
	if err := s.follower.Near(ctx, patience); err != nil {
		return nil, err
	}
	return s.index.Load().View(), nil
}

// turn makes the index again when the day has changed.
func (s *Service) turn() {
	if held := s.index.Load(); held != nil && held.day != s.today() {
		s.follower.Forget()
	}
}

// market is what the follower keeps in step: the index of the service.
type market struct{ *Service }

// Load reads everything into a new index.
func (s market) Load(ctx context.Context, db bun.IDB) error {
	index := &folk{journeys.New(journeys.Config{Atlas: s.atlas, Seed: s.seed}), s.today()}
	var everybody []*journeys.Person
	jobs, err := hirings(ctx, db, "1 = 1")
	if err != nil {
		return err
	}
	works := workOn(jobs, index.day)
	err = s.people.EachBatchIn(ctx, db, 0, func(all []*people.Person) error {
		for _, p := range all {
			if q, ok := s.feed.person(p, works[p.ID], index.day); ok {
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
	err = s.opportunities.EachPositionIn(ctx, db, batch, func(all []*opportunities.Lot) error {
		index.Apply(func(b *journeys.Batch) { s.putPositions(b, all) })
		return nil
	})
	if err != nil {
		return err
	}
	s.index.Store(index)
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

// Follow reads again what changed.
func (s market) Follow(ctx context.Context, changes []store.Change) error {
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
	for part := range slices.Chunk(unique(lots), batch) { // the last day of a job is that of its position
		hired, err := hiredAt(ctx, s.store.Read(), part)
		if err != nil {
			return err
		}
		persons = append(persons, hired...)
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
	held := s.index.Load()
	jobs, err := hirings(ctx, s.store.Read(), "p.person_id IN (?)", bun.List(ids))
	if err != nil {
		return err
	}
	works := workOn(jobs, held.day)
	held.Apply(func(b *journeys.Batch) {
		matched := map[people.ID]bool{}
		for _, p := range all {
			if q, ok := s.feed.person(p, works[p.ID], held.day); ok {
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
	s.index.Load().Apply(func(b *journeys.Batch) {
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
