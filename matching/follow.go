package matching

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// entities of the change journal, as the nouns write them.
const (
	entityLot          = "lot"
	entityOrganisation = "organisation"
	entityProposal     = "proposal" // ours: an organisation was proposed a lot
)

// batch is how many things are read from the database at once.
const batch = 400

// patience is how long a reader waits for the last changes to be followed. One
// takes a millisecond; an import takes seconds, and the pages go on with what was
// known just before.
const patience = 250 * time.Millisecond

// view gives the index as of now: it knows of all that was committed before the
// call.
func (s *Service) view(ctx context.Context) (*engine.View, error) {
	if err := s.follower.InStep(ctx); err != nil {
		return nil, err
	}
	return s.index.Load().View(), nil
}

// lately gives the index for a reader: as of now, or of the little before where
// much has just changed.
func (s *Service) lately(ctx context.Context) (*engine.View, error) {
	if err := s.follower.Near(ctx, patience); err != nil {
		return nil, err
	}
	return s.index.Load().View(), nil
}

// market is what the follower keeps in step: the index of the service.
type market struct{ *Service }

// Load reads everything into a new index.
func (s market) Load(ctx context.Context, db bun.IDB) error {
	index := engine.New(engine.Config{Atlas: s.atlas, Seed: s.seed})
	ties, err := s.network.TiesIn(ctx, db)
	if err != nil {
		return err
	}
	proposed, err := lastProposed(ctx, db)
	if err != nil {
		return err
	}
	err = s.network.EachBatchIn(ctx, db, batch, []network.Role{network.Member}, func(all []*network.Organisation) error {
		index.Apply(func(b *engine.Batch) { s.putOrganisations(b, all, ties, proposed) })
		return nil
	})
	if err != nil {
		return err
	}
	err = s.opportunities.EachBatchIn(ctx, db, batch, func(all []*opportunities.Opportunity) error {
		index.Apply(func(b *engine.Batch) {
			for _, o := range all {
				for i := range o.Lots {
					l := o.Lots[i].In(o)
					s.putLot(b, &l, ties)
				}
			}
		})
		return nil
	})
	if err != nil {
		return err
	}
	s.index.Store(index)
	return nil
}

func (s *Service) putOrganisations(b *engine.Batch, all []*network.Organisation, ties map[network.ID]network.Ties, proposed map[network.ID]time.Time) {
	for _, o := range all {
		e, ok := s.feed.enterprise(o, ties[o.ID])
		if !ok {
			b.RemoveEnterprise(engine.EnterpriseID(o.ID))
			continue
		}
		e.LastProposed = proposed[o.ID]
		b.PutEnterprise(e)
	}
}

func (s *Service) putLot(b *engine.Batch, l *opportunities.Lot, ties map[network.ID]network.Ties) {
	if absence(l) != "" {
		b.RemoveLot(engine.LotID(l.ID))
		return
	}
	b.PutLot(s.feed.lot(l, ties))
}

// Follow reads again what changed: the things named, and the lots of those who
// buy or publish, because what a buyer belongs to counts in its lots.
func (s market) Follow(ctx context.Context, changes []store.Change) error {
	var lots []opportunities.LotID
	var organisations, proposed []network.ID
	for _, c := range changes {
		switch c.Entity {
		case entityLot:
			lots = append(lots, opportunities.LotID(c.ID))
		case entityOrganisation:
			organisations = append(organisations, network.ID(c.ID))
		case entityProposal:
			proposed = append(proposed, network.ID(c.ID))
		}
	}
	organisations = unique(organisations)
	for part := range slices.Chunk(organisations, batch) {
		of, err := lotsOfParties(ctx, s.store.Read(), part)
		if err != nil {
			return err
		}
		lots = append(lots, of...)
		if err := s.followOrganisations(ctx, part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(unique(lots), batch) {
		if err := s.followLots(ctx, part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(unique(proposed), batch) {
		last, err := lastProposed(ctx, s.store.Read(), part...)
		if err != nil {
			return err
		}
		s.index.Load().Apply(func(b *engine.Batch) {
			for id, at := range last {
				b.Proposed(engine.EnterpriseID(id), at)
			}
		})
	}
	return nil
}

func unique[T ~int64](ids []T) []T { return slices.Compact(slices.Sorted(slices.Values(ids))) }

func (s *Service) followOrganisations(ctx context.Context, ids []network.ID) error {
	all, err := s.network.LoadForMatching(ctx, ids...)
	if err != nil {
		return err
	}
	ties, err := s.network.TiesOf(ctx, ids...)
	if err != nil {
		return err
	}
	proposed, err := lastProposed(ctx, s.store.Read(), ids...)
	if err != nil {
		return err
	}
	s.index.Load().Apply(func(b *engine.Batch) {
		there := map[network.ID]bool{}
		for _, o := range all {
			there[o.ID] = true
		}
		for _, id := range ids {
			if !there[id] {
				b.RemoveEnterprise(engine.EnterpriseID(id))
			}
		}
		s.putOrganisations(b, all, ties, proposed)
	})
	return nil
}

func (s *Service) followLots(ctx context.Context, ids []opportunities.LotID) error {
	all, err := s.opportunities.Lots(ctx, ids...)
	if err != nil {
		return err
	}
	ties, err := s.tiesOfParties(ctx, all)
	if err != nil {
		return err
	}
	s.index.Load().Apply(func(b *engine.Batch) {
		there := map[opportunities.LotID]bool{}
		for _, l := range all {
			there[l.ID] = true
			s.putLot(b, l, ties)
		}
		for _, id := range ids {
			if !there[id] {
				b.RemoveLot(engine.LotID(id))
			}
		}
	})
	return nil
}

// tiesOfParties reads what the buyers and publishers of lots belong to.
func (s *Service) tiesOfParties(ctx context.Context, lots []*opportunities.Lot) (map[network.ID]network.Ties, error) {
	var ids []network.ID
	for _, l := range lots {
		for _, id := range []*int64{l.Opportunity.BuyerID, l.Opportunity.PublisherID} {
			if id != nil {
				ids = append(ids, network.ID(*id))
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.network.TiesOf(ctx, unique(ids)...)
}
