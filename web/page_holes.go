package web

import (
	"math"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

const holesPath = "/besoins-non-couverts"

// HolesPage lists the needs that nobody covers: a sector in a territory where lots are asked and
// too little is offered.
type HolesPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Clear         string
	Warning       string
	Mine          *Link // the officer's perimeter is shown, and how to leave it
	MineSaid      string
	Found, Sorted string
	Rows          []HoleRow
	Pager         Pager
	Empty         Empty
	Table, Shapes string
	Map           Map
	Aside         []string // what is counted apart
}

// HoleRow is one need.
type HoleRow struct {
	Row, Title, Href, Over string
	Text, Near             string
	Figure, FigureWord     string
	Tags                   []Tag
}

// holesShown is how many needs a page lists.
const holesShown = 20

func (s *Server) holes(c *call) error {
	q, warning := c.holesQuery()
	q.Limit, q.After = holesShown, int(c.number("apres"))
	found, err := s.cfg.Matching.Coverage(c.r.Context(), q)
	if err != nil {
		return err
	}
	title := c.T("holes.title")
	page := &HolesPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("holes.heading"), Lead: c.T("holes.lead"), Warning: warning,
		Filters: c.holesFields(), Found: c.N("holes.found", found.Total), Sorted: c.T("holes.sorted"), Table: holesPath + ".csv", Shapes: holesPath + ".geojson", Aside: c.holesAside(found),
		Empty: Empty{Title: c.T("holes.none"), Text: c.T("holes.none_text"), Actions: []Link{{c.T("holes.everywhere"), holesPath + "?ou=partout"}}}}
	if c.r.URL.RawQuery != "" {
		page.Clear = holesPath
		page.Table, page.Shapes = page.Table+"?"+c.r.URL.RawQuery, page.Shapes+"?"+c.r.URL.RawQuery
	}
	if c.query("ou") == "" && q.Within != nil {
		page.MineSaid, page.Mine = c.T("holes.mine", "Place", c.perimeterWords(c.who.PerimeterExpr)), &Link{c.T("holes.everywhere"), c.with("ou", "partout", "apres", "")}
	}
	for i := range found.Holes {
		page.Rows = append(page.Rows, c.holeRow(&found.Holes[i]))
	}
	next := ""
	if found.Next > 0 {
		next = strconv.Itoa(found.Next)
	}
	page.Pager, page.Map = c.pager(next), c.holesMap(found.Holes)
	return c.show("holes", page)
}

// holesQuery reads the filters; an officer who says no place sees its perimeter.
func (c *call) holesQuery() (q matching.CoverageQuery, warning string) {
	q = matching.CoverageQuery{By: territories.KindEPCI, Months: 12, Group: c.query("groupe")}
	if c.query("par") == "departement" {
		q.By = territories.KindDepartement
	}
	if c.query("periode") == "24" {
		q.Months = 24
	}
	if sector, err := nomenclatures.ParseSector(c.query("secteur")); err == nil {
		q.Sector = sector
	}
	switch lack := engine.Lack(c.query("manque")); lack {
	case engine.LackAll, engine.LackSure, engine.LackPart, engine.LackGate:
		q.Lack = lack
	case "sans-reponse":
		q.Unmet = true
	}
	q.Within, warning = c.holesWithin()
	return q, warning
}

func (c *call) holesWithin() (*territories.Set, string) {
	switch words := c.query("ou"); words {
	case "partout":
		return nil, ""
	case "":
		if p := c.s.compile(c.who.PerimeterExpr); p != nil && p.Set.Len() > 0 {
			return p.Set, ""
		}
		return nil, ""
	default:
		expr, err := c.placeAsked(words)
		if err != nil {
			return nil, c.T("opps.place_unknown", "Words", words)
		}
		p, err := c.s.cfg.Atlas.Compile(expr)
		if err != nil {
			return nil, c.T("opps.place_unknown", "Words", words)
		}
		return p.Set, ""
	}
}

