// Package fault says what went wrong in terms that a caller may hear: a kind
// that a door turns into a status, a stable code, a safe sentence in French and
// in English, the fields at fault, and the inner cause, which is for the log
// alone. It refuses to know anything about HTTP, exit codes or templates.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the family of a fault; each door maps it once.
type Kind uint8

// The families, from the most to the least the caller's doing.
const (
	KindInternal Kind = iota // ours: the message says nothing of the cause
	KindInvalid              // the input is refused, every fault located
	KindNotFound
	KindConflict        // the state does not allow it, or somebody wrote first
	KindUnauthenticated // who are you?
	KindForbidden       // known, but not allowed
	KindPrecondition    // If-Match does not match
	KindTooLarge
	KindTooMany     // slow down
	KindUnavailable // try again later
)

// Text is one sentence in both languages of the platform.
type Text struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// In gives the sentence in lang ("en", or French for anything else).
func (t Text) In(lang string) string {
	if strings.HasPrefix(lang, "en") && t.EN != "" {
		return t.EN
	}
	return t.FR
}

// Field locates one fault of the input: Path is a dotted path or "line 12, column siret".
type Field struct {
	Path    string
	Code    string
	Message Text
}

// Error is a fault. Error() is for logs and holds the cause; Message is for people.
type Error struct {
	Kind    Kind
	Code    string // stable slug, the last part of the problem type
	Message Text
	Fields  []Field
	Cause   error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if e.Message.EN != "" {
		b.WriteString(": " + e.Message.EN)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Message.EN)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the inner cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes a fault of any kind.
func New(kind Kind, code, fr, en string) *Error {
	return &Error{Kind: kind, Code: code, Message: Text{FR: fr, EN: en}}
}

// Because keeps the inner cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// At makes the field of a refused input.
func At(path, code, fr, en string) Field {
	return Field{Path: path, Code: code, Message: Text{FR: fr, EN: en}}
}

// Invalid refuses an input whole, with every fault located.
func Invalid(fields ...Field) *Error {
	return &Error{Kind: KindInvalid, Code: "invalid", Fields: fields, Message: Text{
		FR: "Certaines informations sont à corriger.",
		EN: "Some of what was given needs correcting.",
	}}
}

// NotFound says that a thing is not there, or not for this caller: the two look the same.
func NotFound(what string, id any) *Error {
	return &Error{Kind: KindNotFound, Code: "not-found", Cause: fmt.Errorf("%s %v", what, id), Message: Text{
		FR: "Cet élément n’existe pas ou n’est plus accessible.",
		EN: "This does not exist or can no longer be reached.",
	}}
}

// Conflict says that the present state does not allow what was asked.
func Conflict(code, fr, en string) *Error { return New(KindConflict, code, fr, en) }

// Forbidden refuses somebody who is known.
func Forbidden() *Error {
	return New(KindForbidden, "forbidden",
		"Votre compte ne permet pas cette action.", "Your account does not allow this.")
}

// Unauthenticated asks to sign in.
func Unauthenticated() *Error {
	return New(KindUnauthenticated, "unauthenticated", "Connectez-vous pour continuer.", "Sign in to continue.")
}

// Stale refuses a write made against an older version of the thing (If-Match).
func Stale() *Error {
	return New(KindPrecondition, "stale",
		"Quelqu’un a modifié cet élément entre-temps. Rechargez-le, puis recommencez.",
		"Somebody changed this meanwhile. Load it again, then start over.")
}

// TooLarge refuses an input over a bound.
func TooLarge(limit string) *Error {
	return New(KindTooLarge, "too-large", "C’est trop volumineux (limite : "+limit+").", "This is too large (limit: "+limit+").")
}

// Of finds the fault in an error chain; anything unknown becomes an internal one that says nothing of its cause.
func Of(err error) *Error {
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return &Error{Kind: KindInternal, Code: "internal", Cause: err, Message: Text{
		FR: "Une erreur est survenue de notre côté. Elle est enregistrée.",
		EN: "Something went wrong on our side. It has been recorded.",
	}}
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool {
	var f *Error
	return errors.As(err, &f) && f.Kind == kind
}
