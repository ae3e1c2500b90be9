// Package accounts says who somebody is and what they may do: users and their
// roles, sessions, invitations, resets, API tokens, the one policy table and
// the audit trail of every change.
//
// It refuses to know what an organisation, a lot or a match is: a scope names
// owners and communes, nothing else. It keeps no secret that it could read
// again: of a session, a link or a token only the SHA-256 is stored, of a
// password only its argon2id, and no job carries any of them. It never tells
// whether an address has an account.
package accounts
