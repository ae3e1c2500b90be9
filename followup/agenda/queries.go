package agenda

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
	"maillage/network"
)

func eventBy(ctx context.Context, db bun.IDB, id ID) (*Event, error) {
	e := new(Event)
	err := db.NewSelect().Model(e).Comment("agenda.eventBy").Where("ae.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("event", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read event %d: %w", id, err)
	}
	return e, nil
}

// hold reads an event and holds it until the end of the transaction: an update
// that changes nothing is the one lock that both engines share.
func hold(ctx context.Context, tx store.Tx, id ID) (*Event, error) {
	if _, err := tx.NewRaw("/* agenda.hold */ UPDATE agenda_events SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold event %d: %w", id, err)
	}
	return eventBy(ctx, tx, id)
}

func insertEvent(ctx context.Context, tx store.Tx, e *Event) error {
	if _, err := tx.NewInsert().Model(e).Comment("agenda.insertEvent").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("insert an event: %w", err)
	}
	return nil
}

func saveEvent(ctx context.Context, tx store.Tx, e *Event) error {
	if _, err := tx.NewUpdate().Model(e).Comment("agenda.saveEvent").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save event %d: %w", e.ID, err)
	}
	return nil
}

// organises checks that an organisation may organise: the federation, an
// association or a member.
func organises(ctx context.Context, db bun.IDB, id int64) error {
	var n int
	err := db.NewRaw("/* agenda.organises */ SELECT count(*) FROM organisations WHERE id = ? AND role IN (?)", id, bun.List([]network.Role{network.Federation, network.Regional, network.Member, network.Partner})).Scan(ctx, &n)
	if err != nil {
		return fmt.Errorf("read organiser %d: %w", id, err)
	}
	if n == 0 {
		return fault.Invalid(fault.At("organiser", "unknown", "Choisissez qui organise dans la liste.", "Choose who organises in the list."))
	}
	return nil
}

// between lists events that begin in a span, those that begin first at the head.
// A zero bound is open.
func between(ctx context.Context, db bun.IDB, from, until time.Time) ([]Event, error) {
	out := []Event{}
	q := db.NewSelect().Model(&out).Comment("agenda.between").Order("ae.starts_at", "ae.id")
	if !from.IsZero() {
		q = q.Where("ae.ends_at >= ?", from)
	}
	if !until.IsZero() {
		q = q.Where("ae.ends_at < ?", until)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return out, nil
}

// starting lists the published events that begin after an instant and before another.
func starting(ctx context.Context, db bun.IDB, from, until time.Time) ([]Event, error) {
	var out []Event
	err := db.NewSelect().Model(&out).Comment("agenda.starting").Where("ae.state = ? AND ae.starts_at > ? AND ae.starts_at < ?", Published, from, until).Order("ae.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what begins: %w", err)
	}
	return out, nil
}

func bookingsOf(ctx context.Context, db bun.IDB, id ID) ([]Booking, error) {
	var out []Booking
	if err := db.NewSelect().Model(&out).Comment("agenda.bookingsOf").Where("ab.event_id = ?", id).Order("ab.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the bookings of event %d: %w", id, err)
	}
	return out, nil
}

// bookingOf is the booking of an account; nil where there is none.
func bookingOf(ctx context.Context, db bun.IDB, id ID, user accounts.UserID) (*Booking, error) {
	var out []Booking
	err := db.NewSelect().Model(&out).Comment("agenda.bookingOf").Where("ab.event_id = ? AND ab.user_id = ?", id, user).Order("ab.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read a booking of event %d: %w", id, err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // nobody booked, which is no fault
	}
	return &out[0], nil
}

func saveBooking(ctx context.Context, tx store.Tx, b *Booking) error {
	var err error
	if b.ID == 0 {
		_, err = tx.NewInsert().Model(b).Comment("agenda.saveBooking").Returning("id").Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(b).Comment("agenda.saveBooking").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("save a booking of event %d: %w", b.EventID, err)
	}
	return nil
}

