package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Hole is a sector in a territory where lots are asked and too little is offered.
type Hole struct {
	Key       string        `json:"key" example:"espaces-verts@epci:242600534" doc:"Its sector and its territory: what a project of a pole is made from."`
	Rank      int           `json:"rank"`
	Sector    string        `json:"sector"`
	Label     matching.Text `json:"label"`
	Territory string        `json:"territory" example:"epci:242600534"`
	Place     string        `json:"place"`
	People    int64         `json:"people"`
	Lack      string        `json:"lack" enum:"none,assumed,part,closed" doc:"Nobody; only enterprises whose trade or zone is assumed; some, on less than half of the people; enough, and nobody can answer some of the lots."`
	Covered   float64       `json:"covered" doc:"Share of the people whom an enterprise covers, its trade and its zone being known."`
	Supposed  float64       `json:"supposed" doc:"The same, assumed facts included."`
	Lots      int           `json:"lots"`
	Unmet     int           `json:"unmet" doc:"Among them, that no enterprise at all can answer."`
	Unsure    int           `json:"unsure" doc:"Among them, that only assumed facts match."`
	Expected  int           `json:"expected" doc:"Calls that nobody has published yet, apart from the lots."`
	Amount    float64       `json:"amount" doc:"Euros, of the lots that say it, by the share of their place."`
	AmountOf  int           `json:"amount_of"`
	Hours     float64       `json:"hours" doc:"Of insertion, the same."`
	HoursOf   int           `json:"hours_of"`
	ToSpecify int           `json:"to_specify" doc:"Enterprises that cover some of it and whose trade nobody has said."`
	Nearest   []HoleNearest `json:"nearest"`
	Poles     []HolePole    `json:"poles"`
	Shown     []HoleLot     `json:"shown" doc:"Lots that nobody can answer first."`
}

// HoleNearest is an enterprise that could come.
type HoleNearest struct {
	Organisation int64         `json:"organisation"`
	Name         string        `json:"name"`
	Way          string        `json:"way" enum:"zone,trade"`
	Km           float64       `json:"km" doc:"By how much its zone would have to be wider; 0 where it covers some of the territory."`
	Share        float64       `json:"share" doc:"Of the people of the territory whom its zone covers."`
	Assumed      bool          `json:"assumed"`
	Words        matching.Text `json:"words"`
}

// HolePole is a pole near a hole, with its live project for it.
type HolePole struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	Km      float64 `json:"km"`
	Project int64   `json:"project,omitempty"`
}

// HoleLot is a lot of a hole.
type HoleLot struct {
	Lot         int64      `json:"lot"`
	Opportunity int64      `json:"opportunity"`
	Title       string     `json:"title"`
	Buyer       string     `json:"buyer"`
	Deadline    *time.Time `json:"deadline,omitempty"`
}

// Holes is a page of needs that nobody covers, with what they are cut from.
type Holes struct {
	Link string `header:"Link" doc:"rel=\"next\": the next page."`
	Body struct {
		AsOf     time.Time `json:"as_of"`
		Since    time.Time `json:"since"`
		By       string    `json:"by"`
		Lots     int       `json:"lots" doc:"Of the period, in the whole country."`
		Unsorted int       `json:"unsorted" doc:"Among them, whose codes lead to no sector."`
		Unplaced int       `json:"unplaced" doc:"Whose place is not known, or is the country."`
		Wide     int       `json:"wide" doc:"Whose place is too wide to be that of any one territory."`
		Cells    int       `json:"cells" doc:"Sectors × territories where something is asked."`
		Total    int       `json:"total"`
		Unmet    int       `json:"unmet" doc:"Distinct lots that nobody can answer, in all of these."`
		Items    []Hole    `json:"items"`
		Next     string    `json:"next,omitempty"`
	}
}

// HolesInput asks for needs that nobody covers.
type HolesInput struct {
	At
	By        string `query:"by" enum:"epci,departement" default:"epci" doc:"Which territories the country is cut into."`
	Months    int    `query:"months" minimum:"1" maximum:"36" default:"12"`
	Territory string `query:"territory" maxLength:"120" example:"departement:26" doc:"Only those that touch it."`
	Group     string `query:"group" maxLength:"60" doc:"Only the sectors of this group."`
	Sector    string `query:"sector" maxLength:"60"`
	Lack      string `query:"lack" enum:"none,assumed,part,closed"`
	Unmet     bool   `query:"unmet" doc:"Only those with a lot that nobody can answer."`
	After     string `query:"after" maxLength:"400" doc:"The cursor of the page before (next)."`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	Lots      int    `query:"lots" minimum:"0" maximum:"50" default:"5" doc:"Lots shown of each."`
}

func (s *Server) coverage() {
	add(s, Operation{ID: "list-coverage-holes", Method: http.MethodGet, Path: "/v1/coverage/holes", Tag: tagMatches, Action: accounts.MatchCoverage,
		Summary: "Where what is asked meets nobody", About: "A sector in a territory is a hole when lots of the last months, or still open, are asked there and the enterprises whose trade and zone are known cover less than half of its people, or when nobody can answer one of these lots. A lot is one of the sector its first code leads to, and of each territory that holds a tenth of the people of its place. Those with the most lots that nobody can answer come first. Each says who is the nearest: of the trade, by how many km; in place, by a neighbouring trade; and the poles. The method is in docs/coverage.md."}, s.listHoles)
	add(s, Operation{ID: "start-pole-project", Method: http.MethodPost, Path: "/v1/poles/{id}/projects", Tag: tagTies, Action: accounts.PoleEdit, Status: http.StatusCreated,
		Summary: "Make a project of a pole out of a hole", About: "The project keeps what is known of the need on that day. A pole has one live project for a hole: asked again, this answers 200 with the project that there is.",
		Example: `{"hole":"espaces-verts@epci:242600534","months":12}`}, s.startProject)
	add(s, Operation{ID: "move-pole-project", Method: http.MethodPut, Path: "/v1/poles/{id}/projects/{project}/state", Tag: tagTies, Action: accounts.PoleEdit,
		Summary: "Say what becomes of a project", About: "An idea runs; what runs is done; either is abandoned.", Example: `{"state":"running"}`}, s.moveProject)
}

