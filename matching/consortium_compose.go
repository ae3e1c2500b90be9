package matching

import (
	"context"
	"fmt"
	"slices"

	"maillage/internal/fault"
	"maillage/matching/engine"
	"maillage/matching/engine/consortium"
	"maillage/network"
	"maillage/opportunities"
)

// ComposeQuery steers a composition. The zero value asks for the best group.
type ComposeQuery struct {
	Include []network.ID
	Exclude []network.ID
	Most    int   // members, 0: the usual; at most 12
	Weights []int // of the trades of the lot, in their order; none: the usual ones. 0: not needed
	Steps   int   // 0: the usual; at most 200,000
}

const (
	mostPartners = 12
	mostSteps    = 200_000
	usualSteps   = 10_000 // some seconds at most on one core, for a page
	mostWeight   = 9
)

// Composition is who could answer a lot together, as of now. Nothing of it is
// kept.
type Composition struct {
	Lot       LotHead
	Reserved  engine.Reservation
	Needs     consortium.Needs
	Result    consortium.Result
	Heads     map[network.ID]OrganisationHead
	ToSpecify bool
}

// Compose says who could answer a lot together. Candidates are those of the
// ranking, and those who only lack a certification: another member may hold it.
func (s *Service) Compose(ctx context.Context, id opportunities.LotID, q ComposeQuery) (*Composition, error) {
	out, err := s.compose(ctx, id, q)
	if err != nil {
		return nil, fmt.Errorf("compose a group for lot %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) compose(ctx context.Context, id opportunities.LotID, q ComposeQuery) (*Composition, error) {
	stored, err := s.opportunities.Lot(ctx, id)
	if err != nil {
		return nil, err
	}
	v, lot, err := s.asked(ctx, stored)
	if err != nil {
		return nil, err
	}
	now := s.now()
	needs := consortium.NeedsOf(s.atlas, lot)
	if err := weighted(&needs, q.Weights); err != nil {
		return nil, err
	}
	out := &Composition{Lot: s.lotHead(stored, now), Needs: needs, Reserved: lot.Reservation, ToSpecify: !lot.Rankable(), Heads: map[network.ID]OrganisationHead{}}
	candidates := s.pool(v, lot, needs, q.Include)
	if q.Steps <= 0 {
		q.Steps = usualSteps
	}
	o := consortium.Options{Most: min(q.Most, mostPartners), Steps: min(q.Steps, mostSteps), Seed: s.seed,
		Include: engineIDs(q.Include), Exclude: engineIDs(q.Exclude), Stop: func() bool { return ctx.Err() != nil }, Km: s.kmFrom(v)}
	out.Result = consortium.Compose(needs, candidates, o)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return out, s.nameAll(ctx, out, q)
}

// asked reads a lot as the engine does, kept or not.
func (s *Service) asked(ctx context.Context, stored *opportunities.Lot) (*engine.View, *engine.Lot, error) {
	if err := toFill(stored); err != nil {
		return nil, nil, err
	}
	v, err := s.view(ctx)
	if err != nil {
		return nil, nil, err
	}
	if lot, ok := v.Lot(engine.LotID(stored.ID)); ok {
		return v, lot, nil
	}
	ties, err := s.tiesOfParties(ctx, []*opportunities.Lot{stored})
	if err != nil {
		return nil, nil, err
	}
	return v, s.feed.lot(stored, ties), nil
}

// weighted sets the weights that somebody gives the trades.
func weighted(needs *consortium.Needs, weights []int) error {
	if len(weights) == 0 {
		return nil
	}
	bad := len(weights) != len(needs.Trades) || slices.ContainsFunc(weights, func(w int) bool { return w < 0 || w > mostWeight })
	if bad || !slices.ContainsFunc(weights, func(w int) bool { return w > 0 }) {
		return fault.Invalid(fault.At("weights", "range", "Un poids de 0 à 9 pour chaque métier du lot, et au moins un métier.", "A weight from 0 to 9 for each trade of the lot, and one trade at least."))
	}
	for i, w := range weights {
		needs.Trades[i].Weight = w
	}
	return nil
}

// pool reads the candidates: all those of the ranking when no certification is
// asked, and those that somebody asks for. None is left out by its rank, which says
// what it is worth alone: the last one may be the only one of its trade.
func (s *Service) pool(v *engine.View, lot *engine.Lot, needs consortium.Needs, include []network.ID) (out []consortium.Candidate) {
	open := *lot
	open.Certifications = nil
	ids := engineIDs(include)
	for _, m := range v.CandidatesFor(&open, s.now(), engine.Options{Brief: true}).Matches {
		ids = append(ids, m.Enterprise)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		e, ok := v.Enterprise(id)
		if !ok {
			continue
		}
		if c, ok := consortium.Read(v.Rules(), lot, needs, e, s.now()); ok {
			out = append(out, c)
		}
	}
	return out
}

func engineIDs(ids []network.ID) []engine.EnterpriseID {
	out := make([]engine.EnterpriseID, len(ids))
	for i, id := range ids {
		out[i] = engine.EnterpriseID(id)
	}
	return out
}

// kmFrom measures from the sites of the candidates.
func (s *Service) kmFrom(v *engine.View) func(engine.EnterpriseID, uint32) (float64, bool) {
	return func(id engine.EnterpriseID, ord uint32) (float64, bool) {
		e, ok := v.Enterprise(id)
		if !ok || e.Site < 0 || int(ord) >= s.atlas.Len() {
			return 0, false
		}
		return s.atlas.Distance(e.Site, int(ord))
	}
}

// nameAll reads who is spoken of.
func (s *Service) nameAll(ctx context.Context, c *Composition, q ComposeQuery) error {
	ids := slices.Concat(q.Include, q.Exclude)
	for _, p := range append([]consortium.Proposal{c.Result.Best}, c.Result.Alternatives...) {
		for _, m := range p.Members {
			ids = append(ids, network.ID(m.ID))
		}
	}
	return s.heads(ctx, ids, c.Heads)
}

// heads reads how organisations are called.
func (s *Service) heads(ctx context.Context, ids []network.ID, into map[network.ID]OrganisationHead) error {
	if len(ids) == 0 {
		return nil
	}
	all, err := s.network.LoadForMatching(ctx, unique(ids)...)
	if err != nil {
		return err
	}
	for _, o := range all {
		into[o.ID] = s.organisationHead(o)
	}
	return nil
}
