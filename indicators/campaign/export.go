package campaign

import (
	"context"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
)

// Export gathers the questionnaires of a year that who asks may read, in one
// table: an enterprise its own, an officer those of the perimeter.
func (s *Service) Export(ctx context.Context, year int, words Wording) (*Table, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.QuestionnaireRead); err != nil {
		return nil, err
	}
	c, err := s.Campaign(ctx, year)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, c)
	if err != nil {
		return nil, err
	}
	forms, err := s.filled(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	t := &Table{}
	for i, f := range forms {
		t.rows = append(t.rows, f.rows(rows[i].SIRET, words)...)
	}
	return t, nil
}

// filled reads the questions and answers of many enterprises in a few queries.
func (s *Service) filled(ctx context.Context, c *Campaign, rows []Row) ([]*Form, error) {
	ids, organisations := make([]QuestionnaireID, len(rows)), make([]int64, len(rows))
	for i, r := range rows {
		ids[i], organisations[i] = r.ID, r.OrganisationID
	}
	answers, err := answersOfMany(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	before, err := s.known.AnswersOf(ctx, s.store.Read(), c.Year-1, organisations)
	if err != nil {
		return nil, err
	}
	out := make([]*Form, len(rows))
	for i := range rows {
		then := questionnaire.Answers{}
		for m, a := range before[rows[i].OrganisationID] {
			then[m] = compute.Answer{Status: a.Status, Value: a.Value}
		}
		out[i] = &Form{Campaign: c, Questionnaire: &rows[i].Questionnaire, Name: rows[i].Name, Items: s.items(c, rows[i].Kind, answers[rows[i].ID], then)}
	}
	return out, nil
}
