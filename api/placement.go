package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/matching/placement/card"
	"maillage/opportunities"
	"maillage/people"
)

// ProposalInput names who is presented for what.
type ProposalInput struct {
	Person   int64          `json:"person" minimum:"1"`
	Position int64          `json:"position" minimum:"1" doc:"A lot that is a place for people."`
	Without  []WithoutClaim `json:"without,omitempty" maxItems:"50" doc:"What the person would rather not be told of them."`
	Outcome  string         `json:"outcome,omitempty" enum:"hired,not_retained" doc:"What came of an agreement to a position of one’s own structure: it is noted, and no card is made. Of a training, an immersion or a mission, not_retained after hired gives the place up, and hired after that gives it again; any other end is one (409 concluded)."`
	Read     string         `json:"read,omitempty" maxLength:"64" doc:"The seal of the card that was read: another one is refused (409 card-changed). A card that says nothing of what the position asks is presented with it alone (409 card-bare)."`
}

// WithoutClaim is a claim that is left out of a card.
type WithoutClaim struct {
	Kind string `json:"kind" enum:"counsellor,practised,practised_near,practised_domain,wished,wished_near,wished_domain,aptitude,language,hours,on_site,available,from,trainable"`
	Code string `json:"code" maxLength:"100"`
}

func (in ProposalInput) offer() placement.Offer {
	o := placement.Offer{Person: people.ID(in.Person), Lot: opportunities.LotID(in.Position), Read: in.Read}
	for _, w := range in.Without {
		o.Without = append(o.Without, card.Claim{Kind: card.Kind(w.Kind), Code: w.Code})
	}
	return o
}

// CardAnswer is what an employer says to a card.
type CardAnswer struct {
	State  string `json:"state" enum:"interested,met,not_retained,hired"`
	Reason string `json:"reason,omitempty" enum:"place_taken,need_changed,other_skills,other_hours,other_dates,more_experience" doc:"Of not_retained: required then. It is about what the position needs."`
}

// ProposalDetail is a proposal with its history.
type ProposalDetail struct {
	placement.Followed
	Events []ProposalEvent `json:"events"`
}

// ProposalEvent is one step of a proposal.
type ProposalEvent struct {
	At     time.Time       `json:"at"`
	Actor  *int64          `json:"actor,omitempty" doc:"Account; absent: a job."`
	From   placement.State `json:"from,omitempty"`
	To     placement.State `json:"to"`
	Reason *placement.Text `json:"reason,omitempty"`
}

// CardPreview is the card that would be shown, with what could not be told.
type CardPreview struct {
	Sheet placement.Sheet  `json:"card"`
	Words []placement.Text `json:"words"`
	Left  []placement.Text `json:"left_words"`
	Bare  bool             `json:"bare" doc:"It says nothing of what the position asks: no occupation, aptitude, language or training, not even that the person can be there."`
	Seal  string           `json:"seal" doc:"To present the card that was read: read of a proposal."`
}

