package tenure

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// side is whose eyes read a tenure.
type side int

const (
	stranger side = iota
	structure
	employer
)

// subject is a proposal with what became of it.
type subject struct {
	ProposalID   placement.ID        `bun:"id"`
	Ref          string              `bun:"ref"`
	PersonID     people.ID           `bun:"person_id"`
	LotID        opportunities.LotID `bun:"lot_id"`
	Organisation int64               `bun:"organisation_id"`
	Employer     int64               `bun:"employer_id"`
	Kind         opportunities.Kind  `bun:"kind"`
	EndsOn       string              `bun:"ends_on"` // last day of the position; empty: none is said
	Proposal     placement.State     `bun:"proposal_state"`
	StartsOn     string              `bun:"starts_on"` // its first day; empty: none is said
	HiredAt      *time.Time          `bun:"hired_at"`
	State        State               `bun:"state"`
	Since        *time.Time          `bun:"since"`
	Motive       Motive              `bun:"motive"`
	Revision     int64               `bun:"revision"`
}

// revision is 1 while nothing was told.
func (r *subject) revision() int64 { return max(1, r.Revision) }

// job tells what people are hired for and stay in: a training and an immersion are none.
func (r *subject) job() bool {
	return r.Kind != opportunities.TrainingSession && r.Kind != opportunities.Immersion
}

// begun is when the job began: where the position begins after the day when the hiring
// was told, its first day. Months in post are counted from there.
func (r *subject) begun() time.Time {
	if first, err := time.Parse(time.DateOnly, r.StartsOn); err == nil && first.After(*r.HiredAt) {
		return first
	}
	return *r.HiredAt
}

// sideOf tells whose a tenure is to somebody.
func (r *subject) sideOf(who accounts.Identity) side {
	switch {
	case who.Role == accounts.Counsellor && accounts.Can(who, accounts.TenureRead, accounts.Of(r.Organisation)):
		return structure
	case who.Role != accounts.Counsellor && accounts.Can(who, accounts.TenureRead, accounts.Of(r.Employer)):
		return employer
	}
	return stranger
}

const subjectColumns = `SELECT p.id, p.ref, p.person_id, p.lot_id, p.organisation_id, p.employer_id, p.state AS proposal_state, o.kind, l.starts_on, COALESCE(NULLIF(l.ends_on, ''), l.starts_on) AS ends_on,
	CASE WHEN p.state = 'hired' THEN p.answered_at END AS hired_at, COALESCE(te.state, '') AS state, te.since, COALESCE(te.motive, '') AS motive, COALESCE(te.revision, 0) AS revision
	FROM proposals AS p JOIN lots AS l ON l.id = p.lot_id JOIN opportunities AS o ON o.id = l.opportunity_id LEFT JOIN tenures AS te ON te.proposal_id = p.id `

// subjects reads the proposals of which somebody was met or hired.
func subjects(ctx context.Context, db bun.IDB, f Filter, organisation int64) ([]*subject, error) {
	var out []*subject
	err := db.NewRaw(`/* tenure.subjects */ `+subjectColumns+`WHERE p.state IN ('met', 'hired') AND (p.organisation_id = ? OR p.employer_id = ?)
		AND (? = 0 OR p.person_id = ?) AND (? = 0 OR p.lot_id = ?) ORDER BY p.id DESC LIMIT 500`,
		organisation, organisation, f.Person, f.Person, f.Lot, f.Lot).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list tenures: %w", err)
	}
	return out, nil
}

// keptOf reads the steps of a person of a structure.
func keptOf(ctx context.Context, db bun.IDB, id people.ID, organisation int64) ([]Kept, error) {
	out := []Kept{}
	err := db.NewRaw(`/* tenure.keptOf */ SELECT tv.proposal_id, p.ref, p.lot_id, tv.at, tv.actor_id, tv.from_state, tv.to_state, tv.motive
		FROM tenure_events AS tv JOIN proposals AS p ON p.id = tv.proposal_id WHERE p.person_id = ? AND p.organisation_id = ? ORDER BY tv.id`, id, organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list the steps of a tenure: %w", err)
	}
	return out, nil
}

// hold takes a proposal for this transaction.
func hold(ctx context.Context, tx store.Tx, ref string) (*subject, error) {
	if _, err := tx.NewRaw("/* tenure.hold */ UPDATE proposals SET label = label WHERE ref = ?", ref).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold a proposal: %w", err)
	}
	var rows []*subject
	if err := tx.NewRaw("/* tenure.hold */ "+subjectColumns+"WHERE p.ref = ? ORDER BY p.id", ref).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read a proposal: %w", err)
	}
	if len(rows) == 0 {
		return nil, fault.NotFound("proposal", ref)
	}
	return rows[0], nil
}

// keep writes a tenure and the event that made it so.
func keep(ctx context.Context, tx store.Tx, t *Tenure, e *Event) error {
	_, err := tx.NewInsert().Model(t).Comment("tenure.keep").On("CONFLICT (proposal_id) DO UPDATE").
		Set("state = EXCLUDED.state, since = EXCLUDED.since, motive = EXCLUDED.motive, revision = EXCLUDED.revision, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("write the tenure of proposal %d: %w", t.ProposalID, err)
	}
	if _, err := tx.NewInsert().Model(e).Comment("tenure.record").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("record the tenure of proposal %d: %w", t.ProposalID, err)
	}
	return nil
}

// hired reads the proposals of which somebody was hired and is not said to be gone
// nor in post at six months.
func hired(ctx context.Context, db bun.IDB) ([]*subject, error) {
	var out []*subject
	err := db.NewRaw("/* tenure.hired */ "+subjectColumns+"WHERE p.state = 'hired' AND COALESCE(te.state, '') NOT IN (?) ORDER BY p.id", bun.List([]State{InPost6, Left})).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who was hired: %w", err)
	}
	return out, nil
}
