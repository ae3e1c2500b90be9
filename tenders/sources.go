package tenders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/tenders/fetch"
)

// Feed is a source of notices by its name: where it is asked, how often, how
// far it was read, and what its runs did.
type Feed struct {
	bun.BaseModel `bun:"table:notice_sources,alias:f"`

	Name    string     `bun:"name,pk"`
	Kind    fetch.Kind `bun:"kind"`
	URL     string     `bun:"url"` // the path of a folder
	Enabled bool       `bun:"enabled"`
	Seconds int64      `bun:"every_seconds"`
	// FirstDay is where the very first run begins, "2026-01-31"; "": a week before it.
	FirstDay     string       `bun:"first_day"`
	Cursor       fetch.Cursor `bun:"cursor"`
	NextRun      time.Time    `bun:"next_run"`
	RunningSince *time.Time   `bun:"running_since"`
	LastRun      *time.Time   `bun:"last_run"`
	LastSuccess  *time.Time   `bun:"last_success"`
	LastError    string       `bun:"last_error"`
	LastReport   Report       `bun:"last_report"`
	// What all runs did.
	Runs    int `bun:"runs"`
	Records int `bun:"records"`
	Made    int `bun:"made"`
	Updated int `bun:"updated"`
	// Quarantined counts its refused records that wait now.
	Quarantined int `bun:"quarantined,scanonly"`
}

// Every is the time between two runs.
func (f *Feed) Every() time.Duration { return time.Duration(f.Seconds) * time.Second }

// FetchSource is the job of one run of a source.
type FetchSource struct {
	Name string `json:"name"`
}

// Kind names the job.
func (FetchSource) Kind() string { return "notices.fetch" }

// Sources fetches notices from where they are published.
type Sources struct {
	*Service
	client *fetch.Client
	pulse  time.Duration // between two renewals of the claim of a run
}

// NewSources makes the sources of a service; a nil client is one of its own.
func NewSources(s *Service, client *fetch.Client) *Sources {
	if client == nil {
		client = fetch.New(fetch.Config{Now: s.clock})
	}
	return &Sources{Service: s, client: client, pulse: longestRun / 6}
}

// shortest is the least time between two runs: publishers are not to be worn out.
const shortest = 5 * time.Minute

var sourceName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Configure adds a source, or changes the kind, address, first day and rhythm
// of the one of that name. Another address begins again at the first day.
func (s *Sources) Configure(ctx context.Context, f Feed) error {
	f.URL = strings.TrimSpace(f.URL)
	if f.URL == "" {
		f.URL = f.Kind.Address()
	}
	if f.Seconds == 0 {
		f.Seconds = int64(time.Hour / time.Second)
	}
	if err := f.check(); err != nil {
		return err
	}
	f.NextRun, f.Cursor, f.LastError, f.LastReport = s.now(), fetch.Cursor{}, "", Report{}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&f).Comment("tenders.Configure").On("CONFLICT (name) DO UPDATE").
			Set("cursor = CASE WHEN f.url = EXCLUDED.url AND f.kind = EXCLUDED.kind AND f.first_day = EXCLUDED.first_day THEN f.cursor ELSE EXCLUDED.cursor END").
			Set("kind = EXCLUDED.kind").Set("url = EXCLUDED.url").Set("enabled = EXCLUDED.enabled").
			Set("every_seconds = EXCLUDED.every_seconds").Set("first_day = EXCLUDED.first_day").Set("next_run = EXCLUDED.next_run").Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("configure source %s: %w", f.Name, err)
	}
	return nil
}

