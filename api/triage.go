package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/monday"
	"maillage/opportunities"
)

// SortEntry is one gesture of an association on a notice.
type SortEntry struct {
	Opportunity int64     `json:"opportunity"`
	Title       string    `json:"title,omitempty"`
	Act         string    `json:"act" enum:"keep,discard,assign,put_back"`
	Reason      string    `json:"reason,omitempty" enum:"no_clause,wrong_place,no_trade,too_large,too_short,duplicate,other"`
	Note        string    `json:"note,omitempty"`
	Assignee    *int64    `json:"assignee,omitempty" doc:"An officer of the same association."`
	By          string    `json:"by,omitempty"`
	At          time.Time `json:"at"`
}

// SortInput is a gesture.
type SortInput struct {
	Act      string `json:"act" enum:"keep,discard,assign,put_back" doc:"put_back undoes: the notice is to be sorted again."`
	Reason   string `json:"reason,omitempty" enum:"no_clause,wrong_place,no_trade,too_large,too_short,duplicate,other" doc:"Goes with discard."`
	Note     string `json:"note,omitempty" maxLength:"500"`
	Assignee *int64 `json:"assignee,omitempty" minimum:"1" doc:"Goes with assign."`
}

func (s *Server) triage() {
	add(s, Operation{ID: "sort-notice", Method: http.MethodPost, Path: "/v1/monday/notices/{id}/sorting", Tag: tagFollowup, Action: accounts.MondaySort,
		Summary: "Keep, discard, assign or put back a notice", About: "The same gesture again changes nothing; another one takes its place, and the history keeps both. A discarded notice does not come back.",
		Example: `{"act":"discard","reason":"no_clause"}`}, s.sortNotice)
	add(s, Operation{ID: "list-notice-sortings", Method: http.MethodGet, Path: "/v1/monday/notices/{id}/sorting", Tag: tagFollowup, Action: accounts.MondayRead,
		Summary: "What one's association did with a notice", About: "The latest gesture first."}, s.listSortings)
}

func (s *Server) sortNotice(ctx context.Context, in *struct {
	ByID
	Body SortInput
}) (*Found[SortEntry], error) {
	g, err := s.cfg.Monday.Sort(ctx, monday.Sort{OpportunityID: opportunities.ID(in.ID), Act: monday.Act(in.Body.Act), Reason: monday.Reason(in.Body.Reason), Note: in.Body.Note, AssigneeID: in.Body.Assignee})
	if err != nil {
		return nil, err
	}
	return found(showSort(&monday.Sorted{Sort: *g})), nil
}

func (s *Server) listSortings(ctx context.Context, in *ByID) (*Found[[]SortEntry], error) {
	rows, err := s.cfg.Monday.History(ctx, opportunities.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(showSorts(rows)), nil
}

func showSorts(rows []monday.Sorted) []SortEntry {
	out := []SortEntry{}
	for i := range rows {
		out = append(out, showSort(&rows[i]))
	}
	return out
}

func showSort(g *monday.Sorted) SortEntry {
	out := SortEntry{Opportunity: int64(g.OpportunityID), Act: string(g.Act), Reason: string(g.Reason), Note: g.Note, Assignee: g.AssigneeID, By: g.By, At: g.At.UTC()}
	if g.Call != nil {
		out.Title = g.Call.Title
	}
	return out
}
