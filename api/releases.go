package api

import (
	"context"
	"net/http"

	"maillage/accounts"
	"maillage/opportunities"
	"maillage/tenders"
)

func (s *Server) releases() {
	add(s, Operation{ID: "list-releases", Method: http.MethodGet, Path: "/v1/releases", Tag: tagOpportunities, Action: accounts.OpportunityRead,
		Summary: "Public tenders as OCDS 1.1 release packages", Errors: []int{http.StatusNotFound},
		About: "A release for each notice of a procurement, the procurements by deadline; the filters are those of the opportunities, and limit counts procurements. Only what came of public notices, never what a member wrote here. The standard has no empty package: 404 (no-release) when nothing answers. Follow links.next, or the Link header."}, s.listReleases)
}

// ReleasePage is one package.
type ReleasePage struct {
	Link string `header:"Link" doc:"rel=\"next\": the next package; rel=\"first\": the first."`
	Body *tenders.ReleasePackage
}

func (s *Server) listReleases(ctx context.Context, in *struct {
	At
	Paging
	Wanted
}) (*ReleasePage, error) {
	f, err := s.wanted(in.Wanted)
	if err != nil {
		return nil, err
	}
	page, err := s.cfg.Opportunities.List(ctx, tenders.Releasable(f), opportunities.Request{After: in.After, Limit: in.Limit, Order: opportunities.Order(in.Order)})
	if err != nil {
		return nil, err
	}
	body, err := s.cfg.Tenders.Package(ctx, in.at.with(in.at.url.Query()), in.at.next(page.Next), page.Items)
	if err != nil {
		return nil, err
	}
	return &ReleasePage{Link: in.at.links(page.Next), Body: body}, nil
}
