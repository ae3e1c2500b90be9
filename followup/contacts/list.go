package contacts

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Filter narrows a list. The zero value is all that the caller may read.
type Filter struct {
	Organisation network.ID
	Match        matching.ID
	Opportunity  opportunities.ID
	// Opportunities bounds to contacts about one of these calls; none does not.
	Opportunities []opportunities.ID
	Prospect      int64
	Promised      bool // what is promised and not kept yet, the soonest first
}

// Line is a contact with the name of its enterprise.
type Line struct {
	Contact
	Name string `bun:"-"`  // of the enterprise
	By   string `bun:"by"` // name of who noted it; empty: an account that is gone
}

// List gives the contacts that the caller may read, the latest first.
func (s *Service) List(ctx context.Context, f Filter) ([]Line, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ContactRead); err != nil {
		return nil, err
	}
	own := int64(0)
	if who.Role == accounts.Member {
		own = who.OrganisationID
	}
	rows, err := list(ctx, s.Store.Read(), f, own)
	if err != nil {
		return nil, err
	}
	return s.readable(ctx, who, rows)
}

// readable keeps the contacts with enterprises of the caller's perimeter, and with
// the buyers of its calls.
func (s *Service) readable(ctx context.Context, who accounts.Identity, rows []Line) ([]Line, error) {
	var ids []network.ID
	var about []opportunities.ID
	for _, r := range rows {
		ids = append(ids, r.OrganisationID)
		if r.OpportunityID != nil {
			about = append(about, *r.OpportunityID)
		}
	}
	found, err := s.Network.LoadForMatching(ctx, unique(ids)...)
	if err != nil {
		return nil, fmt.Errorf("list contacts: %w", err)
	}
	calls, err := s.Opportunities.Some(ctx, unique(about)...)
	if err != nil {
		return nil, fmt.Errorf("list contacts: %w", err)
	}
	members := map[network.ID]*network.Organisation{}
	for _, o := range found {
		members[o.ID] = o
	}
	out := []Line{}
	for _, r := range rows {
		var call *opportunities.Opportunity
		if r.OpportunityID != nil {
			call = calls[*r.OpportunityID]
		}
		if o := members[r.OrganisationID]; o != nil && accounts.Can(who, accounts.ContactRead, s.scope(o, call)) {
			r.Name = o.Called()
			out = append(out, r)
		}
	}
	return out, nil
}
