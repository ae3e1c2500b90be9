package tenders

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// maxBatchBytes bounds the raw text of one batch, beside chunkWeight.
const maxBatchBytes = 4 << 20

// ahead reads records in batches while the one before is committed, in their
// order: at most three batches are held at once. The reader has ended when the
// loop over it has.
func (s *Service) ahead(ctx context.Context, records iter.Seq[Record]) iter.Seq[[]Record] {
	return func(yield func([]Record) bool) {
		ctx, stop := context.WithCancel(ctx)
		batches := make(chan []Record)
		defer func() {
			stop()
			for range batches { // until the reader has seen it
			}
		}()
		go func() {
			defer close(batches)
			for batch := range s.batches(records) {
				select {
				case batches <- batch:
				case <-ctx.Done():
					return
				}
			}
		}()
		for batch := range batches {
			if !yield(batch) {
				return
			}
		}
	}
}

// batches cuts records into what one transaction takes.
func (s *Service) batches(records iter.Seq[Record]) iter.Seq[[]Record] {
	return func(yield func([]Record) bool) {
		var batch []Record
		weight, size := 0, 0
		for rec := range records {
			if rec.Notice != nil {
				weight += len(rec.Notice.Lots)
				rec.row, rec.Err = s.row(rec)
			}
			batch = append(batch, rec)
			weight, size = weight+1, size+len(rec.Raw)
			if weight < chunkWeight && size < maxBatchBytes {
				continue
			}
			if !yield(batch) {
				return
			}
			batch, weight, size = nil, 0, 0
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// acquaintance is what the database knew of the notices of a batch when it
// began, asked at once rather than for each, and what was written of them since.
type acquaintance struct {
	names  map[string]string      // the procurement known under a name
	seen   map[noticeKey][]string // the digests of a notice
	told   map[string][]noticeRow // the notices of a procurement, the latest first
	held   int                    // notices in told
	kin    map[string][]string    // the procurements known under a buyer and title
	judged map[string]bool        // those that a person judged
}

// maxHeld bounds the notices of procurements kept at once: the contracts of one
// buyer under one title may be thousands, and each asks for those before it.
const maxHeld = 1000

// noticesOf reads the notices of a procurement, once for a batch.
func (a *acquaintance) noticesOf(ctx context.Context, tx store.Tx, key string) ([]noticeRow, error) {
	if rows, known := a.told[key]; known {
		return rows, nil
	}
	rows, err := noticesOfKey(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	if a.held += len(rows); a.held > maxHeld || a.told == nil {
		a.told, a.held = map[string][]noticeRow{}, len(rows)
	}
	a.told[key] = rows
	return rows, nil
}

// noticeKey is what makes two records the same notice.
type noticeKey struct {
	source                   Source
	id, version, publication string
}

func (r *noticeRow) identity() noticeKey {
	return noticeKey{r.Source, r.SourceID, r.Version, r.Publication}
}

// acquaint asks about the notices of a batch.
func acquaint(ctx context.Context, tx store.Tx, rows []*noticeRow) (*acquaintance, error) {
	a := &acquaintance{names: map[string]string{}, seen: map[noticeKey][]string{}, kin: map[string][]string{}}
	ids := map[Source][]string{}
	var names, likes []string
	for _, r := range rows {
		ids[r.Source] = append(ids[r.Source], r.SourceID)
		for _, n := range namesOf(r.Document) {
			names = append(names, n.text)
		}
		likes = append(likes, r.facts().likes...)
	}
	if _, err := a.keysOf(ctx, tx, likes); err != nil {
		return nil, err
	}
	if err := a.judge(ctx, tx); err != nil {
		return nil, err
	}
	for source, list := range ids {
		if err := a.see(ctx, tx, source, list); err != nil {
			return nil, err
		}
	}
	for part := range slices.Chunk(names, maxList) {
		if err := a.name(ctx, tx, part); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *acquaintance) see(ctx context.Context, tx store.Tx, source Source, ids []string) error {
	var rows []noticeRow
	err := tx.NewSelect().Model(&rows).Comment("tenders.see").Column("source", "source_id", "version", "publication", "digest").
		Where("n.source = ?", source).Where("n.source_id IN (?)", bun.List(ids)).Order("n.id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for notices of %s: %w", source, err)
	}
	for i := range rows {
		a.seen[rows[i].identity()] = append(a.seen[rows[i].identity()], rows[i].Digest)
	}
	return nil
}

// name reads the procurements known under names.
func (a *acquaintance) name(ctx context.Context, tx store.Tx, names []string) error {
	var rows []struct {
		Name string `bun:"name"`
		Key  string `bun:"key"`
	}
	err := tx.NewRaw("/* tenders.name */ SELECT name, key FROM notice_names WHERE name IN (?) ORDER BY name", bun.List(names)).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("find the procurements of notices: %w", err)
	}
	for _, r := range rows {
		a.names[r.Name] = r.Key
	}
	return nil
}

// before tells whether this very content was imported (known), or another
// content of the same notice (read).
func (a *acquaintance) before(row *noticeRow) (known, read bool) {
	digests := a.seen[row.identity()]
	return slices.Contains(digests, row.Digest), len(digests) > 0
}

// insert keeps a notice.
func (a *acquaintance) insert(ctx context.Context, tx store.Tx, row *noticeRow) error {
	if _, err := tx.NewInsert().Model(row).Comment("tenders.insert").Exec(ctx); err != nil {
		return fmt.Errorf("keep notice %s:%s: %w", row.Source, row.SourceID, err)
	}
	a.seen[row.identity()] = append(a.seen[row.identity()], row.Digest)
	if rows, known := a.told[row.Key]; known {
		rows = append([]noticeRow{*row}, rows...)
		a.told[row.Key] = rows[:min(len(rows), mostOfKey)]
	}
	return nil
}

// keep remembers the names of a procurement. An identifier stays with the first
// that bore it, until its notice moves.
func (a *acquaintance) keep(ctx context.Context, tx store.Tx, names []name, key string) error {
	var fresh []name
	for _, n := range names {
		if a.names[n.text] == "" {
			fresh = append(fresh, n)
			a.names[n.text] = key
		}
	}
	return insertNames(ctx, tx, fresh, key)
}

func insertNames(ctx context.Context, tx store.Tx, names []name, key string) error {
	rows, once := []nameRow{}, map[string]bool{}
	for _, n := range names {
		if !once[n.text] {
			rows = append(rows, nameRow{Name: n.text, Key: key})
		}
		once[n.text] = true
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&rows).Comment("tenders.insertNames").On("CONFLICT (name) DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("name the procurement %s: %w", key, err)
	}
	return nil
}

// nameRow is a name of a procurement.
type nameRow struct {
	bun.BaseModel `bun:"table:notice_names,alias:nn"`

	Name string `bun:"name,pk"`
	Key  string `bun:"key"`
}
