package web

import (
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/tenders"
	"maillage/tenders/fetch"
)

// SourcesPage lists where notices come from, or shows one of them.
type SourcesPage struct {
	Page
	Heading, Lead string
	Why, Detail   string // the last error, in plain words and as it was met
	Facts         []Fact
	Gestures      []CellAction
	Tables        []AdminTable
	Form          *AdminForm
}

// AdminTable is a table of a page that has several.
type AdminTable struct {
	ID, Heading, Lead string
	Head              []Column
	Rows              []AdminRow
	Empty             Empty
}

// failingSources counts the sources that need somebody.
func (c *call) failingSources() (n int, err error) {
	feeds, err := c.s.cfg.Sources.Feeds(c.r.Context())
	for i := range feeds {
		if feeds[i].Failing(c.now) {
			n++
		}
	}
	return n, err
}

// sources lists the sources, those proposed, and the last imports.
func (s *Server) sources(c *call) error { return c.sourcesPage(nil) }

func (c *call) sourcesPage(errs map[string]string) error {
	feeds, err := c.s.cfg.Sources.Feeds(c.r.Context())
	if err != nil {
		return err
	}
	runs, err := c.s.cfg.Tenders.Runs(c.r.Context(), 50)
	if err != nil {
		return err
	}
	page := &SourcesPage{Page: c.page(c.T("sources.title")), Heading: c.T("sources.heading"), Lead: c.T("sources.lead")}
	page.Tables = append(page.Tables, c.feedTable(feeds))
	if table := c.proposedTable(feeds); len(table.Rows) > 0 {
		page.Tables = append(page.Tables, table)
	}
	page.Tables = append(page.Tables, c.runTable("passages", c.T("sources.runs"), runs))
	page.Form = &AdminForm{Heading: c.T("sources.add"), Action: "/admin/sources", Submit: c.T("sources.save"),
		Fields: append([]Field{{ID: "name", Name: "name", Label: c.T("sources.name"), Hint: c.T("sources.name_hint"), Value: c.form("name"), Required: true, Short: true, Error: errs["name"]}}, c.feedFields(c.feedOfForm(), errs)...)}
	page.Errors = summary(errs, "name", "kind", "url", "every", "first_day")
	return c.showForm(page, "sources", errs)
}

func (c *call) feedTable(feeds []tenders.Feed) AdminTable {
	table := AdminTable{ID: "suivies", Heading: c.T("sources.list"), Empty: Empty{Title: c.T("sources.no_source"), Text: c.T("sources.no_source_text")},
		Head: []Column{{Text: c.T("sources.name")}, {Text: c.T("sources.state")}, {Text: c.T("sources.last_success")}, {Text: c.T("sources.next")},
			{Text: c.T("sources.read"), Number: true}, {Text: c.T("sources.made"), Number: true}, {Text: c.T("sources.updated"), Number: true}, {Text: c.T("sources.refused"), Number: true}}}
	for i := range feeds {
		f := &feeds[i]
		table.Rows = append(table.Rows, AdminRow{Cells: []Cell{
			{Text: f.Name, Href: sourcePath(f.Name), Note: c.T("sources.kind_" + string(f.Kind))},
			{Tag: c.feedState(f), Note: f.Why().In(string(c.Lang))}, {Text: c.lastSuccess(f)}, {Text: c.nextRun(f)},
			{Text: c.Num(f.Records), Number: true}, {Text: c.Num(f.Made), Number: true}, {Text: c.Num(f.Updated), Number: true}, c.refusedCell(f.Quarantined)}})
	}
	return table
}

func (c *call) refusedCell(n int) Cell {
	cell := Cell{Text: c.Num(n), Number: true}
	if n > 0 {
		cell.Href = "/admin/quarantaine"
	}
	return cell
}

