package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/tenders"
)

// AdminHome is the first page of an administrator: what failed or waits.
type AdminHome struct {
	Page
	Heading, Lead string
	Awaits        []Await
	NothingAwaits Empty
	Mirror        []Figure
	Journal       []AuditView
}

// AdminList is a table of the running of the platform.
type AdminList struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Filters       []Field
	FilterAction  string
	Head          []Column
	Rows          []AdminRow
	Audit         []AuditView
	Pager         Pager
	Empty         Empty
	Form          *AdminForm
	Links         []Link
}

// Column is a head of a table.
type Column struct {
	Text   string
	Number bool
}

// AdminRow is a row of cells; the first one names it.
type AdminRow struct{ Cells []Cell }

// Cell is a value, with what can be done about it.
type Cell struct {
	Text, Href, Note, Code string
	Number                 bool
	Tag                    *Tag
	Actions                []CellAction
}

// CellAction is a gesture on a row.
type CellAction struct{ Text, Href, Value, About string }

// AdminForm is a form under a table.
type AdminForm struct {
	Heading, Action, Submit string
	Fields                  []Field
}

// AuditView is a line of the trail.
type AuditView struct {
	When, Stamp, Who, What, On, Href string
	Changes                          []string
}

func (s *Server) homeOfAdmin(c *call) error {
	counts, err := s.cfg.Jobs.JobCounts(c.r.Context())
	if err != nil {
		return err
	}
	states := map[string]int{}
	for _, n := range counts {
		states[n.State] += n.Count
	}
	quarantined, err := s.cfg.Tenders.CountQuarantined(c.r.Context())
	if err != nil {
		return err
	}
	page := &AdminHome{Page: c.page(c.T("home.title")), NothingAwaits: Empty{Title: c.T("home.nothing"), Text: c.T("home.nothing_admin")}}
	if n := states["discarded"]; n > 0 {
		page.Awaits = append(page.Awaits, Await{Figure: c.Num(n), FigureWord: c.N("home.jobs_word", n), Title: c.T("home.failed_jobs"), Text: c.H("home.failed_jobs_text"), Do: Link{c.T("home.failed_jobs_do"), "/admin/taches?etat=discarded"}})
	}
	if quarantined > 0 {
		page.Awaits = append(page.Awaits, Await{Figure: c.Num(quarantined), FigureWord: c.N("home.records_word", quarantined), Title: c.T("home.waiting_records"), Text: c.H("home.waiting_records_text"), Do: Link{c.T("home.waiting_records_do"), "/admin/quarantaine"}})
	}
	page.Heading, _ = c.awaitHeading(page.Awaits)
	page.Lead = c.T("home.lead_admin", "Date", upperFirst(c.Date(c.now)))
	members, err := s.cfg.Network.Counts(c.r.Context(), network.Filter{Roles: []network.Role{network.Member}})
	if err != nil {
		return err
	}
	page.Mirror = []Figure{
		{Label: c.T("home.figure_members"), Value: c.Num(members.Total)}, {Label: c.T("home.figure_specify"), Value: c.Num(members.ToSpecify)},
		{Label: c.T("jstate.running"), Value: c.Num(states["running"])}, {Label: c.T("jstate.available"), Value: c.Num(states["available"] + states["scheduled"])},
		{Label: c.T("jstate.retryable"), Value: c.Num(states["retryable"])}, {Label: c.T("jstate.completed"), Value: c.Num(states["completed"])},
	}
	if page.Journal, err = c.trail(accounts.AuditFilter{Limit: 8}); err != nil {
		return err
	}
	return c.show("home_admin", page)
}

// jobStates are the lists of the page of jobs, in the order in which an administrator looks.
func jobStates() []rivertype.JobState {
	return []rivertype.JobState{rivertype.JobStateDiscarded, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateAvailable, rivertype.JobStateScheduled, rivertype.JobStateCompleted, rivertype.JobStateCancelled}
}

