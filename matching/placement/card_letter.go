package placement

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/opportunities"
)

// LetterID identifies a letter to an employer.
type LetterID int64

// What a letter to an employer is about.
const (
	newCards  = "new"  // cards to answer, at least one of them not told before
	lateCards = "late" // cards answered too late, told once
)

// cardLetter tells somebody of an employer that cards of a position wait for an
// answer: how many, and never of whom.
type cardLetter struct {
	bun.BaseModel `bun:"table:card_letters,alias:cl"`

	ID      LetterID            `bun:"id,pk,autoincrement"`
	UserID  accounts.UserID     `bun:"user_id"`
	LotID   opportunities.LotID `bun:"lot_id"`
	What    string              `bun:"what"`
	MadeAt  time.Time           `bun:"made_at"`  // of the first card that it tells
	BegunAt *time.Time          `bun:"begun_at"` // when the cards were counted
	SentAt  *time.Time          `bun:"sent_at"`
}

// about tells whether a letter is due to a card: it was presented, or said to be
// late, since the letter was made.
func (l *cardLetter) about(p *Proposal) bool {
	if l.What == lateCards {
		return p.RemindedAt != nil && !p.RemindedAt.Before(l.MadeAt)
	}
	return !p.CreatedAt.Before(l.MadeAt)
}

// SendCards asks for one letter to an employer. It carries a number only.
type SendCards struct {
	ID LetterID `json:"id"`
}

// Kind names the job.
func (SendCards) Kind() string { return "placement.letter" }

// JobOptions puts these letters before the news: an answer is asked within two days.
func (SendCards) JobOptions() store.Options { return store.Options{Priority: 2, Attempts: 12} }

// announce makes the letters that tell an employer of a card, in the transaction
// that holds the employer. One that waits and has not counted yet counts this card
// too, so that each card is told once and several presented together make one letter.
// at is when the card was presented, or said to be late.
func (s *Service) announce(ctx context.Context, tx store.Tx, employer int64, lot opportunities.LotID, what string, at time.Time) error {
	readers, err := readersOf(ctx, tx, employer)
	if err != nil {
		return err
	}
	for _, u := range readers {
		waits, err := letterWaits(ctx, tx, u.ID, lot, what)
		if err != nil {
			return err
		}
		if waits {
			continue
		}
		l := cardLetter{UserID: u.ID, LotID: lot, What: what, MadeAt: at}
		if err := insertLetter(ctx, tx, &l); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, SendCards{ID: l.ID}); err != nil {
			return err
		}
	}
	return nil
}

// RemindLate makes one letter for the cards that an employer has not answered in
// time and was not reminded of; it tells of how many cards. Again it finds nothing.
// It asks no policy.
func (s *Service) RemindLate(ctx context.Context) (n int, err error) {
	late, err := proposals(ctx, s.store.Read(), "pp.state = ? AND pp.due_at < ? AND pp.reminded_at IS NULL", Proposed, s.now())
	if err != nil {
		return 0, err
	}
	type at struct {
		employer int64
		lot      opportunities.LotID
	}
	seen := map[at]bool{}
	for _, p := range late {
		one := at{p.EmployerID, p.LotID}
		if seen[one] {
			continue
		}
		seen[one] = true
		told, err := s.remind(ctx, one.employer, one.lot)
		if err != nil {
			return n, fmt.Errorf("remind of position %d: %w", one.lot, err)
		}
		n += told
	}
	return n, nil
}

// remind marks the late cards that the employer may still read, and tells of them.
func (s *Service) remind(ctx context.Context, employer int64, lot opportunities.LotID) (n int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdEmployer(ctx, tx, employer); err != nil {
			return err
		}
		all, err := proposals(ctx, tx, "pp.lot_id = ? AND pp.employer_id = ? AND pp.state = ? AND pp.reminded_at IS NULL", lot, employer, Proposed)
		if err != nil {
			return err
		}
		shown, err := s.shown(ctx, tx, all)
		if err != nil {
			return err
		}
		var late []ID
		for _, p := range shown {
			if p.Late(s.now()) {
				late = append(late, p.ID)
			}
		}
		if n = len(late); n == 0 {
			return nil
		}
		now := s.now()
		if err := markReminded(ctx, tx, late, now); err != nil {
			return err
		}
		return s.announce(ctx, tx, employer, lot, lateCards, now)
	})
	return n, err
}
