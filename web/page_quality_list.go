package web

import (
	"io"
	"net/http"
	"net/url"
	"strconv"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/fault"
)

// QualityListPage is the paths that somebody follows: an officer's perimeter, or
// the enterprise's own.
type QualityListPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Action, Clear string
	Figures       []Figure
	Found         string
	Rows          []QualityRow
	Empty         Empty
	Table         string
	Engage        *QualityEngage
	Public        string
}

// QualityRow is one path.
type QualityRow struct {
	Name, Over, Label, Href string
	State                   Tag
	Until, Left, Step       string
	Late                    bool
}

// QualityEngage is the form that opens a path.
type QualityEngage struct {
	Action, Heading, Text string
	Fields                []Field
}

func (s *Server) qualityList(c *call) error { return c.showQualityList(200, nil) }

func (c *call) qualityFilter() quality.Filter {
	f := quality.Filter{Label: quality.Code(c.query("label"))}
	if state := c.query("etat"); state != "" {
		f.States = []quality.State{quality.State(state)}
	}
	if n := c.number("mois"); n > 0 && n <= 60 {
		f.Within = int(n)
	}
	return f
}

func (c *call) showQualityList(status int, errs map[string]string) error {
	all, err := c.s.cfg.Quality.List(c.r.Context(), quality.Filter{})
	if err != nil {
		return err
	}
	rows, err := c.s.cfg.Quality.List(c.r.Context(), c.qualityFilter())
	if err != nil {
		return err
	}
	title := c.T("quality.list_title")
	page := &QualityListPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("quality.title"), qualityPath}, Crumb{Text: title}), Heading: c.T("quality.list_heading"), Lead: c.T("quality.list_lead"),
		Filters: c.qualityFilters(), Action: qualityListPath, Found: c.N("quality.paths", len(rows)), Table: qualityListPath + ".csv", Public: qualityPath,
		Empty: Empty{Title: c.T("quality.none"), Text: c.T("quality.none_list")}}
	if c.r.Method == http.MethodGet && c.r.URL.RawQuery != "" {
		page.Clear, page.Table = qualityListPath, qualityListPath+".csv?"+c.r.URL.RawQuery
	}
	page.Figures = c.qualityCounts(all)
	for _, r := range rows {
		page.Rows = append(page.Rows, c.qualityRow(&r, true))
	}
	if page.Engage, err = c.engageForm(qualityListPath, true, errs); err != nil {
		return err
	}
	page.Errors = summary(errs, "structure", "label", "le")
	return c.showStatus(status, "quality_list", page)
}

func (c *call) qualityFilters() []Field {
	label := Field{ID: "f-label", Name: "label", Kind: "select", Bare: true, Label: c.T("quality.label"), Options: append([]Option{{Text: c.T("quality.every_label")}}, c.labelOptions(c.query("label"))...)}
	state := Field{ID: "f-etat", Name: "etat", Kind: "select", Bare: true, Label: c.T("quality.state"), Options: []Option{{Text: c.T("quality.every_state")}}}
	for _, s := range quality.States() {
		state.Options = append(state.Options, Option{Value: string(s), Text: c.T("quality.state_" + string(s)), Selected: c.query("etat") == string(s)})
	}
	within := Field{ID: "f-mois", Name: "mois", Kind: "select", Bare: true, Label: c.T("quality.within"), Options: []Option{{Text: c.T("quality.any_time")}}}
	for _, n := range []int{1, 3, 6, 12} {
		within.Options = append(within.Options, Option{Value: strconv.Itoa(n), Text: c.N("quality.within_n", n), Selected: c.number("mois") == int64(n)})
	}
	return []Field{label, state, within}
}

func (c *call) labelOptions(chosen string) (out []Option) {
	for _, l := range c.s.cfg.Quality.Book().Labels() {
		out = append(out, Option{Value: string(l.Code), Text: l.Name, Selected: string(l.Code) == chosen, Group: c.T("quality.family_" + string(l.Family))})
	}
	return out
}

func (c *call) qualityCounts(all []quality.Row) []Figure {
	holds, soon, review := 0, 0, 0
	for _, r := range all {
		if r.Now.Holds() {
			holds++
			if r.Until <= c.inMonths(6) {
				soon++
			}
		}
		if r.Now == quality.InReview || r.Now == quality.Postponed {
			review++
		}
	}
	return []Figure{{Label: c.T("quality.n_hold"), Value: c.Num(holds)}, {Label: c.T("quality.n_soon"), Value: c.Num(soon)}, {Label: c.T("quality.n_review"), Value: c.Num(review)}}
}

func (c *call) inMonths(n int) string { return c.now.In(c.zone).AddDate(0, n, 0).Format("2006-01-02") }

// qualityRow is a path in a list, with whose it is where several are shown.
func (c *call) qualityRow(r *quality.Row, named bool) QualityRow {
	out := QualityRow{Name: r.Name, Label: r.Label.Name, Href: qualityFilePath(r.ID), State: c.qualityTag(r), Step: c.T("quality.last", "Day", c.civilDay(r.LastOn))}
	if named {
		out.Over = joined(", ", c.kindWords(string(r.Kind)), c.communeWords(r.Commune))
	}
	if r.Until != "" && r.Now != quality.Suspended && r.Now != quality.Withdrawn {
		out.Until = c.civilDay(r.Until)
	}
	if r.Now.Holds() {
		out.Left = c.monthsLeft(r.Until)
		out.Late = r.Until <= c.inMonths(3)
	}
	if r.Renewing {
		out.Step = c.T("quality.renewing")
	}
	return out
}

