package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
)

// call is one request being answered: who asks, in which language, at what time.
type call struct {
	*Locale
	s    *Server
	w    http.ResponseWriter
	r    *http.Request
	who  Viewer
	now  time.Time
	seen string // the flash message that came with the request
}

// Page is the frame of every page: what the header, the footer and the title need.
type Page struct {
	Lang        Lang
	Title       string // of the tab, without the site's name
	Description string
	Here        string // the address of the page, for the language switch
	Demo        bool
	Nav         []NavItem
	Who         Viewer
	Crumbs      []Crumb
	Flash       *Flash
	Errors      []FieldError
	Wide        bool
	Embedded    bool     // inside another site: no header nor footer
	Contours    []string // who drew the official contours in use; none: the map is indicative
}

// NavItem is an entry of the main menu.
type NavItem struct {
	Text, Href string
	Current    bool
}

// frame lets show reach the Page inside any page's struct.
type framed interface{ frame() *Page }

func (p *Page) frame() *Page { return p }

// page makes the frame of a page from a title that is already in words.
func (c *call) page(title string, crumbs ...Crumb) Page {
	return Page{
		Lang: c.Lang, Title: title, Here: c.r.URL.RequestURI(), Demo: c.s.cfg.Demo, Contours: c.s.credits(),
		Nav: c.nav(), Who: c.who, Crumbs: crumbs, Flash: c.flash(),
	}
}

// show renders a whole page.
func (c *call) show(name string, data framed) error { return c.showStatus(http.StatusOK, name, data) }

func (c *call) showStatus(status int, name string, data framed) error {
	block := "layout"
	if data.frame().Embedded {
		block = "embed"
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(c.Lang))
	h.Add("Vary", "Cookie, Accept-Language")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	return c.s.pages.write(&lateStatus{c.w, status}, c.Lang, name, block, data)
}

// piece renders one block of a page, for a script that puts it in place.
func (c *call) piece(name, block string, data any) error {
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return c.s.pages.write(&lateStatus{c.w, http.StatusOK}, c.Lang, name, block, data)
}

// json answers a script.
func (c *call) json(v any) error {
	c.w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(c.w).Encode(v)
}

// lateStatus writes the status with the first byte, so that a page that fails to render can still
// become an error page.
type lateStatus struct {
	http.ResponseWriter
	status int
}

func (l *lateStatus) Write(p []byte) (int, error) {
	if l.status != 0 {
		l.WriteHeader(l.status)
		l.status = 0
	}
	return l.ResponseWriter.Write(p)
}

// to redirects after a form, with what to say on the next page (a key of flash.*; "" for nothing).
func (c *call) to(path, flash string) error {
	if flash != "" {
		http.SetCookie(c.w, c.s.cookie(flashCookie, flash, 60))
	}
	http.Redirect(c.w, c.r, path, http.StatusSeeOther)
	return nil
}

// flash says what the last gesture did, once: the cookie is dropped as it is read.
func (c *call) flash() *Flash {
	if c.seen == "" || !c.Has("flash."+c.seen) {
		return nil
	}
	return &Flash{Text: c.T("flash." + c.seen), Good: true}
}

// id reads a numeric part of the path.
func (c *call) id(name string) (int64, error) {
	id, err := strconv.ParseInt(c.r.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.NotFound(name, c.r.PathValue(name))
	}
	return id, nil
}

// query reads a parameter, trimmed.
func (c *call) query(name string) string { return strings.TrimSpace(c.r.URL.Query().Get(name)) }

// number reads a whole parameter; anything else is zero.
func (c *call) number(name string) int64 {
	n, err := strconv.ParseInt(c.query(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// form reads a field of a posted form, trimmed.
func (c *call) form(name string) string { return strings.TrimSpace(storable(c.r.PostFormValue(name))) }

// with is the address of this page with some parameters changed; an empty value removes one.
func (c *call) with(changes ...string) string {
	q := url.Values{}
	for name, values := range c.r.URL.Query() {
		q[name] = values
	}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Del(changes[i])
		if changes[i+1] != "" {
			q.Set(changes[i], changes[i+1])
		}
	}
	if len(q) == 0 {
		return c.r.URL.Path
	}
	return c.r.URL.Path + "?" + q.Encode()
}

// revision is the one that the form was made at: a form without it is stale.
func (c *call) revision() (int64, error) {
	n, err := strconv.ParseInt(c.form("revision"), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.Stale()
	}
	return n, nil
}

// faults turns a refused input into the messages of its fields; ok is false for any other error.
func (c *call) faults(err error) (fields map[string]string, general string, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) {
		return nil, "", false
	}
	switch f.Kind {
	case fault.KindInvalid, fault.KindConflict, fault.KindPrecondition, fault.KindTooLarge, fault.KindTooMany:
	default:
		return nil, "", false
	}
	fields = map[string]string{}
	for _, field := range f.Fields {
		fields[field.Path] = field.Message.In(string(c.Lang))
	}
	return fields, f.Message.In(string(c.Lang)), true
}

const (
	flashCookie = "dit"
	langCookie  = "langue"
)

func (s *Server) cookie(name, value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: s.cfg.Secure, SameSite: http.SameSiteLaxMode}
}

// trace keeps in the audit trail a gesture that no noun writes there itself: on a job, on a record in quarantine.
func (c *call) trace(action accounts.Action, entity string, id int64, fields ...string) error {
	return c.s.cfg.Accounts.Record(c.r.Context(), accounts.Entry{Action: action, Entity: entity, EntityID: id, Fields: fields})
}

// refused reads a refusal to sign in: wrong credentials, or too many tries.
func (c *call) refused(err error) (string, bool) {
	f := fault.Of(err)
	switch f.Kind {
	case fault.KindUnauthenticated, fault.KindForbidden, fault.KindInvalid, fault.KindTooMany:
		return f.Message.In(string(c.Lang)), true
	}
	return "", false
}

// gone reads the refusal of a link that has served, is too old or never was.
func (c *call) gone(err error) (string, bool) {
	f := fault.Of(err)
	switch f.Kind {
	case fault.KindNotFound, fault.KindConflict, fault.KindUnauthenticated, fault.KindForbidden, fault.KindInvalid:
		return f.Message.In(string(c.Lang)), true
	}
	return "", false
}
