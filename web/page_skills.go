package web

import (
	"io"
	"math"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	engine "maillage/matching/engine/outlook"
	"maillage/matching/outlook"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

const skillsPath = "/competences"

// SkillsPage sets what a territory asks against what its people hold and can learn.
type SkillsPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Clear         string
	Warning       string
	Said          string // whose perimeter it is, and how people are counted
	Everywhere    *Link
	Fairness      string // address of the audit, for who may read it
	Figures       []Figure
	Found, Sorted string
	Rows          []SkillRow
	Rest          string
	Aptitudes     []SkillRow
	Totals        []SkillTotal
	Table         string
	Empty         Empty
	How           []string
}

// SkillRow is one occupation, or one aptitude.
type SkillRow struct {
	Title, Href, Over string
	Asked, AskedNote  string
	Held, HeldNote    string
	Learn, Due        string
	Bars              SkillBars
	Tension           Tag
}

// SkillBars draws what is asked above what is held, in hundredths of the longest.
type SkillBars struct{ Asked, Low, High int }

// Between is the length of what may be held beyond what is sure.
func (b SkillBars) Between() int { return b.High - b.Low }

// SkillTotal sums a domain.
type SkillTotal struct{ Name, Href, Open, Passed, Lots, FTE, Expected, Held, Places string }

// skillsShown is how many occupations the page lists; the table has them all.
const skillsShown = 40

func (s *Server) skills(c *call) error {
	q, place, warning := c.skillsQuery()
	o, err := s.cfg.Outlook.Of(c.r.Context(), q)
	if err != nil {
		return err
	}
	title := c.T("skills.title")
	page := &SkillsPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("skills.heading"), Lead: c.T("skills.lead"), Warning: warning,
		Filters: c.skillsFields(), Said: c.T("skills.said", "Place", place, "Since", c.ShortDate(o.Since)), Figures: c.skillsFigures(o), Found: c.N("skills.found", len(o.Rows)),
		Sorted: c.T("skills.sorted"), Table: skillsPath + ".csv", How: c.skillsHow(o), Empty: Empty{Title: c.T("skills.none"), Text: c.T("skills.none_text"), Actions: []Link{{c.T("skills.everywhere"), skillsPath + "?ou=partout"}}}}
	if c.r.URL.RawQuery != "" {
		page.Clear, page.Table = skillsPath, page.Table+"?"+c.r.URL.RawQuery
	}
	if q.In.Len() < s.cfg.Atlas.Len() {
		page.Everywhere = &Link{c.T("skills.everywhere"), c.with("ou", "partout")}
	}
	if c.canAudit() {
		page.Fairness = fairnessPath
	}
	scale := skillsScale(o)
	for i := range first(o.Rows, skillsShown) {
		page.Rows = append(page.Rows, c.skillRow(&o.Rows[i], scale))
	}
	if rest := len(o.Rows) - skillsShown; rest > 0 {
		page.Rest = c.N("skills.rest", rest)
	}
	for i := range first(o.Skills, skillsShown) {
		page.Aptitudes = append(page.Aptitudes, c.aptitudeRow(&o.Skills[i]))
	}
	for _, total := range o.Totals {
		page.Totals = append(page.Totals, c.skillTotal(total))
	}
	return c.show("skills", page)
}

// skillsQuery reads the filters; who says no place sees their own: an officer's
// perimeter, the département of a counsellor's structure, else the country.
func (c *call) skillsQuery() (q engine.Query, place, warning string) {
	q = engine.Query{In: c.s.cfg.Atlas.All(), Months: 12, AsOf: c.now}
	if c.query("periode") == "24" {
		q.Months = 24
	}
	if d := strings.ToUpper(c.query("domaine")); len(d) == 1 {
		q.Domain = d
	}
	expr, said, warning := c.skillsPlace()
	if expr == nil {
		return q, c.T("skills.country"), warning
	}
	p, err := c.s.cfg.Atlas.Compile(*expr)
	if err != nil || p.Set.Len() == 0 {
		return q, c.T("skills.country"), c.T("opps.place_unknown", "Words", c.query("ou"))
	}
	q.In = p.Set
	return q, said, warning
}

