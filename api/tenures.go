package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/tenure"
	"maillage/opportunities"
	"maillage/people"
)

// TenureLine is what became of a person after the employer met them.
type TenureLine struct {
	Proposal int64          `json:"proposal,omitempty" doc:"For the structure."`
	Ref      string         `json:"ref" doc:"What the proposal is named by, to tell more."`
	Person   int64          `json:"person,omitempty" doc:"For the structure."`
	Position int64          `json:"position"`
	State    tenure.State   `json:"state,omitempty" enum:"immersion,mission,hired,in_post_3,in_post_6,left"`
	Words    tenure.Text    `json:"words"`
	Since    *time.Time     `json:"since,omitempty"`
	Motive   tenure.Motive  `json:"motive,omitempty" enum:"contract_end,other_job,training,resigned,trial_ended,dismissed,other" doc:"For the structure alone."`
	HiredAt  *time.Time     `json:"hired_at,omitempty"`
	Next     []tenure.State `json:"next" doc:"What can be told today."`
	Due      tenure.State   `json:"due,omitempty" doc:"What is to be asked now."`
	Revision int64          `json:"revision"`
}

func (s *Server) tenures() {
	add(s, Operation{ID: "list-tenures", Method: http.MethodGet, Path: "/v1/tenures", Tag: tagFollowup, Action: accounts.TenureRead,
		Summary: "What became of people after they were met", About: "Those of the counsellor's structure, with the motive of a leaving; those met by the employer, without it."}, s.listTenures)
	add(s, Operation{ID: "tell-tenure", Method: http.MethodPost, Path: "/v1/tenures/{ref}", Tag: tagFollowup, Action: accounts.TenureTell,
		Summary: "Say what became of a person", Example: `{"state":"in_post_3"}`, Errors: []int{http.StatusConflict},
		About: "In post at three or six months is told once they have passed. They are those of the job: counted from its first day where it begins after the hiring. A leaving told by mistake is taken back by hired. The structure says the motive of a leaving; the employer is not asked any."}, s.tellTenure)
}

func (s *Server) listTenures(ctx context.Context, in *struct {
	Person   int64 `query:"person" minimum:"0"`
	Position int64 `query:"position" minimum:"0"`
}) (*Found[[]TenureLine], error) {
	lines, err := s.cfg.Tenures.List(ctx, tenure.Filter{Person: people.ID(in.Person), Lot: opportunities.LotID(in.Position)})
	if err != nil {
		return nil, err
	}
	out := []TenureLine{}
	for i := range lines {
		out = append(out, showTenure(&lines[i]))
	}
	return found(out), nil
}

func (s *Server) tellTenure(ctx context.Context, in *struct {
	Ref string `path:"ref" maxLength:"40"`
	IfMatch
	Body struct {
		State  string `json:"state" enum:"immersion,mission,hired,in_post_3,in_post_6,left"`
		Motive string `json:"motive,omitempty" enum:"contract_end,other_job,training,resigned,trial_ended,dismissed,other"`
	}
}) (*Found[TenureLine], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	l, err := s.cfg.Tenures.Tell(ctx, in.Ref, revision, tenure.State(in.Body.State), tenure.Motive(in.Body.Motive))
	if err != nil {
		return nil, err
	}
	return revised(showTenure(l), l.Revision), nil
}

func showTenure(l *tenure.Line) TenureLine {
	return TenureLine{Proposal: int64(l.Proposal), Ref: l.Ref, Person: int64(l.Person), Position: int64(l.Lot), State: l.State, Words: l.Words(), Since: utc(l.Since),
		Motive: l.Motive, HiredAt: utc(l.HiredAt), Next: l.Next, Due: l.Due, Revision: l.Revision}
}
