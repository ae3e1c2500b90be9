package web

import (
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
)

const countersignPath = "/admin/confirmations"

// countersignatures lists to an administrator what an officer made up alone and nobody
// has looked at since. Each gesture carries what was read: the revision of the
// organisation and the invitations, so that nothing unread is confirmed.
func (s *Server) countersignatures(c *call) error {
	waits, err := s.cfg.Network.Awaiting(c.r.Context(), 0)
	if err != nil {
		return err
	}
	title := c.T("countersign.title")
	page := &AdminList{Page: c.page(title, Crumb{c.T("people.title"), "/admin/comptes"}, Crumb{Text: title}), Heading: title, Lead: c.T("countersign.lead"),
		Empty: Empty{Title: c.T("countersign.none"), Text: c.T("countersign.none_text")},
		Head:  []Column{{Text: c.T("people.organisation")}, {Text: c.T("countersign.what")}, {Text: c.T("countersign.accounts")}, {Text: c.T("people.do")}}}
	for _, one := range waits {
		page.Rows = append(page.Rows, c.countersignRow(one))
	}
	return c.show("admin_list", page)
}

func (c *call) countersignRow(one network.Awaited) AdminRow {
	var opened []string
	for _, a := range one.Accounts {
		key := "countersign.invited_on"
		if a.Accepted {
			key = "countersign.account_on"
		}
		opened = append(opened, c.T(key, "Email", string(a.Email), "Role", a.Role.Label().In(string(c.Lang)), "On", c.ShortDate(a.CreatedAt), "By", or(a.Inviter, c.T("countersign.somebody"))))
	}
	return AdminRow{Cells: []Cell{{Text: one.Name, Href: memberPath(one.ID), Note: one.Email}, {Text: c.countersignWhat(one), Note: c.openedBy(one)}, {Text: strings.Join(opened, " ; ")},
		{Actions: []CellAction{{c.T("countersign.do"), countersignPath + "/" + strconv.FormatInt(int64(one.ID), 10), readOf(one), one.Name}}}}}
}

// openedBy says who made an organisation and when, and who wrote its address.
func (c *call) openedBy(one network.Awaited) string {
	var said []string
	if one.Opened {
		said = append(said, c.T("countersign.opened_by", "Who", or(one.Opener, c.T("countersign.somebody")), "On", c.ShortDate(one.OpenedAt)))
	}
	if one.Address {
		said = append(said, c.T("countersign.address_by", "Who", or(one.Writer, c.T("countersign.somebody"))))
	}
	return strings.Join(said, " ; ")
}

// countersignWhat says what rests on the word of an officer.
func (c *call) countersignWhat(one network.Awaited) string {
	var what []string
	if one.Opened {
		what = append(what, c.T("countersign.opened"))
	}
	if one.Address {
		what = append(what, c.T("countersign.address"))
	}
	if len(one.Accounts) > 0 {
		what = append(what, c.N("countersign.opened_accounts", len(one.Accounts)))
	}
	return upperFirst(c.list(what))
}

// readOf is what a gesture confirms: a revision, then invitations.
func readOf(one network.Awaited) string {
	out := []string{strconv.FormatInt(one.Revision, 10)}
	for _, a := range one.Accounts {
		out = append(out, strconv.FormatInt(a.ID, 10))
	}
	return strings.Join(out, " ")
}

// countersign says that what was read of an organisation was looked at.
func (s *Server) countersign(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	var read []int64
	for _, text := range strings.Fields(c.form("geste")) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			read = nil
			break
		}
		read = append(read, n)
	}
	if len(read) == 0 {
		return fault.Invalid(fault.At("geste", "unknown", "Ce geste n’est pas compris.", "This gesture is not understood."))
	}
	if _, err := s.cfg.Network.Countersign(c.r.Context(), network.ID(id), read[0], read[1:]); err != nil {
		return err
	}
	return c.to(countersignPath, "countersigned")
}

// unsigned tells an officer, or the administration, that something of an organisation is
// not confirmed yet; empty: nothing, or not for this reader.
func (c *call) unsigned(o *network.Organisation) (string, error) {
	if !accounts.Can(c.who.Identity, accounts.OrganisationUnsigned, o.Scope(c.s.cfg.Atlas)) {
		return "", nil
	}
	waits, err := c.s.cfg.Network.Awaiting(c.r.Context(), o.ID)
	if err != nil || len(waits) == 0 {
		return "", err
	}
	return c.T("countersign.waits", "What", c.countersignWhat(waits[0])), nil
}
