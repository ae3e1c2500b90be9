package testkit

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Relay is a mail server on this machine, small enough to read: it keeps each letter
// that it takes, whole, and answers recipients with what the test says.
type Relay struct {
	URL  string // smtp+plain://127.0.0.1:…
	rcpt string
	mu   sync.Mutex
	got  []string
}

// NewRelay starts a server that ends with the test. rcpt answers each recipient, as
// "250 ok" or "550 5.1.1 unknown".
func NewRelay(t testing.TB, rcpt string) *Relay {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{URL: "smtp+plain://" + l.Addr().String(), rcpt: rcpt}
	var open sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { r.serve(c) })
		}
	})
	return r
}

func (r *Relay) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewReader(c)
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 relay")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			say("250-relay\r\n250 8BITMIME")
		case "RCPT":
			say(r.rcpt)
		case "DATA":
			say("354 go on")
			r.keep(in)
			say("250 kept")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (r *Relay) keep(in *bufio.Reader) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, ".")) // dots are doubled on the way (RFC 5321, 4.5.2)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, b.String())
}

// Letters are those taken so far.
func (r *Relay) Letters() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.got...)
}
