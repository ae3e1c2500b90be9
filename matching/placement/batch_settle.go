package placement

import (
	"context"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
	"maillage/people"
)

// BatchSettled is where a suggestion stands.
type BatchSettled struct {
	Line     BatchLineID `json:"line"`
	State    LineState   `json:"state"`
	Words    Text        `json:"words"`
	Revision int64       `json:"revision"`
}

// SettleLine writes what the person's own structure makes of a suggestion. Only
// "asked" does more than remember: it records that the person was asked, which is
// where an agreement begins; scene is that of the position as it was read, empty
// not to check. Nothing reaches the employer. The same again writes nothing.
func (s *Service) SettleLine(ctx context.Context, id BatchID, line BatchLineID, to LineState, expected int64, scene string) (*BatchSettled, error) {
	if !slices.Contains(LineStates(), to) {
		return nil, fault.Invalid(fault.At("state", "value", "Ce choix n’existe pas.", "There is no such choice."))
	}
	var out *batchLine
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if out, err = s.suggestionIn(ctx, tx, id, line); err != nil {
			return err
		}
		if out.State == to {
			return nil
		}
		if expected != 0 && out.Revision != expected {
			return fault.Stale()
		}
		return s.settleLine(ctx, tx, out, to, scene)
	})
	if err != nil {
		return nil, fmt.Errorf("settle suggestion %d of batch %d: %w", line, id, err)
	}
	return &BatchSettled{Line: out.ID, State: out.State, Words: out.State.Words(), Revision: out.Revision}, nil
}

// suggestionIn reads a suggestion of the caller's structure in the last version
// of a batch, and holds that version.
func (s *Service) suggestionIn(ctx context.Context, tx store.Tx, id BatchID, line BatchLineID) (*batchLine, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.BatchSettle); err != nil {
		return nil, err
	}
	if err := holdBatch(ctx, tx, id); err != nil {
		return nil, err
	}
	l, err := lineOfBatch(ctx, tx, id, line)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(who, accounts.BatchSettle, accounts.Of(l.OrganisationID)) {
		return nil, fault.NotFound("suggestion", line)
	}
	b, err := batchByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	all, err := versions(ctx, tx, b.OrganisationID, b.Key)
	if err == nil && all[0].ID != id {
		err = fault.Conflict("batch-superseded", "Cette préparation a été recalculée : ouvrez la dernière version.", "This preparation was computed again: open the last version.")
	}
	return l, err
}

func (s *Service) settleLine(ctx context.Context, tx store.Tx, l *batchLine, to LineState, scene string) error {
	if !l.State.allows(to) {
		return fault.Conflict("line-asked", "La personne a déjà été sollicitée : la suite se note dans son accord.", "The person was asked already: what follows is recorded in their agreement.")
	}
	if to == Talked {
		if err := s.askIn(ctx, tx, l, scene); err != nil {
			return err
		}
	}
	now, from := s.now(), l.State
	l.State, l.SettledAt, l.SettledBy = to, &now, accounts.From(ctx).Actor()
	l.Revision++
	if err := writeLine(ctx, tx, l); err != nil {
		return err
	}
	if err := recordBatch(ctx, tx, batchEvent{BatchID: l.BatchID, LineID: &l.ID, At: now, ActorID: l.SettledBy, From: from, To: to}); err != nil {
		return err
	}
	return s.trailBatch(ctx, tx, accounts.BatchSettle, "batch_line", int64(l.ID))
}

// askIn records that a person was asked about a position that can be taken. Who
// said no is not asked again from here.
func (s *Service) askIn(ctx context.Context, tx store.Tx, l *batchLine, scene string) error {
	lots, err := lotsByID(ctx, tx, l.LotID)
	if err != nil {
		return err
	}
	if len(lots) == 0 || !s.published(lots[0]) {
		return fault.Conflict("position-closed", "Ce poste n’est plus à pourvoir.", "This position can no longer be taken.")
	}
	said, err := agreementsOf(ctx, tx, []opportunities.LotID{l.LotID}, []people.ID{l.PersonID})
	if err != nil {
		return err
	}
	for _, a := range said {
		if a.State == people.Refused || a.State == people.Withdrawn {
			return fault.Conflict("said-no", "La personne a dit non à ce poste : on ne le lui demande pas à nouveau ici.", "The person said no to this position: they are not asked again from here.")
		}
	}
	return s.people.AskIn(ctx, tx, l.PersonID, int64(l.LotID), scene)
}
