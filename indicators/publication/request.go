package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// State is where a request has got.
type State string

// The states. A request that failed says why, and may be asked again.
const (
	Pending   State = "pending"
	Approved  State = "approved"
	Building  State = "building"
	Published State = "published"
	Refused   State = "refused"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Open tells a state that is not an end.
func (s State) Open() bool { return s == Pending || s == Approved || s == Building }

// Request is somebody's wish for a release. It is seen by who asked and by who decides.
type Request struct {
	bun.BaseModel `bun:"table:release_requests,alias:rq"`

	ID          int64      `bun:"id,pk,autoincrement"`
	UserID      *int64     `bun:"user_id"` // nil: the federation's own, or an account that is gone
	Institution string     `bun:"institution"`
	Purpose     string     `bun:"purpose"`
	PlanText    string     `bun:"plan"`
	State       State      `bun:"state"`
	Reason      string     `bun:"reason"` // of a refusal or a failure, in the words of who decided
	DecidedBy   *int64     `bun:"decided_by"`
	DecidedAt   *time.Time `bun:"decided_at"`
	Step        string     `bun:"step"`
	Percent     int        `bun:"percent"`
	VersionID   *int64     `bun:"version_id"`
	ToldAt      *time.Time `bun:"told_at"`
	CreatedAt   time.Time  `bun:"created_at"`
	UpdatedAt   time.Time  `bun:"updated_at"`
	PreviewText string     `bun:"preview"` // JSON; empty: there is no earlier version, or it is not compared yet
}

// Plan is what is asked.
func (r *Request) Plan() Plan {
	var p Plan
	if json.Unmarshal([]byte(r.PlanText), &p) != nil {
		return Plan{}
	}
	return p
}

// Why is the reason of a refusal, in the words of who decided, or of a failure in each
// language: a line each, and a slash between them in older requests. While a request is
// built it is what ended the last attempt.
func (r *Request) Why() fault.Text {
	if r.State == Refused {
		return say(r.Reason, r.Reason)
	}
	for _, between := range []string{"\n", " / "} {
		if fr, en, both := strings.Cut(r.Reason, between); both {
			return say(fr, en)
		}
	}
	return say(r.Reason, r.Reason)
}

// Asked is a new request.
type Asked struct {
	Plan        Plan
	Institution string
	Purpose     string
}

// BuildRelease asks that a request be built.
type BuildRelease struct {
	ID int64 `json:"id"`
}

// Kind names the job.
func (BuildRelease) Kind() string { return "publication.build" }

// JobOptions tries again a few times: what fails for good says so in the request.
func (BuildRelease) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 5} }

// TellRequest asks for one letter to who asked: it carries a number only.
type TellRequest struct {
	ID int64 `json:"id"`
}

// Kind names the job.
func (TellRequest) Kind() string { return "publication.tell" }

// JobOptions puts these letters with the others.
func (TellRequest) JobOptions() store.Options { return store.Options{Priority: 2, Attempts: 12} }

// checkAsked says every fault of a request, located.
func (s *Service) checkAsked(ctx context.Context, in Asked) error {
	var faults []fault.Field
	for _, text := range []struct{ path, value string }{{"institution", in.Institution}, {"purpose", in.Purpose}} {
		if n := len([]rune(strings.TrimSpace(text.value))); n < 3 || n > 2000 {
			faults = append(faults, fault.At(text.path, "length", "De 3 à 2 000 caractères.", "From 3 to 2,000 characters."))
		}
	}
	known, err := s.counts.Years(ctx)
	if err != nil {
		return err
	}
	if err := in.Plan.check(known); err != nil {
		faults = append(faults, fault.Of(err).Fields...)
	}
	faults = append(faults, s.checkTerritories(in.Plan)...)
	faults = append(faults, in.Plan.checkReference()...)
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

// Ask keeps a request, that an administrator decides on. The same plan asked twice by
// the same person while the first is open is the first.
func (s *Service) Ask(ctx context.Context, in Asked) (*Request, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ReleaseAsk); err != nil {
		return nil, err
	}
	return s.ask(ctx, in, Pending)
}

// Publish asks and approves in one: the federation's own release.
func (s *Service) Publish(ctx context.Context, in Asked) (*Request, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ReleaseDecide, accounts.Scope{}); err != nil {
		return nil, err
	}
	return s.ask(ctx, in, Approved)
}

