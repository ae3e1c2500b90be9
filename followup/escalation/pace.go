package escalation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Pace is when things fall due, in working days of the place concerned.
type Pace struct {
	Steps    []int `json:"steps"`   // after a match is proposed, each time its enterprise is reminded
	Officer  int   `json:"officer"` // after the last reminder, until an officer has it
	Next     int   `json:"next"`    // after an officer has it, until the next one does
	Widen    int   `json:"widen"`   // before the deadline of a lot that nobody wants, to look further
	Revision int64 `json:"revision"`
}

// UsualPace is the one of a federation that set none: reminders at 2, 5 and 10
// working days (design), then an officer 3 days later, the next one 5 days later;
// two weeks are left to those who are reached by a wider search.
func UsualPace() Pace {
	return Pace{Steps: []int{2, 5, 10}, Officer: 3, Next: 5, Widen: 10, Revision: 1}
}

// The bounds of a pace.
const (
	mostSteps = 6
	mostDays  = 60
)

// check refuses what is no pace, every fault located.
func (p *Pace) check() error {
	var f fault.List
	within := func(n int) bool { return n >= 1 && n <= mostDays }
	f.At(len(p.Steps) == 0 || len(p.Steps) > mostSteps, "steps", "number", "D’une à six relances.", "One to six reminders.")
	f.At(slices.ContainsFunc(p.Steps, func(n int) bool { return !within(n) }), "steps", "range", "De 1 à 60 jours ouvrés.", "From 1 to 60 working days.")
	f.At(len(f) == 0 && (!slices.IsSorted(p.Steps) || len(slices.Compact(slices.Clone(p.Steps))) != len(p.Steps)), "steps", "order", "Chaque relance vient après la précédente.", "Each reminder comes after the one before.")
	for _, one := range []struct {
		path string
		days int
	}{{"officer", p.Officer}, {"next", p.Next}, {"widen", p.Widen}} {
		f.At(!within(one.days), one.path, "range", "De 1 à 60 jours ouvrés.", "From 1 to 60 working days.")
	}
	return f.Err()
}

func (p *Pace) same(q *Pace) bool {
	return slices.Equal(p.Steps, q.Steps) && p.Officer == q.Officer && p.Next == q.Next && p.Widen == q.Widen
}

// paceKey is where the pace is kept among the settings of the database.
const paceKey = "escalation.pace"

// pace is the one in force.
func (s *Service) pace(ctx context.Context) (Pace, error) {
	text, err := s.Store.Setting(ctx, paceKey)
	if err != nil || text == "" {
		return UsualPace(), err
	}
	var p Pace
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read the pace of reminders: %w", err)
	}
	return p, nil
}

// Pace reads the pace in force.
func (s *Service) Pace(ctx context.Context) (Pace, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.PaceRead); err != nil {
		return Pace{}, err
	}
	return s.pace(ctx)
}

// SetPace changes the pace; what was told stays told. The same one again changes
// nothing. expected is the revision that was read, 0 not to check.
func (s *Service) SetPace(ctx context.Context, expected int64, p Pace) (Pace, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.PaceEdit); err != nil {
		return p, err
	}
	if err := p.check(); err != nil {
		return p, err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, paceKey); err != nil {
			return err
		}
		cur, err := s.pace(ctx)
		if err != nil {
			return err
		}
		if p.Revision = cur.Revision; p.same(&cur) {
			return nil
		}
		if expected != 0 && expected != cur.Revision {
			return fault.Stale()
		}
		p.Revision = cur.Revision + 1
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := tx.Set(ctx, paceKey, string(text)); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.PaceEdit, Entity: "pace", Fields: []string{"pace"}})
	})
	if err != nil {
		return p, fmt.Errorf("change the pace of reminders: %w", err)
	}
	return p, nil
}
