package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"maillage/internal/fault"
	"maillage/opportunities"
)

// The bounds of what leaves in one file.
const (
	newsKept     = 90 * 24 * time.Hour // how far back news go
	newsMost     = 100
	pastKept     = 30 * 24 * time.Hour // how long a past or cancelled deadline stays in a calendar
	deadlineMost = 1000
	tableMost    = 5000
)

// Follow leads to the same list in the forms that other programs read. Releases is
// empty where the list holds nothing that came of a notice.
type Follow struct{ Calendar, News, Table, Releases string }

// follow carries the filters of the address.
func (c *call) follow(shown []*opportunities.Opportunity) Follow {
	q := c.r.URL.Query()
	q.Del("apres")
	rest := ""
	if q.Del("tri"); len(q) > 0 {
		rest = "?" + q.Encode()
	}
	return Follow{"/marches.ics" + rest, "/marches.atom" + rest, "/marches.csv" + rest, c.releasesOf(shown)}
}

// outlet names a feed and says where the same list is read.
func (c *call) outlet(name, link string) opportunities.Outlet {
	scheme := "http://"
	if c.s.cfg.Secure || c.r.TLS != nil {
		scheme = "https://"
	}
	return opportunities.Outlet{Name: name, Site: scheme + c.r.Host, Link: link, Self: c.r.URL.RequestURI(), Lang: string(c.Lang), Voice: voice{c}}
}

// listOutlet is the outlet of the list of the address.
func (c *call) listOutlet() opportunities.Outlet {
	link := url.URL{Path: "/marches", RawQuery: c.r.URL.RawQuery}
	return c.outlet("Maillage · "+c.T("opps.heading"), link.String())
}

// understood is the filter of the address; a file has no room to say that a
// place is not understood, and must not hold the whole country instead.
func (c *call) understood() (opportunities.Filter, error) {
	f, warning := c.opportunityFilter()
	if warning != "" {
		return f, fault.NotFound("territory", c.query("ou"))
	}
	return f, nil
}

// news widens a filter to what can no longer be answered: a change that
// matters most is often the last. A need whose places are all taken is left out:
// nothing happened to it that a reader has to act on, and it comes back with a place.
func news(f opportunities.Filter) opportunities.Filter {
	f.Open, f.Public, f.Unfilled = false, true, true
	return f
}

func (s *Server) listCalendar(c *call) error {
	f, err := c.understood()
	if err != nil {
		return err
	}
	return c.calendar(f, c.listOutlet())
}

func (s *Server) listNews(c *call) error {
	f, err := c.understood()
	if err != nil {
		return err
	}
	return c.atom(f, c.listOutlet())
}

func (s *Server) listTable(c *call) error {
	f, err := c.understood()
	if err != nil {
		return err
	}
	items, err := c.all(f, tableMost)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="marches-`+c.now.In(c.zone).Format("2006-01-02")+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return opportunities.WriteCSV(w, c.listOutlet(), items)
	})
}

// opportunityCalendar is the deadlines of one opportunity.
func (s *Server) opportunityCalendar(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return err
	}
	if !o.Public() {
		return fault.NotFound("opportunity", id)
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="echeance-`+strconv.FormatInt(id, 10)+`.ics"`)
	return c.send("text/calendar; charset=utf-8", func(w io.Writer) error {
		return opportunities.WriteCalendar(w, c.outlet(clip(o.Title, 60), opportunityPath(o.ID)), []*opportunities.Opportunity{o})
	})
}

// calendar keeps what is over for a while, so that calendar programs hear of it.
func (c *call) calendar(f opportunities.Filter, out opportunities.Outlet) error {
	f = news(f)
	if past := c.now.Add(-pastKept); f.From.Before(past) {
		f.From = past
	}
	items, err := c.all(f, deadlineMost)
	if err != nil {
		return err
	}
	return c.send("text/calendar; charset=utf-8", func(w io.Writer) error { return opportunities.WriteCalendar(w, out, items) })
}

func (c *call) atom(f opportunities.Filter, out opportunities.Outlet) error {
	items, err := c.s.cfg.Opportunities.Latest(c.r.Context(), news(f), c.now.Add(-newsKept), newsMost)
	if err != nil {
		return err
	}
	return c.send("application/atom+xml; charset=utf-8", func(w io.Writer) error { return opportunities.WriteAtom(w, out, items) })
}

// all reads a list to its end, or to a bound.
func (c *call) all(f opportunities.Filter, most int) ([]*opportunities.Opportunity, error) {
	var items []*opportunities.Opportunity
	for after := ""; ; {
		page, err := c.s.cfg.Opportunities.List(c.r.Context(), f, opportunities.Request{After: after, Limit: 200, Order: opportunities.Soonest})
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
		if after = page.Next; after == "" || len(items) >= most {
			return items[:min(len(items), most)], nil
		}
	}
}

// send answers with a file whose bytes are its version: who has them already is told so (304).
func (c *call) send(kind string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	h := c.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Language", string(c.Lang))
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Cookie, Accept-Language")
	http.ServeContent(c.w, c.r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	return nil
}
