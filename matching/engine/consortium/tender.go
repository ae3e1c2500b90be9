package consortium

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"

	"maillage/matching/engine"
)

// LotQuestion is one lot of a tender with who could be in a group for it.
type LotQuestion struct {
	Needs      Needs
	Candidates []Candidate
}

// TenderResult answers for every lot of a tender, in the order asked.
type TenderResult struct {
	Lots []Result
	// Gap is how many members fewer, and Coverage how much more over all the lots,
	// a better set of groups may have; nought of both is proof for the numbers of
	// members and the coverage, as far as each lot's own answer is proven.
	Gap    Gap
	Looked int // sets of groups looked at
}

// ComposeTender composes each lot of a tender so that no enterprise is in the
// groups of more lots than the buyer lets one bidder have (Code de la commande
// publique, L2113-10 and R2113-1: the number of lots for which one may bid, or
// which one may win); 0 is no limit. Where the best groups of the lots go beyond
// it for an enterprise, it must leave one of those lots: each is tried, the most
// promising set first, so that the first set within the limit is the best one.
func ComposeTender(lots []LotQuestion, perBidder int, sets int, o Options) TenderResult {
	t := &tender{lots: lots, limit: perBidder, o: o.bounded(), known: map[string]Result{}, planned: map[string]bool{}}
	t.o.Alternatives = -1
	queue := &plans{t.plan(make([][]engine.EnterpriseID, len(lots)))}
	first := (*queue)[0]
	for looked := 1; ; looked++ {
		p := heap.Pop(queue).(plan)
		who, in := t.excess(p)
		if who == 0 {
			return TenderResult{Lots: p.results, Looked: looked, Gap: gapOfLots(p.results)}
		}
		if looked > sets {
			return t.giveUp(p, first, looked)
		}
		for _, lot := range in {
			if out := without(p.out, lot, who); !t.planned[fmt.Sprint(out)] {
				heap.Push(queue, t.plan(out))
			}
		}
	}
}

// without leaves one more enterprise out of a lot. Those of a lot are in order: the
// same ones left out one after the other in another way are the same plan.
func without(out [][]engine.EnterpriseID, lot int, who engine.EnterpriseID) [][]engine.EnterpriseID {
	out = slices.Clone(out)
	out[lot] = append(slices.Clip(out[lot]), who)
	slices.Sort(out[lot])
	return out
}

// tender remembers the answers to the same lot without the same enterprises, and
// the plans that are made.
type tender struct {
	lots    []LotQuestion
	limit   int
	o       Options
	known   map[string]Result
	planned map[string]bool // by plan.order
}

// plan is a set of groups, one a lot, with who was left out of each.
type plan struct {
	out     [][]engine.EnterpriseID
	results []Result
	lacking float64 // coverage that is missing, over the lots
	members int
	order   string // settles what nothing else tells apart
}

func (t *tender) plan(out [][]engine.EnterpriseID) plan {
	p := plan{out: out, order: fmt.Sprint(out)}
	t.planned[p.order] = true
	for i := range t.lots {
		r := t.lot(i, out[i])
		p.results = append(p.results, r)
		p.lacking += 1 - r.Best.Coverage
		p.members += len(r.Best.Members)
	}
	return p
}

func (t *tender) lot(i int, out []engine.EnterpriseID) Result {
	key := fmt.Sprint(i, out)
	r, known := t.known[key]
	if !known {
		o := t.o
		o.Exclude = append(slices.Clip(o.Exclude), out...)
		r = Compose(t.lots[i].Needs, t.lots[i].Candidates, o)
		t.known[key] = r
	}
	return r
}

// excess names the first enterprise that is in too many lots, and those lots.
func (t *tender) excess(p plan) (who engine.EnterpriseID, in []int) {
	if t.limit <= 0 {
		return 0, nil
	}
	lots := map[engine.EnterpriseID][]int{}
	for i, r := range p.results {
		for _, m := range r.Best.Members {
			lots[m.ID] = append(lots[m.ID], i)
		}
	}
	for id, of := range lots {
		if len(of) > t.limit && (who == 0 || id < who) {
			who, in = id, of
		}
	}
	return who, in
}

// giveUp keeps to the limit without looking further: who is in too many lots
// leaves the last ones. The gap is measured from the set that knows no limit.
func (t *tender) giveUp(p, first plan, looked int) TenderResult {
	for who, in := t.excess(p); who != 0; who, in = t.excess(p) {
		p = t.plan(without(p.out, in[len(in)-1], who))
	}
	g := gapOfLots(p.results)
	g.Coverage += max(0, p.lacking-first.lacking)
	g.Members += max(0, p.members-first.members)
	g.Ties = true
	return TenderResult{Lots: p.results, Looked: looked, Gap: g}
}

func gapOfLots(results []Result) (g Gap) {
	for _, r := range results {
		g.Members += r.Gap.Members
		g.Coverage += r.Gap.Coverage
		g.Ties = g.Ties || r.Gap.Ties
		g.Steps += r.Gap.Steps
	}
	return g
}

// plans are a heap: the least that lacks, then the fewest members.
type plans []plan

func (p plans) Len() int      { return len(p) }
func (p plans) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p plans) Less(i, j int) bool {
	const crumb = 1e-12
	if d := p[i].lacking - p[j].lacking; d > crumb || d < -crumb {
		return d < 0
	}
	return cmp.Or(cmp.Compare(p[i].members, p[j].members), cmp.Compare(p[i].order, p[j].order)) < 0
}

// Push and Pop are of container/heap.
func (p *plans) Push(x any) { *p = append(*p, x.(plan)) }

// Pop takes the last one away.
func (p *plans) Pop() any {
	old := *p
	last := old[len(old)-1]
	*p = old[:len(old)-1]
	return last
}
