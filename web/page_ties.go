package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// TiePage is a pole, a group or a convention: where it holds, who is in it, what is open there.
type TiePage struct {
	Page
	Heading, Lead string
	Description   []string
	Facts         []Fact
	Projects      []ProjectView
	ProjectsSaid  string
	Add           *ProjectForm // of who keeps the pole
	Calls         []OppRow     // for partners, that can be answered
	CallsSaid     string
	NoCall        string
	Publish       *Link
	Routed        *RoutedView // of a convention: what its employers offer
	Members       []OrgRow
	MembersSaid   string
	NoMember      Empty
	Conventions   []OrgRow // local ones of a national frame
	Open          []OppRow
	OpenSaid      string
	Map           Map
	Prepare       *Link // of a convention: whom its positions would suit
}

func (s *Server) pole(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	page, err := c.polePage(id, nil)
	if err != nil {
		return err
	}
	return c.show("tie", page)
}

// polePage is the page of a pole; errs are the faults of a project that was added.
func (c *call) polePage(id int64, errs map[string]string) (*TiePage, error) {
	pole, err := c.s.cfg.Network.Pole(c.r.Context(), id)
	if err != nil {
		return nil, err
	}
	page := c.tiePage(pole.Name, c.T("tie.pole"), pole.Territory, pole.Description)
	page.Facts = append(page.Facts, Fact{Label: c.T("tie.stage"), Lines: []string{c.T("stage." + string(pole.Stage))}})
	if since := c.civilDay(pole.Since); since != "" {
		page.Facts = append(page.Facts, Fact{Label: c.T("tie.since"), Lines: []string{since}})
	}
	if ord, ok := c.s.cfg.Atlas.Ordinal(pole.Seat); ok {
		page.Facts = append(page.Facts, Fact{Label: c.T("tie.seat"), Lines: []string{c.s.cfg.Atlas.Commune(ord).Name}})
	}
	if err := c.fillPole(page, pole, errs); err != nil {
		return nil, err
	}
	return page, c.fillTie(page, pole.Members, pole.Territory, nil)
}

func (s *Server) group(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	group, err := s.cfg.Network.Group(c.r.Context(), id)
	if err != nil {
		return err
	}
	return c.showTie(c.tiePage(group.Name, c.T("tie.group"), "", ""), group.Members, "", nil)
}

func (s *Server) convention(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	convention, err := s.cfg.Network.Partnership(c.r.Context(), id)
	if err != nil {
		return err
	}
	kind := c.T("tie.convention")
	if convention.ParentID == nil {
		kind = c.T("tie.frame")
	}
	page := c.tiePage(convention.Name, kind, convention.Territory, convention.Description)
	sectors := Fact{Label: c.T("tie.sectors")}
	var codes []nomenclatures.Code
	for _, sector := range convention.Sectors {
		codes = append(codes, nomenclatures.Code{Scheme: nomenclatures.SchemeSector, Value: string(sector)})
		sectors.Lines = append(sectors.Lines, sector.Label(string(c.Lang)))
	}
	page.Facts = append(page.Facts, sectors, Fact{Label: c.T("member.dates"), Lines: []string{c.dated(convention.From, convention.Until).Text}})
	if c.may(accounts.ReachRead) {
		page.Prepare = &Link{c.T("reach.link_convention"), reachPath + "?convention=" + strconv.FormatInt(id, 10)}
	}
	if c.may(accounts.BatchCompute) {
		page.Prepare = &Link{c.T("prep.link_convention"), batchesPath + "/nouvelle?" + batchQuery(placement.BatchRules{Source: placement.OfPartnership, Partnership: id}).Encode() + "&voir=oui"}
	}
	if s.cfg.Conventions != nil {
		brought, err := s.cfg.Conventions.Of(c.r.Context(), id)
		if err != nil {
			return err
		}
		if page.Routed, err = c.routedView(brought, "routed.of_said", false); err != nil {
			return err
		}
	}
	all, err := s.cfg.Network.Partnerships(c.r.Context())
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ParentID != nil && *other.ParentID == id {
			page.Conventions = append(page.Conventions, c.conventionRow(other))
		}
	}
	return c.showTie(page, convention.Signatories, convention.Territory, codes)
}

func (c *call) tiePage(name, kind, territory, description string) *TiePage {
	page := &TiePage{Page: c.page(name, Crumb{c.T("members.title"), "/membres"}, Crumb{Text: name}), Heading: name,
		Lead: joined(", ", kind, c.perimeterWords(territory)) + ".", Description: paragraphs(description),
		NoMember: Empty{Title: c.T("tie.nobody"), Text: c.T("tie.nobody_text"), Actions: []Link{{c.T("members.heading"), "/membres"}}}}
	if place := c.perimeterWords(territory); place != "" {
		page.Facts = append(page.Facts, Fact{Label: c.T("member.place"), Lines: []string{place}})
	}
	return page
}

