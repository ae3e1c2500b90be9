package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/internal/fault"
	"maillage/territories"
)

const tagAgenda = "Agenda"

// AgendaDocument is a text to read before or after.
type AgendaDocument struct {
	Title string `json:"title" maxLength:"200"`
	URL   string `json:"url" maxLength:"1000"`
}

// AgendaPlan is what an event is made of. Instants are on the clock of the place.
type AgendaPlan struct {
	Kind          string           `json:"kind" enum:"meeting,training,committee,webinar"`
	Title         string           `json:"title" maxLength:"200"`
	About         string           `json:"about,omitempty" maxLength:"10000"`
	Place         string           `json:"place,omitempty" maxLength:"500" doc:"In words; absent: at a distance."`
	Commune       string           `json:"commune,omitempty" maxLength:"5" doc:"INSEE code."`
	Link          string           `json:"link,omitempty" maxLength:"1000" doc:"Read by who booked alone."`
	Territory     string           `json:"territory,omitempty" maxLength:"2000" example:"departement:26" doc:"Whom it concerns: a territory or a perimeter in JSON; absent: the whole country."`
	Audience      string           `json:"audience" enum:"everyone,network,officers"`
	StartsAt      string           `json:"starts" example:"2026-12-10T14:00"`
	EndsAt        string           `json:"ends" example:"2026-12-10T17:00"`
	RegisterUntil string           `json:"register_until,omitempty"`
	Zone          string           `json:"zone,omitempty" example:"Indian/Reunion" doc:"IANA name; absent: the commune's, else that of Paris."`
	Capacity      int              `json:"capacity,omitempty" minimum:"0" doc:"Seats; 0: no limit."`
	Organiser     int64            `json:"organiser" doc:"An organisation of the network."`
	Fee           float64          `json:"fee,omitempty" minimum:"0" doc:"Euros a person."`
	Documents     []AgendaDocument `json:"documents,omitempty" maxItems:"20"`
}

// AgendaEvent is an event.
type AgendaEvent struct {
	ID            int64            `json:"id"`
	Kind          string           `json:"kind" enum:"meeting,training,committee,webinar"`
	Title         string           `json:"title"`
	About         string           `json:"about,omitempty"`
	Place         string           `json:"place,omitempty"`
	Commune       string           `json:"commune,omitempty"`
	Link          string           `json:"link,omitempty"`
	Territory     json.RawMessage  `json:"territory,omitempty"`
	Audience      string           `json:"audience" enum:"everyone,network,officers"`
	StartsAt      time.Time        `json:"starts_at"`
	EndsAt        time.Time        `json:"ends_at"`
	Zone          string           `json:"zone"`
	RegisterUntil *time.Time       `json:"register_until,omitempty"`
	Capacity      int              `json:"capacity"`
	Taken         int              `json:"taken"`
	Waiting       int              `json:"waiting"`
	Organiser     int64            `json:"organiser"`
	Fee           float64          `json:"fee"`
	Documents     []AgendaDocument `json:"documents"`
	State         string           `json:"state" enum:"draft,published,cancelled"`
	Reason        string           `json:"reason,omitempty" doc:"Why it was cancelled."`
	Sequence      int              `json:"sequence" doc:"Of iCalendar: raised when it is moved or cancelled."`
	Booking       *AgendaBooking   `json:"booking,omitempty" doc:"Of who asks."`
}

// AgendaBooking are seats of one account.
type AgendaBooking struct {
	ID           int64    `json:"id"`
	Organisation int64    `json:"organisation,omitempty"`
	Attendees    []string `json:"attendees" doc:"Forgotten a year after the event."`
	Seats        int      `json:"seats"`
	State        string   `json:"state" enum:"booked,waiting,dropped"`
	Came         *int     `json:"came,omitempty"`
}

const exampleEvent = `{"kind":"training","title":"Répondre à un marché réservé","place":"Maison des associations","commune":"26362","territory":"departement:26","audience":"network","starts":"2026-12-10T14:00","ends":"2026-12-10T17:00","capacity":12,"organiser":1}`

