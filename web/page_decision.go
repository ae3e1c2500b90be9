package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// DecisionPage is one screen to decide on one lot, then to say what became of it.
type DecisionPage struct {
	Page
	Heading, Score        string
	Whose                 string // of who follows an enterprise up: its name
	Gone                  string // the lot was removed, or the call cancelled: there is nothing to weigh
	Match                 MatchView
	Facts                 []Fact
	RibbonHeading         string
	RibbonLabel           string
	Ribbon                []RibbonDay
	For, Against, Check   []string
	Said                  []SaidRow
	Documents             []Link
	Wins                  []string
	Together              string
	Groups                []Link
	Allies                []OrgRow
	Asked                 []string // who counts the enterprise among its partners
	Award                 *AwardView
	Computed, Opportunity string
	Map                   Map
	Form                  DecisionForm
	History               []EventRow
	Contacts              *ContactLog
	Pieces                *PiecesView
}

// RibbonDay is a working day before the deadline.
type RibbonDay struct{ Letter, Number, Say, Class string }

// SaidRow is what a call says about one thing, word for word, or that it does not.
type SaidRow struct {
	Label, Text string
	Unsaid      bool
}

// AwardView is what an award says, to be confirmed.
type AwardView struct {
	Text   string
	Button *Link // the gesture and its value; nil: the form beside has it
}

// pursued is a match with what became of it, for who decides or follows it up.
type pursued struct {
	item    matching.Item
	pursuit *followup.Pursuit
	sheet   *followup.Sheet
	lot     *opportunities.Lot
	mine    bool // the enterprise is the reader's
}

// decision shows one match to decide, and notes that the enterprise has seen it.
func (s *Server) decision(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Followup.See(c.r.Context(), matching.ID(id)); err != nil {
		return err
	}
	page, err := c.decisionPage(matching.ID(id), nil)
	if err != nil {
		return err
	}
	return c.show("decision", page)
}

// pursued reads a match that the person decides on or follows up: any other is not there.
func (c *call) pursued(id matching.ID) (*pursued, error) {
	out := &pursued{}
	var err error
	if out.pursuit, err = c.s.cfg.Followup.Get(c.r.Context(), id); err != nil {
		return nil, err
	}
	if out.sheet, err = c.s.cfg.Followup.Sheet(c.r.Context(), id); err != nil {
		return nil, err
	}
	kept, err := c.s.cfg.Matching.Kept(c.r.Context(), id)
	if err != nil {
		return nil, err
	}
	out.item, out.lot = *kept, out.sheet.Lot
	out.mine = c.who.Role == accounts.Member && network.ID(c.who.OrganisationID) == kept.Organisation.ID
	return out, c.lively(out)
}

// lively takes what the engine says of the match now, where it says anything.
func (c *call) lively(p *pursued) error {
	if p.item.State != matching.Proposed {
		return nil
	}
	answer, err := c.s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), p.item.Organisation.ID, matching.Query{Limit: every, Passed: true})
	if err != nil {
		return err
	}
	for _, item := range answer.Matches {
		if item.Match == p.item.Match {
			p.item = item
		}
	}
	return nil
}

