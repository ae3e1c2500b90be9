package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/tenders"
)

// The bounds of a file, and of the time it may take to arrive.
const (
	maxFile  = 32 << 20
	fileTime = time.Minute
)

// MembersReport is what an import of members did: read = made + updated + unchanged + rejected.
type MembersReport struct {
	Layout    string          `json:"layout"`
	Read      int             `json:"read"`
	Made      int             `json:"made"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Rejected  int             `json:"rejected"`
	Placed    int             `json:"placed" doc:"Whose site is on a commune."`
	ToSpecify int             `json:"to_specify" doc:"No activity says a trade."`
	Assumed   int             `json:"assumed" doc:"An activity or its zone is deduced."`
	Findings  []MemberFinding `json:"findings" doc:"The rows are kept."`
	Refused   []RefusedRow    `json:"refused" doc:"Rows that were not kept."`
	Unread    []string        `json:"unread" doc:"Columns that nothing reads."`
}

// MemberFinding is something noticed on a row.
type MemberFinding struct {
	Line   int    `json:"line"`
	SIRET  string `json:"siret,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
}

// RefusedRow is a row that was not kept, and why.
type RefusedRow struct {
	Line    int      `json:"line"`
	Reasons []string `json:"reasons" doc:"In the caller's language."`
	Cells   []string `json:"cells"`
}

// Quarantined is a record of a notice that could not be read.
type Quarantined struct {
	ID        int64     `json:"id"`
	Source    string    `json:"source,omitempty" doc:"Absent when even the format was not recognised."`
	File      string    `json:"file"`
	Place     string    `json:"place,omitempty" doc:"Where in the file."`
	Code      string    `json:"code"`
	Reason    string    `json:"reason"`
	Raw       string    `json:"raw,omitempty" doc:"The record itself; only when one is read."`
	Cut       bool      `json:"cut" doc:"The raw text is longer than what is kept."`
	Attempts  int       `json:"attempts"`
	State     string    `json:"state" enum:"open,retried,resolved"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// Correction is a refused record as somebody put it right.
type Correction struct {
	Raw string `json:"raw,omitempty" maxLength:"900000" doc:"The record as you corrected it; the one that was kept, if absent."`
}

// NoticeRun is one import of notices.
type NoticeRun struct {
	ID        int64          `json:"id"`
	StartedAt time.Time      `json:"started_at"`
	EndedAt   *time.Time     `json:"ended_at,omitempty" doc:"Absent: under way, or cut short."`
	Files     []string       `json:"files"`
	Report    tenders.Report `json:"report"`
	Error     string         `json:"error,omitempty"`
}

// Upload is a file as it is.
type Upload struct {
	Asked
	Name    string `query:"name" maxLength:"120" pattern:"^[^/\\\\]*$" doc:"The file's name, for the report." example:"membres.csv"`
	RawBody []byte
}

// file is the name that a file was given, with the ending of what it is; one that was
// given none is called upload.
func (u *Upload) file(kind string) string {
	name, ending := cmp.Or(u.Name, "upload"), ".csv"
	if kind == xlsx {
		ending = ".xlsx"
	}
	if strings.EqualFold(filepath.Ext(name), ending) {
		return name
	}
	return name + ending
}

func (s *Server) imports() {
	get, post := http.MethodGet, http.MethodPost
	upload(s, Operation{ID: "import-members", Method: post, Path: "/v1/imports/members", Tag: tagAdmin, Action: accounts.OrganisationImport, Body: maxFile,
		Summary: "Import members from a file", About: "CSV or XLSX: the layout of the public register or ours, known by its header. The same file again changes nothing; what a member confirmed is never overwritten. Rejected rows come back with their reasons."},
		[]string{"text/csv", xlsx}, s.importMembers)
	if s.cfg.Tenders == nil {
		return
	}
	upload(s, Operation{ID: "import-notices", Method: post, Path: "/v1/imports/notices", Tag: tagAdmin, Action: accounts.NoticeImport, Body: maxFile,
		Summary: "Import public notices from a file", About: "eForms, TED R2.0.9, BOAMP: one file or an archive. A bad record goes to quarantine and never stops the rest; again is idempotent."},
		[]string{"application/xml", "application/json", "application/zip", "application/octet-stream"}, s.importNotices)
	add(s, Operation{ID: "list-notice-imports", Method: get, Path: "/v1/imports/notices", Tag: tagAdmin, Action: accounts.SourceRead, Summary: "List the imports of notices", About: "Newest first."}, s.listRuns)
	add(s, Operation{ID: "list-quarantine", Method: get, Path: "/v1/quarantine", Tag: tagAdmin, Action: accounts.QuarantineRead, Summary: "List the records that could not be read", About: "Newest first."}, s.listQuarantine)
	add(s, Operation{ID: "get-quarantined", Method: get, Path: "/v1/quarantine/{id}", Tag: tagAdmin, Action: accounts.QuarantineRead, Summary: "Read a refused record, with its raw text"}, s.getQuarantined)
	add(s, Operation{ID: "retry-quarantined", Method: post, Path: "/v1/quarantine/{id}/retry", Tag: tagAdmin, Action: accounts.QuarantineSettle,
		Summary: "Try a refused record again", Example: `{"raw":"<ContractNotice>…</ContractNotice>"}`, About: "As it was kept, or as you corrected it. It is resolved if it can be read, and keeps the new reason otherwise."}, s.retryQuarantined)
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// upload lays an operation whose body is a file of one of these types.
func upload[O any](s *Server, op Operation, kinds []string, handle func(ctx context.Context, in *Upload, kind string) (*Found[O], error)) {
	h := s.described(op)
	h.BodyReadTimeout, h.SkipValidateBody = fileTime, true
	h.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	for _, k := range kinds {
		h.RequestBody.Content[k] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	s.ops = append(s.ops, op)
	huma.Register(s.api, h, func(ctx context.Context, in *Upload) (*Found[O], error) {
		kind, _, err := mime.ParseMediaType(in.request.Header.Get("Content-Type"))
		if err != nil || !slices.Contains(kinds, kind) {
			code, text := generic(http.StatusUnsupportedMediaType)
			return nil, newProblem(ctx, http.StatusUnsupportedMediaType, code, text)
		}
		out, err := handle(ctx, in, kind)
		if err == nil {
			err = s.cfg.Accounts.Record(ctx, accounts.Entry{Action: op.Action, Entity: "import"})
		}
		if err != nil {
			return nil, s.refused(ctx, op, err)
		}
		return out, nil
	})
}

func (s *Server) importMembers(ctx context.Context, in *Upload, kind string) (*Found[MembersReport], error) {
	r, err := s.cfg.Network.Import(ctx, network.Source{Name: in.file(kind), Content: bytes.NewReader(in.RawBody)})
	if err != nil {
		return nil, err
	}
	lang := accounts.From(ctx).Lang
	return found(MembersReport{Layout: r.Layout, Read: r.Read, Made: r.Made, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected,
		Placed: r.Placed, ToSpecify: r.ToSpecify, Assumed: r.Assumed, Unread: append([]string{}, r.Unread...),
		Findings: each(r.Findings, func(n network.Noticed) MemberFinding {
			return MemberFinding{Line: n.Line, SIRET: string(n.SIRET), Code: n.Code, Detail: n.Detail}
		}),
		Refused: each(r.Refused, func(x network.Refused) RefusedRow {
			return RefusedRow{Line: x.Line, Cells: x.Cells, Reasons: each(x.Reasons, func(t fault.Text) string { return t.In(lang) })}
		})}), nil
}

// importNotices goes through a file of its own, since a reader of notices
// decides by what it finds, not by what it was told.
func (s *Server) importNotices(ctx context.Context, in *Upload, _ string) (out *Found[tenders.Report], err error) {
	dir, err := os.MkdirTemp("", "maillage-notices-")
	if err != nil {
		return nil, fmt.Errorf("make room for a file of notices: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, fileName(in.Name))
	if err := os.WriteFile(path, in.RawBody, 0o600); err != nil {
		return nil, fmt.Errorf("keep a file of notices: %w", err)
	}
	r, err := s.cfg.Tenders.Import(ctx, []string{path}, tenders.ImportOptions{})
	if err != nil {
		return nil, err
	}
	return found(r), nil
}

// fileName keeps the last part of a name, harmless.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(name, "._ ") == "" {
		return "notices"
	}
	return name
}

func (s *Server) listRuns(ctx context.Context, in *struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"20"`
}) (*Found[[]NoticeRun], error) {
	rows, err := s.cfg.Tenders.Runs(ctx, in.Limit)
	return found(each(rows, func(r tenders.Run) NoticeRun {
		return NoticeRun{ID: r.ID, StartedAt: r.StartedAt.UTC(), EndedAt: utc(r.EndedAt), Files: each(r.Paths, filepath.Base), Report: r.Report, Error: r.Error}
	})), err
}

