package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"maillage/indicators/access"
	micro "maillage/indicators/access/record"
)

const microdataPath = "/recherche/microdonnees"

// AgreementsPage lists the agreements that somebody may see.
type AgreementsPage struct {
	Page
	Heading, Lead string
	Agreements    []AgreementCard
	Empty         Empty
	Promises      []string
}

// AgreementCard is an agreement in a list.
type AgreementCard struct {
	Number, Href string
	Title        string // which file and which years
	Dates, For   string
	State        Tag
}

// MicrodataPage is one agreement: its files, what was done for them, what they mean.
type MicrodataPage struct {
	Page
	Heading, Lead string
	Card          AgreementCard
	Facts         []Fact
	Files         []MicrodataFile
	Waiting       string
	Nothing       string // the years that can tell nothing
	Refused       string // why nothing may be taken
	Take          string // the address of the ZIP; empty: not theirs to take
	Codebook      []CodebookRow
	CodebookOf    string
	Uses          []UseRow
}

// MicrodataFile is the protected file of a year.
type MicrodataFile struct {
	ID, Title, Hash, Said string
	Done                  []string
}

// CodebookRow is one variable.
type CodebookRow struct {
	Name, Label, Says string
	Sensitive         bool
	Codes             []Option // value and words
}

// UseRow is one reading.
type UseRow struct{ When, Who, Number, What, Files, Hash string }

func (s *Server) agreements(c *call) error {
	list, err := s.cfg.Access.Agreements(c.r.Context())
	if err != nil {
		return err
	}
	title := c.T("micro.title")
	page := &AgreementsPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: c.T("micro.heading"), Lead: c.T("micro.lead"),
		Empty: Empty{Title: c.T("micro.none"), Text: c.T("micro.none_text")}}
	for i := range list {
		page.Agreements = append(page.Agreements, c.agreementCard(&list[i]))
	}
	for _, key := range []string{"shared", "columns", "once", "logged"} {
		page.Promises = append(page.Promises, c.T("micro.promise_"+key))
	}
	return c.show("agreements", page)
}

func (c *call) agreementCard(a *access.Agreement) AgreementCard {
	state := a.StateOn(c.s.cfg.Access.Today())
	return AgreementCard{Number: a.Number(), Href: microdataPath + "/" + strconv.FormatInt(a.ID, 10), Title: c.T("micro.which", "File", a.File.Title().In(string(c.Lang)), "Years", strings.Join(strings.Fields(a.Years), ", ")),
		Dates: c.T("micro.dates", "From", c.civil(a.FromOn), "Until", c.civil(a.UntilOn)), For: joined(", ", a.Purpose.Label().In(string(c.Lang)), a.Institution, a.Reference),
		State: Tag{Text: c.T("micro.state_" + string(state)), State: map[access.State]State{access.Open: Met, access.Early: Unknown, access.Over: Missed, access.Closed: Missed}[state]}}
}

// civil writes a day of an agreement, which has no hour.
func (c *call) civil(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, c.zone)
	if err != nil {
		return day
	}
	return c.ShortDate(t)
}

func (s *Server) microdata(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	r, err := s.cfg.Access.Read(c.r.Context(), id)
	if err != nil {
		return err
	}
	a := r.Agreement
	card := c.agreementCard(a)
	page := &MicrodataPage{Page: c.page(a.Number(), Crumb{c.T("observatory.title"), observatoryPath}, Crumb{c.T("micro.title"), microdataPath}, Crumb{Text: a.Number()}),
		Heading: card.Title, Lead: c.T("micro.of", "Number", a.Number(), "For", card.For), Card: card, CodebookOf: c.T("micro.codebook_of", "File", lowerFirst(a.File.Title().In(string(c.Lang))))}
	for i := range r.Files {
		page.Files = append(page.Files, c.microdataFile(&r.Files[i], a.File))
	}
	if len(r.Waiting) > 0 {
		page.Waiting = c.T("micro.waiting", "Years", joinInts(r.Waiting))
	}
	if len(r.Empty) > 0 {
		page.Nothing = c.T("micro.nothing", "Years", joinInts(r.Empty))
	}
	mine := a.UserID == c.who.UserID
	switch {
	case r.State != access.Open:
		page.Refused = c.T("micro.refused_"+string(r.State), "From", c.civil(a.FromOn), "Until", c.civil(a.UntilOn))
	case mine && len(r.Files) > 0:
		page.Take = card.Href + "/fichiers.zip"
	}
	page.Codebook, page.Uses = c.codebook(a), c.useRows(r.Uses)
	return c.show("microdata", page)
}

