package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/internal/fault"
)

// Coded is a code of the catalogue with its words.
type Coded struct {
	Code  string `json:"code"`
	Label Words  `json:"label"`
}

// IndicatorSource is where an indicator's data come from.
type IndicatorSource struct {
	Kind Coded `json:"kind"`
	From Coded `json:"from"`
}

// IndicatorLink leads to an indicator of another repertory.
type IndicatorLink struct {
	Scheme   string `json:"scheme" enum:"iris,sdg,esf"`
	Code     string `json:"code" example:"PI3527"`
	Title    string `json:"title,omitempty" doc:"Its name there."`
	Fit      string `json:"fit" enum:"same,near,towards,contrast"`
	Verified bool   `json:"verified" doc:"Somebody read the other definition; false: still to be checked."`
	At       string `json:"at,omitempty" doc:"Where it was read."`
	Note     *Words `json:"note,omitempty" doc:"What differs."`
}

// IndicatorPublication is when a figure may be shown at all. A bound that is absent asks for nothing.
type IndicatorPublication struct {
	Persons      int  `json:"min_persons,omitempty"`
	Sensitive    int  `json:"min_persons_sensitive,omitempty" doc:"Where the cell tells health, justice or origin."`
	Contributors int  `json:"min_contributors,omitempty" doc:"Economic groups, not legal entities."`
	Dominance    int  `json:"max_share_percent,omitempty" doc:"Most that one group may weigh."`
	Respondents  int  `json:"min_respondents,omitempty"`
	Register     bool `json:"public_register,omitempty" doc:"What a public register already names may be shown."`
	Free         bool `json:"free,omitempty" doc:"Counts of communes: nobody is behind them."`
}

// IndicatorDuration is a bound in months.
type IndicatorDuration struct {
	Months    float64 `json:"months" example:"6"`
	Inclusive bool    `json:"inclusive" doc:"true: at least; false: more than."`
}

// IndicatorPresence is who counts as leaving, in some kinds of enterprise.
type IndicatorPresence struct {
	Kinds []string           `json:"kinds" example:"[\"ACI\",\"EI\"]"`
	Hours float64            `json:"min_hours"`
	Stay  *IndicatorDuration `json:"stay,omitempty"`
}

// IndicatorRule is the part of a definition that is applied to days and hours, last.
type IndicatorRule struct {
	Durable   *IndicatorDuration  `json:"durable,omitempty"`
	Presence  []IndicatorPresence `json:"presence,omitempty"`
	Withdrawn bool                `json:"withdrawn_left_out,omitempty"`
}

// IndicatorVersion is one definition.
type IndicatorVersion struct {
	Number      int            `json:"number"`
	Name        Words          `json:"name"`
	From        string         `json:"from" format:"date" doc:"First day of the data that it applies to by default."`
	UsedBy      []Coded        `json:"used_by"`
	Alternative bool           `json:"alternative" doc:"Another body's reading: never the default, chosen when a release is made."`
	Default     bool           `json:"default" doc:"It applies to today's data when nobody chose."`
	Definition  Words          `json:"definition"`
	Numerator   Words          `json:"numerator"`
	Denominator *Words         `json:"denominator,omitempty" doc:"Absent: a count."`
	Changes     *Words         `json:"changes,omitempty" doc:"Against the version before."`
	Rule        *IndicatorRule `json:"rule,omitempty"`
}

// IndicatorSummary is an indicator in a list.
type IndicatorSummary struct {
	ID       string `json:"id" example:"C07"`
	Register Coded  `json:"register"`
	Label    Words  `json:"label"`
	Unit     Coded  `json:"unit"`
	Rate     bool   `json:"rate"`
	Versions int    `json:"versions"`
}

// Indicator is everything that is said of one.
type Indicator struct {
	IndicatorSummary
	Level       Coded                `json:"level"`
	Population  Coded                `json:"population"`
	Sources     []IndicatorSource    `json:"sources"`
	Breakdowns  []Coded              `json:"breakdowns"`
	Direction   Coded                `json:"direction" doc:"How a move is read; no direction ranks enterprises."`
	Publication IndicatorPublication `json:"publication"`
	Computation string               `json:"computation,omitempty" doc:"Absent: a model or another producer's table gives it."`
	Depends     []string             `json:"depends" doc:"Indicators whose versions change this one too."`
	Pending     *Words               `json:"pending,omitempty" doc:"Why no value of it is released yet."`
	Caution     *Words               `json:"caution,omitempty"`
	Links       []IndicatorLink      `json:"links"`
	All         []IndicatorVersion   `json:"definitions"`
}

