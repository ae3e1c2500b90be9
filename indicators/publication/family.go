package publication

import (
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/compute"
)

// quantity is a sum of measures less others: what one enterprise counts for.
type quantity struct{ plus, minus []compute.Measure }

func (q quantity) measures() []compute.Measure { return slices.Concat(q.plus, q.minus) }

// perWorker tells what is divided by workers and counted from hours.
func (q quantity) perWorker() bool {
	return slices.ContainsFunc(q.measures(), func(m compute.Measure) bool { return m == compute.PaidHours || m == compute.Quarters || banded(m) })
}

// family is measures that are parts of one whole: what is published of one tells of
// the others. Atoms are the parts that nothing divides further; a set is a measure
// as the atoms that make it.
type family struct {
	name  compute.Measure // of the whole
	atoms []quantity
	sets  map[compute.Measure]uint64            // bit i: atom i
	sums  map[compute.Measure][]compute.Measure // of what nobody counts by itself
}

const olderRule = ".3m" // how package compute names the counts of the older rule of presence

// partOf says which measures are counted among the persons or things of another.
var partOf = map[compute.Measure]compute.Measure{
	compute.NoGap: compute.SixMonthsIn, compute.FullerMonths: compute.ContractMonths,
	compute.EmployedAt6: compute.FollowedAt6, compute.DurableAt12: compute.FollowedAt12, compute.BarriersResolved: compute.BarriersIdentified,
	compute.BodyMembers: compute.BodyEligible, compute.TeamsMixed: compute.Teams, compute.LocalPurchases: compute.Purchases, compute.Sales: compute.Income,
	compute.Cooperating: compute.Enterprises.Among(compute.Cooperating), compute.PositionsOfWomen: compute.Positions,
}

// familyOf finds the family of a measure.
func familyOf(m compute.Measure) family {
	if strings.HasPrefix(string(m), "exits.") {
		return exits()
	}
	if t, is := tellingOf(m); is {
		return t.family()
	}
	whole := m
	if base, is := partOf[m]; is {
		whole = base
	}
	f := family{name: whole, sets: map[compute.Measure]uint64{}}
	for part, base := range partOf {
		if base == whole { // one part of each whole: a second would overlap the first in a way that nobody counted
			f.atoms = []quantity{{plus: []compute.Measure{part}}, {plus: []compute.Measure{whole}, minus: []compute.Measure{part}}}
			f.sets[part], f.sets[whole] = 1, 3
			return f
		}
	}
	f.atoms, f.sets[whole] = []quantity{{plus: []compute.Measure{whole}}}, 1
	return f
}

// What the report adds up of contracts of a length: six months to the day are below
// under COORACE's reading, and above under Dares's.
const (
	upTo6 compute.Measure = "exits.up_to_6_months"
	from6 compute.Measure = "exits.from_6_months"
)

// exits are told apart by what became of the person, by the reading of six months
// (at exactly six months, COORACE and Dares disagree) and by the rule of presence
// (the older one observes fewer): releases under two of them are read together.
func exits() family {
	categories := []compute.Measure{compute.ExitsCDI, compute.ExitsPublic, compute.ExitsCreation, compute.ExitsOver6, compute.ExitsAt6, compute.ExitsUnder6,
		compute.ExitsAided, compute.ExitsTraining, compute.ExitsSIAE, compute.ExitsTimedUnsaid, compute.ExitsOther}
	sets := map[compute.Measure]uint64{compute.ExitsDurable: 0b1111, compute.ExitsDurableDares: 0b11111, compute.ExitsTransition: 0b1110000, compute.ExitsTransitionDares: 0b1100000,
		compute.ExitsPositive: 0b110000000, compute.ExitsDynamic: 0b1111111111, compute.ExitsObserved: 0b11111111111, upTo6: 0b110000, from6: 0b11000}
	for i, c := range categories {
		sets[c] = 1 << i
	}
	f := family{name: compute.ExitsObserved, sets: map[compute.Measure]uint64{}, sums: map[compute.Measure][]compute.Measure{}}
	for _, c := range categories {
		f.atoms = append(f.atoms, quantity{plus: []compute.Measure{c + olderRule}})
	}
	for _, c := range categories {
		f.atoms = append(f.atoms, quantity{plus: []compute.Measure{c}, minus: []compute.Measure{c + olderRule}})
	}
	for m, bits := range sets {
		f.sets[m+olderRule], f.sets[m] = bits, bits|bits<<len(categories)
	}
	for _, rule := range []compute.Measure{"", olderRule} {
		f.sums[upTo6+rule], f.sums[from6+rule] = []compute.Measure{compute.ExitsUnder6 + rule, compute.ExitsAt6 + rule}, []compute.Measure{compute.ExitsOver6 + rule, compute.ExitsAt6 + rule}
	}
	return f
}

