package network

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/territories"
)

// SaveGroup keeps a group and its members. With ID 0 and a key that is known
// it replaces that group; without a key it takes its own from its name. Its
// Revision, when not 0, is the one it was read at (fault.Stale).
func (s *Service) SaveGroup(ctx context.Context, g *Group) (*Group, error) {
	want := *g
	c := checker{atlas: s.atlas}
	c.name(&want.Name)
	err := s.tie(ctx, &c, tied{table: "groups", what: "group", members: "group_members", column: "group_id",
		id: &want.ID, key: &want.Key, revision: &want.Revision, name: want.Name, orgs: &want.Members},
		func(ctx context.Context, tx store.Tx, made bool) error {
			if made {
				want.CreatedAt = s.now()
				return insertTie(ctx, tx, &want, &want.ID)
			}
			return updateTie(ctx, tx, &want, "name")
		})
	if err != nil {
		return nil, fmt.Errorf("save group %q: %w", g.Name, err)
	}
	return &want, nil
}

// SavePole keeps a pole, its members and its projects, as SaveGroup does.
func (s *Service) SavePole(ctx context.Context, p *Pole) (*Pole, error) {
	want := *p
	want.Projects = slices.Clone(p.Projects)
	c := checker{atlas: s.atlas}
	c.pole(&want)
	err := s.tie(ctx, &c, tied{table: "poles", what: "pole", members: "pole_members", column: "pole_id",
		id: &want.ID, key: &want.Key, revision: &want.Revision, name: want.Name, orgs: &want.Members},
		func(ctx context.Context, tx store.Tx, made bool) error {
			now := s.now()
			want.UpdatedAt = now
			if made {
				want.CreatedAt = now
				if err := insertTie(ctx, tx, &want, &want.ID); err != nil {
					return err
				}
				return s.writeProjects(ctx, tx, &want)
			}
			if err := updateTie(ctx, tx, &want, "name", "seat", "territory", "stage", "description", "since", "updated_at"); err != nil {
				return err
			}
			return s.writeProjects(ctx, tx, &want)
		})
	if err != nil {
		return nil, fmt.Errorf("save pole %q: %w", p.Name, err)
	}
	return &want, nil
}

// SavePartnership keeps a national frame (no parent) or one of its local
// conventions, and its signatories, as SaveGroup does.
func (s *Service) SavePartnership(ctx context.Context, p *Partnership) (*Partnership, error) {
	want := *p
	want.Sectors = slices.Clone(p.Sectors)
	c := checker{atlas: s.atlas}
	c.partnership(&want)
	err := s.tie(ctx, &c, tied{table: "partnerships", what: "partnership", members: "partnership_signatories", column: "partnership_id",
		id: &want.ID, key: &want.Key, revision: &want.Revision, name: want.Name, orgs: &want.Signatories},
		func(ctx context.Context, tx store.Tx, made bool) error {
			if err := frameOf(ctx, tx, &want); err != nil {
				return err
			}
			now := s.now()
			want.UpdatedAt = now
			if made {
				want.CreatedAt = now
				return insertTie(ctx, tx, &want, &want.ID)
			}
			return updateTie(ctx, tx, &want, "parent_id", "name", "sectors", "territory", "valid_from", "valid_until", "description", "updated_at")
		})
	if err != nil {
		return nil, fmt.Errorf("save partnership %q: %w", p.Name, err)
	}
	return &want, nil
}

// RemoveGroup forgets a group; its organisations stay. expected is the revision
// it was read at; 0 does not check.
func (s *Service) RemoveGroup(ctx context.Context, id, expected int64) error {
	return s.untie(ctx, id, expected, tied{table: "groups", what: "group", members: "group_members", column: "group_id"})
}

// RemovePole forgets a pole and its projects; its organisations stay.
func (s *Service) RemovePole(ctx context.Context, id, expected int64) error {
	return s.untie(ctx, id, expected, tied{table: "poles", what: "pole", members: "pole_members", column: "pole_id"})
}

// RemovePartnership forgets a partnership, its local conventions with it; its
// signatories stay.
func (s *Service) RemovePartnership(ctx context.Context, id, expected int64) error {
	return s.untie(ctx, id, expected, tied{table: "partnerships", what: "partnership", members: "partnership_signatories", column: "partnership_id"})
}

