package web

import (
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// PlacingRow is a thing that waits of a proposal: an agreement to make something
// of, an answer that is awaited, or one that has come.
type PlacingRow struct {
	Days             *Days
	Code, Href       string
	Title, Say, Over string
	State            Tag
	Do               Link
	Agreed           bool // and not presented yet
}

// placingShown and freshShown bound what the first page shows.
const (
	placingShown = 8
	freshShown   = 5
)

// homePlacing lists what waits of proposals: what was agreed to and not presented,
// or is to be asked again since the position moved, then answers, the latest due first.
func (c *call) homePlacing(page *CounsellorHome, everyone bool) error {
	if c.s.cfg.Placement == nil {
		return nil
	}
	board, err := c.s.cfg.Placement.Board(c.r.Context())
	if err != nil {
		return err
	}
	theirs := func(p placement.PersonHead) bool {
		return everyone || p.Counsellor == nil || *p.Counsellor == int64(c.who.UserID)
	}
	var rows []PlacingRow
	for _, a := range board.Agreement {
		if theirs(a.Person) {
			rows = append(rows, c.agreedRow(a))
		}
	}
	for _, a := range board.AskAgain {
		if theirs(a.Person) {
			rows = append(rows, c.askAgainRow(a))
		}
	}
	for i := range board.Running {
		if theirs(board.Running[i].PersonHead) {
			rows = append(rows, c.followedRow(&board.Running[i]))
		}
	}
	slices.SortStableFunc(rows, func(a, b PlacingRow) int { return rankOf(a) - rankOf(b) })
	if more := len(rows) - placingShown; more > 0 {
		page.MorePlacing = c.N("placing.more", more)
	}
	page.Placing = first(rows, placingShown)
	for _, f := range first(board.Fresh, freshShown) {
		row := c.headRow(f.Position)
		row.Href, row.Tags = candidatesPath(f.Position.Lot), []Tag{{Text: c.N("placing.suits", f.People), State: Met, Icon: "people"}}
		page.Fresh = append(page.Fresh, row)
	}
	page.FreshSaid = c.N("placing.fresh_people", board.FreshFor)
	return nil
}

// rankOf puts what is late first, then what an employer answered, then what can be
// presented, then what others have to do.
func rankOf(r PlacingRow) int {
	switch {
	case r.Days != nil && r.Days.Past:
		return 0
	case r.Days != nil:
		return 3
	case r.Agreed:
		return 2
	}
	return 1
}

func (c *call) agreedRow(a placement.AgreedWith) PlacingRow {
	row := PlacingRow{Code: a.Person.Code, Href: journeyPath(a.Person.ID), Title: a.Position.Title, Over: joined(" · ", a.Position.Employer, a.Position.Place.In(string(c.Lang))),
		State: Tag{Text: c.T("placing.to_propose"), State: Met, Icon: "handshake"}, Say: upperFirst(c.T("journey.holds_until", "Day", c.civilDay(a.Until))) + ".",
		Do: Link{c.T("placing.prepare"), cardPath(a.Position.Lot, a.Person.ID)}, Agreed: true}
	if a.Own {
		row.State, row.Do.Text = Tag{Text: c.T("placing.to_conclude"), State: Met, Icon: "handshake"}, c.T("placing.conclude")
	}
	return row
}

func (c *call) askAgainRow(a placement.AgreedWith) PlacingRow {
	row := c.agreedRow(a)
	row.State, row.Say = c.askAgain(), c.T("placing.moved_since")
	return row
}

func (c *call) followedRow(f *placement.Followed) PlacingRow {
	row := PlacingRow{Code: f.PersonHead.Code, Href: journeyPath(f.PersonHead.ID), Title: f.Head.Title, Over: joined(" · ", f.Head.Employer, f.Head.Place.In(string(c.Lang))),
		State: c.proposalTag(&f.Line), Do: Link{c.T("placing.see_card"), cardPath(f.Lot, f.Person)}}
	if f.State == placement.Proposed {
		days := c.daysLeft(c.now, f.AnswerBy)
		row.Days, row.Say = &days, c.T("placing.answer_by", "When", c.When(f.AnswerBy, c.now))
		if f.Late {
			row.Say = c.T("placing.late_do", "Who", c.readerOf(f.Head.Kind), "When", c.When(f.AnswerBy, c.now))
		}
		return row
	}
	row.Say = c.T("placing.say_"+string(f.State), "Who", c.readerOf(f.Head.Kind))
	return row
}

// awaitReceived asks for an answer to the cards that wait for one.
func (c *call) awaitReceived() (out []Await, err error) {
	if c.s.cfg.Placement == nil || c.who.OrganisationID == 0 {
		return nil, nil
	}
	needs, err := c.s.cfg.Placement.Needs(c.r.Context())
	for _, n := range needs {
		if n.ToAnswer == 0 {
			continue
		}
		days := c.daysLeft(c.now, *n.AnswerBy)
		out = append(out, Await{Days: &days, Title: n.Position.Title, Text: c.H("placing.await_text", "Cards", c.N("placing.cards", n.ToAnswer), "When", c.When(*n.AnswerBy, c.now)),
			Do: Link{c.T("placing.await_do"), headPath(n.Position) + "#candidatures"}})
	}
	return out, err
}

// homeReceived shows an employer the cards of its most urgent need, and leads to
// those of the others.
func (c *call) homeReceived(page *EmployerHome) error {
	if c.s.cfg.Placement == nil || c.who.OrganisationID == 0 {
		return nil
	}
	c.w.Header().Set("Cache-Control", "no-store")
	needs, err := c.s.cfg.Placement.Needs(c.r.Context())
	if err != nil || len(needs) == 0 {
		return err
	}
	slices.SortStableFunc(needs, func(a, b placement.Need) int {
		switch {
		case a.AnswerBy == nil && b.AnswerBy == nil:
			return 0
		case a.AnswerBy == nil:
			return 1
		case b.AnswerBy == nil:
			return -1
		}
		return a.AnswerBy.Compare(*b.AnswerBy)
	})
	found, err := c.s.cfg.Placement.Received(c.r.Context(), needs[0].Position.Lot)
	if err != nil {
		return err
	}
	page.Received = c.receivedView(found)
	page.Received.Need, page.Steps = Link{found.Position.Title, headPath(found.Position) + "#candidatures"}, nil
	page.Waiting, err = c.awaitReceived()
	page.Waiting = slices.DeleteFunc(page.Waiting, func(a Await) bool { return a.Do.Href == page.Received.Need.Href })
	return err
}

// fillPlacing adds to the page of a position what is presented for it: the cards
// to the employer, figures to an officer, the way to their people to a counsellor.
func (c *call) fillPlacing(page *OpportunityPage, o *opportunities.Opportunity, lot *opportunities.Lot) error {
	if c.s.cfg.Placement == nil || lot == nil || !o.Kind.HasPositions() || !o.Public() {
		return nil
	}
	if o.Kind == opportunities.TrainingSession && (lot.Terms == nil || lot.Terms.Audience != opportunities.ForJourneys) {
		return nil // the structures' staff are nobody's people in journeys
	}
	if c.who.Role == accounts.Counsellor && c.who.OrganisationID != 0 {
		page.People, page.PeopleSaid = Link{c.T("placing.see_people"), candidatesPath(lot.ID)}, c.T(ofKind("placing.own_people_text", o.Kind))
		return nil
	}
	if c.who.Role == accounts.Officer {
		counts, err := c.s.cfg.Placement.Counts(c.r.Context(), lot.ID)
		if n := counts[lot.ID]; n.Proposed > 0 {
			page.Proposed = c.countFacts(n)
		}
		return err
	}
	return c.fillReceived(page, lot)
}

func (c *call) countFacts(n placement.Count) []Fact {
	waiting := Fact{Label: c.T("placing.count_waiting"), Big: c.Num(n.Waiting)}
	if n.Late > 0 {
		waiting.Lines = []string{c.N("placing.count_late", n.Late)}
	}
	return []Fact{{Label: c.T("placing.count_proposed"), Big: c.Num(n.Proposed)}, waiting, {Label: c.T("placing.count_answered"), Big: c.Num(n.Answered)}}
}

// countProposed adds to the rows of an officer how far proposals have come.
func (c *call) countProposed(lots []standingLot, lists ...[]OppRow) error {
	if c.s.cfg.Placement == nil {
		return nil
	}
	ids := map[string]opportunities.LotID{}
	var all []opportunities.LotID
	for _, l := range lots {
		if l.of.Kind.HasPositions() {
			ids["l"+strconv.FormatInt(int64(l.lot.ID), 10)] = l.lot.ID
			all = append(all, l.lot.ID)
		}
	}
	counts, err := c.s.cfg.Placement.Counts(c.r.Context(), all...)
	for _, rows := range lists {
		for i := range rows {
			if n := counts[ids[rows[i].Row]]; n.Proposed > 0 {
				rows[i].Tags = append(rows[i].Tags, c.countTag(n))
			}
		}
	}
	return err
}

func (c *call) countTag(n placement.Count) Tag {
	return Tag{Text: joined(", ", c.N("placing.tag_proposed", n.Proposed), c.countOrNone("placing.tag_answered", n.Answered)), Kind: true, Icon: "people"}
}
