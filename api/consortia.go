package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/matching/engine/consortium"
	"maillage/network"
	"maillage/opportunities"
)

// ComposeInput steers a composition.
type ComposeInput struct {
	Include []int64 `json:"include,omitempty" maxItems:"12" doc:"Organisations that are in the group."`
	Exclude []int64 `json:"exclude,omitempty" maxItems:"200" doc:"Organisations that are not."`
	Most    int     `json:"most,omitempty" minimum:"1" maximum:"12" doc:"Members at most; 6 if absent."`
	Weights []int   `json:"weights,omitempty" maxItems:"50" doc:"Of the trades of the lot, in their order, 0 (not needed) to 9."`
	Steps   int     `json:"steps,omitempty" minimum:"1" maximum:"200000" doc:"Work that the search may do: the same number gives the same answer everywhere."`
}

// Composed is who could answer a lot together. Nothing of it is kept.
type Composed struct {
	Trades       []NeededTrade   `json:"trades"`
	Candidates   int             `json:"candidates" doc:"Enterprises that were looked at."`
	Complete     bool            `json:"complete" doc:"The group covers everything."`
	Reachable    float64         `json:"reachable" doc:"What all the candidates together would cover, 0 to 1."`
	Proven       bool            `json:"proven" doc:"No better group exists."`
	GapMembers   int             `json:"gap_members" doc:"A group as good may have so many members fewer; 0 is proof."`
	GapCoverage  float64         `json:"gap_coverage" doc:"A group as large may cover so much more; 0 is proof."`
	Best         ProposedGroup   `json:"best"`
	Alternatives []ProposedGroup `json:"alternatives" doc:"None is dominated on members, coverage and distance."`
	Unfit        []int64         `json:"unfit" doc:"Asked for, and cannot be in a group for this lot."`
}

// NeededTrade is one thing that the lot asks.
type NeededTrade struct {
	Codes  []string `json:"codes"`
	Weight int      `json:"weight"`
}

// ProposedGroup is a group with who does what in it.
type ProposedGroup struct {
	Coverage float64        `json:"coverage" doc:"Of the work and of what is to be shown, 0 to 1."`
	Work     float64        `json:"work" doc:"Of the work alone."`
	Km       float64        `json:"km" doc:"Sum of the distances to the centre of the place."`
	Members  []ProposedPart `json:"members"`
	Left     []LeftTrade    `json:"left" doc:"What nobody in it does."`
}

// ProposedPart is what a member does.
type ProposedPart struct {
	Organisation int64        `json:"organisation"`
	Name         string       `json:"name"`
	Share        float64      `json:"share" doc:"Of the work, 0 to 1."`
	Trades       []TradeShare `json:"trades"`
	Unsized      bool         `json:"capacity_unsaid" doc:"Nobody said how much it can carry."`
	Assumed      bool         `json:"assumed" doc:"Its trade or its zone was deduced."`
}

// TradeShare is the part of a trade, and in how many communes.
type TradeShare struct {
	Trade    int     `json:"trade" doc:"Its place in trades."`
	Share    float64 `json:"share"`
	Communes int     `json:"communes"`
	People   int64   `json:"people"`
}

// LeftTrade is what is not covered of a trade.
type LeftTrade struct {
	Trade    int      `json:"trade"`
	Share    float64  `json:"share"`
	Communes []string `json:"communes" doc:"INSEE codes of those where nobody does it."`
	People   int64    `json:"people"`
	Short    float64  `json:"short" doc:"Lacking where somebody does it, for want of capacity."`
}

