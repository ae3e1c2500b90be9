package web

import (
	"net/url"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/tenders"
	"maillage/territories"
)

// home is the first page of each role: what awaits, then what is new, then figures.
func (s *Server) home(c *call) error {
	switch c.who.Role {
	case accounts.Member:
		return s.homeOfMember(c)
	case accounts.Officer:
		return s.homeOfOfficer(c)
	case accounts.Employer:
		return s.homeOfEmployer(c)
	case accounts.Counsellor:
		return s.homeOfCounsellor(c)
	case accounts.Admin:
		return s.homeOfAdmin(c)
	}
	return s.homeOfAnyone(c)
}

// awaitHeading titles a page by how many things await, and its lead by the most urgent.
func (c *call) awaitHeading(awaits []Await) (heading, lead string) {
	today := upperFirst(c.Date(c.now))
	if len(awaits) == 0 {
		return c.T("home.heading_none"), c.T("home.lead_today", "Date", today)
	}
	return upperFirst(c.N("home.heading", len(awaits), "Count", c.Count(len(awaits)))), c.T("home.lead_first", "Date", today, "Title", lowerFirst(awaits[0].Title))
}

// OfficerHome is the first page of a development officer.
type OfficerHome struct {
	Page
	Heading, Lead  string
	Awaits         []Await
	NothingAwaits  Empty
	Unanswered     []OppRow
	UnansweredSaid string
	NoneUnanswered Empty
	Review         []OppRow
	Poles          []OrgRow
	Conventions    []OrgRow
	Drafts         []OppRow
	Map            Map
	Mirror         []Figure
}

// standingLot is an open lot with what became of its matches.
type standingLot struct {
	of                          *opportunities.Opportunity
	lot                         opportunities.Lot
	deadline                    time.Time
	ranked, interested, refused int
}

func (s *Server) homeOfOfficer(c *call) error {
	filter := opportunities.Filter{Open: true, PlaceKnown: true}
	if perimeter := s.compile(c.who.PerimeterExpr); perimeter != nil {
		filter.Territory = perimeter.Expr
	}
	lots, err := c.standing(filter)
	if err != nil {
		return err
	}
	page := &OfficerHome{Page: c.page(c.T("home.title")),
		NothingAwaits:  Empty{Title: c.T("home.nothing"), Text: c.T("home.nothing_officer"), Actions: []Link{{c.T("home.publish"), "/marches/nouveau"}, {c.T("home.see_open"), "/marches"}}},
		NoneUnanswered: Empty{Title: c.T("home.none_unanswered"), Text: c.T("home.none_unanswered_text"), Actions: []Link{{c.T("home.publish"), "/marches/nouveau"}}},
	}
	if len(lots) == 0 {
		page.NoneUnanswered.Title, page.NoneUnanswered.Text = c.T("home.no_lot"), c.T("home.no_lot_text")
	}
	c.sortStanding(page, lots)
	if err := c.countProposed(lots, page.Unanswered, page.Review); err != nil {
		return err
	}
	if err := c.awaitPairs(page); err != nil {
		return err
	}
	if err := c.awaitBuyers(page); err != nil {
		return err
	}
	if err := c.awaitStructures(page); err != nil {
		return err
	}
	if err := c.awaitQuestionnaires(page); err != nil {
		return err
	}
	if err := c.officerSurroundings(page); err != nil {
		return err
	}
	if page.Drafts, err = c.drafts(); err != nil {
		return err
	}
	page.Heading, page.Lead = c.awaitHeading(page.Awaits)
	return c.show("home_officer", page)
}

// awaitPairs asks for what an officer thinks of the calls that look alike.
func (c *call) awaitPairs(page *OfficerHome) error {
	pairs, err := c.pairsOf(tenders.PairProposed)
	if n := len(pairs); n > 0 {
		page.Awaits = append(page.Awaits, Await{Figure: c.Num(n), FigureWord: c.N("home.pairs_word", n), Title: c.N("home.pairs", n),
			Text: c.H("home.pairs_text"), Do: Link{c.T("home.pairs_do"), "/doublons"}})
	}
	return err
}

// drafts are what one's own organisation has not published yet.
func (c *call) drafts() ([]OppRow, error) {
	if c.who.OrganisationID == 0 {
		return nil, nil
	}
	found, err := c.s.cfg.Opportunities.List(c.r.Context(), opportunities.Filter{PublisherID: c.who.OrganisationID, Kinds: opportunities.KindsOf(c.who.Role), States: []opportunities.State{opportunities.Draft}}, opportunities.Request{Limit: shortList, Order: opportunities.Newest})
	if err != nil {
		return nil, err
	}
	return c.opportunityRows(found.Items, false), nil
}

