package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// OpportunityPage is one opportunity: its facts, its lots, who can answer and why, where it crosses.
type OpportunityPage struct {
	Page
	Heading, Lead, Notice string
	Facts                 []Fact
	Actions               []ActionLink
	Clauses               []ClauseRow
	Quote                 *Quote
	Description           []string
	Lots                  []LotTab
	LotTitle              string
	LotFacts              []Fact

	ShowMatches bool
	WhoHeading  string
	WhoSaid     string
	Criteria    []string // heads of the bars
	Columns     int
	Candidates  []Candidate
	Pager       Pager
	NoCandidate Empty
	Near        []NearView
	Specify     []OrgRow
	SpecifySaid string

	Mine     []MatchView
	MineNear []NearView
	MineNone bool // a member whom no lot suits
	History  []EventRow
	Map      Map
	MapNote  string
}

// ActionLink is a gesture of who published it.
type ActionLink struct {
	Text, Href string
	Post       bool
}

// ClauseRow is the social verdict of a lot.
type ClauseRow struct {
	Lot, Verdict, Article, Hours string
	Evidence                     Tag
}

// Quote is a passage that supports a verdict.
type Quote struct{ Before, Marked, After, Source string }

// LotTab is a lot to choose.
type LotTab struct {
	Title, Place, Amount, Standing, Href string
	Current, Alone                       bool
}

// Candidate is an enterprise ranked on a lot.
type Candidate struct {
	ID, Name, Href, Over, Standing string
	Rank                           int
	Select                         string
	Selected                       bool
	Score                          float64
	Confidence                     string
	Assumed                        string
	Crits                          []Criterion
	WhyTitle, Why, Computed        string
	Detail                         []DetailRow
	Total                          string
}

// DetailRow is a criterion in the detail of a score.
type DetailRow struct{ Name, Sentence, Points string }

// EventRow is an entry of a history.
type EventRow struct {
	What, When string
	Changes    []ChangeRow
}

// ChangeRow is the difference of one field.
type ChangeRow struct{ Field, Before, After string }

func (s *Server) opportunity(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return err
	}
	scope := c.scopeOfOpportunity(o)
	if o.State == opportunities.Draft && !accounts.Can(c.who.Identity, accounts.OpportunityDraft, scope) {
		return fault.NotFound("opportunity", id)
	}
	lots := liveLots(o)
	lot := chosenLot(lots, c.query("lot"))
	page := &OpportunityPage{
		Page:    c.page(o.Title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: clip(o.Title, 60)}),
		Heading: o.Title, Lead: c.opportunityLead(o, lots), Notice: c.opportunityNotice(o), Facts: c.opportunityFacts(o),
		Description: paragraphs(o.Description), Actions: c.opportunityActions(o, scope),
	}
	page.Clauses, page.Quote = c.clauseRows(o, lots), c.quote(o, lot)
	page.ShowMatches = lot != nil && accounts.Can(c.who.Identity, accounts.MatchesOfLot, scope)
	answer := &matching.Answer{}
	if lot != nil {
		page.LotTitle, page.LotFacts = c.lotName(lots, lot), c.lotFacts(o, lot)
		if page.ShowMatches {
			if answer, err = c.fillRanking(page, lots, lot); err != nil {
				return err
			}
		}
		if err := c.fillMine(page, o); err != nil {
			return err
		}
	}
	page.Lots = c.lotTabs(o, lots, lot, answer)
	if err := c.fillCrossing(page, o, lot, answer); err != nil {
		return err
	}
	if accounts.Can(c.who.Identity, accounts.OpportunityHistory, scope) {
		if page.History, err = c.history(o); err != nil {
			return err
		}
	}
	return c.show("opportunity", page)
}

