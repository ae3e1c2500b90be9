package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/indicators/markets"
)

// FollowupFigures is what became of the markets of a period and a place, each once.
type FollowupFigures struct {
	From        string               `json:"from" doc:"First month."`
	Until       string               `json:"until" doc:"Last month, included."`
	By          string               `json:"by" enum:"region,departement,epci"`
	Association *FollowupAssociation `json:"association,omitempty" doc:"Whose support it is, and whose territory; absent: the whole federation."`
	Total       FollowupCounts       `json:"total"`
	Support     MemberSupport        `json:"support"`
	Wait        *AnswerWait          `json:"first_answer,omitempty" doc:"Of the markets shown in the period; absent: none was."`
	Waits       []PlaceWait          `json:"first_answers" doc:"The same by territory, where markets were shown."`
	Places      []PlaceCounts        `json:"places"`
	Months      []MonthCounts        `json:"months" doc:"Months add up to the total, but for the members supported."`
	FullTime    FullTimeHours        `json:"full_time"`
	At          time.Time            `json:"at"`
}

// FollowupAssociation is an association that accompanies members.
type FollowupAssociation struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// FollowupCounts are numbers of markets to which something happened in a period.
type FollowupCounts struct {
	Supported int     `json:"supported" doc:"Members accompanied, each once."`
	Shown     int     `json:"shown" doc:"First proposed to a member."`
	Answered  int     `json:"answered" doc:"First answered by an enterprise, whatever it says."`
	Submitted int     `json:"submitted" doc:"An answer handed in, or a quote sent."`
	Won       int     `json:"won" doc:"By a member."`
	Noticed   int     `json:"noticed" doc:"Of these, told by a notice alone."`
	Told      int     `json:"hours_told" doc:"Of these, whose hours of insertion are told."`
	Unclaused int     `json:"without_clause" doc:"Of these, whose notices say that they have no clause."`
	Hours     float64 `json:"hours" doc:"Of insertion, of the clauses of what was won."`
	FTE       float64 `json:"fte" doc:"These hours over those of a full time in the year of the award."`
}

// PlaceCounts are those of a territory.
type PlaceCounts struct {
	Code string `json:"code" doc:"INSEE code or SIREN of the EPCI; * lies in several; empty: not told."`
	FollowupCounts
}

// MonthCounts are those of a month.
type MonthCounts struct {
	Month string `json:"month"`
	FollowupCounts
}

// MemberSupport is how the association accompanied members, each once for each way.
type MemberSupport struct {
	Members  int `json:"members"`
	Answered int `json:"answered" doc:"Had an answer of the legal desk."`
	Advised  int `json:"advised" doc:"Spoke with the association."`
	Composed int `json:"composed" doc:"Were in a group composed to answer."`
}

// AnswerWait is the time to a first answer, in weeks begun, with what still waits.
type AnswerWait struct {
	Followed int      `json:"followed"`
	Answered int      `json:"answered"`
	Withheld bool     `json:"withheld" doc:"Too few, or it would tell of too few: no time is told."`
	First    *float64 `json:"first_quartile,omitempty" doc:"By when a quarter had an answer; absent: not reached."`
	Median   *float64 `json:"median,omitempty" doc:"Absent: half is not reached."`
	Low      *float64 `json:"median_low,omitempty"`
	High     *float64 `json:"median_high,omitempty"`
	Third    *float64 `json:"third_quartile,omitempty"`
}

// PlaceWait is the time to a first answer of a territory.
type PlaceWait struct {
	Code string `json:"code" doc:"As that of a territory's counts."`
	AnswerWait
}

// FullTimeHours is what makes a full time, and who says so.
type FullTimeHours struct {
	Hours  int64  `json:"hours"`
	Source string `json:"source"`
}

func (s *Server) markets() {
	add(s, Operation{ID: "get-followup-figures", Method: http.MethodGet, Path: "/v1/followup/figures", Tag: tagFollowup, Action: accounts.PursuitCount,
		Summary: "Count what became of markets, by territory and month", About: "Each market once: its lot, the hours that its award left, the quote that answers it and the award that names a member are one. The support is what people of the association answered, noted or composed. Markets are those of the territory of its officers, and no association's alone: two that share a territory count the same. An officer counts for their own association."}, s.followupFigures)
}

func (s *Server) followupFigures(ctx context.Context, in *struct {
	From        string `query:"from" doc:"Month, as 2026-01; absent: January of this year."`
	Until       string `query:"until" doc:"Month, included; absent: this one."`
	Where       string `query:"territory" maxLength:"4000" doc:"As departement:26, or a perimeter; absent: all that the caller may count."`
	Association int64  `query:"association" minimum:"0" doc:"Organisation; absent: the officer's own, or the whole federation for an administrator."`
	By          string `query:"by" enum:"region,departement,epci" default:"departement"`
}) (*Found[FollowupFigures], error) {
	f, err := s.cfg.Markets.Look(ctx, markets.Wanted{From: in.From, Until: in.Until, Where: in.Where, By: markets.By(in.By), Association: in.Association})
	if err != nil {
		return nil, err
	}
	out := FollowupFigures{From: f.From, Until: f.Until, By: string(f.By), Total: showCounts(f.Total), Support: MemberSupport(f.Support),
		Places: each(f.Places, func(l markets.Line) PlaceCounts { return PlaceCounts{l.Code, showCounts(l)} }),
		Months: each(f.Months, func(l markets.Line) MonthCounts { return MonthCounts{l.Code, showCounts(l)} }), FullTime: FullTimeHours{f.Reference.Hours, f.Reference.Source}, At: f.At}
	if a := f.Association; a != nil {
		out.Association = &FollowupAssociation{a.ID, a.Name}
	}
	if w := f.Wait; w != nil {
		all := showWait(*w)
		out.Wait = &all
	}
	out.Waits = each(f.Waits, func(w markets.Wait) PlaceWait { return PlaceWait{w.Code, showWait(w)} })
	return found(out), nil
}

func showWait(w markets.Wait) AnswerWait {
	return AnswerWait{Followed: w.Followed, Answered: w.Answered, Withheld: w.Withheld, First: finite(w.First), Median: finite(w.Median), Low: finite(w.Low), High: finite(w.High), Third: finite(w.Third)}
}

func showCounts(l markets.Line) FollowupCounts {
	return FollowupCounts{Supported: l.Supported, Shown: l.Shown, Answered: l.Answered, Submitted: l.Submitted, Won: l.Won, Noticed: l.Noticed, Told: l.Told, Unclaused: l.Unclaused, Hours: l.Hours, FTE: l.FTE}
}
