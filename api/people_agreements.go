package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/tenure"
	"maillage/matching/placement"
	"maillage/people"
)

// PersonAgreement is what a person says to one position. A refusal has no
// motive and no effect, and is read by the structure alone.
type PersonAgreement struct {
	Person     int64      `json:"person"`
	Position   int64      `json:"position" doc:"A lot."`
	State      string     `json:"state" enum:"asked,given,refused,withdrawn,expired"`
	AskedAt    time.Time  `json:"asked_at"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	ExpiresOn  string     `json:"expires_on,omitempty" format:"date" doc:"Last day it holds."`
	RecordedBy *int64     `json:"recorded_by,omitempty" doc:"User; absent: a job."`
	Moved      bool       `json:"moved,omitempty" doc:"The place or the hours of the position have changed since it was asked: it counts no more, and is asked again."`
}

// PersonEvent is one line of the history of a journey: never the values.
type PersonEvent struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Actor    *int64    `json:"actor,omitempty"`
	Position *int64    `json:"position,omitempty"`
	Fields   []string  `json:"fields"`
}

// PersonExport is everything that is recorded about a person.
type PersonExport struct {
	At         time.Time             `json:"at"`
	Person     Person                `json:"person"`
	Identity   *PersonIdentity       `json:"identity,omitempty" doc:"Absent where this server has no key to open it."`
	Traits     PersonTraits          `json:"traits"`
	Rights     PersonRights          `json:"rights"`
	Agreements []PersonAgreement     `json:"agreements"`
	Proposals  []ProposalDetail      `json:"proposals" doc:"To which employers the person was presented, the cards, and the answers."`
	Tenures    []PersonTenure        `json:"tenures" doc:"What was told after an employer met the person, with the motive of a leaving."`
	Batches    []placement.BatchKept `json:"batches" doc:"What each version of a batch recorded about the person: what it suggested, what it did not and why, what became of it."`
	Readings   []PersonReading       `json:"readings" doc:"Who opened the identity, and when."`
	Events     []PersonEvent         `json:"events"`
}

// PersonTenure is one step of what became of a person after an employer met them.
type PersonTenure struct {
	Proposal int64         `json:"proposal"`
	Position int64         `json:"position"`
	At       time.Time     `json:"at"`
	Actor    *int64        `json:"actor,omitempty" doc:"User, of the structure or of the employer."`
	State    tenure.State  `json:"state"`
	Words    tenure.Text   `json:"words"`
	Motive   tenure.Motive `json:"motive,omitempty"`
}

// PersonReading is one opening of what identifies a person, this one included.
type PersonReading struct {
	At    time.Time `json:"at"`
	Actor *int64    `json:"actor,omitempty" doc:"User; absent: a command."`
}

func (s *Server) agreements(one string) {
	get, put := http.MethodGet, http.MethodPut
	add(s, Operation{ID: "list-person-agreements", Method: get, Path: one + "/agreements", Tag: tagPeople, Action: accounts.AgreementRead, Summary: "List what a person was asked, position by position"}, s.listAgreements)
	add(s, Operation{ID: "set-person-agreement", Method: put, Path: one + "/agreements/{position}", Tag: tagPeople, Action: accounts.AgreementWrite,
		Summary: "Record what a person says to a position", About: "asked, then given (30 days unless until says another day, 92 at most) or refused; given, then withdrawn. The same again changes nothing, unless the place or the hours of the position have changed since it was asked: it is then asked again before anything is given (409 agreement-moved). A refusal has no motive.",
		Example: `{"state":"asked"}`}, s.setAgreement)
	add(s, Operation{ID: "list-position-agreements", Method: get, Path: "/v1/positions/{id}/agreements", Tag: tagPeople, Action: accounts.AgreementRead, Summary: "List what the people of my structure were asked about a position"}, s.listPositionAgreements)
}

func (s *Server) listAgreements(ctx context.Context, in *ByID) (*Found[[]PersonAgreement], error) {
	rows, err := s.cfg.People.AgreementsOf(ctx, people.ID(in.ID))
	return found(showAgreements(rows)), err
}

func (s *Server) listPositionAgreements(ctx context.Context, in *ByID) (*Found[[]PersonAgreement], error) {
	rows, err := s.cfg.People.AgreementsFor(ctx, in.ID, structure(ctx))
	return found(showAgreements(rows)), err
}

func showAgreements(rows []*people.Agreement) []PersonAgreement {
	return append([]PersonAgreement{}, each(rows, showAgreement)...)
}

func showAgreement(a *people.Agreement) PersonAgreement {
	return PersonAgreement{Person: int64(a.PersonID), Position: a.PositionID, State: string(a.State), AskedAt: a.AskedAt.UTC(), AnsweredAt: utc(a.AnsweredAt), ExpiresOn: a.ExpiresOn, RecordedBy: a.RecordedBy, Moved: a.Moved}
}

func (s *Server) setAgreement(ctx context.Context, in *struct {
	ByID
	IfMatch
	Position int64 `path:"position" minimum:"1"`
	Body     struct {
		State string `json:"state" enum:"asked,given,refused,withdrawn"`
		Until string `json:"until,omitempty" format:"date" doc:"Of an agreement given: the last day it holds."`
		Scene string `json:"scene,omitempty" maxLength:"20" doc:"Of asked and given: the scene of the position that was read. Where its place or its hours have changed since: 409 position-moved."`
	}
}) (*Found[PersonAgreement], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	a, err := s.cfg.People.Say(ctx, people.ID(in.ID), in.Position, people.Saying{State: people.AgreementState(in.Body.State), Until: in.Body.Until, Scene: in.Body.Scene, Expected: revision})
	if err != nil {
		return nil, err
	}
	return revised(showAgreement(a), a.Revision), nil
}

func (s *Server) listPersonEvents(ctx context.Context, in *struct {
	ByID
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*Found[[]PersonEvent], error) {
	rows, err := s.cfg.People.Events(ctx, people.ID(in.ID), in.Limit)
	return found(showEvents(rows)), err
}

func showEvents(rows []people.Event) []PersonEvent {
	return append([]PersonEvent{}, each(rows, func(e people.Event) PersonEvent {
		return PersonEvent{At: e.At.UTC(), Kind: string(e.Kind), Actor: e.ActorID, Position: e.PositionID, Fields: append([]string{}, e.Fields...)}
	})...)
}

func (s *Server) exportPerson(ctx context.Context, in *ByID) (*Found[PersonExport], error) {
	d, err := s.cfg.People.Dossier(ctx, people.ID(in.ID))
	if err != nil {
		return nil, err
	}
	out := PersonExport{At: d.At, Person: showPerson(d.Person), Rights: showRights(d.Rights, d.Hours), Agreements: showAgreements(d.Agreements), Events: showEvents(d.Events),
		Batches: []placement.BatchKept{}, Readings: []PersonReading{},
		Traits: PersonTraits{Sex: string(d.Traits.Sex), BirthYear: d.Traits.BirthYear, QPV: string(d.Traits.QPV)}}
	if d.Identity != nil {
		who := PersonIdentity(*d.Identity)
		out.Identity = &who
	}
	if err := s.fillExport(ctx, &out, d); err != nil {
		return nil, err
	}
	return revised(out, d.Person.Revision), nil
}

// fillExport adds what other nouns recorded about the person.
func (s *Server) fillExport(ctx context.Context, out *PersonExport, d *people.Dossier) (err error) {
	for _, r := range d.Readings {
		out.Readings = append(out.Readings, PersonReading{At: r.At.UTC(), Actor: r.By})
	}
	if out.Proposals, err = s.proposalsOf(ctx, d.Person.ID); err != nil {
		return err
	}
	if out.Tenures, err = s.tenuresOf(ctx, d.Person.ID); err != nil || s.cfg.Placement == nil {
		return err
	}
	out.Batches, err = s.cfg.Placement.BatchesOf(ctx, d.Person.ID)
	return err
}

func (s *Server) tenuresOf(ctx context.Context, id people.ID) ([]PersonTenure, error) {
	out := []PersonTenure{}
	if s.cfg.Tenures == nil {
		return out, nil
	}
	all, err := s.cfg.Tenures.KeptOf(ctx, id)
	for _, k := range all {
		out = append(out, PersonTenure{Proposal: int64(k.ProposalID), Position: int64(k.LotID), At: k.At.UTC(), Actor: k.ActorID, State: k.To, Words: k.To.Words(), Motive: k.Motive})
	}
	return out, err
}

// proposalsOf reads what was proposed of a person; nothing on a server that
// proposes nobody.
func (s *Server) proposalsOf(ctx context.Context, id people.ID) ([]ProposalDetail, error) {
	out := []ProposalDetail{}
	if s.cfg.Placement == nil {
		return out, nil
	}
	all, err := s.cfg.Placement.KeptOf(ctx, id)
	for _, k := range all {
		out = append(out, detailed(k.Followed, k.Events))
	}
	return out, err
}
