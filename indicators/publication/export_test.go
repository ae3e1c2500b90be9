package publication

import (
	"context"

	"maillage/indicators/disclosure"
)

// Judged protects a plan and makes the attack that a build makes before it writes; blind, it
// lets every figure out, as if nobody knew who is behind any.
func (s *Service) Judged(ctx context.Context, r *Request, blind bool) error {
	before, err := s.ledger(ctx)
	if err != nil {
		return err
	}
	v, err := s.protectOver(ctx, r.Plan(), before, nil, false)
	if err != nil {
		return err
	}
	if blind {
		v.sheets = nil
		for _, l := range v.systems {
			l.forget()
		}
		known := func(*linked, key) bool { return false }
		for _, of := range grouped(v.systems) {
			if err := v.settle(ctx, r.Plan(), of, known); err != nil {
				return err
			}
		}
	}
	_, err = s.next(ctx, r, v, before)
	return err
}

// forget takes from the cells of a family all that they are judged by.
func (l *linked) forget() {
	for t := range l.tables {
		l.tables[t].Rules.Group = nil
		for i := range l.tables[t].Cells {
			c := &l.tables[t].Cells[i]
			c.Count, c.Contributors, c.Top, c.Ceiling, c.Given = disclosure.Unknown(), disclosure.Unknown(), nil, 0, disclosure.Published
		}
	}
}
