package opportunities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// chunk bounds the number of rows or of values of one statement.
const chunk = 400

// errRepeatedKey says that the key of a procurement is taken.
var errRepeatedKey = errors.New("the key of the procurement is taken")

// lock holds the row until the end of the transaction: an update that changes
// nothing is the one lock that both engines share.
func lock(ctx context.Context, tx store.Tx, id ID) error {
	_, err := tx.NewRaw("/* opportunities.lock */ UPDATE opportunities SET revision = revision WHERE id = ?", id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold opportunity %d: %w", id, err)
	}
	return nil
}

// lockKey is lock by the key of the procurement; 0 when there is none yet. One
// statement both locks and finds: between two, another transaction could make
// the row, and it would be read without being held.
// It says that a key is not empty because the index of the keys does: SQLite
// reads the whole table where a query does not ask in its words.
func lockKey(ctx context.Context, tx store.Tx, key string) (ID, error) {
	var ids []ID
	err := tx.NewRaw("/* opportunities.lockKey */ UPDATE opportunities SET revision = revision WHERE key = ? AND key <> '' RETURNING id", key).Scan(ctx, &ids)
	if err != nil {
		return 0, fmt.Errorf("hold opportunity %q: %w", key, err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	return ids[0], nil
}

func get(ctx context.Context, db bun.IDB, id ID) (*Opportunity, error) {
	all, err := load(ctx, db, []ID{id})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.NotFound("opportunity", id)
	}
	return all[0], nil
}

// load reads opportunities with their lots, in the order of the ids; those
// that are not there are left out.
func load(ctx context.Context, db bun.IDB, ids []ID) ([]*Opportunity, error) {
	byID := make(map[ID]*Opportunity, len(ids))
	for start := 0; start < len(ids); start += chunk {
		part := ids[start:min(start+chunk, len(ids))]
		var rows []*Opportunity
		err := db.NewSelect().Model(&rows).Comment("opportunities.load").Where("op.id IN (?)", bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read opportunities: %w", err)
		}
		for _, o := range rows {
			byID[o.ID] = o
		}
		if err := loadLots(ctx, db, part, byID); err != nil {
			return nil, err
		}
	}
	out := make([]*Opportunity, 0, len(ids))
	for _, id := range ids {
		if o := byID[id]; o != nil {
			out = append(out, o)
		}
	}
	return out, nil
}

func loadLots(ctx context.Context, db bun.IDB, ids []ID, into map[ID]*Opportunity) error {
	var lots []Lot
	err := db.NewSelect().Model(&lots).Comment("opportunities.loadLots").
		Where("l.opportunity_id IN (?)", bun.List(ids)).Order("l.opportunity_id", "l.position", "l.id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("read lots: %w", err)
	}
	for _, l := range lots {
		if o := into[l.OpportunityID]; o != nil {
			o.Lots = append(o.Lots, l)
		}
	}
	return nil
}

func insert(ctx context.Context, tx store.Tx, o *Opportunity, now time.Time) error {
	_, err := tx.NewInsert().Model(o).Comment("opportunities.insert").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("insert opportunity: %w", err)
	}
	if o.ID == 0 {
		return fault.Conflict("repeated-key", "Ce marché est déjà connu.", "This procurement is already known.").Because(errRepeatedKey)
	}
	lots := make([]*Lot, len(o.Lots))
	for i := range o.Lots {
		lots[i] = &o.Lots[i]
	}
	return insertLots(ctx, tx, o.ID, lots, now)
}

func insertLots(ctx context.Context, tx store.Tx, id ID, lots []*Lot, now time.Time) error {
	for _, l := range lots {
		l.ID, l.OpportunityID, l.Revision, l.CreatedAt, l.UpdatedAt, l.MovedAt = 0, id, 1, now, now, nil
	}
	for start := 0; start < len(lots); start += chunk {
		part := lots[start:min(start+chunk, len(lots))]
		if _, err := tx.NewInsert().Model(&part).Comment("opportunities.insertLots").Returning("id").Exec(ctx); err != nil {
			return fmt.Errorf("insert lots: %w", err)
		}
	}
	return nil
}

