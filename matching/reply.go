package matching

import (
	"context"
	"fmt"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
)

// By says who acts, for the history.
type By struct {
	UserID int64 // 0: nobody in particular
}

// Said is the last word of a member on a match, as package followup has it: its
// life after it was proposed is told there, and this is what a ranking, a count
// or a check of groups reads of it.
type Said struct {
	Reply  Reply
	Motive Motive // of a refusal
	Note   string // a word for the network
	At     time.Time
	UserID int64 // 0: nobody in particular
}

// Hold takes a match for the caller's transaction: two who answer it wait for
// each other.
func Hold(ctx context.Context, tx store.Tx, id ID) (*Match, error) { return hold(ctx, tx, id) }

// Holds refuses a first answer to a match that no longer holds.
func (m *Match) Holds() error {
	if m.State == Proposed {
		return nil
	}
	return fault.Conflict("withdrawn", "Cette correspondance ne tient plus : il n’y a plus à y répondre.",
		"This match no longer holds: there is nothing left to answer.")
}

// Answerable refuses an answer to a call that nobody has published yet.
func Answerable(ctx context.Context, tx store.Tx, lot opportunities.LotID) error {
	expected, err := ofExpected(ctx, tx, lot)
	if err != nil {
		return err
	}
	if expected {
		return fault.Conflict("not-published", "Cet appel est attendu, il n’est pas encore publié : il n’y a rien à y répondre.",
			"This call is expected, it is not published yet: there is nothing to answer.")
	}
	return nil
}

// KeepReply writes the last word of a member on a match that the caller holds.
func KeepReply(ctx context.Context, tx store.Tx, m *Match, said Said) error {
	m.Reply, m.ReplyReason, m.ReplyNote, m.RepliedAt, m.UpdatedAt = said.Reply, said.Motive, said.Note, &said.At, said.At
	if m.RepliedBy = nil; said.UserID != 0 {
		m.RepliedBy = &said.UserID
	}
	if err := saveReply(ctx, tx, m); err != nil {
		return fmt.Errorf("keep the answer to match %d: %w", m.ID, err)
	}
	return nil
}
