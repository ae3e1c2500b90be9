package fairness

import (
	"cmp"
	"slices"
)

// K is the size under which a group is not shown.
const K = 10

// narrow is how many values at least must remain possible for the size of a
// hidden group.
const narrow = K / 2

// Protect says which groups may be shown by themselves, given their sizes.
// Groups under K are not, then the smallest others until what can be had by
// subtracting from the total, which is known, is of K people at least and leaves
// no hidden size known to fewer than five values, even to who knows this very
// rule. The others are told together, as one group: it is all that subtraction
// would find.
func Protect(sizes []int) []bool {
	shown, order := make([]bool, len(sizes)), []int{}
	for i, n := range sizes {
		shown[i] = n >= K
		if n > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	for _, next := range order {
		if safe(sizes, shown) {
			break
		}
		shown[next] = false
	}
	return shown
}

// safe tells whether subtraction leaves the hidden groups hidden.
func safe(sizes []int, shown []bool) bool {
	sum, count, least := 0, 0, -1
	for i, n := range sizes {
		switch {
		case n == 0:
		case shown[i]:
			if least < 0 || n < least {
				least = n
			}
		default:
			sum, count = sum+n, count+1
		}
	}
	if count == 0 {
		return true
	}
	return sum >= K && wide(sum, count, least)
}

// wide tells whether each hidden size may be at least narrow values, for who
// knows their sum, their number and that none exceeds the least shown. The
// smallest is in 1..K-1; where another was hidden for it, that one is at most
// the least shown.
func wide(sum, count, least int) bool {
	if least < 0 {
		return true
	}
	low := max(1, sum-(count-1)*least)
	high := min(K-1, sum-(count-1))
	return high-low+1 >= narrow
}