// PlacementQuery bounds a question about people and positions.
type PlacementQuery struct {
	At
	ID    int64  `path:"id" minimum:"1"`
	AsOf  string `query:"as_of" format:"date" doc:"As of this day; today if absent."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	After int    `query:"after" minimum:"0" doc:"Rank after which the page begins."`
	Near  int    `query:"near" minimum:"0" maximum:"50" default:"5" doc:"Near misses wanted."`
}

func (in PlacementQuery) query() placement.Query {
	return placement.Query{AsOf: in.AsOf, Limit: in.Limit, After: in.After, Near: in.Near}
}

// Linked is one page of an answer.
type Linked[T any] struct {
	Link string `header:"Link" doc:"rel=\"next\": the next page."`
	Body T
}

func linked[T any](at address, body T, next int) *Linked[T] {
	out := &Linked[T]{Body: body, Link: at.links("")}
	if next > 0 {
		out.Link = at.links(strconv.Itoa(next))
	}
	return out
}

func (s *Server) placement() {
	add(s, Operation{ID: "list-people-for-position", Method: http.MethodGet, Path: "/v1/positions/{id}/people", Tag: tagPlacement, Action: accounts.ProposalPeople,
		Summary: "Which people of the structure suit a position, and why", About: "For the counsellor: ranked, with each criterion in words, what is held and missing, the trainings around, the alerts of law, the agreement and what was proposed; then those who miss one thing. It decides nothing."}, s.peopleForPosition)
	add(s, Operation{ID: "preview-card", Method: http.MethodGet, Path: "/v1/positions/{id}/people/{person}/card", Tag: tagPlacement, Action: accounts.ProposalPeople,
		Summary: "The card that an employer would see", About: "To be read with the person before their agreement is asked. 409 when even the most general card would make the person recognisable.", Errors: []int{http.StatusConflict}}, s.previewCard)
	add(s, Operation{ID: "list-positions-for-person", Method: http.MethodGet, Path: "/v1/people/{id}/positions", Tag: tagPlacement, Action: accounts.ProposalPeople,
		Summary: "Which positions suit a person, and why"}, s.positionsForPerson)
	add(s, Operation{ID: "what-if-person", Method: http.MethodGet, Path: "/v1/people/{id}/what-if", Tag: tagPlacement, Action: accounts.ProposalPeople,
		Summary: "What a licence, a skill, a language or a wider range would open", About: "Counted over the positions open now and those of the last twelve months."}, s.personWhatIf)
	add(s, Operation{ID: "list-proposals", Method: http.MethodGet, Path: "/v1/proposals", Tag: tagPlacement, Action: accounts.ProposalList,
		Summary: "What waits for the counsellor", About: "The proposals that run, late answers first, those that ended in the last thirty days, the agreements not proposed yet, and the positions of the last seven days with how many people they suit."}, s.listProposals)
	add(s, Operation{ID: "get-proposal", Method: http.MethodGet, Path: "/v1/proposals/{id}", Tag: tagPlacement, Action: accounts.ProposalList, Summary: "Read a proposal and its history"}, s.getProposal)
	add(s, Operation{ID: "create-proposal", Method: http.MethodPost, Path: "/v1/proposals", Tag: tagPlacement, Action: accounts.ProposalCreate, Status: http.StatusCreated,
		Summary: "Present a person to the employer of a position", Example: `{"person":1,"position":1}`,
		About: "Refused (409) without an agreement that holds today, for a position that can no longer be taken, when the employer has enough cards to look at, when the card would make somebody recognisable, or when it would say nothing of what the position asks and nobody has read it. Whoever is presented already stays so. For a position of one’s own structure there is no card: give `outcome`."}, s.createProposal)
	add(s, Operation{ID: "withdraw-proposal", Method: http.MethodPost, Path: "/v1/proposals/{id}/withdraw", Tag: tagPlacement, Action: accounts.ProposalWithdraw,
		Summary: "Take a proposal back", About: "The employer reads that it is no longer proposed, never why."}, s.withdrawProposal)
	add(s, Operation{ID: "list-needs", Method: http.MethodGet, Path: "/v1/needs", Tag: tagPlacement, Action: accounts.ProposalReceived, Summary: "My positions to which people are presented"}, s.listNeeds)
	add(s, Operation{ID: "list-received-proposals", Method: http.MethodGet, Path: "/v1/needs/{id}/proposals", Tag: tagPlacement, Action: accounts.ProposalReceived,
		Summary: "The people presented for one of my positions", About: "Cards without any figure, in an order that was drawn and tells nothing."}, s.receivedProposals)
	add(s, Operation{ID: "answer-proposal", Method: http.MethodPost, Path: "/v1/needs/{id}/proposals/{ref}/answer", Tag: tagPlacement, Action: accounts.ProposalAnswer,
		Summary: "Answer a card", Example: `{"state":"interested"}`}, s.answerProposal)
}

func (s *Server) peopleForPosition(ctx context.Context, in *PlacementQuery) (*Linked[placement.Candidates], error) {
	out, err := s.cfg.Placement.PeopleFor(ctx, opportunities.LotID(in.ID), in.query())
	if err != nil {
		return nil, err
	}
	return linked(in.at, *out, out.Next), nil
}

func (s *Server) positionsForPerson(ctx context.Context, in *PlacementQuery) (*Linked[placement.Prospects], error) {
	out, err := s.cfg.Placement.PositionsFor(ctx, people.ID(in.ID), in.query())
	if err != nil {
		return nil, err
	}
	return linked(in.at, *out, out.Next), nil
}

func (s *Server) previewCard(ctx context.Context, in *struct {
	ID     int64 `path:"id" minimum:"1"`
	Person int64 `path:"person" minimum:"1"`
}) (*Found[CardPreview], error) {
	sheet, err := s.cfg.Placement.Preview(ctx, placement.Offer{Person: people.ID(in.Person), Lot: opportunities.LotID(in.ID)})
	if err != nil {
		return nil, err
	}
	said, left := s.cfg.Placement.SheetWords(sheet)
	return found(CardPreview{Sheet: *sheet, Words: said, Left: left, Bare: sheet.Claims.Bare(), Seal: sheet.Seal()}), nil
}

func (s *Server) personWhatIf(ctx context.Context, in *ByID) (*Found[placement.Openings], error) {
	out, err := s.cfg.Placement.WhatIf(ctx, people.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(*out), nil
}

func (s *Server) listProposals(ctx context.Context, _ *struct{}) (*Found[placement.Board], error) {
	out, err := s.cfg.Placement.Board(ctx)
	if err != nil {
		return nil, err
	}
	return found(*out), nil
}

func (s *Server) getProposal(ctx context.Context, in *ByID) (*Found[ProposalDetail], error) {
	return s.proposal(ctx, placement.ID(in.ID))
}

func (s *Server) proposal(ctx context.Context, id placement.ID) (*Found[ProposalDetail], error) {
	p, events, err := s.cfg.Placement.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return revised(detailed(*p, events), p.Revision), nil
}

func detailed(p placement.Followed, events []placement.Event) ProposalDetail {
	out := ProposalDetail{Followed: p, Events: []ProposalEvent{}}
	for _, e := range events {
		shown := ProposalEvent{At: e.At, Actor: e.ActorID, From: e.From, To: e.To}
		if words := e.Reason.Words(); e.Reason != placement.NoReason {
			shown.Reason = &words
		}
		out.Events = append(out.Events, shown)
	}
	return out
}

func (s *Server) createProposal(ctx context.Context, in *struct{ Body ProposalInput }) (*Made[ProposalDetail], error) {
	p, err := s.propose(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	shown, err := s.proposal(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return &Made[ProposalDetail]{Location: "/v1/proposals/" + strconv.FormatInt(int64(p.ID), 10), ETag: shown.ETag, Body: shown.Body}, nil
}

func (s *Server) propose(ctx context.Context, in *ProposalInput) (*placement.Proposal, error) {
	if in.Outcome != "" {
		return s.cfg.Placement.Conclude(ctx, people.ID(in.Person), opportunities.LotID(in.Position), placement.State(in.Outcome))
	}
	return s.cfg.Placement.Propose(ctx, in.offer())
}

func (s *Server) withdrawProposal(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1"`
	IfMatch
}) (*Found[ProposalDetail], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if _, err := s.cfg.Placement.Withdraw(ctx, placement.ID(in.ID), revision); err != nil {
		return nil, err
	}
	return s.proposal(ctx, placement.ID(in.ID))
}

func (s *Server) listNeeds(ctx context.Context, _ *struct{}) (*Found[[]placement.Need], error) {
	out, err := s.cfg.Placement.Needs(ctx)
	if err != nil {
		return nil, err
	}
	return found(out), nil
}

func (s *Server) receivedProposals(ctx context.Context, in *ByID) (*Found[placement.Received], error) {
	out, err := s.cfg.Placement.Received(ctx, opportunities.LotID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(*out), nil
}

func (s *Server) answerProposal(ctx context.Context, in *struct {
	ID  int64  `path:"id" minimum:"1"`
	Ref string `path:"ref" maxLength:"40"`
	IfMatch
	Body CardAnswer
}) (*Found[placement.Presented], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	out, err := s.cfg.Placement.Answer(ctx, opportunities.LotID(in.ID), in.Ref, revision,
		placement.Reply{State: placement.State(in.Body.State), Reason: placement.Reason(in.Body.Reason)})
	if err != nil {
		return nil, err
	}
	return revised(*out, out.Revision), nil
}
