package assignment

import (
	"math/big"
	"slices"
)

// Part of the objective.
type Part int

const (
	Proven   Part = iota // nothing can be gained: the plan is proven best
	Minimums             // cards under a minimum
	Fit                  // points of total fit
	Waiting              // ranks of precedence: their sum has no unit; it is 0 for the best alone
	Unknown              // no bound was computed
)

// String is a stable key for a sentence.
func (p Part) String() string {
	return [...]string{"proven", "minimums", "fit", "waiting", "unknown"}[p]
}

// Gap says what another plan might still gain. Its zero value says: nothing.
type Gap struct {
	Part Part  // the first part of the objective that is not proven; those before it are
	Most int64 // no plan gains more than this there
}

// gap compares a score with what no plan can pass, given the prices of the
// positions. Any prices give a true bound (Lagrangian duality): it holds even if
// the search that left them were wrong.
func (f *flow) gap(s score) Gap {
	left := f.ceiling()
	for _, t := range f.tiers(s) {
		if t.weight == 0 {
			continue
		}
		weight := big.NewInt(t.weight)
		most := new(big.Int).Div(left, weight).Int64()
		if most > t.total {
			return Gap{t.part, most - t.total}
		}
		left.Sub(left, new(big.Int).Mul(weight, big.NewInt(t.total)))
	}
	return Gap{}
}

// ceiling sells every place at its price and lets every person take what is
// best for them: no plan within the capacities is worth more.
func (f *flow) ceiling() *big.Int {
	total := new(big.Int)
	for j, p := range f.positions {
		times(total, p.AtLeast, f.price[j]+f.minimum)
		times(total, p.AtMost-p.AtLeast, f.price[j])
	}
	var values []int64
	for i := range int32(len(f.people)) {
		values = values[:0]
		from, to := f.edges(i)
		for e := from; e < to; e++ {
			values = append(values, f.value[e]-f.price[f.to[e]])
		}
		slices.Sort(values)
		slices.Reverse(values)
		for u, rank := range f.ranks(i) {
			times(total, 1, values[u]+rank*f.rank)
		}
	}
	return total
}

// times adds n times a value, when the value is worth taking.
func times(total *big.Int, n int, value int64) {
	if value > 0 {
		total.Add(total, new(big.Int).Mul(big.NewInt(int64(n)), big.NewInt(value)))
	}
}
