package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/followup/escalation"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/territories"
)

// Where letters of reminders are wanted or not, and where their pace is set.
const (
	remindersPath = "/relances"
	pacePath      = "/admin/relances"
)

// RemindersPage is whether somebody has letters of reminders, and the last ones.
type RemindersPage struct {
	Page
	Heading, Lead, Said string
	Wanted              bool
	Letters             []string
	Links               []Link
}

func (s *Server) reminders(c *call) error {
	wanted, err := s.cfg.Reminders.Wanted(c.r.Context())
	if err != nil {
		return err
	}
	letters, err := s.cfg.Reminders.Letters(c.r.Context(), 10)
	if err != nil {
		return err
	}
	page := &RemindersPage{Page: c.page(c.T("reminders.title"), Crumb{c.T("nav.home"), "/"}, Crumb{Text: c.T("reminders.title")}), Heading: c.T("reminders.title"),
		Lead: c.T("reminders.lead_" + c.readerKind()), Wanted: wanted, Said: c.T("reminders.wanted"), Links: c.reminderLinks()}
	if !wanted {
		page.Said = c.T("reminders.silent")
	}
	for _, l := range letters {
		when := c.T("reminders.waits")
		if !l.SentAt.IsZero() {
			when = c.T("reminders.sent", "When", c.When(l.SentAt, c.now))
		}
		page.Letters = append(page.Letters, c.T("reminders.letter", "Date", c.civilDay(l.Day), "Sent", when))
	}
	return c.show("reminders", page)
}

// readerKind is for whom the page says what its letters hold.
func (c *call) readerKind() string {
	switch c.who.Role {
	case accounts.Member, accounts.Officer, accounts.Counsellor:
		return string(c.who.Role)
	}
	return "admin"
}

// reminderLinks lead to what goes with reminders, for who may open it.
func (c *call) reminderLinks() []Link {
	var links []Link
	if c.may(accounts.AbsenceRead) {
		links = append(links, Link{c.T("absences.title"), absencesPath})
	}
	if c.may(accounts.PaceEdit) {
		links = append(links, Link{c.T("pace.title"), pacePath})
	}
	return links
}

// wantReminders ends or takes up again the letters of who asks.
func (s *Server) wantReminders(c *call) error {
	wanted := c.form("lettres") == "oui"
	if err := s.cfg.Reminders.Want(c.r.Context(), wanted); err != nil {
		return err
	}
	if wanted {
		return c.to(remindersPath, "reminders_on")
	}
	return c.to(remindersPath, "reminders_off")
}

// PacePage is when reminders leave.
type PacePage struct {
	Page
	Heading, Lead string
	Revision      string
	Fields        []Field
	Links         []Link
}

func (s *Server) pace(c *call) error {
	page, err := c.pacePage(nil)
	if err != nil {
		return err
	}
	return c.show("pace", page)
}

// paceSteps is how many fields there are for steps: some stay empty.
const paceSteps = 6

func (c *call) pacePage(errs map[string]string) (*PacePage, error) {
	p, err := c.s.cfg.Reminders.Pace(c.r.Context())
	if err != nil {
		return nil, err
	}
	page := &PacePage{Page: c.page(c.T("pace.title"), Crumb{c.T("nav.home"), "/"}, Crumb{Text: c.T("pace.title")}), Heading: c.T("pace.title"), Lead: c.T("pace.lead"),
		Revision: revisionOf(p.Revision), Links: []Link{{c.T("absences.title"), absencesPath}, {c.T("reminders.title"), remindersPath}}}
	field := func(id, label, hint, known string, required bool) {
		page.Fields = append(page.Fields, Field{ID: id, Name: id, Kind: "number", Min: "1", Max: "60", Step: "1", Label: label, Hint: hint, Value: c.formOr(id, known), Error: errs[id], Short: true, Required: required})
	}
	for i := range paceSteps {
		known := ""
		if i < len(p.Steps) {
			known = strconv.Itoa(p.Steps[i])
		}
		hint := ""
		if i == 0 {
			hint = c.T("pace.step_hint")
		}
		field("relance-"+strconv.Itoa(i+1), c.T("pace.step", "N", strconv.Itoa(i+1)), hint, known, i == 0)
	}
	field("charge", c.T("pace.officer"), c.T("pace.officer_hint"), strconv.Itoa(p.Officer), true)
	field("suivant", c.T("pace.next"), c.T("pace.next_hint"), strconv.Itoa(p.Next), true)
	field("elargir", c.T("pace.widen"), c.T("pace.widen_hint"), strconv.Itoa(p.Widen), true)
	page.Errors = summary(errs, "relance-1", "charge", "suivant", "elargir")
	return page, nil
}

// setPace changes when reminders leave; nothing that was typed is lost.
func (s *Server) setPace(c *call) error {
	revision, err := c.revision()
	if err != nil {
		return err
	}
	_, err = s.cfg.Reminders.SetPace(c.r.Context(), revision, escalation.Pace{Steps: c.paceSteps(), Officer: c.days("charge"), Next: c.days("suivant"), Widen: c.days("elargir")})
	if f := fault.Of(err); err != nil && f.Kind == fault.KindInvalid {
		names := map[string]string{"steps": "relance-1", "officer": "charge", "next": "suivant", "widen": "elargir"}
		errs := map[string]string{}
		for _, field := range f.Fields {
			errs[names[field.Path]] = field.Message.In(string(c.Lang))
		}
		page, err := c.pacePage(errs)
		if err != nil {
			return err
		}
		return c.showForm(page, "pace", errs)
	}
	if err != nil {
		return err
	}
	return c.to(pacePath, "pace")
}

// paceSteps reads the steps that are filled in; what is no number is none, and is refused.
func (c *call) paceSteps() []int {
	var out []int
	for i := range paceSteps {
		if name := "relance-" + strconv.Itoa(i+1); c.form(name) != "" {
			out = append(out, c.days(name))
		}
	}
	return out
}

// days reads a number of days; 0, which is refused, where it is none.
func (c *call) days(name string) int {
	n, err := strconv.Atoi(c.form(name))
	if err != nil {
		return 0
	}
	return n
}

// widen looks further for who could answer a lot.
func (s *Server) widen(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	ref, err := territories.ParseRef(c.form("ou"))
	if err != nil {
		return fault.Invalid(fault.At("ou", "territory", "Ce territoire n’existe pas.", "There is no such territory.")).Because(err)
	}
	if err := s.cfg.Reminders.Widen(c.r.Context(), opportunities.LotID(id), ref); err != nil {
		return err
	}
	return c.to(mondayPath+"#elargir", "widened")
}
