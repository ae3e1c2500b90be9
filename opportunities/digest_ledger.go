package opportunities

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
)

// A person may have letters of several kinds: of their searches, of the matches of their
// enterprise, reminders. They share this ledger, so that what one told no other repeats.

// Named notes that a letter that is not one of searches names some opportunities to
// somebody. Of those that no letter told them of before, their searches have then nothing
// to tell until something changes; what changed of the others is still to be told. Again
// changes nothing.
func Named(ctx context.Context, tx store.Tx, user accounts.UserID, ids ...ID) error {
	_, err := note(ctx, tx, user, ids, func(known int64) bool { return known == 0 })
	return err
}

// Told notes that such a letter tells somebody what changed of some opportunities, until
// the last event of each, which it gives.
func Told(ctx context.Context, tx store.Tx, user accounts.UserID, ids ...ID) (map[ID]int64, error) {
	return note(ctx, tx, user, ids, func(int64) bool { return true })
}

func note(ctx context.Context, tx store.Tx, user accounts.UserID, ids []ID, wants func(known int64) bool) (map[ID]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := lastTold(ctx, tx, user, ids)
	if err != nil {
		return nil, err
	}
	rows, err := lastEvents(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	last := make(map[ID]int64, len(rows))
	for _, r := range rows {
		last[r.ID] = r.Event
		if r.Event <= known[r.ID] || !wants(known[r.ID]) {
			continue
		}
		row := &told{UserID: user, OpportunityID: r.ID, Revision: r.Revision, What: elsewhere, AfterEvent: known[r.ID], EventID: r.Event}
		if _, err := tx.NewInsert().Model(row).Comment("opportunities.note").On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return nil, fmt.Errorf("note what account %d is told: %w", user, err)
		}
	}
	return last, nil
}

// toldMeanwhile tells whether another letter told any of some news since they were
// looked for.
func toldMeanwhile(ctx context.Context, tx store.Tx, user accounts.UserID, rows []*told) (bool, error) {
	ids := make([]ID, len(rows))
	for i, r := range rows {
		ids[i] = r.OpportunityID
	}
	for part := range slices.Chunk(ids, chunk) {
		known, err := lastTold(ctx, tx, user, part)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(rows, func(r *told) bool { return known[r.OpportunityID] > r.AfterEvent }) {
			return true, nil
		}
	}
	return false, nil
}

// SearchLetterOn gives the civil day of Paris of the last letter of searches that told
// somebody of each of some opportunities; one that none told is not there.
func SearchLetterOn(ctx context.Context, db bun.IDB, user accounts.UserID, ids ...ID) (map[ID]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := lastSearchLetters(ctx, db, user, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Day
	}
	return out, nil
}
