package opportunities

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Training narrows a list to sessions of training, by what they give and to
// whom; empty fields do not filter.
type Training struct {
	Gives    []nomenclatures.Aptitude // one of them at least
	Audience Audience
}

func (t Training) training(q *bun.SelectQuery) *bun.SelectQuery {
	q = anyFacet(q, "g:", t.Gives)
	if t.Audience != "" {
		q = anyFacet(q, "a:", []Audience{t.Audience})
	}
	return q
}

// facets are what a list filters sessions by (see facetText).
func (t *Terms) facets(into map[string]bool) {
	if t == nil {
		return
	}
	if t.Audience != "" {
		into["a:"+string(t.Audience)] = true
	}
	for _, g := range t.Outcomes {
		into["g:"+string(g.Code)] = true
	}
}

// firstSession is the day on which the first session of a training begins.
func firstSession(o *Opportunity) string {
	first := ""
	for _, l := range o.Lots {
		if o.Kind == TrainingSession && !l.Withdrawn && (first == "" || l.StartsOn < first) {
			first = l.StartsOn
		}
	}
	return first
}

// trades are the codes of a lot, with the occupations that a training prepares for.
func (l Lot) trades() []nomenclatures.Code {
	if l.Terms == nil || len(l.Terms.Leads) == 0 {
		return l.Codes
	}
	out := append([]nomenclatures.Code(nil), l.Codes...)
	for _, rome := range l.Terms.Leads {
		out = append(out, rome.Code())
	}
	return out
}

// Positions reads lots that are places for people, as they stand in their
// opportunities and in the order of the ids; those that are not there, or are
// none, are left out.
func (s *Service) Positions(ctx context.Context, ids ...LotID) ([]*Lot, error) {
	lots, err := s.Lots(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	out := lots[:0]
	for _, l := range lots {
		if l.Opportunity.Kind.HasPositions() {
			out = append(out, l)
		}
	}
	return out, nil
}

// EachPosition reads every lot that is a place for people, whatever its state,
// by batches of the lots of size opportunities in the order of their ids.
func (s *Service) EachPosition(ctx context.Context, size int, fn func([]*Lot) error) error {
	return s.EachPositionIn(ctx, s.store.Read(), size, fn)
}

// EachPositionIn is EachPosition in a snapshot of the database.
func (s *Service) EachPositionIn(ctx context.Context, db bun.IDB, size int, fn func([]*Lot) error) error {
	if size <= 0 || size > chunk {
		size = chunk
	}
	kinds := append(positionKinds(), JobNeed)
	for last := ID(0); ; {
		var ids []ID
		err := db.NewRaw("/* opportunities.EachPosition */ SELECT id FROM opportunities WHERE id > ? AND kind IN (?) ORDER BY id LIMIT ?",
			last, bun.List(kinds), size).Scan(ctx, &ids)
		if err != nil {
			return fmt.Errorf("read positions: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		all, err := load(ctx, db, ids)
		if err != nil {
			return fmt.Errorf("read positions: %w", err)
		}
		if err := fn(lotsIn(all)); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

func lotsIn(all []*Opportunity) (out []*Lot) {
	for _, o := range all {
		for i := range o.Lots {
			l := o.Lots[i].In(o)
			out = append(out, &l)
		}
	}
	return out
}

// SessionsGiving lists the sessions for people in journeys that give an
// aptitude, can still be joined, begin on a day or later and take place in part
// in a territory (or nobody knows where), the soonest to begin first. The zero
// territory is everywhere.
func (s *Service) SessionsGiving(ctx context.Context, a nomenclatures.Aptitude, in territories.Expr, from territories.Date) ([]*Lot, error) {
	f := Filter{Kinds: []Kind{TrainingSession}, Open: true, Territory: in, Training: Training{Gives: []nomenclatures.Aptitude{a}, Audience: ForJourneys}}
	within, err := s.chooserOfLots(f)
	if err != nil {
		return nil, err
	}
	var out []*Lot
	for r := (Request{Limit: 200, Order: Newest}); ; {
		page, err := s.List(ctx, f, r)
		if err != nil {
			return nil, fmt.Errorf("find sessions giving %s: %w", a, err)
		}
		for _, l := range lotsIn(page.Items) {
			if l.joins(a, from) && (within == nil || within(*l)) {
				out = append(out, l)
			}
		}
		if r.After = page.Next; r.After == "" {
			slices.SortFunc(out, soonest)
			return out, nil
		}
	}
}

// joins tells a session for people in journeys that gives an aptitude and
// begins on a day or later.
func (l *Lot) joins(a nomenclatures.Aptitude, from territories.Date) bool {
	return !l.Withdrawn && !l.Filled() && l.Terms.Gives(a) && l.Terms.Audience == ForJourneys && (from.IsZero() || l.StartsOn >= from.String())
}

func soonest(a, b *Lot) int {
	return cmp.Or(strings.Compare(a.StartsOn, b.StartsOn), cmp.Compare(a.ID, b.ID))
}
