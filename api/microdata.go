package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"maillage/accounts"
	"maillage/indicators/access"
	"maillage/indicators/access/record"
)

// MicrodataAgreement is who may read which records, and until when.
type MicrodataAgreement struct {
	ID          int64            `json:"id"`
	Number      string           `json:"number" example:"MD-2026-0001"`
	User        int64            `json:"user"`
	Institution string           `json:"institution"`
	Purpose     string           `json:"purpose" enum:"research,thesis,evaluation,statistics"`
	Reference   string           `json:"reference"`
	File        string           `json:"file" enum:"exits,workers"`
	Years       []int            `json:"years"`
	Variables   []string         `json:"variables" doc:"Empty: all those of the file."`
	From        string           `json:"from" format:"date"`
	Until       string           `json:"until" format:"date" doc:"The last day, included."`
	State       string           `json:"state" enum:"early,open,over,revoked"`
	Events      []MicrodataEvent `json:"events"`
}

// MicrodataEvent is what happened to an agreement.
type MicrodataEvent struct {
	Kind   string    `json:"kind" enum:"granted,revoked,warned,lapsed"`
	Reason string    `json:"reason,omitempty" enum:"ended,asked,breach,error"`
	At     time.Time `json:"at"`
}

// MicrodataFile is the protected file of a year, without its records.
type MicrodataFile struct {
	File     string      `json:"file" enum:"exits,workers"`
	Year     int         `json:"year"`
	Vintage  int         `json:"vintage" doc:"1, 2…: of the facts."`
	Communes string      `json:"communes" doc:"Vintage of the list of communes."`
	MadeAt   time.Time   `json:"made_at"`
	SHA256   string      `json:"sha256" doc:"Of the whole file, every column."`
	Done     record.Done `json:"done" doc:"What was done for nobody to be recognised."`
}

// MicrodataUse is one reading.
type MicrodataUse struct {
	ID        int64     `json:"id"`
	Agreement string    `json:"agreement"`
	User      int64     `json:"user"`
	What      string    `json:"what" enum:"read,download,refused"`
	Files     []string  `json:"files" example:"[\"exits-2011.v1\"]" doc:"Of a refusal, the code of why."`
	SHA256    string    `json:"sha256,omitempty" doc:"Of what was handed over."`
	At        time.Time `json:"at"`
}

// MicrodataReading is an agreement with its files.
type MicrodataReading struct {
	MicrodataAgreement
	Files   []MicrodataFile `json:"files"`
	Waiting []int           `json:"waiting" doc:"Years whose file is not made yet."`
	Empty   []int           `json:"empty" doc:"Years of which the file could tell nothing."`
	Uses    []MicrodataUse  `json:"uses" doc:"The latest 50, newest first; to its researcher, their own."`
}

// MicrodataGrant is what is granted.
type MicrodataGrant struct {
	User        int64    `json:"user" minimum:"1" doc:"An account of the role researcher."`
	Institution string   `json:"institution" maxLength:"120"`
	Purpose     string   `json:"purpose" enum:"research,thesis,evaluation,statistics"`
	Reference   string   `json:"reference" maxLength:"40" doc:"Of the project; no space."`
	File        string   `json:"file" enum:"exits,workers"`
	Years       []int    `json:"years" minItems:"1" maxItems:"20"`
	Variables   []string `json:"variables,omitempty" maxItems:"10"`
	From        string   `json:"from" format:"date"`
	Until       string   `json:"until" format:"date"`
}

// MicrodataArchive is a ZIP.
type MicrodataArchive struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Server) microdata() {
	get, post, tag := http.MethodGet, http.MethodPost, tagIndicators
	add(s, Operation{ID: "list-microdata-agreements", Method: get, Path: "/v1/microdata/agreements", Tag: tag, Action: accounts.MicrodataRead,
		Summary: "List the agreements that one may see", About: "A researcher's own; all of them for an administrator."}, s.listMicrodataAgreements)
	add(s, Operation{ID: "get-microdata-agreement", Method: get, Path: "/v1/microdata/agreements/{id}", Tag: tag, Action: accounts.MicrodataRead,
		Summary: "Read an agreement, and what was done for its files", About: "Logged when its researcher reads it."}, s.getMicrodataAgreement)
	add(s, Operation{ID: "download-microdata", Method: get, Path: "/v1/microdata/agreements/{id}/files", Tag: tag, Action: accounts.MicrodataDownload, Gives: "application/zip", Errors: []int{http.StatusConflict},
		Summary: "Download the files of an agreement", About: "A ZIP, for the researcher whom the agreement names, on the days that it opens; logged with its hash. The same bytes as long as the files are the same. 403 agreement_early, agreement_lapsed or agreement_revoked otherwise; 409 files_waiting when none is made."}, s.downloadMicrodata)
	add(s, Operation{ID: "grant-microdata", Method: post, Path: "/v1/microdata/agreements", Tag: tag, Action: accounts.MicrodataGrant,
		Summary: "Grant an agreement", About: "The same terms again give the agreement that there is.",
		Example: `{"user":1,"institution":"Université d'essai","purpose":"research","reference":"ANR-25-0001","file":"exits","years":[2011],"from":"2026-12-01","until":"2027-11-30"}`}, s.grantMicrodata)
	add(s, Operation{ID: "revoke-microdata", Method: post, Path: "/v1/microdata/agreements/{id}/revoke", Tag: tag, Action: accounts.MicrodataGrant,
		Summary: "Revoke an agreement", About: "At once; again changes nothing.", Example: `{"reason":"ended"}`}, s.revokeMicrodata)
	add(s, Operation{ID: "list-microdata-files", Method: get, Path: "/v1/microdata/files", Tag: tag, Action: accounts.MicrodataGrant,
		Summary: "List the files that are made, without their records"}, s.listMicrodataFiles)
	add(s, Operation{ID: "remake-microdata", Method: post, Path: "/v1/microdata/files", Tag: tag, Action: accounts.MicrodataGrant, Status: http.StatusAccepted,
		Summary: "Ask that the files of a year be made again", About: "All of them together. A vintage follows only where facts changed, and where its difference with every vintage before it tells of nobody.", Example: `{"year":2011}`}, s.remakeMicrodata)
	add(s, Operation{ID: "list-microdata-uses", Method: get, Path: "/v1/microdata/uses", Tag: tag, Action: accounts.MicrodataGrant,
		Summary: "Read the log of readings", About: "Newest first."}, s.listMicrodataUses)
}

