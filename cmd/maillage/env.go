package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"maillage/internal/store"
)

// env is what a command gets: where to read and write, and how to open the database.
type env struct {
	ctx      context.Context
	in       io.Reader
	out      io.Writer
	errs     io.Writer
	lang     string
	database string
	reach    []netip.Prefix // private networks where notices may be fetched
	hooks    []netip.Prefix // those where webhooks may be sent
	keys     string         // that seal identities; from the environment alone, where no list of processes shows it
	log      *slog.Logger
	now      func() time.Time
}

func newEnv(ctx context.Context, c *cli, in io.Reader, out, errs io.Writer) *env {
	level := slog.LevelInfo
	if os.Getenv("MAILLAGE_DEBUG") != "" {
		level = slog.LevelDebug
	}
	return &env{ctx: ctx, in: in, out: out, errs: errs, lang: c.Lang, database: c.Database, reach: c.Reach, hooks: c.WebhookReach, keys: os.Getenv("MAILLAGE_IDENTITY_KEY"), now: clock(c.Rehearse),
		log: slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: level}))}
}

// clock is the time of the machine or, in a rehearsal, one that was set when the process
// started. It is a flag of the command line alone, which no environment carries on.
func clock(rehearse time.Time) func() time.Time {
	if rehearse.IsZero() {
		return time.Now
	}
	start := time.Now()
	return func() time.Time { return rehearse.Add(time.Since(start)) }
}

// open opens the database and brings its schema to this version.
func (e *env) open() (*store.Store, error) {
	st, err := store.Open(e.ctx, store.Config{URL: e.database, Log: quietLog(e.log)})
	if err != nil {
		return nil, err
	}
	if err := st.Migrate(e.ctx); err != nil {
		_ = st.Close()
		return nil, err
	}
	return st, nil
}

// json prints one value as indented JSON.
func (e *env) json(v any) error {
	enc := json.NewEncoder(e.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// jsonLine prints one value as one line of JSON.
func (e *env) jsonLine(v any) error {
	enc := json.NewEncoder(e.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// printf prints to the standard output.
func (e *env) printf(format string, args ...any) { _, _ = fmt.Fprintf(e.out, format, args...) }

// quietLog keeps river's own lines out of the log below warnings.
func quietLog(l *slog.Logger) *slog.Logger {
	return slog.New(&minimum{Handler: l.Handler(), level: slog.LevelWarn})
}

type minimum struct {
	slog.Handler
	level slog.Level
}

func (m *minimum) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= m.level && m.Handler.Enabled(ctx, l)
}

// progress shows how far a long command is: one line that rewrites itself on a
// terminal, a log line every five seconds elsewhere.
type progress struct {
	e        *env
	label    string
	terminal bool
	start    time.Time
	last     time.Time
}

func (e *env) progress(label string) *progress {
	f, ok := e.errs.(*os.File)
	now := e.now()
	return &progress{e: e, label: label, terminal: ok && isatty.IsTerminal(f.Fd()), start: now, last: now}
}

// Step says that done of total are done; total 0 means unknown.
func (p *progress) Step(done, total int) {
	now := p.e.now()
	every := 5 * time.Second
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if now.Sub(p.last) < every {
		return
	}
	p.last = now
	if !p.terminal {
		p.e.log.Info(p.label, "done", done, "total", total, "left", p.left(done, total, now).String())
		return
	}
	line := fmt.Sprintf("%s %d", p.label, done)
	if total > 0 {
		line = fmt.Sprintf("%s %d/%d (%d %%), %s", p.label, done, total, 100*done/total, p.left(done, total, now))
	}
	_, _ = fmt.Fprintf(p.e.errs, "\r\033[K%s", line)
}

// Done clears the line.
func (p *progress) Done() {
	if p.terminal {
		_, _ = fmt.Fprint(p.e.errs, "\r\033[K")
	}
}

func (p *progress) left(done, total int, now time.Time) time.Duration {
	if done == 0 || total <= done {
		return 0
	}
	spent := now.Sub(p.start)
	return (spent * time.Duration(total-done) / time.Duration(done)).Round(time.Second)
}
