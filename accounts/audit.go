package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// Entry is one change to put in the trail: what was done to what, never the
// values. Fields are the names of what changed. Before and After, where given,
// are kept as digests only: they prove a state without telling it, and must not
// be a single guessable value such as an address.
type Entry struct {
	At       time.Time // of the noun's clock; zero takes the machine's
	Action   Action
	Entity   string // "user", "opportunity", "match"…
	EntityID int64
	Fields   []string
	Before   any
	After    any
	Veiled   bool // who did it is kept and told to nobody else: it would tell what the noun hides
}

// AuditRow is one line of the trail.
type AuditRow struct {
	bun.BaseModel `bun:"table:audit_entries"`
	ID            int64     `bun:"id,pk,autoincrement"`
	At            time.Time `bun:"at"`
	UserID        UserID    `bun:"user_id"` // 0 is the system or a visitor; see Role
	Role          Role      `bun:"role"`
	Action        Action    `bun:"action"`
	Entity        string    `bun:"entity"`
	EntityID      int64     `bun:"entity_id"`
	RequestID     string    `bun:"request_id"`
	Fields        string    `bun:"fields"` // names, separated by spaces
	BeforeDigest  string    `bun:"before_digest"`
	AfterDigest   string    `bun:"after_digest"`
	Veiled        bool      `bun:"veiled"`
}

// AuditFilter narrows the trail. The zero value reads all of it, newest first.
type AuditFilter struct {
	UserID   UserID
	Action   Action
	Entity   string
	EntityID int64
	Before   int64 // keyset: the number of the last row seen
	Limit    int   // default and most 200
}

// Audit writes one entry in the caller's transaction: the change and its trace
// are kept together. Who acts and in which request come from the context; where
// no door put anybody, it is the system (a worker, a command).
func Audit(ctx context.Context, tx store.Tx, e Entry) error {
	who, known := ctx.Value(identityKey{}).(Identity)
	if !known {
		who = TheSystem()
	}
	if e.At.IsZero() {
		e.At = time.Now()
	}
	row := AuditRow{At: e.At.UTC().Truncate(time.Microsecond), UserID: who.UserID, Role: who.Role, Action: e.Action,
		Entity: e.Entity, EntityID: e.EntityID, RequestID: RequestFrom(ctx), Veiled: e.Veiled, Fields: strings.Join(e.Fields, " ")}
	var err error
	if row.BeforeDigest, err = digestOf(e.Before); err != nil {
		return err
	}
	if row.AfterDigest, err = digestOf(e.After); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write the audit trail: %w", err)
	}
	return nil
}

// AuditTrail reads the trail, newest first. Of a veiled row it does not tell who acted but
// to themself: neither their account nor their request, nor by looking for one of them.
func (s *Service) AuditTrail(ctx context.Context, f AuditFilter) ([]AuditRow, error) {
	if err := Allow(From(ctx), AuditRead, Scope{}); err != nil {
		return nil, err
	}
	f.Limit = bounded(f.Limit)
	me := From(ctx).UserID
	rows, err := auditRows(ctx, s.st.Read(), f, me)
	for i, r := range rows {
		if r.Veiled && r.UserID != me {
			rows[i].UserID, rows[i].RequestID = 0, ""
		}
	}
	return rows, err
}

// TraceOf reads what was done to one thing, the latest first, 10,000 at most: for the
// noun that holds it and has checked who asks.
func TraceOf(ctx context.Context, db bun.IDB, action Action, entity string, id int64) ([]AuditRow, error) {
	return auditRows(ctx, db, AuditFilter{Action: action, Entity: entity, EntityID: id, Limit: 10_000}, 0)
}

func digestOf(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write the audit trail: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Record writes one entry by itself, for a gesture of a door that has no noun
// of its own (a job tried again).
func (s *Service) Record(ctx context.Context, e Entry) error {
	e.At = s.now()
	return s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return Audit(ctx, tx, e) })
}
