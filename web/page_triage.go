package web

import (
	"strconv"

	week "maillage/followup/monday"
	"maillage/opportunities"
)

// Triage is the notices to sort and what was sorted last.
type Triage struct {
	Title, Said string
	Rows        []TriageRow
	Reasons     []Option
	Colleagues  []Option
	Mine        []SortedRow
	Sorted      []SortedRow
}

// TriageRow is one notice to sort.
type TriageRow struct {
	OppRow
	Action string
}

// SortedRow is one notice that was sorted, with the gesture that undoes it.
type SortedRow struct {
	Title, Href, Said, Action string
	State                     Tag
}

func (c *call) triage(w *week.Week) Triage {
	n := c.Num(len(w.Notices))
	if w.More {
		n = c.T("monday.more", "N", n)
	}
	t := Triage{Title: c.T("monday.part", "Title", c.T("monday.notices"), "N", n), Said: c.T("monday.notices_text"), Mine: c.sortedRows(w.Mine), Sorted: c.sortedRows(w.Sorted)}
	for _, o := range w.Notices {
		t.Rows = append(t.Rows, TriageRow{c.opportunityRow(o), triagePath(o.ID)})
	}
	for _, r := range week.Reasons() {
		t.Reasons = append(t.Reasons, Option{Value: string(r), Text: upperFirst(week.ReasonWords(r).In(string(c.Lang)))})
	}
	for _, one := range w.Colleagues {
		t.Colleagues = append(t.Colleagues, Option{Value: strconv.FormatInt(int64(one.ID), 10), Text: one.Name})
	}
	return t
}

func triagePath(id opportunities.ID) string {
	return mondayPath + "/avis/" + strconv.FormatInt(int64(id), 10)
}

func (c *call) sortedRows(all []week.Sorted) []SortedRow {
	var rows []SortedRow
	for i := range all {
		g := &all[i]
		rows = append(rows, SortedRow{Title: g.Call.Title, Href: opportunityPath(g.Call.ID), Action: triagePath(g.Call.ID), State: c.sortTag(g),
			Said: joined(" · ", g.Call.BuyerName, c.When(g.At, c.now), c.notedBy(g.By), g.Note)})
	}
	return rows
}

func (c *call) sortTag(g *week.Sorted) Tag {
	switch g.Act {
	case week.Discard:
		return Tag{Text: c.T("monday.discarded", "Why", week.ReasonWords(g.Reason).In(string(c.Lang))), State: Missed}
	case week.Assign:
		return Tag{Text: c.T("monday.assigned", "Name", g.Assignee), State: Partial}
	case week.Keep, week.PutBack:
	}
	return Tag{Text: c.T("monday.kept"), State: Met}
}

// sortNotice does the gesture of one button: keep, discard for a reason, assign to
// somebody, or put back.
func (s *Server) sortNotice(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	g := week.Sort{OpportunityID: opportunities.ID(id), Act: week.Act(c.form("geste")), Note: c.form("mot")}
	if reason := c.form("motif"); reason != "" {
		g.Act, g.Reason = week.Discard, week.Reason(reason)
	}
	if to, err := strconv.ParseInt(c.form("a"), 10, 64); err == nil {
		g.Act, g.AssigneeID = week.Assign, &to
	}
	if _, err := s.cfg.Monday.Sort(c.r.Context(), g); err != nil {
		return err
	}
	return c.to(mondayPath+"#avis", "monday_"+string(g.Act))
}
