// Package prospects keeps what a buyer may need and no notice tells: purchases
// below the advertising thresholds, and private ones; and the quotes that
// enterprises are asked for, send, and see accepted or refused.
//
// A quote is its enterprise's: its amount and its reason are read by it and by who
// follows it up, never by another enterprise that was asked too. A quote that is
// accepted is a win, once: where it answers a call that is followed here, the
// pursuit of the match counts and the quote does not.
package prospects

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/network"
)

// ID identifies a prospect.
type ID int64

// Market is why no notice tells of a purchase.
type Market string

// The markets. Below a threshold a public buyer need not advertise (public
// procurement code, R2122-8), and below another it chooses how (R2131-12).
const (
	Small   Market = "small"   // public, below the thresholds
	Private Market = "private" // an enterprise, a household, an association
)

// Markets lists them in the order of a form.
func Markets() []Market { return []Market{Small, Private} }

// Source is how the need became known.
type Source string

// The sources.
const (
	SaidByBuyer Source = "buyer"
	Renewal     Source = "renewal"
	Network     Source = "network"
	Website     Source = "website"
	Elsewhere   Source = "other"
)

// Sources lists them in the order of a form.
func Sources() []Source { return []Source{SaidByBuyer, Renewal, Network, Website, Elsewhere} }

// State is where a prospect stands: what its quotes make of it.
type State string

// The states, in the order of a board.
const (
	Open     State = "open"  // no quote is asked yet
	Asked    State = "asked" // a quote is asked of one enterprise at least
	Sent     State = "sent"  // one at least was sent, and none is settled
	Won      State = "won"
	Lost     State = "lost"      // every quote was refused, or was not sent
	SetAside State = "set_aside" // with a reason, by who holds it
)

// States lists them.
func States() []State { return []State{Open, Asked, Sent, Won, Lost, SetAside} }

// Prospect is what a buyer may need.
type Prospect struct {
	bun.BaseModel `bun:"table:prospects,alias:pr"`

	ID             ID            `bun:"id,pk,autoincrement"`
	Key            string        `bun:"key"`             // whoever notes twice with one key notes once
	OrganisationID network.ID    `bun:"organisation_id"` // who holds it: an enterprise, or an association
	Market         Market        `bun:"market"`
	Buyer          string        `bun:"buyer"`
	SIREN          network.SIRET `bun:"siren"` // of the buyer, or its SIRET; empty: not known
	Need           string        `bun:"need"`
	Territory      string        `bun:"territory"`   // perimeter expression; empty: where its holder is
	Amount         float64       `bun:"amount"`      // euros a year, excluding taxes; 0: not known
	ExpectedOn     string        `bun:"expected_on"` // civil day; empty: not known
	Source         Source        `bun:"source"`
	Aside          Why           `bun:"aside"` // why it is set aside; empty: it is not
	NotedBy        *int64        `bun:"noted_by"`
	Revision       int64         `bun:"revision"`
	CreatedAt      time.Time     `bun:"created_at"`
	UpdatedAt      time.Time     `bun:"updated_at"`
}

// notedAs tells whether a prospect is what somebody notes; of one that changed since, its
// holder alone is compared.
func (p *Prospect) notedAs(n *Prospect) bool {
	if p.Revision != n.Revision {
		return p.OrganisationID == n.OrganisationID
	}
	same := *n
	same.ID, same.CreatedAt, same.UpdatedAt, same.NotedBy = p.ID, p.CreatedAt, p.UpdatedAt, p.NotedBy
	return reflect.DeepEqual(*p, same)
}

// Why is why a prospect is set aside.
type Why string

// The reasons.
const (
	NoNeed    Why = "no_need"
	TooSmall  Why = "too_small"
	NobodyFor Why = "nobody" // no enterprise does it there
	Published Why = "published"
	OtherWhy  Why = "other"
)

// Whys lists them in the order of a form.
func Whys() []Why { return []Why{NoNeed, TooSmall, NobodyFor, Published, OtherWhy} }

// The bounds of what is told, in characters.
const (
	longestName = 200
	longestNeed = 2000
	longestKey  = 100
)

func (p *Prospect) check() error {
	p.Buyer, p.Need = strings.TrimSpace(p.Buyer), strings.TrimSpace(p.Need)
	var f fault.List
	f.At(p.Key == "" || len(p.Key) > longestKey, "key", "required", "Une clé de 100 caractères au plus.", "A key of 100 characters at most.")
	f.At(!slices.Contains(Markets(), p.Market), "market", "unknown", "Dites si l’achat est public ou privé.", "Say whether the purchase is public or private.")
	f.At(p.Buyer == "" || utf8.RuneCountInString(p.Buyer) > longestName, "buyer", "required", "Dites qui achète, en 200 caractères au plus.", "Say who buys, in 200 characters at most.")
	f.At(p.Need == "" || utf8.RuneCountInString(p.Need) > longestNeed, "need", "required", "Dites de quoi il s’agit, en 2 000 caractères au plus.", "Say what it is about, in 2,000 characters at most.")
	f.At(p.SIREN != "" && !p.SIREN.Valid(), "siren", "invalid", "Ce numéro n’est ni un SIREN ni un SIRET.", "This number is neither a SIREN nor a SIRET.")
	f.At(p.Amount < 0 || p.Amount > 1e9, "amount", "range", "Un montant en euros, hors taxes.", "An amount in euros, excluding taxes.")
	f.At(!slices.Contains(Sources(), p.Source), "source", "unknown", "Dites comment vous l’avez appris.", "Say how you learnt of it.")
	f.Day("expected_on", p.ExpectedOn)
	f.At(p.ExpectedOn != "" && p.ExpectedOn < followup.FirstDay, "expected_on", "too_early", "Cette date est antérieure à l’an 2000.", "This date is before the year 2000.")
	return f.Err()
}

// stateOf is where a prospect stands, from its quotes. What was won is won, though it
// was set aside.
func stateOf(p *Prospect, quotes []Quote) State {
	has := func(s QuoteState) bool {
		return slices.ContainsFunc(quotes, func(q Quote) bool { return q.State == s })
	}
	switch {
	case has(Accepted):
		return Won
	case p.Aside != "":
		return SetAside
	case has(QuoteSent):
		return Sent
	case has(QuoteAsked):
		return Asked
	case len(quotes) > 0:
		return Lost
	}
	return Open
}
