package webhooks

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
	"maillage/opportunities"
	"maillage/territories"
)

func count(ctx context.Context, db bun.IDB, user accounts.UserID) (int64, error) {
	n, err := db.NewSelect().Model((*Webhook)(nil)).Comment("webhooks.count").Where("wh.user_id = ?", user).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count webhooks: %w", err)
	}
	return n, nil
}

// insert keeps an address; fault.Conflict where the account has the same one.
func insert(ctx context.Context, tx store.Tx, w *Webhook) error {
	_, err := tx.NewInsert().Model(w).Comment("webhooks.insert").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("keep a webhook: %w", err)
	}
	if w.ID == 0 {
		return taken()
	}
	return nil
}

func taken() error {
	return fault.Conflict("webhook-exists", "Cette adresse est déjà parmi les vôtres.", "This address is already among yours.")
}

// free refuses an address that the account has already.
func free(ctx context.Context, tx store.Tx, w *Webhook) error {
	n, err := tx.NewSelect().Model((*Webhook)(nil)).Comment("webhooks.free").Where("wh.user_id = ?", w.UserID).Where("wh.url = ?", w.URL).Where("wh.id <> ?", w.ID).Count(ctx)
	if err != nil {
		return fmt.Errorf("look for the same address: %w", err)
	}
	if n > 0 {
		return taken()
	}
	return nil
}

func save(ctx context.Context, tx store.Tx, w *Webhook) error {
	_, err := tx.NewUpdate().Model(w).Comment("webhooks.save").ExcludeColumn("user_id", "created_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write webhook %d: %w", w.ID, err)
	}
	return nil
}

func remove(ctx context.Context, tx store.Tx, id ID) error {
	if _, err := tx.NewDelete().Model((*Webhook)(nil)).Comment("webhooks.remove").Where("id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("delete webhook %d: %w", id, err)
	}
	return nil
}

// follow moves the cursor of an address.
func follow(ctx context.Context, tx store.Tx, id ID, now time.Time) error {
	_, err := tx.NewRaw("/* webhooks.follow */ UPDATE webhooks SET told_until = ? WHERE id = ? AND told_until < ?", now, id, now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("move webhook %d: %w", id, err)
	}
	return nil
}

func of(ctx context.Context, db bun.IDB, user accounts.UserID) ([]Webhook, error) {
	rows := []Webhook{}
	if err := db.NewSelect().Model(&rows).Comment("webhooks.of").Where("wh.user_id = ?", user).Order("wh.name", "wh.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return rows, nil
}

// mine reads an address of who asks; another's is not there.
func mine(ctx context.Context, db bun.IDB, id ID) (*Webhook, error) {
	w := &Webhook{}
	return w, one(db.NewSelect().Model(w).Comment("webhooks.mine").Where("wh.id = ?", id).Where("wh.user_id = ?", accounts.From(ctx).UserID).Scan(ctx), "webhook", int64(id))
}

// hold reads an address and keeps others from writing it until the transaction ends.
func hold(ctx context.Context, tx store.Tx, id ID) (*Webhook, error) {
	if _, err := tx.NewRaw("/* webhooks.hold */ UPDATE webhooks SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold webhook %d: %w", id, err)
	}
	w := &Webhook{}
	return w, one(tx.NewSelect().Model(w).Comment("webhooks.hold").Where("wh.id = ?", id).Scan(ctx), "webhook", int64(id))
}

func one(err error, what string, id int64) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(what, id)
	}
	if err != nil {
		return fmt.Errorf("read %s %d: %w", what, id, err)
	}
	return nil
}

// kin is an address with what the policy needs of its owner.
type kin struct {
	Webhook      `bun:",extend"`
	Role         accounts.Role `bun:"role"`
	Organisation int64         `bun:"organisation_id"`
	Perimeter    string        `bun:"perimeter"`
}

func (k kin) identity(perimeter func(string) *territories.Set) accounts.Identity {
	id := accounts.Identity{UserID: k.UserID, Role: k.Role, OrganisationID: k.Organisation}
	if k.Role == accounts.Officer {
		id.Perimeter = perimeter(k.Perimeter)
	}
	return id
}

// perimeter is that of an officer; one that means nothing any more holds nothing.
func (s *Service) perimeter(text string) *territories.Set {
	p, err := s.cfg.Atlas.CompileText(text)
	if err != nil {
		return nil
	}
	return p.Set
}

// active lists the addresses that are on, of accounts that are open, by number.
func active(ctx context.Context, db bun.IDB) ([]kin, error) {
	var rows []kin
	err := db.NewSelect().Model(&rows).Comment("webhooks.active").ColumnExpr("wh.*, u.role, u.organisation_id, u.perimeter").
		Join("JOIN users AS u ON u.id = wh.user_id AND u.disabled_at IS NULL").Where("wh.off = ?", On).Order("wh.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list active webhooks: %w", err)
	}
	return rows, nil
}

