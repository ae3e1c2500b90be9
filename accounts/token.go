package accounts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// The bounds of API tokens.
const (
	maxTokens    = 20
	tokenLife    = 90 * 24 * time.Hour
	maxTokenLife = 366 * 24 * time.Hour
)

// Token lets a program act as a user, within its scopes and until its end.
type Token struct {
	bun.BaseModel `bun:"table:api_tokens,alias:t"`
	ID            int64     `bun:"id,pk,autoincrement"`
	UserID        UserID    `bun:"user_id"`
	Name          string    `bun:"name"`
	Prefix        string    `bun:"prefix"` // its first letters, to recognise it
	Digest        string    `bun:"digest"`
	ScopeList     string    `bun:"scopes"` // separated by spaces
	CreatedAt     time.Time `bun:"created_at"`
	ExpiresAt     time.Time `bun:"expires_at"`
	UsedAt        time.Time `bun:"used_at,nullzero"` // to within five minutes
	RevokedAt     time.Time `bun:"revoked_at,nullzero"`
}

// Scopes is what the token may do.
func (t Token) Scopes() []TokenScope {
	var out []TokenScope
	for _, s := range strings.Fields(t.ScopeList) {
		out = append(out, TokenScope(s))
	}
	return out
}

// CreateToken makes a token of the caller's. The secret is given once. A zero
// expires means 90 days; a year is the most.
func (s *Service) CreateToken(ctx context.Context, name string, scopes []string, expires time.Time) (Token, string, error) {
	me := From(ctx)
	if err := Allow(me, TokenSelf, OfUser(me.UserID)); err != nil {
		return Token{}, "", err
	}
	row, err := s.token(me, name, scopes, expires)
	if err != nil {
		return Token{}, "", err
	}
	secret, err := NewSecret(s.cfg.Random)
	if err != nil {
		return Token{}, "", err
	}
	secret = tokenMark + secret
	row.Prefix, row.Digest = secret[:len(tokenMark)+6], SecretDigest(secret)
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		n, err := countTokens(ctx, tx, me.UserID, row.CreatedAt)
		if err != nil {
			return err
		}
		if n >= maxTokens {
			return fault.Conflict("too-many-tokens", "Vous avez déjà 20 jetons : révoquez-en un.", "You already have 20 tokens: revoke one.")
		}
		if err := insertToken(ctx, tx, &row); err != nil {
			return err
		}
		return Audit(ctx, tx, Entry{At: row.CreatedAt, Action: TokenSelf, Entity: "token", EntityID: row.ID, Fields: []string{"created"}})
	})
	if err != nil {
		return Token{}, "", fmt.Errorf("create a token of user %d: %w", me.UserID, err)
	}
	return row, secret, nil
}

func (s *Service) token(me Identity, name string, scopes []string, expires time.Time) (Token, error) {
	var faults []fault.Field
	name, err := parseName(name)
	if err != nil {
		faults = append(faults, fault.At("name", "required", "Nommez ce jeton (120 caractères au plus).", "Name this token (120 characters at most)."))
	}
	parsed, err := ParseTokenScopes(scopes)
	if err != nil {
		faults = append(faults, fault.Of(err).Fields...)
	}
	now := s.now()
	if expires.IsZero() {
		expires = now.Add(tokenLife)
	}
	if !expires.After(now) || expires.After(now.Add(maxTokenLife)) {
		faults = append(faults, fault.At("expires", "range", "La fin doit être à venir, et dans un an au plus.", "The end must be ahead, and within a year."))
	}
	if len(faults) > 0 {
		return Token{}, fault.Invalid(faults...)
	}
	list := make([]string, len(parsed))
	for i, p := range parsed {
		list[i] = string(p)
	}
	return Token{UserID: me.UserID, Name: name, ScopeList: strings.Join(list, " "), CreatedAt: now,
		ExpiresAt: expires.UTC().Truncate(time.Microsecond)}, nil
}

// AuthenticateToken tells who a bearer token speaks for.
func (s *Service) AuthenticateToken(ctx context.Context, secret string) (Identity, error) {
	if !isAPIToken(secret) {
		return Identity{}, fault.Unauthenticated()
	}
	row, u, err := tokenByDigest(ctx, s.st.Read(), SecretDigest(secret))
	if err != nil {
		return Identity{}, whoIs(err)
	}
	now := s.now()
	if !row.RevokedAt.IsZero() || !now.Before(row.ExpiresAt) || !u.DisabledAt.IsZero() {
		return Identity{}, fault.Unauthenticated()
	}
	if now.Sub(row.UsedAt) >= touchEvery {
		if err := s.touch(ctx, func(tx store.Tx) error { return useToken(ctx, tx, row.ID, now) }); err != nil {
			return Identity{}, err
		}
	}
	id, err := s.identity(u)
	id.ByToken, id.TokenScopes, id.CredentialID = true, row.Scopes(), row.ID
	return id, err
}

// Tokens lists one's own tokens, newest first, revoked and expired ones too.
func (s *Service) Tokens(ctx context.Context) ([]Token, error) {
	me := From(ctx)
	if err := Allow(me, TokenSelf, OfUser(me.UserID)); err != nil {
		return nil, err
	}
	return tokensOf(ctx, s.st.Read(), me.UserID)
}

// RevokeToken ends one of one's own tokens.
func (s *Service) RevokeToken(ctx context.Context, id int64) error {
	me := From(ctx)
	if err := Allow(me, TokenSelf, OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := revokeToken(ctx, tx, me.UserID, id, s.now()); err != nil {
			return err
		}
		return Audit(ctx, tx, Entry{At: s.now(), Action: TokenSelf, Entity: "token", EntityID: id, Fields: []string{"revoked"}})
	})
	if err != nil {
		return fmt.Errorf("revoke token %d: %w", id, err)
	}
	return nil
}
