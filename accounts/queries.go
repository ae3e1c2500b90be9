package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
)

// one reads a row or says that there is none.
func one(err error, what string, id any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(what, id)
	}
	if err != nil {
		return fmt.Errorf("read a %s: %w", what, err)
	}
	return nil
}

func done(err error, what string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// touched tells whether a statement found a row.
func touched(res sql.Result, err error, what string, id any) error {
	if err != nil {
		return fmt.Errorf("write a %s: %w", what, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("write a %s: %w", what, err)
	}
	if n == 0 {
		return fault.NotFound(what, id)
	}
	return nil
}

// --- users

func userByID(ctx context.Context, db bun.IDB, id UserID) (u User, err error) {
	return u, one(db.NewSelect().Model(&u).Where("id = ?", id).Scan(ctx), "user", id)
}

func userByEmail(ctx context.Context, db bun.IDB, folded string) (u User, err error) {
	return u, one(db.NewSelect().Model(&u).Where("email_folded = ?", folded).Scan(ctx), "user", "of an address")
}

func users(ctx context.Context, db bun.IDB, f UserFilter) ([]User, error) {
	var out []User
	q := db.NewSelect().Model(&out).Where("id > ?", f.After).Order("id").Limit(int64(f.Limit))
	if f.Role != "" {
		q = q.Where("role = ?", f.Role)
	}
	if f.OrganisationID != 0 {
		q = q.Where("organisation_id = ?", f.OrganisationID)
	}
	if f.Text != "" {
		like := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(f.Text)) + "%"
		q = q.Where("(email_folded LIKE ? ESCAPE '!' OR lower(name) LIKE ? ESCAPE '!')", like, like)
	}
	return out, done(q.Scan(ctx), "list users")
}

func countUsers(ctx context.Context, db bun.IDB) (int, error) {
	n, err := db.NewSelect().Model((*User)(nil)).Count(ctx)
	return int(n), done(err, "count users")
}

func insertUser(ctx context.Context, db bun.IDB, u *User) error {
	res, err := db.NewInsert().Model(u).On("CONFLICT (email_folded) DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("insert a user: %w", err)
	}
	if err == nil {
		if n, _ := res.RowsAffected(); n == 1 {
			return nil
		}
	}
	return fault.Conflict("already-user", "Cette adresse a déjà un compte.", "This address already has an account.")
}

// saveUser writes a user against the revision it was read at.
func saveUser(ctx context.Context, db bun.IDB, u *User) error {
	was := u.Revision
	u.Revision++
	res, err := db.NewUpdate().Model(u).WherePK().Where("revision = ?", was).Exec(ctx)
	if err := touched(res, err, "user", u.ID); err != nil {
		if fault.Is(err, fault.KindNotFound) {
			return fault.Stale()
		}
		return err
	}
	return nil
}

// noteSignIn does not change the revision: nothing that somebody edits has changed.
func noteSignIn(ctx context.Context, db bun.IDB, u User) error {
	_, err := db.NewUpdate().Model(&u).Column("signed_in_at", "password").WherePK().Exec(ctx)
	return done(err, "note a sign in")
}

// anotherAdmin refuses to leave the platform without an administrator.
func anotherAdmin(ctx context.Context, db bun.IDB, but UserID) error {
	n, err := db.NewSelect().Model((*User)(nil)).Where("role = ?", Admin).Where("disabled_at IS NULL").Where("id <> ?", but).Count(ctx)
	if err != nil {
		return fmt.Errorf("count administrators: %w", err)
	}
	if n == 0 {
		return fault.Conflict("last-admin", "C’est le dernier compte d’administration : ouvrez-en un autre d’abord.",
			"This is the last administrator: open another account first.")
	}
	return nil
}

// --- sessions

func insertSession(ctx context.Context, db bun.IDB, s *Session) error {
	_, err := db.NewInsert().Model(s).Returning("id").Exec(ctx)
	return done(err, "insert a session")
}

func sessionByDigest(ctx context.Context, db bun.IDB, d string) (s Session, u User, err error) {
	if err = one(db.NewSelect().Model(&s).Where("digest = ?", d).Scan(ctx), "session", ""); err == nil {
		u, err = userByID(ctx, db, s.UserID)
	}
	return s, u, err
}

func seeSession(ctx context.Context, db bun.IDB, id int64, at time.Time) error {
	_, err := db.NewUpdate().Model((*Session)(nil)).Set("seen_at = ?", at).Where("id = ?", id).Exec(ctx)
	return done(err, "see a session")
}

func sessionsOf(ctx context.Context, db bun.IDB, id UserID, now, idle time.Time) ([]Session, error) {
	var out []Session
	err := db.NewSelect().Model(&out).Where("user_id = ?", id).Where("expires_at > ?", now).Where("seen_at > ?", idle).
		Order("seen_at DESC", "id DESC").Scan(ctx)
	return out, done(err, "list sessions")
}

func deleteSession(ctx context.Context, db bun.IDB, owner UserID, id int64) error {
	res, err := db.NewDelete().Model((*Session)(nil)).Where("id = ?", id).Where("user_id = ?", owner).Exec(ctx)
	return touched(res, err, "session", id)
}

func deleteSessionByDigest(ctx context.Context, db bun.IDB, d string) error {
	_, err := db.NewDelete().Model((*Session)(nil)).Where("digest = ?", d).Exec(ctx)
	return done(err, "end a session")
}

// endSessions ends all of somebody's sessions but one (0 is none).
func endSessions(ctx context.Context, db bun.IDB, owner UserID, but int64) error {
	_, err := db.NewDelete().Model((*Session)(nil)).Where("user_id = ?", owner).Where("id <> ?", but).Exec(ctx)
	return done(err, "end sessions")
}

// --- invitations

func insertInvitation(ctx context.Context, db bun.IDB, i *Invitation) error {
	_, err := db.NewInsert().Model(i).Returning("id").Exec(ctx)
	return done(err, "insert an invitation")
}

func saveInvitation(ctx context.Context, db bun.IDB, i *Invitation) error {
	res, err := db.NewUpdate().Model(i).Column("digest", "sent_at", "expires_at", "withdrawn_at").
		WherePK().Where("accepted_at IS NULL").Exec(ctx)
	return touched(res, err, "invitation", i.ID)
}

func invitationByID(ctx context.Context, db bun.IDB, id int64) (i Invitation, err error) {
	return i, one(db.NewSelect().Model(&i).Where("id = ?", id).Scan(ctx), "invitation", id)
}

func invitationByDigest(ctx context.Context, db bun.IDB, d string) (i Invitation, err error) {
	return i, one(db.NewSelect().Model(&i).Where("digest = ?", d).Scan(ctx), "invitation", "of a link")
}

func pendingInvitations(ctx context.Context, db bun.IDB, organisation, before int64, limit int) ([]Invitation, error) {
	var out []Invitation
	q := db.NewSelect().Model(&out).Where("accepted_at IS NULL").Where("withdrawn_at IS NULL").Where("email <> ''").
		Order("id DESC").Limit(int64(limit))
	if organisation != 0 {
		q = q.Where("organisation_id = ?", organisation)
	}
	if before != 0 {
		q = q.Where("id < ?", before)
	}
	return out, done(q.Scan(ctx), "list invitations")
}

func withdrawInvitations(ctx context.Context, db bun.IDB, folded string, at time.Time) error {
	_, err := db.NewUpdate().Model((*Invitation)(nil)).Set("withdrawn_at = ?", at).Set("digest = NULL").
		Where("email_folded = ?", folded).Where("accepted_at IS NULL").Where("withdrawn_at IS NULL").Exec(ctx)
	return done(err, "withdraw invitations")
}

// spendInvitation takes the link's one use; false if another took it first.
func spendInvitation(ctx context.Context, db bun.IDB, id int64, at time.Time) (bool, error) {
	res, err := db.NewUpdate().Model((*Invitation)(nil)).Set("accepted_at = ?", at).Set("digest = NULL").
		Where("id = ?", id).Where("accepted_at IS NULL").Where("withdrawn_at IS NULL").Exec(ctx)
	err = touched(res, err, "invitation", id)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

func nameInvited(ctx context.Context, db bun.IDB, id int64, u UserID) error {
	_, err := db.NewUpdate().Model((*Invitation)(nil)).Set("user_id = ?", u).Where("id = ?", id).Exec(ctx)
	return done(err, "name the invited")
}

// --- resets

func insertReset(ctx context.Context, db bun.IDB, r *Reset) error {
	_, err := db.NewInsert().Model(r).Returning("id").Exec(ctx)
	return done(err, "insert a reset")
}

func saveReset(ctx context.Context, db bun.IDB, r *Reset) error {
	res, err := db.NewUpdate().Model(r).Column("digest", "expires_at").WherePK().Where("used_at IS NULL").Exec(ctx)
	return touched(res, err, "reset", r.ID)
}

func resetByID(ctx context.Context, db bun.IDB, id int64) (r Reset, err error) {
	return r, one(db.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx), "reset", id)
}

func resetByDigest(ctx context.Context, db bun.IDB, d string) (r Reset, err error) {
	return r, one(db.NewSelect().Model(&r).Where("digest = ?", d).Scan(ctx), "reset", "of a link")
}

// spendResets ends every pending link of somebody: one new password is enough.
// Two uses of one link at once: the second finds nothing to spend.
func spendResets(ctx context.Context, db bun.IDB, owner UserID, at time.Time) error {
	res, err := db.NewUpdate().Model((*Reset)(nil)).Set("used_at = ?", at).Set("digest = NULL").
		Where("user_id = ?", owner).Where("used_at IS NULL").Exec(ctx)
	if err := touched(res, err, "reset", owner); err != nil {
		return linkOr(err)
	}
	return nil
}

// --- tokens

func insertToken(ctx context.Context, db bun.IDB, t *Token) error {
	_, err := db.NewInsert().Model(t).Returning("id").Exec(ctx)
	return done(err, "insert a token")
}

func countTokens(ctx context.Context, db bun.IDB, owner UserID, now time.Time) (int, error) {
	n, err := db.NewSelect().Model((*Token)(nil)).Where("user_id = ?", owner).Where("revoked_at IS NULL").
		Where("expires_at > ?", now).Count(ctx)
	return int(n), done(err, "count tokens")
}

func tokenByDigest(ctx context.Context, db bun.IDB, d string) (t Token, u User, err error) {
	if err = one(db.NewSelect().Model(&t).Where("digest = ?", d).Scan(ctx), "token", ""); err == nil {
		u, err = userByID(ctx, db, t.UserID)
	}
	return t, u, err
}

func tokensOf(ctx context.Context, db bun.IDB, owner UserID) ([]Token, error) {
	var out []Token
	return out, done(db.NewSelect().Model(&out).Where("user_id = ?", owner).Order("id DESC").Limit(200).Scan(ctx), "list tokens")
}

func useToken(ctx context.Context, db bun.IDB, id int64, at time.Time) error {
	_, err := db.NewUpdate().Model((*Token)(nil)).Set("used_at = ?", at).Where("id = ?", id).Exec(ctx)
	return done(err, "use a token")
}

func revokeToken(ctx context.Context, db bun.IDB, owner UserID, id int64, at time.Time) error {
	res, err := db.NewUpdate().Model((*Token)(nil)).Set("revoked_at = ?", at).
		Where("id = ?", id).Where("user_id = ?", owner).Where("revoked_at IS NULL").Exec(ctx)
	return touched(res, err, "token", id)
}

// --- the trail

// auditRows reads the trail; what somebody did is looked for among what is not veiled from
// me.
func auditRows(ctx context.Context, db bun.IDB, f AuditFilter, me UserID) ([]AuditRow, error) {
	var out []AuditRow
	q := db.NewSelect().Model(&out).Order("id DESC").Limit(int64(f.Limit))
	if f.UserID != 0 {
		q = q.Where("user_id = ? AND (NOT veiled OR user_id = ?)", f.UserID, me)
	}
	if f.Action != "" {
		q = q.Where("action = ?", f.Action)
	}
	if f.Entity != "" {
		q = q.Where("entity = ?", f.Entity)
	}
	if f.EntityID != 0 {
		q = q.Where("entity_id = ?", f.EntityID)
	}
	if f.Before != 0 {
		q = q.Where("id < ?", f.Before)
	}
	return out, done(q.Scan(ctx), "read the audit trail")
}

func sweep(ctx context.Context, db bun.IDB, now, idle, month time.Time) error {
	if _, err := db.NewDelete().Model((*Session)(nil)).Where("expires_at <= ? OR seen_at <= ?", now, idle).Exec(ctx); err != nil {
		return err
	}
	if _, err := db.NewDelete().Model((*Reset)(nil)).Where("expires_at <= ?", now).Exec(ctx); err != nil {
		return err
	}
	_, err := db.NewDelete().Model((*Invitation)(nil)).Where("accepted_at IS NULL").Where("expires_at <= ?", month).Exec(ctx)
	return err
}

// accountsOf lists the accounts of an organisation that may be used, of some roles.
func accountsOf(ctx context.Context, db bun.IDB, organisation int64, roles ...Role) ([]int64, error) {
	var ids []int64
	err := db.NewSelect().Model((*User)(nil)).Comment("accounts.accountsOf").Column("id").Where("organisation_id = ?", organisation).
		Where("role IN (?)", bun.List(roles)).Where("disabled_at IS NULL").Order("id").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find the accounts of organisation %d: %w", organisation, err)
	}
	return ids, nil
}

