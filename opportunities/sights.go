package opportunities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// sight is the last that an account saw of an opportunity.
type sight struct {
	bun.BaseModel `bun:"table:opportunity_sights,alias:si"`

	UserID        int64     `bun:"user_id,pk"`
	OpportunityID ID        `bun:"opportunity_id,pk"`
	Revision      int64     `bun:"revision"`
	EventID       int64     `bun:"event_id"` // the last one there was
	SeenAt        time.Time `bun:"seen_at"`
}

// Fresh is one field that changed since somebody last looked, with the notice
// and the instant of its last change.
type Fresh struct {
	Change
	At     time.Time
	Origin string
}

// News is what changed since an account last looked. Since is nil for an
// account that never looked: all is new to it, so nothing is listed.
type News struct {
	Since   *time.Time
	Changes []Fresh
}

// SinceSeen tells what an account (0: nobody) has not seen of an opportunity. A
// field that changed several times has its first value before and its last one
// after; one that came back to what it was is left out.
func (s *Service) SinceSeen(ctx context.Context, user int64, id ID) (News, error) {
	last, err := sightOf(ctx, s.store.Read(), user, id)
	if err != nil || last == nil {
		return News{}, err
	}
	var events []Event
	err = s.store.Read().NewSelect().Model(&events).Comment("opportunities.SinceSeen").
		Where("e.opportunity_id = ?", id).Where("e.id > ?", last.EventID).Order("e.id").Limit(500).Scan(ctx)
	if err != nil {
		return News{}, fmt.Errorf("read what changed in opportunity %d: %w", id, err)
	}
	return News{Since: &last.SeenAt, Changes: summed(events)}, nil
}

// ChangedSinceSeen tells which of some opportunities have changed since an
// account (0: nobody) last looked at them; those it never looked at have not.
func (s *Service) ChangedSinceSeen(ctx context.Context, user int64, ids ...ID) (map[ID]bool, error) {
	changed := map[ID]bool{}
	if user == 0 || len(ids) == 0 {
		return changed, nil
	}
	var events []Event
	err := s.store.Read().NewSelect().Model(&events).Comment("opportunities.ChangedSinceSeen").
		Join("JOIN opportunity_sights AS si ON si.opportunity_id = e.opportunity_id AND si.user_id = ?", user).
		Where("e.opportunity_id IN (?)", bun.List(ids)).Where("e.id > si.event_id").Order("e.id").Limit(5000).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what changed since account %d looked: %w", user, err)
	}
	by := map[ID][]Event{}
	for _, e := range events {
		by[e.OpportunityID] = append(by[e.OpportunityID], e)
	}
	for id, list := range by {
		changed[id] = len(summed(list)) > 0
	}
	return changed, nil
}

// Seen remembers that an account has looked; for nobody it does nothing. It
// writes only when there was something to see.
func (s *Service) Seen(ctx context.Context, user int64, o *Opportunity) error {
	if user == 0 {
		return nil
	}
	var event int64
	err := s.store.Read().NewRaw("/* opportunities.Seen */ SELECT COALESCE(max(id), 0) FROM opportunity_events WHERE opportunity_id = ?", o.ID).Scan(ctx, &event)
	if err != nil {
		return fmt.Errorf("find the last event of opportunity %d: %w", o.ID, err)
	}
	last, err := sightOf(ctx, s.store.Read(), user, o.ID)
	if err != nil || last != nil && last.EventID >= event {
		return err
	}
	now := &sight{UserID: user, OpportunityID: o.ID, Revision: o.Revision, EventID: event, SeenAt: s.now()}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(now).Comment("opportunities.Seen").On("CONFLICT (user_id, opportunity_id) DO UPDATE").
			Set("revision = EXCLUDED.revision").Set("event_id = EXCLUDED.event_id").Set("seen_at = EXCLUDED.seen_at").Exec(ctx)
		if err != nil {
			return fmt.Errorf("remember that opportunity %d was seen: %w", o.ID, err)
		}
		return nil
	})
}

func sightOf(ctx context.Context, db bun.IDB, user int64, id ID) (*sight, error) {
	if user == 0 {
		return nil, nil
	}
	one := new(sight)
	err := db.NewSelect().Model(one).Comment("opportunities.sightOf").Where("si.user_id = ?", user).Where("si.opportunity_id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what account %d saw of opportunity %d: %w", user, id, err)
	}
	return one, nil
}

// silentField tells the fields that are no news: those that change with others
// that say it better, and the address and source of each new notice.
func silentField(name string) bool {
	switch wholeField(name) {
	case "note", "source", "links", "clause.evidence", "clause.confidence", "forecast.confidence":
		return true
	}
	return twinField(name)
}

// twinField tells the fields that another one says to people.
func twinField(name string) bool {
	return strings.HasSuffix(name, "deadline_raw") || strings.HasSuffix(name, "].position")
}

// Readable keeps of a difference what a person reads: not how a deadline was
// written, nor what a lot repeats of the whole.
func Readable(diff []Change) []Change {
	by := map[string]Change{}
	for _, c := range diff {
		by[c.Field] = c
	}
	return slices.DeleteFunc(slices.Clone(diff), func(c Change) bool {
		whole, said := by[wholeField(c.Field)]
		return twinField(c.Field) || said && whole.Field != c.Field && reflect.DeepEqual(whole.After, c.After)
	})
}

// wholeField is the field of the whole that a field of a lot may repeat.
func wholeField(name string) string {
	if i := strings.LastIndex(name, "]."); i >= 0 {
		return name[i+len("]."):]
	}
	return name
}

// summed brings the changes of several events to one a field, in the order in
// which the fields first changed. What a lot repeats of the whole is left out.
func summed(events []Event) []Fresh {
	var fields []string
	by := map[string]Fresh{}
	for _, e := range events {
		for _, c := range e.Diff {
			if silentField(c.Field) {
				continue
			}
			one, known := by[c.Field]
			if !known {
				fields, one.Change = append(fields, c.Field), c
			}
			one.After, one.At, one.Origin = c.After, e.At, e.Origin
			by[c.Field] = one
		}
	}
	var out []Fresh
	for _, f := range fields {
		one := by[f]
		whole, said := by[wholeField(f)]
		repeats := said && whole.Field != f && reflect.DeepEqual(whole.After, one.After)
		if !repeats && !reflect.DeepEqual(one.Before, one.After) {
			out = append(out, one)
		}
	}
	return out
}
