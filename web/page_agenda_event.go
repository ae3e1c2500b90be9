package web

import (
	"io"
	"strconv"
	"strings"

	"maillage/followup/agenda"
)

// AgendaEventPage is one event: what, when, where, and one's seats.
type AgendaEventPage struct {
	Page
	Heading, Lead string
	Tags          []Tag
	Alert         string
	Facts         []Fact
	About         []string
	Documents     []Link
	Join          string // link of a meeting at a distance
	Register      *RegisterForm
	SignIn        string
	Closed        string
	Manage        *ManageEvent
}

// RegisterForm books seats, changes them or gives them back.
type RegisterForm struct {
	Action, Heading, Text, Button string
	Names                         Field
	CanDrop                       bool
}

// ManageEvent are the gestures of who manages.
type ManageEvent struct {
	Action, Edit, Sheet string
	Revision            int64
	CanPublish          bool
	CanEdit             bool
	Cancel              *Field
}

func (s *Server) event(c *call) error { return c.showEvent(200, nil) }

func (c *call) showEvent(status int, errs map[string]string) error {
	r, err := c.eventOf()
	if err != nil {
		return err
	}
	page := &AgendaEventPage{Page: c.page(r.Title, Crumb{c.T("agenda.title"), agendaPath}, Crumb{Text: r.Title}), Heading: r.Title, Lead: upperFirst(c.eventWhen(&r.Event)), Tags: c.agendaRow(r).Tags, About: paragraphs(r.About), Facts: c.eventFacts(r)}
	for _, d := range r.Documents {
		page.Documents = append(page.Documents, Link{d.Title, d.URL})
	}
	manages := c.s.cfg.Agenda.CanManage(c.r.Context(), &r.Event)
	if r.Link != "" && (manages || r.Mine != nil && r.Mine.State == agenda.Booked) && r.State == agenda.Published {
		page.Join = r.Link
	}
	if r.State == agenda.Cancelled {
		page.Alert = c.T("agenda.cancelled_said", "Reason", r.Reason)
	}
	c.registering(page, r, errs)
	if manages {
		page.Manage = c.managing(r, errs)
	}
	page.Errors = summary(errs, "noms", "motif")
	return c.showStatus(status, "agenda_event", page)
}

func (c *call) eventFacts(r *agenda.Row) []Fact {
	out := []Fact{{Label: c.T("agenda.where"), Big: or(r.Place, c.T("agenda.distance"))}}
	if r.Commune != "" {
		out[0].Lines = []string{c.communeWords(communeCode(r.Commune))}
	}
	if r.Link != "" && r.Place != "" {
		out[0].Lines = append(out[0].Lines, c.T("agenda.also_distance"))
	}
	add := func(label, big string, lines ...string) {
		out = append(out, Fact{Label: c.T(label), Big: big, Lines: lines})
	}
	if r.State == agenda.Published {
		add("agenda.seats", c.seatsWords(r))
	}
	if !r.RegisterUntil.IsZero() {
		add("agenda.until", c.local(&r.Event).When(r.RegisterUntil, c.now))
	}
	fee := c.T("agenda.free")
	if r.Fee > 0 {
		fee = c.Money(r.Fee, "EUR")
	}
	add("agenda.fee", fee)
	add("agenda.organiser", r.Organiser)
	add("agenda.for", c.T("agenda.audience_"+string(r.Audience)), or(c.perimeterWords(r.Territory), c.T("place.country")))
	return out
}

func (c *call) registering(page *AgendaEventPage, r *agenda.Row, errs map[string]string) {
	open := r.Open(c.now)
	switch {
	case r.State != agenda.Published:
		return
	case !c.who.Known():
		if open {
			page.SignIn = "/connexion?retour=" + eventPath(r.ID)
		}
		return
	case !open && (r.Mine == nil || !r.Mine.Live() || !c.now.Before(r.StartsAt)):
		page.Closed = c.T("agenda.closed")
		return
	}
	f := &RegisterForm{Action: eventPath(r.ID), Heading: c.T("agenda.register"), Text: c.T("agenda.register_text"), Button: c.T("agenda.register_do"),
		Names: Field{ID: "noms", Name: "noms", Kind: "area", Label: c.T("agenda.names"), Hint: c.T("agenda.names_hint"), Required: true, Error: errs["noms"], Value: c.form("noms")}}
	if r.Left() == 0 || r.Waiting > 0 {
		f.Text, f.Button = c.T("agenda.wait_text"), c.T("agenda.wait_do")
	}
	if b := r.Mine; b != nil && b.Live() {
		f.Heading, f.Text, f.Button, f.CanDrop = c.T("agenda.your_seats"), c.T("agenda.your_seats_"+string(b.State)), c.T("agenda.change_names"), true
		if c.form("noms") == "" {
			f.Names.Value = strings.Join(b.Attendees, "\n")
		}
	}
	page.Register = f
}

func (c *call) managing(r *agenda.Row, errs map[string]string) *ManageEvent {
	over := !c.now.Before(r.EndsAt)
	out := &ManageEvent{Action: eventPath(r.ID) + "/gerer", Edit: eventPath(r.ID) + "/modifier", Sheet: eventPath(r.ID) + "/presence", Revision: r.Revision, CanPublish: r.State == agenda.Draft, CanEdit: r.State == agenda.Draft || r.State == agenda.Published && !over}
	if r.State == agenda.Published && !over {
		out.Cancel = &Field{ID: "motif", Name: "motif", Label: c.T("agenda.cancel_why"), Required: true, Error: errs["motif"], Value: c.form("motif")}
	}
	return out
}

