package assignment

// flow is an optimal plan of the people entered so far, with its prices.
//
// Always true, for a person i that has entered and an edge e from i to j:
// worth[i] + price[j] ≥ value[e] if e is not proposed, ≤ if it is; a position
// with a place left costs no more than minus the next place's bonus, one that
// holds somebody no less than minus the last's; worth[i] is at least minus
// the rank lost by staying out, as long as i can stay out once more.
type flow struct {
	*draft
	weights
	value []int64 // of an edge: its fit, weighed
	price []int64 // of a position
	worth []int64 // of a person
	out   []int32 // of a person: proposals not made, of those tried
	budget,
	steps int64 // edges that may be read (0: no limit), and that were
	search
}

func newFlow(g *graph, w weights, budget int64) *flow {
	f := &flow{draft: newDraft(g), weights: w, budget: budget,
		value: make([]int64, len(g.to)), price: make([]int64, len(g.positions)),
		worth: make([]int64, len(g.people)), out: make([]int32, len(g.people)),
		search: newSearch(len(g.positions) + len(g.people))}
	for e, fit := range g.fit {
		f.value[e] = int64(fit) * w.fit
	}
	for j := range f.price {
		f.price[j] = -f.bonus(int32(j))
	}
	return f
}

// run enters everyone, the longest waiting first; false when the budget ran out.
func (f *flow) run() bool {
	for i := range int32(len(f.people)) {
		if f.room[i] > 0 {
			f.enter(i)
		}
		for range f.room[i] {
			if !f.cheapest(i) {
				return false
			}
			f.reprice()
			f.augment(i)
		}
	}
	return true
}

// bonus is the weight of the next card of a position.
func (f *flow) bonus(j int32) int64 {
	if f.wanting(j) {
		return f.minimum
	}
	return 0
}

// lost is the weight of the rank that a person loses by staying out once more:
// the last proposals are given up first.
func (f *flow) lost(i int32) int64 {
	ranks := f.ranks(i)
	return ranks[len(ranks)-1-int(f.out[i])] * f.rank
}

// enter gives a person the least worth that their edges allow.
func (f *flow) enter(i int32) {
	f.worth[i] = -f.lost(i)
	from, to := f.edges(i)
	for e := from; e < to; e++ {
		f.worth[i] = max(f.worth[i], f.value[e]-f.price[f.to[e]])
	}
}

// reprice raises the prices inside the ball that the search has read.
func (f *flow) reprice() {
	for _, node := range f.touched {
		less := f.best - f.distance[node]
		switch at := int(node) - len(f.positions); {
		case less <= 0:
		case at >= 0:
			f.worth[at] -= less
		default:
			f.price[node] += less
		}
	}
}

// augment moves people along the path found, from its end to the one who entered.
func (f *flow) augment(source int32) {
	i := int32(int(f.end) - len(f.positions))
	if i < 0 {
		i = f.give(f.end)
	} else {
		f.out[i]++
	}
	for i != source {
		left := f.via[int(i)+len(f.positions)]
		f.drop(left)
		i = f.give(f.to[left])
	}
}

// give proposes a position to the person from whom the search reached it.
func (f *flow) give(j int32) int32 {
	e := f.via[j]
	f.add(e)
	return f.owner[e]
}
