package markets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// commitLag is how late what is dated of an instant may become visible: a transaction
// dates what it writes before it commits. What is settled twice is the same.
const commitLag = time.Hour

// cursor is the setting that keeps until when changes were followed.
const cursor = "markets.until"

// atOnce is how many calls one transaction settles: SQLite has one writer.
const atOnce = 100

// Refresh settles again the markets that changed since the last time, and tells how
// many calls and prospects that was. It is safe to repeat, and to run in several
// processes. It asks no policy: it is a job's.
func (s *Service) Refresh(ctx context.Context) (int, error) {
	text, err := s.store.Setting(ctx, cursor)
	if err != nil {
		return 0, err
	}
	since := time.Time{}
	if text != "" {
		if since, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return 0, fmt.Errorf("read until when markets were followed: %w", err)
		}
		since = since.Add(-commitLag)
	}
	return s.follow(ctx, since)
}

// Rebuild settles everything again, and forgets what no longer is. It gives what
// Refresh keeps, and a new list of communes to places.
func (s *Service) Rebuild(ctx context.Context) (int, error) {
	n, err := s.follow(ctx, time.Time{})
	if err != nil {
		return n, err
	}
	return n, s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, cursor); err != nil {
			return err
		}
		return forgetGone(ctx, tx)
	})
}

func (s *Service) follow(ctx context.Context, since time.Time) (int, error) {
	now := s.now()
	groups, prospects, err := s.touched(ctx, since)
	if err != nil {
		return 0, fmt.Errorf("look for the markets that changed: %w", err)
	}
	for part := range slices.Chunk(groups, atOnce) {
		if err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return s.settle(ctx, tx, part) }); err != nil {
			return 0, fmt.Errorf("settle markets: %w", err)
		}
	}
	for part := range slices.Chunk(prospects, atOnce) {
		if err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return s.settlePurchases(ctx, tx, part) }); err != nil {
			return 0, fmt.Errorf("settle purchases: %w", err)
		}
	}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return tx.Set(ctx, cursor, now.Format(time.RFC3339Nano))
	})
	return len(groups) + len(prospects), err
}

// touched gives the groups of calls that are one procurement, and the prospects, that
// something changed of.
func (s *Service) touched(ctx context.Context, since time.Time) (groups [][]int64, prospects []int64, err error) {
	db := s.store.Read()
	if prospects, err = prospectsTouched(ctx, db, since); err != nil {
		return nil, nil, err
	}
	ids, err := callsTouched(ctx, db, since, prospects)
	if err != nil {
		return nil, nil, err
	}
	same, err := pairs(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	var roots []int64
	for part := range slices.Chunk(ids, statement) {
		some, err := rootsOf(ctx, db, part)
		if err != nil {
			return nil, nil, err
		}
		roots = append(roots, some...)
	}
	return together(roots, same), prospects, nil
}

// together puts each call with those judged the same, each group once.
func together(roots []int64, same [][2]int64) (out [][]int64) {
	beside := map[int64][]int64{}
	for _, p := range same {
		beside[p[0]], beside[p[1]] = append(beside[p[0]], p[1]), append(beside[p[1]], p[0])
	}
	seen := map[int64]bool{}
	slices.Sort(roots)
	for _, r := range roots {
		if seen[r] {
			continue
		}
		seen[r] = true
		group := []int64{r}
		for at := 0; at < len(group); at++ {
			for _, next := range beside[group[at]] {
				if !seen[next] {
					seen[next] = true
					group = append(group, next)
				}
			}
		}
		out = append(out, group)
	}
	return out
}

// settle makes the markets of some groups again.
func (s *Service) settle(ctx context.Context, tx store.Tx, groups [][]int64) error {
	if err := tx.Alone(ctx, cursor); err != nil {
		return err
	}
	roots := slices.Concat(groups...)
	bundles, err := bundlesOf(ctx, tx, groups, roots)
	if err != nil {
		return err
	}
	var made []*Market
	for _, b := range bundles {
		made = append(made, s.settled(b)...)
	}
	if err := dropRoots(ctx, tx, roots); err != nil {
		return err
	}
	return keep(ctx, tx, made)
}

// bundlesOf reads all that tells of some groups, and parts it.
func bundlesOf(ctx context.Context, db bun.IDB, groups [][]int64, roots []int64) ([]bundle, error) {
	calls, err := callsOf(ctx, db, roots)
	if err != nil || len(calls) == 0 {
		return nil, err
	}
	pursuits, err := pursuitsOf(ctx, db, calls)
	if err != nil {
		return nil, err
	}
	quotes, err := quotesOf(ctx, db, calls)
	if err != nil {
		return nil, err
	}
	awards, err := awardsOf(ctx, db, calls)
	if err != nil {
		return nil, err
	}
	out, of, byKey, byLot := make([]bundle, len(groups)), map[int64]int{}, map[string]int{}, map[int64]int{}
	for i, g := range groups {
		for _, root := range g {
			of[root] = i
		}
	}
	for _, c := range calls {
		root := c.ID
		if c.follows() {
			root = *c.Procurement
		}
		i := of[root]
		out[i].calls, byKey[c.Key] = append(out[i].calls, c), i
		for _, l := range c.lots {
			byLot[l.ID] = i
		}
	}
	for _, p := range pursuits {
		i := byLot[p.Lot]
		out[i].pursuits = append(out[i].pursuits, p)
	}
	for _, a := range awards {
		i := byKey[a.Source]
		out[i].awards = append(out[i].awards, a)
	}
	for i := range out { // a prospect is of the group of the first lot that one of its quotes answers: see making.quotes
		out[i].quotes = quotes
	}
	return out, nil
}

func (s *Service) settlePurchases(ctx context.Context, tx store.Tx, ids []int64) error {
	if err := tx.Alone(ctx, cursor); err != nil {
		return err
	}
	all, quotes, err := purchasesOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	if err := dropPurchases(ctx, tx, ids); err != nil {
		return err
	}
	return keep(ctx, tx, s.purchased(all, quotes))
}
