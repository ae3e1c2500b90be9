package web

import (
	"net"
	"net/http"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
)

// AccountForm is a short form about an account: signing in, an invitation, a password.
type AccountForm struct {
	Page
	Heading, Lead string
	Action        string
	Hidden        map[string]string
	Fields        []Field
	Submit        string
	Notes         []string
	Links         []Link
	Accounts      []DemoAccount
}

// DemoLogin is an account of the demonstration that a visitor may enter with one gesture.
type DemoLogin struct {
	Email, Password string
	Role            accounts.Role
	Title           string
}

func (c *call) demoAccounts() []DemoAccount {
	if !c.s.cfg.Demo {
		return nil
	}
	var all []DemoAccount
	for _, login := range c.s.cfg.DemoLogins {
		all = append(all, DemoAccount{Key: login.Email, Role: login.Role.Label().In(string(c.Lang)), Who: login.Title})
	}
	return all
}

// client is the address that the limits count.
func (c *call) client() string {
	if c.s.cfg.Client != nil {
		return c.s.cfg.Client(c.r)
	}
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return c.r.RemoteAddr
	}
	return host
}

func (c *call) previous() string {
	if cookie, err := c.r.Cookie(SessionCookie); err == nil {
		return cookie.Value
	}
	return ""
}

func (s *Server) signInForm(c *call) error {
	if c.who.Known() {
		return c.to(localPath(c.query("retour")), "")
	}
	return c.show("account_form", c.signInPage("", nil))
}

func (c *call) signInPage(email string, errs map[string]string) *AccountForm {
	page := &AccountForm{
		Page: c.page(c.T("signin.title")), Heading: c.T("signin.heading"), Action: "/connexion",
		Hidden: map[string]string{"retour": localPath(c.r.FormValue("retour"))},
		Fields: []Field{
			{ID: "email", Name: "email", Kind: "email", Label: c.T("signin.email"), Value: email, Required: true, Autocomplete: "username", Error: errs["email"]},
			{ID: "mot-de-passe", Name: "mot_de_passe", Kind: "password", Label: c.T("signin.password"), Required: true, Autocomplete: "current-password", Error: errs["mot-de-passe"]},
		},
		Submit: c.T("signin.submit"), Notes: []string{c.T("signin.no_account")}, Links: []Link{{c.T("signin.forgot"), "/reset"}}, Accounts: c.demoAccounts(),
	}
	page.Errors = summary(errs, "email", "mot-de-passe")
	return page
}

// refuse shows the form again with what is wrong: 422, or 429 with how long to wait.
func (c *call) refuse(err error, page *AccountForm, errs map[string]string) error {
	if !fault.Is(err, fault.KindTooMany) {
		return c.showForm(page, "account_form", errs)
	}
	c.w.Header().Set("Retry-After", strconv.Itoa(accounts.WaitOf(err)))
	return c.showStatus(http.StatusTooManyRequests, "account_form", page)
}

func (s *Server) signIn(c *call) error {
	opened, err := s.cfg.Accounts.SignIn(c.r.Context(), accounts.Credentials{
		Email: c.form("email"), Password: c.r.PostFormValue("mot_de_passe"), Client: c.client(), Device: c.r.UserAgent(), Previous: c.previous(),
	})
	if err != nil {
		said, ok := c.refused(err)
		if !ok {
			return err
		}
		errs := map[string]string{"": said}
		return c.refuse(err, c.signInPage(c.form("email"), errs), errs)
	}
	c.session(opened)
	return c.to(localPath(c.form("retour")), "signed_in")
}

// signInDemo enters the demonstration under one of its roles.
func (s *Server) signInDemo(c *call) error {
	for _, login := range s.cfg.DemoLogins {
		if !s.cfg.Demo || login.Email != c.form("compte") {
			continue
		}
		opened, err := s.cfg.Accounts.SignIn(c.r.Context(), accounts.Credentials{Email: login.Email, Password: login.Password, Client: c.client(), Device: c.r.UserAgent(), Previous: c.previous()})
		if err != nil {
			return err
		}
		c.session(opened)
		return c.to("/", "signed_in")
	}
	return c.to("/connexion", "")
}

