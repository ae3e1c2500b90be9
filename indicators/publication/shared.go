package publication

import "maillage/indicators/compute"

// A mean is of persons who each have some of what is shared out, or none of it: quarters
// of pension, four at most. Such a sum is judged by the persons and the groups that it is
// of, those with none included; and where everybody has none, or everybody has the most,
// it tells what each of them has.

// mostEach is how much of a measure one person may have; 1 of persons themselves.
func mostEach(m compute.Measure) int64 {
	switch m {
	case compute.Quarters:
		return compute.MostQuarters
	case compute.ContractMonths, compute.FullerMonths:
		return 12
	}
	return 1
}

// shared tells a measure that persons have some or none of.
func shared(m compute.Measure) bool { return m == compute.Quarters }

// groupsPresent is how many groups have a person whom it is of.
func (n *tally) groupsPresent() (groups int) {
	for _, persons := range n.present {
		if persons > 0 {
			groups++
		}
	}
	return groups
}

// alike tells a sum that says what each of its persons has.
func (n *tally) alike(m compute.Measure, amount int64) bool {
	return shared(m) && n.persons > 0 && (amount == 0 || amount == mostEach(m)*n.persons)
}
