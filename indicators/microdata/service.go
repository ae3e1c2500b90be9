package microdata

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now, Random to crypto/rand.
type Config struct {
	Store  *store.Store
	Atlas  *territories.Atlas
	Now    func() time.Time
	Random io.Reader
}

// Service holds the use cases of what is collected. Import asks the policy for
// each enterprise; Load and Gather ask nothing: they are for workers and for the
// counts, never for a door.
type Service struct {
	store  *store.Store
	atlas  *territories.Atlas
	clock  func() time.Time
	random io.Reader
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, random: cfg.Random}
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// draw gives random hexadecimal letters that say nothing.
func (s *Service) draw(bytes int) (string, error) {
	b := make([]byte, bytes)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("draw a key: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// mark digests the number that an enterprise gives to somebody: the same number
// finds the same worker, in that enterprise only, and the number is not kept. Who
// holds the salt could try every number: it is a pseudonym, not anonymity.
func (e *Enterprise) mark(number string) string {
	h := hmac.New(sha256.New, []byte(e.Salt))
	_, _ = h.Write([]byte(number))
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// scope is what the policy decides on: whose the enterprise is and where.
func (s *Service) scope(organisation *int64, commune territories.CommuneCode) accounts.Scope {
	var out accounts.Scope
	if organisation != nil {
		out = accounts.Of(*organisation)
	}
	if ord, ok := s.atlas.Today(commune); ok {
		out = out.In(territories.SetOf(uint32(ord)))
	}
	return out
}

// may tells whether who acts may send what concerns an enterprise.
func (s *Service) may(ctx context.Context, organisation *int64, commune territories.CommuneCode) bool {
	return accounts.Can(accounts.From(ctx), accounts.ObservatoryImport, s.scope(organisation, commune))
}
