package matching

import (
	"context"
	"fmt"

	"maillage/internal/fault"
	"maillage/matching/engine/consortium"
	"maillage/network"
	"maillage/opportunities"
)

const (
	tenderSteps = 5_000 // of each lot
	tenderSets  = 200   // of groups, one a lot
	tenderLots  = 30
)

// TenderComposition is who could answer each lot of a tender together.
type TenderComposition struct {
	Lots   []Composition
	Looked int
	Gap    consortium.Gap
	Beyond int // lots that were not looked at: a tender has a bound
}

// ComposeTender composes a group for each lot of an opportunity, so that no
// enterprise is in the groups of more than perBidder lots; 0 is no limit.
func (s *Service) ComposeTender(ctx context.Context, o *opportunities.Opportunity, perBidder int) (*TenderComposition, error) {
	out, err := s.composeTender(ctx, o, perBidder)
	if err != nil {
		return nil, fmt.Errorf("compose groups for opportunity %d: %w", o.ID, err)
	}
	return out, nil
}

func (s *Service) composeTender(ctx context.Context, o *opportunities.Opportunity, perBidder int) (*TenderComposition, error) {
	out := &TenderComposition{}
	heads := map[network.ID]OrganisationHead{}
	var asked []consortium.LotQuestion
	opts := consortium.Options{Steps: tenderSteps, Seed: s.seed, Stop: func() bool { return ctx.Err() != nil }}
	for i := range o.Lots {
		lot := o.Lots[i].In(o)
		if lot.Withdrawn {
			continue
		}
		if len(asked) == tenderLots {
			out.Beyond++
			continue
		}
		v, e, err := s.asked(ctx, &lot)
		if err != nil {
			return nil, err
		}
		needs := consortium.NeedsOf(s.atlas, e)
		asked, opts.Km = append(asked, consortium.LotQuestion{Needs: needs, Candidates: s.pool(v, e, needs, nil)}), s.kmFrom(v)
		out.Lots = append(out.Lots, Composition{Lot: s.lotHead(&lot, s.now()), Needs: needs, Reserved: e.Reservation, ToSpecify: !e.Rankable(), Heads: heads})
	}
	if len(asked) == 0 {
		return nil, fault.Conflict("lot-over", "Il n’y a plus de lot à pourvoir.", "There is no lot left to fill.")
	}
	found := consortium.ComposeTender(asked, max(0, perBidder), tenderSets, opts)
	out.Looked, out.Gap = found.Looked, found.Gap
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var ids []network.ID
	for i, r := range found.Lots {
		out.Lots[i].Result = r
		for _, m := range r.Best.Members {
			ids = append(ids, network.ID(m.ID))
		}
	}
	return out, s.heads(ctx, ids, heads)
}
