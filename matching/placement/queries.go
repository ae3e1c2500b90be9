package placement

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// running are the states in which a card is shown.
func running() []State { return []State{Proposed, Interested, Met} }

// holdPerson and holdEmployer keep two proposals about the same person, or to the
// same employer, one after the other: an update that changes nothing is the one
// lock that both engines share. The person is always held first.
func holdPerson(ctx context.Context, tx store.Tx, id people.ID) error {
	if _, err := tx.NewRaw("/* placement.holdPerson */ UPDATE people SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("hold person %d: %w", id, err)
	}
	return nil
}

func holdEmployer(ctx context.Context, tx store.Tx, id int64) error {
	if _, err := tx.NewRaw("/* placement.holdEmployer */ UPDATE organisations SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("hold employer %d: %w", id, err)
	}
	return nil
}

// holdPosition keeps a proposal and a change of its position one after the other: the
// change holds the same row. It is held between the person and the employer.
func holdPosition(ctx context.Context, tx store.Tx, id opportunities.LotID) error {
	_, err := tx.NewRaw("/* placement.holdPosition */ UPDATE opportunities SET revision = revision WHERE id = (SELECT opportunity_id FROM lots WHERE id = ?)", id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold position %d: %w", id, err)
	}
	return nil
}

// personIn reads a journey as it stands in a transaction.
func personIn(ctx context.Context, db bun.IDB, id people.ID) (*people.Person, error) {
	p := new(people.Person)
	err := db.NewSelect().Model(p).Comment("placement.personIn").Where("pe.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("person", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read person %d: %w", id, err)
	}
	return p, nil
}

// activeOf reads the active journeys of a structure.
func activeOf(ctx context.Context, db bun.IDB, structure int64) ([]*people.Person, error) {
	var out []*people.Person
	err := db.NewSelect().Model(&out).Comment("placement.activeOf").Where("pe.organisation_id = ?", structure).
		Where("pe.state = ?", people.Active).OrderExpr("pe.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the people of structure %d: %w", structure, err)
	}
	return out, nil
}

// toldTo reads all that a structure ever told an employer.
func toldTo(ctx context.Context, db bun.IDB, employer, structure int64) ([]*Proposal, error) {
	var out []*Proposal
	err := db.NewSelect().Model(&out).Comment("placement.toldTo").Where("pp.employer_id = ?", employer).
		Where("pp.organisation_id = ?", structure).OrderExpr("pp.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was told to employer %d: %w", employer, err)
	}
	return out, nil
}

// lotsOf reads the positions of proposals as they stand in their opportunities,
// and adds others.
func lotsOf(ctx context.Context, db bun.IDB, told []*Proposal, also ...*opportunities.Lot) ([]*opportunities.Lot, error) {
	out, seen := slices.Clip(also), map[opportunities.LotID]bool{}
	for _, l := range also {
		seen[l.ID] = true
	}
	var ids []opportunities.LotID
	for _, p := range told {
		if !seen[p.LotID] {
			seen[p.LotID] = true
			ids = append(ids, p.LotID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	lots, err := lotsByID(ctx, db, ids...)
	return append(out, lots...), err
}

// lotsByID reads lots as they stand in their opportunities and in a transaction.
func lotsByID(ctx context.Context, db bun.IDB, ids ...opportunities.LotID) ([]*opportunities.Lot, error) {
	var lots, out []*opportunities.Lot
	err := db.NewSelect().Model(&lots).Comment("placement.lotsByID").Relation("Opportunity").Where("l.id IN (?)", bun.List(ids)).OrderExpr("l.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	for _, l := range lots {
		whole := l.In(l.Opportunity)
		out = append(out, &whole)
	}
	return out, nil
}

// atPosition reads the proposals of a position.
func atPosition(ctx context.Context, db bun.IDB, lot opportunities.LotID) ([]*Proposal, error) {
	return proposals(ctx, db, "pp.lot_id = ?", lot)
}

func proposals(ctx context.Context, db bun.IDB, where string, args ...any) ([]*Proposal, error) {
	out := []*Proposal{}
	err := db.NewSelect().Model(&out).Comment("placement.proposals").Where(where, args...).OrderExpr("pp.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	return out, nil
}

func one(ctx context.Context, db bun.IDB, where string, args ...any) (*Proposal, error) {
	all, err := proposals(ctx, db, where, args...)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.NotFound("proposal", args[0])
	}
	return all[0], nil
}

func insert(ctx context.Context, tx store.Tx, p *Proposal) error {
	if _, err := tx.NewInsert().Model(p).Comment("placement.insert").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a proposal: %w", err)
	}
	return nil
}

// move writes the state of a proposal, and its event.
func move(ctx context.Context, tx store.Tx, p *Proposal, e Event) error {
	_, err := tx.NewUpdate().Model(p).Comment("placement.move").
		Column("state", "reason", "answered_at", "answered_by", "met", "revision", "updated_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write proposal %d: %w", p.ID, err)
	}
	return record(ctx, tx, e)
}

func record(ctx context.Context, tx store.Tx, e Event) error {
	if _, err := tx.NewInsert().Model(&e).Comment("placement.record").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record what happened: %w", err)
	}
	return nil
}

