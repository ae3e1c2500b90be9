// Package agenda holds what the network organises for its structures: meetings,
// trainings, committees, webinars; who comes, in the name of which structure; who
// waits for a place; and the calendars that say so.
//
// It refuses to tell twice, to sell a place twice, and to keep names longer than
// they serve: a year after an event, how many came is all that is left. A training
// for people in insertion is an opportunity, not an event of the agenda.
package agenda

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
)

// ID identifies an event, BookingID a booking.
type (
	ID        int64
	BookingID int64
)

// Kind is what an event is.
type Kind string

// The kinds.
const (
	Meeting   Kind = "meeting"
	Training  Kind = "training" // for the structures' staff
	Committee Kind = "committee"
	Webinar   Kind = "webinar"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Meeting, Training, Committee, Webinar} }

// Audience is who may see an event and come.
type Audience string

// The audiences.
const (
	Everyone Audience = "everyone"
	Members  Audience = "network"  // whoever is signed in
	Officers Audience = "officers" // the network's own staff
)

// Audiences lists them, the widest first.
func Audiences() []Audience { return []Audience{Everyone, Members, Officers} }

// Sees tells whether an audience holds somebody.
func (a Audience) Sees(id accounts.Identity) bool {
	switch {
	case a == Everyone, id.Role == accounts.System:
		return true
	case a == Members:
		return id.SignedIn()
	}
	return id.SignedIn() && (id.Role == accounts.Officer || id.Role == accounts.Admin)
}

// State is where an event is.
type State string

// The states. What is cancelled stays, so that calendars hear of it.
const (
	Draft     State = "draft"
	Published State = "published"
	Cancelled State = "cancelled"
)

// Document is a text to read before or after.
type Document struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Event is one event. Instants are UTC; Zone is the place's own (an IANA name),
// in which they are read.
type Event struct {
	bun.BaseModel `bun:"table:agenda_events,alias:ae"`

	ID            ID         `bun:"id,pk,autoincrement"`
	Kind          Kind       `bun:"kind"`
	Title         string     `bun:"title"`
	About         string     `bun:"about"`
	Place         string     `bun:"place"`     // where, in words; empty: at a distance
	Commune       string     `bun:"commune"`   // its commune, or empty
	Link          string     `bun:"link"`      // of a meeting at a distance
	Territory     string     `bun:"territory"` // canonical expression of whom it concerns; empty: the whole country
	Audience      Audience   `bun:"audience"`
	StartsAt      time.Time  `bun:"starts_at"`
	EndsAt        time.Time  `bun:"ends_at"`
	Zone          string     `bun:"zone"`
	Capacity      int        `bun:"capacity"`                // seats; 0: no limit
	RegisterUntil time.Time  `bun:"register_until,nullzero"` // zero: until it begins
	OrganiserID   int64      `bun:"organiser_id"`
	Fee           float64    `bun:"fee"` // euros a person; 0: free
	Documents     []Document `bun:"documents"`
	State         State      `bun:"state"`
	Reason        string     `bun:"reason"`   // why it was cancelled
	Sequence      int        `bun:"sequence"` // of iCalendar: raised by what somebody who comes must know
	Revision      int64      `bun:"revision"`
	CreatedAt     time.Time  `bun:"created_at"`
	UpdatedAt     time.Time  `bun:"updated_at"`
}

// Location is the clock of the place; that of Greenwich where it cannot be read.
func (e *Event) Location() *time.Location {
	if loc, err := time.LoadLocation(e.Zone); err == nil {
		return loc
	}
	return time.UTC // checked when it was written
}

// Open tells whether somebody may still register at an instant.
func (e *Event) Open(now time.Time) bool {
	return e.State == Published && now.Before(e.StartsAt) && (e.RegisterUntil.IsZero() || now.Before(e.RegisterUntil))
}

// BookingState is where a booking is.
type BookingState string

// The states of a booking.
const (
	Booked  BookingState = "booked"
	Waiting BookingState = "waiting"
	Dropped BookingState = "dropped" // by who booked
)

// Booking is the seats of one account, in the name of its structure. The names
// are forgotten a year after the event.
type Booking struct {
	bun.BaseModel `bun:"table:agenda_bookings,alias:ab"`

	ID             BookingID       `bun:"id,pk,autoincrement"`
	EventID        ID              `bun:"event_id"`
	UserID         accounts.UserID `bun:"user_id"`
	OrganisationID int64           `bun:"organisation_id"` // 0: none
	Attendees      []string        `bun:"attendees"`
	Seats          int             `bun:"seats"`
	State          BookingState    `bun:"state"`
	Queued         int64           `bun:"queued"` // place in the waiting list: the lowest comes first
	Came           int             `bun:"came"`   // -1: not said
	Revision       int64           `bun:"revision"`
	CreatedAt      time.Time       `bun:"created_at"`
	UpdatedAt      time.Time       `bun:"updated_at"`
}

// Live tells a booking that still asks for seats.
func (b *Booking) Live() bool { return b.State == Booked || b.State == Waiting }

// zones are those of France, the metropolitan one first.
var zones = []string{"Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "America/Miquelon", "America/St_Barthelemy", "America/Marigot", "Pacific/Wallis", "Pacific/Tahiti", "Pacific/Noumea"}

// Zones lists the clocks on which an event may be said.
func Zones() []string { return slices.Clone(zones) }
