package web

import (
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// CounsellorHome is the first page of a counsellor: what awaits, then the open
// positions of the area.
type CounsellorHome struct {
	Page
	Heading, Lead string
	Placing       []PlacingRow // what waits of proposals
	MorePlacing   string
	Fresh         []OppRow // positions that have just opened, for whom
	FreshSaid     string
	Whose         []Tag // mine, or the whole structure's
	Alerts        []DueAlert
	MoreAlerts    string
	NothingDue    Empty
	Ending        []AgreementDue
	ToComplete    []CompleteRow
	MoreComplete  string
	Needs         []OppRow
	Said          string
	NoNeed        Empty
	Figures       []Figure
	Routed        *RoutedView
}

// AgreementDue is an agreement that ends soon.
type AgreementDue struct {
	Code, Href, Title, When string
}

// CompleteRow is a journey to complete with the person.
type CompleteRow struct {
	Code, Href, Counsellor string
	Tags                   []Tag
}

// What the first page shows of each list, and how far it looks.
const (
	alertsShown   = 12
	completeShown = 12
	endingDays    = 14
	quietMonths   = 3 // without a change: to read again with the person
	homePages     = 25
)

func (s *Server) homeOfCounsellor(c *call) error {
	c.w.Header().Set("Cache-Control", "no-store")
	if c.who.OrganisationID == 0 || s.cfg.People == nil {
		return c.counsellorHome(&CounsellorHome{})
	}
	everyone := c.query("qui") == "tous"
	page := &CounsellorHome{}
	for _, t := range []struct{ key, href string }{{"mine", "/"}, {"everyone", "/?qui=tous"}} {
		tag := Tag{Text: c.T("journey.home_" + t.key), Href: t.href}
		if (t.key == "everyone") == everyone {
			tag.State, tag.Icon = Met, "check"
		}
		page.Whose = append(page.Whose, tag)
	}
	for _, fill := range []func(*CounsellorHome, bool) error{c.homePlacing, c.homeAlerts, c.homeEnding, c.homeComplete, c.homeFigures} {
		if err := fill(page, everyone); err != nil {
			return err
		}
	}
	return c.counsellorHome(page)
}

func (c *call) counsellorHome(page *CounsellorHome) error {
	page.Page = c.page(c.T("home.title"))
	n := len(page.Placing) + len(page.Alerts) + len(page.Ending) + len(page.ToComplete)
	page.Heading, page.Lead = c.T("home.heading_none"), c.T("home.lead_today", "Date", upperFirst(c.Date(c.now)))
	if n > 0 {
		page.Heading = c.T("journey.home_heading")
	}
	page.NothingDue = Empty{Title: c.T("journey.nothing_due"), Text: c.T("journey.nothing_due_text"), Actions: []Link{{c.T("journey.list"), "/parcours"}, {c.T("journey.new"), "/parcours/nouveau"}}}
	lots, err := c.standing(c.areaFilter())
	if err != nil {
		return err
	}
	if page.Routed, err = c.routed(); err != nil {
		return err
	}
	page.Said = c.N("home.unanswered_said", len(lots))
	page.NoNeed = Empty{Title: c.T("home.none_open"), Text: c.T("home.none_open_text"), Actions: []Link{{c.T("home.see_open"), "/marches"}}}
	for _, lot := range lots {
		page.Needs = append(page.Needs, c.standingRow(lot))
	}
	return c.show("home_counsellor", page)
}

// areaFilter is what is open for people where the structure works.
func (c *call) areaFilter() opportunities.Filter {
	filter := opportunities.Filter{Open: true, Kinds: []opportunities.Kind{opportunities.JobNeed, opportunities.Mission, opportunities.Immersion, opportunities.TrainingSession, opportunities.InsertionHours}}
	if c.who.OrganisationID == 0 {
		return filter
	}
	o, err := c.own()
	if err != nil {
		return filter
	}
	if zone := c.zonesOf(o.Activities); zone != nil {
		filter.Territory = zone.Expr
	} else if site := mainSite(o); site != nil && site.Commune != "" {
		filter.Territory = territories.RadiusOf(site.Commune, aroundKm)
	}
	return filter
}

// mine tells whether a journey is this counsellor's, or nobody's yet.
func (c *call) mine(p *people.Person) bool {
	return p.CounsellorID == nil || *p.CounsellorID == int64(c.who.UserID)
}

// homeAlerts lists what the law asks for, the soonest first.
func (c *call) homeAlerts(page *CounsellorHome, everyone bool) error {
	all, err := c.s.cfg.People.Alerts(c.r.Context(), c.who.OrganisationID, c.now)
	if err != nil {
		return err
	}
	more := 0
	for _, a := range all {
		if !everyone && !c.mine(a.Person) {
			continue
		}
		if len(page.Alerts) == alertsShown {
			more++
			continue
		}
		due := c.dueAlert(a.Alert)
		due.Code, due.Href = a.Person.Code, journeyPath(a.Person.ID)
		page.Alerts = append(page.Alerts, due)
	}
	if more > 0 {
		page.MoreAlerts = c.N("journey.more_alerts", more)
	}
	return nil
}

// homeEnding lists the agreements that end soon.
func (c *call) homeEnding(page *CounsellorHome, everyone bool) error {
	ending, err := c.s.cfg.People.AgreementsEnding(c.r.Context(), c.who.OrganisationID, c.now.AddDate(0, 0, endingDays))
	if err != nil {
		return err
	}
	positions, err := c.positionsOf(ending)
	if err != nil {
		return err
	}
	for _, a := range ending {
		p, err := c.s.cfg.People.Get(c.r.Context(), a.PersonID)
		if err != nil {
			return err
		}
		if !everyone && !c.mine(p) {
			continue
		}
		row := AgreementDue{Code: p.Code, Href: journeyPath(p.ID) + "#accords", Title: c.T("journey.position_gone"), When: c.civilDay(a.ExpiresOn)}
		if lot := positions[opportunities.LotID(a.PositionID)]; lot != nil && lot.Opportunity != nil {
			row.Title = or(lot.Title, lot.Opportunity.Title)
		}
		page.Ending = append(page.Ending, row)
	}
	return nil
}

// homeComplete lists the journeys that lack what a match needs, or were not read
// again for three months.
func (c *call) homeComplete(page *CounsellorHome, everyone bool) error {
	who, err := c.counsellorNames()
	if err != nil {
		return err
	}
	more := 0
	err = c.eachActive(func(p *people.Person) {
		if !everyone && !c.mine(p) {
			return
		}
		tags := c.toComplete(p)
		switch {
		case len(tags) == 0:
		case len(page.ToComplete) == completeShown:
			more++
		default:
			row := CompleteRow{Code: p.Code, Href: journeyPath(p.ID), Tags: tags, Counsellor: c.T("journey.nobody_yet")}
			if p.CounsellorID != nil {
				row.Counsellor = who[*p.CounsellorID]
			}
			page.ToComplete = append(page.ToComplete, row)
		}
	})
	if more > 0 {
		page.MoreComplete = c.N("journey.more_complete", more)
	}
	return err
}

// eachActive reads the journeys of the structure that run, within a bound.
func (c *call) eachActive(see func(*people.Person)) error {
	f := people.Filter{Organisation: c.who.OrganisationID, States: []people.State{people.Active}}
	after := ""
	for range homePages {
		found, err := c.s.cfg.People.List(c.r.Context(), f, people.Request{After: after, Limit: 200})
		if err != nil {
			return err
		}
		for _, p := range found.Items {
			see(p)
		}
		if after = found.Next; after == "" {
			return nil
		}
	}
	return nil
}

func (c *call) toComplete(p *people.Person) (tags []Tag) {
	for _, key := range c.lacking(p) {
		tags = append(tags, Tag{Text: c.T("journey.without_" + key), State: Unknown})
	}
	if p.UpdatedAt.Before(c.now.AddDate(0, -quietMonths, 0)) {
		tags = append(tags, Tag{Text: c.T("journey.quiet", "Day", c.ShortDate(p.UpdatedAt)), State: Partial, Icon: "clock"})
	}
	return tags
}

func (c *call) homeFigures(page *CounsellorHome, _ bool) error {
	counts, err := c.s.cfg.People.Counts(c.r.Context(), c.who.OrganisationID)
	if err != nil {
		return err
	}
	for _, s := range people.States() {
		page.Figures = append(page.Figures, Figure{Label: c.T("journey.states." + string(s)), Value: c.Num(counts[s])})
	}
	return nil
}
