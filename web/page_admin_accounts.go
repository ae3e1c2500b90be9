package web

import (
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
)

func (s *Server) accountList(c *call) error { return c.accountsPage(nil) }

func (c *call) accountsPage(errs map[string]string) error {
	const size = 100
	users, err := c.s.cfg.Accounts.Users(c.r.Context(), accounts.UserFilter{Text: c.query("quoi"), Role: accounts.Role(c.query("role")), After: accounts.UserID(c.number("apres")), Limit: size})
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("people.title")), Heading: c.T("people.heading"), Lead: c.T("people.lead"), FilterAction: "/admin/comptes", Empty: Empty{Title: c.T("people.none"), Text: c.T("people.none_text")},
		Head: []Column{{Text: c.T("people.name")}, {Text: c.T("people.role")}, {Text: c.T("people.organisation")}, {Text: c.T("people.last")}, {Text: c.T("people.state")}, {Text: c.T("people.do")}}}
	page.Filters = []Field{{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("people.name"), Value: c.query("quoi")}, {ID: "role", Name: "role", Kind: "select", Required: true, Label: c.T("people.role"), Options: c.roleOptions(c.query("role"), c.T("people.every_role"))}}
	names, err := c.organisationNames(users)
	if err != nil {
		return err
	}
	for _, user := range users {
		page.Rows = append(page.Rows, c.userRow(user, names))
	}
	if len(users) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(int64(users[size-1].ID), 10))
	}
	page.Form, page.Links = c.inviteForm(errs), []Link{{c.T("invitations.title"), "/admin/invitations"}, {c.T("countersign.title"), countersignPath}, {c.T("associations.title"), associationsPath}}
	page.Errors = summary(errs, "email", "role", "siret", "perimetre")
	return c.showForm(page, "admin_list", errs)
}

func (c *call) roleOptions(selected, any string) []Option {
	options := []Option{{Text: any}}
	for _, role := range accounts.Roles() {
		options = append(options, Option{Value: string(role), Text: role.Label().In(string(c.Lang)), Selected: string(role) == selected})
	}
	return options
}

func (c *call) organisationNames(users []accounts.User) (map[int64]string, error) {
	var ids []network.ID
	for _, user := range users {
		if user.OrganisationID != 0 && !slices.Contains(ids, network.ID(user.OrganisationID)) {
			ids = append(ids, network.ID(user.OrganisationID))
		}
	}
	names := map[int64]string{}
	if len(ids) == 0 {
		return names, nil
	}
	found, err := c.s.cfg.Network.LoadForMatching(c.r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		names[int64(o.ID)] = o.Called()
	}
	return names, nil
}

func (c *call) userRow(user accounts.User, names map[int64]string) AdminRow {
	id := strconv.FormatInt(int64(user.ID), 10)
	state, gesture := &Tag{Text: c.T("people.active"), State: Met}, CellAction{c.T("people.disable"), "/admin/comptes/" + id, "suspendre", user.Name}
	if !user.DisabledAt.IsZero() {
		state, gesture = &Tag{Text: c.T("people.disabled"), State: Missed}, CellAction{c.T("people.enable"), "/admin/comptes/" + id, "retablir", user.Name}
	}
	last := c.T("people.never")
	if !user.SignedInAt.IsZero() {
		last = c.Ago(user.SignedInAt, c.now)
	}
	organisation := Cell{Text: names[user.OrganisationID], Note: c.perimeterWords(user.Perimeter)}
	if organisation.Text != "" {
		organisation.Href = memberPath(network.ID(user.OrganisationID))
	}
	cells := []Cell{{Text: user.Name, Note: string(user.Email)}, {Text: user.Role.Label().In(string(c.Lang))}, organisation, {Text: last}, {Tag: state}, {}}
	if user.ID != c.who.UserID { // nobody locks themselves out
		cells[5].Actions = []CellAction{gesture}
	}
	return AdminRow{Cells: cells}
}

func (c *call) inviteForm(errs map[string]string) *AdminForm {
	return &AdminForm{Heading: c.T("people.invite"), Action: "/admin/comptes", Submit: c.T("people.invite_submit"), Fields: []Field{
		{ID: "email", Name: "email", Kind: "email", Label: c.T("people.email"), Value: c.form("email"), Required: true, Error: errs["email"]},
		{ID: "role-invite", Name: "role", Kind: "select", Label: c.T("people.role"), Required: true, Options: c.roleOptions(c.form("role"), c.T("form.choose")), Error: errs["role"]},
		{ID: "siret", Name: "siret", Label: c.T("people.siret"), Hint: c.T("people.siret_hint"), Value: c.form("siret"), InputMode: "numeric", Error: errs["siret"]},
		{ID: "perimetre", Name: "perimetre", Label: c.T("people.perimeter"), Hint: c.T("people.perimeter_hint"), Value: c.form("perimetre"), Error: errs["perimetre"]},
	}}
}

// invite keeps a place for somebody: for an enterprise, it is tied to the SIRET it claims.
func (s *Server) invite(c *call) error {
	in := accounts.Invite{Email: c.form("email"), Role: accounts.Role(c.form("role")), Lang: string(c.Lang)}
	errs := map[string]string{}
	scope := accounts.Scope{}
	if text := c.form("siret"); text != "" {
		o, err := c.claimed(text)
		if err != nil {
			errs["siret"] = fault.Of(err).Message.In(string(c.Lang))
		} else {
			in.OrganisationID, in.SIRET, in.Contact, scope = int64(o.ID), string(o.SIRET), o.Email, o.Scope(c.s.cfg.Atlas)
		}
	}
	if words := c.form("perimetre"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			errs["perimetre"] = c.T("zone.unknown", "Words", words)
		} else {
			in.Perimeter = expr.String()
		}
	}
	if len(errs) == 0 {
		_, err := s.cfg.Accounts.Invite(c.r.Context(), scope, in)
		if err == nil {
			return c.to("/admin/comptes", "invited")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = formErrors(fields, general)
	}
	return c.accountsPage(errs)
}

// claimed finds the organisation of a SIRET that somebody is invited to claim.
func (c *call) claimed(text string) (*network.Organisation, error) {
	siret, err := network.ParseSIRET(text)
	if err != nil {
		return nil, fault.New(fault.KindInvalid, "siret", "Ce SIRET n’est pas lisible : 14 chiffres sont attendus.", "This SIRET cannot be read: 14 digits are expected.").Because(err)
	}
	found, err := c.s.cfg.Network.BySIRET(c.r.Context(), siret)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.New(fault.KindNotFound, "siret", "Aucune organisation n’a ce SIRET ici. Importez-la d’abord.", "No organisation here has this SIRET. Import it first.")
	}
	return found[0], nil
}

// standing suspends an account or opens it again.
func (s *Server) standingOf(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if c.form("geste") == "retablir" {
		_, err = s.cfg.Accounts.Enable(c.r.Context(), accounts.UserID(id), 0)
	} else {
		_, err = s.cfg.Accounts.Disable(c.r.Context(), accounts.UserID(id), 0)
	}
	if err != nil {
		return err
	}
	return c.to("/admin/comptes", "saved")
}
