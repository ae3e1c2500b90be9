package escalation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/opportunities"
	"maillage/territories"
)

// chunk bounds the number of values of one statement.
const chunk = 500

// tellable are the accounts that may be told, by number.
func tellable(ctx context.Context, db bun.IDB) ([]accounts.User, error) {
	var out []accounts.User
	err := db.NewSelect().Model(&out).Comment("escalation.tellable").Column("id", "email", "name", "role", "lang", "organisation_id", "perimeter").
		Where("u.role IN (?) AND u.disabled_at IS NULL", bun.List([]accounts.Role{accounts.Member, accounts.Officer, accounts.Admin, accounts.Counsellor})).OrderExpr("u.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who may be told: %w", err)
	}
	return out, nil
}

func silences(ctx context.Context, db bun.IDB) (map[accounts.UserID]bool, error) {
	return marked(ctx, db, "/* escalation.silences */ SELECT user_id FROM reminder_silences ORDER BY user_id")
}

// writtenOn tells who has a letter of a day.
func writtenOn(ctx context.Context, db bun.IDB, day string) (map[accounts.UserID]bool, error) {
	return marked(ctx, db, "/* escalation.writtenOn */ SELECT user_id FROM reminder_letters WHERE day = ? UNION SELECT user_id FROM daily_letters WHERE day = ? ORDER BY user_id", day, day)
}

func marked(ctx context.Context, db bun.IDB, query string, args ...any) (map[accounts.UserID]bool, error) {
	var ids []accounts.UserID
	if err := db.NewRaw(query, args...).Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("read who was told: %w", err)
	}
	out := make(map[accounts.UserID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// town is where an organisation is.
type town struct {
	ID      int64                   `bun:"id"`
	Commune territories.CommuneCode `bun:"commune"`
}

// mainCommunes reads the commune of the main site of each organisation that is placed.
func mainCommunes(ctx context.Context, db bun.IDB) ([]town, error) {
	var rows []town
	err := db.NewRaw(`/* escalation.mainCommunes */ SELECT o.id, coalesce((SELECT s.commune FROM sites s WHERE s.organisation_id = o.id AND s.commune <> ''
		ORDER BY CASE WHEN s.main THEN 0 ELSE 1 END, s.id LIMIT 1), '') AS commune FROM organisations o ORDER BY o.id`).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read where organisations are: %w", err)
	}
	return rows, nil
}

// lastContacts is when somebody last spoke with each organisation.
func lastContacts(ctx context.Context, db bun.IDB) (map[int64]time.Time, error) {
	var rows []struct {
		Organisation int64     `bun:"organisation_id"`
		At           time.Time `bun:"at"`
	}
	err := db.NewRaw("/* escalation.lastContacts */ SELECT organisation_id, max(at) AS at FROM contacts GROUP BY organisation_id ORDER BY organisation_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the last contacts: %w", err)
	}
	out := make(map[int64]time.Time, len(rows))
	for _, r := range rows {
		out[r.Organisation] = r.At
	}
	return out, nil
}

// openMatch chooses the matches that hold, of calls that can still be answered.
const openMatch = ` FROM matches m JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id LEFT JOIN pursuits p ON p.match_id = m.id
	LEFT JOIN match_events again ON again.id = (SELECT max(e.id) FROM match_events e WHERE e.match_id = m.id AND e.kind = 'restored')
	WHERE m.state = ? AND o.state = ? AND o.kind <> ? AND NOT l.withdrawn AND (COALESCE(l.deadline, o.deadline) IS NULL OR COALESCE(l.deadline, o.deadline) > ?)
	AND COALESCE(p.state, ?) IN (?) `

func openArgs(now time.Time, more ...any) []any {
	return append([]any{matching.Proposed, opportunities.Published, opportunities.Expected, now, followup.Proposed,
		bun.List([]followup.State{followup.Proposed, followup.Notified, followup.Seen})}, more...)
}

// pendingColumns tell of a match that a wider search alone made by what its
// explanation says of its place.
const pendingColumns = `SELECT m.id, m.lot_id, l.opportunity_id, m.organisation_id, COALESCE(again.id, 0) AS proposal, COALESCE(again.at, m.first_proposed_at) AS proposed_at, COALESCE(l.deadline, o.deadline) AS deadline,
	CASE WHEN l.wider <> '' AND CAST(m.explanation AS text) LIKE '%territory.wider%' THEN 1 ELSE 0 END AS wider`

// unanswered lists the matches that wait for an answer, by number.
func unanswered(ctx context.Context, db bun.IDB, now time.Time) ([]pending, error) {
	var rows []pending
	if err := db.NewRaw("/* escalation.unanswered */ "+pendingColumns+openMatch+"ORDER BY m.id", openArgs(now)...).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read the matches without an answer: %w", err)
	}
	return rows, nil
}

// stillUnanswered keeps of some matches those that wait for an answer.
func stillUnanswered(ctx context.Context, db bun.IDB, now time.Time, ids []matching.ID) (map[matching.ID]*pending, error) {
	out := map[matching.ID]*pending{}
	for part := range slices.Chunk(ids, chunk) {
		var rows []pending
		if err := db.NewRaw("/* escalation.stillUnanswered */ "+pendingColumns+openMatch+"AND m.id IN (?) ORDER BY m.id", openArgs(now, bun.List(part))...).Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("read the matches without an answer: %w", err)
		}
		for i := range rows {
			out[rows[i].ID] = &rows[i]
		}
	}
	return out, nil
}

