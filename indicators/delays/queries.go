package delays

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
)

// seat is the commune of an organisation's main site, as a column.
const seat = "COALESCE((SELECT MIN(s.commune) FROM sites s WHERE s.organisation_id = o.id AND s.main), '') AS commune"

// group is the key of an organisation's economic group (GES), as a column; empty:
// it is its own.
const group = "COALESCE((SELECT MIN(gr.key) FROM groups gr JOIN group_members gm ON gm.group_id = gr.id WHERE gm.organisation_id = o.id), '') AS group_key"

// proposedLot is an opportunity as one member was proposed it.
type proposedLot struct {
	Opportunity  int64        `bun:"opportunity_id"`
	Organisation int64        `bun:"organisation_id"`
	Group        string       `bun:"group_key"`
	Kind         compute.Kind `bun:"kind"`
	Commune      string       `bun:"commune"`
	Since        time.Time    `bun:"since"`
	Answered     *time.Time   `bun:"answered"`
	Deadline     *time.Time   `bun:"deadline"`
	Ended        *time.Time   `bun:"ended"` // closed, awarded or cancelled, and still so
}

// proposedLots reads the opportunities proposed to each member, the first day of each. An
// award that somebody confirmed is no answer of the enterprise.
func proposedLots(ctx context.Context, db bun.IDB) ([]proposedLot, error) {
	var out []proposedLot
	err := db.NewRaw(`/* delays.proposedLots */ SELECT l.opportunity_id, m.organisation_id, o.kind, `+seat+`, `+group+`,
		MIN(m.first_proposed_at) AS since, MIN((SELECT MIN(e.at) FROM pursuit_events e WHERE e.match_id = m.id AND e.to_state NOT IN ('notified', 'seen') AND e.origin <> 'award')) AS answered, MIN(op.deadline) AS deadline,
		MIN(CASE WHEN op.state IN ('closed', 'awarded', 'cancelled') THEN (SELECT MAX(v.at) FROM opportunity_events v WHERE v.opportunity_id = op.id AND v.kind IN ('closed', 'awarded', 'cancelled')) END) AS ended
		FROM matches m JOIN lots l ON l.id = m.lot_id JOIN opportunities op ON op.id = l.opportunity_id JOIN organisations o ON o.id = m.organisation_id
		GROUP BY l.opportunity_id, m.organisation_id, o.kind, o.id ORDER BY l.opportunity_id, m.organisation_id`).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what was proposed to members: %w", err)
	}
	return out, nil
}

// proposedPerson is a person proposed to an employer, without who it is.
type proposedPerson struct {
	ID           int64        `bun:"id"`
	Organisation int64        `bun:"organisation_id"`
	Group        string       `bun:"group_key"`
	Kind         compute.Kind `bun:"kind"`
	Commune      string       `bun:"commune"`
	Since        time.Time    `bun:"since"`
	Answered     *time.Time   `bun:"answered"`
	Withdrawn    *time.Time   `bun:"withdrawn"`
}

// proposedPeople reads when each proposal was made, and first answered or taken back;
// what a structure noted of its own positions waited for nobody.
func proposedPeople(ctx context.Context, db bun.IDB) ([]proposedPerson, error) {
	var out []proposedPerson
	err := db.NewRaw(`/* delays.proposedPeople */ SELECT p.id, p.organisation_id, o.kind, `+seat+`, `+group+`, p.created_at AS since,
		(SELECT MIN(e.at) FROM proposal_events e WHERE e.proposal_id = p.id AND e.from_state = 'proposed' AND e.to_state IN ('interested', 'met', 'not_retained', 'hired')) AS answered,
		(SELECT MIN(e.at) FROM proposal_events e WHERE e.proposal_id = p.id AND e.to_state = 'withdrawn') AS withdrawn
		FROM proposals p JOIN organisations o ON o.id = p.organisation_id WHERE p.organisation_id <> p.employer_id ORDER BY p.id`).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what was proposed to employers: %w", err)
	}
	return out, nil
}

// followedWorker is a journey as the observatory has it.
type followedWorker struct {
	Worker     int64          `bun:"worker_id"`
	Enterprise int64          `bun:"enterprise_id"`
	Group      string         `bun:"economic_group"` // in LastYear
	Kind       compute.Kind   `bun:"kind"`
	Commune    string         `bun:"commune"` // as it was called in LastYear
	LastYear   int            `bun:"last_year"`
	Begins     string         `bun:"begins"`
	Exit       string         `bun:"exit_on"` // empty: still there
	Entered    string         `bun:"entered_on"`
	Motive     compute.Motive `bun:"motive"`
}

// workersFollowed reads the workers whose enterprise sent its exits, with the first
// day of their contracts and their first exit, and the last year that was sent.
func workersFollowed(ctx context.Context, db bun.IDB) ([]followedWorker, error) {
	var out []followedWorker
	err := db.NewRaw(`/* delays.workersFollowed */ SELECT w.id AS worker_id, w.enterprise_id, y.economic_group, y.kind, y.commune, y.year AS last_year,
		COALESCE((SELECT MIN(c.begins_on) FROM observed_contracts c WHERE c.worker_id = w.id), '') AS begins,
		COALESCE(x.exit_on, '') AS exit_on, COALESCE(x.entered_on, '') AS entered_on, COALESCE(x.motive, '') AS motive
		FROM observed_workers w
		JOIN observed_years y ON y.enterprise_id = w.enterprise_id AND y.year = (SELECT MAX(z.year) FROM observed_years z WHERE z.enterprise_id = w.enterprise_id AND z.exits = 'collected')
		LEFT JOIN observed_exits x ON x.worker_id = w.id AND x.exit_on = (SELECT MIN(f.exit_on) FROM observed_exits f WHERE f.worker_id = w.id)
		ORDER BY w.id`).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the journeys: %w", err)
	}
	return out, nil
}

// dynamic are the motives of a dynamic exit (C07).
var dynamic = []compute.Motive{compute.CDI, compute.CDD, compute.Interim, compute.Creation, compute.PublicPost, compute.Aided, compute.Qualifying, compute.OtherSIAE}

// followed gives the first and the last day, and whether a dynamic exit or another
// one ended it; false where nobody said when the journey began, or it began after
// what was sent.
func (r followedWorker) followed() (wait, bool) {
	first := r.Entered
	if first == "" {
		first = r.Begins
	}
	since, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return wait{}, false
	}
	w := wait{since: since, until: time.Date(r.LastYear, 12, 31, 0, 0, 0, 0, time.UTC)}
	if left, err := time.Parse(time.DateOnly, r.Exit); err == nil && !left.After(w.until) {
		w.until, w.event = left, slices.Contains(dynamic, r.Motive)
		w.other = !w.event
	}
	return w, !w.until.Before(since)
}
