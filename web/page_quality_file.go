package web

import (
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/followup/quality"
)

// QualityFilePage is one path: where it stands, what happened, what may follow.
type QualityFilePage struct {
	Page
	Heading, Lead string
	State         Tag
	Facts         []Fact
	Means         LabelView
	Story         []QualityStep
	Forms         []QualityForm
	Void          *Field // which step was a mistake
	VoidWhy       *Field
	Action        string
	Revision      int64
}

// QualityStep is something that happened.
type QualityStep struct {
	When, What, Who, Reason, Days string
	Void                          bool
}

// QualityForm records one kind of step.
type QualityForm struct {
	ID, Heading, Text, Gesture, Button string
	Fields                             []Field
	Open                               bool
}

func (s *Server) qualityFile(c *call) error { return c.showQualityFile(200, nil) }

func (c *call) showQualityFile(status int, errs map[string]string) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	f, err := c.s.cfg.Quality.Get(c.r.Context(), quality.ID(id))
	if err != nil {
		return err
	}
	title := f.Label.Name
	list := Crumb{c.T("quality.list_title"), qualityListPath}
	if c.who.Role == accounts.Member {
		list = Crumb{c.T("quality.own_title"), ownQualityPath}
	}
	page := &QualityFilePage{Page: c.page(joined(", ", title, f.Name), list, Crumb{Text: title}), Heading: title, Lead: joined(", ", f.Name, c.kindWords(string(f.Kind)), c.communeWords(f.Commune)),
		State: c.qualityTag(&f.Row), Facts: c.qualityFacts(f), Means: c.labelView(f.Label, 0, 0), Action: qualityFilePath(f.ID), Revision: f.Revision}
	for _, e := range f.Events {
		page.Story = append(page.Story, c.qualityStep(f, &e))
	}
	for _, k := range f.Next {
		page.Forms = append(page.Forms, c.qualityForm(f, k, errs))
	}
	c.voidForm(page, f, errs)
	page.Errors = summary(errs)
	return c.showStatus(status, "quality_file", page)
}

func (c *call) qualityFacts(f *quality.File) []Fact {
	var out []Fact
	add := func(label, big string, lines ...string) {
		if big != "" {
			out = append(out, Fact{Label: c.T(label), Big: big, Lines: lines})
		}
	}
	switch {
	case f.Now.Holds():
		add("quality.until", c.civilDay(f.Until), c.monthsLeft(f.Until))
		add("quality.from", c.civilDay(f.From))
	case f.Ended != "":
		add("quality.ended", c.civilDay(f.Ended))
	case f.Until != "":
		add("quality.was_until", c.civilDay(f.Until))
	}
	if f.Renewing {
		add("quality.renewal", c.T("quality.renewing"))
	}
	add("quality.last_step", c.civilDay(f.LastOn))
	if c.may(accounts.OrganisationRead) {
		out = append(out, Fact{Label: c.T("quality.enterprise"), Links: []Link{{f.Name, "/membres/" + strconv.FormatInt(f.OrganisationID, 10)}}})
	}
	return out
}

func (c *call) qualityStep(f *quality.File, e *quality.Event) QualityStep {
	out := QualityStep{When: c.civilDay(e.On), What: c.T("quality.event_" + string(e.Kind)), Who: e.Body, Reason: e.Reason, Void: f.Void[e.ID]}
	switch e.Kind {
	case quality.Audited:
		out.What = c.T("quality.audit_said", "Kind", c.T("quality.audit_"+string(e.Audit)), "Result", c.T("quality.outcome_"+string(e.Outcome)))
		out.Days = joined(", ", c.N("quality.minor", e.Minor), c.N("quality.major", e.Major))
	case quality.Decided:
		out.What = c.T("quality.decision_said", "Decision", c.T("quality.outcome_"+string(e.Outcome)))
		if e.From != "" || e.Until != "" {
			out.Days = c.T("quality.days_said", "From", or(c.civilDay(e.From), "…"), "Until", or(c.civilDay(e.Until), "…"))
		}
	case quality.Voided:
		if i := slices.IndexFunc(f.Events, func(o quality.Event) bool { return o.ID == e.Voids }); i >= 0 {
			out.What = c.T("quality.void_said", "Step", c.qualityStep(f, &f.Events[i]).What, "Day", c.civilDay(f.Events[i].On))
		}
	}
	return out
}

