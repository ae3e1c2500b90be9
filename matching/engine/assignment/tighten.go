package assignment

import "slices"

// tightenings is how many times tighten reads the positions. Each reading costs
// at most the sum of the squares of the degrees of the people.
const tightenings = 3

// tighten betters the prices of a search that was stopped: those who had not
// entered have bid for nothing yet. Each position in turn takes the price that
// makes the ceiling lowest, the others fixed, so that the ceiling never rises;
// and any prices bound truly.
func (f *flow) tighten() {
	asking := f.asking()
	var bids, margins []int64
	for range tightenings {
		for j, edges := range asking {
			bids = bids[:0]
			for _, e := range edges {
				if f.room[f.owner[e]] > 0 {
					var bid int64
					bid, margins = f.bid(e, margins[:0])
					bids = append(bids, bid)
				}
			}
			f.price[j] = f.clearing(int32(j), bids)
		}
	}
}

// asking lists the edges of each position.
func (f *flow) asking() [][]int32 {
	all := make([][]int32, len(f.positions))
	for e, j := range f.to {
		all[j] = append(all[j], int32(e))
	}
	return all
}

// bid is the price above which a person does without a position: what their
// best choice with it, if it were free, is worth above their best without.
func (f *flow) bid(edge int32, margins []int64) (int64, []int64) {
	i := f.owner[edge]
	from, to := f.edges(i)
	for e := from; e < to; e++ {
		if e != edge {
			margins = keep(margins, f.value[e]-f.price[f.to[e]], int(f.room[i]))
		}
	}
	ranks := f.ranks(i)
	bid := f.value[edge] + ranks[0]*f.rank
	for u, m := range margins {
		bid -= max(0, m+ranks[u]*f.rank)
		if u+1 < len(ranks) {
			bid += max(0, m+ranks[u+1]*f.rank)
		}
	}
	return bid, margins
}

// keep inserts a value among the greatest n.
func keep(greatest []int64, value int64, n int) []int64 {
	at := len(greatest)
	for at > 0 && greatest[at-1] < value {
		at--
	}
	if at == n {
		return greatest
	}
	if len(greatest) == n {
		greatest = greatest[:n-1]
	}
	return slices.Insert(greatest, at, value)
}

// clearing is the price at which no more people want a position than it takes;
// under zero only to meet its minimum.
func (f *flow) clearing(j int32, bids []int64) int64 {
	slices.Sort(bids)
	slices.Reverse(bids)
	next := func(places int) int64 {
		if places < len(bids) {
			return bids[places]
		}
		return -f.minimum
	}
	at := f.positions[j]
	if price := next(at.AtMost); price >= 0 {
		return price
	}
	return min(0, max(-f.minimum, next(at.AtLeast)))
}
