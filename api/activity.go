package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/indicators/activity"
)

// ActivityEdition is the figures of a quarter, as they were published.
type ActivityEdition struct {
	Until       string           `json:"until" example:"2026-09" doc:"Its last month."`
	Months      []string         `json:"months"`
	PublishedAt time.Time        `json:"published_at"`
	Protected   bool             `json:"protected" doc:"False: as counted, for administrators."`
	Figures     []ActivityFigure `json:"figures"`
}

// ActivityFigure is what happened in a place in a month; a figure that is withheld
// is absent, zero is a figure.
type ActivityFigure struct {
	Level     string   `json:"level" enum:"federation,region,departement,epci"`
	Code      string   `json:"code,omitempty" doc:"Absent: everything or, under a level, several places of it, or unknown."`
	In        string   `json:"in,omitempty" doc:"The place that holds it."`
	Month     string   `json:"month" doc:"Or all: the months together."`
	Proposed  *float64 `json:"proposed,omitempty" doc:"Markets, when first proposed to a member."`
	Heard     *float64 `json:"heard,omitempty" doc:"Markets, when a member first answered, a refusal included."`
	Submitted *float64 `json:"submitted,omitempty" doc:"Markets, when a first bid was handed in."`
	Won       *float64 `json:"won,omitempty"`
	Hours     *float64 `json:"hours,omitempty" doc:"Of insertion, of the markets won."`
	FTE       *float64 `json:"fte,omitempty"`
}

func (s *Server) activityFigures() {
	add(s, Operation{ID: "list-activity-editions", Method: http.MethodGet, Path: "/v1/observatory/activity", Tag: tagIndicators, Action: accounts.StatisticsRead, Summary: "What the platform moves forward, by territory and month",
		About: "Each market once, whatever tells of it: a lot, a private purchase, an award, the hours to fill. A quarter is published once, when it is over, protected; the latest first."}, s.listActivity)
	add(s, Operation{ID: "get-activity-now", Method: http.MethodGet, Path: "/v1/observatory/activity/now", Tag: tagIndicators, Action: accounts.ObservatoryRead, Summary: "The last twelve months, before protection"}, s.activityNow)
}

func (s *Server) listActivity(ctx context.Context, _ *struct{}) (*Found[[]ActivityEdition], error) {
	all, err := s.cfg.Activity.Editions(ctx)
	if err != nil {
		return nil, err
	}
	return found(each(all, showEdition)), nil
}

func (s *Server) activityNow(ctx context.Context, _ *struct{}) (*Found[ActivityEdition], error) {
	e, err := s.cfg.Activity.Now(ctx)
	if err != nil {
		return nil, err
	}
	return found(showEdition(*e)), nil
}

func showEdition(e activity.Edition) ActivityEdition {
	return ActivityEdition{Until: e.Until, Months: append([]string{}, e.Months...), PublishedAt: e.At.UTC(), Protected: !e.Raw, Figures: each(e.Rows, func(r activity.Row) ActivityFigure {
		f := r.Figures
		return ActivityFigure{Level: string(r.Level), Code: r.Code, In: r.In, Month: r.Month, Proposed: f[activity.Proposed], Heard: f[activity.Heard], Submitted: f[activity.Submitted], Won: f[activity.Won], Hours: f[activity.Hours], FTE: f[activity.FTE]}
	})}
}
