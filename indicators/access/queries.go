package access

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/access/record"
	"maillage/internal/fault"
	"maillage/internal/store"
)

func insertAgreement(ctx context.Context, tx store.Tx, a *Agreement) error {
	if _, err := tx.NewInsert().Model(a).Comment("access.insertAgreement").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep an agreement: %w", err)
	}
	return nil
}

func insertEvent(ctx context.Context, tx store.Tx, e *Event) error {
	if _, err := tx.NewInsert().Model(e).Comment("access.insertEvent").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep event %s of agreement %d: %w", e.Kind, e.AgreementID, err)
	}
	return nil
}

func insertUse(ctx context.Context, tx store.Tx, u *Use) error {
	if _, err := tx.NewInsert().Model(u).Comment("access.insertUse").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("log a use of agreement %d: %w", u.AgreementID, err)
	}
	return nil
}

func insertMade(ctx context.Context, tx store.Tx, m *made) error {
	if _, err := tx.NewInsert().Model(m).Comment("access.insertMade").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep the files of %d: %w", m.Year, err)
	}
	return nil
}

func insertAttempt(ctx context.Context, tx store.Tx, a *Attempt) error {
	if _, err := tx.NewInsert().Model(a).Comment("access.insertAttempt").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep what came of %d: %w", a.Year, err)
	}
	return nil
}

// attempts are the last of each year, the latest years first.
func attempts(ctx context.Context, db bun.IDB) ([]Attempt, error) {
	out := []Attempt{}
	err := db.NewSelect().Model(&out).Comment("access.attempts").Where("NOT EXISTS (SELECT 1 FROM access_makes later WHERE later.year = am.year AND later.id > am.id)").Order("am.year DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what came of the years asked for: %w", err)
	}
	return out, nil
}

// agreementsOf are those of somebody, or of everybody where user is 0; the latest first.
func agreementsOf(ctx context.Context, db bun.IDB, user accounts.UserID) ([]Agreement, error) {
	out := []Agreement{}
	q := agreementQuery(db).Model(&out).Comment("access.agreementsOf").Order("aa.id DESC")
	if user != 0 {
		q = q.Where("aa.user_id = ?", user)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the agreements: %w", err)
	}
	return out, withEvents(ctx, db, out)
}

func agreementQuery(db bun.IDB) *bun.SelectQuery {
	return db.NewSelect().ColumnExpr("aa.id, aa.user_id, aa.institution, aa.purpose, aa.reference, aa.file, aa.years, aa.variables, aa.from_on, aa.until_on, aa.granted_at").
		ColumnExpr("u.name").Join("JOIN users u ON u.id = aa.user_id")
}

func agreementOf(ctx context.Context, db bun.IDB, id int64) (*Agreement, error) {
	out := []Agreement{}
	if err := agreementQuery(db).Model(&out).Comment("access.agreementOf").Where("aa.id = ?", id).Order("aa.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read agreement %d: %w", id, err)
	}
	if len(out) == 0 {
		return nil, fault.NotFound("agreement", id)
	}
	return &out[0], withEvents(ctx, db, out)
}

// withEvents adds to agreements what happened to them, in order.
func withEvents(ctx context.Context, db bun.IDB, list []Agreement) error {
	if len(list) == 0 {
		return nil
	}
	at := map[int64]*Agreement{}
	var ids []int64
	for i := range list {
		at[list[i].ID], ids = &list[i], append(ids, list[i].ID)
	}
	var rows []Event
	if err := db.NewSelect().Model(&rows).Comment("access.eventsOf").Where("ae.agreement_id IN (?)", bun.List(ids)).Order("ae.id").Scan(ctx); err != nil {
		return fmt.Errorf("read what happened to agreements: %w", err)
	}
	for _, e := range rows {
		at[e.AgreementID].Events = append(at[e.AgreementID].Events, e)
	}
	return nil
}

