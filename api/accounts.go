package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
)

// Me is the caller.
type Me struct {
	ID           int64           `json:"id"`
	Email        string          `json:"email"`
	Name         string          `json:"name"`
	Role         string          `json:"role" enum:"admin,officer,member,employer,counsellor,researcher"`
	Lang         string          `json:"lang" enum:"fr,en"`
	Organisation int64           `json:"organisation,omitempty"`
	Perimeter    json.RawMessage `json:"perimeter,omitempty" doc:"Of an officer."`
	Scopes       []string        `json:"scopes,omitempty" doc:"Of the token that speaks; absent with a session."`
}

// Account is somebody's account, as an administrator sees it.
type Account struct {
	ID           int64           `json:"id"`
	Email        string          `json:"email"`
	Name         string          `json:"name"`
	Role         string          `json:"role"`
	Lang         string          `json:"lang"`
	Organisation int64           `json:"organisation,omitempty"`
	Perimeter    json.RawMessage `json:"perimeter,omitempty"`
	CreatedAt    time.Time       `json:"created_at"`
	SignedInAt   *time.Time      `json:"signed_in_at,omitempty"`
	DisabledAt   *time.Time      `json:"disabled_at,omitempty"`
}

// StandingInput is what an administrator decides about somebody.
type StandingInput struct {
	Role         string          `json:"role" enum:"admin,officer,member,employer,counsellor,researcher"`
	Organisation int64           `json:"organisation,omitempty" minimum:"0"`
	Perimeter    *PerimeterInput `json:"perimeter,omitempty" doc:"Of an officer."`
}

// InvitationInput is whom to invite as what.
type InvitationInput struct {
	StandingInput
	Email string `json:"email" maxLength:"254" example:"prenom@structure.fr"`
	Lang  string `json:"lang,omitempty" enum:"fr,en"`
}

// Invitation is a place kept for somebody.
type Invitation struct {
	ID           int64      `json:"id"`
	Email        string     `json:"email"`
	Role         string     `json:"role"`
	Organisation int64      `json:"organisation,omitempty"`
	CreatedAt    time.Time  `json:"created_at"`
	ExpiresAt    time.Time  `json:"expires_at"`
	SentAt       *time.Time `json:"sent_at,omitempty" doc:"When the letter was written."`
}

// Token is an API token; its secret is given once, when it is made.
type Token struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Prefix    string     `json:"prefix" doc:"Its first letters, to recognise it."`
	Scopes    []string   `json:"scopes"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"To within five minutes."`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	Secret    string     `json:"secret,omitempty" doc:"Only in the answer that makes it."`
}

// TokenInput asks for a token.
type TokenInput struct {
	Name    string     `json:"name" maxLength:"120" example:"tableur du réseau"`
	Scopes  []string   `json:"scopes" minItems:"1" maxItems:"60" example:"[\"match:read\"]" doc:"noun:read or noun:write; writing includes reading."`
	Expires *time.Time `json:"expires,omitempty" doc:"Within a year; in 90 days if absent."`
}

// Session is one open session.
type Session struct {
	ID        int64     `json:"id"`
	Device    string    `json:"device,omitempty"`
	This      bool      `json:"this" doc:"The one that asks."`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// SignedIn carries the session's cookie.
type SignedIn struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   Me
}

