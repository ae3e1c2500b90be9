package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"maillage/accounts"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// OpportunitiesPage lists what is published, with its map.
type OpportunitiesPage struct {
	Page
	Heading, Lead string
	Action        string // of the filters
	Filters       []Field
	Clear         string // address without any filter; empty when there is none
	Warning       string
	Found         string
	Sorts         []Option
	Rows          []OppRow
	Pager         Pager
	Empty         Empty
	Map           Map
	Follow        Follow
	Save          SaveSearch
	Publish       string // where to publish; empty: the person does not
	PublishSaid   string // in other words than everywhere
	Duplicates    string // where look-alikes are judged; empty: the person does not
}

// pageSize is how many rows a list shows.
const pageSize = 25

func (s *Server) opportunities(c *call) error {
	if c.query("nature") == string(opportunities.Expected) { // they have their own list
		return c.to("/a-venir?"+url.Values{"quoi": {c.query("quoi")}, "ou": {c.query("ou")}, "secteur": {c.query("secteur")}}.Encode(), "")
	}
	filter, warning := c.opportunityFilter()
	request := opportunities.Request{After: c.query("apres"), Limit: pageSize, Order: opportunities.Soonest}
	if c.query("tri") == "recent" {
		request.Order = opportunities.Newest
	}
	found, err := s.cfg.Opportunities.List(c.r.Context(), filter, request)
	if err != nil {
		return err
	}
	counts, err := s.cfg.Opportunities.Counts(c.r.Context(), filter)
	if err != nil {
		return err
	}
	page := &OpportunitiesPage{
		Action: "/marches", Page: c.page(c.T("opps.title")), Heading: c.T("opps.heading"), Lead: c.T("opps.lead"),
		Filters: c.opportunityFields(), Warning: warning,
		Found: c.N("opps.found", counts.Total), Rows: c.opportunityRows(found.Items, true),
		Sorts: []Option{
			{Text: c.T("opps.sort_deadline"), Value: c.with("tri", "", "apres", ""), Selected: request.Order == opportunities.Soonest},
			{Text: c.T("opps.sort_recent"), Value: c.with("tri", "recent", "apres", ""), Selected: request.Order == opportunities.Newest},
		},
		Empty: Empty{Title: c.T("opps.found_none"), Text: c.T("opps.empty_text"), Actions: []Link{{c.T("opps.clear"), "/marches"}}},
		Map:   c.opportunitiesMap(found.Items), Follow: c.follow(found.Items), Save: c.saveSearch(),
	}
	if c.r.URL.RawQuery != "" {
		page.Clear = "/marches"
	}
	if c.may(accounts.OpportunityCreate) {
		page.Publish = "/marches/nouveau"
		if c.who.Role == accounts.Employer {
			page.Publish = "/besoins/nouveau"
		}
	}
	if c.may(accounts.ProcurementPairs) {
		page.Duplicates = "/doublons"
	}
	c.markChanged(page.Rows, found.Items)
	page.Pager = c.pager(found.Next)
	return c.show("opportunities", page)
}

// pager leads on from a keyset list: there is a next page, and the first.
func (c *call) pager(next string) Pager {
	var p Pager
	if next != "" {
		p.Next = c.with("apres", next)
	}
	if c.query("apres") != "" {
		p.Previous = c.with("apres", "")
	}
	return p
}

// opportunityFilter reads the filters of the address; a place that is not understood is said, not
// guessed.
func (c *call) opportunityFilter() (opportunities.Filter, string) {
	f := opportunities.Filter{Text: c.query("quoi")}
	warning := ""
	if sector, err := nomenclatures.ParseSector(c.query("secteur")); err == nil {
		f.Codes = []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: string(sector)}}
	}
	if words := c.query("ou"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			warning = c.T("opps.place_unknown", "Words", words)
		} else {
			f.Territory = expr
		}
	}
	switch clause := c.query("clause"); opportunities.Verdict(clause) {
	case opportunities.ClauseReserved, opportunities.ClauseExecution, opportunities.ClauseCriterion, opportunities.ClauseObject, opportunities.ClauseNone, opportunities.ClauseToConfirm:
		f.Verdicts = []opportunities.Verdict{opportunities.Verdict(clause)}
	}
	for _, kind := range opportunities.Kinds() {
		if c.query("nature") == string(kind) {
			f.Kinds = []opportunities.Kind{kind}
		}
	}
	c.dueFilter(&f)
	return f, warning
}

// dueFilter reads when it is due. Drafts are nobody's to list here.
func (c *call) dueFilter(f *opportunities.Filter) {
	switch c.query("remise") {
	case "5":
		f.Open, f.To = true, c.afterWorkingDays(5)
	case "10":
		f.Open, f.To = true, c.afterWorkingDays(10)
	case "passee":
		f.Public, f.To = true, c.now
	case "toutes":
		f.Public = true
	default:
		f.Open = true
	}
}

