package opportunities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
)

// NextLetter is what the next letter of who asks would hold now, and the
// morning on which it leaves: the zero time where no search has letters.
func (s *Service) NextLetter(ctx context.Context) (Digest, time.Time, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.HomeRead, accounts.OfUser(me.UserID)); err != nil {
		return Digest{}, time.Time{}, err
	}
	now := s.now()
	searches, err := searchesOf(ctx, s.store.Read(), me.UserID)
	if err != nil {
		return Digest{}, time.Time{}, err
	}
	var at time.Time
	for _, search := range searches {
		if next := s.nextOf(search, now); at.IsZero() || next.Before(at) {
			at = next
		}
	}
	searches = slices.DeleteFunc(searches, func(r Search) bool { return s.nextOf(r, now).After(at) })
	found, _, err := s.findings(ctx, searches, now)
	if err != nil {
		return Digest{}, at, err
	}
	var rows []*told
	for _, f := range found {
		rows = append(rows, f.rows...)
	}
	d, err := s.digest(ctx, Letter{UserID: me.UserID}, searches, rows, pagesMost)
	return d, at, err
}

// nextOf is when the news of a search are told: where its morning has come, now,
// or on the next morning while no letters leave.
func (s *Service) nextOf(r Search, now time.Time) time.Time {
	switch due := r.ToldUntil.Before(s.post.last(r.Frequency, now)); {
	case due && s.post.leave(now):
		return now
	case due:
		return s.post.next(Daily, now)
	}
	return s.post.next(r.Frequency, now)
}

// Letters lists the last letters of who asks, the latest first.
func (s *Service) Letters(ctx context.Context, limit int) ([]Letter, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.HomeRead, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	rows := []Letter{}
	err := s.store.Read().NewSelect().Model(&rows).Comment("opportunities.Letters").
		Where("sl.user_id = ?", me.UserID).Order("sl.id DESC").Limit(int64(max(1, min(limit, 100)))).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list letters: %w", err)
	}
	return rows, nil
}

// OldLetter is what a letter of who asks told, those that it left out included;
// another's is not there.
func (s *Service) OldLetter(ctx context.Context, id LetterID) (Digest, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.HomeRead, accounts.OfUser(me.UserID)); err != nil {
		return Digest{}, err
	}
	l, err := letterBy(ctx, s.store.Read(), "sl.id = ?", id)
	if err != nil {
		return Digest{}, err
	}
	if l.UserID != me.UserID {
		return Digest{}, fault.NotFound("letter", int64(id))
	}
	searches, err := s.Searches(ctx)
	if err != nil {
		return Digest{}, err
	}
	return s.told(ctx, l, searches, pagesMost)
}

// told is what a letter told of searches.
func (s *Service) told(ctx context.Context, l Letter, searches []Search, most int) (Digest, error) {
	rows, err := ledgerOf(ctx, s.store.Read(), l.ID)
	if err != nil {
		return Digest{}, err
	}
	return s.digest(ctx, l, searches, rows, most)
}

// digest reads the opportunities of a ledger: of each search and kind, the
// first ones. What is told of a search that is not among them is left out.
func (s *Service) digest(ctx context.Context, l Letter, searches []Search, rows []*told, most int) (Digest, error) {
	d := Digest{Letter: l}
	shown, others := shortened(rows, most)
	ids := make([]ID, len(shown))
	for i, row := range shown {
		ids[i] = row.OpportunityID
	}
	known, err := s.Some(ctx, ids...)
	if err != nil {
		return d, err
	}
	events := map[ID][]Event{}
	for part := range slices.Chunk(ids, chunk) {
		some, err := historyOf(ctx, s.store.Read(), part)
		if err != nil {
			return d, err
		}
		for id, list := range some {
			events[id] = list
		}
	}
	for _, search := range searches {
		news := SearchNews{Search: search, Others: others[search.ID]}
		for _, row := range shown {
			if o := known[row.OpportunityID]; row.SearchID == search.ID && o != nil && o.Public() {
				news.Pieces = append(news.Pieces, row.piece(o, events[o.ID]))
			}
		}
		slices.SortStableFunc(news.Pieces, func(a, b Piece) int { return compareDue(a.Opportunity, b.Opportunity) })
		if len(news.Pieces) > 0 {
			d.Searches = append(d.Searches, news)
		}
	}
	return d, nil
}

// compareDue puts the soonest deadline first and what has none last.
func compareDue(a, b *Opportunity) int {
	switch {
	case a.Deadline != nil && b.Deadline != nil:
		return a.Deadline.Compare(*b.Deadline)
	case a.Deadline != nil:
		return -1
	case b.Deadline != nil:
		return 1
	}
	return 0
}

func (r *told) piece(o *Opportunity, events []Event) Piece {
	p := Piece{What: r.What, Opportunity: o}
	if r.What == WhatChanged {
		p.Changes = newsworthy(slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.ID <= r.AfterEvent || e.ID > r.EventID }))
	}
	return p
}

// shortened keeps so many of each kind and search, and counts the others.
func shortened(rows []*told, most int) (shown []*told, others map[SearchID]map[What]int) {
	kept := map[SearchID]map[What]int{}
	others = map[SearchID]map[What]int{}
	for _, r := range rows {
		if kept[r.SearchID] == nil {
			kept[r.SearchID], others[r.SearchID] = map[What]int{}, map[What]int{}
		}
		if kept[r.SearchID][r.What] == most {
			others[r.SearchID][r.What]++
			continue
		}
		kept[r.SearchID][r.What]++
		shown = append(shown, r)
	}
	return shown, others
}