// SignedOut drops it.
type SignedOut struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) accounts() {
	get, post, del := http.MethodGet, http.MethodPost, http.MethodDelete
	add(s, Operation{ID: "sign-in", Method: post, Path: "/v1/session", Tag: tagAccounts, Action: accounts.SessionOpen, Summary: "Sign in", Example: `{"email":"prenom@structure.fr","password":"une phrase que vous retenez"}`,
		About: "Opens a session in a cookie. Programs should rather use a token.", Errors: []int{http.StatusUnauthorized, http.StatusForbidden}}, s.signIn)
	add(s, Operation{ID: "sign-out", Method: del, Path: "/v1/session", Tag: tagAccounts, Action: accounts.SessionSelf, Summary: "Sign out", Status: http.StatusNoContent}, s.signOut)
	add(s, Operation{ID: "request-password-reset", Method: post, Path: "/v1/password-resets", Tag: tagAccounts, Action: accounts.PasswordReset, Status: http.StatusAccepted,
		Summary: "Ask for a new password", Example: `{"email":"prenom@structure.fr"}`, About: "A letter leaves if the address has an account; the answer is the same if it has not."}, s.requestReset)
	add(s, Operation{ID: "get-me", Method: get, Path: "/v1/me", Tag: tagAccounts, Action: accounts.AccountSelf, Summary: "Who am I"}, s.getMe)
	add(s, Operation{ID: "update-me", Method: http.MethodPatch, Path: "/v1/me", Tag: tagAccounts, Action: accounts.AccountChange, Summary: "Change my name or my language", Example: `{"lang":"en"}`,
		Errors: []int{http.StatusPreconditionFailed}}, s.updateMe)
	add(s, Operation{ID: "change-password", Method: http.MethodPut, Path: "/v1/me/password", Tag: tagAccounts, Action: accounts.SessionSelf, Status: http.StatusNoContent,
		Summary: "Change my password", Example: `{"current":"une phrase que vous retenez","password":"une autre, plus longue encore"}`, About: "My other sessions end."}, s.changePassword)
	add(s, Operation{ID: "list-my-sessions", Method: get, Path: "/v1/me/sessions", Tag: tagAccounts, Action: accounts.SessionSelf, Summary: "List my open sessions"}, s.listSessions)
	add(s, Operation{ID: "end-my-session", Method: del, Path: "/v1/me/sessions/{id}", Tag: tagAccounts, Action: accounts.SessionSelf, Status: http.StatusNoContent, Summary: "End one of my sessions"}, s.endSession)
	add(s, Operation{ID: "end-my-sessions", Method: del, Path: "/v1/me/sessions", Tag: tagAccounts, Action: accounts.SessionSelf, Status: http.StatusNoContent, Summary: "Sign out everywhere"}, s.endSessions)
	add(s, Operation{ID: "list-my-tokens", Method: get, Path: "/v1/me/tokens", Tag: tagAccounts, Action: accounts.TokenSelf, Summary: "List my tokens"}, s.listTokens)
	add(s, Operation{ID: "create-my-token", Method: post, Path: "/v1/me/tokens", Tag: tagAccounts, Action: accounts.TokenSelf, Status: http.StatusCreated,
		Summary: "Make a token", Example: `{"name":"tableur du réseau","scopes":["match:read"]}`, About: "Its secret is given once. It never allows more than my role; no token can make another."}, s.createToken)
	add(s, Operation{ID: "revoke-my-token", Method: del, Path: "/v1/me/tokens/{id}", Tag: tagAccounts, Action: accounts.TokenSelf, Status: http.StatusNoContent, Summary: "Revoke a token"}, s.revokeToken)
	add(s, Operation{ID: "list-accounts", Method: get, Path: "/v1/accounts", Tag: tagAccounts, Action: accounts.AccountList, Summary: "List accounts"}, s.listAccounts)
	add(s, Operation{ID: "get-account", Method: get, Path: "/v1/accounts/{id}", Tag: tagAccounts, Action: accounts.AccountList, Summary: "Read an account"}, s.getAccount)
	add(s, Operation{ID: "update-account", Method: http.MethodPut, Path: "/v1/accounts/{id}/standing", Tag: tagAccounts, Action: accounts.AccountEdit,
		Summary: "Change what somebody is", Example: `{"role":"member","organisation":2}`, About: "Counts at once, in open sessions too.", Errors: []int{http.StatusPreconditionFailed}}, s.updateAccount)
	add(s, Operation{ID: "disable-account", Method: post, Path: "/v1/accounts/{id}/disable", Tag: tagAccounts, Action: accounts.AccountEdit,
		Summary: "Shut an account", About: "Its sessions end, its tokens stop.", Errors: []int{http.StatusPreconditionFailed}}, s.toggle(s.cfg.Accounts.Disable))
	add(s, Operation{ID: "enable-account", Method: post, Path: "/v1/accounts/{id}/enable", Tag: tagAccounts, Action: accounts.AccountEdit,
		Summary: "Open a shut account", Errors: []int{http.StatusPreconditionFailed}}, s.toggle(s.cfg.Accounts.Enable))
	s.invitations()
}

