package placement

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/placement/card"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
)

// Received is what an employer sees of the people presented for one of its
// positions: cards in an order that was drawn, without any figure.
type Received struct {
	Position Head        `json:"position"`
	Cards    []Presented `json:"cards"`
}

// Presented is one card as the employer reads it.
type Presented struct {
	Ref       string        `json:"ref"`   // to answer it
	Label     string        `json:"label"` // "A7"
	Title     Text          `json:"title"` // "Candidature A7"
	State     State         `json:"state"`
	StateText Text          `json:"state_words"`
	Structure string        `json:"structure,omitempty"`
	Kind      network.Kind  `json:"structure_kind,omitempty"`
	OnSite    *Text         `json:"on_site,omitempty"`
	Strengths []Text        `json:"strengths,omitempty"`
	Available *Text         `json:"available,omitempty"`
	Trainings []TrainingFor `json:"trainings,omitempty"`
	Contact   *Contact      `json:"contact,omitempty"`
	AnswerBy  *time.Time    `json:"answer_by,omitempty"`
	Late      bool          `json:"late,omitempty"`
	Revision  int64         `json:"revision"`
}

// TrainingFor is a session that gives what a card says is still missing.
type TrainingFor struct {
	Brings   Text                `json:"brings"`
	Lot      opportunities.LotID `json:"session"`
	Title    string              `json:"title"`
	StartsOn string              `json:"starts_on,omitempty"`
	Town     string              `json:"town,omitempty"`
	Places   int                 `json:"places,omitempty"`
}

// Received gives the employer of a position the cards it may read now. What
// ended, for whatever reason, has no content any more; what was withdrawn before
// the employer said a word leaves no trace.
func (s *Service) Received(ctx context.Context, id opportunities.LotID) (*Received, error) {
	l, err := s.receivedAt(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the cards of position %d: %w", id, err)
	}
	all, err := proposals(ctx, s.store.Read(), "pp.lot_id = ? AND pp.employer_id = ? AND pp.organisation_id <> pp.employer_id", id, receiver(l.Opportunity))
	if err != nil {
		return nil, err
	}
	shown, err := s.shown(ctx, s.store.Read(), all)
	if err != nil {
		return nil, err
	}
	names, err := s.structures(ctx, shown)
	if err != nil {
		return nil, err
	}
	if err := s.placesLeft(ctx, shown); err != nil {
		return nil, err
	}
	out := &Received{Position: s.head(l), Cards: []Presented{}}
	for _, p := range shown {
		out.Cards = append(out.Cards, s.presented(p, names[p.OrganisationID], out.Position))
	}
	return out, nil
}

// placesLeft brings up to date the sessions told on cards: how many places they have left.
// One that nobody can enter any more is told no more.
func (s *Service) placesLeft(ctx context.Context, all []*Proposal) error {
	var ids []opportunities.LotID
	for _, p := range all {
		for _, t := range p.Sheet.Trainings {
			ids = append(ids, t.Lot)
		}
	}
	by, err := s.lotsBy(ctx, unique(ids))
	if err != nil {
		return err
	}
	for _, p := range all {
		p.Sheet.Trainings = slices.DeleteFunc(p.Sheet.Trainings, func(t Training) bool { return !s.joinable(by[t.Lot]) })
		for i := range p.Sheet.Trainings {
			p.Sheet.Trainings[i].Places = by[p.Sheet.Trainings[i].Lot].Left()
		}
	}
	return nil
}

// joinable tells a session that still takes people: it is open, and has not begun.
func (s *Service) joinable(l *opportunities.Lot) bool {
	return l != nil && s.open(l) && (l.StartsOn == "" || l.StartsOn >= s.today())
}

// receivedAt reads a position of the caller's organisation.
func (s *Service) receivedAt(ctx context.Context, id opportunities.LotID) (*opportunities.Lot, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ProposalReceived); err != nil {
		return nil, err
	}
	lots, err := s.opportunities.Positions(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(lots) == 0 || !accounts.Can(who, accounts.ProposalReceived, accounts.Of(receiver(lots[0].Opportunity))) {
		return nil, fault.NotFound("position", id)
	}
	return lots[0], nil
}

