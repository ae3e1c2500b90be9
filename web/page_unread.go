package web

import (
	"strconv"
	"strings"

	"maillage/tenders"
)

// unreadPath is where the notices that were not wholly understood are listed.
const unreadPath = "/admin/lues-en-partie"

// unread lists the notices of which something was not understood.
func (s *Server) unread(c *call) error {
	const size = 50
	list, err := s.cfg.Tenders.ListUnread(c.r.Context(), c.number("apres"), size)
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("unread.title"), c.imports(), Crumb{Text: c.T("unread.title")}), Heading: c.T("unread.heading"), Lead: c.T("unread.lead"),
		Empty: Empty{Title: c.T("unread.none"), Text: c.T("unread.none_text")}, Head: c.unreadHead()}
	for _, one := range list {
		page.Rows = append(page.Rows, c.unreadRow(one, Cell{Text: one.Title, Href: unreadPath + "/" + strconv.FormatInt(one.ID, 10)}))
	}
	if len(list) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(list[size-1].ID, 10))
	}
	if c.query("apres") != "" {
		page.Pager.Previous = c.with("apres", "")
	}
	return c.show("admin_list", page)
}

// unreadNotice shows what was not understood of one of them.
func (s *Server) unreadNotice(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	one, err := s.cfg.Tenders.NoticeUnread(c.r.Context(), id)
	if err != nil {
		return err
	}
	title := c.T("unread.notice", "ID", one.SourceID)
	return c.show("admin_list", &AdminList{Page: c.page(title, c.imports(), Crumb{c.T("unread.title"), unreadPath}, Crumb{Text: title}), Heading: title, Lead: c.T("unread.notice_lead"),
		Head: c.unreadHead(), Rows: []AdminRow{c.unreadRow(one, Cell{Text: one.Title, Code: one.Text})}})
}

func (c *call) imports() Crumb { return Crumb{c.T("sources.title"), "/admin/sources"} }

func (c *call) unreadHead() []Column {
	return []Column{{Text: c.T("unread.title_of")}, {Text: c.T("quarantine.source")}, {Text: c.T("quarantine.when")}, {Text: c.T("unread.opportunity")}}
}

func (c *call) unreadRow(one tenders.Unread, title Cell) AdminRow {
	opportunity := Cell{Text: c.T("unread.no_opportunity")}
	if one.OpportunityID != nil {
		opportunity = Cell{Text: c.T("unread.see"), Href: "/marches/" + strconv.FormatInt(int64(*one.OpportunityID), 10)}
	}
	return AdminRow{Cells: []Cell{title, {Text: strings.ToUpper(string(one.Source)), Note: one.SourceID}, {Text: c.When(one.ImportedAt, c.now)}, opportunity}}
}
