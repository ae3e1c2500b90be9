package placement

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/people"
)

// Prepared is a person and a position as a counsellor prepares a card: what the
// employer would read, and what is known beside it. Once presented, it is what
// the employer reads.
type Prepared struct {
	Person    PersonHead
	Position  Head
	Agreement Consent
	Alerts    []Alert
	Card      *Presented // without its label until it is drawn; nil where none may be shown
	Sheet     *Sheet
	Refused   *Text // why none may be shown
	Proposal  *Line // the last one
	Own       bool  // the position is the structure's own: no card, what came of it is noted
}

// Runs tells whether the employer has the card now.
func (p *Prepared) Runs() bool { return p.Proposal != nil && p.Proposal.State.Runs() }

// Seal tells one content of a card from another: who presents a person presents
// what was read, but for the places left, which are read when they are shown.
func (s *Sheet) Seal() string {
	trainings := slices.Clone(s.Trainings)
	for i := range trainings {
		trainings[i].Places = 0
	}
	told, err := json.Marshal([]any{s.Claims, trainings})
	if err != nil {
		return "" // nothing here can fail to be written
	}
	sum := sha256.Sum256(told)
	return hex.EncodeToString(sum[:8])
}

// Prepare shows a counsellor exactly what the employer would read of a person for
// a position, with whom it would call and until when it would be asked to answer.
func (s *Service) Prepare(ctx context.Context, in Offer) (*Prepared, error) {
	p, v, err := s.mine(ctx, in.Person)
	if err != nil {
		return nil, fmt.Errorf("prepare person %d for position %d: %w", in.Person, in.Lot, err)
	}
	l, err := s.visible(ctx, in.Lot)
	if err != nil {
		return nil, fmt.Errorf("prepare person %d for position %d: %w", in.Person, in.Lot, err)
	}
	d, err := s.dresser(ctx, v, s.bounded(Query{}), p.OrganisationID, []*opportunities.Lot{l}, []people.ID{p.ID})
	if err != nil {
		return nil, fmt.Errorf("prepare person %d for position %d: %w", in.Person, in.Lot, err)
	}
	out := &Prepared{Person: s.personHead(p, d.works[p.ID]), Position: s.head(l), Agreement: Consent{Words: agreementWords("")}, Alerts: d.alerts[p.ID],
		Own: receiver(l.Opportunity) == p.OrganisationID}
	if a, ok := d.consents[pair{p.ID, l.ID}]; ok {
		out.Agreement = a
	}
	var last *Proposal
	for _, o := range d.there[l.ID] {
		if o.PersonID == p.ID {
			last = o
		}
	}
	if last != nil {
		line := s.line(last, out.Position)
		out.Proposal = &line
	}
	if out.Runs() {
		err = s.dressed(ctx, out, last)
	} else {
		err = s.wouldBe(ctx, out, p, in)
	}
	if err != nil {
		return nil, fmt.Errorf("prepare person %d for position %d: %w", in.Person, in.Lot, err)
	}
	return out, nil
}

// wouldBe composes the card that Propose would show; a refusal is told, not returned.
func (s *Service) wouldBe(ctx context.Context, out *Prepared, p *people.Person, in Offer) error {
	sheet, err := s.Preview(ctx, in)
	if fault.Is(err, fault.KindConflict) {
		words := Text(fault.Of(err).Message)
		out.Refused = &words
		return nil
	}
	if err != nil {
		return err
	}
	contact, err := s.contact(ctx, s.store.Read(), p, sheet.Claims)
	if err != nil {
		return err
	}
	return s.dressed(ctx, out, &Proposal{OrganisationID: p.OrganisationID, State: Proposed, Sheet: *sheet, Contact: contact, DueAt: due(s.now(), s.paris)})
}

// dressed puts a card as the employer reads it.
func (s *Service) dressed(ctx context.Context, out *Prepared, p *Proposal) error {
	names, err := s.structures(ctx, []*Proposal{p})
	if err != nil {
		return err
	}
	card := s.presented(p, names[p.OrganisationID], out.Position)
	out.Card, out.Sheet = &card, &p.Sheet
	return nil
}

// Count is how far the proposals of a position have come: figures, never a card.
// What was withdrawn counts for nothing, answered or not, nor does what a
// structure noted of a position of its own.
type Count struct {
	Proposed int // those that follow together
	Waiting  int // for an answer
	Late     int // of them, those asked for earlier than now
	Answered int
}

// Counts tells an officer how far the proposals of the positions of its perimeter
// have come; positions elsewhere, and those without a proposal, are left out.
func (s *Service) Counts(ctx context.Context, ids ...opportunities.LotID) (map[opportunities.LotID]Count, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ProposalCount); err != nil {
		return nil, err
	}
	out := map[opportunities.LotID]Count{}
	lots, err := s.opportunities.Positions(ctx, unique(ids)...)
	if err != nil {
		return nil, fmt.Errorf("count proposals: %w", err)
	}
	mine := map[opportunities.LotID]*opportunities.Lot{}
	for _, l := range lots {
		if accounts.Can(who, accounts.ProposalCount, s.opportunities.ScopeOf(l.Opportunity)) {
			mine[l.ID] = l
		}
	}
	all, err := proposalsAt(ctx, s.store.Read(), keys(mine))
	if err != nil {
		return nil, fmt.Errorf("count proposals: %w", err)
	}
	shown, err := s.shown(ctx, s.store.Read(), all)
	if err != nil {
		return nil, fmt.Errorf("count proposals: %w", err)
	}
	for _, p := range shown {
		if p.State != Withdrawn && !p.own() {
			out[p.LotID] = s.counted(out[p.LotID], p)
		}
	}
	return out, nil
}

func (s *Service) counted(n Count, p *Proposal) Count {
	n.Proposed++
	if p.State != Proposed {
		n.Answered++
		return n
	}
	n.Waiting++
	if p.Late(s.now()) {
		n.Late++
	}
	return n
}
