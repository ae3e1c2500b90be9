package calls

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
)

// mostListed bounds a list.
const mostListed = 500

func insertCall(ctx context.Context, tx store.Tx, c *Call) error {
	if _, err := tx.NewInsert().Model(c).Comment("calls.insertCall").Exec(ctx); err != nil {
		return fmt.Errorf("write a call: %w", err)
	}
	return nil
}

// byKey finds the call that a gesture made; nil: none.
func byKey(ctx context.Context, db bun.IDB, key string) (*Call, error) {
	return oneCall(ctx, db, "ca.key = ?", key)
}

// callOf is what is said of an opportunity beyond it; one that was published
// elsewhere says nothing.
func callOf(ctx context.Context, db bun.IDB, id opportunities.ID) (*Call, error) {
	c, err := oneCall(ctx, db, "ca.opportunity_id = ?", id)
	if c == nil && err == nil {
		c = &Call{OpportunityID: id}
	}
	return c, err
}

func oneCall(ctx context.Context, db bun.IDB, where string, arg any) (*Call, error) {
	c := &Call{}
	err := db.NewSelect().Model(c).Comment("calls.oneCall").Where(where, arg).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, fmt.Errorf("read a call: %w", err)
	}
	return c, nil
}

// holdCall takes a call for this transaction, and reads it as it is now.
func holdCall(ctx context.Context, tx store.Tx, o *opportunities.Opportunity) (*Call, error) {
	err := tx.NewRaw("/* calls.holdCall */ UPDATE opportunities SET revision = revision WHERE id = ? RETURNING state, deadline", o.ID).Scan(ctx, &o.State, &o.Deadline)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("call", o.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("hold call %d: %w", o.ID, err)
	}
	return callOf(ctx, tx, o.ID)
}

func isTakeover(ctx context.Context, db bun.IDB, id opportunities.ID) (bool, error) {
	var n int
	err := db.NewRaw("/* calls.isTakeover */ SELECT count(*) FROM opportunities WHERE id = ? AND kind = ?", id, opportunities.Takeover).Scan(ctx, &n)
	return n > 0, err
}

// ofPole lists the calls of a pole, the latest first.
func ofPole(ctx context.Context, db bun.IDB, pole int64) ([]opportunities.ID, error) {
	var out []opportunities.ID
	err := db.NewRaw("/* calls.ofPole */ SELECT opportunity_id FROM calls WHERE pole_id = ? ORDER BY opportunity_id DESC LIMIT ?", pole, mostListed).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list the calls of pole %d: %w", pole, err)
	}
	return out, nil
}

func oneInterest(ctx context.Context, db bun.IDB, where string, args ...any) (*Interest, error) {
	i := &Interest{}
	err := db.NewSelect().Model(i).Comment("calls.oneInterest").Where(where, args...).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, fmt.Errorf("read an interest: %w", err)
	}
	return i, nil
}

// interestOf is what an organisation said of a call; nil: nothing.
func interestOf(ctx context.Context, db bun.IDB, id opportunities.ID, who network.ID) (*Interest, error) {
	return oneInterest(ctx, db, "it.opportunity_id = ? AND it.organisation_id = ?", id, who)
}

func interestBy(ctx context.Context, db bun.IDB, id InterestID) (*Interest, error) {
	i, err := oneInterest(ctx, db, "it.id = ?", id)
	if i == nil && err == nil {
		err = fault.NotFound("interest", id)
	}
	return i, err
}

// interestsIn lists what was said of a call, the first to come first.
func interestsIn(ctx context.Context, db bun.IDB, id opportunities.ID) ([]Interest, error) {
	rows := []Interest{}
	err := db.NewSelect().Model(&rows).Comment("calls.interestsIn").Where("it.opportunity_id = ?", id).OrderExpr("it.id").Limit(mostListed).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the interests in call %d: %w", id, err)
	}
	return rows, nil
}

// awaiting lists the interests that an organisation has to settle, the oldest first.
func awaiting(ctx context.Context, db bun.IDB, who int64) ([]Interest, error) {
	rows := []Interest{}
	err := db.NewSelect().Model(&rows).Comment("calls.awaiting").Join("JOIN opportunities AS op ON op.id = it.opportunity_id").Join("LEFT JOIN calls AS ca ON ca.opportunity_id = op.id").
		Where("it.state = ?", Expressed).Where("op.kind IN (?)", bun.List([]opportunities.Kind{opportunities.PartnerCall, opportunities.Takeover})).
		Where("(op.publisher_id = ? OR op.transferor_id = ? OR ca.author_id = ?)", who, who, who).OrderExpr("it.id").Limit(mostListed).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the interests that organisation %d is to settle: %w", who, err)
	}
	return rows, nil
}

// of lists what an organisation said of calls, the latest first.
func of(ctx context.Context, db bun.IDB, who int64) ([]Interest, error) {
	rows := []Interest{}
	err := db.NewSelect().Model(&rows).Comment("calls.of").Where("it.organisation_id = ?", who).OrderExpr("it.updated_at DESC, it.id DESC").Limit(mostListed).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the interests of organisation %d: %w", who, err)
	}
	return rows, nil
}

// write keeps an interest and its event.
func write(ctx context.Context, tx store.Tx, i *Interest, e *InterestEvent) error {
	var err error
	if i.ID == 0 {
		_, err = tx.NewInsert().Model(i).Comment("calls.write").Returning("id").Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(i).Comment("calls.write").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write an interest: %w", err)
	}
	e.InterestID = i.ID
	if _, err := tx.NewInsert().Model(e).Comment("calls.write").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a step of interest %d: %w", i.ID, err)
	}
	return nil
}

func eventsOf(ctx context.Context, db bun.IDB, id InterestID) ([]InterestEvent, error) {
	rows := []InterestEvent{}
	err := db.NewSelect().Model(&rows).Comment("calls.eventsOf").Where("ie.interest_id = ?", id).OrderExpr("ie.id").Limit(mostListed).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the steps of interest %d: %w", id, err)
	}
	return rows, nil
}