// besides reads what runs of the structures of some people: what changes of one
// changes the crowd of the others.
func besides(ctx context.Context, db bun.IDB, ids []people.ID) ([]*Proposal, error) {
	return proposals(ctx, db, "pp.state IN (?) AND pp.organisation_id IN (SELECT organisation_id FROM people WHERE id IN (?))", bun.List(running()), bun.List(ids))
}

// eventsOf reads the history of proposals, in order.
func eventsOf(ctx context.Context, db bun.IDB, ids ...ID) ([]Event, error) {
	out := []Event{}
	if len(ids) == 0 {
		return out, nil
	}
	err := db.NewSelect().Model(&out).Comment("placement.eventsOf").Where("pv.proposal_id IN (?)", bun.List(ids)).OrderExpr("pv.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of proposals: %w", err)
	}
	return out, nil
}

// worker is whom an employer calls.
type worker struct {
	Name  string `bun:"name"`
	Email string `bun:"email"`
}

// counsellorOf reads the name and the professional address of a counsellor of a
// structure; false when the account is another's or is closed.
func counsellorOf(ctx context.Context, db bun.IDB, user, structure int64) (worker, bool, error) {
	var rows []worker
	err := db.NewRaw(`/* placement.counsellorOf */ SELECT name, email FROM users
		WHERE id = ? AND organisation_id = ? AND role = 'counsellor' AND disabled_at IS NULL`, user, structure).Scan(ctx, &rows)
	if err != nil {
		return worker{}, false, fmt.Errorf("read counsellor %d: %w", user, err)
	}
	if len(rows) == 0 {
		return worker{}, false, nil
	}
	return rows[0], true, nil
}