// unsaid are the agreements whose last day is before a day, of which no event says
// so yet: neither that one, nor that they are over.
func unsaid(ctx context.Context, tx store.Tx, kind EventKind, before string) ([]Agreement, error) {
	out := []Agreement{}
	err := agreementQuery(tx).Model(&out).Comment("access.unsaid").Where("aa.until_on < ?", before).
		Where("NOT EXISTS (SELECT 1 FROM access_events e WHERE e.agreement_id = aa.id AND e.kind IN (?, ?, ?))", kind, Lapsed, Revoked).Order("aa.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for agreements that lapsed: %w", err)
	}
	return out, nil
}

func isResearcher(ctx context.Context, db bun.IDB, user accounts.UserID) (bool, error) {
	list, err := researchers(ctx, db)
	if err != nil {
		return false, err
	}
	for _, r := range list {
		if r.ID == user {
			return true, nil
		}
	}
	return false, nil
}

func researchers(ctx context.Context, db bun.IDB) ([]Researcher, error) {
	out := []Researcher{}
	err := db.NewRaw("/* access.researchers */ SELECT id, name FROM users WHERE role = ? AND disabled_at IS NULL ORDER BY name, id", accounts.Researcher).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list the researchers: %w", err)
	}
	return out, nil
}

// reader is the account of a researcher; found is false where it is shut.
func reader(ctx context.Context, db bun.IDB, id accounts.UserID) (u accounts.User, found bool, err error) {
	err = db.NewSelect().Model(&u).Comment("access.reader").Column("id", "email", "name", "lang").Where("u.id = ?", id).Where("u.disabled_at IS NULL").Order("u.id").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return u, false, nil
	}
	if err != nil {
		return u, false, fmt.Errorf("read the account of a researcher: %w", err)
	}
	return u, true, nil
}

// look says which uses are read: of an agreement, of somebody, below a number; 0 is all.
type look struct {
	agreement, below int64
	user             accounts.UserID
	limit            int
}

// usesOf are the readings, refused or not, the latest first.
func usesOf(ctx context.Context, db bun.IDB, l look) ([]Use, error) {
	out := []Use{}
	q := db.NewSelect().Model(&out).Comment("access.usesOf").ColumnExpr("au.id, au.agreement_id, au.user_id, au.what, au.files, au.hash, au.at").
		ColumnExpr("u.name, aa.granted_at").Join("JOIN users u ON u.id = au.user_id").Join("JOIN access_agreements aa ON aa.id = au.agreement_id").Order("au.id DESC").Limit(int64(l.limit))
	if l.agreement != 0 {
		q = q.Where("au.agreement_id = ?", l.agreement)
	}
	if l.user != 0 {
		q = q.Where("au.user_id = ?", l.user)
	}
	if l.below > 0 {
		q = q.Where("au.id < ?", l.below)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the log of uses: %w", err)
	}
	return out, nil
}

// latest is the last vintage of a year.
func latest(ctx context.Context, db bun.IDB, year int) (*made, error) {
	m := new(made)
	err := db.NewSelect().Model(m).Comment("access.latest").Where("af.year = ?", year).Order("af.vintage DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("microdata_file", year)
	}
	if err != nil {
		return nil, fmt.Errorf("read the files of %d: %w", year, err)
	}
	return m, nil
}

// vintagesOf are all the vintages of a year, the first one first.
func vintagesOf(ctx context.Context, db bun.IDB, year int) ([]made, error) {
	out := []made{}
	if err := db.NewSelect().Model(&out).Comment("access.vintagesOf").Where("af.year = ?", year).Order("af.vintage").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the vintages of %d: %w", year, err)
	}
	return out, nil
}

// described are the files that are there, without their records.
func described(ctx context.Context, db bun.IDB) ([]File, error) {
	var all []made
	err := db.NewSelect().Model(&all).Comment("access.described").ExcludeColumn("content", "kept").Order("af.year", "af.vintage").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the files: %w", err)
	}
	out := []File{}
	for _, k := range record.Kinds() {
		for i := range all {
			if f := all[i].file(k); f != nil {
				out = append(out, *f)
			}
		}
	}
	return out, nil
}

func enterprisesIn(ctx context.Context, db bun.IDB, year int) ([]int64, error) {
	var out []int64
	err := db.NewRaw("/* access.enterprisesIn */ SELECT enterprise_id FROM observed_years WHERE year = ? ORDER BY enterprise_id", year).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list the enterprises of %d: %w", year, err)
	}
	return out, nil
}
