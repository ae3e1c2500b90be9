package assignment

// Greedy is what a careful hand would do: minimums first, then pair by pair in
// the order of the objective, never going back. It is fast, usually close, and
// proves nothing: its gap is not computed. [Solve] is never worse.
func Greedy(p Problem, c Config) (*Plan, error) {
	b, err := newBatch(p, c)
	if err != nil {
		return nil, err
	}
	d := newDraft(b.graph)
	d.fill(c.Objective)
	return b.plan(d, Gap{Part: Unknown}, 0), nil
}

// fill proposes what can still be, minimums first, without going back.
func (d *draft) fill(o Objective) {
	if wished(d.positions) {
		d.pass(o, d.wanting)
	}
	d.pass(o, d.free)
}

func (d *draft) pass(o Objective, open func(int32) bool) {
	if o == WaitingFirst {
		d.passByWaiting(open)
		return
	}
	for _, e := range d.byFit() {
		if i := d.owner[e]; d.slot[e] < 0 && d.served[i] < d.room[i] && open(d.to[e]) {
			d.add(e)
		}
	}
}

func (d *draft) passByWaiting(open func(int32) bool) {
	turn := make([]int32, len(d.people))
	for _, i := range d.units {
		if turn[i]++; turn[i] <= d.served[i] {
			continue // served already at this turn
		}
		from, to := d.edges(i)
		for e := from; e < to; e++ {
			if d.slot[e] < 0 && open(d.to[e]) {
				d.add(e)
				break
			}
		}
	}
}

// byFit lists the edges, best fit first, then by precedence of their people.
func (g *graph) byFit() []int32 {
	var next [MaxFit + 2]int
	for _, f := range g.fit {
		next[MaxFit-int(f)+1]++
	}
	for n := range MaxFit + 1 {
		next[n+1] += next[n]
	}
	all := make([]int32, len(g.fit))
	for e, f := range g.fit {
		all[next[MaxFit-int(f)]] = int32(e)
		next[MaxFit-int(f)]++
	}
	return all
}
