package dossier

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
)

// most bounds the references and the paragraphs of an enterprise that are listed.
const most = 500

func referencesOf(ctx context.Context, db bun.IDB, id network.ID) ([]Reference, error) {
	rows := []Reference{}
	err := db.NewSelect().Model(&rows).Comment("dossier.referencesOf").Where("dr.organisation_id = ?", id).OrderExpr("dr.year DESC, dr.id DESC").Limit(most).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the references of organisation %d: %w", id, err)
	}
	return rows, nil
}

// sameReference finds the reference of a win, or one that says the same; nil: none.
func sameReference(ctx context.Context, tx store.Tx, r *Reference) (*Reference, error) {
	known := &Reference{}
	q := tx.NewSelect().Model(known).Comment("dossier.sameReference").Where("dr.organisation_id = ?", r.OrganisationID).OrderExpr("dr.id").Limit(1)
	if r.MatchID != nil {
		q = q.Where("dr.match_id = ?", *r.MatchID)
	} else {
		q = q.Where("dr.object = ? AND dr.buyer = ? AND dr.year = ? AND dr.amount = ? AND dr.contact = ?", r.Object, r.Buyer, r.Year, r.Amount, r.Contact)
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // none says the same
	}
	if err != nil {
		return nil, fmt.Errorf("look for the same reference: %w", err)
	}
	return known, nil
}

func insertReference(ctx context.Context, tx store.Tx, r *Reference) error {
	if _, err := tx.NewInsert().Model(r).Comment("dossier.insertReference").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a reference: %w", err)
	}
	return nil
}

// updateReference changes a reference that is still as it was read; the win it was
// drawn from does not change.
func updateReference(ctx context.Context, tx store.Tx, r *Reference) error {
	known := &Reference{}
	err := tx.NewSelect().Model(known).Comment("dossier.referenceByID").Where("dr.id = ? AND dr.organisation_id = ?", r.ID, r.OrganisationID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound("reference", r.ID)
	}
	if err != nil {
		return fmt.Errorf("read reference %d: %w", r.ID, err)
	}
	if r.Revision != 0 && r.Revision != known.Revision {
		return fault.Stale()
	}
	r.Revision, r.CreatedAt, r.MatchID = known.Revision+1, known.CreatedAt, known.MatchID
	if _, err := tx.NewUpdate().Model(r).Comment("dossier.updateReference").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write reference %d: %w", r.ID, err)
	}
	return nil
}

func deleteReference(ctx context.Context, tx store.Tx, id network.ID, ref ReferenceID) error {
	if _, err := tx.NewRaw("/* dossier.deleteReferencePicks */ DELETE FROM answer_picks WHERE what = ? AND picked = (SELECT id FROM dossier_references WHERE id = ? AND organisation_id = ?)", PickReference, ref, id).Exec(ctx); err != nil {
		return fmt.Errorf("no longer choose reference %d: %w", ref, err)
	}
	if _, err := tx.NewRaw("/* dossier.deleteReference */ DELETE FROM dossier_references WHERE id = ? AND organisation_id = ?", ref, id).Exec(ctx); err != nil {
		return fmt.Errorf("delete reference %d: %w", ref, err)
	}
	return nil
}

func selectParagraphs(db bun.IDB, model any, name string) *bun.SelectQuery {
	return db.NewSelect().Model(model).ModelTableExpr("dossier_paragraphs AS pg").Comment(name).
		ColumnExpr("pg.*, pv.words, pv.written_at").Join("JOIN dossier_paragraph_versions AS pv ON pv.paragraph_id = pg.id AND pv.version = pg.version")
}

func paragraphsOf(ctx context.Context, db bun.IDB, id network.ID) ([]Paragraph, error) {
	rows := []Paragraph{}
	err := selectParagraphs(db, &rows, "dossier.paragraphsOf").Where("pg.organisation_id = ? AND pg.retired_at IS NULL", id).OrderExpr("pg.theme, pg.id").Limit(most).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the paragraphs of organisation %d: %w", id, err)
	}
	return rows, nil
}

func paragraphByID(ctx context.Context, db bun.IDB, id ParagraphID) (*Paragraph, error) {
	p := &Paragraph{}
	err := selectParagraphs(db, p, "dossier.paragraphByID").Where("pg.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("paragraph", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read paragraph %d: %w", id, err)
	}
	return p, nil
}

// sameParagraph finds the paragraph that is written again, or one that says the
// same; nil: none.
func sameParagraph(ctx context.Context, tx store.Tx, p *Paragraph) (*Paragraph, error) {
	known := &Paragraph{}
	q := selectParagraphs(tx, known, "dossier.sameParagraph").Where("pg.organisation_id = ? AND pg.retired_at IS NULL", p.OrganisationID).OrderExpr("pg.id").Limit(1)
	if p.ID != 0 {
		q = q.Where("pg.id = ?", p.ID)
	} else {
		q = q.Where("pg.theme = ? AND pg.title = ? AND pv.words = ?", p.Theme, p.Title, p.Words)
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // none says the same
	}
	if err != nil {
		return nil, fmt.Errorf("look for a paragraph: %w", err)
	}
	return known, nil
}