// qualityForm is the form of a step; the one that was refused keeps what was typed.
func (c *call) qualityForm(f *quality.File, k quality.EventKind, errs map[string]string) QualityForm {
	again := c.form("geste") == string(k)
	out := QualityForm{ID: "etape-" + string(k), Gesture: string(k), Heading: c.T("quality.do_" + string(k)), Button: c.T("quality.save_step"), Open: again}
	if c.Has("quality.help_" + string(k)) {
		out.Text = c.T("quality.help_" + string(k))
	}
	field := func(name, kind, value string, required bool) Field {
		fd := Field{ID: string(k) + "-" + name, Name: name, Kind: kind, Label: c.T("quality.f_" + name), Value: value, Required: required, Short: kind == "date" || kind == "number"}
		if again {
			fd.Value, fd.Error = c.form(name), errs[string(k)+"-"+name]
		}
		return fd
	}
	choice := func(name, prefix string, values []string) Field {
		fd := field(name, "select", "", true)
		fd.Options = []Option{{Text: c.T("quality.choose")}}
		for _, v := range values {
			fd.Options = append(fd.Options, Option{Value: v, Text: c.T(prefix + v), Selected: again && c.form(name) == v})
		}
		return fd
	}
	out.Fields = []Field{field("le", "date", c.now.In(c.zone).Format("2006-01-02"), true)}
	switch k {
	case quality.Audited:
		minor, major := field("mineurs", "number", "0", true), field("majeurs", "number", "0", true)
		minor.Min, major.Min = "0", "0"
		out.Fields = append(out.Fields, choice("audit", "quality.audit_", texts(quality.Audits())), field("organisme", "text", "", false), minor, major, choice("resultat", "quality.outcome_", texts(quality.Results())))
	case quality.Decided:
		out.Fields = append(out.Fields, choice("resultat", "quality.outcome_", texts(quality.Decisions())), field("organisme", "text", "", false), field("motif", "area", "", false), field("du", "date", "", false), field("au", "date", "", false))
		out.Text = c.N("quality.usual", f.Label.Months)
	case quality.Interrupted, quality.TakenAway:
		out.Fields = append(out.Fields, field("motif", "area", "", true))
	case quality.Restored, quality.GaveUp:
		out.Fields = append(out.Fields, field("motif", "area", "", false))
	case quality.Entered, quality.Voided:
	}
	return out
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

func (c *call) voidForm(page *QualityFilePage, f *quality.File, errs map[string]string) {
	if len(f.Events) == 0 || !c.s.cfg.Quality.CanDecide(c.r.Context(), f) {
		return
	}
	which := Field{ID: "erreur", Name: "erreur", Kind: "select", Label: c.T("quality.which"), Required: true, Error: errs["erreur"], Options: []Option{{Text: c.T("quality.choose")}}}
	for _, e := range f.Events {
		if e.Kind != quality.Voided && !f.Void[e.ID] {
			id := strconv.FormatInt(int64(e.ID), 10)
			which.Options = append(which.Options, Option{Value: id, Text: c.civilDay(e.On) + ", " + c.qualityStep(f, &e).What, Selected: c.form("erreur") == id})
		}
	}
	why := Field{ID: "annule-motif", Name: "motif", Label: c.T("quality.f_motif"), Required: true, Error: errs["annule-motif"]}
	page.Void, page.VoidWhy = &which, &why
}

// recordQuality writes the step that the form says.
func (s *Server) recordQuality(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	gesture, ctx := c.form("geste"), c.r.Context()
	prefix := gesture + "-"
	if gesture == "annuler" {
		event, bad := strconv.ParseInt(c.form("erreur"), 10, 64)
		if bad != nil {
			return c.showQualityFile(422, map[string]string{"erreur": c.T("quality.choose_one")})
		}
		prefix = "annule-"
		_, err = s.cfg.Quality.Void(ctx, quality.ID(id), revision, quality.EventID(event), c.form("motif"))
	} else {
		_, err = s.cfg.Quality.Record(ctx, quality.ID(id), revision, c.qualityEvent(quality.EventKind(gesture)))
	}
	if err == nil {
		return c.to(qualityFilePath(quality.ID(id)), "quality_recorded")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := map[string]string{}
	for path, name := range map[string]string{"on": "le", "audit": "audit", "body": "organisme", "minor": "mineurs", "major": "majeurs", "outcome": "resultat", "reason": "motif", "from": "du", "until": "au"} {
		if text := fields[path]; text != "" {
			errs[prefix+name] = text
		}
	}
	if len(errs) == 0 {
		errs[""] = general
	}
	return c.showQualityFile(refusedStatus(err), errs)
}

func (c *call) qualityEvent(k quality.EventKind) quality.Event {
	return quality.Event{Kind: k, On: c.form("le"), Audit: quality.AuditKind(c.form("audit")), Body: c.form("organisme"), Minor: c.count("mineurs"), Major: c.count("majeurs"),
		Outcome: quality.Outcome(c.form("resultat")), Reason: c.form("motif"), From: c.form("du"), Until: c.form("au")}
}

// count reads a whole number of a form; what is not one is refused by the noun as below zero.
func (c *call) count(name string) int {
	text := c.form(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
