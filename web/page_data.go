package web

import (
	"strconv"

	"maillage/accounts"
)

// DataPage is what the platform keeps of the person, and what they can do with it.
type DataPage struct {
	Page
	Heading, Lead string
	Known         bool
	Facts         []Fact
	Sessions      []SessionRow
	Tokens        []TokenRow
	Kept          []string
	Name, Tongue  Field
	Suspended     string // since when no letter comes, and why; empty: letters come
	Webhooks      string // where one's programs that are told are listed; empty: not for this account
}

// SessionRow is an open session of the person.
type SessionRow struct {
	ID, Device, Since, Seen string
	This                    bool
}

// TokenRow is an API token of the person.
type TokenRow struct {
	ID, Name, Scopes string
	Expires          Tag
	Live             bool
}

func (s *Server) myData(c *call) error {
	page, err := c.dataPage(nil)
	if err != nil {
		return err
	}
	return c.show("data", page)
}

func (c *call) dataPage(errs map[string]string) (*DataPage, error) {
	s := c.s
	page := &DataPage{Page: c.page(c.T("data.title")), Heading: c.T("data.heading"), Lead: c.T("data.lead"), Known: c.who.Known(),
		Kept: []string{c.T("data.kept_1"), c.T("data.kept_2"), c.T("data.kept_3"), c.T("data.kept_4"), c.T("data.kept_5")}}
	if !page.Known {
		return page, nil
	}
	name := c.who.Name
	if errs != nil {
		name = c.form("nom")
	}
	page.Name = Field{ID: "nom", Name: "nom", Label: c.T("data.name"), Value: name, Required: true, Autocomplete: "name", Error: errs["name"]}
	page.Tongue = Field{ID: "langue", Name: "langue", Kind: "select", Label: c.T("data.lang"), Required: true, Options: c.options("data.lang_", string(c.Lang), "", "fr", "en")}
	page.Errors = summary(map[string]string{"": errs[""], "nom": errs["name"]}, "nom")
	page.Facts = []Fact{{Label: c.T("data.name"), Lines: []string{c.who.Name}}, {Label: c.T("data.role"), Lines: []string{c.who.Role.Label().In(string(c.Lang))}}}
	if c.may(accounts.WebhookRead) {
		page.Webhooks = webhooksPath
	}
	sessions, err := s.cfg.Accounts.Sessions(c.r.Context())
	if err != nil {
		return nil, err
	}
	for _, session := range sessions {
		page.Sessions = append(page.Sessions, SessionRow{ID: strconv.FormatInt(session.ID, 10), Device: clip(session.Device, 60), Since: c.When(session.CreatedAt, c.now), Seen: c.Ago(session.SeenAt, c.now), This: session.ID == c.who.CredentialID})
	}
	if page.Suspended, err = c.suspended(); err != nil {
		return nil, err
	}
	tokens, err := s.cfg.Accounts.Tokens(c.r.Context())
	if err != nil {
		return nil, err
	}
	for _, token := range tokens {
		page.Tokens = append(page.Tokens, c.tokenRow(token))
	}
	return page, nil
}

func (c *call) tokenRow(token accounts.Token) TokenRow {
	row := TokenRow{ID: strconv.FormatInt(token.ID, 10), Name: token.Name, Scopes: token.ScopeList, Live: token.RevokedAt.IsZero() && token.ExpiresAt.After(c.now)}
	row.Expires = Tag{Text: c.T("member.valid_until", "Date", c.ShortDate(token.ExpiresAt)), State: Met}
	switch {
	case !token.RevokedAt.IsZero():
		row.Expires = Tag{Text: c.T("data.revoked", "Date", c.ShortDate(token.RevokedAt)), State: Missed}
	case !row.Live:
		row.Expires = Tag{Text: c.T("member.expired", "Date", c.ShortDate(token.ExpiresAt)), State: Missed}
	}
	return row
}

// endSession signs a device out.
func (s *Server) endSession(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Accounts.EndSession(c.r.Context(), id); err != nil {
		return err
	}
	return c.to("/mes-donnees", "session_ended")
}

func (s *Server) revokeToken(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Accounts.RevokeToken(c.r.Context(), id); err != nil {
		return err
	}
	return c.to("/mes-donnees", "token_revoked")
}

// ProsePage is a page that is mostly text.
type ProsePage struct{ Page }

// prose shows one of the texts of templates/prose.
func (s *Server) prose(name string) func(*call) error {
	return func(c *call) error {
		return c.show(name, &ProsePage{Page: c.page(c.T(name + ".title"))})
	}
}
