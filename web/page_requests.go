package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
	"maillage/internal/fault"
)

const requestsPath = "/recherche"

// RequestsPage is where somebody asks for a release and follows it.
type RequestsPage struct {
	Page
	Heading, Lead string
	Rows          AdminTable
	Ask           *RequestForm
	Yearly        *Link // to who decides
}

// RequestForm is a new request, in plain words.
type RequestForm struct {
	Indicators, Years, Cuts Choices
	Level                   Field
	Territories             TerritoryChoice
	Texts                   []Field
}

// Choices is a list of boxes, of which several may be ticked.
type Choices struct {
	ID, Name, Kind, Label, Hint, Error string
	Options                            []Option
}

func (s *Server) releaseRequests(c *call) error { return c.requestsPage(nil) }

func (c *call) requestsPage(errs map[string]string) error {
	if c.s.cfg.Releases == nil {
		return fault.NotFound("release_request", 0)
	}
	const size = 50
	all, err := c.s.cfg.Releases.Requests(c.r.Context(), c.number("apres"), size)
	if err != nil {
		return err
	}
	title := c.T("releases.requests")
	page := &RequestsPage{Page: c.page(title), Heading: title, Lead: c.T("releases.requests_lead"), Rows: AdminTable{ID: "demandes", Heading: c.T("releases.followed"),
		Empty: Empty{Title: c.T("releases.no_request"), Text: c.T("releases.no_request_text")}, Head: []Column{{Text: c.T("releases.request")}, {Text: c.T("admin.state")}, {Text: c.T("releases.on")}}}}
	for i := range all {
		r := &all[i]
		page.Rows.Rows = append(page.Rows.Rows, AdminRow{Cells: []Cell{{Text: c.planWords(r.Plan()), Href: requestPath(r.ID), Note: r.Institution}, {Tag: c.requestState(r)}, {Text: c.ShortDate(r.CreatedAt)}}})
	}
	page.Yearly = c.yearlyLink()
	if page.Ask, err = c.askForm(errs); err != nil {
		return err
	}
	page.Errors = summary(map[string]string{"indicateur": errs["indicators"], "annee": errs["years"], "niveau": errs["level"], "territoire": or(errs["territories"], territoryError(errs)), "detail": errs["breakdowns"], "institution": errs["institution"], "but": errs["purpose"]},
		"indicateur", "annee", "niveau", "territoire", "detail", "institution", "but")
	return c.showForm(page, "release_requests", errs)
}

func requestPath(id int64) string { return requestsPath + "/" + strconv.FormatInt(id, 10) }

// planWords says a plan in a line: "Sorties durables, 2025, par région et type".
func (c *call) planWords(p publication.Plan) string {
	all, err := catalogue.Load()
	if err != nil {
		return p.Dataset()
	}
	var parts []string
	for _, chosen := range p.Indicators {
		if i, ok := all.Get(chosen.ID); ok {
			parts = append(parts, c.words(i.Label)+" ("+string(i.ID)+" v"+strconv.Itoa(chosen.Version)+")")
		}
	}
	parts = append(parts, c.cutWords(p)...)
	for _, y := range p.Years {
		parts = append(parts, strconv.Itoa(y))
	}
	return joined(", ", parts...)
}

func (c *call) requestState(r *publication.Request) *Tag {
	t := &Tag{Text: c.T("releases.state_" + string(r.State)), State: Partial}
	switch r.State {
	case publication.Published:
		t.State = Met
	case publication.Refused, publication.Failed, publication.Cancelled:
		t.State = Missed
	case publication.Building:
		t.Text = c.T("releases.progress", "Step", c.T("releases.step_"+r.Step), "N", r.Percent)
	}
	return t
}