func (c *call) skillsPlace() (expr *territories.Expr, said, warning string) {
	words := c.query("ou")
	if words == "partout" {
		return nil, "", ""
	}
	if words == "" {
		words = c.ownPlace()
	}
	if words == "" {
		return nil, "", ""
	}
	e, err := c.placeAsked(words)
	if err != nil {
		return nil, "", c.T("opps.place_unknown", "Words", words)
	}
	return &e, c.s.cfg.Atlas.Describe(e, string(c.Lang)), ""
}

// ownPlace is the territory of who asks, as an address has it.
func (c *call) ownPlace() string {
	if c.who.PerimeterExpr != "" {
		return c.who.PerimeterExpr
	}
	if c.who.Role != accounts.Counsellor || c.who.OrganisationID == 0 {
		return ""
	}
	o, err := c.s.cfg.Network.Get(c.r.Context(), network.ID(c.who.OrganisationID))
	if err != nil || len(o.Sites) == 0 {
		return ""
	}
	ord, ok := c.s.cfg.Atlas.Ordinal(o.Sites[0].Commune)
	if !ok {
		return ""
	}
	return territories.Ref{Kind: territories.KindDepartement, Code: c.s.cfg.Atlas.Commune(ord).Departement}.String()
}

func (c *call) skillsFields() []Field {
	where := c.query("ou")
	if where == "partout" {
		where = ""
	}
	return []Field{
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(where), Combo: "/suggestions/territoires"},
		{ID: "domaine", Name: "domaine", Kind: "select", Label: c.T("skills.domain"), Required: true, Options: c.domainOptions(strings.ToUpper(c.query("domaine")))},
		{ID: "periode", Name: "periode", Kind: "select", Label: c.T("holes.period"), Required: true, Options: c.options("holes.period_", c.query("periode"), c.T("holes.period_12"), "24")},
	}
}

func (c *call) domainOptions(selected string) []Option {
	all := []Option{{Text: c.T("skills.domain_any")}}
	for _, code := range nomenclatures.Occupations() {
		if d := code.MajorDomain(); d != all[len(all)-1].Value {
			all = append(all, Option{Value: d, Text: code.MajorDomainLabel(string(c.Lang)), Selected: d == selected})
		}
	}
	return all
}

func (c *call) skillsFigures(o *engine.Outlook) []Figure {
	open, lacking, unsure, calls := 0, 0, 0, map[int64]bool{}
	for _, t := range o.Totals {
		open += t.Open
	}
	for _, r := range o.Rows {
		if r.Tension == engine.Lack {
			lacking++
			unsure += map[bool]int{false: 1}[r.Sure]
		}
		for _, a := range r.Expected {
			calls[a.ID] = true
		}
	}
	note := ""
	if unsure > 0 {
		note = c.T("skills.lacking_unsure", "N", c.Num(unsure))
	}
	return []Figure{
		{Label: c.T("skills.open"), Value: c.Num(open)},
		{Label: c.T("skills.lacking"), Value: c.Num(lacking), Note: note},
		{Label: c.T("skills.calls"), Value: c.Num(len(calls))},
	}
}

// skillsScale is the longest bar.
func skillsScale(o *engine.Outlook) float64 {
	most := 1.0
	for i := range first(o.Rows, skillsShown) {
		most = max(most, o.Rows[i].Demand.People(), float64(o.Rows[i].Wish.High))
	}
	return most
}

func bars(asked float64, f engine.Figure, scale float64) SkillBars {
	part := func(v float64) int { return int(math.Round(100 * min(v/scale, 1))) }
	return SkillBars{Asked: part(asked), Low: part(float64(f.Low)), High: part(float64(f.High))}
}

