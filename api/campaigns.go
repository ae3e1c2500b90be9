package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

const tagCampaigns = "Campaigns"

// Campaign asks the members of a year.
type Campaign struct {
	Year       int        `json:"year"`
	State      string     `json:"state" enum:"draft,open,closing,closed"`
	OpensOn    string     `json:"opens_on" format:"date"`
	ClosesOn   string     `json:"closes_on" format:"date" doc:"Last day; the campaign closes by itself the day after."`
	Kinds      []string   `json:"kinds"`
	Indicators []string   `json:"indicators"`
	Questions  []string   `json:"questions"`
	OpenedAt   *time.Time `json:"opened_at,omitempty"`
	ClosedAt   *time.Time `json:"closed_at,omitempty"`
}

// CampaignPlan is what a campaign is made of.
type CampaignPlan struct {
	OpensOn    string   `json:"opens_on" format:"date"`
	ClosesOn   string   `json:"closes_on" format:"date"`
	Kinds      []string `json:"kinds,omitempty" maxItems:"20" doc:"Absent: all."`
	Indicators []string `json:"indicators,omitempty" maxItems:"60" doc:"Of the catalogue; absent: all that enterprises answer."`
}

// CampaignProgress is where enterprises are; never what they answer.
type CampaignProgress struct {
	Campaign       Campaign           `json:"campaign"`
	Rates          []CampaignRate     `json:"rates" doc:"By kind, everybody last, with an empty kind."`
	Regions        []CampaignRegion   `json:"regions" doc:"By INSEE code, those of no region last."`
	Questionnaires []CampaignRow      `json:"questionnaires"`
	Coverage       []CampaignCoverage `json:"coverage" doc:"Once closed."`
	MinutesSaved   int                `json:"minutes_saved" doc:"Of who sent: answers that were there before anybody typed, times the stated minutes of a question."`
}

// CampaignRate is a rate of response.
type CampaignRate struct {
	Kind string `json:"kind"`
	Sent int    `json:"sent"`
	Of   int    `json:"of"`
}

// CampaignRegion is the rate of response of a region, among those whom you may see.
type CampaignRegion struct {
	Region    string `json:"region,omitempty" doc:"INSEE code; absent: of no region."`
	Sent      int    `json:"sent"`
	Of        int    `json:"of"`
	Frame     int    `json:"frame" doc:"Of the whole region, once the campaign is closed."`
	Responded int    `json:"responded"`
}

// CampaignRow is where one enterprise is.
type CampaignRow struct {
	Questionnaire int64      `json:"questionnaire"`
	Organisation  int64      `json:"organisation"`
	Name          string     `json:"name"`
	Kind          string     `json:"kind"`
	Region        string     `json:"region,omitempty" doc:"INSEE code."`
	State         string     `json:"state" enum:"not_started,in_progress,submitted,returned,frozen"`
	Responded     bool       `json:"responded"`
	Asked         int        `json:"asked"`
	Answered      int        `json:"answered"`
	Before        int        `json:"before" doc:"Of which were there before anybody typed."`
	SubmittedAt   *time.Time `json:"submitted_at,omitempty"`
}

// CampaignCoverage is how many were asked and answered, when the campaign closed.
type CampaignCoverage struct {
	Region    string `json:"region,omitempty"`
	Kind      string `json:"kind"`
	Frame     int    `json:"frame"`
	Responded int    `json:"responded"`
}

// OfYear names a campaign.
type OfYear struct {
	Year int `path:"year" minimum:"2000" maximum:"2100"`
}

const examplePlan = `{"opens_on":"2026-02-01","closes_on":"2026-03-31"}`

func (s *Server) campaigns() {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	const one = "/v1/campaigns/{year}"
	stale := []int{http.StatusPreconditionFailed}
	add(s, Operation{ID: "list-campaigns", Method: get, Path: "/v1/campaigns", Tag: tagCampaigns, Action: accounts.CampaignRead,
		Summary: "List the yearly campaigns", About: "The latest first. Drafts are those of who manages them."}, s.listCampaigns)
	add(s, Operation{ID: "get-campaign", Method: get, Path: one, Tag: tagCampaigns, Action: accounts.CampaignRead, Summary: "Read the campaign of a year"}, s.getCampaign)
	add(s, Operation{ID: "save-campaign", Method: put, Path: one, Tag: tagCampaigns, Action: accounts.CampaignManage, Errors: stale,
		Summary: "Make or change the campaign of a year", About: "Whole while it is a draft, its last day alone once it is open. For an officer, the perimeter must be the whole country.", Example: examplePlan}, s.saveCampaign)
	for _, m := range []struct{ id, path, summary, about string }{
		{"open-campaign", "/open", "Open a campaign", "A job makes the questionnaires of the members of the year, filled with what is known. Open again changes nothing."},
		{"close-campaign", "/close", "Close a campaign", "Nobody answers any more; a job freezes the questionnaires and writes the answers of those that were sent to the observatory. Close again changes nothing."}} {
		add(s, Operation{ID: m.id, Method: post, Path: one + m.path, Tag: tagCampaigns, Action: accounts.CampaignManage, Summary: m.summary, About: m.about, Errors: stale}, s.moveCampaign(m.id))
	}
	add(s, Operation{ID: "get-campaign-progress", Method: get, Path: one + "/progress", Tag: tagCampaigns, Action: accounts.CampaignRead,
		Summary: "Read who answered", About: "An enterprise its own line, an officer those of the perimeter. Never what anybody answered."}, s.getProgress)
	s.questionnaires()
}