// askForm offers what the catalogue can release, with the versions side by side.
func (c *call) askForm(errs map[string]string) (*RequestForm, error) {
	all, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	years, err := c.s.cfg.Releases.Years(c.r.Context())
	if err != nil {
		return nil, err
	}
	f := &RequestForm{Indicators: Choices{ID: "indicateur", Name: "indicateur", Kind: "checkbox", Label: c.T("releases.ask_indicators"), Hint: c.T("releases.ask_indicators_hint"), Error: or(errs["indicators"], firstOf(errs, "indicators."))},
		Years: Choices{ID: "annee", Name: "annee", Kind: "checkbox", Label: c.T("releases.ask_years"), Error: errs["years"]},
		Cuts:  Choices{ID: "detail", Name: "detail", Kind: "checkbox", Label: c.T("releases.ask_cuts"), Hint: c.T("releases.ask_cuts_hint"), Error: errs["breakdowns"]}}
	ticked := func(name, value string) bool { return slices.Contains(c.r.PostForm[name], value) }
	for _, i := range all.All() {
		if !publication.Offered(i.ID) {
			continue
		}
		for _, v := range i.Versions {
			value, text := string(i.ID)+"/"+strconv.Itoa(v.Number), c.words(i.Label)
			if len(i.Versions) > 1 {
				text += " (" + c.words(v.Name) + ")"
			}
			f.Indicators.Options = append(f.Indicators.Options, Option{Value: value, Text: text, Selected: ticked("indicateur", value)})
		}
	}
	for _, y := range years {
		f.Years.Options = append(f.Years.Options, Option{Value: strconv.Itoa(y), Text: strconv.Itoa(y), Selected: ticked("annee", strconv.Itoa(y))})
	}
	for _, cut := range []string{"kinds", "sex", "age", "public"} {
		f.Cuts.Options = append(f.Cuts.Options, Option{Value: cut, Text: c.T("releases.by_" + cut), Selected: ticked("detail", cut) || cut == "kinds" && len(errs) == 0})
	}
	f.Level = Field{ID: "niveau", Name: "niveau", Kind: "select", Label: c.T("releases.ask_level"), Hint: c.T("releases.ask_level_hint"), Required: true, Error: errs["level"]}
	for _, l := range []publication.Level{publication.Region, publication.Zones, publication.Federation, publication.Departement} {
		f.Level.Options = append(f.Level.Options, Option{Value: string(l), Text: c.T("releases.level_" + string(l)), Selected: c.form("niveau") == string(l)})
	}
	f.Territories = c.territoryChoice(errs)
	f.Texts = []Field{{ID: "institution", Name: "institution", Label: c.T("releases.institution"), Required: true, Value: c.form("institution"), Error: errs["institution"]},
		{ID: "but", Name: "but", Kind: "area", Label: c.T("releases.purpose"), Hint: c.T("releases.purpose_hint"), Required: true, Value: c.form("but"), Error: errs["purpose"]}}
	return f, nil
}

// firstOf is the first message of the fields under a path.
func firstOf(errs map[string]string, prefix string) string {
	for i := range 20 {
		for _, end := range []string{"", ".version", ".breakdown"} {
			if said := errs[prefix+strconv.Itoa(i+1)+end]; said != "" {
				return said
			}
		}
	}
	return ""
}

// askedPlan reads the form.
func (c *call) askedPlan() publication.Plan {
	_ = c.r.ParseForm()
	p := publication.Plan{Level: publication.Level(c.form("niveau"))}
	for _, value := range c.r.PostForm["indicateur"] {
		id, version, _ := strings.Cut(value, "/")
		n, _ := strconv.Atoi(version)
		p.Indicators = append(p.Indicators, publication.Chosen{ID: catalogue.ID(id), Version: n})
	}
	for _, value := range c.r.PostForm["annee"] {
		if y, err := strconv.Atoi(value); err == nil {
			p.Years = append(p.Years, y)
		}
	}
	is := func(cut string) bool { return slices.Contains(c.r.PostForm["detail"], cut) }
	p.Kinds, p.Sex, p.Age, p.Public = is("kinds"), is("sex"), is("age"), is("public")
	p.Territories = c.r.PostForm[territoryField]
	return p
}

func (s *Server) askRelease(c *call) error {
	if s.cfg.Releases == nil {
		return fault.NotFound("release_request", 0)
	}
	in := publication.Asked{Plan: c.askedPlan(), Institution: c.form("institution"), Purpose: c.form("but")}
	r, err := s.cfg.Releases.Ask(c.r.Context(), in)
	if errs, _, ok := c.faults(err); ok {
		return c.requestsPage(errs)
	}
	if err != nil {
		return err
	}
	return c.to(requestPath(r.ID), "release_asked")
}

// RequestPage is one request: what is asked, where it is, and what is there already.
type RequestPage struct {
	Page
	Heading, Lead string
	State         *Tag
	Percent       int // -1: nothing is being built
	Reason        string
	Facts         []Fact
	Release       *Link
	Answering     []Link
	Compared      *Comparison // with the version that stands, to who decides
	Decide        []Field
	DecideAt      string
	Cancel        string
}

// Comparison is a version that stands beside the one that would follow it.
type Comparison struct {
	Said  string // what matters of it, in a sentence
	Alert bool   // it tells less than what stands
	Table AdminTable
	Note  string
}

func (s *Server) releaseRequest(c *call) error { return c.requestPage(nil) }

