package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// TenderPage shows who could answer each lot of a tender together, under the buyer's limit of lots
// for one bidder.
type TenderPage struct {
	Page
	Heading, Lead, Said string
	Action              string
	Limit               Field
	Lots                []TenderLot
}

// TenderLot is the group of one lot.
type TenderLot struct{ Title, Href, Names, Coverage, Said string }

func (s *Server) composeTender(c *call) error {
	o, scope, err := s.opportunityOf(c)
	if err != nil {
		return err
	}
	if err := accounts.Allow(c.who.Identity, accounts.ConsortiumCompose, scope); err != nil {
		return err
	}
	limit := int(max(0, c.number("limite")))
	found, err := s.cfg.Matching.ComposeTender(c.r.Context(), o, limit)
	if err != nil {
		return err
	}
	title := c.T("group.tender")
	page := &TenderPage{
		Page:    c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{clip(o.Title, 60), opportunityPath(o.ID)}, Crumb{Text: title}),
		Heading: title, Lead: joined(". ", o.Title, o.BuyerName), Action: opportunityPath(o.ID) + "/groupements",
		Limit: Field{ID: "limite", Name: "limite", Label: c.T("group.limit"), Hint: c.T("group.limit_hint"), Kind: "number", Min: "0", Short: true, Value: strconv.Itoa(limit)},
	}
	page.Said = c.tenderSaid(found)
	lots := liveLots(o)
	for i := range found.Lots {
		page.Lots = append(page.Lots, c.tenderLot(lots, &found.Lots[i]))
	}
	return c.show("tender", page)
}

func (c *call) tenderSaid(found *matching.TenderComposition) string {
	said := c.T("group.tender_proven")
	if found.Gap.Members > 0 || found.Gap.Coverage > 0 {
		said = c.T("group.tender_gap", "Members", c.Num(found.Gap.Members), "Coverage", c.Percent(found.Gap.Coverage/float64(len(found.Lots))))
	}
	if found.Beyond > 0 {
		said += " " + c.N("group.tender_beyond", found.Beyond)
	}
	return said
}

func (c *call) tenderLot(lots []opportunities.Lot, found *matching.Composition) TenderLot {
	row := TenderLot{Title: found.Lot.Title, Href: composePath(found.Lot.ID), Coverage: c.Percent(found.Result.Best.Coverage), Said: c.groupSaid(found.Result)}
	for i := range lots {
		if lots[i].ID == found.Lot.ID {
			row.Title = c.lotName(lots, &lots[i])
		}
	}
	var names []string
	for i, m := range found.Result.Best.Members {
		names = append(names, found.Heads[network.ID(m.ID)].Name)
		sign := "&"
		if i == 0 {
			sign = "?" + query("plus", strconv.Itoa(len(found.Result.Best.Members))) + "&"
		}
		row.Href += sign + query("m"+strconv.FormatInt(int64(m.ID), 10), "in")
	}
	row.Names = c.list(names)
	return row
}
