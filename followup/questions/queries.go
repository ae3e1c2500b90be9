package questions

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

func questionBy(ctx context.Context, db bun.IDB, id ID) (*Question, error) {
	q := new(Question)
	err := db.NewSelect().Model(q).Comment("questions.questionBy").Where("lq.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("question", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read question %d: %w", id, err)
	}
	return q, nil
}

// hold reads a question and holds it until the end of the transaction: an update
// that changes nothing is the one lock that both engines share.
func hold(ctx context.Context, tx store.Tx, id ID) (*Question, error) {
	if _, err := tx.NewRaw("/* questions.hold */ UPDATE legal_questions SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold question %d: %w", id, err)
	}
	return questionBy(ctx, tx, id)
}

// sameQuestion is what the same account asked in the same words since an instant; nil: nothing.
func sameQuestion(ctx context.Context, tx store.Tx, q *Question, body string, since time.Time) (*Question, error) {
	var out []Question
	err := tx.NewSelect().Model(&out).Comment("questions.sameQuestion").Where("lq.user_id = ? AND lq.theme = ? AND lq.title = ? AND lq.asked_at > ?", q.UserID, q.Theme, q.Title, since).
		Where("EXISTS (SELECT 1 FROM legal_messages m WHERE m.question_id = lq.id AND m.kind = ? AND m.body = ?)", First, body).Order("lq.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for the same question: %w", err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // it was not asked yet
	}
	return &out[0], nil
}

// communeOf is where a structure is; empty: not placed.
func communeOf(ctx context.Context, db bun.IDB, organisation int64) (string, error) {
	var out []string
	err := db.NewRaw("/* questions.communeOf */ SELECT commune FROM sites WHERE organisation_id = ? AND commune <> '' ORDER BY CASE WHEN main THEN 0 ELSE 1 END, id LIMIT 1", organisation).Scan(ctx, &out)
	if err != nil {
		return "", fmt.Errorf("read where organisation %d is: %w", organisation, err)
	}
	if len(out) == 0 {
		return "", nil
	}
	return out[0], nil
}

// telling are the names by which a published text would tell who asked.
func telling(ctx context.Context, db bun.IDB, q *Question) ([]string, error) {
	out, err := accounts.TracesOf(ctx, db, q.OrganisationID)
	if err != nil {
		return nil, fmt.Errorf("read what would tell who asked question %d: %w", q.ID, err)
	}
	var own []string // who asked may have left since
	err = db.NewRaw("/* questions.telling */ SELECT name FROM users WHERE id = ? UNION SELECT email FROM users WHERE id = ? ORDER BY 1", q.UserID, q.UserID).Scan(ctx, &own)
	if err != nil {
		return nil, fmt.Errorf("read who asked question %d: %w", q.ID, err)
	}
	return append(out, own...), nil
}

func insertQuestion(ctx context.Context, tx store.Tx, q *Question) error {
	if _, err := tx.NewInsert().Model(q).Comment("questions.insertQuestion").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("insert a question: %w", err)
	}
	return nil
}

func saveQuestion(ctx context.Context, tx store.Tx, q *Question) error {
	if _, err := tx.NewUpdate().Model(q).Comment("questions.saveQuestion").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save question %d: %w", q.ID, err)
	}
	return nil
}

// questions lists them by number; organisation 0: of every structure.
func questions(ctx context.Context, db bun.IDB, organisation int64) ([]Question, error) {
	out := []Question{}
	q := db.NewSelect().Model(&out).Comment("questions.questions").Order("lq.id")
	if organisation != 0 {
		q = q.Where("lq.organisation_id = ?", organisation)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list questions: %w", err)
	}
	return out, nil
}

func insertMessage(ctx context.Context, tx store.Tx, m *Message) error {
	if _, err := tx.NewInsert().Model(m).Comment("questions.insertMessage").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a message of question %d: %w", m.QuestionID, err)
	}
	return nil
}

func messagesOf(ctx context.Context, db bun.IDB, id ID) ([]Message, error) {
	out := []Message{}
	if err := db.NewSelect().Model(&out).Comment("questions.messagesOf").Where("lm.question_id = ?", id).Order("lm.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the messages of question %d: %w", id, err)
	}
	return out, nil
}

func messageBy(ctx context.Context, db bun.IDB, id MessageID) (*Message, error) {
	m := new(Message)
	err := db.NewSelect().Model(m).Comment("questions.messageBy").Where("lm.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("message", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read message %d: %w", id, err)
	}
	return m, nil
}

// note writes a letter in the ledger; false where it was there.
func note(ctx context.Context, tx store.Tx, message MessageID, user accounts.UserID, at time.Time) (bool, error) {
	res, err := tx.NewRaw("/* questions.note */ INSERT INTO legal_letters (message_id, user_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", message, user, at).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write the ledger of message %d: %w", message, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// publishedOf is what was published of a question, withdrawn or not; nil: nothing.
func publishedOf(ctx context.Context, db bun.IDB, id ID) (*Published, error) {
	var out []Published
	if err := db.NewSelect().Model(&out).Comment("questions.publishedOf").Where("la.question_id = ?", id).Order("la.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the published answer of question %d: %w", id, err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // nothing was published
	}
	return &out[0], nil
}

func publishedQuestions(ctx context.Context, db bun.IDB) ([]ID, error) {
	var out []ID
	err := db.NewRaw("/* questions.publishedQuestions */ SELECT question_id FROM legal_answers WHERE published = ? ORDER BY question_id", true).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("list what is published: %w", err)
	}
	return out, nil
}

func savePublished(ctx context.Context, tx store.Tx, p *Published) error {
	var err error
	if p.ID == 0 {
		_, err = tx.NewInsert().Model(p).Comment("questions.savePublished").Returning("id").Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(p).Comment("questions.savePublished").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("save the published answer of question %d: %w", p.QuestionID, err)
	}
	return nil
}

// published lists the answers that hold every word, the latest first.
func published(ctx context.Context, db bun.IDB, words []string, theme Theme) ([]Published, error) {
	out := []Published{}
	q := db.NewSelect().Model(&out).Comment("questions.published").Where("la.published = ?", true).Order("la.published_on DESC", "la.id DESC")
	for _, w := range words {
		q = q.Where("la.folded LIKE ?", "%"+w+"%")
	}
	if theme != "" {
		q = q.Where("la.theme = ?", theme)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("search the published answers: %w", err)
	}
	return out, nil
}

// openAccount is an account that receives letters; nil where it is shut.
func openAccount(ctx context.Context, db bun.IDB, id accounts.UserID) (*accounts.User, error) {
	var out []accounts.User
	if err := db.NewSelect().Model(&out).Comment("questions.openAccount").Where("u.id = ? AND u.disabled_at IS NULL", id).Order("u.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read account %d: %w", id, err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // an account that is shut receives nothing
	}
	return &out[0], nil
}

// names are how organisations and accounts are known, for who reads a question.
func names(ctx context.Context, db bun.IDB, query string, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID   int64  `bun:"id"`
		Name string `bun:"name"`
	}
	if err := db.NewRaw(query, bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}

const (
	organisationNames = "/* questions.organisationNames */ SELECT id, CASE WHEN brand <> '' THEN brand ELSE name END AS name FROM organisations WHERE id IN (?) ORDER BY id"
	accountNames      = "/* questions.accountNames */ SELECT id, name FROM users WHERE id IN (?) ORDER BY id"
)
