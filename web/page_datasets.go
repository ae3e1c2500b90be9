package web

import (
	"net/http"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
	"maillage/internal/fault"
)

const datasetsPath = observatoryPath + "/donnees"

func datasetPath(id, version string) string {
	if version == "" {
		return datasetsPath + "/" + id
	}
	return datasetsPath + "/" + id + "/" + version
}

// datasets lists every version that was released, the latest first.
func (s *Server) datasets(c *call) error {
	const size = 50
	var all []publication.Version
	if s.cfg.Releases != nil {
		var err error
		if all, err = s.cfg.Releases.Versions(c.r.Context(), "", c.number("apres"), size); err != nil {
			return err
		}
	}
	title := c.T("releases.list")
	page := &AdminList{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{Text: title}), Heading: title, Lead: c.T("releases.list_lead"),
		Empty: Empty{Title: c.T("releases.none"), Text: c.T("releases.none_text"), Actions: []Link{{c.T("observatory.title"), observatoryPath}}},
		Head:  []Column{{Text: c.T("releases.what")}, {Text: c.T("releases.version")}, {Text: c.T("releases.on")}, {Text: c.T("releases.shown"), Number: true}, {Text: c.T("releases.hidden"), Number: true}, {Text: c.T("releases.nd"), Number: true}}}
	for i := range all {
		v := &all[i]
		page.Rows = append(page.Rows, AdminRow{Cells: []Cell{{Text: c.words(v.Title()), Href: datasetPath(v.Dataset, v.Version), Note: v.Dataset}, {Text: v.Version, Tag: c.withdrawnTag(v)},
			{Text: c.ShortDate(v.PublishedAt)}, {Text: c.Num(v.Shown), Number: true}, {Text: c.Num(v.Hidden), Number: true}, {Text: c.Num(v.Absent), Number: true}}})
	}
	if len(all) == size {
		page.Pager.Next = c.with("apres", strconv.FormatInt(all[size-1].ID, 10))
	}
	return c.show("admin_list", page)
}

// withdrawnTag says that a version was withdrawn; nil where it stands.
func (c *call) withdrawnTag(v *publication.Version) *Tag {
	if v.WithdrawnAt == nil {
		return nil
	}
	return &Tag{Text: v.Version + ", " + c.T("releases.withdrawn"), State: Missed}
}

// DatasetPage is one version: what it holds, how to cite and verify it, and its file.
type DatasetPage struct {
	Page
	Heading, Lead  string
	Tomb           *TombView
	File, FileSaid string
	Cite           string
	SHA256, Verify string
	Facts          []Fact
	Certificate    []string
	Breaks         []string
	Changes        []string
	Versions       AdminTable
	Indicators     []Link
	Withdraw       *AdminForm
}

// TombView is why there is nothing more to read.
type TombView struct {
	Text string
	Next *Link
}

func (c *call) readVersion() (*publication.Version, error) {
	if c.s.cfg.Releases == nil {
		return nil, fault.NotFound("release", c.r.PathValue("id"))
	}
	return c.s.cfg.Releases.Version(c.r.Context(), c.r.PathValue("id"), c.r.PathValue("version"))
}

func (s *Server) dataset(c *call) error {
	v, err := c.readVersion()
	if err != nil {
		return err
	}
	return c.datasetPage(v, nil)
}

func (c *call) datasetPage(v *publication.Version, errs map[string]string) error {
	title := c.words(v.Title())
	page := &DatasetPage{Page: c.page(title, Crumb{c.T("observatory.title"), observatoryPath}, Crumb{c.T("releases.list"), datasetsPath}, Crumb{Text: v.Dataset + " " + v.Version}),
		Heading: title, Lead: c.T("releases.lead", "Version", v.Version, "Date", c.ShortDate(v.PublishedAt)), Cite: c.words(v.Cite()), SHA256: v.SHA256, Verify: "maillage release verify " + v.FileName}
	page.Facts = c.datasetFacts(v)
	page.Certificate, page.Breaks = c.certificateWords(v), c.brokenWords(v)
	if v.WithdrawnAt == nil {
		page.File, page.FileSaid = datasetPath(v.Dataset, v.Version)+"/fichier", c.T("releases.file_said", "Size", c.Num(int(v.Size+1023)/1024))
	}
	page.bury(c, v)
	for _, chosen := range v.Plan().Indicators {
		page.Indicators = append(page.Indicators, Link{string(chosen.ID) + " v" + strconv.Itoa(chosen.Version), indicatorPath(chosen.ID) + "?" + query("version", strconv.Itoa(chosen.Version))})
	}
	all, err := c.s.cfg.Releases.Versions(c.r.Context(), v.Dataset, 0, 50)
	if err != nil {
		return err
	}
	page.Versions = c.versionTable(all)
	changes, err := c.s.cfg.Releases.Changes(c.r.Context(), v)
	if err != nil {
		return err
	}
	for _, change := range changes {
		page.Changes = append(page.Changes, c.words(change))
	}
	if accounts.Can(c.who.Identity, accounts.ReleaseWithdraw, accounts.Scope{}) && v.WithdrawnAt == nil {
		page.Withdraw = &AdminForm{Heading: c.T("releases.withdraw"), Action: datasetPath(v.Dataset, v.Version) + "/retirer", Submit: c.T("releases.withdraw"),
			Fields: []Field{{ID: "raison", Name: "raison", Kind: "area", Label: c.T("releases.withdraw_why"), Hint: c.T("releases.withdraw_hint"), Required: true, Value: c.form("raison"), Error: errs["reason"]},
				{ID: "raison_en", Name: "raison_en", Kind: "area", Label: c.T("releases.withdraw_why_en"), Hint: c.T("releases.withdraw_hint_en"), Value: c.form("raison_en")}}}
	}
	page.Errors = summary(map[string]string{"raison": errs["reason"]}, "raison")
	if v.WithdrawnAt != nil {
		return c.showStatus(http.StatusGone, "dataset", page)
	}
	return c.showForm(page, "dataset", errs)
}

