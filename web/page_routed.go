package web

import (
	"cmp"
	"slices"

	"maillage/accounts"
	"maillage/followup/conventions"
	"maillage/opportunities"
)

// RoutedView is the positions that conventions bring.
type RoutedView struct {
	Said string
	Rows []OppRow
	More string
}

// routedShown bounds the positions of a page; those of the officers of a large
// territory are on the pages of their conventions.
const routedShown = 8

// routed are the positions that conventions bring to who is in front of the page,
// each with its convention; nil where there is none.
func (c *call) routed() (*RoutedView, error) {
	if c.s.cfg.Conventions == nil || !c.may(accounts.PartnershipRouted) {
		return nil, nil //nolint:nilnil // nothing is routed
	}
	all, err := c.s.cfg.Conventions.For(c.r.Context())
	if err != nil {
		return nil, err
	}
	return c.routedView(all, "routed.said", true)
}

func (c *call) routedView(all []conventions.Route, said string, named bool) (*RoutedView, error) {
	if len(all) == 0 {
		return nil, nil //nolint:nilnil // nothing is routed
	}
	all = slices.Clone(all)
	slices.Reverse(all) // the latest first
	v := &RoutedView{Said: c.N(said, len(all))}
	ids := make([]opportunities.LotID, 0, routedShown)
	for _, r := range first(all, routedShown) {
		ids = append(ids, r.Lot)
	}
	lots, err := c.s.cfg.Opportunities.Lots(c.r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	by := map[opportunities.LotID]*conventions.Route{}
	for i := range all {
		by[all[i].Lot] = &all[i]
	}
	slices.SortFunc(lots, func(a, b *opportunities.Lot) int { return cmp.Compare(b.ID, a.ID) })
	for _, l := range lots {
		row := c.standingRow(standingLot{of: l.Opportunity, lot: l.In(l.Opportunity), deadline: deadlineOf(l.Opportunity)})
		row.Tags = nil
		if r := by[l.ID]; named && r != nil {
			row.Tags = []Tag{{Text: r.Name, Icon: "handshake", Href: tieHref("convention", r.Convention)}}
		}
		v.Rows = append(v.Rows, row)
	}
	if more := len(all) - len(v.Rows); more > 0 {
		v.More = c.N("routed.more", more)
	}
	return v, nil
}

// conventionOf is the convention that brings a position to who is in front of the
// page; nil: none.
func (c *call) conventionOf(o *opportunities.Opportunity) (*Link, error) {
	if c.s.cfg.Conventions == nil || !o.Kind.HasPositions() || !c.may(accounts.PartnershipRouted) {
		return nil, nil //nolint:nilnil // nothing is routed
	}
	all, err := c.s.cfg.Conventions.For(c.r.Context())
	for i := range all {
		if all[i].Opportunity == o.ID {
			return &Link{all[i].Name, tieHref("convention", all[i].Convention)}, nil
		}
	}
	return nil, err
}
