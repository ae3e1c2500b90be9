package microdata

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
)

// Declared is an enterprise in a year, ready to be counted, with where it was.
type Declared struct {
	Year   Year
	Counts *compute.Enterprise
}

// Load reads everything that counts of some enterprises in a year, in the order
// of their numbers; those that are not declared for it are left out. It asks no
// policy: it is for who counts.
func Load(ctx context.Context, db bun.IDB, year int, ids []int64) ([]Declared, error) {
	l := &loader{ctx: ctx, db: db, year: year, ids: ids, at: map[int64]*compute.Enterprise{}}
	for _, read := range []func() error{l.years, l.workers, l.contracts, l.hours, l.exits, l.placements, l.trainings, l.answers, l.asked} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("load %d of enterprises: %w", year, err)
		}
	}
	for _, d := range l.out {
		for _, w := range l.folk[d.Year.EnterpriseID] {
			d.Counts.Workers = append(d.Counts.Workers, *w)
		}
	}
	return l.out, nil
}

type loader struct {
	ctx  context.Context
	db   bun.IDB
	year int
	ids  []int64
	out  []Declared
	at   map[int64]*compute.Enterprise
	by   map[int64]*compute.Worker
	folk map[int64][]*compute.Worker // by enterprise
}

func (l *loader) years() error {
	rows, err := declaredIn(l.ctx, l.db, l.year, l.ids)
	for _, y := range rows {
		e := &compute.Enterprise{ID: y.EnterpriseID, Year: l.year, Kind: y.Kind, Group: groupOf(&y), Sections: map[compute.Section]compute.Status{}, Answers: map[compute.Measure]compute.Answer{}}
		for _, s := range compute.Sections() {
			e.Sections[s] = *y.status(s)
		}
		l.at[y.EnterpriseID] = e
		l.out = append(l.out, Declared{y, e})
	}
	return err
}

// groupOf is the contributor: the economic group, or the enterprise alone. A code
// of a group is no number of an enterprise.
func groupOf(y *Year) string {
	if y.Group != "" {
		return "g:" + y.Group
	}
	return fmt.Sprintf("e:%012d", y.EnterpriseID)
}

func (l *loader) workers() error {
	rows, err := workersOf(l.ctx, l.db, l.ids)
	l.by, l.folk = make(map[int64]*compute.Worker, len(rows)), map[int64][]*compute.Worker{}
	for _, r := range rows {
		w := &compute.Worker{ID: r.ID, Born: r.BirthYear, Sex: compute.SexUnsaid, Age: compute.AgeUnsaid}
		w.Publics, w.Known = publicsOf(&r)
		if s, ok := compute.ParseSex(r.Sex); ok && s != compute.AnySex {
			w.Sex = s
		}
		if a, ok := compute.ParseAge(r.AgeBand); ok && a != compute.AnyAge {
			w.Age = a
		}
		l.by[r.ID] = w
		l.folk[r.EnterpriseID] = append(l.folk[r.EnterpriseID], w)
	}
	return err
}

func (l *loader) contracts() error {
	rows, err := contractsUntil(l.ctx, l.db, l.ids, fmt.Sprintf("%04d-12-31", l.year))
	if err != nil {
		return err
	}
	for _, r := range rows {
		w := l.by[r.WorkerID]
		if w == nil {
			continue
		}
		begins, ends, err := span(r.BeginsOn, r.EndsOn)
		if err != nil {
			return err
		}
		w.Contracts = append(w.Contracts, compute.Contract{Begins: begins, Ends: ends, Weekly: r.Weekly})
	}
	return nil
}

// span reads two days, the second one may be empty.
func span(from, until string) (first, last time.Time, err error) {
	if first, err = time.Parse(time.DateOnly, from); err != nil || until == "" {
		return first, last, err
	}
	last, err = time.Parse(time.DateOnly, until)
	return first, last, err
}

