package network

import (
	"context"
	"fmt"
	"slices"

	"maillage/internal/store"
)

// Certify keeps the certificate that a path of certification gives an
// organisation, in the caller's transaction, and asks for its matches if
// anything differs; nil takes it away. source names the path and is the key:
// called again with the same certificate it changes nothing. The path is then
// the only one to speak of that label: what was declared of it goes.
func (s *Service) Certify(ctx context.Context, tx store.Tx, id ID, source string, given *Certification) error {
	cur, err := s.hold(ctx, tx, id, 0)
	if err != nil {
		return fmt.Errorf("certify organisation %d: %w", id, err)
	}
	want := cur.clone()
	want.Certifications = certified(cur.Certifications, source, given)
	if err := s.write(ctx, tx, cur, want); err != nil {
		return fmt.Errorf("certify organisation %d: %w", id, err)
	}
	return nil
}

// certified are the certifications once a path has spoken. A row keeps its number.
func certified(have []Certification, source string, given *Certification) []Certification {
	out := slices.DeleteFunc(slices.Clone(have), func(c Certification) bool {
		return c.Source == source || given != nil && c.Source == "" && c.Code == given.Code
	})
	if given == nil {
		return out
	}
	row := *given
	row.ID, row.Source = 0, source
	if i := slices.IndexFunc(have, func(c Certification) bool { return c.Source == source }); i >= 0 {
		row.ID = have[i].ID
	}
	return append(out, row)
}

// followed are the certifications of an edit or an import: they say what is
// declared, and never speak of a label for which a path does.
func followed(cur *Organisation, declared []Certification) []Certification {
	out := []Certification{}
	if cur != nil {
		out = slices.DeleteFunc(slices.Clone(cur.Certifications), func(c Certification) bool { return c.Source == "" })
	}
	kept := len(out)
	for _, c := range declared {
		if !slices.ContainsFunc(out[:kept], func(path Certification) bool { return path.Code == c.Code }) {
			c.Source = ""
			out = append(out, c)
		}
	}
	return out
}
