package network

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/nomenclatures"
)

// Project is something the members of a pole do together. One that comes from a
// need that nobody covered says which (Hole) and keeps what was known of it.
type Project struct {
	bun.BaseModel `bun:"table:pole_projects,alias:pp"`

	ID          int64                `bun:"id,pk,autoincrement"`
	PoleID      int64                `bun:"pole_id"`
	Title       string               `bun:"title"`
	Description string               `bun:"description"`
	State       string               `bun:"state"`
	Hole        string               `bun:"hole"` // its key; empty: it comes from none
	Sector      nomenclatures.Sector `bun:"sector"`
	Territory   string               `bun:"territory"` // canonical perimeter expression
	Evidence    *Evidence            `bun:"evidence"`  // what was known on the day it was proposed; it doesn't change
	CreatedBy   *int64               `bun:"created_by"`
	CreatedAt   *time.Time           `bun:"created_at"`
	Needs       string               `bun:"needs"` // what is still missing, in words

	Members []ID `bun:"-"` // members of the pole that are in it: see JoinProject
}

// Evidence is what was asked and what was missing when a project was proposed.
type Evidence struct {
	On       string  `json:"on"`    // day it was counted
	Since    string  `json:"since"` // first day of the period
	Lots     int     `json:"lots"`
	Unmet    int     `json:"unmet"`    // lots that nobody could answer
	Unsure   int     `json:"unsure"`   // lots that only assumed facts matched
	Expected int     `json:"expected"` // calls foreseen
	Amount   float64 `json:"amount"`   // euros, of the lots that said it
	Hours    float64 `json:"hours"`    // of insertion
	Covered  float64 `json:"covered"`  // share of the inhabitants covered, 0 to 1
}

// ProjectEvent is a step of a project; the first has no From.
type ProjectEvent struct {
	bun.BaseModel `bun:"table:pole_project_events,alias:pe"`

	ID        int64     `bun:"id,pk,autoincrement"`
	ProjectID int64     `bun:"project_id"`
	At        time.Time `bun:"at"`
	ActorID   *int64    `bun:"actor_id"`
	From      string    `bun:"from_state"`
	To        string    `bun:"to_state"`
}

// The states of a project.
const (
	ProjectIdea      = "idea"
	ProjectRunning   = "running"
	ProjectDone      = "done"
	ProjectAbandoned = "abandoned"
)

// ProjectStates lists them in order.
func ProjectStates() []string {
	return []string{ProjectIdea, ProjectRunning, ProjectDone, ProjectAbandoned}
}

// Next lists the states a project may come to from its own. The ends reopen.
func (p *Project) Next() []string {
	switch p.State {
	case ProjectIdea:
		return []string{ProjectRunning, ProjectAbandoned}
	case ProjectRunning:
		return []string{ProjectDone, ProjectAbandoned}
	case ProjectDone:
		return []string{ProjectRunning}
	case ProjectAbandoned:
		return []string{ProjectIdea, ProjectRunning}
	}
	return nil
}

// Live tells a project that is neither done nor abandoned; one that is can be taken
// up again.
func (p *Project) Live() bool { return p.State == ProjectIdea || p.State == ProjectRunning }

// may refuses a step that the life of a project doesn't have.
func (p *Project) may(to string) error {
	if p.State == to || slices.Contains(p.Next(), to) {
		return nil
	}
	return fault.Conflict("project-state", "Ce projet ne peut pas passer à cet état.", "This project cannot come to that state.")
}
