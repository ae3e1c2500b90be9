package outlook

import (
	"slices"

	"maillage/nomenclatures"
)

// K is under how many people nothing is shown, and Step what the rest is rounded
// to.
const (
	K    = 5
	Step = 5
)

// atom is the one thing that is counted: people of one area, in one measure, of
// one code. Away counts those who live elsewhere and can come. It is packed, since
// a country of people counts millions of times.
type atom uint64

func pack(area int32, away bool, m Measure, code uint32) atom {
	a := atom(area)<<32 | atom(code)<<8 | atom(m)<<1
	if away {
		a |= 1
	}
	return a
}

func (a atom) area() int32      { return int32(a >> 32) }
func (a atom) code() uint32     { return uint32(a>>8) & 0xffffff }
func (a atom) measure() Measure { return Measure(a>>1) & 0x7f }
func (a atom) away() bool       { return a&1 == 1 }

// Table is what may be said of people. It keeps no count as it was: an atom under
// K people is not in it, any other is rounded to the nearest multiple of Step.
//
// The attacker that it withstands may ask anything any number of times: every
// territory, every filter, totals and parts, and put the answers together. As
// every answer is a sum of atoms of this table, all that they ever learn from it of
// an atom is that it is in 0..4, in 5..7, or within 2 of a multiple of 5, and of an
// area whether anybody in a journey lives there at all. How many live there is
// never said: measures that exclude one another add up to no more than it, and
// would be bounded by it. Not withstood: who knows that number from elsewhere, or
// knows some of the people (a structure knows its own), narrows what is left; and
// who asks one day and the next and knows that a single person came or left may
// see a rounding turn, for which the table is made once a day.
type Table struct {
	areas *Areas
	shown map[atom]int32
	codes []string
	of    map[string]uint32 // the place of a code in codes
	empty map[int32]bool    // areas where nobody in a journey lives at all
}

// Count makes the table from all people. What is said does not depend on their order.
func (a *Areas) Count(people func(yield func(*Person))) *Table {
	t := &Table{areas: a, shown: map[atom]int32{}, of: map[string]uint32{}, empty: map[int32]bool{}}
	c := counter{Table: t, usual: newUsual(nomenclatures.Occupations())}
	people(c.count)
	for i := range a.all {
		t.empty[int32(i)] = t.shown[pack(int32(i), false, Anybody, t.place(""))] == 0
	}
	for x, n := range t.shown {
		if n < K {
			delete(t.shown, x)
			continue
		}
		t.shown[x] = (n + Step/2) / Step * Step
	}
	return t
}

// place is the number of a code, given on the first time.
func (t *Table) place(code string) uint32 {
	i, known := t.of[code]
	if !known {
		i = uint32(len(t.codes))
		t.of[code], t.codes = i, append(t.codes, code)
	}
	return i
}

// at reads what is shown of an atom.
func (t *Table) at(area int32, away bool, m Measure, code string) (n int, shown bool) {
	i, known := t.of[code]
	if !known {
		return 0, false
	}
	v, shown := t.shown[pack(area, away, m, i)]
	return int(v), shown
}

// counter fills a table with counts as they are; Count protects them after.
type counter struct {
	*Table
	usual usual
}

func (c *counter) count(p *Person) {
	c.add(p, Anybody, "")
	for _, code := range distinct(p.Wished) {
		c.add(p, Wish, string(code))
	}
	for _, code := range distinct(p.Held) {
		if !slices.Contains(p.Wished, code) {
			c.add(p, Practice, string(code))
		}
	}
	for _, code := range c.usual.able(p) {
		c.add(p, Able, string(code))
	}
	for _, code := range distinct(p.Aptitudes) {
		c.add(p, Hold, string(code))
	}
}

func (c *counter) add(p *Person, m Measure, code string) {
	i := c.place(code)
	if p.Area != Nowhere {
		c.shown[pack(p.Area, false, m, i)]++
	}
	for _, area := range p.Reached {
		c.shown[pack(area, true, m, i)]++
	}
}

func distinct[T ~string](all []T) []T {
	out := slices.Clone(all)
	slices.Sort(out)
	return slices.Compact(out)
}

// Figure is a number of people as it may be said: those of the areas where it is
// shown, and in how many others it is not. The true number is between Low and High.
type Figure struct {
	Shown  int `json:"shown"`  // a multiple of 5
	Areas  int `json:"areas"`  // in which it is shown
	Hidden int `json:"hidden"` // areas with fewer than 5, where somebody in a journey lives
	Low    int `json:"low"`
	High   int `json:"high"`
}

// None tells that nothing at all can be said.
func (f Figure) None() bool { return f.Areas == 0 }

// And adds figures of people who cannot be the same.
func (f Figure) And(g Figure) Figure {
	return Figure{Shown: f.Shown + g.Shown, Areas: max(f.Areas, g.Areas), Hidden: max(f.Hidden, g.Hidden), Low: f.Low + g.Low, High: f.High + g.High}
}

// Living sums the people who live in some areas.
func (t *Table) Living(in []int32, m Measure, code string) Figure {
	var f Figure
	for _, area := range in {
		switch n, shown := t.at(area, false, m, code); {
		case shown:
			f = f.add(n)
		case !t.empty[area]:
			f.Hidden++
			f.High += K - 1
		}
	}
	return f
}

// Coming is those who live outside an area and can come to it. There is no sum
// over several: somebody who can reach two would count twice.
func (t *Table) Coming(area int32, m Measure, code string) Figure {
	if n, shown := t.at(area, true, m, code); shown {
		return Figure{}.add(n)
	}
	return Figure{Hidden: 1, High: K - 1}
}

func (f Figure) add(n int) Figure {
	f.Shown += n
	f.Areas++
	f.Low += max(n-Step/2, K)
	f.High += n + Step/2
	return f
}
