package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/territories"
)

// Soon is how many days before its last one a piece is said to expire.
const Soon = 30

// Pieces lists what an enterprise keeps for every answer, in the order of an
// answer; of what replaces what, the one that holds longest comes first.
func (s *Service) Pieces(ctx context.Context, id network.ID) ([]Piece, error) {
	if err := s.mine(ctx, accounts.DossierRead, id); err != nil {
		return nil, err
	}
	all, err := piecesOf(ctx, s.Store.Read(), id, 0)
	if err != nil {
		return nil, err
	}
	s.sort(all)
	return all, nil
}

func (s *Service) sort(all []Piece) {
	slices.SortStableFunc(all, func(a, b Piece) int {
		return cmp.Or(s.book.place(a.Kind)-s.book.place(b.Kind), cmp.Compare(territories.Fold(a.Title), territories.Fold(b.Title)), longest(a, b))
	})
}

// longest puts first the piece that holds longest, then the last one added.
func longest(a, b Piece) int {
	const ever = "9999-12-31"
	return cmp.Or(cmp.Compare(cmp.Or(b.ValidUntil, ever), cmp.Or(a.ValidUntil, ever)), cmp.Compare(b.ID, a.ID))
}

// Current keeps, of sorted pieces, those that nothing of the same kind and title
// replaces.
func Current(sorted []Piece) []Piece {
	out := []Piece{}
	for i, p := range sorted {
		if i == 0 || sorted[i-1].Kind != p.Kind || territories.Fold(sorted[i-1].Title) != territories.Fold(p.Title) {
			out = append(out, p)
		}
	}
	return out
}

// Expiring lists the current pieces whose last day is past or comes within Soon
// days, the soonest first.
func (s *Service) Expiring(ctx context.Context, id network.ID) ([]Piece, error) {
	all, err := s.Pieces(ctx, id)
	if err != nil {
		return nil, err
	}
	end := s.now().In(s.paris).AddDate(0, 0, Soon).Format(time.DateOnly)
	out := slices.DeleteFunc(Current(all), func(p Piece) bool { return p.ValidUntil == "" || p.ValidUntil > end })
	slices.SortStableFunc(out, func(a, b Piece) int { return cmp.Compare(a.ValidUntil, b.ValidUntil) })
	return out, nil
}

// Lapsing lists, of every enterprise, the current pieces whose last day comes within Soon
// days of a day, or passed within as many: what lapsed long ago is known. The soonest
// first. It is a job's.
func (s *Service) Lapsing(ctx context.Context, today string) ([]Piece, error) {
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return nil, fmt.Errorf("read the day: %w", err)
	}
	from, to := day.AddDate(0, 0, -Soon).Format(time.DateOnly), day.AddDate(0, 0, Soon).Format(time.DateOnly)
	owners, err := lapsingOwners(ctx, s.Store.Read(), from, to)
	if err != nil {
		return nil, err
	}
	var out []Piece
	for _, id := range owners {
		all, err := piecesOf(ctx, s.Store.Read(), id, 0)
		if err != nil {
			return nil, err
		}
		s.sort(all)
		for _, p := range Current(all) {
			if p.ValidUntil >= from && p.ValidUntil <= to {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Piece) int { return cmp.Compare(a.ValidUntil, b.ValidUntil) })
	return out, nil
}

// Keep adds a piece. The same one again gives what the first made.
func (s *Service) Keep(ctx context.Context, d Draft) (*Piece, error) {
	if err := s.mine(ctx, accounts.DossierEdit, d.Organisation); err != nil {
		return nil, err
	}
	if err := d.check(s.book, s.Today()); err != nil {
		return nil, err
	}
	file, err := s.look(ctx, &d)
	if err != nil {
		return nil, err
	}
	var out *Piece
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		out, err = s.add(ctx, tx, d, file)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep a piece of organisation %d: %w", d.Organisation, err)
	}
	return out, nil
}

