package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/nomenclatures"
	"maillage/people"
)

// PersonIdentity is what tells who a person is: kept sealed, each reading audited.
type PersonIdentity struct {
	Given  string `json:"given,omitempty" maxLength:"120"`
	Family string `json:"family,omitempty" maxLength:"120"`
	Born   string `json:"born,omitempty" format:"date"`
	Phone  string `json:"phone,omitempty" maxLength:"30"`
	Email  string `json:"email,omitempty" maxLength:"254"`
	Pass   string `json:"pass,omitempty" maxLength:"20" doc:"Number of the PASS IAE."`
}

// PersonTraits serve to audit what happens to people, and nothing else: they are
// written here and read in the export alone.
type PersonTraits struct {
	Sex       string `json:"sex,omitempty" enum:"f,m"`
	BirthYear int    `json:"birth_year,omitempty" minimum:"1900"`
	QPV       string `json:"qpv,omitempty" enum:"yes,no" doc:"Lives in a priority neighbourhood."`
}

// PersonRight is one dated right or obligation. It has no room for a reason.
type PersonRight struct {
	Kind        string   `json:"kind" enum:"pass_iae,pass_suspension,pass_extension,clause_eligible,first_mission,medical_visit"`
	From        string   `json:"from" format:"date"`
	Until       string   `json:"until,omitempty" format:"date"`
	Body        string   `json:"body,omitempty" enum:"facilitator,prescriber" doc:"Who validated an eligibility for insertion clauses."`
	Occupations []string `json:"occupations,omitempty" maxItems:"3" doc:"The jobs that a medical visit was for (ROME)."`
}

// PersonHours is what an AI provided of a person to user enterprises in a month.
type PersonHours struct {
	Month     string  `json:"month" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-11"`
	Hours     float64 `json:"hours" minimum:"0"`
	Derogated bool    `json:"derogated,omitempty" doc:"Under a derogation of the prefect: not of the count of 480."`
}

// PersonRights are the rights and the hours of a person.
type PersonRights struct {
	Rights []PersonRight `json:"rights" maxItems:"100"`
	Hours  []PersonHours `json:"hours" maxItems:"240"`
}

// PersonAlert is what the employing structure has to do, by when.
type PersonAlert struct {
	Person   *int64 `json:"person,omitempty" doc:"In the list of a structure."`
	Code     string `json:"code,omitempty"`
	Kind     string `json:"kind"`
	Severity string `json:"severity" enum:"notice,soon,late"`
	Due      string `json:"due" format:"date"`
	Text     string `json:"text" doc:"In the caller's language."`
	Source   string `json:"source" doc:"The rule."`
}

func (s *Server) personRights(one string) {
	get, put := http.MethodGet, http.MethodPut
	add(s, Operation{ID: "get-person-identity", Method: get, Path: one + "/identity", Tag: tagPeople, Action: accounts.PersonIdentity,
		Summary: "Read who a person is", About: "Each reading is written in the audit trail.", Errors: []int{http.StatusServiceUnavailable}}, s.getIdentity)
	add(s, Operation{ID: "set-person-identity", Method: put, Path: one + "/identity", Tag: tagPeople, Action: accounts.PersonIdentify, Status: http.StatusNoContent,
		Summary: "Write who a person is", About: "Sealed with the operator's key; 503 where there is none. Empty, it is removed.", Errors: []int{http.StatusPreconditionFailed, http.StatusServiceUnavailable},
		Example: `{"given":"Ada","family":"Exemple","phone":"06 39 98 00 00"}`}, s.setIdentity)
	add(s, Operation{ID: "set-person-traits", Method: put, Path: one + "/traits", Tag: tagPeople, Action: accounts.PersonEdit, Status: http.StatusNoContent,
		Summary: "Write the traits that audit outcomes", About: "In no score, on no card, in no list.", Example: `{"sex":"f","birth_year":1990,"qpv":"no"}`}, s.setTraits)
	add(s, Operation{ID: "get-person-rights", Method: get, Path: one + "/rights", Tag: tagPeople, Action: accounts.PersonRead, Summary: "Read the dated rights of a person"}, s.getRights)
	add(s, Operation{ID: "set-person-rights", Method: put, Path: one + "/rights", Tag: tagPeople, Action: accounts.PersonEdit, Status: http.StatusNoContent, Errors: []int{http.StatusPreconditionFailed},
		Summary: "Rewrite the dated rights and the hours of a person", Example: `{"rights":[{"kind":"pass_iae","from":"2026-01-05"}],"hours":[{"month":"2026-10","hours":40}]}`}, s.setRights)
	add(s, Operation{ID: "list-person-alerts", Method: get, Path: one + "/alerts", Tag: tagPeople, Action: accounts.PersonRead, Summary: "List what is due of a person's rights"}, s.listPersonAlerts)
}

