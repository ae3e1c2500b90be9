package matching

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// By says who replies, for the history.
type By struct {
	UserID int64 // 0: nobody in particular
}

// longestNote is how many characters a note may have.
const longestNote = 2000

// Said is what a member says to a match.
type Said struct {
	Reply  Reply
	Motive Motive // of a refusal; required then
	Note   string // a word for the network, optional
}

func (r *Said) check() error {
	r.Note = strings.TrimSpace(r.Note)
	var fields []fault.Field
	if r.Reply != Interested && r.Reply != NotForUs {
		fields = append(fields, fault.At("reply", "unknown", "Répondez « intéressé » ou « pas pour nous ».", "Answer “interested” or “not for us”."))
	}
	if r.Reply == NotForUs && !slices.Contains(Motives(), r.Motive) {
		fields = append(fields, fault.At("motive", "required", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough."))
	}
	if r.Reply == Interested && r.Motive != "" {
		fields = append(fields, fault.At("motive", "not_expected", "Un motif ne va qu’avec « pas pour nous ».", "A reason only goes with “not for us”."))
	}
	if utf8.RuneCountInString(r.Note) > longestNote {
		fields = append(fields, fault.At("note", "too_long", "2 000 caractères au plus.", "2,000 characters at most."))
	}
	if len(fields) > 0 {
		return fault.Invalid(fields...)
	}
	return nil
}

// Reply keeps what the member says to a match; it may change its mind. A match
// that no longer holds can't be answered. The same reply again changes nothing.
func (s *Service) Reply(ctx context.Context, by By, id ID, said Said) (*Match, error) {
	if err := said.check(); err != nil {
		return nil, err
	}
	var out *Match
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		m, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		out = m
		if m.State != Proposed {
			return fault.Conflict("withdrawn", "Cette correspondance ne tient plus : il n’y a plus à y répondre.",
				"This match no longer holds: there is nothing left to answer.")
		}
		if err := answerable(ctx, tx, m); err != nil {
			return err
		}
		if m.Reply == said.Reply && m.ReplyReason == said.Motive && m.ReplyNote == said.Note {
			return nil
		}
		return s.reply(ctx, tx, m, by, said)
	})
	if err != nil {
		return nil, fmt.Errorf("answer match %d: %w", id, err)
	}
	return out, nil
}

// answerable refuses a reply to a call that nobody has published yet.
func answerable(ctx context.Context, tx store.Tx, m *Match) error {
	expected, err := ofExpected(ctx, tx, m.LotID)
	if err != nil {
		return err
	}
	if expected {
		return fault.Conflict("not-published", "Cet appel est attendu, il n’est pas encore publié : il n’y a rien à y répondre.",
			"This call is expected, it is not published yet: there is nothing to answer.")
	}
	return nil
}

func (s *Service) reply(ctx context.Context, tx store.Tx, m *Match, by By, said Said) error {
	now := s.now()
	m.Reply, m.ReplyReason, m.ReplyNote, m.RepliedAt, m.UpdatedAt = said.Reply, said.Motive, said.Note, &now, now
	if m.RepliedBy = nil; by.UserID != 0 {
		m.RepliedBy = &by.UserID
	}
	if err := saveReply(ctx, tx, m); err != nil {
		return err
	}
	err := record(ctx, tx, []Event{{MatchID: m.ID, At: now, Kind: string(said.Reply), ActorID: m.RepliedBy,
		Detail: Detail{Reason: string(said.Motive), Note: said.Note}}})
	if err != nil {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.MatchAnswer, Entity: "match", EntityID: int64(m.ID), Fields: []string{"reply"}})
}
