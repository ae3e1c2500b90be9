// Package bounces keeps letters from addresses that take none: a server that says
// there is no such mailbox, as a letter is handed over or by a report afterwards
// (RFC 3464), suspends the address until somebody says that it works. What may work
// another day (full, late, against a policy) suspends nothing: the job of a letter
// tries again by itself.
//
// It refuses to believe a report of a letter that was never sent to that address:
// anybody can write one.
package bounces

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/network"
	"maillage/territories"
)

// Origin is how an address came to be suspended.
type Origin string

// The origins.
const (
	BySMTP   Origin = "smtp"   // the server refused it as a letter was handed over
	ByReport Origin = "report" // a report came afterwards
)

// Suspension is an address that no letter goes to.
type Suspension struct {
	bun.BaseModel `bun:"table:mail_suspensions,alias:ms"`

	Address string    `bun:"address,pk"` // folded
	At      time.Time `bun:"at"`
	Origin  Origin    `bun:"origin"`
	Status  string    `bun:"status"` // enhanced, as 5.1.1; may be empty
}

// Reached is an account whose address is suspended.
type Reached struct {
	Suspension
	UserID       accounts.UserID
	Name         string
	Organisation int64
	Enterprise   string
}

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store   *store.Store
	Atlas   *territories.Atlas
	Network *network.Service
	Now     func() time.Time
}

// Service holds the use cases. Each write is one transaction, and may run twice.
type Service struct{ cfg Config }

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg: cfg}
}

func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// guard is a sender that knows which addresses take no letters.
type guard struct {
	mail.Sender
	s      *Service
	always bool
}

// Guard makes a sender that writes to no suspended address, and suspends the one
// that a server does not know. always is for letters that somebody asked for and
// waits for, such as a link to their account: they are tried all the same.
func (s *Service) Guard(sender mail.Sender, always bool) mail.Sender {
	if sender == nil {
		return nil
	}
	return &guard{sender, s, always}
}

// Send hands a letter over, and keeps by which number a report will name it.
func (g *guard) Send(ctx context.Context, m mail.Message) error {
	if !g.always {
		held, err := suspended(ctx, g.s.cfg.Store.Read(), accounts.Email(m.To).Folded())
		if err != nil {
			return err
		}
		if held {
			return fmt.Errorf("the address is suspended: %w", mail.ErrRefused)
		}
	}
	if m.Key == "" {
		var err error
		if m.Key, err = accounts.NewSecret(rand.Reader); err != nil {
			return err
		}
	}
	if err := g.s.sent(ctx, m); err != nil {
		return err
	}
	err := g.Sender.Send(ctx, m)
	if errors.Is(err, mail.ErrMailbox) {
		return errors.Join(err, g.s.suspend(context.WithoutCancel(ctx), Suspension{Address: accounts.Email(m.To).Folded(), Origin: BySMTP}))
	}
	return err
}

// reportsLast is how long after a letter a report of it is believed.
const reportsLast = 30 * 24 * time.Hour

// sent keeps the number of a letter with the digest of its address, for a month.
func (s *Service) sent(ctx context.Context, m mail.Message) error {
	return s.cfg.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return noteSent(ctx, tx, mail.LocalID(m.Key), accounts.SecretDigest(accounts.Email(m.To).Folded()), s.now(), s.now().Add(-reportsLast))
	})
}

// Outcome counts what a report said: of its recipients, how many were suspended,
// may be reached later, or are not those of a letter of ours.
type Outcome struct {
	Recipients int `json:"recipients"`
	Suspended  int `json:"suspended"`
	Later      int `json:"later"`
	Unknown    int `json:"unknown"`
}

