package followup

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// Sheet is what there is to weigh before going for a lot, on one screen: what the
// call says, and what the network knows. What nobody says is empty, never supposed.
type Sheet struct {
	Lot      *opportunities.Lot // as it stands in its opportunity
	Months   int                // of the contract; 0: not said
	Mentions map[Topic]string   // what the text says, word for word
	Wins     []network.Reference
	Groups   []*matching.Consortium // that prepare an answer to the lot with the enterprise
	Partners []Ally                 // who could make the answer whole; none: nobody, or it is whole already
	Whole    bool                   // with these partners nothing is missing
	Alone    bool                   // the enterprise covers the lot by itself
	Award    *Award                 // what an award says, for somebody to confirm
	Asking   []Asking               // who answers the lot and counts the enterprise among its partners
}

// Ally is an enterprise that could be a partner, with what it would bring.
type Ally struct {
	matching.OrganisationHead
	Trades []nomenclatures.Code
}

// Asking is an enterprise that answers with another one, and how: it told so itself.
type Asking struct {
	matching.OrganisationHead
	Role Role
}

// Award is what is known of the award of the call.
type Award struct {
	Suggests State    // Won where it names the enterprise, Lost where it names others
	Winners  []string // members and holders that it names
}

// mostWins and mostAllies bound what one screen tells.
const (
	mostWins   = 5
	mostAllies = 4
	allySteps  = 2_000 // of the search of partners: well under a second
)

// Sheet reads what there is to weigh for a match.
func (s *Service) Sheet(ctx context.Context, id matching.ID) (*Sheet, error) {
	if err := s.may(ctx, id, accounts.PursuitRead); err != nil {
		return nil, err
	}
	m, err := s.matching.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	out, err := s.sheet(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("read what there is to weigh for match %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) sheet(ctx context.Context, m *matching.Match) (*Sheet, error) {
	l, err := s.opportunities.Lot(ctx, m.LotID)
	if err != nil {
		return nil, err
	}
	o, err := s.network.Get(ctx, m.OrganisationID)
	if err != nil {
		return nil, err
	}
	out := &Sheet{Lot: l, Months: months(l.StartsOn, l.EndsOn), Mentions: Mentions(l), Wins: similar(o, l)}
	p, err := current(ctx, s.store.Read(), m)
	if err != nil {
		return nil, err
	}
	if err := s.together(ctx, m, p, out); err != nil {
		return nil, err
	}
	if err := s.asking(ctx, m, out); err != nil {
		return nil, err
	}
	return out, s.award(ctx, m, p, out)
}

// months is the length of a contract in whole months, 0 where it is not told.
func months(from, until string) int {
	a, errA := territories.ParseDate(from)
	b, errB := territories.ParseDate(until)
	if errA != nil || errB != nil || a.IsZero() || b.IsZero() {
		return 0
	}
	return max(0, (b.Year-a.Year)*12+int(b.Month-a.Month)+(b.Day-a.Day+15)/30)
}

// similar are the contracts that an enterprise won in the group (three digits) of
// a CPV code of the lot, the latest first.
func similar(o *network.Organisation, l *opportunities.Lot) []network.Reference {
	var groups []string
	for _, c := range l.Codes {
		if c.Scheme == nomenclatures.SchemeCPV && len(c.Value) >= 3 {
			groups = append(groups, c.Value[:3])
		}
	}
	var out []network.Reference
	for _, r := range o.References {
		if len(r.Code) >= 3 && slices.Contains(groups, string(r.Code[:3])) {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b network.Reference) int { return cmp.Or(b.Year-a.Year, cmp.Compare(a.ID, b.ID)) })
	return out[:min(mostWins, len(out))]
}

// together finds the groups there are and, while nothing is handed in, who could
// make an answer whole. How much each can carry is its own to tell: names and
// trades alone come out.
func (s *Service) together(ctx context.Context, m *matching.Match, p *Pursuit, out *Sheet) error {
	groups, err := s.matching.ConsortiaOf(ctx, out.Lot.Opportunity)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if g.LotID == m.LotID && g.Has(m.OrganisationID) && g.State != matching.GroupDissolved {
			out.Groups = append(out.Groups, g)
		}
	}
	if p.State == Submitted || p.State.Closed() || !out.Lot.Opportunity.Open(s.now()) || out.Lot.Withdrawn || out.Lot.Filled() || m.State != matching.Proposed {
		return nil
	}
	found, err := s.matching.Compose(ctx, m.LotID, matching.ComposeQuery{Include: []network.ID{m.OrganisationID}, Most: mostAllies, Steps: allySteps})
	if err != nil {
		return err
	}
	best := found.Result.Best
	out.Whole = len(best.Members) > 0 && len(best.Holes) == 0
	out.Alone = out.Whole && len(best.Members) == 1
	for _, part := range best.Members {
		id := network.ID(part.ID)
		if id == m.OrganisationID {
			continue
		}
		ally := Ally{OrganisationHead: found.Heads[id]}
		for _, t := range part.Trades {
			ally.Trades = append(ally.Trades, found.Needs.Trades[t.Trade].Codes[:min(1, len(found.Needs.Trades[t.Trade].Codes))]...)
		}
		out.Partners = append(out.Partners, ally)
	}
	return nil
}

// asking finds who told that it answers the lot with this enterprise. To be named is no
// answer: the enterprise gives its own.
func (s *Service) asking(ctx context.Context, m *matching.Match, out *Sheet) error {
	rows, err := pursuitRows(ctx, s.store.Read(), Filter{Lot: m.LotID, States: []State{Answering, Submitted}})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if !slices.Contains(r.Partners, m.OrganisationID) {
			continue
		}
		o, err := s.network.Get(ctx, r.OrganisationID)
		if err != nil {
			return err
		}
		out.Asking = append(out.Asking, Asking{s.matching.OrganisationHead(o), r.Role})
	}
	return nil
}

// award finds what an award says of a call that is not told won yet: that it
// names the enterprise, or that it names others while an answer was handed in.
func (s *Service) award(ctx context.Context, m *matching.Match, p *Pursuit, out *Sheet) error {
	call := out.Lot.Opportunity
	if p.State == Won || call.Key == "" {
		return nil
	}
	named, err := namedBy(ctx, s.store.Read(), m)
	if err != nil {
		return err
	}
	winners, err := s.winners(ctx, call)
	if err != nil {
		return err
	}
	switch {
	case named:
		out.Award = &Award{Suggests: Won, Winners: winners}
	case p.State == Submitted && (len(winners) > 0 || call.State == opportunities.Awarded):
		out.Award = &Award{Suggests: Lost, Winners: winners}
	}
	return nil
}

// winners names the members that the award of a call credits, and the holders of
// the hours that it leaves to fill.
func (s *Service) winners(ctx context.Context, o *opportunities.Opportunity) ([]string, error) {
	names, err := creditedBy(ctx, s.store.Read(), o.Key)
	if err != nil {
		return nil, err
	}
	after, err := s.opportunities.Of(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	for _, hours := range after {
		names = append(names, hours.Insertion.Names()...)
	}
	return unique(names), nil
}
