package api

import (
	"context"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/publication"
	"maillage/internal/fault"
)

// DatasetPlan is what a release holds, or what is asked for.
type DatasetPlan struct {
	Indicators []DatasetIndicator `json:"indicators" minItems:"1" maxItems:"8"`
	Level      string             `json:"level" enum:"federation,region,departement,zones" doc:"The finest territory; zones are made of neighbouring communes until each may be told."`
	Kinds      bool               `json:"by_kind"`
	Sex        bool               `json:"by_sex,omitempty"`
	Age        bool               `json:"by_age,omitempty"`
	Public     bool               `json:"by_public,omitempty" doc:"At most two of sex, age and public."`
	Years      []int              `json:"years" minItems:"1" maxItems:"6"`

	Territories []string `json:"territories,omitempty" maxItems:"30" doc:"R and the code of a region, or the code of a department: these alone are released, with what is under them down to level; absent: the whole country. Protection is of the whole federation whatever is chosen."`
}

// DatasetIndicator is an indicator under one of its definitions.
type DatasetIndicator struct {
	ID      string `json:"id" example:"C04" maxLength:"8"`
	Version int    `json:"version" minimum:"1" example:"1"`
}

// Dataset is one version of released figures.
type Dataset struct {
	ID          string        `json:"id" example:"obs-0123456789"`
	Version     string        `json:"version" example:"1.0.0"`
	Title       Words         `json:"title"`
	Cite        Words         `json:"cite" doc:"How it is cited."`
	Plan        DatasetPlan   `json:"plan"`
	PublishedAt time.Time     `json:"published_at"`
	SHA256      string        `json:"sha256"`
	Size        int64         `json:"size" doc:"In bytes."`
	File        string        `json:"file,omitempty" doc:"Where the ZIP is; absent once withdrawn."`
	Shown       int           `json:"published_figures"`
	Hidden      int           `json:"suppressed_figures"`
	Absent      int           `json:"not_collected_figures"`
	Frame       int           `json:"enterprises_asked"`
	Replied     int           `json:"enterprises_answered"`
	WithdrawnAt *time.Time    `json:"withdrawn_at,omitempty"`
	Reason      *Words        `json:"withdrawn_because,omitempty"`
	Breaks      []SeriesBreak `json:"breaks,omitempty" doc:"Between its years, as they stood when it was released."`
	Successor   string        `json:"read_instead,omitempty" doc:"A version of the same dataset."`
}

// SeriesBreak is why figures of an indicator are not read beside those of the years before.
type SeriesBreak struct {
	Year      int    `json:"year"`
	Indicator string `json:"indicator" example:"C04"`
	Kind      string `json:"kind,omitempty" doc:"Absent: every kind."`
	Why       Words  `json:"why"`
}

func showBreak(b compute.Break) SeriesBreak {
	return SeriesBreak{b.Year, b.Indicator, string(b.Kind), Words{FR: b.Why.FR, EN: b.Why.EN}}
}

// DatasetRequest is somebody's wish for a release.
type DatasetRequest struct {
	ID          int64              `json:"id"`
	State       string             `json:"state" enum:"pending,approved,building,published,refused,failed,cancelled"`
	Plan        DatasetPlan        `json:"plan"`
	Institution string             `json:"institution"`
	Purpose     string             `json:"purpose"`
	Reason      string             `json:"reason,omitempty" doc:"Of a refusal, or why it cannot be released; while it is built, what ended the last attempt."`
	Step        string             `json:"step,omitempty" enum:"counts,protect,write,keep"`
	Percent     int                `json:"percent"`
	CreatedAt   time.Time          `json:"created_at"`
	Compared    *DatasetComparison `json:"compared,omitempty" doc:"To an administrator, of a request whose dataset has a version that stands, once it is worked out: what approving it would change."`
}

