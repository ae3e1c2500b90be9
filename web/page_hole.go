package web

import (
	"math"
	"strconv"

	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/territories"
)

// HolePage is one need that nobody covers: what is asked, who is the nearest, what can be done.
type HolePage struct {
	Page
	Heading, Lead string
	Facts         []Fact
	Near          []OrgRow
	NoNear        string
	Lots          []OppRow
	LotsSaid      string
	Poles         []HolePoleView
	NoPole        Empty
	Map           Map
	Method        []string
}

// HolePoleView is a pole near the need, and the gesture that makes it one of its projects.
type HolePoleView struct {
	ID               int64
	Name, Href, Over string
	Action           string // where the gesture is posted; empty: not for this reader
	Project          string // the live one there is
}

func (s *Server) hole(c *call) error {
	months := 12
	if c.query("periode") == "24" {
		months = 24
	}
	h, all, err := s.cfg.Matching.HoleOf(c.r.Context(), c.r.PathValue("key"), months)
	if err != nil {
		return err
	}
	title := c.holeTitle(h)
	page := &HolePage{Page: c.page(title, Crumb{c.T("holes.title"), holesPath}, Crumb{Text: title}), Heading: title, Lead: c.holeLead(h), Facts: c.holeFacts(h),
		NoNear: c.T("holes.nobody_near"), LotsSaid: c.N("holes.lots_since", len(h.Demand.Lots), "Since", c.ShortDate(all.Since)), Map: c.holeMap(h),
		NoPole: Empty{Title: c.T("holes.no_pole"), Text: c.T("holes.no_pole_text")}}
	if h.Lack == engine.LackGate {
		page.NoNear = c.T("holes.closed_near")
	}
	for i, n := range h.Nearest {
		row := OrgRow{Row: "o" + strconv.FormatInt(int64(n.Organisation.ID), 10), Name: strconv.Itoa(i+1) + ". " + n.Organisation.Name, Href: memberPath(n.Organisation.ID),
			Over: joined(", ", c.T("okind."+string(n.Organisation.Kind)), n.Organisation.Town), Text: upperFirst(n.Words.In(string(c.Lang))) + "."}
		page.Near = append(page.Near, row)
	}
	c.fillHoleLots(page, h)
	for _, p := range h.Poles {
		page.Poles = append(page.Poles, c.holePole(h, p))
	}
	for _, key := range []string{"hole", "lot", "sector", "supply", "unmet", "near", "expected"} {
		page.Method = append(page.Method, c.T("holes.method_"+key))
	}
	return c.show("hole", page)
}

func (c *call) holeLead(h *matching.Hole) string {
	lead := "holes.lead_" + string(h.Lack)
	if h.Lack == engine.LackGate && h.Sure == 0 {
		lead += "_assumed"
	}
	said := c.T(lead)
	switch n := len(h.Unmet); n {
	case 0:
		return said
	case len(h.Demand.Lots):
		return joined(" ", said, c.N("holes.lead_unmet_all", n))
	default:
		return joined(" ", said, c.N("holes.lead_unmet", n, "Of", c.Num(len(h.Demand.Lots))))
	}
}

func (c *call) holeFacts(h *matching.Hole) []Fact {
	asked := Fact{Label: c.T("holes.asked"), Big: c.N("holes.lots", len(h.Demand.Lots))}
	if h.Demand.AmountOf > 0 {
		asked.Lines = append(asked.Lines, c.N("whatif.amount", h.Demand.AmountOf, "Amount", c.Money(math.Round(h.Demand.Amount), "EUR")))
	}
	if h.Demand.HoursOf > 0 {
		asked.Lines = append(asked.Lines, c.N("whatif.hours", h.Demand.HoursOf, "Hours", c.Decimal(h.Demand.Hours, 0)))
	}
	facts := []Fact{asked, {Label: c.T("holes.unmet"), Big: c.Num(len(h.Unmet)), Lines: []string{c.T("holes.unmet_fact")}},
		{Label: c.T("holes.unsure"), Big: c.Num(len(h.Unsure)), Lines: []string{c.T("holes.unsure_fact")}},
		{Label: c.T("holes.supply"), Big: c.Percent(h.Covered), Lines: []string{c.N("holes.sure", h.Sure), c.N("holes.assumed", h.Assumed)}},
		{Label: c.T("holes.to_specify"), Big: c.Num(h.ToSpecify), Lines: []string{c.T("holes.to_specify_fact")}}}
	if h.Expected > 0 {
		facts = append(facts, Fact{Label: c.T("coming.title"), Big: c.Num(h.Expected), Lines: []string{c.T("holes.expected_fact")}})
	}
	return facts
}