// look checks what a piece comes with: its file, and the answer it is made for,
// which is of this enterprise.
func (s *Service) look(ctx context.Context, d *Draft) (*taken, error) {
	if d.Match != 0 {
		m, err := s.Matching.Get(ctx, d.Match)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return nil, err
		}
		if m == nil || m.OrganisationID != d.Organisation {
			return nil, fault.Invalid(fault.At("match", "unknown", "Cette réponse n’est pas celle de cette entreprise.", "This answer is not of this enterprise."))
		}
	}
	if d.File == nil {
		return nil, nil //nolint:nilnil // the paper is kept elsewhere
	}
	return take(d.File)
}

func (s *Service) add(ctx context.Context, tx store.Tx, d Draft, file *taken) (*Piece, error) {
	if err := holdFile(ctx, tx, d.Organisation); err != nil {
		return nil, err
	}
	p := &Piece{OrganisationID: d.Organisation, Kind: d.Kind, Title: d.Title, IssuedOn: d.IssuedOn, ValidUntil: d.ValidUntil, AddedBy: accounts.From(ctx).Actor(), AddedAt: s.now()}
	if d.Match != 0 {
		p.MatchID = &d.Match
	}
	if file != nil {
		if err := s.room(ctx, tx, d.Organisation, file); err != nil {
			return nil, err
		}
		kept, err := s.store(ctx, tx, d.Organisation, file)
		if err != nil {
			return nil, err
		}
		p.FileID, p.FileName, p.Size, p.MediaType, p.SHA256 = &kept.ID, file.name, kept.Size, kept.MediaType, kept.SHA256
	}
	if known, err := samePiece(ctx, tx, p); err != nil || known != nil {
		return known, err
	}
	if err := insertPiece(ctx, tx, p); err != nil {
		return nil, err
	}
	return p, s.trail(ctx, tx, accounts.DossierEdit, "piece", int64(p.ID), "added")
}

// room refuses bytes that would not fit in the quota of an enterprise. What was
// sent is archived whatever is left.
func (s *Service) room(ctx context.Context, tx store.Tx, id network.ID, file *taken) error {
	used, err := bytesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if used+int64(len(file.content)) > Quota {
		return fault.Invalid(fault.At("file", "quota", "Votre dossier est plein (200 Mo) : retirez des pièces qui ne servent plus.", "Your file is full (200 MB): remove pieces that no longer serve."))
	}
	return nil
}

// store keeps the bytes of a file once for each enterprise.
func (s *Service) store(ctx context.Context, tx store.Tx, id network.ID, file *taken) (*File, error) {
	known, err := fileByDigest(ctx, tx, id, file.digest)
	if err != nil || known != nil {
		return known, err
	}
	f := &File{OrganisationID: id, SHA256: file.digest, MediaType: file.mediaType, Size: int64(len(file.content)), CreatedAt: s.now()}
	return f, insertFile(ctx, tx, f, file.content)
}

// Remove takes a piece out. What was sent keeps its bytes; once more changes nothing.
func (s *Service) Remove(ctx context.Context, id PieceID) error {
	p, err := pieceByID(ctx, s.Store.Read(), id)
	if err != nil {
		return err
	}
	if err := s.may(ctx, accounts.DossierEdit, p.OrganisationID, "piece", int64(id)); err != nil {
		return err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdFile(ctx, tx, p.OrganisationID); err != nil {
			return err
		}
		if err := deletePiece(ctx, tx, p); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.DossierEdit, "piece", int64(id), "removed")
	})
	if err != nil {
		return fmt.Errorf("remove piece %d: %w", id, err)
	}
	return nil
}

// Open reads the file of a piece; NotFound where it has none.
func (s *Service) Open(ctx context.Context, id PieceID) (*Piece, []byte, error) {
	p, err := pieceByID(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.may(ctx, accounts.DossierRead, p.OrganisationID, "piece", int64(id)); err != nil {
		return nil, nil, err
	}
	if p.FileID == nil {
		return nil, nil, fault.NotFound("file", id)
	}
	content, err := contentOf(ctx, s.Store.Read(), *p.FileID)
	if err != nil {
		return nil, nil, fmt.Errorf("open piece %d: %w", id, err)
	}
	return p, content, nil
}

// made lists the pieces made for one answer.
func (s *Service) made(ctx context.Context, id network.ID, m matching.ID) ([]Piece, error) {
	all, err := piecesOf(ctx, s.Store.Read(), id, m)
	if err != nil {
		return nil, err
	}
	s.sort(all)
	return all, nil
}
