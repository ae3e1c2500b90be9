package web

import (
	"html/template"
	"slices"
	"strconv"

	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// MemberHome is the first page of an enterprise of the network.
type MemberHome struct {
	Page
	Heading, Lead  string
	Awaits         []Await
	NothingAwaits  Empty
	MatchesHeading string
	MatchesSaid    string
	Matches        []MatchView
	NoMatch        Empty
	Near           []NearView
	Zone           Map
	ZoneText       string
	WhatIf         []WhatIfRow
	WhatIfSaid     template.HTML
	WhatIfBest     []Link // what else would bring lots, the most first
	Mirror         []Figure
	Routed         *RoutedView
}

// matchesShown is how many matches a home page reads out.
const matchesShown = 5

func (s *Server) homeOfMember(c *call) error {
	o, err := c.own()
	if err != nil {
		return err
	}
	answer, err := s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), o.ID, matching.Query{Limit: every, Near: 2})
	if err != nil {
		return err
	}
	counts, err := s.cfg.Opportunities.Counts(c.r.Context(), opportunities.Filter{Open: true})
	if err != nil {
		return err
	}
	page := &MemberHome{Page: c.page(c.T("home.title")),
		NothingAwaits: Empty{Title: c.T("home.nothing"), Text: c.T("home.nothing_member"), Actions: []Link{{c.T("home.check_enterprise"), "/entreprise"}, {c.T("home.see_open"), "/marches"}}},
		NoMatch:       Empty{Title: c.T("home.no_match"), Text: c.T("home.no_match_text"), Actions: []Link{{c.T("home.check_enterprise"), "/entreprise"}}},
	}
	waiting, err := c.fillMatches(page, answer)
	if err != nil {
		return err
	}
	received, err := c.awaitReceived()
	if err != nil {
		return err
	}
	asked, err := c.awaitCampaign()
	if err != nil {
		return err
	}
	ending, err := c.awaitPieces()
	if err != nil {
		return err
	}
	interested, err := c.awaitInterests()
	if err != nil {
		return err
	}
	named, err := c.awaitAwards()
	if err != nil {
		return err
	}
	received = append(named, append(received, interested...)...)
	page.Awaits = append(append(received, asked...), append(append(c.awaitDecisions(waiting), ending...), c.awaitFacts(o)...)...)
	page.Heading, page.Lead = c.awaitHeading(page.Awaits)
	if len(page.Awaits) == 0 && len(waiting) > 0 {
		page.Heading = upperFirst(c.N("home.heading_lots", len(waiting), "Count", c.Count(len(waiting))))
		page.NothingAwaits = Empty{Title: c.T("home.no_hurry"), Text: c.T("home.no_hurry_text"), Actions: []Link{{c.T("home.all_matches"), "/reponses"}}}
	}
	page.MatchesSaid = c.N("home.matches_said", counts.Open)
	page.Near = first(c.nearLots(answer), 2)
	c.fillZone(page, o)
	if err := c.homeWhatIf(page, o.ID); err != nil {
		return err
	}
	if page.Routed, err = c.routed(); err != nil {
		return err
	}
	page.Mirror = append(page.Mirror, Figure{Label: c.T("home.mirror_activities"), Value: c.Num(len(o.Activities))})
	return c.show("home_member", page)
}

// fillMatches puts the first matches that wait in the page and counts the others.
func (c *call) fillMatches(page *MemberHome, answer *matching.Answer) ([]matching.Item, error) {
	var waiting []matching.Item
	told, err := c.pursuitsOf(answer)
	if err != nil {
		return nil, err
	}
	yes, no := 0, 0
	for _, item := range answer.Matches {
		switch answerGroup(item, told[item.Match]) {
		case "waiting":
			waiting = append(waiting, item)
		case "yes":
			yes++
		case "no":
			no++
		}
	}
	for i, item := range first(waiting, matchesShown) {
		v := c.matchView(item, item.Lot)
		v.Open = i == 0
		page.Matches = append(page.Matches, v)
	}
	page.MatchesHeading = c.T("home.matches_none")
	if n := len(waiting); n > 0 {
		page.MatchesHeading = upperFirst(c.N("home.matches", n, "Count", c.Count(n)))
	}
	page.Mirror = []Figure{
		{Label: c.T("home.mirror_proposed"), Value: c.Num(answer.Total)}, {Label: c.T("home.mirror_waiting"), Value: c.Num(len(waiting))},
		{Label: c.T("home.mirror_yes"), Value: c.Num(yes)}, {Label: c.T("home.mirror_no"), Value: c.Num(no)},
	}
	return waiting, nil
}