func (s *Server) jobs(c *call) error {
	counts, err := s.cfg.Jobs.JobCounts(c.r.Context())
	if err != nil {
		return err
	}
	by := map[string]int{}
	for _, n := range counts {
		by[n.State] += n.Count
	}
	wanted := rivertype.JobState(c.query("etat"))
	if !slices.Contains(jobStates(), wanted) {
		wanted = rivertype.JobStateDiscarded
		for _, state := range jobStates() {
			if by[string(state)] > 0 {
				wanted = state
				break
			}
		}
	}
	list, err := s.cfg.Jobs.Jobs().JobList(c.r.Context(), river.NewJobListParams().States(wanted).OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(100))
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("jobs.title")), Heading: c.T("jobs.heading"), Lead: c.T("jobs.lead"), Empty: Empty{Title: c.T("jobs.none"), Text: c.T("jobs.none_text")},
		Head: []Column{{Text: c.T("jobs.kind")}, {Text: c.T("admin.state")}, {Text: c.T("jobs.attempts"), Number: true}, {Text: c.T("jobs.at")}, {Text: c.T("jobs.error")}, {Text: c.T("jobs.do")}}}
	for _, state := range jobStates() {
		page.Tabs = append(page.Tabs, Option{Text: c.T("answers.tab", "Text", upperFirst(c.T("jstate."+string(state))), "N", c.Num(by[string(state)])), Value: "/admin/taches?" + query("etat", string(state)), Selected: state == wanted})
	}
	for _, job := range list.Jobs {
		page.Rows = append(page.Rows, c.jobRow(job))
	}
	return c.show("admin_list", page)
}

func (c *call) jobRow(job *rivertype.JobRow) AdminRow {
	id := strconv.FormatInt(job.ID, 10)
	about := job.Kind + " " + id
	state := &Tag{Text: c.T("jstate." + string(job.State))}
	switch job.State {
	case rivertype.JobStateDiscarded:
		state.State = Missed
	case rivertype.JobStateRetryable:
		state.State = Partial
	case rivertype.JobStateCompleted:
		state.State = Met
	}
	failed := Cell{}
	if n := len(job.Errors); n > 0 {
		failed = Cell{Text: clip(job.Errors[n-1].Error, 140), Code: job.Errors[n-1].Error}
	}
	var gestures []CellAction
	switch job.State {
	case rivertype.JobStateDiscarded, rivertype.JobStateCancelled, rivertype.JobStateRetryable, rivertype.JobStateScheduled:
		gestures = append(gestures, CellAction{c.T("jobs.retry"), "/admin/taches/" + id, "relancer", about})
	}
	switch job.State {
	case rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled, rivertype.JobStateRunning:
		gestures = append(gestures, CellAction{c.T("jobs.cancel"), "/admin/taches/" + id, "annuler", about})
	}
	return AdminRow{Cells: []Cell{
		{Text: job.Kind, Note: "n° " + id}, {Tag: state}, {Text: c.T("jobs.attempts_of", "N", job.Attempt, "Of", job.MaxAttempts), Number: true},
		{Text: c.When(job.ScheduledAt, c.now)}, failed, {Actions: gestures},
	}}
}

// act retries or cancels a job.
func (s *Server) act(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	action, said := accounts.JobRetry, "job_retried"
	if c.form("geste") == "annuler" {
		action, said = accounts.JobCancel, "job_cancelled"
	}
	if err := accounts.Allow(c.who.Identity, action, accounts.Scope{}); err != nil {
		return err
	}
	if action == accounts.JobRetry {
		_, err = s.cfg.Jobs.Jobs().JobRetry(c.r.Context(), id)
	} else {
		_, err = s.cfg.Jobs.Jobs().JobCancel(c.r.Context(), id)
	}
	if err != nil {
		return fault.Conflict("job", "Cette tâche n’est plus là, ou ne se prête pas à ce geste.", "This job is gone, or does not allow it.").Because(err)
	}
	if err := c.trace(action, "job", id); err != nil {
		return err
	}
	return c.to("/admin/taches", said)
}

