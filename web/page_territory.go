package web

import (
	"strconv"

	"maillage/internal/fault"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// TerritoriesPage finds a territory by its name, or lists the régions.
type TerritoriesPage struct {
	Page
	Query   Field
	Asked   bool
	Found   string
	Hits    []OrgRow
	Empty   Empty
	Regions []RegionRow
	Map     Map
}

// RegionRow is a région with its figures, in words and to sort by.
type RegionRow struct {
	Name, Href, People, Communes string
	PeopleN, CommunesN           int
}

// TerritoryPage is one territory: who is there, what is open, which poles and conventions.
type TerritoryPage struct {
	Page
	Heading, Lead, Notice string
	Figures               []Figure
	Open                  []OppRow
	OpenSaid, OpenAll     string
	NoneOpen              Empty
	Members               []OrgRow
	WhoSaid, WhoAll       string
	Nobody                Empty
	Poles, Conventions    []OrgRow
	Around                []OrgRow
	Map                   Map
	Skills                string // address of the skills outlook, for who may read it
}

func (s *Server) territories(c *call) error {
	words := c.query("q")
	page := &TerritoriesPage{Page: c.page(c.T("territories.title")), Asked: words != "",
		Query: Field{ID: "q", Name: "q", Kind: "search", Label: c.T("territories.query"), Value: words, Combo: "/suggestions/territoires"}}
	if page.Asked {
		for _, hit := range s.cfg.Atlas.Search(words, territories.SearchOptions{Limit: 40}) {
			page.Hits = append(page.Hits, c.territoryRow(hit.Ref, hit.Departement, hit.Population))
		}
		page.Found = c.N("territories.found", len(page.Hits))
		page.Empty = Empty{Title: c.T("territories.found_none"), Text: c.T("territories.empty_text"), Actions: []Link{{c.T("territories.regions"), "/territoires"}}}
		return c.show("territories", page)
	}
	for _, ref := range s.cfg.Atlas.Refs(territories.KindRegion) {
		set, err := s.cfg.Atlas.Of(ref)
		if err != nil {
			return err
		}
		name, _ := s.cfg.Atlas.Name(ref)
		people := int(s.cfg.Atlas.Population(set))
		page.Regions = append(page.Regions, RegionRow{Name: name, Href: territoryPath(ref), People: c.Num(people), PeopleN: people, Communes: c.Num(set.Len()), CommunesN: set.Len()})
	}
	page.Map = s.draw(mapSpec{id: "carte", title: c.T("territories.map_title"), desc: c.T("territories.map_desc"), towns: 9})
	return c.show("territories", page)
}

func (c *call) territoryRow(ref territories.Ref, departement string, population int64) OrgRow {
	name, _ := c.s.cfg.Atlas.Name(ref)
	if departement != "" && ref.Kind != territories.KindDepartement {
		name += " (" + departement + ")"
	}
	over := c.T("tkind." + string(ref.Kind))
	if population > 0 {
		over += ", " + c.N("people", int(population))
	}
	return OrgRow{Name: name, Href: territoryPath(ref), Over: over}
}

func (s *Server) territory(c *call) error {
	ref, err := territories.ParseRef(c.r.PathValue("kind") + ":" + c.r.PathValue("code"))
	if err != nil {
		return fault.NotFound("territory", c.r.PathValue("code")).Because(err)
	}
	if heir, ok := c.heir(ref); ok {
		return c.to("/territoires/commune/"+string(heir), "")
	}
	perimeter, err := s.cfg.Atlas.Compile(territories.In(ref))
	if err != nil {
		return fault.NotFound("territory", ref).Because(err)
	}
	name, _ := s.cfg.Atlas.Name(ref)
	page := &TerritoryPage{
		Page: c.page(name, Crumb{c.T("territories.title"), "/territoires"}, Crumb{Text: name}), Heading: name,
		Lead:     c.T("territory.lead", "Kind", c.T("tkind."+string(ref.Kind)), "Communes", c.N("communes", perimeter.Set.Len()), "People", c.Num(int(perimeter.Population))),
		NoneOpen: Empty{Title: c.T("territory.none_open"), Text: c.T("territory.none_open_text"), Actions: []Link{{c.T("home.see_open"), "/marches"}}},
		Nobody:   Empty{Title: c.T("territory.nobody"), Text: c.T("territory.nobody_text")},
		OpenAll:  "/marches?" + query("ou", ref.String()), WhoAll: "/membres?" + query("ou", ref.String()),
		Around: c.above(ref, perimeter.Set),
	}
	if c.canSeeSkills() {
		page.Skills = skillsPath + "?" + query("ou", ref.String())
	}
	if err := c.fillTerritory(page, perimeter); err != nil {
		return err
	}
	if err := c.fillTies(page, perimeter.Set); err != nil {
		return err
	}
	return c.show("territory", page)
}

// heir is the one commune that holds today the place of one that is no more:
// an address that was right once leads to it. A place shared out has none.
func (c *call) heir(ref territories.Ref) (territories.CommuneCode, bool) {
	if ref.Kind != territories.KindCommune {
		return "", false
	}
	r := c.s.cfg.Atlas.Resolve(territories.CommuneCode(ref.Code), territories.DateOf(c.now))
	if r.Valid || len(r.Current) != 1 {
		return "", false
	}
	return r.Current[0].Code, true
}

// shortList is how many rows a section of a page shows before it sends to the whole list.
const shortList = 8

func (c *call) fillTerritory(page *TerritoryPage, perimeter *territories.Perimeter) error {
	ctx := c.r.Context()
	open := opportunities.Filter{Open: true, Territory: perimeter.Expr, PlaceKnown: true}
	list, err := c.s.cfg.Opportunities.List(ctx, open, opportunities.Request{Limit: shortList})
	if err != nil {
		return err
	}
	counts, err := c.s.cfg.Opportunities.Counts(ctx, open)
	if err != nil {
		return err
	}
	page.Open, page.OpenSaid = c.opportunityRows(list.Items, false), c.N("territory.open_said", counts.Total)
	settled := network.Filter{Roles: []network.Role{network.Member}, Territory: perimeter.Expr, Presence: network.BySite}
	members, err := c.s.cfg.Network.List(ctx, settled, network.Request{Limit: shortList})
	if err != nil {
		return err
	}
	here, err := c.s.cfg.Network.Counts(ctx, settled)
	if err != nil {
		return err
	}
	serving, err := c.s.cfg.Network.Counts(ctx, network.Filter{Roles: []network.Role{network.Member}, Territory: perimeter.Expr, Presence: network.ByZone})
	if err != nil {
		return err
	}
	page.Members, page.WhoSaid = c.memberRows(members.Items, true), c.N("territory.who_said", here.Total)
	page.Figures = []Figure{
		{Label: c.T("home.figure_open"), Value: c.Num(counts.Total)},
		{Label: c.T("territory.settled"), Value: c.Num(here.Total)},
		{Label: c.T("territory.serving"), Value: c.Num(serving.Total)},
		{Label: c.T("opp.people"), Value: c.Num(int(perimeter.Population))},
	}
	page.Map = c.territoryMap(page.Heading, perimeter, members.Items)
	return nil
}

func (c *call) territoryMap(name string, perimeter *territories.Perimeter, members []*network.Organisation) Map {
	points := []MapPoint{}
	for i, o := range members {
		if at, ok := c.siteOf(o); ok {
			label := strconv.Itoa(i + 1)
			points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: label, Name: label + ". " + o.Called(), Href: memberPath(o.ID), At: at})
		}
	}
	m := c.s.draw(mapSpec{id: "carte", title: name, desc: c.T("territory.map_desc"), asked: perimeter, points: points})
	if !m.Shown() {
		return m
	}
	m.Legend = []LegendItem{{SwatchAsked, c.H("territory.legend", "Name", name, "N", c.N("communes", perimeter.Set.Len()))}}
	if len(points) > 0 {
		m.Legend = append(m.Legend, LegendItem{SwatchPin, c.H("members.map_pin")})
	}
	m.Note, m.Table = c.missing(m.Drawing), c.crossingTable(perimeter, nil, name)
	if m.Table != nil {
		m.Table.Caption = name // a territory is nobody's lot
	}
	return m
}

