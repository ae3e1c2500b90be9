package web

import (
	"maillage/accounts"
	"maillage/followup/bounces"
)

// suspended says that one's own address takes no letters; empty: it does.
func (c *call) suspended() (string, error) {
	one, err := c.s.cfg.Bounces.Own(c.r.Context())
	if err != nil || one == nil {
		return "", err
	}
	return c.T("bounce.own_"+string(one.Origin), "When", c.When(one.At, c.now)), nil
}

// liftOwnAddress says that one's own address works.
func (s *Server) liftOwnAddress(c *call) error {
	if err := s.cfg.Bounces.LiftOwn(c.r.Context()); err != nil {
		return err
	}
	return c.to("/mes-donnees", "address_works")
}

// suspendedPart are those whom no letter reaches: to be called.
func (c *call) suspendedPart() (MondayPart, error) {
	all, err := c.s.cfg.Bounces.Suspended(c.r.Context())
	if err != nil {
		return MondayPart{}, err
	}
	part := MondayPart{ID: "adresses", Title: c.mondayTitle("suspended", len(all)), Text: c.T("monday.suspended_text"), All: Link{c.T("monday.suspended_all"), contactsPath}}
	for _, r := range all {
		part.Rows = append(part.Rows, c.suspendedRow(r))
	}
	return part, nil
}

func (c *call) suspendedRow(r bounces.Reached) MondayRow {
	row := MondayRow{OppRow: OppRow{Row: "a" + revisionOf(int64(r.UserID)), Title: r.Name, Over: r.Enterprise, Text: c.T("bounce.since", "When", c.When(r.At, c.now)), Days: Days{NoDate: true, When: c.T("bounce.by_" + string(r.Origin))}}}
	row.Href = "/membres"
	if r.Organisation != 0 {
		row.Href = "/membres/" + revisionOf(r.Organisation)
	}
	row.Post = &MondayGesture{Action: mondayPath + "/adresses/" + revisionOf(int64(r.UserID)), Name: "geste", Value: "reprendre", Text: c.T("bounce.lift")}
	return row
}

// liftAddress says that the address of an account works again.
func (s *Server) liftAddress(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Bounces.Lift(c.r.Context(), accounts.UserID(id)); err != nil {
		return err
	}
	return c.to(mondayPath, "address_lifted")
}
