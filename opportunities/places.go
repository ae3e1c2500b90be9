package opportunities

import (
	"time"

	"github.com/uptrace/bun"
)

// Running reports whether it is published and its deadline has not passed at an
// instant, whatever places are left: who was presented before the last place was
// taken can still be answered. An expected call never runs.
func (o *Opportunity) Running(now time.Time) bool {
	return o.Kind != Expected && o.State == Published && (o.Deadline == nil || o.Deadline.After(now))
}

// Open reports whether it can still be answered at an instant: it runs, and not
// every place of it is taken. An expected call cannot: there is nothing to answer yet.
func (o *Opportunity) Open(now time.Time) bool { return o.Running(now) && !o.Filled() }

// Filled tells that every place is taken of every lot that stands; false where
// none does. Only lots that are places for people are ever filled (see Take).
func (o *Opportunity) Filled() bool {
	stands := false
	for i := range o.Lots {
		if o.Lots[i].Withdrawn {
			continue
		}
		if !o.Lots[i].Filled() {
			return false
		}
		stands = true
	}
	return stands
}

// Places counts the places of the lots that stand, and those that nobody was
// hired for; both 0 where the kind has none.
func (o *Opportunity) Places() (left, of int) {
	if !o.Kind.HasPositions() {
		return 0, 0
	}
	for i := range o.Lots {
		if l := &o.Lots[i]; !l.Withdrawn {
			left, of = left+l.Left(), of+max(1, l.Posts)
		}
	}
	return left, of
}

// Left is how many places nobody was hired for.
func (l *Lot) Left() int { return max(0, max(1, l.Posts)-l.Taken) }

// Filled tells that every place is taken. It is a fact of the position, which stays
// when whoever took the place is erased.
func (l *Lot) Filled() bool { return l.Left() == 0 }

// FilledSince is when the last place was taken; zero while one is left.
func (l *Lot) FilledSince() time.Time {
	if l.TakenAt == nil || !l.Filled() {
		return time.Time{}
	}
	return *l.TakenAt
}

// unfilled leaves out of a query what is Filled, by the same rule. The kinds that
// only enterprises answer have no place to take, and their lots are not read.
func unfilled(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where(`(op.kind NOT IN (?) OR COALESCE((SELECT MIN(CASE WHEN pl.taken >= CASE WHEN pl.posts > 1 THEN pl.posts ELSE 1 END THEN 1 ELSE 0 END)
		FROM lots AS pl WHERE pl.opportunity_id = op.id AND NOT pl.withdrawn), 0) = 0)`, bun.List(append(positionKinds(), JobNeed)))
}
