package placement

import (
	"context"
	"slices"
	"time"

	"maillage/matching/engine/assignment"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// draftBatch is a batch being prepared: what was read, and the problem that it makes.
type draftBatch struct {
	s         *Service
	structure int64
	rules     BatchRules
	view      *journeys.View
	persons   map[people.ID]*people.Person
	lots      map[opportunities.LotID]*opportunities.Lot
	works     map[people.ID]work
	pending   map[people.ID]int
	led       map[people.ID]time.Time // when a proposal led to a meeting or a contract
	barred    map[pair]bool
	there     map[opportunities.LotID][]*Proposal
	problem   assignment.Problem
}

// gather reads who and what a batch is about, and which pairs may be suggested.
func (s *Service) gather(ctx context.Context, structure int64, r BatchRules) (*draftBatch, error) {
	d := &draftBatch{s: s, structure: structure, rules: r, persons: map[people.ID]*people.Person{}, lots: map[opportunities.LotID]*opportunities.Lot{},
		pending: map[people.ID]int{}, led: map[people.ID]time.Time{}, barred: map[pair]bool{}, there: map[opportunities.LotID][]*Proposal{}}
	folk, err := s.folkOf(ctx, structure, r)
	if err != nil {
		return nil, err
	}
	lots, err := s.lotsFor(ctx, r)
	if err != nil {
		return nil, err
	}
	if d.works, err = s.workOf(ctx, s.store.Read(), idsOf(folk)...); err != nil {
		return nil, err
	}
	for _, p := range folk {
		if _, free := d.works[p.ID].free(p.AvailableOn); free {
			d.persons[p.ID] = p
		}
	}
	for _, l := range lots {
		d.lots[l.ID] = l
	}
	if err := d.recall(ctx); err != nil {
		return nil, err
	}
	if d.view, err = s.view(ctx); err != nil {
		return nil, err
	}
	if d.view, err = s.barring(ctx, d.view, structure); err != nil { // scored as their counsellor reads them
		return nil, err
	}
	d.pose()
	return d, d.bounded()
}

// recall reads what was proposed, and what people said.
func (d *draftBatch) recall(ctx context.Context) error {
	made, err := standing(ctx, d.s, proposalsOf, keys(d.persons))
	if err != nil {
		return err
	}
	for _, p := range made {
		d.remember(p)
	}
	there, err := standing(ctx, d.s, proposalsAt, keys(d.lots))
	if err != nil {
		return err
	}
	for _, p := range there {
		d.there[p.LotID] = append(d.there[p.LotID], p)
	}
	return d.respect(ctx)
}

// remember leaves out a pair of which a proposal runs, or to which the employer
// has given its last word. What a structure noted of a position of its own led
// nobody to an employer: they wait on.
func (d *draftBatch) remember(p *Proposal) {
	if p.State.Runs() {
		d.pending[p.PersonID]++
	}
	if p.State.Runs() || p.State == NotRetained || p.State == Hired {
		d.barred[pair{p.PersonID, p.LotID}] = true
	}
	if !p.own() && (p.WasMet || p.State == Hired) && p.AnsweredAt != nil && p.AnsweredAt.After(d.led[p.PersonID]) {
		d.led[p.PersonID] = *p.AnsweredAt
	}
}

// respect leaves out what people said no to. An agreement that ran out is no no.
func (d *draftBatch) respect(ctx context.Context) error {
	all, err := agreementsOf(ctx, d.s.store.Read(), keys(d.lots), keys(d.persons))
	for _, a := range all {
		if a.State == people.Refused || a.State == people.Withdrawn {
			d.barred[pair{a.PersonID, opportunities.LotID(a.PositionID)}] = true
		}
	}
	return err
}

// pose makes the problem. A position that suits nobody stays when it was chosen.
// Who has a job is of the batch where a position that begins after it suits them.
func (d *draftBatch) pose() {
	suited := map[people.ID]bool{}
	for _, id := range keys(d.lots) {
		edges := d.edges(d.lots[id])
		if len(edges) == 0 && d.rules.Source == WithinReach {
			delete(d.lots, id)
			continue
		}
		for _, e := range edges {
			suited[people.ID(e.Person)] = true
		}
		d.problem.Edges = append(d.problem.Edges, edges...)
		d.problem.Positions = append(d.problem.Positions, assignment.Position{ID: assignment.PositionID(id), AtMost: d.capacity(d.lots[id])})
	}
	for _, id := range keys(d.persons) {
		if d.works[id].binds(d.persons[id].AvailableOn) && !suited[id] {
			delete(d.persons, id)
			continue
		}
		d.problem.People = append(d.problem.People, assignment.Person{ID: assignment.PersonID(id), Waiting: d.waiting(id), Pending: d.pending[id]})
	}
}

// capacity is how many more people can be spoken with about a position.
func (d *draftBatch) capacity(l *opportunities.Lot) int {
	o := occupancy(l, d.there[l.ID])
	return max(0, assignment.Capacity(o.left, d.rules.PerPost)-o.asked)
}

// waiting counts the days since a proposal led somewhere, a job ended, or the journey began.
func (d *draftBatch) waiting(id people.ID) int {
	days := waiting(d.works[id].waitsSince(d.persons[id]), d.s.now())
	led, ok := d.led[id]
	if !ok {
		if days == nil {
			return 0
		}
		return *days
	}
	since := max(0, int(d.s.now().Sub(led).Hours()/24))
	if days != nil && *days < since {
		return *days
	}
	return since
}

// edges are the pairs of a position that hold today and may be suggested.
func (d *draftBatch) edges(l *opportunities.Lot) (out []assignment.Edge) {
	for _, m := range d.suited(l, true) {
		if !d.barred[pair{people.ID(m.Person), l.ID}] {
			out = append(out, assignment.Edge{Person: assignment.PersonID(m.Person), Position: assignment.PositionID(l.ID), Fit: m.Score})
		}
	}
	return out
}

// suited are those of the batch whom a position suits and to whose employer the
// structure may present them.
func (d *draftBatch) suited(l *opportunities.Lot, brief bool) []journeys.Match {
	o := journeys.Options{Brief: brief, Employer: journeys.EmployerID(d.structure)}
	found := d.view.PeopleFor(d.s.feed.asked(l), date(d.s.today()), o).Matches
	return slices.DeleteFunc(found, func(m journeys.Match) bool {
		p := d.persons[people.ID(m.Person)]
		return p == nil || receiver(l.Opportunity) == d.structure || d.s.beyond(p, l)
	})
}
