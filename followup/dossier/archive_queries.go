package dossier

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/matching"
)

func archivesOf(ctx context.Context, db bun.IDB, id matching.ID) ([]Archive, error) {
	rows := []Archive{}
	if err := db.NewSelect().Model(&rows).Comment("dossier.archivesOf").Where("ar.match_id = ?", id).OrderExpr("ar.number").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list the archives of match %d: %w", id, err)
	}
	return rows, nil
}

// archiveFile is a file that an archive names.
type archiveFile struct {
	bun.BaseModel `bun:"table:answer_archive_files,alias:af"`

	ArchiveID ArchiveID `bun:"archive_id,pk"`
	Path      string    `bun:"path,pk"`
	FileID    FileID    `bun:"file_id"`
}

func archiveFiles(ctx context.Context, db bun.IDB, id ArchiveID) (map[string]FileID, error) {
	var rows []archiveFile
	if err := db.NewSelect().Model(&rows).Comment("dossier.archiveFiles").Where("af.archive_id = ?", id).OrderExpr("af.path").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list the files of archive %d: %w", id, err)
	}
	out := map[string]FileID{}
	for _, r := range rows {
		out[r.Path] = r.FileID
	}
	return out, nil
}

func insertArchive(ctx context.Context, tx store.Tx, a *Archive, entries []Entry) error {
	if _, err := tx.NewInsert().Model(a).Comment("dossier.insertArchive").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write an archive of match %d: %w", a.MatchID, err)
	}
	if len(entries) == 0 {
		return nil
	}
	rows := []archiveFile{}
	for _, e := range entries {
		rows = append(rows, archiveFile{ArchiveID: a.ID, Path: e.Path, FileID: e.file})
	}
	if _, err := tx.NewInsert().Model(&rows).Comment("dossier.insertArchiveFiles").Exec(ctx); err != nil {
		return fmt.Errorf("write the files of archive %d: %w", a.ID, err)
	}
	return nil
}

// nameOf is the name of an account; empty: none, or it is gone.
func nameOf(ctx context.Context, db bun.IDB, user *int64) (string, error) {
	if user == nil {
		return "", nil
	}
	var names []string
	if err := db.NewRaw("/* dossier.nameOf */ SELECT name FROM users WHERE id = ? ORDER BY id", *user).Scan(ctx, &names); err != nil {
		return "", fmt.Errorf("read who archives: %w", err)
	}
	if len(names) == 0 {
		return "", nil
	}
	return names[0], nil
}
