package people

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Ask writes that a position was put to a person who may agree to be proposed
// for it. What was refused, withdrawn or has expired may be asked again, and so is
// what was asked before the position moved, answered or not. A position whose places are all taken asks nobody: position-filled.
func (s *Service) Ask(ctx context.Context, person ID, position int64) (*Agreement, error) {
	return s.Say(ctx, person, position, Saying{State: Asked})
}

// AskIn is Ask within a transaction, of the scene that was read. What is asked or given already stays so.
func (s *Service) AskIn(ctx context.Context, tx store.Tx, person ID, position int64, scene string) error {
	p, err := s.hold(ctx, tx, accounts.AgreementWrite, person, 0)
	if err != nil {
		return err
	}
	a, err := s.pairOf(ctx, tx, p, position, Saying{State: Asked, Scene: scene})
	if err != nil {
		return err
	}
	if a.underWay(s.today()) {
		return nil
	}
	return s.enter(ctx, tx, a, Asked, "")
}

// Give writes that the person agrees, until a day included (empty: 30 days from
// now; 92 at most). Given again with another day, it holds until that one.
func (s *Service) Give(ctx context.Context, person ID, position int64, until string) (*Agreement, error) {
	return s.Say(ctx, person, position, Saying{State: Given, Until: until})
}

// Refuse writes that the person does not. There is no motive; it changes
// nothing else, and nobody but the structure can read it.
func (s *Service) Refuse(ctx context.Context, person ID, position int64) (*Agreement, error) {
	return s.Say(ctx, person, position, Saying{State: Refused})
}

// Withdraw writes that the person takes the agreement back, or the structure its question.
func (s *Service) Withdraw(ctx context.Context, person ID, position int64) (*Agreement, error) {
	return s.Say(ctx, person, position, Saying{State: Withdrawn})
}

// Saying is what a person says to a position. Expected is the revision of the
// agreement that was read; 0 does not check.
type Saying struct {
	State    AgreementState
	Until    string // of one given: the last day
	Expected int64
	Scene    string // of the position as it was read, for a question or a yes; empty does not check
}

// SceneOf stamps the place and the hours of a position by when they last changed: who
// puts a question tells with it which ones were read.
func SceneOf(movedAt *time.Time) string {
	if movedAt == nil {
		return "0"
	}
	return strconv.FormatInt(movedAt.UnixMicro(), 10)
}

// Say moves the agreement of a person with a position, as Ask, Give, Refuse and
// Withdraw do. The same step twice leaves no trace.
func (s *Service) Say(ctx context.Context, person ID, position int64, in Saying) (*Agreement, error) {
	var out *Agreement
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.hold(ctx, tx, accounts.AgreementWrite, person, 0)
		if err != nil {
			return err
		}
		if out, err = s.pairOf(ctx, tx, p, position, in); err != nil {
			return err
		}
		if in.State == Given {
			if in.Until, err = s.lastDay(in.Until); err != nil {
				return err
			}
		}
		return s.enter(ctx, tx, out, in.State, in.Until)
	})
	if err != nil {
		return nil, fmt.Errorf("move the agreement of person %d to %s: %w", person, in.State, err)
	}
	return out, nil
}

// pairOf reads the agreement, or begins one: only a question about a position
// that can be taken, put to somebody whose journey runs, does.
func (s *Service) pairOf(ctx context.Context, tx store.Tx, p *Person, position int64, in Saying) (*Agreement, error) {
	opens := in.State == Asked || in.State == Given
	if opens {
		if err := holdPosition(ctx, tx, position); err != nil {
			return nil, err
		}
	}
	a, err := agreement(ctx, tx, p.ID, position)
	if err != nil {
		return nil, err
	}
	if opens {
		if p.State != Active {
			return nil, notFrom(p.State)
		}
		if err := positionOpen(ctx, tx, position, a.underWay(s.today()), in.Scene); err != nil {
			return nil, err
		}
	}
	if a == nil {
		a = &Agreement{PersonID: p.ID, PositionID: position}
	}
	if in.Expected != 0 && a.Revision != in.Expected {
		return nil, fault.Stale()
	}
	return a, s.again(ctx, tx, a, in.State)
}

