package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/network"
	"maillage/territories"
)

// Group is a set of organisations under one direction (GES).
type Group struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	Members []int64 `json:"members"`
}

// Pole is a pôle territorial de coopération économique (PTCE).
type Pole struct {
	ID             int64           `json:"id"`
	Name           string          `json:"name"`
	Seat           string          `json:"seat,omitempty" doc:"INSEE code of the commune of its seat."`
	Stage          string          `json:"stage" enum:"emerging,active,confirmed"`
	Territory      json.RawMessage `json:"territory,omitempty" doc:"Perimeter expression."`
	TerritoryWords *Words          `json:"territory_words,omitempty"`
	Description    string          `json:"description,omitempty"`
	Since          string          `json:"since,omitempty"`
	Members        []int64         `json:"members"`
	Projects       []Project       `json:"projects"`
}

// Project is something the members of a pole do together.
type Project struct {
	ID             int64            `json:"id"`
	Title          string           `json:"title"`
	Description    string           `json:"description,omitempty"`
	State          string           `json:"state" enum:"idea,running,done,abandoned"`
	Hole           string           `json:"hole,omitempty" doc:"Key of the need it comes from; absent: it comes from none."`
	Sector         string           `json:"sector,omitempty"`
	Territory      json.RawMessage  `json:"territory,omitempty" doc:"Perimeter expression."`
	TerritoryWords *Words           `json:"territory_words,omitempty"`
	Evidence       *ProjectEvidence `json:"evidence,omitempty" doc:"What was asked and missing on the day it was proposed."`
	CreatedAt      *time.Time       `json:"created_at,omitempty"`
	Needs          string           `json:"needs,omitempty" doc:"What is still missing."`
	Members        []int64          `json:"members" doc:"Those of the pole that are in it."`
}

// ProjectEvidence is what was counted on the day a project was proposed.
type ProjectEvidence struct {
	On       string  `json:"on" format:"date"`
	Since    string  `json:"since" format:"date" doc:"First day of the period."`
	Lots     int     `json:"lots"`
	Unmet    int     `json:"unmet" doc:"Lots that nobody could answer."`
	Unsure   int     `json:"unsure" doc:"Lots that only assumed facts matched."`
	Expected int     `json:"expected" doc:"Calls foreseen."`
	Amount   float64 `json:"amount" doc:"Euros, of the lots that said it."`
	Hours    float64 `json:"hours" doc:"Of insertion."`
	Covered  float64 `json:"covered" doc:"Share of the people covered."`
}

// Partnership is a national frame, or one of its local conventions.
type Partnership struct {
	ID             int64           `json:"id"`
	Frame          *int64          `json:"frame,omitempty" doc:"The national frame of a local convention."`
	Name           string          `json:"name"`
	Sectors        []string        `json:"sectors"`
	Territory      json.RawMessage `json:"territory,omitempty"`
	TerritoryWords *Words          `json:"territory_words,omitempty"`
	From           string          `json:"from,omitempty"`
	Until          string          `json:"until,omitempty"`
	Description    string          `json:"description,omitempty"`
	Signatories    []int64         `json:"signatories"`
}

// TieList asks for a page of groups, poles or partnerships.
type TieList struct {
	At
	Paging
}

// pageByNumber cuts a page out of rows that are few, in the order of their numbers.
func pageByNumber[R, T any](in *TieList, rows []R, id func(R) int64, show func(R) T) (*Listed[T], error) {
	after, err := number(in.After)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b R) int { return cmp.Compare(id(a), id(b)) })
	from, _ := slices.BinarySearchFunc(rows, after+1, func(r R, n int64) int { return cmp.Compare(id(r), n) })
	rows = rows[from:]
	next := ""
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		next = cursor(id(rows[in.Limit-1]))
	}
	return listed(in.at, rows, next, show), nil
}

