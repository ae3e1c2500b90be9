package agenda

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/ical"
	"maillage/internal/sheet"
	"maillage/internal/store"
)

// pastKept is how long what is over stays in a calendar.
const pastKept = 60 * 24 * time.Hour

// Calendar is the events that anybody may see, what was cancelled included.
func (s *Service) Calendar(ctx context.Context) ([]Row, error) {
	all, err := between(ctx, s.store.Read(), s.now().Add(-pastKept), time.Time{})
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, e := range all {
		if e.State != Draft && e.Audience == Everyone {
			out = append(out, Row{Event: e})
		}
	}
	return out, nil
}

// Link draws the secret address of one's own calendar, for programs that cannot
// sign in; the one before stops working. It is given once: the database keeps its
// digest only.
func (s *Service) Link(ctx context.Context) (secret string, err error) {
	if secret, err = accounts.NewSecret(rand.Reader); err != nil {
		return "", err
	}
	return secret, s.link(ctx, accounts.SecretDigest(secret))
}

// Unlink ends the secret address of one's own calendar.
func (s *Service) Unlink(ctx context.Context) error { return s.link(ctx, "") }

func (s *Service) link(ctx context.Context, digest string) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AgendaRegister, accounts.OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := setLink(ctx, tx, me.UserID, digest, s.now()); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.AgendaRegister, Entity: "calendar", EntityID: int64(me.UserID), Fields: []string{"link"}})
	})
	if err != nil {
		return fmt.Errorf("link a calendar: %w", err)
	}
	return nil
}

// CalendarBy is what the account of a secret booked, what it dropped or what was
// cancelled included, so that its calendar hears of it.
func (s *Service) CalendarBy(ctx context.Context, secret string) ([]Row, error) {
	user, err := linked(ctx, s.store.Read(), accounts.SecretDigest(secret))
	if err != nil {
		return nil, err
	}
	own, err := bookingsBy(ctx, s.store.Read(), user)
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, b := range own {
		e, err := eventBy(ctx, s.store.Read(), b.EventID)
		if err != nil {
			return nil, err
		}
		if e.State != Draft && e.EndsAt.After(s.now().Add(-pastKept)) {
			out = append(out, Row{Event: *e, Mine: &b})
		}
	}
	return out, nil
}

// Feed is what a calendar says of itself. Site is the address of the platform,
// without a slash at the end.
type Feed struct{ Name, Site, Lang string }

func (f Feed) say(fr, en string) string {
	if f.Lang == "en" {
		return en
	}
	return fr
}

func (f Feed) host() string {
	if u, err := url.Parse(f.Site); err == nil && u.Host != "" {
		return u.Host
	}
	return "maillage"
}

// WriteCalendar writes events as iCalendar (RFC 5545). An event keeps its
// identifier for life; its SEQUENCE is raised when it is moved, and what is
// cancelled, or given up by whose calendar it is, says so instead of vanishing.
// Instants are in UTC. The same rows give the same bytes.
func WriteCalendar(w io.Writer, f Feed, rows []Row) error {
	var c ical.Writer
	c.Line("BEGIN", "VCALENDAR")
	c.Line("VERSION", "2.0")
	c.Line("PRODID", "-//Maillage//Agenda//"+strings.ToUpper(f.say("fr", "en")))
	c.Line("CALSCALE", "GREGORIAN")
	c.Line("METHOD", "PUBLISH")
	c.Text("X-WR-CALNAME", f.Name)
	c.Line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	c.Line("X-PUBLISHED-TTL", "PT6H")
	for i := range rows {
		f.event(&c, &rows[i])
	}
	c.Line("END", "VCALENDAR")
	if _, err := io.WriteString(w, c.String()); err != nil {
		return fmt.Errorf("write a calendar: %w", err)
	}
	return nil
}

func (f Feed) event(c *ical.Writer, r *Row) {
	page := f.Site + "/agenda/" + strconv.FormatInt(int64(r.ID), 10)
	sequence, updated, status, title := r.Sequence, r.UpdatedAt, "CONFIRMED", r.Title
	if r.Mine != nil { // one's own calendar: what one did counts as well
		sequence += int(r.Mine.Revision)
		if r.Mine.UpdatedAt.After(updated) {
			updated = r.Mine.UpdatedAt
		}
	}
	switch {
	case r.State == Cancelled, r.Mine != nil && r.Mine.State == Dropped:
		status, title = "CANCELLED", f.say("Annulé : ", "Cancelled: ")+title
	case r.Mine != nil && r.Mine.State == Waiting:
		status, title = "TENTATIVE", f.say("Liste d’attente : ", "Waiting list: ")+title
	}
	c.Line("BEGIN", "VEVENT")
	c.Line("UID", "agenda-"+strconv.FormatInt(int64(r.ID), 10)+"@"+f.host())
	c.Line("SEQUENCE", strconv.Itoa(sequence))
	c.Line("DTSTAMP", ical.Stamp(updated))
	c.Line("CREATED", ical.Stamp(r.CreatedAt))
	c.Line("LAST-MODIFIED", ical.Stamp(updated))
	c.Line("DTSTART", ical.Stamp(r.StartsAt))
	c.Line("DTEND", ical.Stamp(r.EndsAt))
	c.Line("STATUS", status)
	c.Text("SUMMARY", title)
	c.Text("DESCRIPTION", strings.Join(f.said(r, page), "\n"))
	if where := r.Place; where != "" {
		c.Text("LOCATION", where)
	}
	c.Line("URL", page)
	c.Line("END", "VEVENT")
}

func (f Feed) said(r *Row, page string) (lines []string) {
	if r.Reason != "" {
		lines = append(lines, r.Reason)
	}
	if r.Link != "" && r.Mine != nil { // the link of a meeting is for who booked
		lines = append(lines, r.Link)
	}
	return append(lines, page)
}

// words names where a booking stands, for a table.
func (s BookingState) words(lang string) string {
	switch s {
	case Booked:
		return sheet.Said(lang, "place réservée", "booked")
	case Waiting:
		return sheet.Said(lang, "liste d’attente", "waiting list")
	case Dropped:
		return sheet.Said(lang, "place rendue", "given up")
	}
	return string(s)
}

// WriteSheet writes the attendance sheet for a spreadsheet, a line a person, as
// sheet.Write does; codes come last.
func WriteSheet(w io.Writer, lang string, seats []Seat) error {
	head := []sheet.Column{{"structure", "structure"}, {"inscrit_par", "booked_by"}, {"nom", "name"}, {"etat", "state"}, {"presents", "present"}, {"etat_code", "state_code"}}
	var rows [][]string
	for _, s := range seats {
		came := ""
		if s.Came >= 0 {
			came = strconv.Itoa(s.Came)
		}
		who := s.Attendees
		if len(who) == 0 {
			who = make([]string, s.Seats) // forgotten: the seats are still counted
		}
		for _, name := range who {
			rows = append(rows, []string{s.Organisation, s.Account, name, s.State.words(lang), came, string(s.State)})
		}
	}
	return sheet.Write(w, lang, head, rows)
}