func (l *loader) hours() error {
	rows, err := hoursBetween(l.ctx, l.db, l.ids, fmt.Sprintf("%04d-01", l.year-1), fmt.Sprintf("%04d-12", l.year))
	for _, r := range rows {
		w := l.by[r.WorkerID]
		if w == nil {
			continue
		}
		if yearOf(r.Month) == l.year {
			w.Months = append(w.Months, compute.Month{Month: int(r.Month[5]-'0')*10 + int(r.Month[6]-'0'), Paid: r.Paid, Worked: r.Worked, Clause: r.Clause})
			continue
		}
		if worked := r.Worked; worked != nil {
			w.Earlier += *worked
		} else if r.Paid != nil {
			w.Earlier += *r.Paid
		}
	}
	return err
}

func (l *loader) exits() error {
	rows, err := exitsUntil(l.ctx, l.db, l.ids, fmt.Sprintf("%04d-01-01", l.year-1), fmt.Sprintf("%04d-12-31", l.year))
	if err != nil {
		return err
	}
	for _, r := range rows {
		w := l.by[r.WorkerID]
		if w == nil {
			continue
		}
		x := compute.Exit{Motive: r.Motive, Days: r.Days, Declared: r.Declared}
		if x.On, err = time.Parse(time.DateOnly, r.On); err != nil {
			return err
		}
		if r.EnteredOn != "" {
			if x.Entered, err = time.Parse(time.DateOnly, r.EnteredOn); err != nil {
				return err
			}
		}
		w.Exits = append(w.Exits, x)
	}
	return nil
}

func (l *loader) placements() error {
	rows, err := placementsIn(l.ctx, l.db, l.ids, l.year)
	if err != nil {
		return err
	}
	for _, r := range rows {
		begins, err := time.Parse(time.DateOnly, r.BeginsOn)
		if err != nil {
			return err
		}
		if w := l.by[r.WorkerID]; w != nil {
			w.Placed = append(w.Placed, compute.Placement{Begins: begins, Kind: r.Kind})
		}
	}
	return nil
}

func (l *loader) trainings() error {
	rows, err := trainingsIn(l.ctx, l.db, l.ids, l.year)
	if err != nil {
		return err
	}
	for _, r := range rows {
		begins, err := time.Parse(time.DateOnly, r.BeginsOn)
		if err != nil {
			return err
		}
		if w := l.by[r.WorkerID]; w != nil {
			w.Trainings = append(w.Trainings, compute.Training{Begins: begins, Hours: r.Hours, Certified: r.Certification != ""})
		}
	}
	return nil
}

func (l *loader) answers() error {
	rows, err := answersIn(l.ctx, l.db, l.ids, l.year)
	for _, r := range rows {
		if e := l.at[r.EnterpriseID]; e != nil {
			e.Answers[r.Question] = compute.Answer{Status: r.Status, Value: r.Value}
		}
	}
	return err
}

// ReferencesIn are the reference hours: those that come with the program, and
// those recorded over them.
func ReferencesIn(ctx context.Context, db bun.IDB) (compute.References, error) {
	rows, err := referencesOf(ctx, db)
	if err != nil {
		return nil, err
	}
	return referencesWith(rows)
}

// referencesWith puts recorded rows over those that come with the program; one
// without hours says nothing. Who imports a row vouches for its source.
func referencesWith(rows []Reference) (compute.References, error) {
	out, err := compute.DefaultReferences()
	for _, r := range rows {
		if r.Hours > 0 {
			out = append(out, compute.Reference{Kind: r.Kind, From: r.Year, Until: r.Year, Hours: int64(r.Hours), Basis: r.Basis, Verified: true, Source: r.Source})
		}
	}
	return out, err
}

// BreaksIn are the breaks that somebody recorded.
func BreaksIn(ctx context.Context, db bun.IDB) ([]compute.Break, error) {
	rows, err := breaksOf(ctx, db)
	var out []compute.Break
	for _, b := range rows {
		out = append(out, compute.Break{Year: b.Year, Indicator: b.Indicator, Kind: b.Kind, Why: compute.Text{FR: b.ReasonFR, EN: b.ReasonEN}})
	}
	return out, err
}
