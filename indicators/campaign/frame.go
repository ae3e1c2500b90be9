package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/indicators/questionnaire"
	"maillage/internal/store"
	"maillage/territories"
)

// chunk is how many questionnaires one transaction makes or freezes.
const chunk = 25

// Make makes the questionnaires of an open campaign: one for each member of its
// year, filled beforehand with what is known. It is a job's: run again, it makes
// those of new members alone. What is known of an enterprise is read before its
// transaction; a member that cannot be asked (its kind is not) is left out.
func (s *Service) Make(ctx context.Context, id ID) error {
	c, err := campaignBy(ctx, s.store.Read(), "ca.id = ?", id)
	if err != nil || c.State != Open {
		return err
	}
	began := s.now()
	for after := int64(0); ; {
		all, err := membersOf(ctx, s.store.Read(), c, after, chunk)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			break
		}
		after = all[len(all)-1].ID
		if err := s.make(ctx, c, slices.DeleteFunc(all, func(m member) bool { return !slices.Contains(c.Kinds, asked(m.Kind)) })); err != nil {
			return fmt.Errorf("make the questionnaires of %d: %w", c.Year, err)
		}
	}
	if !c.FramedAt.IsZero() {
		return nil
	}
	return s.framed(ctx, c, began)
}

// asked is the kind under which the observatory knows one of the network.
func asked(k compute.Kind) compute.Kind {
	if slices.Contains(compute.Kinds(), k) {
		return k
	}
	return compute.Other
}

func (s *Service) make(ctx context.Context, c *Campaign, members []member) error {
	if len(members) == 0 {
		return nil
	}
	known, err := s.gather(ctx, c.Year, members)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, m := range members {
			if err := s.makeOne(ctx, tx, c, m, known[m.ID]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) makeOne(ctx context.Context, tx store.Tx, c *Campaign, m member, known map[compute.Measure]prefill) error {
	q := &Questionnaire{CampaignID: c.ID, OrganisationID: m.ID, Kind: asked(m.Kind), Commune: m.Commune, Region: s.regionOf(m.Commune), State: NotStarted, Revision: 1, UpdatedAt: s.now()}
	made, err := insertQuestionnaire(ctx, tx, q)
	if err != nil || !made {
		return err
	}
	var rows []Answer
	for _, asked := range s.book.For(q.Kind, c.Questions) {
		if p, ok := known[asked.Code]; ok {
			rows = append(rows, Answer{QuestionnaireID: q.ID, Question: asked.Code, Typed: questionnaire.Write(p.Answer), Status: p.Status, Value: p.Value, Origin: p.origin, Revision: 1, At: s.now()})
		}
	}
	return putAnswers(ctx, tx, rows)
}

// framed notes that every member has a questionnaire, filled with what was known at an instant.
func (s *Service) framed(ctx context.Context, c *Campaign, at time.Time) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := holdCampaign(ctx, tx, c.Year)
		if err != nil || !cur.FramedAt.Before(at) {
			return err
		}
		cur.FramedAt = at
		return saveCampaign(ctx, tx, cur)
	})
}

// regionOf is the region of today of a commune; empty where it has none.
func (s *Service) regionOf(commune territories.CommuneCode) string {
	if ord, ok := s.atlas.Today(commune); ok {
		return s.atlas.Commune(ord).Region
	}
	return ""
}

// prefill is an answer known beforehand.
type prefill struct {
	compute.Answer
	origin Origin
}

