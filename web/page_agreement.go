package web

import (
	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
)

// AgreementPage is the draft agreement of a group, to print. Its words are French whatever the
// language of the page: it is what would be signed.
type AgreementPage struct {
	Page
	Back, Object, Lot, Buyer, Deadline string
	Name, Lead, Accounts               string
	Joint, Backed, Liable              bool
	Parties                            []Party
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
	}
	if lot.Deadline != nil {
		page.Deadline = french.Date(*lot.Deadline)
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

func (c *call) party(g *matching.Consortium, p matching.Partner, o *network.Organisation) Party {
	out := Party{Name: o.Name, Kind: c.kindAndPlace(o), SIRET: string(o.SIRET), Tasks: paragraphs(p.Tasks), Lead: p.OrganisationID == g.LeadID}
	for _, site := range o.Sites {
		if site.Main {
			out.Place = joined(" ", site.Address, site.Postcode, site.City)
		}
	}
	if p.Share > 0 {
		out.Share = c.Percent(p.Share)
	}
	return out
}
