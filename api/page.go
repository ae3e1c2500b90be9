package api

import (
	"encoding/base64"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"maillage/accounts"
	"maillage/internal/fault"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Paging asks for one page of a list.
type Paging struct {
	After string `query:"after" maxLength:"400" doc:"The cursor of the page before (next)."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"20" doc:"How many."`
}

// Listed is a page of a list. Its Link header leads to the next one.
type Listed[T any] struct {
	Link string `header:"Link" doc:"rel=\"next\": the next page; rel=\"first\": the first."`
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one."`
	}
}

// listed makes a page of rows already cut; next is "" on the last one.
func listed[R, T any](at address, rows []R, next string, show func(R) T) *Listed[T] {
	out := &Listed[T]{}
	out.Body.Items = make([]T, 0, len(rows))
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, show(r))
	}
	out.Body.Next = next
	out.Link = at.links(next)
	return out
}

// address remembers the address that was asked, so that a list can link to its
// next page.
type address struct{ url url.URL }

// At is embedded in the input of a list.
type At struct{ at address }

// Resolve takes the address of the request.
func (a *At) Resolve(hc huma.Context) []error {
	a.at = address{hc.URL()}
	return nil
}

func (a address) links(next string) string {
	q := a.url.Query()
	q.Del("after")
	first := "<" + a.with(q) + `>; rel="first"`
	if next == "" {
		return first
	}
	q.Set("after", next)
	return "<" + a.with(q) + `>; rel="next", ` + first
}

// next is the path of the page that begins after a cursor, "" for none.
func (a address) next(after string) string {
	if after == "" {
		return ""
	}
	q := a.url.Query()
	q.Set("after", after)
	return a.with(q)
}

func (a address) with(q url.Values) string {
	if len(q) == 0 {
		return a.url.Path
	}
	return a.url.Path + "?" + q.Encode()
}

// ByID names one thing by its number. Like At and Paging it is exported so that
// huma reads it where it is embedded.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// Found is one thing.
type Found[T any] struct {
	ETag string `header:"ETag" doc:"Its version: for If-None-Match on a read, If-Match on a write."`
	Body T
}

// found answers a thing that has no revision of its own.
func found[T any](v T) *Found[T] { return &Found[T]{Body: v} }

// revised answers a thing at a revision.
func revised[T any](v T, revision int64) *Found[T] {
	return &Found[T]{Body: v, ETag: tag(revision)}
}

// Made is one thing just made, with its address.
type Made[T any] struct {
	ETag     string `header:"ETag" doc:"Its version, for If-Match."`
	Location string `header:"Location" doc:"Where to read it again."`
	Body     T
}

// Nothing is an answer without a body.
type Nothing struct{}

// none is a handler's answer when there is nothing to say.
func none(err error) (*Nothing, error) {
	if err != nil {
		return nil, err
	}
	return &Nothing{}, nil
}

// Empty is an operation's input when it takes nothing.
type Empty struct{}

// cursor writes a place in a list ordered by number; it says nothing to the caller.
func cursor(id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("n" + strconv.FormatInt(id, 36)))
}

// number reads it back; "" is the beginning.
func number(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	var n int64
	if err == nil {
		n, err = strconv.ParseInt(strings.TrimPrefix(string(b), "n"), 36, 64)
	}
	if err != nil || n <= 0 {
		return 0, fault.Invalid(fault.At("query.after", "cursor", "Cette page n’existe pas.", "There is no such page."))
	}
	return n, nil
}

// Asked is embedded in the input of an operation that needs the request itself.
type Asked struct{ request *http.Request }

// Resolve takes the request.
func (a *Asked) Resolve(hc huma.Context) []error {
	a.request, _ = humago.Unwrap(hc)
	return nil
}

// session is the secret of the cookie, if there is one.
func (a *Asked) session() string { return sessionOf(a.request) }

func sessionOf(r *http.Request) string {
	c, err := r.Cookie(accounts.SessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// utc writes an instant that may be absent as the contract says, whatever the
// zone that the database's driver gave it.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := t.UTC()
	return &at
}
