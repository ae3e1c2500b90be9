package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/indicators/publication"
)

// ReferenceDataset is what the federation publishes as its figures of a year.
type ReferenceDataset struct {
	Year        int       `json:"year"`
	PublishedAt time.Time `json:"published_at" doc:"When it became the reference of its year."`
	Dataset     Dataset   `json:"dataset"`
}

func (s *Server) references() {
	add(s, Operation{ID: "list-reference-datasets", Method: http.MethodGet, Path: "/v1/reference-datasets", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "List the reference figures of each year", About: "One version a year, the latest year first; it is cited and verified as any other."}, s.listReferences)
	add(s, Operation{ID: "prepare-reference-dataset", Method: http.MethodPost, Path: "/v1/reference-datasets/{year}/prepare", Tag: tagIndicators, Action: accounts.ReleaseDecide,
		Summary: "Prepare the release of a year", About: "The standard tables of the federation, asked and approved at once; a worker builds them as any request. Again, while it is built, is the same request."}, s.prepareReference)
	add(s, Operation{ID: "publish-reference-dataset", Method: http.MethodPost, Path: "/v1/reference-datasets/{year}/publish", Tag: tagIndicators, Action: accounts.ReleaseDecide,
		Summary: "Publish the release of a year as its reference", About: "The latest version that stands; 409 where none was made. Again it changes nothing."}, s.publishReference)
}

func (s *Server) listReferences(ctx context.Context, in *struct{ At }) (*Listed[ReferenceDataset], error) {
	all, err := s.cfg.Releases.References(ctx)
	if err != nil {
		return nil, err
	}
	return listed(in.at, all, "", showReference), nil
}

func (s *Server) prepareReference(ctx context.Context, in *struct {
	Year int `path:"year" minimum:"1900" maximum:"2200"`
}) (*Found[DatasetRequest], error) {
	r, err := s.cfg.Releases.PrepareYear(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	return found(showRequest(*r)), nil
}

func (s *Server) publishReference(ctx context.Context, in *struct {
	Year int `path:"year" minimum:"1900" maximum:"2200"`
}) (*Found[ReferenceDataset], error) {
	r, err := s.cfg.Releases.PublishReference(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	return found(showReference(*r)), nil
}

func showReference(r publication.Reference) ReferenceDataset {
	return ReferenceDataset{r.Year, r.PublishedAt, showDataset(*r.Version)}
}