func (s *Service) ask(ctx context.Context, in Asked, state State) (*Request, error) {
	if err := s.checkAsked(ctx, in); err != nil {
		return nil, err
	}
	now := s.now()
	r := &Request{UserID: accounts.From(ctx).Actor(), Institution: strings.TrimSpace(in.Institution), Purpose: strings.TrimSpace(in.Purpose), PlanText: in.Plan.writing(), State: state, CreatedAt: now, UpdatedAt: now}
	if state == Approved {
		r.DecidedBy, r.DecidedAt = accounts.From(ctx).Actor(), &now
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		open, err := openRequest(ctx, tx, r)
		if err != nil || open != nil {
			r = open
			return err
		}
		if err := insertRequest(ctx, tx, r); err != nil {
			return err
		}
		if err := enqueuePreview(ctx, tx, r); err != nil {
			return err
		}
		if state == Approved {
			if err := tx.Enqueue(ctx, BuildRelease{r.ID}); err != nil {
				return err
			}
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.ReleaseAsk, Entity: "release_request", EntityID: r.ID})
	})
	if err != nil {
		return nil, fmt.Errorf("ask for a release: %w", err)
	}
	return r, nil
}

// alone is the name under which transactions on requests and releases take turns.
const alone = "publication"

// Requests lists requests, the latest first, below a number (0: from the latest): one's
// own, or all of them for who decides.
func (s *Service) Requests(ctx context.Context, below int64, limit int) ([]Request, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ReleaseRequestRead); err != nil {
		return nil, err
	}
	var of *int64
	if !accounts.Can(who, accounts.ReleaseRequestRead, accounts.Scope{}) {
		of = accounts.From(ctx).Actor()
	}
	return requests(ctx, s.store.Read(), of, below, min(max(limit, 1), 200))
}

// Request reads one; of somebody else it is not found.
func (s *Service) Request(ctx context.Context, id int64) (*Request, error) {
	r, err := requestBy(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	return r, s.mine(ctx, r, accounts.ReleaseRequestRead)
}

// mine refuses a request of somebody else as if there were none.
func (s *Service) mine(ctx context.Context, r *Request, a accounts.Action) error {
	owner := accounts.Scope{}
	if r.UserID != nil {
		owner = accounts.OfUser(accounts.UserID(*r.UserID))
	}
	if !accounts.Can(accounts.From(ctx), a, owner) {
		return fault.NotFound("release_request", r.ID)
	}
	return nil
}

// Decision is what an administrator says of a request.
type Decision struct {
	Approve bool
	Reason  string // asked of a refusal
}

// Decide approves a request, which is then built, or refuses it with a reason. Who
// asked is told by mail. What was decided is not decided again.
func (s *Service) Decide(ctx context.Context, id int64, d Decision) (*Request, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ReleaseDecide, accounts.Scope{}); err != nil {
		return nil, err
	}
	d.Reason = strings.TrimSpace(d.Reason)
	if !d.Approve && len(d.Reason) < 3 {
		return nil, fault.Invalid(fault.At("reason", "missing", "Dites pourquoi la demande est refusée.", "Say why the request is refused."))
	}
	return s.change(ctx, id, accounts.ReleaseDecide, func(ctx context.Context, tx store.Tx, r *Request, now time.Time) error {
		if r.State != Pending && r.State != Failed {
			return fault.Conflict("decided", "Cette demande est déjà décidée.", "This request is decided already.")
		}
		r.State, r.Reason, r.DecidedBy, r.DecidedAt, r.Percent, r.Step = Refused, d.Reason, accounts.From(ctx).Actor(), &now, 0, ""
		if !d.Approve {
			return tx.Enqueue(ctx, TellRequest{r.ID})
		}
		r.State, r.ToldAt = Approved, nil
		return tx.Enqueue(ctx, BuildRelease{r.ID})
	})
}

// Cancel stops a request that is not built yet, by who asked or who decides.
func (s *Service) Cancel(ctx context.Context, id int64) (*Request, error) {
	return s.change(ctx, id, accounts.ReleaseCancel, func(ctx context.Context, _ store.Tx, r *Request, _ time.Time) error {
		if err := s.mine(ctx, r, accounts.ReleaseCancel); err != nil {
			return err
		}
		if !r.State.Open() && r.State != Cancelled {
			return fault.Conflict("ended", "Cette demande est terminée.", "This request has ended.")
		}
		r.State, r.Step, r.Reason = Cancelled, "", ""
		return nil
	})
}

// change reads a request, lets it be changed, and keeps it, in one transaction.
func (s *Service) change(ctx context.Context, id int64, a accounts.Action, what func(context.Context, store.Tx, *Request, time.Time) error) (r *Request, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		if r, err = requestBy(ctx, tx, id); err != nil {
			return err
		}
		now := s.now()
		if err := what(ctx, tx, r, now); err != nil {
			return err
		}
		r.UpdatedAt = now
		if err := updateRequest(ctx, tx, r); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: a, Entity: "release_request", EntityID: id, Fields: []string{"state"}})
	})
	if err != nil {
		return nil, fmt.Errorf("change request %d: %w", id, err)
	}
	return r, nil
}

// Years lists those that a plan may ask for.
func (s *Service) Years(ctx context.Context) ([]int, error) {
	years, err := s.counts.Years(ctx)
	slices.Reverse(years)
	return years, err
}
