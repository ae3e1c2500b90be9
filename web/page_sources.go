package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/tenders"
)

func (c *call) runRow(run tenders.Run) AdminRow {
	state := &Tag{Text: c.T("sources.done"), State: Met}
	took := ""
	switch {
	case run.Error != "":
		state = &Tag{Text: c.T("sources.failed"), State: Missed}
	case run.EndedAt == nil:
		state = &Tag{Text: c.T("sources.under_way"), State: Partial, Icon: "clock"}
	}
	if run.EndedAt != nil {
		took = c.Duration(run.EndedAt.Sub(run.StartedAt))
	}
	files := ""
	for i, path := range run.Paths {
		if i == 3 {
			files += "…"
			break
		}
		files = joined(", ", files, lastName(path))
	}
	number := func(n int) Cell { return Cell{Text: c.Num(n), Number: true} }
	refused := number(run.Report.Quarantined)
	if run.Report.Quarantined > 0 {
		refused.Href = "/admin/quarantaine"
	}
	partly := number(run.Report.NotUnderstood + run.Report.Unread)
	if run.Report.NotUnderstood+run.Report.Unread > 0 {
		partly.Href = unreadPath
	}
	return AdminRow{Cells: []Cell{{Text: c.When(run.StartedAt, c.now), Note: took}, {Tag: state, Note: run.Why().In(string(c.Lang)), Code: run.Error}, {Text: files},
		number(run.Report.Read), number(run.Report.Made), number(run.Report.Updated), number(run.Report.Unchanged), partly, refused}}
}

// invitations lists those that nobody has accepted yet.
func (s *Server) invitations(c *call) error {
	const size = 100
	pending, err := s.cfg.Accounts.Invitations(c.r.Context(), 0, c.number("apres"), size)
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("invitations.title"), Crumb{c.T("people.title"), "/admin/comptes"}, Crumb{Text: c.T("invitations.title")}), Heading: c.T("invitations.title"), Lead: c.T("invitations.lead"),
		Empty: Empty{Title: c.T("invitations.none"), Text: c.T("invitations.none_text"), Actions: []Link{{c.T("people.invite"), "/admin/comptes"}}},
		Head:  []Column{{Text: c.T("people.email")}, {Text: c.T("people.role")}, {Text: c.T("people.organisation")}, {Text: c.T("invitations.until")}, {Text: c.T("people.do")}}}
	for _, one := range pending {
		page.Rows = append(page.Rows, c.invitationRow(one))
	}
	if len(pending) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(pending[size-1].ID, 10))
	}
	return c.show("admin_list", page)
}

func (c *call) invitationRow(one accounts.Invitation) AdminRow {
	action := "/admin/invitations/" + strconv.FormatInt(one.ID, 10)
	organisation := Cell{Text: one.SIRET, Note: c.perimeterWords(one.Perimeter)}
	if one.OrganisationID != 0 {
		organisation.Href = memberPath(network.ID(one.OrganisationID))
	}
	until := Cell{Text: c.ShortDate(one.ExpiresAt)}
	if one.ExpiresAt.Before(c.now) {
		until.Tag = &Tag{Text: c.T("invitations.over"), State: Missed}
	}
	about := string(one.Email)
	return AdminRow{Cells: []Cell{{Text: or(about, c.T("first.title"))}, {Text: one.Role.Label().In(string(c.Lang))}, organisation, until,
		{Actions: []CellAction{{c.T("invitations.resend"), action, "renvoyer", about}, {c.T("invitations.withdraw"), action, "retirer", about}}}}}
}

// settleInvitation sends the letter again, or withdraws the invitation.
func (s *Server) settleInvitation(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	one, err := s.cfg.Accounts.Invitation(c.r.Context(), id)
	if err != nil {
		return err
	}
	scope := accounts.Scope{}
	if one.OrganisationID != 0 {
		o, err := s.cfg.Network.Get(c.r.Context(), network.ID(one.OrganisationID))
		if err != nil {
			return err
		}
		scope = o.Scope(c.s.cfg.Atlas)
	}
	switch c.form("geste") {
	case "renvoyer":
		if err := s.cfg.Accounts.Resend(c.r.Context(), scope, id); err != nil {
			return err
		}
		return c.to("/admin/invitations", "invited")
	case "retirer":
		if err := s.cfg.Accounts.Withdraw(c.r.Context(), scope, id); err != nil {
			return err
		}
		return c.to("/admin/invitations", "withdrawn")
	}
	return fault.Invalid(fault.At("geste", "unknown", "Ce geste n’est pas compris.", "This gesture is not understood."))
}
