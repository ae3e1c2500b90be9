package web

import (
	"strconv"
	"strings"
	"unicode"

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

func (c *call) pacePage(errs map[string]string) (*PacePage, error) {
	p, err := c.s.cfg.Reminders.Pace(c.r.Context())
	if err != nil {
		return nil, err
	}
	page := &PacePage{Page: c.page(c.T("pace.title"), Crumb{c.T("nav.home"), "/"}, Crumb{Text: c.T("pace.title")}), Heading: c.T("pace.title"), Lead: c.T("pace.lead"),
		Revision: revisionOf(p.Revision), Links: []Link{{c.T("absences.title"), absencesPath}, {c.T("reminders.title"), remindersPath}}}
	field := func(id, key string, known int) {
		page.Fields = append(page.Fields, Field{ID: id, Name: id, Kind: "number", Min: "1", Max: "60", Step: "1", Label: c.T("pace." + key), Hint: c.T("pace." + key + "_hint"), Value: c.formOr(id, strconv.Itoa(known)), Error: errs[id], Short: true, Required: true})
	}
	page.Fields = append(page.Fields, Field{ID: "relances", Name: "relances", Label: c.T("pace.steps"), Hint: c.T("pace.steps_hint"), Value: c.formOr("relances", stepsText(p.Steps)), Error: errs["relances"], Short: true, Required: true})
	field("charge", "officer", p.Officer)
	field("suivant", "next", p.Next)
	field("elargir", "widen", p.Widen)
	page.Errors = summary(errs, "relances", "charge", "suivant", "elargir")
	return page, nil
}

// setPace changes when reminders leave; nothing that was typed is lost.
func (s *Server) setPace(c *call) error {
	revision, err := c.revision()
	if err != nil {
		return err
	}
	_, err = s.cfg.Reminders.SetPace(c.r.Context(), revision, escalation.Pace{Steps: typedSteps(c.form("relances")), Officer: c.days("charge"), Next: c.days("suivant"), Widen: c.days("elargir")})
	if f := fault.Of(err); err != nil && f.Kind == fault.KindInvalid {
		names := map[string]string{"steps": "relances", "officer": "charge", "next": "suivant", "widen": "elargir"}
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

// stepsText writes steps as they are typed: "2, 5, 10".
func stepsText(steps []int) string {
	texts := make([]string, len(steps))
	for i, n := range steps {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}

// typedSteps reads steps; what is no number is 0, which is refused.
func typedSteps(text string) []int {
	var out []int
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		n, err := strconv.Atoi(one)
		if err != nil {
			n = 0
		}
		out = append(out, n)
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
