package figures

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

func compareScopes(a, b Scope) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Kind, b.Kind))
}

// errMoved says that parts changed since they were read: they are read again.
var errMoved = errors.New("the parts of the year changed")

// sumYear makes the stale sums of a year again and tells how many.
func (s *Service) sumYear(ctx context.Context, year int) (int, error) {
	summed := 0
	for {
		held, err := s.hold(ctx, year)
		if err != nil {
			return summed, err
		}
		n, err := s.sumHeld(ctx, held)
		summed += n
		if !errors.Is(err, errMoved) {
			return summed, err
		}
	}
}

// held is the parts of a year as they were at a revision, by scope.
type held struct {
	year     int
	revision int64
	by       map[Scope][]*compute.Part
}

// hold reads the revision before the parts: what changes in between is seen by
// the transaction that writes.
func (s *Service) hold(ctx context.Context, year int) (*held, error) {
	h := &held{year: year, by: map[Scope][]*compute.Part{}}
	var err error
	if h.revision, err = revisionOf(ctx, s.store.Read(), year); err != nil {
		return nil, err
	}
	parts, err := allParts(ctx, s.store.Read(), year)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		counted, err := p.counts()
		if err != nil {
			return nil, err
		}
		for _, scope := range p.scopes() {
			h.by[scope] = append(h.by[scope], counted)
		}
	}
	return h, nil
}

// counts reads what a part counts.
func (p *part) counts() (*compute.Part, error) {
	out := &compute.Part{Enterprise: p.EnterpriseID, Year: p.Year, Kind: p.Kind, Group: p.Group}
	if err := json.Unmarshal([]byte(p.Lines), out); err != nil {
		return nil, fmt.Errorf("read the counts of enterprise %d: %w", p.EnterpriseID, err)
	}
	return out, nil
}

func (s *Service) sumHeld(ctx context.Context, h *held) (summed int, err error) {
	for {
		n := 0
		err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Alone(ctx, alone); err != nil {
				return err
			}
			now, err := revisionOf(ctx, tx, h.year)
			if err != nil {
				return err
			}
			if now != h.revision {
				return errMoved
			}
			scopes, err := nextStale(ctx, tx, h.year, summedAtOnce)
			n = len(scopes)
			if err != nil || n == 0 {
				return err
			}
			return replaceRows(ctx, tx, scopes, h.rows(scopes))
		})
		if err != nil || n == 0 {
			return summed, err
		}
		summed += n
	}
}

// rows sums the parts of some scopes.
func (h *held) rows(scopes []Scope) []*Row {
	var out []*Row
	for _, scope := range scopes {
		for _, r := range compute.Sum(h.by[scope]) {
			total := r.At(compute.Total)
			if r.Cells == nil {
				r.Cells = compute.Cells{}
			}
			out = append(out, &Row{Year: scope.Year, Level: scope.Level, Territory: scope.Territory, Kind: scope.Kind, Measure: r.Measure, Frame: r.Frame, Responded: r.Responded,
				Missing: r.Missing, Awaited: r.Awaited, Amount: total.Amount, Persons: total.Persons, Contributors: total.Contributors, Top: total.Top, Cells: r.Cells})
		}
	}
	return out
}