func (s *Server) showAgreement(a *access.Agreement) MicrodataAgreement {
	return MicrodataAgreement{ID: a.ID, Number: a.Number(), User: int64(a.UserID), Institution: a.Institution, Purpose: string(a.Purpose), Reference: a.Reference, File: string(a.File),
		Years: a.AsYears(), Variables: append([]string{}, strings.Fields(a.Variables)...), From: a.FromOn, Until: a.UntilOn, State: string(a.StateOn(s.cfg.Access.Today())),
		Events: each(a.Events, func(e access.Event) MicrodataEvent {
			return MicrodataEvent{string(e.Kind), string(e.Reason), e.At.UTC()}
		})}
}

func showMicrodataFile(f access.File) MicrodataFile {
	return MicrodataFile{string(f.Kind), f.Year, f.Vintage, f.Communes, f.MadeAt.UTC(), f.Hash, f.Done}
}

func showMicrodataUse(u access.Use) MicrodataUse {
	return MicrodataUse{u.ID, u.Number(), int64(u.UserID), u.What, append([]string{}, strings.Fields(u.Files)...), u.Hash, u.At.UTC()}
}

func (s *Server) listMicrodataAgreements(ctx context.Context, in *struct{ At }) (*Listed[MicrodataAgreement], error) {
	list, err := s.cfg.Access.Agreements(ctx)
	if err != nil {
		return nil, err
	}
	return listed(in.at, list, "", func(a access.Agreement) MicrodataAgreement { return s.showAgreement(&a) }), nil
}

func (s *Server) getMicrodataAgreement(ctx context.Context, in *ByID) (*Found[MicrodataReading], error) {
	r, err := s.cfg.Access.Read(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return found(MicrodataReading{s.showAgreement(r.Agreement), each(r.Files, showMicrodataFile), append([]int{}, r.Waiting...), append([]int{}, r.Empty...), each(r.Uses, showMicrodataUse)}), nil
}

// Headed tells whether the headers alone are asked for: nothing is handed over then.
type Headed struct{ alone bool }

// Resolve reads the method of the request.
func (h *Headed) Resolve(hc huma.Context) []error {
	h.alone = hc.Method() == http.MethodHead
	return nil
}

func (s *Server) downloadMicrodata(ctx context.Context, in *struct {
	ByID
	Headed
}) (*MicrodataArchive, error) {
	take := s.cfg.Access.Download
	if in.alone {
		take = s.cfg.Access.Weigh
	}
	p, err := take(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &MicrodataArchive{"application/zip", `attachment; filename="` + p.Name + `"`, p.Data}, nil
}

func (s *Server) grantMicrodata(ctx context.Context, in *struct{ Body MicrodataGrant }) (*Found[MicrodataAgreement], error) {
	b := in.Body
	a, err := s.cfg.Access.Grant(ctx, access.Grant{UserID: accounts.UserID(b.User), Institution: b.Institution, Purpose: access.Purpose(b.Purpose), Reference: b.Reference, File: record.Kind(b.File),
		Years: b.Years, Variables: b.Variables, FromOn: b.From, UntilOn: b.Until})
	if err != nil {
		return nil, err
	}
	return found(s.showAgreement(a)), nil
}

func (s *Server) revokeMicrodata(ctx context.Context, in *struct {
	ByID
	Body struct {
		Reason string `json:"reason" enum:"ended,asked,breach,error"`
	}
}) (*Found[MicrodataAgreement], error) {
	a, err := s.cfg.Access.Revoke(ctx, in.ID, access.Reason(in.Body.Reason))
	if err != nil {
		return nil, err
	}
	return found(s.showAgreement(a)), nil
}

func (s *Server) listMicrodataFiles(ctx context.Context, in *struct{ At }) (*Listed[MicrodataFile], error) {
	list, err := s.cfg.Access.Files(ctx)
	if err != nil {
		return nil, err
	}
	return listed(in.at, list, "", showMicrodataFile), nil
}

func (s *Server) remakeMicrodata(ctx context.Context, in *struct {
	Body struct {
		Year int `json:"year"`
	}
}) (*Nothing, error) {
	return none(s.cfg.Access.Remake(ctx, in.Body.Year))
}

func (s *Server) listMicrodataUses(ctx context.Context, in *struct {
	At
	Paging
}) (*Listed[MicrodataUse], error) {
	below, err := number(in.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Access.Log(ctx, below, in.Limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) == in.Limit {
		next = cursor(rows[len(rows)-1].ID)
	}
	return listed(in.at, rows, next, showMicrodataUse), nil
}
