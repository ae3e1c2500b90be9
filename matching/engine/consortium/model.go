package consortium

import (
	"cmp"
	"math"
	"slices"
)

// finest is the least weight of the whole of a lot: fine enough that a capacity
// told as a share is kept to a millionth.
const finest = 1_000_000

// requirementPart is what one requirement weighs against all the work: a tenth.
const requirementPart = 10

// unbounded is a capacity that nothing bounds.
const unbounded = math.MaxInt64 / 4

// model is the question in whole numbers. A cell is a set of (trade, commune)
// that the same acts cover: they are won or lost together.
type model struct {
	needs      Needs
	candidates []Candidate // by identifier
	full       int64       // weight of all the work
	goal       int64       // the work, and the requirements
	scale      int64       // weight of one person for one part of a trade's weight
	cells      []cell
	lost       []spot // what no candidate covers
	weights    scales
	words      int
	offers     []offer
	factors    []int64 // weight of one part of each requirement
}

// spot is a trade in a commune, by their places in the needs.
type spot struct{ trade, place int }

type cell struct {
	weight int64
	spots  []spot
}

// offer is a candidate in the model.
type offer struct {
	acts  []job
	cells bitset // of all its acts
	limit int64
	free  bool // nothing bounds it: it serves all its cells whole
	shows []int64
	merit merit
	must  bool
}

type job struct {
	cells bitset
	limit int64
}

// merit orders groups of the same size and coverage. Merits add up, and the
// order of sums is that of the parts: the best group of n is the n best.
type merit struct{ fit, dist, draw int64 }

func (m merit) plus(o merit) merit {
	return merit{m.fit + o.fit, m.dist + o.dist, m.draw + o.draw}
}

// against compares two merits: more fit, then less distance, then the draw.
func (m merit) against(o merit) int {
	return cmp.Or(cmp.Compare(m.fit, o.fit), cmp.Compare(m.dist, o.dist), cmp.Compare(m.draw, o.draw))
}

// strangerKm is how far a candidate counts whose site is not known.
const strangerKm = 100

func newModel(needs Needs, candidates []Candidate, o Options) *model {
	m := &model{needs: needs, candidates: slices.Clone(candidates)}
	slices.SortFunc(m.candidates, func(a, b Candidate) int { return cmp.Compare(a.ID, b.ID) })
	m.candidates = slices.CompactFunc(m.candidates, func(a, b Candidate) bool { return a.ID == b.ID })
	m.candidates = slices.DeleteFunc(m.candidates, func(c Candidate) bool { return slices.Contains(o.Exclude, c.ID) })
	if len(m.needs.Places) == 0 {
		m.needs.Places = []Place{{Ord: anywhere, People: 1}}
	}
	m.weigh()
	m.divide()
	for i := range m.candidates {
		m.offers = append(m.offers, m.offer(i, o))
	}
	return m
}

// anywhere is the only place of a lot whose place is not known.
const anywhere = math.MaxUint32

// weigh sets the weight of everything.
func (m *model) weigh() {
	raw := int64(0)
	for _, t := range m.needs.Trades {
		for _, p := range m.needs.Places {
			raw += int64(t.Weight) * max(1, p.People)
		}
	}
	if raw == 0 {
		m.scale = 1
	} else {
		m.scale = (finest + raw - 1) / raw
	}
	m.full = raw * m.scale
	m.goal = m.full
	for _, r := range m.needs.Requires {
		f := max(1, m.full/(requirementPart*r.Need))
		m.factors = append(m.factors, f)
		m.goal += f * r.Need
	}
}

func (m *model) weightOf(s spot) int64 {
	return m.scale * int64(m.needs.Trades[s.trade].Weight) * max(1, m.needs.Places[s.place].People)
}

