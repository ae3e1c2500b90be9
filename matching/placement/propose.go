package placement

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/placement/card"
	"maillage/opportunities"
	"maillage/people"
)

// Offer is who is presented for what. Without is what the counsellor and the
// person would rather not tell: claims, by their kind and code.
// Read is the seal of the card that the counsellor read, empty for whoever read
// none: another one is not presented in its place, and one that says nothing of
// what the position asks is presented by whoever read it alone.
type Offer struct {
	Person  people.ID
	Lot     opportunities.LotID
	Without []card.Claim
	Read    string
}

// Propose presents a person to the employer of a position. It is refused unless
// an agreement holds as it is written, the position can still be taken, fewer
// people are asked about than the employer can look at, and the card singles
// nobody out. Whoever is presented already stays so: nothing is written twice.
func (s *Service) Propose(ctx context.Context, in Offer) (*Proposal, error) {
	trainings, err := s.trainings(ctx, in.Person, in.Lot)
	if err != nil {
		return nil, fmt.Errorf("propose person %d for position %d: %w", in.Person, in.Lot, err)
	}
	var out *Proposal
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		b, err := s.begin(ctx, tx, in)
		if err != nil {
			return err
		}
		if out = b.already(); out != nil {
			return nil
		}
		if err := s.agreed(ctx, tx, b); err != nil {
			return err
		}
		if err := s.room(b); err != nil {
			return err
		}
		sheet, err := s.compose(ctx, tx, b, in, trainings)
		if err != nil {
			return err
		}
		if in.Read != "" && in.Read != sheet.Seal() {
			return fault.Conflict("card-changed", "La fiche n’est plus celle que vous avez lue : relisez-la avant de la présenter.",
				"The card is no longer the one you read: read it again before presenting it.")
		}
		if in.Read == "" && sheet.Claims.Bare() {
			return fault.Conflict("card-bare", "La fiche ne dirait rien de ce que demande le poste : lisez-la d’abord, puis présentez-la si elle suffit, ou présentez la personne de vive voix.",
				"The card would say nothing of what the position asks: read it first, then present it if it is enough, or present the person by word of mouth.")
		}
		out, err = s.present(ctx, tx, b, sheet)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("propose person %d for position %d: %w", in.Person, in.Lot, err)
	}
	return out, nil
}

// Preview is the card that Propose would show, agreed to or not: the counsellor
// reads it with the person before asking. There is none where no place is left.
func (s *Service) Preview(ctx context.Context, in Offer) (*Sheet, error) {
	trainings, err := s.trainings(ctx, in.Person, in.Lot)
	if err != nil {
		return nil, fmt.Errorf("prepare the card of person %d for position %d: %w", in.Person, in.Lot, err)
	}
	b, err := s.read(ctx, s.store.Read(), accounts.ProposalPeople, in)
	if err == nil {
		b.there, err = atPosition(ctx, s.store.Read(), in.Lot)
	}
	if err == nil {
		err = occupancy(b.lot, b.there).vacant()
	}
	if err != nil {
		return nil, fmt.Errorf("prepare the card of person %d for position %d: %w", in.Person, in.Lot, err)
	}
	sheet, err := s.compose(ctx, s.store.Read(), b, in, trainings)
	if err != nil {
		return nil, fmt.Errorf("prepare the card of person %d for position %d: %w", in.Person, in.Lot, err)
	}
	return sheet, nil
}

// bid is a person and a position brought together.
type bid struct {
	person   *people.Person
	lot      *opportunities.Lot
	employer int64
	there    []*Proposal // at the position, ended or not
}

// already is the proposal of the person that runs.
func (b *bid) already() *Proposal {
	for _, p := range b.there {
		if p.PersonID == b.person.ID && p.State.Runs() {
			return p
		}
	}
	return nil
}

