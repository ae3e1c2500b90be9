package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/followup/absences"
	"maillage/internal/fault"
)

// absencesPath is where who is away is said.
const absencesPath = "/absences"

// AbsencesPage is who is away of an organisation, with the form to say it.
type AbsencesPage struct {
	Page
	Heading, Lead        string
	Rows                 []AbsenceRow
	Empty                Empty
	Away, From, To, Cast Field
	Alone                bool     // nobody to stand in
	Followers            []string // who looks after an enterprise
}

// AbsenceRow is one absence.
type AbsenceRow struct {
	Name, Days, By string
	State          Tag
	Cancel         string
}

func (s *Server) absences(c *call) error {
	page, err := c.absencesPage(nil)
	if err != nil {
		return err
	}
	return c.show("absences", page)
}

func (c *call) absencesPage(errs map[string]string) (*AbsencesPage, error) {
	lines, err := c.s.cfg.Absences.List(c.r.Context())
	if err != nil {
		return nil, err
	}
	colleagues, err := c.s.cfg.Absences.Colleagues(c.r.Context())
	if err != nil {
		return nil, err
	}
	page := &AbsencesPage{Page: c.page(c.T("absences.title"), Crumb{c.T("nav.home"), "/"}, Crumb{Text: c.T("absences.title")}), Heading: c.T("absences.title"), Lead: c.T("absences.lead"), Alone: len(colleagues) == 0,
		Empty: Empty{Title: c.T("absences.empty"), Text: c.T("absences.empty_text")},
		Away:  Field{ID: "qui", Name: "qui", Kind: "select", Label: c.T("absences.who"), Required: true, Error: errs["qui"]},
		From:  Field{ID: "du", Name: "du", Kind: "date", Label: c.T("absences.from"), Value: c.formOr("du", ""), Error: errs["du"], Required: true, Short: true},
		To:    Field{ID: "au", Name: "au", Kind: "date", Label: c.T("absences.to"), Hint: c.T("absences.to_hint"), Value: c.formOr("au", ""), Error: errs["au"], Required: true, Short: true},
		Cast:  Field{ID: "par", Name: "par", Kind: "select", Label: c.T("absences.by"), Hint: c.T("absences.by_hint"), Required: true, Error: errs["par"]}}
	c.absenceChoices(page, colleagues)
	if page.Followers, err = c.followers(); err != nil {
		return nil, err
	}
	for i := range lines {
		page.Rows = append(page.Rows, c.absenceRow(&lines[i]))
	}
	page.Errors = summary(errs, "qui", "du", "au", "par")
	return page, nil
}

// followers says who looks after the enterprise of a member, and who of them is away.
func (c *call) followers() (out []string, err error) {
	if c.who.Role != accounts.Member {
		return nil, nil
	}
	all, err := c.s.cfg.Reminders.Followers(c.r.Context())
	for _, f := range all {
		switch {
		case f.By != "":
			out = append(out, c.T("absences.follower_by", "Name", f.Name, "By", f.By))
		case f.Away:
			out = append(out, c.T("absences.follower_away", "Name", f.Name))
		default:
			out = append(out, f.Name)
		}
	}
	return out, err
}

func (c *call) absenceChoices(page *AbsencesPage, colleagues []absences.Person) {
	who, by := c.formOr("qui", ""), c.formOr("par", "")
	page.Away.Options = []Option{{Value: "", Text: c.T("absences.me"), Selected: who == ""}}
	page.Cast.Options = []Option{{Value: "", Text: c.T("absences.nobody"), Selected: by == ""}}
	me := strconv.FormatInt(int64(c.who.UserID), 10)
	for _, p := range colleagues {
		id := strconv.FormatInt(int64(p.ID), 10)
		page.Away.Options = append(page.Away.Options, Option{Value: id, Text: p.Name, Selected: id == who})
		page.Cast.Options = append(page.Cast.Options, Option{Value: id, Text: p.Name, Selected: id == by})
	}
	page.Cast.Options = append(page.Cast.Options, Option{Value: me, Text: c.T("absences.myself"), Selected: by == me})
}

func (c *call) absenceRow(l *absences.Line) AbsenceRow {
	row := AbsenceRow{Name: l.Name, Days: c.T("absences.days", "From", c.civilDay(l.From), "To", c.civilDay(l.To)), By: c.T("absences.not_replaced"),
		State: Tag{Text: c.T("absences.to_come"), State: Unknown}, Cancel: absencesPath + "/" + revisionOf(int64(l.ID))}
	if l.By != "" {
		row.By = c.T("absences.replaced", "Name", l.By)
	}
	if l.Today {
		row.State = Tag{Text: c.T("absences.today"), State: Partial}
	}
	return row
}

// declareAbsence says that somebody is away; nothing that was typed is lost.
func (s *Server) declareAbsence(c *call) error {
	in := absences.Absence{From: c.form("du"), To: c.form("au")}
	if id, err := strconv.ParseInt(c.form("qui"), 10, 64); err == nil {
		in.UserID = accounts.UserID(id)
	}
	if id, err := strconv.ParseInt(c.form("par"), 10, 64); err == nil {
		by := accounts.UserID(id)
		in.ReplacedBy = &by
	}
	_, err := s.cfg.Absences.Declare(c.r.Context(), in)
	errs := c.absenceErrors(err)
	if len(errs) == 0 {
		if err != nil {
			return err
		}
		return c.to(absencesPath, "absence")
	}
	page, err := c.absencesPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "absences", errs)
}

// absenceErrors says what is to be corrected, by field; none where it is something else.
func (c *call) absenceErrors(err error) map[string]string {
	f := fault.Of(err)
	errs := map[string]string{}
	switch {
	case err == nil:
	case f.Kind == fault.KindConflict:
		errs["du"] = f.Message.In(string(c.Lang))
	case f.Kind == fault.KindInvalid:
		names := map[string]string{"from": "du", "to": "au", "replaced_by": "par"}
		for _, field := range f.Fields {
			errs[names[field.Path]] = field.Message.In(string(c.Lang))
		}
	}
	return errs
}

// cancelAbsence says that somebody is back, or does not leave.
func (s *Server) cancelAbsence(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Absences.Cancel(c.r.Context(), absences.ID(id)); err != nil {
		return err
	}
	return c.to(absencesPath, "absence_over")
}
