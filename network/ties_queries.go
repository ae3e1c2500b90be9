package network

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Ties are what links an organisation to others. An organisation that buys may
// have some too: then they are no ground to prefer those it is tied to.
type Ties struct {
	Networks     []ID
	Groups       []GroupTie
	Poles        []PoleTie
	Partnerships []PartnershipTie
}

// GroupTie is a group it belongs to.
type GroupTie struct {
	ID   int64
	Name string
}

// PoleTie is a pole it belongs to.
type PoleTie struct {
	ID        int64
	Name      string
	Territory string
	Stage     Stage
}

// PartnershipTie is a partnership it signed.
type PartnershipTie struct {
	ID        int64
	ParentID  *int64
	Name      string
	Sectors   []nomenclatures.Sector
	Territory string
	From      string
	Until     string
}

// On reports whether the partnership is in force on a day; without a first day it has always been.
func (p PartnershipTie) On(day territories.Date) bool {
	return Status{From: p.From, Until: p.Until, Origin: Confirmed}.On(day) == HeldYes
}

// TiesOf gives the ties of organisations, by organisation, in a few queries;
// without ids, those of everyone. One without ties is not in the map.
func (s *Service) TiesOf(ctx context.Context, ids ...ID) (map[ID]Ties, error) {
	return s.TiesIn(ctx, s.store.Read(), ids...)
}

// TiesIn is TiesOf in a snapshot of the database.
func (s *Service) TiesIn(ctx context.Context, db bun.IDB, ids ...ID) (map[ID]Ties, error) {
	out := map[ID]Ties{}
	add := func(id ID, put func(*Ties)) {
		t := out[id]
		put(&t)
		out[id] = t
	}
	for start := 0; start == 0 || start < len(ids); start += chunk {
		var part []ID
		if len(ids) > 0 {
			part = ids[start:min(start+chunk, len(ids))]
		}
		if err := tiesOf(ctx, db, part, add); err != nil {
			return nil, fmt.Errorf("read ties: %w", err)
		}
	}
	return out, nil
}

func tiesOf(ctx context.Context, db bun.IDB, ids []ID, add func(ID, func(*Ties))) error {
	some := func(q *bun.SelectQuery) *bun.SelectQuery {
		if len(ids) > 0 {
			q = q.Where("x.organisation_id IN (?)", bun.List(ids))
		}
		return q
	}
	var members []struct {
		Organisation ID `bun:"organisation_id"`
		Network      ID `bun:"network_id"`
	}
	if err := db.NewSelect().TableExpr("memberships AS x").Comment("network.TiesOf").ColumnExpr("x.organisation_id, x.network_id").Apply(some).
		Order("x.organisation_id", "x.network_id").Scan(ctx, &members); err != nil {
		return err
	}
	for _, m := range members {
		add(m.Organisation, func(t *Ties) { t.Networks = append(t.Networks, m.Network) })
	}
	var groups []struct {
		GroupTie
		Organisation ID `bun:"organisation_id"`
	}
	if err := db.NewSelect().TableExpr("group_members AS x").Comment("network.TiesOf").Join("JOIN groups AS g ON g.id = x.group_id").
		ColumnExpr("x.organisation_id, g.id, g.name").Apply(some).Order("x.organisation_id", "g.id").Scan(ctx, &groups); err != nil {
		return err
	}
	for _, g := range groups {
		add(g.Organisation, func(t *Ties) { t.Groups = append(t.Groups, g.GroupTie) })
	}
	var poles []struct {
		PoleTie
		Organisation ID `bun:"organisation_id"`
	}
	if err := db.NewSelect().TableExpr("pole_members AS x").Comment("network.TiesOf").Join("JOIN poles AS p ON p.id = x.pole_id").
		ColumnExpr("x.organisation_id, p.id, p.name, p.territory, p.stage").Apply(some).Order("x.organisation_id", "p.id").Scan(ctx, &poles); err != nil {
		return err
	}
	for _, p := range poles {
		add(p.Organisation, func(t *Ties) { t.Poles = append(t.Poles, p.PoleTie) })
	}
	return partnershipsOf(ctx, db, some, add)
}

func partnershipsOf(ctx context.Context, db bun.IDB, some func(*bun.SelectQuery) *bun.SelectQuery, add func(ID, func(*Ties))) error {
	var rows []struct {
		Partnership
		Organisation ID `bun:"organisation_id"`
	}
	err := db.NewSelect().TableExpr("partnership_signatories AS x").Comment("network.TiesOf").
		Join("JOIN partnerships AS p ON p.id = x.partnership_id").
		ColumnExpr("x.organisation_id, p.id, p.parent_id, p.name, p.sectors, p.territory, p.valid_from, p.valid_until").
		Apply(some).Order("x.organisation_id", "p.id").Scan(ctx, &rows)
	if err != nil {
		return err
	}
	for _, p := range rows {
		add(p.Organisation, func(t *Ties) {
			t.Partnerships = append(t.Partnerships, PartnershipTie{
				ID: p.ID, ParentID: p.ParentID, Name: p.Name, Sectors: p.Sectors, Territory: p.Territory, From: p.From, Until: p.Until,
			})
		})
	}
	return nil
}