// showTie adds who is in it and what is open in its territory and its sectors.
func (c *call) showTie(page *TiePage, ids []network.ID, territory string, codes []nomenclatures.Code) error {
	if err := c.fillTie(page, ids, territory, codes); err != nil {
		return err
	}
	return c.show("tie", page)
}

func (c *call) fillTie(page *TiePage, ids []network.ID, territory string, codes []nomenclatures.Code) error {
	members, err := c.s.cfg.Network.LoadForMatching(c.r.Context(), ids...)
	if err != nil {
		return err
	}
	page.Members, page.MembersSaid = c.memberRows(members, true), c.N("tie.members", len(members))
	perimeter := c.s.compile(territory)
	if perimeter != nil {
		page.Map = c.territoryMap(page.Heading, perimeter, members)
		if err := c.openIn(page, perimeter, codes); err != nil {
			return err
		}
	} else if len(members) > 0 {
		page.Map = c.membersMap("carte", members)
	}
	return nil
}

func (c *call) openIn(page *TiePage, perimeter *territories.Perimeter, codes []nomenclatures.Code) error {
	filter := opportunities.Filter{Open: true, Territory: perimeter.Expr, PlaceKnown: true, Codes: codes}
	found, err := c.s.cfg.Opportunities.List(c.r.Context(), filter, opportunities.Request{Limit: shortList})
	if err != nil {
		return err
	}
	counts, err := c.s.cfg.Opportunities.Counts(c.r.Context(), filter)
	if err != nil {
		return err
	}
	page.Open, page.OpenSaid = c.opportunityRows(found.Items, false), c.N("territory.open_said", counts.Total)
	return nil
}

// embeddedOpportunities is a list of open opportunities to show inside another site.
func (s *Server) embeddedOpportunities(c *call) error {
	filter, warning := c.opportunityFilter()
	filter.Open = true
	found, err := s.cfg.Opportunities.List(c.r.Context(), filter, opportunities.Request{Limit: 12})
	if err != nil {
		return err
	}
	page := &EmbeddedPage{Page: c.page(c.T("home.open_now")), Heading: c.T("home.open_now"), Warning: warning, Rows: c.opportunityRows(found.Items, true), Map: c.opportunitiesMap(found.Items),
		Empty: Empty{Title: c.T("opps.found_none"), Text: c.T("home.none_open_text")}}
	page.Embedded, page.Map.Copy = true, ""
	return c.show("embedded", page)
}

// embeddedMembers is a map of members to show inside another site.
func (s *Server) embeddedMembers(c *call) error {
	filter, warning := c.memberFilter()
	found, err := s.cfg.Network.List(c.r.Context(), filter, network.Request{Limit: 50})
	if err != nil {
		return err
	}
	page := &EmbeddedPage{Page: c.page(c.T("members.heading")), Heading: c.T("members.heading"), Warning: warning, Members: c.memberRows(found.Items, true), Map: c.membersMap("carte", found.Items),
		Empty: Empty{Title: c.T("members.found_none"), Text: c.T("members.empty_text")}}
	page.Embedded, page.Map.Copy = true, ""
	return c.show("embedded", page)
}

// EmbeddedPage is a map and its list without header nor footer.
type EmbeddedPage struct {
	Page
	Heading, Warning string
	Rows             []OppRow
	Members          []OrgRow
	Map              Map
	Empty            Empty
}

// inviteMember invites somebody to claim an enterprise: the invitation is tied to its SIRET.
func (s *Server) inviteMember(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := s.cfg.Network.Get(c.r.Context(), network.ID(id))
	if err != nil {
		return err
	}
	in := c.invitationOf(o)
	if in.Role == "" {
		return fault.Conflict("not-invited", "Cette organisation ne se réclame pas par invitation.", "This organisation is not claimed by invitation.")
	}
	if _, err := s.cfg.Accounts.Invite(c.r.Context(), o.Scope(c.s.cfg.Atlas), in); err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		page, failed := c.memberPage(o)
		if failed != nil {
			return failed
		}
		errs := formErrors(fields, general)
		page.Errors = summary(errs, "email")
		page.Invite.Error, page.Invite.Value = errs["email"], in.Email
		return c.showForm(page, "member", errs)
	}
	return c.to(memberPath(o.ID), "invited")
}
