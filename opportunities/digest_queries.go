package opportunities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// awaited lists who has a search whose morning has come and no letter of the day.
func awaited(ctx context.Context, db bun.IDB, daily, weekly time.Time, day string) ([]accounts.UserID, error) {
	var users []accounts.UserID
	err := db.NewRaw(`/* opportunities.awaited */
		SELECT DISTINCT s.user_id FROM searches s JOIN users u ON u.id = s.user_id
		 WHERE u.disabled_at IS NULL AND (s.frequency = ? AND s.told_until < ? OR s.frequency = ? AND s.told_until < ?)
		   AND NOT EXISTS (SELECT 1 FROM search_letters sl WHERE sl.user_id = s.user_id AND sl.day = ?)
		   AND NOT EXISTS (SELECT 1 FROM daily_letters dl WHERE dl.user_id = s.user_id AND dl.day = ?)
		 ORDER BY s.user_id`, Daily, daily, Weekly, weekly, day, day).Scan(ctx, &users)
	if err != nil {
		return nil, fmt.Errorf("find whose letters are due: %w", err)
	}
	return users, nil
}

// searchesOf lists the searches of somebody that have letters, by name.
func searchesOf(ctx context.Context, db bun.IDB, user accounts.UserID) ([]Search, error) {
	rows := []Search{}
	err := db.NewSelect().Model(&rows).Comment("opportunities.searchesOf").
		Where("s.user_id = ?", user).Where("s.frequency <> ?", Silent).Order("s.name", "s.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the searches of account %d: %w", user, err)
	}
	return rows, nil
}

// lastTold gives the last event that somebody was told of some opportunities.
func lastTold(ctx context.Context, db bun.IDB, user accounts.UserID, ids []ID) (map[ID]int64, error) {
	var rows []struct {
		ID    ID    `bun:"opportunity_id"`
		Event int64 `bun:"event_id"`
	}
	err := db.NewRaw(`/* opportunities.lastTold */
		SELECT opportunity_id, max(event_id) AS event_id FROM search_news WHERE user_id = ? AND opportunity_id IN (?)
		 GROUP BY opportunity_id ORDER BY opportunity_id`, user, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what account %d was told: %w", user, err)
	}
	out := map[ID]int64{}
	for _, r := range rows {
		out[r.ID] = r.Event
	}
	return out, nil
}

// historyOf reads the whole history of some opportunities, the oldest first.
func historyOf(ctx context.Context, db bun.IDB, ids []ID) (map[ID][]Event, error) {
	var events []Event
	err := db.NewSelect().Model(&events).Comment("opportunities.historyOf").
		Where("e.opportunity_id IN (?)", bun.List(ids)).Order("e.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the histories of %d opportunities: %w", len(ids), err)
	}
	out := map[ID][]Event{}
	for _, e := range events {
		out[e.OpportunityID] = append(out[e.OpportunityID], e)
	}
	return out, nil
}

// follow moves the cursor of a search; false where another process did, or its
// owner silenced or deleted it.
func (r Search) follow(ctx context.Context, tx store.Tx, due, now time.Time) (bool, error) {
	res, err := tx.NewRaw(`/* opportunities.follow */ UPDATE searches SET told_until = ? WHERE id = ? AND frequency = ? AND told_until < ?`,
		now, r.ID, r.Frequency, due).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("move the news of search %d: %w", r.ID, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// insertLetter keeps a letter and its ledger; false where the day has one already.
func insertLetter(ctx context.Context, tx store.Tx, l *Letter, rows []*told) (bool, error) {
	_, err := tx.NewInsert().Model(l).Comment("opportunities.insertLetter").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("keep a letter: %w", err)
	}
	if l.ID == 0 {
		return false, nil
	}
	for _, row := range rows {
		row.UserID, row.LetterID = l.UserID, &l.ID
	}
	for start := 0; start < len(rows); start += chunk {
		part := rows[start:min(start+chunk, len(rows))]
		if _, err := tx.NewInsert().Model(&part).Comment("opportunities.insertLetter").Exec(ctx); err != nil {
			return false, fmt.Errorf("keep what letter %d tells: %w", l.ID, err)
		}
	}
	return true, nil
}

// letterBy reads one letter; fault.NotFound where there is none.
func letterBy(ctx context.Context, db bun.IDB, where string, value any) (Letter, error) {
	var rows []Letter
	if err := db.NewSelect().Model(&rows).Comment("opportunities.letterBy").Where(where, value).Limit(1).Scan(ctx); err != nil {
		return Letter{}, fmt.Errorf("read a letter: %w", err)
	}
	if len(rows) == 0 {
		return Letter{}, fault.NotFound("letter", "")
	}
	return rows[0], nil
}

// setLetter writes columns of a letter.
func setLetter(ctx context.Context, tx store.Tx, l Letter, columns ...string) error {
	if _, err := tx.NewUpdate().Model(&l).Comment("opportunities.setLetter").Column(columns...).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write letter %d: %w", l.ID, err)
	}
	return nil
}