// scopeOfOpportunity is to whom it belongs and where it lies.
func (c *call) scopeOfOpportunity(o *opportunities.Opportunity) accounts.Scope {
	var owners []int64
	for _, id := range []*int64{o.PublisherID, o.BuyerID} {
		if id != nil {
			owners = append(owners, *id)
		}
	}
	var place *territories.Set
	if o.Place.Scope == opportunities.InCommunes {
		if p := c.s.compile(o.Place.Perimeter); p != nil {
			place = p.Set
		}
	}
	return accounts.Of(owners...).In(place)
}

func chosenLot(lots []opportunities.Lot, asked string) *opportunities.Lot {
	for i := range lots {
		if strconv.FormatInt(int64(lots[i].ID), 10) == asked || (asked != "" && lots[i].Number == asked) {
			return &lots[i]
		}
	}
	if len(lots) == 0 {
		return nil
	}
	return &lots[0]
}

func (c *call) opportunityLead(o *opportunities.Opportunity, lots []opportunities.Lot) string {
	return upperFirst(c.N("opp.lead_lots", len(lots), "Count", c.Count(len(lots)), "Place", c.placeWords(o.Place)))
}

func (c *call) opportunityNotice(o *opportunities.Opportunity) string {
	switch {
	case o.State == opportunities.Draft:
		return c.T("opp.draft_notice")
	case o.State != opportunities.Published:
		return c.T("opp." + string(o.State) + "_notice")
	case !o.Open(c.now):
		return c.T("opp.past_notice")
	}
	return ""
}

func (c *call) opportunityFacts(o *opportunities.Opportunity) []Fact {
	deadline := Fact{Label: c.T("opp.deadline"), Big: c.T("days.none")}
	if o.Deadline != nil {
		days := c.daysLeft(c.now, *o.Deadline)
		deadline.Big = c.DayMonth(*o.Deadline) + ", " + c.Hour(*o.Deadline)
		deadline.Lines = []string{c.T("days.past")}
		if !days.Past {
			deadline.Lines = []string{c.Weekday(*o.Deadline) + ", " + c.N("days.in", days.Left)}
		}
	}
	amount := Fact{Label: c.T("opp.value"), Lines: []string{c.T("opp.value_none")}}
	if o.Amount > 0 {
		amount = Fact{Label: c.T("opp.value"), Big: c.T("opp.excl", "Amount", c.Money(o.Amount, o.Currency))}
	}
	facts := []Fact{deadline, amount,
		{Label: c.T("opp.buyer"), Lines: []string{o.BuyerName}},
		{Label: c.T("opp.kind"), Lines: []string{c.T("kind." + string(o.Kind))}},
		{Label: c.T("opp.place"), Lines: []string{c.placeWords(o.Place)}},
	}
	if o.Clause.Verdict == opportunities.ClauseNone && !o.HasClause() {
		facts = append(facts, Fact{Label: c.T("opps.clause"), Lines: []string{c.T("opp.no_clause")}})
	}
	source := Fact{Label: c.T("opp.source"), Lines: []string{c.sourceWords(o.Source)}}
	for _, link := range []Link{{c.T("opp.notice"), o.Links.Official}, {c.T("opp.documents"), o.Links.Documents}, {c.T("opp.submission"), o.Links.Submission}} {
		if safeLink(link.Href) {
			source.Links = append(source.Links, link)
		}
	}
	if o.PublishedAt != nil {
		source.Lines = append(source.Lines, c.T("opp.published_on", "When", c.Ago(*o.PublishedAt, c.now)))
	}
	return append(facts, source)
}

// sourceWords names where an opportunity comes from.
func (c *call) sourceWords(source string) string {
	if key := "source." + source; c.Has(key) {
		return c.T(key)
	}
	return strings.ToUpper(source)
}

// safeLink keeps a published address that is a web address; a notice may hold anything.
func safeLink(href string) bool {
	return strings.HasPrefix(href, "https://") || strings.HasPrefix(href, "http://")
}

