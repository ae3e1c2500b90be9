package opportunities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// The bounds of a letter.
const (
	lettersMost = 12 // of each kind of news of a search, in a letter
	pagesMost   = 200
)

// commitLag is how late what is dated of an instant may become visible: a
// transaction dates what it writes before it commits. Far more than the longest
// takes; what this reads twice is told once, the ledger knows it.
const commitLag = time.Hour

// finding is what a search has to tell.
type finding struct {
	search Search
	rows   []*told
}

// WriteLetters makes the letters whose morning has come, one a person, and asks
// for them to be sent; it tells how many. What is due is computed from the
// cursors of the searches, not from the hour of the call: a morning that was
// missed is made up for, and calling again, from several processes at once,
// makes nothing twice. A person whose letter fails holds nobody else's.
func (s *Service) WriteLetters(ctx context.Context) (int, error) {
	now := s.now()
	users, err := awaited(ctx, s.store.Read(), s.post.last(Daily, now), s.post.last(Weekly, now), dayOf(now))
	if err != nil {
		return 0, err
	}
	made := 0
	var failed []error
	for _, user := range users {
		done, err := s.writeLetter(ctx, user, now)
		if err != nil {
			failed = append(failed, fmt.Errorf("write the letter of account %d: %w", user, err))
		}
		if done {
			made++
		}
		if ctx.Err() != nil {
			break
		}
	}
	return made, errors.Join(failed...)
}

func dayOf(at time.Time) string { return at.In(paris()).Format(time.DateOnly) }

// writeLetter looks for the news outside the transaction, which then keeps them
// only if no search has moved meanwhile.
func (s *Service) writeLetter(ctx context.Context, user accounts.UserID, now time.Time) (made bool, err error) {
	all, err := searchesOf(ctx, s.store.Read(), user)
	if err != nil {
		return false, err
	}
	due := slices.DeleteFunc(all, func(r Search) bool { return !r.ToldUntil.Before(s.post.last(r.Frequency, now)) })
	found, err := s.findings(ctx, due, now)
	if err != nil {
		return false, err
	}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		made, err = s.keepLetter(ctx, tx, user, found, now)
		return err
	})
	if errors.Is(err, errMeanwhile) {
		return false, nil
	}
	return made && err == nil, err
}

// errMeanwhile says that another process made the letter, or that its owner changed a search.
var errMeanwhile = errors.New("the searches moved meanwhile")

func (s *Service) keepLetter(ctx context.Context, tx store.Tx, user accounts.UserID, found []finding, now time.Time) (bool, error) {
	var rows []*told
	found = slices.Clone(found) // rows are held in one order by all who hold several
	slices.SortFunc(found, func(a, b finding) int { return cmp.Compare(a.search.ID, b.search.ID) })
	for _, f := range found {
		still, err := f.search.follow(ctx, tx, s.post.last(f.search.Frequency, now), now)
		if err != nil {
			return false, err
		}
		if !still {
			return false, errMeanwhile
		}
		rows = append(rows, f.rows...)
	}
	if len(rows) == 0 {
		return false, nil
	}
	l := &Letter{UserID: user, Day: dayOf(now), MadeAt: now}
	kept, err := insertLetter(ctx, tx, l, rows)
	if err != nil {
		return false, err
	}
	if !kept {
		return false, errMeanwhile
	}
	return true, tx.Enqueue(ctx, SendLetter{ID: l.ID})
}

// findings looks for the news of searches of one person; what several choose is
// the first one's to tell.
func (s *Service) findings(ctx context.Context, searches []Search, now time.Time) ([]finding, error) {
	said := map[ID]bool{}
	out := make([]finding, len(searches))
	for i, search := range searches {
		rows, err := s.newsOf(ctx, search, now)
		if err != nil {
			return nil, fmt.Errorf("look for the news of search %d: %w", search.ID, err)
		}
		out[i].search = search
		for _, row := range rows {
			if !said[row.OpportunityID] {
				said[row.OpportunityID] = true
				out[i].rows = append(out[i].rows, row)
			}
		}
	}
	return out, nil
}

// newsOf judges what a search chooses among what moved since its cursor.
func (s *Service) newsOf(ctx context.Context, search Search, now time.Time) ([]*told, error) {
	f, err := search.Criteria.Filter()
	if err != nil {
		return nil, err
	}
	keep, err := s.chooser(f)
	if err != nil {
		return nil, err
	}
	var out []*told
	for last := ID(0); ; {
		var rows []*Opportunity
		q := s.query(f).Where("op.updated_at > ?", search.ToldUntil.Add(-commitLag)).Where("op.id > ?", last).Order("op.id").Limit(chunk)
		if err := q.Scan(ctx, &rows); err != nil {
			return nil, err
		}
		batch, err := s.kept(ctx, rows, keep)
		if err != nil {
			return nil, err
		}
		news, err := s.judged(ctx, search, batch, now)
		if err != nil {
			return nil, err
		}
		out = append(out, news...)
		if len(rows) < chunk {
			return out, nil
		}
		last = rows[len(rows)-1].ID
	}
}

// judged reads the histories after the opportunities, never before: an event
// that comes between is then told now, and not missed.
func (s *Service) judged(ctx context.Context, search Search, batch []*Opportunity, now time.Time) ([]*told, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	ids := make([]ID, len(batch))
	for i, o := range batch {
		ids[i] = o.ID
	}
	last, err := lastTold(ctx, s.store.Read(), search.UserID, ids)
	if err != nil {
		return nil, err
	}
	events, err := historyOf(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	var out []*told
	for _, o := range batch {
		if row := judge(o, events[o.ID], last[o.ID], search.NewsSince, now); row != nil {
			row.SearchID = search.ID
			out = append(out, row)
		}
	}
	return out, nil
}

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
	found, err := s.findings(ctx, searches, now)
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

// nextOf is when the news of a search are told: now where its morning has come.
func (s *Service) nextOf(r Search, now time.Time) time.Time {
	if r.ToldUntil.Before(s.post.last(r.Frequency, now)) {
		return now
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
