package activity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
}

// Service holds the use cases of the figures of the platform.
type Service struct {
	store *store.Store
	atlas *territories.Atlas
	clock func() time.Time
	paris *time.Location
}

// NewService makes a service.
func NewService(cfg Config) (*Service, error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("read the clock of Paris: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, paris: paris}, nil
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Done is what a run did.
type Done struct {
	Counted int    // roots counted again
	Edition string // last month of the latest that was made; empty: none
}

// chunk bounds the roots of one transaction.
const chunk = 50

// Refresh counts again the markets of which something changed, and no other, and
// publishes the quarters that are over and were not published yet. The markets are
// those of a count from nothing; run again it does nothing. It is a job's.
func (s *Service) Refresh(ctx context.Context) (Done, error) {
	var done Done
	stale, gone, err := s.stale(ctx)
	if err != nil {
		return done, err
	}
	for part := range slices.Chunk(append(gone, stale...), chunk) {
		if err := s.count(ctx, part); err != nil {
			return done, fmt.Errorf("count markets: %w", err)
		}
		done.Counted += len(part)
	}
	done.Edition, err = s.publish(ctx)
	return done, err
}

// root is what markets are counted again with; one without a stamp is no longer there.
type root struct {
	Key   string `bun:"key"`
	Stamp string `bun:"stamp"`
}

// stale lists the roots that are not counted as they are now, and those that are gone.
func (s *Service) stale(ctx context.Context) (changed, gone []root, err error) {
	now, err := stamps(ctx, s.store.Read())
	if err != nil {
		return nil, nil, err
	}
	var known []root
	if err := s.store.Read().NewRaw("/* activity.stale */ SELECT key, stamp FROM activity_roots ORDER BY key").Scan(ctx, &known); err != nil {
		return nil, nil, fmt.Errorf("read what was counted: %w", err)
	}
	vintage := s.atlas.Vintage()
	was := map[string]string{}
	for _, r := range known {
		was[r.Key] = r.Stamp
		if _, there := now[r.Key]; !there {
			gone = append(gone, root{Key: r.Key})
		}
	}
	for key, stamp := range now {
		if stamp = vintage + " " + stamp; was[key] != stamp {
			changed = append(changed, root{key, stamp})
		}
	}
	slices.SortFunc(changed, func(a, b root) int { return compareText(a.Key, b.Key) })
	return changed, gone, nil
}

// count makes the markets of some roots again. A root that changes meanwhile keeps an
// old stamp, and is counted by the next run.
func (s *Service) count(ctx context.Context, roots []root) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, "activity.count"); err != nil {
			return err
		}
		for _, r := range roots {
			if _, err := tx.NewRaw("/* activity.count */ DELETE FROM activity_markets WHERE root = ?", r.Key).Exec(ctx); err != nil {
				return err
			}
			if _, err := tx.NewRaw("/* activity.count */ DELETE FROM activity_roots WHERE key = ?", r.Key).Exec(ctx); err != nil {
				return err
			}
			if r.Stamp == "" {
				continue
			}
			if _, err := tx.NewRaw("/* activity.count */ INSERT INTO activity_roots (key, stamp) VALUES (?, ?)", r.Key, r.Stamp).Exec(ctx); err != nil {
				return err
			}
			markets, err := s.marketsOf(ctx, tx, r.Key)
			if err != nil {
				return err
			}
			for i := range markets {
				markets[i].Root = r.Key
			}
			if len(markets) == 0 {
				continue
			}
			if _, err := tx.NewInsert().Model(&markets).Comment("activity.count").Exec(ctx); err != nil {
				return fmt.Errorf("write the markets of %s: %w", r.Key, err)
			}
		}
		return nil
	})
}

func (s *Service) marketsOf(ctx context.Context, tx store.Tx, key string) ([]Market, error) {
	kind, text, _ := strings.Cut(key, ":")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read root %q: %w", key, err)
	}
	if kind == "p" {
		return s.noted(ctx, tx, id)
	}
	return s.procured(ctx, tx, id)
}