func (s *Server) cookie(value string, expires time.Time) http.Cookie {
	c := http.Cookie{Name: accounts.SessionCookie, Value: value, Path: "/", HttpOnly: true, Secure: s.cfg.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if value != "" {
		c.MaxAge = int(expires.Sub(s.cfg.Now()).Seconds())
	}
	return c
}

func (s *Server) signIn(ctx context.Context, in *struct {
	Asked
	Body struct {
		Email    string `json:"email" maxLength:"320"`
		Password string `json:"password" maxLength:"1024"`
	}
}) (*SignedIn, error) {
	o, err := s.cfg.Accounts.SignIn(ctx, accounts.Credentials{Email: in.Body.Email, Password: in.Body.Password,
		Client: s.cfg.Client(in.request), Device: in.request.UserAgent(), Previous: in.session()})
	if err != nil {
		return nil, err
	}
	u, err := s.cfg.Accounts.User(accounts.With(ctx, o.Identity), o.Identity.UserID)
	if err != nil {
		return nil, err
	}
	return &SignedIn{Cookie: s.cookie(o.Secret, o.Expires), Body: showMe(o.Identity, u)}, nil
}

func (s *Server) signOut(ctx context.Context, in *struct{ Asked }) (*SignedOut, error) {
	if err := s.cfg.Accounts.SignOut(ctx, in.session()); err != nil {
		return nil, err
	}
	return &SignedOut{Cookie: s.cookie("", time.Time{})}, nil
}

func (s *Server) requestReset(ctx context.Context, in *struct {
	Asked
	Body struct {
		Email string `json:"email" maxLength:"320"`
	}
}) (*Nothing, error) {
	return none(s.cfg.Accounts.RequestReset(ctx, in.Body.Email, s.cfg.Client(in.request)))
}

func (s *Server) getMe(ctx context.Context, _ *Empty) (*Found[Me], error) {
	id := accounts.From(ctx)
	u, err := s.cfg.Accounts.User(ctx, id.UserID)
	if err != nil {
		return nil, err
	}
	return revised(showMe(id, u), u.Revision), nil
}

func showMe(id accounts.Identity, u accounts.User) Me {
	me := Me{ID: int64(u.ID), Email: string(u.Email), Name: u.Name, Role: string(u.Role), Lang: u.Lang, Organisation: u.OrganisationID}
	if u.Perimeter != "" {
		me.Perimeter = json.RawMessage(u.Perimeter)
	}
	for _, scope := range id.TokenScopes {
		me.Scopes = append(me.Scopes, string(scope))
	}
	return me
}

func (s *Server) updateMe(ctx context.Context, in *struct {
	IfMatch
	Body struct {
		Name string `json:"name,omitempty" maxLength:"120"`
		Lang string `json:"lang,omitempty" enum:"fr,en"`
	}
}) (*Found[Me], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	id := accounts.From(ctx)
	u, err := s.cfg.Accounts.User(ctx, id.UserID)
	if err != nil {
		return nil, err
	}
	u, err = s.cfg.Accounts.SetProfile(ctx, revision, or(in.Body.Name, u.Name), or(in.Body.Lang, u.Lang))
	if err != nil {
		return nil, err
	}
	return revised(showMe(id, u), u.Revision), nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *Server) changePassword(ctx context.Context, in *struct {
	Asked
	Body struct {
		Current string `json:"current" maxLength:"1024"`
		Next    string `json:"password" maxLength:"1024"`
	}
}) (*Nothing, error) {
	return none(s.cfg.Accounts.ChangePassword(ctx, in.Body.Current, in.Body.Next, s.cfg.Client(in.request)))
}

func (s *Server) listSessions(ctx context.Context, _ *Empty) (*Found[[]Session], error) {
	rows, err := s.cfg.Accounts.Sessions(ctx)
	this := accounts.From(ctx).CredentialID
	return found(each(rows, func(r accounts.Session) Session {
		return Session{ID: r.ID, Device: r.Device, This: r.ID == this, CreatedAt: r.CreatedAt.UTC(), SeenAt: r.SeenAt.UTC(), ExpiresAt: r.ExpiresAt.UTC()}
	})), err
}

func (s *Server) endSession(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Accounts.EndSession(ctx, in.ID))
}