// begin holds the person, then the position, then the employer, and reads the rest
// under the three: a change of the position is made before it is read, or after the
// card is presented.
// What no agreement holds any more neither counts nor stands in the way.
func (s *Service) begin(ctx context.Context, tx store.Tx, in Offer) (*bid, error) {
	if err := holdPerson(ctx, tx, in.Person); err != nil {
		return nil, err
	}
	if err := holdPosition(ctx, tx, in.Lot); err != nil {
		return nil, err
	}
	b, err := s.read(ctx, tx, accounts.ProposalCreate, in)
	if err != nil {
		return nil, err
	}
	if err := holdEmployer(ctx, tx, b.employer); err != nil {
		return nil, err
	}
	if b.there, err = atPosition(ctx, tx, in.Lot); err != nil {
		return nil, err
	}
	if err := s.renew(ctx, tx, b); err != nil {
		return nil, err
	}
	return b, s.lapse(ctx, tx, b.there)
}

// read is pair, of a journey that is under way and a position that can be taken.
func (s *Service) read(ctx context.Context, db bun.IDB, a accounts.Action, in Offer) (*bid, error) {
	b, err := s.pair(ctx, db, a, in)
	if err != nil {
		return nil, err
	}
	if err := active(b.person); err != nil {
		return nil, err
	}
	b.employer, err = s.takes(b.lot, b.person.OrganisationID)
	return b, err
}

func active(p *people.Person) error {
	if p.State == people.Active {
		return nil
	}
	return fault.Conflict("journey-not-active", "Ce parcours n’est pas en cours : personne n’est proposé.", "This journey is not under way: nobody is proposed.")
}

// pair finds the person, who must be of the caller's structure, and the position.
func (s *Service) pair(ctx context.Context, db bun.IDB, a accounts.Action, in Offer) (*bid, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, a); err != nil {
		return nil, err
	}
	p, err := personIn(ctx, db, in.Person)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(who, a, accounts.Of(p.OrganisationID)) {
		return nil, fault.NotFound("person", in.Person)
	}
	lots, err := lotsByID(ctx, db, in.Lot)
	if err != nil {
		return nil, err
	}
	if len(lots) == 0 {
		return nil, fault.NotFound("position", in.Lot)
	}
	return &bid{person: p, lot: lots[0]}, nil
}

// takes tells to whom a position that can be taken is answered.
func (s *Service) takes(l *opportunities.Lot, structure int64) (int64, error) {
	if _, ok := s.feed.position(l); !ok {
		return 0, fault.NotFound("position", l.ID)
	}
	employer := receiver(l.Opportunity)
	switch {
	case !s.published(l):
		return 0, positionClosed()
	case employer == 0 && l.Opportunity.Kind == opportunities.TrainingSession:
		return 0, fault.Conflict("no-employer", "L’organisme de cette formation n’est pas dans Maillage : présentez la personne de vive voix.",
			"The organiser of this training is not in Maillage: present the person by word of mouth.")
	case employer == 0:
		return 0, fault.Conflict("no-employer", "L’employeur de ce poste n’est pas dans Maillage : présentez la personne de vive voix.",
			"The employer of this position is not in Maillage: present the person by word of mouth.")
	case employer == structure:
		return 0, fault.Conflict("own-position", "Votre structure propose ce poste : il n’y a pas de fiche. Décidez-en avec la personne, puis notez ce qu’il en est.",
			"Your structure gives this position: there is no card. Decide with the person, then note what came of it.")
	}
	return employer, nil
}

func positionClosed() error {
	return fault.Conflict("position-closed", "Ce poste n’est plus à pourvoir.", "This position can no longer be taken.")
}

// open tells whether somebody can still be proposed for a position: it is published,
// and a place is left.
func (s *Service) open(l *opportunities.Lot) bool { return s.published(l) && !l.Filled() }

// published tells whether who was asked about a position, or presented, can still
// take it, whoever else was hired.
func (s *Service) published(l *opportunities.Lot) bool {
	now := s.now()
	return !l.Withdrawn && l.Opportunity.Running(now) && (l.Deadline == nil || l.Deadline.After(now))
}