func (c *call) opportunityActions(o *opportunities.Opportunity, scope accounts.Scope) []ActionLink {
	base := opportunityPath(o.ID)
	var all []ActionLink
	may := func(action accounts.Action) bool { return accounts.Can(c.who.Identity, action, scope) }
	if o.State == opportunities.Draft && may(accounts.OpportunityPublish) {
		all = append(all, ActionLink{c.T("opp.publish_now"), base + "/publier", true})
	}
	if editableSource(o) && may(accounts.OpportunityEdit) {
		all = append(all, ActionLink{c.T("opp.edit"), base + "/modifier", false})
	}
	if o.State.Allows(opportunities.Closed) && may(accounts.OpportunityClose) {
		all = append(all, ActionLink{c.T("opp.close"), base + "/fermer", true})
	}
	if o.State.Allows(opportunities.Awarded) && may(accounts.OpportunityAward) {
		all = append(all, ActionLink{c.T("opp.award"), base + "/attribuer", false})
	}
	if o.State.Allows(opportunities.Cancelled) && may(accounts.OpportunityCancel) {
		all = append(all, ActionLink{c.T("opp.cancel"), base + "/annuler", false})
	}
	return all
}

func (c *call) clauseRows(o *opportunities.Opportunity, lots []opportunities.Lot) []ClauseRow {
	rows, said := []ClauseRow{}, false
	for _, lot := range lots {
		clause := lot.In(o).Clause
		row := ClauseRow{Lot: c.lotName(lots, &lot), Hours: "–", Verdict: c.T("clause.unsaid"), Evidence: c.evidence(clause)}
		if clause.Verdict != "" {
			said = said || clause.Verdict != opportunities.ClauseNone
			row.Verdict = c.T("clause." + string(clause.Verdict))
			if key := "clause.article." + string(clause.Verdict); c.Has(key) {
				row.Article = c.T(key)
			}
		}
		if clause.ReservedTo != opportunities.NotReserved {
			row.Verdict, row.Article = c.T("reserved."+string(clause.ReservedTo)), c.T("reserved.article."+string(clause.ReservedTo))
		}
		if clause.Hours > 0 {
			row.Hours = c.Decimal(clause.Hours, 0) + nbsp + "h"
		}
		rows = append(rows, row)
	}
	if !said {
		return nil
	}
	return rows
}

// evidence says what supports a verdict: a field of the notice, its text, both, or who published it.
func (c *call) evidence(clause opportunities.Clause) Tag {
	field, text := false, false
	for _, e := range clause.Evidence {
		if e.Quote != "" && e.End > e.Start {
			text = true
			continue
		}
		field = true
	}
	switch {
	case field && text:
		return Tag{Text: c.T("opp.evidence_both"), State: Met}
	case field:
		return Tag{Text: c.T("opp.evidence_field"), State: Met}
	case text:
		return Tag{Text: c.T("opp.evidence_text"), State: Partial, Icon: "help"}
	case clause.Verdict != "" && clause.Verdict != opportunities.ClauseNone:
		return Tag{Text: c.T("opp.evidence_said")}
	}
	return Tag{Text: c.T("opp.evidence_none")}
}

// quote is the first passage of the notice that speaks of the clause.
func (c *call) quote(o *opportunities.Opportunity, lot *opportunities.Lot) *Quote {
	clauses := []opportunities.Clause{o.Clause}
	if lot != nil {
		clauses = append([]opportunities.Clause{lot.Clause}, clauses...)
	}
	for _, clause := range clauses {
		for _, e := range clause.Evidence {
			if e.Quote != "" {
				source := c.T("opp.quote_source", "Field", e.Field, "Start", c.Num(e.Start), "End", c.Num(e.End))
				if e.End <= e.Start {
					source = e.Field
				}
				return &Quote{Marked: e.Quote, Source: source}
			}
		}
	}
	return nil
}

// lotName is how a lot is called among the others.
func (c *call) lotName(lots []opportunities.Lot, lot *opportunities.Lot) string {
	if len(lots) < 2 {
		return lot.Title
	}
	return c.T("opp.lot_n", "Number", shortNumber(lot.Number)) + ". " + lot.Title
}

