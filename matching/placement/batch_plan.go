package placement

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/engine/assignment"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// bounded refuses a batch too large to be read, let alone spoken about.
func (d *draftBatch) bounded() error {
	if len(d.lots) > mostBatchLots || len(d.persons) > mostBatchPeople {
		return fault.Invalid(fault.At("source", "too-many",
			fmt.Sprintf("%d postes et %d personnes : pas plus de %d et %d à la fois. Choisissez un territoire plus petit ou une convention.", len(d.lots), len(d.persons), mostBatchLots, mostBatchPeople),
			fmt.Sprintf("%d positions and %d people: no more than %d and %d at once. Choose a smaller territory or a convention.", len(d.lots), len(d.persons), mostBatchLots, mostBatchPeople)))
	}
	return nil
}

// planned is a batch as it was computed, ready to be kept or read.
type planned struct {
	row       batchRow
	people    []*batchPerson
	positions []*batchPosition
	lines     []*batchLine
}

// plan solves a batch under both objectives and keeps the one asked for.
func (s *Service) plan(ctx context.Context, structure int64, r BatchRules) (*planned, error) {
	d, err := s.gather(ctx, structure, r)
	if err != nil {
		return nil, err
	}
	choice, err := assignment.Compare(d.problem, assignment.Config{K: r.Most, Seed: uint64(r.Seed), Budget: r.Budget})
	if errors.Is(err, assignment.ErrTooLarge) {
		return nil, fault.Conflict("batch-too-large", "Cette préparation est trop grande pour un calcul exact : choisissez moins de postes.", "This preparation is too large for an exact computation: choose fewer positions.")
	}
	if err != nil {
		return nil, err
	}
	plan := choice.FitFirst
	if r.objective() == assignment.WaitingFirst {
		plan = choice.WaitingFirst
	}
	out := &planned{row: batchRow{OrganisationID: structure, MadeBy: accounts.From(ctx).Actor(), Rules: r, Engine: journeys.Version, Solver: assignment.Version,
		Day: s.today(), Totals: d.totals(choice), Revision: 1, CreatedAt: s.now()}}
	d.outline(out, plan)
	return out, nil
}

// outline writes a plan as rows.
func (d *draftBatch) outline(out *planned, plan *assignment.Plan) {
	suits := map[assignment.PositionID]int{}
	degree := map[assignment.PersonID]int{}
	for _, e := range d.problem.Edges {
		suits[e.Position]++
		degree[e.Person]++
	}
	for _, p := range d.problem.Positions {
		l := d.lots[opportunities.LotID(p.ID)]
		out.positions = append(out.positions, &batchPosition{LotID: l.ID, LotRevision: l.Revision, Capacity: p.AtMost, Suits: suits[p.ID]})
	}
	for _, o := range plan.Outcomes {
		p := d.persons[people.ID(o.Person)]
		out.people = append(out.people, broughtTo(p, d.waiting(p.ID), o))
		for _, x := range o.Proposals {
			out.lines = append(out.lines, &batchLine{PersonID: p.ID, LotID: opportunities.LotID(x.Position), OrganisationID: p.OrganisationID, Fit: x.Fit,
				Reason: lineReason(o, x, degree[o.Person]), State: Suggested, Revision: 1, Criteria: []Criterion{}})
		}
	}
	d.explain(out.lines)
}

// broughtTo is what a plan says of one person.
func broughtTo(p *people.Person, waiting int, o assignment.Outcome) *batchPerson {
	row := &batchPerson{PersonID: p.ID, OrganisationID: p.OrganisationID, Waiting: waiting, Reason: o.Reason.String(), PersonRevision: p.Revision}
	if a := o.Other; a != nil {
		lot := opportunities.LotID(a.Position)
		row.OtherLotID, row.OtherFit, row.Why, row.Held, row.Better, row.Longer = &lot, a.Fit, a.Why.String(), a.Held, a.Better, a.Longer
	}
	return row
}

// The reasons of a suggestion.
const (
	onlyOne = "only" // no other position suits
	bestOne = "best" // none suits better
	nextOne = "next" // one that suits better could not be: the reason is beside it
)

func lineReason(o assignment.Outcome, x assignment.Proposal, suits int) string {
	switch {
	case suits == 1:
		return onlyOne
	case o.Other != nil && o.Other.Fit > x.Fit:
		return nextOne
	}
	return bestOne
}

// explain puts on each suggestion what holds and what does not, as of now.
func (d *draftBatch) explain(lines []*batchLine) {
	by := map[opportunities.LotID][]*batchLine{}
	for _, l := range lines {
		by[l.LotID] = append(by[l.LotID], l)
	}
	for _, id := range keys(by) {
		for _, m := range d.suited(d.lots[id], false) {
			i := slices.IndexFunc(by[id], func(l *batchLine) bool { return l.PersonID == people.ID(m.Person) })
			if i < 0 {
				continue
			}
			for _, f := range m.Findings {
				by[id][i].Criteria = append(by[id][i].Criteria, criterion(f))
			}
		}
	}
}

func (d *draftBatch) totals(c assignment.Choice) BatchTotals {
	return BatchTotals{People: len(d.persons), Positions: len(d.lots), Pairs: len(d.problem.Edges), Fit: d.counted(c.FitFirst), Waiting: d.counted(c.WaitingFirst),
		Differ: differ(c.FitFirst, c.WaitingFirst), ServedMore: c.ServedMore}
}

func (d *draftBatch) counted(p *assignment.Plan) PlanTotals {
	t := PlanTotals{Proposals: p.Totals.Proposals, Served: p.Totals.Served, Points: p.Totals.Fit, Unserved: p.Totals.Longest, Gap: p.Gap.Part.String()}
	if t.Proposals > 0 {
		t.Average = (2*p.Totals.Fit + t.Proposals) / (2 * t.Proposals)
	}
	if p.Gap.Part == assignment.Fit {
		t.GapMost = p.Gap.Most
	}
	for _, o := range p.Outcomes {
		if o.Reason == assignment.AllFull {
			t.Left++
		}
		if len(o.Proposals) > 0 {
			t.FirstWait = max(t.FirstWait, d.waiting(people.ID(o.Person)))
		}
	}
	return t
}

// differ counts the suggestions of one plan that are not of the other.
func differ(a, b *assignment.Plan) (n int) {
	there := map[pair]bool{}
	for _, o := range b.Outcomes {
		for _, x := range o.Proposals {
			there[pair{people.ID(o.Person), opportunities.LotID(x.Position)}] = true
		}
	}
	for _, o := range a.Outcomes {
		for _, x := range o.Proposals {
			if !there[pair{people.ID(o.Person), opportunities.LotID(x.Position)}] {
				n++
			}
		}
	}
	return n
}
