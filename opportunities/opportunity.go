// Package opportunities holds what is offered: public tenders, private
// purchases, job needs, insertion hours to fill and calls for partners, each
// with its lots, its life cycle and its history.
//
// It refuses to forget: a state is left only by a transition of the table
// below, and every change is an event with its difference. It does not know
// who could answer: that is matching.
package opportunities

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/territories"
)

// ID identifies an opportunity.
type ID int64

// LotID identifies a lot.
type LotID int64

// Kind is what is offered.
type Kind string

// The kinds of opportunity.
const (
	Tender          Kind = "tender"
	PrivatePurchase Kind = "private_purchase"
	JobNeed         Kind = "job_need"
	InsertionHours  Kind = "insertion_hours"
	PartnerCall     Kind = "partner_call"
	// Takeover is an activity to hand over, or to put together with another's.
	Takeover Kind = "takeover"
	// Expected is a call that nobody has published yet, foreseen from awards.
	Expected Kind = "expected"
)

// State is where an opportunity stands.
type State string

// The states: draft → published → closed | awarded | cancelled.
const (
	Draft     State = "draft"
	Published State = "published"
	Closed    State = "closed"
	Awarded   State = "awarded"
	Cancelled State = "cancelled"
)

// Opportunity is one thing that is offered: for a tender, one procurement
// whatever the number of notices about it.
type Opportunity struct {
	bun.BaseModel `bun:"table:opportunities,alias:op"`

	ID          ID     `bun:"id,pk,autoincrement"`
	Kind        Kind   `bun:"kind"`
	State       State  `bun:"state"`
	Title       string `bun:"title"`
	Description string `bun:"description"`
	Key         string `bun:"key"`          // of the procurement, unique where not empty: "boamp:26-14870", "procedure:…"
	BuyerID     *int64 `bun:"buyer_id"`     // organisation, where it is known
	BuyerName   string `bun:"buyer_name"`   // as published
	BuyerSIRET  string `bun:"buyer_siret"`  // as published, digits only
	PublisherID *int64 `bun:"publisher_id"` // organisation that published it here (association, employer)
	// TransferorID is who hands over (Takeover): no door shows it but to those whom
	// they accept, and such a call names no buyer nor publisher.
	TransferorID *int64               `bun:"transferor_id"`
	Source       string               `bun:"source"` // "boamp", "ted", "eforms", "officer", "employer", "demo"
	Links        Links                `bun:"links"`
	Place        Place                `bun:"place"`  // of the whole; lots may be more precise
	Clause       Clause               `bun:"clause"` // social verdict of the whole
	Codes        []nomenclatures.Code `bun:"codes"`
	Deadline     *time.Time           `bun:"deadline"`     // instant (UTC), the earliest of its open lots; nil: none
	DeadlineRaw  Deadline             `bun:"deadline_raw"` // as it was written
	Amount       float64              `bun:"amount"`       // estimated, excluding taxes; 0: not said
	Currency     string               `bun:"currency"`
	Folded       string               `bun:"folded"`     // what a text search reads: title, buyer, lots, without accents or case
	Facets       string               `bun:"facets"`     // clauses of the whole and of its lots, for filters: " v:reserved r:siae "
	NoticedAt    *time.Time           `bun:"noticed_at"` // publication of the latest notice that was applied
	// ProcurementID is the procurement that this one follows; nil: none.
	ProcurementID *ID        `bun:"procurement_id"`
	Insertion     *Insertion `bun:"insertion"`   // what an award says of the hours to fill; nil: nothing
	Forecast      *Forecast  `bun:"forecast"`    // of an expected call; nil: it is no forecast
	ExpectedOn    string     `bun:"expected_on"` // to sort by: Forecast.On, or the first day of a training; empty: neither
	Revision      int64      `bun:"revision"`
	PublishedAt   *time.Time `bun:"published_at"`
	CreatedAt     time.Time  `bun:"created_at"`
	UpdatedAt     time.Time  `bun:"updated_at"`

	Lots []Lot `bun:"rel:has-many,join:id=opportunity_id"`
}