// again ends what was asked before the position moved, so that it can be asked anew;
// a yes to that question would be to another place or other hours.
func (s *Service) again(ctx context.Context, tx store.Tx, a *Agreement, to AgreementState) error {
	if !a.ToAskAgain(s.today()) || to != Asked && to != Given {
		return nil
	}
	if to == Given {
		return fault.Conflict("agreement-moved", "Le lieu ou les horaires de ce poste ont changé depuis que la question a été posée : reposez-la à la personne, puis enregistrez sa réponse.",
			"The place or the hours of this position have changed since the question was put: put it to the person again, then record the answer.")
	}
	end := Withdrawn // the question, by the structure
	if a.State == Given {
		end = Expired
	}
	if err := s.settle(ctx, tx, a, end); err != nil {
		return err
	}
	a.Moved = false
	return nil
}

// enter writes the step. Who took back what was given is told to the matching in
// the same transaction: a card may be shown that rests on it. A refusal is not.
func (s *Service) enter(ctx context.Context, tx store.Tx, a *Agreement, to AgreementState, until string) error {
	from := a.On(s.today())
	if from == to && (to != Given || until == a.ExpiresOn) {
		return nil
	}
	renewed := from == Given && to == Given
	if !renewed && !from.Allows(to) {
		return fault.Conflict("transition", "L’accord est « "+from.words("fr")+" » : il ne peut devenir « "+to.words("fr")+" ».",
			"The agreement is “"+from.words("en")+"”: it cannot become “"+to.words("en")+"”.")
	}
	if err := s.lapse(ctx, tx, a); err != nil {
		return err
	}
	over := a.State == Given && to != Given
	s.turn(ctx, a, to, until)
	if err := keep(ctx, tx, a); err != nil {
		return err
	}
	if err := s.recordEvents(ctx, tx, Event{PersonID: a.PersonID, Kind: eventOf(to), PositionID: &a.PositionID}); err != nil {
		return err
	}
	if over {
		if err := announce(ctx, tx, a.PersonID); err != nil {
			return err
		}
	}
	// Of the structure, not of the pair: a trail by agreement would tell refusals by what follows them.
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.AgreementWrite, Entity: "organisation", EntityID: accounts.From(ctx).OrganisationID})
}

// turn puts an agreement in a state that it may enter.
func (s *Service) turn(ctx context.Context, a *Agreement, to AgreementState, until string) {
	now := s.now()
	a.State, a.UpdatedAt, a.RecordedBy = to, now, accounts.From(ctx).Actor()
	switch to {
	case Asked:
		a.AskedAt, a.AnsweredAt, a.ExpiresOn = now, nil, ""
	case Given:
		a.AnsweredAt, a.ExpiresOn = &now, until
	case Refused, Withdrawn, Expired:
		a.AnsweredAt = &now
	}
}

// lapse writes the end that an agreement met by itself before it moves on, so
// that its history has no hole.
func (s *Service) lapse(ctx context.Context, tx store.Tx, a *Agreement) error {
	if a.On(s.today()) == a.State {
		return nil
	}
	return s.recordEvents(ctx, tx, Event{PersonID: a.PersonID, Kind: EventExpired, PositionID: &a.PositionID})
}

// lastDay reads until when an agreement holds.
func (s *Service) lastDay(text string) (string, error) {
	today := s.now()
	if text == "" {
		return today.AddDate(0, 0, AgreementDays).Format(time.DateOnly), nil
	}
	if _, err := territories.ParseDate(text); err != nil {
		return "", fault.Invalid(fault.At("until", "date", "Ce n’est pas une date (2026-12-31).", "This is not a date (2026-12-31)."))
	}
	if text < today.Format(time.DateOnly) || text > today.AddDate(0, 0, MostAgreementDays).Format(time.DateOnly) {
		return "", fault.Invalid(fault.At("until", "range", fmt.Sprintf("Un accord vaut d’aujourd’hui à %d jours.", MostAgreementDays),
			fmt.Sprintf("An agreement holds from today to %d days.", MostAgreementDays)))
	}
	return text, nil
}