// owned reads an address of an account that is open; nil: there is none.
func owned(ctx context.Context, db bun.IDB, id ID) (*Webhook, error) {
	var rows []Webhook
	err := db.NewSelect().Model(&rows).Comment("webhooks.owned").Where("wh.id = ?", id).
		Where("EXISTS (SELECT 1 FROM users u WHERE u.id = wh.user_id AND u.disabled_at IS NULL)").Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// owner reads whom a letter goes to.
func owner(ctx context.Context, db bun.IDB, id accounts.UserID) (accounts.User, error) {
	u := accounts.User{}
	return u, one(db.NewSelect().Model(&u).Comment("webhooks.owner").Column("id", "email", "name", "lang").Where("u.id = ?", id).Scan(ctx), "account", int64(id))
}

// event is what happened to a match.
type event struct {
	ID           int64     `bun:"id"`
	Match        int64     `bun:"match_id"`
	Lot          int64     `bun:"lot_id"`
	Opportunity  int64     `bun:"opportunity_id"`
	Organisation int64     `bun:"organisation_id"`
	At           time.Time `bun:"at"`
	From         string    `bun:"from_state"`
	To           string    `bun:"to_state"`
}

// answered are the states by which an enterprise says something.
func answered() []string {
	var out []string
	for _, state := range followup.States() {
		if !state.Unanswered() {
			out = append(out, string(state))
		}
	}
	return out
}

// pageOf bounds one reading of events.
const pageOf = 500

// eventsSince reads a page of what happened to matches since an instant and is not
// in the ledger of an address; own bounds it to an organisation (0: none).
func eventsSince(ctx context.Context, db bun.IDB, id ID, subject Subject, kinds []string, from time.Time, last, own int64) ([]event, error) {
	table, columns, column := "match_events AS e", "'' AS from_state, e.kind AS to_state", "e.kind"
	if subject == OfAnswer {
		table, columns, column = "pursuit_events AS e", "e.from_state, e.to_state", "e.to_state"
	}
	var rows []event
	q := db.NewSelect().TableExpr(table).Comment("webhooks.eventsSince").ColumnExpr("e.id, e.match_id, m.lot_id, l.opportunity_id, m.organisation_id, e.at, "+columns).
		Join("JOIN matches AS m ON m.id = e.match_id").Join("JOIN lots AS l ON l.id = m.lot_id").
		Where("e.at > ?", from).Where("e.id > ?", last).Where(column+" IN (?)", bun.List(kinds)).
		Where("NOT EXISTS (SELECT 1 FROM webhook_messages w WHERE w.webhook_id = ? AND w.subject = ? AND w.subject_id = e.match_id AND w.revision = e.id)", id, subject).
		OrderExpr("e.id").Limit(pageOf)
	if own != 0 {
		q = q.Where("m.organisation_id = ?", own)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read what happened to matches: %w", err)
	}
	return rows, nil
}

// lastTold gives the last event that an address was told of some opportunities.
func lastTold(ctx context.Context, db bun.IDB, id ID, ids []opportunities.ID) (map[opportunities.ID]int64, error) {
	var rows []struct {
		ID    opportunities.ID `bun:"subject_id"`
		Event int64            `bun:"revision"`
	}
	err := db.NewRaw(`/* webhooks.lastTold */ SELECT subject_id, max(revision) AS revision FROM webhook_messages
		WHERE webhook_id = ? AND subject = ? AND subject_id IN (?) GROUP BY subject_id ORDER BY subject_id`, id, OfOpportunity, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what webhook %d was told: %w", id, err)
	}
	out := map[opportunities.ID]int64{}
	for _, r := range rows {
		out[r.ID] = r.Event
	}
	return out, nil
}

// insertMessage writes a line of the ledger; false: it was there.
func insertMessage(ctx context.Context, tx store.Tx, m *Message) (bool, error) {
	_, err := tx.NewInsert().Model(m).Comment("webhooks.insertMessage").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("keep a message: %w", err)
	}
	return m.ID != 0, nil
}

func messageBy(ctx context.Context, db bun.IDB, id MessageID) (*Message, error) {
	m := &Message{}
	return m, one(db.NewSelect().Model(m).Comment("webhooks.messageBy").Where("wm.id = ?", id).Scan(ctx), "message", int64(id))
}

// settle says where a message stands.
func settle(ctx context.Context, tx store.Tx, id MessageID, state State, at time.Time) error {
	m := &Message{ID: id, State: state, SettledAt: at}
	if _, err := tx.NewUpdate().Model(m).Comment("webhooks.settle").Column("state", "settled_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("settle message %d: %w", id, err)
	}
	return nil
}

func insertAttempt(ctx context.Context, tx store.Tx, a *Attempt) error {
	if _, err := tx.NewInsert().Model(a).Comment("webhooks.insertAttempt").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("keep an attempt: %w", err)
	}
	return nil
}

// messagesOf lists messages with their attempts, the latest first.
func messagesOf(ctx context.Context, db bun.IDB, id ID, before MessageID, limit int) ([]Message, error) {
	rows := []Message{}
	q := db.NewSelect().Model(&rows).Comment("webhooks.messagesOf").Where("wm.webhook_id = ?", id).OrderExpr("wm.id DESC").Limit(int64(limit))
	if before != 0 {
		q = q.Where("wm.id < ?", before)
	}
	if err := q.Scan(ctx); err != nil || len(rows) == 0 {
		return rows, err
	}
	ids, at := make([]MessageID, len(rows)), map[MessageID]*Message{}
	for i := range rows {
		ids[i], at[rows[i].ID] = rows[i].ID, &rows[i]
	}
	var attempts []Attempt
	if err := db.NewSelect().Model(&attempts).Comment("webhooks.messagesOf").Where("wa.message_id IN (?)", bun.List(ids)).OrderExpr("wa.id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read attempts: %w", err)
	}
	for _, a := range attempts {
		at[a.MessageID].Attempts = append(at[a.MessageID].Attempts, a)
	}
	return rows, nil
}

// forget deletes what was settled long ago.
func forget(ctx context.Context, tx store.Tx, before time.Time) error {
	_, err := tx.NewRaw("/* webhooks.forget */ DELETE FROM webhook_messages WHERE created_at < ? AND state <> ?", before, Pending).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget old messages: %w", err)
	}
	return nil
}
