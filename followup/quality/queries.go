package quality

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
)

// statement bounds the rows of one statement.
const statement = 400

// owner is an enterprise as this package knows it.
type owner struct {
	ID      int64        `bun:"id"`
	Name    string       `bun:"name"`
	Kind    network.Kind `bun:"kind"`
	Commune string       `bun:"commune"` // of its main site; empty: not placed
}

const ownerColumns = `SELECT o.id, CASE WHEN o.brand <> '' THEN o.brand ELSE o.name END AS name, o.kind,
	coalesce((SELECT s.commune FROM sites s WHERE s.organisation_id = o.id AND s.commune <> '' ORDER BY CASE WHEN s.main THEN 0 ELSE 1 END, s.id LIMIT 1), '') AS commune
	FROM organisations o `

func ownerOf(ctx context.Context, db bun.IDB, id int64) (*owner, error) {
	var rows []owner
	err := db.NewRaw("/* quality.ownerOf */ "+ownerColumns+"WHERE o.id = ? AND o.role = ? ORDER BY o.id", id, network.Member).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read organisation %d: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, fault.NotFound("organisation", id)
	}
	return &rows[0], nil
}

func owners(ctx context.Context, db bun.IDB, ids []int64) (map[int64]*owner, error) {
	out := map[int64]*owner{}
	for part := range slices.Chunk(ids, statement) {
		var rows []owner
		if err := db.NewRaw("/* quality.owners */ "+ownerColumns+"WHERE o.id IN (?) ORDER BY o.id", bun.List(part)).Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("read who is certified: %w", err)
		}
		for _, r := range rows {
			out[r.ID] = &r
		}
	}
	return out, nil
}

// activeMembers are the members that the figures are about.
func activeMembers(ctx context.Context, db bun.IDB) ([]owner, error) {
	var rows []owner
	err := db.NewRaw("/* quality.activeMembers */ "+ownerColumns+"WHERE o.role = ? AND o.active = ? ORDER BY o.folded, o.id", network.Member, true).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the members: %w", err)
	}
	return rows, nil
}

// held is a certification that holds on a day, whoever said it.
type held struct {
	OrganisationID int64 `bun:"organisation_id"`
	Code           Code  `bun:"code"`
}

// heldOn lists the certifications of active members that hold on a day, each once.
func heldOn(ctx context.Context, db bun.IDB, day string) ([]held, error) {
	var rows []held
	err := db.NewRaw(`/* quality.heldOn */ SELECT DISTINCT c.organisation_id, c.code FROM certifications c JOIN organisations o ON o.id = c.organisation_id
		WHERE o.role = ? AND o.active = ? AND (c.valid_from = '' OR c.valid_from <= ?) AND (c.valid_until = '' OR c.valid_until >= ?)
		ORDER BY c.organisation_id, c.code`, network.Member, true, day, day).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count the certifications: %w", err)
	}
	return rows, nil
}

func pathBy(ctx context.Context, db bun.IDB, id ID) (*Path, error) {
	p := new(Path)
	err := db.NewSelect().Model(p).Comment("quality.pathBy").Where("qp.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("certification", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read path %d: %w", id, err)
	}
	return p, nil
}

// hold reads a path and holds it until the end of the transaction: an update that
// changes nothing is the one lock that both engines share.
func hold(ctx context.Context, tx store.Tx, id ID) (*Path, error) {
	if _, err := tx.NewRaw("/* quality.hold */ UPDATE quality_paths SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold path %d: %w", id, err)
	}
	return pathBy(ctx, tx, id)
}

// holdOrNew holds the path of an enterprise towards a label, made if there is none.
func holdOrNew(ctx context.Context, tx store.Tx, organisation int64, label Code, now time.Time) (*Path, error) {
	fresh := &Path{OrganisationID: organisation, Label: label, State: Engaged, CreatedAt: now, UpdatedAt: now}
	if _, err := tx.NewInsert().Model(fresh).Comment("quality.holdOrNew").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("open a path: %w", err)
	}
	var id ID
	err := tx.NewRaw("/* quality.holdOrNew */ SELECT id FROM quality_paths WHERE organisation_id = ? AND label = ? ORDER BY id", organisation, label).Scan(ctx, &id)
	if err != nil {
		return nil, fmt.Errorf("find the path of organisation %d: %w", organisation, err)
	}
	return hold(ctx, tx, id)
}

func savePath(ctx context.Context, tx store.Tx, p *Path) error {
	if _, err := tx.NewUpdate().Model(p).Comment("quality.savePath").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save path %d: %w", p.ID, err)
	}
	return nil
}

func insertEvent(ctx context.Context, tx store.Tx, e *Event) error {
	if _, err := tx.NewInsert().Model(e).Comment("quality.insertEvent").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write an event of path %d: %w", e.PathID, err)
	}
	return nil
}

func eventsOf(ctx context.Context, db bun.IDB, id ID) ([]Event, error) {
	out := []Event{}
	if err := db.NewSelect().Model(&out).Comment("quality.eventsOf").Where("qv.path_id = ?", id).Order("qv.happened_on", "qv.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the events of path %d: %w", id, err)
	}
	return out, nil
}

// paths lists paths, of one enterprise where organisation is not 0, those that
// lapse first at the head.
func paths(ctx context.Context, db bun.IDB, organisation int64) ([]Path, error) {
	out := []Path{}
	q := db.NewSelect().Model(&out).Comment("quality.paths").OrderExpr("CASE WHEN qp.valid_until = '' THEN 1 ELSE 0 END, qp.valid_until, qp.id")
	if organisation != 0 {
		q = q.Where("qp.organisation_id = ?", organisation)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list paths: %w", err)
	}
	return out, nil
}

// accountsOf are the open accounts of members and officers, by number.
func tellable(ctx context.Context, db bun.IDB) ([]accounts.User, error) {
	var out []accounts.User
	err := db.NewSelect().Model(&out).Comment("quality.tellable").Where("u.role IN (?) AND u.disabled_at IS NULL", bun.List([]accounts.Role{accounts.Member, accounts.Officer})).
		Where("NOT EXISTS (SELECT 1 FROM reminder_silences s WHERE s.user_id = u.id)").Order("u.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who may be told: %w", err)
	}
	return out, nil
}
