package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"maillage/accounts"
	engine "maillage/matching/engine/fairness"
)

// Bounds are a lower and an upper bound, at 95 %.
type Bounds struct {
	Low  float64  `json:"low"`
	High *float64 `json:"high" doc:"null: none."`
}

// FairGroup is one group of a table.
type FairGroup struct {
	Groups       []string `json:"groups" doc:"Its name; several where they are told together, since one is too small to be told alone."`
	N            int      `json:"n" doc:"A multiple of 5, of a draw: see the operation."`
	Bound        string   `json:"bound,omitempty" enum:"under,over" doc:"Absent where the rate is told. under: it happened to fewer than 10 people, perhaps to nobody; over: to all but fewer than 10, perhaps to all. n alone is told then."`
	Yes          *int     `json:"yes,omitempty"`
	Rate         *float64 `json:"rate,omitempty" doc:"yes over n."`
	Within       *Bounds  `json:"within,omitempty" doc:"Wilson."`
	RestRate     *float64 `json:"rest_rate,omitempty" doc:"Of the other groups of the table whose rate is told."`
	Difference   *Bounds  `json:"difference,omitempty" doc:"The rate less that of the rest: Newcombe, hybrid score."`
	Ratio        *float64 `json:"ratio,omitempty" doc:"The rate over that of the rest."`
	RatioWithin  *Bounds  `json:"ratio_within,omitempty" doc:"MOVER-R on Wilson limits."`
	OfHighest    *float64 `json:"of_highest,omitempty" doc:"The rate over the highest of the table: what the four-fifths rule compares with 0.8, a reading aid."`
	Standardised *float64 `json:"standardised,omitempty" doc:"The rate if the group had everybody's occupations and distances, where counts allow."`
	Covered      *float64 `json:"covered,omitempty" doc:"Part of everybody on which that is computed."`
}

// FairTable is one measure in one dimension.
type FairTable struct {
	Measure   string      `json:"measure" enum:"first,proposed,answered,met,hired,not_retained"`
	Unit      string      `json:"unit" enum:"person,proposal"`
	Dimension string      `json:"dimension" enum:"sex,age,qpv,distance,waiting"`
	TooFew    bool        `json:"too_few" doc:"Nothing may be said."`
	Total     int         `json:"total" doc:"Of the groups that are told."`
	Groups    []FairGroup `json:"groups"`
	Untold    []string    `json:"untold" doc:"Groups of which nothing may be said, even together: of a few people, or of nobody."`
}

// FairHours is the time to a first answer in one dimension.
type FairHours struct {
	Dimension string          `json:"dimension"`
	TooFew    bool            `json:"too_few"`
	Groups    []FairHourGroup `json:"groups"`
}

// FairHourGroup is one group of it.
type FairHourGroup struct {
	Groups  []string `json:"groups"`
	N       int      `json:"n"`
	Median  int      `json:"median_hours"`
	Quarter int      `json:"three_quarters_hours"`
}

// FairnessAudit is what happens to groups of people.
type FairnessAudit struct {
	AsOf      time.Time   `json:"as_of" doc:"When it was counted: at the first reading of the month. It is kept until the month ends."`
	Since     time.Time   `json:"since"`
	Until     time.Time   `json:"until" doc:"From when on another is counted."`
	Scope     string      `json:"scope" enum:"network,perimeter,structure"`
	Positions int         `json:"positions" doc:"Open and of employers, for which people were ranked."`
	Tables    []FairTable `json:"tables"`
	Hours     []FairHours `json:"hours"`
}

func (s *Server) fairness() {
	add(s, Operation{ID: "read-fairness-audit", Method: http.MethodGet, Path: "/v1/audits/fairness", Tag: tagPlacement, Action: accounts.PeopleAudit,
		Summary: "What happens to groups of people: exposure, proposals, outcomes", About: "By sex, age band, priority neighbourhood, distance and waiting: who is among the first of the engine, proposed, answered, met, hired, not retained, with intervals, and the rates standardised by occupation and distance. It is counted once a month and kept. No figure is of fewer than 10 people, on either side of a rate; in each table one person in ten, drawn, is left out and one counts twice, and counts are rounded to 5: nothing is said of a person. The whole network for an administrator, the people who live in the perimeter for an officer, its own people for a structure. Each reading goes to the audit trail. Traits are in no score. Definitions and limits: docs/fairness.md."}, s.readFairness)
}

func (s *Server) readFairness(ctx context.Context, _ *struct{}) (*Found[FairnessAudit], error) {
	a, err := s.cfg.Fairness.Audit(ctx)
	if err != nil {
		return nil, err
	}
	scope := map[accounts.Reach]string{accounts.Anywhere: "network", accounts.OwnPerimeter: "perimeter", accounts.OwnOrganisation: "structure"}[a.Scope]
	return found(FairnessAudit{AsOf: a.AsOf, Since: a.Since, Until: a.Until, Scope: scope, Positions: a.Positions, Tables: each(a.Tables, showFairTable), Hours: each(a.Hours, showFairHours)}), nil
}

func showFairTable(t engine.Table) FairTable {
	return FairTable{Measure: string(t.Metric), Unit: string(t.Unit), Dimension: string(t.Dimension), TooFew: t.Few, Total: t.Total, Groups: each(t.Rows, showFairGroup), Untold: append([]string{}, t.Untold...)}
}

func showFairGroup(r engine.Row) FairGroup {
	out := FairGroup{Groups: groupsOf(r.Group, r.Merged), N: r.N, Bound: string(r.Bound)}
	if r.Bound != "" {
		return out
	}
	w := bounds(r.Within)
	out.Yes, out.Rate, out.Within, out.OfHighest = &r.Yes, &r.Rate, &w, &r.OfHighest
	if r.RestN > 0 {
		d := bounds(r.Difference)
		out.RestRate, out.Difference = &r.RestRate, &d
	}
	if r.RatioKnown {
		w := bounds(r.RatioWithin)
		out.Ratio, out.RatioWithin = &r.Ratio, &w
	}
	if r.StandardKnown {
		out.Standardised, out.Covered = &r.Standard, &r.Covered
	}
	return out
}

func groupsOf(name string, merged []string) []string {
	if len(merged) > 0 {
		return merged
	}
	return []string{name}
}

func bounds(i engine.Interval) Bounds {
	if math.IsInf(i.High, 1) {
		return Bounds{Low: i.Low}
	}
	return Bounds{Low: i.Low, High: &i.High}
}

func showFairHours(t engine.HoursTable) FairHours {
	return FairHours{Dimension: string(t.Dimension), TooFew: t.Few, Groups: each(t.Rows, func(r engine.HoursRow) FairHourGroup {
		return FairHourGroup{Groups: groupsOf(r.Group, r.Merged), N: r.N, Median: r.Half, Quarter: r.Most}
	})}
}