func (s *Service) untie(ctx context.Context, id, expected int64, t tied) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := t.unchanged(ctx, tx, id, expected); err != nil {
			return err
		}
		ids := []int64{id}
		if t.table == "partnerships" {
			err := tx.NewRaw("/* network.untie */ SELECT id FROM partnerships WHERE id = ? OR parent_id = ?", id, id).Scan(ctx, &ids)
			if err != nil {
				return err
			}
		}
		var orgs []ID
		for _, one := range ids {
			part := t
			part.id = &one
			held, err := part.held(ctx, tx)
			if err != nil {
				return err
			}
			orgs = append(orgs, held...)
		}
		gone, err := tx.NewDelete().Table(t.table).Comment("network.untie").Where("id = ?", id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.NotFound(t.what, id))
		}
		if err := s.tieTrail(ctx, tx, t.what, id, "removed"); err != nil {
			return err
		}
		return s.retie(ctx, tx, orgs)
	})
	if err != nil {
		return fmt.Errorf("remove %s %d: %w", t.what, id, err)
	}
	return nil
}

// unchanged holds the row and refuses one that was saved since it was read.
func (t tied) unchanged(ctx context.Context, tx store.Tx, id, expected int64) error {
	if expected == 0 {
		return nil
	}
	var at int64
	err := tx.NewRaw("/* network.unchanged */ UPDATE ? SET revision = revision WHERE id = ? RETURNING revision", bun.Ident(t.table), id).Scan(ctx, &at)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.NotFound(t.what, id)
	case err == nil && at != expected:
		return fault.Stale()
	}
	return err
}

// tied describes a thing that ties organisations, to what is common to all.
type tied struct {
	table, what, members, column string
	id                           *int64
	key                          *string
	revision                     *int64
	name                         string
	orgs                         *[]ID
}

// tie keeps the thing by write, its organisations, and asks for the matches of
// those that were or are tied.
func (s *Service) tie(ctx context.Context, c *checker, t tied, write func(ctx context.Context, tx store.Tx, made bool) error) error {
	*t.orgs = slices.Compact(slices.Sorted(slices.Values(*t.orgs)))
	if err := c.err(); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := t.find(ctx, tx); err != nil {
			return err
		}
		made := *t.id == 0
		if err := t.raise(ctx, tx, made); err != nil {
			return err
		}
		if err := write(ctx, tx, made); err != nil {
			return err
		}
		before, err := t.held(ctx, tx)
		if err != nil {
			return err
		}
		if err := t.put(ctx, tx, before); err != nil {
			return err
		}
		if err := s.tieTrail(ctx, tx, t.what, *t.id, "saved"); err != nil {
			return err
		}
		return s.retie(ctx, tx, append(before, *t.orgs...))
	})
}

// raise gives the thing its next revision. It holds the row, so that of two who
// read the same revision the second is told.
func (t tied) raise(ctx context.Context, tx store.Tx, made bool) error {
	if made {
		*t.revision = 1
		return nil
	}
	err := tx.NewRaw("/* network.raise */ UPDATE ? SET revision = revision + 1 WHERE id = ? AND (? = 0 OR revision = ?) RETURNING revision",
		bun.Ident(t.table), *t.id, *t.revision, *t.revision).Scan(ctx, t.revision)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Stale()
	}
	return err
}

// find completes the key and finds what it is the key of.
func (t tied) find(ctx context.Context, tx store.Tx) error {
	named := *t.key != ""
	if !named && *t.id == 0 {
		*t.key = t.what + ":" + strings.ReplaceAll(territories.Fold(t.name), " ", "-")
	}
	var found struct {
		ID  int64  `bun:"id"`
		Key string `bun:"key"`
	}
	err := tx.NewSelect().Table(t.table).Comment("network.tie").Column("id", "key").
		Where("id = ? OR key = ?", *t.id, *t.key).OrderExpr("CASE WHEN id = ? THEN 0 ELSE 1 END", *t.id).Limit(1).Scan(ctx, &found)
	switch {
	case errors.Is(err, sql.ErrNoRows) && *t.id != 0:
		return fault.NotFound(t.what, *t.id)
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case *t.id != 0 && found.ID != *t.id:
		return fault.NotFound(t.what, *t.id)
	case *t.id == 0 && !named:
		return fault.Conflict("repeated-name", "Ce nom est déjà pris.", "This name is already taken.")
	}
	*t.id, *t.key = found.ID, found.Key
	return nil
}

func (t tied) held(ctx context.Context, tx store.Tx) ([]ID, error) {
	var ids []ID
	err := tx.NewSelect().Table(t.members).Comment("network.tie").Column("organisation_id").
		Where("? = ?", bun.Ident(t.column), *t.id).Order("organisation_id").Scan(ctx, &ids)
	return ids, err
}

