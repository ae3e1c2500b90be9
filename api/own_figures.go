package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/delays"
	"maillage/indicators/estimate"
	"maillage/indicators/funder"
	"maillage/indicators/mirror"
)

// OwnMirror is an enterprise's own figures beside released ones.
type OwnMirror struct {
	Year       int          `json:"year"`
	Kind       string       `json:"kind"`
	Definition string       `json:"definition" enum:"coorace,dares"`
	Released   bool         `json:"released" doc:"Something of the year was published."`
	Lines      []MirrorLine `json:"lines"`
	Missing    []NotSent    `json:"missing"`
}

// MirrorLine is one indicator.
type MirrorLine struct {
	Indicator  string       `json:"indicator" example:"C07"`
	Part       string       `json:"part,omitempty" enum:"persons,fte,events,participants,mean,under_150,150_to_599,600_to_1039,from_1040"`
	Version    int          `json:"version" doc:"Of its definition."`
	Status     string       `json:"status" enum:"value,no_base"`
	Value      *float64     `json:"value,omitempty" doc:"Exact, of the enterprise."`
	Numerator  *float64     `json:"numerator,omitempty"`
	Base       *float64     `json:"base,omitempty"`
	Region     MirrorBeside `json:"region"`
	Federation MirrorBeside `json:"federation"`
	Breaks     []Words      `json:"breaks,omitempty" doc:"Why the year is not read beside the one before."`
}

// MirrorBeside is a released figure.
type MirrorBeside struct {
	Status  string   `json:"status" enum:"value,hidden,nd,no_base,not_released"`
	Value   *float64 `json:"value,omitempty"`
	Kind    string   `json:"kind,omitempty" doc:"Absent: every kind."`
	Release string   `json:"release,omitempty"`
	Frame   int      `json:"frame,omitempty"`
	Replied int      `json:"replied,omitempty"`
}

// NotSent is a part of the year that was not sent.
type NotSent struct {
	Section    string   `json:"section,omitempty" doc:"Absent: questions of the year."`
	Awaited    bool     `json:"awaited" doc:"False: declared not collected, or incomplete."`
	Indicators []string `json:"indicators"`
}

// FunderReport is the yearly report as it goes out.
type FunderReport struct {
	Enterprise string        `json:"enterprise"`
	Year       int           `json:"year"`
	Kind       string        `json:"kind"`
	Definition string        `json:"definition" enum:"coorace,dares"`
	Blocks     []FunderBlock `json:"blocks"`
	Notes      []Words       `json:"notes"`
}

// FunderBlock is a table of the report.
type FunderBlock struct {
	ID    string       `json:"id"`
	Title Words        `json:"title"`
	Lines []FunderLine `json:"lines"`
}

// FunderLine is a number of it.
type FunderLine struct {
	ID     string   `json:"id"`
	Label  Words    `json:"label"`
	Unit   Words    `json:"unit"`
	Status string   `json:"status" enum:"shown,hidden,nd,awaited" doc:"hidden: under five (eleven for health), or it would give such a number back; nd: not collected; awaited: asked, and not come yet."`
	Value  *float64 `json:"value,omitempty"`
	Share  *float64 `json:"share,omitempty" doc:"Of the first line, in percent."`
}

// WaitingTimes is how long one waits, group by group.
type WaitingTimes struct {
	Topic  string      `json:"topic" enum:"first_answer,employer_answer,dynamic_exit"`
	Unit   string      `json:"unit" enum:"weeks,months" doc:"Whole ones, those begun counted."`
	At     time.Time   `json:"at"`
	Groups []WaitGroup `json:"groups"`
}

// WaitGroup is one curve.
type WaitGroup struct {
	Code       string     `json:"code,omitempty" doc:"Absent: all."`
	Withheld   bool       `json:"withheld" doc:"Too few, or it would tell of too few."`
	Followed   int        `json:"followed,omitempty"`
	Ended      int        `json:"ended,omitempty" doc:"By the event, over the part that is told."`
	Median     *float64   `json:"median,omitempty" doc:"Absent: half is not reached."`
	MedianLow  *float64   `json:"median_low,omitempty"`
	MedianHigh *float64   `json:"median_high,omitempty"`
	First      *float64   `json:"first_quartile,omitempty" doc:"By when a quarter had the event; absent: not reached."`
	Third      *float64   `json:"third_quartile,omitempty"`
	Steps      []WaitStep `json:"steps,omitempty"`
}

// WaitStep is the share without the event just after a time, with its band at 95 %.
type WaitStep struct {
	Time      float64 `json:"time"`
	AtRisk    int     `json:"at_risk" doc:"Followed until then; those who left by fewer than five are still counted."`
	Events    int     `json:"events" doc:"Since the step before: five at least."`
	Without   float64 `json:"without" doc:"Share without the event: still waiting, or ended otherwise. One minus the cumulative incidence."`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Otherwise float64 `json:"otherwise" doc:"Share that ended otherwise, so that the event can no longer come."`
}

// OwnFigures is whose figures are asked for.
type OwnFigures struct {
	Organisation int64  `query:"organisation" doc:"An administrator names it; else one's own."`
	Enterprise   int64  `query:"enterprise" doc:"Of the observatory; absent: the first one."`
	Year         int    `query:"year" doc:"Absent: the latest whose exits were sent."`
	Definition   string `query:"definition" enum:"coorace,dares" default:"coorace"`
}

// of is the organisation that is meant.
func (in *OwnFigures) of(ctx context.Context) int64 {
	if who := accounts.From(ctx); in.Organisation == 0 {
		return who.OrganisationID
	}
	return in.Organisation
}

