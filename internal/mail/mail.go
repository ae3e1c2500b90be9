// Package mail composes letters and hands them to a server, or, where none is
// configured, to a folder that anybody running the program can read: a
// demonstration sends nothing.
//
// It refuses to know why a letter is written and to whom one may write: nouns
// decide that, in a job, after their transaction. It logs no address.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
)

// Message is one letter to one person.
type Message struct {
	To      string // a bare address
	Name    string // of the person; may be empty
	Subject string
	Text    string
	HTML    string
	Key     string // makes the Message-ID stable when a job runs twice; may be empty
	Stop    string // address that ends such letters by one POST without signing in (RFC 8058); empty: none
}

// Sender sends one message, or says why not. ErrRefused in the chain means
// that trying again would be useless.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// ErrRefused marks a letter that will never go: a bad address, a server's 5xx.
var ErrRefused = errors.New("refused for good")

// ErrMailbox marks, among them, those that a server refuses because it has no such
// mailbox: writing to it again would harm the sender's name. A letter that is
// refused for what it says, or for who sends it, is none.
var ErrMailbox = fmt.Errorf("no such mailbox: %w", ErrRefused)

// Config says how letters leave. The zero value writes them in ./data/outbox.
type Config struct {
	URL    string // smtp://user:password@host:587 (STARTTLS required), smtps://… (TLS at once), smtp+plain://… (loopback and trusted networks only)
	From   string // "Maillage <ne-pas-repondre@exemple.fr>"
	Folder string // where letters are written when URL is empty; default data/outbox
	Now    func() time.Time
}

// Open makes the sender that the configuration asks for.
func Open(cfg Config) (Sender, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.From == "" {
		cfg.From = "Maillage <maillage@localhost>"
	}
	from, err := mail.ParseAddress(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("configure mail: the sender %q is not an address: %w", cfg.From, err)
	}
	if cfg.URL == "" {
		if cfg.Folder == "" {
			cfg.Folder = "data/outbox"
		}
		return &Outbox{Folder: cfg.Folder, From: from, Now: cfg.Now}, nil
	}
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("configure mail: the server's URL cannot be read; give smtp://user:password@host:587") // the cause may quote the password
	}
	return newSMTP(u, from, cfg.Now)
}

// check refuses what would let a caller write headers of its own.
func (m Message) check() error {
	for _, s := range []string{m.To, m.Name, m.Subject, m.Key, m.Stop} {
		if strings.ContainsAny(s, "\r\n\x00") {
			return fmt.Errorf("a line break in a header: %w", ErrRefused)
		}
	}
	if _, err := mail.ParseAddress(m.To); err != nil {
		return fmt.Errorf("the recipient's address cannot be read: %w", ErrRefused)
	}
	if m.Stop != "" && !strings.HasPrefix(m.Stop, "https://") && !strings.HasPrefix(m.Stop, "http://") || strings.ContainsAny(m.Stop, "<> ") {
		return fmt.Errorf("the address that ends letters is not one: %w", ErrRefused)
	}
	if m.Subject == "" || m.Text == "" {
		return fmt.Errorf("a letter without subject or text: %w", ErrRefused)
	}
	return nil
}
