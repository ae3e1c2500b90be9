package web

import (
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/opportunities"
	"maillage/territories"
)

// OpportunityPage is one opportunity: its facts, its lots, who can answer and why, where it crosses.
type OpportunityPage struct {
	Page
	Heading, Lead, Notice string
	Places                Tag // of a need: filled, or what is left; empty while no place is taken
	Facts                 []Fact
	Calendar              string // its deadlines for a calendar program; empty: none
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

	Mine       []MatchView
	MineNear   []NearView
	MineNone   bool // a member whom no lot suits
	History    []EventRow
	Forecast   *ForecastView // of an expected call
	News       []EventRow    // since the reader last looked
	Told       []ToldRow     // where each fact was taken from
	Heir       Link          // the procurement with which this one was merged
	Compose    string        // where a group is composed for the lot; empty: not for this reader
	ComposeAll string        // the same for all the lots, where there are several
	Groups     []OrgRow      // that prepare an answer
	Hours      []OppRow      // of insertion to fill, after its award
	Follows    Link          // the procurement whose award asks these hours
	Map        Map
	MapNote    string
	Note       string // what the law says of a place for people
	ForPeople  bool   // no enterprise answers it
	People     Link   // where a counsellor looks for people
	PeopleSaid string // and why
	Received   *ReceivedView
	Pursued    []OrgRow // what became of the matches of the lot, for who follows them up
	Contacts   *ContactLog
	Proposed   []Fact // how far the proposals have come, for an officer
	Call       *CallView
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

// opportunityOf is the opportunity of the address, with its scope; a draft is not
// found by those who may not prepare it.
func (s *Server) opportunityOf(c *call) (*opportunities.Opportunity, accounts.Scope, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, accounts.Scope{}, err
	}
	o, err := s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return nil, accounts.Scope{}, err
	}
	scope := c.scopeOfOpportunity(o)
	if !o.Public() && !accounts.Can(c.who.Identity, accounts.OpportunityDraft, scope) {
		return nil, accounts.Scope{}, fault.NotFound("opportunity", id)
	}
	return o, scope, nil
}

func (s *Server) opportunity(c *call) error {
	o, scope, err := s.opportunityOf(c)
	if err != nil {
		return err
	}
	page, err := c.opportunityPage(o, scope, nil)
	if err != nil {
		return err
	}
	return c.show("opportunity", page)
}

// opportunityPage is the page of an opportunity; errs are the faults of what was
// sent from it.
func (c *call) opportunityPage(o *opportunities.Opportunity, scope accounts.Scope, errs map[string]string) (*OpportunityPage, error) {
	lots := liveLots(o)
	lot := chosenLot(lots, c.query("lot"))
	page := &OpportunityPage{
		Page:    c.page(o.Title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: clip(o.Title, 60)}),
		Heading: o.Title, Lead: c.opportunityLead(o, lots), Notice: c.opportunityNotice(o), Facts: c.opportunityFacts(o),
		Description: paragraphs(o.Description), Actions: c.opportunityActions(o, scope),
	}
	if o.Kind.HasPositions() {
		page.Lead, page.Facts, page.Note, page.ForPeople = c.positionLead(o, lots), c.positionFacts(o), c.positionNote(o.Kind), o.Kind.ForPeople()
		page.Crumbs[0] = c.listOf(o.Kind)
	}
	page.Places, _ = c.placesOf(o)
	by, err := c.conventionOf(o)
	if err != nil {
		return nil, err
	}
	if by != nil {
		page.Facts = append(page.Facts, Fact{Label: c.T("routed.fact"), Links: []Link{*by}})
	}
	if o.Public() && !o.Filled() && (o.Deadline != nil || o.Insertion != nil) {
		page.Calendar = opportunityPath(o.ID) + "/echeances.ics"
	}
	c.fillForecast(page, o)
	if err := c.fillCall(page, o, errs); err != nil {
		return nil, err
	}
	page.Clauses, page.Quote = c.clauseRows(o, lots), c.quote(o, lot)
	page.ShowMatches = lot != nil && !o.Kind.ForPeople() && (o.Kind != opportunities.Expected || !ended(o)) && accounts.Can(c.who.Identity, accounts.MatchesOfLot, scope)
	answer := &matching.Answer{}
	if lot != nil {
		page.LotTitle, page.LotFacts = c.lotName(lots, lot), c.lotFacts(o, lot)
		if page.ShowMatches {
			if answer, err = c.fillRanking(page, lots, lot); err != nil {
				return nil, err
			}
		}
		if !o.Kind.ForPeople() {
			if err := c.fillMine(page, o); err != nil {
				return nil, err
			}
		}
	}
	page.Lots = c.lotTabs(o, lots, lot, answer)
	if o.Kind.HasPositions() {
		page.namePlaces(lots, lot, c.T("position.terms"))
	}
	if err := c.fillPlacing(page, o, lot); err != nil {
		return nil, err
	}
	if err := c.fillCrossing(page, o, lot, answer); err != nil {
		return nil, err
	}
	if page.Groups, err = c.groupsOf(o); err != nil {
		return nil, err
	}
	if page.ShowMatches && !lot.Filled() && accounts.Can(c.who.Identity, accounts.ConsortiumCompose, scope) {
		page.Compose = composePath(lot.ID)
		if len(lots) > 1 {
			page.ComposeAll = opportunityPath(o.ID) + "/groupements"
		}
	}
	page.News = c.since(o)
	if err := c.fillOrigins(page, o); err != nil {
		return nil, err
	}
	if accounts.Can(c.who.Identity, accounts.OpportunityHistory, scope) {
		if page.History, err = c.history(o); err != nil {
			return nil, err
		}
	}
	return page, c.fillPursued(page, o, lot)
}

