package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/bounces"
)

// SuspensionView is an account whose address takes no letters.
type SuspensionView struct {
	User         int64     `json:"user"`
	Name         string    `json:"name"`
	Organisation int64     `json:"organisation,omitempty"`
	At           time.Time `json:"at"`
	Origin       string    `json:"origin" enum:"smtp,report" doc:"smtp: the server refused it as a letter was handed over; report: a report came afterwards."`
	Status       string    `json:"status,omitempty" doc:"Enhanced status (RFC 3463)." example:"5.1.1"`
}

func (s *Server) bounces() {
	add(s, Operation{ID: "report-bounce", Method: http.MethodPost, Path: "/v1/mail/bounces", Tag: tagAccounts, Action: accounts.MailReport, Summary: "Give a delivery report of a mail server",
		About: "A message of RFC 3464, whole. The address that it says is gone is written to no more, if the letter that it names was ours. Again changes nothing."}, s.reportBounce)
	add(s, Operation{ID: "list-suspended-addresses", Method: http.MethodGet, Path: "/v1/mail/suspensions", Tag: tagAccounts, Action: accounts.MailSuspended, Summary: "Whose address takes no letters"}, s.listSuspended)
	add(s, Operation{ID: "lift-suspended-address", Method: http.MethodDelete, Path: "/v1/mail/suspensions/{id}", Tag: tagAccounts, Action: accounts.MailLift, Status: http.StatusNoContent, Summary: "Say that the address of an account works again",
		About: "Letters go to it from then on. Again changes nothing."}, s.liftSuspended)
	add(s, Operation{ID: "get-my-suspension", Method: http.MethodGet, Path: "/v1/me/mail-suspension", Tag: tagAccounts, Action: accounts.AccountSelf, Summary: "Whether my address takes letters"}, s.ownSuspension)
	add(s, Operation{ID: "lift-my-suspension", Method: http.MethodDelete, Path: "/v1/me/mail-suspension", Tag: tagAccounts, Action: accounts.AccountChange, Status: http.StatusNoContent, Summary: "Say that my address works",
		About: "Letters go to it from then on. Again changes nothing."}, s.liftOwnSuspension)
}

// OwnSuspension is whether one's own address takes letters.
type OwnSuspension struct {
	Suspended bool       `json:"suspended"`
	At        *time.Time `json:"at,omitempty"`
	Origin    string     `json:"origin,omitempty" enum:"smtp,report"`
	Status    string     `json:"status,omitempty" doc:"Enhanced status (RFC 3463)." example:"5.1.1"`
}

func (s *Server) ownSuspension(ctx context.Context, _ *Empty) (*Found[OwnSuspension], error) {
	one, err := s.cfg.Bounces.Own(ctx)
	if err != nil || one == nil {
		return found(OwnSuspension{}), err
	}
	at := one.At.UTC()
	return found(OwnSuspension{Suspended: true, At: &at, Origin: string(one.Origin), Status: one.Status}), nil
}

func (s *Server) liftOwnSuspension(ctx context.Context, _ *Empty) (*Nothing, error) {
	return none(s.cfg.Bounces.LiftOwn(ctx))
}

func (s *Server) reportBounce(ctx context.Context, in *struct {
	RawBody []byte `contentType:"message/rfc822"`
}) (*Found[bounces.Outcome], error) {
	out, err := s.cfg.Bounces.Report(ctx, bytes.NewReader(in.RawBody))
	return found(out), err
}

func (s *Server) listSuspended(ctx context.Context, _ *Empty) (*Found[[]SuspensionView], error) {
	all, err := s.cfg.Bounces.Suspended(ctx)
	return found(each(all, func(r bounces.Reached) SuspensionView {
		return SuspensionView{User: int64(r.UserID), Name: r.Name, Organisation: r.Organisation, At: r.At.UTC(), Origin: string(r.Origin), Status: r.Status}
	})), err
}

func (s *Server) liftSuspended(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Bounces.Lift(ctx, accounts.UserID(in.ID)))
}
