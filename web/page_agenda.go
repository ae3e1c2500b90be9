package web

import (
	"io"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/internal/fault"
	"maillage/territories"
)

const agendaPath = "/agenda"

func eventPath(id agenda.ID) string { return agendaPath + "/" + strconv.FormatInt(int64(id), 10) }

// AgendaPage is what comes, or what is over.
type AgendaPage struct {
	Page
	Heading, Lead string
	Chosen        []Option
	Filters       []Field
	Warning       string
	Found         string
	Rows          []AgendaRow
	Empty         Empty
	New           string
	Calendar      string
	CanLink       bool
	Secret        string // the address just drawn, shown once
}

// AgendaRow is an event in a list.
type AgendaRow struct {
	Title, Href, Over, When, Seats string
	Stamp                          string
	Tags                           []Tag
}

// local is the locale on the clock of the place of an event.
func (c *call) local(e *agenda.Event) *Locale {
	l := *c.Locale
	l.zone = e.Location()
	return &l
}

// eventWhen says when an event is, on the clock of its place: "jeudi 10 décembre,
// de 14 h à 17 h", with the place's time where it is not that of Paris.
func (c *call) eventWhen(e *agenda.Event) string {
	l := c.local(e)
	day := func(t time.Time) string {
		if t.In(l.zone).Year() != c.now.In(l.zone).Year() {
			return l.Date(t)
		}
		return l.Day(t)
	}
	said := c.T("agenda.from_to", "Day", day(e.StartsAt), "From", l.Hour(e.StartsAt), "To", l.Hour(e.EndsAt))
	if e.StartsAt.In(l.zone).Format(time.DateOnly) != e.EndsAt.In(l.zone).Format(time.DateOnly) {
		said = c.T("agenda.from_day", "From", day(e.StartsAt)+", "+l.Hour(e.StartsAt), "To", day(e.EndsAt)+", "+l.Hour(e.EndsAt))
	}
	if e.Zone != agenda.Zones()[0] {
		said += " (" + c.T("agenda.time_of", "Place", c.T("agenda.zone_"+e.Zone)) + ")"
	}
	return said
}

func (s *Server) agenda(c *call) error { return c.showAgenda("") }

func (c *call) showAgenda(secret string) error {
	f, warning := c.agendaFilter()
	rows, err := c.s.cfg.Agenda.List(c.r.Context(), f)
	if err != nil {
		return err
	}
	title := c.T("agenda.title")
	page := &AgendaPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("agenda.heading"), Lead: c.T("agenda.lead"), Warning: warning, Found: c.N("agenda.found", len(rows)),
		Calendar: agendaPath + ".ics", CanLink: c.may(accounts.AgendaRegister), Secret: secret, Filters: c.agendaFields(), Chosen: c.agendaChosen(f),
		Empty: Empty{Title: c.T("agenda.none"), Text: c.T("agenda.none_text"), Actions: []Link{{c.T("agenda.past"), agendaPath + "?quand=passes"}}}}
	if f.Past {
		page.Empty = Empty{Title: c.T("agenda.none"), Text: c.T("agenda.none_past"), Actions: []Link{{c.T("agenda.coming"), agendaPath}}}
	}
	if c.may(accounts.AgendaEdit) {
		page.New = agendaPath + "/nouveau"
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, c.agendaRow(&r))
	}
	return c.show("agenda", page)
}

func (c *call) agendaFilter() (f agenda.Filter, warning string) {
	f = agenda.Filter{Past: c.query("quand") == "passes", Mine: c.query("quand") == "miens"}
	for _, k := range agenda.Kinds() {
		if c.query("nature") == string(k) {
			f.Kinds = []agenda.Kind{k}
		}
	}
	if words := c.query("ou"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			return f, c.T("opps.place_unknown", "Words", words)
		}
		f.Territory = expr
	}
	return f, ""
}

func (c *call) agendaChosen(f agenda.Filter) []Option {
	out := []Option{{Value: c.with("quand", ""), Text: c.T("agenda.coming"), Selected: !f.Past && !f.Mine}}
	if c.who.Known() {
		out = append(out, Option{Value: c.with("quand", "miens"), Text: c.T("agenda.mine"), Selected: f.Mine})
	}
	return append(out, Option{Value: c.with("quand", "passes"), Text: c.T("agenda.past"), Selected: f.Past})
}

func (c *call) agendaFields() []Field {
	return []Field{
		{ID: "nature", Name: "nature", Kind: "select", Bare: true, Label: c.T("agenda.kind"), Options: c.options("agenda.kind_", c.query("nature"), c.T("agenda.every_kind"), texts(agenda.Kinds())...)},
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(c.query("ou")), Combo: "/suggestions/territoires"},
	}
}

