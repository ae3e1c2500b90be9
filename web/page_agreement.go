package web

import (
	"math"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// AgreementPage is the draft agreement of a group, to print. Its words are French whatever the
// language of the page: it is what would be signed.
type AgreementPage struct {
	Page
	Back, Object, Lot, Buyer, Deadline string
	Name, Lead, Accounts               string
	Joint, Backed, Liable              bool
	Parties                            []Party
	Left                               string    // share of the work that is in no one's part
	Holes                              []LackRow // what nobody does, by trade
	Hours                              bool      // the contract asks for hours of insertion
	Exclusive                          bool      // the buyer forbids several bids
	Today                              string
	Frozen                             string
}

// Party is a member that signs.
type Party struct {
	Name, Kind, SIRET, Place, Share string
	Tasks                           []string
	Lead                            bool
}

func (s *Server) agreement(c *call) error {
	g, o, lot, err := c.groupFor(accounts.ConsortiumRead)
	if err != nil {
		return err
	}
	var ids []network.ID
	for _, p := range g.Members {
		ids = append(ids, p.OrganisationID)
	}
	all, err := s.cfg.Network.LoadForMatching(c.r.Context(), ids...)
	if err != nil {
		return err
	}
	of := map[network.ID]*network.Organisation{}
	for _, member := range all {
		of[member.ID] = member
	}
	french := &call{Locale: s.locales[French], s: s, w: c.w, r: c.r, who: c.who, now: c.now}
	title := c.T("group.agreement")
	page := &AgreementPage{
		Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{clip(g.Name, 60), groupPath(g.ID)}, Crumb{Text: title}),
		Back: groupPath(g.ID), Object: o.Title, Lot: french.lotName(liveLots(o), lot), Buyer: o.BuyerName, Name: g.Name, Accounts: g.Accounts,
		Joint: g.Form == matching.Joint, Backed: g.Form == matching.JointBacked, Liable: g.Form == matching.JointLiable, Today: french.Date(c.now),
		Hours: lot.Clause.Hours > 0 || lot.Clause.Verdict == opportunities.ClauseExecution, Exclusive: g.Exclusive, Left: french.leftShare(g.Members),
	}
	if lot.Deadline != nil {
		page.Deadline = french.Date(*lot.Deadline) + ", " + french.Hour(*lot.Deadline)
	}
	together, err := s.cfg.Matching.Together(c.r.Context(), g)
	if err != nil {
		return err
	}
	for _, h := range together.Result.Best.Holes {
		page.Holes = append(page.Holes, french.lackRow(together, h))
	}
	if g.FrozenAt != nil {
		page.Frozen = french.Date(*g.FrozenAt)
	}
	for _, p := range g.Members {
		if member := of[p.OrganisationID]; member != nil {
			page.Parties = append(page.Parties, french.party(g, p, member))
		}
	}
	for _, p := range page.Parties {
		if p.Lead {
			page.Lead = p.Name
		}
	}
	return c.show("agreement", page)
}

// leftShare is what the parts leave of the whole, as they are written; empty where they make it
// whole, or where a member's is not said.
func (c *call) leftShare(members []matching.Partner) string {
	left := 1000.0
	for _, p := range members {
		if p.Share == 0 {
			return ""
		}
		left -= math.Round(1000 * p.Share)
	}
	if left <= 0 {
		return ""
	}
	return c.Share(left / 1000)
}

func (c *call) party(g *matching.Consortium, p matching.Partner, o *network.Organisation) Party {
	out := Party{Name: o.Name, Kind: c.kindAndPlace(o), SIRET: string(o.SIRET), Tasks: paragraphs(p.Tasks), Lead: p.OrganisationID == g.LeadID}
	for _, site := range o.Sites {
		if site.Main {
			out.Place = joined(" ", site.Address, site.Postcode, site.City)
		}
	}
	if p.Share > 0 {
		out.Share = c.Share(p.Share)
	}
	return out
}
