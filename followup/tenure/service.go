package tenure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Now   func() time.Time
}

// Service holds the use cases of tenures. Each write is one transaction, and
// every one may run twice.
type Service struct {
	store *store.Store
	clock func() time.Time
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg.Store, cfg.Now}
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Line is a tenure with its proposal, as its reader may know it.
type Line struct {
	Proposal placement.ID // 0 for the employer, as the next
	Ref      string       // what the employer names it by
	Person   people.ID
	Lot      opportunities.LotID
	State    State
	Since    *time.Time // nil: nothing was told
	Motive   Motive     // empty for the employer
	HiredAt  *time.Time // when they were hired, or got their place in what is no job; nil: not
	Kind     opportunities.Kind
	Over     bool    // of what is no job: it has ended
	Next     []State // that can be told today
	Due      State   // what is to be asked now; empty: nothing
	Revision int64
}

// Filter chooses proposals; one of the two.
type Filter struct {
	Person people.ID           // of the counsellor's structure
	Lot    opportunities.LotID // of the employer
}

// List gives the tenures of people of a structure, or at a position of an
// employer: the proposals of which somebody was met or hired.
func (s *Service) List(ctx context.Context, f Filter) ([]Line, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.TenureRead); err != nil {
		return nil, err
	}
	rows, err := subjects(ctx, s.store.Read(), f, who.OrganisationID)
	if err != nil {
		return nil, err
	}
	out := []Line{}
	for _, r := range rows {
		if side := r.sideOf(who); side != stranger {
			out = append(out, s.line(r, side))
		}
	}
	return out, nil
}

// Tell says what became of a person. A motive is required of a structure that
// says that the person left, and is asked of nobody else. The same again writes
// nothing. ref is what both name the proposal by; expected is the revision that was read, 0 not to check.
func (s *Service) Tell(ctx context.Context, ref string, expected int64, to State, motive Motive) (*Line, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.TenureTell); err != nil {
		return nil, err
	}
	var out Line
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		r, err := hold(ctx, tx, ref)
		if err != nil {
			return err
		}
		side := r.sideOf(accounts.From(ctx))
		if side == stranger {
			return fault.NotFound("proposal", ref)
		}
		if err := s.tell(ctx, tx, r, side, expected, to, motive); err != nil {
			return err
		}
		out = s.line(r, side)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("tell what became of a proposal: %w", err)
	}
	return &out, nil
}

func (s *Service) tell(ctx context.Context, tx store.Tx, r *subject, side side, expected int64, to State, motive Motive) error {
	if err := check(side, to, motive); err != nil {
		return err
	}
	if r.State == to && (r.Motive == motive || side == employer) {
		return nil
	}
	if expected != 0 && expected != r.revision() {
		return fault.Stale()
	}
	if err := s.refuse(r, to); err != nil {
		return err
	}
	now, by := s.now(), int64(accounts.From(ctx).UserID)
	e := Event{ProposalID: r.ProposalID, At: now, ActorID: &by, From: r.State, To: to, Motive: motive}
	if r.HiredAt != nil && (r.State == Left) != (to == Left) { // looked for again, or no more
		if err := people.Reconsider(ctx, tx, r.PersonID); err != nil {
			return err
		}
	}
	r.State, r.Motive, r.Since, r.Revision = to, motive, &now, r.revision()+1
	if err := keep(ctx, tx, &Tenure{ProposalID: r.ProposalID, State: to, Since: now, Motive: motive, Revision: r.Revision, UpdatedAt: now}, &e); err != nil {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.TenureTell, Entity: "proposal", EntityID: int64(r.ProposalID), Fields: []string{"tenure"}})
}

func check(side side, to State, motive Motive) error {
	var f []fault.Field
	if !slices.Contains(States(), to) {
		f = append(f, fault.At("state", "unknown", "Cette étape n’existe pas.", "There is no such step."))
	}
	if side == structure && to == Left && !slices.Contains(Motives(), motive) {
		f = append(f, fault.At("motive", "required", "Dites le motif : l’employeur ne le lit pas.", "Say the motive: the employer does not read it."))
	}
	if motive != NoMotive && (side == employer || to != Left) {
		f = append(f, fault.At("motive", "not_expected", "Aucun motif n’est demandé ici.", "No motive is asked here."))
	}
	if len(f) > 0 {
		return fault.Invalid(f...)
	}
	return nil
}

// refuse says why a step cannot be told today.
func (s *Service) refuse(r *subject, to State) error {
	switch {
	case !r.job() && (r.HiredAt != nil || r.Kind == opportunities.TrainingSession):
		return fault.Conflict("not-a-job", "Une formation ou une immersion n’est pas un emploi : rien n’est demandé de la suite.", "A training or an immersion is no job: nothing is asked of what follows.")
	case !r.State.Allows(to):
		return fault.Conflict("transition", "Après « "+r.State.Words().FR+" », on ne peut dire « "+to.Words().FR+" ».", "After “"+r.State.Words().EN+"”, “"+to.Words().EN+"” cannot be told.")
	case to.trial() && r.Proposal != placement.Met:
		return fault.Conflict("not-met", "Une immersion ou une mission d’essai se dit d’une personne rencontrée, avant son embauche.", "An immersion or a trial mission is told of a person who was met, before they are hired.")
	case !to.trial() && to != Left && r.HiredAt == nil, to == Left && r.HiredAt == nil && !r.State.trial():
		return fault.Conflict("not-hired", "Cela se dit d’une personne embauchée.", "This is told of a person who was hired.")
	case to.after() > 0 && s.now().Before(r.begun().AddDate(0, to.after(), 0)):
		return fault.Conflict("too-early", "C’est trop tôt pour le dire.", "It is too early to tell.")
	}
	return nil
}

// line tells what a reader may know.
func (s *Service) line(r *subject, side side) Line {
	out := Line{Ref: r.Ref, Lot: r.LotID, Kind: r.Kind, Over: !r.job() && r.EndsOn != "" && r.EndsOn < s.now().Format(time.DateOnly), State: r.State, Since: r.Since, HiredAt: r.HiredAt, Revision: r.revision(), Next: []State{}}
	if side == structure {
		out.Proposal, out.Person, out.Motive = r.ProposalID, r.PersonID, r.Motive
	}
	for _, to := range States() {
		if r.State != to && s.refuse(r, to) == nil {
			out.Next = append(out.Next, to)
		}
	}
	for _, to := range []State{InPost6, InPost3} {
		if out.Due == Nothing && r.State != Left && slices.Contains(out.Next, to) {
			out.Due = to
		}
	}
	return out
}
