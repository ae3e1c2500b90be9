// Package microdata holds what the observatory collects: the enterprises of a
// year, the contracts, months of hours, exits, placements and trainings of their
// workers, and what enterprises answer themselves. It comes from files and from
// the platform's own events, and every record knows from which.
//
// It refuses to know who a worker is: a worker is a random key, and the number
// that the enterprise gave is kept only as a digest that finds the same worker
// again. There is no name, no free text, no reason of health, justice or family.
// It counts nothing: packages compute and figures do.
package microdata

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Origin says where a record comes from.
type Origin string

// The origins. Where an enterprise sends its workers by files, what the platform
// knows of them is left aside: nobody is counted twice.
const (
	FromFile     Origin = "file"
	FromPlatform Origin = "platform"
)

// Trace says where a record comes from and since when it is so.
type Trace struct {
	Origin    Origin    `bun:"origin"`
	BatchID   *int64    `bun:"batch_id"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// Enterprise is an enterprise as the observatory knows it, year after year.
type Enterprise struct {
	bun.BaseModel `bun:"table:observed_enterprises,alias:oe"`

	ID             int64     `bun:"id,pk,autoincrement"`
	Key            string    `bun:"key"`             // SIRET-KIND, or a code of the federation's
	OrganisationID *int64    `bun:"organisation_id"` // when it is on the platform
	Salt           string    `bun:"salt"`            // of the digests of its workers' numbers
	CreatedAt      time.Time `bun:"created_at"`
}

// Year is an enterprise in one year: what it was, and which sections it sends.
type Year struct {
	bun.BaseModel `bun:"table:observed_years,alias:oy"`

	EnterpriseID int64                   `bun:"enterprise_id,pk"`
	Year         int                     `bun:"year,pk"`
	Kind         compute.Kind            `bun:"kind"`
	Commune      territories.CommuneCode `bun:"commune"`        // as it was called that year; empty: not said
	Group        string                  `bun:"economic_group"` // empty: it is its own
	Contracts    compute.Status          `bun:"contracts"`
	Hours        compute.Status          `bun:"hours"`
	Exits        compute.Status          `bun:"exits"`
	Placements   compute.Status          `bun:"placements"`
	Trainings    compute.Status          `bun:"trainings"`
	Trace
}

// status is where a section is kept.
func (y *Year) status(s compute.Section) *compute.Status {
	switch s {
	case compute.Contracts:
		return &y.Contracts
	case compute.Hours:
		return &y.Hours
	case compute.Exits:
		return &y.Exits
	case compute.Placements:
		return &y.Placements
	}
	return &y.Trainings
}

// Worker is somebody under a random key that one enterprise alone has.
type Worker struct {
	bun.BaseModel `bun:"table:observed_workers,alias:ow"`

	ID           int64                   `bun:"id,pk,autoincrement"`
	EnterpriseID int64                   `bun:"enterprise_id"`
	Mark         string                  `bun:"mark"` // digest of the enterprise's own number
	Key          string                  `bun:"key"`
	Sex          string                  `bun:"sex"`        // f, m or empty
	BirthYear    int                     `bun:"birth_year"` // 0: not said
	AgeBand      string                  `bun:"age_band"`   // -25, 26-49, 50+; where the year is not said
	Publics      string                  `bun:"publics"`    // acronyms, separated by spaces; noPublic: none; empty: not said
	Commune      territories.CommuneCode `bun:"commune"`    // of residence; empty: not said
	Trace
}

// Contract is an insertion contract.
type Contract struct {
	bun.BaseModel `bun:"table:observed_contracts,alias:oc"`

	WorkerID     int64  `bun:"worker_id,pk"`
	BeginsOn     string `bun:"begins_on,pk"`
	EnterpriseID int64  `bun:"enterprise_id"`
	EndsOn       string `bun:"ends_on"` // last day; empty: open
	Weekly       *int64 `bun:"weekly"`  // hundredths of hours a week
	Trace
}

// MonthHours are the hours of one month, in hundredths.
type MonthHours struct {
	bun.BaseModel `bun:"table:observed_hours,alias:oh"`

	WorkerID     int64  `bun:"worker_id,pk"`
	Month        string `bun:"month,pk"` // YYYY-MM
	EnterpriseID int64  `bun:"enterprise_id"`
	Paid         *int64 `bun:"paid"`
	Worked       *int64 `bun:"worked"`
	Clause       *int64 `bun:"clause"` // under a social clause
	Trace
}

// Exit is somebody who left, once.
type Exit struct {
	bun.BaseModel `bun:"table:observed_exits,alias:ox"`

	WorkerID     int64            `bun:"worker_id,pk"`
	On           string           `bun:"exit_on,pk"`
	EnterpriseID int64            `bun:"enterprise_id"`
	Motive       compute.Motive   `bun:"motive"`
	Days         int              `bun:"days"`       // of the contract obtained; 0: not said
	EnteredOn    string           `bun:"entered_on"` // empty: the first contract's
	Declared     compute.Declared `bun:"declared"`
	Trace
}

// Placement is a hiring, an immersion or a mission.
type Placement struct {
	bun.BaseModel `bun:"table:observed_placements,alias:op"`

	WorkerID     int64                 `bun:"worker_id,pk"`
	BeginsOn     string                `bun:"begins_on,pk"`
	Kind         compute.PlacementKind `bun:"kind,pk"`
	EnterpriseID int64                 `bun:"enterprise_id"`
	Trace
}

// Training is one training followed.
type Training struct {
	bun.BaseModel `bun:"table:observed_trainings,alias:ot"`

	WorkerID      int64  `bun:"worker_id,pk"`
	BeginsOn      string `bun:"begins_on,pk"`
	Certification string `bun:"certification,pk"` // obtained; empty: none
	EnterpriseID  int64  `bun:"enterprise_id"`
	Hours         *int64 `bun:"hours"` // hundredths
	Trace
}

// Certifications is the closed list of what a training may lead to.
func Certifications() []string { return []string{"clea", "rncp", "bloc", "vae", "caces", "autre"} }

// Answer is what an enterprise answered itself for a year.
type Answer struct {
	bun.BaseModel `bun:"table:observed_answers,alias:oa"`

	EnterpriseID int64           `bun:"enterprise_id,pk"`
	Year         int             `bun:"year,pk"`
	Question     compute.Measure `bun:"question,pk"`
	Status       compute.Status  `bun:"status"`
	Value        int64           `bun:"value"` // hundredths
	Trace
}

// Reference is how many hours make one FTE, where it differs from those that come with the program.
type Reference struct {
	bun.BaseModel `bun:"table:reference_hours,alias:rh"`

	Kind   compute.Kind  `bun:"kind,pk"`
	Year   int           `bun:"year,pk"`
	Hours  int           `bun:"hours"`
	Basis  compute.Basis `bun:"basis"`
	Source string        `bun:"source"`
	Trace
}

// Break is a break in a series that somebody recorded.
type Break struct {
	bun.BaseModel `bun:"table:series_breaks,alias:sb"`

	Year      int          `bun:"year,pk"`
	Indicator string       `bun:"indicator,pk"`
	Kind      compute.Kind `bun:"kind,pk"` // empty: every kind
	ReasonFR  string       `bun:"reason_fr"`
	ReasonEN  string       `bun:"reason_en"`
	Trace
}

// Changed asks that what changed be counted again.
type Changed struct{}

// Kind names the job.
func (Changed) Kind() string { return "indicators.changed" }

// Merge makes one job of those of a transaction.
func (c Changed) Merge(next store.Args) (store.Args, bool) {
	_, same := next.(Changed)
	return c, same
}

// Located is one fault of a row: the column and what to correct. It never repeats what the cell holds.
type Located struct {
	Column string     `json:"column"`
	Text   fault.Text `json:"text"`
}

// Words says a fault with its column.
func (l Located) Words(lang string) string {
	if l.Column == "" {
		return l.Text.In(lang)
	}
	if lang == "en" {
		return l.Column + ": " + l.Text.EN
	}
	return l.Column + " : " + l.Text.FR
}