// receiver is who employs, and so receives the cards: of a mission the AI or the
// ETTI that publishes it, of a need the buyer where one is named; 0: nobody known.
func receiver(o *opportunities.Opportunity) int64 {
	switch {
	case o.BuyerID != nil && o.Kind != opportunities.Mission:
		return *o.BuyerID
	case o.PublisherID != nil:
		return *o.PublisherID
	}
	return 0
}

// agreed checks that the person agrees today, in this transaction, to the position
// where and when it is now.
func (s *Service) agreed(ctx context.Context, tx store.Tx, b *bid) error {
	all, err := s.people.HoldingIn(ctx, tx, int64(b.lot.ID))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a *people.Agreement) bool { return a.PersonID == b.person.ID })
	switch {
	case i >= 0 && all[i].Holds(s.today()):
		return nil
	case i >= 0 && all[i].ToAskAgain(s.today()):
		return fault.Conflict("agreement-moved", "Le lieu ou les horaires de ce poste ont changé depuis que la question a été posée à la personne : parlez-en à nouveau avec elle, puis enregistrez son accord.",
			"The place or the hours of this position have changed since the question was put to the person: speak with them again, then record their agreement.")
	}
	return fault.Conflict("no-agreement", "La personne n’a pas donné d’accord valable aujourd’hui pour ce poste : parlez-en avec elle, puis enregistrez son accord.",
		"The person has given no agreement that holds today for this position: speak with them, then record their agreement.")
}

// occupied is how far the places of a position are taken.
type occupied struct {
	asked int // cards that the employer looks at now
	left  int // places that nobody was hired for
}

// occupancy counts the proposals of a position as they stand today: see lapse.
func occupancy(l *opportunities.Lot, there []*Proposal) occupied {
	o := occupied{left: l.Left()}
	for _, p := range there {
		if p.State.Runs() {
			o.asked++
		}
	}
	return o
}

// vacant checks that a place is left.
func (o occupied) vacant() error {
	if o.left > 0 {
		return nil
	}
	return fault.Conflict("position-filled", "Toutes les places de ce poste sont pourvues.", "Every place of this position is filled.")
}

// room checks that a place is left and that the employer is not asked about more
// people than it can look at.
func (s *Service) room(b *bid) error {
	o := occupancy(b.lot, b.there)
	if err := o.vacant(); err != nil {
		return err
	}
	if o.asked >= o.left*s.perPost {
		return fault.Conflict("enough-proposed", "L’employeur a déjà "+strconv.Itoa(o.asked)+" candidatures à regarder pour ce poste : attendez sa réponse.",
			"The employer already has "+strconv.Itoa(o.asked)+" cards to look at for this position: wait for its answer.")
	}
	return nil
}

// compose makes the card of a person for a position.
func (s *Service) compose(ctx context.Context, db bun.IDB, b *bid, in Offer, trainings []Training) (*Sheet, error) {
	w, err := s.world(ctx, db, b.person.OrganisationID, b.employer, b.lot)
	if err != nil {
		return nil, err
	}
	works, err := s.workOf(ctx, db, b.person.ID)
	if err != nil {
		return nil, err
	}
	wanted := slices.DeleteFunc(s.wanted(b.lot, b.person, works[b.person.ID], trainings), func(c card.Claim) bool {
		return slices.ContainsFunc(in.Without, func(o card.Claim) bool { return o.Kind == c.Kind && o.Code == c.Code })
	})
	of := card.Of{Person: int64(b.person.ID), Position: int64(b.lot.ID), Structure: b.person.OrganisationID}
	made, err := card.Make(w, of, wanted)
	var refused *card.Refusal
	if errors.As(err, &refused) {
		return nil, unshown(refused)
	}
	if err != nil {
		return nil, err
	}
	scene := sceneOf(b.lot)
	out := &Sheet{Claims: made.Card, Left: made.Left, Scene: &scene, Crowd: made.Crowd}
	for _, t := range trainings {
		if slices.Contains(made.Card, card.Claim{Kind: card.Trainable, Code: string(t.Aptitude)}) {
			out.Trainings = append(out.Trainings, t)
		}
	}
	return out, nil
}

