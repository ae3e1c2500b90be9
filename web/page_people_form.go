package web

import (
	"strconv"
	"strings"

	"maillage/internal/fault"
	"maillage/people"
)

// journeyForm begins a journey, accompanied by who makes it.
func (s *Server) journeyForm(c *call) error {
	if err := c.theirs(); err != nil {
		return err
	}
	c.r.PostForm = map[string][]string{"conseil": {strconv.FormatInt(int64(c.who.UserID), 10)}}
	return c.showJourneyForm(nil, nil)
}

func (c *call) showJourneyForm(p *people.Person, r *reading) error {
	if r == nil {
		r = &reading{}
	}
	page, err := c.journeyFormPage(p, r.errs, r.several)
	if err != nil {
		return err
	}
	return c.showForm(page, "journey_form", r.errs)
}

func (s *Server) makeJourney(c *call) error {
	if err := c.theirs(); err != nil {
		return err
	}
	r := c.readJourney(&people.Person{OrganisationID: c.who.OrganisationID})
	if c.form("plus") != "" {
		return c.showJourneyForm(nil, &reading{several: r.several})
	}
	if !r.says() {
		r.errs[""] = c.T("journey.error_empty")
	}
	if len(r.errs) > 0 {
		return c.showJourneyForm(nil, r)
	}
	made, err := s.cfg.People.Create(c.r.Context(), r.p)
	if err != nil {
		return c.refusedJourney(nil, r, err)
	}
	return c.to(journeyPath(made.ID), "journey_made")
}

// refusedJourney shows the form again with what the service found; nothing that was typed is lost.
func (c *call) refusedJourney(p *people.Person, r *reading, err error) error {
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	if fault.Is(err, fault.KindPrecondition) {
		return c.staleJourney(p)
	}
	if fault.Of(err).Code == "repeated-number" {
		fields = map[string]string{"key": general}
	}
	r.located(fields, general)
	return c.showJourneyForm(p, r)
}

func (s *Server) journeyEditForm(c *call) error {
	p, err := c.person()
	if err != nil {
		return err
	}
	if p.State == people.Ended {
		return fault.Conflict("finished", "Ce parcours est terminé : il ne change plus.", "This journey has ended: it no longer changes.")
	}
	c.r.PostForm = c.journeyAsForm(p)
	c.r.PostForm.Set("revision", strconv.FormatInt(p.Revision, 10))
	last, err := s.cfg.People.Events(c.r.Context(), p.ID, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		c.r.PostForm.Set("lu", strconv.FormatInt(last[0].ID, 10))
	}
	return c.showJourneyForm(p, nil)
}

func (s *Server) editJourney(c *call) error {
	p, err := c.person()
	if err != nil {
		return err
	}
	r := c.readJourney(p)
	if c.form("plus") != "" {
		return c.showJourneyForm(p, &reading{several: r.several})
	}
	if len(r.errs) > 0 {
		return c.showJourneyForm(p, r)
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	if _, err := s.cfg.People.Update(c.r.Context(), revision, r.p); err != nil {
		return c.refusedJourney(p, r, err)
	}
	return c.to(journeyPath(p.ID), "journey_saved")
}

// staleJourney keeps what was typed, tells what somebody else changed meanwhile,
// and lets the person decide: saved again, the form wins.
func (c *call) staleJourney(p *people.Person) error {
	since, err := strconv.ParseInt(c.form("lu"), 10, 64)
	if err != nil {
		since = 0
	}
	fresh, err := c.s.cfg.People.Get(c.r.Context(), p.ID)
	if err != nil {
		return err
	}
	history, err := c.journeyHistory(p.ID, 20)
	if err != nil {
		return err
	}
	c.r.PostForm.Set("revision", strconv.FormatInt(fresh.Revision, 10))
	if len(history) > 0 {
		c.r.PostForm.Set("lu", strconv.FormatInt(history[0].id, 10))
	}
	page, err := c.journeyFormPage(fresh, nil, nil)
	if err != nil {
		return err
	}
	page.Stale = &StaleNote{}
	for _, line := range history {
		if line.id > since {
			page.Stale.Changes = append(page.Stale.Changes, joined(", ", line.When, line.Who, line.What, strings.ToLower(strings.Join(line.Fields, ", "))))
		}
	}
	return c.showStatus(412, "journey_form", page)
}