// gather reads what is known of some members for a year: what the network knows,
// then what was said last year, then what was counted from their records, then
// what was answered for that very year, each better than the one before.
func (s *Service) gather(ctx context.Context, year int, members []member) (map[int64]map[compute.Measure]prefill, error) {
	ids := make([]int64, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	db := s.store.Read()
	tied, err := cooperating(ctx, db, ids)
	before, errBefore := s.known.AnswersOf(ctx, db, year-1, ids)
	now, errNow := s.known.AnswersOf(ctx, db, year, ids)
	counted, errCounted := s.counted(ctx, db, year, ids)
	if err := errors.Join(err, errBefore, errNow, errCounted); err != nil {
		return nil, err
	}
	out := map[int64]map[compute.Measure]prefill{}
	for _, id := range ids {
		known := map[compute.Measure]prefill{}
		if tied[id] { // a tie that the network does not know of is no "no"
			known[compute.Cooperating] = prefill{collected(100), FromPlatform}
		}
		s.carry(known, before[id])
		for m, a := range counted[id] {
			known[m] = prefill{a, FromRecords}
		}
		for m, a := range now[id] {
			known[m] = prefill{a.Answer, FromFile}
		}
		out[id] = known
	}
	return out, nil
}

// carry adds what last year's answers already say of this year: a stock on
// 1 January is that of 31 December, a seat is often kept.
func (s *Service) carry(known map[compute.Measure]prefill, before map[compute.Measure]microdata.Said) {
	for _, q := range s.book.Questions {
		if a := before[q.Carry]; q.Carry != "" && a.Status == compute.Collected {
			known[q.Code] = prefill{a.Answer, FromLastYear}
		}
	}
}

func collected(v int64) compute.Answer {
	return compute.Answer{Status: compute.Collected, Value: v}
}

// Settle freezes the questionnaires of a campaign that closes, some at a time,
// and writes the answers of those that were sent to the observatory. It is a
// job's: run again, or cut in the middle, it goes on.
func (s *Service) Settle(ctx context.Context, id ID) error {
	c, err := campaignBy(ctx, s.store.Read(), "ca.id = ?", id)
	if err != nil || c.State != Closing {
		return err
	}
	for {
		ids, err := toFreeze(ctx, s.store.Read(), id, chunk)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return s.settled(ctx, c)
		}
		err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			for _, id := range ids {
				if err := s.freeze(ctx, tx, c, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("freeze the questionnaires of %d: %w", c.Year, err)
		}
	}
}

func (s *Service) freeze(ctx context.Context, tx store.Tx, c *Campaign, id QuestionnaireID) error {
	q, err := hold(ctx, tx, id)
	if err != nil || q.State == Frozen {
		return err
	}
	if q.State == Submitted {
		return s.settle(ctx, tx, c, q)
	}
	q.State = Frozen
	return s.step(ctx, tx, q, WasFrozen, "")
}

// settle writes the answers of a questionnaire to the observatory and freezes it.
func (s *Service) settle(ctx context.Context, tx store.Tx, c *Campaign, q *Questionnaire) error {
	m, answers, err := s.toKeep(ctx, tx, c, q)
	if err != nil {
		return err
	}
	if _, err := s.known.Answered(ctx, tx, m, answers); err != nil {
		return err
	}
	q.State, q.Responded = Frozen, true
	return s.step(ctx, tx, q, WasFrozen, "")
}

func (s *Service) toKeep(ctx context.Context, tx store.Tx, c *Campaign, q *Questionnaire) (microdata.Member, map[compute.Measure]compute.Answer, error) {
	m := microdata.Member{Organisation: q.OrganisationID, Year: c.Year, Kind: q.Kind, Commune: q.Commune}
	who, err := identities(ctx, tx, []int64{q.OrganisationID})
	if err != nil {
		return m, nil, err
	}
	m.SIRET = who[q.OrganisationID].SIRET
	if m.Group, err = groupOf(ctx, tx, q.OrganisationID); err != nil {
		return m, nil, err
	}
	rows, err := answersOf(ctx, tx, q.ID)
	if err != nil {
		return m, nil, err
	}
	out := map[compute.Measure]compute.Answer{}
	for _, asked := range s.book.For(q.Kind, c.Questions) {
		if a := rows[asked.Code]; a.Given() {
			out[asked.Code] = compute.Answer{Status: a.Status, Value: a.Value}
		}
	}
	return m, out, nil
}

// settled counts the coverage and closes the campaign.
func (s *Service) settled(ctx context.Context, c *Campaign) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := holdCampaign(ctx, tx, c.Year)
		if err != nil || cur.State != Closing {
			return err
		}
		if err := cover(ctx, tx, cur.ID); err != nil {
			return err
		}
		cur.State = Closed
		return s.keep(ctx, tx, cur, "state")
	})
}

// step writes the state of a questionnaire with its next revision and its event.
func (s *Service) step(ctx context.Context, tx store.Tx, q *Questionnaire, kind EventKind, note string) error {
	q.Revision, q.UpdatedAt = q.Revision+1, s.now()
	if err := saveQuestionnaire(ctx, tx, q); err != nil {
		return err
	}
	return insertEvent(ctx, tx, &Event{QuestionnaireID: q.ID, Kind: kind, Note: note, Revision: q.Revision, ActorID: accounts.From(ctx).Actor(), At: s.now()})
}
