package prospects

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Line is a prospect with what the caller may read of it.
type Line struct {
	Prospect
	State  State
	Holder string      // name
	Quotes []QuoteLine // of an enterprise: its own alone
	Mine   bool        // the caller holds it, or follows its holder up
}

// QuoteLine is a quote with the name of its enterprise.
type QuoteLine struct {
	Quote
	Name string
}

// List gives the prospects that the caller may read: an enterprise's own and those
// of which it is asked for a quote, an officer's perimeter. What is expected
// soonest comes first; what has no date comes last.
func (s *Service) List(ctx context.Context) ([]Line, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.ProspectRead); err != nil {
		return nil, err
	}
	rows, err := list(ctx, s.Store.Read(), ownOf(ctx))
	if err != nil {
		return nil, err
	}
	out, err := s.lines(ctx, rows)
	if err != nil {
		return nil, fmt.Errorf("list prospects: %w", err)
	}
	slices.SortStableFunc(out, func(a, b Line) int {
		const never = "9999-12-31"
		return cmp.Or(cmp.Compare(cmp.Or(a.ExpectedOn, never), cmp.Or(b.ExpectedOn, never)), cmp.Compare(b.ID, a.ID))
	})
	return out, nil
}

// ownOf is the enterprise of a member, 0 of anybody else.
func ownOf(ctx context.Context) network.ID {
	if who := accounts.From(ctx); who.Role == accounts.Member {
		return network.ID(who.OrganisationID)
	}
	return 0
}

// Get reads one prospect.
func (s *Service) Get(ctx context.Context, id ID) (*Line, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.ProspectRead); err != nil {
		return nil, err
	}
	p, err := byID(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	lines, err := s.lines(ctx, []Prospect{*p})
	if err != nil {
		return nil, fmt.Errorf("read prospect %d: %w", id, err)
	}
	if len(lines) == 0 {
		return nil, fault.NotFound("prospect", id)
	}
	return &lines[0], nil
}

// Events is the history of a quote that the caller may read, the latest first.
func (s *Service) Events(ctx context.Context, l *Line) ([]QuoteEvent, error) {
	var ids []QuoteID
	for _, q := range l.Quotes {
		ids = append(ids, q.ID)
	}
	return eventsOf(ctx, s.Store.Read(), ids)
}

// lines dresses the prospects that somebody may read.
func (s *Service) lines(ctx context.Context, rows []Prospect) ([]Line, error) {
	quotes, err := quotesOf(ctx, s.Store.Read(), rows)
	if err != nil {
		return nil, err
	}
	named, err := s.named(ctx, rows, quotes)
	if err != nil {
		return nil, err
	}
	who, own, out := accounts.From(ctx), ownOf(ctx), []Line{}
	for i := range rows {
		holder := named[rows[i].OrganisationID]
		if holder == nil {
			continue
		}
		mine := accounts.Can(who, accounts.ProspectRead, holder.Scope(s.Atlas))
		line := Line{Prospect: rows[i], Holder: holder.Called(), Mine: mine}
		for _, q := range quotes[rows[i].ID] {
			o := named[q.OrganisationID]
			if o != nil && (own == 0 && accounts.Can(who, accounts.ProspectRead, o.Scope(s.Atlas)) || own == q.OrganisationID) {
				line.Quotes = append(line.Quotes, QuoteLine{q, o.Called()})
			}
		}
		if !mine && len(line.Quotes) == 0 {
			continue
		}
		line.State = seenState(&line, quotes[rows[i].ID])
		out = append(out, line)
	}
	return out, nil
}

// seenState is where a prospect stands to its reader: who does not hold it reads
// what its own quote makes of it, not what the others' do.
func seenState(l *Line, all []Quote) State {
	if l.Mine {
		return stateOf(&l.Prospect, all)
	}
	var seen []Quote
	for _, q := range l.Quotes {
		seen = append(seen, q.Quote)
	}
	return stateOf(&l.Prospect, seen)
}

func (s *Service) named(ctx context.Context, rows []Prospect, quotes map[ID][]Quote) (map[network.ID]*network.Organisation, error) {
	var ids []network.ID
	for _, p := range rows {
		ids = append(ids, p.OrganisationID)
		for _, q := range quotes[p.ID] {
			ids = append(ids, q.OrganisationID)
		}
	}
	slices.Sort(ids)
	found, err := s.Network.LoadForMatching(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	out := map[network.ID]*network.Organisation{}
	for _, o := range found {
		out[o.ID] = o
	}
	return out, nil
}

// Wins is what was won in a year, each purchase once.
type Wins struct {
	Year      int
	Contracts int     // purchases of which a pursuit is told won
	Quotes    int     // accepted, of purchases that no pursuit tells
	Amount    float64 // of these quotes, euros excluding taxes; what a contract is worth is not told here
}

// Total is how many were won.
func (w Wins) Total() int { return w.Contracts + w.Quotes }

// Wins counts, of what the caller may read, the purchases won in a year, each once and in
// the year when it was first won, however many answers, hours or quotes tell of it. One
// of which a pursuit is told won is a contract; another one is a quote.
func (s *Service) Wins(ctx context.Context, year int) (*Wins, error) {
	lines, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	pursuits, err := s.Followup.List(ctx, followup.Filter{States: []followup.State{followup.Won}})
	if err != nil {
		return nil, err
	}
	quotes, of, err := s.acceptedIn(ctx, lines)
	if err != nil {
		return nil, err
	}
	var lots []opportunities.LotID
	for _, p := range pursuits {
		lots = append(lots, p.Lot.ID)
	}
	for _, lot := range of {
		lots = append(lots, lot)
	}
	bought, err := purchasesOf(ctx, s.Store.Read(), lots)
	if err != nil {
		return nil, err
	}
	out, won := &Wins{Year: year}, map[purchase]string{}
	for _, p := range pursuits {
		if b, known := bought[p.Lot.ID]; known {
			won[b] = earlier(won[b], p.Since.In(s.paris).Format(time.DateOnly))
		}
	}
	for _, q := range quotes {
		b, answers := bought[of[q.ID]]
		if day, told := won[b]; answers && told {
			won[b] = earlier(day, q.SettledOn)
			continue
		}
		if inYear(q.SettledOn, year) {
			out.Quotes++
			out.Amount += q.Amount
		}
	}
	for _, day := range won {
		if inYear(day, year) {
			out.Contracts++
		}
	}
	return out, nil
}

// acceptedIn gives the accepted quotes of prospects, one a prospect, and the lot that a
// quote of their prospect answers.
func (s *Service) acceptedIn(ctx context.Context, lines []Line) ([]Quote, map[QuoteID]opportunities.LotID, error) {
	var out []Quote
	matches := map[QuoteID]matching.ID{}
	for _, l := range lines {
		for _, q := range l.Quotes {
			if q.State != Accepted {
				continue
			}
			out = append(out, q.Quote)
			for _, beside := range l.Quotes {
				if beside.MatchID != nil && (matches[q.ID] == 0 || beside.ID == q.ID) {
					matches[q.ID] = *beside.MatchID
				}
			}
		}
	}
	of, err := lotsOf(ctx, s.Store.Read(), matches)
	return out, of, err
}

// earlier compares civil days; an empty one is none.
func earlier(a, b string) string {
	if a == "" || b < a {
		return b
	}
	return a
}

func inYear(day string, year int) bool { return strings.HasPrefix(day, fmt.Sprintf("%04d-", year)) }
