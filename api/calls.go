package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/calls"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/opportunities"
)

// HandoverTerms is what is handed over, and on what terms.
type HandoverTerms struct {
	Form     string   `json:"form" enum:"transfer,consolidation"`
	Assets   []string `json:"assets" minItems:"1" maxItems:"7" enum:"customers,team,premises,equipment,stock,approvals,shares"`
	Turnover string   `json:"turnover" enum:"under_100k,100k_250k,250k_500k,500k_1m,1m_2m,over_2m" doc:"Band, euros a year."`
	Jobs     float64  `json:"jobs,omitempty" minimum:"0" maximum:"10000" doc:"Full-time equivalents that go with it."`
	Motive   string   `json:"motive" enum:"retirement,refocus,size,difficulty,end_of_approval,merger,other"`
}

// CallInput is a call for partners, or an activity to hand over.
type CallInput struct {
	Key         string         `json:"key" minLength:"1" maxLength:"100" doc:"Whoever publishes twice with one key publishes once."`
	Kind        string         `json:"kind" enum:"partner_call,takeover"`
	Title       string         `json:"title" minLength:"1" maxLength:"2000"`
	Description string         `json:"description" minLength:"1" maxLength:"50000" doc:"What is sought or handed over; of a takeover, nothing that names who hands over."`
	Codes       []string       `json:"codes" minItems:"1" maxItems:"20" example:"sector:espaces-verts"`
	Place       *PlaceInput    `json:"place,omitempty" doc:"Absent: the whole country."`
	Deadline    time.Time      `json:"deadline" doc:"The call closes by itself then."`
	Pole        int64          `json:"pole,omitempty" minimum:"1" doc:"Of a call for partners: the pole that publishes it."`
	Transferor  int64          `json:"transferor,omitempty" minimum:"1" doc:"Of a takeover that an officer publishes: who hands over. A member hands over its own."`
	Handover    *HandoverTerms `json:"handover,omitempty" doc:"Required of a takeover."`
}

// CallEntry is what the caller may read of a call, beyond its opportunity.
type CallEntry struct {
	Opportunity int64           `json:"opportunity"`
	Pole        *int64          `json:"pole,omitempty"`
	Handover    *HandoverTerms  `json:"handover,omitempty"`
	Transferor  int64           `json:"transferor,omitempty" doc:"Who hands over: named to those whom they accept, to them and to who published for them."`
	Speaks      bool            `json:"speaks" doc:"The caller accepts and declines who is interested."`
	Mine        *InterestEntry  `json:"mine,omitempty" doc:"What the caller's organisation said."`
	Interests   []InterestEntry `json:"interests" doc:"For who speaks for the call; of a call for partners, for the officers of its territory too."`
}