// fillPursued adds what became of the matches of the lot, and what was said about the call.
func (c *call) fillPursued(page *OpportunityPage, o *opportunities.Opportunity, lot *opportunities.Lot) (err error) {
	note := ""
	if o.Kind == opportunities.Expected {
		note = c.noteBuyer(o)
	}
	if page.Contacts, err = c.contactLog(contacts.Filter{Opportunity: o.ID}, note); err != nil || lot == nil {
		return err
	}
	page.Pursued, err = c.pursuedRows(followup.Filter{Lot: lot.ID}, true)
	return err
}

// fillOrigins adds what tells where the facts come from, and where they went.
func (c *call) fillOrigins(page *OpportunityPage, o *opportunities.Opportunity) error {
	var err error
	if err = c.fillHours(page, o); err != nil {
		return err
	}
	if page.Told, err = c.told(o); err != nil || o.State != opportunities.Cancelled {
		return err
	}
	heir, err := c.s.cfg.Tenders.Heir(c.r.Context(), o.Key)
	if err != nil || heir == 0 {
		return err
	}
	page.Notice, page.Heir = c.T("opp.merged_notice"), Link{c.T("opp.merged_go"), opportunityPath(heir)}
	return nil
}

// scopeOfOpportunity is to whom it belongs and where it lies.
func (c *call) scopeOfOpportunity(o *opportunities.Opportunity) accounts.Scope {
	return c.s.cfg.Opportunities.ScopeOf(o)
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
	case !o.Running(c.now):
		return c.T("opp.past_notice")
	case o.Filled():
		return c.T("places.notice")
	}
	return ""
}

func (c *call) opportunityFacts(o *opportunities.Opportunity) []Fact {
	deadline := Fact{Label: c.T("opp.deadline"), Big: c.T("days.none")}
	if o.Deadline != nil {
		days := c.placeDays(o.Place, *o.Deadline)
		day := c.DayMonth(*o.Deadline)
		if o.Deadline.In(c.zone).Year() != c.now.In(c.zone).Year() {
			day = c.ShortDate(*o.Deadline)
		}
		deadline.Big = day + ", " + c.Hour(*o.Deadline)
		deadline.Lines = []string{c.T("days.past")}
		if !days.Past {
			deadline.Lines = []string{c.Weekday(*o.Deadline) + ", " + c.N("days.in", days.Left)}
		}
	}
	amount := Fact{Label: c.T("opp.value"), Lines: []string{c.T("opp.value_none")}}
	if o.Amount > 0 {
		amount = Fact{Label: c.T("opp.value"), Big: c.T("opp.excl", "Amount", c.Money(o.Amount, o.Currency))}
	}
	facts := []Fact{deadline, amount}
	if o.Insertion != nil {
		facts = c.hoursFacts(o)
		if o.Deadline != nil {
			facts = append(facts, deadline)
		}
	}
	switch o.Kind {
	case opportunities.Takeover: // who hands over is named by no fact
	case opportunities.PartnerCall:
		facts = append(facts, Fact{Label: c.T("call.by"), Lines: []string{o.BuyerName}})
	default:
		facts = append(facts, Fact{Label: c.T("opp.buyer"), Lines: []string{o.BuyerName}})
	}
	facts = append(facts, []Fact{
		{Label: c.T("opp.kind"), Lines: []string{c.T("kind." + string(o.Kind))}},
		{Label: c.T("opp.place"), Lines: []string{c.placeWords(o.Place)}},
	}...)
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
	if o.Kind != opportunities.TrainingSession && o.State.Allows(opportunities.Awarded) && may(accounts.OpportunityAward) {
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
				source := c.T("opp.quote_source", "Field", c.passageWords(e.Field), "Start", c.Num(e.Start), "End", c.Num(e.End))
				if e.End <= e.Start {
					source = c.passageWords(e.Field)
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
	number := c.T("opp.lot_n", "Number", shortNumber(lot.Number))
	if strings.HasPrefix(territories.Fold(lot.Title), territories.Fold(number)+" ") {
		return lot.Title
	}
	return number + ". " + lot.Title
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
	if o.Kind.HasPositions() {
		facts = append(facts, c.lotPlaces(o, &in)...)
	} else {
		add("opp.posts", c.positive(float64(in.Posts)))
	}
	add("opp.fte", c.positive(in.FTE))
	if o.Kind == opportunities.TrainingSession {
		add("position.length", c.positive(in.Hours))
	} else if in.Terms == nil || in.Terms.Hours == 0 {
		add("opp.work_hours", c.positive(in.Hours))
	}
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
	if o.Kind.HasPositions() {
		facts = append(facts, c.termsFacts(o, &in)...)
	}
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
		if tab.Current && answer.Lot != nil && !lot.Filled() {
			tab.Standing = c.N("opp.standing", answer.Total)
			tab.Alone = o.Open(c.now) && interested(answer) == 0
		}
		if tag, ok := c.placesOfLot(o, lot); ok {
			tab.Standing = joined(" · ", tag.Text, tab.Standing)
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

// originWords says where a change came from; a gesture on these pages goes without saying.
func (c *call) originWords(origin string) string {
	switch origin {
	case "", "web":
		return ""
	}
	origin, _, keyed := strings.Cut(origin, ":")
	if keyed && origin != "api" {
		return c.sourceWords(origin)
	}
	switch origin {
	case "api", "deadline":
		return c.T("origin." + origin)
	}
	return c.sourceWords(origin)
}
