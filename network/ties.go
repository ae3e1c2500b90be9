package network

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Group is a set of organisations under one direction or one economic interest:
// a groupe économique solidaire (GES).
type Group struct {
	bun.BaseModel `bun:"table:groups,alias:g"`

	ID        int64     `bun:"id,pk,autoincrement"`
	Key       string    `bun:"key"` // stable, for imports and the demonstration
	Name      string    `bun:"name"`
	Revision  int64     `bun:"revision"` // raised by every save; the one it was read at, or 0 not to check
	CreatedAt time.Time `bun:"created_at"`

	Members []ID `bun:"-"`
}

// Stage is how far a pole has come.
type Stage string

// The stages of a pole.
const (
	StageEmerging  Stage = "emerging"
	StageActive    Stage = "active"
	StageConfirmed Stage = "confirmed"
)

// Pole is a pôle territorial de coopération économique (PTCE).
type Pole struct {
	bun.BaseModel `bun:"table:poles,alias:p"`

	ID          int64                   `bun:"id,pk,autoincrement"`
	Key         string                  `bun:"key"`
	Name        string                  `bun:"name"`
	Seat        territories.CommuneCode `bun:"seat"`
	Territory   string                  `bun:"territory"` // canonical perimeter expression
	Stage       Stage                   `bun:"stage"`
	Description string                  `bun:"description"`
	Since       string                  `bun:"since"`
	Revision    int64                   `bun:"revision"` // raised by every save; the one it was read at, or 0 not to check
	CreatedAt   time.Time               `bun:"created_at"`
	UpdatedAt   time.Time               `bun:"updated_at"`

	Members  []ID      `bun:"-"`
	Projects []Project `bun:"rel:has-many,join:id=pole_id"`
}

// Partnership is a sector partnership: a national frame (Parent nil) or one of its local conventions.
type Partnership struct {
	bun.BaseModel `bun:"table:partnerships,alias:ps"`

	ID          int64                  `bun:"id,pk,autoincrement"`
	Key         string                 `bun:"key"`
	ParentID    *int64                 `bun:"parent_id"`
	Name        string                 `bun:"name"`
	Sectors     []nomenclatures.Sector `bun:"sectors"`
	Territory   string                 `bun:"territory"` // canonical perimeter expression; everywhere for a national frame
	From        string                 `bun:"valid_from"`
	Until       string                 `bun:"valid_until"`
	Description string                 `bun:"description"`
	Revision    int64                  `bun:"revision"` // raised by every save; the one it was read at, or 0 not to check
	CreatedAt   time.Time              `bun:"created_at"`
	UpdatedAt   time.Time              `bun:"updated_at"`

	Signatories []ID `bun:"-"`
}
