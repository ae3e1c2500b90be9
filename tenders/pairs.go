package tenders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
)

// Pair is two procurements that may be one. Low and High are their keys in the
// order of the alphabet, so that a pair is one whichever way it is met.
type Pair struct {
	bun.BaseModel `bun:"table:procurement_pairs,alias:pp"`

	ID         int64       `bun:"id,pk,autoincrement"`
	Low        string      `bun:"low"`
	High       string      `bun:"high"`
	Score      float64     `bun:"score"` // likeness, 0..1
	Verdict    PairVerdict `bun:"verdict"`
	Moved      moved       `bun:"moved"` // what a merge moved, for its undoing
	ProposedAt time.Time   `bun:"proposed_at"`
	JudgedAt   *time.Time  `bun:"judged_at"`
	JudgedBy   *int64      `bun:"judged_by"`
}

// moved is what the procurement that gave way had.
type moved struct {
	From    string   `json:"from"`
	Notices []int64  `json:"notices"`
	Names   []string `json:"names"`
}

// Side is one procurement of a pair as its notices tell it together. Notice is
// nil where it was merged with a third one.
type Side struct {
	Key           string
	OpportunityID opportunities.ID
	Notice        *Notice
}

// Compared is a pair side by side.
type Compared struct {
	Pair
	Sides  [2]Side
	Fields []Difference
}

// Pairs lists the pairs of a verdict, the likest first, at most limit (200).
func (s *Service) Pairs(ctx context.Context, verdict PairVerdict, limit int) ([]Compared, error) {
	var pairs []Pair
	err := s.store.Read().NewSelect().Model(&pairs).Comment("tenders.Pairs").Where("pp.verdict = ?", verdict).
		Order("pp.score DESC", "pp.id").Limit(int64(max(1, min(limit, 200)))).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the pairs of procurements: %w", err)
	}
	list := make([]Compared, 0, len(pairs))
	for _, p := range pairs {
		one, err := s.compared(ctx, p)
		if err != nil {
			return nil, err
		}
		whole := one.Sides[0].Notice != nil && one.Sides[1].Notice != nil
		if whole || verdict != PairProposed { // one may have been merged with a third
			list = append(list, one)
		}
	}
	return list, nil
}

// PairOf reads one pair.
func (s *Service) PairOf(ctx context.Context, id int64) (Compared, error) {
	p, err := pairOf(ctx, s.store.Read(), id)
	if err != nil {
		return Compared{}, err
	}
	return s.compared(ctx, *p)
}

func (s *Service) compared(ctx context.Context, p Pair) (Compared, error) {
	out := Compared{Pair: p}
	for i, key := range []string{p.Low, p.High} {
		rows, err := s.sideOf(ctx, p, key)
		if err != nil {
			return out, err
		}
		out.Sides[i].Key = key
		if len(rows) > 0 {
			out.Sides[i].Notice = replay(rows).notice
		}
		if o, err := s.offers.ByKey(ctx, key); err == nil {
			out.Sides[i].OpportunityID = o.ID
		}
	}
	if a, b := out.Sides[0].Notice, out.Sides[1].Notice; a != nil && b != nil {
		out.Fields = differences(a, b)
	}
	return out, nil
}

// sideOf reads the notices of one side; those that a merge moved are still
// shown on the side that they came from.
func (s *Service) sideOf(ctx context.Context, p Pair, key string) ([]noticeRow, error) {
	if p.Verdict != PairSame {
		return noticesOfKey(ctx, s.store.Read(), key)
	}
	at := p.Low
	if at == p.Moved.From {
		at = p.High
	}
	rows, err := noticesOfKey(ctx, s.store.Read(), at)
	return slices.DeleteFunc(rows, func(r noticeRow) bool { return slices.Contains(p.Moved.Notices, r.ID) != (key == p.Moved.From) }), err
}

func pairOf(ctx context.Context, db bun.IDB, id int64) (*Pair, error) {
	p := new(Pair)
	err := db.NewSelect().Model(p).Comment("tenders.pairOf").Where("pp.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("pair", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read pair %d: %w", id, err)
	}
	return p, nil
}

// Judge settles a pair: same brings the notices of both under the procurement
// that was known first; different keeps them apart for good, and parts them
// again where they had been brought together: nothing is lost, since each
// procurement is told anew by its own notices.
func (s *Service) Judge(ctx context.Context, by accounts.UserID, id int64, verdict PairVerdict) error {
	if verdict != PairSame && verdict != PairDifferent {
		return fault.Invalid(fault.At("verdict", "unknown", "Ce jugement n’est pas compris.", "This verdict is not understood."))
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := pairOf(ctx, tx, id)
		if err != nil || p.Verdict == verdict {
			return err
		}
		before := p.Verdict
		switch {
		case verdict == PairSame:
			err = s.unite(ctx, tx, p)
		case p.Verdict == PairSame:
			err = s.part(ctx, tx, p)
		}
		if err != nil {
			return err
		}
		now, who := s.now(), int64(by)
		p.Verdict, p.JudgedAt, p.JudgedBy = verdict, &now, nil
		if by != 0 {
			p.JudgedBy = &who
		}
		if _, err := tx.NewUpdate().Model(p).Comment("tenders.Judge").Column("verdict", "moved", "judged_at", "judged_by").WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("judge pair %d: %w", id, err)
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.ProcurementJudge, Entity: "procurement_pair", EntityID: id,
			Fields: []string{"verdict"}, Before: before, After: verdict})
	})
}