func (s *Server) signOut(c *call) error {
	if secret := c.previous(); secret != "" {
		if err := s.cfg.Accounts.SignOut(c.r.Context(), secret); err != nil {
			return err
		}
	}
	c.session(accounts.Opened{})
	return c.to("/", "signed_out")
}

// invitationForm shows whom an invitation is for; a link that no longer works says so.
func (s *Server) invitationForm(c *call) error {
	c.secretPage()
	page, err := c.invitationPage(nil)
	if err != nil {
		return c.deadLink(err)
	}
	return c.show("account_form", page)
}

// secretPage keeps a page whose address is a secret out of every cache and referrer.
func (c *call) secretPage() {
	c.w.Header().Set("Referrer-Policy", "no-referrer")
	c.w.Header().Set("Cache-Control", "no-store")
}

func (c *call) invitationPage(errs map[string]string) (*AccountForm, error) {
	secret := c.r.PathValue("secret")
	invited, err := c.s.cfg.Accounts.Invited(c.r.Context(), secret, c.client())
	if err != nil {
		return nil, err
	}
	page := &AccountForm{Page: c.page(c.T("invite.title")), Heading: c.T("invite.heading"), Lead: c.T("invite.lead"), Action: "/invitation/" + secret, Submit: c.T("invite.submit")}
	if invited.Email == "" {
		page.Heading, page.Lead, page.Submit = c.T("first.heading"), c.T("first.lead"), c.T("first.submit")
		page.Fields = append(page.Fields, Field{ID: "email", Name: "email", Kind: "email", Label: c.T("signin.email"), Value: c.form("email"), Required: true, Autocomplete: "username", Error: errs["email"]})
	}
	if invited.OrganisationID != 0 {
		if o, err := c.s.cfg.Network.Get(c.r.Context(), network.ID(invited.OrganisationID)); err == nil {
			page.Lead = c.T("invite.lead_org", "Name", o.Called())
		}
	}
	page.Fields = append(page.Fields,
		Field{ID: "nom", Name: "nom", Label: c.T("invite.name"), Hint: c.T("invite.name_hint"), Value: c.form("nom"), Required: true, Autocomplete: "name", Error: errs["nom"]},
		Field{ID: "mot-de-passe", Name: "mot_de_passe", Kind: "password", Label: c.T("invite.password"), Hint: c.T("invite.password_hint"), Required: true, Autocomplete: "new-password", Error: errs["mot-de-passe"]})
	page.Errors = summary(errs, "email", "nom", "mot-de-passe")
	return page, nil
}

// deadLink says that a link has served or is too old.
func (c *call) deadLink(err error) error {
	if _, ok := c.gone(err); !ok {
		return err
	}
	return c.showStatus(http.StatusGone, "account_form", &AccountForm{Page: c.page(c.T("invite.gone")), Heading: c.T("invite.gone"), Lead: c.T("invite.gone_text"), Links: []Link{{c.T("reset.back"), "/connexion"}}})
}

func (s *Server) acceptInvitation(c *call) error {
	c.secretPage()
	opened, err := s.cfg.Accounts.Accept(c.r.Context(), accounts.Acceptance{
		Secret: c.r.PathValue("secret"), Email: c.form("email"), Name: c.form("nom"), Password: c.r.PostFormValue("mot_de_passe"),
		Lang: string(c.Lang), Client: c.client(), Device: c.r.UserAgent(),
	})
	if err == nil {
		c.session(opened)
		return c.to("/", "account_ready")
	}
	errs, ok := c.accountErrors(err)
	if !ok {
		return c.deadLink(err)
	}
	page, gone := c.invitationPage(errs)
	if gone != nil {
		return c.deadLink(gone)
	}
	return c.refuse(err, page, errs)
}

// accountErrors names the fields of the accounts as these forms call them.
func (c *call) accountErrors(err error) (map[string]string, bool) {
	fields, general, ok := c.faults(err)
	if f := fault.Of(err); f.Kind == fault.KindTooMany || f.Code == "demonstration" {
		return map[string]string{"": f.Message.In(string(c.Lang))}, true
	}
	if !ok {
		return nil, false
	}
	named := map[string]string{}
	names := map[string]string{"name": "nom", "password": "mot-de-passe", "email": "email", "current": "actuel", "next": "mot-de-passe"}
	for path, text := range fields {
		if id := names[path]; id != "" {
			named[id] = text
			continue
		}
		named[path] = text
	}
	return formErrors(named, general), true
}

