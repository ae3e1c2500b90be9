package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// JobRoom is what this door needs to look at jobs; *store.Store is one.
type JobRoom interface {
	Jobs() store.Jobs
	JobCounts(ctx context.Context) ([]store.JobCount, error)
}

// Job is a background job.
type Job struct {
	ID          int64           `json:"id"`
	Kind        string          `json:"kind"`
	State       string          `json:"state" enum:"available,cancelled,completed,discarded,pending,retryable,running,scheduled"`
	Args        json.RawMessage `json:"args"`
	Attempt     int             `json:"attempt"`
	MaxAttempts int             `json:"max_attempts"`
	CreatedAt   time.Time       `json:"created_at"`
	ScheduledAt time.Time       `json:"scheduled_at"`
	AttemptedAt *time.Time      `json:"attempted_at,omitempty"`
	FinalizedAt *time.Time      `json:"finalized_at,omitempty"`
	Failures    []Failure       `json:"failures" doc:"Newest last."`
}

// Failure is one attempt that failed.
type Failure struct {
	At      time.Time `json:"at"`
	Attempt int       `json:"attempt"`
	Error   string    `json:"error"`
}

// JobCount is a number of jobs of a kind in a state.
type JobCount struct {
	Kind  string `json:"kind"`
	State string `json:"state"`
	Count int    `json:"count"`
}

// AuditEntry is one line of the trail.
type AuditEntry struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	User     int64     `json:"user,omitempty" doc:"Absent: the system, a visitor, or veiled."`
	Veiled   bool      `json:"veiled,omitempty" doc:"Who did it is told to themself alone: it would name who hands an activity over, or would take it over."`
	Role     string    `json:"role"`
	Action   string    `json:"action"`
	Entity   string    `json:"entity"`
	EntityID int64     `json:"entity_id,omitempty"`
	Request  string    `json:"request,omitempty"`
	Fields   string    `json:"fields,omitempty" doc:"Names of what changed, never the values."`
	Before   string    `json:"before_digest,omitempty"`
	After    string    `json:"after_digest,omitempty"`
}

func (s *Server) admin() {
	get, post := http.MethodGet, http.MethodPost
	add(s, Operation{ID: "list-audit-entries", Method: get, Path: "/v1/audit", Tag: tagAdmin, Action: accounts.AuditRead,
		Summary: "Read the audit trail", About: "Newest first."}, s.listAudit)
	if s.cfg.Jobs == nil {
		return
	}
	add(s, Operation{ID: "list-jobs", Method: get, Path: "/v1/jobs", Tag: tagAdmin, Action: accounts.JobRead, Summary: "List background jobs", About: "Newest first."}, s.listJobs)
	add(s, Operation{ID: "count-jobs", Method: get, Path: "/v1/jobs/counts", Tag: tagAdmin, Action: accounts.JobRead, Summary: "Count background jobs"}, s.countJobs)
	add(s, Operation{ID: "get-job", Method: get, Path: "/v1/jobs/{id}", Tag: tagAdmin, Action: accounts.JobRead, Summary: "Read a background job"}, s.getJob)
	add(s, Operation{ID: "retry-job", Method: post, Path: "/v1/jobs/{id}/retry", Tag: tagAdmin, Action: accounts.JobRetry, Summary: "Try a job again now"},
		s.jobGesture(accounts.JobRetry, func(ctx context.Context, id int64) (*rivertype.JobRow, error) {
			return s.cfg.Jobs.Jobs().JobRetry(ctx, id)
		}))
	add(s, Operation{ID: "cancel-job", Method: post, Path: "/v1/jobs/{id}/cancel", Tag: tagAdmin, Action: accounts.JobCancel, Summary: "Give a job up"},
		s.jobGesture(accounts.JobCancel, func(ctx context.Context, id int64) (*rivertype.JobRow, error) {
			return s.cfg.Jobs.Jobs().JobCancel(ctx, id)
		}))
}

