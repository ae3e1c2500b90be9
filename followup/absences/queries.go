package absences

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

func person(ctx context.Context, db bun.IDB, id accounts.UserID) (*Person, error) {
	p := &Person{}
	err := db.NewRaw("/* absences.person */ SELECT id, name, role, organisation_id FROM users WHERE id = ? AND disabled_at IS NULL", id).Scan(ctx, p)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("account", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read account %d: %w", id, err)
	}
	return p, nil
}

// overlapping holds the absences of somebody and finds one that covers some of
// the same days; nil where there is none.
func overlapping(ctx context.Context, tx store.Tx, a *Absence) (*Absence, error) {
	if _, err := tx.NewRaw("/* absences.overlapping */ UPDATE users SET role = role WHERE id = ?", a.UserID).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold the absences of account %d: %w", a.UserID, err)
	}
	known := &Absence{}
	err := tx.NewSelect().Model(known).Comment("absences.overlapping").Where("ab.user_id = ? AND ab.cancelled_at IS NULL", a.UserID).
		Where("ab.from_day <= ? AND ab.to_day >= ?", a.To, a.From).OrderExpr("ab.id").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // they are there on all of these days
	}
	if err != nil {
		return nil, fmt.Errorf("read the absences of account %d: %w", a.UserID, err)
	}
	return known, nil
}

func insert(ctx context.Context, tx store.Tx, a *Absence) error {
	if _, err := tx.NewInsert().Model(a).Comment("absences.insert").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write an absence: %w", err)
	}
	return nil
}

func hold(ctx context.Context, tx store.Tx, id ID) (*Absence, error) {
	if _, err := tx.NewRaw("/* absences.hold */ UPDATE absences SET from_day = from_day WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold absence %d: %w", id, err)
	}
	a := &Absence{}
	err := tx.NewSelect().Model(a).Comment("absences.hold").Where("ab.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("absence", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read absence %d: %w", id, err)
	}
	return a, nil
}

func cancel(ctx context.Context, tx store.Tx, a *Absence) error {
	if _, err := tx.NewUpdate().Model(a).Comment("absences.cancel").Column("cancelled_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write absence %d: %w", a.ID, err)
	}
	return nil
}

// mostListed bounds a list.
const mostListed = 500

// lines reads what is not over on a day, of somebody and of their colleagues;
// everybody's for an administrator.
func lines(ctx context.Context, db bun.IDB, me accounts.Identity, today string) ([]Line, error) {
	rows := []Line{}
	q := db.NewSelect().Model(&rows).ModelTableExpr("absences AS ab").Comment("absences.lines").
		ColumnExpr("ab.*, us.name AS name, COALESCE(st.name, '') AS stand_in").
		Join("JOIN users AS us ON us.id = ab.user_id").Join("LEFT JOIN users AS st ON st.id = ab.replaced_by").
		Where("ab.cancelled_at IS NULL AND ab.to_day >= ?", today).OrderExpr("ab.from_day, ab.id").Limit(mostListed)
	if accounts.ReachOf(me, accounts.AbsenceRead) != accounts.Anywhere {
		q = q.Where("ab.user_id = ? OR (us.organisation_id = ? AND us.organisation_id <> 0 AND us.role = ?)", me.UserID, me.OrganisationID, me.Role)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list absences: %w", err)
	}
	return rows, nil
}

func colleagues(ctx context.Context, db bun.IDB, me accounts.Identity) ([]Person, error) {
	rows := []Person{}
	err := db.NewRaw(`/* absences.colleagues */ SELECT id, name, role, organisation_id FROM users
		WHERE organisation_id = ? AND role = ? AND id <> ? AND disabled_at IS NULL ORDER BY name, id LIMIT ?`, me.OrganisationID, me.Role, me.UserID, mostListed).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the colleagues of account %d: %w", me.UserID, err)
	}
	return rows, nil
}

func rollOn(ctx context.Context, db bun.IDB, day string) (Roll, error) {
	var rows []Absence
	err := db.NewSelect().Model(&rows).Comment("absences.rollOn").Where("ab.cancelled_at IS NULL AND ab.from_day <= ? AND ab.to_day >= ?", day, day).OrderExpr("ab.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is away: %w", err)
	}
	out := Roll{}
	for _, a := range rows {
		out[a.UserID] = 0
		if a.ReplacedBy != nil {
			out[a.UserID] = *a.ReplacedBy
		}
	}
	return out, nil
}
