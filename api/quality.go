package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/fault"
	"maillage/network"
)

const tagQuality = "Quality"

// QualityLabel is a certification that is followed.
type QualityLabel struct {
	Code         string `json:"code" example:"cedre"`
	Name         string `json:"name"`
	Family       string `json:"family" enum:"insertion,management,environment,responsibility,training,home"`
	Months       int    `json:"months" doc:"That a certificate usually runs."`
	Surveillance int    `json:"surveillance,omitempty" doc:"Months after which a surveillance audit is due at the latest; absent: not known."`
	Verified     bool   `json:"verified" doc:"The months were read in the source; else they are usual, to verify."`
	Owner        string `json:"owner"`
	Source       string `json:"source" format:"uri"`
	Means        string `json:"means"`
}

// QualityCount is how many of a group hold a certification.
type QualityCount struct {
	Key  string `json:"key" doc:"Code of the label, INSEE code of the region (empty: not placed) or kind."`
	Held int    `json:"held"`
	Of   int    `json:"of"`
}

// QualityFigures are how many active members hold what on a day, whoever declared it.
type QualityFigures struct {
	On        string         `json:"on" format:"date"`
	Members   int            `json:"members"`
	Certified int            `json:"certified" doc:"Hold one at least."`
	ByLabel   []QualityCount `json:"by_label"`
	ByRegion  []QualityCount `json:"by_region"`
	ByKind    []QualityCount `json:"by_kind"`
}

// CertificationPath is an enterprise's way to a label, through its renewals.
type CertificationPath struct {
	ID           int64                `json:"id"`
	Organisation int64                `json:"organisation"`
	Name         string               `json:"name,omitempty"`
	Label        string               `json:"label"`
	State        string               `json:"state" enum:"engaged,in_review,postponed,refused,granted,reserved,suspended,expired,withdrawn,left"`
	From         string               `json:"from,omitempty" doc:"Of the last certificate."`
	Until        string               `json:"until,omitempty" doc:"Its last day."`
	Renewing     bool                 `json:"renewing"`
	LastOn       string               `json:"last_on"`
	UpdatedAt    time.Time            `json:"updated_at"`
	Next         []string             `json:"next,omitempty" doc:"Kinds of events that may follow, for who asks."`
	Events       []CertificationEvent `json:"events,omitempty" doc:"All, the latest first."`
}

// CertificationStep is something that happened, to record.
type CertificationStep struct {
	Kind    string `json:"kind" enum:"entered,audited,decided,interrupted,restored,taken_away,gave_up"`
	On      string `json:"on" format:"date"`
	Audit   string `json:"audit,omitempty" enum:"initial,surveillance,renewal"`
	Body    string `json:"body,omitempty" maxLength:"1000" doc:"Who audited or decided."`
	Minor   int    `json:"minor,omitempty" doc:"Findings of an audit."`
	Major   int    `json:"major,omitempty"`
	Outcome string `json:"outcome,omitempty" enum:"conform,to_correct,not_conform,granted,granted_with_reserve,postponed,refused" doc:"The first three of an audit, the others of a committee."`
	Reason  string `json:"reason,omitempty" maxLength:"1000"`
	From    string `json:"from,omitempty" format:"date" doc:"Of what is granted; absent: as usual for the label."`
	Until   string `json:"until,omitempty" format:"date"`
}

// CertificationEvent is a step that was recorded.
type CertificationEvent struct {
	ID int64 `json:"id"`
	CertificationStep
	Voids  int64     `json:"voids,omitempty" doc:"The event that this one says was a mistake."`
	Voided bool      `json:"voided,omitempty"`
	At     time.Time `json:"at" doc:"When it was recorded."`
}

// CertificationEntry opens a path.
type CertificationEntry struct {
	Organisation int64  `json:"organisation"`
	Label        string `json:"label" maxLength:"60"`
	On           string `json:"on" format:"date"`
}

func (s *Server) quality() {
	get, post := http.MethodGet, http.MethodPost
	stale := []int{http.StatusPreconditionFailed}
	add(s, Operation{ID: "list-quality-labels", Method: get, Path: "/v1/quality/labels", Tag: tagQuality, Action: accounts.NomenclatureRead, Summary: "List the labels that are followed", About: "What each means, how long a certificate usually runs, and where that was read."}, s.listLabels)
	add(s, Operation{ID: "get-quality-figures", Method: get, Path: "/v1/quality/figures", Tag: tagQuality, Action: accounts.StatisticsRead, Summary: "Count who holds what", About: "Active members that hold a certification today, by label, region and kind."}, s.getQualityFigures)
	const all, one = "/v1/certifications", "/v1/certifications/{id}"
	add(s, Operation{ID: "list-certifications", Method: get, Path: all, Tag: tagQuality, Action: accounts.CertificationRead, Summary: "List paths of certification", About: "Those of an officer's perimeter or of one's own enterprise; what lapses first comes first."}, s.listCertifications)
	add(s, Operation{ID: "engage-certification", Method: post, Path: all, Tag: tagQuality, Action: accounts.CertificationEnter, Summary: "Engage an enterprise towards a label", About: "A path that is under way is given back as it is.", Example: `{"organisation":1,"label":"cedre","on":"2026-01-10"}`}, s.engageCertification)
	add(s, Operation{ID: "get-certification", Method: get, Path: one, Tag: tagQuality, Action: accounts.CertificationRead, Summary: "Read a path with its history"}, s.getCertification)
	add(s, Operation{ID: "record-certification-event", Method: post, Path: one + "/events", Tag: tagQuality, Action: accounts.CertificationEnter, Errors: stale, Summary: "Record what happened",
		About: "An enterprise records entering, audits and giving up; its network, what is decided. A certificate that is granted becomes the organisation's at once. The same event again changes nothing.", Example: `{"kind":"audited","on":"2026-05-04","audit":"initial","body":"Certifor","minor":2,"outcome":"to_correct"}`}, s.recordCertification)
	add(s, Operation{ID: "void-certification-event", Method: post, Path: one + "/events/{event}/void", Tag: tagQuality, Action: accounts.CertificationDecide, Errors: stale, Summary: "Say that an event was a mistake", About: "It stays in the history.", Example: `{"reason":"Entered twice"}`}, s.voidCertification)
}

