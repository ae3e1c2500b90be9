package accounts

import (
	"slices"
	"strings"

	"maillage/internal/fault"
)

// TokenScope is one thing a token may do, "noun:read" or "noun:write"; writing
// includes reading. It narrows what the owner's role allows and never widens it.
type TokenScope string

// TokenScopes lists every scope that can be given, in the order of the policy.
// An account's own doors (password, sessions, tokens) are not among them: a
// token must not be able to make itself another.
func TokenScopes() []TokenScope {
	var out []TokenScope
	for _, r := range Policy() {
		noun := r.Action.Noun()
		if noun == "session" || noun == "token" || noun == "password" || noun == "invitation" {
			continue
		}
		access := ":read"
		if r.Write {
			access = ":write"
		}
		if s := TokenScope(noun + access); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// ParseTokenScopes reads scopes and refuses the unknown ones, each located.
func ParseTokenScopes(texts []string) ([]TokenScope, error) {
	known := TokenScopes()
	var out []TokenScope
	var bad []fault.Field
	for _, t := range texts {
		s := TokenScope(strings.TrimSpace(t))
		if !slices.Contains(known, s) {
			bad = append(bad, fault.At("scopes", "unknown",
				"La portée « "+t+" » n’existe pas.", "There is no scope “"+t+"”."))
			continue
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(bad) == 0 && len(out) == 0 {
		bad = append(bad, fault.At("scopes", "required",
			"Choisissez au moins une portée.", "Choose at least one scope."))
	}
	if len(bad) > 0 {
		return nil, fault.Invalid(bad...)
	}
	return out, nil
}

func covers(scopes []TokenScope, noun string, write bool) bool {
	if slices.Contains(scopes, TokenScope(noun+":write")) {
		return true
	}
	return !write && slices.Contains(scopes, TokenScope(noun+":read"))
}
