package figures

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

// Own is what one enterprise counts for in one year, whole: it is for the
// enterprise itself, which knows the persons, and for nobody else.
type Own struct {
	Enterprise int64  `bun:"enterprise_id"`
	Key        string `bun:"enterprise_key"` // SIRET-KIND, or a code of the federation's
	Name       string `bun:"name"`           // of the organisation
	Year       int    `bun:"year"`
	Kind       compute.Kind
	Region     string // INSEE code of today; empty: unknown
	Contracts  compute.Status
	Hours      compute.Status
	Exits      compute.Status
	Placements compute.Status
	Trainings  compute.Status
	Origin     microdata.Origin `bun:"origin"`      // of what the year declares
	DeclaredAt time.Time        `bun:"declared_at"` // when the year was last sent
	CountedAt  time.Time        `bun:"computed_at"` // when the year's counts last moved
	Lines      string           `bun:"lines"`

	part *compute.Part
	rows compute.Rows
	of   func(compute.Measure) int64
}

// Own reads the years of the enterprises of an organisation that were counted, the
// latest first, for who may read them: see the policy table. It is raw.
func (s *Service) Own(ctx context.Context, organisation int64) ([]*Own, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryOwn, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	out, err := ownYears(ctx, s.store.Read(), organisation)
	if err != nil {
		return nil, err
	}
	for _, o := range out {
		if err := s.open(ctx, o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// open reads the counts of a year.
func (s *Service) open(ctx context.Context, o *Own) (err error) {
	o.part = &compute.Part{Enterprise: o.Enterprise, Year: o.Year, Kind: o.Kind, Group: o.Key}
	if err := json.Unmarshal([]byte(o.Lines), o.part); err != nil {
		return fmt.Errorf("read the counts of enterprise %d in %d: %w", o.Enterprise, o.Year, err)
	}
	o.rows = compute.Index(compute.Sum([]*compute.Part{o.part}))
	o.of, err = s.scale(ctx, o.Year)
	return err
}

// Figure computes an indicator of the enterprise for one cross of the dimensions of persons.
func (o *Own) Figure(f compute.Formula, c compute.Cross) compute.Figure {
	return f.Of(o.rows, c, o.of)
}

// Amount is one measure in its unit, for one cross, and whether it is known.
func (o *Own) Amount(m compute.Measure, c compute.Cross) compute.Figure {
	return compute.Formula{Numerator: []compute.Term{{Measure: m, Weight: 1}}, Times: 1, Personal: true}.Of(o.rows, c, o.of)
}

// InYear is the year as the tables of the report read it.
func (o *Own) InYear() compute.Year {
	return compute.Year{Year: o.Year, All: o.rows, ByKind: map[compute.Kind]compute.Rows{o.Kind: o.rows}, Scale: o.of}
}

// Section is what is known of a section of the year.
func (o *Own) Section(s compute.Section) compute.Status {
	return map[compute.Section]compute.Status{compute.Contracts: o.Contracts, compute.Hours: o.Hours, compute.Exits: o.Exits,
		compute.Placements: o.Placements, compute.Trainings: o.Trainings}[s]
}

// Sent tells what is known of a measure: collected, ND, or asked and not come.
func (o *Own) Sent(m compute.Measure) compute.Status {
	line, known := o.part.Lines[m]
	if !known {
		return compute.Waiting
	}
	return line.Status
}

// Awaits tells that something of these measures has not come yet, and that nothing of
// them is said not to be collected.
func (o *Own) Awaits(measures ...compute.Measure) bool {
	waits := false
	for _, m := range measures {
		switch o.Sent(m) {
		case compute.ND:
			return false
		case compute.Waiting:
			waits = true
		}
	}
	return waits
}

// Choose finds a year among those of Own: of an enterprise (0: any) and a year (0:
// the latest of which records were sent, else the latest); nil where there is none.
func Choose(years []*Own, enterprise int64, year int) *Own {
	var latest *Own
	for _, o := range years {
		if enterprise != 0 && o.Enterprise != enterprise || year != 0 && o.Year != year {
			continue
		}
		if o.Exits == compute.Collected || year != 0 {
			return o
		}
		if latest == nil {
			latest = o
		}
	}
	return latest
}