// ledgerOf reads the lines of a subject about some things, by their number.
func ledgerOf(ctx context.Context, db bun.IDB, subject Subject, ids []int64) (map[int64]told, error) {
	out := map[int64]told{}
	for part := range slices.Chunk(ids, chunk) {
		var rows []line
		err := db.NewSelect().Model(&rows).Comment("escalation.ledgerOf").Where("rm.subject = ? AND rm.subject_id IN (?)", subject, bun.List(part)).OrderExpr("rm.id").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the ledger of reminders: %w", err)
		}
		gather(out, rows)
	}
	return out, nil
}

// ledgerOfOpen reads the lines about the matches that wait for an answer: what was
// answered or closed long ago is not read again.
func ledgerOfOpen(ctx context.Context, db bun.IDB, now time.Time) (map[int64]told, error) {
	var rows []line
	err := db.NewSelect().Model(&rows).Comment("escalation.ledgerOfOpen").Where("rm.subject IN (?)", bun.List([]Subject{OfMatch, OfWider, OfRung})).
		Where("rm.subject_id IN (SELECT m.id"+openMatch+")", openArgs(now)...).OrderExpr("rm.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ledger of matches: %w", err)
	}
	out := map[int64]told{}
	gather(out, rows)
	return out, nil
}

func gather(out map[int64]told, rows []line) {
	for _, r := range rows {
		out[r.SubjectID] = append(out[r.SubjectID], r)
	}
}

// insertLetter keeps a letter; errMeanwhile where the day has one already.
func insertLetter(ctx context.Context, tx store.Tx, l *Letter) error {
	_, err := tx.NewInsert().Model(l).Comment("escalation.insertLetter").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("keep a letter: %w", err)
	}
	if l.ID == 0 {
		return errMeanwhile
	}
	return nil
}

// insertLines writes the lines that are not there yet and tells how many of them
// say something.
func insertLines(ctx context.Context, tx store.Tx, lines []*line, letter LetterID, now time.Time) (fresh int64, err error) {
	for _, l := range lines {
		if l.At = now; letter != 0 {
			l.LetterID = &letter
		}
		res, err := tx.NewInsert().Model(l).Comment("escalation.insertLines").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return 0, fmt.Errorf("write the ledger of account %d: %w", l.UserID, err)
		}
		if n, err := res.RowsAffected(); err != nil {
			return 0, err
		} else if l.How != Passed {
			fresh += n
		}
	}
	return fresh, nil
}

// letterBy reads a letter.
func letterBy(ctx context.Context, db bun.IDB, where string, arg any) (*Letter, error) {
	l := &Letter{}
	err := db.NewSelect().Model(l).Comment("escalation.letterBy").Where(where, arg).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("letter", 0)
	}
	if err != nil {
		return nil, fmt.Errorf("read a letter: %w", err)
	}
	return l, nil
}

func setLetter(ctx context.Context, tx store.Tx, l *Letter, column string) error {
	if _, err := tx.NewUpdate().Model(l).Comment("escalation.setLetter").Column(column).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write letter %d: %w", l.ID, err)
	}
	return nil
}

// linesOf reads what a letter tells, in the order in which it was written.
func linesOf(ctx context.Context, db bun.IDB, id LetterID) ([]line, error) {
	var rows []line
	err := db.NewSelect().Model(&rows).Comment("escalation.linesOf").Where("rm.letter_id = ? AND rm.how <> ?", id, Passed).OrderExpr("rm.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read letter %d: %w", id, err)
	}
	return rows, nil
}

// recipient reads who a letter goes to; an account that is shut is not there.
func recipient(ctx context.Context, db bun.IDB, id accounts.UserID) (accounts.User, error) {
	u := accounts.User{}
	err := db.NewSelect().Model(&u).Comment("escalation.recipient").Where("u.id = ? AND u.disabled_at IS NULL", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.NotFound("account", id)
	}
	if err != nil {
		return u, fmt.Errorf("read account %d: %w", id, err)
	}
	return u, nil
}

// setSilence writes whether somebody wants letters; false where it was so.
func setSilence(ctx context.Context, tx store.Tx, id accounts.UserID, silent bool, now time.Time) (bool, error) {
	query, args := "/* escalation.setSilence */ DELETE FROM reminder_silences WHERE user_id = ?", []any{id}
	if silent {
		query, args = "/* escalation.setSilence */ INSERT INTO reminder_silences (user_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", []any{id, now}
	}
	res, err := tx.NewRaw(query, args...).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write whether account %d wants letters: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// silentNow tells whether somebody asked for no letters.
func silentNow(ctx context.Context, db bun.IDB, id accounts.UserID) (bool, error) {
	var n int
	if err := db.NewRaw("/* escalation.silentNow */ SELECT count(*) FROM reminder_silences WHERE user_id = ?", id).Scan(ctx, &n); err != nil {
		return false, fmt.Errorf("read whether account %d wants letters: %w", id, err)
	}
	return n > 0, nil
}

// lettered is a match, its call, and when a letter of the bulletin last named it; nil: none did.
type lettered struct {
	Match  int64      `bun:"match_id"`
	Call   int64      `bun:"opportunity_id"`
	MadeAt *time.Time `bun:"made_at"`
}

func bulletinOn(ctx context.Context, tx store.Tx, id accounts.UserID, matches []int64) ([]lettered, error) {
	var rows []lettered
	err := tx.NewRaw(`/* escalation.bulletinOn */ SELECT m.id AS match_id, l.opportunity_id,
		(SELECT max(b.made_at) FROM bulletin_told t JOIN bulletin_letters b ON b.id = t.letter_id WHERE t.user_id = ? AND t.match_id = m.id) AS made_at
		FROM matches m JOIN lots l ON l.id = m.lot_id WHERE m.id IN (?) ORDER BY m.id`, id, bun.List(matches)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what other letters told account %d: %w", id, err)
	}
	return rows, nil
}