// seats are how many are taken and asked for, by event.
type seats struct {
	EventID ID           `bun:"event_id"`
	State   BookingState `bun:"state"`
	Seats   int          `bun:"seats"`
}

func seatsOf(ctx context.Context, db bun.IDB, ids []ID) ([]seats, error) {
	var out []seats
	if len(ids) == 0 {
		return nil, nil
	}
	err := db.NewRaw("/* agenda.seatsOf */ SELECT event_id, state, sum(seats) AS seats FROM agenda_bookings WHERE event_id IN (?) GROUP BY event_id, state ORDER BY event_id, state", bun.List(ids)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("count seats: %w", err)
	}
	return out, nil
}

func bookingsBy(ctx context.Context, db bun.IDB, user accounts.UserID) ([]Booking, error) {
	var out []Booking
	if err := db.NewSelect().Model(&out).Comment("agenda.bookingsBy").Where("ab.user_id = ?", user).Order("ab.event_id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the bookings of account %d: %w", user, err)
	}
	return out, nil
}

// note writes a letter in the ledger; false where it was there.
func note(ctx context.Context, tx store.Tx, id ID, user accounts.UserID, step Step, at time.Time) (bool, error) {
	res, err := tx.NewRaw("/* agenda.note */ INSERT INTO agenda_letters (event_id, user_id, step, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", id, user, step, at).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write the ledger of event %d: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// forgetNames drops the names of those who booked what ended before an instant.
func forgetNames(ctx context.Context, tx store.Tx, before time.Time) error {
	_, err := tx.NewRaw("/* agenda.forgetNames */ UPDATE agenda_bookings SET attendees = '[]' WHERE attendees <> '[]' AND event_id IN (SELECT id FROM agenda_events WHERE ends_at < ?)", before).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget who came: %w", err)
	}
	return nil
}

// openAccount is an account that receives letters; nil where it is shut.
func openAccount(ctx context.Context, db bun.IDB, id accounts.UserID) (*accounts.User, error) {
	var out []accounts.User
	if err := db.NewSelect().Model(&out).Comment("agenda.openAccount").Where("u.id = ? AND u.disabled_at IS NULL", id).Order("u.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read account %d: %w", id, err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // an account that is shut receives nothing
	}
	return &out[0], nil
}

// names are how organisations and accounts are known, for those who manage.
func names(ctx context.Context, db bun.IDB, query string, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID   int64  `bun:"id"`
		Name string `bun:"name"`
	}
	if err := db.NewRaw(query, bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}

const (
	organisationNames = "/* agenda.organisationNames */ SELECT id, CASE WHEN brand <> '' THEN brand ELSE name END AS name FROM organisations WHERE id IN (?) ORDER BY id"
	accountNames      = "/* agenda.accountNames */ SELECT id, name FROM users WHERE id IN (?) ORDER BY id"
)

func setLink(ctx context.Context, tx store.Tx, user accounts.UserID, digest string, at time.Time) error {
	if _, err := tx.NewRaw("/* agenda.setLink */ DELETE FROM agenda_links WHERE user_id = ?", user).Exec(ctx); err != nil {
		return fmt.Errorf("end the link of account %d: %w", user, err)
	}
	if digest == "" {
		return nil
	}
	_, err := tx.NewRaw("/* agenda.setLink */ INSERT INTO agenda_links (user_id, link, created_at) VALUES (?, ?, ?)", user, digest, at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("write the link of account %d: %w", user, err)
	}
	return nil
}

// linked is the open account whose calendar a link opens; 0: none.
func linked(ctx context.Context, db bun.IDB, digest string) (accounts.UserID, error) {
	var out []accounts.UserID
	err := db.NewRaw("/* agenda.linked */ SELECT l.user_id FROM agenda_links l JOIN users u ON u.id = l.user_id WHERE l.link = ? AND u.disabled_at IS NULL ORDER BY l.user_id", digest).Scan(ctx, &out)
	if err != nil {
		return 0, fmt.Errorf("find a calendar by its link: %w", err)
	}
	if len(out) == 0 {
		return 0, fault.NotFound("calendar", "link")
	}
	return out[0], nil
}
