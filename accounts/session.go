package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// touchEvery bounds the writes of a busy session: its last use is known to within that.
const touchEvery = 5 * time.Minute

// Session is one open door of a user.
type Session struct {
	bun.BaseModel `bun:"table:sessions,alias:s"`
	ID            int64     `bun:"id,pk,autoincrement"`
	UserID        UserID    `bun:"user_id"`
	Digest        string    `bun:"digest"`
	Device        string    `bun:"device"` // what the browser says it is, cut short
	CreatedAt     time.Time `bun:"created_at"`
	SeenAt        time.Time `bun:"seen_at"`
	ExpiresAt     time.Time `bun:"expires_at"` // whatever happens
}

// Credentials are what somebody gives at the door.
type Credentials struct {
	Email    string
	Password string
	Client   string // address of the caller, for the limits
	Device   string
	Previous string // the session they came with, which ends: a secret never outlives a change of rights
}

// Opened is a session just opened. Secret goes in the cookie, and is nowhere else.
type Opened struct {
	Secret   string
	Identity Identity
	Expires  time.Time
}

// badCredentials says nothing of which half was wrong.
func badCredentials() error {
	return fault.New(fault.KindUnauthenticated, "bad-credentials",
		"Adresse ou mot de passe incorrect.", "Wrong address or password.")
}

// SignIn opens a session. An unknown address, a disabled account and a wrong
// password take the same time and get the same answer.
func (s *Service) SignIn(ctx context.Context, c Credentials) (Opened, error) {
	email := Email(c.Email).Folded()
	if len(email) > 320 || len(c.Password) > maxPassword {
		return Opened{}, badCredentials()
	}
	if err := s.pace(c.Client, email); err != nil {
		return Opened{}, err
	}
	u, err := userByEmail(ctx, s.st.Read(), email)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return Opened{}, fmt.Errorf("sign in: %w", err)
	}
	good, old, err := s.hasher.check(ctx, u.Password, c.Password)
	if err != nil {
		return Opened{}, fmt.Errorf("sign in: %w", err)
	}
	if !good || !u.DisabledAt.IsZero() {
		s.cfg.Log.WarnContext(ctx, "sign in refused", "user_id", int64(u.ID), "request_id", RequestFrom(ctx))
		return Opened{}, badCredentials()
	}
	rehashed := ""
	if old {
		if rehashed, err = s.hasher.hash(ctx, c.Password); err != nil {
			return Opened{}, fmt.Errorf("sign in: %w", err)
		}
	}
	s.limits.pair.Forget(c.Client + " " + email)
	return s.enter(ctx, u.ID, c, rehashed)
}

func (s *Service) pace(client, email string) error {
	wait := s.limits.client.Take(client)
	if wait == 0 {
		wait = s.limits.pair.Take(client + " " + email)
	}
	if wait == 0 {
		wait = s.limits.account.Take(email)
	}
	if wait > 0 {
		return TooMany(wait)
	}
	return nil
}

// enter opens the session in one transaction and ends the one they came with.
func (s *Service) enter(ctx context.Context, id UserID, c Credentials, rehashed string) (Opened, error) {
	var o Opened
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		u, err := userByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !u.DisabledAt.IsZero() {
			return badCredentials()
		}
		if rehashed != "" {
			u.Password = rehashed
		}
		o, err = s.open(ctx, tx, u, c)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("open a session of user %d: %w", id, err)
	}
	return o, nil
}

// open writes a session of u, and u with it.
func (s *Service) open(ctx context.Context, tx store.Tx, u User, c Credentials) (Opened, error) {
	id, err := s.identity(u)
	if err != nil {
		return Opened{}, err
	}
	secret, err := NewSecret(s.cfg.Random)
	if err != nil {
		return Opened{}, err
	}
	now := s.now()
	row := Session{UserID: u.ID, Digest: SecretDigest(secret), Device: short(c.Device, 200),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.cfg.Lifetime)}
	if c.Previous != "" {
		if err := deleteSessionByDigest(ctx, tx, SecretDigest(c.Previous)); err != nil {
			return Opened{}, err
		}
	}
	if err := insertSession(ctx, tx, &row); err != nil {
		return Opened{}, err
	}
	u.SignedInAt = now
	if err := noteSignIn(ctx, tx, u); err != nil {
		return Opened{}, err
	}
	id.CredentialID = row.ID
	err = Audit(With(ctx, id), tx, Entry{At: now, Action: SessionOpen, Entity: "session", EntityID: row.ID})
	return Opened{Secret: secret, Identity: id, Expires: row.ExpiresAt}, err
}

// Authenticate tells who a session's secret belongs to, as they are now: a
// changed role or a disabled account counts at once.
func (s *Service) Authenticate(ctx context.Context, secret string) (Identity, error) {
	if !wellFormed(secret) {
		return Identity{}, fault.Unauthenticated()
	}
	row, u, err := sessionByDigest(ctx, s.st.Read(), SecretDigest(secret))
	if err != nil {
		return Identity{}, whoIs(err)
	}
	now := s.now()
	if !now.Before(row.ExpiresAt) || now.Sub(row.SeenAt) >= s.cfg.Idle || !u.DisabledAt.IsZero() {
		return Identity{}, fault.Unauthenticated()
	}
	if now.Sub(row.SeenAt) >= touchEvery {
		if err := s.touch(ctx, func(tx store.Tx) error { return seeSession(ctx, tx, row.ID, now) }); err != nil {
			return Identity{}, err
		}
	}
	id, err := s.identity(u)
	id.CredentialID = row.ID
	return id, err
}

func (s *Service) touch(ctx context.Context, fn func(store.Tx) error) error {
	err := s.st.InTx(ctx, func(_ context.Context, tx store.Tx) error { return fn(tx) })
	if err != nil {
		return fmt.Errorf("note the use of a credential: %w", err)
	}
	return nil
}

// whoIs makes of an absent row the question "who are you?".
func whoIs(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return fault.Unauthenticated()
	}
	return fmt.Errorf("authenticate: %w", err)
}

// SignOut ends a session; an unknown secret is no fault.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return deleteSessionByDigest(ctx, tx, SecretDigest(secret))
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Sessions lists one's own open sessions, most recent first. The one that asks
// has the number Identity.CredentialID.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	me := From(ctx)
	if err := Allow(me, SessionSelf, OfUser(me.UserID)); err != nil {
		return nil, err
	}
	now := s.now()
	return sessionsOf(ctx, s.st.Read(), me.UserID, now, now.Add(-s.cfg.Idle))
}

// EndSession ends one of one's own sessions; id 0 ends all of them, this one included.
func (s *Service) EndSession(ctx context.Context, id int64) error {
	me := From(ctx)
	if err := Allow(me, SessionSelf, OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if id == 0 {
			if err := endSessions(ctx, tx, me.UserID, 0); err != nil {
				return err
			}
		} else if err := deleteSession(ctx, tx, me.UserID, id); err != nil {
			return err
		}
		return Audit(ctx, tx, Entry{At: s.now(), Action: SessionSelf, Entity: "session", EntityID: id, Fields: []string{"ended"}})
	})
	if err != nil {
		return fmt.Errorf("end session %d of user %d: %w", id, me.UserID, err)
	}
	return nil
}

// SignOutEverywhere ends every session of the caller.
func (s *Service) SignOutEverywhere(ctx context.Context) error { return s.EndSession(ctx, 0) }

// short cuts a text to n bytes without cutting a letter.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