// ledgerOf reads what a letter told, by search; within one, the soonest deadline first.
func ledgerOf(ctx context.Context, db bun.IDB, id LetterID) ([]*told, error) {
	var rows []*told
	err := db.NewSelect().Model(&rows).Comment("opportunities.ledgerOf").
		Join("JOIN opportunities AS op ON op.id = sn.opportunity_id").Where("sn.letter_id = ?", id).
		OrderExpr("sn.search_id, CASE WHEN op.deadline IS NULL THEN 1 ELSE 0 END, op.deadline, sn.opportunity_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what letter %d told: %w", id, err)
	}
	return rows, nil
}

// recipient is whom a letter goes to; fault.NotFound where the account is shut.
func recipient(ctx context.Context, db bun.IDB, id accounts.UserID) (accounts.User, error) {
	var rows []accounts.User
	err := db.NewSelect().Model(&rows).Comment("opportunities.recipient").Column("id", "email", "name", "lang", "role").
		Where("u.id = ?", id).Where("u.disabled_at IS NULL").Scan(ctx)
	if err != nil {
		return accounts.User{}, fmt.Errorf("read the recipient %d: %w", id, err)
	}
	if len(rows) == 0 {
		return accounts.User{}, fault.NotFound("user", int64(id))
	}
	return rows[0], nil
}

// lastKnown gives the last event of some opportunities that somebody saw or was told.
func lastKnown(ctx context.Context, db bun.IDB, user int64, ids []ID) (map[ID]int64, error) {
	var rows []struct {
		ID    ID    `bun:"opportunity_id"`
		Event int64 `bun:"event_id"`
	}
	err := db.NewRaw(`/* opportunities.lastKnown */ SELECT opportunity_id, max(event_id) AS event_id FROM (
		SELECT opportunity_id, event_id FROM search_news WHERE user_id = ? AND opportunity_id IN (?)
		UNION ALL SELECT opportunity_id, event_id FROM opportunity_sights WHERE user_id = ? AND opportunity_id IN (?)) AS known
		GROUP BY opportunity_id ORDER BY opportunity_id`, user, bun.List(ids), user, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what account %d knows: %w", user, err)
	}
	out := map[ID]int64{}
	for _, r := range rows {
		out[r.ID] = r.Event
	}
	return out, nil
}

// moved is an opportunity as it stands, with the last thing that happened to it.
type moved struct {
	ID       ID    `bun:"id"`
	Revision int64 `bun:"revision"`
	Event    int64 `bun:"event_id"`
}

func lastEvents(ctx context.Context, tx store.Tx, ids []ID) ([]moved, error) {
	var rows []moved
	err := tx.NewRaw(`/* opportunities.lastEvents */ SELECT o.id, o.revision, max(e.id) AS event_id FROM opportunities o JOIN opportunity_events e ON e.opportunity_id = o.id
		WHERE o.id IN (?) GROUP BY o.id, o.revision ORDER BY o.id`, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what is told: %w", err)
	}
	return rows, nil
}

// letterOn is the civil day of the last letter of searches that told of an opportunity.
type letterOn struct {
	ID  ID     `bun:"opportunity_id"`
	Day string `bun:"day"`
}

func lastSearchLetters(ctx context.Context, db bun.IDB, user accounts.UserID, ids []ID) ([]letterOn, error) {
	var rows []letterOn
	err := db.NewRaw(`/* opportunities.lastSearchLetters */ SELECT n.opportunity_id, max(l.day) AS day FROM search_news n JOIN search_letters l ON l.id = n.letter_id
		WHERE n.user_id = ? AND n.opportunity_id IN (?) GROUP BY n.opportunity_id ORDER BY n.opportunity_id`, user, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the letters of account %d: %w", user, err)
	}
	return rows, nil
}

// silenceSearches ends the letters of every search of somebody, and tells of how many.
func silenceSearches(ctx context.Context, tx store.Tx, user accounts.UserID) (int64, error) {
	res, err := tx.NewRaw("/* opportunities.silenceSearches */ UPDATE searches SET frequency = ? WHERE user_id = ? AND frequency <> ?", Silent, user, Silent).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("silence the searches of account %d: %w", user, err)
	}
	return res.RowsAffected()
}