// holds tells for which of the proposals an agreement holds today and the
// journey is active: what an employer may read. The agreement must be the one on
// which the proposal was made: one taken back and given again was asked anew, and
// needs that somebody proposes anew.
func holds(ctx context.Context, db bun.IDB, ids []ID, today string) (map[ID]bool, error) {
	out := map[ID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []ID
	err := db.NewRaw(`/* placement.holds */ SELECT p.id FROM proposals p
		JOIN people pe ON pe.id = p.person_id AND pe.state = ?
		JOIN agreements a ON a.person_id = p.person_id AND a.position_id = p.lot_id AND a.state = ? AND a.asked_at <= p.created_at AND (a.expires_on = '' OR a.expires_on >= ?)
		WHERE p.id IN (?) ORDER BY p.id`, people.Active, people.Given, today, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("look for the agreements of proposals: %w", err)
	}
	for _, id := range rows {
		out[id] = true
	}
	return out, nil
}

// runningAfter lists proposals that run, by their numbers.
func runningAfter(ctx context.Context, db bun.IDB, last ID, limit int) ([]*Proposal, error) {
	out := []*Proposal{}
	err := db.NewSelect().Model(&out).Comment("placement.runningAfter").Where("pp.id > ?", last).
		Where("pp.state IN (?)", bun.List(running())).OrderExpr("pp.id").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	return out, nil
}

// houseOf is a structure's own name and professional address.
func houseOf(ctx context.Context, db bun.IDB, structure int64) (Contact, error) {
	var rows []Contact
	err := db.NewRaw(`/* placement.houseOf */ SELECT CASE WHEN brand <> '' THEN brand ELSE name END AS name, email, phone
		FROM organisations WHERE id = ?`, structure).Scan(ctx, &rows)
	if err != nil {
		return Contact{}, fmt.Errorf("read structure %d: %w", structure, err)
	}
	if len(rows) == 0 {
		return Contact{}, fault.NotFound("organisation", structure)
	}
	return rows[0], nil
}

// agreementsOf reads what people said to positions.
func agreementsOf(ctx context.Context, db bun.IDB, lots []opportunities.LotID, persons []people.ID) ([]*people.Agreement, error) {
	var out []*people.Agreement
	for part := range slices.Chunk(lots, batch) {
		for some := range slices.Chunk(persons, batch) {
			var rows []*people.Agreement
			err := db.NewSelect().Model(&rows).Comment("placement.agreementsOf").Apply(people.WithMoved).Where("ag.position_id IN (?)", bun.List(part)).
				Where("ag.person_id IN (?)", bun.List(some)).OrderExpr("ag.id").Scan(ctx)
			if err != nil {
				return nil, fmt.Errorf("read agreements: %w", err)
			}
			out = append(out, rows...)
		}
	}
	return out, nil
}

// unproposed reads what was asked in a structure and is under way, of which no
// proposal runs: the agreements that hold, and whatever is to be asked again since
// the position moved.
func unproposed(ctx context.Context, db bun.IDB, structure int64, today string) ([]*people.Agreement, error) {
	out := []*people.Agreement{}
	err := db.NewSelect().Model(&out).Comment("placement.unproposed").Apply(people.WithMoved).
		Join("JOIN people AS pe ON pe.id = ag.person_id AND pe.organisation_id = ? AND pe.state = ?", structure, people.Active).
		Where("ag.state = ? AND ag.expires_on >= ? OR ag.state IN (?, ?) AND "+people.Moved, people.Given, today, people.Asked, people.Given).
		Where("NOT EXISTS (SELECT 1 FROM proposals AS p WHERE p.person_id = ag.person_id AND p.lot_id = ag.position_id AND p.state <> ?)", Withdrawn).
		OrderExpr("ag.expires_on, ag.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agreements: %w", err)
	}
	return out, nil
}

// proposalsAt reads the proposals of positions.
func proposalsAt(ctx context.Context, db bun.IDB, lots []opportunities.LotID) ([]*Proposal, error) {
	return proposalsIn(ctx, db, "pp.lot_id IN (?)", lots)
}

