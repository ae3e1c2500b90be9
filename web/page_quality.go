package web

import (
	"io"
	"strconv"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/territories"
)

const (
	qualityPath      = "/qualite"
	qualityListPath  = "/qualite/suivi"
	ownQualityPath   = "/entreprise/qualite"
	qualityPathsPath = "/qualite/certifications"
)

func qualityFilePath(id quality.ID) string {
	return qualityPathsPath + "/" + strconv.FormatInt(int64(id), 10)
}

// QualityPage is what anybody reads: how many hold what, and what each label means.
type QualityPage struct {
	Page
	Heading, Lead, Rule string
	Figures             []Figure
	Families            []LabelFamily
	Regions, Kinds      RateTable
	Table               string
	Do                  []Link
}

// RateTable is who holds a certification, by group.
type RateTable struct {
	Name, Head string
	Rows       []RateRow
}

// LabelFamily is labels of one subject.
type LabelFamily struct {
	ID, Name string
	Labels   []LabelView
}

// LabelView is a label and who holds it.
type LabelView struct {
	Name, Held, Means, Runs, Owner, Source string
	Width                                  int
	Verify                                 bool // what it usually runs was not read in its source
}

func (s *Server) quality(c *call) error {
	f, err := s.cfg.Quality.Figures(c.r.Context())
	if err != nil {
		return err
	}
	title := c.T("quality.title")
	page := &QualityPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.N("quality.heading", f.Certified, "All", c.Num(f.Members)),
		Lead: c.T("quality.lead"), Rule: c.T("quality.rule", "Day", c.civilDay(f.On)), Table: qualityPath + ".csv", Families: c.labelFamilies(f)}
	page.Figures = []Figure{{Label: c.T("quality.certified"), Value: c.Num(f.Certified)}, {Label: c.T("quality.coverage"), Value: c.share(f.Certified, f.Members)}, {Label: c.T("quality.labels_held"), Value: c.Num(heldLabels(f))}}
	page.Regions = RateTable{Name: c.T("quality.by_region"), Head: c.T("quality.region")}
	for _, r := range f.ByRegion {
		page.Regions.Rows = append(page.Regions.Rows, c.rate(c.regionWords(r.Key), r.Held, r.Of))
	}
	page.Kinds = RateTable{Name: c.T("quality.by_kind"), Head: c.T("camp.kind")}
	for _, k := range f.ByKind {
		page.Kinds.Rows = append(page.Kinds.Rows, c.rate(c.kindWords(string(k.Key)), k.Held, k.Of))
	}
	page.Do = c.qualityGestures()
	return c.show("quality", page)
}

func heldLabels(f *quality.Figures) int {
	n := 0
	for _, l := range f.ByLabel {
		if l.Held > 0 {
			n++
		}
	}
	return n
}

// qualityGestures are what who reads may do next.
func (c *call) qualityGestures() (out []Link) {
	switch c.who.Role {
	case accounts.Officer, accounts.Admin:
		out = append(out, Link{c.T("quality.follow"), qualityListPath})
	case accounts.Member:
		out = append(out, Link{c.T("quality.own"), ownQualityPath})
	}
	return append(out, Link{c.T("quality.members_list"), "/membres"})
}

// labelFamilies are the labels that are followed by subject, and the declared
// ones that are not, last.
func (c *call) labelFamilies(f *quality.Figures) (out []LabelFamily) {
	held := map[quality.Code]int{}
	for _, l := range f.ByLabel {
		held[l.Key] = l.Held
	}
	for _, family := range quality.Families() {
		view := LabelFamily{ID: "famille-" + string(family), Name: c.T("quality.family_" + string(family))}
		for _, l := range c.s.cfg.Quality.Book().Labels() {
			if l.Family == family {
				view.Labels = append(view.Labels, c.labelView(l, held[l.Code], f.Members))
			}
		}
		out = append(out, view)
	}
	other := LabelFamily{ID: "famille-autre", Name: c.T("quality.family_other")}
	for _, l := range f.ByLabel {
		if _, known := c.s.cfg.Quality.Book().Get(l.Key); !known {
			other.Labels = append(other.Labels, LabelView{Name: string(l.Key), Held: c.N("quality.members", l.Held), Width: width(l.Held, f.Members)})
		}
	}
	if len(other.Labels) > 0 {
		out = append(out, other)
	}
	return out
}

func (c *call) labelView(l quality.Label, held, of int) LabelView {
	return LabelView{Name: l.Name, Held: c.N("quality.members", held), Width: width(held, of), Means: l.Means.In(string(c.Lang)), Owner: l.Owner, Source: l.Source,
		Runs: c.N("quality.runs", l.Months), Verify: !l.Read}
}

// width is the length of a bar, of a hundred.
func width(n, of int) int {
	if of == 0 {
		return 0
	}
	return 100 * n / of
}

func (c *call) share(n, of int) string {
	if of == 0 {
		return "—"
	}
	return c.Percent(float64(n) / float64(of))
}

func (c *call) rate(name string, n, of int) RateRow {
	return RateRow{Kind: name, Said: c.T("camp.sent_of", "Sent", c.Num(n), "Of", c.Num(of)), Percent: c.share(n, of), Width: width(n, of)}
}

func (c *call) regionWords(code string) string {
	if name, ok := c.s.cfg.Atlas.Name(territories.Ref{Kind: territories.KindRegion, Code: code}); ok {
		return name
	}
	return c.T("quality.not_placed")
}

func (c *call) kindWords(kind string) string {
	if key := "okind." + kind; c.Has(key) {
		return c.T(key)
	}
	return kind
}

func (c *call) qualityNames() quality.Names {
	return quality.Names{Lang: string(c.Lang), Region: c.regionWords, Kind: c.kindWords, State: func(s quality.State) string { return c.T("quality.state_" + string(s)) }}
}

func (s *Server) qualityFigures(c *call) error {
	f, err := s.cfg.Quality.Figures(c.r.Context())
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="qualite-`+f.On+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return quality.WriteFigures(w, s.cfg.Quality.Book(), f, c.qualityNames())
	})
}