// proposedTable offers the national sources that nothing follows yet.
func (c *call) proposedTable(feeds []tenders.Feed) AdminTable {
	table := AdminTable{ID: "proposees", Heading: c.T("sources.proposed"), Lead: c.T("sources.proposed_lead"),
		Head: []Column{{Text: c.T("sources.name")}, {Text: c.T("sources.address")}, {Text: c.T("sources.every")}, {Text: c.T("sources.do")}}}
	for _, p := range tenders.Proposed() {
		if slices.ContainsFunc(feeds, func(f tenders.Feed) bool { return f.Name == p.Name || f.Kind == p.Kind }) {
			continue
		}
		table.Rows = append(table.Rows, AdminRow{Cells: []Cell{{Text: c.T("sources.kind_" + string(p.Kind))}, {Text: p.URL}, {Text: c.rhythm(p.Seconds)},
			{Actions: []CellAction{{c.T("sources.adopt"), sourcePath(p.Name), "adopter", p.Name}}}}})
	}
	return table
}

func (c *call) runTable(id, heading string, runs []tenders.Run) AdminTable {
	table := AdminTable{ID: id, Heading: heading, Empty: Empty{Title: c.T("sources.none"), Text: c.T("sources.none_text")},
		Head: []Column{{Text: c.T("sources.when")}, {Text: c.T("admin.state")}, {Text: c.T("sources.files")}, {Text: c.T("sources.read"), Number: true}, {Text: c.T("sources.made"), Number: true}, {Text: c.T("sources.updated"), Number: true}, {Text: c.T("sources.unchanged"), Number: true}, {Text: c.T("unread.count"), Number: true}, {Text: c.T("sources.refused"), Number: true}}}
	for _, run := range runs {
		table.Rows = append(table.Rows, c.runRow(run))
	}
	return table
}

func sourcePath(name string) string { return "/admin/sources/" + name }

func (c *call) feedState(f *tenders.Feed) *Tag {
	switch {
	case f.UnderWay(c.now):
		return &Tag{Text: c.T("sources.under_way"), State: Partial, Icon: "clock"}
	case !f.Enabled:
		return &Tag{Text: c.T("sources.off"), State: Unknown}
	case f.LastError != "":
		return &Tag{Text: c.T("sources.failing"), State: Missed}
	case f.Late(c.now):
		return &Tag{Text: c.T("sources.late"), State: Missed}
	}
	return &Tag{Text: c.T("sources.on"), State: Met}
}

func (c *call) lastSuccess(f *tenders.Feed) string {
	if f.LastSuccess == nil {
		return c.T("sources.never")
	}
	return c.Ago(*f.LastSuccess, c.now)
}

func (c *call) nextRun(f *tenders.Feed) string {
	if !f.Enabled {
		return c.T("sources.when_on")
	}
	if f.NextRun.Before(c.now) {
		return c.T("time.now")
	}
	return c.When(f.NextRun, c.now)
}

// rhythms are the times between two runs that a form offers, in seconds.
func rhythms() []int64 { return []int64{900, 3600, 21600, 86400, 604800} }

func (c *call) rhythm(seconds int64) string {
	if slices.Contains(rhythms(), seconds) {
		return c.T("sources.e" + strconv.FormatInt(seconds, 10))
	}
	return c.Duration(time.Duration(seconds) * time.Second)
}

// feedOfForm is the source as the form tells it. A folder is none of the web's
// business: who may change a page is not who may read the machine's files.
func (c *call) feedOfForm() tenders.Feed {
	seconds, err := strconv.ParseInt(c.form("every"), 10, 64)
	if err != nil {
		seconds = 3600
	}
	return tenders.Feed{Name: c.form("name"), Kind: fetch.Kind(c.form("kind")), URL: c.form("url"), Seconds: seconds, FirstDay: c.form("first_day")}
}