func (c *call) holesFields() []Field {
	where := c.query("ou")
	if where == "partout" {
		where = ""
	}
	return []Field{
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(where), Combo: "/suggestions/territoires"},
		{ID: "groupe", Name: "groupe", Kind: "select", Label: c.T("holes.group"), Required: true, Options: c.groupOptions(c.query("groupe"))},
		{ID: "manque", Name: "manque", Kind: "select", Label: c.T("holes.lack"), Required: true, Options: c.options("holes.lack_", c.query("manque"), c.T("holes.lack_any"), "sans-reponse", "none", "assumed", "part", "closed")},
		{ID: "par", Name: "par", Kind: "select", Label: c.T("holes.by"), Required: true, Options: c.options("holes.by_", c.query("par"), c.T("holes.by_epci"), "departement")},
		{ID: "periode", Name: "periode", Kind: "select", Label: c.T("holes.period"), Required: true, Options: c.options("holes.period_", c.query("periode"), c.T("holes.period_12"), "24")},
	}
}

// groupOptions are the groups of sectors, in the order of the crosswalk.
func (c *call) groupOptions(selected string) []Option {
	all := []Option{{Text: c.T("holes.group_any")}}
	for _, sector := range nomenclatures.Sectors() {
		if sector.Group == all[len(all)-1].Value {
			continue
		}
		name := sector.GroupFR
		if c.Lang == English {
			name = sector.GroupEN
		}
		all = append(all, Option{Value: sector.Group, Text: name, Selected: sector.Group == selected})
	}
	return all
}

// holesAside tells the lots of the country that are in no need, and why.
func (c *call) holesAside(found *matching.Coverage) []string {
	said := []string{c.N("holes.counted", found.Lots, "Since", c.ShortDate(found.Since))}
	for _, apart := range []struct {
		key string
		n   int
	}{{"holes.unplaced", found.Unplaced}, {"holes.unsorted", found.Unsorted}, {"holes.wide", found.Wide}} {
		if apart.n > 0 {
			said = append(said, c.N(apart.key, apart.n))
		}
	}
	return said
}

func holePath(key string) string { return holesPath + "/" + key }

func (c *call) holePlace(h *matching.Hole) string {
	if h.Territory.Kind == territories.KindEPCI {
		if most := c.mostPeopled(h.Set, 1); len(most) > 0 {
			return h.Place + " (" + c.s.cfg.Atlas.Commune(most[0]).Departement + ")"
		}
	}
	return h.Place
}

func (c *call) holeTitle(h *matching.Hole) string {
	return h.Label.In(string(c.Lang)) + ", " + c.holePlace(h)
}

func (c *call) holeRow(h *matching.Hole) HoleRow {
	row := HoleRow{Row: "t" + strconv.Itoa(h.Rank), Title: strconv.Itoa(h.Rank) + ". " + c.holeTitle(h), Href: holePath(h.Key) + c.periodQuery(),
		Over: joined(" · ", c.N("people", int(h.People)), c.coveredWords(h)), Text: c.demandWords(h), Near: c.nearWords(h), Tags: []Tag{c.lackTag(h)}}
	row.Figure, row.FigureWord = c.Num(len(h.Unmet)), c.N("holes.unmet_word", len(h.Unmet), "Of", c.Num(len(h.Demand.Lots)))
	return row
}

func (c *call) periodQuery() string {
	if c.query("periode") == "24" {
		return "?periode=24"
	}
	return ""
}

func (c *call) coveredWords(h *matching.Hole) string {
	switch {
	case h.Supposed == 0:
		return ""
	case h.Covered == 0:
		return c.T("holes.supposed", "Share", c.Percent(h.Supposed))
	}
	return c.T("holes.covered", "Share", c.Percent(h.Covered))
}

