package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// resetLife is how long the link of a letter works.
const resetLife = 2 * time.Hour

// Reset is a request to choose a new password. UserID is 0 when the address
// was nobody's: the same work is done either way.
type Reset struct {
	bun.BaseModel `bun:"table:password_resets,alias:r"`
	ID            int64     `bun:"id,pk,autoincrement"`
	UserID        UserID    `bun:"user_id,nullzero"`
	Digest        string    `bun:"digest,nullzero"`
	CreatedAt     time.Time `bun:"created_at"`
	ExpiresAt     time.Time `bun:"expires_at"`
	UsedAt        time.Time `bun:"used_at,nullzero"`
}

// RequestReset has a letter sent to the address if it has an account. The
// answer, and the work done before it, are the same if it has not.
func (s *Service) RequestReset(ctx context.Context, email, client string) error {
	if wait := s.limits.client.Take(client); wait > 0 {
		return TooMany(wait)
	}
	if err := s.thawed(Email(email)); err != nil {
		return err
	}
	folded := Email(email).Folded()
	if len(folded) > 320 || s.limits.letters.Take(folded) > 0 {
		return nil // enough letters: the box they go to is not ours to fill
	}
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		u, err := userByEmail(ctx, tx, folded)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		now := s.now()
		row := Reset{CreatedAt: now, ExpiresAt: now.Add(resetLife)}
		if u.DisabledAt.IsZero() {
			row.UserID = u.ID
		}
		if err := insertReset(ctx, tx, &row); err != nil {
			return err
		}
		return tx.Enqueue(ctx, SendMail{What: LetterReset, ID: row.ID})
	})
	if err != nil {
		return fmt.Errorf("request a password reset: %w", err)
	}
	return nil
}

// issueReset draws the link's secret, at the moment of writing the letter.
func (s *Service) issueReset(ctx context.Context, id int64) (User, string, error) {
	var u User
	secret, err := NewSecret(s.cfg.Random)
	if err != nil {
		return u, "", err
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := resetByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.UserID == 0 || !row.UsedAt.IsZero() || !s.now().Before(row.ExpiresAt) {
			return badLink()
		}
		if u, err = userByID(ctx, tx, row.UserID); err != nil {
			return err
		}
		row.Digest, row.ExpiresAt = SecretDigest(secret), s.now().Add(resetLife)
		return saveReset(ctx, tx, &row)
	})
	if err != nil {
		return u, "", fmt.Errorf("issue the link of reset %d: %w", id, err)
	}
	return u, secret, nil
}

// ResetPassword sets a new password with a letter's link, which works once.
// Every session of the account ends, and its owner is told.
func (s *Service) ResetPassword(ctx context.Context, secret, password, client string) error {
	if wait := s.limits.client.Take(client); wait > 0 {
		return TooMany(wait)
	}
	if !wellFormed(secret) {
		return badLink()
	}
	u, err := s.resetting(ctx, s.st.Read(), SecretDigest(secret))
	if err == nil {
		err = s.thawed(u.Email)
	}
	if err != nil {
		return err
	}
	if err := weakness("password", password, string(u.Email), u.Name); err != nil {
		return err
	}
	hashed, err := s.hasher.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("reset a password: %w", err)
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		u, err := s.resetting(ctx, tx, SecretDigest(secret)) // again, inside
		if err != nil {
			return err
		}
		if err := spendResets(ctx, tx, u.ID, s.now()); err != nil {
			return err
		}
		return s.setPassword(With(ctx, Identity{UserID: u.ID, Role: u.Role}), tx, u, hashed, PasswordReset, 0)
	})
	if err != nil {
		return fmt.Errorf("reset the password of user %d: %w", u.ID, err)
	}
	return nil
}

func (s *Service) resetting(ctx context.Context, db bun.IDB, d string) (User, error) {
	row, err := resetByDigest(ctx, db, d)
	if err != nil {
		return User{}, linkOr(err)
	}
	if row.UserID == 0 || !row.UsedAt.IsZero() || !s.now().Before(row.ExpiresAt) {
		return User{}, badLink()
	}
	u, err := userByID(ctx, db, row.UserID)
	if err == nil && !u.DisabledAt.IsZero() {
		err = badLink()
	}
	return u, err
}

// ChangePassword sets one's own new password, knowing the present one. The
// other sessions end; this one stays.
func (s *Service) ChangePassword(ctx context.Context, current, next, client string) error {
	me := From(ctx)
	if err := Allow(me, SessionSelf, OfUser(me.UserID)); err != nil { // a session's gesture: no token may
		return err
	}
	u, err := userByID(ctx, s.st.Read(), me.UserID)
	if err != nil {
		return whoIs(err)
	}
	if err := s.thawed(u.Email); err != nil {
		return err
	}
	if err := s.pace(client, u.EmailFolded); err != nil {
		return err
	}
	good, _, err := s.hasher.check(ctx, u.Password, current)
	if err != nil {
		return fmt.Errorf("change a password: %w", err)
	}
	if !good {
		return fault.Invalid(fault.At("current", "wrong", "Ce n’est pas votre mot de passe actuel.", "This is not your present password."))
	}
	if err := weakness("password", next, string(u.Email), u.Name); err != nil {
		return err
	}
	hashed, err := s.hasher.hash(ctx, next)
	if err != nil {
		return fmt.Errorf("change a password: %w", err)
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		u, err := userByID(ctx, tx, me.UserID)
		if err != nil {
			return err
		}
		return s.setPassword(ctx, tx, u, hashed, AccountChange, me.CredentialID)
	})
	if err != nil {
		return fmt.Errorf("change the password of user %d: %w", me.UserID, err)
	}
	return nil
}

// setPassword writes the hash, ends the sessions but one and has the owner told.
func (s *Service) setPassword(ctx context.Context, tx store.Tx, u User, hashed string, a Action, keep int64) error {
	u.Password, u.UpdatedAt = hashed, s.now()
	if err := saveUser(ctx, tx, &u); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, u.ID, keep); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, SendMail{What: LetterPasswordChanged, ID: int64(u.ID)}); err != nil {
		return err
	}
	return Audit(ctx, tx, Entry{At: u.UpdatedAt, Action: a, Entity: "user", EntityID: int64(u.ID), Fields: []string{"password"}})
}
