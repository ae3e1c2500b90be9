package accounts

import (
	"context"

	"maillage/territories"
)

// SessionCookie is the name of the cookie in which both doors find a session's secret.
const SessionCookie = "maillage_session"

// UserID numbers a user; 0 is nobody.
type UserID int64

// Identity is who acts, as a door established it. It travels in the context
// and holds all that the policy needs, so that deciding reads no table.
type Identity struct {
	UserID         UserID
	Name           string // for the page's corner; never logged
	Role           Role
	OrganisationID int64            // the enterprise, the employer or the officer's association; 0 is none
	Perimeter      *territories.Set // an officer's communes; nil is none
	PerimeterExpr  string           // the same as a canonical expression
	TokenScopes    []TokenScope     // what a bearer token is limited to; nil with a session: all that the role may
	ByToken        bool             // a bearer token spoke, not a session: no cookie, so no CSRF either
	CredentialID   int64            // the session or the token
	Lang           string           // "fr" or "en"
}

// SignedIn tells whether somebody is known.
func (id Identity) SignedIn() bool { return id.UserID != 0 }

// Actor is the account that acts, as rows keep it; nil: nobody's gesture, a job's or
// the system's.
func (id Identity) Actor() *int64 {
	if id.UserID == 0 {
		return nil
	}
	user := int64(id.UserID)
	return &user
}

// Nobody is the identity of a visitor.
func Nobody() Identity { return Identity{Role: Public, Lang: "fr"} }

// TheSystem is the identity of workers and commands, to which the policy allows everything.
func TheSystem() Identity { return Identity{Role: System, Lang: "fr"} }

type identityKey struct{}
type requestKey struct{}

// With puts an identity in the context.
func With(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

// From takes the identity out of the context; without one it is Nobody.
func From(ctx context.Context) Identity {
	if id, ok := ctx.Value(identityKey{}).(Identity); ok {
		return id
	}
	return Nobody()
}

// WithRequest puts the request's identifier in the context, for the audit trail.
func WithRequest(ctx context.Context, requestID string) context.Context {
	return context.WithValue(ctx, requestKey{}, requestID)
}

// RequestFrom takes it out; "" outside a request.
func RequestFrom(ctx context.Context) string {
	s, _ := ctx.Value(requestKey{}).(string)
	return s
}
