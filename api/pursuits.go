package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// PursuitState is what an enterprise and those who follow it up say of a match.
type PursuitState struct {
	Match       int64                  `json:"match"`
	State       followup.State         `json:"state" enum:"proposed,notified,seen,interested,declined,go,no_go,answering,submitted,won,lost,no_award,withdrawn"`
	Words       followup.Text          `json:"words"`
	Since       time.Time              `json:"since"`
	Reason      followup.Reason        `json:"reason,omitempty"`
	ReasonWords *followup.Text         `json:"reason_words,omitempty"`
	Note        string                 `json:"note,omitempty" doc:"A word for the network."`
	Role        followup.Role          `json:"role,omitempty" enum:"alone,lead,partner"`
	Consortium  *matching.ConsortiumID `json:"consortium,omitempty"`
	Partners    []network.ID           `json:"partners" doc:"The other enterprises of the answer."`
	SubmittedOn string                 `json:"submitted_on,omitempty" format:"date"`
	Next        []followup.State       `json:"next" doc:"The states that may follow."`
	Revision    int64                  `json:"revision"`
}

// PursuitDetail is a pursuit with its history.
type PursuitDetail struct {
	PursuitState
	Events []PursuitEvent `json:"events" doc:"The latest first; none is ever changed."`
}

// PursuitEvent is one step.
type PursuitEvent struct {
	At     time.Time       `json:"at"`
	Actor  *int64          `json:"actor,omitempty" doc:"Account; absent: a letter or a job."`
	From   followup.State  `json:"from"`
	To     followup.State  `json:"to"`
	Reason followup.Reason `json:"reason,omitempty"`
	Note   string          `json:"note,omitempty"`
	Origin followup.Origin `json:"origin,omitempty" enum:"carried,award,letter,page" doc:"Absent: a gesture."`
	Detail followup.Detail `json:"detail"`
}

// PursuitLine is a pursuit in a list.
type PursuitLine struct {
	PursuitState
	Lot          matching.LotHead          `json:"lot"`
	Organisation matching.OrganisationHead `json:"organisation"`
	Holds        bool                      `json:"holds" doc:"The match still holds."`
	Gone         bool                      `json:"gone" doc:"The lot was removed from the call, or the call was cancelled: it is neither answered nor won any more."`
	Late         bool                      `json:"late" doc:"The deadline has passed and nothing says that an answer was handed in."`
}

// PursuitList is the pursuits that the caller may read.
type PursuitList struct {
	Items  []PursuitLine          `json:"items" doc:"Late ones first, then the soonest deadline."`
	Counts map[followup.State]int `json:"counts"`
}

// PursuitStep is one step, or a correction of the last.
type PursuitStep struct {
	State       string  `json:"state" enum:"interested,declined,go,no_go,answering,submitted,won,lost,no_award,withdrawn"`
	Reason      string  `json:"reason,omitempty" maxLength:"40" doc:"Of declined, no_go, withdrawn and lost: required then."`
	Note        string  `json:"note,omitempty" maxLength:"2000"`
	Role        string  `json:"role,omitempty" enum:"alone,lead,partner" doc:"Of answering: required then."`
	Consortium  *int64  `json:"consortium,omitempty" doc:"The group that answers; its members are the partners."`
	Partners    []int64 `json:"partners,omitempty" maxItems:"12"`
	SubmittedOn string  `json:"submitted_on,omitempty" format:"date" doc:"Of submitted: today if absent."`
}

func (in PursuitStep) step() followup.Step {
	out := followup.Step{To: followup.State(in.State), Reason: followup.Reason(in.Reason), Note: in.Note, Role: followup.Role(in.Role), SubmittedOn: in.SubmittedOn}
	if in.Consortium != nil {
		group := matching.ConsortiumID(*in.Consortium)
		out.Consortium = &group
	}
	for _, id := range in.Partners {
		out.Partners = append(out.Partners, network.ID(id))
	}
	return out
}