func (s *Server) endSessions(ctx context.Context, _ *Empty) (*Nothing, error) {
	return none(s.cfg.Accounts.SignOutEverywhere(ctx))
}

func (s *Server) listTokens(ctx context.Context, _ *Empty) (*Found[[]Token], error) {
	rows, err := s.cfg.Accounts.Tokens(ctx)
	return found(each(rows, showToken)), err
}

func showToken(t accounts.Token) Token {
	return Token{ID: t.ID, Name: t.Name, Prefix: t.Prefix, Scopes: each(t.Scopes(), func(x accounts.TokenScope) string { return string(x) }),
		CreatedAt: t.CreatedAt.UTC(), ExpiresAt: t.ExpiresAt.UTC(), UsedAt: when(t.UsedAt), RevokedAt: when(t.RevokedAt)}
}

// when is an instant that may not have come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return utc(&t)
}

func (s *Server) createToken(ctx context.Context, in *struct{ Body TokenInput }) (*Made[Token], error) {
	var expires time.Time
	if in.Body.Expires != nil {
		expires = *in.Body.Expires
	}
	row, secret, err := s.cfg.Accounts.CreateToken(ctx, in.Body.Name, in.Body.Scopes, expires)
	if err != nil {
		return nil, err
	}
	out := showToken(row)
	out.Secret = secret
	return &Made[Token]{Location: "/v1/me/tokens", Body: out}, nil
}

func (s *Server) revokeToken(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Accounts.RevokeToken(ctx, in.ID))
}

