package opportunities

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Outlet is what a feed says of itself. Site is the address of the platform,
// without a slash at the end; Link is the page that shows the same list.
type Outlet struct {
	Name string // of the feed, in words
	Site string // https://maillage.exemple.fr
	Link string // path of the page of the list
	Self string // path of the feed itself
	Lang string // "fr" or "en"
	// Voice says codes, places and days in words; nil: they are written as they are kept.
	Voice Voice
}

// host names the platform in identifiers that must be unique in the world.
func (f Outlet) host() string {
	if u, err := url.Parse(f.Site); err == nil && u.Host != "" {
		return u.Host
	}
	return "maillage"
}

func (f Outlet) page(id ID) string { return f.Site + "/marches/" + strconv.FormatInt(int64(id), 10) }

func (f Outlet) say(fr, en string) string {
	if f.Lang == "en" {
		return en
	}
	return fr
}

// WriteCalendar writes the deadlines as iCalendar (RFC 5545): one event for
// each opportunity, and one for each lot whose own deadline differs. An event
// keeps its identifier for life; its SEQUENCE is the revision, so that a
// calendar program takes the newer date, and what is cancelled or withdrawn
// says so instead of vanishing. Instants are written in UTC, the wall clock of
// the place is in the description. The same opportunities give the same bytes.
func WriteCalendar(w io.Writer, f Outlet, items []*Opportunity) error {
	var c calendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Maillage//Deadlines//"+strings.ToUpper(f.say("fr", "en")))
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", f.Name)
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	c.line("X-PUBLISHED-TTL", "PT6H")
	for _, o := range items {
		switch {
		case o.Deadline != nil:
			c.event(f, o, nil)
		case o.endOfHours() != "":
			c.ending(f, o)
		}
		for i := range o.Lots {
			if l := &o.Lots[i]; l.Deadline != nil && (o.Deadline == nil || !l.Deadline.Equal(*o.Deadline)) {
				c.event(f, o, l)
			}
		}
	}
	c.line("END", "VCALENDAR")
	if _, err := io.WriteString(w, c.b.String()); err != nil {
		return fmt.Errorf("write a calendar: %w", err)
	}
	return nil
}

type calendar struct{ b strings.Builder }

// event writes the deadline of the whole, or of a lot.
func (c *calendar) event(f Outlet, o *Opportunity, l *Lot) {
	uid, title, due, wall := "opportunity-"+strconv.FormatInt(int64(o.ID), 10), o.Title, o.Deadline, o.DeadlineRaw
	cancelled := o.State == Cancelled
	if l != nil {
		uid += "-lot-" + strconv.FormatInt(int64(l.ID), 10)
		title += " · " + f.say("lot ", "lot ") + l.Number + " " + l.Title
		due, wall, cancelled = l.Deadline, l.DeadlineRaw, cancelled || l.Withdrawn
	}
	summary, status := f.say("Date limite : ", "Deadline: ")+title, "CONFIRMED"
	if cancelled {
		summary, status = f.say("Annulé : ", "Cancelled: ")+title, "CANCELLED"
	}
	c.line("BEGIN", "VEVENT")
	c.line("UID", uid+"@"+f.host())
	c.line("SEQUENCE", strconv.FormatInt(max(o.Revision-1, 0), 10))
	c.line("DTSTAMP", stamp(o.UpdatedAt))
	c.line("LAST-MODIFIED", stamp(o.UpdatedAt))
	c.line("CREATED", stamp(o.CreatedAt))
	c.line("DTSTART", stamp(*due))
	c.line("STATUS", status)
	c.line("TRANSP", "TRANSPARENT")
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", strings.Join(f.said(o, wall), "\n"))
	if where := f.place(o.Place); where != "" {
		c.text("LOCATION", where)
	}
	c.line("URL", f.page(o.ID))
	c.line("END", "VEVENT")
}

// ending writes the last day of hours to fill, which have no deadline: an event
// of the whole day (RFC 5545, 3.6.1).
func (c *calendar) ending(f Outlet, o *Opportunity) {
	summary, status := f.say("Fin : ", "End: ")+o.Title, "CONFIRMED"
	if o.State == Cancelled {
		summary, status = f.say("Annulé : ", "Cancelled: ")+o.Title, "CANCELLED"
	}
	c.line("BEGIN", "VEVENT")
	c.line("UID", "opportunity-"+strconv.FormatInt(int64(o.ID), 10)+"@"+f.host())
	c.line("SEQUENCE", strconv.FormatInt(max(o.Revision-1, 0), 10))
	c.line("DTSTAMP", stamp(o.UpdatedAt))
	c.line("DTSTART;VALUE=DATE", strings.ReplaceAll(o.endOfHours(), "-", ""))
	c.line("STATUS", status)
	c.line("TRANSP", "TRANSPARENT")
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", f.summary(o)+"\n"+f.page(o.ID))
	c.line("URL", f.page(o.ID))
	c.line("END", "VEVENT")
}

// said is what an event adds to its title, a line each.
func (f Outlet) said(o *Opportunity, due Deadline) []string {
	var lines []string
	if o.BuyerName != "" {
		lines = append(lines, o.BuyerName)
	}
	if due.Wall != "" {
		lines = append(lines, f.say("Heure du lieu : ", "Local time: ")+f.wall(due))
	}
	return append(lines, f.page(o.ID))
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a property whose value is free text. Control characters are
// not allowed in one (RFC 5545, 3.1) and are dropped.
func (c *calendar) text(name, value string) {
	c.line(name, strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, escaped.Replace(strings.ToValidUTF8(value, "\uFFFD"))))
}

// line folds at 75 octets, never inside a character (RFC 5545, 3.1).
func (c *calendar) line(name, value string) {
	rest, room := name+":"+value, 75
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], 74
	}
	c.b.WriteString(rest + "\r\n")
}