func (s *Server) listHoles(ctx context.Context, in *HolesInput) (*Holes, error) {
	q, err := s.holesAsked(ctx, in)
	if err != nil {
		return nil, err
	}
	c, err := s.cfg.Matching.Coverage(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &Holes{}
	b := &out.Body
	b.AsOf, b.Since, b.By, b.Lots, b.Unsorted, b.Unplaced, b.Wide = c.AsOf, c.Since, string(c.By), c.Lots, c.Unsorted, c.Unplaced, c.Wide
	b.Cells, b.Total, b.Unmet, b.Items = c.Cells, c.Total, c.Unmet, each(c.Holes, showHole)
	if c.Next > 0 {
		b.Next = cursor(int64(c.Next))
	}
	out.Link = in.at.links(b.Next)
	return out, nil
}

func (s *Server) holesAsked(ctx context.Context, in *HolesInput) (matching.CoverageQuery, error) {
	after, err := number(in.After)
	q := matching.CoverageQuery{By: territories.Kind(in.By), Months: in.Months, Group: in.Group, Lack: engine.Lack(in.Lack), Unmet: in.Unmet, After: int(after), Limit: in.Limit, Lots: in.Lots}
	if err != nil {
		return q, err
	}
	if in.Territory != "" {
		if _, q.Within, err = s.territory(ctx, "query.territory", in.Territory); err != nil {
			return q, err
		}
	}
	if in.Sector != "" {
		if q.Sector, err = nomenclatures.ParseSector(in.Sector); err != nil {
			return q, fault.Invalid(fault.At("query.sector", "unknown", "Ce secteur n’existe pas.", "There is no such sector."))
		}
	}
	return q, nil
}

func showHole(h matching.Hole) Hole {
	return Hole{Key: h.Key, Rank: h.Rank, Sector: string(h.Sector), Label: h.Label, Territory: h.Territory.String(), Place: h.Place, People: h.People,
		Lack: string(h.Lack), Covered: h.Covered, Supposed: h.Supposed, Lots: len(h.Demand.Lots), Unmet: len(h.Unmet), Unsure: len(h.Unsure), Expected: h.Expected,
		Amount: math.Round(h.Demand.Amount), AmountOf: h.Demand.AmountOf, Hours: math.Round(h.Demand.Hours), HoursOf: h.Demand.HoursOf, ToSpecify: h.ToSpecify,
		Nearest: each(h.Nearest, func(n matching.Nearby) HoleNearest {
			return HoleNearest{Organisation: int64(n.Organisation.ID), Name: n.Organisation.Name, Way: string(n.Way), Km: n.Km, Share: n.Share, Assumed: n.Assumed, Words: n.Words}
		}),
		Poles: each(h.Poles, func(p matching.Pole) HolePole {
			return HolePole{ID: p.ID, Name: p.Name, Km: p.Km, Project: p.Project}
		}),
		Shown: each(h.Shown, func(l matching.LotHead) HoleLot {
			return HoleLot{Lot: int64(l.ID), Opportunity: int64(l.OpportunityID), Title: strings.TrimSpace(l.Opportunity + " " + l.Title), Buyer: l.Buyer, Deadline: utc(l.Deadline)}
		})}
}

// StartedProject is a project just made, or the one there was.
type StartedProject struct {
	Status   int
	Location string `header:"Location" doc:"The pole it is one of."`
	Body     Project
}

// allowPole asks the policy about a pole as it is.
func (s *Server) allowPole(ctx context.Context, id int64) error {
	p, err := s.cfg.Network.Pole(ctx, id)
	if err != nil {
		return err
	}
	return s.allow(ctx, accounts.PoleEdit, s.scopeOfText(p.Territory))
}

func (s *Server) startProject(ctx context.Context, in *struct {
	ByID
	Body struct {
		Hole   string `json:"hole" minLength:"3" maxLength:"120" doc:"Key of the hole."`
		Months int    `json:"months,omitempty" minimum:"1" maximum:"36" default:"12"`
	}
}) (*StartedProject, error) {
	if err := s.allowPole(ctx, in.ID); err != nil {
		return nil, err
	}
	p, made, err := s.cfg.Matching.ProposeProject(ctx, in.ID, in.Body.Hole, in.Body.Months)
	if err != nil {
		return nil, err
	}
	out := &StartedProject{Status: http.StatusOK, Location: "/v1/poles/" + strconv.FormatInt(in.ID, 10), Body: s.showProject(*p)}
	if made {
		out.Status = http.StatusCreated
	}
	return out, nil
}

func (s *Server) moveProject(ctx context.Context, in *struct {
	ByID
	Project int64 `path:"project" minimum:"1"`
	Body    struct {
		State string `json:"state" enum:"idea,running,done,abandoned"`
	}
}) (*Found[Project], error) {
	if err := s.allowPole(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := s.cfg.Network.MoveProject(ctx, in.ID, in.Project, in.Body.State)
	if err != nil {
		return nil, err
	}
	return found(s.showProject(*p)), nil
}
