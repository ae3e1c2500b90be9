package web

import (
	"cmp"
	"slices"
	"strconv"

	"maillage/indicators/campaign"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/territories"
)

// CampaignsPage lists the campaigns, and makes one for who may.
type CampaignsPage struct {
	Page
	Heading, Lead string
	Rows          []OppRow
	Empty         Empty
	Form          *CampaignForm
}

// CampaignForm is what a campaign is made of.
type CampaignForm struct {
	Fields     []Field
	Indicators []OptionGroup
	Questions  string
}

// CampaignPage is how far a campaign is.
type CampaignPage struct {
	Page
	Heading, Lead, Over string
	Days                *Days
	Figures             []Figure
	Rates               []RateRow
	Regions             []RegionRate
	Chosen              []Option // states, as links
	Where               []Option // regions, as links
	Rows                []CampaignRow
	Found               string
	Tables              []Link
	Import              string
	Coverage            string
	Revision            int64
	Moves               []Option // gestures of who manages
	Closes              *Field
	Rule                string
}

// RateRow is a rate of response.
type RateRow struct {
	Kind, Said string
	Percent    string
	Width      int
	Total      bool
}

// RegionRate is the rate of response of a region.
type RegionRate struct {
	RateRow
	Href     string // its enterprises
	Coverage string // of the whole region, once the campaign is closed
}

// CampaignRow is one enterprise.
type CampaignRow struct {
	Name, Href, Over, Answered, Sent string
	State                            Tag
}

func (s *Server) campaigns(c *call) error {
	page, err := c.campaignsPage(nil)
	if err != nil {
		return err
	}
	return c.show("campaigns", page)
}

func (c *call) campaignsPage(errs map[string]string) (*CampaignsPage, error) {
	all, err := c.s.cfg.Campaigns.Campaigns(c.r.Context())
	if err != nil {
		return nil, err
	}
	title := c.T("nav.campaigns")
	page := &CampaignsPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("camp.heading"), Lead: c.T("camp.lead"), Empty: Empty{Title: c.T("camp.none"), Text: c.T("camp.none_yet")}}
	for _, k := range all {
		days := Days{NoDate: true}
		if k.State == campaign.Open {
			days = c.closing(&k)
		}
		page.Rows = append(page.Rows, OppRow{Title: c.T("camp.of", "Year", k.Year), Href: campaignPath(k.Year), Over: c.T("camp.campaign_" + string(k.State)), Text: c.N("camp.questions", len(k.Questions)), Days: days})
	}
	if c.s.cfg.Campaigns.CanManage(c.r.Context()) {
		page.Form = c.campaignForm(errs)
		page.Errors = summary(errs, "annee", "ouvre", "ferme", "indicateurs")
	}
	return page, nil
}

func (c *call) campaignForm(errs map[string]string) *CampaignForm {
	last := c.now.In(c.zone).Year() - 1
	field := func(name, kind, value string) Field {
		if v := c.form(name); v != "" {
			value = v
		}
		return Field{ID: name, Name: name, Kind: kind, Label: c.T("camp.f_" + name), Hint: c.T("camp.h_" + name), Value: value, Error: errs[name], Required: true, Short: true}
	}
	out := &CampaignForm{Fields: []Field{field("annee", "number", strconv.Itoa(last)), field("ouvre", "date", c.now.In(c.zone).Format("2006-01-02")), field("ferme", "date", c.now.In(c.zone).AddDate(0, 2, 0).Format("2006-01-02"))}}
	out.Questions = c.N("camp.all_questions", len(c.s.cfg.Campaigns.Book().Questions))
	all, err := catalogue.Load()
	if err != nil {
		return out // a test reads the catalogue
	}
	chosen := c.r.PostForm["indicateur"]
	var options []Option
	for _, id := range c.s.cfg.Campaigns.Book().Indicators() {
		if i, ok := all.Get(id); ok {
			options = append(options, Option{Value: string(id), Text: string(id) + " " + i.Label.In(string(c.Lang)), Selected: len(chosen) == 0 || slices.Contains(chosen, string(id)), Group: i.Register.Label().In(string(c.Lang))})
		}
	}
	out.Indicators = Field{Options: options}.Grouped()
	return out
}

