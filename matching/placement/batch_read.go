package placement

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/engine/assignment"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// ReadBatch reads a version of a batch of the caller's structure as it was computed,
// with what changed since.
func (s *Service) ReadBatch(ctx context.Context, id BatchID) (*BatchView, error) {
	structure, err := structureOf(ctx, accounts.BatchRead)
	if err != nil {
		return nil, fmt.Errorf("read batch %d: %w", id, err)
	}
	b, err := batchByID(ctx, s.store.Read(), id)
	if err == nil && b.OrganisationID != structure {
		err = fault.NotFound("batch", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read batch %d: %w", id, err)
	}
	out, err := s.versionOf(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("read batch %d: %w", id, err)
	}
	return out, nil
}

// held reads what a version holds.
func (s *Service) held(ctx context.Context, b *batchRow) (p *planned, err error) {
	p = &planned{row: *b}
	db := s.store.Read()
	if p.people, err = peopleOfBatch(ctx, db, b.ID); err != nil {
		return nil, err
	}
	if p.lines, err = linesOfBatch(ctx, db, b.ID); err != nil {
		return nil, err
	}
	p.positions, err = positionsOfBatch(ctx, db, b.ID)
	return p, err
}

func (s *Service) versionOf(ctx context.Context, b *batchRow) (*BatchView, error) {
	p, err := s.held(ctx, b)
	if err != nil {
		return nil, err
	}
	out, err := s.show(ctx, p)
	if err != nil {
		return nil, err
	}
	all, err := versions(ctx, s.store.Read(), b.OrganisationID, b.Key)
	if err != nil {
		return nil, err
	}
	if len(all) > 0 && all[0].ID != b.ID {
		out.Last = all[0].ID
	}
	out.Stale, err = s.changed(ctx, p)
	return out, err
}

// show puts names and words on a plan.
func (s *Service) show(ctx context.Context, p *planned) (*BatchView, error) {
	r := &reader{s: s, of: p, persons: map[people.ID]PersonHead{}, heads: map[opportunities.LotID]Head{}, consents: map[pair]Consent{}, no: map[people.ID][]Head{}}
	lots := p.lots()
	found, err := s.opportunities.Positions(ctx, lots...)
	if err != nil {
		return nil, err
	}
	at := map[opportunities.LotID]*opportunities.Lot{}
	for _, l := range found {
		r.heads[l.ID], at[l.ID] = s.head(l), l
	}
	if err := r.recognise(ctx, lots); err != nil {
		return nil, err
	}
	if err := r.unshown(ctx, at); err != nil {
		return nil, err
	}
	return r.view(), nil
}

func (p *planned) lots() (out []opportunities.LotID) {
	for _, x := range p.positions {
		out = append(out, x.LotID)
	}
	for _, x := range p.people {
		if x.OtherLotID != nil {
			out = append(out, *x.OtherLotID)
		}
	}
	return unique(out)
}

// recognise reads the people and what they said.
func (r *reader) recognise(ctx context.Context, lots []opportunities.LotID) error {
	ids := r.of.ids()
	all, err := r.s.people.LoadForMatching(ctx, ids...)
	if err != nil {
		return err
	}
	works, err := r.s.workOf(ctx, r.s.store.Read(), ids...)
	if err != nil {
		return err
	}
	for _, p := range all {
		r.persons[p.ID] = r.s.personHead(p, works[p.ID])
	}
	agreements, err := agreementsOf(ctx, r.s.store.Read(), lots, ids)
	if err != nil {
		return err
	}
	slices.SortFunc(agreements, func(a, b *people.Agreement) int { return int(a.PositionID - b.PositionID) })
	for _, a := range agreements {
		state, lot := a.On(r.s.today()), opportunities.LotID(a.PositionID)
		r.consents[pair{a.PersonID, lot}] = consentOf(a, r.s.today())
		if state == people.Refused || state == people.Withdrawn {
			r.no[a.PersonID] = append(r.no[a.PersonID], r.heads[lot])
		}
	}
	return nil
}

// changed says what moved since a batch was computed.
func (s *Service) changed(ctx context.Context, p *planned) ([]Text, error) {
	out := []Text{}
	add := func(n int, words Text) {
		if n > 0 {
			out = append(out, words)
		}
	}
	if p.row.Engine != journeys.Version || p.row.Solver != assignment.Version {
		out = append(out, text("Les règles de calcul ont changé.", "The rules of the computation have changed."))
	}
	moved, come, err := s.peopleMoved(ctx, p)
	if err != nil {
		return nil, err
	}
	add(moved, counted(moved, "Un parcours a changé.", "parcours ont changé.", "One journey has changed.", "journeys have changed."))
	add(come, counted(come, "Une personne est arrivée.", "personnes sont arrivées.", "One person has come.", "people have come."))
	lots, opened, err := s.lotsMoved(ctx, p)
	if err != nil {
		return nil, err
	}
	add(lots, counted(lots, "Un poste a changé ou n’est plus à pourvoir.", "postes ont changé ou ne sont plus à pourvoir.", "One position has changed or can no longer be taken.", "positions have changed or can no longer be taken."))
	add(opened, counted(opened, "Un poste s’est ouvert.", "postes se sont ouverts.", "One position has opened.", "positions have opened."))
	no, err := s.refusedSince(ctx, p)
	if err != nil {
		return nil, err
	}
	add(no, counted(no, "Une piste ne tient plus\u00a0: la personne a dit non.", "pistes ne tiennent plus\u00a0: les personnes ont dit non.", "One suggestion no longer stands: the person said no.", "suggestions no longer stand: the people said no."))
	n, err := s.proposalsMoved(ctx, p)
	add(n, counted(n, "Une proposition a été faite ou a changé.", "propositions ont été faites ou ont changé.", "One proposal was made or has changed.", "proposals were made or have changed."))
	return out, err
}

// refusedSince counts the suggestions to which the person has said no: computed
// again, they are not there.
func (s *Service) refusedSince(ctx context.Context, p *planned) (n int, err error) {
	if len(p.lines) == 0 {
		return 0, nil
	}
	said, err := agreementsOf(ctx, s.store.Read(), p.lots(), p.ids())
	no := map[pair]bool{}
	for _, a := range said {
		no[pair{a.PersonID, opportunities.LotID(a.PositionID)}] = a.State == people.Refused || a.State == people.Withdrawn
	}
	for _, l := range p.lines {
		if no[pair{l.PersonID, l.LotID}] {
			n++
		}
	}
	return n, err
}

// peopleMoved counts those who changed or left, and those who came.
func (s *Service) peopleMoved(ctx context.Context, p *planned) (moved, come int, err error) {
	was := map[people.ID]int64{}
	for _, x := range p.people {
		was[x.PersonID] = x.PersonRevision
	}
	all, err := s.people.LoadForMatching(ctx, keys(was)...)
	if err != nil {
		return 0, 0, err
	}
	moved = len(was) - len(all)
	for _, x := range all {
		if x.State != people.Active || x.Revision != was[x.ID] {
			moved++
		}
	}
	rules := p.row.Rules
	rules.Idle = false // a proposal is told apart
	folk, err := s.folkOf(ctx, p.row.OrganisationID, rules)
	for _, x := range folk {
		if _, ok := was[x.ID]; !ok && x.CreatedAt.After(p.row.CreatedAt) {
			come++
		}
	}
	return moved, come, err
}

// lotsMoved counts the positions that changed, and those that opened.
func (s *Service) lotsMoved(ctx context.Context, p *planned) (moved, opened int, err error) {
	was := map[opportunities.LotID]int64{}
	for _, x := range p.positions {
		was[x.LotID] = x.LotRevision
	}
	all, err := s.opportunities.Positions(ctx, keys(was)...)
	if err != nil {
		return 0, 0, err
	}
	moved = len(was) - len(all)
	for _, l := range all {
		if l.Revision != was[l.ID] || !s.open(l) {
			moved++
		}
	}
	if p.row.Rules.Source == ChosenLots {
		return moved, 0, nil
	}
	opened, err = s.lotsOpened(ctx, p, was)
	return moved, opened, err
}

// lotsOpened counts the positions of the same choice that opened since; within
// reach, those that suit somebody of the batch.
func (s *Service) lotsOpened(ctx context.Context, p *planned, was map[opportunities.LotID]int64) (n int, err error) {
	recent, err := openedBetween(ctx, s.store.Read(), p.row.CreatedAt, s.now())
	if err != nil || len(recent) == 0 {
		return 0, err
	}
	rules := p.row.Rules
	if rules.Source == WithinReach {
		rules.Source, rules.Lots = ChosenLots, recent
	}
	lots, err := s.lotsFor(ctx, rules)
	if err != nil {
		return 0, err
	}
	d := &draftBatch{s: s, structure: p.row.OrganisationID, rules: p.row.Rules, persons: map[people.ID]*people.Person{}}
	if d.view, err = s.lately(ctx); err != nil {
		return 0, err
	}
	all, err := s.people.LoadForMatching(ctx, p.ids()...)
	for _, x := range all {
		d.persons[x.ID] = x
	}
	for _, l := range lots {
		_, known := was[l.ID]
		if !known && slices.Contains(recent, l.ID) && (p.row.Rules.Source != WithinReach || len(d.suited(l, true)) > 0) {
			n++
		}
	}
	return n, err
}

func (p *planned) ids() (out []people.ID) {
	for _, x := range p.people {
		out = append(out, x.PersonID)
	}
	return out
}

func (s *Service) proposalsMoved(ctx context.Context, p *planned) (int, error) {
	var persons, lots []int64
	for _, x := range p.people {
		persons = append(persons, int64(x.PersonID))
	}
	for _, x := range p.positions {
		lots = append(lots, int64(x.LotID))
	}
	a, err := movedSince(ctx, s.store.Read(), "pp.person_id", persons, p.row.CreatedAt)
	if err != nil {
		return 0, err
	}
	b, err := movedSince(ctx, s.store.Read(), "pp.lot_id", lots, p.row.CreatedAt)
	return len(unique(append(a, b...))), err
}

// BatchHead is a batch in a list.
type BatchHead struct {
	ID        BatchID    `json:"id"`
	Number    int64      `json:"number"`
	Rules     BatchRules `json:"rules"`
	Day       string     `json:"day"`
	CreatedAt time.Time  `json:"created_at"`
	People    int        `json:"people"`
	Positions int        `json:"positions"`
	Served    int        `json:"served"`
}

// Batches lists the last version of the batches of the caller's structure, the
// latest first.
func (s *Service) Batches(ctx context.Context, after BatchID, limit int) (items []BatchHead, next BatchID, err error) {
	structure, err := structureOf(ctx, accounts.BatchRead)
	if err != nil {
		return nil, 0, err
	}
	if limit <= 0 || limit > mostLimit {
		limit = usualLimit
	}
	rows, err := batchesFor(ctx, s.store.Read(), structure, after, limit+1)
	if err != nil {
		return nil, 0, err
	}
	if len(rows) > limit {
		rows, next = rows[:limit], rows[limit-1].ID
	}
	items = []BatchHead{}
	for _, b := range rows {
		items = append(items, b.head())
	}
	return items, next, nil
}

func (b *batchRow) head() BatchHead {
	t := b.Totals
	return BatchHead{ID: b.ID, Number: b.Number, Rules: b.Rules, Day: b.Day, CreatedAt: b.CreatedAt, People: t.People, Positions: t.Positions, Served: t.of(b.Rules).Served}
}
