package bulletin

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// fresh is a match that no letter told somebody, at its last proposal.
type fresh struct {
	UserID       accounts.UserID     `bun:"user_id"`
	Organisation int64               `bun:"organisation_id"`
	Match        matching.ID         `bun:"match_id"`
	Event        int64               `bun:"event_id"`
	At           time.Time           `bun:"at"` // when it was proposed
	Lot          opportunities.LotID `bun:"lot_id"`
	Opportunity  opportunities.ID    `bun:"opportunity_id"`
}

// waiting chooses the matches that hold, of calls that can still be answered, and that
// their enterprise says nothing of.
const waiting = ` FROM matches m JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id LEFT JOIN pursuits p ON p.match_id = m.id %s
	WHERE m.state = ? AND o.state = ? AND o.kind <> ? AND NOT l.withdrawn AND (COALESCE(l.deadline, o.deadline) IS NULL OR COALESCE(l.deadline, o.deadline) > ?)
	AND COALESCE(p.state, ?) IN (?) `

func waitingArgs(now time.Time) []any {
	return []any{matching.Proposed, opportunities.Published, opportunities.Expected, now, followup.Proposed, bun.List([]followup.State{followup.Proposed, followup.Notified, followup.Seen})}
}

// untold lists, by account, the matches of a window that no letter told.
func untold(ctx context.Context, db bun.IDB, w window) ([]fresh, error) {
	query := `/* bulletin.untold */ SELECT u.id AS user_id, m.organisation_id, m.id AS match_id, e.id AS event_id, e.at, m.lot_id, l.opportunity_id` +
		fmt.Sprintf(waiting, `JOIN users u ON u.organisation_id = m.organisation_id AND u.role = 'member' AND u.disabled_at IS NULL
		JOIN match_events e ON e.match_id = m.id AND e.at > ? AND e.at <= ? AND e.kind IN ('proposed', 'restored')`) +
		`AND NOT EXISTS (SELECT 1 FROM match_events later WHERE later.match_id = m.id AND later.id > e.id AND later.kind IN ('proposed', 'restored'))
		AND NOT EXISTS (SELECT 1 FROM bulletin_told t WHERE t.user_id = u.id AND t.match_id = m.id AND t.revision = e.id)
		AND NOT EXISTS (SELECT 1 FROM bulletin_silences s WHERE s.user_id = u.id) `
	args := append([]any{w.since, w.until}, waitingArgs(w.now)...)
	if w.before != nil {
		query += "AND COALESCE(l.deadline, o.deadline) <= ? "
		args = append(args, *w.before)
	}
	var rows []fresh
	if err := db.NewRaw(query+"ORDER BY u.id, m.id", args...).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("look for what no letter told: %w", err)
	}
	return rows, nil
}

// lastBefore is when members' letters of the week were last made, of the weeks before one;
// the zero instant: never.
func lastBefore(ctx context.Context, db bun.IDB, week string) (time.Time, error) {
	var at time.Time
	err := db.NewRaw("/* bulletin.lastBefore */ SELECT made_at FROM bulletin_letters WHERE audience = ? AND key < ? ORDER BY key DESC, made_at LIMIT 1", Members, week).Scan(ctx, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return at, fmt.Errorf("read when the last letters of the week were made: %w", err)
	}
	return at, nil
}

// toldBy reads what a letter tells that still waits, the soonest deadline first.
func toldBy(ctx context.Context, db bun.IDB, id LetterID, now time.Time) ([]fresh, error) {
	var rows []fresh
	args := append([]any{id}, waitingArgs(now)...)
	err := db.NewRaw("/* bulletin.toldBy */ SELECT m.id AS match_id, m.lot_id"+fmt.Sprintf(waiting, "JOIN bulletin_told t ON t.match_id = m.id AND t.letter_id = ?")+
		"ORDER BY CASE WHEN COALESCE(l.deadline, o.deadline) IS NULL THEN 1 ELSE 0 END, COALESCE(l.deadline, o.deadline), m.id", args...).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what letter %d tells: %w", id, err)
	}
	return rows, nil
}

// insertLetter keeps a letter; errMeanwhile where its reader has it already.
func insertLetter(ctx context.Context, tx store.Tx, l *Letter) error {
	_, err := tx.NewInsert().Model(l).Comment("bulletin.insertLetter").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("keep a letter: %w", err)
	}
	if l.ID == 0 {
		return errMeanwhile
	}
	return nil
}

// remindedOf are those of some matches that a reminder told their reader since they
// were proposed.
func remindedOf(ctx context.Context, tx store.Tx, part []fresh) (map[matching.ID]bool, error) {
	var rows []struct {
		Match matching.ID `bun:"subject_id"`
		At    time.Time   `bun:"at"`
	}
	ids := make([]matching.ID, len(part))
	for i, f := range part {
		ids[i] = f.Match
	}
	err := tx.NewRaw("/* bulletin.remindedOf */ SELECT subject_id, max(at) AS at FROM reminders WHERE user_id = ? AND subject IN ('match', 'wider') AND how <> 'passed' AND letter_id IS NOT NULL AND subject_id IN (?) GROUP BY subject_id ORDER BY subject_id",
		part[0].UserID, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what reminders told account %d: %w", part[0].UserID, err)
	}
	at := map[matching.ID]time.Time{}
	for _, r := range rows {
		at[r.Match] = r.At
	}
	out := map[matching.ID]bool{}
	for _, f := range part {
		out[f.Match] = at[f.Match].After(f.At)
	}
	return out, nil
}