// DatasetComparison is a version that stands beside the one that would follow it.
type DatasetComparison struct {
	Version     string      `json:"version" doc:"The one that stands."`
	Before      DatasetSums `json:"before"`
	After       DatasetSums `json:"after" doc:"All zero where there would be no version."`
	NewlyHidden int         `json:"newly_hidden" doc:"Figures that the version before publishes and this one would hide."`
	NewlyShown  int         `json:"newly_shown"`
	Refusal     *Words      `json:"refusal,omitempty" doc:"Why there would be no such version."`
	At          time.Time   `json:"at" doc:"It is of the counts and the releases of then."`
}

// DatasetSums are how many figures there are of each status.
type DatasetSums struct {
	Shown  int `json:"shown"`
	Hidden int `json:"hidden"`
	Absent int `json:"absent"`
}

// ReleasedFigure is one figure as it was released. Hidden, not collected and zero are three things.
type ReleasedFigure struct {
	Year      int      `json:"year"`
	Territory string   `json:"territory" example:"R84" doc:"FR, R and the code of a region, or the code of a department."`
	Kind      string   `json:"kind" example:"ACI" doc:"all: every kind."`
	Sex       string   `json:"sex"`
	Age       string   `json:"age"`
	Public    string   `json:"public"`
	Status    string   `json:"status" enum:"value,suppressed,nd,awaited,no_base" doc:"nd: nobody asked; awaited: asked, and nobody has answered yet; neither is zero nor suppressed."`
	Value     *float64 `json:"value,omitempty"`
	Numerator *float64 `json:"numerator,omitempty"`
	Base      *float64 `json:"base,omitempty"`
	Low       *float64 `json:"low_95,omitempty" doc:"Interval at 95 % of a rate that is estimated; see basis."`
	High      *float64 `json:"high_95,omitempty"`
	Nearest   []string `json:"nearest_zones,omitempty" doc:"Of a suppressed figure: zones over its place where it may be read."`

	Definition int    `json:"definition" doc:"The version of the indicator that the figure follows."`
	Follows    string `json:"follows" example:"C04 v1, C08 v1" doc:"Every definition that the figure follows, as they are cited."`
	Part       string `json:"part,omitempty" enum:"fte,participants,under_150,150_to_599,600_to_1039,from_1040" doc:"Of an indicator that is told in several: C03 in persons and FTE, R3.5 in activities and participants, R1.1 in a mean and the workers of each band of hours."`
	Dataset    string `json:"dataset" doc:"The release that gives the figure."`
	Version    string `json:"version" example:"1.0.0"`
	Frame      int    `json:"enterprises_asked,omitempty" doc:"Of the place and kind of the figure; absent where it is suppressed, or was not kept."`
	Replied    int    `json:"enterprises_answered,omitempty"`

	Breaks []Words `json:"breaks,omitempty" doc:"Why the figure is not read beside the same one of the year before, as its release says it."`
}

// ReleasedFigures is what is released of an indicator, from the ledger alone. Each figure
// says its release, its definitions and its coverage: they are not the same for all.
type ReleasedFigures struct {
	Indicator  string           `json:"indicator"`
	Definition int              `json:"definition,omitempty" doc:"The one that was asked for; absent: each year the catalogue's choice."`
	Released   []int            `json:"released_definitions" doc:"Those that have figures."`
	Basis      string           `json:"basis" enum:"exhaustive,of_answers,of_enterprises,answers_summed" doc:"Exhaustive counts and totals of answers have no interval; rates of answers have one."`
	Figures    []ReleasedFigure `json:"figures"`
	Zones      []ReleasedZone   `json:"zones,omitempty" doc:"Of the figures that are by zone."`
}

// ReleasedZone is communes told as one.
type ReleasedZone struct {
	Code     string   `json:"code"`
	Name     Words    `json:"name"`
	Vintage  string   `json:"vintage" doc:"Date of the list of communes."`
	Communes []string `json:"communes"`
}

