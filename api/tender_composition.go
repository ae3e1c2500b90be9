package api

import (
	"context"
	"net/http"

	"maillage/accounts"
	"maillage/matching"
	"maillage/opportunities"
)

// ComposeTenderInput steers the composition of a whole tender.
type ComposeTenderInput struct {
	LotsPerBidder int `json:"lots_per_bidder,omitempty" minimum:"0" maximum:"1000" doc:"Lots at most for one bidder, as the documents of the consultation say (L2113-10, R2113-1); 0 if absent: no limit."`
}

// ComposedTender is who could answer each lot of a tender together. Nothing of it
// is kept.
type ComposedTender struct {
	Lots        []ComposedLot `json:"lots"`
	Proven      bool          `json:"proven" doc:"No set of groups within the limit covers more of these lots, nor as much with fewer members."`
	GapMembers  int           `json:"gap_members" doc:"A set as good may have so many members fewer; 0 is proof."`
	GapCoverage float64       `json:"gap_coverage" doc:"Another set may cover so much more, summed over the lots; 0 is proof."`
	Looked      int           `json:"looked" doc:"Sets of groups that were looked at."`
	Beyond      int           `json:"beyond" doc:"Lots that were not composed: the first 30 are."`
}

// ComposedLot is the group of one lot.
type ComposedLot struct {
	Lot         int64    `json:"lot"`
	Composition Composed `json:"composition" doc:"Without alternatives."`
}

func (s *Server) tenderComposition() {
	add(s, Operation{ID: "compose-tender", Method: http.MethodPost, Path: "/v1/opportunities/{id}/composition", Tag: tagMatches, Action: accounts.ConsortiumCompose,
		Summary: "Who could answer a whole tender together", About: "A group for each lot, so that no enterprise is in the groups of more lots than the buyer lets one bidder have. Nothing is kept. 409 where there is no lot left to fill.",
		Example: `{"lots_per_bidder":2}`}, s.composeTender)
}

func (s *Server) composeTender(ctx context.Context, in *struct {
	ByID
	Body ComposeTenderInput
}) (*Found[ComposedTender], error) {
	o, err := s.visible(ctx, opportunities.ID(in.ID))
	if err != nil {
		return nil, err
	}
	if err := s.allow(ctx, accounts.ConsortiumCompose, s.scopeOfOpportunity(o)); err != nil {
		return nil, err
	}
	t, err := s.cfg.Matching.ComposeTender(ctx, o, in.Body.LotsPerBidder)
	if err != nil {
		return nil, err
	}
	return found(s.showTender(t)), nil
}

func (s *Server) showTender(t *matching.TenderComposition) ComposedTender {
	out := ComposedTender{Lots: make([]ComposedLot, 0, len(t.Lots)), GapMembers: t.Gap.Members, GapCoverage: t.Gap.Coverage,
		Proven: t.Gap.Members == 0 && t.Gap.Coverage == 0, Looked: t.Looked, Beyond: t.Beyond}
	for i := range t.Lots {
		out.Lots = append(out.Lots, ComposedLot{Lot: int64(t.Lots[i].Lot.ID), Composition: s.showComposed(&t.Lots[i])})
	}
	return out
}
