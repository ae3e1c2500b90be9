package prospects

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
)

// QuoteID identifies a quote.
type QuoteID int64

// QuoteState is where a quote stands.
type QuoteState string

// The states of a quote.
const (
	QuoteAsked QuoteState = "asked"
	NotSent    QuoteState = "not_sent" // with a reason, by the enterprise
	QuoteSent  QuoteState = "sent"
	Accepted   QuoteState = "accepted"
	Refused    QuoteState = "refused" // with a reason, by the buyer
)

// QuoteStates lists them in the order of a life.
func QuoteStates() []QuoteState {
	return []QuoteState{QuoteAsked, NotSent, QuoteSent, Accepted, Refused}
}

// Allows tells whether a quote may go from a state to another. What was sent or
// settled by mistake goes back; a state that has something to correct follows itself.
func (s QuoteState) Allows(to QuoteState) bool {
	next := map[QuoteState][]QuoteState{
		QuoteAsked: {QuoteSent, NotSent, QuoteAsked}, NotSent: {QuoteAsked, QuoteSent, NotSent}, QuoteSent: {Accepted, Refused, QuoteSent, QuoteAsked},
		Accepted: {QuoteSent, Accepted}, Refused: {QuoteSent, Refused},
	}
	return slices.Contains(next[s], to)
}

// Reasons lists why a quote was not sent, or was refused; none where a state needs
// none. They are those of a pursuit, and one more.
func Reasons(s QuoteState) []followup.Reason {
	switch s {
	case NotSent:
		return []followup.Reason{matching.TeamTaken, matching.TooFar, matching.NotTrade, matching.TooLarge, matching.TooShort, matching.Price, matching.OtherWhy}
	case Refused:
		return []followup.Reason{followup.Outbid, followup.Technical, GivenUp, followup.NotTold, matching.OtherWhy}
	}
	return nil
}

// GivenUp is a buyer who no longer buys.
const GivenUp followup.Reason = "given_up"

// Quote is what one enterprise is asked to price for a prospect, and what came of it.
type Quote struct {
	bun.BaseModel `bun:"table:quotes,alias:qu"`

	ID             QuoteID         `bun:"id,pk,autoincrement"`
	ProspectID     ID              `bun:"prospect_id"`
	OrganisationID network.ID      `bun:"organisation_id"`
	State          QuoteState      `bun:"state"`
	Amount         float64         `bun:"amount"` // euros excluding taxes, since it was sent; 0: not told
	AskedOn        string          `bun:"asked_on"`
	SentOn         string          `bun:"sent_on"`    // civil day; empty: not sent
	SettledOn      string          `bun:"settled_on"` // accepted, refused or not sent; empty: it waits
	Reason         followup.Reason `bun:"reason"`
	MatchID        *matching.ID    `bun:"match_id"` // the call that it answers, where it is followed here: the pursuit counts
	Revision       int64           `bun:"revision"`
	CreatedAt      time.Time       `bun:"created_at"`
	UpdatedAt      time.Time       `bun:"updated_at"`
}

// QuoteEvent is one step of a quote; it is never changed.
type QuoteEvent struct {
	bun.BaseModel `bun:"table:quote_events,alias:qe"`

	ID      int64           `bun:"id,pk,autoincrement"`
	QuoteID QuoteID         `bun:"quote_id"`
	At      time.Time       `bun:"at"`
	ActorID *int64          `bun:"actor_id"`
	From    QuoteState      `bun:"from_state"` // empty: it was asked for
	To      QuoteState      `bun:"to_state"`
	Amount  float64         `bun:"amount"`
	Reason  followup.Reason `bun:"reason"`
	Note    string          `bun:"note"`
}

// Step is what somebody says of a quote.
type Step struct {
	To     QuoteState
	On     string // civil day, today at the latest; empty: the day that is known of this state, else today
	Amount float64
	Reason followup.Reason // required of NotSent and Refused; goes with nothing else
	Note   string
	Match  *matching.ID // of Accepted or QuoteSent: the call that it answers; 0: none, nil: as it was
}