// Groups lists the groups with their members, by name.
func (s *Service) Groups(ctx context.Context) ([]Group, error) { return s.groups(ctx, 0) }

// Group reads a group.
func (s *Service) Group(ctx context.Context, id int64) (*Group, error) {
	return only(ctx, "group", id, s.groups)
}

// Poles lists the poles with their members and projects, by name.
func (s *Service) Poles(ctx context.Context) ([]Pole, error) { return s.poles(ctx, 0) }

// Pole reads a pole.
func (s *Service) Pole(ctx context.Context, id int64) (*Pole, error) {
	return only(ctx, "pole", id, s.poles)
}

// Partnerships lists the partnerships with their signatories: each national
// frame, then its local conventions.
func (s *Service) Partnerships(ctx context.Context) ([]Partnership, error) {
	return s.partnerships(ctx, 0)
}

// Partnership reads a partnership.
func (s *Service) Partnership(ctx context.Context, id int64) (*Partnership, error) {
	return only(ctx, "partnership", id, s.partnerships)
}

func only[T any](ctx context.Context, what string, id int64, read func(context.Context, int64) ([]T, error)) (*T, error) {
	if id == 0 {
		return nil, fault.NotFound(what, id)
	}
	all, err := read(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.NotFound(what, id)
	}
	return &all[0], nil
}

// tiedRows reads the rows of a table of ties, one or all (0), in an order.
func tiedRows[T any](ctx context.Context, db bun.IDB, id int64, order string) ([]T, error) {
	rows := []T{}
	q := db.NewSelect().Model(&rows).Comment("network.ties").OrderExpr(order)
	if id != 0 {
		q = q.Where("?TableAlias.id = ?", id)
	}
	return rows, q.Scan(ctx)
}

// tiedMembers reads who is tied by what, in the order of organisations.
func tiedMembers(ctx context.Context, db bun.IDB, table, column string, id int64) (map[int64][]ID, error) {
	var rows []struct {
		Tie          int64 `bun:"tie"`
		Organisation ID    `bun:"organisation_id"`
	}
	q := db.NewSelect().Table(table).Comment("network.ties").ColumnExpr("? AS tie, organisation_id", bun.Ident(column)).Order("organisation_id")
	if id != 0 {
		q = q.Where("? = ?", bun.Ident(column), id)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	out := map[int64][]ID{}
	for _, r := range rows {
		out[r.Tie] = append(out[r.Tie], r.Organisation)
	}
	return out, nil
}

func (s *Service) groups(ctx context.Context, id int64) ([]Group, error) {
	rows, err := tiedRows[Group](ctx, s.store.Read(), id, "g.name, g.id")
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	members, err := tiedMembers(ctx, s.store.Read(), "group_members", "group_id", id)
	if err != nil {
		return nil, fmt.Errorf("read the members of groups: %w", err)
	}
	for i := range rows {
		rows[i].Members = members[rows[i].ID]
	}
	return rows, nil
}

func (s *Service) poles(ctx context.Context, id int64) ([]Pole, error) {
	rows, err := tiedRows[Pole](ctx, s.store.Read(), id, "p.name, p.id")
	if err != nil {
		return nil, fmt.Errorf("read poles: %w", err)
	}
	members, err := tiedMembers(ctx, s.store.Read(), "pole_members", "pole_id", id)
	if err != nil {
		return nil, fmt.Errorf("read the members of poles: %w", err)
	}
	var projects []Project
	if err := s.store.Read().NewSelect().Model(&projects).Comment("network.poles").Order("pp.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the projects of poles: %w", err)
	}
	inside, err := projectMembers(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].Members = members[rows[i].ID]
		for _, p := range projects {
			if p.PoleID == rows[i].ID {
				p.Members = inside[p.ID]
				rows[i].Projects = append(rows[i].Projects, p)
			}
		}
	}
	return rows, nil
}

func (s *Service) partnerships(ctx context.Context, id int64) ([]Partnership, error) {
	rows, err := tiedRows[Partnership](ctx, s.store.Read(), id, "COALESCE(ps.parent_id, ps.id), CASE WHEN ps.parent_id IS NULL THEN 0 ELSE 1 END, ps.name, ps.id")
	if err != nil {
		return nil, fmt.Errorf("read partnerships: %w", err)
	}
	signed, err := tiedMembers(ctx, s.store.Read(), "partnership_signatories", "partnership_id", id)
	if err != nil {
		return nil, fmt.Errorf("read the signatories of partnerships: %w", err)
	}
	for i := range rows {
		rows[i].Signatories = signed[rows[i].ID]
	}
	return rows, nil
}