func (c *call) agendaRow(r *agenda.Row) AgendaRow {
	out := AgendaRow{Title: r.Title, Href: eventPath(r.ID), When: c.eventWhen(&r.Event), Stamp: r.StartsAt.UTC().Format(time.RFC3339), Seats: c.seatsWords(r)}
	out.Over = joined(" · ", c.T("agenda.kind_"+string(r.Kind)), or(r.Place, c.T("agenda.distance")), r.Organiser)
	switch r.State {
	case agenda.Draft:
		out.Tags = append(out.Tags, Tag{Text: c.T("agenda.state_draft"), State: Partial, Icon: "pencil"})
	case agenda.Cancelled:
		out.Tags = append(out.Tags, Tag{Text: c.T("agenda.state_cancelled"), State: Missed})
		out.Seats = ""
	case agenda.Published:
	}
	if b := r.Mine; b != nil && b.Live() && r.State == agenda.Published {
		out.Tags = append(out.Tags, c.bookingTag(b))
	}
	if r.Audience != agenda.Everyone {
		out.Tags = append(out.Tags, Tag{Text: c.T("agenda.audience_" + string(r.Audience)), Kind: true})
	}
	return out
}

func (c *call) bookingTag(b *agenda.Booking) Tag {
	if b.State == agenda.Waiting {
		return Tag{Text: c.T("agenda.you_wait"), State: Partial, Icon: "clock"}
	}
	return Tag{Text: c.N("agenda.you_come", b.Seats), State: Met}
}

func (c *call) seatsWords(r *agenda.Row) string {
	switch left := r.Left(); {
	case left < 0:
		return c.N("agenda.booked", r.Taken)
	case left == 0 || r.Waiting > 0:
		return c.N("agenda.full", r.Waiting)
	default:
		return c.N("agenda.left", left)
	}
}

// feed is what a calendar of the agenda says of itself.
func (c *call) feed(name string) agenda.Feed {
	return agenda.Feed{Name: name, Site: c.outlet("", "").Site, Lang: string(c.Lang)}
}

func (s *Server) agendaCalendar(c *call) error {
	rows, err := s.cfg.Agenda.Calendar(c.r.Context())
	if err != nil {
		return err
	}
	return c.send("text/calendar; charset=utf-8", func(w io.Writer) error {
		return agenda.WriteCalendar(w, c.feed("Maillage · "+c.T("agenda.title")), rows)
	})
}

func (s *Server) ownCalendar(c *call) error {
	rows, err := s.cfg.Agenda.CalendarBy(c.r.Context(), c.r.PathValue("secret"))
	if err != nil {
		return err
	}
	return c.send("text/calendar; charset=utf-8", func(w io.Writer) error {
		return agenda.WriteCalendar(w, c.feed("Maillage · "+c.T("agenda.mine")), rows)
	})
}

// linkCalendar draws or ends the secret address of one's own calendar.
func (s *Server) linkCalendar(c *call) error {
	if c.form("geste") == "fermer" {
		if err := s.cfg.Agenda.Unlink(c.r.Context()); err != nil {
			return err
		}
		return c.to(agendaPath, "calendar_unlinked")
	}
	secret, err := s.cfg.Agenda.Link(c.r.Context())
	if err != nil {
		return err
	}
	c.w.Header().Set("Cache-Control", "no-store")
	return c.showAgenda(c.outlet("", "").Site + "/flux/" + secret + "/agenda.ics")
}

// oneCommune reads a commune in words; "" for none. ok is false where the words
// are not those of one commune.
func (c *call) oneCommune(words string) (code territories.CommuneCode, ok bool) {
	if words == "" {
		return "", true
	}
	expr, err := c.placeAsked(words)
	if err != nil {
		return "", false
	}
	p, err := c.s.cfg.Atlas.Compile(expr)
	if err != nil || p.Set.Len() != 1 {
		return "", false
	}
	p.Set.Each(func(ord int) bool { code = c.s.cfg.Atlas.Commune(ord).Code; return false })
	return code, true
}

// eventOf reads the event of the address.
func (c *call) eventOf() (*agenda.Row, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	return c.s.cfg.Agenda.Get(c.r.Context(), agenda.ID(id))
}

// managedEvent is eventOf for who manages it.
func (c *call) managedEvent() (*agenda.Row, error) {
	r, err := c.eventOf()
	if err == nil && !c.s.cfg.Agenda.CanManage(c.r.Context(), &r.Event) {
		return nil, fault.Forbidden()
	}
	return r, err
}