func (st *Step) check() error {
	st.Note = strings.TrimSpace(st.Note)
	f, reasons := fault.List{}, Reasons(st.To)
	f.At(!slices.Contains(QuoteStates(), st.To), "state", "unknown", "Cette étape n’existe pas.", "There is no such step.")
	f.At(len(reasons) > 0 && !slices.Contains(reasons, st.Reason), "reason", "required", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough.")
	f.At(len(reasons) == 0 && st.Reason != "", "reason", "not_expected", "Aucun motif ne va avec cette étape.", "No reason goes with this step.")
	f.At(st.Amount < 0 || st.Amount > 1e9, "amount", "range", "Un montant en euros, hors taxes.", "An amount in euros, excluding taxes.")
	f.At(utf8.RuneCountInString(st.Note) > longestNeed, "note", "too_long", "2 000 caractères au plus.", "2,000 characters at most.")
	f.Day("on", st.On)
	return f.Err()
}

// dated gives a step its day, and refuses one out of order: a quote is asked, then
// sent, then settled, today at the latest.
func (st *Step) dated(q *Quote, today string) error {
	if st.On == "" {
		st.On = cmp.Or(q.known(st.To), today)
	}
	var f fault.List
	f.At(st.On > today, "on", "future", "Cette date est à venir.", "This date is still to come.")
	f.At(st.On < followup.FirstDay, "on", "too_early", "Cette date est antérieure à l’an 2000.", "This date is before the year 2000.")
	if st.On >= followup.FirstDay {
		f.At(st.To != QuoteAsked && st.On < q.AskedOn, "on", "before_asked", "Cette date est antérieure à celle de la demande.", "This date is before the day when the quote was asked.")
		f.At((st.To == Accepted || st.To == Refused) && st.On >= q.AskedOn && st.On < q.SentOn, "on", "before_sent", "Cette date est antérieure à l’envoi du devis.", "This date is before the day when the quote was sent.")
	}
	return f.Err()
}

// known is the day that is known of a state already told; empty: none.
func (q *Quote) known(to QuoteState) string {
	switch to {
	case QuoteAsked:
		return q.AskedOn
	case QuoteSent:
		return q.SentOn
	case q.State:
		return q.SettledOn
	}
	return ""
}

// take makes a quote what a step says.
func (q *Quote) take(st Step, at time.Time) error {
	if !q.State.Allows(st.To) {
		return fault.Conflict("transition", "Ce devis ne peut pas passer par cette étape.", "This quote cannot take this step.")
	}
	q.State, q.Reason, q.UpdatedAt = st.To, st.Reason, at
	switch st.To {
	case QuoteAsked:
		q.AskedOn, q.SentOn, q.SettledOn, q.Amount = st.On, "", "", 0
	case QuoteSent:
		q.SentOn, q.SettledOn = st.On, ""
	default:
		q.SettledOn = st.On
	}
	if st.Amount > 0 {
		q.Amount = st.Amount
	}
	q.MatchID = st.tied(q)
	q.Revision++
	return nil
}

// says tells that a step would change nothing; said is the last word. No word takes
// none back.
func (q *Quote) says(st Step, said string) bool {
	told := q.State == st.To && (st.Note == "" || st.Note == said) && q.Reason == st.Reason && (st.Amount == 0 || st.Amount == q.Amount) && same(st.tied(q), q.MatchID)
	switch st.To {
	case QuoteAsked:
		return told && q.AskedOn == st.On
	case QuoteSent:
		return told && q.SentOn == st.On
	}
	return told && q.SettledOn == st.On
}

// tied is the call that a quote answers once a step is taken.
func (st *Step) tied(q *Quote) *matching.ID {
	switch {
	case st.Match == nil:
		return q.MatchID
	case *st.Match == 0:
		return nil
	}
	return st.Match
}

func same(a, b *matching.ID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
