// Package figures keeps the counts of the observatory up to date: what each
// enterprise counts for in each year, and the sums by place and kind, broken down
// by sex, age and public. A change counts one enterprise and one year again and
// makes again the sums that it is in, and no other; the result is the one of a
// rebuild from nothing.
//
// Its counts are before disclosure control. It refuses to show them to who may
// not read raw counts: Report alone is for everybody, and withholds whole years
// that could tell of few people or few contributors.
package figures

import (
	"io"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/store"
	"maillage/territories"
)

// Level is how wide a place is.
type Level string

// The levels, from the widest.
const (
	Federation  Level = "federation"
	Region      Level = "region"
	Departement Level = "departement"
	Commune     Level = "commune"
)

// Whole is the one territory of the federation's level.
const Whole = "FR"

// Levels lists them from the widest.
func Levels() []Level { return []Level{Federation, Region, Departement, Commune} }

// Scope is one sum: a year, a place and a kind (empty: every kind). Places are
// those of today's list of communes, whatever they were called in the year.
type Scope struct {
	bun.BaseModel `bun:"table:figure_stale,alias:fs"`

	Year      int          `bun:"year,pk"`
	Level     Level        `bun:"level,pk"`
	Territory string       `bun:"territory,pk"` // INSEE code, or Whole
	Kind      compute.Kind `bun:"kind,pk"`
}

// Row is one measure of a scope, as it is kept: its total in columns, for lists,
// and every cross, for tables.
type Row struct {
	bun.BaseModel `bun:"table:figure_rows,alias:fr"`

	Year         int             `bun:"year,pk"`
	Level        Level           `bun:"level,pk"`
	Territory    string          `bun:"territory,pk"`
	Kind         compute.Kind    `bun:"kind,pk"`
	Measure      compute.Measure `bun:"measure,pk"`
	Frame        int             `bun:"frame"`
	Responded    int             `bun:"responded"`
	Missing      int             `bun:"missing"`
	Awaited      int             `bun:"awaited"`
	Amount       int64           `bun:"amount"` // of the total, in the measure's scale
	Persons      int64           `bun:"persons"`
	Contributors int64           `bun:"contributors"`
	Top          int64           `bun:"top"`
	Cells        compute.Cells   `bun:"cells,type:jsonb"`
}

// Counts is the row as package compute reads it.
func (r *Row) Counts() *compute.Row {
	return &compute.Row{Measure: r.Measure, Frame: r.Frame, Responded: r.Responded, Missing: r.Missing, Awaited: r.Awaited, Cells: r.Cells}
}

// part is what an enterprise counts for in a year, with where it is.
type part struct {
	bun.BaseModel `bun:"table:figure_parts,alias:fp"`

	EnterpriseID int64        `bun:"enterprise_id,pk"`
	Year         int          `bun:"year,pk"`
	Kind         compute.Kind `bun:"kind"`
	Group        string       `bun:"economic_group"`
	Commune      string       `bun:"commune"` // of today; empty: unknown
	Departement  string       `bun:"departement"`
	Region       string       `bun:"region"`
	Lines        string       `bun:"lines"`
}

// scopes are the sums that a part is in.
func (p *part) scopes() []Scope {
	var out []Scope
	for _, place := range []struct {
		level Level
		code  string
	}{{Federation, Whole}, {Region, p.Region}, {Departement, p.Departement}, {Commune, p.Commune}} {
		if place.code == "" {
			continue
		}
		for _, k := range []compute.Kind{compute.AllKinds, p.Kind} {
			out = append(out, Scope{Year: p.Year, Level: place.level, Territory: place.code, Kind: k})
		}
	}
	return out
}

// Config is what the service needs. Now defaults to time.Now, Random to crypto/rand.
type Config struct {
	Store  *store.Store
	Atlas  *territories.Atlas
	Now    func() time.Time
	Random io.Reader
}

// Service holds the use cases of the counts.
type Service struct {
	store   *store.Store
	atlas   *territories.Atlas
	records *microdata.Service
	clock   func() time.Time
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	records := microdata.NewService(microdata.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now, Random: cfg.Random})
	return &Service{store: cfg.Store, atlas: cfg.Atlas, records: records, clock: cfg.Now}
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