func update(ctx context.Context, tx store.Tx, o *Opportunity) error {
	_, err := tx.NewUpdate().Model(o).Comment("opportunities.update").ExcludeColumn("id", "key", "created_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write opportunity %d: %w", o.ID, err)
	}
	return nil
}

func updateLot(ctx context.Context, tx store.Tx, l *Lot) error {
	_, err := tx.NewUpdate().Model(l).Comment("opportunities.updateLot").
		ExcludeColumn("id", "opportunity_id", "taken", "taken_at", "created_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write lot %d: %w", l.ID, err)
	}
	return nil
}

// takePlace counts one place more as taken; false when none is left. The update
// itself looks: of two who take the last place at once, one does.
func takePlace(ctx context.Context, tx store.Tx, id LotID, at time.Time) (bool, error) {
	res, err := tx.NewRaw(`/* opportunities.takePlace */ UPDATE lots SET taken = taken + 1, taken_at = ?
		WHERE id = ? AND taken < CASE WHEN posts > 1 THEN posts ELSE 1 END`, at, id).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("take a place of position %d: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// freePlace counts one place less as taken.
func freePlace(ctx context.Context, tx store.Tx, id LotID) error {
	if _, err := tx.NewRaw("/* opportunities.freePlace */ UPDATE lots SET taken = taken - 1 WHERE id = ? AND taken > 0", id).Exec(ctx); err != nil {
		return fmt.Errorf("free a place of position %d: %w", id, err)
	}
	return nil
}

func record(ctx context.Context, tx store.Tx, e Event) error {
	if e.Diff == nil {
		e.Diff = []Change{}
	}
	if _, err := tx.NewInsert().Model(&e).Comment("opportunities.record").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record event %s: %w", e.Kind, err)
	}
	return nil
}

// heard tells whether a notice has already been applied.
func heard(ctx context.Context, tx store.Tx, id ID, origin string) (bool, error) {
	is, err := tx.NewSelect().Model((*Event)(nil)).Comment("opportunities.heard").
		Where("e.opportunity_id = ?", id).Where("e.origin = ?", origin).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look for notice %q: %w", origin, err)
	}
	return is, nil
}

// Get reads an opportunity with its lots, in their order.
func (s *Service) Get(ctx context.Context, id ID) (*Opportunity, error) {
	return get(ctx, s.store.Read(), id)
}

// Some reads opportunities with their lots, by number; those that are not there
// are left out.
func (s *Service) Some(ctx context.Context, ids ...ID) (map[ID]*Opportunity, error) {
	all, err := load(ctx, s.store.Read(), ids)
	out := make(map[ID]*Opportunity, len(all))
	for _, o := range all {
		out[o.ID] = o
	}
	return out, err
}

// ByKey reads the opportunity of a procurement.
func (s *Service) ByKey(ctx context.Context, key string) (*Opportunity, error) {
	var id ID
	err := s.store.Read().NewRaw("/* opportunities.ByKey */ SELECT id FROM opportunities WHERE key = ? AND key <> ''", key).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) || key == "" {
		return nil, fault.NotFound("opportunity", key)
	}
	if err != nil {
		return nil, fmt.Errorf("find opportunity %q: %w", key, err)
	}
	return s.Get(ctx, id)
}

// MadeBy is the origin of an opportunity's creation: a door, with what it added, or a notice.
func (s *Service) MadeBy(ctx context.Context, id ID) (string, error) {
	var origin string
	err := s.store.Read().NewRaw("/* opportunities.MadeBy */ SELECT origin FROM opportunity_events WHERE opportunity_id = ? AND kind = ? ORDER BY id LIMIT 1", id, EventCreated).Scan(ctx, &origin)
	if err != nil {
		return "", fmt.Errorf("find who made opportunity %d: %w", id, err)
	}
	return origin, nil
}

