package api

import (
	"context"
	"net/http"

	"maillage/accounts"
	"maillage/followup/absences"
)

// AbsenceEntry is some days on which somebody is away.
type AbsenceEntry struct {
	ID         int64  `json:"id"`
	Account    int64  `json:"account"`
	Name       string `json:"name,omitempty"`
	From       string `json:"from" format:"date"`
	To         string `json:"to" format:"date" doc:"The last day, included."`
	ReplacedBy int64  `json:"replaced_by,omitempty" doc:"Account; absent: nobody, what waits goes to the next in line."`
	By         string `json:"replaced_by_name,omitempty"`
	Today      bool   `json:"today" doc:"It runs today."`
}

// AbsenceInput declares one.
type AbsenceInput struct {
	Account    int64  `json:"account,omitempty" minimum:"1" doc:"A colleague; absent: the caller."`
	From       string `json:"from" format:"date"`
	To         string `json:"to" format:"date"`
	ReplacedBy int64  `json:"replaced_by,omitempty" minimum:"1" doc:"A colleague of the same organisation."`
}

func (s *Server) absences() {
	add(s, Operation{ID: "list-absences", Method: http.MethodGet, Path: "/v1/absences", Tag: tagFollowup, Action: accounts.AbsenceRead, Summary: "Who is away, now and to come",
		About: "The caller and their colleagues; everybody for an administrator."}, s.listAbsences)
	add(s, Operation{ID: "declare-absence", Method: http.MethodPost, Path: "/v1/absences", Tag: tagFollowup, Action: accounts.AbsenceDeclare, Status: http.StatusCreated, Summary: "Say that somebody is away",
		About: "What waits for them goes to who stands in, letters and Monday included. No reason is asked.", Example: `{"from":"2027-02-15","to":"2027-02-26"}`, Errors: []int{http.StatusConflict}}, s.declareAbsence)
	add(s, Operation{ID: "cancel-absence", Method: http.MethodDelete, Path: "/v1/absences/{id}", Tag: tagFollowup, Action: accounts.AbsenceDeclare, Status: http.StatusNoContent, Summary: "Say that somebody is back, or does not leave"}, s.cancelAbsence)
}

func (s *Server) listAbsences(ctx context.Context, _ *struct{}) (*Found[[]AbsenceEntry], error) {
	all, err := s.cfg.Absences.List(ctx)
	return found(each(all, func(l absences.Line) AbsenceEntry {
		out := showAbsence(&l.Absence)
		out.Name, out.By, out.Today = l.Name, l.By, l.Today
		return out
	})), err
}

func (s *Server) declareAbsence(ctx context.Context, in *struct{ Body AbsenceInput }) (*Found[AbsenceEntry], error) {
	a := absences.Absence{UserID: accounts.UserID(in.Body.Account), From: in.Body.From, To: in.Body.To}
	if by := accounts.UserID(in.Body.ReplacedBy); by != 0 {
		a.ReplacedBy = &by
	}
	made, err := s.cfg.Absences.Declare(ctx, a)
	if err != nil {
		return nil, err
	}
	out := showAbsence(made)
	out.Today = made.On(s.cfg.Absences.Today())
	return found(out), nil
}

func (s *Server) cancelAbsence(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Absences.Cancel(ctx, absences.ID(in.ID)))
}

func showAbsence(a *absences.Absence) AbsenceEntry {
	out := AbsenceEntry{ID: int64(a.ID), Account: int64(a.UserID), From: a.From, To: a.To}
	if a.ReplacedBy != nil {
		out.ReplacedBy = int64(*a.ReplacedBy)
	}
	return out
}