func (c *call) skillRow(r *engine.Row, scale float64) SkillRow {
	row := SkillRow{Title: r.Code.Label(), Href: c.skillPath(r.Code), Over: string(r.Code), Bars: bars(r.Demand.People(), r.Wish, scale),
		Asked: c.askedWords(r.Demand), AskedNote: c.derivedWords(r.Demand), Held: c.wishingWords(r.Wish), Tension: c.tensionTag(r.Tension, r.Sure)}
	row.HeldNote = joined(" · ", c.hiddenWords(r.Wish), c.moreWords("skills.practised", r.Practice), c.moreWords("skills.able", r.Able))
	if r.Coming != nil && !r.Coming.None() {
		row.HeldNote = joined(" · ", row.HeldNote, c.T("skills.coming", "N", c.figureWords(*r.Coming)))
	}
	if len(r.Sessions) > 0 {
		row.Learn = c.N("skills.sessions", len(r.Sessions), "Places", c.N("skills.places", r.Places), "Next", c.civilDay(r.Sessions[0].On))
	}
	if len(r.Expected) > 0 {
		row.Due = c.N("skills.expected", len(r.Expected), "On", c.expectedMonth(r.Expected[0].On))
	}
	return row
}

func (c *call) skillPath(code nomenclatures.ROME) string {
	if c.r.URL.RawQuery == "" {
		return skillsPath + "/" + string(code)
	}
	return skillsPath + "/" + string(code) + "?" + c.r.URL.RawQuery
}

// askedWords says the posts; derivedWords the lots, which no notice tells in people.
func (c *call) askedWords(d engine.Demand) string {
	if d.Posts() == 0 {
		return c.T("skills.no_post")
	}
	return c.N("skills.posts", d.Open, "Period", c.Num(d.Posts()))
}

func (c *call) derivedWords(d engine.Demand) string {
	if d.Lots+d.Contract == 0 {
		return ""
	}
	text := c.N("skills.lots", d.Lots+d.Contract)
	if d.FTE > 0 {
		text = joined(" ", text, c.T("skills.fte", "N", c.fteWords(d.FTE)))
	}
	return text
}

// fteWords writes full-time years: what is asked is never written as nothing.
func (c *call) fteWords(fte float64) string {
	if fte > 0 && fte < .1 {
		return c.T("skills.fte_least", "N", c.Decimal(.1, 1))
	}
	return c.T("skills.fte_about", "N", c.Decimal(fte, 1))
}

// figureWords writes a number of people as it may be said.
func (c *call) figureWords(f engine.Figure) string {
	switch {
	case f.None() && f.Hidden == 0:
		return c.T("skills.nobody")
	case f.None():
		return c.T("skills.few")
	}
	return c.T("skills.about", "N", c.Num(f.Shown))
}

// wishingWords says how many wish an occupation, and that nobody does.
func (c *call) wishingWords(f engine.Figure) string {
	if f.None() && f.Hidden == 0 {
		return c.T("skills.wish_nobody")
	}
	return c.T("skills.wish", "N", c.figureWords(f))
}

func (c *call) hiddenWords(f engine.Figure) string {
	if f.None() || f.Hidden == 0 {
		return ""
	}
	return c.N("skills.hidden", f.Hidden)
}

func (c *call) moreWords(key string, f engine.Figure) string {
	if f.None() {
		return ""
	}
	return c.T(key, "N", c.figureWords(f))
}

func (c *call) tensionTag(t engine.Tension, sure bool) Tag {
	state := map[engine.Tension]State{engine.Lack: Missed, engine.Balance: Met, engine.Offer: Partial, engine.Unsaid: Unknown}[t]
	text := c.T("skills.tension_" + string(t))
	if !sure && t != engine.Unsaid {
		state = Assumed
		text = c.T("skills.unsure", "Word", text)
	}
	return Tag{Text: text, State: state}
}

