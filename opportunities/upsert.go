package opportunities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// Imported is what one notice says of a procurement, whose Opportunity.Key is
// required. Its State is what the notice makes of it: Published (a call, a
// correction), Cancelled, Awarded; empty means Published for a procurement seen
// for the first time and no change otherwise.
type Imported struct {
	Opportunity Opportunity
	Origin      string    // of the notice: "source:id:version"; one is applied once
	NoticedAt   time.Time // its publication; an older notice than the last one applied changes nothing. Zero: unknown
	Correction  bool      // names the event: corrected instead of changed
	Note        string    // the reason of a cancellation
	// Whole: Opportunity is all that the notices of the procurement say
	// together, so what it leaves out is known no more, whatever the order in
	// which the notices came.
	Whole   bool
	FirstAt time.Time // publication of the first of these notices, where Whole
	// Fresh: the caller looked, and knows no procurement of that key. It is then
	// made without looking again, unless another transaction made it meanwhile.
	Fresh bool
	// Retold: Origin is no notice, but a judgement that moved notices from one
	// procurement to another; it applies as often as it is given.
	Retold bool
}

// Outcome is what an import did.
type Outcome string

// The outcomes of an import.
const (
	Made      Outcome = "made"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
)

// Upsert applies a notice in the caller's transaction: one procurement is one
// opportunity with its history. What the notice does not say erases nothing
// (corrections and cancellations often say little); without lots it keeps those
// known, otherwise those that it no longer names are withdrawn. A notice
// applied once changes nothing again, and one older than the last applied only
// enters the history. A deadline that has passed closes it. A Whole one is told
// by all its notices: it replaces what was known.
func (s *Service) Upsert(ctx context.Context, tx store.Tx, in Imported) (Outcome, *Opportunity, error) {
	if in.Opportunity.Key == "" || in.Origin == "" {
		return "", nil, fault.Invalid(fault.At("key", "required", "La clé du marché et l’origine sont requises.", "The key of the procurement and the origin are required."))
	}
	var id ID
	var err error
	if !in.Fresh {
		if id, err = lockKey(ctx, tx, in.Opportunity.Key); err != nil {
			return "", nil, err
		}
	}
	if id == 0 {
		outcome, o, err := s.firstNotice(ctx, tx, in)
		if !errors.Is(err, errRepeatedKey) {
			return outcome, o, err
		}
		// Another transaction made it while this one looked.
		if id, err = lockKey(ctx, tx, in.Opportunity.Key); err != nil {
			return "", nil, err
		}
	}
	cur, err := get(ctx, tx, id)
	if err != nil {
		return "", nil, err
	}
	outcome, err := s.laterNotice(ctx, tx, cur, in)
	if err != nil {
		return "", nil, fmt.Errorf("apply notice %s to opportunity %d: %w", in.Origin, id, err)
	}
	return outcome, cur, nil
}

func (s *Service) firstNotice(ctx context.Context, tx store.Tx, in Imported) (Outcome, *Opportunity, error) {
	o := in.Opportunity
	o.NoticedAt = noticedAt(in)
	o.PublishedAt = o.NoticedAt
	if in.Whole && !in.FirstAt.IsZero() {
		o.PublishedAt = stored(in.FirstAt)
	}
	by := By{Origin: in.Origin}
	if err := s.create(ctx, tx, by, &o, Published); err != nil {
		return "", nil, fmt.Errorf("make an opportunity of notice %s: %w", in.Origin, err)
	}
	c := s.change(&o)
	by.Note = in.Note
	if err := s.settle(ctx, tx, c, by, in); err != nil {
		return "", nil, err
	}
	return Made, &o, nil
}

func (s *Service) laterNotice(ctx context.Context, tx store.Tx, cur *Opportunity, in Imported) (Outcome, error) {
	if done, err := heard(ctx, tx, cur.ID, in.Origin); err != nil || done && !in.Retold {
		return Unchanged, err
	}
	by := By{Origin: in.Origin, Note: in.Note}
	if !in.Whole && !in.NoticedAt.IsZero() && cur.NoticedAt != nil && in.NoticedAt.Before(*cur.NoticedAt) {
		return Unchanged, s.notice(ctx, tx, cur, by)
	}
	wanted, err := s.completed(cur, in)
	if err != nil {
		return "", err
	}
	if err := parties(ctx, tx, wanted); err != nil {
		return "", err
	}
	c := s.change(cur)
	if at := noticedAt(in); at != nil {
		cur.NoticedAt = at
	}
	if in.Whole && !in.FirstAt.IsZero() {
		cur.PublishedAt = stored(earlier(in.FirstAt, s.now()))
	}
	c.merge(wanted, unsaidRule(!in.Whole))
	event := EventChanged
	if in.Correction {
		event = EventCorrected
	}
	return s.writeNotice(ctx, tx, c, by, event, in)
}

func (s *Service) writeNotice(ctx context.Context, tx store.Tx, c *change, by By, event string, in Imported) (Outcome, error) {
	outcome := Unchanged
	if len(c.diff) > 0 {
		outcome = Updated
		if err := c.write(ctx, tx, By{Origin: by.Origin}, event); err != nil {
			return "", err
		}
	}
	before := c.o.Revision
	if err := s.settle(ctx, tx, s.change(c.o), by, in); err != nil {
		return "", err
	}
	if c.o.Revision != before {
		return Updated, nil
	}
	if outcome == Unchanged {
		return outcome, s.notice(ctx, tx, c.o, by)
	}
	return outcome, nil
}