// above are the wider territories around one: its EPCI, its département, its région.
func (c *call) above(ref territories.Ref, set *territories.Set) []OrgRow {
	largest := c.mostPeopled(set, 1)
	if len(largest) == 0 {
		return nil
	}
	commune := c.s.cfg.Atlas.Commune(largest[0])
	var rows []OrgRow
	for _, up := range []territories.Ref{{Kind: territories.KindEPCI, Code: commune.EPCI}, {Kind: territories.KindDepartement, Code: commune.Departement}, {Kind: territories.KindRegion, Code: commune.Region}} {
		whole, err := c.s.cfg.Atlas.Of(up)
		if up.Code == "" || up == ref || err != nil || whole.Len() <= set.Len() {
			continue
		}
		rows = append(rows, c.territoryRow(up, "", c.s.cfg.Atlas.Population(whole)))
	}
	return rows
}

// fillTies adds the poles and the conventions whose territory touches this one.
func (c *call) fillTies(page *TerritoryPage, set *territories.Set) error {
	poles, err := c.s.cfg.Network.Poles(c.r.Context())
	if err != nil {
		return err
	}
	for _, pole := range poles {
		if p := c.s.compile(pole.Territory); p != nil && p.Set.Intersects(set) {
			page.Poles = append(page.Poles, c.poleRow(pole))
		}
	}
	conventions, err := c.s.cfg.Network.Partnerships(c.r.Context())
	if err != nil {
		return err
	}
	for _, convention := range conventions {
		if p := c.s.compile(convention.Territory); p != nil && p.Set.Intersects(set) {
			page.Conventions = append(page.Conventions, c.conventionRow(convention))
		}
	}
	return nil
}