func (c *call) feedFields(f tenders.Feed, errs map[string]string) []Field {
	kinds := []Option{}
	for _, k := range fetch.Kinds() {
		if k != fetch.Folder {
			kinds = append(kinds, Option{Value: string(k), Text: c.T("sources.kind_" + string(k)), Selected: k == f.Kind})
		}
	}
	all := rhythms()
	if !slices.Contains(all, f.Seconds) {
		all = append(all, f.Seconds)
	}
	every := []Option{}
	for _, n := range all {
		every = append(every, Option{Value: strconv.FormatInt(n, 10), Text: c.rhythm(n), Selected: n == f.Seconds})
	}
	return []Field{
		{ID: "kind", Name: "kind", Kind: "select", Label: c.T("sources.kind"), Options: kinds, Required: true, Short: true, Error: errs["kind"]},
		{ID: "url", Name: "url", Label: c.T("sources.address"), Hint: c.T("sources.address_hint"), Value: f.URL, InputMode: "url", Error: errs["url"]},
		{ID: "every", Name: "every", Kind: "select", Label: c.T("sources.every"), Options: every, Required: true, Short: true, Error: errs["every"]},
		{ID: "first_day", Name: "first_day", Kind: "date", Label: c.T("sources.first_day"), Hint: c.T("sources.first_day_hint"), Value: f.FirstDay, Short: true, Error: errs["first_day"]},
	}
}

// source shows one source: how it goes, its runs, what may be done.
func (s *Server) source(c *call) error { return c.sourcePage(nil) }

func (c *call) sourcePage(errs map[string]string) error {
	f, err := c.s.cfg.Sources.Feed(c.r.Context(), c.r.PathValue("name"))
	if err != nil {
		return err
	}
	runs, err := c.s.cfg.Sources.RunsOf(c.r.Context(), f.Name, 50)
	if err != nil {
		return err
	}
	page := &SourcesPage{Page: c.page(f.Name, Crumb{c.T("sources.title"), "/admin/sources"}, Crumb{Text: f.Name}), Heading: f.Name,
		Lead: c.T("sources.kind_"+string(f.Kind)) + ", " + c.rhythm(f.Seconds), Why: f.Why().In(string(c.Lang)), Detail: f.LastError, Facts: c.feedFacts(f)}
	toggle := CellAction{c.T("sources.turn_on"), sourcePath(f.Name), "activer", f.Name}
	if f.Enabled {
		toggle = CellAction{c.T("sources.turn_off"), sourcePath(f.Name), "arreter", f.Name}
	}
	page.Gestures = []CellAction{{c.T("sources.run_now"), sourcePath(f.Name), "lancer", f.Name}, toggle}
	page.Tables = []AdminTable{c.runTable("passages", c.T("sources.source_runs"), runs)}
	if f.Kind != fetch.Folder {
		shown := *f
		if errs != nil {
			shown = c.feedOfForm()
		}
		page.Form = &AdminForm{Heading: c.T("sources.change"), Action: sourcePath(f.Name), Submit: c.T("sources.save"), Fields: c.feedFields(shown, errs)}
	}
	page.Errors = summary(errs, "kind", "url", "every", "first_day")
	return c.showForm(page, "sources", errs)
}

func (c *call) feedFacts(f *tenders.Feed) []Fact {
	facts := []Fact{
		{Label: c.T("sources.state"), Big: c.feedState(f).Text, Lines: []string{f.URL}},
		{Label: c.T("sources.last_success"), Big: c.lastSuccess(f)},
		{Label: c.T("sources.next"), Big: c.nextRun(f)},
		{Label: c.T("sources.totals"), Lines: []string{c.T("sources.totals_runs", "N", c.Num(f.Runs), "Records", c.Num(f.Records)),
			c.T("sources.totals_effects", "Made", c.Num(f.Made), "Updated", c.Num(f.Updated)), c.T("sources.totals_refused", "N", c.Num(f.Quarantined))}},
	}
	if f.Quarantined > 0 {
		facts[3].Links = []Link{{c.T("sources.see_quarantine"), "/admin/quarantaine"}}
	}
	if day, err := time.Parse(time.DateOnly, f.Cursor.Day); err == nil {
		facts[1].Lines = append(facts[1].Lines, c.T("sources.reading")+" "+c.ShortDate(day))
	}
	if len(f.LastReport.Reasons) > 0 {
		facts = append(facts, Fact{Label: c.T("sources.reasons"), Lines: c.reasonLines(f.LastReport.Reasons)})
	}
	return facts
}