func showCampaign(c campaign.Campaign) Campaign {
	out := Campaign{Year: c.Year, State: string(c.State), OpensOn: c.OpensOn, ClosesOn: c.ClosesOn, Kinds: each(c.Kinds, text[compute.Kind]), Indicators: each(c.Indicators, text[catalogue.ID]), Questions: each(c.Questions, text[compute.Measure])}
	out.OpenedAt, out.ClosedAt = since(c.OpenedAt), since(c.ClosedAt)
	return out
}

func text[T ~string](v T) string { return string(v) }

// since is an instant; nil where it has not come.
func since(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return utc(&t)
}

func (s *Server) listCampaigns(ctx context.Context, _ *struct{}) (*Found[[]Campaign], error) {
	all, err := s.cfg.Campaigns.Campaigns(ctx)
	return found(each(all, showCampaign)), err
}

func (s *Server) getCampaign(ctx context.Context, in *OfYear) (*Found[Campaign], error) {
	return shownCampaign(s.cfg.Campaigns.Campaign(ctx, in.Year))
}

func shownCampaign(c *campaign.Campaign, err error) (*Found[Campaign], error) {
	if err != nil {
		return nil, err
	}
	return revised(showCampaign(*c), c.Revision), nil
}

func (s *Server) saveCampaign(ctx context.Context, in *struct {
	OfYear
	IfMatch
	Body CampaignPlan
}) (*Found[Campaign], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return shownCampaign(s.cfg.Campaigns.Save(ctx, revision, campaign.Plan{Year: in.Year, OpensOn: in.Body.OpensOn, ClosesOn: in.Body.ClosesOn,
		Kinds: cast[compute.Kind](in.Body.Kinds), Indicators: cast[catalogue.ID](in.Body.Indicators)}))
}

// YearAtRevision names a campaign and the version that was read.
type YearAtRevision struct {
	OfYear
	IfMatch
}

func (s *Server) moveCampaign(id string) func(context.Context, *YearAtRevision) (*Found[Campaign], error) {
	return func(ctx context.Context, in *YearAtRevision) (*Found[Campaign], error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		if id == "open-campaign" {
			return shownCampaign(s.cfg.Campaigns.Start(ctx, in.Year, revision))
		}
		return shownCampaign(s.cfg.Campaigns.Close(ctx, in.Year, revision))
	}
}

func (s *Server) getProgress(ctx context.Context, in *OfYear) (*Found[CampaignProgress], error) {
	p, err := s.cfg.Campaigns.Progress(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	return found(CampaignProgress{Campaign: showCampaign(*p.Campaign), MinutesSaved: p.Saved(s.cfg.Campaigns.Book().Minutes),
		Rates:          each(p.Rates(), func(r campaign.Rate) CampaignRate { return CampaignRate{string(r.Kind), r.Sent, r.Of} }),
		Regions:        each(p.Regions(), func(r campaign.RegionRate) CampaignRegion { return CampaignRegion(r) }),
		Questionnaires: each(p.Rows, showCampaignRow),
		Coverage: each(p.Coverage, func(c campaign.Coverage) CampaignCoverage {
			return CampaignCoverage{c.Region, string(c.Kind), c.Frame, c.Responded}
		})}), nil
}

func showCampaignRow(r campaign.Row) CampaignRow {
	return CampaignRow{Questionnaire: int64(r.ID), Organisation: r.OrganisationID, Name: r.Name, Kind: string(r.Kind), Region: r.Region, State: string(r.State),
		Responded: r.Responded, Asked: r.Asked, Answered: r.Answered, Before: r.Before, SubmittedAt: since(r.SubmittedAt)}
}
