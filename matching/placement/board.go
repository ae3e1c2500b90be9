package placement

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// Board is what waits for a counsellor: what was proposed and is not answered,
// and what has just opened for the people of the structure.
type Board struct {
	Running   []Followed   `json:"running"` // late answers first, then the soonest due
	Ended     []Followed   `json:"ended"`   // of the last thirty days
	Fresh     []FreshFor   `json:"fresh"`   // positions opened in the last seven days, by how many people they suit
	FreshFor  int          `json:"fresh_people"`
	Late      int          `json:"late"`
	Agreement []AgreedWith `json:"agreed"`    // agreements that hold and are not proposed yet
	AskAgain  []AgreedWith `json:"ask_again"` // asked, and perhaps agreed, before the place or the hours of the position changed
}

// Followed is a proposal with whom and what it is about.
type Followed struct {
	Line
	Head       Head       `json:"position"`
	PersonHead PersonHead `json:"who"`
}

// FreshFor is a new position and how many people of the structure it suits.
type FreshFor struct {
	Position Head `json:"position"`
	People   int  `json:"people"`
}

// AgreedWith is a person and a position that they agree to be proposed for, or would
// have to be asked about again.
type AgreedWith struct {
	Position Head       `json:"position"`
	Person   PersonHead `json:"person"`
	Until    string     `json:"until"`         // the last day of an agreement; empty: to be asked again
	Own      bool       `json:"own,omitempty"` // to a position of the structure's own: no card, what came of it is noted
}

// freshDays and endedDays are how far back a board looks.
const (
	freshDays = 7
	endedDays = 30
)

// Board reads what waits for the caller's structure.
func (s *Service) Board(ctx context.Context) (*Board, error) {
	who := accounts.From(ctx)
	if err := accounts.Allow(who, accounts.ProposalList, accounts.Of(who.OrganisationID)); err != nil {
		return nil, err
	}
	out := &Board{Running: []Followed{}, Ended: []Followed{}, Fresh: []FreshFor{}, Agreement: []AgreedWith{}, AskAgain: []AgreedWith{}}
	for _, fill := range []func(context.Context, int64, *Board) error{s.follow, s.fresh, s.agreedYet} {
		if err := fill(ctx, who.OrganisationID, out); err != nil {
			return nil, fmt.Errorf("read what waits for structure %d: %w", who.OrganisationID, err)
		}
	}
	return out, nil
}

