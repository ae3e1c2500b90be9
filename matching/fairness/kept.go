package fairness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching/engine/fairness"
)

// Kept is an audit as it was told for a month: nothing of it counts a person again.
type Kept struct {
	bun.BaseModel `bun:"table:fairness_audits,alias:fa"`

	Scope     string          `bun:"scope,pk"`
	Month     string          `bun:"month,pk"` // "2026-11"
	MadeAt    time.Time       `bun:"made_at"`
	Positions int             `bun:"positions"`
	Report    fairness.Report `bun:"report,type:jsonb"`
}

// kept is the audit of the month for a scope, counted where there is none yet. Two
// who count at once draw apart: the first one written is what both tell.
func (s *Service) kept(ctx context.Context, a *auditor) (*Kept, error) {
	scope, month := a.key(), a.now.Format("2006-01")
	found, err := keptOf(ctx, s.cfg.Store.Read(), scope, month)
	if err != nil || found != nil {
		return found, err
	}
	if err := a.read(ctx); err != nil {
		return nil, err
	}
	draw := rand.New(rand.NewChaCha8(s.cfg.Seed()))
	made := &Kept{Scope: scope, Month: month, MadeAt: a.now, Positions: len(a.exposed.Open), Report: fairness.Audit(a.subjects(), draw)}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := keep(ctx, tx, made); err != nil {
			return err
		}
		found, err = keptOf(ctx, tx, scope, month)
		return err
	})
	return found, err
}

// key names the people who are counted, however they are written: two officers of
// the same communes read the same audit.
func (a *auditor) key() string {
	switch a.scope {
	case accounts.Anywhere:
		return "network"
	case accounts.OwnPerimeter:
		h := sha256.New()
		if a.who.Perimeter != nil {
			a.who.Perimeter.Each(func(ord int) bool {
				_, _ = h.Write([]byte(a.s.cfg.Atlas.Commune(ord).Code)) // never fails
				return true
			})
		}
		return "perimeter:" + hex.EncodeToString(h.Sum(nil))
	}
	return "structure:" + strconv.FormatInt(a.who.OrganisationID, 10)
}
