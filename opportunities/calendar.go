package opportunities

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"maillage/internal/ical"
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
	c.Line("BEGIN", "VCALENDAR")
	c.Line("VERSION", "2.0")
	c.Line("PRODID", "-//Maillage//Deadlines//"+strings.ToUpper(f.say("fr", "en")))
	c.Line("CALSCALE", "GREGORIAN")
	c.Line("METHOD", "PUBLISH")
	c.Text("X-WR-CALNAME", f.Name)
	c.Line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	c.Line("X-PUBLISHED-TTL", "PT6H")
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
	c.Line("END", "VCALENDAR")
	if _, err := io.WriteString(w, c.String()); err != nil {
		return fmt.Errorf("write a calendar: %w", err)
	}
	return nil
}

type calendar struct{ ical.Writer }

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
	c.Line("BEGIN", "VEVENT")
	c.Line("UID", uid+"@"+f.host())
	c.Line("SEQUENCE", strconv.FormatInt(max(o.Revision-1, 0), 10))
	c.Line("DTSTAMP", ical.Stamp(o.UpdatedAt))
	c.Line("LAST-MODIFIED", ical.Stamp(o.UpdatedAt))
	c.Line("CREATED", ical.Stamp(o.CreatedAt))
	c.Line("DTSTART", ical.Stamp(*due))
	c.Line("STATUS", status)
	c.Line("TRANSP", "TRANSPARENT")
	c.Text("SUMMARY", summary)
	c.Text("DESCRIPTION", strings.Join(f.said(o, wall), "\n"))
	if where := f.place(o.Place); where != "" {
		c.Text("LOCATION", where)
	}
	c.Line("URL", f.page(o.ID))
	c.Line("END", "VEVENT")
}

// ending writes the last day of hours to fill, which have no deadline: an event
// of the whole day (RFC 5545, 3.6.1).
func (c *calendar) ending(f Outlet, o *Opportunity) {
	summary, status := f.say("Fin : ", "End: ")+o.Title, "CONFIRMED"
	if o.State == Cancelled {
		summary, status = f.say("Annulé : ", "Cancelled: ")+o.Title, "CANCELLED"
	}
	c.Line("BEGIN", "VEVENT")
	c.Line("UID", "opportunity-"+strconv.FormatInt(int64(o.ID), 10)+"@"+f.host())
	c.Line("SEQUENCE", strconv.FormatInt(max(o.Revision-1, 0), 10))
	c.Line("DTSTAMP", ical.Stamp(o.UpdatedAt))
	c.Line("DTSTART;VALUE=DATE", strings.ReplaceAll(o.endOfHours(), "-", ""))
	c.Line("STATUS", status)
	c.Line("TRANSP", "TRANSPARENT")
	c.Text("SUMMARY", summary)
	c.Text("DESCRIPTION", f.summary(o)+"\n"+f.page(o.ID))
	c.Line("URL", f.page(o.ID))
	c.Line("END", "VEVENT")
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
