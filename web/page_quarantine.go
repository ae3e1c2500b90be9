package web

import (
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/tenders"
)

func (s *Server) quarantine(c *call) error {
	const size = 50
	records, err := s.cfg.Tenders.ListQuarantined(c.r.Context(), c.number("apres"), size)
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("quarantine.title")), Heading: c.T("quarantine.heading"), Lead: c.T("quarantine.lead"), Empty: Empty{Title: c.T("quarantine.none"), Text: c.T("quarantine.none_text")},
		Head: []Column{{Text: c.T("quarantine.reason")}, {Text: c.T("quarantine.source")}, {Text: c.T("admin.state")}, {Text: c.T("quarantine.when")}, {Text: c.T("quarantine.do")}}}
	for _, record := range records {
		page.Rows = append(page.Rows, c.recordRow(&record))
	}
	if len(records) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(records[size-1].ID, 10))
	}
	if c.query("apres") != "" {
		page.Pager.Previous = c.with("apres", "")
	}
	return c.show("admin_list", page)
}

func (c *call) recordRow(record *tenders.Quarantined) AdminRow {
	cells := []Cell{
		{Text: record.Text().In(string(c.Lang)), Note: c.refusalWords(record.Code), Href: quarantinePath(record.ID)},
		{Text: c.recordSource(record), Note: joined(", ", lastName(record.Path), record.PlaceText().In(string(c.Lang)))},
		{Tag: c.recordState(record)}, {Text: c.When(record.LastSeen, c.now)}, {},
	}
	if gesture, can := c.rereading(record); can {
		cells[4].Actions = []CellAction{gesture}
	}
	return AdminRow{Cells: cells}
}

func quarantinePath(id int64) string { return "/admin/quarantaine/" + strconv.FormatInt(id, 10) }

func (c *call) recordState(record *tenders.Quarantined) *Tag {
	state := &Tag{Text: c.T("quarantine." + string(record.State)), State: Partial}
	if record.State == tenders.QuarantineResolved {
		state.State = Met
	}
	return state
}

func (c *call) recordSource(record *tenders.Quarantined) string {
	return or(strings.ToUpper(string(record.Source)), c.T("quarantine.unknown_source"))
}

// rereading is the gesture that reads a record again as it was kept, while it can be.
func (c *call) rereading(record *tenders.Quarantined) (CellAction, bool) {
	if record.State == tenders.QuarantineResolved || record.Cut {
		return CellAction{}, false
	}
	id := strconv.FormatInt(record.ID, 10)
	return CellAction{c.T("quarantine.retry"), quarantinePath(record.ID), "relire", id}, true
}

// lastName is the name of the file without its folders, which are the operator's
// business, nor the question that its address asks.
func lastName(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path[strings.LastIndexAny(path, "/\\")+1:]
}

func (s *Server) quarantined(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	record, err := s.cfg.Tenders.Quarantined(c.r.Context(), id)
	if err != nil {
		return err
	}
	return c.recordPage(record, record.Raw, nil)
}

// recordPage shows a refused record: why, where it comes from, and its text, to be
// corrected where it is not read yet.
func (c *call) recordPage(record *tenders.Quarantined, text string, errs map[string]string) error {
	title := c.T("quarantine.record", "N", record.ID)
	page := &SourcesPage{Page: c.page(title, Crumb{c.T("quarantine.title"), "/admin/quarantaine"}, Crumb{Text: title}), Heading: title, Lead: record.Text().In(string(c.Lang)),
		Facts: []Fact{
			{Label: c.T("quarantine.source"), Big: c.recordSource(record), Lines: []string{lastName(record.Path), record.PlaceText().In(string(c.Lang))}},
			{Label: c.T("admin.state"), Big: c.T("quarantine." + string(record.State)), Lines: []string{c.N("quarantine.attempts", record.Attempts)}},
			{Label: c.T("quarantine.when"), Big: c.When(record.LastSeen, c.now)},
		}}
	if record.State == tenders.QuarantineResolved {
		page.Why, page.Detail = c.T("quarantine.settled"), record.Raw
		return c.show("sources", page)
	}
	if gesture, can := c.rereading(record); can {
		page.Gestures = []CellAction{gesture}
	}
	hint := c.T("quarantine.correct_hint")
	if record.Cut {
		hint = c.T("quarantine.cut_hint")
	}
	page.Form = &AdminForm{Heading: c.T("quarantine.correct"), Action: quarantinePath(record.ID), Submit: c.T("quarantine.reread_corrected"),
		Fields: []Field{{ID: "texte", Name: "texte", Kind: "code", Rows: min(24, 6+len(text)/120+strings.Count(text, "\n")), Label: c.T("quarantine.raw"), Hint: hint, Value: text, Required: true, Error: errs["texte"]}}}
	page.Errors = summary(errs, "texte")
	return c.showForm(page, "sources", errs)
}

// reread reads a refused record again, as it was kept or as corrected. What was
// typed is shown again with the reason where it is still refused.
func (s *Server) reread(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	corrected := ""
	if c.form("geste") != "relire" {
		if corrected = strings.ReplaceAll(c.form("texte"), "\r\n", "\n"); corrected == "" {
			return c.emptyRecord(id)
		}
	}
	record, err := s.cfg.Tenders.Retry(c.r.Context(), id, []byte(corrected))
	if err != nil {
		return err
	}
	if err := c.trace(accounts.QuarantineSettle, "quarantine", id); err != nil {
		return err
	}
	switch {
	case record.State == tenders.QuarantineResolved:
		return c.to("/admin/quarantaine", "record_read")
	case corrected != "":
		return c.recordPage(record, corrected, map[string]string{"texte": record.Text().In(string(c.Lang))})
	}
	return c.to(quarantinePath(id), "record_refused")
}

func (c *call) emptyRecord(id int64) error {
	record, err := c.s.cfg.Tenders.Quarantined(c.r.Context(), id)
	if err != nil {
		return err
	}
	return c.recordPage(record, record.Raw, map[string]string{"texte": c.T("quarantine.correct_empty")})
}