// shortNumber writes LOT-0001 as people say it: 1.
func shortNumber(number string) string {
	short := strings.TrimLeft(strings.TrimPrefix(strings.ToUpper(number), "LOT-"), "0")
	if short == "" {
		return number
	}
	return short
}

func (c *call) lotFacts(o *opportunities.Opportunity, lot *opportunities.Lot) []Fact {
	in := lot.In(o)
	var facts []Fact
	if tags := c.codeTags(in.Codes, 4); len(tags) > 0 {
		f := Fact{Label: c.T("opp.trades")}
		for _, tag := range tags {
			f.Lines = append(f.Lines, tag.Text)
		}
		facts = append(facts, f)
	}
	add := func(label, text string) {
		if text != "" {
			facts = append(facts, Fact{Label: c.T(label), Lines: []string{text}})
		}
	}
	add("opp.place", c.placeWords(in.Place))
	if len(in.Modes) > 0 {
		words := make([]string, len(in.Modes))
		for i, mode := range in.Modes {
			words[i] = c.T("mode." + mode)
		}
		add("opp.modes", c.list(words))
	}
	add("opp.posts", c.positive(float64(in.Posts)))
	add("opp.fte", c.positive(in.FTE))
	add("opp.work_hours", c.positive(in.Hours))
	if in.Amount > 0 {
		add("opp.value", c.T("opp.excl", "Amount", c.Money(in.Amount, o.Currency)))
	}
	if in.Turnover > 0 {
		add("opp.turnover", c.Money(in.Turnover, o.Currency))
	}
	var labels []string
	for _, r := range in.Certifications {
		labels = append(labels, joined(" ", r.Name, map[bool]string{true: "", false: r.Code}[r.Name != ""]))
	}
	add("opp.certifications", c.list(labels))
	add("opp.starts", c.civilDay(in.StartsOn))
	add("opp.ends", c.civilDay(in.EndsOn))
	return facts
}

func (c *call) positive(n float64) string {
	if n <= 0 {
		return ""
	}
	return c.Decimal(n, 1)
}