// IndicatorsInput narrows the catalogue.
type IndicatorsInput struct {
	At
	Paging
	Register string `query:"register" enum:"core,R1,R2,R3,R4,R5,R6"`
	Source   string `query:"source" enum:"event,survey,external"`
	Q        string `query:"q" maxLength:"200" doc:"Everyday words in French or English; every one must be there." example:"sorties durable"`
}

func (s *Server) indicators() {
	add(s, Operation{ID: "list-indicators", Method: http.MethodGet, Path: "/v1/indicators", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "List the indicators of social utility", About: "The catalogue, the core first, then the six registers."}, s.listIndicators)
	add(s, Operation{ID: "get-indicator", Method: http.MethodGet, Path: "/v1/indicators/{id}", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "Read an indicator with all its definitions", About: "Definitions that differ between bodies are versions of one indicator, to be read side by side and chosen when a release is made. The bounds that set them apart are in rule."}, s.getIndicator)
}

func (s *Server) listIndicators(_ context.Context, in *IndicatorsInput) (*Listed[IndicatorSummary], error) {
	c, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	after, err := number(in.After)
	if err != nil {
		return nil, err
	}
	found := c.Find(catalogue.Filter{Register: catalogue.Register(in.Register), Source: catalogue.SourceKind(in.Source), Words: in.Q})
	from := min(int(after), len(found))
	page, next := found[from:], ""
	if len(page) > in.Limit {
		page, next = page[:in.Limit], cursor(int64(from+in.Limit))
	}
	return listed(in.at, page, next, showIndicatorSummary), nil
}

func (s *Server) getIndicator(_ context.Context, in *struct {
	ID string `path:"id" maxLength:"8" example:"C07"`
}) (*Found[Indicator], error) {
	c, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	i, ok := c.Get(catalogue.ID(in.ID))
	if !ok {
		return nil, fault.NotFound("indicator", in.ID)
	}
	return found(showIndicator(i, s.cfg.Now())), nil
}

func showIndicatorSummary(i *catalogue.Indicator) IndicatorSummary {
	return IndicatorSummary{ID: string(i.ID), Register: worded(i.Register), Label: Words(i.Label), Unit: worded(i.Unit), Rate: i.Rate(), Versions: len(i.Versions)}
}

func showIndicator(i *catalogue.Indicator, now time.Time) Indicator {
	return Indicator{IndicatorSummary: showIndicatorSummary(i), Level: worded(i.Level), Population: worded(i.Population), Breakdowns: each(i.Breakdowns, worded), Direction: worded(i.Direction),
		Publication: IndicatorPublication(i.Publication), Computation: string(i.Computation), Caution: words(i.Caution), Pending: words(i.Pending),
		Depends: each(i.Depends, func(id catalogue.ID) string { return string(id) }),
		Sources: each(i.Sources, func(x catalogue.Source) IndicatorSource { return IndicatorSource{worded(x.Kind), worded(x.From)} }),
		Links: each(i.Links, func(l catalogue.Link) IndicatorLink {
			return IndicatorLink{Scheme: string(l.Scheme), Code: l.Code, Title: l.Title, Fit: string(l.Fit), Verified: l.Verified, At: l.At, Note: words(l.Note)}
		}),
		All: each(i.Versions, func(v catalogue.Version) IndicatorVersion {
			return showIndicatorVersion(v, i.Default(now).Number)
		})}
}

func showIndicatorVersion(v catalogue.Version, usual int) IndicatorVersion {
	return IndicatorVersion{Number: v.Number, Name: Words(v.Name), From: v.From.String(), UsedBy: each(v.UsedBy, worded), Alternative: v.Alternative, Default: v.Number == usual,
		Definition: Words(v.Definition), Numerator: Words(v.Numerator), Denominator: words(v.Denominator), Changes: words(v.Changes), Rule: showIndicatorRule(v.Rule)}
}

func showIndicatorRule(r *catalogue.Rule) *IndicatorRule {
	if r == nil {
		return nil
	}
	return &IndicatorRule{Durable: (*IndicatorDuration)(r.Durable), Withdrawn: r.Withdrawn, Presence: each(r.Presence, func(p catalogue.Presence) IndicatorPresence {
		return IndicatorPresence{Kinds: p.Kinds, Hours: p.Hours, Stay: (*IndicatorDuration)(p.Stay)}
	})}
}

// worded gives a code with its words.
func worded[C interface {
	~string
	Label() catalogue.Text
}](c C) Coded {
	return Coded{string(c), Words(c.Label())}
}

func words(t *catalogue.Text) *Words { return (*Words)(t) }
