package tenders

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/opportunities"
)

// plan is what a notice changes in the grouping of those of its buyer and title.
type plan struct {
	mine    *family                  // that of the notice
	changed []*family                // the others that gain or lose notices
	moved   map[*family][]*noticeRow // what comes to them from another procurement
	gone    map[string][]*noticeRow  // what the procurements had that are left without notices
}

// planFor groups a notice with all that may have to do with it, those read before
// included: which of two calls a cancellation ends is known once both are.
func planFor(ctx context.Context, tx store.Tx, row *noticeRow, known *acquaintance) (*plan, error) {
	found, err := kinOf(ctx, tx, row, known)
	if err != nil {
		return nil, err
	}
	all := familiesOf(unitsOf(append(slices.Clone(found.rows), row), found.fixed))
	nameFamilies(all, known)
	p := &plan{moved: map[*family][]*noticeRow{}, gone: map[string][]*noticeRow{}}
	touched := map[string]bool{}
	for _, f := range all {
		for _, r := range f.rows {
			if r.Key != "" && r.Key != f.key {
				p.moved[f] = append(p.moved[f], r)
				touched[r.Key], touched[f.key] = true, true
			}
		}
	}
	for _, f := range all {
		switch {
		case slices.Contains(f.rows, row):
			p.mine = f
		case touched[f.key]:
			p.changed = append(p.changed, f)
		}
		delete(touched, f.key)
	}
	for _, r := range found.rows {
		if touched[r.Key] {
			p.gone[r.Key] = append(p.gone[r.Key], r)
		}
	}
	return p, nil
}

// nameFamilies gives each family the procurement that was made of its call, else
// of another of its notices, so that what hangs on an opportunity stays with it.
func nameFamilies(all []*family, known *acquaintance) {
	home, taken, rows := map[*noticeRow]*family{}, map[string]bool{}, []*noticeRow{}
	for _, f := range all {
		f.key, taken[f.held] = f.held, true
		for _, r := range f.rows {
			home[r] = f
		}
		rows = append(rows, f.rows...)
	}
	slices.SortStableFunc(rows, func(a, b *noticeRow) int { return cmp.Or(calls(b)-calls(a), cmp.Compare(a.ID, b.ID)) })
	for _, r := range rows {
		if f := home[r]; f.key == "" && !taken[r.Key] {
			f.key, taken[r.Key] = r.Key, true
		}
	}
	for _, f := range all {
		if f.key == "" {
			f.fresh, f.key = true, known.freshKey(f.rows)
		}
	}
}

func calls(r *noticeRow) int {
	if r.opens() {
		return 1
	}
	return 0
}

// freshKey is the key of a procurement that is new: by the notice being read
// where it holds it, whose names may be free, else by its first notice.
func (a *acquaintance) freshKey(rows []*noticeRow) string {
	of, free := rows[0], []name{}
	if i := slices.IndexFunc(rows, func(r *noticeRow) bool { return r.ID == 0 }); i >= 0 {
		of = rows[i]
		for _, nm := range namesOf(of.Document) {
			if a.names[nm.text] == "" {
				free = append(free, nm)
			}
		}
	}
	return freshKey(of.Document, free, of.Digest)
}

// settle writes what the grouping became around a notice that was kept: the
// notices that move, the procurements that gain or lose some, told anew, and the
// names under which all are found.
func (s *Service) settle(ctx context.Context, tx store.Tx, p *plan, row *noticeRow, origin string, known *acquaintance) error {
	if err := known.relocate(ctx, tx, p.moved[p.mine], p.mine.key, *row.OpportunityID); err != nil {
		return err
	}
	for _, f := range p.changed {
		in := retold(f.notices(), f.key)
		in.Origin = origin
		offer, err := s.tell(ctx, tx, f.notices(), in)
		if err != nil {
			return err
		}
		if err := known.relocate(ctx, tx, p.moved[f], f.key, offer.ID); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.gone)) {
		rows := (&family{rows: p.gone[key]}).notices()
		if err := s.told(ctx, tx, rows, key, mergedNote); err != nil {
			return err
		}
	}
	return known.learn(ctx, tx, row, p.mine)
}

// relocate brings notices, and the names they are found by, to a procurement.
func (a *acquaintance) relocate(ctx context.Context, tx store.Tx, rows []*noticeRow, key string, offer opportunities.ID) error {
	for _, r := range rows {
		_, err := tx.NewRaw("/* tenders.relocate */ UPDATE notices SET key = ?, opportunity_id = ? WHERE id = ?", key, offer, r.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("bring notice %d to %s: %w", r.ID, key, err)
		}
		if err := a.rename(ctx, tx, namesOf(r.Document), r.Key, key); err != nil {
			return err
		}
		if err := a.befriend(ctx, tx, r.facts().likes, key); err != nil {
			return err
		}
		delete(a.told, r.Key)
		delete(a.told, key)
	}
	return nil
}

// rename makes names that led to a procurement lead to another.
func (a *acquaintance) rename(ctx context.Context, tx store.Tx, names []name, from, to string) error {
	texts := make([]string, len(names))
	for i, nm := range names {
		texts[i] = nm.text
		if a.names[nm.text] == from {
			a.names[nm.text] = to
		}
	}
	_, err := tx.NewRaw("/* tenders.rename */ UPDATE notice_names SET key = ? WHERE key = ? AND name IN (?)", to, from, bun.List(texts)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("bring names to %s: %w", to, err)
	}
	return nil
}

// learn remembers under which names the procurement of a notice is found. The
// number of a notice is its own, whoever named it before.
func (a *acquaintance) learn(ctx context.Context, tx store.Tx, row *noticeRow, mine *family) error {
	if own := ownName(row.Document); own.trust == sure && a.names[own.text] != "" && a.names[own.text] != mine.key {
		if err := a.rename(ctx, tx, []name{own}, a.names[own.text], mine.key); err != nil {
			return err
		}
	}
	if err := a.keep(ctx, tx, namesOf(row.Document), mine.key); err != nil {
		return err
	}
	return a.befriend(ctx, tx, row.facts().likes, mine.key)
}
