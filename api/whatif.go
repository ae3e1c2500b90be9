package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
)

// WhatIfInput bounds a question on what changes would have brought.
type WhatIfInput struct {
	ByID
	AsOf   time.Time `query:"as_of" doc:"As of this instant; now if absent."`
	Months int       `query:"months" minimum:"1" maximum:"36" default:"12" doc:"How far back lots that have ended count."`
	Lots   int       `query:"lots" minimum:"0" maximum:"200" default:"20" doc:"Lots listed for each line; the counts are whole."`
}

func (s *Server) whatIfs() {
	add(s, Operation{ID: "read-organisation-what-if", Method: http.MethodGet, Path: "/v1/organisations/{id}/what-if", Tag: tagMatches, Action: accounts.MatchesOfOrganisation,
		Summary: "What a change would have brought an enterprise", About: "Over the last months: the lots that suited it, those that one criterion alone kept away (near misses), and the lots that each change would have brought: a zone wider by 5, 10, 20 and 50 km, the rest of its département, the groupings that touch its own, one more sector, a certificate, a larger team. " +
			"Each count is the exact difference between what suits the enterprise with the change and without. Changes overlap: their counts do not add up; pair is the best two together, when they bring a lot that neither brings alone. Calls that nobody has published yet are left out. A lot that has ended is judged on the day of its own deadline."}, s.whatIf)
}

func (s *Server) whatIf(ctx context.Context, in *WhatIfInput) (*Found[matching.WhatIf], error) {
	o, err := s.cfg.Network.Get(ctx, network.ID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.MatchesOfOrganisation, o.Scope(s.cfg.Atlas))
	}
	if err != nil {
		return nil, err
	}
	w, err := s.cfg.Matching.WhatIf(ctx, o.ID, matching.WhatIfQuery{AsOf: in.AsOf, Months: in.Months, Lots: in.Lots})
	if err != nil {
		return nil, err
	}
	return found(*w), nil
}
