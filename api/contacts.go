package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/contacts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// ContactEntry is one exchange with an enterprise.
type ContactEntry struct {
	ID           int64      `json:"id"`
	Organisation int64      `json:"organisation"`
	Name         string     `json:"name,omitempty" doc:"Of the enterprise."`
	Match        *int64     `json:"match,omitempty"`
	Opportunity  *int64     `json:"opportunity,omitempty" doc:"The call, published or expected."`
	Prospect     *int64     `json:"prospect,omitempty" doc:"A purchase that no notice tells."`
	Way          string     `json:"way" enum:"call,mail,meeting"`
	With         string     `json:"with,omitempty"`
	Outcome      string     `json:"outcome" enum:"reached,no_answer,call_back,interested,not_interested,needs_help"`
	Said         string     `json:"said,omitempty"`
	Promise      string     `json:"promise,omitempty"`
	PromisedFor  string     `json:"promised_for,omitempty" format:"date"`
	KeptAt       *time.Time `json:"kept_at,omitempty"`
	At           time.Time  `json:"at"`
}

// ContactInput notes one.
type ContactInput struct {
	Key          string `json:"key" minLength:"1" maxLength:"100" doc:"Whoever notes twice with one key notes once."`
	Organisation int64  `json:"organisation" minimum:"1"`
	Match        *int64 `json:"match,omitempty" doc:"Of this enterprise."`
	Opportunity  *int64 `json:"opportunity,omitempty"`
	Prospect     *int64 `json:"prospect,omitempty" doc:"Held by this organisation."`
	Way          string `json:"way" enum:"call,mail,meeting"`
	With         string `json:"with,omitempty" maxLength:"200" doc:"A name or a function, at work."`
	Outcome      string `json:"outcome" enum:"reached,no_answer,call_back,interested,not_interested,needs_help"`
	Said         string `json:"said,omitempty" maxLength:"2000" doc:"Nothing about people in insertion."`
	Promise      string `json:"promise,omitempty" maxLength:"2000"`
	PromisedFor  string `json:"promised_for,omitempty" format:"date" doc:"Goes with promise."`
}

func (s *Server) contacts() {
	add(s, Operation{ID: "list-contacts", Method: http.MethodGet, Path: "/v1/contacts", Tag: tagFollowup, Action: accounts.ContactRead,
		Summary: "Who was called, what was said, what is promised", About: "Those with the enterprises of an officer's perimeter; an enterprise reads what itself noted."}, s.listContacts)
	add(s, Operation{ID: "create-contact", Method: http.MethodPost, Path: "/v1/contacts", Tag: tagFollowup, Action: accounts.ContactNote, Status: http.StatusCreated,
		Summary: "Note a contact", Example: `{"key":"appel-1","organisation":1,"way":"call","outcome":"needs_help","said":"Cherchent un partenaire.","promise":"Envoyer deux noms","promised_for":"2026-12-04"}`}, s.createContact)
	add(s, Operation{ID: "keep-promise", Method: http.MethodPost, Path: "/v1/contacts/{id}/kept", Tag: tagFollowup, Action: accounts.ContactNote,
		Summary: "Say that a promise is kept", Errors: []int{http.StatusConflict}}, s.keepPromise)
}

func (s *Server) listContacts(ctx context.Context, in *struct {
	Organisation int64 `query:"organisation" minimum:"0"`
	Match        int64 `query:"match" minimum:"0"`
	Opportunity  int64 `query:"opportunity" minimum:"0"`
	Prospect     int64 `query:"prospect" minimum:"0"`
	Promised     bool  `query:"promised" doc:"What is promised and not kept yet, the soonest first."`
}) (*Found[[]ContactEntry], error) {
	lines, err := s.cfg.Contacts.List(ctx, contacts.Filter{Organisation: network.ID(in.Organisation), Match: matching.ID(in.Match), Opportunity: opportunities.ID(in.Opportunity), Prospect: in.Prospect, Promised: in.Promised})
	if err != nil {
		return nil, err
	}
	out := []ContactEntry{}
	for _, l := range lines {
		entry := showContact(&l.Contact)
		entry.Name = l.Name
		out = append(out, entry)
	}
	return found(out), nil
}

func (s *Server) createContact(ctx context.Context, in *struct{ Body ContactInput }) (*Found[ContactEntry], error) {
	b := in.Body
	c := contacts.Contact{Key: b.Key, OrganisationID: network.ID(b.Organisation), Way: contacts.Way(b.Way), With: b.With, Outcome: contacts.Outcome(b.Outcome), Said: b.Said, Promise: b.Promise, PromisedFor: b.PromisedFor, ProspectID: b.Prospect}
	if b.Match != nil {
		id := matching.ID(*b.Match)
		c.MatchID = &id
	}
	if b.Opportunity != nil {
		id := opportunities.ID(*b.Opportunity)
		c.OpportunityID = &id
	}
	made, err := s.cfg.Contacts.Note(ctx, c)
	if err != nil {
		return nil, err
	}
	return found(showContact(made)), nil
}

func (s *Server) keepPromise(ctx context.Context, in *ByID) (*Found[ContactEntry], error) {
	c, err := s.cfg.Contacts.Keep(ctx, contacts.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(showContact(c)), nil
}

func showContact(c *contacts.Contact) ContactEntry {
	out := ContactEntry{ID: int64(c.ID), Organisation: int64(c.OrganisationID), Way: string(c.Way), With: c.With, Outcome: string(c.Outcome), Said: c.Said,
		Promise: c.Promise, PromisedFor: c.PromisedFor, KeptAt: utc(c.KeptAt), At: c.At.UTC(), Prospect: c.ProspectID}
	if c.MatchID != nil {
		id := int64(*c.MatchID)
		out.Match = &id
	}
	if c.OpportunityID != nil {
		id := int64(*c.OpportunityID)
		out.Opportunity = &id
	}
	return out
}
