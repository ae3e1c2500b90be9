package campaign

import (
	"context"
	"fmt"
	"slices"

	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/store"
)

// refresh fills what became known since the questionnaires were made: where
// nobody began, what was there before follows; where somebody did, only what has
// no answer is filled. Nothing that a person typed changes.
func (s *Service) refresh(ctx context.Context, c *Campaign) error {
	fresh, err := newsSince(ctx, s.store.Read(), c.Year, c.FramedAt)
	if err != nil || !fresh {
		return err
	}
	began := s.now()
	all, err := questionnairesOf(ctx, s.store.Read(), c.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(q Questionnaire) bool { return q.State != NotStarted && q.State != InProgress })
	for part := range slices.Chunk(all, chunk) {
		members := make([]member, len(part))
		for i, q := range part {
			members[i] = member{ID: q.OrganisationID}
		}
		known, err := s.gather(ctx, c.Year, members)
		if err != nil {
			return err
		}
		err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			for _, q := range part {
				if err := s.fill(ctx, tx, c, q.ID, known[q.OrganisationID]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("fill the questionnaires of %d: %w", c.Year, err)
		}
	}
	return s.framed(ctx, c, began)
}

func (s *Service) fill(ctx context.Context, tx store.Tx, c *Campaign, id QuestionnaireID, known map[compute.Measure]prefill) error {
	q, err := hold(ctx, tx, id)
	if err != nil || q.State != NotStarted && q.State != InProgress {
		return err
	}
	cur, err := answersOf(ctx, tx, id)
	if err != nil {
		return err
	}
	var rows []Answer
	for _, asked := range s.book.For(q.Kind, c.Questions) {
		p, ok := known[asked.Code]
		old, answered := cur[asked.Code]
		follows := !answered || q.State == NotStarted && old.Origin.Before()
		if !ok || !follows || old.Status == p.Status && old.Value == p.Value {
			continue
		}
		rows = append(rows, Answer{QuestionnaireID: id, Question: asked.Code, Typed: questionnaire.Write(p.Answer), Status: p.Status, Value: p.Value, Origin: p.origin, Revision: q.Revision + 1, At: s.now()})
	}
	if len(rows) == 0 {
		return nil
	}
	q.Revision, q.UpdatedAt = q.Revision+1, s.now()
	if err := saveQuestionnaire(ctx, tx, q); err != nil {
		return err
	}
	return putAnswers(ctx, tx, rows)
}