func (s *Server) pursuits() {
	add(s, Operation{ID: "list-pursuits", Method: http.MethodGet, Path: "/v1/pursuits", Tag: tagFollowup, Action: accounts.PursuitRead,
		Summary: "What became of matches", About: "Those of an officer's perimeter, or of one's own enterprise. What is only proposed is listed with the matches."}, s.listPursuits)
	add(s, Operation{ID: "get-pursuit", Method: http.MethodGet, Path: "/v1/matches/{id}/pursuit", Tag: tagFollowup, Action: accounts.PursuitRead,
		Summary: "What became of a match, with its history"}, s.getPursuit)
	add(s, Operation{ID: "step-pursuit", Method: http.MethodPost, Path: "/v1/matches/{id}/pursuit/steps", Tag: tagFollowup, Action: accounts.PursuitFollow,
		Summary: "Say what became of a match", Example: `{"steps":[{"state":"go"},{"state":"answering","role":"alone"}]}`,
		About:  "One step, or several at once: all or none. The enterprise alone says interested, declined, go and no_go. What was closed can be reopened; a step that the present state does not allow is refused (409), and so is to go on with a lot that was removed or a call that was cancelled, or to win a public call before its deadline. The last step told again changes nothing.",
		Errors: []int{http.StatusConflict}}, s.stepPursuit)
	add(s, Operation{ID: "confirm-award", Method: http.MethodPost, Path: "/v1/matches/{id}/pursuit/award", Tag: tagFollowup, Action: accounts.PursuitFollow,
		Summary: "Confirm that an award names the enterprise", About: "Refused (409) where no award known names it.", Errors: []int{http.StatusConflict}}, s.confirmAward)
}

func (s *Server) listPursuits(ctx context.Context, in *struct {
	State        []string `query:"state" maxItems:"13"`
	Organisation int64    `query:"organisation" minimum:"0"`
	Lot          int64    `query:"lot" minimum:"0"`
}) (*Found[PursuitList], error) {
	f := followup.Filter{Organisation: network.ID(in.Organisation), Lot: opportunities.LotID(in.Lot)}
	for _, state := range in.State {
		f.States = append(f.States, followup.State(state))
	}
	lines, err := s.cfg.Followup.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := PursuitList{Items: []PursuitLine{}, Counts: map[followup.State]int{}}
	for _, l := range lines {
		out.Items = append(out.Items, PursuitLine{PursuitState: showPursuit(&l.Pursuit), Lot: l.Lot, Organisation: l.Organisation, Holds: l.Holds, Gone: l.Gone, Late: l.Late})
		out.Counts[l.State]++
	}
	return found(out), nil
}

func (s *Server) getPursuit(ctx context.Context, in *ByID) (*Found[PursuitDetail], error) {
	return s.pursuit(ctx, matching.ID(in.ID))
}

func (s *Server) pursuit(ctx context.Context, id matching.ID) (*Found[PursuitDetail], error) {
	p, err := s.cfg.Followup.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	events, err := s.cfg.Followup.Events(ctx, id)
	if err != nil {
		return nil, err
	}
	out := PursuitDetail{PursuitState: showPursuit(p), Events: []PursuitEvent{}}
	for _, e := range events {
		out.Events = append(out.Events, PursuitEvent{At: e.At.UTC(), Actor: e.ActorID, From: e.From, To: e.To, Reason: e.Reason, Note: e.Note, Origin: e.Origin, Detail: e.Detail})
	}
	return revised(out, p.Revision), nil
}

func (s *Server) stepPursuit(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1"`
	IfMatch
	Body struct {
		Steps []PursuitStep `json:"steps" minItems:"1" maxItems:"3"`
	}
}) (*Found[PursuitDetail], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	var steps []followup.Step
	for _, one := range in.Body.Steps {
		steps = append(steps, one.step())
	}
	if _, err := s.cfg.Followup.Move(ctx, matching.ID(in.ID), revision, steps...); err != nil {
		return nil, err
	}
	return s.pursuit(ctx, matching.ID(in.ID))
}

func (s *Server) confirmAward(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1"`
	IfMatch
}) (*Found[PursuitDetail], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if _, err := s.cfg.Followup.Confirm(ctx, matching.ID(in.ID), revision); err != nil {
		return nil, err
	}
	return s.pursuit(ctx, matching.ID(in.ID))
}

func showPursuit(p *followup.Pursuit) PursuitState {
	out := PursuitState{Match: int64(p.MatchID), State: p.State, Words: p.State.Words(), Since: p.Since.UTC(), Reason: p.Reason, Note: p.Note,
		Role: p.Role, Consortium: p.Consortium, Partners: append([]network.ID{}, p.Partners...), SubmittedOn: p.SubmittedOn, Next: p.State.Next(), Revision: p.Revision}
	if p.Reason != followup.NoReason {
		words := followup.ReasonWords(p.Reason)
		out.ReasonWords = &words
	}
	return out
}
