package dossier

import (
	"context"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
)

// What is what is chosen for an answer.
type What string

// What may be chosen.
const (
	PickReference What = "reference"
	PickParagraph What = "paragraph"
)

// picks is what a piece is written with; empty: nothing that is kept here.
func picks(code Code) What {
	switch code {
	case References:
		return PickReference
	case Memo:
		return PickParagraph
	}
	return ""
}

// Picked is what was chosen for one answer: references, and paragraphs each at the
// version it had then.
type Picked struct {
	References []Reference
	Paragraphs []Version
}

// Pick chooses what an answer is written with: the whole list, in its order.
// Paragraphs are taken at their latest version.
func (s *Service) Pick(ctx context.Context, id matching.ID, what What, chosen ...int64) error {
	m, err := s.ownAnswer(ctx, id, accounts.DossierEdit)
	if err != nil {
		return err
	}
	rows, err := s.pickable(ctx, m, what, chosen)
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := matching.Hold(ctx, tx, id); err != nil {
			return err
		}
		if err := replacePicks(ctx, tx, id, what, rows); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.DossierEdit, "match", int64(id), string(what))
	})
	if err != nil {
		return fmt.Errorf("choose what the answer to match %d is written with: %w", id, err)
	}
	return nil
}

// pickable checks that what is chosen is the enterprise's, and tells the version of
// each.
func (s *Service) pickable(ctx context.Context, m *matching.Match, what What, chosen []int64) ([]pick, error) {
	versions := map[int64]int{}
	switch what {
	case PickReference:
		all, err := referencesOf(ctx, s.Store.Read(), m.OrganisationID)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			versions[int64(r.ID)] = 0
		}
	case PickParagraph:
		all, err := paragraphsOf(ctx, s.Store.Read(), m.OrganisationID)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			versions[int64(p.ID)] = p.Version
		}
	default:
		return nil, fault.Invalid(fault.At("what", "unknown", "Références ou paragraphes.", "References or paragraphs."))
	}
	var rows []pick
	for _, one := range chosen {
		version, known := versions[one]
		if !known {
			return nil, fault.Invalid(fault.At("chosen", "unknown", "L’un de ces choix n’est pas dans votre dossier.", "One of these choices is not in your file."))
		}
		if !slices.ContainsFunc(rows, func(p pick) bool { return p.Picked == one }) {
			rows = append(rows, pick{MatchID: m.ID, What: what, Picked: one, Version: version, Position: len(rows)})
		}
	}
	return rows, nil
}

// Picked reads what was chosen for an answer.
func (s *Service) Picked(ctx context.Context, id matching.ID) (*Picked, error) {
	if _, err := s.ownAnswer(ctx, id, accounts.DossierRead); err != nil {
		return nil, err
	}
	return pickedOf(ctx, s.Store.Read(), id)
}

// ownAnswer reads the match of an answer that is the caller's.
func (s *Service) ownAnswer(ctx context.Context, id matching.ID, a accounts.Action) (*matching.Match, error) {
	if err := accounts.Permits(accounts.From(ctx), a); err != nil {
		return nil, err
	}
	m, err := s.Matching.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return m, s.may(ctx, a, m.OrganisationID, "match", int64(id))
}