func (s *Server) datasets() {
	add(s, Operation{ID: "list-datasets", Method: http.MethodGet, Path: "/v1/datasets", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "List the released figures of the observatory", About: "Every version, the latest first. A withdrawn one stays, with the reason and what to read instead."}, s.listDatasets)
	add(s, Operation{ID: "get-dataset", Method: http.MethodGet, Path: "/v1/datasets/{id}/{version}", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "Read one version of released figures", About: "Its ZIP is at file; maillage release verify checks it without this platform."}, s.getDataset)
	add(s, Operation{ID: "get-indicator-figures", Method: http.MethodGet, Path: "/v1/indicators/{id}/figures", Tag: tagIndicators, Action: accounts.StatisticsRead,
		Summary: "Read what is released of an indicator", About: "Each figure as the latest release that stands and has it gives it, with its definitions, release and coverage; a rate comes with both its counts. 404 where nothing is released under the definition."}, s.getReleasedFigures)
	add(s, Operation{ID: "list-dataset-requests", Method: http.MethodGet, Path: "/v1/dataset-requests", Tag: tagIndicators, Action: accounts.ReleaseRequestRead,
		Summary: "List requests for releases", About: "One's own; all of them for an administrator."}, s.listDatasetRequests)
	add(s, Operation{ID: "get-dataset-request", Method: http.MethodGet, Path: "/v1/dataset-requests/{id}", Tag: tagIndicators, Action: accounts.ReleaseRequestRead,
		Summary: "Read a request, and how far its release is"}, s.getDatasetRequest)
	add(s, Operation{ID: "ask-dataset", Method: http.MethodPost, Path: "/v1/dataset-requests", Tag: tagIndicators, Action: accounts.ReleaseAsk, Status: http.StatusCreated,
		Summary: "Ask for a release", About: "An administrator decides. The same plan asked again while the first is open is the first.",
		Example: `{"institution":"Université","purpose":"Comparer les sorties par région.","plan":{"indicators":[{"id":"C04","version":1}],"level":"region","by_kind":true,"years":[2025]}}`}, s.askDataset)
	add(s, Operation{ID: "decide-dataset", Method: http.MethodPost, Path: "/v1/dataset-requests/{id}/decision", Tag: tagIndicators, Action: accounts.ReleaseDecide,
		Summary: "Approve or refuse a request", About: "Approved, it is built by a worker; a refusal says why.", Example: `{"approve":false,"reason":"Trop fin."}`}, s.decideDataset)
	add(s, Operation{ID: "cancel-dataset-request", Method: http.MethodPost, Path: "/v1/dataset-requests/{id}/cancel", Tag: tagIndicators, Action: accounts.ReleaseCancel,
		Summary: "Cancel a request", About: "By who asked or who decides, also while it is built: nothing is then released. Again it changes nothing; 409 once it has ended."}, s.cancelDatasetRequest)
	add(s, Operation{ID: "withdraw-dataset", Method: http.MethodPost, Path: "/v1/datasets/{id}/{version}/withdraw", Tag: tagIndicators, Action: accounts.ReleaseWithdraw,
		Summary: "Withdraw one version of released figures", About: "Its address then answers with the reason and what to read instead; what it told still counts when others are protected. Again it changes nothing.",
		Example: `{"reason":{"fr":"Un titre était faux.","en":"A title was wrong."}}`}, s.withdrawDataset)
}

