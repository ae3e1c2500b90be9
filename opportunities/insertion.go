package opportunities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// Insertion is what an awarded contract says of the hours of insertion that its
// holders have to fill (public procurement code, L2112-2). The number of hours
// is that of the clause; what the notices do not say is empty, never supposed.
type Insertion struct {
	Holders     []Holder `json:"holders"`
	Share       float64  `json:"share,omitempty"` // of the working time, 0..1; 0: not said
	Publics     []string `json:"publics,omitempty"`
	Facilitator string   `json:"facilitator,omitempty"` // who accompanies the clause, as written
	Lot         string   `json:"lot,omitempty"`         // as the award numbers it; empty: the award does not say
	Awarded     string   `json:"awarded,omitempty"`     // civil day
	Months      int      `json:"months,omitempty"`      // of the contract; 0: not said
	Supposed    bool     `json:"supposed,omitempty"`    // the end is a default: the duration is not said
}

// Holder is who won the contract. SIRET is empty where it is not known.
type Holder struct {
	Name  string `json:"name"`
	SIRET string `json:"siret,omitempty"`
}

// Names lists the holders.
func (i *Insertion) Names() []string {
	if i == nil {
		return nil
	}
	out := make([]string, len(i.Holders))
	for n, h := range i.Holders {
		out[n] = h.Name
	}
	return out
}

func procurementWords(id *ID) any {
	if id == nil {
		return nil
	}
	return int64(*id)
}

// scrubInsertion is scrub for what an award says.
func scrubInsertion(o *Opportunity) {
	if o.Insertion == nil {
		return
	}
	i := *o.Insertion
	i.Holders, i.Publics = slices.Clone(i.Holders), slices.Clone(i.Publics)
	for n := range i.Holders {
		clean(&i.Holders[n].Name, &i.Holders[n].SIRET)
	}
	for n := range i.Publics {
		clean(&i.Publics[n])
	}
	clean(&i.Facilitator, &i.Lot, &i.Awarded)
	o.Insertion = &i
}

// Of lists what notices told after a procurement: the hours to fill of its
// lots, withdrawn ones included, in the order of their numbers. The call that
// is expected after it is none of these.
func (s *Service) Of(ctx context.Context, procurement ID) ([]*Opportunity, error) {
	return of(ctx, s.store.Read(), procurement)
}

// OfIn is Of in the caller's transaction.
func (s *Service) OfIn(ctx context.Context, tx store.Tx, procurement ID) ([]*Opportunity, error) {
	return of(ctx, tx, procurement)
}

// Rekey names anew, in the caller's transaction, what follows a procurement: its
// notices now say better which part of it that is.
func (s *Service) Rekey(ctx context.Context, tx store.Tx, id ID, key string) error {
	_, err := tx.NewRaw("/* opportunities.Rekey */ UPDATE opportunities SET key = ? WHERE id = ? AND procurement_id IS NOT NULL", key, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("name opportunity %d %q: %w", id, key, err)
	}
	return nil
}

// EndsOn is the last day of what is offered, a civil day: that of its last lot;
// "" where no lot says.
func (o *Opportunity) EndsOn() (last string) {
	for _, l := range o.Lots {
		if !l.Withdrawn {
			last = max(last, l.EndsOn)
		}
	}
	return last
}

// endOfHours is the last day of hours to fill after an award, "" for the rest.
func (o *Opportunity) endOfHours() string {
	if o.Insertion == nil {
		return ""
	}
	return o.EndsOn()
}

// over tells hours to fill after an award whose contract has ended. What does
// not say its last day is over: nothing else would end it.
func over(o *Opportunity, now time.Time) bool { return o.EndsOn() < today(now) }

// Why is the reason, in the words of the notices or of the clock, for which an
// opportunity came to its state; "" where they give none, or a person did it.
func (s *Service) Why(ctx context.Context, o *Opportunity) (string, error) {
	var events []Event
	err := s.store.Read().NewSelect().Model(&events).Comment("opportunities.Why").Where("e.opportunity_id = ?", o.ID).
		Where("e.kind = ?", eventOf("", o.State)).Order("e.id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return "", fmt.Errorf("read why opportunity %d is %s: %w", o.ID, o.State, err)
	}
	if len(events) == 0 || events[0].ActorID != nil {
		return "", nil
	}
	for _, change := range events[0].Diff {
		if text, ok := change.After.(string); ok && change.Field == "note" {
			return text, nil
		}
	}
	return "", nil
}

func today(now time.Time) string { return now.UTC().Format(time.DateOnly) }

func of(ctx context.Context, db bun.IDB, procurement ID) ([]*Opportunity, error) {
	var ids []ID
	err := db.NewRaw("/* opportunities.of */ SELECT id FROM opportunities WHERE procurement_id = ? AND kind <> ? ORDER BY id LIMIT ?", procurement, Expected, maxLots).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find what follows opportunity %d: %w", procurement, err)
	}
	return load(ctx, db, ids)
}
