package dossier

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
)

// mostPieces bounds a list: an enterprise of ten years fits.
const mostPieces = 2000

// holdFile makes the writes to the file of an enterprise follow one another.
func holdFile(ctx context.Context, tx store.Tx, id network.ID) error {
	if _, err := tx.NewRaw("/* dossier.holdFile */ UPDATE organisations SET source = source WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("hold the file of organisation %d: %w", id, err)
	}
	return nil
}

func selectPieces(db bun.IDB, model any, name string) *bun.SelectQuery {
	return db.NewSelect().Model(model).ModelTableExpr("dossier_pieces AS dp").Comment(name).
		ColumnExpr("dp.*, COALESCE(df.size, 0) AS size, COALESCE(df.media_type, '') AS media_type, COALESCE(df.sha256, '') AS sha256").Join("LEFT JOIN dossier_files AS df ON df.id = dp.file_id")
}

// piecesOf reads the pieces of an enterprise: those made for a match, or for 0
// those that serve again.
func piecesOf(ctx context.Context, db bun.IDB, id network.ID, m matching.ID) ([]Piece, error) {
	rows := []Piece{}
	q := selectPieces(db, &rows, "dossier.piecesOf").Where("dp.organisation_id = ?", id).OrderExpr("dp.id DESC").Limit(mostPieces)
	if m == 0 {
		q = q.Where("dp.match_id IS NULL")
	} else {
		q = q.Where("dp.match_id = ?", m)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list the pieces of organisation %d: %w", id, err)
	}
	return rows, nil
}

// lapsingOwners lists the enterprises that keep a piece whose last day is between two days.
func lapsingOwners(ctx context.Context, db bun.IDB, from, to string) (ids []network.ID, err error) {
	err = db.NewRaw("/* dossier.lapsingOwners */ SELECT DISTINCT organisation_id FROM dossier_pieces WHERE match_id IS NULL AND valid_until BETWEEN ? AND ? ORDER BY organisation_id", from, to).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find whose pieces lapse: %w", err)
	}
	return ids, nil
}

func pieceByID(ctx context.Context, db bun.IDB, id PieceID) (*Piece, error) {
	p := &Piece{}
	err := selectPieces(db, p, "dossier.pieceByID").Where("dp.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("piece", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read piece %d: %w", id, err)
	}
	return p, nil
}

// samePiece finds a piece that says the same; nil: none does.
func samePiece(ctx context.Context, tx store.Tx, p *Piece) (*Piece, error) {
	same := &Piece{}
	q := selectPieces(tx, same, "dossier.samePiece").Where("dp.organisation_id = ? AND dp.kind = ? AND dp.title = ? AND dp.issued_on = ? AND dp.valid_until = ?", p.OrganisationID, p.Kind, p.Title, p.IssuedOn, p.ValidUntil).
		Where("COALESCE(dp.match_id, 0) = ? AND COALESCE(dp.file_id, 0) = ?", valueOr(p.MatchID), valueOr(p.FileID)).OrderExpr("dp.id").Limit(1)
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing says the same yet
	}
	if err != nil {
		return nil, fmt.Errorf("look for the same piece: %w", err)
	}
	return same, nil
}

func valueOr[T ~int64](id *T) int64 {
	if id == nil {
		return 0
	}
	return int64(*id)
}

func insertPiece(ctx context.Context, tx store.Tx, p *Piece) error {
	if _, err := tx.NewInsert().Model(p).Comment("dossier.insertPiece").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a piece: %w", err)
	}
	return nil
}

// deletePiece removes a piece, and its bytes where nothing else names them.
func deletePiece(ctx context.Context, tx store.Tx, p *Piece) error {
	if _, err := tx.NewRaw("/* dossier.deletePiece */ DELETE FROM dossier_pieces WHERE id = ?", p.ID).Exec(ctx); err != nil {
		return fmt.Errorf("delete piece %d: %w", p.ID, err)
	}
	if p.FileID == nil {
		return nil
	}
	_, err := tx.NewRaw(`/* dossier.deleteFile */ DELETE FROM dossier_files WHERE id = ?
		AND NOT EXISTS (SELECT 1 FROM dossier_pieces WHERE file_id = dossier_files.id)
		AND NOT EXISTS (SELECT 1 FROM answer_archive_files WHERE file_id = dossier_files.id)`, *p.FileID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("delete the file of piece %d: %w", p.ID, err)
	}
	return nil
}

// fileByDigest finds bytes that are kept already; nil: they are not.
func fileByDigest(ctx context.Context, tx store.Tx, id network.ID, digest string) (*File, error) {
	f := &File{}
	err := tx.NewSelect().Model(f).Comment("dossier.fileByDigest").Where("df.organisation_id = ? AND df.sha256 = ?", id, digest).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // not kept yet
	}
	if err != nil {
		return nil, fmt.Errorf("look for a file: %w", err)
	}
	return f, nil
}

func bytesOf(ctx context.Context, tx store.Tx, id network.ID) (int64, error) {
	var n int64
	if err := tx.NewRaw("/* dossier.bytesOf */ SELECT CAST(COALESCE(SUM(size), 0) AS bigint) FROM dossier_files WHERE organisation_id = ?", id).Scan(ctx, &n); err != nil {
		return 0, fmt.Errorf("weigh the file of organisation %d: %w", id, err)
	}
	return n, nil
}

func insertFile(ctx context.Context, tx store.Tx, f *File, content []byte) error {
	if _, err := tx.NewInsert().Model(f).Comment("dossier.insertFile").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	for at, position := 0, 0; at < len(content); at, position = at+piece, position+1 {
		part := content[at:min(at+piece, len(content))]
		if _, err := tx.NewRaw("/* dossier.insertBytes */ INSERT INTO dossier_bytes (file_id, position, content) VALUES (?, ?, ?)", f.ID, position, part).Exec(ctx); err != nil {
			return fmt.Errorf("write the bytes of file %d: %w", f.ID, err)
		}
	}
	return nil
}

// contentOf reads the bytes of a file.
func contentOf(ctx context.Context, db bun.IDB, id FileID) ([]byte, error) {
	var parts [][]byte
	if err := db.NewRaw("/* dossier.contentOf */ SELECT content FROM dossier_bytes WHERE file_id = ? ORDER BY position", id).Scan(ctx, &parts); err != nil {
		return nil, fmt.Errorf("read the bytes of file %d: %w", id, err)
	}
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out, nil
}
