package opportunities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
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
// missed is made up for in the course of a working day, and calling again, from
// several processes at once, makes nothing twice. At night and on days off it
// makes none. A person whose letter fails holds nobody else's.
func (s *Service) WriteLetters(ctx context.Context) (int, error) {
	now := s.now()
	if !s.post.leave(now) {
		return 0, nil
	}
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
	found, unread, err := s.findings(ctx, due, now)
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
	return made && err == nil, errors.Join(err, unread)
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
	if open, err := daily.Turn(ctx, tx, user, dayOf(now)); err != nil {
		return false, err
	} else if !open {
		return false, errMeanwhile // the next letter tells it: the cursors stay
	}
	if twice, err := toldMeanwhile(ctx, tx, user, rows); err != nil {
		return false, err
	} else if twice {
		return false, errMeanwhile
	}
	l := &Letter{UserID: user, Day: dayOf(now), MadeAt: now}
	kept, err := insertLetter(ctx, tx, l, rows)
	if err != nil {
		return false, err
	}
	if !kept {
		return false, errMeanwhile
	}
	return true, s.post.hand(ctx, tx, user, SendLetter{ID: l.ID})
}

// errUnreadable says that the criteria of a search mean nothing any more, such
// as a territory that no longer exists.
var errUnreadable = errors.New("the criteria cannot be read")

// findings looks for the news of searches of one person; what several choose is
// the first one's to tell. One that cannot be read holds none of the others: it
// is left out, and its cursor stays.
func (s *Service) findings(ctx context.Context, searches []Search, now time.Time) (out []finding, unread, err error) {
	said := map[ID]bool{}
	for _, search := range searches {
		rows, err := s.newsOf(ctx, search, now, s.toldTo(search.UserID))
		if err != nil {
			err = fmt.Errorf("look for the news of search %d: %w", search.ID, err)
		}
		if errors.Is(err, errUnreadable) {
			unread = errors.Join(unread, err)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		rows = slices.DeleteFunc(rows, func(row *told) bool { known := said[row.OpportunityID]; said[row.OpportunityID] = true; return known })
		out = append(out, finding{search: search, rows: rows})
	}
	return out, unread, nil
}

// newsOf judges what a search chooses among what moved since its cursor.
func (s *Service) newsOf(ctx context.Context, search Search, now time.Time, known Known) ([]*told, error) {
	f, err := search.Criteria.Filter()
	if err != nil {
		return nil, errors.Join(errUnreadable, err)
	}
	keep, err := s.chooser(f)
	if err != nil {
		return nil, errors.Join(errUnreadable, err)
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
		news, err := s.judged(ctx, search, batch, now, known)
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
func (s *Service) judged(ctx context.Context, search Search, batch []*Opportunity, now time.Time, known Known) ([]*told, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	ids := make([]ID, len(batch))
	for i, o := range batch {
		ids[i] = o.ID
	}
	last, err := known(ctx, ids)
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