func (s *Server) ownFigures() {
	get := http.MethodGet
	add(s, Operation{ID: "get-own-mirror", Method: get, Path: "/v1/observatory/mirror", Tag: tagIndicators, Action: accounts.ObservatoryOwn,
		Summary: "Read one's own figures beside released ones", About: "Of the enterprise: exact, for itself alone. Of its région and of the federation: what was released."}, s.ownMirror)
	add(s, Operation{ID: "get-funder-report", Method: get, Path: "/v1/observatory/funder-report", Tag: tagIndicators, Action: accounts.ObservatoryOwn,
		Summary: "Read the yearly report to who funds an enterprise", About: "As it goes out: no number of persons under five."}, s.funderReport)
	add(s, Operation{ID: "get-waiting-times", Method: get, Path: "/v1/observatory/times", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "Estimate how long one waits for an answer", About: "Cumulative incidence (Aalen–Johansen): what still waits is kept, what ended otherwise competes; without the latter, Kaplan–Meier. Whole weeks or months, steps of five at least. Places and the perimeter are officers' and administrators'."}, s.waitingTimes)
}

func (s *Server) ownMirror(ctx context.Context, in *OwnFigures) (*Found[OwnMirror], error) {
	m, err := s.cfg.Mirror.Look(ctx, mirror.Wanted{Organisation: in.of(ctx), Enterprise: in.Enterprise, Year: in.Year, Definition: compute.Definition(in.Definition)})
	if err != nil {
		return nil, err
	}
	out := OwnMirror{Year: m.Own.Year, Kind: string(m.Own.Kind), Definition: in.Definition, Released: m.Released, Lines: each(m.Lines, showMirrorLine), Missing: []NotSent{}}
	for _, x := range m.Missing {
		one := NotSent{Section: string(x.Section), Awaited: x.Asked}
		for _, i := range x.Indicators {
			one.Indicators = append(one.Indicators, string(i.ID))
		}
		out.Missing = append(out.Missing, one)
	}
	return found(out), nil
}

func showMirrorLine(l mirror.Line) MirrorLine {
	return MirrorLine{Indicator: string(l.Indicator.ID), Part: l.Part, Version: l.Version, Status: string(l.Mine.Outcome), Value: decimal(l.Mine.Exact), Numerator: decimal(l.Mine.Numerator), Base: decimal(l.Mine.Base),
		Region: showBeside(l.Region), Federation: showBeside(l.Federation), Breaks: breakWords(l.Breaks)}
}

func showBeside(b mirror.Beside) MirrorBeside {
	return MirrorBeside{Status: string(b.Status), Value: decimal(b.Exact), Kind: string(b.Kind), Release: b.Release, Frame: b.Frame, Replied: b.Replied}
}

func (s *Server) funderReport(ctx context.Context, in *OwnFigures) (*Found[FunderReport], error) {
	r, err := s.cfg.Funder.Report(ctx, funder.Wanted{Organisation: in.of(ctx), Enterprise: in.Enterprise, Year: in.Year, Definition: compute.Definition(in.Definition)})
	if err != nil {
		return nil, err
	}
	out := FunderReport{Enterprise: r.Called(), Year: r.Own.Year, Kind: string(r.Own.Kind), Definition: in.Definition}
	for _, b := range r.Blocks {
		out.Blocks = append(out.Blocks, FunderBlock{b.ID, Words{FR: b.Title.FR, EN: b.Title.EN}, each(b.Lines, showFunderLine)})
	}
	for _, n := range r.Notes {
		out.Notes = append(out.Notes, Words{FR: n.FR, EN: n.EN})
	}
	return found(out), nil
}

func showFunderLine(l funder.Line) FunderLine {
	return FunderLine{ID: l.ID, Label: Words{FR: l.Label.FR, EN: l.Label.EN}, Unit: Words{FR: l.Unit.FR, EN: l.Unit.EN}, Status: string(l.Status), Value: decimal(l.Value), Share: decimal(l.Share)}
}

func (s *Server) waitingTimes(ctx context.Context, in *struct {
	Topic     string `query:"topic" enum:"first_answer,employer_answer,dynamic_exit" default:"first_answer"`
	By        string `query:"by" enum:"kind,region,departement" doc:"Absent: all together."`
	Perimeter bool   `query:"perimeter" doc:"Of the officer's own; else of the federation."`
}) (*Found[WaitingTimes], error) {
	d, err := s.cfg.Delays.Look(ctx, delays.Wanted{Topic: delays.Topic(in.Topic), By: delays.By(in.By), Perimeter: in.Perimeter})
	if err != nil {
		return nil, err
	}
	out := WaitingTimes{Topic: in.Topic, Unit: "weeks", At: d.At, Groups: each(d.Groups, showWaitGroup)}
	if d.Topic == delays.DynamicExit {
		out.Unit = "months"
	}
	return found(out), nil
}

func showWaitGroup(g delays.Group) WaitGroup {
	out := WaitGroup{Code: g.Code, Withheld: g.Withheld, Followed: g.Followed, Ended: g.Answered}
	if median, in, reached := g.Curve.Median(); reached && !g.Withheld {
		out.Median, out.MedianLow, out.MedianHigh = finite(median), finite(in.Low), finite(in.High)
	}
	if !g.Withheld {
		first, _, _ := g.Curve.Quantile(.25)
		third, _, _ := g.Curve.Quantile(.75)
		out.First, out.Third = finite(first), finite(third)
	}
	out.Steps = each(g.Curve.Steps, func(s estimate.Step) WaitStep {
		return WaitStep{Time: s.Time, AtRisk: s.AtRisk, Events: s.Events, Without: s.Survival, Low: s.Low, High: s.High, Otherwise: s.Otherwise}
	})
	return out
}

func finite(v float64) *float64 {
	if math.IsInf(v, 0) {
		return nil
	}
	return &v
}