func (s *Server) agenda() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const all, one = "/v1/agenda", "/v1/agenda/{id}"
	stale := []int{http.StatusPreconditionFailed}
	add(s, Operation{ID: "list-agenda", Method: get, Path: all, Tag: tagAgenda, Action: accounts.AgendaRead, Summary: "List events", About: "Those that who asks may see, the nearest first; drafts are those of who manages them."}, s.listAgenda)
	add(s, Operation{ID: "get-agenda-calendar", Method: get, Path: all + "/calendar", Tag: tagAgenda, Action: accounts.AgendaRead, Gives: "text/calendar", Summary: "Read the public calendar", About: "iCalendar: what is cancelled says so."}, s.agendaCalendar)
	add(s, Operation{ID: "create-agenda-event", Method: post, Path: all, Tag: tagAgenda, Action: accounts.AgendaEdit, Status: http.StatusCreated, Summary: "Make an event", About: "A draft.", Example: exampleEvent}, s.createEvent)
	add(s, Operation{ID: "get-agenda-event", Method: get, Path: one, Tag: tagAgenda, Action: accounts.AgendaRead, Summary: "Read an event"}, s.getEvent)
	add(s, Operation{ID: "update-agenda-event", Method: put, Path: one, Tag: tagAgenda, Action: accounts.AgendaEdit, Errors: stale, Summary: "Change an event", About: "Once published, a change of the title, the time, the place or the link is told to who booked.", Example: exampleEvent}, s.updateEvent)
	add(s, Operation{ID: "publish-agenda-event", Method: post, Path: one + "/publish", Tag: tagAgenda, Action: accounts.AgendaEdit, Errors: stale, Summary: "Publish an event"}, s.publishEvent)
	add(s, Operation{ID: "cancel-agenda-event", Method: post, Path: one + "/cancel", Tag: tagAgenda, Action: accounts.AgendaEdit, Errors: stale, Summary: "Cancel an event", About: "With the reason that who booked is told.", Example: `{"reason":"Speaker unable to come"}`}, s.cancelEvent)
	add(s, Operation{ID: "book-agenda-event", Method: put, Path: one + "/booking", Tag: tagAgenda, Action: accounts.AgendaRegister, Summary: "Book seats", About: "For the persons named, in the name of one's structure; beyond what is left, on the waiting list. Again with other names changes the booking.", Example: `{"attendees":["Alix Martin"]}`}, s.bookEvent)
	add(s, Operation{ID: "drop-agenda-booking", Method: del, Path: one + "/booking", Tag: tagAgenda, Action: accounts.AgendaRegister, Status: http.StatusNoContent, Summary: "Give seats back"}, s.dropBooking)
	add(s, Operation{ID: "list-agenda-bookings", Method: get, Path: one + "/bookings", Tag: tagAgenda, Action: accounts.AgendaEdit, Summary: "Read the attendance sheet"}, s.listBookings)
	add(s, Operation{ID: "set-agenda-attendance", Method: put, Path: one + "/bookings/{booking}/came", Tag: tagAgenda, Action: accounts.AgendaEdit, Status: http.StatusNoContent, Summary: "Say how many of a booking came", About: "-1 takes it back.", Example: `{"came":1}`}, s.setAttendance)
	add(s, Operation{ID: "link-my-calendar", Method: post, Path: "/v1/me/calendar", Tag: tagAgenda, Action: accounts.AgendaRegister, Status: http.StatusCreated, Summary: "Draw the secret address of one's own calendar", About: "Given once; the one before stops working."}, s.linkCalendar)
	add(s, Operation{ID: "unlink-my-calendar", Method: del, Path: "/v1/me/calendar", Tag: tagAgenda, Action: accounts.AgendaRegister, Status: http.StatusNoContent, Summary: "End the secret address of one's own calendar"}, s.unlinkCalendar)
}