// divide makes the cells: the spots by the acts that cover them. Each act parts
// the cells that it covers in part, so that their number is what is kept, not that
// of the candidates.
func (m *model) divide() {
	at := map[uint32]int{}
	for i, p := range m.needs.Places {
		at[p.Ord] = i
	}
	trades := len(m.needs.Trades)
	class := make([]int, len(m.needs.Places)*trades) // of each spot; 0: no act covers it
	last := 0
	for _, c := range m.candidates {
		for _, act := range c.Acts {
			parted := map[int]int{}
			m.eachPlace(act, at, func(p int) {
				for t := range act.Trades {
					if act.Trades[t] <= 0 {
						continue
					}
					of := &class[p*trades+t]
					if parted[*of] == 0 {
						last++
						parted[*of] = last
					}
					*of = parted[*of]
				}
			})
		}
	}
	index := map[int]int{}
	for k, of := range class {
		if s := (spot{k % trades, k / trades}); m.needs.Trades[s.trade].Weight > 0 {
			m.put(index, of, s)
		}
	}
	m.words = (len(m.cells) + 63) / 64
	weights := make([]int64, len(m.cells))
	for i, c := range m.cells {
		weights[i] = c.weight
	}
	m.weights = newScales(weights)
}

func (m *model) put(index map[int]int, class int, s spot) {
	if class == 0 {
		m.lost = append(m.lost, s)
		return
	}
	i, known := index[class]
	if !known {
		i = len(m.cells)
		index[class] = i
		m.cells = append(m.cells, cell{})
	}
	m.cells[i].weight += m.weightOf(s)
	m.cells[i].spots = append(m.cells[i].spots, s)
}

// eachPlace calls f with the places that an act covers.
func (m *model) eachPlace(a Act, at map[uint32]int, f func(p int)) {
	if m.needs.Places[0].Ord == anywhere {
		f(0)
		return
	}
	if a.Zone == nil {
		return
	}
	if a.Zone.Len() < len(m.needs.Places) {
		a.Zone.Each(func(ord int) bool {
			if p, ok := at[uint32(ord)]; ok { //nolint:gosec // an ordinal
				f(p)
			}
			return true
		})
		return
	}
	for p, place := range m.needs.Places {
		if a.Zone.Contains(int(place.Ord)) {
			f(p)
		}
	}
}

// covers says whether an act covers a spot.
func (m *model) covers(a Act, s spot) bool {
	p := m.needs.Places[s.place].Ord
	return a.Trades[s.trade] > 0 && (p == anywhere || a.Zone != nil && a.Zone.Contains(int(p)))
}

func (m *model) offer(i int, o Options) offer {
	c := m.candidates[i]
	out := offer{cells: make(bitset, m.words), limit: m.limit(c.Whole), free: true, must: slices.Contains(o.Include, c.ID), shows: make([]int64, len(m.needs.Requires))}
	for _, a := range c.Acts {
		j := job{cells: make(bitset, m.words), limit: m.limit(a.Share)}
		for k := range m.cells {
			if m.covers(a, m.cells[k].spots[0]) {
				j.cells.set(k)
			}
		}
		out.cells.or(j.cells)
		out.free = out.free && j.limit >= m.weights.less(j.cells, nil)
		out.acts = append(out.acts, j)
	}
	out.free = out.free && out.limit >= m.weights.less(out.cells, nil)
	for r := range out.shows {
		need := m.needs.Requires[r].Need
		if out.shows[r] = need; r < len(c.Shows) && c.Shows[r] != Unknown {
			out.shows[r] = min(need, c.Shows[r])
		}
	}
	out.merit = merit{fit: int64(c.Fit), dist: -int64(math.Round(1000 * distance(c))), draw: int64(draw(o.Seed, m.needs.Lot, c.ID) >> 24)} //nolint:gosec // 40 bits
	return out
}

func distance(c Candidate) float64 {
	if !c.HasKm {
		return strangerKm
	}
	return c.Km
}

// limit is a share of the whole in weight, rounded up: two halves make a whole.
func (m *model) limit(share float64) int64 {
	if share <= 0 || share >= 1 {
		return unbounded
	}
	return int64(math.Ceil(share * float64(m.full)))
}

// draw settles what nothing else tells apart.
func draw[L, E ~int64](seed uint64, lot L, id E) uint64 {
	h := seed ^ 0x9e3779b97f4a7c15
	for _, v := range [2]uint64{uint64(lot), uint64(id)} { //nolint:gosec // bits, not a number
		h ^= v
		h ^= h >> 30
		h *= 0xbf58476d1ce4e5b9
		h ^= h >> 27
		h *= 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}
