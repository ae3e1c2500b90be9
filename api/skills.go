package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	engine "maillage/matching/engine/outlook"
	"maillage/matching/outlook"
	"maillage/territories"
)

// People is a number of people as it may be said.
type People struct {
	Shown  *int `json:"shown" doc:"A multiple of 5, of the areas where it is shown; null: fewer than 5 in each area."`
	Low    int  `json:"low" doc:"The true number is this at least."`
	High   int  `json:"high" doc:"And that at most."`
	Hidden int  `json:"hidden_areas" doc:"Areas with fewer than 5 people each."`
}

// SkillAsk is one thing asked or taught.
type SkillAsk struct {
	Lot         int64  `json:"lot"`
	Opportunity int64  `json:"opportunity"`
	Source      string `json:"source" enum:"post,tender,hours,expected,session"`
	Title       string `json:"title"`
	Derived     bool   `json:"derived" doc:"The occupation is derived from the sector of its codes."`
	Posts       int    `json:"posts,omitempty"`
	PlacesLeft  *int   `json:"places_left,omitempty" doc:"Of a session: of its places (posts), those that nobody has taken; they add up to the places of the row."`
	From        string `json:"from,omitempty" doc:"Of a call to come: first day."`
	On          string `json:"on,omitempty" doc:"Of a call to come: the likeliest day; of a session: its first day."`
	Until       string `json:"until,omitempty"`
}

// SkillOccupation is one occupation of an outlook.
type SkillOccupation struct {
	Code      string     `json:"code" example:"K2204"`
	Label     string     `json:"label"`
	Open      int        `json:"open" doc:"Positions that can be taken now."`
	Posts     int        `json:"posts" doc:"Positions of the period, the open ones included."`
	Lots      int        `json:"lots" doc:"Lots of tenders and purchases of the period: derived."`
	Contracts int        `json:"contracts" doc:"Awarded contracts with insertion hours to fill: derived."`
	Hours     float64    `json:"hours" doc:"Of those that say them, by the share of their place and in equal parts between their occupations."`
	FTE       float64    `json:"fte" doc:"Full-time years, said or worked out from the hours (1,607 a year)."`
	Expected  []SkillAsk `json:"expected"`
	Wish      People     `json:"wish"`
	Practised People     `json:"practised" doc:"Without wishing it."`
	Able      People     `json:"able" doc:"Neither, but hold two at least of the skills that it usually asks."`
	Coming    *People    `json:"coming,omitempty" doc:"Who live elsewhere, wish it and can come: where one area is asked alone."`
	Sessions  []SkillAsk `json:"sessions"`
	Places    int        `json:"places"`
	Compared  SkillAsked `json:"compared" doc:"What tension sets against wish: what is asked of the whole areas, whatever part of them the territory is."`
	Tension   string     `json:"tension" enum:"lack,balance,offer,unsaid"`
	Sure      bool       `json:"sure" doc:"Whatever the numbers that are not shown."`
}

// SkillAsked is what is asked of an occupation in whole areas.
type SkillAsked struct {
	Posts int     `json:"posts" doc:"Positions of the period."`
	FTE   float64 `json:"fte" doc:"Full-time years derived from lots and contracts."`
}

// SkillAptitude is one licence, certificate or skill of an outlook.
type SkillAptitude struct {
	Code     string     `json:"code"`
	Label    string     `json:"label"`
	Required int        `json:"required" doc:"Positions of the period that require it."`
	Liked    int        `json:"appreciated"`
	Hold     People     `json:"hold"`
	Sessions []SkillAsk `json:"sessions"`
	Places   int        `json:"places"`
	Tension  string     `json:"tension" enum:"lack,balance,offer,unsaid"`
	Sure     bool       `json:"sure"`
}

// SkillsOutlook is what a territory asks against what its people hold.
type SkillsOutlook struct {
	AsOf        time.Time         `json:"as_of"`
	Since       time.Time         `json:"since"`
	Territory   string            `json:"territory"`
	Areas       []string          `json:"areas" doc:"The whole groupings in which people are counted, and which tension compares: what is asked there, what is held there."`
	Occupations []SkillOccupation `json:"occupations" doc:"What lacks the most first."`
	Aptitudes   []SkillAptitude   `json:"aptitudes"`
	Wide        int               `json:"wide" doc:"Things asked over too wide a place to be of this territory."`
	Unplaced    int               `json:"unplaced"`
	Unsorted    int               `json:"unsorted" doc:"Whose codes lead to no occupation."`
}