func (s *Server) listLabels(ctx context.Context, _ *Empty) (*Found[[]QualityLabel], error) {
	lang := accounts.From(ctx).Lang
	return found(each(s.cfg.Quality.Book().Labels(), func(l quality.Label) QualityLabel {
		return QualityLabel{Code: string(l.Code), Name: l.Name, Family: string(l.Family), Months: l.Months, Surveillance: l.Surveillance, Verified: l.Read, Owner: l.Owner, Source: l.Source, Means: l.Means.In(lang)}
	})), nil
}

func (s *Server) getQualityFigures(ctx context.Context, _ *Empty) (*Found[QualityFigures], error) {
	f, err := s.cfg.Quality.Figures(ctx)
	if err != nil {
		return nil, err
	}
	return found(QualityFigures{On: f.On, Members: f.Members, Certified: f.Certified, ByLabel: each(f.ByLabel, showQualityCount[quality.Code]),
		ByRegion: each(f.ByRegion, showQualityCount[string]), ByKind: each(f.ByKind, showQualityCount[network.Kind])}), nil
}

func showQualityCount[K ~string](c quality.Count[K]) QualityCount {
	return QualityCount{Key: string(c.Key), Held: c.Held, Of: c.Of}
}

func (s *Server) listCertifications(ctx context.Context, in *struct {
	Label        string   `query:"label" maxLength:"60"`
	States       []string `query:"state,explode" maxItems:"10" enum:"engaged,in_review,postponed,refused,granted,reserved,suspended,expired,withdrawn,left"`
	Within       int      `query:"within" minimum:"0" maximum:"120" doc:"Months: those that lapse by then."`
	Organisation int64    `query:"organisation" minimum:"0"`
}) (*Found[[]CertificationPath], error) {
	rows, err := s.cfg.Quality.List(ctx, quality.Filter{Label: quality.Code(in.Label), States: cast[quality.State](in.States), Within: in.Within, Organisation: in.Organisation})
	return found(each(rows, showCertificationRow)), err
}

func showCertificationRow(r quality.Row) CertificationPath {
	out := showCertification(&r.Path)
	out.State, out.Name = string(r.Now), r.Name
	return out
}

func showCertification(p *quality.Path) CertificationPath {
	return CertificationPath{ID: int64(p.ID), Organisation: p.OrganisationID, Label: string(p.Label), State: string(p.State), From: p.From, Until: p.Until, Renewing: p.Renewing, LastOn: p.LastOn, UpdatedAt: p.UpdatedAt.UTC()}
}

func (s *Server) engageCertification(ctx context.Context, in *struct{ Body CertificationEntry }) (*Found[CertificationPath], error) {
	p, err := s.cfg.Quality.Engage(ctx, in.Body.Organisation, quality.Code(in.Body.Label), in.Body.On)
	return s.shownCertification(ctx, p, err)
}

// shownCertification answers a path just written as it reads, with what may follow.
func (s *Server) shownCertification(ctx context.Context, p *quality.Path, err error) (*Found[CertificationPath], error) {
	if err != nil {
		return nil, err
	}
	return s.getCertification(ctx, &ByID{ID: int64(p.ID)})
}

func (s *Server) getCertification(ctx context.Context, in *ByID) (*Found[CertificationPath], error) {
	f, err := s.cfg.Quality.Get(ctx, quality.ID(in.ID))
	if err != nil {
		return nil, err
	}
	out := showCertificationRow(f.Row)
	out.Next = texts(f.Next)
	for _, e := range f.Events {
		shown := CertificationEvent{ID: int64(e.ID), Voids: int64(e.Voids), Voided: f.Void[e.ID], At: e.At.UTC(), CertificationStep: CertificationStep{Kind: string(e.Kind), On: e.On, Audit: string(e.Audit), Body: e.Body,
			Minor: e.Minor, Major: e.Major, Outcome: string(e.Outcome), Reason: e.Reason, From: e.From, Until: e.Until}}
		out.Events = append(out.Events, shown)
	}
	return revised(out, f.Revision), nil
}

func (s *Server) recordCertification(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body CertificationStep
}) (*Found[CertificationPath], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	b := in.Body
	p, err := s.cfg.Quality.Record(ctx, quality.ID(in.ID), revision, quality.Event{Kind: quality.EventKind(b.Kind), On: b.On, Audit: quality.AuditKind(b.Audit), Body: b.Body,
		Minor: b.Minor, Major: b.Major, Outcome: quality.Outcome(b.Outcome), Reason: b.Reason, From: b.From, Until: b.Until})
	return s.shownCertification(ctx, p, err)
}

func (s *Server) voidCertification(ctx context.Context, in *struct {
	ByID
	IfMatch
	Event int64 `path:"event" minimum:"1"`
	Body  struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}) (*Found[CertificationPath], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if in.Event == 0 {
		return nil, fault.NotFound("event", in.Event)
	}
	p, err := s.cfg.Quality.Void(ctx, quality.ID(in.ID), revision, quality.EventID(in.Event), in.Body.Reason)
	return s.shownCertification(ctx, p, err)
}
