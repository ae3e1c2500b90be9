package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// Moved is, of an agreement ag, that the place or the hours of its position have
// changed since the question was put: the instant of the question decides, since what
// was answered is what was asked. Once the person has met the employer, or was hired
// and has not left, what they agreed to has been done, and the card stands.
const Moved = `(ag.state IN ('asked', 'given') AND EXISTS (SELECT 1 FROM lots AS ml WHERE ml.id = ag.position_id AND ml.moved_at >= ag.asked_at)
	AND NOT EXISTS (SELECT 1 FROM proposals AS mp WHERE mp.person_id = ag.person_id AND mp.lot_id = ag.position_id
		AND (mp.met AND mp.state IN ('proposed', 'interested', 'met')
			OR mp.state = 'hired' AND NOT EXISTS (SELECT 1 FROM tenures AS te WHERE te.proposal_id = mp.id AND te.state = 'left'))))`

// WithMoved adds to a query of agreements whether each is to be asked again.
func WithMoved(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("ag.*").ColumnExpr(Moved + " AS moved")
}

// holdPosition keeps a question and a change of its position one after the other: the
// change holds the same row before it looks at its clock.
func holdPosition(ctx context.Context, tx store.Tx, position int64) error {
	_, err := tx.NewRaw("/* people.holdPosition */ UPDATE opportunities SET revision = revision WHERE id = (SELECT opportunity_id FROM lots WHERE id = ?)", position).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold position %d: %w", position, err)
	}
	return nil
}

// agreement reads one, nil where there is none yet.
func agreement(ctx context.Context, tx store.Tx, person ID, position int64) (*Agreement, error) {
	a := new(Agreement)
	err := tx.NewSelect().Model(a).Comment("people.agreement").Apply(WithMoved).Where("ag.person_id = ?", person).Where("ag.position_id = ?", position).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read an agreement: %w", err)
	}
	return a, nil
}

func (s *Service) agreements(ctx context.Context, db bun.IDB, where string, args ...any) ([]*Agreement, error) {
	rows := []*Agreement{}
	err := db.NewSelect().Model(&rows).Comment("people.agreements").Apply(WithMoved).Where(where, args...).Order("ag.asked_at DESC", "ag.id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agreements: %w", err)
	}
	for _, a := range rows {
		a.State, a.Moved = a.On(s.today()), a.ToAskAgain(s.today())
	}
	return rows, nil
}

// heldAgreements reads agreements once their people are held, in one order for
// everybody: what a counsellor is writing meanwhile is read after, not written over.
func heldAgreements(ctx context.Context, tx store.Tx, ids []AgreementID) ([]*Agreement, error) {
	var persons []ID
	err := tx.NewRaw("/* people.heldAgreements */ SELECT DISTINCT person_id FROM agreements WHERE id IN (?) ORDER BY person_id", bun.List(ids)).Scan(ctx, &persons)
	if err != nil {
		return nil, fmt.Errorf("read whose agreements ran out: %w", err)
	}
	for _, p := range persons {
		if err := lock(ctx, tx, p); err != nil {
			return nil, err
		}
	}
	var rows []*Agreement
	err = tx.NewSelect().Model(&rows).Comment("people.heldAgreements").Where("ag.id IN (?)", bun.List(ids)).Order("ag.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agreements: %w", err)
	}
	return rows, nil
}

func keep(ctx context.Context, tx store.Tx, a *Agreement) (err error) {
	a.Revision++
	if a.ID == 0 {
		_, err = tx.NewInsert().Model(a).Comment("people.keep").Returning("id").Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(a).Comment("people.keep").ExcludeColumn("id", "person_id", "position_id").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write an agreement: %w", err)
	}
	return nil
}

// agreementsUnderWay reads what a person was asked and has not ended.
func agreementsUnderWay(ctx context.Context, tx store.Tx, id ID) ([]*Agreement, error) {
	var rows []*Agreement
	err := tx.NewSelect().Model(&rows).Comment("people.withdrawAll").Where("ag.person_id = ?", id).
		Where("ag.state IN (?)", bun.List([]AgreementState{Asked, Given})).Order("ag.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the agreements of person %d: %w", id, err)
	}
	return rows, nil
}

// agreementsOver finds, after one, some of those still said to be given whose
// last day was before a day.
func agreementsOver(ctx context.Context, db bun.IDB, day string, after AgreementID) ([]AgreementID, error) {
	var ids []AgreementID
	err := db.NewRaw(`/* people.ExpireLate */ SELECT id FROM agreements
		WHERE state = ? AND expires_on <> '' AND expires_on < ? AND id > ? ORDER BY id LIMIT ?`, Given, day, after, chunk).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find agreements that ran out: %w", err)
	}
	return ids, nil
}

// agreementsEnding reads those given in a structure whose last day is between two.
func agreementsEnding(ctx context.Context, db bun.IDB, organisation int64, from, until string) ([]*Agreement, error) {
	rows := []*Agreement{}
	err := db.NewSelect().Model(&rows).Comment("people.AgreementsEnding").Where("NOT "+Moved).
		Where("ag.state = ?", Given).Where("ag.expires_on >= ? AND ag.expires_on <= ?", from, until).
		Where("ag.person_id IN (SELECT id FROM people WHERE organisation_id = ?)", organisation).
		Order("ag.expires_on", "ag.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the agreements of organisation %d that end: %w", organisation, err)
	}
	return rows, nil
}

// positionAsked reads what of a position decides whether one may be asked about
// it: one row, or none where there is no such position.
func positionAsked(ctx context.Context, tx store.Tx, position int64) ([]asked, error) {
	var found []asked
	err := tx.NewRaw(`/* people.positionOpen */ SELECT o.state <> 'draft' AND (o.state <> 'cancelled' OR o.published_at IS NOT NULL) AS public, o.state, l.withdrawn, l.posts, l.taken, l.moved_at,
			COALESCE(CAST(l.terms AS text), '') AS terms
		FROM lots l JOIN opportunities o ON o.id = l.opportunity_id WHERE l.id = ? AND o.kind IN (?)`, position, bun.List(positionKinds)).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("look for position %d: %w", position, err)
	}
	return found, nil
}