// SkillsInput asks for the outlook of a territory.
type SkillsInput struct {
	Territory string `query:"territory" required:"true" minLength:"2" maxLength:"4000" example:"departement:26" doc:"A territory, a perimeter as it is stored, or words: Drôme sauf Montélimar."`
	Months    int    `query:"months" minimum:"1" maximum:"36" default:"12"`
	Domain    string `query:"domain" pattern:"^[A-N]?$" doc:"Letter of a major domain of the ROME."`
}

func (s *Server) outlook() {
	add(s, Operation{ID: "read-skills-outlook", Method: http.MethodGet, Path: "/v1/skills/outlook", Tag: tagMatches, Action: accounts.SkillsOutlook,
		Summary: "What a territory asks against what its people hold and can learn", About: "By occupation: positions, tenders and insertion hours (derived through the sector of their codes), calls to come, the people in journeys who wish it, practised it or hold the usual skills, and the sessions that lead to it, in the territory or at most 30 km away. People are counted in whole groupings of communes, once a day, and tension compares them with what these groupings ask; fewer than 5 is not shown, the rest is rounded to 5, and every total is made of these. The method and the attacker that it withstands are in docs/outlook.md."}, s.readOutlook)
}

func (s *Server) readOutlook(ctx context.Context, in *SkillsInput) (*Found[SkillsOutlook], error) {
	expr, set, err := s.perimeterAsked(in.Territory)
	if err != nil {
		return nil, err
	}
	o, err := s.cfg.Outlook.Of(ctx, engine.Query{In: set, Months: in.Months, Domain: in.Domain})
	if err != nil {
		return nil, err
	}
	lang := accounts.From(ctx).Lang
	return found(SkillsOutlook{AsOf: o.AsOf, Since: o.Since, Territory: expr.String(), Wide: o.Wide, Unplaced: o.Unplaced, Unsorted: o.Unsorted,
		Areas: each(o.Areas, func(a engine.Area) string { return a.Ref.String() }), Occupations: each(o.Rows, showOccupation),
		Aptitudes: each(o.Skills, func(a engine.Skill) SkillAptitude { return showAptitude(a, lang) })}), nil
}

// perimeterAsked reads a territory, a stored perimeter or words.
func (s *Server) perimeterAsked(text string) (territories.Expr, *territories.Set, error) {
	unknown := func(err error) error {
		return fault.Invalid(fault.At("query.territory", "unknown", "Ce territoire n’est pas compris.", "This territory is not understood.")).Because(err)
	}
	expr, err := s.cfg.Atlas.ParsePerimeter(text)
	if ref, bad := territories.ParseRef(text); bad == nil {
		expr, err = territories.In(ref), nil
	}
	if err != nil {
		return expr, nil, unknown(err)
	}
	p, err := s.cfg.Atlas.Compile(expr)
	if err != nil || p.Set.Len() == 0 {
		return expr, nil, unknown(err)
	}
	return expr, p.Set, nil
}

func showOccupation(r engine.Row) SkillOccupation {
	d := r.Demand
	out := SkillOccupation{Code: string(r.Code), Label: r.Code.Label(), Open: d.Open, Posts: d.Posts(), Lots: d.Lots, Contracts: d.Contract, Hours: d.Hours, FTE: d.FTE,
		Expected: each(r.Expected, showAsk), Wish: showPeople(r.Wish), Practised: showPeople(r.Practice), Able: showPeople(r.Able), Sessions: each(r.Sessions, showAsk), Places: r.Places,
		Compared: SkillAsked{Posts: r.Compared.Posts, FTE: r.Compared.FTE}, Tension: string(r.Tension), Sure: r.Sure}
	if r.Coming != nil {
		coming := showPeople(*r.Coming)
		out.Coming = &coming
	}
	return out
}

func showAptitude(a engine.Skill, lang string) SkillAptitude {
	return SkillAptitude{Code: string(a.Code), Label: outlook.AptitudeLabel(a.Code, lang), Required: a.Required, Liked: a.Liked, Hold: showPeople(a.Hold), Sessions: each(a.Sessions, showAsk), Places: a.Places,
		Tension: string(a.Tension), Sure: a.Sure}
}

func showPeople(f engine.Figure) People {
	out := People{Low: f.Low, High: f.High, Hidden: f.Hidden}
	if !f.None() {
		out.Shown = &f.Shown
	}
	return out
}

func showAsk(a *engine.Ask) SkillAsk {
	out := SkillAsk{Lot: a.ID, Opportunity: a.Opportunity, Source: string(a.Source), Title: a.Title, Derived: a.Derived, Posts: a.Posts, From: a.From, On: a.On, Until: a.Until}
	if a.Source == engine.Session {
		left := a.Left()
		out.PlacesLeft = &left
	}
	return out
}
