package people

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// each reads the chosen journeys until fn is false. What a person wishes is in
// its profile, which is not in the database's power: a structure has hundreds
// of journeys, so they are read and looked at.
func (s *Service) each(ctx context.Context, f Filter, after ID, fn func(*Person) bool) error {
	for {
		var rows []*Person
		err := f.where(s.store.Read().NewSelect().Model(&rows).Comment("people.List")).
			Where("pe.id > ?", after).Order("pe.id").Limit(chunk).Scan(ctx)
		if err != nil {
			return fmt.Errorf("list people: %w", err)
		}
		for _, p := range rows {
			if f.wished(p) && !fn(p) {
				return nil
			}
		}
		if len(rows) < chunk {
			return nil
		}
		after = rows[len(rows)-1].ID
	}
}

func (f Filter) where(q *bun.SelectQuery) *bun.SelectQuery {
	q = q.Where("pe.organisation_id = ?", f.Organisation)
	if f.Counsellor != 0 {
		q = q.Where("pe.counsellor_id = ?", f.Counsellor)
	}
	if f.Unassigned {
		q = q.Where("pe.counsellor_id IS NULL")
	}
	if len(f.States) > 0 {
		q = q.Where("pe.state IN (?)", bun.List(f.States))
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(text)) + "%"
		q = q.Where(`(lower(pe.code) LIKE ? ESCAPE '\' OR lower(pe.key) LIKE ? ESCAPE '\')`, like, like)
	}
	return q
}

func counts(ctx context.Context, db bun.IDB, organisation int64) (map[State]int, error) {
	var rows []struct {
		State State `bun:"state"`
		N     int   `bun:"n"`
	}
	err := db.NewRaw("/* people.Counts */ SELECT state, count(*) AS n FROM people WHERE organisation_id = ? GROUP BY state ORDER BY state", organisation).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count the journeys of organisation %d: %w", organisation, err)
	}
	out := map[State]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, nil
}
