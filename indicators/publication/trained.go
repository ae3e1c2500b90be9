package publication

import (
	"maps"
	"slices"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
)

// Who was trained is said by some enterprises alone; so is who is covered, and which
// rights were opened. Beside all the workers, that other releases give, those among whom
// it is said tell of the workers of the other enterprises: they are parts of one whole,
// protected together.

// telling is something said of workers by some enterprises: the part that it is of (empty
// where it is no number of persons), the workers of whom it is said, and the others.
type telling struct{ part, said, unsaid compute.Measure }

var (
	training = telling{compute.Trained.Among(compute.Workers), compute.Workers.Among(compute.Trained), compute.TrainingUnsaid}
	health   = telling{compute.HealthCovered.Among(compute.Workers), compute.Workers.Among(compute.HealthCovered), compute.HealthUnsaid}
	rights   = telling{"", compute.Workers.Among(compute.RightsOpened), compute.RightsUnsaid}

	rightsOpened = compute.RightsOpened.Among(compute.Workers)
)

// tellings are all of them. Trainings share the family of the workers; the others have
// their own, whose total is the same figure.
func tellings() []telling { return []telling{training, health, rights} }

// telling finds what a measure is said in.
func tellingOf(m compute.Measure) (telling, bool) {
	if m == compute.Workers {
		return training, true
	}
	all := tellings()
	i := slices.IndexFunc(all, func(t telling) bool { return m != "" && (m == t.part || m == t.said || m == t.unsaid) })
	if i < 0 {
		return telling{}, false
	}
	return all[i], true
}

// family is those of whom it is so, those of whom it is not, and those of whom nobody said.
func (t telling) family() family {
	f := family{name: t.said, atoms: []quantity{{plus: []compute.Measure{t.said}}, {plus: []compute.Measure{t.unsaid}}},
		sets: map[compute.Measure]uint64{t.said: 0b1, t.unsaid: 0b10, compute.Workers: 0b11}}
	if t.part != "" {
		f.atoms = []quantity{{plus: []compute.Measure{t.part}}, {plus: []compute.Measure{t.said}, minus: []compute.Measure{t.part}}, {plus: []compute.Measure{t.unsaid}}}
		f.sets = map[compute.Measure]uint64{t.part: 0b1, t.said: 0b11, t.unsaid: 0b100, compute.Workers: 0b111}
	}
	if t == training {
		f.name = compute.Workers
	}
	return f
}

// borrows tells a family whose total is the one of the workers.
func (l *linked) borrows() bool { return l.whole == compute.Workers && l.name != compute.Workers }

// whole puts every worker in what is protected of any part of them: other families are
// bounded by that number.
func (w want) whole(f family) want {
	if _, ofWorkers := f.sets[compute.Workers]; !ofWorkers {
		return w
	}
	if len(w.measures) > 0 {
		w.measures = append(slices.Clone(w.measures), compute.Workers)
	}
	if len(w.top) > 0 {
		w.top = append(slices.Clone(w.top), compute.Workers)
	}
	return w
}

// consistent is a contribution whose parts make its whole. An enterprise that gave its
// workers as a total and its trainings person by person may have more trained women than
// women, or tell of more persons covered than it has workers: of its workers nobody can
// say who was. Counts that were kept before the third part was counted have it from the
// two others.
func consistent(c *figures.Contribution) *figures.Contribution {
	workers, known := c.Counts.Lines[compute.Workers]
	if !known {
		return c
	}
	lines := maps.Clone(c.Counts.Lines)
	moved := false
	for _, t := range tellings() {
		moved = t.complete(lines, workers) || moved
	}
	if !moved {
		return c
	}
	counts := *c.Counts
	counts.Lines = lines
	fixed := *c
	fixed.Counts = &counts
	return &fixed
}

// complete makes the parts of some lines sum to the workers, and tells whether they did not.
func (t telling) complete(lines map[compute.Measure]compute.Line, workers compute.Line) bool {
	_, complete := lines[t.unsaid]
	more := t.part != "" && exceeds(lines[t.part], lines[t.said])
	if complete && !more {
		return false
	}
	said, some := lines[t.said]
	if !more && some {
		lines[t.unsaid] = compute.Line{Status: said.Status}
		return true
	}
	for _, m := range []compute.Measure{t.part, t.said} {
		delete(lines, m)
	}
	if t == rights {
		delete(lines, rightsOpened)
	}
	lines[t.unsaid] = workers
	return true
}

// exceeds tells a part that is more than its whole in some cross.
func exceeds(part, whole compute.Line) bool {
	return slices.ContainsFunc(part.Counts, func(n compute.Count) bool {
		at := slices.IndexFunc(whole.Counts, func(o compute.Count) bool { return o.Cross == n.Cross })
		return at < 0 && n.Amount > 0 || at >= 0 && n.Amount > whole.Counts[at].Amount
	})
}
