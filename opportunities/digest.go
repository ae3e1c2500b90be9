package opportunities

import (
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
)

// LetterID numbers a letter of news.
type LetterID int64

// Letter is one letter of news: one a person and day, for all their searches.
type Letter struct {
	bun.BaseModel `bun:"table:search_letters,alias:sl"`

	ID     LetterID        `bun:"id,pk,autoincrement"`
	UserID accounts.UserID `bun:"user_id"`
	Day    string          `bun:"day"`           // 2026-11-30, in Paris
	Link   string          `bun:"link,nullzero"` // digest of the secret that ends letters; empty: not written yet
	MadeAt time.Time       `bun:"made_at"`
	SentAt time.Time       `bun:"sent_at,nullzero"`
}

// What is what happened to an opportunity, for who follows a search.
type What string

// What a letter tells, in this order.
const (
	WhatNew       What = "new"       // published, and can be answered
	WhatChanged   What = "changed"   // can still be answered, and is no longer what it was
	WhatCancelled What = "cancelled" // will not be
)

// elsewhere is what a letter told that is not one of searches.
const elsewhere What = "elsewhere"

// Whats lists them in the order of a letter.
func Whats() []What { return []What{WhatNew, WhatChanged, WhatCancelled} }

// Piece is one opportunity in a letter, with its difference since the person
// was last told of it.
type Piece struct {
	What        What
	Opportunity *Opportunity
	Changes     []Fresh
}

// SearchNews are the news of one search, the first of each kind, the soonest
// deadline first; Others counts those left out.
type SearchNews struct {
	Search Search
	Pieces []Piece
	Others map[What]int
}

// Digest is what a letter holds. The zero Letter is one that is not made.
type Digest struct {
	Letter   Letter
	Searches []SearchNews
}

// Count is how many opportunities a letter tells of, those left out included.
func (d Digest) Count() int {
	n := 0
	for _, s := range d.Searches {
		n += len(s.Pieces)
		for _, others := range s.Others {
			n += others
		}
	}
	return n
}

// told is a row of the ledger: a person was told of an opportunity at a
// revision, once, by a letter of whatever kind. The events after AfterEvent, up to EventID, are
// what the letter told of it.
type told struct {
	bun.BaseModel `bun:"table:search_news,alias:sn"`

	UserID        accounts.UserID `bun:"user_id,pk"`
	OpportunityID ID              `bun:"opportunity_id,pk"`
	Revision      int64           `bun:"revision,pk"`
	SearchID      SearchID        `bun:"search_id"`
	LetterID      *LetterID       `bun:"letter_id"` // nil: another letter than one of searches
	What          What            `bun:"what"`
	AfterEvent    int64           `bun:"after_event"`
	EventID       int64           `bun:"event_id"`
}

// judge tells what an opportunity's history holds for somebody: last is the
// last event they were told of (0: they were told of none, and news begin at
// since). Nil: nothing to tell. What was published and cancelled, or closed,
// between two letters was never there to answer; what two notices told twice
// and a person merged is not cancelled.
func judge(o *Opportunity, events []Event, last int64, since, now time.Time) *told {
	out := &told{OpportunityID: o.ID, Revision: o.Revision}
	var fresh []Event
	for _, e := range events {
		if e.ID <= last || last == 0 && !e.At.After(since) {
			out.AfterEvent = max(out.AfterEvent, e.ID)
			continue
		}
		fresh = append(fresh, e)
		out.EventID = e.ID
	}
	appears := last == 0 && slices.ContainsFunc(fresh, func(e Event) bool { return e.Kind == EventCreated || e.Kind == EventPublished })
	switch {
	case len(fresh) == 0 || !o.Public():
		return nil
	case o.State == Cancelled:
		if appears || !slices.ContainsFunc(fresh, dropped) {
			return nil
		}
		out.What = WhatCancelled
	case !o.Open(now):
		return nil
	case appears:
		out.What = WhatNew
	case len(newsworthy(fresh)) > 0:
		out.What = WhatChanged
	default:
		return nil
	}
	return out
}

func dropped(e Event) bool {
	return e.Kind == EventCancelled && !strings.HasPrefix(e.Origin, "pair:")
}

// newsworthy is the difference of several events, without what changes for
// programs only.
func newsworthy(events []Event) []Fresh {
	return slices.DeleteFunc(summed(events), func(f Fresh) bool {
		switch f.Field {
		case "buyer_id", "buyer_siret", "publisher_id", "procurement_id", "currency":
			return true
		}
		return false
	})
}