// register books, or gives back.
func (s *Server) register(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if c.form("geste") == "renoncer" {
		if err := s.cfg.Agenda.Drop(c.r.Context(), agenda.ID(id)); err != nil {
			return c.refusedEvent(err, "noms", "attendees")
		}
		return c.to(eventPath(agenda.ID(id)), "agenda_dropped")
	}
	b, err := s.cfg.Agenda.Register(c.r.Context(), agenda.ID(id), strings.Split(c.form("noms"), "\n"))
	if err != nil {
		return c.refusedEvent(err, "noms", "attendees")
	}
	return c.to(eventPath(agenda.ID(id)), "agenda_"+string(b.State))
}

// refusedEvent shows the event again with what was wrong with the one field of the gesture.
func (c *call) refusedEvent(err error, name, path string) error {
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := map[string]string{name: fields[path]}
	if fields[path] == "" {
		errs[""] = general
	}
	return c.showEvent(refusedStatus(err), errs)
}

// manageEvent publishes or cancels.
func (s *Server) manageEvent(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	said := "agenda_published"
	if c.form("geste") == "annuler" {
		said = "agenda_cancelled"
		_, err = s.cfg.Agenda.Cancel(c.r.Context(), agenda.ID(id), revision, c.form("motif"))
	} else {
		_, err = s.cfg.Agenda.Publish(c.r.Context(), agenda.ID(id), revision)
	}
	if err != nil {
		return c.refusedEvent(err, "motif", "reason")
	}
	return c.to(eventPath(agenda.ID(id)), said)
}

// AttendancePage is who comes, to print and to fill.
type AttendancePage struct {
	Page
	Heading, Lead, Back, Table string
	Rows                       []AttendanceRow
	Waiting                    []AttendanceRow
	Empty                      Empty
	Said                       string
	Action                     string
	CanFill                    bool
}

// AttendanceRow is a booking on the sheet.
type AttendanceRow struct {
	ID, Structure, By string
	Names             []string
	Seats             string
	Came              Field
}

func (s *Server) sheet(c *call) error {
	r, err := c.managedEvent()
	if err != nil {
		return err
	}
	seats, err := s.cfg.Agenda.Sheet(c.r.Context(), r.ID)
	if err != nil {
		return err
	}
	title := c.T("agenda.sheet")
	page := &AttendancePage{Page: c.page(joined(", ", title, r.Title), Crumb{c.T("agenda.title"), agendaPath}, Crumb{r.Title, eventPath(r.ID)}, Crumb{Text: title}), Heading: title, Lead: r.Title + ". " + upperFirst(c.eventWhen(&r.Event)) + ". " + r.Place,
		Back: eventPath(r.ID), Table: eventPath(r.ID) + "/presence.csv", Empty: Empty{Title: c.T("agenda.nobody"), Text: c.T("agenda.nobody_text"), Actions: []Link{{c.T("agenda.back"), eventPath(r.ID)}}}, Said: c.seatsWords(r),
		Action: eventPath(r.ID) + "/presence", CanFill: !c.now.Before(r.StartsAt)}
	for _, seat := range seats {
		row := c.attendanceRow(&seat)
		if seat.State == agenda.Waiting {
			page.Waiting = append(page.Waiting, row)
			continue
		}
		page.Rows = append(page.Rows, row)
	}
	return c.show("agenda_sheet", page)
}

func (c *call) attendanceRow(seat *agenda.Seat) AttendanceRow {
	id := strconv.FormatInt(int64(seat.ID), 10)
	came := ""
	if seat.Came >= 0 {
		came = strconv.Itoa(seat.Came)
	}
	return AttendanceRow{ID: id, Structure: or(seat.Organisation, c.T("agenda.no_structure")), By: seat.Account, Names: seat.Attendees, Seats: c.N("agenda.seats_n", seat.Seats),
		Came: Field{ID: "venus-" + id, Name: "venus", Kind: "number", Label: c.T("agenda.came"), Bare: true, Short: true, Value: came, Min: "0", Max: strconv.Itoa(seat.Seats)}}
}

// fillSheet says how many of a booking came.
func (s *Server) fillSheet(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	booking, err := strconv.ParseInt(c.form("inscription"), 10, 64)
	if err != nil {
		booking = 0
	}
	came := -1
	if c.form("venus") != "" {
		if came = c.count("venus"); came < 0 {
			came = -2 // refused by the noun
		}
	}
	if err := s.cfg.Agenda.Attend(c.r.Context(), agenda.ID(id), agenda.BookingID(booking), came); err != nil {
		return err
	}
	return c.to(eventPath(agenda.ID(id))+"/presence", "agenda_came")
}

func (s *Server) sheetTable(c *call) error {
	r, err := c.managedEvent()
	if err != nil {
		return err
	}
	seats, err := s.cfg.Agenda.Sheet(c.r.Context(), r.ID)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="presence-`+strconv.FormatInt(int64(r.ID), 10)+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error { return agenda.WriteSheet(w, string(c.Lang), seats) })
}
