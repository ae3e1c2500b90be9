package compute

import (
	"slices"
	"time"
)

// tally gathers the counts of one enterprise.
type tally struct {
	e     *Enterprise
	ref   Reference
	parts int64
	sums  map[Measure]map[Cross]*Count
	nd    map[Measure]bool // a record of the section lacks what the measure needs
}

// add counts an amount of a person in every cross of theirs.
func (t *tally) add(m Measure, in []Cross, amount int64) {
	if t.sums[m] == nil {
		t.sums[m] = map[Cross]*Count{}
	}
	for _, c := range in {
		if t.sums[m][c] == nil {
			t.sums[m][c] = &Count{Cross: c}
		}
		t.sums[m][c].Amount += amount
	}
}

// once adds one to the persons of a measure.
func (t *tally) once(m Measure, in []Cross) {
	for _, c := range in {
		t.sums[m][c].Persons++
	}
}

// each counts an amount of one person, whom it counts once.
func (t *tally) each(m Measure, in []Cross, amount int64) {
	if amount == 0 {
		return
	}
	t.add(m, in, amount)
	t.once(m, in)
}

func (t *tally) worker(w *Worker) {
	in := crossesOf(w.Sex, w.age(t.e.Year), w.publics())
	t.hours(w, in)
	t.exits(w, in)
	t.contracts(w, in)
	t.trainings(w, in)
	t.placements(w, in)
}

func (t *tally) hours(w *Worker, in []Cross) {
	var paid, basis, clause int64
	for _, m := range w.Months {
		of := m.Worked
		if t.ref.Basis == OnPaid {
			of = m.Paid
		}
		paid += t.said(PaidHours, m.Paid)
		t.said(Quarters, m.Paid)
		for _, b := range HourBands() {
			t.said(b.Measure, m.Paid)
		}
		basis += t.said(FTE, of)
		clause += t.said(ClauseHours, m.Clause)
	}
	if w.workedHours() >= leastHours {
		t.each(Workers, in, 1)
		t.add(Quarters, in, quarters(paid, t.e.Year)) // who has none is one of the persons it is of
		t.once(Quarters, in)
		t.each(bandOf(paid), in, 1)
	}
	t.each(PaidHours, in, paid)
	t.each(FTE, in, basis*(t.parts/100/t.ref.Hours))
	t.each(ClauseHours, in, clause)
}

// said is a number, or makes the measure ND for the whole enterprise.
func (t *tally) said(m Measure, v *int64) int64 {
	if v == nil {
		t.nd[m] = true
		return 0
	}
	return *v
}

func (t *tally) exits(w *Worker, in []Cross) {
	seen := map[Measure]bool{}
	for i := range w.Exits {
		x := &w.Exits[i]
		if x.On.Year() != t.e.Year {
			continue
		}
		for _, m := range t.exit(x, w) {
			t.add(m, in, 1)
			if !seen[m] { // who left twice in a year is one person and two exits
				seen[m] = true
				t.once(m, in)
			}
		}
	}
}

// exit lists what an exit counts in.
func (t *tally) exit(x *Exit, w *Worker) []Measure {
	if x.Motive == Withdrawn {
		return []Measure{ExitsWithdrawn}
	}
	switch x.judge(t.e.Kind, w, t.e.Sections[Hours]) {
	case undecided:
		return []Measure{ExitsUndecided}
	case ineligible:
		return []Measure{ExitsIneligible}
	case observed:
		return x.measures(false)
	}
	return x.measures(true)
}

// The rule of continuity: no gap of more than 30 days over the first six months.
const (
	followedMonths = 6
	mostGap        = 30
)

func (t *tally) contracts(w *Worker, in []Cross) {
	first := w.first()
	if first.IsZero() {
		return
	}
	if first.Year() == t.e.Year {
		t.each(Entrants, in, 1)
	}
	until := addMonths(first, followedMonths)
	left := slices.ContainsFunc(w.Exits, func(x Exit) bool { return !x.On.Before(first) && x.On.Before(until) })
	if until.Year() == t.e.Year && !left {
		t.each(SixMonthsIn, in, 1)
		if longestGap(w.Contracts, first, until) <= mostGap {
			t.each(NoGap, in, 1)
		}
	}
	t.months(w, in)
}

// longestGap is the longest time without a contract between two days, in days.
func longestGap(contracts []Contract, from, until time.Time) int {
	sorted := slices.SortedFunc(slices.Values(contracts), func(a, b Contract) int { return a.Begins.Compare(b.Begins) })
	covered, longest := from, 0
	for _, c := range sorted {
		if c.Begins.After(until) {
			break
		}
		longest = max(longest, int(c.Begins.Sub(covered).Hours()/24))
		ends := until
		if !c.Ends.IsZero() {
			ends = c.Ends.AddDate(0, 0, 1)
		}
		if ends.After(covered) {
			covered = ends
		}
	}
	return max(longest, int(until.Sub(covered).Hours()/24))
}

// fuller is 20 hours a week, in hundredths.
const fuller = 20_00

// months counts the months of the year in which somebody is under contract, once
// each: contracts that follow each other within a month, or overlap because the end
// of one was not said, are no second month. A month is full where one of its
// contracts is.
func (t *tally) months(w *Worker, in []Cross) {
	var under, fully [12]bool
	for _, c := range w.Contracts {
		first, last := monthsIn(c, t.e.Year)
		full := first <= last && t.said(FullerMonths, c.Weekly) >= fuller
		for m := first; m <= last; m++ {
			under[m-1], fully[m-1] = true, fully[m-1] || full
		}
	}
	t.each(ContractMonths, in, countOf(under))
	t.each(FullerMonths, in, countOf(fully))
}

func countOf(months [12]bool) (n int64) {
	for _, is := range months {
		if is {
			n++
		}
	}
	return n
}

// monthsIn are the first and the last month of a year in which a contract runs, be
// it for a day; the last comes before the first where it does not.
func monthsIn(c Contract, year int) (first, last int) {
	first, last = 1, 12
	if c.Begins.Year() > year || !c.Ends.IsZero() && c.Ends.Year() < year {
		return 1, 0
	}
	if c.Begins.Year() == year {
		first = int(c.Begins.Month())
	}
	if !c.Ends.IsZero() && c.Ends.Year() == year {
		last = int(c.Ends.Month())
	}
	return first, last
}

// trainedHours is the least training of the indicator R1.5, in hundredths.
const trainedHours = 7_00

func (t *tally) trainings(w *Worker, in []Cross) {
	var hours, certified int64
	unsaid := false
	for _, f := range w.Trainings {
		if f.Hours != nil {
			hours += *f.Hours
		}
		unsaid = unsaid || f.Hours == nil
		if f.Certified {
			certified++
		}
	}
	immersed := slices.ContainsFunc(w.Placed, func(p Placement) bool { return p.Kind == Immersion && p.Begins.Year() == t.e.Year })
	switch {
	case t.e.Sections[Hours] == Collected && w.workedHours() < leastHours: // no worker of the year
	case hours >= trainedHours || immersed:
		t.each(Trained, in, 1)
	case unsaid: // nobody can tell whether this one was
		t.nd[Trained] = true
	}
	t.each(Certifications, in, certified)
}

func (t *tally) placements(w *Worker, in []Cross) {
	of := map[PlacementKind]Measure{Hired: HiredCount, Immersion: Immersions, Mission: Missions}
	count := map[Measure]int64{}
	for _, p := range w.Placed {
		if p.Begins.Year() == t.e.Year {
			count[of[p.Kind]]++
		}
	}
	for m, n := range count {
		t.each(m, in, n)
	}
}
