package publication

import (
	"maps"
	"slices"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
)

// Who was trained is said by some enterprises alone. Beside all the workers, that other
// releases give, those among whom it is said tell of the workers of the other enterprises:
// the three are parts of one whole, protected together.

var (
	trainedPart = compute.Trained.Among(compute.Workers)
	saidPart    = compute.Workers.Among(compute.Trained)

	workersParts = []compute.Measure{compute.Workers, trainedPart, saidPart, compute.TrainingUnsaid}
)

// workers are those who were trained, those who were not, and those of whom nobody said.
func workers() family {
	return family{name: compute.Workers,
		atoms: []quantity{{plus: []compute.Measure{trainedPart}}, {plus: []compute.Measure{saidPart}, minus: []compute.Measure{trainedPart}}, {plus: []compute.Measure{compute.TrainingUnsaid}}},
		sets:  map[compute.Measure]uint64{trainedPart: 0b1, saidPart: 0b11, compute.TrainingUnsaid: 0b100, compute.Workers: 0b111}}
}

// whole puts every worker in what is protected of any part of them: other families are
// bounded by that number.
func (w want) whole(f family) want {
	if f.name != compute.Workers {
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
// women: of its workers nobody can say who was trained. Counts that were kept before the
// third part was counted have it from the two others.
func consistent(c *figures.Contribution) *figures.Contribution {
	lines := c.Counts.Lines
	workers, known := lines[compute.Workers]
	_, complete := lines[compute.TrainingUnsaid]
	more := exceeds(lines[trainedPart], lines[saidPart])
	if !known || complete && !more {
		return c
	}
	counts := *c.Counts
	counts.Lines = maps.Clone(lines)
	said, some := lines[saidPart]
	switch {
	case more || !some:
		delete(counts.Lines, trainedPart)
		delete(counts.Lines, saidPart)
		counts.Lines[compute.TrainingUnsaid] = workers
	default:
		counts.Lines[compute.TrainingUnsaid] = compute.Line{Status: said.Status}
	}
	fixed := *c
	fixed.Counts = &counts
	return &fixed
}

// exceeds tells a part that is more than its whole in some cross.
func exceeds(part, whole compute.Line) bool {
	return slices.ContainsFunc(part.Counts, func(n compute.Count) bool {
		at := slices.IndexFunc(whole.Counts, func(o compute.Count) bool { return o.Cross == n.Cross })
		return at < 0 && n.Amount > 0 || at >= 0 && n.Amount > whole.Counts[at].Amount
	})
}
