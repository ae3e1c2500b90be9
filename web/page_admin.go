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
	unsigned, err := s.cfg.Network.Awaiting(c.r.Context(), 0)
	if err != nil {
		return err
	}
	if n := len(unsigned); n > 0 {
		page.Awaits = append(page.Awaits, Await{Figure: c.Num(n), FigureWord: c.N("home.unsigned_word", n), Title: c.T("home.unsigned"), Text: c.H("home.unsigned_text"), Do: Link{c.T("countersign.see"), countersignPath}})
	}
	failing, err := c.failingSources()
	if err != nil {
		return err
	}
	if failing > 0 {
		page.Awaits = append(page.Awaits, Await{Figure: c.Num(failing), FigureWord: c.N("home.sources_word", failing), Title: c.T("home.failing_sources"), Text: c.H("home.failing_sources_text"), Do: Link{c.T("home.failing_sources_do"), "/admin/sources"}})
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

func (s *Server) audit(c *call) error {
	const size = 100
	filter := accounts.AuditFilter{Limit: size, Before: c.number("apres"), Action: accounts.Action(c.query("action")), UserID: accounts.UserID(c.number("compte"))}
	rows, err := s.cfg.Accounts.AuditTrail(c.r.Context(), filter)
	if err != nil {
		return err
	}
	page := &AdminList{Page: c.page(c.T("audit.title")), Heading: c.T("audit.heading"), Lead: c.T("audit.lead"), Links: []Link{{c.T("fairness.title"), fairnessPath}, {c.T("skills.title"), skillsPath}}, FilterAction: "/admin/journal", Empty: Empty{Title: c.T("audit.none"), Text: c.T("audit.none_text")}}
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
		if row.Veiled && row.UserID == 0 {
			v.Who = c.T("audit.veiled")
		}
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
