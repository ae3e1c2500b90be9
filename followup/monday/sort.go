package monday

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/opportunities"
)

// Act is what an association does with a notice.
type Act string

// The acts. The last one of a call tells where it stands: one that was put back is
// to be sorted again.
const (
	Keep    Act = "keep"
	Discard Act = "discard" // with a reason; the call does not come back, whatever is published of it later
	Assign  Act = "assign"  // to an officer of the same association
	PutBack Act = "put_back"
)

// Reason is why a notice is of no use to the network: it teaches the verdict.
type Reason string

// The reasons.
const (
	NoClause   Reason = "no_clause"   // read as asking for insertion, and it does not
	WrongPlace Reason = "wrong_place" // not done here
	NoTrade    Reason = "no_trade"    // nobody here does it
	TooLarge   Reason = "too_large"
	TooShort   Reason = "too_short" // no time left to answer
	Duplicate  Reason = "duplicate"
	Other      Reason = "other"
)

// Reasons lists them in the order of a form.
func Reasons() []Reason {
	return []Reason{NoClause, WrongPlace, NoTrade, TooLarge, TooShort, Duplicate, Other}
}

// ReasonWords names a reason.
func ReasonWords(r Reason) matching.Text {
	return map[Reason]matching.Text{
		NoClause: {FR: "pas de clause", EN: "no clause"}, WrongPlace: {FR: "pas ici", EN: "not here"}, NoTrade: {FR: "aucun métier ici", EN: "no trade here"},
		TooLarge: {FR: "trop gros", EN: "too large"}, TooShort: {FR: "trop tard", EN: "too late"}, Duplicate: {FR: "déjà connu", EN: "already known"}, Other: {FR: "autre motif", EN: "another reason"},
	}[r]
}

// Sort is one gesture of an association on a call; it is never changed.
type Sort struct {
	bun.BaseModel `bun:"table:monday_sorts,alias:ms"`

	ID             int64            `bun:"id,pk,autoincrement"`
	OpportunityID  opportunities.ID `bun:"opportunity_id"`
	OrganisationID int64            `bun:"organisation_id"` // the association; 0: an administrator of none
	Act            Act              `bun:"act"`
	Reason         Reason           `bun:"reason"`
	Note           string           `bun:"note"`
	AssigneeID     *int64           `bun:"assignee_id"` // user
	ActorID        int64            `bun:"actor_id"`    // user
	At             time.Time        `bun:"at"`
}

// longestNote bounds a note, in characters.
const longestNote = 500

// check refuses what is no gesture, every fault located.
func (g *Sort) check() error {
	g.Note = strings.TrimSpace(g.Note)
	var f fault.List
	f.At(!slices.Contains([]Act{Keep, Discard, Assign, PutBack}, g.Act), "act", "unknown", "Gardez, écartez, confiez ou remettez à trier.", "Keep, discard, assign or put back.")
	f.At(g.Act == Discard && !slices.Contains(Reasons(), g.Reason), "reason", "required", "Dites pourquoi.", "Say why.")
	f.At(g.Act != Discard && g.Reason != "", "reason", "unexpected", "Un motif va avec ce qui est écarté.", "A reason goes with what is discarded.")
	f.At(g.Act == Assign && g.AssigneeID == nil, "assignee", "required", "Dites à qui.", "Say to whom.")
	f.At(g.Act != Assign && g.AssigneeID != nil, "assignee", "unexpected", "Seul ce qui est confié l’est à quelqu’un.", "Only what is assigned is so to somebody.")
	f.At(utf8.RuneCountInString(g.Note) > longestNote, "note", "too_long", "500 caractères au plus.", "500 characters at most.")
	return f.Err()
}

// says tells whether a gesture would change nothing after another.
func (g *Sort) says(last *Sort) bool {
	if last == nil {
		return g.Act == PutBack
	}
	same := g.AssigneeID == nil && last.AssigneeID == nil || g.AssigneeID != nil && last.AssigneeID != nil && *g.AssigneeID == *last.AssigneeID
	return g.Act == last.Act && g.Reason == last.Reason && g.Note == last.Note && same
}

// Sorted is a call with the last gesture of an association on it.
type Sorted struct {
	Sort
	Call         *opportunities.Opportunity `bun:"-"`
	By, Assignee string                     // names; empty: an account that is gone
}

// Colleague is an officer to whom a notice may be assigned.
type Colleague struct {
	ID   accounts.UserID `bun:"id"`
	Name string          `bun:"name"`
}
