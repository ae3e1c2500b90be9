package webhooks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/outbound"
	"maillage/internal/store"
)

// Queue is where messages wait: a program that is slow to answer holds no letter.
const Queue = "webhooks"

// Deliver asks for one message to be sent, again until it is taken.
type Deliver struct {
	ID MessageID `json:"id"`
}

// Kind names the job.
func (Deliver) Kind() string { return "webhooks.deliver" }

// JobOptions gives it every attempt of the schedule, in a queue of its own.
func (Deliver) JobOptions() store.Options {
	return store.Options{Queue: Queue, Attempts: len(Schedule())}
}

// ErrNotTaken says that a message is to be sent again.
var ErrNotTaken = errors.New("the message was not taken")

// Deliver makes one attempt, numbered from 1, and writes its result. ErrNotTaken:
// another is due. A message that was taken is left alone; a process killed between
// the sending and its trace sends it again under the same webhook-id, by which a
// program knows it. An address that is off, or of an account that is shut, has
// nothing sent.
func (s *Service) Deliver(ctx context.Context, job Deliver, attempt int) error {
	db := s.store.Read()
	m, err := messageBy(ctx, db, job.ID)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil || m.State != Pending {
		return err
	}
	w, err := owned(ctx, db, m.WebhookID)
	if err != nil {
		return err
	}
	if w == nil || w.Off != On {
		return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return settle(ctx, tx, m.ID, Dropped, s.now()) })
	}
	a, err := s.post(ctx, w, m)
	if err != nil {
		return fmt.Errorf("deliver message %d: %w", m.ID, err)
	}
	err = s.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx store.Tx) error { return s.note(ctx, tx, m, a, attempt) })
	if err == nil && !a.Taken() && attempt < len(Schedule()) && a.Status != statusGone {
		err = ErrNotTaken
	}
	if err != nil {
		return fmt.Errorf("deliver message %d: %w", m.ID, err)
	}
	return nil
}

const statusGone = 410

// post makes the request. Its time is that of the attempt, which programs check.
func (s *Service) post(ctx context.Context, w *Webhook, m *Message) (Attempt, error) {
	at := s.now()
	headers, err := Sign(m.Key, at, m.Body, w.secrets(at)...)
	if err != nil {
		return Attempt{}, err
	}
	headers["content-type"] = "application/json"
	headers["user-agent"] = "Maillage-Webhooks/1"
	began := time.Now()
	status, err := s.cfg.Poster.Post(ctx, w.URL, headers, []byte(m.Body))
	if ctx.Err() != nil {
		return Attempt{}, ctx.Err() // we stop: it is no fault of the address
	}
	return Attempt{MessageID: m.ID, At: at, Status: status, Fault: faultOf(err), TookMS: int(time.Since(began).Milliseconds())}, nil
}

// faultOf tells why there was no answer.
func faultOf(err error) Fault {
	var name *net.DNSError
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, outbound.ErrAddress):
		return BadAddress
	case errors.As(err, &name):
		return NoName
	case errors.As(err, &timeout) && timeout.Timeout():
		return TooSlow
	case errors.As(err, &certificate), errors.As(err, &record):
		return BadTLS
	}
	return NoAnswer
}

// patience is how long an address may fail without one success before it is
// turned off: less than the schedule of one message, which then is its last.
const patience = 72 * time.Hour

// note writes an attempt and what follows from it: the message is settled, the
// address is well again, or it is turned off and its owner told.
func (s *Service) note(ctx context.Context, tx store.Tx, m *Message, a Attempt, attempt int) error {
	if err := insertAttempt(ctx, tx, &a); err != nil {
		return err
	}
	w, err := hold(ctx, tx, m.WebhookID)
	if err != nil {
		return err
	}
	switch {
	case a.Taken():
		w.FailingSince = time.Time{}
		return errors.Join(settle(ctx, tx, m.ID, Delivered, a.At), save(ctx, tx, w))
	case a.Status == statusGone:
		w.Off, w.OffAt = ByAnswer, a.At
	case w.FailingSince.IsZero():
		w.FailingSince = a.At
	case w.Off == On && a.At.Sub(w.FailingSince) >= patience:
		w.Off, w.OffAt = ByFailures, a.At
	}
	if attempt >= len(Schedule()) || w.Off != On {
		if err := settle(ctx, tx, m.ID, Failed, a.At); err != nil {
			return err
		}
	}
	if err := save(ctx, tx, w); err != nil || w.OffAt != a.At {
		return err
	}
	entry := accounts.Entry{At: a.At, Action: accounts.WebhookEdit, Entity: "webhook", EntityID: int64(w.ID), Fields: []string{"off"}}
	return errors.Join(accounts.Audit(ctx, tx, entry), tx.Enqueue(ctx, SendLetter{w.ID, a.At}))
}

// Writer puts the end of an address in its owner's words.
type Writer interface {
	WebhookOff(to accounts.User, w Webhook) mail.Letter
}

// SendLetter asks for the letter that tells the owner of an address that it was
// turned off at an instant.
type SendLetter struct {
	ID ID        `json:"id"`
	At time.Time `json:"at"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "webhooks.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 2, Attempts: 12} }

// DeliverLetter writes and sends one letter. It may run twice: the second has the
// same Message-ID, which mail programs show once. An address that was turned on
// again, or deleted, needs none; a mailbox that refuses for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.cfg.Mail == nil || s.cfg.Words == nil {
		return errors.New("deliver a letter of webhooks: no way to write and send mail was given")
	}
	w, err := owned(ctx, s.store.Read(), job.ID)
	if err != nil || w == nil || w.Off == On || !w.OffAt.Equal(job.At) {
		return err
	}
	to, err := owner(ctx, s.store.Read(), w.UserID)
	if err != nil {
		return err
	}
	m, err := s.cfg.Words.WebhookOff(to, *w).Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = "webhooks-" + strconv.FormatInt(int64(w.ID), 10) + "-" + strconv.FormatInt(job.At.UnixMicro(), 10)
	if err := s.cfg.Mail.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver the letter of webhook %d: %w", w.ID, err)
	}
	return nil
}