func (t tied) put(ctx context.Context, tx store.Tx, before []ID) error {
	if slices.Equal(before, *t.orgs) {
		return nil
	}
	if err := everyoneExists(ctx, tx, *t.orgs); err != nil {
		return err
	}
	_, err := tx.NewDelete().Table(t.members).Comment("network.tie").Where("? = ?", bun.Ident(t.column), *t.id).Exec(ctx)
	if err != nil {
		return err
	}
	for _, id := range *t.orgs {
		_, err := tx.NewRaw("/* network.tie */ INSERT INTO ? (?, organisation_id) VALUES (?, ?)",
			bun.Ident(t.members), bun.Ident(t.column), *t.id, id).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func everyoneExists(ctx context.Context, tx store.Tx, ids []ID) error {
	for part := range slices.Chunk(ids, chunk) {
		n, err := tx.NewSelect().Model((*Organisation)(nil)).Comment("network.everyoneExists").Where("o.id IN (?)", bun.List(part)).Count(ctx)
		if err != nil {
			return err
		}
		if int(n) != len(part) {
			return fault.Invalid(fault.At("members", "unknown", "Une des organisations citées n’existe pas.", "One of the organisations does not exist."))
		}
	}
	return nil
}

// retie raises the revision of organisations whose ties changed: a tie counts in matches.
func (s *Service) retie(ctx context.Context, tx store.Tx, ids []ID) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for part := range slices.Chunk(ids, chunk) {
		_, err := tx.NewRaw("/* network.retie */ UPDATE organisations SET revision = revision + 1 WHERE id IN (?)", bun.List(part)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return announce(ctx, tx, ids)
}

func insertTie[T any](ctx context.Context, tx store.Tx, row *T, id *int64) error {
	_, err := tx.NewInsert().Model(row).Comment("network.insertTie").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if *id == 0 {
		return fault.Conflict("repeated-name", "Ce nom est déjà pris.", "This name is already taken.")
	}
	return nil
}

func updateTie[T any](ctx context.Context, tx store.Tx, row *T, columns ...string) error {
	_, err := tx.NewUpdate().Model(row).Comment("network.updateTie").Column(columns...).WherePK().Exec(ctx)
	return err
}

// frameOf checks that the parent of a local convention is a national frame.
func frameOf(ctx context.Context, tx store.Tx, p *Partnership) error {
	if p.ParentID == nil {
		return nil
	}
	n, err := tx.NewSelect().Model((*Partnership)(nil)).Comment("network.frameOf").
		Where("ps.id = ?", *p.ParentID).Where("ps.parent_id IS NULL").Where("ps.id <> ?", p.ID).Count(ctx)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Invalid(fault.At("parent_id", "unknown", "Choisissez le partenariat national dont c’est une convention locale.",
			"Choose the national partnership of which this is a local convention."))
	}
	return nil
}

func (c *checker) name(name *string) {
	clean(name)
	if *name = strings.TrimSpace(*name); *name == "" {
		c.refuse("name", "required", "Donnez un nom.", "Give a name.")
	}
	c.text("name", *name, maxName)
}

func (c *checker) pole(p *Pole) {
	c.name(&p.Name)
	clean(&p.Description)
	c.text("description", p.Description, maxText)
	if p.Seat != "" {
		if _, ok := c.atlas.Ordinal(p.Seat); !ok {
			c.refuse("seat", "unknown", "Cette commune n’existe pas (ou plus).", "There is no such commune (any more).")
		}
	}
	c.perimeter("territory", &p.Territory)
	if p.Stage == "" {
		p.Stage = StageEmerging
	}
	if !slices.Contains([]Stage{StageEmerging, StageActive, StageConfirmed}, p.Stage) {
		c.refuse("stage", "unknown", "Choisissez l’état d’avancement.", "Choose the stage.")
	}
	c.date("since", p.Since)
	for i := range p.Projects {
		path := fmt.Sprintf("projects[%d].", i)
		if strings.TrimSpace(p.Projects[i].Title) == "" {
			c.refuse(path+"title", "required", "Donnez un titre au projet.", "Give the project a title.")
		}
		if !slices.Contains(ProjectStates(), p.Projects[i].State) {
			c.refuse(path+"state", "unknown", "Choisissez l’état du projet.", "Choose the state of the project.")
		}
	}
}

func (c *checker) partnership(p *Partnership) {
	c.name(&p.Name)
	clean(&p.Description)
	c.text("description", p.Description, maxText)
	sectors := make([]nomenclatures.Sector, 0, len(p.Sectors))
	for i, sector := range p.Sectors {
		known, err := nomenclatures.ParseSector(string(sector))
		if err != nil {
			c.refuse(fmt.Sprintf("sectors[%d]", i), "unknown", "Ce secteur n’existe pas.", "There is no such sector.")
			continue
		}
		sectors = append(sectors, known)
	}
	p.Sectors = sectors
	if p.Territory == "" {
		p.Territory = territories.Everywhere().String()
	}
	c.perimeter("territory", &p.Territory)
	c.span("", p.From, p.Until)
}
