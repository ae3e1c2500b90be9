package tenders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
)

// noticeRow is a notice as it was imported.
type noticeRow struct {
	bun.BaseModel `bun:"table:notices,alias:n"`

	ID            int64             `bun:"id,pk,autoincrement"`
	Source        Source            `bun:"source"`
	SourceID      string            `bun:"source_id"`
	Version       string            `bun:"version"`
	Publication   string            `bun:"publication"` // OJ number; tells apart notices that share an identifier
	Digest        string            `bun:"digest"`      // of the normalised notice
	RawDigest     string            `bun:"raw_digest"`
	Key           string            `bun:"key"` // of the procurement; "" for a notice without opportunity
	OpportunityID *opportunities.ID `bun:"opportunity_id"`
	Nature        Nature            `bun:"nature"`
	Family        Nature            `bun:"family"`
	Published     string            `bun:"published"`
	Title         string            `bun:"title"`
	BuyerName     string            `bun:"buyer_name"`
	BuyerSIREN    string            `bun:"buyer_siren"`
	Document      *Notice           `bun:"document"`
	Unread        string            `bun:"unread"` // what was not understood
	Path          string            `bun:"path"`
	ImportedAt    time.Time         `bun:"imported_at"`

	reckoned *facts // see facts
}

// mostOfKey bounds the notices of one procurement that are told together.
const mostOfKey = 200

// noticesOfKey reads the notices of a procurement, the latest imported first.
func noticesOfKey(ctx context.Context, tx bun.IDB, key string) (rows []noticeRow, err error) {
	err = tx.NewSelect().Model(&rows).Comment("tenders.noticesOfKey").
		Where("n.key = ?", key).Order("n.id DESC").Limit(mostOfKey).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the notices of %s: %w", key, err)
	}
	return rows, nil
}

// Stored is a notice with what became of it.
type Stored struct {
	ID            int64
	OpportunityID opportunities.ID
	Path          string
	ImportedAt    time.Time
	Notice        *Notice
}

// History gives the notices of an opportunity, in the order of their import.
func (s *Service) History(ctx context.Context, id opportunities.ID) ([]Stored, error) {
	var rows []noticeRow
	err := s.store.Read().NewSelect().Model(&rows).Comment("tenders.History").Where("n.opportunity_id = ?", id).Order("n.id").Limit(1000).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the notices of opportunity %d: %w", id, err)
	}
	out := make([]Stored, len(rows))
	for i, r := range rows {
		out[i] = Stored{ID: r.ID, OpportunityID: id, Path: r.Path, ImportedAt: r.ImportedAt, Notice: r.Document}
	}
	return out, nil
}

// keepQuarantined inserts a refused record; known, it counts an attempt more and
// is kept as it would be today. One that was resolved stays so, since the very
// same bytes were settled; nothing else tells those of which nothing was read,
// which are open again. The state is read back into q.
func keepQuarantined(ctx context.Context, tx store.Tx, q *Quarantined) error {
	_, err := tx.NewInsert().Model(q).Comment("tenders.keepQuarantined").On("CONFLICT (digest) DO UPDATE").
		Set("attempts = q.attempts + 1").Set("last_seen = EXCLUDED.last_seen").Set("code = EXCLUDED.code").
		Set("reason = EXCLUDED.reason").Set("raw = EXCLUDED.raw").Set("source = EXCLUDED.source").Set("feed = EXCLUDED.feed").Set("path = EXCLUDED.path").Set("place = EXCLUDED.place").
		Set("state = CASE WHEN q.state = 'resolved' AND EXCLUDED.raw = '' THEN 'open' ELSE q.state END").Returning("state").Exec(ctx)
	if err != nil {
		return fmt.Errorf("quarantine a record of %s: %w", q.Path, err)
	}
	return nil
}

func updateQuarantined(ctx context.Context, tx store.Tx, q *Quarantined) error {
	_, err := tx.NewUpdate().Model(q).Comment("tenders.updateQuarantined").Column("attempts", "state", "last_seen", "code", "reason").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("update quarantined record %d: %w", q.ID, err)
	}
	return nil
}

// resolve marks the record of that digest as read in the end.
func resolve(ctx context.Context, tx store.Tx, sum string, now time.Time) error {
	_, err := tx.NewRaw("/* tenders.resolve */ UPDATE notice_quarantine SET state = ?, attempts = attempts + 1, last_seen = ? WHERE digest = ? AND state <> ?",
		QuarantineResolved, now, sum, QuarantineResolved).Exec(ctx)
	if err != nil {
		return fmt.Errorf("resolve a quarantined record: %w", err)
	}
	return nil
}

