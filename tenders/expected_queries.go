package tenders

import (
	"context"
	"fmt"

	"maillage/internal/store"
	"maillage/opportunities"

	"github.com/uptrace/bun"
)

// mostNotices bounds the notices of a buyer that a forecast reads, the latest
// first.
const mostNotices = 5000

// noticesOfBuyer reads the awards and the calls of a buyer since a day: those
// under its number and, of the calls without any number, those under a name
// that the buyer bears elsewhere, and nobody else.
func noticesOfBuyer(ctx context.Context, tx store.Tx, siren, since string) (rows []noticeRow, err error) {
	err = tx.NewRaw(`/* tenders.noticesOfBuyer */
		SELECT n.id, n.source, n.source_id, n.version, n.raw_digest, n.key, n.nature, n.family, n.published, n.document FROM notices AS n
		WHERE n.buyer_siren = ? AND n.published >= ? AND n.key <> '' AND n.family IN (?)
		ORDER BY n.published DESC, n.id DESC LIMIT ?`, siren, since, bun.List([]Nature{Award, Call}), mostNotices).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the notices of buyer %s: %w", siren, err)
	}
	var named []noticeRow
	err = tx.NewRaw(`/* tenders.noticesOfBuyer */
		SELECT n.id, n.source, n.source_id, n.version, n.raw_digest, n.key, n.nature, n.family, n.published, n.document FROM notices AS n
		WHERE n.buyer_siren = '' AND n.family = ? AND n.key <> '' AND n.published >= ?
			AND n.buyer_name IN (SELECT b.buyer_name FROM notices AS b WHERE b.buyer_siren = ? AND b.buyer_name <> '')
			AND NOT EXISTS (SELECT 1 FROM notices AS x WHERE x.buyer_name = n.buyer_name AND x.buyer_siren <> '' AND x.buyer_siren <> ?)
		ORDER BY n.id DESC LIMIT ?`, Call, since, siren, siren, mostNotices).Scan(ctx, &named)
	if err != nil {
		return nil, fmt.Errorf("read the calls in the name of buyer %s: %w", siren, err)
	}
	return append(rows, named...), nil
}

// procurementAt is where a procurement stands.
type procurementAt struct {
	ID    opportunities.ID    `bun:"id"`
	Key   string              `bun:"key"`
	State opportunities.State `bun:"state"`
}

// statesOf reads where the procurements of notices stand, by key.
func statesOf(ctx context.Context, tx store.Tx, rows []noticeRow) (map[string]procurementAt, error) {
	var keys []string
	out := map[string]procurementAt{}
	for _, r := range rows {
		if _, seen := out[r.Key]; !seen {
			out[r.Key] = procurementAt{}
			keys = append(keys, r.Key)
		}
	}
	clear(out)
	for start := 0; start < len(keys); start += 400 {
		var found []procurementAt
		err := tx.NewRaw("/* tenders.statesOf */ SELECT id, key, state FROM opportunities WHERE key IN (?) AND key <> ''",
			bun.List(keys[start:min(start+400, len(keys))])).Scan(ctx, &found)
		if err != nil {
			return nil, fmt.Errorf("read where procurements stand: %w", err)
		}
		for _, at := range found {
			out[at.Key] = at
		}
	}
	return out, nil
}

// foreseenBuyers lists the buyers that have awards or expected calls, after one,
// in the order of their numbers.
func (s *Service) foreseenBuyers(ctx context.Context, after string, limit int) (list []string, err error) {
	err = s.store.Read().NewRaw(`/* tenders.foreseenBuyers */
		SELECT siren FROM (
			SELECT DISTINCT buyer_siren AS siren FROM notices WHERE family = ? AND buyer_siren > ?
			UNION SELECT DISTINCT substr(key, 10, 9) FROM opportunities WHERE kind = 'expected' AND substr(key, 10, 9) > ?
		) AS b ORDER BY siren LIMIT ?`, Award, after, after, limit).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("list the buyers to forecast: %w", err)
	}
	return list, nil
}

// sirenOfNames finds the numbers of buyers known by name; a name that several
// bear finds nobody.
func (s *Service) sirenOfNames(ctx context.Context, names []string) (list []string, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	err = s.store.Read().NewRaw(`/* tenders.sirenOfNames */
		SELECT min(buyer_siren) FROM notices WHERE buyer_name IN (?) AND buyer_siren <> ''
		GROUP BY buyer_name HAVING min(buyer_siren) = max(buyer_siren) ORDER BY 1`, bun.List(names)).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("find buyers by name: %w", err)
	}
	return list, nil
}
