package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Outbox writes each letter to a file that a mail program opens: nothing is
// sent. It is for development and for the demonstration.
type Outbox struct {
	Folder string
	From   *mail.Address
	Now    func() time.Time
}

// Send writes the letter; the file appears whole or not at all.
func (o *Outbox) Send(_ context.Context, m Message) error {
	at := o.Now().UTC()
	msg, err := compose(m, o.From, at)
	if err != nil {
		return fmt.Errorf("compose a letter: %w", err)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return fmt.Errorf("make the outbox: %w", err)
	}
	var r [4]byte
	_, _ = rand.Read(r[:])
	name := filepath.Join(o.Folder, at.Format("20060102-150405.000")+"-"+hex.EncodeToString(r[:])+".eml")
	if err := os.WriteFile(name+".part", b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	if err := os.Rename(name+".part", name); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	return nil
}

// Fake keeps letters in memory, for tests; Fail makes it refuse.
type Fake struct {
	mu   sync.Mutex
	sent []Message
	fail error
}

// Send keeps the letter.
func (f *Fake) Send(_ context.Context, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return f.fail
	}
	f.sent = append(f.sent, m)
	return nil
}

// Sent gives the letters so far.
func (f *Fake) Sent() []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Message(nil), f.sent...)
}

// Fail makes the next letters fail with err; nil ends it.
func (f *Fake) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func domain(address string) string {
	_, d, _ := strings.Cut(address, "@")
	return d
}
