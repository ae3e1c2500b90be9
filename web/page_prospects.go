package web

import (
	"maillage/matching/placement"
	"maillage/people"
)

// ProspectsPage is a person and the positions that suit, for the counsellor and
// the person: what is near, and what one step would open.
type ProspectsPage struct {
	Page
	Heading, Lead string
	Positions     []CandidateView
	None          Empty
	Near          []CandidateView
	Pager         Pager
	Gains         []GainView
	GainsSaid     string
	NoGain        string
}

// GainView is one thing that a person could do next, and what it would open.
type GainView struct {
	ID, Words, More string
	Trainings       []TrainingLine
	Lots            LotsView
}

func prospectsPath(id people.ID) string { return journeyPath(id) + "/postes" }

func (s *Server) prospects(c *call) error {
	p, err := c.person()
	if err != nil {
		return err
	}
	after := max(0, int(c.number("apres")))
	found, err := s.cfg.Placement.PositionsFor(c.r.Context(), p.ID, placement.Query{Limit: candidatesPerPage, After: after, Near: nearShown})
	if err != nil {
		return err
	}
	page := &ProspectsPage{Page: c.page(c.T("placing.prospects_title", "Code", p.Code), c.journeysCrumb(), c.journeyCrumb(p), Crumb{Text: c.T("placing.positions")}),
		Heading: c.T("placing.prospects_title", "Code", p.Code), Lead: c.T("placing.prospects_none")}
	if found.Total > 0 {
		page.Lead = upperFirst(c.N("placing.prospects_lead", found.Total, "Count", c.Count(found.Total)))
	}
	if p := found.Person.Post; p != nil {
		page.Lead = joined(" ", page.Lead, p.Words.In(string(c.Lang)))
	}
	page.None = Empty{Title: c.T("placing.no_position"), Text: c.T("placing.no_position_text"), Actions: []Link{{c.T("journey.edit"), journeyPath(p.ID) + "/modifier"}}}
	switch {
	case found.Paused:
		page.None = Empty{Title: c.T("placing.paused"), Text: c.T("placing.paused_text"), Actions: []Link{{p.Code, journeyPath(p.ID)}}}
	case found.Person.Post != nil && found.Total == 0:
		page.None = Empty{Title: c.T("placing.at_work"), Text: c.T("placing.at_work_text"), Actions: page.None.Actions}
	case found.ToSpecify:
		page.None = Empty{Title: c.T("placing.person_to_specify"), Text: c.T("placing.person_to_specify_text"), Actions: page.None.Actions}
	}
	for i := range found.Positions {
		page.Positions = append(page.Positions, c.prospectOf(&found.Positions[i]))
	}
	if after == 0 {
		for i := range found.Near {
			page.Near = append(page.Near, c.prospectOf(&found.Near[i]))
		}
	}
	c.pageCandidates(&page.Pager, found.Total, len(found.Positions), found.Next, after)
	if err := c.fillGains(page, p); err != nil {
		return err
	}
	return c.show("prospects", page)
}

// fillGains counts what one more licence, skill, language, occupation or a wider
// range would open.
func (c *call) fillGains(page *ProspectsPage, p *people.Person) error {
	page.NoGain = c.T("placing.no_gain")
	if p.State != people.Active {
		return nil
	}
	found, err := c.s.cfg.Placement.WhatIf(c.r.Context(), p.ID)
	if err != nil {
		return err
	}
	page.GainsSaid = c.T("placing.gains_said", "Since", c.civilDay(found.Since))
	for i, g := range found.Gains {
		page.Gains = append(page.Gains, c.gainView(i+1, g))
	}
	return nil
}

func (c *call) gainView(n int, g placement.Opening) GainView {
	v := GainView{ID: "si-" + c.Num(n), Words: g.Sentence.In(string(c.Lang)), More: c.N("placing.gain", g.Total)}
	open := "placing.gain_open"
	if len(g.Trainings) > 0 {
		open = "placing.gain_in_time"
	}
	if g.Open > 0 {
		v.More = joined(", ", v.More, c.N(open, g.Open))
	}
	for _, t := range g.Trainings {
		v.Trainings = append(v.Trainings, c.trainingLine(t))
	}
	v.Lots.Summary = c.N("placing.gain_list", len(g.Positions))
	for _, h := range g.Positions {
		v.Lots.Rows = append(v.Lots.Rows, c.headRow(h))
	}
	if rest := g.Total - len(g.Positions); rest > 0 {
		v.Lots.Rest = c.N("placing.gain_rest", rest)
	}
	return v
}

// headRow is a position in a list.
func (c *call) headRow(h placement.Head) OppRow {
	row := OppRow{Title: h.Title, Href: headPath(h), Over: joined(" · ", c.T("kind."+string(h.Kind)), h.Employer, h.Place.In(string(c.Lang))), Days: Days{NoDate: true, When: c.T("placing.closed")}}
	if h.Open {
		row.Days.When = c.T("placing.open")
		if h.Deadline != nil {
			row.Days = c.daysLeft(c.now, *h.Deadline)
		}
	}
	return row
}
