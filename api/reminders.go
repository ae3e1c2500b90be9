package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/escalation"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/territories"
)

// PaceView is when reminders fall due, in working days of the place concerned.
type PaceView struct {
	Steps    []int `json:"steps" minItems:"1" maxItems:"6" doc:"After a match is proposed, each time its enterprise is reminded; ascending."`
	Officer  int   `json:"officer" minimum:"1" maximum:"60" doc:"After the last reminder, until an officer has it."`
	Next     int   `json:"next" minimum:"1" maximum:"60" doc:"After an officer has it, until the next one does."`
	Widen    int   `json:"widen" minimum:"1" maximum:"60" doc:"Before the deadline of a lot that nobody wants, to look further."`
	Revision int64 `json:"revision,omitempty" readOnly:"true"`
}

// ReminderWish is whether the caller has letters of reminders.
type ReminderWish struct {
	Letters bool `json:"letters"`
}

// WaitingView is an enterprise that says nothing, with the matches that wait.
type WaitingView struct {
	Organisation int64         `json:"organisation"`
	Name         string        `json:"name"`
	Town         string        `json:"town,omitempty"`
	Rung         string        `json:"rung" enum:"territory,region,federation" doc:"How far it was passed on."`
	Matches      []WaitingItem `json:"matches"`
}

// WaitingItem is a match that waits for an answer.
type WaitingItem struct {
	Match       int64      `json:"match"`
	Lot         int64      `json:"lot"`
	Opportunity string     `json:"opportunity"`
	Deadline    *time.Time `json:"deadline,omitempty"`
	Days        int        `json:"working_days" doc:"Since it was proposed."`
}

// WideningOffer is a lot that nobody wants, and where else to look.
type WideningOffer struct {
	Lot         int64      `json:"lot"`
	Opportunity string     `json:"opportunity"`
	Deadline    *time.Time `json:"deadline,omitempty"`
	Days        int        `json:"working_days" doc:"Left before the deadline."`
	To          string     `json:"to" doc:"The EPCI of the place, then its département." example:"epci:242600252"`
	Name        string     `json:"name"`
}

func (s *Server) reminders() {
	get, put := http.MethodGet, http.MethodPut
	add(s, Operation{ID: "get-reminder-pace", Method: get, Path: "/v1/reminders/pace", Tag: tagFollowup, Action: accounts.PaceRead, Summary: "When reminders fall due"}, s.getPace)
	add(s, Operation{ID: "set-reminder-pace", Method: put, Path: "/v1/reminders/pace", Tag: tagFollowup, Action: accounts.PaceEdit, Summary: "Set when reminders fall due",
		About: "What was told stays told.", Example: `{"steps":[2,5,10],"officer":3,"next":5,"widen":10}`, Errors: []int{http.StatusPreconditionFailed}}, s.setPace)
	add(s, Operation{ID: "get-my-reminders", Method: get, Path: "/v1/me/reminders", Tag: tagFollowup, Action: accounts.ReminderRead, Summary: "Whether I have letters of reminders"}, s.getReminders)
	add(s, Operation{ID: "set-my-reminders", Method: put, Path: "/v1/me/reminders", Tag: tagFollowup, Action: accounts.ReminderEdit, Summary: "Have letters of reminders, or none",
		About: "What waits is still told by the other operations.", Example: `{"letters":false}`}, s.setReminders)
	add(s, Operation{ID: "list-waiting", Method: get, Path: "/v1/reminders/queue", Tag: tagFollowup, Action: accounts.MondayRead, Summary: "The enterprises that do not answer",
		About: "Passed on to the caller, or to those whom they stand in for today; the soonest deadline first."}, s.listWaiting)
	add(s, Operation{ID: "list-widenings", Method: get, Path: "/v1/reminders/widenings", Tag: tagFollowup, Action: accounts.LotWiden, Summary: "The lots that nobody wants, and where else to look"}, s.listWidenings)
	add(s, Operation{ID: "widen-lot", Method: http.MethodPost, Path: "/v1/lots/{id}/widening", Tag: tagFollowup, Action: accounts.LotWiden, Status: http.StatusNoContent, Summary: "Look further for who could answer a lot",
		About: "In the EPCI of its place, then in its département. What is asked and where stays; the enterprises that it reaches are told, and they alone.", Example: `{"to":"epci:242600252"}`, Errors: []int{http.StatusConflict}}, s.widenLot)
}

func (s *Server) getPace(ctx context.Context, _ *struct{}) (*Found[PaceView], error) {
	p, err := s.cfg.Reminders.Pace(ctx)
	return revised(showPace(p), p.Revision), err
}

func (s *Server) setPace(ctx context.Context, in *struct {
	IfMatch
	Body PaceView
}) (*Found[PaceView], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Reminders.SetPace(ctx, revision, escalation.Pace{Steps: in.Body.Steps, Officer: in.Body.Officer, Next: in.Body.Next, Widen: in.Body.Widen})
	if err != nil {
		return nil, err
	}
	return revised(showPace(p), p.Revision), nil
}

func showPace(p escalation.Pace) PaceView {
	return PaceView{Steps: p.Steps, Officer: p.Officer, Next: p.Next, Widen: p.Widen, Revision: p.Revision}
}

func (s *Server) getReminders(ctx context.Context, _ *struct{}) (*Found[ReminderWish], error) {
	wanted, err := s.cfg.Reminders.Wanted(ctx)
	return found(ReminderWish{wanted}), err
}

func (s *Server) setReminders(ctx context.Context, in *struct{ Body ReminderWish }) (*Found[ReminderWish], error) {
	return found(in.Body), s.cfg.Reminders.Want(ctx, in.Body.Letters)
}

func (s *Server) listWaiting(ctx context.Context, _ *struct{}) (*Found[[]WaitingView], error) {
	all, err := s.cfg.Reminders.Queue(ctx)
	return found(each(all, showWaiting)), err
}

func showWaiting(w escalation.Waiting) WaitingView {
	return WaitingView{Organisation: int64(w.Organisation.ID), Name: w.Organisation.Name, Town: w.Organisation.Town, Rung: string(w.Rung), Matches: each(w.Matches, func(r escalation.Reminder) WaitingItem {
		return WaitingItem{Match: int64(r.Match), Lot: int64(r.Lot.ID), Opportunity: r.Lot.Opportunity, Deadline: utc(r.Lot.Deadline), Days: r.Days}
	})}
}

func (s *Server) listWidenings(ctx context.Context, _ *struct{}) (*Found[[]WideningOffer], error) {
	all, err := s.cfg.Reminders.Offers(ctx)
	return found(each(all, func(o escalation.Offer) WideningOffer {
		return WideningOffer{Lot: int64(o.Lot.ID), Opportunity: o.Lot.Opportunity, Deadline: utc(o.Lot.Deadline), Days: o.Days, To: o.To.String(), Name: o.Name}
	})), err
}

func (s *Server) widenLot(ctx context.Context, in *struct {
	ByID
	Body struct {
		To string `json:"to" doc:"What was offered." maxLength:"40"`
	}
}) (*Nothing, error) {
	ref, err := territories.ParseRef(in.Body.To)
	if err != nil {
		return nil, fault.Invalid(fault.At("to", "territory", "Ce territoire n’existe pas.", "There is no such territory.")).Because(err)
	}
	return none(s.cfg.Reminders.Widen(ctx, opportunities.LotID(in.ID), ref))
}