func (c *call) fillHoleLots(page *HolePage, h *matching.Hole) {
	answer := map[engine.LotID]Tag{}
	for _, id := range h.Unmet {
		answer[id] = Tag{Text: c.T("holes.tag_unmet"), State: Missed}
	}
	for _, id := range h.Unsure {
		answer[id] = Tag{Text: c.T("holes.tag_unsure"), State: Assumed}
	}
	for _, lot := range h.Shown {
		row := OppRow{Title: lotTitle(lot), Href: lotPath(lot), Over: lotOver(lot), Days: Days{NoDate: true}}
		if lot.Deadline != nil {
			row.Days = c.lotDays(lot)
		}
		if tag, ok := answer[engine.LotID(lot.ID)]; ok {
			row.Tags = []Tag{tag}
		}
		page.Lots = append(page.Lots, row)
	}
}

func (c *call) holePole(h *matching.Hole, p matching.Pole) HolePoleView {
	v := HolePoleView{ID: p.ID, Name: p.Name, Href: polePath(p.ID), Over: c.T("holes.pole_here")}
	if p.Km > 0 {
		v.Over = c.T("holes.pole_at", "Km", c.Km(p.Km))
	}
	if p.Project != 0 {
		v.Project = c.T("holes.project_is")
	} else if c.mayProject(p.Territory) {
		v.Action = holePath(h.Key) + c.periodQuery()
	}
	return v
}

func polePath(id int64) string { return "/poles/" + strconv.FormatInt(id, 10) }

// holeMap draws the territory, and the zones of those who do the trade and stop short of it.
func (c *call) holeMap(h *matching.Hole) Map {
	atlas := c.s.cfg.Atlas
	asked, err := atlas.Compile(h.Perimeter())
	if err != nil {
		return Map{}
	}
	offered, points := c.zonesAround(h)
	m := c.s.draw(mapSpec{id: "carte", title: c.T("holes.map_one", "Name", c.holeTitle(h)), desc: c.T("holes.map_desc"), asked: asked, offered: offered, points: points})
	if !m.Shown() {
		return m
	}
	m.Legend = []LegendItem{{SwatchAsked, c.H("holes.legend_asked")}}
	if offered != nil {
		m.Legend = append(m.Legend, LegendItem{SwatchOffered, c.H("holes.legend_offered")})
	}
	if len(points) > 0 {
		m.Legend = append(m.Legend, LegendItem{SwatchPin, c.H("members.map_pin")})
	}
	m.Table, m.Copy, m.Note = c.crossingTable(asked, offered, c.holeTitle(h)), c.r.URL.RequestURI(), c.missing(m.Drawing)
	m.Table.Caption = c.holeTitle(h)
	return m
}

// zonesAround joins the known zones of the nearest of the trade: an assumed one is no thread.
func (c *call) zonesAround(h *matching.Hole) (offered *territories.Perimeter, points []MapPoint) {
	var zones []territories.Expr
	for i, n := range h.Nearest {
		o, err := c.s.cfg.Network.Get(c.r.Context(), n.Organisation.ID)
		if err != nil {
			continue
		}
		if at, ok := c.siteOf(o); ok {
			points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: strconv.Itoa(i + 1), Name: strconv.Itoa(i+1) + ". " + o.Called(), Href: memberPath(o.ID), At: at})
		}
		for _, a := range o.Activities {
			if p := c.s.compile(a.Zone); n.Way == engine.ByZone && !n.Assumed && a.ID == n.Activity && p != nil {
				zones = append(zones, p.Expr)
			}
		}
	}
	if len(zones) == 0 {
		return nil, points
	}
	offered, err := c.s.cfg.Atlas.Compile(territories.AnyOf(zones...))
	if err != nil {
		return nil, points
	}
	return offered, points
}

// startProject makes the need a project of a pole: made again, it is the same one.
func (s *Server) startProject(c *call) error {
	id, err := strconv.ParseInt(c.form("pole"), 10, 64)
	if err != nil {
		return fault.NotFound("pole", c.form("pole"))
	}
	if err := c.allowPole(id); err != nil {
		return err
	}
	months := 12
	if c.query("periode") == "24" {
		months = 24
	}
	if _, _, err := s.cfg.Matching.ProposeProject(c.r.Context(), id, c.r.PathValue("key"), months); err != nil {
		return err
	}
	return c.to(polePath(id)+"#projets", "project_started")
}