func writeParagraph(ctx context.Context, tx store.Tx, p *Paragraph, by *int64) error {
	var err error
	if p.ID == 0 {
		_, err = tx.NewInsert().Model(p).Comment("dossier.insertParagraph").Returning("id").Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(p).Comment("dossier.updateParagraph").Column("theme", "title", "version").WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write a paragraph: %w", err)
	}
	v := &Version{ParagraphID: p.ID, Version: p.Version, Title: p.Title, Words: p.Words, WrittenBy: by, WrittenAt: p.WrittenAt}
	if _, err := tx.NewInsert().Model(v).Comment("dossier.insertVersion").Exec(ctx); err != nil {
		return fmt.Errorf("write version %d of paragraph %d: %w", v.Version, p.ID, err)
	}
	return nil
}

func versionsOf(ctx context.Context, db bun.IDB, id ParagraphID) ([]Version, error) {
	rows := []Version{}
	if err := db.NewSelect().Model(&rows).Comment("dossier.versionsOf").Where("pv.paragraph_id = ?", id).OrderExpr("pv.version DESC").Limit(most).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the versions of paragraph %d: %w", id, err)
	}
	return rows, nil
}

func retireParagraph(ctx context.Context, tx store.Tx, id ParagraphID, at time.Time) error {
	if _, err := tx.NewRaw("/* dossier.retireParagraph */ UPDATE dossier_paragraphs SET retired_at = ? WHERE id = ? AND retired_at IS NULL", at, id).Exec(ctx); err != nil {
		return fmt.Errorf("write paragraph %d: %w", id, err)
	}
	return nil
}

// candidateOf reads the data of a candidate; empty where nothing was told.
func candidateOf(ctx context.Context, db bun.IDB, id network.ID) (*Candidate, error) {
	c := &Candidate{}
	err := db.NewSelect().Model(c).Comment("dossier.candidateOf").Where("ca.organisation_id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return &Candidate{OrganisationID: id, Years: []Year{}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the data of candidate %d: %w", id, err)
	}
	return c, nil
}

func writeCandidate(ctx context.Context, tx store.Tx, c *Candidate) error {
	if c.Years == nil {
		c.Years = []Year{}
	}
	_, err := tx.NewInsert().Model(c).Comment("dossier.writeCandidate").On("CONFLICT (organisation_id) DO UPDATE").
		Set("legal_form = EXCLUDED.legal_form, signatory = EXCLUDED.signatory, quality = EXCLUDED.quality, capacity = EXCLUDED.capacity").
		Set("years = EXCLUDED.years, revision = EXCLUDED.revision, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("write the data of candidate %d: %w", c.OrganisationID, err)
	}
	return nil
}

// pick is something chosen for an answer.
type pick struct {
	bun.BaseModel `bun:"table:answer_picks,alias:pi"`

	MatchID  matching.ID `bun:"match_id,pk"`
	What     What        `bun:"what,pk"`
	Picked   int64       `bun:"picked,pk"`
	Version  int         `bun:"version"` // of a paragraph; 0: of a reference
	Position int         `bun:"position"`
}

func replacePicks(ctx context.Context, tx store.Tx, id matching.ID, what What, rows []pick) error {
	if _, err := tx.NewRaw("/* dossier.clearPicks */ DELETE FROM answer_picks WHERE match_id = ? AND what = ?", id, what).Exec(ctx); err != nil {
		return fmt.Errorf("clear what was chosen for match %d: %w", id, err)
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&rows).Comment("dossier.insertPicks").Exec(ctx); err != nil {
		return fmt.Errorf("write what is chosen for match %d: %w", id, err)
	}
	return nil
}

func pickedOf(ctx context.Context, db bun.IDB, id matching.ID) (*Picked, error) {
	out := &Picked{References: []Reference{}, Paragraphs: []Version{}}
	err := db.NewSelect().Model(&out.References).Comment("dossier.pickedReferences").Join("JOIN answer_picks AS pi ON pi.what = ? AND pi.picked = dr.id", PickReference).
		Where("pi.match_id = ?", id).OrderExpr("pi.position, dr.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the references of match %d: %w", id, err)
	}
	err = db.NewSelect().Model(&out.Paragraphs).Comment("dossier.pickedParagraphs").Join("JOIN answer_picks AS pi ON pi.what = ? AND pi.picked = pv.paragraph_id AND pi.version = pv.version", PickParagraph).
		Where("pi.match_id = ?", id).OrderExpr("pi.position, pv.paragraph_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the paragraphs of match %d: %w", id, err)
	}
	return out, nil
}