func (s *Server) listAgenda(ctx context.Context, in *struct {
	Past  bool     `query:"past"`
	Mine  bool     `query:"mine" doc:"Those that who asks booked."`
	Kinds []string `query:"kind,explode" enum:"meeting,training,committee,webinar" maxItems:"4"`
}) (*Found[[]AgendaEvent], error) {
	rows, err := s.cfg.Agenda.List(ctx, agenda.Filter{Past: in.Past, Mine: in.Mine, Kinds: cast[agenda.Kind](in.Kinds)})
	return found(each(rows, s.showEvent(ctx))), err
}

// showEvent hides the link of a meeting from who did not book.
func (s *Server) showEvent(ctx context.Context) func(agenda.Row) AgendaEvent {
	return func(r agenda.Row) AgendaEvent {
		out := AgendaEvent{ID: int64(r.ID), Kind: string(r.Kind), Title: r.Title, About: r.About, Place: r.Place, Commune: r.Commune, Audience: string(r.Audience), StartsAt: r.StartsAt.UTC(), EndsAt: r.EndsAt.UTC(), Zone: r.Zone,
			RegisterUntil: since(r.RegisterUntil), Capacity: r.Capacity, Taken: r.Taken, Waiting: r.Waiting, Organiser: r.OrganiserID, Fee: r.Fee, State: string(r.State), Reason: r.Reason, Sequence: r.Sequence,
			Documents: each(r.Documents, func(d agenda.Document) AgendaDocument { return AgendaDocument(d) })}
		if r.Territory != "" {
			out.Territory = json.RawMessage(r.Territory)
		}
		if r.Mine != nil {
			b := showBooking(*r.Mine)
			out.Booking = &b
		}
		if s.cfg.Agenda.CanManage(ctx, &r.Event) || r.Mine != nil && r.Mine.State == agenda.Booked {
			out.Link = r.Link
		}
		return out
	}
}

func showBooking(b agenda.Booking) AgendaBooking {
	out := AgendaBooking{ID: int64(b.ID), Organisation: b.OrganisationID, Attendees: b.Attendees, Seats: b.Seats, State: string(b.State)}
	if b.Came >= 0 {
		out.Came = &b.Came
	}
	return out
}

func (s *Server) agendaCalendar(ctx context.Context, _ *Empty) (*TextFile, error) {
	rows, err := s.cfg.Agenda.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := agenda.WriteCalendar(&b, agenda.Feed{Name: "Maillage", Lang: accounts.From(ctx).Lang}, rows); err != nil {
		return nil, err
	}
	return &TextFile{Type: "text/calendar; charset=utf-8", Body: b.Bytes()}, nil
}

// TextFile is an answer that is a file.
type TextFile struct {
	Type string `header:"Content-Type"`
	Body []byte
}

func (p AgendaPlan) plan() (agenda.Plan, error) {
	out := agenda.Plan{Kind: agenda.Kind(p.Kind), Title: p.Title, About: p.About, Place: p.Place, Commune: p.Commune, Link: p.Link, Territory: p.Territory, Audience: agenda.Audience(p.Audience), Starts: p.StartsAt, Ends: p.EndsAt,
		Register: p.RegisterUntil, Zone: p.Zone, Capacity: p.Capacity, OrganiserID: p.Organiser, Fee: p.Fee, Documents: each(p.Documents, func(d AgendaDocument) agenda.Document { return agenda.Document(d) })}
	if p.Territory == "" || p.Territory[0] == '{' {
		return out, nil
	}
	ref, err := territories.ParseRef(p.Territory)
	if err != nil {
		return out, fault.Invalid(fault.At("territory", "perimeter", "Ce territoire n’est pas compris.", "This territory is not understood.")).Because(err)
	}
	out.Territory = territories.In(ref).String()
	return out, nil
}