// insertTold writes the ledger of one reader; without a letter, another kind of letter
// told them.
func insertTold(ctx context.Context, tx store.Tx, id *LetterID, part []fresh) (n int64, err error) {
	for _, f := range part {
		row := &told{UserID: f.UserID, MatchID: f.Match, Revision: f.Event, LetterID: id}
		res, err := tx.NewInsert().Model(row).Comment("bulletin.insertTold").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return 0, fmt.Errorf("write the ledger of account %d: %w", f.UserID, err)
		}
		one, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		n += one
	}
	return n, nil
}

func one(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(what, "")
	}
	if err != nil {
		return fmt.Errorf("read a %s: %w", what, err)
	}
	return nil
}

func letterBy(ctx context.Context, db bun.IDB, where string, arg any) (*Letter, error) {
	l := &Letter{}
	return l, one(db.NewSelect().Model(l).Comment("bulletin.letterBy").Where(where, arg).Scan(ctx), "letter")
}

func setLetter(ctx context.Context, tx store.Tx, l *Letter, column string) error {
	if _, err := tx.NewUpdate().Model(l).Comment("bulletin.setLetter").Column(column).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write letter %d: %w", l.ID, err)
	}
	return nil
}

// member reads who a letter goes to; an account that is shut, or silent, is not there.
func member(ctx context.Context, db bun.IDB, id accounts.UserID) (accounts.User, error) {
	u := accounts.User{}
	return u, one(db.NewSelect().Model(&u).Comment("bulletin.member").Column("id", "email", "name", "lang", "organisation_id").Where("u.id = ? AND u.disabled_at IS NULL", id).
		Where("NOT EXISTS (SELECT 1 FROM bulletin_silences s WHERE s.user_id = u.id)").Scan(ctx), "account")
}

func silentNow(ctx context.Context, db bun.IDB, id accounts.UserID) (bool, error) {
	var n int
	err := db.NewRaw("/* bulletin.silentNow */ SELECT count(*) FROM bulletin_silences WHERE user_id = ?", id).Scan(ctx, &n)
	return n > 0, err
}

func silence(ctx context.Context, tx store.Tx, id accounts.UserID, now time.Time) (bool, error) {
	return changed(tx.NewRaw("/* bulletin.silence */ INSERT INTO bulletin_silences (user_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", id, now).Exec(ctx))
}

func endPartner(ctx context.Context, tx store.Tx, id PartnerID, now time.Time) (bool, error) {
	return changed(tx.NewRaw("/* bulletin.endPartner */ UPDATE bulletin_partners SET ended_at = ? WHERE id = ? AND ended_at IS NULL", now, id).Exec(ctx))
}

func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// edition reads what an association said of a letter; the zero one is "nothing".
func edition(ctx context.Context, db bun.IDB, week string, audience Audience, organisation int64) (*Edition, error) {
	e := &Edition{}
	err := db.NewSelect().Model(e).Comment("bulletin.edition").Where("be.week = ? AND be.audience = ? AND be.organisation_id = ?", week, audience, organisation).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return &Edition{Week: week, Audience: audience, OrganisationID: organisation}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read an edition: %w", err)
	}
	return e, nil
}

// editionFor is that of the association of an enterprise, the first one that has a word
// to say; the zero one of the federation where none has.
func editionFor(ctx context.Context, db bun.IDB, week string, organisation int64) (*Edition, error) {
	e := &Edition{}
	err := db.NewSelect().Model(e).Comment("bulletin.editionFor").Where("be.week = ? AND be.audience = ?", week, Members).
		Where("be.organisation_id IN (SELECT network_id FROM memberships WHERE organisation_id = ?)", organisation).OrderExpr("be.organisation_id").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return &Edition{Week: week, Audience: Members}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read an edition: %w", err)
	}
	return e, nil
}

// heldFor lists the enterprises whose association holds the letter of a week.
func heldFor(ctx context.Context, db bun.IDB, week string) (map[int64]bool, error) {
	var ids []int64
	err := db.NewRaw(`/* bulletin.heldFor */ SELECT DISTINCT m.organisation_id FROM memberships m JOIN bulletin_editions e ON e.organisation_id = m.network_id
		WHERE e.week = ? AND e.audience = ? AND e.decision = ? ORDER BY m.organisation_id`, week, Members, Held).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read who holds a letter: %w", err)
	}
	out := map[int64]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

