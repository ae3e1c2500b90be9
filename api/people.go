package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/people"
	"maillage/territories"
)

const tagPeople = "People in journeys"

// Person is a journey, without what identifies. Only the counsellors of its
// structure read it.
type Person struct {
	ID           int64         `json:"id"`
	Organisation int64         `json:"organisation" doc:"The employing structure."`
	Counsellor   *int64        `json:"counsellor,omitempty" doc:"User; absent: nobody yet."`
	Code         string        `json:"code" example:"P-7K3M9QX" doc:"Pseudonym, drawn at random."`
	Number       string        `json:"number,omitempty" doc:"The structure's own."`
	State        string        `json:"state" enum:"active,paused,ended"`
	Commune      string        `json:"commune,omitempty" doc:"Home; INSEE code of today."`
	EnteredOn    string        `json:"entered_on,omitempty" format:"date"`
	AvailableOn  string        `json:"available_on,omitempty" format:"date"`
	ContractEnds string        `json:"contract_ends,omitempty" format:"date"`
	EndedOn      string        `json:"ended_on,omitempty" format:"date"`
	ErasedAt     *time.Time    `json:"erased_at,omitempty" doc:"Only a row to count is left."`
	Profile      PersonProfile `json:"profile"`
	LastProposed *time.Time    `json:"last_proposed_at,omitempty"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
}

// PersonInput is what a structure says of a journey, whole.
type PersonInput struct {
	Counsellor   *int64        `json:"counsellor,omitempty"`
	Number       string        `json:"number,omitempty" maxLength:"40" doc:"The structure's own; with a digit, without a space: it is no name."`
	Commune      string        `json:"commune,omitempty" maxLength:"5" doc:"INSEE code; one that has ceased becomes today's."`
	EnteredOn    string        `json:"entered_on,omitempty" format:"date"`
	AvailableOn  string        `json:"available_on,omitempty" format:"date"`
	ContractEnds string        `json:"contract_ends,omitempty" format:"date"`
	Profile      PersonProfile `json:"profile,omitempty"`
}

// PersonProfile is what is matched. There is no field for why a person is
// eligible, for health, debts, justice or family, nor for free text.
type PersonProfile struct {
	Mobility  []PersonMobility `json:"mobility,omitempty" maxItems:"60"`
	Wished    []PersonWish     `json:"wished,omitempty" maxItems:"60" doc:"In the person's order."`
	Held      []PersonHeld     `json:"held,omitempty" maxItems:"60" doc:"Occupations practised."`
	Aptitudes []PersonHolding  `json:"aptitudes,omitempty" maxItems:"60" doc:"Licences, certificates, skills of the closed list."`
	Languages []PersonSpeaks   `json:"languages,omitempty" maxItems:"60"`
	HoursMin  float64          `json:"hours_min,omitempty" minimum:"0" maximum:"48" doc:"A week; absent: no bound."`
	HoursMax  float64          `json:"hours_max,omitempty" minimum:"0" maximum:"48"`
	Slots     []string         `json:"slots,omitempty" maxItems:"28" doc:"Parts of days, as mon-morning; absent: not said. Morning is 5 to 12, afternoon to 18, evening to 22, night to 5."`
	Split     *bool            `json:"split,omitempty" doc:"Accepts a day cut in two; absent: not said."`
}

// PersonMobility is how far a person goes by one mode.
type PersonMobility struct {
	Mode    string   `json:"mode" enum:"foot,bicycle,transit,moped,carried,car"`
	Km      float64  `json:"km,omitempty" exclusiveMinimum:"0" doc:"Absent: not said. A way of moving that is of no use is not given."`
	Minutes int      `json:"minutes,omitempty" exclusiveMinimum:"0" doc:"Absent: not said."`
	Slots   []string `json:"slots,omitempty" maxItems:"28" doc:"When the mode works; absent: always."`
}

// PersonWish is an occupation wished.
type PersonWish struct {
	ROME        string `json:"rome" maxLength:"7"`
	Appellation string `json:"appellation,omitempty" maxLength:"10" doc:"Number of a job title of that occupation."`
}

// PersonHeld is an occupation practised.
type PersonHeld struct {
	ROME   string `json:"rome" maxLength:"7"`
	Months int    `json:"months,omitempty" minimum:"0"`
}

// PersonHolding is a licence, a certificate or a skill.
type PersonHolding struct {
	Code   string `json:"code" maxLength:"60"`
	Level  int    `json:"level,omitempty" minimum:"0" maximum:"4" doc:"Of a skill: 1 notions, 2 with help, 3 alone, 4 can show others."`
	On     string `json:"on,omitempty" format:"date"`
	Until  string `json:"until,omitempty" format:"date"`
	Source string `json:"source,omitempty" enum:"self,observed,certified"`
}

// PersonSpeaks is a language.
type PersonSpeaks struct {
	Language string `json:"language" minLength:"2" maxLength:"2" doc:"ISO 639-1."`
	Level    string `json:"level,omitempty" enum:"A1,A2,B1,B2,C1,C2"`
}

const examplePerson = `{"number":"2026-012","commune":"26281","entered_on":"2026-01-05","profile":{"mobility":[{"mode":"bicycle","minutes":30}],"wished":[{"rome":"A1203"}],"held":[{"rome":"K2204","months":24}],"aptitudes":[{"code":"tonte","level":3,"source":"observed"}],"languages":[{"language":"fr","level":"B1"}],"hours_min":20,"hours_max":26,"slots":["mon-morning","tue-morning"]}}`

func (s *Server) people() {
	get, post, put, remove := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const one = "/v1/people/{id}"
	add(s, Operation{ID: "list-people", Method: get, Path: "/v1/people", Tag: tagPeople, Action: accounts.PersonList,
		Summary: "List the journeys of my structure", About: "Without what identifies."}, s.listPeople)
	add(s, Operation{ID: "create-person", Method: post, Path: "/v1/people", Tag: tagPeople, Action: accounts.PersonEdit, Status: http.StatusCreated,
		Summary: "Begin a journey in my structure", Example: examplePerson}, s.createPerson)
	add(s, Operation{ID: "list-people-alerts", Method: get, Path: "/v1/people/alerts", Tag: tagPeople, Action: accounts.PersonList,
		Summary: "List what is due in my structure", About: "Rights and obligations on their dates, with the rule: what to do, by when. An alert excludes nobody."}, s.listPeopleAlerts)
	upload(s, Operation{ID: "import-people", Method: post, Path: "/v1/imports/people", Tag: tagPeople, Action: accounts.PersonImport, Body: maxFile,
		Summary: "Import the journeys of my structure from a file", About: "CSV or XLSX, described in docs/import-parcours.md. The same file again changes nothing. What identifies is sealed; columns that have no field are kept nowhere; rejected rows come back with every fault located and nothing that identifies."},
		[]string{"text/csv", xlsx}, s.importPeople)
	add(s, Operation{ID: "get-person", Method: get, Path: one, Tag: tagPeople, Action: accounts.PersonRead, Summary: "Read a journey"}, s.getPerson)
	add(s, Operation{ID: "update-person", Method: put, Path: one, Tag: tagPeople, Action: accounts.PersonEdit, Errors: []int{http.StatusPreconditionFailed},
		Summary: "Rewrite what is said of a journey", Example: examplePerson}, s.updatePerson)
	for _, m := range []struct{ id, path, summary string }{
		{"pause-person", "/pause", "Take a journey out of matching for a while"}, {"resume-person", "/resume", "Put a paused journey back"}} {
		add(s, Operation{ID: m.id, Method: post, Path: one + m.path, Tag: tagPeople, Action: accounts.PersonEdit, Summary: m.summary, Errors: []int{http.StatusPreconditionFailed}}, s.movePerson(m.id))
	}
	add(s, Operation{ID: "end-person", Method: post, Path: one + "/end", Tag: tagPeople, Action: accounts.PersonEdit, Errors: []int{http.StatusPreconditionFailed},
		Summary: "Say that the person left the structure", About: "Agreements under way are withdrawn. Two years later the journey is erased.", Example: `{"on":"2026-11-20"}`}, s.endPerson)
	add(s, Operation{ID: "get-person-export", Method: get, Path: one + "/export", Tag: tagPeople, Action: accounts.PersonRead,
		Summary: "Read everything that is recorded about a person", About: "What they may ask to read and correct (GDPR, articles 15 and 16). It is a reading of the identity in the audit trail."}, s.exportPerson)
	add(s, Operation{ID: "list-person-events", Method: get, Path: one + "/events", Tag: tagPeople, Action: accounts.PersonRead,
		Summary: "List who changed which field, and when", About: "Newest first; never the values."}, s.listPersonEvents)
	s.personRights(one)
	s.agreements(one)
	add(s, Operation{ID: "erase-person", Method: post, Path: one + "/erase", Tag: tagPeople, Action: accounts.PersonEdit, Status: http.StatusNoContent, Errors: []int{http.StatusPreconditionFailed},
		Summary: "Erase who a person was", About: "Everything known goes; a pseudonymous row is left to count. It cannot be undone."}, s.erasePerson)
	add(s, Operation{ID: "delete-person", Method: remove, Path: one, Tag: tagPeople, Action: accounts.PersonEdit, Status: http.StatusNoContent, Errors: []int{http.StatusPreconditionFailed},
		Summary: "Delete a journey and all that goes with it", About: "It cannot be undone."}, s.deletePerson)
}

// structure is the caller's own: nobody reads the journeys of another.
func structure(ctx context.Context) int64 { return accounts.From(ctx).OrganisationID }

func (s *Server) listPeople(ctx context.Context, in *struct {
	At
	Paging
	Counsellor int64    `query:"counsellor" minimum:"1"`
	Unassigned bool     `query:"unassigned" doc:"Those that nobody accompanies yet."`
	State      []string `query:"state" maxItems:"3" enum:"active,paused,ended"`
	Wished     string   `query:"wished" maxLength:"7" doc:"A ROME code."`
	Q          string   `query:"q" maxLength:"60" doc:"Part of the code or of the structure's own number, nothing else."`
}) (*Listed[Person], error) {
	f := people.Filter{Organisation: structure(ctx), Counsellor: in.Counsellor, Unassigned: in.Unassigned, States: cast[people.State](in.State), Text: in.Q}
	if in.Wished != "" {
		rome, err := nomenclatures.ParseROME(in.Wished)
		if err != nil {
			return nil, fault.Invalid(fault.At("query.wished", "unknown", "Un code ROME s’écrit K2204.", "A ROME code is written K2204."))
		}
		f.Wished = rome
	}
	page, err := s.cfg.People.List(ctx, f, people.Request{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return listed(in.at, page.Items, page.Next, showPerson), nil
}

func (s *Server) createPerson(ctx context.Context, in *struct{ Body PersonInput }) (*Made[Person], error) {
	p, err := readPerson(in.Body)
	if err != nil {
		return nil, err
	}
	p.OrganisationID = structure(ctx)
	p, err = s.cfg.People.Create(ctx, p)
	if err != nil {
		return nil, atProfile(err)
	}
	return &Made[Person]{ETag: tag(p.Revision), Location: "/v1/people/" + strconv.FormatInt(int64(p.ID), 10), Body: showPerson(p)}, nil
}

func (s *Server) getPerson(ctx context.Context, in *ByID) (*Found[Person], error) {
	p, err := s.cfg.People.Get(ctx, people.ID(in.ID))
	return shownPerson(p, err)
}

func shownPerson(p *people.Person, err error) (*Found[Person], error) {
	if err != nil {
		return nil, atProfile(err)
	}
	return revised(showPerson(p), p.Revision), nil
}

func (s *Server) updatePerson(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body PersonInput
}) (*Found[Person], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	p, err := readPerson(in.Body)
	if err != nil {
		return nil, err
	}
	p.ID = people.ID(in.ID)
	return shownPerson(s.cfg.People.Update(ctx, revision, p))
}

// OfRevision names one journey and the version that was read.
type OfRevision struct {
	ByID
	IfMatch
}

func (s *Server) movePerson(id string) func(context.Context, *OfRevision) (*Found[Person], error) {
	return func(ctx context.Context, in *OfRevision) (*Found[Person], error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		if id == "pause-person" {
			return shownPerson(s.cfg.People.Pause(ctx, people.ID(in.ID), revision))
		}
		return shownPerson(s.cfg.People.Resume(ctx, people.ID(in.ID), revision))
	}
}

func (s *Server) endPerson(ctx context.Context, in *struct {
	OfRevision
	Body struct {
		On string `json:"on,omitempty" format:"date" doc:"Absent: today."`
	}
}) (*Found[Person], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return shownPerson(s.cfg.People.End(ctx, people.ID(in.ID), revision, in.Body.On))
}

func (s *Server) erasePerson(ctx context.Context, in *OfRevision) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return none(s.cfg.People.Erase(ctx, people.ID(in.ID), revision))
}

func (s *Server) deletePerson(ctx context.Context, in *OfRevision) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return none(s.cfg.People.Delete(ctx, people.ID(in.ID), revision))
}

// PeopleReport is what an import of journeys did: read = made + updated + unchanged + rejected.
type PeopleReport struct {
	Read      int              `json:"read"`
	Made      int              `json:"made"`
	Updated   int              `json:"updated"`
	Unchanged int              `json:"unchanged"`
	Rejected  int              `json:"rejected"`
	Sealed    int              `json:"sealed" doc:"Identities written, sealed."`
	NoKey     bool             `json:"no_key" doc:"The file has identities and this server has no key to seal them: they were not kept."`
	Unread    []UnreadColumn   `json:"unread" doc:"Columns of which nothing is kept, anywhere."`
	Header    []string         `json:"header" doc:"Of the cells of refused rows."`
	Refused   []RefusedJourney `json:"refused" doc:"Rows that were not kept."`
}

// UnreadColumn is a column of which nothing is kept.
type UnreadColumn struct {
	Column string `json:"column"`
	Banned bool   `json:"banned" doc:"It would say why somebody is eligible, their health, debts, justice, family…"`
	Why    string `json:"why"`
}

// RefusedJourney is a row that was not kept.
type RefusedJourney struct {
	Line   int           `json:"line"`
	Faults []ColumnFault `json:"faults"`
	Cells  []string      `json:"cells" doc:"Without what identifies, or could."`
}

// ColumnFault is one fault of a row.
type ColumnFault struct {
	Column string `json:"column,omitempty"`
	Detail string `json:"detail"`
}

func (s *Server) importPeople(ctx context.Context, in *Upload, kind string) (*Found[PeopleReport], error) {
	r, err := s.cfg.People.Import(ctx, people.File{Organisation: structure(ctx), Name: in.file(kind), Content: bytes.NewReader(in.RawBody)})
	if err != nil {
		return nil, err
	}
	lang := accounts.From(ctx).Lang
	return found(PeopleReport{Read: r.Read, Made: r.Made, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected, Sealed: r.Sealed, NoKey: r.NoKey,
		Header: append([]string{}, r.Header()...),
		Unread: each(r.Unread, func(u people.Unread) UnreadColumn { return UnreadColumn{u.Column, u.Banned, u.Why.In(lang)} }),
		Refused: each(r.Refused, func(row people.Row) RefusedJourney {
			return RefusedJourney{Line: row.Line, Cells: append([]string{}, row.Cells...),
				Faults: each(row.Faults, func(l people.Located) ColumnFault { return ColumnFault{l.Column, l.Text.In(lang)} })}
		})}), nil
}

func readPerson(in PersonInput) (*people.Person, error) {
	profile, faults := readProfile(in.Profile)
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	return &people.Person{CounsellorID: in.Counsellor, Key: in.Number, Commune: territories.CommuneCode(in.Commune), EnteredOn: in.EnteredOn,
		AvailableOn: in.AvailableOn, ContractEnds: in.ContractEnds, Profile: profile}, nil
}

func showPerson(p *people.Person) Person {
	return Person{ID: int64(p.ID), Organisation: p.OrganisationID, Counsellor: p.CounsellorID, Code: p.Code, Number: p.Key, State: string(p.State), Commune: string(p.Commune),
		EnteredOn: p.EnteredOn, AvailableOn: p.AvailableOn, ContractEnds: p.ContractEnds, EndedOn: p.EndedOn, ErasedAt: utc(p.ErasedAt),
		Profile: showProfile(p.Profile), LastProposed: utc(p.LastProposed), CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC()}
}