// awaitDecisions are the lots to decide soonest: those due within ten working days.
func (c *call) awaitDecisions(waiting []matching.Item) []Await {
	soonest := slices.Clone(waiting)
	slices.SortStableFunc(soonest, func(a, b matching.Item) int {
		switch {
		case a.Lot.Deadline == nil && b.Lot.Deadline == nil:
			return 0
		case a.Lot.Deadline == nil:
			return 1
		case b.Lot.Deadline == nil:
			return -1
		}
		return a.Lot.Deadline.Compare(*b.Lot.Deadline)
	})
	var awaits []Await
	for _, item := range soonest {
		if item.Lot.Deadline == nil || len(awaits) == 3 {
			break
		}
		days := c.lotDays(item.Lot)
		if days.Left > 10 {
			break
		}
		path := answerPath(item.Match)
		if item.Match == 0 {
			path = lotPath(item.Lot)
		}
		awaits = append(awaits, Await{Days: &days, Title: c.T("home.decide", "Title", lotTitle(item.Lot)), Do: Link{c.T("home.decide_do"), path},
			Text: c.H("home.decide_text", "When", c.When(*item.Lot.Deadline, c.now), "Why", "")})
	}
	return awaits
}

// awaitAwards are the answers that an award names: the enterprise says whether it won.
func (c *call) awaitAwards() ([]Await, error) {
	all, err := c.s.cfg.Followup.Named(c.r.Context())
	if err != nil {
		return nil, err
	}
	var awaits []Await
	for i := range first(all, awardsAwaiting) {
		awaits = append(awaits, Await{Figure: "1", FigureWord: c.T("pursuit.await_word"), Title: c.T("pursuit.await", "Title", lotTitle(all[i].Lot)),
			Text: c.H("pursuit.await_text", "Buyer", all[i].Lot.Buyer), Do: Link{c.T("pursuit.await_do"), answerPath(all[i].MatchID)}})
	}
	return awaits, nil
}

// awardsAwaiting bounds the awards to confirm that a home page tells: the others come as these are.
const awardsAwaiting = 3

// awaitFacts asks to put right what is assumed or missing.
func (c *call) awaitFacts(o *network.Organisation) []Await {
	assumed, known := 0, false
	for _, a := range o.Activities {
		known = known || len(a.Codes) > 0
		if a.Origin == network.Assumed && len(a.Codes) > 0 || a.ZoneOrigin == network.Assumed && a.Zone != "" {
			assumed++
		}
	}
	do := Link{c.T("home.confirm_do"), "/entreprise"}
	switch {
	case !known:
		return []Await{{Figure: "5", FigureWord: c.T("home.minutes"), Title: c.T("home.specify_title"), Text: c.H("home.specify_text"), Do: do}}
	case assumed > 0:
		return []Await{{Figure: "5", FigureWord: c.T("home.minutes"), Title: c.T("home.confirm_title"), Text: c.H("home.confirm_text"), Do: do}}
	}
	return nil
}

// fillZone draws where the enterprise works.
func (c *call) fillZone(page *MemberHome, o *network.Organisation) {
	zone := c.zonesOf(o.Activities)
	if zone == nil {
		return
	}
	points := []MapPoint{}
	if at, ok := c.siteOf(o); ok {
		points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: "1", Name: o.Called(), Href: memberPath(o.ID), At: at, On: true})
	}
	page.Zone = c.zoneMap("ma-zone", zone, o.Called(), points)
	page.ZoneText = c.zoneSaid(zone)
}

// openLotsFor are the open lots that suit an enterprise, by score.
func (c *call) openLotsFor(o *network.Organisation) ([]OppRow, error) {
	answer, err := c.s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), o.ID, matching.Query{Limit: every})
	if err != nil {
		return nil, err
	}
	rows := make([]OppRow, 0, len(answer.Matches))
	for _, item := range answer.Matches {
		row := OppRow{Title: lotTitle(item.Lot), Href: lotPath(item.Lot), Over: joined(" · ", c.Percent(float64(item.Score)/100), item.Lot.Buyer), Text: item.Line.In(string(c.Lang)), Days: Days{NoDate: true}}
		if item.Lot.Deadline != nil {
			row.Days = c.lotDays(item.Lot)
		}
		rows = append(rows, row)
	}
	return rows, nil
}