func keepEdition(ctx context.Context, tx store.Tx, e *Edition) error {
	_, err := tx.NewInsert().Model(e).Comment("bulletin.keepEdition").On("CONFLICT (week, audience, organisation_id) DO UPDATE").
		Set("word = EXCLUDED.word, decision = EXCLUDED.decision, decided_by = EXCLUDED.decided_by, revision = EXCLUDED.revision, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep an edition: %w", err)
	}
	return nil
}

// readers lists the partners whose association agreed to the letter of a week and who
// have none yet.
func readers(ctx context.Context, db bun.IDB, week string, until time.Time) ([]PartnerID, error) {
	var ids []PartnerID
	err := db.NewRaw(`/* bulletin.readers */ SELECT p.id FROM bulletin_partners p JOIN bulletin_editions e ON e.organisation_id = p.organisation_id AND e.week = ? AND e.audience = ? AND e.decision = ?
		WHERE p.confirmed_at <= ? AND p.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM bulletin_letters l WHERE l.partner_id = p.id AND l.key = ?) ORDER BY p.id`,
		week, Partners, Agreed, until, week).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("list the readers of a week: %w", err)
	}
	return ids, nil
}

func partnerBy(ctx context.Context, db bun.IDB, where string, arg any) (*Partner, error) {
	p := &Partner{}
	return p, one(db.NewSelect().Model(p).Comment("bulletin.partnerBy").Where(where, arg).Scan(ctx), "partner")
}

// samePartner reads the same address of the same association; the zero one where
// there is none.
func samePartner(ctx context.Context, tx store.Tx, p *Partner) (*Partner, error) {
	had := &Partner{}
	err := tx.NewSelect().Model(had).Comment("bulletin.samePartner").Where("bp.organisation_id = ? AND bp.email_folded = ?", p.OrganisationID, p.EmailFolded).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return had, nil
	}
	return had, err
}

func keepPartner(ctx context.Context, tx store.Tx, p *Partner) error {
	if p.ID != 0 {
		_, err := tx.NewUpdate().Model(p).Comment("bulletin.keepPartner").WherePK().Exec(ctx)
		return err
	}
	_, err := tx.NewInsert().Model(p).Comment("bulletin.keepPartner").Returning("id").Exec(ctx)
	return err
}

func forgetPartner(ctx context.Context, tx store.Tx, id PartnerID) error {
	_, err := tx.NewRaw("/* bulletin.forgetPartner */ DELETE FROM bulletin_partners WHERE id = ?", id).Exec(ctx)
	return err
}

// partnersOf lists the partners of an association, with whether their address takes letters.
func partnersOf(ctx context.Context, db bun.IDB, organisation int64) ([]Reader, error) {
	rows := []Reader{}
	err := db.NewSelect().Model(&rows).Comment("bulletin.partnersOf").ColumnExpr("bp.*, ms.at AS suspended_at, ms.origin AS suspended_by").
		Join("LEFT JOIN mail_suspensions AS ms ON ms.address = bp.email_folded").Where("bp.organisation_id = ?", organisation).Order("bp.email_folded").Limit(2000).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list partners: %w", err)
	}
	return rows, nil
}

// lastLeft counts the letters of the last week of an association; no association, 0, is
// the federation's own: everybody's letter to members.
func lastLeft(ctx context.Context, db bun.IDB, audience Audience, organisation int64) (*Departure, error) {
	readers, args := "JOIN bulletin_partners r ON r.id = l.partner_id AND r.organisation_id = ?", []any{organisation}
	if audience == Members {
		readers, args = "JOIN users r ON r.id = l.user_id AND (? = 0 OR r.organisation_id IN (SELECT organisation_id FROM memberships WHERE network_id = ?))", []any{organisation, organisation}
	}
	var rows []Departure
	err := db.NewRaw("/* bulletin.lastLeft */ SELECT l.key AS week, count(*) AS made, count(l.sent_at) AS sent FROM bulletin_letters l "+readers+" WHERE l.audience = ? GROUP BY l.key ORDER BY l.key DESC LIMIT 1",
		append(args, audience)...).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count the letters that left: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// senders are the associations and the federation, whose letters may be asked for.
func senders(ctx context.Context, db bun.IDB) ([]Sender, error) {
	var rows []Sender
	err := db.NewRaw("/* bulletin.senders */ SELECT id, CASE WHEN brand <> '' THEN brand ELSE name END AS name FROM organisations WHERE role IN (?) AND active ORDER BY name, id",
		bun.List([]network.Role{network.Federation, network.Regional})).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("list associations: %w", err)
	}
	return rows, nil
}

func sends(ctx context.Context, db bun.IDB, id int64) (bool, error) {
	all, err := senders(ctx, db)
	for _, one := range all {
		if one.ID == id {
			return true, err
		}
	}
	return false, err
}

func communeOf(ctx context.Context, db bun.IDB, id int64) (code territories.CommuneCode, err error) {
	err = db.NewRaw("/* bulletin.communeOf */ SELECT commune FROM sites WHERE organisation_id = ? AND commune <> '' ORDER BY CASE WHEN main THEN 0 ELSE 1 END, id LIMIT 1", id).Scan(ctx, &code)
	return code, err
}
