package consortium

import (
	"cmp"
	"slices"

	"maillage/matching/engine"
)

// Proposal is a group and who does what in it.
type Proposal struct {
	Members  []Part  // who carries the most first
	Coverage float64 // of the work and of what is to be shown, 0 to 1
	Work     float64 // of the work alone
	Km       float64 // sum of the distances to the centre of the place
	Fit      int     // sum over the members
	Holes    []Hole  // what nobody in it does, by trade
	Shown    []Shown // what the group shows, in the order of the requirements
}

// Part is what a member does.
type Part struct {
	ID     engine.EnterpriseID
	Share  float64 // of the work of the lot, 0 to 1
	Trades []Task  // by trade
	Shows  []int   // the requirements that it is known to meet alone or in part
	Km     float64
	HasKm  bool
	// Unsized: nobody said how much it can carry. Assumed: its trade or its zone
	// was deduced. To be checked with it.
	Unsized, Assumed bool
	Reserved         engine.Finding
	Groups           []int64
	SIREN            string
}

// Task is a trade that a member does, somewhere.
type Task struct {
	Trade  int     // in the needs
	Share  float64 // of the trade, 0 to 1
	Places []uint32
	People int64 // who live there
}

// Hole is what is not covered of a trade.
type Hole struct {
	Trade  int
	Share  float64  // of the trade
	Places []uint32 // where nobody does it
	People int64    // who live there
	// Short is the share of the trade that is lacking where somebody does it, for
	// want of capacity.
	Short float64
}

// Shown is how far the group meets a requirement.
type Shown struct {
	Requirement int
	Have, Need  int64
	By          []engine.EnterpriseID // who is known to bring something
	Check       []engine.EnterpriseID // who may, and hasn't said
}

// most spots for which each commune goes to the nearest; beyond, they are dealt
// by sets.
const mostSpots = 20_000

// item is a piece of work to deal: spots that stand or fall together.
type item struct {
	weight int64
	spots  []spot
}

// dealt is who does how much of an item.
type dealt struct {
	member, act, item int
	amount            int64
}

// proposal writes a group out.
func (m *model) proposal(g group, o Options) Proposal {
	p := Proposal{Coverage: m.share(g.value)}
	items := m.items()
	deals, unmet := m.deal(g.members, items, o)
	served := int64(0)
	for _, i := range g.members {
		part := m.part(i)
		total := int64(0)
		for t := range m.needs.Trades {
			if task, amount := m.task(i, t, items, deals); amount > 0 {
				part.Trades = append(part.Trades, task)
				total += amount
			}
		}
		part.Share = ratio(total, m.full)
		served += total
		p.Members = append(p.Members, part)
		p.Km += part.Km
		p.Fit += m.candidates[i].Fit
	}
	p.Work = ratio(served, m.full)
	slices.SortStableFunc(p.Members, func(a, b Part) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.ID, b.ID)) })
	p.Holes = m.left(g.members, items, unmet)
	p.Shown = m.shown(g.members)
	return p
}

func ratio(a, b int64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (m *model) part(i int) Part {
	c := m.candidates[i]
	p := Part{ID: c.ID, Km: c.Km, HasKm: c.HasKm, Reserved: c.Reserved, Groups: c.Groups, SIREN: c.SIREN}
	if !c.HasKm {
		p.Km = 0
	}
	for _, a := range c.Acts {
		p.Unsized = p.Unsized || a.Share == 0 && c.Whole == 0
		p.Assumed = p.Assumed || a.Assumed
	}
	for r, n := range c.Shows {
		if n > 0 {
			p.Shows = append(p.Shows, r)
		}
	}
	return p
}

// items are the spots one by one while they are few, else the cells.
func (m *model) items() []item {
	var out []item
	n := 0
	for _, c := range m.cells {
		n += len(c.spots)
	}
	for _, c := range m.cells {
		if n > mostSpots {
			out = append(out, item(c))
			continue
		}
		for _, s := range c.spots {
			out = append(out, item{weight: m.weightOf(s), spots: []spot{s}})
		}
	}
	return out
}

// claim is an act that could do an item.
type claim struct {
	member, act int
	near, km    float64
	arc         int
}

// deal gives each item to the member whose trade is the closest, then who is the
// nearest, within what each can carry; then moves what must be for the whole to
// be as much as the search counted.
func (m *model) deal(members []int, items []item, o Options) (deals []dealt, unmet []int64) {
	n, firstAct, firstItem := m.stage(members, len(items))
	sink := firstItem + len(items)
	arcs := map[[2]int][2]int{} // of a member's act: from its member, from the source
	at := firstAct
	for k, i := range members {
		source := n.arc(0, 1+k, m.offers[i].limit)
		for a, j := range m.offers[i].acts {
			arcs[[2]int{i, a}] = [2]int{n.arc(1+k, at, j.limit), source}
			at++
		}
	}
	claims := make([][]claim, len(items))
	outs := make([]int, len(items))
	for x, it := range items {
		claims[x] = m.claims(members, it, o)
		for c := range claims[x] {
			claims[x][c].arc = n.arc(firstAct+m.actNumber(members, claims[x][c]), firstItem+x, unbounded)
		}
		outs[x] = n.arc(firstItem+x, sink, it.weight)
	}
	for x := range items {
		for _, c := range claims[x] {
			path := arcs[[2]int{c.member, c.act}]
			n.send(path[1], path[0], c.arc, outs[x])
		}
	}
	n.run(0, sink)
	for x := range items {
		for _, c := range claims[x] {
			if f := n.carried(c.arc); f > 0 {
				deals = append(deals, dealt{c.member, c.act, x, f})
			}
		}
		unmet = append(unmet, n.left[outs[x]])
	}
	return deals, unmet
}

func (m *model) stage(members []int, items int) (n *network, firstAct, firstItem int) {
	acts := 0
	for _, i := range members {
		acts += len(m.offers[i].acts)
	}
	firstAct = 1 + len(members)
	firstItem = firstAct + acts
	return newNetwork(firstItem + items + 1), firstAct, firstItem
}

// send fills a path with all that it can carry.
func (n *network) send(path ...int) {
	most := int64(unbounded)
	for _, a := range path {
		most = min(most, n.left[a])
	}
	for _, a := range path {
		n.left[a] -= most
		n.left[a^1] += most
	}
}

func (m *model) actNumber(members []int, c claim) int {
	at := 0
	for _, i := range members {
		if i == c.member {
			return at + c.act
		}
		at += len(m.offers[i].acts)
	}
	return at
}

func (m *model) claims(members []int, it item, o Options) []claim {
	var out []claim
	s := it.spots[0]
	for _, i := range members {
		c := &m.candidates[i]
		km := distance(*c)
		if o.Km != nil && len(it.spots) == 1 {
			km = strangerKm
			if n, ok := o.Km(c.ID, m.needs.Places[s.place].Ord); ok {
				km = n
			}
		}
		for a, act := range c.Acts {
			if m.covers(act, s) {
				out = append(out, claim{member: i, act: a, near: act.Trades[s.trade], km: km})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b claim) int { return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.km, b.km)) })
	return out
}

