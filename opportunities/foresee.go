package opportunities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Foresight is what a computation makes of one expected call. Opportunity holds
// its Forecast; ID is that of the one that is known, 0 for a new one, whose key
// must then be free.
type Foresight struct {
	ID          ID
	Opportunity Opportunity
}

// forecasting is the origin of what a computation writes.
const forecasting = "forecast"

// Foresee brings an expected call to what a computation says of it, in the
// caller's transaction. The same again changes nothing. What an officer said of
// it stays said: the caller has read it in Known, and the one that an officer
// does not expect is left alone.
func (s *Service) Foresee(ctx context.Context, tx store.Tx, f Foresight) (Outcome, error) {
	if f.Opportunity.Forecast == nil || f.Opportunity.Kind != Expected {
		return "", fault.Invalid(fault.At("forecast", "required", "Une prévision est requise.", "A forecast is required."))
	}
	if f.ID == 0 {
		return s.foreseeNew(ctx, tx, f.Opportunity)
	}
	cur, err := s.hold(ctx, tx, f.ID, 0)
	if err != nil {
		return "", err
	}
	if cur.Forecast.Word.Refuses() {
		return Unchanged, nil
	}
	wanted := f.Opportunity
	if err := s.check(&wanted); err != nil {
		return "", fmt.Errorf("foresee opportunity %d: %w", f.ID, err)
	}
	wanted.Links, wanted.Source = cur.Links, cur.Source
	if wanted.BuyerID == nil {
		if err := parties(ctx, tx, &wanted); err != nil {
			return "", err
		}
	}
	return s.foreseeAgain(ctx, tx, cur, &wanted)
}

func (s *Service) foreseeNew(ctx context.Context, tx store.Tx, o Opportunity) (Outcome, error) {
	o.Source = forecasting
	end := o.Forecast.End
	if err := s.create(ctx, tx, By{Origin: forecasting}, &o, Published); err != nil {
		return "", fmt.Errorf("foresee %q: %w", o.Key, err)
	}
	if end == "" {
		return Made, nil
	}
	c := s.change(&o)
	c.enter(stateOf(end))
	return Made, c.write(ctx, tx, By{Origin: forecasting}, eventOfEnd(end))
}

func (s *Service) foreseeAgain(ctx context.Context, tx store.Tx, cur, wanted *Opportunity) (Outcome, error) {
	c := s.change(cur)
	c.merge(wanted, emptyErases)
	event, to := EventChanged, stateOf(wanted.Forecast.End)
	if cur.State != to {
		event = EventReopened
		if to != Published {
			event = eventOfEnd(wanted.Forecast.End)
		}
		c.enter(to)
	}
	if len(c.diff) == 0 {
		return Unchanged, nil
	}
	return Updated, c.write(ctx, tx, By{Origin: forecasting}, event)
}

// stateOf is the state of an expected call: published while it is expected,
// closed once it came out or lapsed, cancelled when nothing supports it.
func stateOf(end ForecastEnd) State {
	switch end {
	case CameOut, Lapsed:
		return Closed
	case Groundless, NotExpected:
		return Cancelled
	}
	return Published
}

func eventOfEnd(end ForecastEnd) string {
	switch end {
	case CameOut:
		return EventCameOut
	case Lapsed:
		return EventLapsed
	case Groundless:
		return EventGroundless
	case NotExpected:
		return EventNotExpected
	}
	return EventChanged
}

// ForecastKey begins the key of an expected call; the SIREN of the buyer follows.
const ForecastKey = "expected:"

// Foreseen reads the expected calls of a buyer, ended ones included, in the
// order of their numbers. It asks in the words of the index, which holds the
// mark and the nine digits of the SIREN.
func (s *Service) Foreseen(ctx context.Context, tx store.Tx, siren string) ([]*Opportunity, error) {
	var ids []ID
	err := tx.NewRaw("/* opportunities.Foreseen */ SELECT id FROM opportunities WHERE kind = 'expected' AND substr(key, 1, 18) = ? ORDER BY id", ForecastKey+siren).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find the expected calls of %s: %w", siren, err)
	}
	return load(ctx, tx, ids)
}

