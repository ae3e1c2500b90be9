package tenure

import (
	"context"

	"maillage/matching/placement"
)

// Awaited is a person hired of whom something is to be asked now.
type Awaited struct {
	Proposal     placement.ID
	Organisation int64 // the person's structure
	Due          State // InPost3 or InPost6
}

// Awaited lists the persons to be asked about, of every structure. It tells
// nobody: it is for what reminds counsellors.
func (s *Service) Awaited(ctx context.Context) ([]Awaited, error) {
	rows, err := hired(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	var out []Awaited
	for _, r := range rows {
		if due := s.line(r, structure).Due; due != Nothing {
			out = append(out, Awaited{r.ProposalID, r.Organisation, due})
		}
	}
	return out, nil
}
