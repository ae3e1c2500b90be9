package escalation

import (
	"context"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching/engine"
	"maillage/opportunities"
)

// untold leaves out the lines that a letter of another kind makes needless: a change that
// one told; a match that one named today, whose reminder can wait until tomorrow; one of a
// wider search that one named at all.
func untold(ctx context.Context, tx store.Tx, id accounts.UserID, day string, lines []*line) ([]*line, error) {
	var matches []int64
	for _, l := range lines {
		if l.Subject == OfMatch || l.Subject == OfWider {
			matches = append(matches, l.SubjectID)
		}
	}
	named, err := namedElsewhere(ctx, tx, id, matches)
	if err != nil {
		return nil, err
	}
	known, err := opportunities.LastTold(ctx, tx, int64(id), callsOf(lines, OfChange)...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l *line) bool {
		on, there := named[l.SubjectID]
		switch l.Subject {
		case OfChange:
			return known[l.call] >= l.EventID
		case OfWider:
			return there
		case OfMatch:
			return on == day
		}
		return false
	}), nil
}

// note writes in the ledger that letters share which calls a letter names and which changes
// it tells; a call that moved since they were looked for is the next run's to tell, whole.
func note(ctx context.Context, tx store.Tx, id accounts.UserID, lines []*line) error {
	if err := opportunities.Named(ctx, tx, id, callsOf(lines, OfMatch, OfWider)...); err != nil {
		return err
	}
	last, err := opportunities.Told(ctx, tx, id, callsOf(lines, OfChange)...)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.Subject == OfChange && l.How == Named && l.EventID < last[l.call] {
			return errMeanwhile
		}
	}
	return nil
}

// namedElsewhere gives the civil day of Paris on which a letter of the week, an alert or a
// letter of searches last named each of some matches, or its call, to somebody; one that
// none named is not there.
func namedElsewhere(ctx context.Context, tx store.Tx, id accounts.UserID, matches []int64) (map[int64]string, error) {
	out := map[int64]string{}
	for part := range slices.Chunk(matches, chunk) {
		rows, err := bulletinOn(ctx, tx, id, part)
		if err != nil {
			return nil, err
		}
		calls := make([]opportunities.ID, len(rows))
		for i, r := range rows {
			calls[i] = opportunities.ID(r.Call)
		}
		searched, err := opportunities.SearchLetterOn(ctx, tx, id, calls...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			day := searched[opportunities.ID(r.Call)]
			if r.MadeAt != nil {
				day = max(day, r.MadeAt.In(engine.Paris()).Format(time.DateOnly))
			}
			if day != "" {
				out[r.Match] = day
			}
		}
	}
	return out, nil
}

// callsOf are those of the lines of some subjects that say something in words.
func callsOf(lines []*line, of ...Subject) (ids []opportunities.ID) {
	for _, l := range lines {
		if l.How == Named && slices.Contains(of, l.Subject) {
			ids = append(ids, l.call)
		}
	}
	return ids
}