// completed is what a notice wants of a known opportunity, checked: without a
// title, a kind or lots it is about those known, and a deadline given for the
// whole is that of each lot that it does not single out. A Whole one needs no
// completing.
func (s *Service) completed(cur *Opportunity, in Imported) (*Opportunity, error) {
	o := in.Opportunity
	if in.Whole {
		return s.whole(&o)
	}
	if o.Kind == "" {
		o.Kind = cur.Kind
	}
	o.Title = or(o.Title, cur.Title)
	if len(o.Lots) == 0 {
		o.Lots = sameLots(cur, o.Title)
	}
	checked, err := s.whole(&o)
	if err != nil {
		return nil, err
	}
	for i := range o.Lots {
		l := &o.Lots[i]
		if known := lotOf(cur, o.Lots, i); known != nil && known.Deadline != nil && l.Deadline == nil && o.Deadline != nil {
			l.Deadline, l.DeadlineRaw = o.Deadline, o.DeadlineRaw
		}
	}
	return checked, nil
}

// whole checks an opportunity and keeps the positions that its lots give.
func (s *Service) whole(o *Opportunity) (*Opportunity, error) {
	positions := make([]int, len(o.Lots))
	for i := range o.Lots {
		positions[i] = o.Lots[i].Position
	}
	if err := s.check(o); err != nil {
		return nil, err
	}
	for i, at := range positions {
		if at > 0 {
			o.Lots[i].Position = at
		}
	}
	return o, nil
}

// sameLots names the lots that are known, saying nothing of them; the one lot
// that bears the title of the whole follows it.
func sameLots(cur *Opportunity, title string) []Lot {
	var out []Lot
	for i := range cur.Lots {
		l := &cur.Lots[i]
		if l.Withdrawn {
			continue
		}
		same := Lot{Number: l.Number, Position: l.Position}
		if l.Title == cur.Title {
			same.Title = title
		}
		out = append(out, same)
	}
	return out
}

// lotOf is the known lot that a lot of the newer side is.
func lotOf(o *Opportunity, from []Lot, i int) *Lot {
	if at := pairLots(o.Lots, from)[i]; at >= 0 {
		return &o.Lots[at]
	}
	return nil
}

// notice leaves the trace of a notice that changed nothing, so that it is not
// applied later over a newer one.
func (s *Service) notice(ctx context.Context, tx store.Tx, o *Opportunity, by By) error {
	if err := touchNoticed(ctx, tx, o); err != nil {
		return err
	}
	return record(ctx, tx, Event{OpportunityID: o.ID, At: s.now(), Kind: EventNoticed, Origin: by.Origin, Diff: noted(by, nil)})
}

// settle brings a procurement to the state that its last notice and the clock
// give it. An awarded one stays so, unless what its notices say together is
// otherwise and nobody awarded it by hand.
func (s *Service) settle(ctx context.Context, tx store.Tx, c *change, by By, in Imported) error {
	said := in.Opportunity.State
	to := said
	if to == "" || to == Draft || to == Published {
		to = Published
		if said == "" && c.o.State == Cancelled {
			to = Cancelled
		}
		if to == Published && late(c.o, s.now()) {
			to = Closed
			by.Note = or(reason(c.o, s.now()), by.Note)
		}
	}
	if may, err := settles(ctx, tx, c.o, to, in.Whole); err != nil || !may {
		return err
	}
	event := eventOf(c.o.State, to)
	c.enter(to)
	return c.write(ctx, tx, by, event)
}

// settles tells whether notices may bring an opportunity to a state: by the
// table, where they are told one by one; told together they give the state
// whatever the path, except out of an end that a person gave it.
func settles(ctx context.Context, tx store.Tx, o *Opportunity, to State, whole bool) (bool, error) {
	switch {
	case o.State == to, o.State == Cancelled && to == Closed && !whole:
		return false, nil
	case o.State.Allows(to):
		return true, nil
	case !whole:
		return false, nil
	}
	var hands int
	err := tx.NewRaw("/* opportunities.settles */ SELECT count(*) FROM opportunity_events WHERE opportunity_id = ? AND kind = ? AND actor_id IS NOT NULL",
		o.ID, eventOf(to, o.State)).Scan(ctx, &hands)
	if err != nil {
		return false, fmt.Errorf("look who ended opportunity %d: %w", o.ID, err)
	}
	return hands == 0, nil
}

func noticedAt(in Imported) *time.Time {
	if in.NoticedAt.IsZero() {
		return nil
	}
	return stored(in.NoticedAt)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// stored is an instant as precise as the least precise engine.
func stored(at time.Time) *time.Time {
	at = at.UTC().Truncate(time.Microsecond)
	return &at
}

func touchNoticed(ctx context.Context, tx store.Tx, o *Opportunity) error {
	_, err := tx.NewUpdate().Model(o).Comment("opportunities.touchNoticed").Column("noticed_at", "published_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("date the last notice of opportunity %d: %w", o.ID, err)
	}
	return nil
}
