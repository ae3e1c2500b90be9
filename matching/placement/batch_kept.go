package placement

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/people"
)

// BatchKept is what one version of a batch recorded about a person: what it was
// computed with, what it brought them, what it did not and why, and what became of
// each suggestion.
type BatchKept struct {
	Batch       BatchID         `json:"batch"`
	Number      int64           `json:"number"` // of the version
	Day         string          `json:"day"`
	At          time.Time       `json:"at"`
	WaitingDays int             `json:"waiting_days"`
	Revision    int64           `json:"revision"` // of the journey that it read
	Reason      string          `json:"reason" enum:"served,no-edge,over-k,all-full"`
	Words       Text            `json:"words"`
	Other       *BatchOther     `json:"other,omitempty"`
	Suggestions []BatchKeptLine `json:"suggestions"`
}

// BatchKeptLine is a position that was suggested for a person.
type BatchKeptLine struct {
	Position   Head            `json:"position"`
	Score      int             `json:"score"`
	Suits      Text            `json:"suits"`
	Reason     string          `json:"reason" enum:"only,best,next"`
	Words      Text            `json:"words"`
	Criteria   []Criterion     `json:"criteria"`
	State      LineState       `json:"state"`
	StateWords Text            `json:"state_words"`
	SettledBy  *int64          `json:"settled_by,omitempty"` // user
	SettledAt  *time.Time      `json:"settled_at,omitempty"`
	Steps      []BatchKeptStep `json:"steps"`
}

// BatchKeptStep is what was done with a suggestion.
type BatchKeptStep struct {
	At    time.Time `json:"at"`
	Actor *int64    `json:"actor,omitempty"` // user; absent: a job
	From  LineState `json:"from,omitempty"`
	To    LineState `json:"to"`
}

// BatchesOf reads all that the batches of the caller's structure recorded about one
// of its people, the last version first: what the person may ask to read.
func (s *Service) BatchesOf(ctx context.Context, id people.ID) ([]BatchKept, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.BatchRead); err != nil {
		return nil, err
	}
	p, err := s.people.Get(ctx, id)
	if err == nil && !accounts.Can(accounts.From(ctx), accounts.BatchRead, accounts.Of(p.OrganisationID)) {
		err = fault.NotFound("person", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was prepared for person %d: %w", id, err)
	}
	out, err := s.keptBatches(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read what was prepared for person %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) keptBatches(ctx context.Context, id people.ID) ([]BatchKept, error) {
	p := &planned{}
	batches, err := batchesAbout(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	if p.people, p.lines, err = rowsAbout(ctx, s.store.Read(), id); err != nil {
		return nil, err
	}
	steps, err := stepsAbout(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	r := &reader{s: s, of: p, heads: map[opportunities.LotID]Head{}}
	if err := r.nameLots(ctx); err != nil {
		return nil, err
	}
	out := []BatchKept{}
	for _, b := range batches {
		for _, row := range p.people {
			if row.BatchID == b.ID {
				out = append(out, r.keptOf(b, row, steps))
			}
		}
	}
	return out, nil
}

// nameLots reads the positions that rows speak of.
func (r *reader) nameLots(ctx context.Context) error {
	lots := r.of.lots()
	for _, l := range r.of.lines {
		lots = append(lots, l.LotID)
	}
	found, err := r.s.opportunities.Positions(ctx, unique(lots)...)
	for _, l := range found {
		r.heads[l.ID] = r.s.head(l)
	}
	return err
}

func (r *reader) keptOf(b *batchRow, row *batchPerson, steps map[BatchLineID][]BatchKeptStep) BatchKept {
	out := BatchKept{Batch: b.ID, Number: b.Number, Day: b.Day, At: b.CreatedAt.UTC(), WaitingDays: row.Waiting, Revision: row.PersonRevision, Reason: row.Reason, Words: outcomeWords(row.Reason),
		Other: r.other(row), Suggestions: []BatchKeptLine{}}
	for _, l := range r.of.lines {
		if l.BatchID == b.ID {
			out.Suggestions = append(out.Suggestions, BatchKeptLine{Position: r.heads[l.LotID], Score: l.Fit, Suits: suitsWords(l.Fit), Reason: l.Reason, Words: lineReasonWords(l.Reason),
				Criteria: l.Criteria, State: l.State, StateWords: l.State.Words(), SettledBy: l.SettledBy, SettledAt: l.SettledAt, Steps: append([]BatchKeptStep{}, steps[l.ID]...)})
		}
	}
	return out
}
