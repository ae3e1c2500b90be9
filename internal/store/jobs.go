package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

// client is the river client of one of the two engines.
type client struct {
	lite *river.Client[*sql.Tx]
	pg   *river.Client[pgx.Tx]
}

// Jobs is what the jobs door and the jobs page need of river, whatever the engine.
type Jobs interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	Subscribe(kinds ...river.EventKind) (<-chan *river.Event, func())
	JobGet(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
}

func (s *Store) newClient(cfg *river.Config) (*client, error) {
	if s.engine == SQLite {
		c, err := river.NewClient(riversqlite.New(s.write.DB), cfg)
		return &client{lite: c}, err
	}
	c, err := river.NewClient(riverpgxv5.New(s.pool), cfg)
	return &client{pg: c}, err
}

func (s *Store) insertOnly() error {
	c, err := s.newClient(&river.Config{Logger: s.log})
	if err != nil {
		return fmt.Errorf("open the job queue: %w", err)
	}
	s.jobs.Store(c)
	return nil
}

// Work makes the working client; from then on Enqueue goes through it, so that
// this process hears of its own jobs at once.
func (s *Store) Work(cfg *river.Config) (Jobs, error) {
	if cfg.Logger == nil {
		cfg.Logger = s.log
	}
	c, err := s.newClient(cfg)
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	s.jobs.Store(c)
	return s.Jobs(), nil
}

// Jobs gives the present client, for looking at jobs and acting on one.
func (s *Store) Jobs() Jobs {
	c := s.jobs.Load()
	if s.engine == SQLite {
		return c.lite
	}
	return c.pg
}

// Requeue makes the jobs left running by a killed process available again and
// tells how many. It is for a start on SQLite, where this process is the only
// worker: river's own rescue waits for an hour.
func (s *Store) Requeue(ctx context.Context) (int64, error) {
	if s.engine != SQLite {
		return 0, nil
	}
	res, err := s.write.ExecContext(ctx,
		"/* store.Requeue */ UPDATE river_job SET state = 'available', scheduled_at = ? WHERE state = 'running'",
		time.Now().UTC().Add(-time.Second))
	if err != nil {
		return 0, fmt.Errorf("requeue interrupted jobs: %w", err)
	}
	return res.RowsAffected()
}

// JobCount is a number of jobs of one kind in one state.
type JobCount struct {
	Kind  string `bun:"kind"`
	State string `bun:"state"`
	Count int    `bun:"count"`
}

// JobCounts counts jobs by kind and state, ordered by both.
func (s *Store) JobCounts(ctx context.Context) ([]JobCount, error) {
	var rows []JobCount
	err := s.read.NewRaw("/* store.JobCounts */ SELECT kind, CAST(state AS text) AS state, count(*) AS count FROM river_job GROUP BY 1, 2 ORDER BY 1, 2").
		Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return rows, nil
}
