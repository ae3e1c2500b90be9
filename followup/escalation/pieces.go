package escalation

import (
	"context"
	"strings"

	"maillage/accounts"
	"maillage/followup/dossier"
)

// Lapsing is a piece of the file of an enterprise that lapses soon, or has.
type Lapsing struct {
	Piece dossier.Piece
	Kind  dossier.Kind
	Gone  bool // its last day is past
}

// pieces tell who may edit the file of an enterprise of each piece that lapses soon, and
// once more when it has: once for a piece and its last day.
func (s *Service) pieces(ctx context.Context, sc *scene) ([]*line, error) {
	if s.Dossier == nil {
		return nil, nil
	}
	all, err := s.Dossier.Lapsing(ctx, sc.day)
	if err != nil {
		return nil, err
	}
	return s.once(ctx, OfPiece, matters(all, func(p *dossier.Piece) matter {
		owner := int64(p.OrganisationID)
		to := sc.standing(sc.staff[owner], func(r *reader) bool { return accounts.Can(r.Identity, accounts.DossierEdit, accounts.Of(owner)) })
		return matter{int64(p.ID), pieceStep(p, sc.day), to, nil}
	}))
}

// pieceStep tells whether a piece has lapsed, and its last day.
func pieceStep(p *dossier.Piece, today string) Step {
	if p.Holds(today) {
		return Step("soon-" + p.ValidUntil)
	}
	return Step(gonePrefix + p.ValidUntil)
}

const gonePrefix = "gone-"

// piecePart are the pieces that still lapse: one that was replaced or taken out is not there.
func (s *Service) piecePart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfPiece]) == 0 || s.Dossier == nil {
		return nil
	}
	all, err := s.Dossier.Lapsing(ctx, d.Letter.Day)
	if err != nil {
		return err
	}
	for i := range all {
		for _, l := range by[OfPiece] {
			if l.SubjectID == int64(all[i].ID) && l.Step == pieceStep(&all[i], d.Letter.Day) && d.names(l) {
				kind, _ := s.Dossier.Book().Get(all[i].Kind)
				d.Pieces = append(d.Pieces, Lapsing{Piece: all[i], Kind: kind, Gone: strings.HasPrefix(string(l.Step), gonePrefix)})
			}
		}
	}
	return nil
}