func eventOf(s AgreementState) EventKind {
	return map[AgreementState]EventKind{Asked: EventAsked, Given: EventGiven, Refused: EventRefused, Withdrawn: EventWithdrawn, Expired: EventExpired}[s]
}

func (s AgreementState) words(lang string) string {
	words := map[AgreementState]fault.Text{"": {FR: "pas demandé", EN: "not asked"}, Asked: {FR: "demandé", EN: "asked"}, Given: {FR: "donné", EN: "given"},
		Refused: {FR: "refusé", EN: "refused"}, Withdrawn: {FR: "retiré", EN: "withdrawn"}, Expired: {FR: "échu", EN: "expired"}}
	return words[s].In(lang)
}

// withdrawAll takes back what a journey that ends had under way.
func (s *Service) withdrawAll(ctx context.Context, tx store.Tx, id ID) error {
	rows, err := agreementsUnderWay(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, a := range rows {
		to := Withdrawn
		if a.On(s.today()) == Expired {
			to = Expired
		}
		if err := s.settle(ctx, tx, a, to); err != nil {
			return err
		}
	}
	return nil
}

// settle writes an end that nobody said.
func (s *Service) settle(ctx context.Context, tx store.Tx, a *Agreement, to AgreementState) error {
	a.State, a.UpdatedAt, a.RecordedBy = to, s.now(), accounts.From(ctx).Actor()
	if err := keep(ctx, tx, a); err != nil {
		return err
	}
	return s.recordEvents(ctx, tx, Event{PersonID: a.PersonID, Kind: eventOf(to), PositionID: &a.PositionID})
}

// ExpireLate writes that agreements whose last day has passed have expired, and
// tells how many. Reading does not wait for it: a run that is missed loses nothing.
func (s *Service) ExpireLate(ctx context.Context) (int, error) {
	expired := 0
	for last := AgreementID(0); ; {
		ids, err := agreementsOver(ctx, s.store.Read(), s.today(), last)
		if err != nil || len(ids) == 0 {
			return expired, err
		}
		n, err := s.expire(ctx, ids)
		if expired += n; err != nil {
			return expired, err
		}
		last = ids[len(ids)-1]
	}
}

func (s *Service) expire(ctx context.Context, ids []AgreementID) (n int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		n = 0
		rows, err := heldAgreements(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, a := range rows {
			if a.State != Given || a.On(s.today()) != Expired { // given again meanwhile
				continue
			}
			if err := s.settle(ctx, tx, a, Expired); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// AgreementsOf reads what a person was asked, the latest first, as it stands today.
func (s *Service) AgreementsOf(ctx context.Context, person ID) ([]*Agreement, error) {
	if _, err := s.read(ctx, accounts.AgreementRead, person); err != nil {
		return nil, err
	}
	return s.agreements(ctx, s.store.Read(), "ag.person_id = ?", person)
}

// AgreementsFor reads what the people of one structure were asked about a
// position, as it stands today: a refusal is read by that structure alone.
func (s *Service) AgreementsFor(ctx context.Context, position, organisation int64) ([]*Agreement, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.AgreementRead, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	return s.agreements(ctx, s.store.Read(), "ag.position_id = ? AND ag.person_id IN (SELECT id FROM people WHERE organisation_id = ?)", position, organisation)
}

// Holding reads the agreements that let people of any structure be proposed for
// a position today, and those that would had it not moved since. It asks no policy and tells no refusal: it is for who composes a proposal.
func (s *Service) Holding(ctx context.Context, position int64) ([]*Agreement, error) {
	return s.HoldingIn(ctx, s.store.Read(), position)
}

// HoldingIn is Holding within a transaction: what is proposed was agreed to
// when it is written, not when the page was read.
func (s *Service) HoldingIn(ctx context.Context, db bun.IDB, position int64) ([]*Agreement, error) {
	return s.agreements(ctx, db, "ag.position_id = ? AND ag.state = ? AND ag.expires_on >= ?", position, Given, s.today())
}
