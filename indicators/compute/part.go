package compute

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Part is what one enterprise counts for in one year. A measure that means
// something for its kind and is not in Lines was asked and has no answer yet.
type Part struct {
	Enterprise int64            `json:"-"`
	Year       int              `json:"-"`
	Kind       Kind             `json:"-"`
	Group      string           `json:"-"`
	Lines      map[Measure]Line `json:"lines"`
}

// Line is what an enterprise counts for in one measure: ND, or counts by cross,
// sorted; no count at all is zero.
type Line struct {
	Status Status
	Counts []Count
}

// Count is the amount of a cross and the persons whom it is of.
type Count struct {
	Cross   Cross
	Amount  int64
	Persons int64
}

// MarshalJSON writes ND as null and counts as one flat list: cross, amount, persons.
func (l Line) MarshalJSON() ([]byte, error) {
	if l.Status == ND {
		return []byte("null"), nil
	}
	flat := make([]int64, 0, 3*len(l.Counts))
	for _, c := range l.Counts {
		flat = append(flat, int64(c.Cross), c.Amount, c.Persons)
	}
	return json.Marshal(flat)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Line) UnmarshalJSON(b []byte) error {
	var flat []int64
	if err := json.Unmarshal(b, &flat); err != nil {
		return err
	}
	if flat == nil {
		*l = Line{Status: ND}
		return nil
	}
	if len(flat)%3 != 0 {
		return fmt.Errorf("a line of %d numbers", len(flat))
	}
	*l = Line{Status: Collected}
	for i := 0; i < len(flat); i += 3 {
		l.Counts = append(l.Counts, Count{Cross(flat[i]), flat[i+1], flat[i+2]})
	}
	return nil
}

