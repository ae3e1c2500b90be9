package web

import (
	week "maillage/followup/monday"
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
	ID, Title, Count string
	Rows             []LessonRow
}

// LessonRow is one reason.
type LessonRow struct{ Reason, Fact, Times, Few string }

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
	out := LessonTable{ID: id, Title: c.T("lessons." + id), Count: c.T("lessons.times_" + id)}
	for _, l := range all {
		row := LessonRow{Reason: upperFirst(l.Words.In(string(c.Lang))), Fact: c.T("lessons.fact_" + string(l.Fact)), Times: c.Num(l.Times)}
		if l.Withheld {
			row.Few = c.T("lessons.few")
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
