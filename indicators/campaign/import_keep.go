package campaign

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// importRow is an import that was made.
type importRow struct {
	bun.BaseModel `bun:"table:questionnaire_imports,alias:qi"`

	ID         int64     `bun:"id,pk,autoincrement"`
	CampaignID ID        `bun:"campaign_id"`
	File       string    `bun:"file"`
	ActorID    *int64    `bun:"actor_id"`
	At         time.Time `bun:"at"`
	Read       int       `bun:"read"`
	Updated    int       `bun:"updated"`
	Unchanged  int       `bun:"unchanged"`
	Rejected   int       `bun:"rejected"`
}

// rejection is a row of a file that was not kept.
type rejection struct {
	bun.BaseModel `bun:"table:questionnaire_rejections,alias:qr"`

	ID       int64     `bun:"id,pk,autoincrement"`
	ImportID int64     `bun:"import_id"`
	Line     int       `bun:"line"`
	Faults   []Located `bun:"faults"`
	Cells    []string  `bun:"cells"`
}

// keep keeps what an import did, and the rows that it refused.
func (run *importing) keep(ctx context.Context) error {
	if run.file.Preview {
		return nil
	}
	r, s := run.r, run.s
	row := &importRow{CampaignID: run.c.ID, File: clip(run.file.Name, 200), ActorID: accounts.From(ctx).Actor(), At: s.now(), Read: r.Read, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := insertImport(ctx, tx, row, r.Refused); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.QuestionnaireImport, "campaign", int64(run.c.ID))
	})
	r.ID = row.ID
	return err
}

// Refused reads the rows that an import did not keep: for who made it, and for an
// administrator.
func (s *Service) Refused(ctx context.Context, id int64) ([]Refusal, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.QuestionnaireImport); err != nil {
		return nil, err
	}
	row, err := importBy(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	mine := row.ActorID != nil && *row.ActorID == int64(me.UserID)
	if !mine && accounts.ReachOf(me, accounts.QuestionnaireImport) != accounts.Anywhere {
		return nil, fault.NotFound("import", id)
	}
	return rejectionsOf(ctx, s.store.Read(), id)
}

// WriteRefused writes refused rows as a file of the same layout, each with its
// line and what to correct in front: once put right, it can be imported.
func WriteRefused(w io.Writer, rows []Refusal, lang string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write refused rows: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write(append([]string{"ligne", "a_corriger"}, header()...)); err != nil {
		return fmt.Errorf("write refused rows: %w", err)
	}
	for _, r := range rows {
		var words []string
		for _, f := range r.Faults {
			words = append(words, strings.TrimPrefix(f.Column+" : ", " : ")+f.Text.In(lang))
		}
		cells := []string{strconv.Itoa(r.Line), strings.Join(words, " ; ")}
		for _, c := range r.Cells {
			cells = append(cells, inert(live(c)))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write refused rows: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}
