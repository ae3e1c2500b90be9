package opportunities

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"maillage/internal/store"
)

// MaxSilence is how long what a notice published without a deadline stays open
// after the last notice about it: 90 days, well over the 30 to 35 that European
// procedures leave to answer. What a member wrote stays until it is closed.
const MaxSilence = 90 * 24 * time.Hour

// silent tells what came of a notice, has no deadline and was last heard of
// more than MaxSilence ago.
func silent(o *Opportunity, now time.Time) bool {
	heard := o.NoticedAt
	if heard == nil {
		heard = o.PublishedAt
	}
	return o.Kind != Expected && o.Key != "" && o.Insertion == nil && o.Deadline == nil && heard != nil && !heard.Add(MaxSilence).After(now)
}

// begun tells that nobody can take part any more: every session of a training
// has begun, every mission or immersion has come to its last day.
func begun(o *Opportunity, now time.Time) bool {
	if !o.Kind.ForPeople() {
		return false
	}
	for _, l := range o.Lots {
		day := l.EndsOn
		if o.Kind == TrainingSession {
			day = l.StartsOn
		}
		if !l.Withdrawn && (day == "" || day >= today(now)) {
			return false
		}
	}
	return len(o.Lots) > 0
}

// reason says why a passed opportunity was closed, where its deadline does not.
func reason(o *Opportunity, now time.Time) string {
	switch {
	case o.Insertion != nil && o.Deadline == nil && over(o, now):
		return "le marché dont il faut remplir les heures a pris fin"
	case begun(o, now) && o.Kind == TrainingSession:
		return "la formation a commencé"
	case begun(o, now):
		return "la période est passée"
	case !silent(o, now):
		return ""
	}
	return "sans date limite depuis " + strconv.Itoa(int(MaxSilence.Hours()/24)) + " jours"
}

// CloseLate closes what is published and whose last deadline has passed, or
// that has none and has been silent for MaxSilence, the hours to fill whose
// contract has ended and the positions that have begun or passed, each with its event, and moves on the deadline of those of
// which other lots can still be answered. It tells how many it closed; called again it does nothing.
func (s *Service) CloseLate(ctx context.Context) (int, error) {
	closed := 0
	for last := ID(0); ; {
		var ids []ID
		err := s.store.Read().NewRaw(`/* opportunities.CloseLate */
			SELECT id FROM opportunities WHERE state = ? AND kind <> ? AND id > ? AND (deadline <= ?
				OR (deadline IS NULL AND key <> '' AND insertion IS NULL AND COALESCE(noticed_at, published_at) <= ?)
				OR (kind = ? AND NOT EXISTS (SELECT 1 FROM lots l WHERE l.opportunity_id = opportunities.id AND NOT l.withdrawn AND l.starts_on >= ?))
				OR (kind IN (?, ?) AND NOT EXISTS (SELECT 1 FROM lots l WHERE l.opportunity_id = opportunities.id AND NOT l.withdrawn AND (l.ends_on = '' OR l.ends_on >= ?)))
				OR (deadline IS NULL AND insertion IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lots l WHERE l.opportunity_id = opportunities.id AND NOT l.withdrawn AND l.ends_on >= ?)))
			ORDER BY id LIMIT ?`, Published, Expected, last, s.now(), s.now().Add(-MaxSilence), TrainingSession, today(s.now()), Mission, Immersion, today(s.now()), today(s.now()), 50).Scan(ctx, &ids)
		if err != nil {
			return closed, fmt.Errorf("find passed deadlines: %w", err)
		}
		if len(ids) == 0 {
			return closed, nil
		}
		n, err := s.closeLate(ctx, ids)
		if closed += n; err != nil {
			return closed, fmt.Errorf("close what is late: %w", err)
		}
		last = ids[len(ids)-1]
	}
}

func (s *Service) closeLate(ctx context.Context, ids []ID) (closed int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		closed = 0
		for _, id := range ids {
			done, err := s.closeOne(ctx, tx, id)
			if err != nil {
				return err
			}
			if done {
				closed++
			}
		}
		return nil
	})
	return closed, err
}

func (s *Service) closeOne(ctx context.Context, tx store.Tx, id ID) (bool, error) {
	o, err := s.hold(ctx, tx, id, 0)
	if err != nil || o.State != Published {
		return false, err
	}
	if !late(o, s.now()) {
		return false, moveDeadline(ctx, tx, o)
	}
	c := s.change(o)
	c.enter(Closed)
	return true, c.write(ctx, tx, By{Origin: "deadline", Note: reason(o, s.now())}, EventClosed)
}

// moveDeadline keeps the deadline computed from the lots that remain. It is no
// change of what was published: no event, no revision.
func moveDeadline(ctx context.Context, tx store.Tx, o *Opportunity) error {
	_, err := tx.NewUpdate().Model(o).Comment("opportunities.moveDeadline").Column("deadline", "deadline_raw").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("move the deadline of opportunity %d: %w", o.ID, err)
	}
	return nil
}