func (c *call) lotTabs(o *opportunities.Opportunity, lots []opportunities.Lot, current *opportunities.Lot, answer *matching.Answer) []LotTab {
	tabs := make([]LotTab, 0, len(lots))
	for i := range lots {
		lot := &lots[i]
		tab := LotTab{Title: c.lotName(lots, lot), Place: c.placeWords(lot.In(o).Place), Current: lot == current,
			Href: c.with("lot", strconv.FormatInt(int64(lot.ID), 10), "candidat", "", "apres", "")}
		if lot.Amount > 0 {
			tab.Amount = c.Money(lot.Amount, o.Currency)
		}
		if tab.Current && answer.Lot != nil {
			tab.Standing = c.N("opp.standing", answer.Total)
			tab.Alone = o.Open(c.now) && interested(answer) == 0
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

func interested(answer *matching.Answer) int {
	n := 0
	for _, item := range answer.Matches {
		if item.Reply == matching.Interested {
			n++
		}
	}
	return n
}

// rankedPage is how many candidates a page compares.
const rankedPage = 20

// fillRanking puts who can answer a lot in the page, the selected one with its reasons.
func (c *call) fillRanking(page *OpportunityPage, lots []opportunities.Lot, lot *opportunities.Lot) (*matching.Answer, error) {
	after, _ := strconv.Atoi(c.query("apres")) // nothing, or nonsense, is the first page
	answer, err := c.s.cfg.Matching.MatchesOfLot(c.r.Context(), lot.ID, matching.Query{Limit: rankedPage, After: after, Near: 8, Apart: 12})
	if err != nil {
		return answer, err
	}
	page.WhoHeading = c.T("opp.who_one")
	if len(lots) > 1 {
		page.WhoHeading = c.T("opp.who", "Number", shortNumber(lot.Number))
	}
	page.WhoSaid = c.N("opp.who_said", answer.Total, "Near", c.Num(len(answer.Near)), "Specify", c.Num(answer.ApartTotal))
	page.NoCandidate = Empty{Title: c.T("opp.no_candidate"), Text: c.T("opp.no_candidate_text")}
	shown := columnsOf(answer.Matches)
	for _, criterion := range shown {
		page.Criteria = append(page.Criteria, c.T("criterion."+string(criterion)))
	}
	page.Columns = len(shown) + 2
	for _, item := range answer.Matches {
		page.Candidates = append(page.Candidates, c.candidate(item, shown, answer))
	}
	if answer.Next > 0 {
		page.Pager.Next = c.with("apres", strconv.Itoa(answer.Next), "candidat", "")
	}
	if after > 0 {
		page.Pager.Previous = c.with("apres", "", "candidat", "")
	}
	page.Near = c.nearOf(answer)
	page.Specify, page.SpecifySaid = c.specify(answer)
	return answer, nil
}

// columnsOf are the criteria worth a column: at most five, those that tell candidates apart.
func columnsOf(items []matching.Item) []engine.Criterion {
	order := []engine.Criterion{engine.Trade, engine.Territory, engine.Strength, engine.TimeLeft, engine.TrackRecord, engine.Certifications, engine.Ties}
	worth := map[engine.Criterion]bool{}
	for _, item := range items {
		for _, criterion := range item.Criteria {
			if criterion.Weight > 0 {
				worth[criterion.Criterion] = true
			}
		}
	}
	shown := []engine.Criterion{}
	for _, criterion := range order {
		if worth[criterion] && len(shown) < 5 {
			shown = append(shown, criterion)
		}
	}
	return shown
}

func (c *call) candidate(item matching.Item, shown []engine.Criterion, answer *matching.Answer) Candidate {
	id := strconv.FormatInt(int64(item.Organisation.ID), 10)
	v := Candidate{
		ID: id, Name: item.Organisation.Name, Href: memberPath(item.Organisation.ID), Rank: item.Rank,
		Over:   c.headWords(item.Organisation, c.kmOf(item.Criteria)),
		Select: c.with("candidat", id) + "#cand-" + id, Selected: c.query("candidat") == id,
		Score: float64(item.Score), Confidence: string(item.ConfidenceLevel),
	}
	_, v.Standing = c.answered(item)
	if n := assumedCount(item.Criteria); n > 0 {
		v.Assumed = c.N("opp.assumed", n)
	}
	by := map[engine.Criterion]matching.Criterion{}
	for _, criterion := range item.Criteria {
		by[criterion.Criterion] = criterion
	}
	for _, name := range shown {
		bar := Criterion{Name: c.T("criterion." + string(name)), State: Unknown}
		if criterion, ok := by[name]; ok {
			bar.State, bar.Share, bar.Word = stateOf(criterion.Finding), criterion.Value, c.barWord(criterion)
		}
		v.Crits = append(v.Crits, bar)
	}
	if v.Selected {
		c.explain(&v, item, answer)
	}
	return v
}

// headWords introduces a candidate: "ACI, Crest, 16 km".
func (c *call) headWords(o matching.OrganisationHead, km string) string {
	kind := ""
	if o.Kind != "" {
		kind = c.T("okind." + string(o.Kind))
	}
	return joined(", ", kind, o.Town, km)
}

// kmOf is the distance that the territory criterion saw; "" when unknown.
func (c *call) kmOf(criteria []matching.Criterion) string {
	for _, criterion := range criteria {
		if criterion.Criterion == engine.Territory && criterion.Params.HasKm {
			return c.Km(criterion.Params.Km)
		}
	}
	return ""
}

// explain details a candidate's score, criterion by criterion.
func (c *call) explain(v *Candidate, item matching.Item, answer *matching.Answer) {
	score := c.Percent(float64(item.Score) / 100)
	v.WhyTitle, v.Why = c.T("opp.why", "Score", score), item.Line.In(string(c.Lang))
	v.Computed = c.T("opp.computed", "Version", answer.Engine, "When", c.Ago(answer.AsOf, c.now))
	for _, criterion := range item.Criteria {
		row := DetailRow{Name: c.T("criterion." + string(criterion.Criterion)), Sentence: criterion.Sentence.In(string(c.Lang)), Points: c.T("opp.not_counted")}
		if criterion.Weight > 0 && criterion.State != engine.Unknown {
			row.Points = c.T("opp.points_of", "Points", c.Decimal(criterion.Points, 1), "Of", c.Decimal(criterion.Weight, 1))
		}
		v.Detail = append(v.Detail, row)
	}
	v.Total = score
}

func (c *call) nearOf(answer *matching.Answer) []NearView {
	lang := string(c.Lang)
	views := make([]NearView, 0, len(answer.Near))
	for _, near := range answer.Near {
		text := c.headWords(near.Organisation, c.kmOf(near.Criteria)) + "."
		for _, criterion := range near.Criteria {
			if criterion.Criterion == near.Missed {
				text += " " + upperFirst(criterion.Sentence.In(lang))
			}
		}
		views = append(views, NearView{Name: near.Organisation.Name, Href: memberPath(near.Organisation.ID), Missing: strings.ToLower(c.T("criterion." + string(near.Missed))), Text: text, WouldChange: near.Change.In(lang)})
	}
	return views
}

func (c *call) specify(answer *matching.Answer) ([]OrgRow, string) {
	rows := make([]OrgRow, 0, len(answer.Apart))
	for _, apart := range answer.Apart {
		naf := ""
		if apart.NAF != "" {
			naf = "NAF " + apart.NAF
		}
		km := ""
		if apart.Km != nil {
			km = c.Km(*apart.Km)
		}
		rows = append(rows, OrgRow{Name: apart.Organisation.Name, Href: memberPath(apart.Organisation.ID), Over: joined(", ", c.headWords(apart.Organisation, km), naf)})
	}
	return rows, c.N("opp.specify_said", answer.ApartTotal)
}

// fillMine shows a member where it stands on this opportunity's lots.
func (c *call) fillMine(page *OpportunityPage, o *opportunities.Opportunity) error {
	if c.who.Role != accounts.Member || c.who.OrganisationID == 0 {
		return nil
	}
	answer, err := c.s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), network.ID(c.who.OrganisationID), matching.Query{Limit: every, Near: every, Passed: true})
	if err != nil {
		return err
	}
	for _, item := range answer.Matches {
		if item.Lot.OpportunityID == o.ID {
			page.Mine = append(page.Mine, c.matchView(item, item.Lot))
		}
	}
	mine := matching.Answer{}
	for _, near := range answer.Near {
		if near.Lot.OpportunityID == o.ID {
			mine.Near = append(mine.Near, near)
		}
	}
	page.MineNear = c.nearLots(&mine)
	page.MineNone = len(page.Mine)+len(page.MineNear) == 0
	return nil
}

// fillCrossing draws the lot's place and the selected candidate's zone.
func (c *call) fillCrossing(page *OpportunityPage, o *opportunities.Opportunity, lot *opportunities.Lot, answer *matching.Answer) error {
	place := o.Place
	if lot != nil {
		place = lot.In(o).Place
	}
	if place.Scope != opportunities.InCommunes {
		page.MapNote = c.T("opp.place_none")
		if place.Scope == opportunities.WholeCountry {
			page.MapNote = c.T("opp.place_country")
		}
		return nil
	}
	var zone *territories.Perimeter
	name, points := "", []MapPoint{}
	for _, item := range answer.Matches {
		selected := c.query("candidat") == strconv.FormatInt(int64(item.Organisation.ID), 10)
		if point, ok := c.headPoint(item.Organisation, strconv.Itoa(item.Rank), selected); ok {
			points = append(points, point)
		}
		if selected {
			o, err := c.s.cfg.Network.Get(c.r.Context(), item.Organisation.ID)
			if err != nil {
				return err
			}
			zone, name = c.zoneOf(o, item.Activity), item.Organisation.Name
		}
	}
	page.Map = c.crossing("carte", c.s.compile(place.Perimeter), zone, name, points)
	return nil
}

// zoneOf is the zone of the activity that matched.
func (c *call) zoneOf(o *network.Organisation, activity int64) *territories.Perimeter {
	for _, a := range o.Activities {
		if a.ID == activity {
			return c.s.compile(a.Zone)
		}
	}
	return c.zonesOf(o.Activities)
}

func (c *call) headPoint(o matching.OrganisationHead, label string, on bool) (MapPoint, bool) {
	ord, ok := c.s.cfg.Atlas.Ordinal(territories.CommuneCode(o.Commune))
	if !ok || !c.s.cfg.Atlas.Commune(ord).HasPoint {
		return MapPoint{}, false
	}
	return MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: label, Name: label + ". " + o.Name, Href: memberPath(o.ID), At: c.s.cfg.Atlas.Commune(ord).Point, On: on}, true
}