func (s *Server) listAccounts(ctx context.Context, in *struct {
	At
	Paging
	Q            string `query:"q" maxLength:"200" doc:"Part of a name or an address."`
	Role         string `query:"role" enum:"admin,officer,member,employer,counsellor,researcher"`
	Organisation int64  `query:"organisation" minimum:"1"`
}) (*Listed[Account], error) {
	after, err := number(in.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Accounts.Users(ctx, accounts.UserFilter{Role: accounts.Role(in.Role), OrganisationID: in.Organisation, Text: in.Q, After: accounts.UserID(after), Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) == in.Limit {
		next = cursor(int64(rows[len(rows)-1].ID))
	}
	return listed(in.at, rows, next, showAccount), nil
}

func showAccount(u accounts.User) Account {
	a := Account{ID: int64(u.ID), Email: string(u.Email), Name: u.Name, Role: string(u.Role), Lang: u.Lang, Organisation: u.OrganisationID,
		CreatedAt: u.CreatedAt.UTC(), SignedInAt: when(u.SignedInAt), DisabledAt: when(u.DisabledAt)}
	if u.Perimeter != "" {
		a.Perimeter = json.RawMessage(u.Perimeter)
	}
	return a
}

func (s *Server) account(u accounts.User, err error) (*Found[Account], error) {
	if err != nil {
		return nil, err
	}
	return revised(showAccount(u), u.Revision), nil
}

func (s *Server) getAccount(ctx context.Context, in *ByID) (*Found[Account], error) {
	return s.account(s.cfg.Accounts.User(ctx, accounts.UserID(in.ID)))
}

func (s *Server) updateAccount(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body StandingInput
}) (*Found[Account], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	st, _, err := s.readStanding(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	return s.account(s.cfg.Accounts.SetStanding(ctx, accounts.UserID(in.ID), revision, st))
}

// readStanding reads what somebody will be, and where: the organisation must exist.
func (s *Server) readStanding(ctx context.Context, in StandingInput) (accounts.Standing, accounts.Scope, error) {
	st := accounts.Standing{Role: accounts.Role(in.Role), OrganisationID: in.Organisation}
	var scope accounts.Scope
	if in.Organisation != 0 {
		o, err := s.cfg.Network.Get(ctx, network.ID(in.Organisation))
		if fault.Is(err, fault.KindNotFound) {
			err = fault.Invalid(fault.At("organisation", "unknown", "Cette organisation n’existe pas.", "There is no such organisation."))
		}
		if err != nil {
			return st, scope, err
		}
		scope = o.Scope(s.cfg.Atlas)
	}
	if in.Perimeter != nil {
		p, err := s.compile(ctx, "perimeter.", *in.Perimeter)
		if err != nil {
			return st, scope, err
		}
		st.Perimeter = p.Text
	}
	return st, scope, nil
}

type toggleInput struct {
	ByID
	IfMatch
}

func (s *Server) toggle(do func(context.Context, accounts.UserID, int64) (accounts.User, error)) func(context.Context, *toggleInput) (*Found[Account], error) {
	return func(ctx context.Context, in *toggleInput) (*Found[Account], error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		return s.account(do(ctx, accounts.UserID(in.ID), revision))
	}
}

func (s *Server) invitations() {
	get, post, del := http.MethodGet, http.MethodPost, http.MethodDelete
	add(s, Operation{ID: "list-invitations", Method: get, Path: "/v1/invitations", Tag: tagAccounts, Action: accounts.AccountList, Summary: "List pending invitations"}, s.listInvitations)
	add(s, Operation{ID: "invite", Method: post, Path: "/v1/invitations", Tag: tagAccounts, Action: accounts.AccountInvite, Status: http.StatusCreated,
		Summary: "Invite somebody", Example: `{"email":"prenom@structure.fr","role":"member","organisation":2,"lang":"fr"}`, About: "A letter leaves with a link that works once. An earlier pending invitation of the same address ends. An officer invites for the organisations of its perimeter."}, s.invite)
	add(s, Operation{ID: "resend-invitation", Method: post, Path: "/v1/invitations/{id}/resend", Tag: tagAccounts, Action: accounts.AccountInvite, Status: http.StatusAccepted,
		Summary: "Send an invitation again", About: "The link of the earlier letter stops."}, s.settleInvitation(s.cfg.Accounts.Resend))
	add(s, Operation{ID: "withdraw-invitation", Method: del, Path: "/v1/invitations/{id}", Tag: tagAccounts, Action: accounts.AccountInvite, Status: http.StatusNoContent,
		Summary: "Withdraw an invitation"}, s.settleInvitation(s.cfg.Accounts.Withdraw))
}

func (s *Server) listInvitations(ctx context.Context, in *struct {
	At
	Paging
	Organisation int64 `query:"organisation" minimum:"1"`
}) (*Listed[Invitation], error) {
	before, err := number(in.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Accounts.Invitations(ctx, in.Organisation, before, in.Limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) == in.Limit {
		next = cursor(rows[len(rows)-1].ID)
	}
	return listed(in.at, rows, next, showInvitation), nil
}

func showInvitation(i accounts.Invitation) Invitation {
	return Invitation{ID: i.ID, Email: string(i.Email), Role: string(i.Role), Organisation: i.OrganisationID,
		CreatedAt: i.CreatedAt.UTC(), ExpiresAt: i.ExpiresAt.UTC(), SentAt: when(i.SentAt)}
}

func (s *Server) invite(ctx context.Context, in *struct{ Body InvitationInput }) (*Made[Invitation], error) {
	st, scope, err := s.readStanding(ctx, in.Body.StandingInput)
	if err != nil {
		return nil, err
	}
	siret, contact := "", ""
	if in.Body.Organisation != 0 {
		o, err := s.cfg.Network.Get(ctx, network.ID(in.Body.Organisation))
		if err != nil {
			return nil, err
		}
		siret, contact = string(o.SIRET), o.Email
	}
	row, err := s.cfg.Accounts.Invite(ctx, scope, accounts.Invite{Email: in.Body.Email, Role: st.Role, OrganisationID: st.OrganisationID,
		SIRET: siret, Contact: contact, Perimeter: st.Perimeter, Lang: in.Body.Lang})
	if err != nil {
		return nil, err
	}
	return &Made[Invitation]{Location: "/v1/invitations", Body: showInvitation(row)}, nil
}

func (s *Server) settleInvitation(do func(context.Context, accounts.Scope, int64) error) func(context.Context, *ByID) (*Nothing, error) {
	return func(ctx context.Context, in *ByID) (*Nothing, error) {
		row, err := s.cfg.Accounts.Invitation(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		var scope accounts.Scope
		if row.OrganisationID != 0 {
			o, err := s.cfg.Network.Get(ctx, network.ID(row.OrganisationID))
			if err != nil && !fault.Is(err, fault.KindNotFound) {
				return nil, err
			}
			if err == nil {
				scope = o.Scope(s.cfg.Atlas)
			}
		}
		return none(do(ctx, scope, row.ID))
	}
}
