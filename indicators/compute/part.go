package compute

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Part is what one enterprise counts for in one year. A measure that means
// something for its kind and is not in Lines has no answer: it is awaited where it
// is in Awaited, and nobody asked it otherwise.
type Part struct {
	Enterprise int64            `json:"-"`
	Year       int              `json:"-"`
	Kind       Kind             `json:"-"`
	Group      string           `json:"-"`
	Lines      map[Measure]Line `json:"lines"`
	Awaited    []Measure        `json:"awaited,omitempty"` // sorted
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
		if b.joint || !b.family.holds(e.Kind) {
			continue
		}
		if line, known := t.line(b); known {
			p.Lines[b.measure] = line
		}
	}
	t.staff(p)
	t.await(p)
	answeredTogether(p)
	among(p)
	p.rests()
	return p, nil
}

// await notes what was asked and has not come: a section that is not sent, a
// question of the year's campaign, and the totals that wait for one of their parts.
func (t *tally) await(p *Part) {
	persons, fte := staffOf(p.Kind)
	parts := map[Measure][]Measure{StaffPersons: persons, StaffFTE: fte}
	for _, b := range book {
		if _, known := p.Lines[b.measure]; !known && !b.joint && b.family.holds(p.Kind) && (t.asks(b) || slices.ContainsFunc(parts[b.measure], t.asked(p))) {
			p.Awaited = append(p.Awaited, b.measure)
		}
	}
	slices.Sort(p.Awaited)
}

func (t *tally) asks(b traits) bool {
	return b.section != "" && t.e.Sections[b.section] == Waiting || slices.Contains(t.e.Asked, b.measure)
}

// asked tells the measures of an enterprise that were asked and have not come.
func (t *tally) asked(p *Part) func(Measure) bool {
	return func(m Measure) bool {
		b, _ := traitsOf(m)
		_, known := p.Lines[m]
		return !known && b.family.holds(p.Kind) && t.asks(b)
	}
}

// Awaits tells a measure that was asked and has not come.
func (p *Part) Awaits(m Measure) bool {
	_, found := slices.BinarySearch(p.Awaited, m)
	return found
}
