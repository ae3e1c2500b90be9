package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// chunk bounds the number of rows of one statement.
const chunk = 400

// lock holds the row until the end of the transaction: an update that changes
// nothing is the one lock that both engines share.
func lock(ctx context.Context, tx store.Tx, id ID) error {
	if _, err := tx.NewRaw("/* people.lock */ UPDATE people SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("hold person %d: %w", id, err)
	}
	return nil
}

func get(ctx context.Context, db bun.IDB, id ID) (*Person, error) {
	p := new(Person)
	err := db.NewSelect().Model(p).Comment("people.get").Where("pe.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("person", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read person %d: %w", id, err)
	}
	return p, nil
}

// read gets a journey that the policy lets the caller reach.
func (s *Service) read(ctx context.Context, a accounts.Action, id ID) (*Person, error) {
	p, err := get(ctx, s.store.Read(), id)
	if err != nil {
		return nil, hidden(ctx, a, err)
	}
	return p, reach(ctx, a, p)
}

// Get reads a journey, without what identifies.
func (s *Service) Get(ctx context.Context, id ID) (*Person, error) {
	p, err := s.read(ctx, accounts.PersonRead, id)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func keyTaken(ctx context.Context, db bun.IDB, p *Person) (bool, error) {
	if p.Key == "" {
		return false, nil
	}
	ids, err := idsOf(ctx, db, p.OrganisationID, []string{p.Key})
	if err != nil {
		return false, err
	}
	id, found := ids[foldKey(p.Key)]
	return found && id != p.ID, nil
}

// foldKey is a structure's own number whatever its capitals: « T-1 » and « t-1 »
// are one.
func foldKey(key string) string { return strings.ToLower(key) }

// idsOf finds the journeys of a structure by the structure's own numbers, folded. Of
// two that were kept apart before they were folded, it is the first.
func idsOf(ctx context.Context, db bun.IDB, organisation int64, keys []string) (map[string]ID, error) {
	var rows []struct {
		ID  ID     `bun:"id"`
		Key string `bun:"key"`
	}
	folded := make([]string, len(keys))
	for i, k := range keys {
		folded[i] = foldKey(k)
	}
	err := db.NewRaw("/* people.idsOf */ SELECT id, key FROM people WHERE organisation_id = ? AND key <> '' AND lower(key) IN (?) ORDER BY id DESC",
		organisation, bun.List(folded)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("find journeys by their numbers: %w", err)
	}
	out := make(map[string]ID, len(rows))
	for _, r := range rows {
		out[foldKey(r.Key)] = r.ID
	}
	return out, nil
}

// LoadForMatching reads journeys in the order of the ids, whatever their state;
// those that are not there are left out. It asks no policy.
func (s *Service) LoadForMatching(ctx context.Context, ids ...ID) ([]*Person, error) {
	return load(ctx, s.store.Read(), ids)
}

func load(ctx context.Context, db bun.IDB, ids []ID) ([]*Person, error) {
	by := make(map[ID]*Person, len(ids))
	for start := 0; start < len(ids); start += chunk {
		var rows []*Person
		err := db.NewSelect().Model(&rows).Comment("people.load").Where("pe.id IN (?)", bun.List(ids[start:min(start+chunk, len(ids))])).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read people: %w", err)
		}
		for _, p := range rows {
			by[p.ID] = p
		}
	}
	out := make([]*Person, 0, len(by))
	for _, id := range ids {
		if p := by[id]; p != nil {
			out = append(out, p)
		}
	}
	return out, nil
}

// mostBatch bounds a batch of EachBatch.
const mostBatch = 5000

// EachBatch streams every active journey, in the order of their ids, by batches
// of at most size (default and most 5,000). It asks no policy.
func (s *Service) EachBatch(ctx context.Context, size int, fn func([]*Person) error) error {
	return s.EachBatchIn(ctx, s.store.Read(), size, fn)
}