func (f *Feed) check() error {
	var wrong []fault.Field
	if !sourceName.MatchString(f.Name) {
		wrong = append(wrong, fault.At("name", "format", "Le nom est fait de minuscules sans accent, de chiffres et de tirets.", "The name is made of small letters, digits and dashes."))
	}
	if !slices.Contains(fetch.Kinds(), f.Kind) {
		wrong = append(wrong, fault.At("kind", "unknown", "Ce genre de source n’est pas connu.", "This kind of source is not known."))
	}
	if f.Kind != fetch.Folder {
		if _, err := fetch.CheckURL(f.URL); err != nil {
			wrong = append(wrong, fault.At("url", "format", "L’adresse commence par http:// ou https:// et ne porte pas de mot de passe.", "The address begins with http:// or https:// and bears no password."))
		}
	} else if f.URL == "" {
		wrong = append(wrong, fault.At("url", "required", "Indiquez le dossier.", "Say which folder."))
	}
	if _, err := time.Parse(time.DateOnly, f.FirstDay); err != nil && f.FirstDay != "" {
		wrong = append(wrong, fault.At("first_day", "format", "Le premier jour s’écrit 2026-01-31.", "The first day is written 2026-01-31."))
	}
	if f.Every() < shortest {
		wrong = append(wrong, fault.At("every", "too_short", "Au moins cinq minutes entre deux passages.", "At least five minutes between two runs."))
	}
	if wrong != nil {
		return fault.Invalid(wrong...)
	}
	return nil
}

// Enable turns a source on or off.
func (s *Sources) Enable(ctx context.Context, name string, on bool) error {
	return s.change(ctx, name, func(tx store.Tx) *bun.UpdateQuery {
		return tx.NewUpdate().Model((*Feed)(nil)).Set("enabled = ?", on)
	}, nil)
}

// RunSoon asks for a run of a source, by a job.
func (s *Sources) RunSoon(ctx context.Context, name string) error {
	return s.change(ctx, name, func(tx store.Tx) *bun.UpdateQuery {
		return tx.NewUpdate().Model((*Feed)(nil)).Set("next_run = next_run")
	}, &FetchSource{Name: name})
}

func (s *Sources) change(ctx context.Context, name string, what func(store.Tx) *bun.UpdateQuery, job *FetchSource) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		res, err := what(tx).Comment("tenders.change").Where("name = ?", name).Exec(ctx)
		if err != nil {
			return fmt.Errorf("change source %s: %w", name, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.NotFound("source", name))
		}
		if job == nil {
			return nil
		}
		return tx.Enqueue(ctx, *job)
	})
}

// waiting counts the refused records of a source that wait now.
const waiting = "(SELECT count(*) FROM notice_quarantine AS q WHERE q.feed = f.name AND q.state <> ?) AS quarantined"

// Feeds lists the sources by name.
func (s *Sources) Feeds(ctx context.Context) (list []Feed, err error) {
	if err := s.store.Read().NewSelect().Model(&list).Comment("tenders.Feeds").ColumnExpr("f.*").ColumnExpr(waiting, QuarantineResolved).Order("f.name").Limit(500).Scan(ctx); err != nil {
		return nil, fmt.Errorf("list the sources: %w", err)
	}
	return list, nil
}

// Feed gives one source.
func (s *Sources) Feed(ctx context.Context, name string) (*Feed, error) {
	f := new(Feed)
	err := s.store.Read().NewSelect().Model(f).Comment("tenders.Feed").ColumnExpr("f.*").ColumnExpr(waiting, QuarantineResolved).Where("f.name = ?", name).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("source", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read source %s: %w", name, err)
	}
	return f, nil
}

// EnqueueDue asks for a run of each enabled source whose time has come, once:
// the next time is set in the same transaction.
func (s *Sources) EnqueueDue(ctx context.Context) (n int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		var due []Feed
		q := tx.NewSelect().Model(&due).Comment("tenders.EnqueueDue").Where("f.enabled AND f.next_run <= ?", s.now()).Order("f.name").Limit(500)
		if s.store.Engine() != store.SQLite {
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		n = len(due)
		for _, f := range due {
			f.NextRun = s.now().Add(f.Every())
			if _, err := tx.NewUpdate().Model(&f).Comment("tenders.EnqueueDue").Column("next_run").WherePK().Exec(ctx); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, FetchSource{Name: f.Name}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("ask for the sources that are due: %w", err)
	}
	return n, nil
}