func (s *Server) listAudit(ctx context.Context, in *struct {
	At
	Paging
	User     int64  `query:"user" minimum:"1"`
	Action   string `query:"action" maxLength:"60" example:"opportunity.publish"`
	Entity   string `query:"entity" maxLength:"60"`
	EntityID int64  `query:"entity_id" minimum:"1"`
}) (*Listed[AuditEntry], error) {
	before, err := number(in.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Accounts.AuditTrail(ctx, accounts.AuditFilter{UserID: accounts.UserID(in.User), Action: accounts.Action(in.Action),
		Entity: in.Entity, EntityID: in.EntityID, Before: before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) == in.Limit {
		next = cursor(rows[len(rows)-1].ID)
	}
	return listed(in.at, rows, next, func(r accounts.AuditRow) AuditEntry {
		return AuditEntry{ID: r.ID, At: r.At.UTC(), User: int64(r.UserID), Veiled: r.Veiled, Role: string(r.Role), Action: string(r.Action), Entity: r.Entity,
			EntityID: r.EntityID, Request: r.RequestID, Fields: r.Fields, Before: r.BeforeDigest, After: r.AfterDigest}
	}), nil
}

func (s *Server) listJobs(ctx context.Context, in *struct {
	At
	Paging
	State []string `query:"state" maxItems:"8" example:"discarded"`
	Kind  []string `query:"kind" maxItems:"20"`
}) (*Listed[Job], error) {
	p := river.NewJobListParams().First(in.Limit).OrderBy(river.JobListOrderByID, river.SortOrderDesc)
	if len(in.State) > 0 {
		for _, st := range in.State {
			if !jobState(st) {
				return nil, fault.Invalid(fault.At("query.state", "unknown", "« "+st+" » n’est pas un état de tâche.", "“"+st+"” is no state of a job."))
			}
		}
		p = p.States(cast[rivertype.JobState](in.State)...)
	}
	if len(in.Kind) > 0 {
		p = p.Kinds(in.Kind...)
	}
	if in.After != "" {
		var c river.JobListCursor
		if err := c.UnmarshalText([]byte(in.After)); err != nil {
			return nil, fault.Invalid(fault.At("query.after", "cursor", "Cette page n’existe pas.", "There is no such page.")).Because(err)
		}
		p = p.After(&c)
	}
	list, err := s.cfg.Jobs.Jobs().JobList(ctx, p)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list.Jobs) == in.Limit && list.LastCursor != nil {
		text, err := list.LastCursor.MarshalText()
		if err != nil {
			return nil, err
		}
		next = string(text)
	}
	return listed(in.at, list.Jobs, next, showJob), nil
}

func jobState(s string) bool {
	for _, known := range rivertype.JobStates() {
		if string(known) == s {
			return true
		}
	}
	return false
}

func showJob(r *rivertype.JobRow) Job {
	return Job{ID: r.ID, Kind: r.Kind, State: string(r.State), Args: json.RawMessage(r.EncodedArgs), Attempt: r.Attempt, MaxAttempts: r.MaxAttempts,
		CreatedAt: r.CreatedAt.UTC(), ScheduledAt: r.ScheduledAt.UTC(), AttemptedAt: utc(r.AttemptedAt), FinalizedAt: utc(r.FinalizedAt),
		Failures: each(r.Errors, func(e rivertype.AttemptError) Failure {
			return Failure{At: e.At.UTC(), Attempt: e.Attempt, Error: e.Error}
		})}
}

func (s *Server) countJobs(ctx context.Context, _ *Empty) (*Found[[]JobCount], error) {
	rows, err := s.cfg.Jobs.JobCounts(ctx)
	return found(each(rows, func(c store.JobCount) JobCount { return JobCount(c) })), err
}

func (s *Server) getJob(ctx context.Context, in *ByID) (*Found[Job], error) {
	row, err := s.cfg.Jobs.Jobs().JobGet(ctx, in.ID)
	if err != nil {
		return nil, noJob(err, in.ID)
	}
	return found(showJob(row)), nil
}

func noJob(err error, id int64) error {
	if errors.Is(err, rivertype.ErrNotFound) {
		return fault.NotFound("job", id)
	}
	return err
}

func (s *Server) jobGesture(a accounts.Action, do func(context.Context, int64) (*rivertype.JobRow, error)) func(context.Context, *ByID) (*Found[Job], error) {
	return func(ctx context.Context, in *ByID) (*Found[Job], error) {
		row, err := do(ctx, in.ID)
		if err != nil {
			return nil, noJob(err, in.ID)
		}
		if err := s.cfg.Accounts.Record(ctx, accounts.Entry{Action: a, Entity: "job", EntityID: row.ID}); err != nil {
			return nil, err
		}
		return found(showJob(row)), nil
	}
}