// task sums what a member does of a trade.
func (m *model) task(member, trade int, items []item, deals []dealt) (t Task, amount int64) {
	t.Trade = trade
	seen := map[int]bool{}
	for _, d := range deals {
		if d.member != member || items[d.item].spots[0].trade != trade {
			continue
		}
		amount += d.amount
		for _, s := range items[d.item].spots {
			if !seen[s.place] {
				seen[s.place] = true
				t.Places = append(t.Places, m.needs.Places[s.place].Ord)
				t.People += m.needs.Places[s.place].People
			}
		}
	}
	slices.Sort(t.Places)
	t.Share = ratio(amount, m.ofTrade(trade))
	return t, amount
}

// ofTrade is the weight of a trade in the whole place.
func (m *model) ofTrade(trade int) (sum int64) {
	for p := range m.needs.Places {
		sum += m.weightOf(spot{trade, p})
	}
	return sum
}

// left tells what a group doesn't do.
func (m *model) left(members []int, items []item, unmet []int64) []Hole {
	lost := slices.Clone(m.lost)
	short := make([]int64, len(m.needs.Trades))
	for x, it := range items {
		if unmet[x] == 0 {
			continue
		}
		if len(m.claims(members, it, Options{})) == 0 {
			lost = append(lost, it.spots...)
			continue
		}
		short[it.spots[0].trade] += unmet[x]
	}
	holes := m.holes(lost)
	for t, w := range short {
		if w == 0 {
			continue
		}
		i := slices.IndexFunc(holes, func(h Hole) bool { return h.Trade == t })
		if i < 0 {
			i = len(holes)
			holes = append(holes, Hole{Trade: t})
		}
		holes[i].Short = ratio(w, m.ofTrade(t))
		holes[i].Share += holes[i].Short
	}
	slices.SortFunc(holes, func(a, b Hole) int { return cmp.Compare(a.Trade, b.Trade) })
	return holes
}

// holes gathers spots by trade.
func (m *model) holes(spots []spot) []Hole {
	var out []Hole
	for t := range m.needs.Trades {
		h, weight := Hole{Trade: t}, int64(0)
		for _, s := range spots {
			if s.trade == t {
				weight += m.weightOf(s)
				h.Places = append(h.Places, m.needs.Places[s.place].Ord)
				h.People += m.needs.Places[s.place].People
			}
		}
		if weight > 0 {
			slices.Sort(h.Places)
			h.Share = ratio(weight, m.ofTrade(t))
			out = append(out, h)
		}
	}
	return out
}

func (m *model) shown(members []int) []Shown {
	var out []Shown
	for r, req := range m.needs.Requires {
		s := Shown{Requirement: r, Need: req.Need}
		for _, i := range members {
			c := &m.candidates[i]
			switch {
			case r >= len(c.Shows) || c.Shows[r] == Unknown:
				s.Check = append(s.Check, c.ID)
			case c.Shows[r] > 0:
				s.By = append(s.By, c.ID)
				s.Have += c.Shows[r]
			}
		}
		s.Have = min(s.Have, s.Need)
		out = append(out, s)
	}
	return out
}