func (c *call) reasonLines(reasons map[string]int) (lines []string) {
	codes := make([]string, 0, len(reasons))
	for code := range reasons {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		lines = append(lines, c.Num(reasons[code])+nbsp+"× "+tenders.ReasonText(code).In(string(c.Lang)))
	}
	return lines
}

// addSource keeps a new source, turned on.
func (s *Server) addSource(c *call) error {
	f := c.feedOfForm()
	f.Enabled = true
	if _, err := s.cfg.Sources.Feed(c.r.Context(), f.Name); err == nil {
		return c.sourcesPage(map[string]string{"name": c.T("sources.taken")})
	} else if !fault.Is(err, fault.KindNotFound) {
		return err
	}
	errs, err := c.configure(f)
	if err != nil {
		return err
	}
	if errs != nil {
		return c.sourcesPage(errs)
	}
	return c.to(sourcePath(f.Name), "source_saved")
}

// configure keeps a source and its trace; errs is what the form got wrong.
func (c *call) configure(f tenders.Feed) (errs map[string]string, err error) {
	if f.Kind == fetch.Folder {
		return map[string]string{"kind": c.T("sources.command_only")}, nil
	}
	if err = c.s.cfg.Sources.Configure(c.r.Context(), f); err == nil {
		return nil, c.trace(accounts.SourceEdit, "source", 0, f.Name)
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return nil, err
	}
	return formErrors(fields, general), nil
}

// settleSource does to one source what its page offers.
func (s *Server) settleSource(c *call) error {
	ctx, name := c.r.Context(), c.r.PathValue("name")
	var said string
	var err error
	switch c.form("geste") {
	case "adopter":
		return s.adopt(c, name)
	case "enregistrer":
		return s.changeSource(c, name)
	case "lancer":
		said, err = "source_soon", s.cfg.Sources.RunSoon(ctx, name)
	case "activer":
		said, err = "source_on", s.cfg.Sources.Enable(ctx, name, true)
	case "arreter":
		said, err = "source_off", s.cfg.Sources.Enable(ctx, name, false)
	default:
		return fault.Invalid(fault.At("geste", "unknown", "Ce geste n’est pas compris.", "This gesture is not understood."))
	}
	if err != nil {
		return err
	}
	if err := c.trace(accounts.SourceEdit, "source", 0, name, c.form("geste")); err != nil {
		return err
	}
	return c.to(sourcePath(name), said)
}

// adopt turns on a source that is proposed; one that is there stays as it is.
func (s *Server) adopt(c *call, name string) error {
	for _, f := range tenders.Proposed() {
		if f.Name != name {
			continue
		}
		if _, err := s.cfg.Sources.Feed(c.r.Context(), name); err == nil {
			return c.to(sourcePath(name), "")
		}
		f.Enabled = true
		if _, err := c.configure(f); err != nil {
			return err
		}
		return c.to(sourcePath(name), "source_on")
	}
	return fault.NotFound("source", name)
}

func (s *Server) changeSource(c *call, name string) error {
	before, err := s.cfg.Sources.Feed(c.r.Context(), name)
	if err != nil {
		return err
	}
	f := c.feedOfForm()
	f.Name, f.Enabled = name, before.Enabled
	if before.Kind == fetch.Folder {
		f.Kind = fetch.Folder
	}
	errs, err := c.configure(f)
	if err != nil {
		return err
	}
	if errs != nil {
		return c.sourcePage(errs)
	}
	return c.to(sourcePath(name), "source_saved")
}