func (s *Server) quarantine(c *call) error {
	const size = 50
	records, err := s.cfg.Tenders.ListQuarantined(c.r.Context(), c.number("apres"), size)
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("quarantine.title")), Heading: c.T("quarantine.heading"), Lead: c.T("quarantine.lead"), Empty: Empty{Title: c.T("quarantine.none"), Text: c.T("quarantine.none_text")},
		Head: []Column{{Text: c.T("quarantine.reason")}, {Text: c.T("quarantine.source")}, {Text: c.T("admin.state")}, {Text: c.T("quarantine.when")}, {Text: c.T("quarantine.do")}}}
	for _, record := range records {
		page.Rows = append(page.Rows, c.recordRow(record, false))
	}
	if len(records) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(records[size-1].ID, 10))
	}
	if c.query("apres") != "" {
		page.Pager.Previous = c.with("apres", "")
	}
	return c.show("admin_list", page)
}

func (c *call) recordRow(record tenders.Quarantined, whole bool) AdminRow {
	id := strconv.FormatInt(record.ID, 10)
	state := &Tag{Text: c.T("quarantine." + string(record.State)), State: Partial}
	if record.State == tenders.QuarantineResolved {
		state.State = Met
	}
	reason := Cell{Text: record.Reason, Note: record.Code, Href: "/admin/quarantaine/" + id}
	if whole {
		reason.Href, reason.Code = "", record.Raw
	}
	source := strings.ToUpper(string(record.Source))
	if source == "" {
		source = c.T("quarantine.unknown_source")
	}
	cells := []Cell{reason, {Text: source, Note: joined(", ", baseName(record.Path), record.Place)}, {Tag: state}, {Text: c.When(record.LastSeen, c.now)}}
	if record.State != tenders.QuarantineResolved && !record.Cut {
		cells = append(cells, Cell{Actions: []CellAction{{c.T("quarantine.retry"), "/admin/quarantaine/" + id, "relire", id}}})
	} else {
		cells = append(cells, Cell{})
	}
	return AdminRow{Cells: cells}
}

// baseName is the file's name without its folders, which are the operator's business.
func baseName(path string) string {
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
	title := c.T("quarantine.record", "N", id)
	return c.show("admin_list", &AdminList{Page: c.page(title, Crumb{c.T("quarantine.title"), "/admin/quarantaine"}, Crumb{Text: title}), Heading: title, Lead: record.Reason,
		Head: []Column{{Text: c.T("quarantine.reason")}, {Text: c.T("quarantine.source")}, {Text: c.T("admin.state")}, {Text: c.T("quarantine.when")}, {Text: c.T("quarantine.do")}},
		Rows: []AdminRow{c.recordRow(*record, true)}})
}

// reread reads a quarantined record again.
func (s *Server) reread(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	record, err := s.cfg.Tenders.Retry(c.r.Context(), id, nil)
	if err != nil {
		return err
	}
	if err := c.trace(accounts.QuarantineSettle, "quarantine", id); err != nil {
		return err
	}
	if record.State == tenders.QuarantineResolved {
		return c.to("/admin/quarantaine", "record_read")
	}
	return c.to("/admin/quarantaine/"+strconv.FormatInt(id, 10), "record_refused")
}

func (s *Server) audit(c *call) error {
	const size = 100
	filter := accounts.AuditFilter{Limit: size, Before: c.number("apres"), Action: accounts.Action(c.query("action")), UserID: accounts.UserID(c.number("compte"))}
	rows, err := s.cfg.Accounts.AuditTrail(c.r.Context(), filter)
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("audit.title")), Heading: c.T("audit.heading"), Lead: c.T("audit.lead"), FilterAction: "/admin/journal", Empty: Empty{Title: c.T("audit.none"), Text: c.T("audit.none_text")}}
	actions := []Option{{Text: c.T("audit.every_action")}}
	for _, rule := range accounts.Policy() {
		if rule.Write {
			actions = append(actions, Option{Value: string(rule.Action), Text: string(rule.Action), Selected: rule.Action == filter.Action})
		}
	}
	page.Filters = []Field{{ID: "action", Name: "action", Kind: "select", Required: true, Label: c.T("audit.action"), Options: actions}}
	if page.Audit, err = c.trailViews(rows); err != nil {
		return err
	}
	if len(rows) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(rows[size-1].ID, 10))
	}
	return c.show("admin_list", page)
}

func (c *call) trail(filter accounts.AuditFilter) ([]AuditView, error) {
	rows, err := c.s.cfg.Accounts.AuditTrail(c.r.Context(), filter)
	if err != nil {
		return nil, err
	}
	return c.trailViews(rows)
}

