package matching

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
)

// chunk bounds the number of rows of one statement.
const chunk = 200

// lastProposed tells when a lot was last proposed to each organisation (none
// named: to all).
func lastProposed(ctx context.Context, db bun.IDB, ids ...network.ID) (map[network.ID]time.Time, error) {
	var rows []struct {
		ID network.ID `bun:"organisation_id"`
		At time.Time  `bun:"at"`
	}
	q := db.NewSelect().TableExpr("matches AS mt").Comment("matching.lastProposed").
		ColumnExpr("mt.organisation_id, max(mt.first_proposed_at) AS at").GroupExpr("mt.organisation_id").OrderExpr("mt.organisation_id")
	if len(ids) > 0 {
		q = q.Where("mt.organisation_id IN (?)", bun.List(ids))
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read the last proposals: %w", err)
	}
	out := make(map[network.ID]time.Time, len(rows))
	for _, r := range rows {
		out[r.ID] = r.At
	}
	return out, nil
}

// lotsOfParties lists the lots that organisations buy or publish.
func lotsOfParties(ctx context.Context, db bun.IDB, ids []network.ID) ([]opportunities.LotID, error) {
	var out []opportunities.LotID
	err := db.NewRaw(`/* matching.lotsOfParties */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.buyer_id IN (?) OR o.publisher_id IN (?) ORDER BY l.id`, bun.List(ids), bun.List(ids)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the lots of buyers: %w", err)
	}
	return out, nil
}

// lotsAfter lists lots by their numbers.
func lotsAfter(ctx context.Context, db bun.IDB, last opportunities.LotID, limit int) ([]opportunities.LotID, error) {
	var out []opportunities.LotID
	err := db.NewRaw("/* matching.lotsAfter */ SELECT id FROM lots WHERE id > ? ORDER BY id LIMIT ?", last, limit).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list lots: %w", err)
	}
	return out, nil
}

func countLots(ctx context.Context, db bun.IDB) (int, error) {
	var n int
	if err := db.NewRaw("/* matching.countLots */ SELECT count(*) FROM lots").Scan(ctx, &n); err != nil {
		return 0, fmt.Errorf("count lots: %w", err)
	}
	return n, nil
}

// kept reads the matches of lots or of organisations, without their
// explanations.
func kept(ctx context.Context, db bun.IDB, column string, ids []int64) ([]Match, error) {
	var rows []Match
	err := db.NewSelect().Model(&rows).Comment("matching.kept").ExcludeColumn("explanation").
		Where("?TableAlias.? IN (?)", bun.Ident(column), bun.List(ids)).OrderExpr("mt.lot_id, mt.organisation_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read matches: %w", err)
	}
	return rows, nil
}

// keptOf reads the matches of one lot or organisation with the other sides.
func keptOf(ctx context.Context, db bun.IDB, column string, id int64, other string, ids []int64) ([]Match, error) {
	var rows []Match
	if len(ids) == 0 {
		return rows, nil
	}
	err := db.NewSelect().Model(&rows).Comment("matching.keptOf").ExcludeColumn("explanation").
		Where("?TableAlias.? = ?", bun.Ident(column), id).Where("?TableAlias.? IN (?)", bun.Ident(other), bun.List(ids)).
		OrderExpr("mt.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read matches: %w", err)
	}
	return rows, nil
}

func insertMatches(ctx context.Context, tx store.Tx, rows []*Match) error {
	for start := 0; start < len(rows); start += chunk {
		part := rows[start:min(start+chunk, len(rows))]
		_, err := tx.NewInsert().Model(&part).Comment("matching.insertMatches").Returning("id").Exec(ctx)
		if err != nil {
			return fmt.Errorf("write matches: %w", err)
		}
	}
	return nil
}

// rescore writes what the engine now says, unless the row was written from a
// later revision of either side meanwhile; done tells whether it did.
func rescore(ctx context.Context, tx store.Tx, m *Match) (done bool, err error) {
	return guarded(ctx, m, tx.NewUpdate().Model(m).Comment("matching.rescore").
		Column("state", "reason", "score", "confidence", "activity_id", "explanation", "digest", "engine",
			"lot_revision", "organisation_revision", "computed_at", "updated_at"))
}

// withdraw keeps the row and says why it no longer holds and from which
// revisions, under the same guard as rescore: an older view brings it back no
// more than it takes it away.
func withdraw(ctx context.Context, tx store.Tx, m *Match) (done bool, err error) {
	return guarded(ctx, m, tx.NewUpdate().Model(m).Comment("matching.withdraw").
		Column("state", "reason", "lot_revision", "organisation_revision", "computed_at", "updated_at"))
}