func (p *DatasetPage) bury(c *call, v *publication.Version) {
	tomb, ok := v.Tomb()
	if !ok {
		return
	}
	p.Tomb = &TombView{Text: c.T("releases.tomb", "Date", c.ShortDate(*v.WithdrawnAt), "Why", c.words(tomb.Reason))}
	if tomb.Successor != "" {
		p.Tomb.Next = &Link{c.T("releases.instead", "Version", tomb.Successor), datasetPath(v.Dataset, tomb.Successor)}
	}
}

func (c *call) datasetFacts(v *publication.Version) []Fact {
	p := v.Plan()
	var years []string
	for _, y := range p.Years {
		years = append(years, strconv.Itoa(y))
	}
	return []Fact{
		{Label: c.T("releases.holds"), Big: c.N("releases.shown_n", v.Shown), Lines: []string{c.N("releases.hidden_n", v.Hidden), c.N("releases.nd_n", v.Absent)}},
		{Label: c.T("releases.cut"), Lines: c.cutWords(p)},
		{Label: c.T("releases.years"), Lines: []string{strings.Join(years, ", ")}},
		{Label: c.T("indicator.coverage"), Lines: []string{c.coverage(v.Replied, v.Frame)}},
	}
}

func (c *call) cutWords(p publication.Plan) (list []string) {
	list = []string{c.T("releases.level_" + string(p.Level))}
	if names := c.s.cfg.Releases.ChosenNames(p); len(names) > 0 {
		list = append(list, c.T("releases.chosen", "Names", joined(", ", names...)))
	}
	for _, b := range []struct {
		is  bool
		key string
	}{{p.Kinds, "kinds"}, {p.Sex, "sex"}, {p.Age, "age"}, {p.Public, "public"}} {
		if b.is {
			list = append(list, c.T("releases.by_"+b.key))
		}
	}
	return list
}

// brokenWords says each break of the version, as it stood when it was released.
func (c *call) brokenWords(v *publication.Version) (list []string) {
	for _, b := range v.Broken() {
		list = append(list, c.T("report.break", "Year", strconv.Itoa(b.Year), "Indicator", b.Indicator, "Kind", or(string(b.Kind), c.T("report.every_kind")), "Why", c.words(catalogue.Text{FR: b.Why.FR, EN: b.Why.EN})))
	}
	return list
}

func (c *call) certificateWords(v *publication.Version) []string {
	sum := v.Certified()
	return []string{c.N("releases.attacked", sum.Hidden), c.N("releases.found", sum.Recovered+sum.Narrow), c.T("releases.with_before")}
}

func (c *call) versionTable(all []publication.Version) AdminTable {
	t := AdminTable{ID: "versions", Heading: c.T("releases.versions"), Lead: c.T("releases.versions_said"), Head: []Column{{Text: c.T("releases.version")}, {Text: c.T("releases.on")}}}
	for i := range all {
		v := &all[i]
		t.Rows = append(t.Rows, AdminRow{Cells: []Cell{{Text: v.Version, Href: datasetPath(v.Dataset, v.Version), Tag: c.withdrawnTag(v)}, {Text: c.ShortDate(v.PublishedAt)}}})
	}
	return t
}

// datasetFile sends the ZIP, whole or a part of it; where it was withdrawn, its tombstone.
func (s *Server) datasetFile(c *call) error {
	v, err := c.readVersion()
	if err != nil {
		return err
	}
	h := c.w.Header()
	if v.WithdrawnAt != nil {
		h.Set("Content-Type", "application/json")
		c.w.WriteHeader(http.StatusGone)
		_, err := c.w.Write([]byte(v.Tombstone))
		return err
	}
	file, err := s.cfg.Releases.File(c.r.Context(), v)
	if err != nil {
		return err
	}
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+v.FileName+`"`)
	h.Set("ETag", `"`+v.SHA256+`"`)
	h.Set("Cache-Control", "public, no-cache") // it may be withdrawn
	http.ServeContent(c.w, c.r, "", v.PublishedAt, file)
	return nil
}

func (s *Server) withdrawDataset(c *call) error {
	v, err := c.readVersion()
	if err != nil {
		return err
	}
	_, err = s.cfg.Releases.Withdraw(c.r.Context(), v.Dataset, v.Version, fault.Text{FR: c.form("raison"), EN: c.form("raison_en")})
	if errs, _, ok := c.faults(err); ok {
		return c.datasetPage(v, errs)
	}
	if err != nil {
		return err
	}
	return c.to(datasetPath(v.Dataset, v.Version), "release_withdrawn")
}
