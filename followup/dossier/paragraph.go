package dossier

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
)

// ParagraphID identifies a paragraph through its versions.
type ParagraphID int64

// Theme is what a paragraph of a technical memo is about.
type Theme string

// The themes, in the order of a memo.
const (
	ThemeEnterprise  Theme = "enterprise"
	ThemeTeam        Theme = "team"
	ThemeMethod      Theme = "method"
	ThemeInsertion   Theme = "insertion"
	ThemeEnvironment Theme = "environment"
	ThemeSafety      Theme = "safety"
	ThemeQuality     Theme = "quality"
	ThemePlanning    Theme = "planning"
)

// Themes lists them.
func Themes() []Theme {
	return []Theme{ThemeEnterprise, ThemeTeam, ThemeMethod, ThemeInsertion, ThemeEnvironment, ThemeSafety, ThemeQuality, ThemePlanning}
}

// Paragraph is a text of a technical memo that serves again, at its latest version.
type Paragraph struct {
	bun.BaseModel `bun:"table:dossier_paragraphs,alias:pg"`

	ID             ParagraphID `bun:"id,pk,autoincrement"`
	OrganisationID network.ID  `bun:"organisation_id"`
	Theme          Theme       `bun:"theme"`
	Title          string      `bun:"title"`
	Version        int         `bun:"version"`
	RetiredAt      *time.Time  `bun:"retired_at"` // no longer offered; its versions stay
	CreatedAt      time.Time   `bun:"created_at"`

	Words     string    `bun:"words,scanonly"` // of this version
	WrittenAt time.Time `bun:"written_at,scanonly"`
}

// Version is a paragraph as it was written once; it is never changed.
type Version struct {
	bun.BaseModel `bun:"table:dossier_paragraph_versions,alias:pv"`

	ParagraphID ParagraphID `bun:"paragraph_id,pk"`
	Version     int         `bun:"version,pk"`
	Title       string      `bun:"title"`
	Words       string      `bun:"words"`
	WrittenBy   *int64      `bun:"written_by"`
	WrittenAt   time.Time   `bun:"written_at"`
}

func (p *Paragraph) check() error {
	p.Title, p.Words = strings.TrimSpace(p.Title), strings.TrimSpace(strings.ReplaceAll(p.Words, "\r\n", "\n"))
	var f fault.List
	f.At(!slices.Contains(Themes(), p.Theme), "theme", "unknown", "Dites de quoi parle ce paragraphe.", "Say what this paragraph is about.")
	f.At(p.Title == "" || utf8.RuneCountInString(p.Title) > longestTitle, "title", "required", "Donnez un titre, en 200 caractères au plus.", "Give a title, in 200 characters at most.")
	f.At(p.Words == "", "words", "required", "Écrivez le paragraphe.", "Write the paragraph.")
	f.At(utf8.RuneCountInString(p.Words) > longestParagraph, "words", "too_long", "20 000 caractères au plus.", "20,000 characters at most.")
	return f.Err()
}

// Paragraphs lists those of an enterprise that are offered, by theme.
func (s *Service) Paragraphs(ctx context.Context, id network.ID) ([]Paragraph, error) {
	if err := s.mine(ctx, accounts.DossierRead, id); err != nil {
		return nil, err
	}
	all, err := paragraphsOf(ctx, s.Store.Read(), id)
	slices.SortStableFunc(all, func(a, b Paragraph) int {
		return slices.Index(Themes(), a.Theme) - slices.Index(Themes(), b.Theme)
	})
	return all, err
}

// Versions is the history of a paragraph, the latest first.
func (s *Service) Versions(ctx context.Context, id ParagraphID) (*Paragraph, []Version, error) {
	p, err := paragraphByID(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.may(ctx, accounts.DossierRead, p.OrganisationID, "paragraph", int64(id)); err != nil {
		return nil, nil, err
	}
	all, err := versionsOf(ctx, s.Store.Read(), id)
	return p, all, err
}

// WriteParagraph adds a paragraph, or a version to one that has an ID; base is the
// version that was read. The same words again add nothing.
func (s *Service) WriteParagraph(ctx context.Context, p Paragraph, base int) (*Paragraph, error) {
	if err := s.mine(ctx, accounts.DossierEdit, p.OrganisationID); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdFile(ctx, tx, p.OrganisationID); err != nil {
			return err
		}
		return s.putParagraph(ctx, tx, &p, base)
	})
	if err != nil {
		return nil, fmt.Errorf("write a paragraph of organisation %d: %w", p.OrganisationID, err)
	}
	return &p, nil
}

func (s *Service) putParagraph(ctx context.Context, tx store.Tx, p *Paragraph, base int) error {
	known, err := sameParagraph(ctx, tx, p)
	if err != nil {
		return err
	}
	if known != nil && known.Words == p.Words && known.Title == p.Title && known.Theme == p.Theme {
		*p = *known
		return nil
	}
	if p.ID != 0 {
		if known == nil {
			return fault.NotFound("paragraph", p.ID)
		}
		if base != known.Version {
			return fault.Stale()
		}
		p.Version, p.CreatedAt = known.Version, known.CreatedAt
	} else {
		p.Version, p.CreatedAt = 0, s.now()
	}
	p.Version, p.WrittenAt = p.Version+1, s.now()
	if err := writeParagraph(ctx, tx, p, accounts.From(ctx).Actor()); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.DossierEdit, "paragraph", int64(p.ID), "written")
}

// RetireParagraph no longer offers a paragraph; once more changes nothing.
func (s *Service) RetireParagraph(ctx context.Context, id ParagraphID) error {
	p, err := paragraphByID(ctx, s.Store.Read(), id)
	if err != nil {
		return err
	}
	if err := s.may(ctx, accounts.DossierEdit, p.OrganisationID, "paragraph", int64(id)); err != nil {
		return err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := retireParagraph(ctx, tx, id, s.now()); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.DossierEdit, "paragraph", int64(id), "retired")
	})
	if err != nil {
		return fmt.Errorf("retire paragraph %d: %w", id, err)
	}
	return nil
}