func (s *Server) listDatasets(ctx context.Context, in *struct {
	At
	Paging
}) (*Listed[Dataset], error) {
	below, err := number(in.After)
	if err != nil {
		return nil, err
	}
	all, err := s.cfg.Releases.Versions(ctx, "", below, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, next := all, ""
	if len(all) > in.Limit {
		page = all[:in.Limit]
		next = cursor(page[in.Limit-1].ID)
	}
	return listed(in.at, page, next, showDataset), nil
}

func (s *Server) getDataset(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"40"`
	Version string `path:"version" maxLength:"20"`
}) (*Found[Dataset], error) {
	v, err := s.cfg.Releases.Version(ctx, in.ID, in.Version)
	if err != nil {
		return nil, err
	}
	return found(showDataset(*v)), nil
}

func (s *Server) getReleasedFigures(ctx context.Context, in *struct {
	ID         string `path:"id" maxLength:"8" example:"C07"`
	Definition int    `query:"definition" minimum:"0" doc:"0: the catalogue's choice of each year, whatever was released last."`
}) (*Found[ReleasedFigures], error) {
	all, err := s.cfg.Releases.Tables(ctx, catalogue.ID(in.ID))
	if err != nil {
		return nil, err
	}
	t := publication.Choose(all, in.Definition)
	if t == nil {
		return nil, fault.NotFound("figures", in.ID)
	}
	out := ReleasedFigures{Indicator: in.ID, Definition: in.Definition, Basis: string(t.Basis), Zones: zonesOf(t)}
	for _, one := range append([]*publication.Table{t}, publication.Parts(all, in.Definition)...) {
		out.Figures = append(out.Figures, each(one.Readings, func(r publication.Reading) ReleasedFigure { return s.showReading(one, r) })...)
	}
	for _, one := range all {
		out.Released = append(out.Released, one.Definition)
	}
	out.Released = slices.Compact(out.Released)
	return found(out), nil
}

func (s *Server) listDatasetRequests(ctx context.Context, in *struct {
	At
	Paging
}) (*Listed[DatasetRequest], error) {
	below, err := number(in.After)
	if err != nil {
		return nil, err
	}
	all, err := s.cfg.Releases.Requests(ctx, below, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, next := all, ""
	if len(all) > in.Limit {
		page = all[:in.Limit]
		next = cursor(page[in.Limit-1].ID)
	}
	return listed(in.at, page, next, showRequest), nil
}

func (s *Server) getDatasetRequest(ctx context.Context, in *struct {
	ID int64 `path:"id"`
}) (*Found[DatasetRequest], error) {
	r, err := s.cfg.Releases.Request(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := showRequest(*r)
	if accounts.Can(accounts.From(ctx), accounts.ReleaseDecide, accounts.Scope{}) {
		out.Compared = showComparison(r)
	}
	return found(out), nil
}

func showComparison(r *publication.Request) *DatasetComparison {
	c, ok := r.Compared()
	if !ok {
		return nil
	}
	out := &DatasetComparison{Version: c.Version, Before: DatasetSums(c.Before), After: DatasetSums(c.After), NewlyHidden: c.NewlyHidden, NewlyShown: c.NewlyShown, At: c.At}
	if c.Refused() {
		out.Refusal = (*Words)(&c.Refusal)
	}
	return out
}

func (s *Server) askDataset(ctx context.Context, in *struct {
	Body struct {
		Plan        DatasetPlan `json:"plan"`
		Institution string      `json:"institution" minLength:"3" maxLength:"2000"`
		Purpose     string      `json:"purpose" minLength:"3" maxLength:"2000"`
	}
}) (*Found[DatasetRequest], error) {
	r, err := s.cfg.Releases.Ask(ctx, publication.Asked{Plan: in.Body.Plan.plan(), Institution: in.Body.Institution, Purpose: in.Body.Purpose})
	if err != nil {
		return nil, err
	}
	return found(showRequest(*r)), nil
}

func (s *Server) decideDataset(ctx context.Context, in *struct {
	ID   int64 `path:"id"`
	Body struct {
		Approve bool   `json:"approve"`
		Reason  string `json:"reason,omitempty" maxLength:"2000" doc:"Asked of a refusal."`
	}
}) (*Found[DatasetRequest], error) {
	r, err := s.cfg.Releases.Decide(ctx, in.ID, publication.Decision{Approve: in.Body.Approve, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return found(showRequest(*r)), nil
}

func (s *Server) cancelDatasetRequest(ctx context.Context, in *struct {
	ID int64 `path:"id"`
}) (*Found[DatasetRequest], error) {
	r, err := s.cfg.Releases.Cancel(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return found(showRequest(*r)), nil
}

func (s *Server) withdrawDataset(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"40"`
	Version string `path:"version" maxLength:"20"`
	Body    struct {
		Reason struct {
			FR string `json:"fr" maxLength:"2000"`
			EN string `json:"en,omitempty" maxLength:"2000" doc:"The French one where it is empty."`
		} `json:"reason"`
	}
}) (*Found[Dataset], error) {
	v, err := s.cfg.Releases.Withdraw(ctx, in.ID, in.Version, fault.Text(in.Body.Reason))
	if err != nil {
		return nil, err
	}
	return found(showDataset(*v)), nil
}