// demandWords says what is asked: the lots, what they say of money and hours, the calls foreseen.
func (c *call) demandWords(h *matching.Hole) string {
	text := c.N("holes.lots", len(h.Demand.Lots))
	if h.Demand.AmountOf > 0 {
		text = joined(" · ", text, c.T("holes.amount", "Amount", c.Money(math.Round(h.Demand.Amount), "EUR")))
	}
	if h.Demand.HoursOf > 0 {
		text = joined(" · ", text, c.T("holes.hours", "Hours", c.Decimal(h.Demand.Hours, 0)))
	}
	if h.Expected > 0 {
		text = joined(" · ", text, c.N("holes.expected", h.Expected))
	}
	return text
}

// nearWords names the first two who could come.
func (c *call) nearWords(h *matching.Hole) string {
	var names []string
	for _, n := range first(h.Nearest, 2) {
		names = append(names, c.T("holes.near_one", "Name", n.Organisation.Name, "Words", n.Words.In(string(c.Lang))))
	}
	switch len(names) {
	case 0:
		if h.Lack == engine.LackGate {
			return c.T("holes.closed_near")
		}
		return c.T("holes.nobody_near")
	case 1:
		return c.T("holes.near", "Name", names[0])
	}
	return c.T("holes.near_two", "First", names[0], "Second", names[1])
}

func (c *call) lackTag(h *matching.Hole) Tag {
	state := map[engine.Lack]State{engine.LackAll: Missed, engine.LackSure: Assumed, engine.LackPart: Partial, engine.LackGate: Missed}[h.Lack]
	return Tag{Text: c.T("holes.lack_" + string(h.Lack)), State: state}
}

// holesMap draws the territories of the list, each numbered at its largest town.
func (c *call) holesMap(holes []matching.Hole) Map {
	var places []territories.Expr
	var points []MapPoint
	table := &MapTable{Summary: c.T("opps.map_list"), Caption: c.T("holes.map_title"), Head: []string{c.T("holes.need"), c.T("holes.unmet"), c.T("holes.lots_head")}, Numbers: []bool{false, true, true}}
	for i := range holes {
		h := &holes[i]
		places = append(places, h.Perimeter())
		label := strconv.Itoa(h.Rank)
		table.Rows = append(table.Rows, []string{label + ". " + c.holeTitle(h), c.Num(len(h.Unmet)), c.Num(len(h.Demand.Lots))})
		if most := c.mostPeopled(h.Set, 1); len(most) > 0 && c.s.cfg.Atlas.Commune(most[0]).HasPoint {
			points = append(points, MapPoint{Row: "t" + label, Label: label, Name: label + ". " + c.holeTitle(h), Href: holePath(h.Key), At: c.s.cfg.Atlas.Commune(most[0]).Point})
		}
	}
	if len(places) == 0 {
		return Map{}
	}
	asked, err := c.s.cfg.Atlas.Compile(territories.AnyOf(places...))
	if err != nil {
		return Map{}
	}
	m := c.s.draw(mapSpec{id: "carte", title: c.T("holes.map_title"), desc: c.T("holes.map_desc"), asked: asked, points: points})
	if m.Shown() {
		m.Legend = []LegendItem{{SwatchAsked, c.H("holes.legend_asked")}, {SwatchPin, c.H("holes.legend_pin")}}
		m.Table, m.Copy, m.Note = table, c.r.URL.RequestURI(), c.missing(m.Drawing)
	}
	return m
}

// mayProject says whether somebody may give projects to a pole.
func (c *call) mayProject(territory string) bool {
	p := c.s.compile(territory)
	return p != nil && accounts.Can(c.who.Identity, accounts.PoleEdit, accounts.Scope{Place: p.Set})
}

// poleScope is what a pole is to the policy: where it is.
func (c *call) allowPole(id int64) error {
	pole, err := c.s.cfg.Network.Pole(c.r.Context(), id)
	if err != nil {
		return err
	}
	p := c.s.compile(pole.Territory)
	if p == nil {
		return fault.NotFound("pole", id)
	}
	return accounts.Allow(c.who.Identity, accounts.PoleEdit, accounts.Scope{Place: p.Set})
}
