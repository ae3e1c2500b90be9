package tenders

import (
	"cmp"
	"slices"
)

// wave is the contracts of a series that end together: lots of one call, most
// often.
type wave struct {
	contracts []Running // in the order of notification
	begins    string    // the middle notification
	ends      string    // the first end
	months    int       // from the one to the other, as the awards say
}

// waves gathers the contracts of a series by their ends, in the order of their
// beginnings.
func waves(list []Running) []wave {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Running) int {
		return cmp.Or(cmp.Compare(a.ends(), b.ends()), cmp.Compare(a.Notified, b.Notified), cmp.Compare(a.Key, b.Key))
	})
	var out []wave
	for _, r := range list {
		if n := len(out); n > 0 && daysFrom(out[n-1].ends, r.ends()) <= together {
			out[n-1].contracts = append(out[n-1].contracts, r)
			continue
		}
		out = append(out, wave{contracts: []Running{r}, ends: r.ends()})
	}
	for i := range out {
		out[i].settle()
	}
	slices.SortFunc(out, func(a, b wave) int {
		return cmp.Or(cmp.Compare(a.begins, b.begins), cmp.Compare(a.ends, b.ends), cmp.Compare(a.contracts[0].Key, b.contracts[0].Key))
	})
	return out
}

func (w *wave) settle() {
	slices.SortFunc(w.contracts, func(a, b Running) int {
		return cmp.Or(cmp.Compare(a.Notified, b.Notified), cmp.Compare(a.Key, b.Key))
	})
	middle := w.contracts[(len(w.contracts)-1)/2]
	w.begins, w.months = middle.Notified, middle.Months
}

// possibleEnds are when a wave may end: as the award says and, for a year or
// two, at each renewal of the same length within four years.
func (w *wave) possibleEnds() []string {
	ends := []string{w.ends}
	if w.months != 12 && w.months != 24 {
		return ends
	}
	for extra := w.months; w.months+extra <= longestRenewed; extra += w.months {
		ends = append(ends, addMonths(w.ends, extra))
	}
	return ends
}

// chained ties each wave to the one that it follows: that whose end, or
// renewal, is nearest to its beginning, within soonestNext and latestNext.
func chained(all []wave) [][]wave {
	var chains [][]wave
	for _, w := range all {
		best, distance := -1, 0
		for i, chain := range chains {
			d, fits := follows(&chain[len(chain)-1], &w)
			if fits && (best < 0 || d < distance) {
				best, distance = i, d
			}
		}
		if best < 0 {
			chains = append(chains, []wave{w})
			continue
		}
		chains[best] = append(chains[best], w)
	}
	return chains
}

// follows tells how far the beginning of a wave is from an end of another.
func follows(before, w *wave) (distance int, fits bool) {
	if w.begins <= before.begins || w.ends <= before.ends {
		return 0, false
	}
	for _, end := range before.possibleEnds() {
		late := daysFrom(end, w.begins)
		if late < -soonestNext || late > latestNext {
			continue
		}
		if d := max(late, -late); !fits || d < distance {
			distance, fits = d, true
		}
	}
	return distance, fits
}

// period is the number of days from one beginning of a chain to the next: the
// middle one. It is steady where two gaps at least are within a fifth of it.
func period(chain []wave) (days int, steady bool) {
	var gaps []int
	for i := range len(chain) - 1 {
		gaps = append(gaps, daysFrom(chain[i].begins, chain[i+1].begins))
	}
	if len(gaps) == 0 {
		return 0, false
	}
	slices.Sort(gaps)
	days = gaps[(len(gaps)-1)/2]
	return days, len(gaps) > 1 && gaps[0]*5 >= days*4 && gaps[len(gaps)-1]*5 <= days*6
}