// Consortium is a group of members that prepares an answer to a lot.
type Consortium struct {
	ID        int64       `json:"id"`
	Lot       int64       `json:"lot"`
	Name      string      `json:"name"`
	Form      string      `json:"form" enum:"joint,joint_backed,joint_liable"`
	State     string      `json:"state" enum:"draft,frozen,dissolved"`
	Lead      int64       `json:"lead"`
	Exclusive bool        `json:"exclusive" doc:"It is said here that the buyer forbids several bids of one enterprise (R2142-21): it holds for every group for the lot."`
	Accounts  string      `json:"accounts,omitempty"`
	Coverage  float64     `json:"coverage" doc:"Of the needs by its members when they were chosen, 0 to 1; worked out here, the trades having their usual weights."`
	Members   []GroupPart `json:"members"`
	Flags     []GroupFlag `json:"flags,omitempty" doc:"To be looked at before it is handed in; absent from lists."`
	FrozenAt  *time.Time  `json:"frozen_at,omitempty"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

// GroupPart is a member and what it does.
type GroupPart struct {
	Organisation int64   `json:"organisation" minimum:"1"`
	Share        float64 `json:"share,omitempty" minimum:"0" maximum:"1"`
	Tasks        string  `json:"tasks,omitempty" maxLength:"2000"`
}

// GroupFlag is something to look at before a group is handed in.
type GroupFlag struct {
	Code          string  `json:"code" enum:"elsewhere,alone,same_interest,partial,reservation,reservation_unknown,unfit"`
	Organisations []int64 `json:"organisations"`
	Article       string  `json:"article,omitempty"`
	Blocks        bool    `json:"blocks"`
}

// ConsortiumInput is a group as somebody writes it.
type ConsortiumInput struct {
	Key       string      `json:"key" minLength:"1" maxLength:"100" doc:"Chosen by the caller: the same key and content again make nothing more, another content is refused (409 key-taken)."`
	Name      string      `json:"name" minLength:"1" maxLength:"300"`
	Form      string      `json:"form" enum:"joint,joint_backed,joint_liable"`
	Lead      int64       `json:"lead" minimum:"1"`
	Exclusive bool        `json:"exclusive,omitempty"`
	Accounts  string      `json:"accounts,omitempty" maxLength:"2000"`
	Members   []GroupPart `json:"members" minItems:"2" maxItems:"12"`
}

const consortiumExample = `{"key":"rives-2026","name":"Groupement des rives","form":"joint_backed","lead":2,"members":[{"organisation":2,"share":0.6,"tasks":"Espaces verts"},{"organisation":3,"share":0.4}]}`

func (s *Server) consortia() {
	get, post := http.MethodGet, http.MethodPost
	add(s, Operation{ID: "compose-consortium", Method: post, Path: "/v1/lots/{id}/composition", Tag: tagMatches, Action: accounts.ConsortiumCompose,
		Summary: "Who could answer a lot together", About: "The fewest members that cover the most of the lot, who does what, what is left, and how far the answer may be from the best there is. Nothing is kept.", Example: `{"most":4}`}, s.composeConsortium)
	add(s, Operation{ID: "create-consortium", Method: post, Path: "/v1/lots/{id}/consortia", Tag: tagMatches, Action: accounts.ConsortiumEdit, Status: http.StatusCreated,
		Summary: "Keep a draft of a group", Example: consortiumExample, About: "The lead may lead one group only for a lot (R2142-23), which is still to be filled: else 409. Each member must be able to answer it: else 422."}, s.createConsortium)
	add(s, Operation{ID: "list-consortia", Method: get, Path: "/v1/opportunities/{id}/consortia", Tag: tagMatches, Action: accounts.ConsortiumRead,
		Summary: "List the groups of an opportunity", About: "Those that the caller may read: a member reads the groups it is in."}, s.listConsortia)
	add(s, Operation{ID: "get-consortium", Method: get, Path: "/v1/consortia/{id}", Tag: tagMatches, Action: accounts.ConsortiumRead, Summary: "Read a group, and what is to be checked"}, s.getConsortium)
	add(s, Operation{ID: "update-consortium", Method: http.MethodPut, Path: "/v1/consortia/{id}", Tag: tagMatches, Action: accounts.ConsortiumEdit,
		Summary: "Rewrite a draft", Example: consortiumExample, About: "A group that was handed in does not change until the signature (R2142-26): 409.", Errors: []int{http.StatusPreconditionFailed}}, s.updateConsortium)
	add(s, Operation{ID: "freeze-consortium", Method: post, Path: "/v1/consortia/{id}/freeze", Tag: tagMatches, Action: accounts.ConsortiumEdit,
		Summary: "Say that a group was handed in", About: "409 while a flag blocks, or where the lot is no longer to be filled.", Errors: []int{http.StatusPreconditionFailed}}, s.freezeConsortium)
	add(s, Operation{ID: "dissolve-consortium", Method: post, Path: "/v1/consortia/{id}/dissolve", Tag: tagMatches, Action: accounts.ConsortiumEdit,
		Summary: "Give a group up", About: "It stays, with its history.", Errors: []int{http.StatusPreconditionFailed}}, s.dissolveConsortium)
}

// groupLot reads a lot that the caller may do an action on.
func (s *Server) groupLot(ctx context.Context, id int64, a accounts.Action) (*opportunities.Lot, error) {
	o, l, err := s.visibleLot(ctx, opportunities.LotID(id))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), a, s.scopeOfLot(o, l))
	}
	return l, err
}

func (s *Server) composeConsortium(ctx context.Context, in *struct {
	ByID
	Body ComposeInput
}) (*Found[Composed], error) {
	l, err := s.groupLot(ctx, in.ID, accounts.ConsortiumCompose)
	if err != nil {
		return nil, err
	}
	b := in.Body
	c, err := s.cfg.Matching.Compose(ctx, l.ID, matching.ComposeQuery{Include: cast64[network.ID](b.Include), Exclude: cast64[network.ID](b.Exclude), Most: b.Most, Weights: b.Weights, Steps: b.Steps})
	if err != nil {
		return nil, err
	}
	return found(s.showComposed(c)), nil
}

func (s *Server) showComposed(c *matching.Composition) Composed {
	r := c.Result
	out := Composed{Trades: []NeededTrade{}, Candidates: r.Candidates, Complete: r.Complete, Reachable: r.Reachable, Proven: r.Gap.Proven(),
		GapMembers: r.Gap.Members, GapCoverage: r.Gap.Coverage, Best: s.showProposal(c, r.Best), Unfit: each(r.Unfit, func(id engine.EnterpriseID) int64 { return int64(id) }),
		Alternatives: each(r.Alternatives, func(p consortium.Proposal) ProposedGroup { return s.showProposal(c, p) })}
	for _, t := range c.Needs.Trades {
		trade := NeededTrade{Codes: []string{}, Weight: t.Weight}
		for _, code := range t.Codes {
			trade.Codes = append(trade.Codes, string(code.Scheme)+":"+code.Value)
		}
		out.Trades = append(out.Trades, trade)
	}
	return out
}

func (s *Server) showProposal(c *matching.Composition, p consortium.Proposal) ProposedGroup {
	out := ProposedGroup{Coverage: p.Coverage, Work: p.Work, Km: p.Km, Left: []LeftTrade{}}
	out.Members = each(p.Members, func(m consortium.Part) ProposedPart {
		return ProposedPart{Organisation: int64(m.ID), Name: c.Heads[network.ID(m.ID)].Name, Share: m.Share, Unsized: m.Unsized, Assumed: m.Assumed,
			Trades: each(m.Trades, func(t consortium.Task) TradeShare {
				return TradeShare{Trade: t.Trade, Share: t.Share, Communes: len(t.Places), People: t.People}
			})}
	})
	for _, h := range p.Holes {
		left := LeftTrade{Trade: h.Trade, Share: h.Share, People: h.People, Short: h.Short, Communes: []string{}}
		for _, ord := range h.Places {
			if int(ord) < s.cfg.Atlas.Len() {
				left.Communes = append(left.Communes, string(s.cfg.Atlas.Commune(int(ord)).Code))
			}
		}
		out.Left = append(out.Left, left)
	}
	return out
}

func (in ConsortiumInput) consortium() *matching.Consortium {
	out := &matching.Consortium{Key: in.Key, Name: in.Name, Form: matching.Form(in.Form), LeadID: network.ID(in.Lead), Exclusive: in.Exclusive, Accounts: in.Accounts}
	for _, m := range in.Members {
		out.Members = append(out.Members, matching.Partner{OrganisationID: network.ID(m.Organisation), Share: m.Share, Tasks: m.Tasks})
	}
	return out
}

func groupBy(ctx context.Context) matching.By {
	return matching.By{UserID: int64(accounts.From(ctx).UserID)}
}

func (s *Server) createConsortium(ctx context.Context, in *struct {
	ByID
	Body ConsortiumInput
}) (*Made[Consortium], error) {
	l, err := s.groupLot(ctx, in.ID, accounts.ConsortiumEdit)
	if err != nil {
		return nil, err
	}
	want := in.Body.consortium()
	want.LotID = l.ID
	c, err := s.cfg.Matching.CreateConsortium(ctx, groupBy(ctx), want)
	if err != nil {
		return nil, err
	}
	return &Made[Consortium]{ETag: tag(c.Revision), Location: "/v1/consortia/" + strconv.FormatInt(int64(c.ID), 10), Body: showConsortium(c)}, nil
}

// scopeOfGroup is where the lot is done; it belongs to its members, not to the
// buyer, who does not read who prepares an answer.
func (s *Server) scopeOfGroup(ctx context.Context, c *matching.Consortium) (accounts.Scope, error) {
	scope, err := s.scopeOfLotID(ctx, c.LotID)
	if err != nil {
		return accounts.Scope{}, err
	}
	scope.Organisations = nil
	for _, m := range c.Members {
		scope.Organisations = append(scope.Organisations, int64(m.OrganisationID))
	}
	return scope, nil
}

func (s *Server) groupFor(ctx context.Context, id int64, a accounts.Action) (*matching.Consortium, error) {
	c, err := s.cfg.Matching.Consortium(ctx, matching.ConsortiumID(id))
	if err != nil {
		return nil, err
	}
	scope, err := s.scopeOfGroup(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.allow(ctx, accounts.ConsortiumRead, scope); err != nil {
		return nil, fault.NotFound("consortium", id)
	}
	return c, s.allow(ctx, a, scope)
}

func (s *Server) listConsortia(ctx context.Context, in *ByID) (*Found[[]Consortium], error) {
	o, err := s.visible(ctx, opportunities.ID(in.ID))
	if err != nil {
		return nil, err
	}
	all, err := s.cfg.Matching.ConsortiaOf(ctx, o)
	if err != nil {
		return nil, err
	}
	out := []Consortium{}
	for _, c := range all {
		scope, err := s.scopeOfGroup(ctx, c)
		if err != nil {
			return nil, err
		}
		if s.allow(ctx, accounts.ConsortiumRead, scope) == nil {
			out = append(out, showConsortium(c))
		}
	}
	return found(out), nil
}

func (s *Server) getConsortium(ctx context.Context, in *ByID) (*Found[Consortium], error) {
	c, err := s.groupFor(ctx, in.ID, accounts.ConsortiumRead)
	if err != nil {
		return nil, err
	}
	flags, err := s.cfg.Matching.GroupFlags(ctx, c)
	if err != nil {
		return nil, err
	}
	out := showConsortium(c)
	out.Flags = each(flags, func(f matching.GroupFlag) GroupFlag {
		return GroupFlag{Code: f.Code, Organisations: ids(f.Organisations), Article: f.Article, Blocks: f.Blocks}
	})
	return revised(out, c.Revision), nil
}

func (s *Server) updateConsortium(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body ConsortiumInput
}) (*Found[Consortium], error) {
	return s.changeConsortium(ctx, in.ID, in.IfMatch, func(c *matching.Consortium, revision int64) (*matching.Consortium, error) {
		return s.cfg.Matching.UpdateConsortium(ctx, groupBy(ctx), c.ID, revision, in.Body.consortium())
	})
}

// GroupMove names a group, and the version of it that was read.
type GroupMove struct {
	ByID
	IfMatch
}

func (s *Server) freezeConsortium(ctx context.Context, in *GroupMove) (*Found[Consortium], error) {
	return s.changeConsortium(ctx, in.ID, in.IfMatch, func(c *matching.Consortium, revision int64) (*matching.Consortium, error) {
		return s.cfg.Matching.FreezeConsortium(ctx, groupBy(ctx), c.ID, revision)
	})
}

func (s *Server) dissolveConsortium(ctx context.Context, in *GroupMove) (*Found[Consortium], error) {
	return s.changeConsortium(ctx, in.ID, in.IfMatch, func(c *matching.Consortium, revision int64) (*matching.Consortium, error) {
		return s.cfg.Matching.DissolveConsortium(ctx, groupBy(ctx), c.ID, revision)
	})
}

func (s *Server) changeConsortium(ctx context.Context, id int64, cond IfMatch, change func(*matching.Consortium, int64) (*matching.Consortium, error)) (*Found[Consortium], error) {
	c, err := s.groupFor(ctx, id, accounts.ConsortiumEdit)
	if err != nil {
		return nil, err
	}
	revision, err := cond.revision()
	if err != nil {
		return nil, err
	}
	if c, err = change(c, revision); err != nil {
		return nil, err
	}
	return revised(showConsortium(c), c.Revision), nil
}

func showConsortium(c *matching.Consortium) Consortium {
	return Consortium{ID: int64(c.ID), Lot: int64(c.LotID), Name: c.Name, Form: string(c.Form), State: string(c.State), Lead: int64(c.LeadID), Exclusive: c.Exclusive,
		Accounts: c.Accounts, Coverage: c.Coverage, FrozenAt: c.FrozenAt, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		Members: each(c.Members, func(p matching.Partner) GroupPart {
			return GroupPart{Organisation: int64(p.OrganisationID), Share: p.Share, Tasks: p.Tasks}
		})}
}