func (c *call) requestPage(errs map[string]string) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if c.s.cfg.Releases == nil {
		return fault.NotFound("release_request", id)
	}
	r, err := c.s.cfg.Releases.Request(c.r.Context(), id)
	if err != nil {
		return err
	}
	title := c.T("releases.request_n", "N", r.ID)
	page := &RequestPage{Page: c.page(title, Crumb{c.T("releases.requests"), requestsPath}, Crumb{Text: title}), Heading: title, Lead: c.planWords(r.Plan()), State: c.requestState(r), Percent: -1, Reason: c.words(r.Why()),
		Facts: []Fact{{Label: c.T("releases.institution"), Lines: []string{r.Institution}}, {Label: c.T("releases.purpose"), Lines: []string{r.Purpose}}, {Label: c.T("releases.on"), Lines: []string{c.When(r.CreatedAt, c.now)}}}}
	if r.State == publication.Building {
		page.Percent = r.Percent
	}
	if err := page.answers(c, r); err != nil {
		return err
	}
	if accounts.Can(c.who.Identity, accounts.ReleaseDecide, accounts.Scope{}) && (r.State == publication.Pending || r.State == publication.Failed) {
		page.DecideAt = requestPath(r.ID) + "/decider"
		if page.Compared, err = c.comparison(r); err != nil {
			return err
		}
		page.Decide = []Field{{ID: "raison", Name: "raison", Kind: "area", Label: c.T("releases.refuse_why"), Bare: true, Value: c.form("raison"), Error: errs["reason"]}}
	}
	if r.State.Open() {
		page.Cancel = requestPath(r.ID) + "/annuler"
	}
	page.Errors = summary(map[string]string{"raison": errs["reason"]}, "raison")
	return c.showForm(page, "release_request", errs)
}

// comparison is what a request would change of the version that stands; nil: there is none.
func (c *call) comparison(r *publication.Request) (*Comparison, error) {
	of, ok := r.Compared()
	if !ok {
		v, err := c.s.cfg.Releases.Version(c.r.Context(), r.Plan().Dataset(), "")
		if fault.Is(err, fault.KindNotFound) || err == nil && (v.WithdrawnAt != nil || r.State != publication.Pending) {
			return nil, nil //nolint:nilnil // nothing to compare with
		}
		if err != nil {
			return nil, err
		}
		return &Comparison{Said: c.T("releases.compare_awaited", "Version", v.Version)}, nil
	}
	view := &Comparison{Note: c.T("releases.compare_on", "Date", c.When(of.At, c.now))}
	if of.Refused() {
		view.Said, view.Alert = c.T("releases.compare_refused", "Why", c.words(of.Refusal)), true
		return view, nil
	}
	view.Said = c.T("releases.compare_nothing", "Version", of.Version)
	if of.NewlyHidden > 0 {
		view.Said, view.Alert = c.N("releases.compare_hides", of.NewlyHidden, "Version", of.Version), true
	}
	view.Table = c.sums(c.T("releases.compare_before", "Version", of.Version), c.T("releases.compare_after"), of.Before, of.After)
	view.Table.Rows = append(view.Table.Rows, c.newly("releases.newly_hidden", of.NewlyHidden), c.newly("releases.newly_shown", of.NewlyShown))
	return view, nil
}

// sums are the figures of two versions by status, side by side.
func (c *call) sums(before, after string, was, is publication.Sums) AdminTable {
	t := AdminTable{Head: []Column{{Text: c.T("releases.figures")}, {Text: before, Number: true}, {Text: after, Number: true}}}
	for _, row := range []struct {
		name    string
		was, is int
	}{{"releases.shown", was.Shown, is.Shown}, {"releases.hidden", was.Hidden, is.Hidden}, {"releases.nd", was.Absent, is.Absent}} {
		t.Rows = append(t.Rows, AdminRow{Cells: []Cell{{Text: c.T(row.name)}, {Text: c.Num(row.was), Number: true}, {Text: c.Num(row.is), Number: true}}})
	}
	return t
}

func (c *call) newly(name string, n int) AdminRow {
	return AdminRow{Cells: []Cell{{Text: c.T(name)}, {Text: "–", Number: true}, {Text: c.Num(n), Number: true}}}
}

// answers leads to the release, or to what is released already of what is asked.
func (p *RequestPage) answers(c *call, r *publication.Request) error {
	all, err := c.s.cfg.Releases.Answering(c.r.Context(), r.Plan())
	if err != nil {
		return err
	}
	for i := range all {
		v := &all[i]
		link := Link{c.words(v.Title()) + ", " + v.Version, datasetPath(v.Dataset, v.Version)}
		if r.VersionID != nil && v.ID == *r.VersionID {
			p.Release = &link
			continue
		}
		p.Answering = append(p.Answering, link)
	}
	return nil
}

func (s *Server) decideRelease(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	_, err = s.cfg.Releases.Decide(c.r.Context(), id, publication.Decision{Approve: c.form("geste") == "approuver", Reason: c.form("raison")})
	if errs, _, ok := c.faults(err); ok {
		return c.requestPage(errs)
	}
	if err != nil {
		return err
	}
	return c.to(requestPath(id), "release_decided")
}

func (s *Server) cancelRelease(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if _, err := s.cfg.Releases.Cancel(c.r.Context(), id); err != nil {
		return err
	}
	return c.to(requestPath(id), "release_cancelled")
}
