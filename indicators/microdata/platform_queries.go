package microdata

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

// membersWithJourneys are the members of insertion that hold journeys, with their
// seat, their GES and how many poles they are in.
func membersWithJourneys(ctx context.Context, db bun.IDB) ([]member, error) {
	var out []member
	err := db.NewRaw(`/* microdata.membersWithJourneys */ SELECT o.id, o.kind, o.siret,
		COALESCE((SELECT MIN(s.commune) FROM sites s WHERE s.organisation_id = o.id AND s.main), '') AS commune,
		COALESCE((SELECT MIN(gr.key) FROM groups gr JOIN group_members gm ON gm.group_id = gr.id WHERE gm.organisation_id = o.id), '') AS group_key,
		(SELECT COUNT(*) FROM pole_members pm WHERE pm.organisation_id = o.id) AS poles
		FROM organisations o WHERE o.kind IN (?) AND EXISTS (SELECT 1 FROM people p WHERE p.organisation_id = o.id) ORDER BY o.id`,
		bun.List(compute.InsertionKinds())).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("find the members that hold journeys: %w", err)
	}
	return out, nil
}

// enterpriseOf finds the enterprise that is tied to an organisation.
func enterpriseOf(ctx context.Context, db bun.IDB, organisation int64) ([]Enterprise, error) {
	var out []Enterprise
	err := db.NewSelect().Model(&out).Comment("microdata.enterpriseOf").Where("oe.organisation_id = ?", organisation).Order("oe.id").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the enterprise of organisation %d: %w", organisation, err)
	}
	return out, nil
}

// sendsFiles tells whether a file described a worker of an enterprise.
func sendsFiles(ctx context.Context, db bun.IDB, enterprise int64) (bool, error) {
	var found []int64
	err := db.NewRaw("/* microdata.sendsFiles */ SELECT id FROM observed_workers WHERE enterprise_id = ? AND origin = ? ORDER BY id LIMIT 1", enterprise, FromFile).Scan(ctx, &found)
	if err != nil {
		return false, fmt.Errorf("look for files of enterprise %d: %w", enterprise, err)
	}
	return len(found) > 0, nil
}

// dropGathered takes away what the platform gave of an enterprise: its files say it all.
func dropGathered(ctx context.Context, tx store.Tx, enterprise int64) (int, error) {
	r, err := tx.NewRaw("/* microdata.dropGathered */ DELETE FROM observed_workers WHERE enterprise_id = ? AND origin = ?", enterprise, FromPlatform).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("drop what was gathered of enterprise %d: %w", enterprise, err)
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// journeysOf reads journeys without their numbers, codes, profiles nor identities.
func journeysOf(ctx context.Context, db bun.IDB, organisation int64) ([]journey, error) {
	var out []journey
	err := db.NewRaw(`/* microdata.journeysOf */ SELECT p.id, p.entered_on, p.contract_ends, p.ended_on, p.state, p.erased_at IS NOT NULL AS erased, p.commune,
		COALESCE(t.sex, '') AS sex, COALESCE(t.birth_year, 0) AS birth_year, COALESCE(t.qpv, '') AS qpv
		FROM people p LEFT JOIN person_traits t ON t.person_id = p.id WHERE p.organisation_id = ? ORDER BY p.id`, organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the journeys of organisation %d: %w", organisation, err)
	}
	return out, nil
}

// hiringsOf are the proposals of a structure that ended in a hiring, the latest first. A
// place in a training is none.
func hiringsOf(ctx context.Context, db bun.IDB, organisation int64) ([]hiring, error) {
	var out []hiring
	err := db.NewRaw(`/* microdata.hiringsOf */ SELECT pr.person_id, pr.answered_at, COALESCE(CAST(l.terms AS text), '') AS terms, l.starts_on, l.ends_on
		FROM proposals pr JOIN lots l ON l.id = pr.lot_id JOIN opportunities o ON o.id = l.opportunity_id AND o.kind <> 'training_session'
		WHERE pr.organisation_id = ? AND pr.state = 'hired' AND pr.answered_at IS NOT NULL
		ORDER BY pr.answered_at DESC, pr.id DESC`, organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the hirings of organisation %d: %w", organisation, err)
	}
	return out, nil
}

// contractIn is the contract that the terms of a position say; empty: not said.
func contractIn(terms string) string {
	var t struct {
		Contract string `json:"contract"`
	}
	if json.Unmarshal([]byte(terms), &t) != nil {
		return ""
	}
	return t.Contract
}

// month is the hours of somebody in user enterprises.
type month struct {
	PersonID int64   `bun:"person_id"`
	Month    string  `bun:"month"`
	Hours    float64 `bun:"hours"`
}

// Hundredths are the hours, exact to the hundredth.
func (m *month) Hundredths() int64 { return int64(math.Round(100 * m.Hours)) }

func monthsOf(ctx context.Context, db bun.IDB, organisation int64) ([]month, error) {
	var out []month
	err := db.NewRaw("/* microdata.monthsOf */ SELECT h.person_id, h.month, h.hours FROM person_hours h JOIN people p ON p.id = h.person_id WHERE p.organisation_id = ? ORDER BY h.person_id, h.month", organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the hours of organisation %d: %w", organisation, err)
	}
	return out, nil
}

func placementsOf(ctx context.Context, db bun.IDB, ids []int64) ([]Placement, error) {
	return rowsOf[Placement](ctx, db, "placementsOf", ids, []string{"worker_id", "begins_on", "kind"}, "")
}

func unlinkWorker(ctx context.Context, tx store.Tx, id int64, mark string) error {
	if _, err := tx.NewRaw("/* microdata.unlinkWorker */ UPDATE observed_workers SET mark = ? WHERE id = ?", mark, id).Exec(ctx); err != nil {
		return fmt.Errorf("unlink worker %d: %w", id, err)
	}
	return nil
}