func joinInts(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

// microdataFile says what was done for a file, whole: nothing of it is a secret.
func (c *call) microdataFile(f *access.File, k micro.Kind) MicrodataFile {
	d := f.Done
	out := MicrodataFile{ID: f.Label(), Title: c.T("micro.file", "Year", strconv.Itoa(f.Year), "Vintage", strconv.Itoa(f.Vintage)), Hash: f.Hash,
		Said: c.N("micro.records", d.Records) + " " + c.N("micro.answered", d.Answered, "Frame", c.Num(d.Enterprises), "When", c.ShortDate(f.MadeAt), "Communes", f.Communes)}
	out.Done = append(out.Done, c.riskBefore(d)+" "+c.T("micro.risk_after", "Least", c.Num(d.After.Least), "Groups", c.Num(d.After.LeastSenders), "Diverse", c.Num(d.After.LeastDiverse)))
	for _, v := range k.Variables() {
		label := v.Label.In(string(c.Lang))
		if n := d.Levels[v.Name]; n > 0 {
			out.Done = append(out.Done, c.T("micro.coarser", "Variable", label)+" "+c.N("micro.steps", n))
		}
		if n := d.Suppressed[v.Name]; n > 0 {
			out.Done = append(out.Done, c.T("micro.suppressed", "Variable", label)+" "+c.N("micro.in_records", n))
		}
		for _, name := range d.Untold {
			if name == v.Name {
				out.Done = append(out.Done, c.T("micro.untold", "Variable", label))
			}
		}
	}
	for _, s := range []struct {
		key string
		n   int
	}{{"moved", d.Moved}, {"withheld", d.Withheld}, {"set_aside", d.SetAside}} {
		if s.n > 0 {
			out.Done = append(out.Done, c.N("micro."+s.key, s.n))
		}
	}
	return out
}

// riskBefore says how many records of the year, in all its files, were shared by too few.
func (c *call) riskBefore(d micro.Done) string {
	if n := d.Before.Records - d.Before.Safe; n > 0 {
		return c.N("micro.risk", n, "All", c.Num(d.Before.Records))
	}
	return c.T("micro.risk_none", "All", c.Num(d.Before.Records))
}

// codebook explains the variables that an agreement opens.
func (c *call) codebook(a *access.Agreement) []CodebookRow {
	lang := string(c.Lang)
	open := strings.Fields(a.Variables)
	var out []CodebookRow
	for _, v := range a.File.Variables() {
		if len(open) > 0 && !contains(open, v.Name) {
			continue
		}
		row := CodebookRow{Name: v.Name, Label: v.Label.In(lang), Says: v.Says.In(lang), Sensitive: v.Sensitive}
		for _, code := range v.Codes {
			row.Codes = append(row.Codes, Option{Value: code.Value, Text: code.Label.In(lang)})
		}
		row.Codes = append(row.Codes, Option{Value: micro.NotCollected, Text: c.T("micro.nd")})
		if !v.Sensitive {
			row.Codes = append(row.Codes, Option{Value: micro.Suppressed, Text: c.T("micro.hidden")})
		}
		out = append(out, row)
	}
	return out
}

func (c *call) useRows(uses []access.Use) []UseRow {
	var out []UseRow
	for _, u := range uses {
		row := UseRow{When: c.When(u.At, c.now), Who: u.Name, Number: u.Number(), What: c.T("micro.use_" + u.What), Files: u.Files, Hash: u.Hash}
		if key := "micro.why_" + u.Files; u.What == "refused" && c.Has(key) {
			row.Files = c.T(key)
		}
		out = append(out, row)
	}
	return out
}

// takeMicrodata gives the ZIP of an agreement, or says why it gives none.
func (s *Server) takeMicrodata(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	take := s.cfg.Access.Download
	if c.r.Method == http.MethodHead {
		take = s.cfg.Access.Weigh
	}
	p, err := take(c.r.Context(), id)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+p.Name+`"`)
	h.Set("Cache-Control", "no-store") // what is said of people stays in no cache
	_, err = c.w.Write(p.Data)
	return err
}