func (c *call) decisionPage(id matching.ID, errs map[string]string) (*DecisionPage, error) {
	p, err := c.pursued(id)
	if err != nil {
		return nil, err
	}
	o, title := p.lot.Opportunity, lotTitle(p.item.Lot)
	page := &DecisionPage{
		Page: c.page(title, c.decisionCrumbs(p, title)...), Heading: c.T("decision.heading", "Title", title),
		Score: c.Percent(float64(p.item.Score) / 100), Match: c.matchView(p.item, p.item.Lot), Facts: c.decisionFacts(o, p),
		Said: c.saidRows(p.sheet), Documents: c.documents(o), Wins: c.winsWords(p.sheet.Wins),
		Computed: c.T("opp.computed", "Version", engine.Version, "When", c.Ago(c.now, c.now)), Opportunity: lotPath(p.item.Lot),
	}
	page.Match.Back = ""
	if !p.mine {
		page.Whose = p.item.Organisation.Name
	}
	if p.item.Lot.Gone() {
		page.Heading, page.Gone = title, c.goneWords(p.item.Lot)
	} else {
		c.weigh(page, p.item)
		c.ribbon(page, p.item.Lot)
	}
	c.fillTogether(page, p)
	for _, a := range p.sheet.Asking {
		page.Asked = append(page.Asked, c.T("pursuit.asked_"+string(a.Role), "Name", a.Name))
	}
	c.fillAward(page, p)
	if err := c.decisionMap(page, o, p.lot, p.item); err != nil {
		return nil, err
	}
	if page.History, err = c.pursuitHistory(id); err != nil {
		return nil, err
	}
	if page.Contacts, err = c.contactLog(contacts.Filter{Match: id}, c.noteWith(p.item.Organisation.ID, id)); err != nil {
		return nil, err
	}
	if o.Insertion != nil { // hours are agreed with who holds the contract: no buyer asks for an answer
		page.Facts, page.Said = append(c.hoursFacts(o), Fact{Label: c.T("opp.buyer"), Big: or(o.BuyerName, c.T("call.unnamed"))}, Fact{Label: c.T("opp.place"), Big: c.placeWords(p.lot.Place)}), nil
	} else if page.Gone == "" || p.pursuit.State == followup.Submitted {
		if page.Pieces, err = c.piecesView(id, p.pursuit.State); err != nil {
			return nil, err
		}
	}
	page.Form = c.decisionForm(p, errs)
	page.Errors = summary(errs, "comment", "avec", "motif", "remise", "mot")
	return page, nil
}

func (c *call) decisionCrumbs(p *pursued, title string) []Crumb {
	if p.mine {
		return []Crumb{{c.T("nav.home"), "/"}, {c.T("answers.title"), "/reponses"}, {Text: clip(title, 60)}}
	}
	return []Crumb{{c.T("nav.home"), "/"}, {p.item.Organisation.Name, memberPath(p.item.Organisation.ID)}, {Text: clip(title, 60)}}
}

// pursuitHistory tells each step, the latest first.
func (c *call) pursuitHistory(id matching.ID) ([]EventRow, error) {
	events, err := c.s.cfg.Followup.Events(c.r.Context(), id)
	if err != nil {
		return nil, err
	}
	var rows []EventRow
	for _, e := range events {
		with, err := c.calledAll(e.Detail.Partners)
		if err != nil {
			return nil, err
		}
		row := EventRow{What: upperFirst(c.stateWords(e.To, e.Reason)), When: c.When(e.At, c.now)}
		for _, change := range []ChangeRow{
			{Field: c.T("pursuit.how"), After: followup.RoleWords(e.Detail.Role).In(string(c.Lang))},
			{Field: c.T("pursuit.with_whom"), After: with},
			{Field: c.T("pursuit.day"), After: c.civilDay(e.Detail.SubmittedOn)},
			{Field: c.T("pursuit.note"), After: e.Note},
			{Field: c.T("pursuit.origin"), After: c.pursuitOrigin(e.Origin)},
		} {
			if change.After != "" {
				row.Changes = append(row.Changes, change)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// calledAll names enterprises of the network.
func (c *call) calledAll(ids []network.ID) (string, error) {
	var names []string
	for _, id := range ids {
		o, err := c.s.cfg.Network.Get(c.r.Context(), id)
		if err != nil {
			return "", err
		}
		names = append(names, o.Called())
	}
	return c.list(names), nil
}

func (c *call) pursuitOrigin(o followup.Origin) string {
	if o == followup.ByGesture {
		return ""
	}
	return c.T("pursuit.origin_" + string(o))
}

// stateWords names a state, and why.
func (c *call) stateWords(s followup.State, r followup.Reason) string {
	words := s.Words().In(string(c.Lang))
	if r != followup.NoReason {
		words += " (" + followup.ReasonWords(r).In(string(c.Lang)) + ")"
	}
	return words
}

// stateSince says where a pursuit stands, and since when.
func (c *call) stateSince(p *followup.Pursuit) string {
	return c.T("pursuit.since", "State", upperFirst(c.stateWords(p.State, p.Reason)), "When", c.Ago(p.Since, c.now))
}

func memberID(id network.ID) string { return strconv.FormatInt(int64(id), 10) }