// standing reads the open lots of a filter, soonest first, with their matches.
func (c *call) standing(filter opportunities.Filter) ([]standingLot, error) {
	found, err := c.s.cfg.Opportunities.List(c.r.Context(), filter, opportunities.Request{Limit: 200})
	if err != nil {
		return nil, err
	}
	var lots []standingLot
	var ids []opportunities.LotID
	for _, o := range found.Items {
		for _, lot := range liveLots(o) {
			if filter.Open && lot.Filled() {
				continue // of a need that is open by its other sites
			}
			in := lot.In(o)
			one := standingLot{of: o, lot: in, deadline: deadlineOf(o)}
			if in.Deadline != nil {
				one.deadline = *in.Deadline
			}
			lots, ids = append(lots, one), append(ids, lot.ID)
		}
	}
	counts, err := c.s.cfg.Matching.CountsOfLots(c.r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	for i := range lots {
		n := counts[lots[i].lot.ID]
		lots[i].ranked, lots[i].interested, lots[i].refused = n.Proposed, n.Interested, n.NotForUs
	}
	return lots, nil
}

// awaitsShown is how many things a page asks for at once.
const awaitsShown = 4

// sortStanding puts each lot where an officer looks for it: without candidate or answer, or to review.
func (c *call) sortStanding(page *OfficerHome, lots []standingLot) {
	answered, soon := 0, 0
	for _, lot := range lots {
		if lot.interested > 0 {
			answered++
			continue
		}
		days := c.daysLeft(c.now, lot.deadline)
		if !days.NoDate && days.Left <= 5 {
			soon++
		}
		row := c.standingRow(lot)
		if lot.ranked > 0 && lot.refused == 0 && len(page.Review) < shortList && len(page.Awaits) >= awaitsShown {
			page.Review = append(page.Review, row)
			continue
		}
		if len(page.Awaits) < awaitsShown && !days.NoDate && !days.Past {
			page.Awaits = append(page.Awaits, c.awaitLot(lot, days))
			continue
		}
		if len(page.Unanswered) < shortList {
			page.Unanswered = append(page.Unanswered, row)
		}
	}
	page.UnansweredSaid = c.N("home.unanswered_said", len(lots))
	page.Mirror = []Figure{
		{Label: c.T("home.figure_open"), Value: c.Num(len(lots))},
		{Label: c.T("home.figure_unanswered"), Value: c.Num(len(lots) - answered)},
		{Label: c.T("home.figure_interested"), Value: c.Num(answered)},
		{Label: c.T("home.figure_soon"), Value: c.Num(soon)},
	}
}

func (c *call) awaitLot(lot standingLot, days Days) Await {
	a := Await{Days: &days, Title: c.T("home.answer_lot", "Title", lotName(lot)), Do: Link{c.T("home.answer_lot_do"), standingPath(lot)},
		Text: c.H("home.answer_lot_text", "Ranked", upperFirst(c.N("home.ranked", lot.ranked)), "When", c.When(lot.deadline, c.now))}
	if lot.ranked == 0 {
		a.Text, a.Do.Text = c.H("home.hole_text", "When", c.When(lot.deadline, c.now)), c.T("home.hole_do")
	}
	return a
}

func lotName(lot standingLot) string {
	return lotTitle(matching.LotHead{Title: lot.lot.Title, Opportunity: lot.of.Title, Number: lot.lot.Number})
}

func standingPath(lot standingLot) string {
	return opportunityPath(lot.of.ID) + "?" + query("lot", strconv.FormatInt(int64(lot.lot.ID), 10))
}

func (c *call) standingRow(lot standingLot) OppRow {
	row := OppRow{Row: "l" + strconv.FormatInt(int64(lot.lot.ID), 10), Title: lotName(lot), Href: standingPath(lot),
		Over: joined(" · ", lot.of.BuyerName, c.placeWords(lot.lot.Place)), Days: c.daysLeft(c.now, lot.deadline)}
	ranked := Tag{Text: c.N("home.ranked", lot.ranked), Kind: true}
	if lot.ranked == 0 {
		ranked = Tag{Text: c.T("home.nobody"), State: Missed}
	}
	if lot.of.Kind.ForPeople() { // no enterprise is ranked on it
		ranked = Tag{Text: c.T("kind." + string(lot.of.Kind)), Kind: true}
	}
	places, taken := c.placesOfLot(lot.of, &lot.lot)
	if taken {
		row.Tags = append(row.Tags, places)
	}
	if taken && lot.lot.Filled() { // there is nothing to answer any more, nor anybody to look for
		row.Days = c.noMore()
	} else {
		row.Tags = append(row.Tags, ranked)
	}
	if lot.interested > 0 {
		row.Tags = append(row.Tags, Tag{Text: c.N("home.interested", lot.interested), State: Met})
	}
	if tag, ok := c.clauseTag(lot.lot.Clause); ok {
		row.Tags = append(row.Tags, tag)
	}
	return row
}

// officerSurroundings adds the perimeter's map, poles and conventions.
func (c *call) officerSurroundings(page *OfficerHome) error {
	perimeter := c.s.compile(c.who.PerimeterExpr)
	if perimeter == nil {
		return nil
	}
	around := &TerritoryPage{}
	if err := c.fillTies(around, perimeter.Set); err != nil {
		return err
	}
	page.Poles, page.Conventions = first(around.Poles, 5), first(around.Conventions, 5)
	members, err := c.s.cfg.Network.Counts(c.r.Context(), network.Filter{Roles: []network.Role{network.Member}, Territory: perimeter.Expr, Presence: network.BySite})
	if err != nil {
		return err
	}
	page.Mirror = append(page.Mirror, Figure{Label: c.T("home.figure_members"), Value: c.Num(members.Total)}, Figure{Label: c.T("home.figure_specify"), Value: c.Num(members.ToSpecify)})
	if n := members.ToSpecify; n > 0 {
		page.Awaits = append(page.Awaits, Await{Figure: c.Num(n), FigureWord: c.N("home.members_word", n), Title: c.N("home.specify_members", n), Text: c.H("home.specify_members_text"),
			Do: Link{c.T("home.specify_members_do"), "/membres?" + url.Values{"fiche": {"preciser"}, "presence": {"site"}, "ou": {perimeter.Text}}.Encode()}})
	}
	page.Map = c.territoryMap(c.s.cfg.Atlas.Describe(perimeter.Expr, string(c.Lang)), perimeter, nil)
	page.Map.Table = nil
	return nil
}

func first[T any](list []T, most int) []T { return list[:min(most, len(list))] }

// lowerFirst makes a title the middle of a sentence.
func lowerFirst(s string) string {
	for i, r := range s {
		return string(toLower(r)) + s[i+len(string(r)):]
	}
	return s
}

// PublicHome is the first page of anyone.
type PublicHome struct {
	Page
	Heading, Lead string
	What, Where   Field
	Open          []OppRow
	OpenSaid      string
	NoneOpen      Empty
	Poles         []OrgRow
	Map           Map
	Accounts      []DemoAccount
	Mirror        []Figure
}

// DemoAccount is a role that a visitor of the demonstration may try.
type DemoAccount struct{ Key, Role, Who string }

func (s *Server) homeOfAnyone(c *call) error {
	open := opportunities.Filter{Open: true}
	page := &PublicHome{Page: c.page(c.T("home.title_public")), Heading: c.T("home.heading_public"), Lead: c.T("home.lead_public"),
		What:     Field{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("home.what"), Hint: c.T("home.what_hint")},
		Where:    Field{ID: "ou", Name: "ou", Kind: "search", Label: c.T("home.where"), Hint: c.T("home.where_hint"), Combo: "/suggestions/territoires"},
		NoneOpen: Empty{Title: c.T("home.none_open"), Text: c.T("home.none_open_text")}, Accounts: c.demoAccounts()}
	if c.who.Role == accounts.Researcher {
		page.Heading, page.Lead = c.T("home.heading_researcher"), c.T("home.lead_researcher")
	}
	if c.who.Known() {
		page.Accounts = nil
	}
	list, err := s.cfg.Opportunities.List(c.r.Context(), open, opportunities.Request{Limit: shortList})
	if err != nil {
		return err
	}
	counts, err := s.cfg.Opportunities.Counts(c.r.Context(), open)
	if err != nil {
		return err
	}
	page.Open, page.OpenSaid = c.opportunityRows(list.Items, false), c.N("home.open_said", counts.Open)
	if err := c.publicFigures(page, counts); err != nil {
		return err
	}
	return c.show("home_public", page)
}

func (c *call) publicFigures(page *PublicHome, counts opportunities.Counts) error {
	ctx := c.r.Context()
	members, err := c.s.cfg.Network.Counts(ctx, network.Filter{Roles: []network.Role{network.Member}})
	if err != nil {
		return err
	}
	poles, err := c.s.cfg.Network.Poles(ctx)
	if err != nil {
		return err
	}
	for _, pole := range first(poles, 6) {
		page.Poles = append(page.Poles, c.poleRow(pole))
	}
	page.Mirror = []Figure{
		{Label: c.T("home.figure_members"), Value: c.Num(members.Total)},
		{Label: c.T("home.figure_open"), Value: c.Num(counts.Open)},
		{Label: c.T("home.figure_poles"), Value: c.Num(len(poles))},
		{Label: c.T("home.figure_communes"), Value: c.Num(c.s.cfg.Atlas.Len())},
	}
	page.Map, err = c.everyMember()
	return err
}

// everyMember is the map of all members, near ones together. The live map asks for its points
// apart: a page does not carry thousands.
func (c *call) everyMember() (Map, error) {
	points, err := c.s.everyone.get(c.now, c.memberPoints)
	if err != nil || len(points) == 0 {
		return Map{}, err
	}
	m := c.s.draw(mapSpec{id: "carte", title: c.T("home.map_members"), desc: c.T("members.map_desc"), points: points, towns: 1})
	m.Legend = []LegendItem{{SwatchPin, c.H("home.map_legend")}}
	m.Points = ""
	if m.Live != "" {
		m.Live += "&membres=tous"
	}
	return m, nil
}

// memberPoints is where each member stands.
func (c *call) memberPoints() ([]MapPoint, error) {
	var points []MapPoint
	err := c.s.cfg.Network.Each(c.r.Context(), network.Filter{Roles: []network.Role{network.Member}}, func(o *network.Organisation) bool {
		if at, ok := c.siteOf(o); ok {
			points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Name: o.Called(), Href: memberPath(o.ID), At: at})
		}
		return true
	})
	return points, err
}