func (c *call) aptitudeRow(s *engine.Skill) SkillRow {
	row := SkillRow{Title: outlook.AptitudeLabel(s.Code, string(c.Lang)), Held: c.figureWords(s.Hold), HeldNote: c.hiddenWords(s.Hold), Tension: c.tensionTag(s.Tension, s.Sure)}
	switch {
	case s.Required > 0 && s.Liked > 0:
		row.Asked, row.AskedNote = c.N("skills.apt_required", s.Required), c.N("skills.apt_liked", s.Liked)
	case s.Required > 0:
		row.Asked = c.N("skills.apt_required", s.Required)
	case s.Liked > 0:
		row.Asked = c.N("skills.apt_only_liked", s.Liked)
	default:
		row.Asked = c.T("skills.apt_unasked")
	}
	row.AskedNote = joined(" · ", row.AskedNote, c.aptitudeLeft(s))
	if len(s.Sessions) > 0 {
		row.Learn = c.N("skills.sessions", len(s.Sessions), "Places", c.N("skills.places", s.Places), "Next", c.civilDay(s.Sessions[0].On))
	}
	return row
}

// aptitudeLeft says how many of the posts that ask an aptitude, or appreciate it, can
// still be taken.
func (c *call) aptitudeLeft(s *engine.Skill) string {
	of := s.Required + s.Liked
	switch {
	case of == 0:
		return ""
	case s.Open == 0:
		return c.T("skills.apt_none_left")
	case s.Open == of:
		return c.N("skills.apt_all_left", of)
	}
	return c.N("skills.apt_left", s.Open, "Of", c.Num(of))
}

func (c *call) skillTotal(t engine.Total) SkillTotal {
	return SkillTotal{Name: nomenclatures.ROME(t.Domain + "1101").MajorDomainLabel(string(c.Lang)), Href: c.with("domaine", t.Domain), Open: c.Num(t.Open), Passed: c.Num(t.Open + t.Passed), Lots: c.Num(t.Lots),
		FTE: c.totalFTE(t.FTE), Expected: c.Num(t.Expected), Held: c.figureWords(t.Wish), Places: c.Num(t.Places)}
}

// totalFTE is full-time years in a column of numbers.
func (c *call) totalFTE(fte float64) string {
	if fte > 0 && fte < .1 {
		return c.fteWords(fte)
	}
	return c.Decimal(fte, 1)
}

// skillsHow says how it was counted, and what is in no row.
func (c *call) skillsHow(o *engine.Outlook) []string {
	where := c.areasNamed(o.Areas)
	said := []string{c.N("skills.how_people", len(o.Areas), "Where", where), c.T("skills.how_range"), c.T("skills.how_measures"), c.T("skills.how_derived"), c.T("skills.how_tension"), c.T("skills.how_sessions")}
	for _, apart := range []struct {
		key string
		n   int
	}{{"skills.wide", o.Wide}, {"skills.unplaced", o.Unplaced}, {"skills.unsorted", o.Unsorted}} {
		if apart.n > 0 {
			said = append(said, c.N(apart.key, apart.n))
		}
	}
	return said
}

// areasNamed names areas, the first of them where they are many.
func (c *call) areasNamed(all []engine.Area) string {
	var names []string
	for _, a := range first(all, 6) {
		name, _ := c.s.cfg.Atlas.Name(a.Ref)
		names = append(names, name)
	}
	where := strings.Join(names, ", ")
	if len(all) > len(names) {
		where += "…"
	}
	return where
}

// skillsTable is the whole for a spreadsheet.
func (s *Server) skillsTable(c *call) error {
	q, _, warning := c.skillsQuery()
	if warning != "" { // a place that is not understood is not the whole country
		return fault.NotFound("territory", c.query("ou"))
	}
	o, err := s.cfg.Outlook.Of(c.r.Context(), q)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="competences-`+c.now.In(c.zone).Format("2006-01-02")+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return outlook.WriteCSV(w, string(c.Lang), o, func(t engine.Tension) string { return c.T("skills.tension_" + string(t)) })
	})
}

// canSeeSkills says whether to link to the outlook.
func (c *call) canSeeSkills() bool {
	return c.s.cfg.Outlook != nil && c.may(accounts.SkillsOutlook)
}

// askHref is where to read a thing that is asked.
func askHref(a *engine.Ask) string {
	return "/marches/" + strconv.FormatInt(a.Opportunity, 10)
}
