// Package daily makes one letter a person and day of all that other nouns have to tell
// them: what waits, the week of the network, the news of their searches, certificates to
// renew, a questionnaire to answer. A noun adds a part, in the transaction that notes
// what it tells; the letter leaves in the morning of a working day, and each part is
// written then, from what still holds.
//
// It refuses to write a second such letter on a day: what comes later waits for the next
// working day. What cannot wait, and what somebody waits for (a password, the answer to
// their question, a place that they booked), is no part of it.
package daily

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// LetterID numbers a letter of the day.
type LetterID int64

// Letter is what one person is written on one day or, without a day, at once.
type Letter struct {
	ID     LetterID        `bun:"id"`
	UserID accounts.UserID `bun:"user_id"`
	SentAt *time.Time      `bun:"sent_at"`
}

// Draft is a part as it reads when the letter leaves. Sent, which may be nil, notes
// that it left; it may run twice.
type Draft struct {
	Letter mail.Letter
	Sent   func(ctx context.Context) error
}

// Source writes the parts of a kind and ends them. Compose gives nil where nothing is
// left to say; stop is the secret of the address that ends the letter. Silence ends such
// letters of somebody; again changes nothing.
type Source struct {
	Kind    string // of the jobs that its parts are kept as
	Compose func(ctx context.Context, args []byte, stop string) (*Draft, error)
	Silence func(ctx context.Context, tx store.Tx, user accounts.UserID) error
}

// From is the source of the parts that are asked for by a T.
func From[T store.Args](compose func(ctx context.Context, job T, stop string) (*Draft, error), silence func(context.Context, store.Tx, accounts.UserID) error) Source {
	var zero T
	return Source{Kind: zero.Kind(), Silence: silence, Compose: func(ctx context.Context, args []byte, stop string) (*Draft, error) {
		var job T
		if err := json.Unmarshal(args, &job); err != nil {
			return nil, fmt.Errorf("read a part of a letter: %w", err)
		}
		return compose(ctx, job, stop)
	}}
}

// Leave is how a letter that a noun made leaves: as a part of the letter of the day, or
// alone.
type Leave func(ctx context.Context, tx store.Tx, user accounts.UserID, job store.Args) error

// Alone asks for a letter of its own.
func Alone(ctx context.Context, tx store.Tx, _ accounts.UserID, job store.Args) error {
	return tx.Enqueue(ctx, job)
}

// Add keeps a part for the next letter of the day of somebody.
func Add(ctx context.Context, tx store.Tx, user accounts.UserID, job store.Args) error {
	return addPart(ctx, tx, user, nil, job)
}

// Now asks for a letter that leaves at once with this part alone, and ends as a letter of
// the day does.
func Now(ctx context.Context, tx store.Tx, user accounts.UserID, job store.Args) error {
	id, err := insertLetter(ctx, tx, user, "")
	if err != nil {
		return err
	}
	if err := addPart(ctx, tx, user, &id, job); err != nil {
		return err
	}
	return tx.Enqueue(ctx, SendLetter{ID: id})
}

// Turn waits until no other transaction writes what a letter tells somebody, so that each
// sees what the others told; and tells whether their letter of a day can still hold more.
func Turn(ctx context.Context, tx store.Tx, user accounts.UserID, day string) (open bool, err error) {
	if err := tx.Alone(ctx, "letters:"+strconv.FormatInt(int64(user), 10)); err != nil {
		return false, err
	}
	left, err := hasLeft(ctx, tx, user, day)
	return !left, err
}
