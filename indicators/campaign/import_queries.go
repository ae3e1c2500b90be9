package campaign

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

func insertImport(ctx context.Context, tx store.Tx, row *importRow, refused []Refusal) error {
	if _, err := tx.NewInsert().Model(row).Comment("campaign.insertImport").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep an import: %w", err)
	}
	rows := make([]rejection, len(refused))
	for i, r := range refused {
		rows[i] = rejection{ImportID: row.ID, Line: r.Line, Faults: r.Faults, Cells: r.Cells}
	}
	for part := range slices.Chunk(rows, statement) {
		if _, err := tx.NewInsert().Model(&part).Comment("campaign.insertImport").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("keep refused rows: %w", err)
		}
	}
	return nil
}

func importBy(ctx context.Context, db bun.IDB, id int64) (*importRow, error) {
	row := new(importRow)
	err := db.NewSelect().Model(row).Comment("campaign.importBy").Where("qi.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("import", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read import %d: %w", id, err)
	}
	return row, nil
}

func rejectionsOf(ctx context.Context, db bun.IDB, id int64) ([]Refusal, error) {
	var rows []rejection
	err := db.NewSelect().Model(&rows).Comment("campaign.rejectionsOf").Where("qr.import_id = ?", id).Order("qr.line", "qr.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the refused rows of import %d: %w", id, err)
	}
	out := make([]Refusal, len(rows))
	for i, r := range rows {
		out[i] = Refusal{Line: r.Line, Faults: r.Faults, Cells: r.Cells}
	}
	return out, nil
}
