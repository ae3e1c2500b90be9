package tenders

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// kin is everything that may have to do with a notice because of its buyer and
// title: the procurements known under them, with all their notices.
type kin struct {
	rows []*noticeRow
	// fixed are the procurements whose notices stay together: those that a person
	// judged, and all of them where there are too many to be told anew.
	fixed map[string]bool
}

// What is regrouped at once is bounded: beyond, the notices stay where they are,
// and a new one only looks for its place among them.
const (
	mostKin     = 80 // notices
	mostKinKeys = 40 // procurements
	kinRounds   = 3  // a notice with two spellings of a buyer brings those of the other
)

// kinOf reads the kin of a notice, beginning with the procurements known by its
// identifiers.
func kinOf(ctx context.Context, tx store.Tx, row *noticeRow, known *acquaintance) (kin, error) {
	found := kin{fixed: known.judged}
	var keys []string
	for _, nm := range namesOf(row.Document) {
		keys = adding(keys, known.names[nm.text])
	}
	likes, asked, read := row.facts().likes, 0, 0
	for range kinRounds {
		more, err := known.keysOf(ctx, tx, likes[asked:])
		if err != nil {
			return kin{}, err
		}
		keys, asked = adding(keys, more...), len(likes)
		for ; read < min(len(keys), mostKinKeys); read++ {
			rows, err := known.noticesOf(ctx, tx, keys[read])
			if err != nil {
				return kin{}, err
			}
			for i := range rows {
				found.rows = append(found.rows, &rows[i])
				likes = adding(likes, rows[i].facts().likes...)
			}
		}
	}
	if len(found.rows) > mostKin || len(keys) > mostKinKeys {
		found.fix(keys)
	}
	return found, nil
}

// adding adds to a list what it has not.
func adding(list []string, more ...string) []string {
	for _, one := range more {
		if one != "" && !slices.Contains(list, one) {
			list = append(list[:len(list):len(list)], one)
		}
	}
	return list
}

// fix leaves every procurement as it is.
func (k *kin) fix(keys []string) {
	k.fixed = map[string]bool{}
	for _, key := range keys {
		k.fixed[key] = true
	}
}

// keysOf lists the procurements known under some buyers and titles.
func (a *acquaintance) keysOf(ctx context.Context, tx store.Tx, likes []string) (keys []string, err error) {
	var ask []string
	for _, like := range likes {
		if _, asked := a.kin[like]; !asked && !slices.Contains(ask, like) {
			ask = append(ask, like)
		}
	}
	if err := a.meet(ctx, tx, ask); err != nil {
		return nil, err
	}
	for _, like := range likes {
		keys = append(keys, a.kin[like]...)
	}
	return keys, nil
}

// meet reads the procurements known under buyers and titles.
func (a *acquaintance) meet(ctx context.Context, tx store.Tx, likes []string) error {
	for part := range slices.Chunk(likes, maxList) {
		var rows []kinRow
		err := tx.NewSelect().Model(&rows).Comment("tenders.meet").Where("k.name IN (?)", bun.List(part)).Order("k.name", "k.key").Scan(ctx)
		if err != nil {
			return fmt.Errorf("look for the procurements of a buyer and title: %w", err)
		}
		for _, like := range part {
			a.kin[like] = nil
		}
		for _, r := range rows {
			a.kin[r.Name] = append(a.kin[r.Name], r.Key)
		}
	}
	return nil
}

// judge reads which procurements a person judged: what was merged or kept apart
// by hand is not regrouped.
func (a *acquaintance) judge(ctx context.Context, tx store.Tx) error {
	var pairs []Pair
	err := tx.NewSelect().Model(&pairs).Comment("tenders.judge").Column("low", "high").
		Where("pp.verdict IN (?)", bun.List([]PairVerdict{PairSame, PairDifferent})).Order("pp.id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("read the judged procurements: %w", err)
	}
	a.judged = map[string]bool{}
	for _, p := range pairs {
		a.judged[p.Low], a.judged[p.High] = true, true
	}
	return nil
}

// befriend remembers a procurement under the buyers and titles of its notices.
func (a *acquaintance) befriend(ctx context.Context, tx store.Tx, likes []string, key string) error {
	var rows []kinRow
	for _, like := range likes {
		if !slices.Contains(a.kin[like], key) {
			rows = append(rows, kinRow{Name: like, Key: key})
			a.kin[like] = append(a.kin[like], key)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&rows).Comment("tenders.befriend").On("CONFLICT (name, key) DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("remember the buyer and title of %s: %w", key, err)
	}
	return nil
}

// kinRow is a procurement under a buyer and title.
type kinRow struct {
	bun.BaseModel `bun:"table:notice_kin,alias:k"`

	Name string `bun:"name,pk"`
	Key  string `bun:"key,pk"`
}