// InterestEntry is a member that would answer a call.
type InterestEntry struct {
	ID           int64     `json:"id"`
	Opportunity  int64     `json:"opportunity"`
	Organisation int64     `json:"organisation"`
	Word         string    `json:"word"`
	State        string    `json:"state" enum:"expressed,accepted,declined,withdrawn"`
	Reason       string    `json:"reason,omitempty" enum:"found,trade,too_far,size,timing,given_up,other"`
	Note         string    `json:"note,omitempty"`
	Revision     int64     `json:"revision"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// InterestWord says that the caller's organisation is interested.
type InterestWord struct {
	Word string `json:"word" minLength:"1" maxLength:"1000"`
}

// InterestDecision settles an interest.
type InterestDecision struct {
	State    string `json:"state" enum:"accepted,declined"`
	Reason   string `json:"reason,omitempty" enum:"found,trade,too_far,size,timing,given_up,other" doc:"Required of declined."`
	Note     string `json:"note,omitempty" maxLength:"1000"`
	Revision int64  `json:"revision,omitempty" minimum:"0" doc:"The one that was read; 0 not to check."`
}

func (s *Server) calls() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	add(s, Operation{ID: "publish-call", Method: post, Path: "/v1/calls", Tag: tagFollowup, Action: accounts.CallPublish, Status: http.StatusCreated, Summary: "Publish a call for partners, or an activity to hand over",
		About:   "In the name of the caller's organisation, or of a pole that it belongs to. Who hands over is named nowhere, but to those whom they accept.",
		Example: `{"key":"essai","kind":"partner_call","title":"Un binôme pour les berges","description":"Une équipe de quatre, de mars à juin.","codes":["sector:espaces-verts"],"place":{"words":"Drôme"},"deadline":"2027-02-15T22:59:00Z"}`}, s.publishCall)
	add(s, Operation{ID: "get-call", Method: get, Path: "/v1/calls/{id}", Tag: tagFollowup, Action: accounts.OpportunityRead, Summary: "Read a call beyond its opportunity", About: "Its number is that of its opportunity."}, s.getCall)
	add(s, Operation{ID: "express-interest", Method: put, Path: "/v1/calls/{id}/interest", Tag: tagFollowup, Action: accounts.InterestExpress, Summary: "Say that one's organisation is interested", Example: `{"word":"Une équipe est libre en mars."}`,
		About: "Again with other words changes the word while nobody settled it. The match that proposed the call is noted as interesting.", Errors: []int{http.StatusConflict}}, s.expressInterest)
	add(s, Operation{ID: "withdraw-interest", Method: del, Path: "/v1/calls/{id}/interest", Tag: tagFollowup, Action: accounts.InterestExpress, Summary: "Take one's interest back"}, s.withdrawInterest)
	add(s, Operation{ID: "settle-interest", Method: post, Path: "/v1/interests/{id}/decision", Tag: tagFollowup, Action: accounts.InterestSettle, Summary: "Accept who is interested, or decline with a reason", Example: `{"state":"declined","reason":"timing"}`, Errors: []int{http.StatusConflict, http.StatusPreconditionFailed}}, s.settleInterest)
	add(s, Operation{ID: "list-awaiting-interests", Method: get, Path: "/v1/interests", Tag: tagFollowup, Action: accounts.InterestSettle, Summary: "Who waits for one's word on one's calls", About: "The oldest first."}, s.listInterests)
}

func (s *Server) publishCall(ctx context.Context, in *struct{ Body CallInput }) (*Found[CallEntry], error) {
	b := in.Body
	at := b.Deadline.UTC()
	d := calls.Draft{Key: b.Key, Kind: opportunities.Kind(b.Kind), Title: b.Title, Description: b.Description, Deadline: &at, Pole: b.Pole, Transferor: network.ID(b.Transferor), Place: opportunities.Place{Scope: opportunities.WholeCountry}}
	var faults []fault.Field
	d.Codes, faults = codesOf("body.codes", b.Codes)
	if b.Place != nil {
		place, bad := s.readPlace(ctx, "place.", b.Place)
		d.Place, faults = place, append(faults, bad...)
	}
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	if h := b.Handover; h != nil {
		d.Handover = &calls.Handover{Form: calls.Form(h.Form), Assets: cast[calls.Asset](h.Assets), Turnover: calls.Band(h.Turnover), Jobs: h.Jobs, Motive: calls.Motive(h.Motive)}
	}
	id, err := s.cfg.Calls.Publish(ctx, d)
	if err != nil {
		return nil, err
	}
	return s.callNow(ctx, id)
}

func (s *Server) callNow(ctx context.Context, id opportunities.ID) (*Found[CallEntry], error) {
	sheet, err := s.cfg.Calls.Sheet(ctx, id)
	if err != nil {
		return nil, err
	}
	out := CallEntry{Opportunity: int64(id), Pole: sheet.PoleID, Transferor: int64(sheet.Transferor), Speaks: sheet.Speaks,
		Interests: each(sheet.Interests, func(i calls.Interest) InterestEntry { return showInterest(&i) })}
	if h := sheet.Handover; h != nil {
		out.Handover = &HandoverTerms{Form: string(h.Form), Turnover: string(h.Turnover), Jobs: h.Jobs, Motive: string(h.Motive), Assets: each(h.Assets, func(a calls.Asset) string { return string(a) })}
	}
	if sheet.Mine != nil {
		mine := showInterest(sheet.Mine)
		out.Mine = &mine
	}
	return found(out), nil
}

func showInterest(i *calls.Interest) InterestEntry {
	return InterestEntry{ID: int64(i.ID), Opportunity: int64(i.OpportunityID), Organisation: int64(i.OrganisationID), Word: i.Word, State: string(i.State), Reason: string(i.Reason), Note: i.Note, Revision: i.Revision, UpdatedAt: i.UpdatedAt.UTC()}
}

func (s *Server) getCall(ctx context.Context, in *ByID) (*Found[CallEntry], error) {
	return s.callNow(ctx, opportunities.ID(in.ID))
}

func (s *Server) expressInterest(ctx context.Context, in *struct {
	ByID
	Body InterestWord
}) (*Found[InterestEntry], error) {
	i, err := s.cfg.Calls.Express(ctx, opportunities.ID(in.ID), in.Body.Word)
	if err != nil {
		return nil, err
	}
	return found(showInterest(i)), nil
}

func (s *Server) withdrawInterest(ctx context.Context, in *ByID) (*Found[InterestEntry], error) {
	i, err := s.cfg.Calls.Withdraw(ctx, opportunities.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(showInterest(i)), nil
}

func (s *Server) settleInterest(ctx context.Context, in *struct {
	ByID
	Body InterestDecision
}) (*Found[InterestEntry], error) {
	b := in.Body
	i, err := s.cfg.Calls.Settle(ctx, calls.InterestID(in.ID), b.Revision, calls.Decision{To: calls.State(b.State), Reason: calls.Reason(b.Reason), Note: b.Note})
	if err != nil {
		return nil, err
	}
	return found(showInterest(i)), nil
}

func (s *Server) listInterests(ctx context.Context, _ *struct{}) (*Found[[]InterestEntry], error) {
	all, err := s.cfg.Calls.Awaiting(ctx)
	if err != nil {
		return nil, err
	}
	return found(each(all, func(i calls.Interest) InterestEntry { return showInterest(&i) })), nil
}