// EachBatchIn is EachBatch in a snapshot of the database.
func (s *Service) EachBatchIn(ctx context.Context, db bun.IDB, size int, fn func([]*Person) error) error {
	if size <= 0 || size > mostBatch {
		size = mostBatch
	}
	for last := ID(0); ; {
		batch, err := activeAfter(ctx, db, last, size)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			return nil
		}
		if err := fn(batch); err != nil {
			return err
		}
		last = batch[len(batch)-1].ID
	}
}

func activeAfter(ctx context.Context, db bun.IDB, after ID, size int) ([]*Person, error) {
	var rows []*Person
	err := db.NewSelect().Model(&rows).Comment("people.EachBatch").
		Where("pe.id > ?", after).Where("pe.state = ?", Active).Order("pe.id").Limit(int64(size)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return rows, nil
}

// MarkProposed keeps when people were last proposed to an employer, in the
// transaction of who proposes them. It asks no policy.
func (s *Service) MarkProposed(ctx context.Context, tx store.Tx, at time.Time, ids ...ID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.NewRaw("/* people.MarkProposed */ UPDATE people SET last_proposed_at = ?, revision = revision + 1 WHERE id IN (?)",
		at.UTC().Truncate(time.Microsecond), bun.List(ids)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark as proposed: %w", err)
	}
	return announce(ctx, tx, ids...)
}

// Uncounted are the structures whose journeys count in no figure that others read: those
// that an officer made and nobody has countersigned (see package network).
func Uncounted(ctx context.Context, db bun.IDB) (map[int64]bool, error) {
	var ids []int64
	if err := db.NewRaw("/* people.Uncounted */ SELECT id FROM organisations WHERE opened_by IS NOT NULL ORDER BY id").Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("read which structures do not count: %w", err)
	}
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// Reconsider says that something outside of the record of people changes whom they are
// matched with (they were hired, or left), in the transaction of who says so: they are
// read again. It asks no policy.
func Reconsider(ctx context.Context, tx store.Tx, ids ...ID) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.NewRaw("/* people.Reconsider */ UPDATE people SET revision = revision + 1 WHERE id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return fmt.Errorf("have people read again: %w", err)
	}
	return announce(ctx, tx, ids...)
}

// events reads the latest, but those of some kinds.
func events(ctx context.Context, db bun.IDB, id ID, limit int, but ...EventKind) ([]Event, error) {
	out := []Event{}
	q := db.NewSelect().Model(&out).Comment("people.events").Where("ev.person_id = ?", id).Order("ev.id DESC").Limit(int64(limit))
	if len(but) > 0 {
		q = q.Where("ev.kind NOT IN (?)", bun.List(but))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the history of person %d: %w", id, err)
	}
	return out, nil
}

// insertFree inserts a journey unless its code or its number is taken: its ID is
// then left at 0.
func insertFree(ctx context.Context, tx store.Tx, want *Person) error {
	_, err := tx.NewInsert().Model(want).Comment("people.insert").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("insert person: %w", err)
	}
	return nil
}

func rewrite(ctx context.Context, tx store.Tx, want *Person) error {
	_, err := tx.NewUpdate().Model(want).Comment("people.write").ExcludeColumn("id", "created_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write person %d: %w", want.ID, err)
	}
	return nil
}

func raise(ctx context.Context, tx store.Tx, id ID, now time.Time) error {
	if _, err := tx.NewRaw("/* people.touch */ UPDATE people SET revision = revision + 1, updated_at = ? WHERE id = ?", now, id).Exec(ctx); err != nil {
		return fmt.Errorf("touch person %d: %w", id, err)
	}
	return nil
}

func remove(ctx context.Context, tx store.Tx, id ID) error {
	if _, err := tx.NewRaw("/* people.Delete */ DELETE FROM people WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}

func insertEvents(ctx context.Context, tx store.Tx, events []Event) error {
	if _, err := tx.NewInsert().Model(&events).Comment("people.record").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record what happened: %w", err)
	}
	return nil
}
