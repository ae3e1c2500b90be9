package web

import (
	"net/http"
	"time"

	"maillage/accounts"
)

// TokenPage makes an API token; its secret is shown once, here, and nowhere else.
type TokenPage struct {
	Page
	Heading, Lead string
	Secret        string // of the token just made
	Name, Days    Field
	Scopes        Field
}

func (s *Server) tokenForm(c *call) error { return c.show("token", c.tokenPage(nil)) }

func (c *call) tokenPage(errs map[string]string) *TokenPage {
	title := c.T("token.title")
	page := &TokenPage{Page: c.page(title, Crumb{c.T("data.title"), "/mes-donnees"}, Crumb{Text: title}), Heading: title, Lead: c.T("token.lead"),
		Name:   Field{ID: "nom", Name: "nom", Label: c.T("token.name"), Hint: c.T("token.name_hint"), Value: c.form("nom"), Required: true, Error: errs["nom"]},
		Days:   Field{ID: "jours", Name: "jours", Kind: "select", Label: c.T("token.until"), Required: true, Options: c.options("token.days_", or(c.form("jours"), "90"), "", "30", "90", "365")},
		Scopes: Field{ID: "portees", Name: "portee", Kind: "checkbox", Label: c.T("data.scopes"), Hint: c.T("token.scopes_hint"), Error: errs["portees"]},
	}
	chosen := map[string]bool{}
	for _, scope := range c.r.PostForm["portee"] {
		chosen[scope] = true
	}
	for _, scope := range accounts.TokenScopes() {
		page.Scopes.Options = append(page.Scopes.Options, Option{Value: string(scope), Text: string(scope), Selected: chosen[string(scope)]})
	}
	page.Errors = summary(errs, "nom", "portees", "jours")
	return page
}

func (s *Server) createToken(c *call) error {
	days := map[string]int{"30": 30, "90": 90, "365": 365}[c.form("jours")]
	if days == 0 {
		days = 90
	}
	_, secret, err := s.cfg.Accounts.CreateToken(c.r.Context(), c.form("nom"), c.r.PostForm["portee"], c.now.Add(time.Duration(days)*24*time.Hour-time.Minute))
	if err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs := map[string]string{}
		for path, text := range fields {
			errs[or(map[string]string{"name": "nom", "scopes": "portees", "expires": "jours"}[path], path)] = text
		}
		errs = formErrors(errs, general)
		return c.showForm(c.tokenPage(errs), "token", errs)
	}
	c.w.Header().Set("Cache-Control", "no-store")
	page := c.tokenPage(nil)
	page.Heading, page.Lead, page.Secret = c.T("token.made"), c.T("token.made_lead"), secret
	return c.show("token", page)
}

// setProfile changes one's own name and language.
func (s *Server) setProfile(c *call) error {
	lang := Lang(c.form("langue"))
	if s.locales[lang] == nil {
		lang = c.Lang
	}
	user, err := s.cfg.Accounts.User(c.r.Context(), c.who.UserID)
	if err != nil {
		return err
	}
	if _, err := s.cfg.Accounts.SetProfile(c.r.Context(), user.Revision, c.form("nom"), string(lang)); err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs := formErrors(fields, general)
		page, failed := c.dataPage(errs)
		if failed != nil {
			return failed
		}
		return c.showForm(page, "data", errs)
	}
	http.SetCookie(c.w, s.cookie(langCookie, string(lang), 365*24*3600))
	return c.to("/mes-donnees", "saved")
}

// or is the first text that is not empty.
func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
