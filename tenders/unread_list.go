package tenders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"maillage/internal/fault"
	"maillage/opportunities"
)

// Unread is a notice of which something was not understood.
type Unread struct {
	ID            int64             `bun:"id"`
	Source        Source            `bun:"source"`
	SourceID      string            `bun:"source_id"`
	Title         string            `bun:"title"`
	OpportunityID *opportunities.ID `bun:"opportunity_id"` // nil for a notice without one
	ImportedAt    time.Time         `bun:"imported_at"`
	// Text is what was not understood: JSON by path, unless it was cut.
	Text string `bun:"unread"`
}

// ListUnread lists the notices that were not wholly understood, the latest
// first, below an id (0: from the top), without what was not.
func (s *Service) ListUnread(ctx context.Context, below int64, limit int) (list []Unread, err error) {
	q := s.store.Read().NewSelect().TableExpr("notices AS n").Comment("tenders.ListUnread").
		Column("n.id", "n.source", "n.source_id", "n.title", "n.opportunity_id", "n.imported_at").
		Where("n.unread <> ''").Order("n.id DESC").Limit(int64(max(1, min(limit, 200))))
	if below > 0 {
		q = q.Where("n.id < ?", below)
	}
	if err := q.Scan(ctx, &list); err != nil {
		return nil, fmt.Errorf("list the notices not wholly understood: %w", err)
	}
	return list, nil
}

// NoticeUnread gives one of them, with what was not understood.
func (s *Service) NoticeUnread(ctx context.Context, id int64) (Unread, error) {
	var one Unread
	err := s.store.Read().NewSelect().TableExpr("notices AS n").Comment("tenders.NoticeUnread").
		Column("n.id", "n.source", "n.source_id", "n.title", "n.opportunity_id", "n.imported_at", "n.unread").
		Where("n.id = ?", id).Where("n.unread <> ''").Scan(ctx, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return Unread{}, fault.NotFound("notice", id)
	}
	if err != nil {
		return Unread{}, fmt.Errorf("read what was not understood of notice %d: %w", id, err)
	}
	return one, nil
}