// saveCampaign makes a campaign, or changes a draft.
func (s *Server) saveCampaign(c *call) error {
	year, err := strconv.Atoi(c.form("annee"))
	if err != nil {
		year = 0
	}
	plan := campaign.Plan{Year: year, OpensOn: c.form("ouvre"), ClosesOn: c.form("ferme")}
	if chosen := c.r.PostForm["indicateur"]; len(chosen) < len(s.cfg.Campaigns.Book().Indicators()) {
		for _, id := range chosen {
			plan.Indicators = append(plan.Indicators, catalogue.ID(id))
		}
	}
	k, err := s.cfg.Campaigns.Save(c.r.Context(), 0, plan)
	if err == nil {
		return c.to(campaignPath(k.Year), "campaign_saved")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := map[string]string{"annee": fields["year"], "ouvre": fields["opens_on"], "ferme": fields["closes_on"]}
	if len(fields) == 0 {
		errs[""] = general
	}
	page, err := c.campaignsPage(errs)
	if err != nil {
		return err
	}
	return c.showStatus(422, "campaigns", page)
}

func (c *call) yearOf() (int, error) {
	year, err := strconv.Atoi(c.r.PathValue("annee"))
	if err != nil {
		return 0, fault.NotFound("campaign", c.r.PathValue("annee"))
	}
	return year, nil
}

func (s *Server) campaign(c *call) error {
	page, err := c.campaignPage(nil)
	if err != nil {
		return err
	}
	return c.show("campaign", page)
}

func (c *call) campaignPage(errs map[string]string) (*CampaignPage, error) {
	year, err := c.yearOf()
	if err != nil {
		return nil, err
	}
	p, err := c.s.cfg.Campaigns.Progress(c.r.Context(), year)
	if err != nil {
		return nil, err
	}
	k, title := p.Campaign, c.T("camp.of", "Year", year)
	page := &CampaignPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("nav.campaigns"), campaignsPath}, Crumb{Text: title}),
		Heading: c.T("camp.progress", "Sent", c.Num(p.Responded()), "All", c.N("camp.enterprises", p.Frame())), Over: c.T("camp.campaign_"+string(k.State)) + ", " + c.N("camp.questions", len(k.Questions)),
		Tables: c.tableLinks(year), Import: campaignPath(year) + "/import", Revision: k.Revision, Rule: c.N("camp.rule", c.s.cfg.Campaigns.Book().Minutes)}
	page.Lead = c.T("camp.progress_lead", "Minutes", c.minutes(p.Saved(c.s.cfg.Campaigns.Book().Minutes)))
	if k.State == campaign.Draft || p.Frame() == 0 {
		page.Heading, page.Lead = title, c.T("camp.lead_"+string(k.State))
	}
	if k.State == campaign.Open {
		days := c.closing(k)
		page.Days = &days
	}
	c.fillProgress(page, p)
	c.fillCampaignMoves(page, k, errs)
	return page, nil
}

func (c *call) fillProgress(page *CampaignPage, p *campaign.Progress) {
	asked, region := campaign.Standing(c.query("etat")), c.regionAsked()
	page.Chosen = []Option{{Value: c.with("etat", ""), Text: c.T("camp.every_state"), Selected: asked == ""}}
	for _, state := range campaign.Standings() {
		if n := p.Count(state); n > 0 {
			page.Figures = append(page.Figures, Figure{Label: c.T("camp.state_" + string(state)), Value: c.Num(n)})
		}
		if n := len(p.In(region, state)); n > 0 || asked == state {
			page.Chosen = append(page.Chosen, Option{Value: c.with("etat", string(state)), Text: c.T("camp.state_"+string(state)) + " (" + c.Num(n) + ")", Selected: asked == state})
		}
	}
	c.fillRegions(page, p, region)
	for _, r := range p.Rates() {
		row := c.rateRow(c.kindName(r.Kind), r.Sent, r.Of)
		if r.Kind == compute.AllKinds {
			row.Kind, row.Total = c.T("camp.all"), true
		}
		page.Rates = append(page.Rates, row)
	}
	for _, r := range p.In(region, asked) {
		row := CampaignRow{Name: r.Name, Href: questionnairePath(p.Campaign.Year, r.ID), Over: joined(", ", c.kindName(r.Kind), c.place(r)), State: c.formTag(&r.Questionnaire), Answered: c.T("camp.sent_of", "Sent", c.Num(r.Answered), "Of", c.Num(r.Asked))}
		if !r.SubmittedAt.IsZero() {
			row.Sent = c.ShortDate(r.SubmittedAt)
		}
		page.Rows = append(page.Rows, row)
	}
	page.Found = c.N("camp.enterprises", len(page.Rows))
	frame, responded := 0, 0
	for _, k := range p.Coverage {
		frame, responded = frame+k.Frame, responded+k.Responded
	}
	if frame > 0 {
		page.Coverage = c.T("camp.coverage", "Responded", c.Num(responded), "Frame", c.N("camp.enterprises", frame))
	}
}

func (c *call) rateRow(name string, sent, of int) RateRow {
	return RateRow{Kind: name, Said: c.T("camp.sent_of", "Sent", c.Num(sent), "Of", c.Num(of)), Percent: c.Percent(float64(sent) / float64(of)), Width: 100 * sent / of}
}

// unplaced names, in an address, the enterprises that no region holds.
const unplaced = "aucune"

// regionAsked is the region whose enterprises are asked for; nil: every one.
func (c *call) regionAsked() *string {
	code := c.query("region")
	if code == "" {
		return nil
	}
	if code == unplaced {
		code = ""
	}
	return &code
}