// unshown says to the counsellor why no card can be shown, and what to do.
func unshown(r *card.Refusal) error {
	switch r.Reason {
	case card.Exposes:
		return fault.Conflict("card-exposes", "Présenter une personne de plus rendrait reconnaissable quelqu’un que cet employeur voit déjà : présentez-la de vive voix.",
			"One more person would make somebody recognisable whom this employer sees already: present them by word of mouth.")
	case card.TooMuch:
		return fault.Conflict("card-told-before", "Avec ce que cet employeur a déjà lu de cette personne, une fiche de plus la rendrait reconnaissable : présentez-la de vive voix.",
			"With what this employer has already read of this person, one more card would make them recognisable: present them by word of mouth.")
	}
	return fault.Conflict("card-too-few", "Moins de cinq personnes de votre structure, autour de ce poste, répondraient à la fiche la plus générale : la personne serait reconnaissable. Présentez-la de vive voix.",
		"Fewer than five people of your structure around this position would fit even the most general card: the person would be recognisable. Present them by word of mouth.")
}

// present writes the proposal, its first event, what tells the employer of it, and
// that the person was proposed.
func (s *Service) present(ctx context.Context, tx store.Tx, b *bid, sheet *Sheet) (*Proposal, error) {
	now := s.now()
	contact, err := s.contact(ctx, tx, b.person, sheet.Claims)
	if err != nil {
		return nil, err
	}
	p := &Proposal{PersonID: b.person.ID, LotID: b.lot.ID, OrganisationID: b.person.OrganisationID, EmployerID: b.employer, State: Proposed, Sheet: *sheet,
		Contact: contact, DueAt: due(now, s.paris), ProposedBy: accounts.From(ctx).Actor(), Revision: 1, CreatedAt: now, UpdatedAt: now}
	if err := s.drawn(p, b.there); err != nil {
		return nil, err
	}
	if err := insert(ctx, tx, p); err != nil {
		return nil, err
	}
	if err := record(ctx, tx, Event{ProposalID: p.ID, At: now, ActorID: p.ProposedBy, To: Proposed}); err != nil {
		return nil, err
	}
	if err := s.announce(ctx, tx, p.EmployerID, p.LotID, newCards, now); err != nil {
		return nil, err
	}
	if err := s.people.MarkProposed(ctx, tx, now, p.PersonID); err != nil {
		return nil, err
	}
	return p, s.trail(ctx, tx, accounts.ProposalCreate, p)
}

// contact is whom the employer calls: the counsellor of the person, or who
// proposes where there is none; the structure alone where a name would narrow the
// crowd to the few people whom that counsellor accompanies.
func (s *Service) contact(ctx context.Context, db bun.IDB, p *people.Person, c card.Card) (Contact, error) {
	out, err := houseOf(ctx, db, p.OrganisationID)
	if err != nil || !slices.ContainsFunc(c, func(c card.Claim) bool { return c.Kind == card.Counsellor }) {
		return out, err
	}
	for _, user := range []*int64{p.CounsellorID, accounts.From(ctx).Actor()} {
		if user == nil {
			continue
		}
		w, ok, err := counsellorOf(ctx, db, *user, p.OrganisationID)
		if err != nil {
			return Contact{}, err
		}
		if ok {
			return Contact{Name: w.Name, Email: w.Email, Phone: out.Phone}, nil
		}
	}
	return out, nil
}

// trail writes who did what in the audit, never why.
func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, p *Proposal) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "proposal", EntityID: int64(p.ID), Fields: []string{"state"}})
}