func (s *Server) listQuarantine(ctx context.Context, in *struct {
	At
	Paging
	State []string `query:"state" maxItems:"3" doc:"open, retried, resolved; without it, those not resolved."`
}) (*Listed[Quarantined], error) {
	below, err := number(in.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Tenders.ListQuarantined(ctx, below, in.Limit, cast[tenders.QuarantineState](in.State)...)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) == in.Limit {
		next = cursor(rows[len(rows)-1].ID)
	}
	return listed(in.at, rows, next, quarantinedIn(ctx)), nil
}

func (s *Server) getQuarantined(ctx context.Context, in *ByID) (*Found[Quarantined], error) {
	q, err := s.cfg.Tenders.Quarantined(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return found(quarantinedIn(ctx)(*q)), nil
}

func (s *Server) retryQuarantined(ctx context.Context, in *struct {
	ByID
	Body *Correction
}) (*Found[Quarantined], error) {
	var raw []byte
	if in.Body != nil {
		raw = []byte(in.Body.Raw)
	}
	q, err := s.cfg.Tenders.Retry(ctx, in.ID, raw)
	if err == nil {
		err = s.cfg.Accounts.Record(ctx, accounts.Entry{Action: accounts.QuarantineSettle, Entity: "quarantine", EntityID: in.ID})
	}
	if err != nil {
		return nil, err
	}
	return found(quarantinedIn(ctx)(*q)), nil
}

// quarantinedIn shows a refused record in the caller's language.
func quarantinedIn(ctx context.Context) func(tenders.Quarantined) Quarantined {
	lang := langOf(accounts.From(ctx).Lang)
	return func(q tenders.Quarantined) Quarantined { return showQuarantined(q, lang) }
}

func showQuarantined(q tenders.Quarantined, lang string) Quarantined {
	return Quarantined{ID: q.ID, Source: string(q.Source), File: filepath.Base(q.Path), Place: q.PlaceText().In(lang), Code: q.Code, Reason: q.Text().In(lang), Raw: q.Raw, Cut: q.Cut,
		Attempts: q.Attempts, State: string(q.State), FirstSeen: q.FirstSeen.UTC(), LastSeen: q.LastSeen.UTC()}
}