func (s *Server) createEvent(ctx context.Context, in *struct{ Body AgendaPlan }) (*Made[AgendaEvent], error) {
	p, err := in.Body.plan()
	if err != nil {
		return nil, err
	}
	e, err := s.cfg.Agenda.Save(ctx, 0, 0, p)
	if err != nil {
		return nil, err
	}
	return &Made[AgendaEvent]{ETag: tag(e.Revision), Location: "/v1/agenda/" + strconv.FormatInt(int64(e.ID), 10), Body: s.showEvent(ctx)(agenda.Row{Event: *e})}, nil
}

func (s *Server) getEvent(ctx context.Context, in *ByID) (*Found[AgendaEvent], error) {
	r, err := s.cfg.Agenda.Get(ctx, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return revised(s.showEvent(ctx)(*r), r.Revision), nil
}

// written answers an event just written as it reads.
func (s *Server) writtenEvent(ctx context.Context, id int64, err error) (*Found[AgendaEvent], error) {
	if err != nil {
		return nil, err
	}
	return s.getEvent(ctx, &ByID{ID: id})
}

func (s *Server) updateEvent(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body AgendaPlan
}) (*Found[AgendaEvent], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	p, err := in.Body.plan()
	if err != nil {
		return nil, err
	}
	_, err = s.cfg.Agenda.Save(ctx, agenda.ID(in.ID), revision, p)
	return s.writtenEvent(ctx, in.ID, err)
}

func (s *Server) publishEvent(ctx context.Context, in *struct {
	ByID
	IfMatch
}) (*Found[AgendaEvent], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	_, err = s.cfg.Agenda.Publish(ctx, agenda.ID(in.ID), revision)
	return s.writtenEvent(ctx, in.ID, err)
}

func (s *Server) cancelEvent(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*Found[AgendaEvent], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	_, err = s.cfg.Agenda.Cancel(ctx, agenda.ID(in.ID), revision, in.Body.Reason)
	return s.writtenEvent(ctx, in.ID, err)
}

func (s *Server) bookEvent(ctx context.Context, in *struct {
	ByID
	Body struct {
		Attendees []string `json:"attendees" minItems:"1" maxItems:"20"`
	}
}) (*Found[AgendaBooking], error) {
	b, err := s.cfg.Agenda.Register(ctx, agenda.ID(in.ID), in.Body.Attendees)
	if err != nil {
		return nil, err
	}
	return found(showBooking(*b)), nil
}

func (s *Server) dropBooking(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Agenda.Drop(ctx, agenda.ID(in.ID)))
}

func (s *Server) listBookings(ctx context.Context, in *ByID) (*Found[[]AgendaBooking], error) {
	seats, err := s.cfg.Agenda.Sheet(ctx, agenda.ID(in.ID))
	return found(each(seats, func(seat agenda.Seat) AgendaBooking { return showBooking(seat.Booking) })), err
}

func (s *Server) setAttendance(ctx context.Context, in *struct {
	ByID
	Booking int64 `path:"booking" minimum:"1"`
	Body    struct {
		Came int `json:"came" minimum:"-1"`
	}
}) (*Nothing, error) {
	return none(s.cfg.Agenda.Attend(ctx, agenda.ID(in.ID), agenda.BookingID(in.Booking), in.Body.Came))
}

// CalendarAddress is the secret address of a calendar, from the root of the site.
type CalendarAddress struct {
	Calendar string `json:"calendar"`
}

func (s *Server) linkCalendar(ctx context.Context, _ *Empty) (*Made[CalendarAddress], error) {
	secret, err := s.cfg.Agenda.Link(ctx)
	if err != nil {
		return nil, err
	}
	path := "/flux/" + secret + "/agenda.ics"
	return &Made[CalendarAddress]{Location: path, Body: CalendarAddress{path}}, nil
}

func (s *Server) unlinkCalendar(ctx context.Context, _ *Empty) (*Nothing, error) {
	return none(s.cfg.Agenda.Unlink(ctx))
}
