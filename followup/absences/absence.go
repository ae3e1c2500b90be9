// Package absences says who is away, from which civil day to which, and who
// stands in: what waits for somebody who is away waits for their stand-in.
//
// A person declares an absence of their own, or of a colleague of the same
// organisation who could not. It refuses a stand-in of another organisation, who
// could not read what is passed on, and two absences of one person that overlap.
// It asks for no reason, and keeps none.
package absences

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
)

// ID identifies an absence.
type ID int64

// Absence is some days on which somebody is away. Days are civil days of Paris,
// YYYY-MM-DD.
type Absence struct {
	bun.BaseModel `bun:"table:absences,alias:ab"`

	ID          ID               `bun:"id,pk,autoincrement"`
	UserID      accounts.UserID  `bun:"user_id"`
	From        string           `bun:"from_day"`
	To          string           `bun:"to_day"`      // the last day, included
	ReplacedBy  *accounts.UserID `bun:"replaced_by"` // nil: nobody, what waits goes to the next in line
	DeclaredBy  accounts.UserID  `bun:"declared_by"`
	CreatedAt   time.Time        `bun:"created_at"`
	CancelledAt *time.Time       `bun:"cancelled_at"`
}

// On tells whether the person is away on a civil day.
func (a *Absence) On(day string) bool {
	return a.CancelledAt == nil && a.From <= day && day <= a.To
}

// longest bounds an absence: who leaves for longer has an account to shut.
const longest = 366 * 24 * time.Hour

// check refuses what is no absence, every fault located. today is a civil day.
func (a *Absence) check(today string) error {
	var f fault.List
	from, errFrom := time.Parse(time.DateOnly, a.From)
	to, errTo := time.Parse(time.DateOnly, a.To)
	dated := errFrom == nil && errTo == nil
	f.At(errFrom != nil, "from", "not_a_date", "Une date comme 2026-12-21.", "A date such as 2026-12-21.")
	f.At(errTo != nil, "to", "not_a_date", "Une date comme 2027-01-02.", "A date such as 2027-01-02.")
	f.At(dated && to.Before(from), "to", "before", "Le dernier jour vient avant le premier.", "The last day comes before the first.")
	f.At(dated && a.To < today, "to", "past", "Cette absence est déjà passée.", "This absence is already over.")
	f.At(dated && to.Sub(from) > longest, "to", "too_long", "Un an au plus.", "One year at most.")
	f.At(a.ReplacedBy != nil && *a.ReplacedBy == a.UserID, "replaced_by", "itself", "On ne se remplace pas soi-même.", "Nobody stands in for themself.")
	return f.Err()
}

// Person is somebody of an organisation.
type Person struct {
	ID           accounts.UserID `bun:"id"`
	Name         string          `bun:"name"`
	Role         accounts.Role   `bun:"role"`
	Organisation int64           `bun:"organisation_id"`
}

// Line is an absence with the names of whom it is about.
type Line struct {
	Absence
	Name  string `bun:"name"`     // of who is away
	By    string `bun:"stand_in"` // name of who stands in; empty: nobody
	Today bool   `bun:"-"`        // it runs today
}

// Roll is who is away on a day, and who stands in: 0 is nobody.
type Roll map[accounts.UserID]accounts.UserID

// Away tells whether somebody is away.
func (r Roll) Away(id accounts.UserID) bool { _, away := r[id]; return away }

// StandIn is who does what somebody would do: themself, or who stands in for
// them, or for that one in turn. false: nobody does.
func (r Roll) StandIn(id accounts.UserID) (accounts.UserID, bool) {
	for range len(r) + 1 { // a circle of absences leads to nobody
		by, away := r[id]
		switch {
		case !away:
			return id, true
		case by == 0:
			return 0, false
		}
		id = by
	}
	return 0, false
}

// For lists those for whom somebody stands in, directly or in turn.
func (r Roll) For(id accounts.UserID) []accounts.UserID {
	var out []accounts.UserID
	for away := range r {
		if by, ok := r.StandIn(away); ok && by == id && away != id {
			out = append(out, away)
		}
	}
	return out
}
