package web

import (
	"strings"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/internal/mail"
)

// Agenda is a letter about an event to who booked: it is tomorrow, it moved, it is
// cancelled, or a seat is free.
func (l *Letters) Agenda(to accounts.User, what string, e *agenda.Event, b *agenda.Booking) mail.Letter {
	c, lang := l.spoken(to.Lang)
	out := mail.Letter{Lang: string(lang), Subject: c.T("letters.agenda_"+what, "Title", e.Title), Greeting: c.T("letters.hello", "Name", to.Name), Foot: c.T("letters.agenda_why"),
		Button: mail.Link{Label: c.T("letters.agenda_do"), URL: l.site + eventPath(e.ID)}}
	out.Paragraphs = append(out.Paragraphs, c.T("letters.agenda_said_"+what, "Title", e.Title))
	if what == string(agenda.CancelledStep) {
		out.Paragraphs = append(out.Paragraphs, c.T("letters.agenda_reason", "Reason", e.Reason))
		return out
	}
	out.Paragraphs = append(out.Paragraphs, upperFirst(c.eventWhen(e))+".", c.T("letters.agenda_where", "Place", or(e.Place, c.T("agenda.distance"))))
	if e.Link != "" && b.State == agenda.Booked {
		out.Paragraphs = append(out.Paragraphs, c.T("letters.agenda_link", "Link", e.Link))
	}
	if len(b.Attendees) > 0 {
		out.Paragraphs = append(out.Paragraphs, c.T("letters.agenda_names", "Names", strings.Join(b.Attendees, ", ")))
	}
	return out
}
