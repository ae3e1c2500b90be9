package fairness

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// K is the least number of people of whom a figure is: of a group, of those to
// whom something happened, and of those to whom it did not. Step is what every
// count is rounded to, the nearest.
const (
	K    = 10
	Step = 5
)

// oneIn is of how many people a draw leaves one out and counts one twice, and most
// how many proposals of one person are counted at most in a table, so that a
// figure is not of one person's.
const (
	oneIn = 10
	most  = 3
)

// sample is who is counted in one table, and how often: one person in ten is left
// out of it and one in ten counts twice, by a draw of that table alone. The mean is
// the truth. But the sums of two tables are not of the same people, so they say
// nothing of each other, and even who knows everybody else does not know whether
// somebody is in a figure.
type sample struct {
	draw   *rand.Rand
	weight map[int]int
	n      map[int]int
}

func newSample(draw *rand.Rand) *sample {
	return &sample{draw: draw, weight: map[int]int{}, n: map[int]int{}}
}

// of is how often one more subject of a person counts.
func (s *sample) of(who int) int {
	weight, drawn := s.weight[who]
	if !drawn {
		switch weight = 1; s.draw.IntN(oneIn) {
		case 0:
			weight = 0
		case 1:
			weight = 2
		}
		s.weight[who] = weight
	}
	if s.n[who]++; s.n[who] > most {
		return 0
	}
	return weight
}

// cell counts a group: subjects as often as they were drawn, and the people whose
// they are, once.
type cell struct {
	yes, no int
	had     map[int]bool // people to whom it happened once at least
	spared  map[int]bool // and to whom it did not, once at least
}

func newCell() *cell { return &cell{had: map[int]bool{}, spared: map[int]bool{}} }

func (c *cell) add(who, times int, yes bool) {
	switch {
	case times == 0:
	case yes:
		c.yes += times
		c.had[who] = true
	default:
		c.no += times
		c.spared[who] = true
	}
}

func (c *cell) join(o *cell) {
	c.yes, c.no = c.yes+o.yes, c.no+o.no
	maps.Copy(c.had, o.had)
	maps.Copy(c.spared, o.spared)
}

func (c *cell) turned() *cell { return &cell{yes: c.no, no: c.yes, had: c.spared, spared: c.had} }

// size is the number of a cell as it may be said; ok is false where it may not.
func (c *cell) size() (n int, ok bool) {
	r, ok := c.row()
	return r.N, ok
}

// row is all that may be said of a cell; ok is false where nothing may. Where
// both sides are of K people their two numbers are told, and their sum is the
// size; where one is, the size alone.
func (c *cell) row() (r Row, ok bool) {
	switch happened, not := len(c.had) >= K, len(c.spared) >= K; {
	case happened && not:
		r.Yes = rounded(c.yes)
		r.N = r.Yes + rounded(c.no)
		r.Rate, r.Within = rate(r.Yes, r.N), Wilson(r.Yes, r.N)
		return r, true
	case happened:
		return Row{N: rounded(c.yes + c.no), Bound: Over}, true
	case not:
		return Row{N: rounded(c.yes + c.no), Bound: Under}, true
	}
	return Row{}, false
}

func rounded(n int) int { return (n + Step/2) / Step * Step }

// strata are the cells of one group, by occupation and distance.
type strata map[string]*cell

func (s strata) add(stratum string, who, times int, yes bool) {
	if s[stratum] == nil {
		s[stratum] = newCell()
	}
	s[stratum].add(who, times, yes)
}

func (s strata) join(o strata) {
	for name, part := range o {
		if s[name] == nil {
			s[name] = newCell()
		}
		s[name].join(part)
	}
}

// counted are the cells of one table. The strata are of another draw, so that they
// do not add up to the groups.
type counted struct {
	groups []*cell
	strata []strata
}

func count(subjects []Subject, m Metric, d Dimension, draw *rand.Rand) counted {
	groups := d.Groups()
	out := counted{}
	for range groups {
		out.groups, out.strata = append(out.groups, newCell()), append(out.strata, strata{})
	}
	whole, spread := newSample(draw), newSample(draw)
	for i := range subjects {
		s := &subjects[i]
		if !s.Counted[m] {
			continue
		}
		at := place(groups, s.Groups[d])
		out.groups[at].add(s.Who, whole.of(s.Who), s.Yes[m])
		out.strata[at].add(s.Stratum, s.Who, spread.of(s.Who), s.Yes[m])
	}
	return out
}

// turned is the same with what happened and what did not exchanged.
func (c counted) turned() counted {
	out := counted{}
	for i := range c.groups {
		out.groups = append(out.groups, c.groups[i].turned())
		parts := strata{}
		for name, part := range c.strata[i] {
			parts[name] = part.turned()
		}
		out.strata = append(out.strata, parts)
	}
	return out
}

// place is where a group stands; what the dimension does not list is unknown.
func place(groups []string, name string) int {
	if i := slices.Index(groups, name); i >= 0 {
		return i
	}
	return len(groups) - 1
}

func keys(s strata) []string { return slices.Sorted(maps.Keys(s)) }
