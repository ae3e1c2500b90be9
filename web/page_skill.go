package web

import (
	"maillage/internal/fault"
	engine "maillage/matching/engine/outlook"
	"maillage/nomenclatures"
)

// SkillPage is one occupation in a territory: who asks, who could, what is taught.
type SkillPage struct {
	Page
	Heading, Lead, Said string
	Row                 SkillRow
	Read, How           string // what the word compares, in figures; how it is chosen
	Asks                []AskRow
	AsksRest            string
	Expected, Sessions  []AskRow
	Areas               []AreaRow
	Back                string
}

// AskRow is one thing asked or taught.
type AskRow struct{ Title, Href, Over, Figure string }

// AreaRow is who lives in an area, and who could come to it.
type AreaRow struct{ Name, Wish, Coming string }

// asksShown is how many a section lists.
const asksShown = 30

func (s *Server) skill(c *call) error {
	code, err := nomenclatures.ParseROME(c.r.PathValue("code"))
	if err != nil || !code.Known() {
		return fault.NotFound("occupation", c.r.PathValue("code"))
	}
	q, place, _ := c.skillsQuery()
	q.Detail, q.Domain = code, ""
	o, err := s.cfg.Outlook.Of(c.r.Context(), q)
	if err != nil {
		return err
	}
	r, _ := o.Find(code)
	list := skillsPath
	if c.r.URL.RawQuery != "" {
		list += "?" + c.r.URL.RawQuery
	}
	page := &SkillPage{Page: c.page(code.Label(), Crumb{c.T("skills.title"), list}, Crumb{Text: code.Label()}), Heading: code.Label(), Lead: c.T("skills.one_lead", "Code", string(code), "Place", place),
		Said: c.T("skills.one_said"), Row: c.skillRow(&r, max(1, r.Demand.People(), float64(r.Wish.High))), Read: c.comparedWords(o, &r), How: c.T("skills.how_tension"), Back: list}
	for _, a := range first(r.Demand.Asks, asksShown) {
		page.Asks = append(page.Asks, c.askRow(a))
	}
	if rest := len(r.Demand.Asks) - asksShown; rest > 0 {
		page.AsksRest = c.N("skills.asks_rest", rest)
	}
	for _, a := range first(r.Expected, asksShown) {
		page.Expected = append(page.Expected, AskRow{Title: a.Title, Href: askHref(a), Over: c.T("skills.between", "From", c.civilDay(a.From), "Until", c.civilDay(a.Until)), Figure: c.expectedMonth(a.On)})
	}
	for _, a := range first(r.Sessions, asksShown) {
		page.Sessions = append(page.Sessions, AskRow{Title: a.Title, Href: askHref(a), Over: c.T("skills.starts", "On", c.civilDay(a.On)), Figure: c.N("skills.places", a.Left())})
	}
	page.Areas = c.areaRows(r.Areas)
	return c.show("skill", page)
}

// comparedWords says the two sides that the word compares, both of the whole areas
// where people are counted: what is asked in the row is of the territory typed.
func (c *call) comparedWords(o *engine.Outlook, r *engine.Row) string {
	asked := c.T("skills.no_post")
	if n := r.Compared.Posts; n > 0 {
		asked = c.N("skills.read_posts", n)
	}
	if fte := r.Compared.FTE; fte > 0 {
		asked = c.T("skills.read_both", "Posts", asked, "FTE", c.fteWords(fte))
	}
	held := c.T("skills.read_held", "Low", c.Num(r.Wish.Low), "High", c.Num(r.Wish.High))
	if r.Wish.High == 0 {
		held = c.T("skills.read_nobody")
	}
	return c.N("skills.read", len(o.Areas), "Where", c.areasNamed(o.Areas), "Asked", asked, "Held", held)
}

func (c *call) askRow(a *engine.Ask) AskRow {
	row := AskRow{Title: a.Title, Href: askHref(a), Over: c.T("skills.source_" + string(a.Source))}
	if a.Derived {
		row.Over = joined(" · ", row.Over, c.T("skills.derived"))
	}
	if !a.Closed.IsZero() && !a.Closed.After(c.now) {
		row.Over = joined(" · ", row.Over, c.T("skills.passed", "On", c.ShortDate(a.Closed)))
	}
	switch {
	case a.Source == engine.Post:
		row.Figure = c.askPlaces(a)
	case a.Hours > 0:
		row.Figure = c.N("skills.hours_n", int(a.Hours))
	}
	return row
}

// askPlaces says the posts of an ask and, once somebody was hired, what is left of
// them; of one that has closed, only whether all were filled.
func (c *call) askPlaces(a *engine.Ask) string {
	of := max(a.Posts, 1)
	left := max(0, of-a.Taken)
	switch {
	case left == 0:
		return joined(", ", c.N("skills.post_n", of), c.N("skills.post_filled", of))
	case left < of && (a.Closed.IsZero() || a.Closed.After(c.now)):
		return c.N("places.left", left, "Of", c.Num(of))
	}
	return c.N("skills.post_n", of)
}

// areaRows tells the areas where something may be said; the others are counted.
func (c *call) areaRows(all []engine.AreaFigures) []AreaRow {
	var rows []AreaRow
	for _, a := range all {
		if a.Wish.None() && a.Coming.None() {
			continue
		}
		name, _ := c.s.cfg.Atlas.Name(a.Area.Ref)
		rows = append(rows, AreaRow{name, c.figureWords(a.Wish), c.figureWords(a.Coming)})
	}
	return rows
}
