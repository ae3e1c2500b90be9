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

// LegalForms lists the forms that an enterprise of the network may have.
func LegalForms() []string {
	return []string{"association", "sarl", "sas", "sa", "scic", "scop", "eurl", "public", "other"}
}

// Candidate is the data that the forms of an application ask for (DC1, DC2, DUME)
// and that the network does not hold already.
type Candidate struct {
	bun.BaseModel `bun:"table:dossier_candidates,alias:ca"`

	OrganisationID network.ID `bun:"organisation_id,pk"`
	LegalForm      string     `bun:"legal_form"`
	Signatory      string     `bun:"signatory"` // who signs, at work
	Quality        string     `bun:"quality"`   // as what: "présidente", "directeur"
	Capacity       string     `bun:"capacity"`  // technical and human, in words
	Years          []Year     `bun:"years"`     // at most three, the latest first
	Revision       int64      `bun:"revision"`  // 0: nothing was told yet
	UpdatedAt      time.Time  `bun:"updated_at"`

	Organisation *network.Organisation `bun:"-"` // its identity, as the network knows it
}

// Year is a closed year: euros excluding taxes, and the share of them that
// comes from what the contract is about (DC2, F1).
type Year struct {
	Year     int     `json:"year"`
	Turnover float64 `json:"turnover"`
	Share    float64 `json:"share,omitempty"` // percent; 0: not told
	Staff    float64 `json:"staff,omitempty"` // on average, persons; 0: not told
}

const mostYears = 3

func (c *Candidate) check(year int) error {
	c.Signatory, c.Quality, c.Capacity = strings.TrimSpace(c.Signatory), strings.TrimSpace(c.Quality), strings.TrimSpace(c.Capacity)
	var f fault.List
	f.At(c.LegalForm != "" && !slices.Contains(LegalForms(), c.LegalForm), "legal_form", "unknown", "Cette forme juridique n’est pas connue.", "This legal form is not known.")
	f.At(utf8.RuneCountInString(c.Signatory) > longestTitle, "signatory", "too_long", "200 caractères au plus.", "200 characters at most.")
	f.At(utf8.RuneCountInString(c.Quality) > longestTitle, "quality", "too_long", "200 caractères au plus.", "200 characters at most.")
	f.At(utf8.RuneCountInString(c.Capacity) > 4000, "capacity", "too_long", "4 000 caractères au plus.", "4,000 characters at most.")
	f.At(len(c.Years) > mostYears, "years", "too_many", "Trois exercices au plus.", "Three years at most.")
	for i, y := range c.Years {
		path := fmt.Sprintf("years[%d]", i)
		f.At(y.Year < firstYear || y.Year > year, path+".year", "range", "Une année close, cette année au plus.", "A closed year, this one at the latest.")
		f.At(y.Turnover < 0 || y.Turnover > 1e10, path+".turnover", "range", "Un montant en euros, hors taxes.", "An amount in euros, excluding taxes.")
		f.At(y.Share < 0 || y.Share > 100, path+".share", "range", "Une part entre 0 et 100.", "A share between 0 and 100.")
		f.At(y.Staff < 0 || y.Staff > 1e6, path+".staff", "range", "Un effectif moyen.", "An average number of staff.")
	}
	slices.SortStableFunc(c.Years, func(a, b Year) int { return b.Year - a.Year })
	f.At(slices.ContainsFunc(c.Years[min(1, len(c.Years)):], func(y Year) bool { return twice(c.Years, y.Year) }), "years", "twice", "La même année est dite deux fois.", "The same year is told twice.")
	return f.Err()
}

func twice(years []Year, one int) bool {
	n := 0
	for _, y := range years {
		if y.Year == one {
			n++
		}
	}
	return n > 1
}

// Candidate reads the data of an enterprise; what was never told is empty.
func (s *Service) Candidate(ctx context.Context, id network.ID) (*Candidate, error) {
	if err := s.mine(ctx, accounts.DossierRead, id); err != nil {
		return nil, err
	}
	c, err := candidateOf(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	c.Organisation, err = s.Network.Get(ctx, id)
	return c, err
}

// SaveCandidate keeps the data of an enterprise; expected is the revision that was
// read, 0 not to check. The same again changes nothing.
func (s *Service) SaveCandidate(ctx context.Context, c Candidate, expected int64) (*Candidate, error) {
	if err := s.mine(ctx, accounts.DossierEdit, c.OrganisationID); err != nil {
		return nil, err
	}
	if err := c.check(s.now().In(s.paris).Year()); err != nil {
		return nil, err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdFile(ctx, tx, c.OrganisationID); err != nil {
			return err
		}
		return s.putCandidate(ctx, tx, &c, expected)
	})
	if err != nil {
		return nil, fmt.Errorf("save the data of candidate %d: %w", c.OrganisationID, err)
	}
	return s.Candidate(ctx, c.OrganisationID)
}

func (s *Service) putCandidate(ctx context.Context, tx store.Tx, c *Candidate, expected int64) error {
	known, err := candidateOf(ctx, tx, c.OrganisationID)
	if err != nil || known.says(c) {
		return err
	}
	if expected != 0 && expected != known.Revision {
		return fault.Stale()
	}
	c.Revision, c.UpdatedAt = known.Revision+1, s.now()
	if err := writeCandidate(ctx, tx, c); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.DossierEdit, "candidate", int64(c.OrganisationID), "changed")
}

// says tells that two candidates say the same.
func (c *Candidate) says(d *Candidate) bool {
	return c.Revision > 0 && c.LegalForm == d.LegalForm && c.Signatory == d.Signatory && c.Quality == d.Quality && c.Capacity == d.Capacity && slices.Equal(c.Years, d.Years)
}
