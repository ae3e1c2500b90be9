package placement

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/opportunities"
)

// headOf is a position of which so many people were hired: one whose places are all
// taken can no longer be taken, however long its publication still runs. Package
// people, which must not know this one, refuses by the same count to ask about it.
func (s *Service) headOf(l *opportunities.Lot, hired int) Head {
	h := s.head(l)
	h.Filled = h.Open && hired >= max(1, l.Posts)
	h.Open = h.Open && !h.Filled
	return h
}

// head is a position that the dresser has read the proposals of.
func (d *dresser) head(l *opportunities.Lot) Head { return d.s.headOf(l, hiredAmong(d.there[l.ID])) }

func hiredAmong(there []*Proposal) (n int) {
	for _, p := range there {
		if p.State == Hired {
			n++
		}
	}
	return n
}

// hiredAt counts those hired for positions; one of which nobody was is left out.
func hiredAt(ctx context.Context, db bun.IDB, lots []opportunities.LotID) (map[opportunities.LotID]int, error) {
	out := map[opportunities.LotID]int{}
	for part := range slices.Chunk(lots, batch) {
		var rows []struct {
			Lot opportunities.LotID `bun:"lot_id"`
			N   int                 `bun:"n"`
		}
		err := db.NewRaw(`/* placement.hiredAt */ SELECT lot_id, COUNT(*) AS n FROM proposals WHERE state = ? AND lot_id IN (?)
			GROUP BY lot_id ORDER BY lot_id`, Hired, bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("count who was hired: %w", err)
		}
		for _, r := range rows {
			out[r.Lot] = r.N
		}
	}
	return out, nil
}
