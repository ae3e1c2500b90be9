package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/network"
)

// Countersignature is what of an organisation rests on the word of an officer alone.
type Countersignature struct {
	Organisation int64           `json:"organisation"`
	Name         string          `json:"name"`
	Email        string          `json:"email,omitempty"`
	Opened       bool            `json:"opened" doc:"An officer made the organisation: its journeys and its positions count in no figure made of people."`
	Address      bool            `json:"address" doc:"An officer wrote its address: an account opened there counts no more than one opened elsewhere."`
	CreatedAt    time.Time       `json:"created_at"`
	Revision     int64           `json:"revision"`
	Accounts     []AccountOpened `json:"accounts" doc:"Accounts and invitations that rest on that word."`
}

// AccountOpened is an account, or an invitation to open one, that an officer opened alone.
type AccountOpened struct {
	Invitation int64     `json:"invitation"`
	Email      string    `json:"email"`
	Role       string    `json:"role"`
	InvitedBy  int64     `json:"invited_by" doc:"The account that invited."`
	CreatedAt  time.Time `json:"created_at"`
	Accepted   bool      `json:"accepted"`
}

// CountersignInput is what was read before countersigning.
type CountersignInput struct {
	Invitations []int64 `json:"invitations" maxItems:"1000" doc:"The invitations read, all of them: what was opened since is refused."`
}

func (s *Server) countersignatures() {
	add(s, Operation{ID: "list-countersignatures", Method: http.MethodGet, Path: "/v1/countersignatures", Tag: tagAdmin, Action: accounts.AccountList,
		Summary: "What an officer made up alone, and nobody has confirmed yet", About: "Organisations that an officer made, addresses that an officer wrote, accounts that an officer opened without another's word for their address."}, s.listCountersignatures)
	add(s, Operation{ID: "countersign-organisation", Method: http.MethodPost, Path: "/v1/organisations/{id}/countersignature", Tag: tagAdmin, Action: accounts.OrganisationCountersign,
		Summary: "Say that an organisation, its address and its accounts were looked at", Example: `{"invitations":[12]}`, About: "By an administrator, who reads no figure made of people: it counts from now on. Said again, it writes nothing.",
		Errors: []int{http.StatusConflict, http.StatusPreconditionFailed}}, s.countersign)
}

func (s *Server) listCountersignatures(ctx context.Context, in *struct{ At }) (*Listed[Countersignature], error) {
	rows, err := s.cfg.Network.Awaiting(ctx, 0)
	if err != nil {
		return nil, err
	}
	return listed(in.at, rows, "", showCountersignature), nil
}

func showCountersignature(a network.Awaited) Countersignature {
	out := Countersignature{Organisation: int64(a.ID), Name: a.Name, Email: a.Email, Opened: a.Opened, Address: a.Address, CreatedAt: a.OpenedAt.UTC(), Revision: a.Revision, Accounts: []AccountOpened{}}
	for _, o := range a.Accounts {
		out.Accounts = append(out.Accounts, AccountOpened{Invitation: o.ID, Email: string(o.Email), Role: string(o.Role), InvitedBy: int64(o.InvitedBy), CreatedAt: o.CreatedAt.UTC(), Accepted: o.Accepted})
	}
	return out
}

func (s *Server) countersign(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body CountersignInput
}) (*Found[Organisation], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	o, err := s.cfg.Network.Countersign(ctx, network.ID(in.ID), revision, in.Body.Invitations)
	return s.confirmed(ctx, o, err)
}
