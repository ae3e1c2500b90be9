package web

import (
	"slices"

	"maillage/accounts"
	"maillage/followup"
)

// boardPath is where an officer follows answers up.
const boardPath = "/suivi"

// BoardPage is every answer that goes on, by state, the most urgent first.
type BoardPage struct {
	Page
	Heading, Lead string
	Columns       []BoardColumn
	Ended         []BoardColumn
	Contacts      string
	Prospects     string // empty: not for this reader
	Empty         Empty
}

// BoardColumn is one state.
type BoardColumn struct {
	ID, Title string
	Cards     []BoardCard
	More      []BoardCard // what ended before these: folded
	MoreSaid  string
}

// latestEnded is how many of the answers that ended are shown unfolded.
const latestEnded = 5

// BoardCard is one answer.
type BoardCard struct {
	Name, Href, Lot string
	Say             string
	Days            *Days // nil: it has ended, no day counts any more
	Late            bool
	Gone            string // the lot was removed, or the call cancelled
}

func (s *Server) board(c *call) error {
	lines, err := s.cfg.Followup.List(c.r.Context(), followup.Filter{})
	if err != nil {
		return err
	}
	slices.SortStableFunc(lines, func(a, b followup.Line) int {
		switch x, y := a.State.Closed(), b.State.Closed(); {
		case x && y:
			return b.Since.Compare(a.Since)
		case x:
			return 1
		case y:
			return -1
		}
		return 0
	})
	page := &BoardPage{Page: c.page(c.T("board.title")), Heading: c.T("board.title"), Lead: c.N("board.lead", len(lines)), Contacts: contactsPath,
		Empty: Empty{Title: c.T("board.empty"), Text: c.T("board.empty_text"), Actions: []Link{{c.T("nav.opportunities"), "/marches"}}}}
	if s.cfg.Prospects != nil && c.may(accounts.ProspectRead) {
		page.Prospects = prospectingPath
	}
	cards := map[followup.State][]BoardCard{}
	for i := range lines { // the most urgent first; of what ended, the last
		cards[lines[i].State] = append(cards[lines[i].State], c.boardCard(&lines[i]))
	}
	for _, state := range followup.States() {
		if len(cards[state]) == 0 {
			continue
		}
		column := BoardColumn{ID: string(state), Title: c.T("board.column", "State", upperFirst(state.Words().In(string(c.Lang))), "N", c.Num(len(cards[state]))), Cards: cards[state]}
		if state.Closed() {
			if more := len(column.Cards) - latestEnded; more > 1 {
				column.More, column.Cards, column.MoreSaid = column.Cards[latestEnded:], column.Cards[:latestEnded], c.N("board.more", more)
			}
			page.Ended = append(page.Ended, column)
			continue
		}
		page.Columns = append(page.Columns, column)
	}
	return c.show("board", page)
}

func (c *call) boardCard(l *followup.Line) BoardCard {
	card := BoardCard{Name: l.Organisation.Name, Href: answerPath(l.MatchID), Lot: lotTitle(l.Lot), Say: c.stateSince(&l.Pursuit), Late: l.Late}
	days := Days{NoDate: true}
	switch until := l.Lot.Deadline; {
	case l.Gone:
		card.Gone, days = c.goneTag(l.Lot), c.goneDays(l.Lot)
	case l.State.Closed():
		if l.State.Answered() || until == nil || !until.After(c.now) {
			return card
		}
		days.When = c.T("board.still", "When", c.When(*until, c.now)) // it can be taken up again
	case until != nil:
		days = c.lotDays(l.Lot)
	}
	card.Days = &days
	return card
}
