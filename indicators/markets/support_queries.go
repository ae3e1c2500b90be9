package markets

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
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

// supportsOf reads when an association accompanied members in a period: it answered
// their question to the legal desk, noted an exchange in which they were reached, or
// composed with them a group that was not dissolved. Who did it counts for where they
// were then. Of no association: all of them, and the administrators.
func supportsOf(ctx context.Context, db bun.IDB, association int64, from, end time.Time) ([]support, error) {
	var out []support
	of := bun.SafeQuery("= ?", association)
	if association == 0 {
		of = bun.SafeQuery("NOT IN (SELECT other.id FROM organisations other WHERE other.role NOT IN ('regional_association', 'federation'))")
	}
	for _, q := range []string{
		`SELECT o.id AS organisation_id, ` + seat + `, 'answered' AS way, l.at FROM legal_messages l JOIN legal_questions q ON q.id = l.question_id JOIN organisations o ON o.id = q.organisation_id
			WHERE o.role = 'member' AND l.kind = 'answer' AND l.author_for ? AND l.at >= ? AND l.at < ? ORDER BY l.id`,
		`SELECT o.id AS organisation_id, ` + seat + `, 'advised' AS way, c.at FROM contacts c JOIN organisations o ON o.id = c.organisation_id
			WHERE o.role = 'member' AND c.noted_for ? AND c.outcome NOT IN ('no_answer', 'call_back') AND c.at >= ? AND c.at < ? ORDER BY c.id`,
		`SELECT o.id AS organisation_id, ` + seat + `, 'composed' AS way, g.created_at AS at FROM consortia g JOIN consortium_members m ON m.consortium_id = g.id JOIN organisations o ON o.id = m.organisation_id
			WHERE o.role = 'member' AND g.state <> 'dissolved' AND g.created_by IS NOT NULL AND g.created_for ? AND g.created_at >= ? AND g.created_at < ? ORDER BY g.id, o.id`,
	} {
		var some []support
		if err := db.NewRaw("/* markets.supportsOf */ "+q, of, from.UTC(), end.UTC()).Scan(ctx, &some); err != nil {
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

// Association is one of those that accompany members.
type Association struct {
	ID   int64  `bun:"id"`
	Name string `bun:"name"`
}

// associationsOf lists them; only: that one alone, 0: every one.
func associationsOf(ctx context.Context, db bun.IDB, only int64) ([]Association, error) {
	var out []Association
	err := db.NewRaw("/* markets.associationsOf */ SELECT id, CASE WHEN brand <> '' THEN brand ELSE name END AS name FROM organisations WHERE role IN ('regional_association', 'federation') AND (? = 0 OR id = ?) ORDER BY 2, id", only, only).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list the associations: %w", err)
	}
	return out, nil
}

// perimetersOf reads those of the officers of an association, each once.
func perimetersOf(ctx context.Context, db bun.IDB, association int64) ([]string, error) {
	var out []string
	err := db.NewRaw("/* markets.perimetersOf */ SELECT DISTINCT perimeter FROM users WHERE organisation_id = ? AND role = ? AND perimeter <> '' AND disabled_at IS NULL ORDER BY perimeter", association, accounts.Officer).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the perimeters of an association: %w", err)
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
