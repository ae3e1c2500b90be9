package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// AnswersPage lists the lots of a member: to decide, interested, set aside, past.
type AnswersPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Matches       []MatchView
	Near          []NearView
	Pager         Pager
	Empty         Empty
}

// DecisionPage is one screen to decide on one lot.
type DecisionPage struct {
	Page
	Heading, Score        string
	Match                 MatchView
	Facts                 []Fact
	RibbonHeading         string
	RibbonLabel           string
	Ribbon                []RibbonDay
	For, Against, Check   []string
	Computed, Opportunity string
	Map                   Map
	Open                  bool
	Expected              string
	Why, Word             Field
}

// RibbonDay is a working day before the deadline.
type RibbonDay struct{ Letter, Number, Say, Class string }

// every is how many matches a member's pages read at once: its lots of a year fit.
const every = 200

func (s *Server) answers(c *call) error {
	if c.who.OrganisationID == 0 {
		return c.notMember()
	}
	answer, err := s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), network.ID(c.who.OrganisationID), matching.Query{Limit: every, Near: 6, Passed: true})
	if err != nil {
		return err
	}
	page := &AnswersPage{Page: c.page(c.T("answers.title")), Heading: c.T("answers.heading"), Lead: c.T("answers.lead"),
		Empty: Empty{Title: c.T("answers.empty"), Text: c.T("answers.empty_text"), Actions: []Link{{c.T("home.check_enterprise"), "/entreprise"}, {c.T("home.see_open"), "/marches"}}}}
	wanted := c.query("etat")
	groups := map[string][]matching.Item{}
	for _, item := range answer.Matches {
		group := answerGroup(item)
		groups[group] = append(groups[group], item)
	}
	for _, group := range []string{"waiting", "yes", "no", "past"} {
		href := c.with("etat", group)
		if group == "waiting" {
			href = c.with("etat", "")
		}
		selected := wanted == group || wanted == "" && group == "waiting"
		page.Tabs = append(page.Tabs, Option{Text: c.T("answers.tab", "Text", c.T("answers."+group), "N", c.Num(len(groups[group]))), Value: href, Selected: selected})
		if !selected {
			continue
		}
		for _, item := range groups[group] {
			page.Matches = append(page.Matches, c.matchView(item, item.Lot))
		}
	}
	if wanted == "" {
		page.Near = c.nearLots(answer)
	}
	return c.show("answers", page)
}

// answerGroup is the list that a match belongs to.
func answerGroup(item matching.Item) string {
	switch {
	case item.Reply == matching.Interested && !item.History:
		return "yes"
	case item.Reply == matching.NotForUs && !item.History:
		return "no"
	case item.History:
		return "past"
	}
	return "waiting"
}

// nearLots are the lots that an enterprise misses by one gate.
func (c *call) nearLots(answer *matching.Answer) []NearView {
	lang := string(c.Lang)
	views := make([]NearView, 0, len(answer.Near))
	for _, near := range answer.Near {
		text := ""
		for _, criterion := range near.Criteria {
			if criterion.Criterion == near.Missed {
				text = upperFirst(criterion.Sentence.In(lang))
			}
		}
		views = append(views, NearView{Name: lotTitle(near.Lot), Href: lotPath(near.Lot), Missing: strings.ToLower(c.T("criterion." + string(near.Missed))), Text: text, WouldChange: near.Change.In(lang)})
	}
	return views
}

// decision shows one match to decide.
func (s *Server) decision(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Followup.See(c.r.Context(), matching.ID(id)); err != nil {
		return err
	}
	page, err := c.decisionPage(nil)
	if err != nil {
		return err
	}
	return c.show("decision", page)
}

