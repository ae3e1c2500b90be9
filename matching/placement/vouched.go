package placement

import (
	"context"
	"slices"

	"maillage/matching/engine/journeys"
	"maillage/people"
)

// vouched is how people are read for what an officer reads of them: nothing counts that
// one officer could have made up alone (docs/batches.md, four eyes).
type vouched struct {
	s     *Service
	view  *journeys.View
	folk  map[people.ID]*people.Person   // everybody who counts: structure and commune alone
	apart map[people.ID]*journeys.Person // as they are but for a hire that an officer could have made up
}

func (s *Service) vouched(ctx context.Context, view *journeys.View) (vouched, error) {
	folk, err := everybodyCounted(ctx, s.store.Read())
	if err != nil {
		return vouched{}, err
	}
	apart, err := s.hiredAlone(ctx)
	return vouched{s, view, folk, apart}, err
}

// everybody tells whether whoever the index holds counts, as it holds them.
func (c *vouched) everybody() bool {
	return c.folk == nil || len(c.apart) == 0 && len(c.folk) == c.view.People()
}

// isApart tells an answer of the index that does not stand: who it is of is read apart.
func (c *vouched) isApart(m journeys.Match) bool { return c.apart[people.ID(m.Person)] != nil }

// hiredAlone are those whom the index reads with a hire that an officer could have made
// up: here they are read without it, so that no officer takes them out of a word.
func (s *Service) hiredAlone(ctx context.Context) (map[people.ID]*journeys.Person, error) {
	jobs, err := hirings(ctx, s.store.Read(), "1 = 1")
	if err != nil {
		return nil, err
	}
	var ids []people.ID
	stand := slices.DeleteFunc(jobs, func(h hiring) bool {
		if h.Alone {
			ids = append(ids, h.PersonID)
		}
		return h.Alone
	})
	folk, err := s.reread(ctx, unique(ids), workOn(stand, s.today()))
	out := make(map[people.ID]*journeys.Person, len(folk))
	for _, q := range folk {
		out[people.ID(q.ID)] = q
	}
	return out, err
}

// reread reads people as the engine does, with the jobs that are given.
func (s *Service) reread(ctx context.Context, ids []people.ID, works map[people.ID]work) ([]*journeys.Person, error) {
	var out []*journeys.Person
	for part := range slices.Chunk(ids, batch) {
		folk, err := s.people.LoadForMatching(ctx, part...)
		if err != nil {
			return nil, err
		}
		for _, p := range folk {
			if q, ok := s.feed.person(p, works[p.ID], s.today()); ok {
				out = append(out, q)
			}
		}
	}
	return out, nil
}