// proposalsIn reads the proposals of many things, some at once.
func proposalsIn[T ~int64](ctx context.Context, db bun.IDB, where string, ids []T) ([]*Proposal, error) {
	var out []*Proposal
	for part := range slices.Chunk(ids, batch) {
		rows, err := proposals(ctx, db, where, bun.List(part))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// seatsBarred reads which sessions the people of a structure can enter no more: they have a
// place there, were not retained for good, or said no or took their agreement back and were
// not asked again.
func seatsBarred(ctx context.Context, db bun.IDB, structure int64) (map[journeys.Seat]bool, error) {
	var rows []struct {
		PersonID people.ID           `bun:"person_id"`
		LotID    opportunities.LotID `bun:"lot_id"`
	}
	err := db.NewRaw(`/* placement.seatsBarred */ WITH sessions AS (SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id WHERE o.kind = ? AND o.state = ?)
		SELECT p.person_id, p.lot_id FROM proposals p JOIN sessions s ON s.id = p.lot_id
		WHERE p.organisation_id = ? AND (p.state = ? OR p.state = ? AND p.reason <> ?)
		UNION SELECT a.person_id, a.position_id FROM agreements a JOIN sessions s ON s.id = a.position_id JOIN people pe ON pe.id = a.person_id
		WHERE pe.organisation_id = ? AND a.state IN (?, ?) ORDER BY 1, 2`, opportunities.TrainingSession, opportunities.Published,
		structure, Hired, NotRetained, placeGivenUp, structure, people.Refused, people.Withdrawn).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the sessions that people can enter no more: %w", err)
	}
	out := make(map[journeys.Seat]bool, len(rows))
	for _, r := range rows {
		out[journeys.Seat{Person: journeys.PersonID(r.PersonID), Session: journeys.PositionID(r.LotID)}] = true
	}
	return out, nil
}

// sessionsOpen lists the sessions of training that are published.
func sessionsOpen(ctx context.Context, db bun.IDB) ([]opportunities.LotID, error) {
	return lotIDs(ctx, db, `/* placement.sessionsOpen */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind = ? AND o.state = ? ORDER BY l.id`, opportunities.TrainingSession, opportunities.Published)
}

// openedSince lists the positions published since an instant.
func openedSince(ctx context.Context, db bun.IDB, since time.Time) ([]opportunities.LotID, error) {
	return lotIDs(ctx, db, `/* placement.openedSince */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind IN (?) AND o.state = ? AND o.published_at >= ? ORDER BY l.id`, bun.List(postKinds()), opportunities.Published, since)
}

func lotIDs(ctx context.Context, db bun.IDB, query string, args ...any) ([]opportunities.LotID, error) {
	var out []opportunities.LotID
	if err := db.NewRaw(query, args...).Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("find positions: %w", err)
	}
	return out, nil
}

// firstAnswers finds when the proposals made since an instant were first answered.
func firstAnswers(ctx context.Context, db bun.IDB, since time.Time) (map[ID]time.Time, error) {
	var rows []Event
	err := db.NewSelect().Model(&rows).Comment("placement.firstAnswers").Where("pv.to_state IN (?)", bun.List(Answers())).
		Where("pv.proposal_id IN (SELECT id FROM proposals WHERE created_at >= ?)", since).OrderExpr("pv.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the answers of proposals: %w", err)
	}
	out := map[ID]time.Time{}
	for _, e := range rows {
		if _, known := out[e.ProposalID]; !known {
			out[e.ProposalID] = e.At
		}
	}
	return out, nil
}

// touchedByNetwork are the opportunities that an officer or an administrator wrote,
// changed or moved, or an account that an officer opened alone; and those of an
// organisation that an officer made, until it is countersigned (network/countersign.go).
func touchedByNetwork(ctx context.Context, db bun.IDB) (map[opportunities.ID]bool, error) {
	var ids []opportunities.ID
	err := db.NewRaw(`/* placement.touchedByNetwork */ SELECT oe.opportunity_id FROM opportunity_events AS oe
			JOIN users AS us ON us.id = oe.actor_id WHERE us.role IN (?, ?)
		UNION SELECT oe.opportunity_id FROM opportunity_events AS oe
			JOIN invitations AS i ON i.user_id = oe.actor_id WHERE i.alone AND i.countersigned_at IS NULL
		UNION SELECT op.id FROM opportunities AS op
			JOIN organisations AS o ON o.id IN (op.publisher_id, op.buyer_id) WHERE o.opened_by IS NOT NULL
		ORDER BY 1`, accounts.Admin, accounts.Officer).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read what the network published: %w", err)
	}
	out := make(map[opportunities.ID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}