// fillRegions makes the table of rates by region and the links that narrow the
// list; where there is one region and none is asked for, there is nothing to choose.
func (c *call) fillRegions(page *CampaignPage, p *campaign.Progress, asked *string) {
	all := p.Regions()
	slices.SortStableFunc(all, func(a, b campaign.RegionRate) int {
		if a.Region == "" || b.Region == "" {
			return cmp.Compare(b.Region, a.Region)
		}
		return cmp.Compare(territories.Fold(c.regionCalled(a.Region)), territories.Fold(c.regionCalled(b.Region)))
	})
	page.Where = []Option{{Value: c.with("region", ""), Text: c.T("camp.every_region"), Selected: asked == nil}}
	for _, r := range all {
		name := c.regionCalled(r.Region)
		row := RegionRate{RateRow: c.rateRow(name, r.Sent, r.Of), Href: c.with("region", or(r.Region, unplaced)) + "#qui"}
		if r.Frame > 0 {
			row.Coverage = c.T("camp.sent_of", "Sent", c.Num(r.Responded), "Of", c.Num(r.Frame)) + ", " + c.Percent(float64(r.Responded)/float64(r.Frame))
		}
		page.Regions = append(page.Regions, row)
		page.Where = append(page.Where, Option{Value: c.with("region", or(r.Region, unplaced)), Text: name + " (" + c.Num(r.Of) + ")", Selected: asked != nil && *asked == r.Region})
	}
	if len(all) < 2 && asked == nil {
		page.Where = nil
	}
}

// regionCalled is the name of a region of today.
func (c *call) regionCalled(code string) string {
	if code == "" {
		return c.T("camp.no_region")
	}
	if name, ok := c.s.cfg.Atlas.Name(territories.Ref{Kind: territories.KindRegion, Code: code}); ok {
		return name
	}
	return code
}

// place is the commune of an enterprise, in words.
func (c *call) place(r campaign.Row) string {
	if ord, ok := c.s.cfg.Atlas.Ordinal(r.Commune); ok {
		return c.s.cfg.Atlas.Commune(ord).Name
	}
	return ""
}

func (c *call) fillCampaignMoves(page *CampaignPage, k *campaign.Campaign, errs map[string]string) {
	page.Errors = summary(errs, "ferme")
	if !c.s.cfg.Campaigns.CanManage(c.r.Context()) {
		return
	}
	switch k.State {
	case campaign.Draft:
		page.Moves = []Option{{Value: "ouvrir", Text: c.T("camp.open")}}
	case campaign.Open:
		page.Moves = []Option{{Value: "fermer", Text: c.T("camp.close")}}
	default:
		return
	}
	page.Closes = &Field{ID: "ferme", Name: "ferme", Kind: "date", Label: c.T("camp.f_ferme"), Value: k.ClosesOn, Error: errs["ferme"], Required: true, Short: true}
}

// moveCampaign opens or closes a campaign, or changes its last day.
func (s *Server) moveCampaign(c *call) error {
	year, err := c.yearOf()
	if err != nil {
		return err
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	said := "campaign_saved"
	switch c.form("geste") {
	case "ouvrir":
		_, err = s.cfg.Campaigns.Start(c.r.Context(), year, revision)
		said = "campaign_opened"
	case "fermer":
		_, err = s.cfg.Campaigns.Close(c.r.Context(), year, revision)
		said = "campaign_closed"
	default:
		err = c.postpone(year, revision)
	}
	if err == nil {
		return c.to(campaignPath(year), said)
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := map[string]string{"ferme": fields["closes_on"]}
	if fields["closes_on"] == "" {
		errs[""] = general
	}
	page, err := c.campaignPage(errs)
	if err != nil {
		return err
	}
	return c.showStatus(422, "campaign", page)
}

func (c *call) postpone(year int, revision int64) error {
	k, err := c.s.cfg.Campaigns.Campaign(c.r.Context(), year)
	if err != nil {
		return err
	}
	_, err = c.s.cfg.Campaigns.Save(c.r.Context(), revision, campaign.Plan{Year: year, OpensOn: k.OpensOn, ClosesOn: c.form("ferme"), Kinds: k.Kinds, Indicators: k.Indicators})
	return err
}

// awaitQuestionnaires asks an officer to read what enterprises of the perimeter sent.
func (c *call) awaitQuestionnaires(page *OfficerHome) error {
	if c.s.cfg.Campaigns == nil {
		return nil
	}
	all, err := c.s.cfg.Campaigns.Campaigns(c.r.Context())
	if err != nil || len(all) == 0 || all[0].State != campaign.Open {
		return err
	}
	p, err := c.s.cfg.Campaigns.Progress(c.r.Context(), all[0].Year)
	if err != nil || p.Frame() == 0 {
		return err
	}
	n := p.Frame() - p.Responded()
	page.Awaits = append(page.Awaits, Await{Figure: c.Num(n), FigureWord: c.N("camp.await_word", n), Title: c.T("camp.await_region", "Year", all[0].Year),
		Text: c.H("camp.await_region_text", "Sent", c.Num(p.Responded()), "All", c.N("camp.enterprises", p.Frame()), "Day", c.closing(p.Campaign).When), Do: Link{c.T("camp.await_region_do"), campaignPath(all[0].Year)}})
	return nil
}
