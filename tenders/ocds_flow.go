package tenders

import (
	"context"
	"io"
	"iter"

	"maillage/opportunities"
)

// Export asks for what a filter chooses as one package: from a cursor (""
// begins), so many procurements at most (0: all). Path gives the path of the
// package that begins at a cursor; what is left is in the one that follows.
type Export struct {
	Filter opportunities.Filter
	Order  opportunities.Order
	After  string
	Most   int
	Path   func(after string) string
}

// exportBatch is how many procurements are in memory at once.
const exportBatch = 100

// Export writes what is asked, and tells how many releases it wrote; see
// WriteReleases for what becomes of an error.
func (s *Service) Export(ctx context.Context, w io.Writer, ask Export) (int, error) {
	after, given := ask.After, 0
	batches := func(yield func([]*opportunities.Opportunity, error) bool) {
		for {
			limit := exportBatch
			if ask.Most > 0 {
				limit = min(limit, ask.Most-given)
			}
			page, err := s.offers.List(ctx, Releasable(ask.Filter), opportunities.Request{After: after, Limit: limit, Order: ask.Order})
			if err != nil {
				yield(nil, err)
				return
			}
			given, after = given+len(page.Items), page.Next
			if !yield(page.Items, nil) || after == "" || ask.Most > 0 && given >= ask.Most {
				return
			}
		}
	}
	next := func() string {
		if after == "" {
			return ""
		}
		return ask.Path(after)
	}
	return s.WriteReleases(ctx, w, Outflow{Path: ask.Path(ask.After), Batches: iter.Seq2[[]*opportunities.Opportunity, error](batches), Next: next})
}