func (c *call) history(o *opportunities.Opportunity) ([]EventRow, error) {
	events, err := c.s.cfg.Opportunities.Events(c.r.Context(), o.ID, 30)
	if err != nil {
		return nil, err
	}
	rows := make([]EventRow, 0, len(events))
	for _, e := range events {
		key := "opp.event." + e.Kind
		if !c.Has(key) {
			key = "opp.event.other"
		}
		row := EventRow{What: c.T(key), When: joined(", ", c.When(e.At, c.now), c.originWords(e.Origin))}
		for _, change := range e.Diff {
			row.Changes = append(row.Changes, c.changeRow(change))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// originWords says where a change came from; a gesture on these pages goes without saying.
func (c *call) originWords(origin string) string {
	switch origin {
	case "", "web":
		return ""
	case "api", "deadline":
		return c.T("origin." + origin)
	}
	source, _, _ := strings.Cut(origin, ":")
	return c.sourceWords(source)
}

// changeRow says the difference of a field; fields and states have their words.
func (c *call) changeRow(change opportunities.Change) ChangeRow {
	row := ChangeRow{Field: change.Field, Before: c.anyWords(change.Before), After: c.anyWords(change.After)}
	if key := "field." + change.Field; c.Has(key) {
		row.Field = c.T(key)
	}
	if change.Field == "state" {
		for _, side := range []*string{&row.Before, &row.After} {
			if key := "ostate." + *side; c.Has(key) {
				*side = c.T(key)
			}
		}
	}
	return row
}

// publishDraft makes a draft visible; closeOpportunity ends the time to answer.
func (s *Server) publishDraft(c *call) error {
	return c.move(accounts.OpportunityPublish, s.cfg.Opportunities.Publish, "published")
}

func (s *Server) closeOpportunity(c *call) error {
	return c.move(accounts.OpportunityClose, s.cfg.Opportunities.Close, "closed")
}

type transition func(ctx context.Context, by opportunities.By, id opportunities.ID, expected int64) (*opportunities.Opportunity, error)

func (c *call) move(action accounts.Action, do transition, said string) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return err
	}
	if err := accounts.Allow(c.who.Identity, action, c.scopeOfOpportunity(o)); err != nil {
		return err
	}
	if _, err := do(c.r.Context(), c.by(), o.ID, o.Revision); err != nil {
		return err
	}
	if err := c.trace(action, "opportunity", int64(o.ID), "state"); err != nil {
		return err
	}
	return c.to(opportunityPath(o.ID), said)
}

// by is who acts, for the histories.
func (c *call) by() opportunities.By {
	return opportunities.By{UserID: int64(c.who.UserID), Origin: "web"}
}

// parisTime reads a day and an hour typed in a form, in Paris.
func (c *call) parisTime(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "02/01/2006 15:04"} {
		if t, err := time.ParseInLocation(layout, text, c.zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