func (s *Server) ties() {
	add(s, Operation{ID: "list-groups", Method: http.MethodGet, Path: "/v1/groups", Tag: tagTies, Action: accounts.GroupRead, Summary: "List the groups"}, s.listGroups)
	add(s, Operation{ID: "get-group", Method: http.MethodGet, Path: "/v1/groups/{id}", Tag: tagTies, Action: accounts.GroupRead, Summary: "Read a group"}, s.getGroup)
	add(s, Operation{ID: "list-poles", Method: http.MethodGet, Path: "/v1/poles", Tag: tagTies, Action: accounts.PoleRead, Summary: "List the cooperation poles"}, s.listPoles)
	add(s, Operation{ID: "get-pole", Method: http.MethodGet, Path: "/v1/poles/{id}", Tag: tagTies, Action: accounts.PoleRead, Summary: "Read a cooperation pole"}, s.getPole)
	add(s, Operation{ID: "list-partnerships", Method: http.MethodGet, Path: "/v1/partnerships", Tag: tagTies, Action: accounts.PartnershipRead,
		Summary: "List the sector partnerships", About: "National frames and their local conventions, in the order in which they were made."}, s.listPartnerships)
	add(s, Operation{ID: "get-partnership", Method: http.MethodGet, Path: "/v1/partnerships/{id}", Tag: tagTies, Action: accounts.PartnershipRead, Summary: "Read a sector partnership"}, s.getPartnership)
	s.tieEdits()
}

func (s *Server) listGroups(ctx context.Context, in *TieList) (*Listed[Group], error) {
	rows, err := s.cfg.Network.Groups(ctx)
	if err != nil {
		return nil, err
	}
	return pageByNumber(in, rows, func(x network.Group) int64 { return x.ID }, showGroup)
}

func (s *Server) getGroup(ctx context.Context, in *ByID) (*Found[Group], error) {
	g, err := s.cfg.Network.Group(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return revised(showGroup(*g), g.Revision), nil
}

func showGroup(g network.Group) Group { return Group{ID: g.ID, Name: g.Name, Members: ids(g.Members)} }

func (s *Server) listPoles(ctx context.Context, in *TieList) (*Listed[Pole], error) {
	rows, err := s.cfg.Network.Poles(ctx)
	if err != nil {
		return nil, err
	}
	return pageByNumber(in, rows, func(x network.Pole) int64 { return x.ID }, s.showPole)
}

func (s *Server) getPole(ctx context.Context, in *ByID) (*Found[Pole], error) {
	p, err := s.cfg.Network.Pole(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return revised(s.showPole(*p), p.Revision), nil
}

func (s *Server) listPartnerships(ctx context.Context, in *TieList) (*Listed[Partnership], error) {
	rows, err := s.cfg.Network.Partnerships(ctx)
	if err != nil {
		return nil, err
	}
	return pageByNumber(in, rows, func(x network.Partnership) int64 { return x.ID }, s.showPartnership)
}

func (s *Server) getPartnership(ctx context.Context, in *ByID) (*Found[Partnership], error) {
	p, err := s.cfg.Network.Partnership(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return revised(s.showPartnership(*p), p.Revision), nil
}

func (s *Server) showPole(p network.Pole) Pole {
	out := Pole{ID: p.ID, Name: p.Name, Seat: string(p.Seat), Stage: string(p.Stage), Description: p.Description, Since: p.Since,
		Members: ids(p.Members), Projects: each(p.Projects, s.showProject)}
	out.Territory, out.TerritoryWords = s.showPerimeter(p.Territory)
	return out
}

func (s *Server) showProject(x network.Project) Project {
	out := Project{ID: x.ID, Title: x.Title, Description: x.Description, State: x.State, Hole: x.Hole, Sector: string(x.Sector), CreatedAt: utc(x.CreatedAt), Needs: x.Needs, Members: ids(x.Members)}
	out.Territory, out.TerritoryWords = s.showPerimeter(x.Territory)
	if x.Evidence != nil {
		evidence := ProjectEvidence(*x.Evidence)
		out.Evidence = &evidence
	}
	return out
}

func (s *Server) showPartnership(p network.Partnership) Partnership {
	out := Partnership{ID: p.ID, Frame: p.ParentID, Name: p.Name, From: p.From, Until: p.Until, Description: p.Description,
		Signatories: ids(p.Signatories), Sectors: make([]string, 0, len(p.Sectors))}
	for _, x := range p.Sectors {
		out.Sectors = append(out.Sectors, string(x))
	}
	out.Territory, out.TerritoryWords = s.showPerimeter(p.Territory)
	return out
}

// showPerimeter shows a stored perimeter with its words.
func (s *Server) showPerimeter(text string) (json.RawMessage, *Words) {
	e, err := territories.ParseExpr([]byte(text))
	if text == "" || err != nil {
		return nil, nil
	}
	words := s.words(e)
	return json.RawMessage(text), &words
}

func ids(in []network.ID) []int64 {
	return each(in, func(id network.ID) int64 { return int64(id) })
}

// each shows rows; an empty list is a list.
func each[R, T any](rows []R, show func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, show(r))
	}
	return out
}