// follow lists what was proposed.
func (s *Service) follow(ctx context.Context, structure int64, out *Board) error {
	since := s.now().AddDate(0, 0, -endedDays)
	all, err := proposals(ctx, s.store.Read(), "pp.organisation_id = ? AND (pp.state IN (?) OR pp.updated_at >= ?)", structure, bun.List(running()), since)
	if err != nil {
		return err
	}
	if err := s.lapse(ctx, s.store.Read(), all); err != nil {
		return err
	}
	heads, persons, err := s.heads(ctx, all)
	if err != nil {
		return err
	}
	for _, p := range all {
		f := Followed{Line: s.line(p, heads[p.LotID]), Head: heads[p.LotID], PersonHead: persons[p.PersonID]}
		if !p.State.Runs() {
			out.Ended = append(out.Ended, f)
			continue
		}
		out.Running = append(out.Running, f)
		if f.Late {
			out.Late++
		}
	}
	slices.SortFunc(out.Running, func(a, b Followed) int { return cmp.Or(a.AnswerBy.Compare(b.AnswerBy), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(out.Ended, func(a, b Followed) int { return cmp.Compare(b.ID, a.ID) })
	return nil
}

func (s *Service) heads(ctx context.Context, all []*Proposal) (map[opportunities.LotID]Head, map[people.ID]PersonHead, error) {
	var lots []opportunities.LotID
	var ids []people.ID
	for _, p := range all {
		lots, ids = append(lots, p.LotID), append(ids, p.PersonID)
	}
	return s.named(ctx, unique(lots), unique(ids))
}

func (s *Service) named(ctx context.Context, lots []opportunities.LotID, ids []people.ID) (map[opportunities.LotID]Head, map[people.ID]PersonHead, error) {
	heads, persons := map[opportunities.LotID]Head{}, map[people.ID]PersonHead{}
	found, err := s.opportunities.Positions(ctx, lots...)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range found {
		heads[l.ID] = s.head(l)
	}
	all, err := s.people.LoadForMatching(ctx, ids...)
	if err != nil {
		return nil, nil, err
	}
	works, err := s.workOf(ctx, s.store.Read(), ids...)
	for _, p := range all {
		persons[p.ID] = s.personHead(p, works[p.ID])
	}
	return heads, persons, err
}

// fresh counts whom the positions of the last days suit, by asking for each
// person of the structure: they are hundreds at most.
func (s *Service) fresh(ctx context.Context, structure int64, out *Board) error {
	v, err := s.lately(ctx)
	if err != nil {
		return err
	}
	folk, err := activeOf(ctx, s.store.Read(), structure)
	if err != nil {
		return err
	}
	recent, err := openedSince(ctx, s.store.Read(), s.now().AddDate(0, 0, -freshDays))
	if err != nil || len(recent) == 0 {
		return err
	}
	lots, err := s.opportunities.Positions(ctx, recent...)
	if err != nil {
		return err
	}
	by, suits := map[opportunities.LotID]*opportunities.Lot{}, map[opportunities.LotID]int{}
	for _, l := range lots {
		if s.open(l) {
			by[l.ID] = l
		}
	}
	works, err := s.workOf(ctx, s.store.Read(), idsOf(folk)...)
	if err != nil {
		return err
	}
	there, err := s.placedOf(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range folk {
		if s.freshFor(v, p, works[p.ID], by, there, suits) {
			out.FreshFor++
		}
	}
	for _, id := range keys(suits) {
		out.Fresh = append(out.Fresh, FreshFor{Position: s.head(by[id]), People: suits[id]})
	}
	slices.SortStableFunc(out.Fresh, func(a, b FreshFor) int { return cmp.Compare(b.People, a.People) })
	return nil
}

func (s *Service) freshFor(v *journeys.View, p *people.Person, w work, recent map[opportunities.LotID]*opportunities.Lot, there placed, suits map[opportunities.LotID]int) bool {
	asked, ok := s.feed.person(p, w, s.today())
	if !ok {
		return false
	}
	suited := false
	for _, m := range v.PositionsFor(asked, date(s.today()), journeys.Options{Brief: true}).Matches {
		l := recent[opportunities.LotID(m.Position)]
		if l == nil || s.beyond(p, l) || there[pair{p.ID, l.ID}] {
			continue
		}
		suits[l.ID]++
		suited = true
	}
	return suited
}

// agreedYet lists agreements that hold, of which nothing runs, and those that the
// position has left behind.
func (s *Service) agreedYet(ctx context.Context, structure int64, out *Board) error {
	all, err := unproposed(ctx, s.store.Read(), structure, s.today())
	if err != nil {
		return err
	}
	var lots []opportunities.LotID
	var ids []people.ID
	for _, a := range all {
		lots, ids = append(lots, opportunities.LotID(a.PositionID)), append(ids, a.PersonID)
	}
	heads, persons, err := s.named(ctx, unique(lots), unique(ids))
	if err != nil {
		return err
	}
	for _, a := range all {
		h := heads[opportunities.LotID(a.PositionID)]
		switch {
		case !h.Open:
		case a.Holds(s.today()):
			out.Agreement = append(out.Agreement, AgreedWith{Position: h, Person: persons[a.PersonID], Until: a.ExpiresOn, Own: h.receiver == structure})
		case a.ToAskAgain(s.today()):
			out.AskAgain = append(out.AskAgain, AgreedWith{Position: h, Person: persons[a.PersonID]})
		}
	}
	return nil
}

// Get reads a proposal of the caller's structure, with its history.
func (s *Service) Get(ctx context.Context, id ID) (*Followed, []Event, error) {
	p, err := s.own(ctx, s.store.Read(), accounts.ProposalList, id)
	if err != nil {
		return nil, nil, fmt.Errorf("read proposal %d: %w", id, err)
	}
	heads, persons, err := s.heads(ctx, []*Proposal{p})
	if err != nil {
		return nil, nil, fmt.Errorf("read proposal %d: %w", id, err)
	}
	events, err := eventsOf(ctx, s.store.Read(), id)
	return &Followed{Line: s.line(p, heads[p.LotID]), Head: heads[p.LotID], PersonHead: persons[p.PersonID]}, events, err
}

// Need is one of an employer's positions with what waits for an answer.
type Need struct {
	Position Head       `json:"position"`
	Cards    int        `json:"cards"`     // that it may read now
	ToAnswer int        `json:"to_answer"` // of them, those it has said nothing to
	AnswerBy *time.Time `json:"answer_by,omitempty"`
	Late     bool       `json:"late"`
}

// Needs lists the caller's own positions to which people are presented.
func (s *Service) Needs(ctx context.Context) ([]Need, error) {
	who := accounts.From(ctx)
	if err := accounts.Allow(who, accounts.ProposalReceived, accounts.Of(who.OrganisationID)); err != nil {
		return nil, err
	}
	all, err := proposals(ctx, s.store.Read(), "pp.employer_id = ? AND pp.state IN (?)", who.OrganisationID, bun.List(running()))
	if err != nil {
		return nil, fmt.Errorf("read the needs of organisation %d: %w", who.OrganisationID, err)
	}
	shown, err := s.shown(ctx, s.store.Read(), all)
	if err != nil {
		return nil, fmt.Errorf("read the needs of organisation %d: %w", who.OrganisationID, err)
	}
	by := map[opportunities.LotID]*Need{}
	for _, p := range shown {
		s.count(by, p)
	}
	heads, _, err := s.named(ctx, keys(by), nil)
	if err != nil {
		return nil, fmt.Errorf("read the needs of organisation %d: %w", who.OrganisationID, err)
	}
	out := []Need{}
	for _, id := range keys(by) {
		by[id].Position = heads[id]
		out = append(out, *by[id])
	}
	return out, nil
}

// count adds a card to a need; one that may be read no longer counts for nothing.
func (s *Service) count(by map[opportunities.LotID]*Need, p *Proposal) {
	if !p.State.Runs() {
		return
	}
	n := by[p.LotID]
	if n == nil {
		n = &Need{}
		by[p.LotID] = n
	}
	n.Cards++
	if p.State != Proposed {
		return
	}
	n.ToAnswer++
	if n.AnswerBy == nil || p.DueAt.Before(*n.AnswerBy) {
		n.AnswerBy = &p.DueAt
	}
	n.Late = n.Late || p.Late(s.now())
}