func (s *Server) getIdentity(ctx context.Context, in *ByID) (*Found[PersonIdentity], error) {
	who, err := s.cfg.People.Identity(ctx, people.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(PersonIdentity(who)), nil
}

func (s *Server) setIdentity(ctx context.Context, in *struct {
	OfRevision
	Body PersonIdentity
}) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return none(s.cfg.People.SetIdentity(ctx, people.ID(in.ID), revision, people.Identity(in.Body)))
}

func (s *Server) setTraits(ctx context.Context, in *struct {
	ByID
	Body PersonTraits
}) (*Nothing, error) {
	return none(s.cfg.People.SetTraits(ctx, people.ID(in.ID), people.Traits{Sex: people.Sex(in.Body.Sex), BirthYear: in.Body.BirthYear, QPV: people.InQPV(in.Body.QPV)}))
}

func (s *Server) getRights(ctx context.Context, in *ByID) (*Found[PersonRights], error) {
	p, err := s.cfg.People.Get(ctx, people.ID(in.ID))
	if err != nil {
		return nil, err
	}
	rights, hours, err := s.cfg.People.Rights(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return revised(showRights(rights, hours), p.Revision), nil
}

func showRights(rights []people.Right, hours []people.MonthHours) PersonRights {
	return PersonRights{
		Rights: append([]PersonRight{}, each(rights, func(r people.Right) PersonRight {
			return PersonRight{Kind: string(r.Kind), From: r.From, Until: r.Until, Body: string(r.Body), Occupations: texts(r.Occupations)}
		})...),
		Hours: append([]PersonHours{}, each(hours, func(h people.MonthHours) PersonHours { return PersonHours{h.Month, h.Hours, h.Derogated} })...)}
}

func (s *Server) setRights(ctx context.Context, in *struct {
	OfRevision
	Body PersonRights
}) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	rights := each(in.Body.Rights, func(r PersonRight) people.Right {
		return people.Right{Kind: people.RightKind(r.Kind), From: r.From, Until: r.Until, Body: people.Body(r.Body), Occupations: cast[nomenclatures.ROME](r.Occupations)}
	})
	hours := each(in.Body.Hours, func(h PersonHours) people.MonthHours {
		return people.MonthHours{Month: h.Month, Hours: h.Hours, Derogated: h.Derogated}
	})
	return none(s.cfg.People.SetDated(ctx, people.ID(in.ID), revision, rights, hours))
}

func (s *Server) listPersonAlerts(ctx context.Context, in *ByID) (*Found[[]PersonAlert], error) {
	alerts, err := s.cfg.People.AlertsOf(ctx, people.ID(in.ID), s.cfg.Now())
	if err != nil {
		return nil, err
	}
	lang := accounts.From(ctx).Lang
	return found(append([]PersonAlert{}, each(alerts, func(a people.Alert) PersonAlert { return showAlert(a, lang) })...)), nil
}

func (s *Server) listPeopleAlerts(ctx context.Context, in *struct {
	On string `query:"on" format:"date" doc:"Absent: today."`
}) (*Found[[]PersonAlert], error) {
	on := s.cfg.Now()
	if day, err := time.Parse(time.DateOnly, in.On); err == nil {
		on = day
	}
	alerts, err := s.cfg.People.Alerts(ctx, structure(ctx), on)
	if err != nil {
		return nil, err
	}
	lang := accounts.From(ctx).Lang
	return found(append([]PersonAlert{}, each(alerts, func(a people.PersonAlert) PersonAlert {
		out, id := showAlert(a.Alert, lang), int64(a.Person.ID)
		out.Person, out.Code = &id, a.Person.Code
		return out
	})...)), nil
}

func showAlert(a people.Alert, lang string) PersonAlert {
	return PersonAlert{Kind: string(a.Kind), Severity: string(a.Severity), Due: a.Due, Text: a.Text.In(lang), Source: a.Source}
}