func (s *Server) resetForm(c *call) error { return c.show("account_form", c.resetPage(nil)) }

func (c *call) resetPage(errs map[string]string) *AccountForm {
	page := &AccountForm{Page: c.page(c.T("reset.title")), Heading: c.T("reset.heading"), Lead: c.T("reset.lead"), Action: "/reset", Submit: c.T("reset.submit"),
		Fields: []Field{{ID: "email", Name: "email", Kind: "email", Label: c.T("signin.email"), Value: c.form("email"), Required: true, Autocomplete: "username", Error: errs["email"]}},
		Links:  []Link{{c.T("reset.back"), "/connexion"}}}
	page.Errors = summary(errs, "email")
	return page
}

// requestReset says the same whether the address has an account or not.
func (s *Server) requestReset(c *call) error {
	if err := s.cfg.Accounts.RequestReset(c.r.Context(), c.form("email"), c.client()); err != nil {
		errs, ok := c.accountErrors(err)
		if !ok {
			return err
		}
		return c.refuse(err, c.resetPage(errs), errs)
	}
	return c.to("/connexion", "reset_sent")
}

func (s *Server) newPasswordForm(c *call) error {
	c.secretPage()
	return c.show("account_form", c.newPasswordPage(nil))
}

func (c *call) newPasswordPage(errs map[string]string) *AccountForm {
	page := &AccountForm{Page: c.page(c.T("reset.title")), Heading: c.T("reset.new_heading"), Action: "/reset/" + c.r.PathValue("secret"), Submit: c.T("reset.new_submit"),
		Fields: []Field{{ID: "mot-de-passe", Name: "mot_de_passe", Kind: "password", Label: c.T("reset.new"), Hint: c.T("invite.password_hint"), Required: true, Autocomplete: "new-password", Error: errs["mot-de-passe"]}}}
	page.Errors = summary(errs, "mot-de-passe")
	return page
}

func (s *Server) setNewPassword(c *call) error {
	c.secretPage()
	err := s.cfg.Accounts.ResetPassword(c.r.Context(), c.r.PathValue("secret"), c.r.PostFormValue("mot_de_passe"), c.client())
	if err == nil {
		return c.to("/connexion", "password_changed")
	}
	errs, ok := c.accountErrors(err)
	if !ok {
		return c.deadLink(err)
	}
	return c.refuse(err, c.newPasswordPage(errs), errs)
}

func (s *Server) passwordForm(c *call) error {
	return c.show("account_form", c.passwordPage(nil))
}

func (c *call) passwordPage(errs map[string]string) *AccountForm {
	page := &AccountForm{Page: c.page(c.T("reset.title")), Heading: c.T("reset.new_heading"), Action: "/mot-de-passe", Submit: c.T("reset.new_submit"), Fields: []Field{
		{ID: "actuel", Name: "actuel", Kind: "password", Label: c.T("reset.current"), Required: true, Autocomplete: "current-password", Error: errs["actuel"]},
		{ID: "mot-de-passe", Name: "mot_de_passe", Kind: "password", Label: c.T("reset.new"), Hint: c.T("invite.password_hint"), Required: true, Autocomplete: "new-password", Error: errs["mot-de-passe"]},
	}}
	page.Errors = summary(errs, "actuel", "mot-de-passe")
	return page
}

func (s *Server) changePassword(c *call) error {
	err := s.cfg.Accounts.ChangePassword(c.r.Context(), c.r.PostFormValue("actuel"), c.r.PostFormValue("mot_de_passe"), c.client())
	if err == nil {
		return c.to("/mes-donnees", "password_changed")
	}
	errs, ok := c.accountErrors(err)
	if !ok {
		said, refused := c.refused(err)
		if !refused {
			return err
		}
		errs = map[string]string{"": said}
	}
	return c.refuse(err, c.passwordPage(errs), errs)
}