// unite moves the notices and names of the younger procurement under the older.
func (s *Service) unite(ctx context.Context, tx store.Tx, p *Pair) error {
	low, err := noticesOfKey(ctx, tx, p.Low)
	if err != nil {
		return err
	}
	high, err := noticesOfKey(ctx, tx, p.High)
	if err != nil {
		return err
	}
	if len(low) == 0 || len(high) == 0 {
		return fault.Conflict("merged", "L’un de ces marchés a déjà été réuni avec un autre.", "One of these procurements was already merged with another.")
	}
	kept, gone := low, high
	if first(high) < first(low) {
		kept, gone = high, low
	}
	p.Moved = moved{From: gone[0].Key}
	for _, r := range gone {
		p.Moved.Notices = append(p.Moved.Notices, r.ID)
	}
	err = tx.NewRaw("/* tenders.unite */ SELECT name FROM notice_names WHERE key = ? ORDER BY name", p.Moved.From).Scan(ctx, &p.Moved.Names)
	if err != nil {
		return fmt.Errorf("read the names of %s: %w", p.Moved.From, err)
	}
	if err := s.told(ctx, tx, gone, p.Moved.From, mergedNote); err != nil {
		return err
	}
	return s.move(ctx, tx, p.Moved, p.Moved.From, kept[0])
}

// part gives back to a procurement the notices that a merge took from it.
func (s *Service) part(ctx context.Context, tx store.Tx, p *Pair) error {
	home := noticeRow{Key: p.Moved.From}
	var ids []opportunities.ID
	err := tx.NewRaw("/* tenders.part */ SELECT id FROM opportunities WHERE key = ? AND key <> ''", home.Key).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find procurement %s: %w", home.Key, err)
	}
	if len(ids) > 0 {
		home.OpportunityID = &ids[0]
	}
	other := p.Low
	if other == home.Key {
		other = p.High
	}
	var there int
	err = tx.NewRaw("/* tenders.part */ SELECT count(*) FROM notices WHERE key = ? AND id IN (?)", other, bun.List(p.Moved.Notices)).Scan(ctx, &there)
	if err != nil {
		return fmt.Errorf("find the notices to give back to %s: %w", home.Key, err)
	}
	if there == 0 {
		return fault.Conflict("merged", "Ce marché a été réuni ensuite avec un troisième : séparez-les d’abord.", "This procurement was then merged with a third one: part these first.")
	}
	if err := s.move(ctx, tx, p.Moved, other, home); err != nil {
		return err
	}
	rows, err := noticesOfKey(ctx, tx, other)
	if err != nil || len(rows) == 0 {
		return err
	}
	return s.told(ctx, tx, rows, other, "")
}

// move brings notices and names from a procurement to another, and tells that
// one anew. Merges are undone in the reverse order, so what lies elsewhere stays.
func (s *Service) move(ctx context.Context, tx store.Tx, m moved, from string, to noticeRow) error {
	_, err := tx.NewRaw("/* tenders.move */ UPDATE notices SET key = ?, opportunity_id = ? WHERE key = ? AND id IN (?)", to.Key, to.OpportunityID, from, bun.List(m.Notices)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("bring notices to %s: %w", to.Key, err)
	}
	if len(m.Names) > 0 {
		_, err = tx.NewRaw("/* tenders.move */ UPDATE notice_names SET key = ? WHERE key = ? AND name IN (?)", to.Key, from, bun.List(m.Names)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("bring names to %s: %w", to.Key, err)
		}
	}
	_, err = tx.NewRaw("/* tenders.move */ INSERT INTO notice_kin (name, key) SELECT name, ? FROM notice_kin WHERE key = ? ON CONFLICT (name, key) DO NOTHING", to.Key, from).Exec(ctx)
	if err != nil {
		return fmt.Errorf("bring buyers and titles to %s: %w", to.Key, err)
	}
	rows, err := noticesOfKey(ctx, tx, to.Key)
	if err != nil {
		return err
	}
	return s.told(ctx, tx, rows, to.Key, "")
}

const mergedNote = "Réuni avec un autre avis du même marché."

// told says to the opportunities what the notices of a procurement say
// together; away, when not empty, is why it gives way to another one.
func (s *Service) told(ctx context.Context, tx store.Tx, rows []noticeRow, key, away string) error {
	in := retold(rows, key)
	if in.Note = away; away != "" {
		in.Opportunity.State = opportunities.Cancelled
		rows = nil // what came after its award is now told by the other one
	}
	_, err := s.tell(ctx, tx, rows, in)
	return err
}

func (s *Service) tell(ctx context.Context, tx store.Tx, rows []noticeRow, in opportunities.Imported) (*opportunities.Opportunity, error) {
	_, offer, err := s.offers.Upsert(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	_, err = s.follow(ctx, tx, offer, rows, in)
	return offer, err
}

// retold is what the notices of a procurement say together, once more.
func retold(rows []noticeRow, key string) opportunities.Imported {
	story := replay(rows)
	in := opportunities.Imported{
		Opportunity: opportunityOf(story.notice), NoticedAt: story.latest, FirstAt: story.first, Whole: true,
		Origin: "pair:" + key, Retold: true,
	}
	in.Opportunity.Key, in.Opportunity.State = key, story.state
	return in
}

// first is the number of the first notice read of a procurement.
func first(rows []noticeRow) int64 {
	least := rows[0].ID
	for _, r := range rows {
		least = min(least, r.ID)
	}
	return least
}