// Public reports whether anybody may read it: a draft, and what was cancelled
// before it was ever published, are their publisher's.
func (o *Opportunity) Public() bool {
	return o.State != Draft && (o.State != Cancelled || o.PublishedAt != nil)
}

// Links lead to the source.
type Links struct {
	Official   string `json:"official,omitempty"`
	Documents  string `json:"documents,omitempty"`
	Submission string `json:"submission,omitempty"`
}

// Scope says what is known of a place.
type Scope string

// "Whole country" and "unknown" are two different things.
const (
	InCommunes   Scope = "communes"
	WholeCountry Scope = "country"
	PlaceUnknown Scope = "unknown"
)

// Place is where the thing is done.
type Place struct {
	Scope     Scope  `json:"scope"`
	Perimeter string `json:"perimeter,omitempty"` // canonical expression, where Scope is InCommunes
	Words     string `json:"words,omitempty"`     // as published
}

// unknown holds when nothing at all is said of the place.
func (p Place) unknown() bool {
	return (p.Scope == "" || p.Scope == PlaceUnknown) && p.Words == ""
}

// Holidays are those of a place, which its working days leave out; those of
// metropolitan France where it is none in particular.
func (p Place) Holidays(atlas *territories.Atlas) territories.Holidays {
	if p.Scope != InCommunes || atlas == nil {
		return territories.MetropolitanHolidays
	}
	area, err := atlas.CompileText(p.Perimeter)
	if err != nil {
		return territories.MetropolitanHolidays
	}
	return atlas.HolidaysIn(area.Set)
}

// Deadline keeps what was written, beside the instant it was read as.
type Deadline struct {
	Wall    string `json:"wall,omitempty"` // 2026-12-07T12:00
	Zone    string `json:"zone,omitempty"` // IANA name
	Raw     string `json:"raw,omitempty"`
	Warning string `json:"warning,omitempty"`
}

// Verdict is the social clause of a lot.
type Verdict string

// The verdicts.
const (
	ClauseReserved  Verdict = "reserved"
	ClauseExecution Verdict = "execution"
	ClauseCriterion Verdict = "criterion"
	ClauseObject    Verdict = "object"
	ClauseNone      Verdict = "none"
	ClauseToConfirm Verdict = "to_confirm"
)

// Reservation is to whom a lot is reserved, by article of the public procurement code.
type Reservation string

// The reservations.
const (
	ReservedSIAE   Reservation = "siae"    // L2113-13
	ReservedEA     Reservation = "ea_esat" // L2113-12
	ReservedBoth   Reservation = "both"    // L2113-14
	ReservedESS    Reservation = "ess"     // L2113-15
	ReservedPrison Reservation = "prison"  // L2113-13-1
	NotReserved    Reservation = ""
)

// Clause is a verdict with its evidence.
type Clause struct {
	Verdict    Verdict     `json:"verdict,omitempty"`
	ReservedTo Reservation `json:"reserved_to,omitempty"`
	Hours      float64     `json:"hours,omitempty"` // insertion hours; 0: not said
	Confidence float64     `json:"confidence,omitempty"`
	Evidence   []Evidence  `json:"evidence,omitempty"`
}

