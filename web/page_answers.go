package web

import (
	"strings"

	"maillage/accounts"
	"maillage/followup"
	"maillage/matching"
	"maillage/network"
)

// AnswersPage lists the lots of an enterprise: to decide, under way, set aside, what came of them, past.
type AnswersPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Matches       []MatchView
	Near          []NearView
	Pager         Pager
	Empty         Empty
	Links         []Link // what answers are made with
}

// every is how many matches a member's pages read at once: its lots of a year fit.
const every = 200

// answerGroups are the lists of an enterprise's lots, in the order of the page.
func answerGroups() []string { return []string{"waiting", "yes", "done", "no", "past"} }

func (s *Server) answers(c *call) error {
	if c.who.OrganisationID == 0 {
		return c.notMember()
	}
	answer, err := s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), network.ID(c.who.OrganisationID), matching.Query{Limit: every, Near: 6, Passed: true})
	if err != nil {
		return err
	}
	groups, err := c.grouped(answer)
	if err != nil {
		return err
	}
	page := &AnswersPage{Page: c.page(c.T("answers.title")), Heading: c.T("answers.heading"), Lead: c.T("answers.lead"),
		Empty: Empty{Title: c.T("answers.empty"), Text: c.T("answers.empty_text"), Actions: []Link{{c.T("home.check_enterprise"), "/entreprise"}, {c.T("home.see_open"), "/marches"}}}}
	if s.cfg.Dossier != nil && c.may(accounts.DossierRead) {
		page.Links = append(page.Links, Link{c.T("dossier.title"), dossierPath})
	}
	if s.cfg.Prospects != nil && c.may(accounts.ProspectRead) {
		page.Links = append(page.Links, Link{c.T("deal.title"), prospectingPath})
	}
	if s.cfg.Reminders != nil {
		page.Links = append(page.Links, Link{c.T("reminders.title"), remindersPath}, Link{c.T("absences.title"), absencesPath})
	}
	wanted := c.query("etat")
	for _, group := range answerGroups() {
		href := c.with("etat", group)
		if group == "waiting" {
			href = c.with("etat", "")
		}
		selected := wanted == group || wanted == "" && group == "waiting"
		page.Tabs = append(page.Tabs, Option{Text: c.T("answers.tab", "Text", c.T("answers."+group), "N", c.Num(len(groups[group]))), Value: href, Selected: selected})
		if selected {
			page.Matches = groups[group]
		}
	}
	if wanted == "" {
		page.Near = c.nearLots(answer)
	}
	return c.show("answers", page)
}

// grouped sorts the lots of an enterprise into the lists of the page. What goes on though the
// engine would propose it no more is there too.
func (c *call) grouped(answer *matching.Answer) (map[string][]MatchView, error) {
	lines, err := c.s.cfg.Followup.List(c.r.Context(), followup.Filter{Organisation: network.ID(c.who.OrganisationID)})
	if err != nil {
		return nil, err
	}
	pursuits := map[matching.ID]*followup.Pursuit{}
	for i := range lines {
		pursuits[lines[i].MatchID] = &lines[i].Pursuit
	}
	groups := map[string][]MatchView{}
	put := func(item matching.Item) {
		p := pursuits[item.Match]
		view := c.matchView(item, item.Lot)
		c.followed(&view, p)
		group := answerGroup(item, p)
		groups[group] = append(groups[group], view)
		delete(pursuits, item.Match)
	}
	for _, item := range answer.Matches {
		put(item)
	}
	for _, l := range lines {
		if p := pursuits[l.MatchID]; p == nil || p.State.Unanswered() || p.State == followup.Interested {
			continue
		}
		item, err := c.s.cfg.Matching.Kept(c.r.Context(), l.MatchID)
		if err != nil {
			return nil, err
		}
		put(*item)
	}
	return groups, nil
}

// pursuitsOf reads what became of the matches of an answer.
func (c *call) pursuitsOf(answer *matching.Answer) (map[matching.ID]*followup.Pursuit, error) {
	var ids []matching.ID
	for _, item := range answer.Matches {
		if item.Match != 0 {
			ids = append(ids, item.Match)
		}
	}
	return c.s.cfg.Followup.Of(c.r.Context(), ids...)
}

// answerGroup is the list that a match belongs to; p is nil where nothing is told of it yet.
func answerGroup(item matching.Item, p *followup.Pursuit) string {
	state := followup.Proposed
	if p != nil {
		state = p.State
	}
	switch {
	case state == followup.Won || state == followup.Lost || state == followup.NoAward:
		return "done"
	case state == followup.Answering || state == followup.Submitted || state == followup.Go:
		return "yes"
	case item.History:
		return "past"
	case state == followup.Interested:
		return "yes"
	case state.Closed():
		return "no"
	}
	return "waiting"
}

// pursuedRows lists what became of matches, for who follows them up.
func (c *call) pursuedRows(f followup.Filter, byLot bool) ([]OrgRow, error) {
	if !c.may(accounts.PursuitRead) || c.who.Role == accounts.Member {
		return nil, nil
	}
	lines, err := c.s.cfg.Followup.List(c.r.Context(), f)
	if err != nil {
		return nil, err
	}
	var rows []OrgRow
	for i := range lines {
		l := &lines[i]
		row := OrgRow{Row: "p" + revisionOf(int64(l.MatchID)), Name: lotTitle(l.Lot), Href: answerPath(l.MatchID), Over: c.stateSince(&l.Pursuit)}
		if byLot {
			row.Name = l.Organisation.Name
		}
		if l.Late {
			row.Tags = []Tag{{Text: c.T("pursuit.late"), State: Missed}}
		}
		if l.Gone {
			row.Tags = []Tag{{Text: c.goneTag(l.Lot), State: Missed}}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// followed says on a match what became of it: past the first word, there is more to say than yes or no.
func (c *call) followed(v *MatchView, p *followup.Pursuit) {
	if p == nil || p.State.Unanswered() || p.State == followup.Interested || p.State == followup.Declined {
		return
	}
	v.Answer, v.Answered = "yes", c.stateSince(p)
	if p.State.Closed() && p.State != followup.Won {
		v.Answer = "no"
	}
	v.CanAnswer = false
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