// cut is a family cut as little as the sets that somebody may read ask for.
type cut struct {
	family
	whole   compute.Measure   // its code is the total
	codes   []string          // the total first, then sets, rests and classes
	of      map[string]uint64 // code → atoms
	named   map[string]bool   // codes that are measures: they are counted themselves
	folds   []map[string]string
	classes []uint64
}

const (
	total    = "all"
	restOf   = "not:"
	classOfA = "part:"
)

// cutBy cuts the family by some of its measures, under a whole that holds others too.
// Every one of them, what it leaves of the whole, and the classes that they make of the
// atoms have a code, the same in every cut.
func (f family) cutBy(needed, others []compute.Measure) cut {
	c := cut{family: f, of: map[string]uint64{}, named: map[string]bool{}}
	needed = slices.Compact(slices.Sorted(slices.Values(needed)))
	var union uint64
	for _, m := range slices.Concat(needed, others) {
		union |= f.sets[m]
	}
	for _, m := range slices.Sorted(mapsKeys(f.sets)) { // the least whole that holds them all
		if f.sets[m]&union == union && (c.whole == "" || popcount(f.sets[m]) < popcount(f.sets[c.whole])) {
			c.whole = m
		}
	}
	c.add(total, f.sets[c.whole], true)
	c.classes = classesOf(f.sets[c.whole], needed, f.sets)
	for _, m := range needed {
		if f.sets[m] != f.sets[c.whole] {
			c.add(string(m), f.sets[m], true)
		}
	}
	for _, class := range c.classes {
		if c.code(class) == "" {
			c.add(classOfA+strconv.FormatUint(class, 16), class, false)
		}
	}
	for _, m := range needed {
		if f.sets[m] != f.sets[c.whole] {
			c.fold(m)
		}
	}
	return c
}

func (c *cut) add(code string, atoms uint64, named bool) {
	c.codes, c.of[code], c.named[code] = append(c.codes, code), atoms, named
}

func (c *cut) code(atoms uint64) string {
	for _, code := range c.codes {
		if c.of[code] == atoms {
			return code
		}
	}
	return ""
}

// fold is one way of grouping the classes: those of the set, and those that are not.
func (c *cut) fold(m compute.Measure) {
	rest := c.of[total] &^ c.sets[m]
	if c.code(rest) == "" {
		c.add(restOf+string(m), rest, false)
	}
	parents := map[string]string{}
	for _, class := range c.classes {
		for _, head := range []string{string(m), c.code(rest)} {
			if code := c.code(class); class&^c.of[head] == 0 && code != head {
				parents[code] = head
			}
		}
	}
	c.folds = append(c.folds, parents)
}

// classesOf are the atoms of a whole, told apart only where a set does.
func classesOf(whole uint64, needed []compute.Measure, sets map[compute.Measure]uint64) []uint64 {
	classes := []uint64{whole}
	for _, m := range needed {
		var next []uint64
		for _, c := range classes {
			for _, part := range []uint64{c & sets[m], c &^ sets[m]} {
				if part != 0 {
					next = append(next, part)
				}
			}
		}
		classes = next
	}
	return classes
}

// quantity is what a code counts: its own measure where it has one, else its atoms.
func (c *cut) quantity(code string) quantity {
	if c.named[code] {
		m := compute.Measure(code)
		if code == total {
			m = c.whole
		}
		if parts := c.sums[m]; parts != nil {
			return quantity{plus: parts}
		}
		return quantity{plus: []compute.Measure{m}}
	}
	var q quantity
	for i, a := range c.atoms {
		if c.of[code]>>i&1 == 1 {
			q.plus, q.minus = append(q.plus, a.plus...), append(q.minus, a.minus...)
		}
	}
	return q
}
