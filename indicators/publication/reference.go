package publication

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Reference is the version that the federation publishes as its figures of a year. It is
// an ordinary version, cited and verified as any other; another one takes its place when
// it is published in turn; where it is withdrawn, the one before it is the reference again.
type Reference struct {
	bun.BaseModel `bun:"table:release_references,alias:rr"`

	ID          int64     `bun:"id,pk,autoincrement"`
	Year        int       `bun:"year"`
	VersionID   int64     `bun:"version_id"`
	PublishedBy *int64    `bun:"published_by"`
	PublishedAt time.Time `bun:"published_at"`

	Version *Version `bun:"-"`
}

// PublishReference makes the version that stands of a year's release its reference.
// Again it changes nothing.
func (s *Service) PublishReference(ctx context.Context, year int) (*Reference, error) {
	y, err := s.Yearly(ctx, year)
	if err != nil {
		return nil, err
	}
	if y.Version == nil {
		return nil, fault.Conflict("not_made", "La publication de cette année n’est pas préparée.", "The release of this year is not made yet.")
	}
	if !y.CanPublish() && y.Reference != nil {
		return y.Reference, nil
	}
	r := &Reference{Year: year, VersionID: y.Version.ID, PublishedBy: accounts.From(ctx).Actor(), PublishedAt: s.now(), Version: y.Version}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		if err := insertReference(ctx, tx, r); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: r.PublishedAt, Action: accounts.ReleaseDecide, Entity: "release_reference", EntityID: r.VersionID, Fields: []string{"year"}})
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// References are the reference of each year that has one, the latest year first.
func (s *Service) References(ctx context.Context) ([]Reference, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	all, err := references(ctx, s.store.Read())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	versions, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	var list []Reference
	for _, r := range all { // by year, the last published first
		if n := len(list); n > 0 && list[n-1].Year == r.Year {
			continue
		}
		for i := range versions {
			if versions[i].ID == r.VersionID {
				r.Version = &versions[i]
				list = append(list, r)
			}
		}
	}
	return list, nil
}

// referenceOf is the reference of a year; nil: there is none.
func (s *Service) referenceOf(ctx context.Context, year int) (*Reference, error) {
	all, err := s.References(ctx)
	for i := range all {
		if all[i].Year == year {
			return &all[i], err
		}
	}
	return nil, err
}
