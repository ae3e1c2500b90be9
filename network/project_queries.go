package network

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

// holdPole takes a pole for this transaction.
func holdPole(ctx context.Context, tx store.Tx, id int64) error {
	var at int64
	err := tx.NewRaw("/* network.holdPole */ UPDATE poles SET revision = revision WHERE id = ? RETURNING revision", id).Scan(ctx, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound("pole", id)
	}
	return err
}

func raisePole(ctx context.Context, tx store.Tx, id int64, now time.Time) error {
	_, err := tx.NewRaw("/* network.raisePole */ UPDATE poles SET revision = revision + 1, updated_at = ? WHERE id = ?", now, id).Exec(ctx)
	return err
}

func projectsOf(ctx context.Context, tx store.Tx, pole int64) ([]Project, error) {
	var rows []Project
	err := tx.NewSelect().Model(&rows).Comment("network.projectsOf").Where("pp.pole_id = ?", pole).Order("pp.id").Scan(ctx)
	return rows, err
}

// liveProject is the project of a pole for a hole that is neither done nor
// abandoned; ok is false when there is none.
func liveProject(ctx context.Context, tx store.Tx, pole int64, hole string) (p *Project, ok bool, err error) {
	all, err := projectsOf(ctx, tx, pole)
	if err != nil {
		return nil, false, err
	}
	for i := range all {
		if all[i].Hole == hole && all[i].Live() {
			p, err = projectOf(ctx, tx, pole, all[i].ID)
			return p, err == nil, err
		}
	}
	return nil, false, nil
}

func projectOf(ctx context.Context, tx store.Tx, pole, id int64) (*Project, error) {
	p := &Project{}
	err := tx.NewSelect().Model(p).Comment("network.projectOf").Where("pp.id = ?", id).Where("pp.pole_id = ?", pole).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("project", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read project %d: %w", id, err)
	}
	inside, err := projectMembers(ctx, tx, pole)
	p.Members = inside[id]
	return p, err
}

func insertProject(ctx context.Context, tx store.Tx, p *Project) error {
	_, err := tx.NewInsert().Model(p).Comment("network.insertProject").Returning("id").Exec(ctx)
	return err
}

func saveState(ctx context.Context, tx store.Tx, p *Project) error {
	_, err := tx.NewUpdate().Model(p).Comment("network.saveState").Column("state").WherePK().Exec(ctx)
	return err
}

func recordStep(ctx context.Context, tx store.Tx, e ProjectEvent) error {
	_, err := tx.NewInsert().Model(&e).Comment("network.recordStep").Returning("id").Exec(ctx)
	return err
}

func saveNeeds(ctx context.Context, tx store.Tx, p *Project) error {
	_, err := tx.NewUpdate().Model(p).Comment("network.saveNeeds").Column("needs").WherePK().Exec(ctx)
	return err
}

func belongs(ctx context.Context, tx store.Tx, pole int64, id ID) (bool, error) {
	n, err := tx.NewSelect().Table("pole_members").Comment("network.belongs").Where("pole_id = ?", pole).Where("organisation_id = ?", id).Count(ctx)
	return n > 0, err
}

// putIn brings a member into a project, or out of it, and tells whether that
// changed anything.
func putIn(ctx context.Context, tx store.Tx, project int64, id ID, in bool) (bool, error) {
	query := "/* network.putIn */ DELETE FROM project_members WHERE project_id = ? AND organisation_id = ?"
	if in {
		query = "/* network.putIn */ INSERT INTO project_members (project_id, organisation_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
	}
	res, err := tx.NewRaw(query, project, id).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// projectMembers are the members of a pole that are in each of its projects; of
// every pole, where none is named. Who left the pole is no longer in its projects.
func projectMembers(ctx context.Context, db bun.IDB, pole int64) (map[int64][]ID, error) {
	var rows []struct {
		Project      int64 `bun:"project_id"`
		Organisation ID    `bun:"organisation_id"`
	}
	err := db.NewRaw(`/* network.projectMembers */ SELECT x.project_id, x.organisation_id FROM project_members x JOIN pole_projects p ON p.id = x.project_id
		JOIN pole_members m ON m.pole_id = p.pole_id AND m.organisation_id = x.organisation_id WHERE ? = 0 OR p.pole_id = ? ORDER BY x.project_id, x.organisation_id`, pole, pole).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read who is in the projects of poles: %w", err)
	}
	out := map[int64][]ID{}
	for _, r := range rows {
		out[r.Project] = append(out[r.Project], r.Organisation)
	}
	return out, nil
}

// ProjectEvents is the history of the projects of a pole, the latest first.
func (s *Service) ProjectEvents(ctx context.Context, pole int64) ([]ProjectEvent, error) {
	rows := []ProjectEvent{}
	err := s.store.Read().NewSelect().Model(&rows).Comment("network.ProjectEvents").
		Where("pe.project_id IN (SELECT id FROM pole_projects WHERE pole_id = ?)", pole).Order("pe.id DESC").Limit(500).Scan(ctx)
	return rows, err
}
