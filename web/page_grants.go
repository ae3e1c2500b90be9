package web

import (
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/access"
	micro "maillage/indicators/access/record"
)

const grantsPath = "/admin/microdonnees"

// GrantsPage is where agreements are granted, revoked and watched.
type GrantsPage struct {
	Page
	Heading, Lead string
	Agreements    []GrantRow
	Reasons       []Option
	Fields        []Field
	Variables     Field
	Years         []MadeYear
	Log           []UseRow
	Pager         Pager
}

// GrantRow is an agreement and the gesture that ends it.
type GrantRow struct {
	AgreementCard
	Who, Revoke string // Revoke is the address; empty: it is over
}

// MadeYear is a year that was asked for, what came of it the last time, and its
// files, which are made again together.
type MadeYear struct {
	Year, Came string
	Files      []MadeFile
}

// MadeFile is a file that is made.
type MadeFile struct{ Title, Said, Hash string }

func (s *Server) grants(c *call) error { return c.grantsPage(nil) }

const usesOnPage = 30

func (c *call) grantsPage(errs map[string]string) error {
	ctx, s := c.r.Context(), c.s.cfg.Access
	list, err := s.Agreements(ctx)
	if err != nil {
		return err
	}
	uses, err := s.Log(ctx, c.number("apres"), usesOnPage)
	if err != nil {
		return err
	}
	files, err := s.Files(ctx)
	if err != nil {
		return err
	}
	tried, err := s.Attempts(ctx)
	if err != nil {
		return err
	}
	title := c.T("grants.title")
	page := &GrantsPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.T("grants.heading"), Lead: c.T("grants.lead"), Log: c.useRows(uses)}
	for _, r := range access.Reasons() {
		page.Reasons = append(page.Reasons, Option{Value: string(r), Text: r.Label().In(string(c.Lang))})
	}
	for i := range list {
		page.Agreements = append(page.Agreements, c.grantRow(&list[i]))
	}
	page.Years = c.madeYears(tried, files)
	if len(uses) == usesOnPage {
		page.Pager.Next = c.with("apres", strconv.FormatInt(uses[len(uses)-1].ID, 10))
	}
	if err := c.grantFields(page, errs); err != nil {
		return err
	}
	page.Errors = summary(errs, "user_id", "institution", "purpose", "reference", "file", "years", "variables", "from", "until")
	return c.showForm(page, "grants", errs)
}

func (c *call) madeYears(tried []access.Attempt, files []access.File) (out []MadeYear) {
	for _, t := range tried {
		y := MadeYear{Year: strconv.Itoa(t.Year), Came: c.T("grants.came_"+string(t.Outcome), "When", c.ShortDate(t.At))}
		for _, f := range files {
			if f.Year == t.Year {
				y.Files = append(y.Files, MadeFile{f.Kind.Title().In(string(c.Lang)), c.T("grants.vintage", "Vintage", strconv.Itoa(f.Vintage)) + " · " + c.N("micro.records", f.Done.Records), f.Hash})
			}
		}
		out = append(out, y)
	}
	return out
}

func (c *call) grantRow(a *access.Agreement) GrantRow {
	row := GrantRow{AgreementCard: c.agreementCard(a), Who: a.Name}
	if state := a.StateOn(c.s.cfg.Access.Today()); state == access.Open || state == access.Early {
		row.Revoke = grantsPath + "/" + strconv.FormatInt(a.ID, 10)
	}
	return row
}

func (c *call) grantFields(page *GrantsPage, errs map[string]string) error {
	people, err := c.s.cfg.Access.Researchers(c.r.Context())
	if err != nil {
		return err
	}
	who := []Option{{Text: c.T("form.choose")}}
	for _, p := range people {
		id := strconv.FormatInt(int64(p.ID), 10)
		who = append(who, Option{Value: id, Text: p.Name, Selected: c.form("user_id") == id})
	}
	var why, files []Option
	for _, p := range access.Purposes() {
		why = append(why, Option{Value: string(p), Text: p.Label().In(string(c.Lang)), Selected: c.form("purpose") == string(p)})
	}
	for _, k := range micro.Kinds() {
		files = append(files, Option{Value: string(k), Text: k.Title().In(string(c.Lang)), Selected: c.form("file") == string(k)})
	}
	field := func(name, kind string, options []Option) Field {
		return Field{ID: name, Name: name, Kind: kind, Label: c.T("grants." + name), Value: c.form(name), Options: options, Required: true, Error: errs[name]}
	}
	page.Fields = []Field{field("user_id", "select", who), field("institution", "", nil), field("purpose", "select", why), field("reference", "", nil), field("file", "select", files),
		field("years", "", nil), field("from", "date", nil), field("until", "date", nil)}
	page.Fields[1].Hint, page.Fields[3].Hint, page.Fields[5].Hint = c.T("grants.institution_hint"), c.T("grants.reference_hint"), c.T("grants.years_hint")
	page.Variables = Field{ID: "variables", Name: "variables", Kind: "checkbox", Label: c.T("grants.variables"), Hint: c.T("grants.variables_hint"), Error: errs["variables"]}
	seen := map[string]bool{}
	for _, k := range micro.Kinds() {
		for _, v := range k.Variables() {
			if !seen[v.Name] {
				seen[v.Name] = true
				page.Variables.Options = append(page.Variables.Options, Option{Value: v.Name, Text: v.Label.In(string(c.Lang)), Selected: contains(c.r.PostForm["variables"], v.Name)})
			}
		}
	}
	return nil
}

func (s *Server) grantMicrodata(c *call) error {
	id, _ := strconv.ParseInt(c.form("user_id"), 10, 64)
	in := access.Grant{UserID: accounts.UserID(id), Institution: c.form("institution"), Purpose: access.Purpose(c.form("purpose")), Reference: c.form("reference"), File: micro.Kind(c.form("file")),
		Years: yearsIn(c.form("years")), Variables: c.r.PostForm["variables"], FromOn: c.form("from"), UntilOn: c.form("until")}
	if _, err := s.cfg.Access.Grant(c.r.Context(), in); err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		return c.grantsPage(formErrors(fields, general))
	}
	return c.to(grantsPath, "agreement_granted")
}

// yearsIn reads "2010, 2011"; what is no year becomes one that is refused.
func yearsIn(text string) []int {
	var out []int
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\u00a0' }) {
		n, err := strconv.Atoi(f)
		if err != nil {
			n = -1
		}
		out = append(out, n)
	}
	return out
}

func (s *Server) revokeMicrodata(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if _, err := s.cfg.Access.Revoke(c.r.Context(), id, access.Reason(c.form("reason"))); err != nil {
		return c.grantRefused(err)
	}
	return c.to(grantsPath, "agreement_revoked")
}

func (s *Server) remakeMicrodata(c *call) error {
	year, _ := strconv.Atoi(c.form("year"))
	if err := s.cfg.Access.Remake(c.r.Context(), year); err != nil {
		return c.grantRefused(err)
	}
	return c.to(grantsPath, "microdata_asked")
}

// grantRefused shows the page again with what was wrong of a gesture on a row.
func (c *call) grantRefused(err error) error {
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	for _, text := range fields {
		general = text
	}
	return c.grantsPage(map[string]string{"": general})
}