func (c *call) trailViews(rows []accounts.AuditRow) ([]AuditView, error) {
	names := map[accounts.UserID]string{0: c.T("audit.system")}
	views := make([]AuditView, 0, len(rows))
	for _, row := range rows {
		if _, ok := names[row.UserID]; !ok {
			user, err := c.s.cfg.Accounts.User(c.r.Context(), row.UserID)
			if err != nil && !fault.Is(err, fault.KindNotFound) {
				return nil, err
			}
			names[row.UserID] = user.Name
		}
		v := AuditView{When: c.When(row.At, c.now), Stamp: row.At.Format("2006-01-02T15:04:05Z07:00"), Who: names[row.UserID], What: string(row.Action), On: row.Entity, Href: entityPath(row.Entity, row.EntityID)}
		if row.EntityID != 0 {
			v.On += " " + strconv.FormatInt(row.EntityID, 10)
		}
		v.Changes = strings.Fields(row.Fields)
		views = append(views, v)
	}
	return views, nil
}

// entityPath is the page of a thing that the trail names; "" where it has none.
func entityPath(entity string, id int64) string {
	n := strconv.FormatInt(id, 10)
	switch entity {
	case "opportunity":
		return "/marches/" + n
	case "organisation":
		return "/membres/" + n
	case "quarantine":
		return "/admin/quarantaine/" + n
	}
	return ""
}

func (s *Server) accountList(c *call) error { return c.accountsPage(nil) }

func (c *call) accountsPage(errs map[string]string) error {
	const size = 100
	users, err := c.s.cfg.Accounts.Users(c.r.Context(), accounts.UserFilter{Text: c.query("quoi"), Role: accounts.Role(c.query("role")), After: accounts.UserID(c.number("apres")), Limit: size})
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("people.title")), Heading: c.T("people.heading"), Lead: c.T("people.lead"), FilterAction: "/admin/comptes", Empty: Empty{Title: c.T("people.none"), Text: c.T("people.none_text")},
		Head: []Column{{Text: c.T("people.name")}, {Text: c.T("people.role")}, {Text: c.T("people.organisation")}, {Text: c.T("people.last")}, {Text: c.T("people.state")}, {Text: c.T("people.do")}}}
	page.Filters = []Field{{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("people.name"), Value: c.query("quoi")}, {ID: "role", Name: "role", Kind: "select", Required: true, Label: c.T("people.role"), Options: c.roleOptions(c.query("role"), c.T("people.every_role"))}}
	names, err := c.organisationNames(users)
	if err != nil {
		return err
	}
	for _, user := range users {
		page.Rows = append(page.Rows, c.userRow(user, names))
	}
	if len(users) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(int64(users[size-1].ID), 10))
	}
	page.Form, page.Links = c.inviteForm(errs), []Link{{c.T("invitations.title"), "/admin/invitations"}}
	page.Errors = summary(errs, "email", "role", "siret", "perimetre")
	return c.showForm(page, "admin_list", errs)
}

func (c *call) roleOptions(selected, any string) []Option {
	options := []Option{{Text: any}}
	for _, role := range accounts.Roles() {
		options = append(options, Option{Value: string(role), Text: role.Label().In(string(c.Lang)), Selected: string(role) == selected})
	}
	return options
}

func (c *call) organisationNames(users []accounts.User) (map[int64]string, error) {
	var ids []network.ID
	for _, user := range users {
		if user.OrganisationID != 0 && !slices.Contains(ids, network.ID(user.OrganisationID)) {
			ids = append(ids, network.ID(user.OrganisationID))
		}
	}
	names := map[int64]string{}
	if len(ids) == 0 {
		return names, nil
	}
	found, err := c.s.cfg.Network.LoadForMatching(c.r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		names[int64(o.ID)] = o.Called()
	}
	return names, nil
}