// CountOf counts one enterprise in one year. The order of its records changes nothing.
func CountOf(e *Enterprise, refs References) (*Part, error) {
	t := &tally{e: e, sums: map[Measure]map[Cross]*Count{}, nd: map[Measure]bool{}}
	var ok bool
	if t.ref, ok = refs.Of(e.Kind, e.Year); !ok {
		return nil, fmt.Errorf("count enterprise %d: no reference hours for %s in %d", e.ID, e.Kind, e.Year)
	}
	var err error
	if t.parts, err = refs.Parts(e.Year); err != nil {
		return nil, fmt.Errorf("count enterprise %d: %w", e.ID, err)
	}
	for i := range e.Workers {
		t.worker(&e.Workers[i])
	}
	p := &Part{Enterprise: e.ID, Year: e.Year, Kind: e.Kind, Group: e.Group, Lines: map[Measure]Line{}}
	for _, b := range book {
		if line, known := t.line(b); known && b.family.holds(e.Kind) {
			p.Lines[b.measure] = line
		}
	}
	t.staff(p)
	return p, nil
}

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
	in := crossesOf(w.Sex, w.age(t.e.Year), w.Publics)
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
		basis += t.said(FTE, of)
		clause += t.said(ClauseHours, m.Clause)
	}
	if w.workedHours() >= leastHours {
		t.each(Workers, in, 1)
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

// months counts the months of the year in which each contract runs.
func (t *tally) months(w *Worker, in []Cross) {
	var all, full int64
	for _, c := range w.Contracts {
		n := monthsIn(c, t.e.Year)
		all += n
		if n > 0 && t.said(FullerMonths, c.Weekly) >= fuller {
			full += n
		}
	}
	t.each(ContractMonths, in, all)
	t.each(FullerMonths, in, full)
}

// monthsIn is in how many months of a year a contract runs, be it for a day.
func monthsIn(c Contract, year int) int64 {
	first, last := 1, 12
	if c.Begins.Year() > year || !c.Ends.IsZero() && c.Ends.Year() < year {
		return 0
	}
	if c.Begins.Year() == year {
		first = int(c.Begins.Month())
	}
	if !c.Ends.IsZero() && c.Ends.Year() == year {
		last = int(c.Ends.Month())
	}
	return int64(max(0, last-first+1))
}

// trainedHours is the least training of the indicator R1.5, in hundredths.
const trainedHours = 7_00

func (t *tally) trainings(w *Worker, in []Cross) {
	var hours, certified int64
	for _, f := range w.Trainings {
		if f.Hours != nil {
			hours += *f.Hours
		}
		if f.Certified {
			certified++
		}
	}
	immersed := slices.ContainsFunc(w.Placed, func(p Placement) bool { return p.Kind == Immersion && p.Begins.Year() == t.e.Year })
	if hours >= trainedHours || immersed {
		t.each(Trained, in, 1)
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

// line is what is known of a measure: counted from the records where their
// section was collected, else what was answered.
func (t *tally) line(b traits) (Line, bool) {
	if b.measure == Enterprises {
		return Line{Status: Collected, Counts: []Count{{Amount: 1}}}, true
	}
	if b.section != "" {
		switch t.e.Sections[b.section] {
		case Collected:
			if !t.nd[b.measure] {
				return Line{Status: Collected, Counts: t.sorted(b.measure)}, true
			}
			if line, answered := t.answered(b); answered {
				return line, true
			}
			return Line{Status: ND}, true
		case ND:
			if line, answered := t.answered(b); answered {
				return line, true
			}
			return Line{Status: ND}, true
		}
	}
	return t.answered(b)
}

func (t *tally) sorted(m Measure) []Count {
	var out []Count
	for _, c := range t.sums[m] {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Count) int { return int(a.Cross) - int(b.Cross) })
	return out
}

// answered is what the enterprise collected itself. Of persons, it says neither
// the sex nor the age: they are counted as not said.
func (t *tally) answered(b traits) (Line, bool) {
	a, known := t.e.Answers[b.measure]
	switch {
	case !known || !b.asked || a.Status == Waiting:
		return Line{}, false
	case a.Status == ND:
		return Line{Status: ND}, true
	}
	amount, persons := a.Value, int64(0)
	switch b.unit {
	case whole:
		amount /= 100
	case fullTime:
		amount *= t.parts / 100
	}
	in := []Cross{Total}
	if b.section != "" && b.unit == whole {
		in, persons = unsaid(), amount
	} else if b.section != "" {
		in = unsaid()
	}
	line := Line{Status: Collected}
	if amount == 0 {
		return line, true
	}
	for _, c := range in {
		line.Counts = append(line.Counts, Count{c, amount, persons})
	}
	slices.SortFunc(line.Counts, func(a, b Count) int { return int(a.Cross) - int(b.Cross) })
	return line, true
}

// staffOf is what everybody who works there is made of, by kind.
func staffOf(k Kind) (persons, fte []Measure) {
	if k == SAP {
		return []Measure{HomeWorkerPersons, ManagerPersons}, []Measure{HomeWorkerFTE, ManagerFTE}
	}
	return []Measure{Workers, PermanentPersons}, []Measure{FTE, PermanentFTE}
}

// staff sums everybody, unless the total was collected itself.
func (t *tally) staff(p *Part) {
	persons, fte := staffOf(p.Kind)
	if !Workers.Applies(p.Kind) && p.Kind != SAP {
		return
	}
	for total, of := range map[Measure][]Measure{StaffPersons: persons, StaffFTE: fte} {
		if own, known := p.Lines[total]; known && own.Status == Collected {
			continue
		}
		if line, known := sumOf(p, of); known {
			p.Lines[total] = line
		}
	}
}

// sumOf adds totals: ND as soon as one is, unknown as soon as one is awaited.
func sumOf(p *Part, of []Measure) (Line, bool) {
	var amount int64
	waiting := false
	for _, m := range of {
		line, known := p.Lines[m]
		switch {
		case known && line.Status == ND:
			return Line{Status: ND}, true
		case !known:
			waiting = true
		}
		if len(line.Counts) > 0 && line.Counts[0].Cross == Total {
			amount += line.Counts[0].Amount
		}
	}
	if waiting {
		return Line{}, false
	}
	if amount == 0 {
		return Line{Status: Collected}, true
	}
	return Line{Status: Collected, Counts: []Count{{Amount: amount}}}, true
}
