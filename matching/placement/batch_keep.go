package placement

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
	"maillage/people"
)

// PreviewBatch computes a batch and keeps nothing of it. The same rules, seed
// included, and the same facts give the same suggestions.
func (s *Service) PreviewBatch(ctx context.Context, r BatchRules) (*BatchView, error) {
	p, err := s.prepare(ctx, accounts.BatchCompute, r.mine(ctx))
	if err != nil {
		return nil, fmt.Errorf("prepare a batch: %w", err)
	}
	out, err := s.show(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("prepare a batch: %w", err)
	}
	return out, nil
}

func (s *Service) prepare(ctx context.Context, a accounts.Action, r BatchRules) (*planned, error) {
	structure, err := structureOf(ctx, a)
	if err != nil {
		return nil, err
	}
	if r, err = s.checked(r); err != nil {
		return nil, err
	}
	return s.plan(ctx, structure, r)
}

// keyForm is what names a batch: chosen by who asks for it.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// KeepBatch computes a batch and keeps it as it is. The same key and rules again
// give the last version that is kept and write nothing; a key that other rules
// have is refused, for their batch would be read in place of these. Nothing of it reaches an employer: it is
// for a counsellor to talk about with each person.
func (s *Service) KeepBatch(ctx context.Context, key string, r BatchRules) (*BatchView, error) {
	out, err := s.keepBatch(ctx, key, r)
	if err != nil {
		return nil, fmt.Errorf("keep a batch: %w", err)
	}
	return out, nil
}

func (s *Service) keepBatch(ctx context.Context, key string, r BatchRules) (*BatchView, error) {
	if !keyForm.MatchString(key) {
		return nil, fault.Invalid(fault.At("key", "form", "De 1 à 60 lettres, chiffres ou tirets.", "From 1 to 60 letters, digits or dashes."))
	}
	structure, err := structureOf(ctx, accounts.BatchEdit)
	if err != nil {
		return nil, err
	}
	there, err := versions(ctx, s.store.Read(), structure, key)
	if err != nil {
		return nil, err
	}
	if len(there) > 0 {
		return s.keptBefore(ctx, there[0], r)
	}
	p, err := s.prepare(ctx, accounts.BatchEdit, r.mine(ctx))
	if err != nil {
		return nil, err
	}
	p.row.Key, p.row.Number = key, 1
	return s.write(ctx, p, nil)
}

// keptBefore gives the batch that has a key, where it is of the same rules.
func (s *Service) keptBefore(ctx context.Context, b *batchRow, r BatchRules) (*BatchView, error) {
	if r.Seed == 0 {
		r.Seed = b.Rules.Seed // any draw will do
	}
	r, err := s.checked(r.mine(ctx))
	if err != nil {
		return nil, err
	}
	if written(r) != written(b.Rules) {
		return nil, fault.Conflict("key-taken", "Une autre préparation, avec d’autres règles, a déjà ce nom : choisissez-en un autre.", "Another preparation, with other rules, has this key already: choose another one.")
	}
	return s.ReadBatch(ctx, b.ID)
}

// RecomputeBatch computes a batch again with the rules it had, on the facts of
// now, as a new version. What was made of a suggestion stays with it where it is
// still there. Where the facts give the same again, what people said since included,
// or a later version is there, that one is given and nothing is written. Expected is the number that was read; 0 does not check.
func (s *Service) RecomputeBatch(ctx context.Context, id BatchID, expected int64) (*BatchView, error) {
	out, err := s.recompute(ctx, id, expected)
	if err != nil {
		return nil, fmt.Errorf("compute batch %d again: %w", id, err)
	}
	return out, nil
}

func (s *Service) recompute(ctx context.Context, id BatchID, expected int64) (*BatchView, error) {
	cur, err := s.owned(ctx, id)
	if err != nil {
		return nil, err
	}
	if expected != 0 && cur.Number != expected {
		return nil, fault.Stale()
	}
	shown, err := s.ReadBatch(ctx, id)
	if err != nil {
		return nil, err
	}
	if shown.Last != 0 {
		return s.ReadBatch(ctx, shown.Last)
	}
	p, err := s.prepare(ctx, accounts.BatchEdit, cur.Rules)
	if err != nil {
		return nil, err
	}
	same, err := s.unchanged(ctx, cur, p)
	if err != nil {
		return nil, err
	}
	if same && len(shown.Stale) == 0 {
		return shown, nil
	}
	p.row.Key, p.row.Number = cur.Key, cur.Number+1
	return s.write(ctx, p, cur)
}

// unchanged tells whether a plan is what a version holds, gestures apart.
func (s *Service) unchanged(ctx context.Context, cur *batchRow, next *planned) (bool, error) {
	held, err := s.held(ctx, cur)
	if err != nil {
		return false, err
	}
	return held.content() == next.content(), nil
}

