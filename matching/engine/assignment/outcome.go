package assignment

import (
	"cmp"
	"slices"
)

// Reason says why a person has no new proposal.
type Reason int

const (
	Served  Reason = iota // they have one
	NoEdge                // no position suits
	OverK                 // K proposals are already pending
	AllFull               // every position that suits is full
)

// String is a stable key for a sentence.
func (r Reason) String() string {
	return [...]string{"served", "no-edge", "over-k", "all-full"}[r]
}

func (b *batch) plan(d *draft, gap Gap, steps int64) *Plan {
	p := &Plan{Objective: b.Objective, K: b.K, Seed: b.Seed, Gap: gap, Steps: steps, draft: d,
		person: make(map[PersonID]int32, len(b.people))}
	for i, who := range b.people {
		p.person[who.ID] = int32(i)
		p.Outcomes = append(p.Outcomes, p.outcome(int32(i)))
	}
	for j := range b.positions {
		p.Fillings = append(p.Fillings, d.filling(int32(j)))
	}
	slices.SortFunc(p.Outcomes, func(a, b Outcome) int { return cmp.Compare(a.Person, b.Person) })
	slices.SortFunc(p.Fillings, func(a, b Filling) int { return cmp.Compare(a.Position, b.Position) })
	p.total()
	return p
}

func (p *Plan) outcome(i int32) Outcome {
	d := p.draft
	o := Outcome{Person: d.people[i].ID, Reason: d.reason(i)}
	from, to := d.edges(i)
	for e := from; e < to; e++ {
		if d.slot[e] >= 0 {
			o.Proposals = append(o.Proposals, Proposal{d.positions[d.to[e]].ID, int(d.fit[e])})
		} else if o.Other == nil {
			o.Other = p.alternative(e)
		}
	}
	return o
}

func (d *draft) reason(i int32) Reason {
	from, to := d.edges(i)
	switch {
	case d.served[i] > 0:
		return Served
	case from == to:
		return NoEdge
	case d.room[i] == 0:
		return OverK
	}
	return AllFull
}

func (d *draft) filling(j int32) Filling {
	asked, held := d.asked[j], d.held[j]
	f := Filling{Position: asked.ID, Missing: max(0, asked.AtLeast-len(held)), Left: asked.AtMost - len(held)}
	for _, e := range held {
		f.People = append(f.People, d.people[d.owner[e]].ID)
	}
	slices.Sort(f.People)
	return f
}

func (p *Plan) total() {
	t := &p.Totals
	for i, n := range p.draft.served {
		t.Proposals += int(n)
		if n > 0 {
			t.Served++
		} else if p.draft.room[i] > 0 {
			t.Longest = max(t.Longest, p.draft.people[i].Waiting)
		}
	}
	t.Fit = int(p.draft.score().fit)
	for _, f := range p.Fillings {
		t.Missing += f.Missing
	}
}