// Dismiss says that a call is not to be expected, and why. Later computations
// keep it so.
func (s *Service) Dismiss(ctx context.Context, by By, id ID, motive Motive) (*Opportunity, error) {
	if !slices.Contains(Motives(), motive) {
		return nil, fault.Invalid(fault.At("motive", "required", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough."))
	}
	return s.say(ctx, by, id, accounts.OpportunityForecast, Word{Motive: motive})
}

// Confirm keeps the month ("2027-03") in which the buyer said it would call.
// One that was dismissed is expected again.
func (s *Service) Confirm(ctx context.Context, by By, id ID, month string) (*Opportunity, error) {
	first, err := time.Parse("2006-01", month)
	if err != nil || first.Before(s.now().AddDate(0, -1, -31)) || first.After(s.now().AddDate(10, 0, 0)) {
		return nil, fault.Invalid(fault.At("month", "month", "Choisissez un mois, de celui-ci à dans dix ans.", "Choose a month, from this one to ten years from now."))
	}
	return s.say(ctx, by, id, accounts.OpportunityForecast, Word{Month: month})
}

// say keeps a word of an officer.
func (s *Service) say(ctx context.Context, by By, id ID, action accounts.Action, w Word) (*Opportunity, error) {
	w.Note, w.UserID, w.At = strings.TrimSpace(by.Note), by.UserID, s.now()
	if utf8.RuneCountInString(w.Note) > longestWord {
		return nil, fault.Invalid(fault.At("note", "too_long", "2 000 caractères au plus.", "2,000 characters at most."))
	}
	var out *Opportunity
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, id, 0)
		if err != nil {
			return err
		}
		out = cur
		if cur.Kind != Expected || cur.Forecast == nil || cur.Forecast.End == CameOut {
			return fault.Conflict("not-expected", "Cette opportunité n’est pas un appel attendu.", "This opportunity is not an expected call.")
		}
		if err := s.sayIn(ctx, tx, by, cur, w); err != nil {
			return err
		}
		return s.trail(ctx, tx, action, cur, "word")
	})
	if err != nil {
		return nil, fmt.Errorf("say a word of expected call %d: %w", id, err)
	}
	return out, nil
}

// longestWord is how many characters the note of an officer may have.
const longestWord = 2000

func (s *Service) sayIn(ctx context.Context, tx store.Tx, by By, cur *Opportunity, w Word) error {
	f := *cur.Forecast
	f.Word, f.End = &w, ""
	event, to := EventConfirmed, Published
	if w.Refuses() {
		f.End, event, to = NotExpected, EventNotExpected, Cancelled
	}
	if w.Month != "" {
		f.Reasons = slices.DeleteFunc(slices.Clone(f.Reasons), func(r Reason) bool { return r.Code == "confirmed" })
		f = f.Told(&w)
	}
	c := s.change(cur)
	told := *cur
	told.Forecast = &f
	c.diff = append(c.diff, forecastField().differs(cur, &told, "")...)
	cur.Forecast = &f
	if cur.State != to {
		c.enter(to)
	}
	by.Note = "" // it is the network's own, and stays in the word
	return c.write(ctx, tx, by, event)
}

// byForecastOnly refuses to a hand the life of an expected call: it opens and
// ends with the awards and the calls, or by Dismiss and Confirm.
func byForecastOnly(o *Opportunity) error {
	if o.Kind != Expected {
		return nil
	}
	return fault.Conflict("expected-call", "Un appel attendu n’est pas publié, clos ni attribué à la main : dites qu’il est confirmé, ou qu’il n’est pas attendu.",
		"An expected call is not published, closed nor awarded by hand: say that it is confirmed, or that it is not expected.")
}