// shown keeps what an employer may see, in the order drawn. What runs without an
// agreement that holds, or with a card that may be told no longer, is as
// withdrawn, before any job has written it.
func (s *Service) shown(ctx context.Context, db bun.IDB, all []*Proposal) ([]*Proposal, error) {
	if err := s.lapse(ctx, db, all); err != nil {
		return nil, err
	}
	tellable, err := s.tellable(ctx, db, all)
	if err != nil {
		return nil, err
	}
	var out []*Proposal
	for _, p := range all {
		if p.State.Runs() && !tellable[p.ID] {
			p.State = Withdrawn
		}
		if p.State != Withdrawn || p.AnsweredAt != nil {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *Proposal) int { return cmp.Or(cmp.Compare(a.Draw, b.Draw), cmp.Compare(a.Ref, b.Ref)) })
	return out, nil
}

func (s *Service) structures(ctx context.Context, shown []*Proposal) (map[int64]*network.Organisation, error) {
	var ids []network.ID
	for _, p := range shown {
		ids = append(ids, network.ID(p.OrganisationID))
	}
	all, err := s.network.LoadForMatching(ctx, unique(ids)...)
	if err != nil {
		return nil, err
	}
	out := map[int64]*network.Organisation{}
	for _, o := range all {
		out[int64(o.ID)] = o
	}
	return out, nil
}

// presented dresses a card. One that has ended is a label and a state.
func (s *Service) presented(p *Proposal, by *network.Organisation, h Head) Presented {
	out := Presented{Ref: p.Ref, Label: p.Label, Title: text("Candidature "+p.Label, "Application "+p.Label), State: p.State, StateText: p.State.wordsAt(h, false, s.today())}
	if p.State != Withdrawn { // an end that the employer said keeps its number; of another it would tell when it was written
		out.Revision = p.Revision
	}
	if !p.State.Runs() {
		return out
	}
	if by != nil {
		out.Structure, out.Kind = by.Called(), by.Kind
	}
	out.Contact, out.AnswerBy, out.Late = &p.Contact, &p.DueAt, p.Late(s.now())
	out.OnSite, out.Strengths, out.Available = s.told(p.Sheet.Claims)
	for _, t := range p.Sheet.Trainings {
		out.Trainings = append(out.Trainings, TrainingFor{Brings: text(aptitude(string(t.Aptitude), "fr"), aptitude(string(t.Aptitude), "en")),
			Lot: t.Lot, Title: t.Title, StartsOn: t.StartsOn, Town: t.Town, Places: t.Places})
	}
	return out
}

// told parts the claims of a card as it is read.
func (s *Service) told(c card.Card) (onSite *Text, strengths []Text, available *Text) {
	for _, claim := range c {
		words := Words(claim, s.today())
		switch claim.Kind {
		case card.Structure, card.Counsellor, card.Trainable: // said apart
		case card.OnSite:
			onSite = &words
		case card.Available, card.From:
			available = &words
		default:
			strengths = append(strengths, words)
		}
	}
	return onSite, strengths, available
}

// Reply is what an employer says to a card. Reason is required of NotRetained,
// and goes with nothing else.
type Reply struct {
	State  State
	Reason Reason
}

func (r Reply) check() error {
	var fields []fault.Field
	if !slices.Contains(Answers(), r.State) {
		fields = append(fields, fault.At("state", "unknown", "Répondez « intéressé », « rencontrée », « non retenue » ou « embauchée ».", "Answer “interested”, “met”, “not retained” or “hired”."))
	}
	if r.State == NotRetained && !slices.Contains(Reasons(), r.Reason) {
		fields = append(fields, fault.At("reason", "required", "Dites de quoi le poste a besoin.", "Say what the position needs."))
	}
	if r.State != NotRetained && r.Reason != NoReason {
		fields = append(fields, fault.At("reason", "not_expected", "Un motif ne va qu’avec « non retenue ».", "A reason only goes with “not retained”."))
	}
	if len(fields) > 0 {
		return fault.Invalid(fields...)
	}
	return nil
}

// Answer keeps what the employer says to a card. A card whose agreement no longer
// holds cannot be answered, whatever ended it. The same answer again writes nothing.
func (s *Service) Answer(ctx context.Context, lot opportunities.LotID, ref string, expected int64, r Reply) (*Presented, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	var out *Proposal
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.toMe(ctx, tx, lot, ref)
		if err != nil {
			return err
		}
		if err := holdPerson(ctx, tx, p.PersonID); err != nil {
			return err
		}
		if out, err = one(ctx, tx, "pp.ref = ?", ref); err != nil {
			return err
		}
		return s.answer(ctx, tx, out, expected, r)
	})
	if err != nil {
		return nil, fmt.Errorf("answer a card: %w", err)
	}
	names, err := s.structures(ctx, []*Proposal{out})
	if err != nil {
		return nil, err
	}
	heads, _, err := s.named(ctx, []opportunities.LotID{lot}, nil)
	if err != nil {
		return nil, err
	}
	shown := s.presented(out, names[out.OrganisationID], heads[lot])
	return &shown, nil
}

