package compute

import (
	"slices"
)

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

// staff sums everybody, unless the total was collected itself, and notes where
// something of it is known.
func (t *tally) staff(p *Part) {
	persons, fte := staffOf(p.Kind)
	if !Workers.Applies(p.Kind) && p.Kind != SAP {
		return
	}
	for _, total := range []struct {
		of, begun Measure
		parts     []Measure
	}{{StaffPersons, StaffPersonsBegun, persons}, {StaffFTE, StaffFTEBegun, fte}} {
		own, known := p.Lines[total.of]
		if !known || own.Status != Collected {
			if line, summed := sumOf(p, total.parts); summed {
				p.Lines[total.of] = line
			}
		}
		if slices.ContainsFunc(append(total.parts, total.of), func(m Measure) bool { return p.Lines[m].Status == Collected }) {
			p.Lines[total.begun] = Line{Status: Collected, Counts: []Count{{Amount: 1}}}
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
