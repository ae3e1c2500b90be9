package markets

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// support is one time when a member was accompanied, and how.
type support struct {
	Organisation int64     `bun:"organisation_id"`
	Commune      string    `bun:"commune"` // of its seat
	Way          string    `bun:"way"`
	At           time.Time `bun:"at"`
}

// seat is the commune of the seat of an organisation o, as a column.
const seat = "COALESCE((SELECT MIN(s.commune) FROM sites s WHERE s.organisation_id = o.id AND s.main), '') AS commune"

// supportsOf reads when members were accompanied in a period: a question put to the
// legal desk, an exchange that somebody else than the member notes and in which it was
// reached, a group composed with it that was not dissolved.
func supportsOf(ctx context.Context, db bun.IDB, from, end time.Time) ([]support, error) {
	var out []support
	for _, q := range []string{
		`SELECT o.id AS organisation_id, ` + seat + `, 'asked' AS way, q.asked_at AS at FROM legal_questions q JOIN organisations o ON o.id = q.organisation_id
			WHERE o.role = 'member' AND q.asked_at >= ? AND q.asked_at < ? ORDER BY q.id`,
		`SELECT o.id AS organisation_id, ` + seat + `, 'advised' AS way, c.at FROM contacts c JOIN organisations o ON o.id = c.organisation_id
			WHERE o.role = 'member' AND c.noted_for <> o.id AND c.outcome NOT IN ('no_answer', 'call_back') AND c.at >= ? AND c.at < ? ORDER BY c.id`,
		`SELECT o.id AS organisation_id, ` + seat + `, 'composed' AS way, g.created_at AS at FROM consortia g JOIN consortium_members m ON m.consortium_id = g.id JOIN organisations o ON o.id = m.organisation_id
			WHERE o.role = 'member' AND g.state <> 'dissolved' AND g.created_at >= ? AND g.created_at < ? ORDER BY g.id, o.id`,
	} {
		var some []support
		if err := db.NewRaw("/* markets.supportsOf */ "+q, from.UTC(), end.UTC()).Scan(ctx, &some); err != nil {
			return nil, fmt.Errorf("read how members were accompanied: %w", err)
		}
		out = append(out, some...)
	}
	return out, nil
}

// seatsOf gives the commune of the seat of each organisation behind a market.
func seatsOf(ctx context.Context, db bun.IDB) (map[int64]string, error) {
	var rows []support
	err := db.NewRaw("/* markets.seatsOf */ SELECT o.id AS organisation_id, "+seat+" FROM organisations o WHERE o.id IN (SELECT ref FROM market_parts WHERE role NOT IN ('prospect', 'shown')) ORDER BY o.id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read where members are: %w", err)
	}
	out := map[int64]string{}
	for _, r := range rows {
		out[r.Organisation] = r.Commune
	}
	return out, nil
}

// groupsOf gives the economic group of each organisation that is of one.
func groupsOf(ctx context.Context, db bun.IDB) (map[int64]string, error) {
	var rows []struct {
		Organisation int64  `bun:"organisation_id"`
		Key          string `bun:"key"`
	}
	err := db.NewRaw("/* markets.groupsOf */ SELECT m.organisation_id, 'g:' || MIN(g.key) AS key FROM groups g JOIN group_members m ON m.group_id = g.id GROUP BY m.organisation_id ORDER BY m.organisation_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the economic groups: %w", err)
	}
	out := make(map[int64]string, len(rows))
	for _, r := range rows {
		out[r.Organisation] = r.Key
	}
	return out, nil
}