// guarded writes a row unless it says later facts than ours.
func guarded(ctx context.Context, m *Match, q *bun.UpdateQuery) (done bool, err error) {
	res, err := q.WherePK().Where("lot_revision <= ?", m.LotRevision).Where("organisation_revision <= ?", m.OrganisationRevision).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write match %d: %w", m.ID, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("write match %d: %w", m.ID, err)
	}
	return n > 0, nil
}

func record(ctx context.Context, tx store.Tx, events []Event) error {
	for start := 0; start < len(events); start += chunk {
		part := events[start:min(start+chunk, len(events))]
		if _, err := tx.NewInsert().Model(&part).Comment("matching.record").Returning("id").Exec(ctx); err != nil {
			return fmt.Errorf("record what became of matches: %w", err)
		}
	}
	return nil
}

// hold takes a match for this transaction.
func hold(ctx context.Context, tx store.Tx, id ID) (*Match, error) {
	if _, err := tx.NewRaw("/* matching.hold */ UPDATE matches SET score = score WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold match %d: %w", id, err)
	}
	return get(ctx, tx, id)
}

func get(ctx context.Context, db bun.IDB, id ID) (*Match, error) {
	m := &Match{}
	err := db.NewSelect().Model(m).Comment("matching.get").Where("mt.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("match", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read match %d: %w", id, err)
	}
	return m, nil
}

// Get reads a match as it was last written.
func (s *Service) Get(ctx context.Context, id ID) (*Match, error) {
	return get(ctx, s.store.Read(), id)
}

// Events is the history of a match, the latest first.
func (s *Service) Events(ctx context.Context, id ID) ([]Event, error) {
	events := []Event{}
	err := s.store.Read().NewSelect().Model(&events).Comment("matching.Events").
		Where("me.match_id = ?", id).Order("me.id DESC").Limit(500).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of match %d: %w", id, err)
	}
	return events, nil
}

// Counts are the matches of a lot, or of an organisation, by what became of them.
type Counts struct {
	Proposed   int // that hold
	Interested int // among them
	NotForUs   int // among them
}

// CountsOfLots counts the matches of lots; one without any is not in the map.
func (s *Service) CountsOfLots(ctx context.Context, ids ...opportunities.LotID) (map[opportunities.LotID]Counts, error) {
	return counts(ctx, s.store.Read(), "lot_id", "", ids)
}

// CountsOfOrganisations counts the matches of organisations; one without any is
// not in the map. Calls that nobody has published yet do not count.
func (s *Service) CountsOfOrganisations(ctx context.Context, ids ...network.ID) (map[network.ID]Counts, error) {
	return counts(ctx, s.store.Read(), "organisation_id", published, ids)
}

// published leaves out the lots of expected calls.
const published = " AND lot_id NOT IN (SELECT l.id FROM lots AS l JOIN opportunities AS o ON o.id = l.opportunity_id WHERE o.kind = 'expected')"

func counts[T ~int64](ctx context.Context, db bun.IDB, column, apart string, ids []T) (map[T]Counts, error) {
	out := map[T]Counts{}
	for start := 0; start < len(ids); start += chunk {
		var rows []struct {
			ID    T     `bun:"id"`
			Reply Reply `bun:"reply"`
			N     int   `bun:"n"`
		}
		err := db.NewRaw("/* matching.counts */ SELECT ? AS id, reply, count(*) AS n FROM matches WHERE state = ? AND ? IN (?)"+apart+" GROUP BY 1, 2 ORDER BY 1, 2",
			bun.Ident(column), Proposed, bun.Ident(column), bun.List(ids[start:min(start+chunk, len(ids))])).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("count matches: %w", err)
		}
		for _, r := range rows {
			c := out[r.ID]
			c.Proposed += r.N
			switch r.Reply {
			case Interested:
				c.Interested += r.N
			case NotForUs:
				c.NotForUs += r.N
			case NoReply:
			}
			out[r.ID] = c
		}
	}
	return out, nil
}

// ofExpected tells whether a lot is of a call that nobody has published yet.
func ofExpected(ctx context.Context, tx store.Tx, id opportunities.LotID) (bool, error) {
	var expected int
	err := tx.NewRaw(`/* matching.answerable */ SELECT count(*) FROM lots AS l JOIN opportunities AS op ON op.id = l.opportunity_id
		WHERE l.id = ? AND op.kind = 'expected'`, id).Scan(ctx, &expected)
	if err != nil {
		return false, fmt.Errorf("look what lot %d is of: %w", id, err)
	}
	return expected > 0, nil
}

func saveReply(ctx context.Context, tx store.Tx, m *Match) error {
	_, err := tx.NewUpdate().Model(m).Comment("matching.saveReply").
		Column("reply", "reply_reason", "reply_note", "replied_by", "replied_at", "updated_at").WherePK().Exec(ctx)
	return err
}
