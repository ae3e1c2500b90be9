package compute

import (
	"encoding/json"
	"fmt"
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
