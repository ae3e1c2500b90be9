package matching

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"maillage/internal/store"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// pair names a match by its two sides.
type pair struct{ lot, organisation int64 }

// claim is what the engine says of some lots, or of some organisations: the
// matches that hold, and so that the others don't.
type claim struct {
	column string // the side that is claimed whole
	ids    []int64
	view   *engine.View
	now    time.Time
	wanted map[pair]engine.Match
}

// settle makes the rows those that the claim says, in one transaction: new ones
// are proposed, changed ones rewritten, those that no longer hold withdrawn with
// the reason. What is already so is left alone: settling twice writes once.
//
// Processes settle one after the other, and each looks at the facts once its
// turn has come: else what one saw a moment before could be written over what
// another has seen since.
func (s *Service) settle(ctx context.Context, c claim, fill func(*claim)) error {
	s.settling.Lock()
	defer s.settling.Unlock()
	if _, err := s.view(ctx); err != nil { // what takes long to follow is followed before others wait for us
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, "matches"); err != nil {
			return err
		}
		var err error
		if c.view, err = s.view(ctx); err != nil {
			return err
		}
		c.now, c.wanted = s.now(), map[pair]engine.Match{}
		fill(&c)
		rows, err := kept(ctx, tx, c.column, c.ids)
		if err != nil {
			return err
		}
		p := s.plan(c, rows)
		if p.gone, err = s.why(ctx, c, p.gone); err != nil {
			return err
		}
		return p.write(ctx, tx, c.now)
	})
}

// plan is what there is to write, each in the order of lots and organisations so
// that two transactions wait for each other rather than both for ever.
type plan struct {
	made    []*Match
	changed []*Match
	back    map[*Match]bool // among the changed: restored
	gone    []*Match
}

func (s *Service) plan(c claim, rows []Match) plan {
	p := plan{back: map[*Match]bool{}}
	have := map[pair]bool{}
	for i := range rows {
		m := &rows[i]
		at := pair{int64(m.LotID), int64(m.OrganisationID)}
		have[at] = true
		now, holds := c.wanted[at]
		switch {
		case holds:
			p.reconsider(m, now, c.now)
		case m.State == Proposed:
			p.gone = append(p.gone, m)
		}
	}
	for at, m := range c.wanted {
		if !have[at] {
			row := &Match{LotID: opportunities.LotID(at.lot), OrganisationID: network.ID(at.organisation), FirstProposedAt: c.now}
			row.take(m, digest(m), c.now)
			p.made = append(p.made, row)
		}
	}
	slices.SortFunc(p.made, comparePairs)
	return p
}

func comparePairs(a, b *Match) int {
	if a.LotID != b.LotID {
		return int(a.LotID - b.LotID)
	}
	return int(a.OrganisationID - b.OrganisationID)
}

// reconsider rewrites a row when the engine says something else of it.
func (p *plan) reconsider(m *Match, now engine.Match, at time.Time) {
	d := digest(now)
	if m.State == Proposed && m.Digest == d {
		return
	}
	if m.LotRevision > now.LotRevision || m.OrganisationRevision > now.EnterpriseRevision {
		return // written from later facts by another process
	}
	p.back[m] = m.State == Withdrawn
	m.take(now, d, at)
	p.changed = append(p.changed, m)
}

// take writes what the engine says; what the member said stays.
func (m *Match) take(now engine.Match, digest string, at time.Time) {
	m.State, m.Reason = Proposed, ""
	m.Score, m.Confidence, m.ActivityID = now.Score, now.Confidence, now.Activity
	m.Explanation, m.Digest, m.Engine = now.Findings, digest, engine.Version
	m.LotRevision, m.OrganisationRevision = now.LotRevision, now.EnterpriseRevision
	m.ComputedAt, m.UpdatedAt = at, at
}

// digest is the fingerprint of all that the engine says of a pair.
func digest(m engine.Match) string {
	text, err := json.Marshal(m)
	if err != nil {
		return "" // never equal: the row is rewritten
	}
	sum := sha256.Sum256(append(text, engine.Version...))
	return hex.EncodeToString(sum[:12])
}

func (p *plan) write(ctx context.Context, tx store.Tx, now time.Time) error {
	if err := insertMatches(ctx, tx, p.made); err != nil {
		return err
	}
	var events []Event
	var proposed []network.ID
	for _, m := range p.made {
		proposed = append(proposed, m.OrganisationID)
		events = append(events, Event{MatchID: m.ID, At: now, Kind: "proposed", Detail: Detail{Score: m.Score}})
	}
	for _, m := range p.changed {
		done, err := rescore(ctx, tx, m)
		if err != nil {
			return err
		}
		if done && p.back[m] {
			events = append(events, Event{MatchID: m.ID, At: now, Kind: "restored", Detail: Detail{Score: m.Score}})
		}
	}
	for _, m := range p.gone {
		done, err := withdraw(ctx, tx, m)
		if err != nil {
			return err
		}
		if done {
			events = append(events, Event{MatchID: m.ID, At: now, Kind: "withdrawn", Detail: Detail{Reason: m.Reason}})
		}
	}
	if err := record(ctx, tx, events); err != nil {
		return err
	}
	return noteProposals(ctx, tx, unique(proposed))
}

// noteProposals tells every process who was proposed something: the order of
// equal scores depends on it.
func noteProposals(ctx context.Context, tx store.Tx, ids []network.ID) error {
	changes := make([]store.Change, len(ids))
	for i, id := range ids {
		changes[i] = store.Change{Entity: entityProposal, ID: int64(id)}
	}
	return tx.Changed(ctx, changes...)
}

// why finds the reason of each withdrawal: what became of the lot or of the
// enterprise, or the gate that is now missed. A match written from later facts
// than this claim's is left alone.
func (s *Service) why(ctx context.Context, c claim, gone []*Match) ([]*Match, error) {
	out := gone[:0]
	for _, m := range gone {
		reason, err := s.reason(ctx, c, m) // raises the revisions of m to those it was found from
		if err != nil {
			return nil, err
		}
		if reason == "" {
			continue
		}
		m.State, m.Reason, m.ComputedAt, m.UpdatedAt = Withdrawn, reason, c.now, c.now
		out = append(out, m)
	}
	return out, nil
}

func (s *Service) reason(ctx context.Context, c claim, m *Match) (string, error) {
	lot, there := c.view.Lot(engine.LotID(m.LotID))
	e, member := c.view.Enterprise(engine.EnterpriseID(m.OrganisationID))
	switch {
	case !there:
		return s.whyAbsent(ctx, m)
	case !member:
		return ReasonOrganisationGone, nil
	case m.LotRevision > lot.Revision, m.OrganisationRevision > e.Revision:
		return "", nil
	}
	m.LotRevision, m.OrganisationRevision = lot.Revision, e.Revision
	switch {
	case e.Unspecified():
		return ReasonUnspecified, nil
	case !lot.Rankable():
		return ReasonLotUnspecified, nil
	}
	missed, _ := c.view.Rules().Missed(lot, e, c.now)
	return string(missed), nil
}

// whyAbsent reads what became of a lot that is no longer matched. It reads
// outside the transaction, as the index does.
func (s *Service) whyAbsent(ctx context.Context, m *Match) (string, error) {
	lots, err := s.opportunities.Lots(ctx, m.LotID)
	if err != nil {
		return "", fmt.Errorf("see what became of lot %d: %w", m.LotID, err)
	}
	if len(lots) == 0 {
		return ReasonLotGone, nil
	}
	m.LotRevision = max(m.LotRevision, lots[0].Revision)
	return absence(lots[0]), nil
}
