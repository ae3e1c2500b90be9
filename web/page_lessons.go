package web

import (
	"cmp"
	"net/url"

	week "maillage/followup/monday"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// lessonsPath is what the reasons of a year teach.
const lessonsPath = mondayPath + "/motifs"

// LessonsPage counts the reasons of discards and refusals, with what each puts in doubt.
type LessonsPage struct {
	Page
	Heading, Lead string
	Tables        []LessonTable
	Notes         []string
}

// LessonTable is the reasons of one kind.
type LessonTable struct {
	ID, Title string
	Rows      []LessonRow
}

// LessonRow is one reason: how often, of which activities, and where what it puts in
// doubt is put right.
type LessonRow struct {
	Reason, Fact, Times string
	Few                 bool
	Trades              []Link
	Do                  *Link
}

func (s *Server) lessons(c *call) error {
	l, err := s.cfg.Monday.Lessons(c.r.Context())
	if err != nil {
		return err
	}
	title := c.T("lessons.title")
	page := &LessonsPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("monday.title"), mondayPath}, Crumb{Text: title}), Heading: title, Lead: c.T("lessons.lead", "Date", c.Date(l.Since)),
		Notes: []string{c.T("lessons.note_nothing"), c.T("lessons.note_members"), c.T("lessons.note_few")}}
	page.Tables = []LessonTable{c.lessonTable("avis", l.Discards), c.lessonTable("refus", l.Refusals)}
	return c.show("lessons", page)
}

func (c *call) lessonTable(id string, all []week.Lesson) LessonTable {
	out := LessonTable{ID: id, Title: c.T("lessons." + id)}
	for _, l := range all {
		row := LessonRow{Reason: upperFirst(l.Words.In(string(c.Lang))), Fact: c.T("lessons.fact_" + string(l.Fact)), Times: c.N("lessons.times_"+id, l.Times), Few: l.Withheld}
		if l.Members > 0 {
			row.Times = joined(", ", row.Times, c.N("lessons.members", l.Members))
		}
		first := nomenclatures.Sector("")
		for _, t := range l.Trades {
			name := c.T("lessons.no_trade")
			if t.Sector != "" {
				name = t.Sector.Label(string(c.Lang))
				first = cmp.Or(first, t.Sector)
			}
			row.Trades = append(row.Trades, Link{c.T("lessons.trade", "Name", name, "Times", c.Num(t.Times)), c.putRight(id, l.Fact, t.Sector)})
		}
		if href := c.putRight(id, l.Fact, first); href != "" {
			row.Do = &Link{c.T("lessons.do_" + string(l.Fact)), href}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// putRight is where a fact is put right, already narrowed to an activity; empty:
// nowhere here.
func (c *call) putRight(id string, f week.Fact, trade nomenclatures.Sector) string {
	q := url.Values{}
	if trade != "" {
		q.Set("secteur", string(trade))
	}
	switch {
	case f == week.OfClause:
		q.Set("clause", string(opportunities.ClauseToConfirm))
		return "/marches?" + q.Encode()
	case f == week.OfPlace && id == "refus":
		q.Set("fiche", "supposee")
	case f == week.OfTrade:
		q.Set("fiche", "preciser")
	case f == week.OfSize:
	default:
		return ""
	}
	return "/membres?" + q.Encode()
}