// resolveHalves marks the cut records of a path as read in the end: it came whole.
func resolveHalves(ctx context.Context, tx store.Tx, path string, now time.Time) error {
	_, err := tx.NewRaw("/* tenders.resolveHalves */ UPDATE notice_quarantine SET state = ?, attempts = attempts + 1, last_seen = ? WHERE path = ? AND code = ? AND state <> ?",
		QuarantineResolved, now, path, RefusedTruncated, QuarantineResolved).Exec(ctx)
	if err != nil {
		return fmt.Errorf("resolve the cut records of %s: %w", path, err)
	}
	return nil
}

// Quarantined gives one refused record with its raw text.
func (s *Service) Quarantined(ctx context.Context, id int64) (*Quarantined, error) {
	q := new(Quarantined)
	err := s.store.Read().NewSelect().Model(q).Comment("tenders.Quarantined").Where("q.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("quarantined", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read quarantined record %d: %w", id, err)
	}
	return q, nil
}

// ListQuarantined lists refused records, the latest first, below an id (0: from
// the top), without their raw text. States empty means those not resolved.
func (s *Service) ListQuarantined(ctx context.Context, below int64, limit int, states ...QuarantineState) ([]Quarantined, error) {
	if len(states) == 0 {
		states = []QuarantineState{QuarantineOpen, QuarantineRetried}
	}
	var list []Quarantined
	q := s.store.Read().NewSelect().Model(&list).Comment("tenders.ListQuarantined").ExcludeColumn("raw").
		Where("q.state IN (?)", bun.List(states)).Order("q.id DESC").Limit(int64(max(1, min(limit, 200))))
	if below > 0 {
		q = q.Where("q.id < ?", below)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list quarantined records: %w", err)
	}
	return list, nil
}

// CountQuarantined counts the records not resolved.
func (s *Service) CountQuarantined(ctx context.Context) (n int, err error) {
	err = s.store.Read().NewRaw("/* tenders.CountQuarantined */ SELECT count(*) FROM notice_quarantine WHERE state <> ?", QuarantineResolved).Scan(ctx, &n)
	if err != nil {
		return 0, fmt.Errorf("count quarantined records: %w", err)
	}
	return n, nil
}

// Run is one import: when, of what, what it did.
type Run struct {
	bun.BaseModel `bun:"table:notice_runs,alias:r"`

	ID        int64      `bun:"id,pk,autoincrement"`
	StartedAt time.Time  `bun:"started_at"`
	EndedAt   *time.Time `bun:"ended_at"` // nil: under way, or cut short
	Paths     []string   `bun:"paths"`
	Report    Report     `bun:"report"`
	Error     string     `bun:"error"`
}

// Runs lists the imports, the latest first.
func (s *Service) Runs(ctx context.Context, limit int) ([]Run, error) {
	var list []Run
	err := s.store.Read().NewSelect().Model(&list).Comment("tenders.Runs").Order("r.id DESC").Limit(int64(max(1, min(limit, 200)))).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the imports: %w", err)
	}
	return list, nil
}

// begin records the run, and looks which records in quarantine it may resolve.
func (im *importer) begin(ctx context.Context, paths []string) error {
	run := &Run{StartedAt: im.now(), Paths: append([]string{}, paths...), Report: im.report}
	err := im.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(run).Comment("tenders.begin").Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the import: %w", err)
	}
	im.report.Run = run.ID
	var open []Quarantined
	err = im.store.Read().NewSelect().Model(&open).Comment("tenders.begin").Column("digest", "code", "path").Where("q.state <> ?", QuarantineResolved).Order("q.id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("read the quarantine: %w", err)
	}
	im.suspected, im.halves = make(map[string]bool, len(open)), map[string]bool{}
	for _, q := range open {
		im.suspected[q.Digest] = true
		if q.Code == RefusedTruncated {
			im.halves[q.Path] = true
		}
	}
	return nil
}

// end records what the run did, and why it stopped if it did.
func (im *importer) end(ctx context.Context, why error) error {
	now := im.now()
	run := &Run{ID: im.report.Run, EndedAt: &now, Report: im.report}
	if why != nil {
		run.Error = cut(why.Error(), 1000)
	}
	err := im.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewUpdate().Model(run).Comment("tenders.end").Column("ended_at", "report", "error").WherePK().Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the end of the import: %w", err)
	}
	return nil
}