// --- what tells who an organisation is

// tracesOf reads the names of an organisation, its sites on the web, and its other traces:
// its SIREN, where to write, call or come, and those who speak for it.
func tracesOf(ctx context.Context, db bun.IDB, organisation int64) (names, sites, others []string, err error) {
	err = db.NewRaw("/* accounts.namesOf */ SELECT name FROM organisations WHERE id = ? UNION SELECT brand FROM organisations WHERE id = ? ORDER BY 1", organisation, organisation).Scan(ctx, &names)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the names of organisation %d: %w", organisation, err)
	}
	err = db.NewRaw(`/* accounts.tracesOf */ SELECT substr(siret, 1, 9) AS text FROM organisations WHERE id = ? UNION SELECT email FROM organisations WHERE id = ? UNION SELECT phone FROM organisations WHERE id = ?
		UNION SELECT address FROM sites WHERE organisation_id = ? UNION SELECT name FROM users WHERE organisation_id = ? UNION SELECT email FROM users WHERE organisation_id = ? ORDER BY 1`,
		organisation, organisation, organisation, organisation, organisation, organisation).Scan(ctx, &others)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read what would tell of organisation %d: %w", organisation, err)
	}
	if err = db.NewRaw("/* accounts.websiteOf */ SELECT website FROM organisations WHERE id = ?", organisation).Scan(ctx, &sites); err != nil {
		return nil, nil, nil, fmt.Errorf("read the site of organisation %d: %w", organisation, err)
	}
	return names, sites, others, nil
}