// content is what a plan says, whatever its version and what was made of it.
func (p *planned) content() string {
	var persons, positions, lines []string
	for _, x := range p.people {
		o := *x
		o.BatchID = 0
		persons = append(persons, written(o))
	}
	for _, x := range p.positions {
		o := *x
		o.BatchID = 0
		positions = append(positions, written(o))
	}
	for _, x := range p.lines {
		o := *x
		o.ID, o.BatchID, o.State, o.SettledBy, o.SettledAt, o.Revision = 0, 0, "", nil, nil, 0
		lines = append(lines, written(o))
	}
	for _, all := range [][]string{persons, positions, lines} {
		slices.Sort(all)
	}
	return written([]any{p.row.Engine, p.row.Solver, p.row.Day, p.row.Totals, persons, positions, lines})
}

func written(x any) string {
	out, err := json.Marshal(x)
	if err != nil {
		return "" // nothing here can fail to be written
	}
	return string(out)
}

// owned reads a batch of the caller's own organisation, to change it.
func (s *Service) owned(ctx context.Context, id BatchID) (*batchRow, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.BatchEdit); err != nil {
		return nil, err
	}
	b, err := batchByID(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(who, accounts.BatchEdit, accounts.Of(b.OrganisationID)) {
		return nil, fault.NotFound("batch", id)
	}
	return b, nil
}

// write keeps a version whole, once: of two at the same time the first stands.
func (s *Service) write(ctx context.Context, p *planned, before *batchRow) (*BatchView, error) {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if before != nil {
			if err := s.inherit(ctx, tx, p, before.ID); err != nil {
				return err
			}
		}
		fresh, err := insertBatch(ctx, tx, &p.row)
		if err != nil || !fresh {
			return err
		}
		return s.fill(ctx, tx, p)
	})
	if err != nil {
		return nil, err
	}
	there, err := versions(ctx, s.store.Read(), p.row.OrganisationID, p.row.Key)
	if err != nil {
		return nil, err
	}
	if len(there) == 0 {
		return nil, fault.NotFound("batch", p.row.Key)
	}
	return s.ReadBatch(ctx, there[0].ID)
}

// fill writes what a version holds. Somebody who left between the computation and
// this moment is not written: their rows would outlive them.
func (s *Service) fill(ctx context.Context, tx store.Tx, p *planned) error {
	if err := p.leave(ctx, tx); err != nil {
		return err
	}
	for _, x := range p.people {
		x.BatchID = p.row.ID
	}
	for _, x := range p.positions {
		x.BatchID = p.row.ID
	}
	for _, x := range p.lines {
		x.BatchID = p.row.ID
	}
	if err := insertRows(ctx, tx, p.people); err != nil {
		return err
	}
	if err := insertRows(ctx, tx, p.positions); err != nil {
		return err
	}
	if err := insertRows(ctx, tx, p.lines); err != nil {
		return err
	}
	if err := recordBatch(ctx, tx, batchEvent{BatchID: p.row.ID, At: p.row.CreatedAt, ActorID: p.row.MadeBy}); err != nil {
		return err
	}
	return s.trailBatch(ctx, tx, accounts.BatchEdit, "batch", int64(p.row.ID))
}

func (s *Service) trailBatch(ctx context.Context, tx store.Tx, a accounts.Action, entity string, id int64) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: entity, EntityID: id, Fields: []string{"state"}})
}

// leave takes out of a plan whoever is no longer active and whatever is gone.
func (p *planned) leave(ctx context.Context, tx store.Tx) error {
	var persons []people.ID
	for _, x := range p.people {
		persons = append(persons, x.PersonID)
	}
	active, err := stillActive(ctx, tx, persons)
	if err != nil {
		return err
	}
	var lots []opportunities.LotID
	for _, x := range p.positions {
		lots = append(lots, x.LotID)
	}
	there, err := stillThere(ctx, tx, lots)
	if err != nil {
		return err
	}
	p.people = slices.DeleteFunc(p.people, func(x *batchPerson) bool { return !active[x.PersonID] })
	p.positions = slices.DeleteFunc(p.positions, func(x *batchPosition) bool { return !there[x.LotID] })
	p.lines = slices.DeleteFunc(p.lines, func(x *batchLine) bool { return !active[x.PersonID] || !there[x.LotID] })
	return nil
}

// inherit gives a suggestion what was made of it in the version before.
func (s *Service) inherit(ctx context.Context, tx store.Tx, p *planned, before BatchID) error {
	if err := holdBatch(ctx, tx, before); err != nil {
		return err
	}
	old, err := linesOfBatch(ctx, tx, before)
	if err != nil {
		return err
	}
	was := map[pair]*batchLine{}
	for _, l := range old {
		was[pair{l.PersonID, l.LotID}] = l
	}
	for _, l := range p.lines {
		if o := was[pair{l.PersonID, l.LotID}]; o != nil {
			l.State, l.SettledBy, l.SettledAt = o.State, o.SettledBy, o.SettledAt
		}
	}
	return nil
}
