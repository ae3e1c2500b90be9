package compute

import "math/big"

// Pair is the persons and the FTE of the same people.
type Pair struct{ Persons, FTE Measure }

// Pairs lists them.
func Pairs() []Pair {
	out := make([]Pair, len(pairs))
	for i, p := range pairs {
		out[i] = Pair{p[0], p[1]}
	}
	return out
}

// Change is an amount of one year and of the year before, in its unit.
type Change struct{ Before, Now *big.Rat }

// Move is the change as a fraction of the year before; nil where there was nothing.
func (c Change) Move() *big.Rat {
	if c.Before == nil || c.Now == nil {
		return nil
	}
	return move(Number{Known: true, Exact: c.Before}, Number{Known: true, Exact: c.Now})
}

// PartWays tells persons and FTE that do not move together, by the rule of
// Alerts, for one enterprise: it asks for ten persons the year before.
func PartWays(persons, fte Change) bool {
	return persons.Before != nil && persons.Before.Cmp(leastCompared) >= 0 && apart(persons.Move(), fte.Move())
}
