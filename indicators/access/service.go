package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Service holds the use cases of access under an agreement. Make and Lapse ask no
// policy: they are for workers.
type Service struct {
	store  *store.Store
	atlas  *territories.Atlas
	clock  func() time.Time
	random io.Reader
	sender mail.Sender
	site   string
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, random: cfg.Random, sender: cfg.Mail, site: cfg.Site}
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Today is the civil day on which agreements are judged, in UTC.
func (s *Service) Today() string { return s.now().Format(time.DateOnly) }

// alone names the turn that writers of agreements and of files take.
const alone = "access"

// Grant opens an agreement, and asks for the files that it needs. Granting the same
// again, while it is open, gives the one there is.
func (s *Service) Grant(ctx context.Context, in Grant) (*Agreement, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return nil, err
	}
	var out *Agreement
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		want, err := s.checked(ctx, tx, in)
		if err != nil {
			return err
		}
		if out, err = s.same(ctx, tx, want); err != nil || out != nil {
			return err
		}
		out = want
		return s.open(ctx, tx, want)
	})
	if err != nil {
		return nil, fmt.Errorf("grant an agreement: %w", err)
	}
	return out, nil
}

// same is an open agreement of the same terms, or none.
func (s *Service) same(ctx context.Context, tx store.Tx, want *Agreement) (*Agreement, error) {
	all, err := agreementsOf(ctx, tx, want.UserID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		a := &all[i]
		if a.terms() == want.terms() && a.StateOn(s.Today()) != Closed {
			return a, nil
		}
	}
	return nil, nil //nolint:nilnil // none is an answer
}

func (a *Agreement) terms() string {
	return fmt.Sprint(a.Institution, "|", a.Purpose, "|", a.Reference, "|", a.File, "|", a.Years, "|", a.Variables, "|", a.FromOn, "|", a.UntilOn)
}

func (s *Service) open(ctx context.Context, tx store.Tx, a *Agreement) error {
	if err := insertAgreement(ctx, tx, a); err != nil {
		return err
	}
	if err := s.happen(ctx, tx, a, Granted, "", accounts.MicrodataGrant); err != nil {
		return err
	}
	for _, year := range a.AsYears() {
		if err := tx.Enqueue(ctx, Make{Year: year}); err != nil {
			return err
		}
	}
	return nil
}

// happen writes an event and its trace.
func (s *Service) happen(ctx context.Context, tx store.Tx, a *Agreement, kind EventKind, why Reason, action accounts.Action) error {
	e := Event{AgreementID: a.ID, Kind: kind, Reason: why, ActorID: int64(accounts.From(ctx).UserID), At: s.now()}
	if err := insertEvent(ctx, tx, &e); err != nil {
		return err
	}
	a.Events = append(a.Events, e)
	if s.sender != nil && kind != Lapsed {
		if err := tx.Enqueue(ctx, SendLetter{Agreement: a.ID, About: kind}); err != nil {
			return err
		}
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: e.At, Action: action, Entity: "microdata_agreement", EntityID: a.ID, Fields: []string{string(kind)}})
}

// Revoke closes an agreement at once; again changes nothing.
func (s *Service) Revoke(ctx context.Context, id int64, why Reason) (*Agreement, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return nil, err
	}
	if why.Label() == (fault.Text{}) {
		return nil, fault.Invalid(fault.At("reason", "unknown", "Choisissez un motif de la liste.", "Choose a reason of the list."))
	}
	var out *Agreement
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err = tx.Alone(ctx, alone); err != nil {
			return err
		}
		if out, err = agreementOf(ctx, tx, id); err != nil || out.StateOn(s.Today()) == Closed {
			return err
		}
		return s.happen(ctx, tx, out, Revoked, why, accounts.MicrodataGrant)
	})
	if err != nil {
		return nil, fmt.Errorf("revoke agreement %d: %w", id, err)
	}
	return out, nil
}

// Remake asks that the files of a year be made again from the facts of today. They
// become a vintage where these changed, and enough for the difference to tell of nobody.
func (s *Service) Remake(ctx context.Context, year int) error {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return err
	}
	if err := s.knownYears([]int{year}); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		e := accounts.Entry{At: s.now(), Action: accounts.MicrodataGrant, Entity: "microdata_file", EntityID: int64(year), Fields: []string{"remake"}}
		if err := accounts.Audit(ctx, tx, e); err != nil {
			return err
		}
		return tx.Enqueue(ctx, Make{Year: year, Again: true})
	})
}

// Attempts are what came of each year that was asked for, the last time: for who grants.
func (s *Service) Attempts(ctx context.Context) ([]Attempt, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.MicrodataGrant, accounts.Scope{}); err != nil {
		return nil, err
	}
	return attempts(ctx, s.store.Read())
}

// Lapse records the agreements whose last day has passed, and warns of those whose
// last day comes; it tells how many there were of both.
func (s *Service) Lapse(ctx context.Context) (count int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		soon := s.now().AddDate(0, 0, warnedDays).Format(time.DateOnly)
		for _, due := range []struct {
			kind   EventKind
			before string
		}{{Lapsed, s.Today()}, {Warned, soon}} {
			list, err := unsaid(ctx, tx, due.kind, due.before)
			if err != nil {
				return err
			}
			for i := range list {
				if err := s.happen(ctx, tx, &list[i], due.kind, "", accounts.MicrodataGrant); err != nil {
					return err
				}
			}
			count += len(list)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("record the agreements that lapsed: %w", err)
	}
	return count, nil
}