// Events is the history of an opportunity, the latest first.
func (s *Service) Events(ctx context.Context, id ID, limit int) ([]Event, error) {
	if limit <= 0 || limit > 500 {
		limit = 100
	}
	events := []Event{}
	err := s.store.Read().NewSelect().Model(&events).Comment("opportunities.Events").
		Where("e.opportunity_id = ?", id).Order("e.id DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of opportunity %d: %w", id, err)
	}
	return events, nil
}

// Lot reads one lot as it stands in its opportunity (see Lot.In).
func (s *Service) Lot(ctx context.Context, id LotID) (*Lot, error) {
	lots, err := s.Lots(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(lots) == 0 {
		return nil, fault.NotFound("lot", id)
	}
	return lots[0], nil
}

// ownerOf is the opportunity of a lot.
func ownerOf(ctx context.Context, db bun.IDB, id LotID) (ID, error) {
	var owner ID
	if err := db.NewRaw("/* opportunities.ownerOf */ SELECT opportunity_id FROM lots WHERE id = ? ORDER BY id", id).Scan(ctx, &owner); err != nil {
		return 0, fault.NotFound("lot", id).Because(err)
	}
	return owner, nil
}

// Lots reads lots as they stand in their opportunities, in the order of the
// ids; those that are not there are left out. The opportunity of each is set,
// all its lots included.
func (s *Service) Lots(ctx context.Context, ids ...LotID) ([]*Lot, error) {
	owner := make(map[LotID]ID, len(ids))
	for start := 0; start < len(ids); start += chunk {
		var rows []struct {
			ID            LotID `bun:"id"`
			OpportunityID ID    `bun:"opportunity_id"`
		}
		err := s.store.Read().NewRaw("/* opportunities.Lots */ SELECT id, opportunity_id FROM lots WHERE id IN (?)",
			bun.List(ids[start:min(start+chunk, len(ids))])).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("read lots: %w", err)
		}
		for _, r := range rows {
			owner[r.ID] = r.OpportunityID
		}
	}
	return s.lotsOf(ctx, ids, owner)
}

func (s *Service) lotsOf(ctx context.Context, ids []LotID, owner map[LotID]ID) ([]*Lot, error) {
	var owners []ID
	seen := map[ID]bool{}
	for _, id := range ids {
		if o, ok := owner[id]; ok && !seen[o] {
			seen[o] = true
			owners = append(owners, o)
		}
	}
	all, err := load(ctx, s.store.Read(), owners)
	if err != nil {
		return nil, err
	}
	byID := map[LotID]*Lot{}
	for _, o := range all {
		for i := range o.Lots {
			l := o.Lots[i].In(o)
			byID[l.ID] = &l
		}
	}
	out := make([]*Lot, 0, len(ids))
	for _, id := range ids {
		if l := byID[id]; l != nil {
			out = append(out, l)
		}
	}
	return out, nil
}

// EachBatch reads every opportunity with its lots, by batches in the order of
// their ids, so that what follows them all never holds them all.
func (s *Service) EachBatch(ctx context.Context, size int, fn func([]*Opportunity) error) error {
	return s.EachBatchIn(ctx, s.store.Read(), size, fn)
}

// EachBatchIn is EachBatch in a snapshot of the database.
func (s *Service) EachBatchIn(ctx context.Context, db bun.IDB, size int, fn func([]*Opportunity) error) error {
	if size <= 0 || size > chunk {
		size = chunk
	}
	for last := ID(0); ; {
		var ids []ID
		err := db.NewRaw("/* opportunities.EachBatch */ SELECT id FROM opportunities WHERE id > ? ORDER BY id LIMIT ?", last, size).
			Scan(ctx, &ids)
		if err != nil {
			return fmt.Errorf("read opportunities: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		batch, err := load(ctx, db, ids)
		if err != nil {
			return err
		}
		if err := fn(batch); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}