func (c *call) decisionPage(errs map[string]string) (*DecisionPage, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	item, err := c.match(matching.ID(id))
	if err != nil {
		return nil, err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), item.Lot.OpportunityID)
	if err != nil {
		return nil, err
	}
	lot := chosenLot(liveLots(o), strconv.FormatInt(int64(item.Lot.ID), 10))
	if lot == nil {
		return nil, fault.NotFound("lot", item.Lot.ID)
	}
	title := lotTitle(item.Lot)
	page := &DecisionPage{
		Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("answers.title"), "/reponses"}, Crumb{Text: clip(title, 60)}), Heading: c.T("decision.heading", "Title", title),
		Score: c.Percent(float64(item.Score) / 100), Match: c.matchView(item, item.Lot), Facts: c.decisionFacts(o, lot),
		Computed: c.T("opp.computed", "Version", engine.Version, "When", c.Ago(c.now, c.now)), Opportunity: lotPath(item.Lot),
	}
	page.Match.Back = ""
	page.Open = page.Match.CanAnswer
	c.expected(page, item)
	c.weigh(page, item)
	c.ribbon(page, item.Lot.Deadline)
	if err := c.decisionMap(page, o, lot, item); err != nil {
		return nil, err
	}
	page.Why = Field{ID: "motif", Name: "motif", Kind: "select", Label: c.T("decision.why"), Options: append([]Option{{Text: c.T("decision.choose")}}, page.Match.Reasons...), Error: errs["motif"]}
	for i := range page.Why.Options {
		page.Why.Options[i].Selected = page.Why.Options[i].Value != "" && page.Why.Options[i].Value == string(item.ReplyReason)
	}
	page.Word = Field{ID: "mot", Name: "mot", Kind: "area", Rows: 2, Label: c.T("decision.word"), Value: item.ReplyNote}
	page.Errors = summary(errs, "motif")
	return page, nil
}

// match reads one match of the person's enterprise: any other is not there.
func (c *call) match(id matching.ID) (matching.Item, error) {
	if c.who.OrganisationID == 0 {
		return matching.Item{}, c.notMember()
	}
	answer, err := c.s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), network.ID(c.who.OrganisationID), matching.Query{Limit: every, Passed: true})
	if err != nil {
		return matching.Item{}, err
	}
	for _, item := range answer.Matches {
		if item.Match == id {
			return item, nil
		}
	}
	return matching.Item{}, fault.NotFound("match", id)
}

func (c *call) decisionFacts(o *opportunities.Opportunity, lot *opportunities.Lot) []Fact {
	in := lot.In(o)
	amount := Fact{Label: c.T("decision.amount"), Big: c.T("opp.value_none")}
	if in.Amount > 0 {
		amount.Big = c.T("opp.excl", "Amount", c.Money(in.Amount, o.Currency))
	}
	clause := Fact{Label: c.T("decision.clause"), Big: c.T("clause.unsaid")}
	if tag, ok := c.clauseTag(in.Clause); ok {
		clause.Big = tag.Text
	}
	lots := liveLots(o)
	return []Fact{
		{Label: c.T("opp.buyer"), Big: o.BuyerName}, amount, clause,
		{Label: c.T("opp.place"), Big: c.placeWords(in.Place)},
		{Label: c.T("decision.lots"), Big: c.T("decision.lot_of", "N", shortNumber(lot.Number), "Of", c.Num(len(lots)))},
	}
}

func (c *call) expected(page *DecisionPage, item matching.Item) {
	switch {
	case !page.Open:
		page.Expected = c.T("decision.closed")
	case item.Lot.Deadline == nil:
		page.Expected = c.T("decision.no_date")
	default:
		page.Expected = c.T("decision.expected", "When", c.When(*item.Lot.Deadline, c.now))
	}
}

// weigh sorts the sentences of the criteria: what speaks for, against, and what nobody knows.
func (c *call) weigh(page *DecisionPage, item matching.Item) {
	for _, criterion := range item.Criteria {
		sentence := upperFirst(criterion.Sentence.In(string(c.Lang)))
		switch stateOf(criterion.Finding) {
		case Met:
			if shownAsBar(criterion) {
				page.For = append(page.For, sentence)
			}
		case Partial, Missed:
			page.Against = append(page.Against, sentence)
		case Assumed, Unknown:
			page.Check = append(page.Check, sentence)
		}
	}
}