// afterWorkingDays is the end of the nth working day from now.
func (c *call) afterWorkingDays(n int) time.Time {
	day := c.now.In(c.zone)
	for c.daysLeft(c.now, day).Left < n {
		day = day.AddDate(0, 0, 1)
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, c.zone)
}

// placeAsked understands "departement:26", a perimeter as it is stored, or words.
func (c *call) placeAsked(words string) (territories.Expr, error) {
	if strings.HasPrefix(words, "{") {
		return territories.ParseExpr([]byte(words))
	}
	if ref, err := territories.ParseRef(words); err == nil {
		return territories.In(ref), nil
	}
	return c.s.cfg.Atlas.ParseWords(words)
}

// placeText shows a place of the address in words: those of a stored perimeter, or the ones typed.
func (c *call) placeText(asked string) string {
	if said := c.perimeterWords(asked); strings.HasPrefix(asked, "{") && said != "" {
		return said
	}
	if ref, err := territories.ParseRef(asked); err == nil {
		return c.s.cfg.Atlas.Describe(territories.In(ref), "fr")
	}
	return asked
}

func (c *call) opportunityFields() []Field {
	verdicts := []string{"reserved", "execution", "criterion", "object", "to_confirm", "none"}
	return []Field{
		{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("opps.text"), Value: c.query("quoi")},
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(c.query("ou")), Combo: "/suggestions/territoires"},
		{ID: "secteur", Name: "secteur", Kind: "select", Label: c.T("opps.sector"), Required: true, Options: c.sectorOptions(c.query("secteur"), c.T("opps.sector_any"))},
		{ID: "clause", Name: "clause", Kind: "select", Label: c.T("opps.clause"), Required: true, Options: c.options("clause.", c.query("clause"), c.T("opps.clause_any"), verdicts...)},
		{ID: "nature", Name: "nature", Kind: "select", Label: c.T("opps.kind"), Required: true, Options: c.options("kind.", c.query("nature"), c.T("opps.kind_any"), kindNames()...)},
		{ID: "remise", Name: "remise", Kind: "select", Label: c.T("opps.deadline"), Required: true, Options: []Option{
			{Value: "", Text: c.T("opps.due_any")},
			{Value: "5", Text: c.T("opps.due_5"), Selected: c.query("remise") == "5"},
			{Value: "10", Text: c.T("opps.due_10"), Selected: c.query("remise") == "10"},
			{Value: "passee", Text: c.T("opps.due_past"), Selected: c.query("remise") == "passee"},
			{Value: "toutes", Text: c.T("opps.due_all"), Selected: c.query("remise") == "toutes"},
		}},
	}
}

func kindNames() []string {
	names := []string{}
	for _, kind := range opportunities.Kinds() {
		names = append(names, string(kind))
	}
	return names
}

// options makes the choices of a list, each named by a message; any is the first, empty one.
func (c *call) options(prefix, selected, any string, values ...string) []Option {
	all := make([]Option, 0, len(values)+1)
	if any != "" {
		all = append(all, Option{Text: any})
	}
	for _, value := range values {
		all = append(all, Option{Value: value, Text: c.T(prefix + value), Selected: value == selected})
	}
	return all
}

// sectorOptions lists the sectors in the order of the crosswalk.
func (c *call) sectorOptions(selected, any string) []Option {
	all := []Option{{Text: any}}
	for _, sector := range nomenclatures.Sectors() {
		group := sector.GroupFR
		if c.Lang == English {
			group = sector.GroupEN
		}
		all = append(all, Option{Value: string(sector.Code), Text: sector.Label(string(c.Lang)), Group: group, Selected: string(sector.Code) == selected})
	}
	return all
}

