package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/conventions"
)

// RoutedPosition is a place that a sector partnership brings to who asks.
type RoutedPosition struct {
	Lot         int64      `json:"lot"`
	Opportunity int64      `json:"opportunity"`
	Employer    int64      `json:"employer" doc:"Who offers it, and signed."`
	Partnership int64      `json:"partnership"`
	Convention  string     `json:"convention" doc:"Its name."`
	Deadline    *time.Time `json:"deadline,omitempty"`
}

func (s *Server) routed() {
	add(s, Operation{ID: "list-routed-positions", Method: http.MethodGet, Path: "/v1/routed-positions", Tag: tagTies, Action: accounts.PartnershipRouted, Summary: "The positions that sector partnerships bring",
		About: "Of a member or a counsellor: to where its structure is. Of an officer: to the perimeter. A place is brought by one convention, the nearest that its employer signed."}, s.listRouted)
}

func (s *Server) listRouted(ctx context.Context, _ *struct{}) (*Found[[]RoutedPosition], error) {
	all, err := s.cfg.Conventions.For(ctx)
	if err != nil {
		return nil, err
	}
	return found(each(all, func(r conventions.Route) RoutedPosition {
		return RoutedPosition{Lot: int64(r.Lot), Opportunity: int64(r.Opportunity), Employer: r.Employer, Partnership: r.Convention, Convention: r.Name, Deadline: utc(r.Deadline)}
	})), nil
}
