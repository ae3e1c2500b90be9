// Package markets counts what becomes of the lots that the network is shown, each
// market once: a lot, the hours of insertion that its award leaves to fill, the quote
// that answers it and the award that names a member are one market, and so are two
// calls judged the same. A purchase that no notice tells is one of its own, until a
// quote says which call it answers.
//
// The rows are kept up to date by a job, and are those that a rebuild from nothing
// gives. The package refuses to suppose: hours that no clause says are not said, an
// answer that nobody told is no answer, and a lot is placed in one territory only
// where it lies in it whole.
package markets

import (
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
	"maillage/territories"
)

// Several stands for the territory of what lies in more than one; that of what no
// notice places is empty.
const Several = "*"

// Market is what became of one market. Its key is that of its lot ("lot:12"), of its
// call where no lot can be told ("call:7"), or of its prospect ("prospect:3").
type Market struct {
	bun.BaseModel `bun:"table:market_figures,alias:mf"`

	Key         string     `bun:"key,pk"`
	Root        int64      `bun:"root"`         // the call; 0: none
	ShownAt     *time.Time `bun:"shown_at"`     // first proposed to a member, or its quote first asked
	AnsweredAt  *time.Time `bun:"answered_at"`  // first answer of an enterprise, whatever it says
	OverAt      *time.Time `bun:"over_at"`      // nobody can answer any more; nil: one can, as far as is known
	SubmittedOn string     `bun:"submitted_on"` // first civil day of an answer handed in or a quote sent; empty: none told
	WonOn       string     `bun:"won_on"`       // civil day; empty: no member won it
	Noticed     bool       `bun:"noticed"`      // a notice alone says that it was won
	Hours       float64    `bun:"hours"`        // of insertion, of the clause; 0: not said
	NoClause    bool       `bun:"no_clause"`    // its notices say that it has no clause
	Scope       string     `bun:"scope"`        // of the place: communes, country, unknown
	Perimeter   string     `bun:"perimeter"`    // where the scope is communes
	Region      string     `bun:"region"`       // INSEE code, Several, or empty
	Departement string     `bun:"departement"`
	EPCI        string     `bun:"epci"`

	parts []Part
}

// Part is an organisation, or a prospect, behind a market.
type Part struct {
	bun.BaseModel `bun:"table:market_parts,alias:mp"`

	Market string `bun:"market_key,pk"`
	Role   Role   `bun:"role,pk"`
	Ref    int64  `bun:"ref,pk"`
}

// Role is what a part did.
type Role string

// The roles.
const (
	Shown     Role = "shown" // first proposed it, or asked for a quote
	Answered  Role = "answered"
	Submitted Role = "submitted"
	Won       Role = "won"
	Prospect  Role = "prospect" // the purchase noted by hand
)

// Behind are the organisations that did something of a market, by number, each once.
func (m *Market) Behind(role Role) []int64 {
	var out []int64
	for _, p := range m.parts {
		if p.Role == role {
			out = append(out, p.Ref)
		}
	}
	return out
}

// FTE is how many full-time years the hours of insertion of a market make, in the year
// when it was won: those of the law, since it is not told which kind of structure will
// do them.
func (m *Market) FTE(refs compute.References) float64 {
	return m.Hours / float64(fullTime(refs, m.WonOn).Hours)
}

// fullTime is how many hours make a full time in the year of a day.
func fullTime(refs compute.References, day string) compute.Reference {
	var year int
	_, _ = fmt.Sscanf(day, "%4d", &year) // no day is no year: the law's
	r, ok := refs.Of("*", year)
	if !ok {
		r.Hours = 1607 // code du travail, L3121-41: older than the rows
	}
	return r
}

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
}

// Service holds the use cases.
type Service struct {
	store *store.Store
	atlas *territories.Atlas
	clock func() time.Time
	paris *time.Location
}

// NewService makes a service.
func NewService(cfg Config) (*Service, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	paris, err := time.LoadLocation("Europe/Paris")
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, paris: paris}, err
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// day is the civil day of Paris of an instant.
func (s *Service) day(t time.Time) string { return t.In(s.paris).Format(time.DateOnly) }