// opportunityRows makes the rows of a list; ranked ties each to its number on the map.
func (c *call) opportunityRows(items []*opportunities.Opportunity, ranked bool) []OppRow {
	rows := make([]OppRow, 0, len(items))
	for i, o := range items {
		row := c.opportunityRow(o)
		if ranked {
			row.Title = strconv.Itoa(i+1) + ". " + row.Title
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) opportunityRow(o *opportunities.Opportunity) OppRow {
	row := OppRow{
		Row: "m" + strconv.FormatInt(int64(o.ID), 10), Title: o.Title, Href: opportunityPath(o.ID),
		Over: joined(" · ", o.BuyerName, c.placeWords(o.Place)), Days: c.placeDays(o.Place, deadlineOf(o)),
	}
	if lots := liveLots(o); len(lots) > 1 {
		row.Over = joined(" · ", row.Over, c.N(lotsWord(o.Kind), len(lots)))
	}
	if o.Insertion != nil {
		c.hoursRow(o, &row)
	}
	if ended(o) {
		row.Days = Days{NoDate: true, When: c.T("ostate." + string(o.State))}
	}
	if o.Filled() && o.Running(c.now) {
		row.Days = c.noMore()
	}
	if o.Kind != opportunities.Tender {
		row.Tags = append(row.Tags, Tag{Text: c.T("kind." + string(o.Kind)), Kind: true})
	}
	if tag, ok := c.stateTag(o); ok {
		row.Tags = append(row.Tags, tag)
	}
	if tag, ok := c.placesOf(o); ok {
		row.Tags = append(row.Tags, tag)
	}
	if tag, ok := c.clauseTag(o.Clause); ok {
		row.Tags = append(row.Tags, tag)
	}
	if o.Insertion != nil && o.Insertion.Supposed {
		row.Tags = append(row.Tags, Tag{Text: c.T("hours.supposed"), State: Assumed})
	}
	row.Tags = append(row.Tags, c.codeTags(tradesOf(o), 2)...)
	c.positionRow(o, &row)
	return row
}

// lotsWord names the lots of a kind: a place for people has places.
func lotsWord(kind opportunities.Kind) string {
	switch {
	case kind == opportunities.TrainingSession:
		return "trainings.found"
	case kind.HasPositions():
		return "position.sites"
	}
	return "opp.lots_n"
}

// ended tells what nobody can answer any more: its deadline, past or not, counts no days.
func ended(o *opportunities.Opportunity) bool {
	return o.State == opportunities.Closed || o.State == opportunities.Awarded || o.State == opportunities.Cancelled
}

// tradesOf is what an opportunity is about: its own codes, else those of its lots.
func tradesOf(o *opportunities.Opportunity) []nomenclatures.Code {
	if len(o.Codes) > 0 {
		return o.Codes
	}
	var codes []nomenclatures.Code
	for _, lot := range o.Lots {
		codes = append(codes, lot.Codes...)
	}
	return codes
}

func liveLots(o *opportunities.Opportunity) []opportunities.Lot {
	lots := make([]opportunities.Lot, 0, len(o.Lots))
	for _, lot := range o.Lots {
		if !lot.Withdrawn {
			lots = append(lots, lot)
		}
	}
	return lots
}

func deadlineOf(o *opportunities.Opportunity) time.Time {
	if o.Deadline == nil {
		return time.Time{}
	}
	return *o.Deadline
}

func opportunityPath(id opportunities.ID) string {
	return "/marches/" + strconv.FormatInt(int64(id), 10)
}

// joined puts a separator between what is not empty.
func joined(separator string, parts ...string) string {
	text := ""
	for _, part := range parts {
		if part == "" {
			continue
		}
		if text != "" {
			text += separator
		}
		text += part
	}
	return text
}

// opportunitiesMap shows each opportunity of the list at the most peopled commune of its place.
func (c *call) opportunitiesMap(items []*opportunities.Opportunity) Map {
	var points []MapPoint
	table := &MapTable{Summary: c.T("opps.map_list"), Caption: c.T("opps.map_title"),
		Head: []string{c.T("opps.column_title"), c.T("opps.column_place")}, Numbers: []bool{false, false}}
	for i, o := range items {
		at, ok := c.pointOf(o.Place)
		if !ok {
			continue
		}
		label := strconv.Itoa(i + 1)
		points = append(points, MapPoint{Row: "m" + strconv.FormatInt(int64(o.ID), 10), Label: label, Name: label + ". " + o.Title, Href: opportunityPath(o.ID), At: at})
		table.Rows = append(table.Rows, []string{label + ". " + clip(o.Title, 60), c.placeWords(o.Place)})
	}
	if len(points) == 0 {
		return Map{}
	}
	m := c.s.draw(mapSpec{id: "carte", title: c.T("opps.map_title"), desc: c.T("opps.map_desc"), points: points})
	m.Legend = []LegendItem{{SwatchPin, c.H("opps.map_pin")}}
	m.Table, m.Copy = table, c.r.URL.RequestURI()
	return m
}

// pointOf is where to show a place: its most peopled commune that has a point.
func (c *call) pointOf(p opportunities.Place) (orb.Point, bool) {
	if p.Scope != opportunities.InCommunes {
		return orb.Point{}, false
	}
	perimeter := c.s.compile(p.Perimeter)
	if perimeter == nil {
		return orb.Point{}, false
	}
	best := -1
	atlas := c.s.cfg.Atlas
	perimeter.Set.Each(func(ord int) bool {
		commune := atlas.Commune(ord)
		if commune.HasPoint && (best < 0 || commune.Population > atlas.Commune(best).Population) {
			best = ord
		}
		return true
	})
	if best < 0 {
		return orb.Point{}, false
	}
	return atlas.Commune(best).Point, true
}
