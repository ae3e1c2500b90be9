package network

import (
	"context"
	"database/sql"
	"errors"
	"time"

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
		if all[i].Hole == hole && (all[i].State == ProjectIdea || all[i].State == ProjectRunning) {
			return &all[i], true, nil
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

// ProjectEvents is the history of the projects of a pole that come from holes,
// the latest first.
func (s *Service) ProjectEvents(ctx context.Context, pole int64) ([]ProjectEvent, error) {
	rows := []ProjectEvent{}
	err := s.store.Read().NewSelect().Model(&rows).Comment("network.ProjectEvents").
		Where("pe.project_id IN (SELECT id FROM pole_projects WHERE pole_id = ?)", pole).Order("pe.id DESC").Limit(500).Scan(ctx)
	return rows, err
}