// Report reads a message that a mail server sent back. Read again it changes
// nothing. What is no report is refused.
func (s *Service) Report(ctx context.Context, message io.Reader) (Outcome, error) {
	var out Outcome
	if err := accounts.Permits(accounts.From(ctx), accounts.MailReport); err != nil {
		return out, err
	}
	all, err := mail.ReadReturned(message)
	if err != nil {
		return out, fault.Invalid(fault.At("body", "no-report", "Ce message n’est pas un rapport de remise (RFC 3464).", "This message is no delivery report (RFC 3464).")).Because(err)
	}
	for _, r := range all {
		out.Recipients++
		to := accounts.Email(r.Recipient).Folded()
		known, err := wasSent(ctx, s.cfg.Store.Read(), r.Letter, accounts.SecretDigest(to))
		if err != nil {
			return out, err
		}
		switch {
		case !known:
			out.Unknown++
		case !r.NoMailbox():
			out.Later++
		default:
			out.Suspended++
			if err := s.suspend(ctx, Suspension{Address: to, Origin: ByReport, Status: r.Status}); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// suspend keeps an address, with its row in the trail; again changes nothing.
func (s *Service) suspend(ctx context.Context, one Suspension) error {
	one.At = s.now()
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		fresh, err := insert(ctx, tx, &one)
		if err != nil || !fresh {
			return err
		}
		id, err := userOf(ctx, tx, one.Address)
		if err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: one.At, Action: accounts.MailReport, Entity: "user", EntityID: int64(id), Fields: []string{"mail_suspended"}})
	})
	if err != nil {
		return fmt.Errorf("suspend an address: %w", err)
	}
	return nil
}

// Own is the suspension of the address of who asks; nil: there is none.
func (s *Service) Own(ctx context.Context) (*Suspension, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AccountSelf, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	return ofUser(ctx, s.cfg.Store.Read(), me.UserID)
}

// LiftOwn says that one's own address works. Again changes nothing.
func (s *Service) LiftOwn(ctx context.Context) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AccountChange, accounts.OfUser(me.UserID)); err != nil {
		return err
	}
	return s.lift(ctx, me.UserID, accounts.AccountChange)
}

// Suspended lists the accounts that no letter reaches, among those that who asks
// looks after, by name.
func (s *Service) Suspended(ctx context.Context) ([]Reached, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.MailSuspended); err != nil {
		return nil, err
	}
	all, err := reached(ctx, s.cfg.Store.Read())
	if err != nil {
		return nil, err
	}
	var out []Reached
	for _, r := range all {
		scope, called, err := s.scope(ctx, r.Organisation)
		if err != nil {
			return nil, err
		}
		if r.Enterprise = called; accounts.Can(me, accounts.MailSuspended, scope) {
			out = append(out, r)
		}
	}
	return out, nil
}

// scope is where the organisation of an account is, and what it is called.
func (s *Service) scope(ctx context.Context, id int64) (accounts.Scope, string, error) {
	if id == 0 {
		return accounts.Scope{}, "", nil
	}
	found, err := s.cfg.Network.LoadForMatching(ctx, network.ID(id))
	if err != nil || len(found) == 0 {
		return accounts.Of(id), "", err
	}
	return found[0].Scope(s.cfg.Atlas), found[0].Called(), nil
}

// Lift says that the address of an account works again: letters go to it from then
// on. Again changes nothing.
func (s *Service) Lift(ctx context.Context, id accounts.UserID) error {
	organisation, err := organisationOf(ctx, s.cfg.Store.Read(), id)
	if err != nil {
		return err
	}
	scope, _, err := s.scope(ctx, organisation)
	if err != nil {
		return err
	}
	if err := accounts.Allow(accounts.From(ctx), accounts.MailLift, scope); err != nil {
		return err
	}
	return s.lift(ctx, id, accounts.MailLift)
}

func (s *Service) lift(ctx context.Context, id accounts.UserID, action accounts.Action) error {
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		done, err := remove(ctx, tx, id)
		if err != nil || !done {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: action, Entity: "user", EntityID: int64(id), Fields: []string{"mail_suspended"}})
	})
	if err != nil {
		return fmt.Errorf("lift the suspension of account %d: %w", id, err)
	}
	return nil
}
