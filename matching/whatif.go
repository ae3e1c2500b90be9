package matching

import (
	"context"
	"fmt"
	"time"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// WhatIf is what an enterprise found over a period, what it nearly found, and
// what each change alone would have brought, with the lots in question.
type WhatIf struct {
	Organisation OrganisationHead `json:"organisation"`
	AsOf         time.Time        `json:"as_of"`
	Since        time.Time        `json:"since"`
	Engine       string           `json:"engine"`
	ToSpecify    bool             `json:"to_specify"` // it doesn't say its trade: nothing can be supposed
	Matched      int              `json:"matched"`
	Short        int              `json:"short"` // among the matched, those it is not large enough for
	Misses       []Missed         `json:"misses"`
	Changes      []Brought        `json:"changes"` // the most lots first; they overlap and don't add up
	Pair         *Brought         `json:"pair,omitempty"`
}

// Missed are the lots that one criterion alone kept away, and that were near.
type Missed struct {
	Criterion engine.Criterion `json:"criterion"`
	Total     int              `json:"total"`
	Lots      []LotHead        `json:"lots"` // the latest deadline first, bounded
}

// Brought is what a change, or two together, would have brought.
type Brought struct {
	Suppositions []engine.Supposition `json:"suppositions"`
	Words        Text                 `json:"words"`
	Apart        bool                 `json:"apart"`     // one more activity that is no neighbour of its trades
	Total        int                  `json:"total"`     // lots more
	Raised       int                  `json:"raised"`    // lots that suited already, and that it would be large enough for
	Beyond       int                  `json:"beyond"`    // of a step of km: lots that the step before doesn't bring; of a pair: lots that neither brings alone
	Amount       float64              `json:"amount"`    // euros, of the lots that say it
	AmountOf     int                  `json:"amount_of"` // how many say it
	Hours        float64              `json:"hours"`     // of insertion
	HoursOf      int                  `json:"hours_of"`
	Lots         []LotHead            `json:"lots"` // more, or raised when none is more; the latest deadline first, bounded
}

// WhatIfQuery bounds a question. The zero value asks for the counts of the last
// twelve months as of now.
type WhatIfQuery struct {
	AsOf   time.Time // zero: now
	Months int       // 0: 12
	Lots   int       // listed for each line; 0: none
}

// WhatIf says what changes would have brought an enterprise, computed from the
// present facts. A lot that has ended is judged by its own date; one still open,
// by the date asked.
func (s *Service) WhatIf(ctx context.Context, id network.ID, q WhatIfQuery) (*WhatIf, error) {
	if q.AsOf.IsZero() {
		q.AsOf = s.now()
	}
	o, err := s.network.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("suppose changes of organisation %d: %w", id, err)
	}
	v, err := s.view(ctx)
	if err != nil {
		return nil, fmt.Errorf("suppose changes of organisation %d: %w", id, err)
	}
	e, member := v.Enterprise(engine.EnterpriseID(id))
	if !member {
		e = &engine.Enterprise{ID: engine.EnterpriseID(id), Site: engine.NoSite}
	}
	w := v.WhatIf(e, q.AsOf, engine.Asking{Months: q.Months})
	out := &WhatIf{Organisation: s.organisationHead(o), AsOf: w.AsOf.UTC(), Since: w.Since.UTC(), Engine: w.Version,
		ToSpecify: w.ToSpecify, Matched: w.Matched, Short: w.Short, Misses: []Missed{}, Changes: []Brought{}}
	heads, err := s.headsOf(ctx, &w, q)
	if err != nil {
		return nil, fmt.Errorf("suppose changes of organisation %d: %w", id, err)
	}
	for _, m := range w.Misses {
		out.Misses = append(out.Misses, Missed{Criterion: m.Criterion, Total: len(m.Lots), Lots: heads.of(m.Lots)})
	}
	for i := range w.Gains {
		out.Changes = append(out.Changes, s.brought(&w.Gains[i], heads))
	}
	if w.Pair != nil {
		pair := s.brought(w.Pair, heads)
		out.Pair = &pair
	}
	return out, nil
}

func (s *Service) brought(g *engine.Gain, heads headed) Brought {
	return Brought{Suppositions: g.Suppositions, Words: s.suppositionWords(g.Suppositions...), Apart: g.Apart, Total: len(g.Lots), Raised: len(g.Raised), Beyond: g.Beyond,
		Amount: g.Amount, AmountOf: g.AmountOf, Hours: g.Hours, HoursOf: g.HoursOf, Lots: heads.of(shownOf(g))}
}

// shownOf are the lots that a line lists.
func shownOf(g *engine.Gain) []engine.LotID {
	if len(g.Lots) > 0 {
		return g.Lots
	}
	return g.Raised
}

// headed are the lots that were read to be shown, so many for each line.
type headed struct {
	most int
	by   map[engine.LotID]LotHead
}

func (h headed) of(ids []engine.LotID) []LotHead {
	out := []LotHead{}
	for _, id := range ids[:min(h.most, len(ids))] {
		if head, ok := h.by[id]; ok {
			out = append(out, head)
		}
	}
	return out
}

// headsOf reads the lots to be shown, in one go.
func (s *Service) headsOf(ctx context.Context, w *engine.WhatIf, q WhatIfQuery) (headed, error) {
	h := headed{most: min(q.Lots, mostLimit), by: map[engine.LotID]LotHead{}}
	if h.most <= 0 {
		return h, nil
	}
	var ids []opportunities.LotID
	want := func(lots []engine.LotID) {
		for _, id := range lots[:min(h.most, len(lots))] {
			ids = append(ids, opportunities.LotID(id))
		}
	}
	for _, m := range w.Misses {
		want(m.Lots)
	}
	for i := range w.Gains {
		want(shownOf(&w.Gains[i]))
	}
	if w.Pair != nil {
		want(w.Pair.Lots)
	}
	lots, err := s.opportunities.Lots(ctx, unique(ids)...)
	if err != nil {
		return h, err
	}
	for _, l := range lots {
		h.by[engine.LotID(l.ID)] = s.lotHead(l, q.AsOf)
	}
	return h, nil
}
