// Package accounts says who somebody is and what they may do: users and their
// roles, sessions, invitations, resets, API tokens, the one policy table and
// the audit trail of every change.
//
// It refuses to know what an organisation, a lot or a match is: a scope names
// owners and communes, nothing else. It keeps no secret that it could read
// again: of a session, a link or a token only the SHA-256 is stored, of a
// password only its argon2id, and no job carries any of them. It never tells
// a visitor whether an address has an account.
package accounts

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Store is required; Perimeter too as soon as there are officers.
type Config struct {
	Store  *store.Store
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger     // default discards

	// Perimeter reads an officer's perimeter: its canonical text and its communes.
	// PerimetersOf makes it from an atlas. Without it no officer reaches anything.
	Perimeter func(expr string) (canonical string, set *territories.Set, err error)

	Mail mail.Sender // for Deliver, in the process that works
	Site string      // the public address of the pages, "https://maillage.example.org": links in letters begin with it

	// Frozen tells the accounts that many people enter under a known password, those
	// of the demonstration: nobody changes their password or standing, nor shuts them. nil: none.
	Frozen func(Email) bool

	Hardness Hardness      // of password hashes; tests lower it
	Idle     time.Duration // a session unused for so long ends; default 24 h
	Lifetime time.Duration // a session ends after so long whatever happens; default 14 days
}

// Service holds the use cases. It is safe for concurrent use.
type Service struct {
	cfg    Config
	st     *store.Store
	hasher *hasher
	limits limits
}

// limits are the paces at the doors that take a secret.
type limits struct {
	client  *Limiter // every attempt of one client
	pair    *Limiter // one client on one account
	account *Limiter // one account from everywhere: wide, or anybody could lock anybody out
	letters *Limiter // letters asked for one account
}

// New makes the service.
func New(cfg Config) (*Service, error) {
	if cfg.Store == nil {
		return nil, errors.New("accounts: no store given")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Idle == 0 {
		cfg.Idle = 24 * time.Hour
	}
	if cfg.Lifetime == 0 {
		cfg.Lifetime = 14 * 24 * time.Hour
	}
	h, err := newHasher(cfg.Hardness, cfg.Random)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return &Service{cfg: cfg, st: cfg.Store, hasher: h, limits: limits{
		client:  NewLimiter(Pace{Every: 3 * time.Second, Burst: 30}, cfg.Now),
		pair:    NewLimiter(Pace{Every: 30 * time.Second, Burst: 6}, cfg.Now),
		account: NewLimiter(Pace{Every: 20 * time.Second, Burst: 60}, cfg.Now),
		letters: NewLimiter(Pace{Every: 10 * time.Minute, Burst: 3}, cfg.Now),
	}}, nil
}

// PerimetersOf reads perimeters with an atlas.
func PerimetersOf(a *territories.Atlas) func(string) (string, *territories.Set, error) {
	return func(text string) (string, *territories.Set, error) {
		p, err := a.CompileText(text)
		if err != nil {
			return "", nil, err
		}
		return p.Text, p.Set, nil
	}
}

// now is the present instant as the database keeps it: UTC, microseconds.
func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// thawed refuses to change an account that everybody shares.
func (s *Service) thawed(email Email) error {
	if s.cfg.Frozen == nil || !s.cfg.Frozen(Email(email.Folded())) {
		return nil
	}
	return fault.New(fault.KindForbidden, "demonstration",
		"Ce compte de démonstration sert à tous les visiteurs : son mot de passe et ses droits ne changent pas.",
		"This demonstration account serves every visitor: its password and its rights do not change.")
}

func (s *Service) perimeter(expr string) (string, *territories.Set, error) {
	if expr == "" {
		return "", nil, nil
	}
	if s.cfg.Perimeter == nil {
		return "", nil, errors.New("accounts: no way to read a perimeter was given")
	}
	canonical, set, err := s.cfg.Perimeter(expr)
	if err != nil {
		return "", nil, fault.Invalid(fault.At("perimeter", "perimeter",
			"Ce périmètre ne peut pas être lu.", "This perimeter cannot be read.")).Because(err)
	}
	return canonical, set, nil
}

// identity is what a user may do from now on, session or token aside.
func (s *Service) identity(u User) (Identity, error) {
	_, set, err := s.perimeter(u.Perimeter)
	if err != nil {
		return Identity{}, fmt.Errorf("read the perimeter of user %d: %w", u.ID, err)
	}
	return Identity{UserID: u.ID, Name: u.Name, Role: u.Role, OrganisationID: u.OrganisationID,
		Perimeter: set, PerimeterExpr: u.Perimeter, Lang: u.Lang}, nil
}