// Evidence is a passage that supports a verdict; Start and End count characters of the field.
type Evidence struct {
	Field string `json:"field"`
	Quote string `json:"quote,omitempty"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Lot is a part that can be answered alone; what has no lots has one.
type Lot struct {
	bun.BaseModel `bun:"table:lots,alias:l"`

	ID             LotID                `bun:"id,pk,autoincrement"`
	OpportunityID  ID                   `bun:"opportunity_id"`
	Number         string               `bun:"number"` // as published: "1", "LOT-0001"; unique in the opportunity
	Position       int                  `bun:"position"`
	Title          string               `bun:"title"`
	Description    string               `bun:"description"`
	Codes          []nomenclatures.Code `bun:"codes"` // CPV, sectors, occupations
	Modes          []string             `bun:"modes"` // network.Mode values that are accepted; empty: any
	Place          Place                `bun:"place"`
	Clause         Clause               `bun:"clause"`
	Certifications []Requirement        `bun:"certifications"`
	FTE            float64              `bun:"fte"`              // asked; 0: not said
	Hours          float64              `bun:"hours"`            // of work asked
	Amount         float64              `bun:"amount"`           // estimated, excluding taxes
	Turnover       float64              `bun:"turnover"`         // floor of yearly turnover; 0: none
	Insurance      float64              `bun:"insurance"`        // floor of what is insured, euros; 0: none
	References     *int                 `bun:"references_asked"` // similar contracts to show; nil: not said
	Posts          int                  `bun:"posts"`            // job needs: places to fill
	Taken          int                  `bun:"taken"`            // of them, those that somebody was hired for: see Take
	TakenAt        *time.Time           `bun:"taken_at"`         // the last of them
	MovedAt        *time.Time           `bun:"moved_at"`         // when its place or its hours last changed; nil: never
	WorkingDays    int                  `bun:"working_days"`     // needed to answer; 0: the kind's default
	StartsOn       string               `bun:"starts_on"`
	EndsOn         string               `bun:"ends_on"`
	Terms          *Terms               `bun:"terms"` // of a place for people; nil: it is none
	Deadline       *time.Time           `bun:"deadline"`
	DeadlineRaw    Deadline             `bun:"deadline_raw"`
	Withdrawn      bool                 `bun:"withdrawn"`  // no longer in the latest notice
	Wider          string               `bun:"wider"`      // how far the network looks beyond the place, see Widen; empty: no further
	WidenedAt      *time.Time           `bun:"widened_at"` // the last time
	Revision       int64                `bun:"revision"`
	CreatedAt      time.Time            `bun:"created_at"`
	UpdatedAt      time.Time            `bun:"updated_at"`

	Opportunity *Opportunity `bun:"rel:belongs-to,join:opportunity_id=id"`
}

// In gives the lot as it stands in its opportunity: where it says nothing of
// its place, clause, codes or deadline, what the whole says holds for it.
func (l Lot) In(o *Opportunity) Lot {
	if l.Place.Scope == "" || l.Place.Scope == PlaceUnknown {
		l.Place = o.Place
	}
	if l.Clause.Verdict == "" {
		l.Clause = o.Clause
	}
	if len(l.Codes) == 0 {
		l.Codes = o.Codes
	}
	if l.Deadline == nil {
		l.Deadline, l.DeadlineRaw = o.Deadline, o.DeadlineRaw
	}
	l.Opportunity = o
	return l
}

// Requirement is a certification asked for, "or equivalent" understood.
type Requirement struct {
	Code     string `json:"code"`
	Name     string `json:"name,omitempty"`
	Required bool   `json:"required"` // false: appreciated
}

// Event is one entry of an opportunity's history; it is never changed nor erased.
type Event struct {
	bun.BaseModel `bun:"table:opportunity_events,alias:e"`

	ID            int64     `bun:"id,pk,autoincrement"`
	OpportunityID ID        `bun:"opportunity_id"`
	At            time.Time `bun:"at"`
	Kind          string    `bun:"kind"`     // "created", "published", "changed", "corrected", "closed", "awarded", "cancelled"…
	ActorID       *int64    `bun:"actor_id"` // user; nil: a job or an import
	Origin        string    `bun:"origin"`   // notice it comes from, "source:id:version"
	Diff          []Change  `bun:"diff"`
}

// Change is the difference of one field, in a form that people can read.
type Change struct {
	Field  string `json:"field"` // "deadline", "lots[2].title"…
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
}

// Changed asks for the matches of lots to be brought up to date.
type Changed struct {
	Lots []LotID `json:"lots"`
}

// Kind names the job.
func (Changed) Kind() string { return "lots.changed" }

// mostMerged bounds the lots of one job made of several.
const mostMerged = 200

// Merge makes one job of those of a transaction.
func (c Changed) Merge(next store.Args) (store.Args, bool) {
	n, ok := next.(Changed)
	if !ok || len(c.Lots)+len(n.Lots) > mostMerged {
		return nil, false
	}
	return Changed{Lots: append(slices.Clip(c.Lots), n.Lots...)}, true
}
