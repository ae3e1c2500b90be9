package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/indicators/figures"
	"maillage/indicators/publication"
)

// loadReleases publishes the report's exits as the federation would: by the same path
// as any release, so that what is too small by region is hidden there.
func (l *loader) loadReleases(ctx context.Context) error {
	now := func() time.Time { return l.today }
	s := publication.NewService(publication.Config{Store: l.Store, Atlas: l.atlas, Publisher: l.Publisher, Site: l.Site, Now: now,
		Counts: figures.NewService(figures.Config{Store: l.Store, Atlas: l.atlas, Now: now})})
	plan := publication.Plan{Level: publication.Region, Kinds: true, Years: []int{2008, 2009, 2010, 2011},
		Indicators: []publication.Chosen{{ID: "C04", Version: 1}, {ID: "C05", Version: 1}, {ID: "C06", Version: 1}, {ID: "C07", Version: 1}}}
	report := publication.Plan{Report: true, Level: publication.Federation, Years: plan.Years}
	for _, p := range []publication.Plan{report, plan} {
		if err := release(ctx, s, p); err != nil {
			return err
		}
	}
	for _, year := range []int{2010, 2011} {
		if err := reference(ctx, s, year); err != nil {
			return err
		}
	}
	return nil
}

// reference prepares the yearly release, and publishes it as the reference of the year.
func reference(ctx context.Context, s *publication.Service, year int) error {
	r, err := s.PrepareYear(ctx, year)
	if err != nil {
		return err
	}
	if err := built(ctx, s, r); err != nil {
		return err
	}
	_, err = s.PublishReference(ctx, year)
	return err
}

// release asks, approves and builds in one.
func release(ctx context.Context, s *publication.Service, plan publication.Plan) error {
	r, err := s.Publish(ctx, publication.Asked{Plan: plan, Institution: "Fédération du Maillage", Purpose: "Statistiques publiques de l’année."})
	if err != nil {
		return err
	}
	return built(ctx, s, r)
}

// built makes a release at once.
func built(ctx context.Context, s *publication.Service, r *publication.Request) error {
	err := s.Build(ctx, publication.BuildRelease{ID: r.ID})
	if err != nil {
		return err
	}
	if r, err = s.Request(ctx, r.ID); err != nil {
		return err
	}
	if r.State != publication.Published {
		return fmt.Errorf("the release is %s: %s", r.State, r.Reason)
	}
	return nil
}