// monthsLeft says how long a certificate still holds, in whole months, in days at the end.
func (c *call) monthsLeft(until string) string {
	for n := 60; n > 0; n-- {
		if c.inMonths(n) <= until {
			return c.N("quality.months_left", n)
		}
	}
	return c.T("quality.weeks_left")
}

func (c *call) qualityTag(r *quality.Row) Tag {
	tag := Tag{Text: c.T("quality.state_" + string(r.Now)), State: Unknown, Icon: "info"}
	switch r.Now {
	case quality.Granted:
		return Tag{Text: tag.Text, State: Met}
	case quality.Reserved, quality.Postponed:
		return Tag{Text: tag.Text, State: Partial}
	case quality.Suspended, quality.Expired, quality.Withdrawn, quality.Refused:
		return Tag{Text: tag.Text, State: Missed}
	case quality.Engaged, quality.InReview:
		tag.Icon = "clock"
	case quality.Left:
	}
	return tag
}

// engageForm opens a path: of an enterprise of the perimeter, or of one's own.
func (c *call) engageForm(action string, choose bool, errs map[string]string) (*QualityEngage, error) {
	if !c.may(accounts.CertificationEnter) {
		return nil, nil //nolint:nilnil // no form for who may not
	}
	out := &QualityEngage{Action: action, Heading: c.T("quality.engage"), Text: c.T("quality.engage_text")}
	if choose {
		rows, err := c.s.cfg.Quality.Enterprises(c.r.Context())
		if err != nil {
			return nil, err
		}
		f := Field{ID: "structure", Name: "structure", Kind: "select", Label: c.T("quality.enterprise"), Required: true, Error: errs["structure"], Options: []Option{{Text: c.T("quality.choose")}}}
		for _, r := range rows {
			id := strconv.FormatInt(r.OrganisationID, 10)
			f.Options = append(f.Options, Option{Value: id, Text: joined(", ", r.Name, c.communeWords(r.Commune)), Selected: c.form("structure") == id})
		}
		out.Fields = append(out.Fields, f)
	}
	out.Fields = append(out.Fields,
		Field{ID: "label", Name: "label", Kind: "select", Label: c.T("quality.label"), Required: true, Error: errs["label"], Options: append([]Option{{Text: c.T("quality.choose")}}, c.labelOptions(c.form("label"))...)},
		Field{ID: "le", Name: "le", Kind: "date", Label: c.T("quality.entered_on"), Required: true, Short: true, Error: errs["le"], Value: or(c.form("le"), c.now.In(c.zone).Format("2006-01-02"))})
	return out, nil
}

// engage opens the path of the enterprise that the form names.
func (c *call) engage(organisation int64) (*quality.Path, map[string]string, error) {
	p, err := c.s.cfg.Quality.Engage(c.r.Context(), organisation, quality.Code(c.form("label")), c.form("le"))
	if err == nil {
		return p, nil, nil
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return nil, nil, err
	}
	errs := map[string]string{"label": fields["label"], "le": fields["on"]}
	if len(fields) == 0 {
		errs[""] = general
	}
	return nil, errs, nil
}

func (s *Server) engageAny(c *call) error {
	organisation, err := strconv.ParseInt(c.form("structure"), 10, 64)
	if err != nil {
		return c.showQualityList(422, map[string]string{"structure": c.T("quality.choose_one")})
	}
	p, errs, err := c.engage(organisation)
	if fault.Is(err, fault.KindNotFound) {
		return c.showQualityList(422, map[string]string{"structure": c.T("quality.choose_one")})
	}
	if err != nil {
		return err
	}
	if errs != nil {
		return c.showQualityList(422, errs)
	}
	return c.to(qualityFilePath(p.ID), "quality_engaged")
}

func (s *Server) qualityTable(c *call) error {
	rows, err := s.cfg.Quality.List(c.r.Context(), c.qualityFilter())
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="certifications-`+c.now.In(c.zone).Format("2006-01-02")+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error { return quality.WriteRows(w, rows, c.qualityNames()) })
}

func (s *Server) ownQuality(c *call) error { return c.showOwnQuality(200, nil) }

func (c *call) showOwnQuality(status int, errs map[string]string) error {
	o, err := c.own()
	if err != nil {
		return err
	}
	rows, err := c.s.cfg.Quality.List(c.r.Context(), quality.Filter{Organisation: int64(o.ID)})
	if err != nil {
		return err
	}
	title := c.T("quality.own_title")
	page := &QualityListPage{Page: c.page(title, Crumb{c.T("enterprise.title"), "/entreprise"}, Crumb{Text: title}), Heading: c.T("quality.own_heading"), Lead: c.T("quality.own_lead"),
		Found: c.N("quality.paths", len(rows)), Public: qualityPath, Empty: Empty{Title: c.T("quality.none"), Text: c.T("quality.none_own"), Actions: []Link{{c.T("quality.meanings"), qualityPath}}}}
	for _, r := range rows {
		page.Rows = append(page.Rows, c.qualityRow(&r, false))
	}
	if page.Engage, err = c.engageForm(ownQualityPath, false, errs); err != nil {
		return err
	}
	page.Errors = summary(errs, "label", "le")
	return c.showStatus(status, "quality_list", page)
}

func (s *Server) engageOwn(c *call) error {
	if c.who.OrganisationID == 0 {
		return c.notMember()
	}
	p, errs, err := c.engage(c.who.OrganisationID)
	if err != nil {
		return err
	}
	if errs != nil {
		return c.showOwnQuality(422, errs)
	}
	return c.to(qualityFilePath(p.ID), "quality_engaged")
}

// qualityWithin is the address of the list of what lapses by then.
func qualityWithin(months int) string {
	return qualityListPath + "?" + url.Values{"mois": {strconv.Itoa(months)}}.Encode()
}
