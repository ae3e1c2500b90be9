package campaign

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// statement bounds the rows of one statement.
const statement = 400

func byYear(ctx context.Context, db bun.IDB, year int) (*Campaign, error) {
	return campaignBy(ctx, db, "ca.year = ?", year)
}

func campaignBy(ctx context.Context, db bun.IDB, where string, value any) (*Campaign, error) {
	c := new(Campaign)
	err := db.NewSelect().Model(c).Comment("campaign.campaignBy").Where(where, value).Order("ca.id").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("campaign", value)
	}
	if err != nil {
		return nil, fmt.Errorf("read campaign %v: %w", value, err)
	}
	return c, nil
}

// holdCampaign reads the campaign of a year and holds it until the end of the transaction.
func holdCampaign(ctx context.Context, tx store.Tx, year int) (*Campaign, error) {
	if _, err := tx.NewRaw("/* campaign.holdCampaign */ UPDATE campaigns SET revision = revision WHERE year = ?", year).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold the campaign of %d: %w", year, err)
	}
	return byYear(ctx, tx, year)
}

func campaigns(ctx context.Context, db bun.IDB) ([]Campaign, error) {
	out := []Campaign{}
	if err := db.NewSelect().Model(&out).Comment("campaign.campaigns").Order("ca.year DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	return out, nil
}

func insertCampaign(ctx context.Context, tx store.Tx, c *Campaign) error {
	if _, err := tx.NewInsert().Model(c).Comment("campaign.insertCampaign").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("insert a campaign: %w", err)
	}
	return nil
}

func saveCampaign(ctx context.Context, tx store.Tx, c *Campaign) error {
	if _, err := tx.NewUpdate().Model(c).Comment("campaign.saveCampaign").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save campaign %d: %w", c.ID, err)
	}
	return nil
}

func questionnaireBy(ctx context.Context, db bun.IDB, id QuestionnaireID) (*Questionnaire, error) {
	q := new(Questionnaire)
	err := db.NewSelect().Model(q).Comment("campaign.questionnaireBy").Where("qu.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("questionnaire", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read questionnaire %d: %w", id, err)
	}
	return q, nil
}

// hold reads a questionnaire and holds it until the end of the transaction: an
// update that changes nothing is the one lock that both engines share.
func hold(ctx context.Context, tx store.Tx, id QuestionnaireID) (*Questionnaire, error) {
	if _, err := tx.NewRaw("/* campaign.hold */ UPDATE questionnaires SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold questionnaire %d: %w", id, err)
	}
	return questionnaireBy(ctx, tx, id)
}

// ofOrganisation finds the questionnaires of an enterprise, the latest year first.
func ofOrganisation(ctx context.Context, db bun.IDB, organisation int64) ([]Questionnaire, error) {
	out := []Questionnaire{}
	err := db.NewSelect().Model(&out).Comment("campaign.ofOrganisation").Join("JOIN campaigns AS ca ON ca.id = qu.campaign_id").
		Where("qu.organisation_id = ?", organisation).Order("ca.year DESC", "qu.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the questionnaires of organisation %d: %w", organisation, err)
	}
	return out, nil
}

func questionnairesOf(ctx context.Context, db bun.IDB, id ID) ([]Questionnaire, error) {
	out := []Questionnaire{}
	err := db.NewSelect().Model(&out).Comment("campaign.questionnairesOf").Where("qu.campaign_id = ?", id).Order("qu.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the questionnaires of campaign %d: %w", id, err)
	}
	return out, nil
}

func insertQuestionnaire(ctx context.Context, tx store.Tx, q *Questionnaire) (bool, error) {
	_, err := tx.NewInsert().Model(q).Comment("campaign.insertQuestionnaire").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("make a questionnaire: %w", err)
	}
	return q.ID != 0, nil
}

func saveQuestionnaire(ctx context.Context, tx store.Tx, q *Questionnaire) error {
	if _, err := tx.NewUpdate().Model(q).Comment("campaign.saveQuestionnaire").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save questionnaire %d: %w", q.ID, err)
	}
	return nil
}

// answersOf reads the answers of a questionnaire.
func answersOf(ctx context.Context, db bun.IDB, id QuestionnaireID) (map[compute.Measure]Answer, error) {
	all, err := answersOfMany(ctx, db, []QuestionnaireID{id})
	if all[id] == nil {
		return map[compute.Measure]Answer{}, err
	}
	return all[id], err
}

