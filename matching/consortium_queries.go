package matching

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
)

// holdLot takes a lot for this transaction: what is checked of the groups for it
// holds until the end.
func holdLot(ctx context.Context, tx store.Tx, id opportunities.LotID) error {
	res, err := tx.NewRaw("/* matching.holdLot */ UPDATE lots SET revision = revision WHERE id = ?", id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold lot %d: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fault.NotFound("lot", id).Because(err)
	}
	return nil
}

func groupOfKey(ctx context.Context, db bun.IDB, key string) (*Consortium, error) {
	c := &Consortium{}
	err := db.NewSelect().Model(c).Comment("matching.groupOfKey").Where("cs.key = ?", key).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // it is not made yet
	}
	if err != nil {
		return nil, fmt.Errorf("look for a group: %w", err)
	}
	return c, withPartners(ctx, db, []*Consortium{c})
}

func getGroup(ctx context.Context, db bun.IDB, id ConsortiumID) (*Consortium, error) {
	c := &Consortium{}
	err := db.NewSelect().Model(c).Comment("matching.getGroup").Where("cs.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("consortium", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read group %d: %w", id, err)
	}
	return c, withPartners(ctx, db, []*Consortium{c})
}

func groupsOfLots(ctx context.Context, db bun.IDB, lots ...int64) ([]*Consortium, error) {
	out := []*Consortium{}
	if len(lots) == 0 {
		return out, nil
	}
	err := db.NewSelect().Model(&out).Comment("matching.groupsOfLots").Where("cs.lot_id IN (?)", bun.List(lots)).OrderExpr("cs.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the groups of lots: %w", err)
	}
	return out, withPartners(ctx, db, out)
}

func withPartners(ctx context.Context, db bun.IDB, groups []*Consortium) error {
	if len(groups) == 0 {
		return nil
	}
	by, ids := map[ConsortiumID]*Consortium{}, []int64{}
	for _, c := range groups {
		by[c.ID], ids = c, append(ids, int64(c.ID))
	}
	var rows []Partner
	err := db.NewSelect().Model(&rows).Comment("matching.withPartners").Where("cm.consortium_id IN (?)", bun.List(ids)).
		OrderExpr("cm.consortium_id, cm.position, cm.organisation_id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("read the members of groups: %w", err)
	}
	for _, p := range rows {
		by[p.ConsortiumID].Members = append(by[p.ConsortiumID].Members, p)
	}
	return nil
}

func insertGroup(ctx context.Context, tx store.Tx, c *Consortium) error {
	if _, err := tx.NewInsert().Model(c).Comment("matching.insertGroup").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a group: %w", err)
	}
	return insertPartners(ctx, tx, c)
}

func insertPartners(ctx context.Context, tx store.Tx, c *Consortium) error {
	rows := append([]Partner(nil), c.Members...)
	for i := range rows {
		rows[i].ConsortiumID = c.ID
	}
	if _, err := tx.NewInsert().Model(&rows).Comment("matching.insertPartners").Exec(ctx); err != nil {
		return fmt.Errorf("write the members of group %d: %w", c.ID, err)
	}
	c.Members = rows
	return nil
}

func updateGroup(ctx context.Context, tx store.Tx, c *Consortium) error {
	_, err := tx.NewUpdate().Model(c).Comment("matching.updateGroup").
		Column("name", "form", "state", "lead_id", "exclusive", "accounts", "coverage", "revision", "frozen_at", "updated_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write group %d: %w", c.ID, err)
	}
	return nil
}

func rewriteGroup(ctx context.Context, tx store.Tx, c *Consortium) error {
	if err := updateGroup(ctx, tx, c); err != nil {
		return err
	}
	if _, err := tx.NewRaw("/* matching.rewriteGroup */ DELETE FROM consortium_members WHERE consortium_id = ?", c.ID).Exec(ctx); err != nil {
		return fmt.Errorf("write the members of group %d: %w", c.ID, err)
	}
	return insertPartners(ctx, tx, c)
}

func recordGroup(ctx context.Context, tx store.Tx, e *GroupEvent) error {
	if _, err := tx.NewInsert().Model(e).Comment("matching.recordGroup").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record what became of group %d: %w", e.ConsortiumID, err)
	}
	return nil
}

// digestOfGroup is that of what was asked when a group was made; empty where none was kept.
func digestOfGroup(ctx context.Context, db bun.IDB, id ConsortiumID) (string, error) {
	var e GroupEvent
	err := db.NewSelect().Model(&e).Comment("matching.digestOfGroup").Where("ce.consortium_id = ?", id).Order("ce.id").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read how group %d was made: %w", id, err)
	}
	return e.Detail.Asked, nil
}

// interestedIn are the enterprises that said they are interested in a lot.
func interestedIn(ctx context.Context, db bun.IDB, lot opportunities.LotID) ([]network.ID, error) {
	var out []network.ID
	err := db.NewRaw("/* matching.interestedIn */ SELECT organisation_id FROM matches WHERE lot_id = ? AND state = ? AND reply = ? ORDER BY organisation_id",
		lot, Proposed, Interested).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who is interested in lot %d: %w", lot, err)
	}
	return out, nil
}

// Consortium reads a group with its members.
func (s *Service) Consortium(ctx context.Context, id ConsortiumID) (*Consortium, error) {
	return getGroup(ctx, s.store.Read(), id)
}

// ConsortiaOf lists the groups of an opportunity, the first made first.
func (s *Service) ConsortiaOf(ctx context.Context, o *opportunities.Opportunity) ([]*Consortium, error) {
	lots := make([]int64, len(o.Lots))
	for i, l := range o.Lots {
		lots[i] = int64(l.ID)
	}
	return groupsOfLots(ctx, s.store.Read(), lots...)
}

// GroupEvents is the history of a group, the latest first.
func (s *Service) GroupEvents(ctx context.Context, id ConsortiumID) ([]GroupEvent, error) {
	events := []GroupEvent{}
	err := s.store.Read().NewSelect().Model(&events).Comment("matching.GroupEvents").
		Where("ce.consortium_id = ?", id).Order("ce.id DESC").Limit(500).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of group %d: %w", id, err)
	}
	return events, nil
}

// Heads reads how the members of a group are called.
func (s *Service) Heads(ctx context.Context, ids ...network.ID) (map[network.ID]OrganisationHead, error) {
	out := map[network.ID]OrganisationHead{}
	return out, s.heads(ctx, ids, out)
}