func (c *call) userRow(user accounts.User, names map[int64]string) AdminRow {
	id := strconv.FormatInt(int64(user.ID), 10)
	state, gesture := &Tag{Text: c.T("people.active"), State: Met}, CellAction{c.T("people.disable"), "/admin/comptes/" + id, "suspendre", user.Name}
	if !user.DisabledAt.IsZero() {
		state, gesture = &Tag{Text: c.T("people.disabled"), State: Missed}, CellAction{c.T("people.enable"), "/admin/comptes/" + id, "retablir", user.Name}
	}
	last := c.T("people.never")
	if !user.SignedInAt.IsZero() {
		last = c.Ago(user.SignedInAt, c.now)
	}
	organisation := Cell{Text: names[user.OrganisationID], Note: c.perimeterWords(user.Perimeter)}
	if organisation.Text != "" {
		organisation.Href = memberPath(network.ID(user.OrganisationID))
	}
	cells := []Cell{{Text: user.Name, Note: string(user.Email)}, {Text: user.Role.Label().In(string(c.Lang))}, organisation, {Text: last}, {Tag: state}, {}}
	if user.ID != c.who.UserID { // nobody locks themselves out
		cells[5].Actions = []CellAction{gesture}
	}
	return AdminRow{Cells: cells}
}

func (c *call) inviteForm(errs map[string]string) *AdminForm {
	return &AdminForm{Heading: c.T("people.invite"), Action: "/admin/comptes", Submit: c.T("people.invite_submit"), Fields: []Field{
		{ID: "email", Name: "email", Kind: "email", Label: c.T("people.email"), Value: c.form("email"), Required: true, Error: errs["email"]},
		{ID: "role-invite", Name: "role", Kind: "select", Label: c.T("people.role"), Required: true, Options: c.roleOptions(c.form("role"), c.T("form.choose")), Error: errs["role"]},
		{ID: "siret", Name: "siret", Label: c.T("people.siret"), Hint: c.T("people.siret_hint"), Value: c.form("siret"), InputMode: "numeric", Error: errs["siret"]},
		{ID: "perimetre", Name: "perimetre", Label: c.T("people.perimeter"), Hint: c.T("people.perimeter_hint"), Value: c.form("perimetre"), Error: errs["perimetre"]},
	}}
}

// invite keeps a place for somebody: for an enterprise, it is tied to the SIRET it claims.
func (s *Server) invite(c *call) error {
	in := accounts.Invite{Email: c.form("email"), Role: accounts.Role(c.form("role")), Lang: string(c.Lang)}
	errs := map[string]string{}
	scope := accounts.Scope{}
	if text := c.form("siret"); text != "" {
		o, err := c.claimed(text)
		if err != nil {
			errs["siret"] = fault.Of(err).Message.In(string(c.Lang))
		} else {
			in.OrganisationID, in.SIRET, scope = int64(o.ID), string(o.SIRET), c.scopeOf(o)
		}
	}
	if words := c.form("perimetre"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			errs["perimetre"] = c.T("zone.unknown", "Words", words)
		} else {
			in.Perimeter = expr.String()
		}
	}
	if len(errs) == 0 {
		_, err := s.cfg.Accounts.Invite(c.r.Context(), scope, in)
		if err == nil {
			return c.to("/admin/comptes", "invited")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = formErrors(fields, general)
	}
	return c.accountsPage(errs)
}

// claimed finds the organisation of a SIRET that somebody is invited to claim.
func (c *call) claimed(text string) (*network.Organisation, error) {
	siret, err := network.ParseSIRET(text)
	if err != nil {
		return nil, fault.New(fault.KindInvalid, "siret", "Ce SIRET n’est pas lisible : 14 chiffres sont attendus.", "This SIRET cannot be read: 14 digits are expected.").Because(err)
	}
	found, err := c.s.cfg.Network.BySIRET(c.r.Context(), siret)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.New(fault.KindNotFound, "siret", "Aucune organisation n’a ce SIRET ici. Importez-la d’abord.", "No organisation here has this SIRET. Import it first.")
	}
	return found[0], nil
}

// standing suspends an account or opens it again.
func (s *Server) standingOf(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if c.form("geste") == "retablir" {
		_, err = s.cfg.Accounts.Enable(c.r.Context(), accounts.UserID(id), 0)
	} else {
		_, err = s.cfg.Accounts.Disable(c.r.Context(), accounts.UserID(id), 0)
	}
	if err != nil {
		return err
	}
	return c.to("/admin/comptes", "saved")
}
