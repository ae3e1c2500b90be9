package outlook

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/matching/engine/outlook"
	"maillage/opportunities"
)

// batch is how many things are read from the database at once.
const batch = 400

// asked is what is asked at one moment; a change makes another.
type asked struct {
	by   map[opportunities.LotID]*outlook.Ask
	list []*outlook.Ask // in the order of the lots
}

func newAsked(by map[opportunities.LotID]*outlook.Ask) *asked {
	a := &asked{by: by}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		a.list = append(a.list, by[id])
	}
	return a
}

// demand is what the follower keeps in step: what is asked.
type demand struct{ *Service }

// Load reads every opportunity.
func (s demand) Load(ctx context.Context, db bun.IDB) error {
	f, by := newFeed(s.areas(), s.atlas, ""), map[opportunities.LotID]*outlook.Ask{}
	err := s.opportunities.EachBatchIn(ctx, db, batch, func(all []*opportunities.Opportunity) (err error) {
		if f.ended, err = endedOf(ctx, db, idsOf(all)); err != nil {
			return err
		}
		for _, o := range all {
			for i := range o.Lots {
				l := o.Lots[i].In(o)
				if a := f.ask(&l); a != nil {
					by[l.ID] = a
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.asked.Store(newAsked(by))
	return nil
}

// Follow reads again the lots that changed.
func (s demand) Follow(ctx context.Context, changes []store.Change) error {
	var ids []opportunities.LotID
	for _, c := range changes {
		if c.Entity == "lot" {
			ids = append(ids, opportunities.LotID(c.ID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	lots, err := s.opportunities.Lots(ctx, ids...)
	if err != nil {
		return err
	}
	f, by := newFeed(s.areas(), s.atlas, ""), maps.Clone(s.asked.Load().by)
	for _, id := range ids {
		delete(by, id)
	}
	var of []*opportunities.Opportunity
	for _, l := range lots {
		of = append(of, l.Opportunity)
	}
	if f.ended, err = endedOf(ctx, s.store.Read(), idsOf(of)); err != nil {
		return err
	}
	for _, l := range lots {
		if a := f.ask(l); a != nil {
			by[l.ID] = a
		}
	}
	s.asked.Store(newAsked(by))
	return nil
}

func idsOf(all []*opportunities.Opportunity) []opportunities.ID {
	var out []opportunities.ID
	for _, o := range all {
		if o.State != opportunities.Published && o.State != opportunities.Draft {
			out = append(out, o.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