// toMe reads a proposal made to the caller's organisation.
func (s *Service) toMe(ctx context.Context, db bun.IDB, lot opportunities.LotID, ref string) (*Proposal, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ProposalAnswer); err != nil {
		return nil, err
	}
	p, err := one(ctx, db, "pp.ref = ? AND pp.lot_id = ?", ref, lot)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(who, accounts.ProposalAnswer, accounts.Of(p.EmployerID)) {
		return nil, fault.NotFound("proposal", ref)
	}
	return p, nil
}

func noLonger() error {
	return fault.Conflict("no-longer-proposed", "Cette candidature n’est plus proposée.", "This application is no longer proposed.")
}

// again refuses to look again at somebody who was not retained where the employer would
// then look at more cards than its places allow: it would have seen one after the other.
// Of a person presented again since, it says no more than of a card that has gone: that
// two cards are of one person is told to nobody.
func (s *Service) again(ctx context.Context, tx store.Tx, p *Proposal) error {
	lots, err := s.opportunities.Positions(ctx, p.LotID)
	if err != nil {
		return err
	}
	if len(lots) == 0 || !s.published(lots[0]) {
		return positionClosed()
	}
	there, err := atPosition(ctx, tx, p.LotID)
	if err != nil {
		return err
	}
	for _, other := range there {
		if other.PersonID == p.PersonID && other.ID != p.ID && (other.State.Runs() || other.State == Hired) {
			return noLonger()
		}
	}
	if err := s.lapse(ctx, tx, there); err != nil {
		return err
	}
	o := occupancy(lots[0], there)
	if err := o.vacant(); err != nil {
		return err
	}
	if o.asked >= o.left*s.perPost {
		return fault.Conflict("enough-proposed", "Vous avez déjà "+strconv.Itoa(o.asked)+" candidatures à regarder pour ce poste"+nbsp+": répondez d’abord à l’une d’elles.",
			"You already have "+strconv.Itoa(o.asked)+" applications to look at for this position: answer one of them first.")
	}
	return nil
}

func (s *Service) answer(ctx context.Context, tx store.Tx, p *Proposal, expected int64, r Reply) error {
	again, seen := p.State == NotRetained && r.State == Interested, *p
	if again {
		seen.State = Interested // would the card stand, if it ran?
	}
	shown, err := s.shown(ctx, tx, []*Proposal{&seen})
	if err != nil {
		return err
	}
	switch {
	case len(shown) == 0 || seen.State == Withdrawn:
		return noLonger()
	case p.State == r.State && p.Reason == r.Reason:
		return nil
	case expected != 0 && p.Revision != expected:
		return fault.Stale()
	case !p.State.Allows(r.State):
		return fault.Conflict("transition", "Cette candidature est « "+p.State.Words().FR+" »"+nbsp+": elle ne peut devenir « "+r.State.Words().FR+" ».",
			"This application is “"+p.State.Words().EN+"”: it cannot become “"+r.State.Words().EN+"”.")
	}
	if again {
		if err := s.again(ctx, tx, p); err != nil {
			return err
		}
	}
	e := Event{ProposalID: p.ID, At: s.now(), ActorID: accounts.From(ctx).Actor(), From: p.State, To: r.State, Reason: r.Reason}
	p.State, p.Reason, p.AnsweredAt, p.AnsweredBy, p.UpdatedAt = r.State, r.Reason, &e.At, e.ActorID, e.At
	p.WasMet = p.WasMet || r.State == Met || r.State == Hired
	p.Revision++
	if err := move(ctx, tx, p, e); err != nil {
		return err
	}
	if err := s.taken(ctx, tx, p, e.At); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.ProposalAnswer, p)
}

// taken writes what a hiring changes: the person has a job, and a place is taken.
func (s *Service) taken(ctx context.Context, tx store.Tx, p *Proposal, at time.Time) error {
	if p.State != Hired {
		return nil
	}
	if err := people.Reconsider(ctx, tx, p.PersonID); err != nil {
		return err
	}
	return s.opportunities.Take(ctx, tx, p.LotID, at)
}