func showDataset(v publication.Version) Dataset {
	d := Dataset{ID: v.Dataset, Version: v.Version, Title: Words(v.Title()), Cite: Words(v.Cite()), Plan: showPlan(v.Plan()), PublishedAt: v.PublishedAt, SHA256: v.SHA256, Size: v.Size,
		Shown: v.Shown, Hidden: v.Hidden, Absent: v.Absent, Frame: v.Frame, Replied: v.Replied, WithdrawnAt: v.WithdrawnAt, Breaks: each(v.Broken(), showBreak)}
	if tomb, ok := v.Tomb(); ok {
		d.Reason, d.Successor = words(&tomb.Reason), tomb.Successor
		return d
	}
	d.File = "/observatoire/donnees/" + v.Dataset + "/" + v.Version + "/fichier"
	return d
}

func showRequest(r publication.Request) DatasetRequest {
	return DatasetRequest{ID: r.ID, State: string(r.State), Plan: showPlan(r.Plan()), Institution: r.Institution, Purpose: r.Purpose, Reason: strings.ReplaceAll(r.Reason, "\n", " / "), Step: r.Step, Percent: r.Percent, CreatedAt: r.CreatedAt}
}

func showPlan(p publication.Plan) DatasetPlan {
	return DatasetPlan{Level: string(p.Level), Kinds: p.Kinds, Sex: p.Sex, Age: p.Age, Public: p.Public, Years: p.Years, Territories: p.Territories,
		Indicators: each(p.Indicators, func(c publication.Chosen) DatasetIndicator { return DatasetIndicator{string(c.ID), c.Version} })}
}

func (p DatasetPlan) plan() publication.Plan {
	return publication.Plan{Level: publication.Level(p.Level), Kinds: p.Kinds, Sex: p.Sex, Age: p.Age, Public: p.Public, Years: p.Years, Territories: p.Territories,
		Indicators: each(p.Indicators, func(c DatasetIndicator) publication.Chosen {
			return publication.Chosen{ID: catalogue.ID(c.ID), Version: c.Version}
		})}
}

// zonesOf are the zones of a table, in the order of their codes.
func zonesOf(t *publication.Table) (list []ReleasedZone) {
	for _, code := range slices.Sorted(maps.Keys(t.Zones)) {
		z := t.Zones[code]
		list = append(list, ReleasedZone{z.Code, Words(z.Name), z.Vintage, z.Communes})
	}
	return list
}

func (s *Server) showReading(t *publication.Table, r publication.Reading) ReleasedFigure {
	var nearest []string
	if r.Mark == publication.Hidden && len(t.Zones) > 0 {
		for _, o := range s.cfg.Releases.Over(t, r) {
			nearest = append(nearest, o.Territory)
		}
	}
	out := ReleasedFigure{Nearest: nearest, Year: r.Year, Territory: r.Territory, Kind: r.Kind, Sex: r.Sex, Age: r.Age, Public: r.Public, Status: string(r.Mark), Value: decimal(r.Value), Numerator: decimal(r.Numerator), Base: decimal(r.Base), Low: decimal(r.Low), High: decimal(r.High),
		Definition: r.Definition, Follows: r.Cites(), Part: t.Part, Dataset: r.Version.Dataset, Version: r.Version.Version, Breaks: breakWords(r.Breaks)}
	if r.Mark != publication.Hidden {
		out.Frame, out.Replied = r.Frame, r.Replied
	}
	return out
}

// decimal is an exact figure as JSON has numbers.
func decimal(x *big.Rat) *float64 {
	if x == nil {
		return nil
	}
	f, _ := x.Float64()
	return &f
}
