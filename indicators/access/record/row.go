package record

import (
	"cmp"
	"slices"
	"time"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// Source is an enterprise of a year, with where it is today; an empty code is not known.
type Source struct {
	Counts      *compute.Enterprise
	Departement string
	Region      string
}

// row is a person of a year before protection. The contributor is counted, and never written.
type row struct {
	departement, region, contributor string
	in                               uint // the files that hold it
	keys, secrets                    []string
}

// compare orders records by what they say, so that the order they came in changes nothing.
func (r row) compare(other row) int {
	return cmp.Or(slices.Compare(r.keys, other.keys), slices.Compare(r.secrets, other.secrets), cmp.Compare(r.in, other.in), cmp.Compare(r.contributor, other.contributor))
}

// people are the records of sources; aside counts the earlier exits of who left twice.
func people(sources []Source) (out []row, aside int) {
	for _, s := range sources {
		for i := range s.Counts.Workers {
			w := &s.Counts.Workers[i]
			r := row{departement: s.Departement, region: s.Region, contributor: s.Counts.Group}
			last, exits := lastExit(w, s.Counts.Year)
			if last != nil && Exits.sent(s.Counts) {
				r.in, aside = inExits, aside+exits-1
			}
			if Workers.sent(s.Counts) && (last != nil || present(w, s.Counts.Year)) {
				r.in |= inWorkers
			}
			if r.in == 0 {
				continue
			}
			r.keys = []string{"", kindCode(s.Counts.Kind), told(w.Sex.String()), told(ageOf(w, s.Counts.Year).String()), publicCode(w)}
			r.secrets = r.told(s.Counts, w, last)
			out = append(out, r)
		}
	}
	return out, aside
}

// sent tells whether an enterprise sent what a file is about.
func (k Kind) sent(e *compute.Enterprise) bool {
	if k == Exits {
		return e.Sections[compute.Exits] == compute.Collected
	}
	return e.Sections[compute.Contracts] == compute.Collected || e.Sections[compute.Hours] == compute.Collected
}

// told are the sensitive values, of the files that hold the record.
func (r row) told(e *compute.Enterprise, w *compute.Worker, last *compute.Exit) []string {
	out := []string{NotCollected, absent, absent}
	switch {
	case r.in&inExits != 0:
		out[theMotive], out[theDays] = motiveCode(last.Motive), daysCode(last)
	case Exits.sent(e):
		out[theMotive] = "still"
	}
	if r.in&inWorkers != 0 {
		out[thePlacement] = placementCode(e, w)
	}
	return out
}

// lastExit is the latest exit of the year, and how many there are.
func lastExit(w *compute.Worker, year int) (last *compute.Exit, count int) {
	for i := range w.Exits {
		x := &w.Exits[i]
		if x.On.Year() != year {
			continue
		}
		count++
		if last == nil || x.On.After(last.On) {
			last = x
		}
	}
	return last, count
}

// present tells whether somebody was under contract, or had hours, in a year.
func present(w *compute.Worker, year int) bool {
	first, until := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, c := range w.Contracts {
		if !c.Begins.After(until) && (c.Ends.IsZero() || !c.Ends.Before(first)) {
			return true
		}
	}
	return slices.ContainsFunc(w.Months, func(m compute.Month) bool { return m.Paid != nil && *m.Paid > 0 || m.Worked != nil && *m.Worked > 0 })
}

// told is a code, or that nobody said it.
func told(name string) string {
	if name == "" || name == "unsaid" {
		return NotCollected
	}
	return name
}

func ageOf(w *compute.Worker, year int) compute.Age {
	if w.Born == 0 {
		return w.Age
	}
	return compute.AgeIn(year, w.Born)
}

func kindCode(k compute.Kind) string {
	if slices.Contains(compute.InsertionKinds(), k) {
		return string(k)
	}
	return "other"
}

// publicCode groups the criteria. Those of health, and of who lives where, are not
// told apart from none; of whom it was not said whether they meet the others, it was
// not collected.
func publicCode(w *compute.Worker) string {
	minima, jobless := []compute.Public{compute.RSA, compute.ASS}, []compute.Public{compute.DETLD, compute.DELD}
	meets := func(of []compute.Public) bool {
		return slices.ContainsFunc(of, func(p compute.Public) bool { return slices.Contains(w.Publics, p) })
	}
	switch {
	case meets(minima):
		return "minima"
	case meets(jobless):
		return "jobless"
	case slices.ContainsFunc(slices.Concat(minima, jobless), func(p compute.Public) bool { return !slices.Contains(w.Known, p) }):
		return NotCollected
	}
	return "other"
}

func motiveCode(m compute.Motive) string {
	switch m {
	case compute.CDI:
		return "cdi"
	case compute.CDD, compute.Interim:
		return "timed"
	case compute.Creation, compute.PublicPost:
		return "creation"
	case compute.Aided:
		return "aided"
	case compute.Qualifying:
		return "training"
	case compute.OtherSIAE:
		return "siae"
	case compute.Withdrawn:
		return "withdrawn"
	}
	return "none"
}

// daysCode keeps apart the lengths that the two readings of six months class otherwise.
func daysCode(x *compute.Exit) string {
	six := catalogue.Duration{Months: 6, Inclusive: true}
	switch {
	case !x.Motive.Timed():
		return "no_term"
	case x.Days == 0:
		return NotCollected
	case catalogue.Duration{Months: 6}.Met(x.Days):
		return "over_6m"
	case six.Met(x.Days):
		return "six"
	case catalogue.Duration{Months: 3, Inclusive: true}.Met(x.Days):
		return "under_6m"
	}
	return "under_3m"
}

func placementCode(e *compute.Enterprise, w *compute.Worker) string {
	if e.Sections[compute.Placements] != compute.Collected {
		return NotCollected
	}
	for _, k := range []compute.PlacementKind{compute.Hired, compute.Mission, compute.Immersion} {
		if slices.ContainsFunc(w.Placed, func(p compute.Placement) bool { return p.Kind == k }) {
			return string(k)
		}
	}
	return "no_placement"
}