// ribbonDays is how many working days are drawn before the deadline.
const ribbonDays = 16

// ribbon draws the working days from today to the deadline.
func (c *call) ribbon(page *DecisionPage, deadline *time.Time) {
	if deadline == nil || deadline.Before(c.now) {
		return
	}
	left := engine.WorkingDays(c.now, *deadline, c.zone)
	if left == 0 || left > ribbonDays {
		return
	}
	page.RibbonHeading = upperFirst(c.N("decision.days_ahead", left, "Count", c.Count(left)))
	page.RibbonLabel = c.T("decision.days_label", "From", c.DayMonth(c.now), "To", c.DayMonth(*deadline))
	last := deadline.In(c.zone)
	for day := c.now.In(c.zone); ; day = day.AddDate(0, 0, 1) {
		first := len(page.Ribbon) == 0
		end := day.Format(time.DateOnly) == last.Format(time.DateOnly)
		if !first && !end && engine.WorkingDays(day.AddDate(0, 0, -1), day, c.zone) == 0 {
			continue
		}
		entry := RibbonDay{Letter: strings.ToUpper(c.Weekday(day)[:1]), Number: strconv.Itoa(day.Day())}
		if !first && day.Weekday() == time.Monday {
			entry.Class = "week"
		}
		if first {
			entry.Class, entry.Say = "now", c.T("decision.today")
		}
		if end {
			entry.Class, entry.Say = strings.TrimSpace(entry.Class+" end"), c.Hour(last)
		}
		page.Ribbon = append(page.Ribbon, entry)
		if end || day.After(last) {
			return
		}
	}
}

func (c *call) decisionMap(page *DecisionPage, o *opportunities.Opportunity, lot *opportunities.Lot, item matching.Item) error {
	place := lot.In(o).Place
	if place.Scope != opportunities.InCommunes {
		return nil
	}
	mine, err := c.s.cfg.Network.Get(c.r.Context(), item.Organisation.ID)
	if err != nil {
		return err
	}
	points := []MapPoint{}
	if at, ok := c.siteOf(mine); ok {
		points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(mine.ID), 10), Label: "1", Name: mine.Called(), Href: memberPath(mine.ID), At: at, On: true})
	}
	page.Map = c.crossing("carte", c.s.compile(place.Perimeter), c.zoneOf(mine, item.Activity), mine.Called(), points)
	return nil
}

// answer keeps what a member says to a match: yes, or no with a reason.
func (s *Server) answer(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	item, err := c.match(matching.ID(id))
	if err != nil {
		return err
	}
	if err := accounts.Allow(c.who.Identity, accounts.MatchAnswer, accounts.Of(int64(item.Organisation.ID))); err != nil {
		return err
	}
	var step followup.Step
	flash := "answered_yes"
	switch c.form("reponse") {
	case "oui":
		step = followup.Step{To: followup.Interested, Note: c.form("mot")}
	case "non":
		step, flash = followup.Step{To: followup.Declined, Reason: followup.Reason(c.form("motif")), Note: c.form("mot")}, "answered_no"
		if !slices.Contains(followup.Reasons(followup.Declined), step.Reason) {
			return c.askReason()
		}
	default:
		return fault.Invalid(fault.At("reponse", "unknown", "Cette réponse n’est pas comprise.", "This answer is not understood."))
	}
	if _, err := s.cfg.Followup.Reply(c.r.Context(), matching.ID(id), 0, step); err != nil {
		return err
	}
	back := c.form("retour")
	if back == "" {
		back = answerPath(matching.ID(id))
	}
	return c.to(localPath(back), flash)
}

// askReason shows the page again: a refusal needs one reason.
func (c *call) askReason() error {
	errs := map[string]string{"motif": c.T("decision.need_reason")}
	page, err := c.decisionPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "decision", errs)
}