// EmployerHome is the first page of a sector employer.
type EmployerHome struct {
	Page
	Heading, Lead string
	Needs         []OppRow
	Said          string
	NoNeed        Empty
	Around        []OrgRow
	Steps         []Step
	Waiting       []Await       // the needs to which people are presented
	Received      *ReceivedView // the cards of the most urgent one
}

// Step is one of what comes next.
type Step struct {
	Title, Text string
	Now         bool
}

func (s *Server) homeOfEmployer(c *call) error {
	page := &EmployerHome{Page: c.page(c.T("home.my_needs")), Heading: c.T("home.heading_employer_none"), Lead: c.T("home.lead_employer"),
		NoNeed: Empty{Title: c.T("home.no_need"), Text: c.T("home.no_need_text"), Actions: []Link{{c.T("home.post_need"), "/besoins/nouveau"}}}}
	mine := opportunities.Filter{PublisherID: c.who.OrganisationID, Kinds: opportunities.KindsOf(c.who.Role)}
	now := 0
	if c.who.OrganisationID != 0 {
		lots, err := c.standing(mine)
		if err != nil {
			return err
		}
		open := 0
		for _, lot := range lots {
			row := c.standingRow(lot)
			if tag, ok := c.stateTag(lot.of); ok {
				row.Tags = append([]Tag{tag}, row.Tags...)
			}
			page.Needs = append(page.Needs, row)
			if lot.of.Open(c.now) && !lot.lot.Filled() && !lot.of.Kind.ForPeople() {
				open++
				now = max(now, stepOf(lot))
			}
		}
		if open > 0 {
			page.Heading = upperFirst(c.N("home.heading_employer", open, "Count", c.Count(open)))
		}
		if page.Around, err = c.around(); err != nil {
			return err
		}
	}
	for i, key := range []string{"post", "see", "meet", "start"} {
		page.Steps = append(page.Steps, Step{Title: c.T("home.step_" + key), Text: c.T("home.step_" + key + "_text"), Now: i == now})
	}
	if err := c.homeReceived(page); err != nil {
		return err
	}
	return c.show("home_employer", page)
}

// stepOf is how far a need has come: who can answer is to be seen, or somebody is to be met.
func stepOf(lot standingLot) int {
	if lot.interested > 0 {
		return 2
	}
	return 1
}

// aroundKm is how far "around you" goes.
const aroundKm = 30

// around lists the members near one's own organisation, the nearest first.
func (c *call) around() ([]OrgRow, error) {
	o, err := c.own()
	if err != nil {
		return nil, err
	}
	site := mainSite(o)
	if site == nil || site.Commune == "" {
		return nil, nil
	}
	here, ok := c.s.cfg.Atlas.Ordinal(site.Commune)
	if !ok {
		return nil, nil
	}
	found, err := c.s.cfg.Network.List(c.r.Context(), network.Filter{Roles: []network.Role{network.Member}, Presence: network.BySite, Territory: territories.RadiusOf(site.Commune, aroundKm)}, network.Request{Limit: 100})
	if err != nil {
		return nil, err
	}
	return c.byDistance(here, found.Items), nil
}