// markets reads all that was counted.
func (s *Service) markets(ctx context.Context) ([]Market, error) {
	var all []Market
	if err := s.store.Read().NewSelect().Model(&all).Comment("activity.markets").OrderExpr("am.key").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the markets that were counted: %w", err)
	}
	return all, nil
}

// groups names the economic group of each enterprise that is in one.
func (s *Service) groups(ctx context.Context) (map[int64]string, error) {
	var rows []struct {
		Organisation int64  `bun:"organisation_id"`
		Key          string `bun:"key"`
	}
	err := s.store.Read().NewRaw("/* activity.groups */ SELECT gm.organisation_id, MIN(g.key) AS key FROM group_members gm JOIN groups g ON g.id = gm.group_id GROUP BY gm.organisation_id ORDER BY gm.organisation_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the economic groups: %w", err)
	}
	out := map[int64]string{}
	for _, r := range rows {
		out[r.Organisation] = r.Key
	}
	return out, nil
}

// publish makes the editions of the quarters that are over, from the first in which
// something happened, where they were not made yet; it gives the last month of the
// last one that it made, or nothing.
func (s *Service) publish(ctx context.Context) (last string, err error) {
	known, err := s.editions(ctx)
	if err != nil {
		return "", err
	}
	published := map[string]bool{}
	for _, e := range known {
		published[e.Until] = true
	}
	markets, err := s.markets(ctx)
	if err != nil {
		return "", err
	}
	groups, err := s.groups(ctx)
	if err != nil {
		return "", err
	}
	for _, until := range s.quarters(markets) {
		if published[until] {
			continue
		}
		if err := s.publishOne(ctx, until, tallied(markets, groups, months(until, quarter))); err != nil {
			return last, fmt.Errorf("publish the figures until %s: %w", until, err)
		}
		last = until
	}
	return last, nil
}

// publishOne keeps the figures of a quarter, protected. Where another process did
// meanwhile, its own stay.
func (s *Service) publishOne(ctx context.Context, until string, t *tally) error {
	body, err := protected(ctx, t)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&editionRow{Until: until, MadeAt: s.now(), Body: body}).Comment("activity.publishOne").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
		return err
	})
}

const (
	monthForm    = "2006-01"
	quarter      = 3  // months of an edition: quarters do not overlap, so none gives back what another hides
	year         = 12 // months of what an administrator reads
	mostQuarters = 40
)

// quarters are the last months of those that are over, from the first in which
// something happened.
func (s *Service) quarters(markets []Market) []string {
	begun := ""
	for _, m := range markets {
		begun = first(begun, m.Proposed)
	}
	now := s.now().In(s.paris)
	end := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	end = end.AddDate(0, -(int(end.Month())-1)%quarter-1, 0)
	var out []string
	for range mostQuarters {
		until := end.Format(monthForm)
		if begun == "" || until < begun[:len(monthForm)] {
			break
		}
		out = append(out, until)
		end = end.AddDate(0, -quarter, 0)
	}
	slices.Reverse(out)
	return out
}

// months are the n that end with one.
func months(until string, n int) []string {
	last, err := time.Parse(monthForm, until)
	if err != nil {
		return nil
	}
	var out []string
	for i := n - 1; i >= 0; i-- {
		out = append(out, last.AddDate(0, -i, 0).Format(monthForm))
	}
	return out
}

// Editions are what was published, the latest first: everybody's.
func (s *Service) Editions(ctx context.Context) ([]Edition, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	return s.editions(ctx)
}

// Now is the twelve months that end with the running one, as they are counted, before
// protection: an administrator's.
func (s *Service) Now(ctx context.Context) (*Edition, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.ObservatoryRead); err != nil {
		return nil, err
	}
	markets, err := s.markets(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	until := s.now().In(s.paris).Format(monthForm)
	return &Edition{Until: until, Months: months(until, year), At: s.now(), Raw: true, Rows: shown(tallied(markets, groups, months(until, year)), nil)}, nil
}