func answersOfMany(ctx context.Context, db bun.IDB, ids []QuestionnaireID) (map[QuestionnaireID]map[compute.Measure]Answer, error) {
	out := map[QuestionnaireID]map[compute.Measure]Answer{}
	for part := range slices.Chunk(ids, statement) {
		var rows []Answer
		err := db.NewSelect().Model(&rows).Comment("campaign.answersOf").Where("qa.questionnaire_id IN (?)", bun.List(part)).Order("qa.questionnaire_id", "qa.question").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read answers: %w", err)
		}
		for _, r := range rows {
			if out[r.QuestionnaireID] == nil {
				out[r.QuestionnaireID] = map[compute.Measure]Answer{}
			}
			out[r.QuestionnaireID][r.Question] = r
		}
	}
	return out, nil
}

// putAnswers writes answers whole and adds them to the history.
func putAnswers(ctx context.Context, tx store.Tx, rows []Answer) error {
	for part := range slices.Chunk(rows, statement) {
		_, err := tx.NewInsert().Model(&part).Comment("campaign.putAnswers").On("CONFLICT (questionnaire_id, question) DO UPDATE").Returning("NULL").Exec(ctx)
		if err != nil {
			return fmt.Errorf("write answers: %w", err)
		}
		past := make([]pastAnswer, len(part))
		for i, a := range part {
			past[i] = pastAnswer{QuestionnaireID: a.QuestionnaireID, Question: a.Question, Revision: a.Revision, Typed: a.Typed, Status: a.Status, Value: a.Value,
				Origin: a.Origin, Explained: a.Explained, ActorID: a.ActorID, At: a.At}
		}
		if _, err := tx.NewInsert().Model(&past).Comment("campaign.putAnswers").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("write the history of answers: %w", err)
		}
	}
	return nil
}

// pastOf reads what some answers said at some revisions; what is not there is left out.
func pastOf(ctx context.Context, db bun.IDB, id QuestionnaireID) ([]pastAnswer, error) {
	out := []pastAnswer{}
	err := db.NewSelect().Model(&out).Comment("campaign.pastOf").Where("qh.questionnaire_id = ?", id).Order("qh.question", "qh.revision").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history of questionnaire %d: %w", id, err)
	}
	return out, nil
}

func insertEvent(ctx context.Context, tx store.Tx, e *Event) error {
	if _, err := tx.NewInsert().Model(e).Comment("campaign.insertEvent").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write an event of questionnaire %d: %w", e.QuestionnaireID, err)
	}
	return nil
}

func eventsOf(ctx context.Context, db bun.IDB, id QuestionnaireID) ([]Event, error) {
	out := []Event{}
	if err := db.NewSelect().Model(&out).Comment("campaign.eventsOf").Where("qe.questionnaire_id = ?", id).Order("qe.id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the events of questionnaire %d: %w", id, err)
	}
	return out, nil
}

func commentsOf(ctx context.Context, db bun.IDB, id QuestionnaireID) ([]Comment, error) {
	out := []Comment{}
	if err := db.NewSelect().Model(&out).Comment("campaign.commentsOf").Where("qc.questionnaire_id = ?", id).Order("qc.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the comments of questionnaire %d: %w", id, err)
	}
	return out, nil
}

func insertComment(ctx context.Context, tx store.Tx, c *Comment) error {
	if _, err := tx.NewInsert().Model(c).Comment("campaign.insertComment").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a comment: %w", err)
	}
	return nil
}

// identity is how an enterprise is known to people and in files.
type identity struct {
	ID    int64  `bun:"id"`
	SIRET string `bun:"siret"`
	Name  string `bun:"name"`
}

func identities(ctx context.Context, db bun.IDB, ids []int64) (map[int64]identity, error) {
	out := map[int64]identity{}
	for part := range slices.Chunk(ids, statement) {
		var rows []identity
		err := db.NewRaw("/* campaign.identities */ SELECT id, siret, CASE WHEN brand <> '' THEN brand ELSE name END AS name FROM organisations WHERE id IN (?) ORDER BY id", bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("read who is asked: %w", err)
		}
		for _, r := range rows {
			out[r.ID] = r
		}
	}
	return out, nil
}

// authors names those who wrote, for who reads their words; an account that is gone has no name.
func authors(ctx context.Context, db bun.IDB, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID   int64  `bun:"id"`
		Name string `bun:"name"`
	}
	if err := db.NewRaw("/* campaign.authors */ SELECT id, name FROM users WHERE id IN (?) ORDER BY id", bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read who wrote: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}
