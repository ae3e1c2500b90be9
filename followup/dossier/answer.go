package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// Status is where a piece of an answer stands.
type Status string

// The statuses, what is missing first.
const (
	ToObtain  Status = "to_obtain" // somebody else delivers it, and it is not there
	ToRenew   Status = "to_renew"  // it is there, and ends before the answer is due
	ToWrite   Status = "to_write"
	Have      Status = "have"
	NotNeeded Status = "not_needed"
)

// Statuses lists them in the order of a page.
func Statuses() []Status { return []Status{ToObtain, ToRenew, ToWrite, Have, NotNeeded} }

// Missing tells that something is left to do.
func (s Status) Missing() bool { return s == ToObtain || s == ToRenew || s == ToWrite }

// Why is why a piece is on a list.
type Why string

// The reasons, the strongest first.
const (
	Asked Why = "asked" // the call asks for it
	Added Why = "added" // somebody said that it is needed
	Usual Why = "usual" // most calls ask for it
)

// Item is one piece of an answer.
type Item struct {
	Kind   Kind
	Why    Why
	Quote  string // what the call says, word for word; empty: a figure of the call asks it
	Status Status
	Piece  *Piece // the one that is there, or ended; nil: none
	Picked int    // references or paragraphs chosen for this answer
}

// Checklist is what an answer is made of, in the order of an answer.
type Checklist struct {
	Match        matching.ID
	Organisation network.ID
	Day          string     // civil day on which pieces must hold: the deadline's, or today without one
	Deadline     *time.Time // nil: not told
	Left         int        // working days until then
	Over         bool       // the call can be answered no more: nothing is left to gather
	Read         bool       // the call names pieces; false: the list is the usual one
	Items        []Item
}

// Count counts the items by status.
func (c *Checklist) Count() map[Status]int {
	out := map[Status]int{}
	for i := range c.Items {
		out[c.Items[i].Status]++
	}
	return out
}

// Missing lists what is left to do, in the order of the statuses.
func (c *Checklist) Missing() []Item {
	out := slices.DeleteFunc(slices.Clone(c.Items), func(i Item) bool { return !i.Status.Missing() })
	slices.SortStableFunc(out, func(a, b Item) int {
		return slices.Index(Statuses(), a.Status) - slices.Index(Statuses(), b.Status)
	})
	return out
}

// Needed is what somebody says of a piece of an answer.
type Needed string

// What may be said; the empty one takes it back.
const (
	Unsaid Needed = ""
	Yes    Needed = "yes"
	No     Needed = "no"
)

