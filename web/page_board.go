package web

import (
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
}

// BoardCard is one answer.
type BoardCard struct {
	Name, Href, Lot string
	Say             string
	Days            Days
	Late            bool
	Gone            string // the lot was removed, or the call cancelled
}

func (s *Server) board(c *call) error {
	lines, err := s.cfg.Followup.List(c.r.Context(), followup.Filter{})
	if err != nil {
		return err
	}
	page := &BoardPage{Page: c.page(c.T("board.title")), Heading: c.T("board.title"), Lead: c.N("board.lead", len(lines)), Contacts: contactsPath,
		Empty: Empty{Title: c.T("board.empty"), Text: c.T("board.empty_text"), Actions: []Link{{c.T("nav.opportunities"), "/marches"}}}}
	if s.cfg.Prospects != nil && c.may(accounts.ProspectRead) {
		page.Prospects = prospectingPath
	}
	cards := map[followup.State][]BoardCard{}
	for i := range lines {
		cards[lines[i].State] = append(cards[lines[i].State], c.boardCard(&lines[i]))
	}
	for _, state := range followup.States() {
		if len(cards[state]) == 0 {
			continue
		}
		column := BoardColumn{ID: string(state), Title: c.T("board.column", "State", upperFirst(state.Words().In(string(c.Lang))), "N", c.Num(len(cards[state]))), Cards: cards[state]}
		if state.Closed() {
			page.Ended = append(page.Ended, column)
			continue
		}
		page.Columns = append(page.Columns, column)
	}
	return c.show("board", page)
}

func (c *call) boardCard(l *followup.Line) BoardCard {
	card := BoardCard{Name: l.Organisation.Name, Href: answerPath(l.MatchID), Lot: lotTitle(l.Lot), Say: c.stateSince(&l.Pursuit), Late: l.Late, Days: Days{NoDate: true}}
	if l.Gone {
		card.Gone, card.Days = c.goneTag(l.Lot), c.goneDays(l.Lot)
	} else if l.Lot.Deadline != nil {
		card.Days = c.daysLeft(c.now, *l.Lot.Deadline)
	}
	return card
}