// Checklist tells what an answer is made of. It compares dates and names; whether
// a paper is the right one is for who reads it.
func (s *Service) Checklist(ctx context.Context, id matching.ID) (*Checklist, error) {
	if err := s.Followup.May(ctx, id, accounts.ChecklistRead); err != nil {
		return nil, err
	}
	m, err := s.Matching.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	out, err := s.checklist(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("list the pieces of the answer to match %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) checklist(ctx context.Context, m *matching.Match) (*Checklist, error) {
	l, err := s.Opportunities.Lot(ctx, m.LotID)
	if err != nil {
		return nil, err
	}
	out := &Checklist{Match: m.ID, Organisation: m.OrganisationID, Day: s.Today()}
	if whole := l.In(l.Opportunity); whole.Deadline != nil {
		out.Deadline, out.Day = whole.Deadline, whole.Deadline.In(s.paris).Format(time.DateOnly)
		out.Left = engine.WorkingDays(s.now(), *whole.Deadline, s.paris)
	}
	out.Over = l.Withdrawn || l.Opportunity.State != opportunities.Published || out.Deadline != nil && !out.Deadline.After(s.now())
	asked, err := s.asked(ctx, l)
	if err != nil {
		return nil, err
	}
	out.Read = asked.read()
	held, err := s.held(ctx, m)
	if err != nil {
		return nil, err
	}
	for _, k := range s.book.all {
		out.Items = append(out.Items, held.items(k, asked, out.Day)...)
	}
	return out, nil
}

// holding is what an enterprise has for one answer.
type holding struct {
	kept, made []Piece // sorted, those of every answer and those of this one
	said       map[Code]Needed
	picked     map[What]int
}

func (s *Service) held(ctx context.Context, m *matching.Match) (*holding, error) {
	db, h := s.Store.Read(), &holding{}
	var err error
	if h.kept, err = piecesOf(ctx, db, m.OrganisationID, 0); err != nil {
		return nil, err
	}
	s.sort(h.kept)
	if h.made, err = s.made(ctx, m.OrganisationID, m.ID); err != nil {
		return nil, err
	}
	if h.said, err = choicesOf(ctx, db, m.ID); err != nil {
		return nil, err
	}
	h.picked, err = picksCount(ctx, db, m.ID)
	return h, err
}

// items are the lines of a kind: none where nobody asks for it, one for each other
// piece that was added.
func (h *holding) items(k Kind, asked request, day string) []Item {
	mine := of(h.made, k.Code)
	if k.Code == Other {
		var out []Item
		for i := range mine {
			out = append(out, Item{Kind: k, Why: Added, Status: standing(&mine[i], day), Piece: &mine[i]})
		}
		return out
	}
	item := Item{Kind: k, Quote: asked.quotes[k.Code], Picked: h.picked[picks(k.Code)]}
	switch {
	case asked.codes[k.Code]:
		item.Why = Asked
	case h.said[k.Code] != Unsaid || len(mine) > 0:
		item.Why = Added
	case k.Usual && !asked.replaces(k.Code):
		item.Why = Usual
	default:
		return nil
	}
	item.Piece, item.Status = h.best(k, mine, day)
	if k.Code == References && item.Piece == nil && item.Picked > 0 {
		item.Status = Have
	}
	if h.said[k.Code] == No {
		item.Status = NotNeeded
	}
	return []Item{item}
}

// best is the piece to join: one made for this answer, else one that serves again
// and holds on the day, rather one that no detail tells from the others, else the
// one that holds longest.
func (h *holding) best(k Kind, mine []Piece, day string) (*Piece, Status) {
	all := append(mine, of(h.kept, k.Code)...)
	for _, fits := range []func(Piece) bool{
		func(p Piece) bool { return p.MatchID != nil },
		func(p Piece) bool { return p.Title == "" && p.Holds(day) },
		func(p Piece) bool { return p.Holds(day) },
		func(Piece) bool { return true },
	} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return &all[i], standing(&all[i], day)
		}
	}
	if k.Form == Obtained {
		return nil, ToObtain
	}
	return nil, ToWrite
}

func standing(p *Piece, day string) Status {
	if p.Holds(day) {
		return Have
	}
	return ToRenew
}

// of are the pieces of a kind, those that hold longest first.
func of(all []Piece, code Code) []Piece {
	out := slices.DeleteFunc(slices.Clone(all), func(p Piece) bool { return p.Kind != code })
	slices.SortStableFunc(out, longest)
	return out
}

// Decide says that a piece is needed for an answer, that it is not, or nothing again.
func (s *Service) Decide(ctx context.Context, id matching.ID, code Code, needed Needed) error {
	if err := s.Followup.May(ctx, id, accounts.ChecklistEdit); err != nil {
		return err
	}
	_, known := s.book.Get(code)
	var f fault.List
	f.At(!known || code == Other, "kind", "unknown", "Cette pièce n’est pas connue.", "This piece is not known.")
	f.At(!slices.Contains([]Needed{Unsaid, Yes, No}, needed), "needed", "unknown", "Utile, ou pas utile.", "Needed, or not needed.")
	if err := f.Err(); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := matching.Hold(ctx, tx, id); err != nil {
			return err
		}
		if err := keepChoice(ctx, tx, choice{MatchID: id, Kind: code, Needed: needed, DecidedBy: accounts.From(ctx).Actor(), DecidedAt: s.now()}); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.ChecklistEdit, "match", int64(id), "needed")
	})
	if err != nil {
		return fmt.Errorf("say whether a piece of match %d is needed: %w", id, err)
	}
	return nil
}

// Summary is a checklist in three figures.
type Summary struct {
	Match         matching.ID
	Missing, Have int
	Renew         int // of Missing: kept, and over before the answer is due
	Left          int
}

// Summaries tells how far some answers are; those that the caller may not read
// are left out.
func (s *Service) Summaries(ctx context.Context, ids ...matching.ID) ([]Summary, error) {
	out := []Summary{}
	for _, id := range ids {
		list, err := s.Checklist(ctx, id)
		if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindForbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		n := list.Count()
		out = append(out, Summary{Match: id, Missing: n[ToObtain] + n[ToRenew] + n[ToWrite], Have: n[Have], Renew: n[ToRenew], Left: list.Left})
	}
	slices.SortStableFunc(out, func(a, b Summary) int { return cmp.Compare(a.Match, b.Match) })
	return out, nil
}
